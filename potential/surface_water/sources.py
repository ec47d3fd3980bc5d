"""Sources of water: rivers by reach, lakes, sewage and reclaimed water, with what is missing and what zones forbid."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from layers.city import City
from potential.given import by_month, given_numbers
from potential.places import raster_at
from potential.surface_water.budget import (
    heat_of_flow,
    lake_power,
    reaches,
    river_power,
    usable_fall,
    usable_rise,
)
from potential.surface_water.numbers import WaterNumbers, WaterState

FLOWING = ("river", "canal", "brook", "stream")
STILL = ("lake", "pond", "reservoir", "sea")
SEWAGE = ("sewage_works", "reclaimed_water")
ZONES = ("ecology", "navigation")  # no plant takes water there
PROTECTED = "protected"  # end of the id of the piece of a water body that lies in a zone
FIRST_LEVEL = (
    "一级"  # of drinking-water protection: nothing may be built there that does not serve the supply
)
TEMPERATURES = [f"water_temp_c_month_{month:02d}" for month in range(1, 13)]
USABLE, EXCLUDED, MISSING = "usable", "excluded", "missing"
HOURS_PER_DAY, SECONDS_PER_DAY, W_PER_KW = 24.0, 86_400.0, 1000.0
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class WaterSources:
    """All sources of a city.

    Parameters
    ----------
    table : GeoDataFrame, indexed by water_source_id
        `name`, `kind`, `navigable`, `water_reach` (from upstream), `level_m`, `state` (usable, excluded or missing)
        with `said` (the reason, or the field that is missing), `flow` [m³/s], `area_m2`, `volume_m3`, `budget_share`, and
        the shape where water may be taken.
    warmth : ndarray, shape (sources, 12)
        Temperature of the water. [°C]
    """

    table: gpd.GeoDataFrame
    warmth: Floats

    def heat_budget(self, numbers: WaterNumbers, state: WaterState) -> tuple[Floats, Floats]:
        """Heat that may be drawn in every month, and the water as it leaves a plant, shape (sources, 12). [kW], [°C]"""
        water = self.warmth + state.shift_k
        fall = usable_fall(water, self._usual(numbers), numbers.least_after_c, numbers.least_source_c)
        return self._power(fall, numbers.most_fall_k, numbers, state), water - fall

    def cold_budget(self, numbers: WaterNumbers, state: WaterState) -> tuple[Floats, Floats]:
        """Heat that may be rejected in every month, and the water as it leaves a plant, as `heat_budget`."""
        water = self.warmth + state.shift_k
        rise = usable_rise(water, self._usual(numbers), numbers.most_source_c)
        return self._power(rise, numbers.most_rise_k, numbers, state), water + rise

    def _usual(self, numbers: WaterNumbers) -> Floats:
        sewage = self.table["kind"].isin(SEWAGE).to_numpy()
        usual: Floats = np.where(sewage, numbers.sewage_k, numbers.difference_k)[:, None]
        return usual

    def _power(self, change: Floats, most: float, numbers: WaterNumbers, state: WaterState) -> Floats:
        """Power for a change of the water taken, and the most that a body of water may change. [kW]"""
        table = self.table
        sewage, still = (table["kind"].isin(kinds).to_numpy()[:, None] for kinds in (SEWAGE, STILL))
        flow = table["flow"].to_numpy()[:, None] * np.where(
            sewage, state.sewage[:, None], state.river[:, None]
        )
        lake = lake_power(
            table["area_m2"].to_numpy()[:, None],
            table["volume_m3"].to_numpy()[:, None],
            change,
            state.exchange,
            most_change=most,
            peak_to_mean=numbers.peak_to_mean,
            spell=numbers.spell_s,
        )
        river = river_power(flow, change, numbers.withdrawal_share, most)
        found = np.select([sewage, still], [heat_of_flow(flow, change), lake], default=river)
        usable = (table["state"] == USABLE).to_numpy() * table["budget_share"].to_numpy() / W_PER_KW
        power: Floats = np.nan_to_num(found) * usable[:, None]
        return power


def water_sources(city: City, numbers: WaterNumbers) -> WaterSources:
    """Every water body and sewage source of a city, rivers cut into reaches.

    Rows of the same name and kind are one body: a river drawn in pieces has one flow.
    """
    rows = [*_waters(city, numbers), *_sewage(city, numbers)]
    names = ["name", "kind", "navigable", "water_reach", "level_m", "state", "said", "flow", "area_m2", "volume_m3",
             "budget_share", "most_m", "geometry"]  # fmt: skip
    index = pd.Index([row.pop("id") for row in rows], name="water_source_id", dtype="object")
    warmth = np.array([row.pop("warmth") for row in rows], dtype=float).reshape(len(rows), 12)
    table = gpd.GeoDataFrame({name: [row[name] for row in rows] for name in names}, geometry="geometry",
                             crs=city.crs, index=index)  # fmt: skip
    for name in ("level_m", "flow", "area_m2", "volume_m3", "budget_share", "most_m"):
        table[name] = table[name].astype(float)
    return WaterSources(table, warmth)


def _waters(city: City, numbers: WaterNumbers) -> list[dict[str, Any]]:
    waters = city.tables.get("water")
    if waters is None or waters.empty:
        return []
    forbidden = _forbidden(city)
    rows: list[dict[str, Any]] = []
    for body in _bodies(waters):
        parts = waters.loc[body]
        kind = str(parts["kind"].iloc[0]) if "kind" in parts else ""
        whole = shapely.union_all(parts.geometry.to_numpy())
        free = whole if forbidden is None else shapely.difference(whole, forbidden)
        flow = _most(parts, "low_flow_m3_per_s")
        warmth = _temperatures(parts)
        area = whole.area if whole.area > 0 else _most(parts, "water_area_m2")
        flowing = kind in FLOWING or (kind not in STILL and flow > 0)
        state, said = USABLE, ""
        if free.is_empty:
            state, said = EXCLUDED, "water in a protected zone"
        elif flowing and np.isnan(flow):
            state, said = MISSING, "low_flow_m3_per_s"
        elif not flowing and kind not in STILL:
            state, said = MISSING, "kind"
        elif np.isnan(warmth).any():
            state, said = MISSING, TEMPERATURES[int(np.argmax(np.isnan(warmth)))]
        navigable = "navigable" in parts and bool(parts["navigable"].fillna(False).astype(bool).any())
        shared = {
            "navigable": navigable,
            "name": str(parts["name"].iloc[0]) if "name" in parts else "",
            "kind": kind,
            "level_m": _most(parts, "surface_level_m"),
            "state": state,
            "said": said,
            "flow": flow,
            "warmth": warmth,
            "most_m": numbers.far_m,
        }
        if flowing:
            length, cuts = _cut(whole, whole if free.is_empty else free, city, numbers.recovery_m)
            _, budget = reaches(length, numbers.recovery_m)
            rows += [
                {**shared, "id": f"{body[0]}-{number + 1}" if len(cuts) > 1 else str(body[0]),
                 "water_reach": number + 1, "area_m2": area, "volume_m3": np.nan, "budget_share": budget,
                 "geometry": cut}
                for number, cut in enumerate(cuts)
            ]  # fmt: skip
        else:
            depth = _most(parts, "water_depth_m")
            rows.append({**shared, "id": str(body[0]), "water_reach": 1, "area_m2": area, "volume_m3": area * depth,
                         "budget_share": 1.0, "geometry": whole if free.is_empty else free})  # fmt: skip
        barred = None if forbidden is None or free.is_empty else shapely.intersection(whole, forbidden)
        if barred is not None and not barred.is_empty:  # told apart, so that parcels beside it hear why
            rows.append(
                {**shared, "id": f"{body[0]}-{PROTECTED}", "state": EXCLUDED, "said": "water in a protected zone",
                 "water_reach": 0, "area_m2": barred.area, "volume_m3": np.nan, "budget_share": 0.0,
                 "geometry": barred}
            )  # fmt: skip
    return rows


def _sewage(city: City, numbers: WaterNumbers) -> list[dict[str, Any]]:
    """Sewage works and reclaimed water; the works have no more than what they do not pass on as reclaimed water."""
    facilities = city.tables.get("facility")
    if facilities is None or "kind" not in facilities:
        return []
    here = facilities[facilities["kind"].isin(SEWAGE)]
    if here.empty:
        return []
    daily = given_numbers(here, "sewage_m3_per_day")
    works = (here["kind"] == "sewage_works").to_numpy()
    treated, reclaimed = np.nansum(daily[works]), np.nansum(daily[~works])
    kept = max(treated - reclaimed, 0.0) / treated if treated > 0 else 1.0
    warm, winter = given_numbers(here, "waste_heat_c"), given_numbers(here, "waste_heat_winter_c")
    warmth = by_month(warm, winter, numbers.winter)
    level = raster_at(city, "terrain", here)
    rows = []
    for number, facility in enumerate(here.index):
        lacking = [
            name
            for name, value in (
                ("sewage_m3_per_day", daily[number]),
                ("waste_heat_c", warm[number]),
                ("waste_heat_winter_c", winter[number]),
            )
            if np.isnan(value)
        ]
        flow = daily[number] * (kept if works[number] else 1.0) / SECONDS_PER_DAY
        rows.append(
            {
                "id": str(facility),
                "name": str(here["name"].iloc[number]) if "name" in here else "",
                "kind": str(here["kind"].iloc[number]),
                "navigable": False,
                "water_reach": 1,
                "level_m": level[number],
                "state": MISSING if lacking else USABLE,
                "said": lacking[0] if lacking else "",
                "flow": flow,
                "area_m2": np.nan,
                "volume_m3": np.nan,
                "budget_share": 1.0,
                "most_m": numbers.sewage_far_m,
                "warmth": warmth[number],
                "geometry": here.geometry.iloc[number],
            }
        )
    return rows


def _bodies(waters: gpd.GeoDataFrame) -> list[list[Any]]:
    """Ids of the rows of each body of water."""
    if "name" not in waters:
        return [[one] for one in waters.index]
    name = waters["name"].fillna("").astype(str).str.strip()
    kind = waters["kind"].fillna("").astype(str) if "kind" in waters else pd.Series("", index=waters.index)
    own = pd.Series([f"#{number}" for number in range(len(waters))], index=waters.index)
    key = (kind + "/" + name).where(name != "", own)
    return [list(rows) for rows in waters.index.to_series().groupby(key.to_numpy(), sort=False).agg(list)]


def _forbidden(city: City) -> Any:
    """Where no plant may take water; None where no zone is known."""
    zones = city.tables.get("protection_zone")
    if zones is None or zones.empty or "kind" not in zones:
        return None
    meant = zones["kind"].isin(ZONES)
    if "zone_level" in zones:
        meant |= (zones["kind"] == "drinking_water") & (zones["zone_level"] == FIRST_LEVEL)
    return shapely.union_all(zones.geometry[meant].to_numpy()) if meant.any() else None


def _cut(whole: Any, free: Any, city: City, recovery_m: float) -> tuple[float, list[Any]]:
    """Length of a river, and its free water cut into reaches across the line between its ends, upstream first."""
    if whole.area > 0:  # a long strip: from its area and perimeter
        half = whole.length / 2
        length = (half + np.sqrt(max(half**2 - 4 * whole.area, 0.0))) / 2
    else:
        length = whole.length
    count, _ = reaches(length, recovery_m)
    if count == 1:
        return length, [free]
    corners = shapely.get_coordinates(whole.convex_hull)
    away = np.linalg.norm(corners[:, None] - corners[None], axis=2)
    first, last = np.unravel_index(int(np.argmax(away)), away.shape)
    start, end = corners[first], corners[last]
    ends = gpd.GeoDataFrame(geometry=shapely.points([start, end]), crs=city.crs)
    height = raster_at(city, "terrain", ends)
    if height[0] < height[1]:
        start, end = end, start
    along = (end - start) / np.linalg.norm(end - start)
    across = np.array([-along[1], along[0]]) * away.max()
    marks = np.linspace(0, away.max(), count + 1)
    marks[0], marks[-1] = -away.max(), 2 * away.max()
    slabs = [
        shapely.Polygon([start + along * a - across, start + along * a + across,
                         start + along * b + across, start + along * b - across])
        for a, b in itertools.pairwise(marks)
    ]  # fmt: skip
    return length, [shapely.intersection(free, slab) for slab in slabs]


def _temperatures(parts: gpd.GeoDataFrame) -> Floats:
    """Monthly temperatures of a body: the mean of its rows. [°C]"""
    values = np.array([given_numbers(parts, name) for name in TEMPERATURES])
    count = np.isfinite(values).sum(axis=1)
    total: Floats = np.where(count > 0, np.nansum(values, axis=1) / np.maximum(count, 1), np.nan)
    return total


def _most(parts: gpd.GeoDataFrame, name: str) -> float:
    """The largest value of the rows of a body: pieces of a river repeat its flow. NaN where none is known."""
    known = given_numbers(parts, name)
    known = known[np.isfinite(known)]
    return float(known.max()) if len(known) else float("nan")
