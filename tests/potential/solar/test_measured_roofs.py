"""A measured surface shows the planes of roofs, and what stands on them is left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import rotate
from shapely.geometry import box

from core.jobs import Cancelled, Job
from layers.city import Raster
from layers.surface import Surface
from potential.solar.measured_roofs import roofs_of_surface, shown_roofs, turned_to_edges
from potential.solar.roofs import Roofs
from tests.sun.measured import RULES, SETBACK_M, Floats, Shape, X, Y, measured, turned

LONG, WIDE = 30.0, 20.0
HALL = box(X - LONG / 2, Y - WIDE / 2, X + LONG / 2, Y + WIDE / 2)


def gable(tilt_deg: float, turn_deg: float = 0.0) -> Shape:
    """Ridge along the longer side, eaves 6 m high."""

    def roof(x: Floats, y: Floats) -> Floats:
        across = turned(x, y, turn_deg)[1]
        return 6 + np.tan(np.radians(tilt_deg)) * (WIDE / 2 - np.abs(across))

    return roof


def hip(tilt_deg: float) -> Shape:
    def roof(x: Floats, y: Floats) -> Floats:
        return 6 + np.tan(np.radians(tilt_deg)) * np.minimum(LONG / 2 - np.abs(x), WIDE / 2 - np.abs(y))

    return roof


def level(x: Floats, y: Floats) -> Floats:
    return np.full(x.shape, 12.0)


def found(
    footprint: shapely.Geometry, roof: Shape, cell_m: float = 1.0, noise_m: float = 0.1, kind: str = "pitched"
) -> Roofs:
    frame, surface = measured(footprint, roof, cell_m, noise_m, roof_type=kind)
    return roofs(frame, surface)


def roofs(frame: pd.DataFrame, surface: Surface, **more: object) -> Roofs:
    shown = shown_roofs(surface, len(frame), RULES)
    return roofs_of_surface(
        frame, surface, shown, rules=RULES, setback_m=SETBACK_M, convergence_deg=0.0, **more
    )


def away(azimuth: float, other: float) -> float:
    return abs((azimuth - other + 180) % 360 - 180)


@pytest.mark.parametrize("cell_m", [0.5, 1.0])
@pytest.mark.parametrize("turn_deg", [0.0, 33.0])
@pytest.mark.parametrize("tilt_deg", [10.0, 25.0, 45.0])
def test_a_gable_has_two_halves_of_its_slope(tilt_deg: float, turn_deg: float, cell_m: float) -> None:
    footprint = rotate(HALL, turn_deg, origin=(X, Y))
    planes = found(footprint, gable(tilt_deg, turn_deg), cell_m).planes
    assert len(planes) == 2
    for azimuth in (180.0 - turn_deg, 360.0 - turn_deg):
        plane = min(planes.itertuples(), key=lambda one: away(one.azimuth_deg, azimuth))
        assert away(plane.azimuth_deg, azimuth) < 5
        assert plane.tilt_deg == pytest.approx(tilt_deg, abs=2)
        assert plane.plan_m2 == pytest.approx(LONG * WIDE / 2, rel=0.05)
        assert plane.residual_m == pytest.approx(0.08, abs=0.02)  # mean of |noise| of 0.1 m


@pytest.mark.parametrize("cell_m", [0.5, 1.0])
def test_a_hip_has_four_planes_two_of_them_triangles(cell_m: float) -> None:
    """Triangles of 20 m by 10 m, 100 m² each; the trapezia share the rest of 600 m²."""
    planes = found(HALL, hip(30.0), cell_m).planes.sort_values("plan_m2")
    assert planes["plan_m2"].tolist() == pytest.approx([100, 100, 200, 200], rel=0.05)
    assert planes["tilt_deg"].tolist() == pytest.approx([30.0] * 4, abs=2)
    assert sorted(planes["azimuth_deg"].round() % 360) == pytest.approx([0, 90, 180, 270], abs=5)


def test_an_l_shaped_gable_has_planes_to_four_sides() -> None:
    """Two wings 10 m wide and 30 m long that meet in a valley and a hip."""
    wings = shapely.union(box(X, Y, X + 30, Y + 10), box(X, Y, X + 10, Y + 30))

    def roof(x: Floats, y: Floats) -> Floats:
        east_wing = np.where((x >= 0) & (y <= 10), 5 - np.abs(y - 5), -np.inf)
        north_wing = np.where((y >= 0) & (x <= 10), 5 - np.abs(x - 5), -np.inf)
        return 6 + np.tan(np.radians(30)) * np.maximum(east_wing, north_wing)

    planes = found(wings, roof, 0.5).planes
    whole = planes.groupby((planes["azimuth_deg"] / 90).round() % 4)["plan_m2"].sum()
    assert len(whole) == 4
    assert planes["tilt_deg"].to_numpy() == pytest.approx(30.0, abs=2)
    assert whole.sum() == pytest.approx(500.0, rel=0.05)


@pytest.mark.parametrize("tilt_deg", [15.0, 30.0])
def test_every_tooth_of_a_sawtooth_hall_is_a_plane_to_the_south(tilt_deg: float) -> None:
    """Six teeth of 6 m by 40 m rise northward and drop by a wall of glass."""
    hall = box(X, Y, X + 40, Y + 36)
    planes = found(hall, lambda x, y: 8 + np.tan(np.radians(tilt_deg)) * (y % 6)).planes
    assert len(planes) == 6
    assert planes["tilt_deg"].to_numpy() == pytest.approx(tilt_deg, abs=2)
    assert planes["azimuth_deg"].to_numpy() == pytest.approx(180.0, abs=5)
    assert planes["plan_m2"].to_numpy() == pytest.approx(240.0, rel=0.05)


@pytest.mark.parametrize("cell_m", [0.5, 1.0])
def test_an_empty_flat_roof_loses_its_set_back_only(cell_m: float) -> None:
    """By hand: 30 x 20 m less 1.1 m on each side, though cells are a metre wide."""
    plane = found(HALL, level, cell_m, noise_m=0.0, kind="flat").planes.iloc[0]
    assert (plane["tilt_deg"], plane["azimuth_deg"]) == (0.0, 180.0)
    assert plane["plan_m2"] == pytest.approx(600.0)
    assert plane["usable_m2"] == pytest.approx((30 - 2.2) * (20 - 2.2), rel=0.01)


def test_a_parapet_and_a_lift_house_are_left_out_with_their_clearance() -> None:
    """A parapet 0.5 m thick and 1 m high, and a lift house of 4 x 4 m, 3 m high, in the middle.

    The clearance of 0.5 m inside the parapet ends before the set-back of 1.1 m; round the lift house it makes 5 x 5 m,
    its corners less than square.
    """

    def roof(x: Floats, y: Floats) -> Floats:
        rim = (np.abs(x) > LONG / 2 - 0.5) | (np.abs(y) > WIDE / 2 - 0.5)
        lift = (np.abs(x) < 2) & (np.abs(y) < 2)
        return 12.0 + 1.0 * rim + 3.0 * lift

    planes = found(HALL, roof, 0.5, noise_m=0.05, kind="flat").planes.sort_values("plan_m2")
    whole = planes.iloc[-1]
    assert whole["plan_m2"] == pytest.approx(29 * 19 - 16, rel=0.01)
    assert whole["usable_m2"] == pytest.approx((30 - 2.2) * (20 - 2.2) - 25, rel=0.02)
    assert (
        planes["usable_m2"].iloc[:-1].sum() == 0.0
    )  # the lift house's own roof holds no 10 m² inside its set-back


def test_a_chimney_takes_its_own_cells_and_a_ring_around() -> None:
    def roof(x: Floats, y: Floats) -> Floats:
        return 12.0 + 2.0 * ((np.abs(x) < 0.5) & (np.abs(y) < 0.5))

    bare = found(HALL, level, 0.5, noise_m=0.0, kind="flat").planes["usable_m2"].sum()
    left = found(HALL, roof, 0.5, noise_m=0.0, kind="flat").planes["usable_m2"].sum()
    assert bare - left == pytest.approx(
        2.0 * 2.0, abs=0.8
    )  # 1 m and half a metre on each side, rounded corners


def test_a_strip_narrower_than_a_module_carries_nothing() -> None:
    """3.2 m wide less 1.1 m on both sides is 1 m: 30 m², but no module of 1.13 m fits."""
    strip = box(X, Y, X + 40, Y + 3.2)
    plane = found(strip, level, 0.4, noise_m=0.0, kind="flat").planes
    assert plane["usable_m2"].sum() == 0.0


def test_crowns_over_a_roof_are_left_out_whether_or_not_the_surface_shows_them() -> None:
    frame, surface = measured(HALL, level, 1.0, 0.0, roof_type="flat")
    canopy = np.zeros_like(surface.height.values)
    canopy[:, : canopy.shape[1] // 2] = 16.0  # over the western half, four metres above the roof
    with_trees = roofs(frame, surface, canopy_m=canopy)
    low = roofs(frame, surface, canopy_m=canopy / 4)  # shrubs that stay below the roof
    bare = roofs(frame, surface)
    assert with_trees.planes["plan_m2"].sum() == bare.planes["plan_m2"].sum()
    assert with_trees.planes["usable_m2"].sum() == pytest.approx(bare.planes["usable_m2"].sum() / 2, rel=0.05)
    assert low.planes["usable_m2"].sum() == bare.planes["usable_m2"].sum()


def test_a_crown_instead_of_a_roof_carries_nothing() -> None:
    def crown(x: Floats, y: Floats) -> Floats:
        return 12 + np.random.default_rng(3).normal(0, 1.5, x.shape)

    planes = found(HALL, crown, 1.0).planes
    assert planes["usable_m2"].sum() == 0.0
    assert planes["plan_m2"].sum() < 0.05 * HALL.area  # what lies in a plane by chance


def test_a_wall_is_no_roof() -> None:
    assert found(HALL, lambda x, y: 50 + 2.5 * x, 0.5).planes.empty  # 68°


def test_holes_of_the_surface_carry_nothing_and_leave_the_rest() -> None:
    frame, surface = measured(HALL, level, 1.0, 0.0, roof_type="flat")
    whole = roofs(frame, surface).planes.iloc[0]
    heights = surface.height.values.copy()
    heights[:, 15:20] = np.nan
    torn = roofs(frame, replace(surface, height=replace(surface.height, values=heights))).planes
    assert torn["plan_m2"].sum() == pytest.approx(whole["plan_m2"] - 100.0)
    assert 0 < torn["usable_m2"].sum() <= whole["usable_m2"] - 80


def test_a_roof_that_is_mostly_hole_or_too_coarse_or_drawn_is_not_looked_for() -> None:
    _, surface = measured(HALL, level)
    heights = surface.height.values.copy()
    heights[:, 20:] = np.nan
    grid = surface.height
    coarse = Raster(grid.values, grid.transform @ Affine.scale(2.5), grid.crs)
    assert shown_roofs(surface, 1, RULES).all()
    assert not shown_roofs(replace(surface, height=replace(surface.height, values=heights)), 1, RULES).any()
    assert not shown_roofs(replace(surface, height=coarse), 1, RULES).any()
    assert not shown_roofs(replace(surface, drawn=np.array([True])), 1, RULES).any()
    assert not shown_roofs(replace(surface, measured=False), 1, RULES).any()


def test_a_plane_that_nearly_faces_a_wall_faces_it_exactly() -> None:
    footprint = np.array([rotate(HALL, 20.0, origin=(X, Y))], dtype=object)
    owner = np.zeros(4, dtype=np.int64)
    turned_to = turned_to_edges(np.array([160.0, 150.0, 172.0, 116.0]), owner, footprint, RULES)
    assert turned_to == pytest.approx([160.0, 160.0, 160.0, 116.0])  # the last lies 44° from both walls


@settings(max_examples=20, deadline=None)
@given(offset=st.floats(-100, 4000), east=st.floats(-0.8, 0.8), north=st.floats(-0.8, 0.8))
def test_one_plane_is_found_as_one_whatever_its_slope_and_height(
    offset: float, east: float, north: float
) -> None:
    """Heights of 4 km in single precision are good to 0.2 mm."""
    planes = found(HALL, lambda x, y: offset + 30 + east * x + north * y, 1.0, noise_m=0.0).planes
    assert len(planes) == 1
    assert planes["plan_m2"].iloc[0] == pytest.approx(600.0)
    assert planes["residual_m"].iloc[0] < 0.01


def test_a_stopped_search_gives_nothing() -> None:
    frame, surface = measured(HALL, level)
    job = Job()
    job.cancel()
    with pytest.raises(Cancelled):
        roofs(frame, surface, job=job)
