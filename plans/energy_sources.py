"""Sources of energy data: meters, audits and statistics laid over the model in their order, with their conflicts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.fields import fields
from core.problems import Problem, Severity
from core.texts import Phrase
from demand.systems import FINAL
from plans.conversion import GJ_PER_KWH, MJ_PER_KWH, Factors
from plans.stock import EXISTING, NOT_CIVIL, Stock
from standards import Taken

Numbers = NDArray[np.float64]
METER, AUDIT, STATISTICS, MODEL = "meter", "audit", "statistics", "model"
COLUMNS = (
    "energy_source", "area_kind", "area_id", "use", "carrier", "statistics_year",
    "statistics_amount", "statistics_unit",
)  # fmt: skip


@dataclass(frozen=True)
class Merged:
    """Energy of every row of the stock by carrier, and where it comes from.

    Parameters
    ----------
    energy : mapping of str to ndarray
        By carrier, (n,). [kWh]
    source : mapping of str to ndarray
        By carrier, (n,): meter, audit, statistics or model.
    group : mapping of str to ndarray
        By carrier, (n,): number of the statistical total that scaled a row, −1 where none did.
    problems : tuple of Problem
        Conflicts between sources.
    """

    energy: dict[str, Numbers]
    source: dict[str, NDArray[np.object_]]
    group: dict[str, NDArray[np.int64]]
    problems: tuple[Problem, ...]


def merged(
    stock: Stock, statistics: pd.DataFrame | None, year: int, factors: Factors, taken: Taken
) -> Merged:
    """The best that is known of every row, by the order of the table `energy_source_order`.

    Parameters
    ----------
    stock : Stock
        With modelled and metered energy.
    statistics : DataFrame, optional
        Audits of buildings and totals of statistics, a row each: `energy_source` (audit, statistics), `area_kind`
        (building, district, city), `area_id` (of the building, name or code of the district, empty for the city),
        `use` (a use, `residential` for housing, `public` for all public buildings, empty for all civil buildings),
        `carrier`, `statistics_year`, `statistics_amount` and `statistics_unit` (kWh, m3, GJ).
    year : int
        Base year; of each total the latest year up to it is taken.
    factors : Factors
        For gas in cubic metres.
    taken : Taken
        Reads and remembers numbers.

    Notes
    -----
    A total is laid over what ranks below it: that is scaled so that the sum is the total. Small groups go first, so that
    the total of a city fills what those of its districts and trades leave. A total that would scale by more than the
    limits allow is listed and not taken.
    """
    frame = stock.frame
    problems: list[Problem] = []
    rows = _rows(statistics, year, problems)
    rank = _ranks(taken)
    energy = {carrier: stock.bought(carrier) for carrier in FINAL}
    source = {carrier: np.full(len(frame), MODEL, dtype=object) for carrier in FINAL}
    group = {carrier: np.full(len(frame), -1, dtype=np.int64) for carrier in FINAL}
    rows["kwh"] = _kwh(rows, factors)
    audits = rows[rows["area_kind"] == "building"]
    known = {METER: {one: frame[f"metered_{one}"].to_numpy(dtype=float) for one in FINAL}, AUDIT: {}}
    for carrier in FINAL:
        mine = audits[audits["carrier"] == carrier].drop_duplicates("area_id").set_index("area_id")["kwh"]
        known[AUDIT][carrier] = mine.reindex(frame.index.astype(str)).to_numpy(dtype=float)
    _unknown_places(audits, frame, problems)
    limit = taken.number("energy_plan_rules", item="conflict", case="building")
    for carrier in FINAL:
        meter, audit = known[METER][carrier], known[AUDIT][carrier]
        apart = np.abs(meter - audit) > limit * np.maximum(meter, audit)
        if apart.any():
            problems.append(_apart(frame.index[apart], carrier))
        for name in sorted((METER, AUDIT), key=lambda one: -rank[one]):
            has = np.isfinite(known[name][carrier])
            energy[carrier] = np.where(has, known[name][carrier], energy[carrier])
            source[carrier] = np.where(has, name, source[carrier])
    _scale(frame, rows[rows["area_kind"] != "building"], energy, source, group, rank, taken, problems)
    return Merged(energy, source, group, tuple(problems))


def _rows(statistics: pd.DataFrame | None, year: int, problems: list[Problem]) -> pd.DataFrame:
    """The rows that can be used, the latest of each total; the others as problems."""
    if statistics is None or statistics.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    missing = [name for name in COLUMNS if name not in statistics]
    if missing:
        problems.append(
            Problem(
                "The table of energy statistics lacks the columns {columns}.",
                "Add these columns.",
                table="statistics",
                columns=", ".join(fields()[name].title for name in missing),
            )
        )
        return pd.DataFrame(columns=list(COLUMNS))
    rows = statistics[list(COLUMNS)].copy()
    if not rows.index.is_unique:
        rows = rows.reset_index(drop=True)
    for name in ("area_id", "use"):
        rows[name] = rows[name].fillna("").astype(str)
    known = fields()
    bad = pd.to_numeric(rows["statistics_amount"], errors="coerce").isna()
    for name in ("energy_source", "area_kind", "carrier", "statistics_unit"):
        bad |= ~rows[name].isin(known[name].choices)
    bad |= ~rows["carrier"].isin(FINAL) | (pd.to_numeric(rows["statistics_amount"], errors="coerce") < 0)
    bad |= pd.to_numeric(rows["statistics_year"], errors="coerce").isna()
    if bad.any():
        problems.append(
            Problem(
                "Rows of the energy statistics have a source, area, carrier, unit, year or amount that is not known.",
                "Correct these rows; they are left out.",
                severity=Severity.WARNING,
                table="statistics",
                rows=tuple(rows.index[bad]),
            )
        )
    rows = rows[~bad & (pd.to_numeric(rows["statistics_year"], errors="coerce") <= year)]
    keys = ["energy_source", "area_kind", "area_id", "use", "carrier"]
    rows = rows.sort_values("statistics_year", kind="stable").drop_duplicates(keys, keep="last")
    older = rows["statistics_year"].astype(int) < year
    if older.any():
        problems.append(
            Problem(
                "Energy statistics are older than the base year {year}.",
                "Add those of the base year; until then the latest are taken as they are.",
                severity=Severity.NOTE,
                table="statistics",
                rows=tuple(rows.index[older]),
                year=year,
            )
        )
    return rows


def _ranks(taken: Taken) -> dict[str, float]:
    names = (METER, AUDIT, STATISTICS, MODEL)
    return {name: taken.number("energy_source_order", energy_source=name, column="rank") for name in names}


def _kwh(rows: pd.DataFrame, factors: Factors) -> pd.Series:
    """Amounts in kilowatt-hours. [kWh]"""
    of = {"kWh": 1.0, "GJ": 1.0 / GJ_PER_KWH, "m3": factors.gas * factors.coal_mj / MJ_PER_KWH}
    return rows["statistics_amount"].astype(float) * rows["statistics_unit"].map(of).astype(float)


def _unknown_places(audits: pd.DataFrame, frame: pd.DataFrame, problems: list[Problem]) -> None:
    unknown = audits.index[~audits["area_id"].isin(frame.index.astype(str))]
    if len(unknown):
        problems.append(
            Problem(
                "Energy audits name buildings that the city does not have.",
                "Correct the ids of these rows; they are left out.",
                severity=Severity.WARNING,
                table="statistics",
                rows=tuple(unknown),
            )
        )


def _apart(rows: pd.Index, carrier: str) -> Problem:
    return Problem(
        "Meter and audit of {carrier} are far apart.",
        "Find out which is right; until then the one that goes first is taken.",
        severity=Severity.WARNING,
        table="building",
        rows=tuple(rows),
        carrier=Phrase(carrier),
    )


def _members(frame: pd.DataFrame, row: pd.Series) -> NDArray[np.bool_]:
    """Standing civil buildings that a total counts."""
    here = ((frame["civil"] != NOT_CIVIL) & (frame["stock_kind"] == EXISTING)).to_numpy(dtype=bool)
    if row["area_kind"] == "district":
        here = (
            here
            & (
                (frame["district_name"] == row["area_id"]) | (frame["district_code"] == row["area_id"])
            ).to_numpy()
        )
    if row["use"] in ("residential", "public"):
        here = here & (frame["civil"] == row["use"]).to_numpy()
    elif row["use"]:
        here = here & (frame["use"] == row["use"]).to_numpy()
    return np.asarray(here, dtype=bool)


def _scale(
    frame: pd.DataFrame,
    totals: pd.DataFrame,
    energy: dict[str, Numbers],
    source: dict[str, NDArray[np.object_]],
    group: dict[str, NDArray[np.int64]],
    rank: dict[str, float],
    taken: Taken,
    problems: list[Problem],
) -> None:
    """Lay the totals over what ranks below them, the smallest groups first."""
    if totals.empty:
        return
    least = taken.number("energy_plan_rules", item="conflict", case="least factor")
    most = taken.number("energy_plan_rules", item="conflict", case="most factor")
    limit = taken.number("energy_plan_rules", item="conflict", case="total")
    members = {name: _members(frame, row) for name, row in totals.iterrows()}
    carriers = dict(zip(totals.index, totals["carrier"].astype(str), strict=True))
    amounts = dict(zip(totals.index, totals["kwh"].astype(float), strict=True))
    refused, apart = [], []
    for number, name in enumerate(sorted(members, key=lambda one: int(members[one].sum()))):
        carrier, amount = carriers[name], amounts[name]
        here = members[name]
        before = rank[STATISTICS]
        ranks = np.array([rank[one] for one in source[carrier]])
        fixed = here & ((ranks < before) | (group[carrier] >= 0))
        free = here & ~fixed
        rest, left = float(energy[carrier][free].sum()), amount - float(energy[carrier][fixed].sum())
        factor = left / rest if rest > 0 else np.nan
        if not least <= factor <= most:
            refused.append(name)
            continue
        if abs(amount - float(energy[carrier][here].sum())) > limit * amount:
            apart.append(name)
        energy[carrier] = np.where(free, energy[carrier] * factor, energy[carrier])
        source[carrier] = np.where(free, STATISTICS, source[carrier])
        group[carrier] = np.where(free, number, group[carrier])
    if refused:
        problems.append(
            Problem(
                "Statistical totals lie too far from what meters, audits and the model say of their buildings.",
                "Compare which buildings the totals count; they are not taken.",
                severity=Severity.WARNING,
                table="statistics",
                rows=tuple(refused),
            )
        )
    if apart:
        problems.append(
            Problem(
                "Statistical totals differ from what meters, audits and the model say of their buildings.",
                "The totals were taken; compare which buildings they count.",
                severity=Severity.WARNING,
                table="statistics",
                rows=tuple(apart),
            )
        )
