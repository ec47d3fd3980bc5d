"""Searching: rows of all named tables by id or name, and coordinates, in a city; no Qt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd
from pyproj import CRS

from core.problems import UserError
from core.texts import text
from desktop.coordinates import is_place, place_meant, place_said
from desktop.map_layers import UNSEEN, table_title
from layers.city import City

TABLES = ("parcel", "building", "facility", "pv_asset", "water", "metro", "planning_unit", "district")
NAMED = ("road", "tree", "key_area", "underground_space", "protection_zone", "geology", "borehole")
MOST = 12


@dataclass(frozen=True)
class Found:
    """Something found: its words, and either a row of a table or a place. [m]"""

    words: str
    small: str
    table: str = ""
    row_id: str = ""
    place: tuple[float, float] | None = None


def search(city: City, words: str) -> list[Found]:
    """What some words mean: a place first, then rows whose id begins so, then rows that hold the words."""
    wanted = words.strip().lower()
    if not wanted:
        return []
    place = coordinates(words, city.crs, _middle(city)) if is_place(words) else None
    found = [place] if place is not None else []
    found += list(_rows(city, wanted))
    return found[:MOST]


def coordinates(words: str, crs: CRS, near: tuple[float, float]) -> Found | None:
    """The place near a city that two numbers mean, in any form that `place_meant` reads; None where there is none."""
    try:
        x, y = place_meant(words, crs, near)
    except UserError:
        return None
    return Found(place_said(x, y, crs, "project"), text("Coordinates"), place=(float(x), float(y)))


def _middle(city: City) -> tuple[float, float]:
    """The middle of the buildings, else of the parcels or whatever is there. [m]"""
    order = sorted(city.tables, key=lambda name: ("building", "parcel", name).index(name))
    for name in order:
        west, south, east, north = city.tables[name].total_bounds
        if west == west:
            return float(west + east) / 2, float(south + north) / 2
    return 0.0, 0.0


def _searched(city: City) -> list[str]:
    """Tables in the order they are searched: parcels and buildings first, then all others whose rows have names."""
    named = [name for name, frame in city.tables.items() if name not in UNSEEN and "name" in frame]
    return [name for name in dict.fromkeys((*TABLES, *NAMED, *named)) if name in city.tables]


def _rows(city: City, wanted: str) -> Iterator[Found]:
    begins: list[Found] = []
    holds: list[Found] = []
    for table in _searched(city):
        frame = city.tables[table]
        ids = frame.index.astype(str)
        lower = ids.str.lower()
        names = _names(frame)
        first = lower.str.startswith(wanted)
        begins += [_found(table, ids[row], names.iloc[row]) for row in first.nonzero()[0][:MOST]]
        inside = (
            lower.str.contains(wanted, regex=False)
            | names.str.lower().str.contains(wanted, regex=False).to_numpy()
        )
        holds += [_found(table, ids[row], names.iloc[row]) for row in (inside & ~first).nonzero()[0][:MOST]]
    begins.sort(key=lambda one: len(one.row_id))
    yield from begins
    yield from holds


def _names(frame: pd.DataFrame) -> pd.Series[str]:
    empty = pd.Series("", index=frame.index, dtype=object)
    names = frame["name"].fillna("").astype(str) if "name" in frame else empty
    return names + " " + frame["address"].fillna("").astype(str) if "address" in frame else names


def _found(table: str, row_id: str, name: str) -> Found:
    return Found(f"{row_id}  {name.strip()}".strip(), table_title(table), table, row_id)
