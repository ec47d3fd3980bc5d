"""Envelopes: walls, windows, roofs and floors of buildings by direction, and the shade that falls on them."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.jobs import Job
from demand.light import DIRECTIONS_DEG, ROOF
from layers.city import City
from layers.geometry import shapes_of
from standards import Taken
from sun.site import SolarSettings, site_of
from sun.wall_light import Upright
from sun.wall_sun import MONTHS, storeys_in_the_sun
from sun.walls import walls_of

Numbers = NDArray[np.float64]
WALLS = len(DIRECTIONS_DEG)


@dataclass(frozen=True)
class Envelopes:
    """Outer parts of buildings, one row each.

    Parameters
    ----------
    floor : ndarray, (n,)
        Floor area. [m²]
    storey : ndarray, (n,)
        Height of a storey. [m]
    wall, window : ndarray, (n, 8)
        Walls that stand free, windows included, and windows, by direction. [m²]
    roof, ground : ndarray, (n,)
        [m²]
    shade : ndarray of float32, (n, 9, 12)
        Share of the sun that reaches walls of each direction, and level parts, in each month.
    derived : ndarray of bool, (n,)
        Walls that were estimated, for the building has none on the surface.
    """

    floor: Numbers
    storey: Numbers
    wall: Numbers
    window: Numbers
    roof: Numbers
    ground: Numbers
    shade: NDArray[np.float32]
    derived: NDArray[np.bool_]


def storey_heights(buildings: pd.DataFrame, taken: Taken) -> Numbers:
    """Height of a storey of every building: height over storeys where that is plausible, else by use. [m]"""
    conditions = taken.standards.table("use_profiles").set_index("use")["conditions"]
    usual = buildings["use"].map(conditions)
    by_use = {
        use: taken.number("internal_conditions", column="storey_height_m", use=use) for use in usual.unique()
    }
    low, high = (
        taken.number("facade", parameter="storey_height", case="plausible", column=end)
        for end in ("low", "high")
    )
    above = column(buildings, "height_m") - np.nan_to_num(column(buildings, "min_height_m"))
    with np.errstate(divide="ignore", invalid="ignore"):
        own = above / column(buildings, "floors_above")
        heights: Numbers = np.where(
            (own >= low) & (own <= high), own, usual.map(by_use).to_numpy(dtype=float)
        )
    return heights


def column(frame: pd.DataFrame, name: str) -> Numbers:
    """Numbers of a column, missing where there is none."""
    if name not in frame:
        return np.full(len(frame), np.nan)
    numbers: Numbers = pd.to_numeric(frame[name], errors="coerce").to_numpy(dtype=float)
    return numbers


def envelopes_of(
    city: City, buildings: gpd.GeoDataFrame, settings: SolarSettings, taken: Taken, job: Job, *, shaded: bool
) -> Envelopes:
    """Envelopes of the buildings of a city.

    Walls are the sides of outlines less what touches a neighbour; their windows follow from use and direction. Without
    shade the walls are those of the outlines in the open.
    """
    storey = storey_heights(buildings, taken)
    floor = np.nan_to_num(column(buildings, "gfa_m2"))
    footprint = shapes_area(buildings)
    wall, window = np.zeros((len(buildings), WALLS)), np.zeros((len(buildings), WALLS))
    shade = np.ones((len(buildings), ROOF + 1, 12), dtype=np.float32)
    table = _walls_in_the_sun(city, buildings, storey, settings, taken, job, shaded=shaded)
    place = table["building"].to_numpy()
    turn = np.round(table["azimuth_deg"].to_numpy() / 45.0).astype(np.int64) % WALLS
    share = _windows(buildings["use"], table, taken)
    np.add.at(wall, (place, turn), table["area_m2"].to_numpy())
    np.add.at(window, (place, turn), table["area_m2"].to_numpy() * share)
    if shaded:
        shade[:, :ROOF] = _shade(table, place, turn, len(buildings))
    derived = (wall.sum(axis=1) == 0) & (floor > 0)
    if derived.any():
        side = shapes_of(buildings)[derived]
        around = np.array([shape.length for shape in side]) * storey[derived]
        floors = np.maximum(1.0, np.round(floor[derived] / np.maximum(footprint[derived], 1.0)))
        wall[derived, ::2] = (around * floors / 4.0)[:, None]
        window[derived] = wall[derived] * _mean_window(buildings["use"][derived], taken)[:, None]
    return Envelopes(floor, storey, wall, window, footprint, footprint, shade, derived)


def planned_envelopes(planned: pd.DataFrame, taken: Taken) -> Envelopes:
    """Envelopes of what is planned: slabs of the usual depth under the storeys that floor area and plot give.

    Parameters
    ----------
    planned : DataFrame
        `use`, `gfa_m2`, `plot_area_m2`, and where known `building_density`, `height_limit_m`.
    """

    def number(case: str) -> float:
        return taken.number("demand_rules", item="planned", case=case)

    storey = storey_heights(planned, taken)
    floor = np.nan_to_num(column(planned, "gfa_m2"))
    density = column(planned, "building_density")
    density = np.where(density > 0, density, number("building_density"))
    limit = np.floor(np.nan_to_num(column(planned, "height_limit_m"), nan=np.inf) / storey)
    most = np.maximum(
        1.0, np.where(limit > 0, np.minimum(limit, number("most_floors")), number("most_floors"))
    )
    covered = np.maximum(column(planned, "plot_area_m2") * density, 1.0)
    floors = np.clip(np.ceil(floor / covered), 1.0, most)
    roof = floor / floors
    length = roof / number("block_m")
    wall = np.zeros((len(planned), WALLS))
    high = floors * storey
    wall[:, [0, 4]] = (length * high)[:, None]  # slabs face south
    wall[:, [2, 6]] = (np.sqrt(roof) * high / 4.0)[:, None]
    sides = pd.DataFrame(
        {
            "building": np.repeat(np.arange(len(planned)), WALLS),
            "azimuth_deg": np.tile(DIRECTIONS_DEG, len(planned)),
        }
    )
    window = wall * _windows(planned["use"], sides, taken).reshape(-1, WALLS)
    shade = np.full((len(planned), ROOF + 1, 12), number("sun"), dtype=np.float32)
    shade[:, ROOF] = 1.0
    return Envelopes(floor, storey, wall, window, roof, roof, shade, np.ones(len(planned), dtype=bool))


def together(one: Envelopes, other: Envelopes) -> Envelopes:
    """The rows of both."""
    return Envelopes(
        *(
            np.concatenate([getattr(one, name), getattr(other, name)])
            for name in Envelopes.__dataclass_fields__
        )
    )


def shapes_area(buildings: gpd.GeoDataFrame) -> Numbers:
    """Area of the outlines. [m²]"""
    area: Numbers = np.nan_to_num(buildings.geometry.area.to_numpy(dtype=float))
    return area


def _walls_in_the_sun(
    city: City,
    buildings: gpd.GeoDataFrame,
    storey: Numbers,
    settings: SolarSettings,
    taken: Taken,
    job: Job,
    *,
    shaded: bool,
) -> pd.DataFrame:
    """Walls with their free area and, where shade is wanted, light and open light of each month."""

    def facade(name: str, case: str) -> float:
        return taken.number("facade", parameter=name, case=case)

    site = site_of(city, settings, job)
    job.say("Finding walls", 0.0, force=True)
    walls = walls_of(
        buildings,
        site.surface,
        storey_m=storey,
        spacing_m=taken.number("demand_rules", item="walls", case="spacing"),
        least_length_m=facade("least_length", "wall"),
        simplify_m=facade("simplify", "outline"),
        touching_m=facade("touching", "neighbour"),
        convergence_deg=site.convergence_deg,
    )
    table = walls.walls
    if shaded:
        levels = storeys_in_the_sun(walls, site, job)
        names = ["area_m2", *MONTHS]
        light = levels[MONTHS].multiply(levels["area_m2"], axis=0).assign(area_m2=levels["area_m2"])
        summed = light.groupby(levels["wall"])[names].sum().reindex(range(len(table)), fill_value=0.0)
        open_light = Upright.of(site.sky, table["azimuth_deg"].to_numpy()).open
        opened = pd.DataFrame(open_light, columns=[f"open_{month}" for month in range(12)])
        return pd.concat([table, summed, opened.multiply(summed["area_m2"], axis=0)], axis=1)
    column_of = np.repeat(np.arange(len(walls.wall)), np.diff(walls.first))
    wide = table["length_m"].to_numpy() / np.bincount(walls.wall, minlength=len(table))
    bare = np.bincount(walls.wall[column_of], weights=walls.bare, minlength=len(table))
    return table.assign(area_m2=bare * wide * table["storey_m"].to_numpy())


def _shade(
    table: pd.DataFrame, place: NDArray[np.int64], turn: NDArray[np.int64], count: int
) -> NDArray[np.float32]:
    """Light over open light by building, direction and month, (count, 8, 12); 1 where there is no wall."""
    sums = np.zeros((2, count, WALLS, 12))
    for which, names in enumerate((MONTHS, [f"open_{month}" for month in range(12)])):
        np.add.at(sums[which], (place, turn), table[names].to_numpy())
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(sums[1] > 0, sums[0] / sums[1], 1.0)
    return np.clip(share, 0.0, 1.0).astype(np.float32)


def _windows(use: pd.Series, sides: pd.DataFrame, taken: Taken) -> Numbers:
    """Share of windows of walls by use of their building and direction."""
    conditions = taken.standards.table("use_profiles").set_index("use")["conditions"]
    kind = use.map(conditions).to_numpy(dtype=object)[sides["building"].to_numpy()]
    off_south = np.abs(sides["azimuth_deg"].to_numpy() - 180.0)
    south = off_south <= taken.number("facade", parameter="facing", case="south")
    north = off_south >= 180.0 - taken.number("facade", parameter="facing", case="north")
    where = np.select([south, north], ["south", "north"], "east_west").astype(object)
    share = np.zeros(len(sides))
    for one in pd.unique(kind):
        for side in ("south", "north", "east_west"):
            ratio = taken.number("internal_conditions", column=f"wwr_{side}", use=str(one))
            share[(kind == one) & (where == side)] = ratio
    return share


def _mean_window(use: pd.Series, taken: Taken) -> Numbers:
    """Share of windows over all directions, by use."""
    count = len(use)
    sides = pd.DataFrame(
        {
            "building": np.repeat(np.arange(count), 4),
            "azimuth_deg": np.tile([0.0, 90.0, 180.0, 270.0], count),
        }
    )
    mean: Numbers = _windows(use, sides, taken).reshape(count, 4).mean(axis=1)
    return mean
