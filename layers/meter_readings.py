"""Meter readings: monthly energy of buildings and parcels from a table of a utility, set where it was used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from core.jobs import Job
from core.problems import Problem, Severity, UserError
from layers import table_files
from layers.encodings import of_csv
from layers.geometry import shapes_of
from standards import SHIPPED, Standards

TABLE = "metered"
COLUMNS = ("place_id", "carrier", "reading_year", "reading_month", "metered_kwh")


@dataclass(frozen=True)
class Readings:
    """Readings as points at what they belong to, and what the user should know."""

    frame: gpd.GeoDataFrame
    problems: tuple[Problem, ...]


def read_readings(
    path: Path,
    places: Mapping[str, gpd.GeoDataFrame],
    job: Job,
    *,
    encoding: str | None = None,
    standards: Standards = SHIPPED,
) -> Readings:
    """Read a CSV of monthly readings.

    Parameters
    ----------
    path : Path
        One row a reading: id of the building or parcel, carrier, year, month, kWh; heads by our names or those of
        the table of aliases.
    places : Mapping of str to GeoDataFrame
        Tables `building` and `parcel` as they were given, by their id.
    job : Job
        Stops when asked.
    encoding : str, optional
        Of the text; found where not named.
    standards : Standards
        With the aliases of columns and the words of carriers.

    Raises
    ------
    UserError
        If a column is missing or no reading can be used.

    Notes
    -----
    Readings without a place, a month or a number are left out and said; of two readings of the same month the sum
    counts, as of two meters.
    """
    rows = table_files.csv_rows(path, of_csv(path, encoding).encoding, job)
    given = pd.DataFrame(rows[1:], columns=[str(one).strip() for one in rows[0]], dtype=str)
    table = _named(given, standards)
    words = standards.table("value_words")
    carriers = words[words["field"] == "carrier"].set_index("word")["value"]
    said = table["carrier"].astype(str).str.strip()
    table["carrier"] = said.map(carriers).fillna(said.str.lower())
    for name in COLUMNS[2:]:
        table[name] = pd.to_numeric(table[name].astype(str).str.replace(",", ""), errors="coerce")
    table["place_id"] = table["place_id"].astype(str).str.strip()
    spots = pd.concat(
        [
            pd.Series(
                gpd.GeoSeries(shapes_of(frame)).representative_point().to_numpy(),
                index=frame.index.astype(str),
            )
            for frame in places.values()
        ]
        or [pd.Series(dtype=object)]
    )
    spots = spots[~spots.index.duplicated()]
    known = table["place_id"].isin(spots.index)
    whole = (
        table["reading_month"].between(1, 12) & table["reading_year"].notna() & (table["metered_kwh"] >= 0)
    )
    wrong = whole & ~table["carrier"].isin(set(carriers))
    use = known & whole & ~wrong
    problems = [
        *_left_out(
            table["place_id"], ~known, "{count} readings belong to no building or parcel of the project."
        ),
        *_left_out(table["place_id"], known & ~whole, "{count} readings lack a month, a year or a number."),
        *_left_out(table["place_id"], known & wrong, "{count} readings are of a carrier that is not known."),
    ]
    if not use.any():
        raise UserError(
            Problem("No meter reading of the file can be used.", "Check ids, carriers and months."), *problems
        )
    kept = table[use].copy()
    kept[["reading_year", "reading_month"]] = kept[["reading_year", "reading_month"]].astype(np.int64)
    kept.index = pd.Index([f"M-{number:06d}" for number in range(1, len(kept) + 1)], name="metered_id")
    crs = next(iter(places.values())).crs
    frame = gpd.GeoDataFrame(kept, geometry=spots.reindex(kept["place_id"]).to_numpy(), crs=crs)
    return Readings(frame, tuple(problems))


def _named(given: pd.DataFrame, standards: Standards) -> pd.DataFrame:
    """The columns that are needed under our names."""
    known = standards.table("field_aliases")
    aliases = known[known["table"] == TABLE].set_index("field")["aliases"]
    heads = {name.casefold(): name for name in given.columns}
    found: dict[str, pd.Series] = {}
    missing: list[str] = []
    for name in COLUMNS:
        words = [name, *str(aliases.get(name, "")).split("|")]
        head = next((heads[word.casefold()] for word in words if word.casefold() in heads), None)
        if head is None:
            missing.append(name)
        else:
            found[name] = given[head]
    if missing:
        raise UserError(
            Problem(
                "The file of meter readings has no column {columns}.",
                "Give one row a reading: id of the building or parcel, carrier, year, month and kWh.",
                columns=", ".join(missing),
            )
        )
    return pd.DataFrame(found)


def _left_out(ids: pd.Series, rows: pd.Series, message: str) -> list[Problem]:
    if not rows.any():
        return []
    return [
        Problem(
            message,
            "They were left out; correct them in the file.",
            severity=Severity.WARNING,
            table=TABLE,
            rows=tuple(dict.fromkeys(ids[rows])),
            count=int(rows.sum()),
        )
    ]
