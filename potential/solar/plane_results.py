"""Results by roof plane: outlines with what each plane receives, carries and gives, and the usable part of each."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from layers.geometry import shapes_of
from layers.surface import Surface
from potential.solar.roof_shapes import plane_outlines, usable_outlines
from potential.solar.roof_sun import RoofSun
from potential.solar.rooftop_numbers import RooftopNumbers
from potential.solar.rooftop_results import on_planes


def plane_results(
    buildings: gpd.GeoDataFrame,
    surface: Surface,
    sun: RoofSun,
    states: pd.DataFrame,
    by_building: pd.DataFrame,
    numbers: RooftopNumbers,
) -> dict[str, gpd.GeoDataFrame]:
    """The layers `roof_plane` and `roof_usable`.

    Capacity, energy and usable area of the planes add up to those of their building to the last digit.

    Parameters
    ----------
    buildings : GeoDataFrame
        The buildings.
    surface : Surface
        The grid of the cells.
    sun : RoofSun
        All roofs in the sun.
    states, by_building : DataFrame
        Safety and results of each building.
    numbers : RooftopNumbers
        Numbers in force.
    """
    planes = sun.planes
    owner = planes["building"].to_numpy()
    placed = on_planes(buildings, planes, states, numbers)
    kwp, usable = placed["kwp"].to_numpy(), placed["usable_m2"].to_numpy()
    given = kwp * sun.kwh_per_kwp.sum(axis=1)

    def shared(values: NDArray[np.float64], column: str, unit: float) -> NDArray[np.float64]:
        return shared_out(values, owner, by_building[column].to_numpy(dtype=float), unit)

    polygons = shapes_of(buildings)
    outlines = plane_outlines(polygons, sun.roofs, surface)
    index = pd.Index(_names(owner, buildings.index), name="roof_plane_id")
    frame = gpd.GeoDataFrame(
        {
            "building_id": buildings.index.to_numpy()[owner],
            "plane_tilt_deg": np.round(planes["tilt_deg"].to_numpy(), 1),
            "plane_azimuth_deg": np.round(planes["azimuth_deg"].to_numpy(), 1) % 360.0,
            "plane_measured": planes["measured"].to_numpy(),
            "plane_residual_m": np.round(planes["residual_m"].to_numpy(), 3),
            "plane_m2": np.round(planes["plan_m2"].to_numpy(), 1),
            "plane_usable_m2": shared(usable, "roof_usable_m2", 0.1),
            "irradiation_kwh_per_m2": np.round(planes["irradiation"].to_numpy()),
            "pv_kwp": shared(kwp, "pv_kwp", 0.01),
            "pv_kwh_per_year": shared(given, "pv_kwh_per_year", 1.0),
        },
        geometry=outlines,
        crs=buildings.crs,
        index=index,
    )
    flat = numbers.setback_m["flat"]
    kind = buildings["roof_type"].to_numpy(dtype=object)
    setback = np.array([numbers.setback_m.get(word, flat) for word in kind])
    room = usable_outlines(
        polygons, outlines, setback, sun.roofs, surface, sun.light, numbers.plane_rules.least_m2
    )
    carries = (kwp > 0) & ~shapely.is_empty(room)
    part = frame.loc[carries, ["building_id", "plane_tilt_deg", "plane_azimuth_deg"]].assign(
        plane_m2=np.round(shapely.area(room[carries]), 1)
    )
    return {
        "roof_plane": frame,
        "roof_usable": gpd.GeoDataFrame(part, geometry=room[carries], crs=buildings.crs),
    }


def shared_out(
    values: NDArray[np.float64], owner: NDArray[np.int64], totals: NDArray[np.float64], unit: float
) -> NDArray[np.float64]:
    """Rounded totals of owners shared out by the values of their members, in whole units that add up exactly.

    The running sum of each owner is rounded, so that no member is off by more than a unit.
    """
    order = np.argsort(owner, kind="stable")
    sums = np.bincount(owner, weights=values, minlength=len(totals))
    share = np.where(sums[owner] > 0, values / np.where(sums[owner] > 0, sums[owner], 1.0), 0.0)[order]
    first = np.searchsorted(owner[order], owner[order])
    running = np.cumsum(share)
    running -= (running - share)[first]
    scaled = np.round(np.round(totals[owner[order]] / unit) * running)
    before = np.where(np.arange(len(order)) == first, 0.0, np.roll(scaled, 1))
    out = np.empty(len(values))
    out[order] = (scaled - before) * unit
    return np.round(out, 2)


def _names(owner: NDArray[np.int64], buildings: pd.Index) -> list[str]:
    """Ids of planes: of the building, and their number on it."""
    number = pd.Series(owner).groupby(owner).cumcount().to_numpy() + 1
    return [f"{building}-{one}" for building, one in zip(buildings.to_numpy()[owner], number, strict=True)]
