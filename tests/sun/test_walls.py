"""Walls of buildings: which sides of which outlines they are, how high, and what covers them."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from affine import Affine
from pyproj import CRS
from shapely.affinity import rotate
from shapely.geometry import Polygon, box

from core.jobs import Job
from layers.city import Raster
from layers.surface import Surface, burn_surface, settle_surface
from standards import Standards
from sun.walls import Walls, walls_of

GRID = CRS.from_epsg(4545)
X, Y = 500_000.0, 3_797_000.0


def at(west: float, south: float, east: float, north: float) -> Polygon:
    return box(X + west, Y + south, X + east, Y + north)


def house(shape: Polygon, height_m: float = 12.0, **known: Any) -> dict[str, Any]:
    return {"geometry": shape, "height_m": height_m} | known


def city(*rows: dict[str, Any]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(list(rows), crs=GRID)


def of(
    buildings: gpd.GeoDataFrame, surface: Surface | None = None, storey_m: float = 3.0, **options: Any
) -> Walls:
    surface = surface or burn_surface(buildings, None, Standards(), Job(), crs=GRID)
    usual = {
        "spacing_m": 3.0,
        "least_length_m": 2.0,
        "simplify_m": 0.3,
        "touching_m": 0.5,
        "convergence_deg": 0.0,
    }
    return walls_of(buildings, surface, storey_m=np.full(len(buildings), storey_m), **(usual | options))


def bare_m2(walls: Walls) -> pd.DataFrame:
    """Bare area of every wall beside its building and direction."""
    table = walls.walls
    column = np.repeat(np.arange(len(walls.wall)), np.diff(walls.first))
    wall = walls.wall[column]
    width = table["length_m"].to_numpy() / np.bincount(walls.wall, minlength=len(table))
    area = np.bincount(wall, walls.bare * (width * table["storey_m"].to_numpy())[wall], minlength=len(table))
    return table.assign(bare_m2=area, azimuth_deg=table["azimuth_deg"].round(3) % 360)


def side(frame: pd.DataFrame, azimuth_deg: float, building: int = 0) -> float:
    """Bare area of the walls of a building that face a direction."""
    chosen = (frame["building"] == building) & np.isclose(frame["azimuth_deg"], azimuth_deg, atol=0.1)
    return float(frame.loc[chosen, "bare_m2"].sum())


def test_a_block_has_a_wall_on_each_side_that_faces_away_from_it() -> None:
    frame = bare_m2(of(city(house(at(0, 0, 30, 20)))))
    assert [side(frame, azimuth) for azimuth in (0, 90, 180, 270)] == pytest.approx([360, 240, 360, 240])
    south = frame[frame["azimuth_deg"] == 180.0].iloc[0]
    assert (south["y0"], south["y1"], south["length_m"]) == (Y, Y, 30.0)


def test_the_order_in_which_an_outline_is_drawn_turns_no_wall_inside_out() -> None:
    shape = at(0, 0, 30, 20)
    again = Polygon(list(shape.exterior.coords)[::-1])
    one, other = (bare_m2(of(city(house(each)))) for each in (shape, again))
    assert side(one, 180.0) == side(other, 180.0) == pytest.approx(360)


def test_walls_of_a_turned_block_turn_with_it_and_with_the_grid() -> None:
    turned = rotate(at(0, 0, 30, 20), -20, origin="centroid")  # clockwise
    frame = bare_m2(of(city(house(turned)), convergence_deg=1.5))
    assert side(frame, 201.5) == pytest.approx(360)


def test_a_court_has_walls_that_face_into_it() -> None:
    """A ring of 40 m by 40 m about a court of 20 m by 20 m: the court's southern wall faces north."""
    ring = at(0, 0, 40, 40) - at(10, 10, 30, 30)
    walls = of(city(house(ring)))
    frame = bare_m2(walls)
    inner = frame[(frame["azimuth_deg"] == 0.0) & (frame["y0"] - Y - 10).abs().lt(1e-6)]
    assert inner["bare_m2"].tolist() == pytest.approx([240])
    assert frame["bare_m2"].sum() == pytest.approx((4 * 40 + 4 * 20) * 12)


