"""The register of PV systems that exist: what is in use, what blocks their acceptance, and what should be gone by now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from core.problems import Problem, Severity
from layers.city import City
from layers.join import standing_on

TABLE = "pv_asset"
# Year, month and day as planners write them: 2025-06-30, 2025/6/30, 2025年6月30日, 20250630.
DAY = r"^\s*(?P<year>\d{4})\D?(?P<month>\d{1,2})\D?(?P<day>\d{1,2})"
STATES = ("operating", "stopped", "removed")
OPERATING = "operating"
# What must be answered with yes before a system is accepted, by the rule that asks for it.
OPEN = {
    "rapid_shutdown": "rapid shutdown not confirmed",
    "firm_fixing": "firm fixing not confirmed",
    "waterproof": "waterproofing not confirmed",
}


@dataclass(frozen=True)
class Register:
    """The register in sums and lists.

    Parameters
    ----------
    assets : DataFrame
        By `pv_asset_id`: `building_id` and `parcel_id` (missing where it stands on none), `installed_kwp`,
        `asset_state` (empty where unknown), `acceptance_blocked` (what blocks it, empty if nothing) and
        `removal_overdue`.
    parcels : DataFrame
        By `parcel_id`: `pv_assets` and `pv_existing_kwp` of the systems in use.
    totals : Mapping of str to float
        `<state>_assets` and `<state>_kwp` for every state and for `unknown`; `blocked_assets`, `overdue_assets`.
    """

    assets: pd.DataFrame
    parcels: pd.DataFrame
    totals: Mapping[str, float]


def register(city: City, today: date) -> Register:
    """The register of a city; empty where it has none.

    Systems that are stopped or removed, and those whose state is not known, are in no total of what is in use.
    """
    assets = located(city.tables)
    state = _words(assets, "asset_state")
    kwp = _numbers(assets, "installed_kwp").fillna(0.0)
    told = pd.DataFrame(
        {
            "building_id": assets["building_id"],
            "parcel_id": assets["parcel_id"],
            "installed_kwp": kwp,
            "asset_state": state,
            "acceptance_blocked": blocked(assets),
            "removal_overdue": overdue(assets, today),
        },
        index=assets.index,
    )
    using = told[state == OPERATING]
    parcels = using.groupby("parcel_id")["installed_kwp"].agg(["size", "sum"]).round(1)
    parcels = parcels.rename(columns={"size": "pv_assets", "sum": "pv_existing_kwp"})
    totals: dict[str, float] = {}
    for name, word in (*((one, one) for one in STATES), ("unknown", "")):
        totals[f"{name}_assets"] = float((state == word).sum())
        totals[f"{name}_kwp"] = round(float(kwp[state == word].sum()), 1)
    totals["blocked_assets"] = float((told["acceptance_blocked"] != "").sum())
    totals["overdue_assets"] = float(told["removal_overdue"].sum())
    return Register(told, parcels, totals)


def located(tables: Mapping[str, gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """The assets, each with the building and the parcel it stands on.

    The building that is given and known holds, else the one in which the asset lies; the parcel is that of its
    building, else the given one, else the one in which it lies.
    """
    assets = tables.get(TABLE)
    if assets is None:
        none: dict[str, Any] = {"building_id": [], "parcel_id": []}
        index = pd.Index([], name=f"{TABLE}_id", dtype=object)
        return gpd.GeoDataFrame(none, geometry=[], index=index)
    buildings, parcels = tables.get("building"), tables.get("parcel")
    building = standing_on(assets, buildings, "building_id")
    parcel = standing_on(assets, parcels, "parcel_id")
    if buildings is not None and "parcel_id" in buildings:
        of_building = building.map(buildings["parcel_id"].astype(object))
        parcel = of_building.where(of_building.notna(), parcel)
    return assets.assign(building_id=building, parcel_id=parcel)


def in_use_by_building(tables: Mapping[str, gpd.GeoDataFrame]) -> pd.Series[float]:
    """Capacity in use on every building that carries any. [kWp]"""
    assets = located(tables)
    using = assets[_words(assets, "asset_state") == OPERATING]
    kwp: pd.Series[float] = _numbers(using, "installed_kwp").groupby(using["building_id"]).sum()
    return kwp.astype(float)


def blocked(assets: pd.DataFrame) -> pd.Series[str]:
    """What blocks the acceptance of each system that is not removed: every question not answered with yes."""
    said = np.full(len(assets), "", dtype=object)
    standing = (_words(assets, "asset_state") != "removed").to_numpy()
    for column, words in OPEN.items():
        rows = standing & (_words(assets, column) != "yes").to_numpy()
        said[rows] = [f"{before}; {words}" if before else words for before in said[rows]]
    return pd.Series(said, index=assets.index, dtype=object)


def overdue(assets: pd.DataFrame, today: date) -> pd.Series[bool]:
    """Whether the day by which a system was to be removed has passed without word of its removal."""
    due = _dates(assets, "removal_due")
    late: pd.Series[bool] = (due < pd.Timestamp(today)) & (_words(assets, "removed_on") == "")
    return late


def asset_problems(tables: Mapping[str, gpd.GeoDataFrame], today: date) -> list[Problem]:
    """What should be put right in the register."""
    assets = tables.get(TABLE)
    if assets is None or assets.empty:
        return []
    kwp = _numbers(assets, "installed_kwp")
    said = _words(assets, "removal_due")
    place = located(tables)
    nowhere = place["building_id"].isna() & place["parcel_id"].isna()
    found = (
        (
            overdue(assets, today),
            "{count} PV systems should have been removed by now.",
            "See to the removal and enter its day, or correct the day by which it is due.",
        ),
        (
            _words(assets, "asset_state") == "",
            "The state of {count} PV systems is not known; they count as not in use.",
            "Say whether they are in use, stopped or removed.",
        ),
        (
            kwp.isna() | (kwp <= 0),
            "{count} PV systems have no capacity.",
            "Enter it in kWp.",
        ),
        (
            (said != "") & _dates(assets, "removal_due").isna(),
            "The day of removal of {count} PV systems cannot be read.",
            "Write it as year-month-day.",
        ),
        (
            nowhere,
            "{count} PV systems stand on no building and no parcel.",
            "Name the building, or correct where they lie.",
        ),
    )
    return [
        Problem(
            message,
            remedy,
            severity=Severity.WARNING,
            table=TABLE,
            rows=tuple(assets.index[rows.to_numpy(dtype=bool)]),
            count=int(rows.sum()),
        )
        for rows, message, remedy in found
        if rows.any()
    ]


def _dates(frame: pd.DataFrame, name: str) -> pd.Series[Any]:
    """A column of days; missing where none can be read."""
    return pd.to_datetime(_words(frame, name).str.extract(DAY), errors="coerce")


def _words(frame: pd.DataFrame, name: str) -> pd.Series[str]:
    if name not in frame:
        return pd.Series("", index=frame.index, dtype=object)
    words: pd.Series[str] = frame[name].astype(object).where(frame[name].notna(), "").astype(str)
    return words


def _numbers(frame: pd.DataFrame, name: str) -> pd.Series[float]:
    if name not in frame:
        return pd.Series(np.nan, index=frame.index)
    numbers: pd.Series[float] = pd.to_numeric(frame[name], errors="coerce")
    return numbers
