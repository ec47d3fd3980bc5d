"""Searching: parcels and buildings by id or name, and coordinates, in a city; no Qt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd
from pyproj import CRS, Transformer

from core.texts import text
from desktop.map_layers import table_title
from layers.city import City

TABLES = ("parcel", "building", "facility", "pv_asset", "water", "metro", "planning_unit", "district")
MOST = 12
_NUMBER = r"[-+]?\d+(?:\.\d+)?"
_PAIR = re.compile(
    rf"^\s*[EN]?\s*({_NUMBER})\s*°?\s*[EN]?\s*[,，;；\s]\s*[EN]?\s*({_NUMBER})\s*°?\s*[EN]?\s*$", re.I
)


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
    place = coordinates(words, city.crs)
    found = [place] if place is not None else []
    found += list(_rows(city, wanted))
    return found[:MOST]


def coordinates(words: str, crs: CRS) -> Found | None:
    """A place in metres of the city's system, east first, or in degrees, longitude first or as the numbers tell."""
    match = _PAIR.match(words)
    if match is None:
        return None
    first, second = float(match[1]), float(match[2])
    if abs(first) <= 180 and abs(second) <= 180:
        longitude, latitude = (second, first) if abs(second) > 90 else (first, second)
        if abs(latitude) > 90:
            return None
        x, y = Transformer.from_crs(4326, crs, always_xy=True).transform(longitude, latitude)
        said = f"{longitude:.6f}°, {latitude:.6f}°"
    else:
        x, y = (second, first) if first > second > 100_000 and first > 1_500_000 else (first, second)
        said = f"E {x:.1f}, N {y:.1f}"
    return Found(said, text("Coordinates"), place=(float(x), float(y)))


def _rows(city: City, wanted: str) -> Iterator[Found]:
    begins: list[Found] = []
    holds: list[Found] = []
    for table in (name for name in TABLES if name in city.tables):
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