def test_points_nearly_in_line_and_tiny_sides_make_no_walls_of_their_own() -> None:
    bent = Polygon([(X, Y), (X + 15, Y - 0.1), (X + 30, Y), (X + 30, Y + 19), (X + 29, Y + 20), (X, Y + 20)])
    frame = bare_m2(of(city(house(bent))))
    assert frame["azimuth_deg"].round(1).tolist() == [180.0, 90.0, 0.0, 270.0]


def test_storeys_divide_a_wall_from_its_foot_to_the_roof() -> None:
    walls = of(city(house(at(0, 0, 30, 20), 11.0)), storey_m=3.0)
    assert set(walls.walls["levels"]) == {4}
    assert walls.walls["storey_m"].tolist() == pytest.approx([2.75] * 4)
    assert len(walls.bare) == walls.first[-1] == 4 * len(walls.wall)


def test_a_kiosk_lower_than_a_storey_has_one() -> None:
    assert set(of(city(house(at(0, 0, 4, 4), 1.2))).walls["levels"]) == {1}


def test_columns_stand_on_the_line_of_their_wall_evenly() -> None:
    walls = of(city(house(at(0, 0, 30, 20))))
    south = walls.wall == int(np.flatnonzero(walls.walls["azimuth_deg"].round(3) == 180.0)[0])
    assert walls.y[south] - Y == pytest.approx(np.zeros(10), abs=1e-6)
    assert walls.x[south] - X == pytest.approx(np.arange(1.5, 30, 3))


def test_of_two_touching_blocks_only_what_stands_above_the_other_is_bare() -> None:
    low, high = house(at(0, 0, 30, 20), 9.0), house(at(30, 0, 60, 20), 15.0)
    frame = bare_m2(of(city(low, high)))
    assert side(frame, 90.0, building=0) == 0.0
    assert side(frame, 270.0, building=1) == pytest.approx(20 * 6)


def test_a_neighbour_that_covers_a_storey_in_part_leaves_the_rest_of_it() -> None:
    frame = bare_m2(of(city(house(at(0, 0, 30, 20), 12.0), house(at(30, 0, 60, 20), 7.5))))
    assert side(frame, 90.0) == pytest.approx(20 * 4.5)


def test_a_neighbour_along_half_a_wall_covers_that_half() -> None:
    frame = bare_m2(of(city(house(at(0, 0, 30, 20)), house(at(0, -10, 15, 0))), spacing_m=1.5))
    assert side(frame, 180.0) == pytest.approx(15 * 12)


def test_a_gap_of_less_than_half_a_metre_touches_and_one_of_a_metre_does_not() -> None:
    def bare(gap: float) -> float:
        return side(bare_m2(of(city(house(at(0, 0, 30, 20)), house(at(30 + gap, 0, 60, 20))))), 90.0)

    assert bare(0.4) == 0.0
    assert bare(1.0) == pytest.approx(240)


def test_a_tower_above_the_edge_of_its_podium_shares_no_wall_with_it() -> None:
    """Podium 40 m by 30 m, 12 m high; tower on its southern half, 60 m: the southern face counts once."""
    podium, tower = house(at(0, 0, 40, 30), 12.0), house(at(0, 0, 40, 15), 60.0)
    frame = bare_m2(of(city(podium, tower)))
    assert side(frame, 180.0, building=0) == 0.0
    assert side(frame, 180.0, building=1) == pytest.approx(40 * 60)
    assert side(frame, 0.0, building=1) == pytest.approx(40 * 48)  # above the podium's roof
    assert side(frame, 0.0, building=0) == pytest.approx(40 * 12)


def test_an_outline_given_twice_counts_once() -> None:
    frame = bare_m2(of(city(house(at(0, 0, 30, 20)), house(at(0, 0, 30, 20)))))
    assert frame["bare_m2"].sum() == pytest.approx(100 * 12)


