"""Room: where machines may stand in every parcel, how loud they are at night, and which buildings they suit badly."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from layers.city import City
from potential.air_source.air_numbers import TABLE
from potential.air_source.cycle import Floats
from potential.places import zone_share
from standards import Taken

RATED_NOISE_KW = 100.0  # machines to which the sound power of the table belongs
HALF_SPACE_DB = 8.0  # 10 log10(2 pi): sound over hard ground spreads into half a sphere
PREVAILING_SHARE = 0.5  # from which share of a parcel what holds for its buildings holds for it
HOMES = ("residential", "rural_house")
QUIET = (
    *HOMES,
    "health",
    "welfare",
    "education",
    "research",
    "government_office",
    "hotel",
)  # class 1 at night
TOLERANT = ("industry", "warehouse", "transport", "depot_parking", "utility", "utility_outlet", "power_plant")
HERITAGE = ("heritage_core",)


@dataclass(frozen=True)
class Room:
    """What parcels and their buildings say of machines.

    Parameters
    ----------
    area_m2 : ndarray, shape (parcels,)
        Roof and ground on which machines may stand; NaN where the size of the parcel is not known.
    buildings : ndarray, shape (parcels,)
        Number of buildings, at least one.
    plot_m2 : ndarray, shape (parcels,)
        Size of the parcel.
    quiet, tolerant : ndarray of bool, shape (parcels,)
        Where machines must be quiet at night as beside homes, and where noise matters little.
    central_heating, old_tower, heritage : ndarray, shape (parcels,)
        Share of the floor area with central heating, in old towers, and in heritage buildings; of the parcel in
        protected surroundings where that is more.
    """

    area_m2: Floats
    buildings: Floats
    plot_m2: Floats
    quiet: NDArray[np.bool_]
    tolerant: NDArray[np.bool_]
    central_heating: Floats
    old_tower: Floats
    heritage: Floats


def room_of(city: City, taken: Taken) -> Room:
    """What the parcels and buildings of a city say of machines."""
    parcels = city.tables["parcel"]

    def number(case: str) -> float:
        return taken.number(TABLE, item="space", case=case)

    plot = _numbers(parcels, "plot_area_m2")
    plot = np.where(plot > 0, plot, np.asarray(parcels.geometry.area, dtype=float))
    buildings = city.tables.get("building")
    inside = _inside(buildings, parcels)
    roofs = _summed(inside, "footprint_m2", parcels.index)
    density = _numbers(parcels, "building_density")
    planned = plot * np.where(np.isfinite(density) & (density > 0), density, number("planned_cover"))
    roofs = np.minimum(np.where(roofs > 0, roofs, planned), plot)
    tower = inside["use"].isin(HOMES) & (inside["floors_above"] >= number("tower_floors"))
    tower &= inside["year_built"] < number("tower_year")
    uses = parcels["use"].astype(str) if "use" in parcels else pd.Series("", index=parcels.index)
    heritage = _share(inside, inside["heritage"] > 0, parcels.index)
    return Room(
        area_m2=roofs * number("roof_share") + (plot - roofs) * number("ground_share"),
        buildings=np.maximum(_counted(inside, parcels.index), 1.0),
        plot_m2=plot,
        quiet=uses.isin(QUIET).to_numpy(dtype=bool),
        tolerant=uses.isin(TOLERANT).to_numpy(dtype=bool),
        central_heating=_share(inside, inside["central_heating"] > 0, parcels.index),
        old_tower=_share(inside, tower, parcels.index),
        heritage=np.maximum(heritage, zone_share(city, parcels, "protection_zone", HERITAGE)),
    )


def noise_distance(kw: Floats, level: float, limit: Floats, screen: float = 0.0) -> Floats:
    """How far machines must stand from a window so that the night limit holds there. [m]

    Parameters
    ----------
    kw : ndarray
        Heating capacity of the machines at 7 °C, together in one place. [kW]
    level : float
        Sound power of machines of 100 kW; it grows with the power of many. [dB(A)]
    limit : ndarray
        Sound pressure that is allowed. [dB(A)]
    screen : float
        What screens take away. [dB(A)]

    Notes
    -----
    Half a sphere over hard ground: `Lp = Lw - 20 log10(r) - 8`.
    """
    power = np.asarray(kw, dtype=float)
    with np.errstate(divide="ignore"):
        sound = level + 10 * np.log10(power / RATED_NOISE_KW) - screen
    found: Floats = np.where(power > 0, 10 ** ((sound - HALF_SPACE_DB - limit) / 20), 0.0)
    return found


def reach(plot_m2: Floats, buildings: Floats) -> Floats:
    """How far the windows around lie from machines in the middle of the ground of each building. [m]"""
    found: Floats = np.sqrt(np.maximum(plot_m2, 0.0) / (np.pi * buildings))
    return found


def _inside(buildings: gpd.GeoDataFrame | None, parcels: gpd.GeoDataFrame) -> pd.DataFrame:
    """Buildings of the parcels with the columns that are asked for; missing ones say nothing."""
    names = ("floors_above", "year_built", "footprint_m2", "gfa_m2", "heritage", "central_heating")
    if buildings is None or buildings.empty or "parcel_id" not in buildings:
        return pd.DataFrame({name: pd.Series(dtype=float) for name in names}).assign(parcel_id="", use="")
    rows = buildings[buildings["parcel_id"].isin(parcels.index)]
    found = pd.DataFrame({name: _numbers(rows, name) for name in names}, index=rows.index)
    drawn = np.asarray(rows.geometry.area, dtype=float)
    found["footprint_m2"] = found["footprint_m2"].where(found["footprint_m2"] > 0, drawn)
    found["gfa_m2"] = found["gfa_m2"].where(found["gfa_m2"] > 0, found["footprint_m2"])
    return found.assign(parcel_id=rows["parcel_id"], use=rows["use"].astype(str) if "use" in rows else "")


def _numbers(table: pd.DataFrame, name: str) -> Floats:
    if name not in table:
        return np.full(len(table), np.nan)
    found: Floats = pd.to_numeric(table[name], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    return found


def _summed(rows: pd.DataFrame, name: str, index: pd.Index) -> Floats:
    found: Floats = rows.groupby("parcel_id")[name].sum().reindex(index, fill_value=0.0).to_numpy(dtype=float)
    return found


def _counted(rows: pd.DataFrame, index: pd.Index) -> Floats:
    return _summed(rows.assign(one=1.0), "one", index)


def _share(rows: pd.DataFrame, meant: pd.Series, index: pd.Index) -> Floats:
    part = _summed(rows.assign(part=rows["gfa_m2"].where(meant, 0.0)), "part", index)
    whole = _summed(rows, "gfa_m2", index)
    return np.divide(part, whole, out=np.zeros_like(whole), where=whole > 0)