def test_a_part_that_hangs_above_the_ground_begins_at_its_underside() -> None:
    """A corridor 6 m to 9 m up between two blocks covers them there alone."""
    west, east = house(at(0, 0, 20, 20), min_height_m=0.0), house(at(30, 0, 50, 20), min_height_m=0.0)
    corridor = house(at(20, 0, 30, 20), 9.0, min_height_m=6.0)
    frame = bare_m2(of(city(west, east, corridor)))
    assert side(frame, 180.0, building=2) == pytest.approx(10 * 3)
    assert side(frame, 90.0, building=0) == pytest.approx(20 * 9)


def test_ground_that_rises_before_a_wall_covers_it() -> None:
    """On ground that rises northwards the foot is the median of the ground; uphill the ground stands higher."""
    rows = np.arange(100)[::-1]
    ground = np.repeat((rows[:, None] - 50) * 0.1, 120, axis=1).astype(np.float32)
    terrain = Raster(ground, Affine(1.0, 0.0, X - 40, 0.0, -1.0, Y + 60), GRID)
    buildings = city(house(at(0, 0, 30, 20)))
    surface = burn_surface(buildings, terrain, Standards(), Job(), crs=GRID)
    frame = bare_m2(of(buildings, surface))
    assert side(frame, 0.0) == pytest.approx(30 * (12 - 1.0), abs=30 * 0.15)
    assert side(frame, 180.0) == pytest.approx(30 * 12)


def test_a_building_without_height_has_no_walls_and_covers_none() -> None:
    frame = bare_m2(of(city(house(at(0, 0, 30, 20)), house(at(30, 0, 60, 20), np.nan))))
    assert set(frame["building"]) == {0}
    assert side(frame, 90.0) == pytest.approx(240)


def test_a_city_of_one_shed_has_four_walls() -> None:
    assert len(of(city(house(at(0, 0, 3, 3), 2.5))).walls) == 4


def test_a_city_whose_sides_are_all_too_short_has_no_walls() -> None:
    walls = of(city(house(at(0, 0, 1.5, 1.5), 2.5)))
    assert (len(walls.walls), len(walls.wall), len(walls.bare)) == (0, 0, 0)


def measured(buildings: gpd.GeoDataFrame, roof_m: float, ground_m: float = 100.0) -> Surface:
    """A surface of half-metre cells that shows the first building with a roof of its own."""
    transform = Affine(0.5, 0.0, X - 20, 0.0, -0.5, Y + 40)
    rows, columns = np.mgrid[:120, :160]
    east, north = transform @ (columns + 0.5, rows + 0.5)
    inside = (east > X) & (east < X + 30) & (north > Y) & (north < Y + 20)
    heights = np.where(inside, ground_m + roof_m, ground_m).astype(np.float32)
    terrain = Raster(np.full_like(heights, ground_m), transform, GRID)
    return settle_surface(buildings, Raster(heights, transform, GRID), terrain, Standards(), Job())


def test_of_a_measured_building_walls_reach_from_the_ground_to_the_measured_roof() -> None:
    buildings = city(house(at(0, 0, 30, 20), np.nan))
    frame = bare_m2(of(buildings, measured(buildings, 17.0)))
    assert frame["bottom_m"].tolist() == pytest.approx([100.0] * 4)
    assert side(frame, 180.0) == pytest.approx(30 * 17.0)


def test_walls_outside_a_measured_surface_are_left_out() -> None:
    buildings = city(house(at(0, 0, 30, 20)), house(at(500, 0, 530, 20)))
    assert set(bare_m2(of(buildings, measured(buildings, 12.0)))["building"]) == {0}


def test_a_hole_in_a_measured_roof_leaves_the_walls_their_given_height() -> None:
    buildings = city(house(at(0, 0, 30, 20), 15.0))
    surface = measured(buildings, 15.0)
    surface.height.values[surface.building == 0] = np.nan
    frame = bare_m2(of(buildings, surface))
    assert side(frame, 180.0) == pytest.approx(30 * 15.0)
