"""Phasing: the year of every chosen work, under yearly money, the rhythm of building and the targets of every year."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.jobs import Job
from core.problems import Problem, Severity, UserError
from layers.city import City
from plans import Part
from plans.allocation import Account, Allocation, Choices, allocate
from plans.figures import Figure, Figures
from plans.indicator_inputs import GROSS
from plans.options.accounts import SHARE, account_rules, counting, measured, needed_kgce, within
from plans.options.settings import Bought, ProgrammeSettings
from plans.period import Period, period_of
from standards import Taken

Floats = NDArray[np.float64]
EXISTING, DECIDED = "existing", "decided"
MONEY = "capex_yuan"
BUDGET, RHYTHM, LEAST = "budget", "rhythm", "least"
YEARLY = ("saved_kgce_per_year", "avoided_tco2_per_year")
CUMULATIVE = (  # measure, families, and how the columns of the table of years are called
    ("planned_kw", ("pv",), "pv_{}_kw"),
    ("served_m2", ("shallow_ground", "groundwater", "surface_water", "deep_ground"), "geothermal_{}_m2"),
    ("served_m2", ("air",), "air_{}_m2"),
    ("served_m2", ("waste_heat", "biomass"), "other_heat_{}_m2"),
    ("panel_m2", ("solar_thermal",), "collector_{}_m2"),
)


@dataclass(frozen=True)
class Windows:
    """Years in which works may be finished.

    Parameters
    ----------
    years : range
        Of the programme.
    first, last : ndarray of int64, shape (works,)
        First and last year of each work.
    kind : ndarray of str, shape (works,)
        `new build`, `renewal`, `existing` or `decided`.
    """

    years: range
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    kind: NDArray[np.object_]


def phased(
    city: City,
    choice: pd.DataFrame,
    targets: pd.DataFrame,
    settings: ProgrammeSettings,
    job: Job,
    *,
    bought: Bought | None = None,
    started: int | None = None,
) -> tuple[pd.DataFrame, Part]:
    """The choice with the year of every work, and the programme by years.

    Parameters
    ----------
    city : City
        With parcels and their status, buildings and the year of their renewal.
    choice : DataFrame
        Table `choice`; a `phase_year` that stands already is kept.
    targets : DataFrame
        Table `target`, those of the years between among them.
    settings : ProgrammeSettings
        Years, and what may be spent in one.
    job : Job
        Reports progress and stops when asked.
    bought : Bought, optional
        Energy of urban civil buildings, for targets of 替代率 and the rate of each year.
    started : int, optional
        First year that is still open, in which a programme under way is drawn up anew.

    Returns
    -------
    DataFrame
        Table `choice` with `phase_year`.
    Part
        Table `phase`, a row a year, figures `phase.*`; the years add up to the choice exactly.

    Raises
    ------
    UserError
        The programme ends before it begins.
    """
    taken = Taken(city.standards)
    period = period_of(taken)
    windows = windows_of(city, choice, settings, period, taken, started)
    problems: list[Problem] = []
    if choice.empty:
        table = _table(choice, windows.years, settings, None, np.zeros(0, dtype=bool))
        return choice, Part(MappingProxyType({"phase": table}), numbers=tuple(taken.used))
    counts = counting(city, choice, settings)
    job.say("Ordering works by years", 0.0, force=True)
    year, found, accounts = _years(city, choice, windows, targets, settings, counts, bought, job, taken)
    _late(accounts, found, problems)
    done = choice.assign(phase_year=year.astype(float))
    table = _table(done, windows.years, settings, bought, counts)
    part = Part(
        MappingProxyType({"phase": table}),
        _figures(table, found),
        tuple(dict.fromkeys(taken.used)),
        (
            "Works on new buildings are finished with them, works on buildings to be renewed with the renewal.",
            "Capacities and areas add up over the years, rates are those of the year's state, shares of new buildings of"
            " what is built in the year.",
        ),
        tuple(problems),
    )
    return done, part


def windows_of(
    city: City,
    choice: pd.DataFrame,
    settings: ProgrammeSettings,
    period: Period,
    taken: Taken,
    started: int | None,
) -> Windows:
    """In which years each work may be finished: with its new building, with its renewal, else in any open year."""
    first = settings.from_year or period.from_year
    last = settings.target_year or period.target_year
    open_from = max(first, started or first)
    if last < open_from:
        raise UserError(
            Problem(
                "The programme ends in {last}, before its first open year {first}.",
                "Set a later target year.",
                last=last,
                first=open_from,
            )
        )
    parcels = city.tables["parcel"]
    status = (
        parcels["status"].astype(object) if "status" in parcels else pd.Series(EXISTING, index=parcels.index)
    )
    words = sorted(set(status.dropna().astype(str)) - {EXISTING})
    delay = {
        word: taken.number("energy_plan_rules", item="completion", case=word)
        for word in words
        if word in ("granted", "approved", "planned")
    }
    of = choice["parcel_id"].map(status).astype(object)
    done = period.base_year + of.map(delay).to_numpy(dtype=float)
    renewed = choice["parcel_id"].map(_renewals(city)).to_numpy(dtype=float)
    known = pd.to_numeric(choice["phase_year"], errors="coerce").to_numpy(dtype=float)
    kind = np.select(
        [~np.isnan(known), ~np.isnan(done), renewed >= open_from],
        [DECIDED, "new build", "renewal"],
        EXISTING,
    )
    fixed = np.select(
        [~np.isnan(known), ~np.isnan(done), renewed >= open_from], [known, done, renewed], np.nan
    )
    # A building that is finished after the programme is left to its last year, so that the years add up to the plan.
    within = np.where(kind == DECIDED, fixed, np.clip(fixed, open_from, last))
    low = np.where(np.isnan(within), open_from, within).astype(np.int64)
    high = np.where(np.isnan(within), last, within).astype(np.int64)
    earliest = min(first, int(low.min()) if len(low) else first)
    return Windows(range(earliest, last + 1), low, np.maximum(high, low), np.asarray(kind, dtype=object))


def _renewals(city: City) -> pd.Series:
    """Year in which most floor area of a parcel is renewed, by parcel."""
    buildings = city.tables.get("building")
    if buildings is None or "retrofit_year" not in buildings or "parcel_id" not in buildings:
        return pd.Series(dtype=float)
    rows = buildings[pd.to_numeric(buildings["retrofit_year"], errors="coerce") > 0]
    if rows.empty:
        return pd.Series(dtype=float)
    largest = rows.sort_values("gfa_m2").groupby("parcel_id").tail(1)
    found: pd.Series = pd.to_numeric(largest.set_index("parcel_id")["retrofit_year"])
    return found


def _years(
    city: City,
    choice: pd.DataFrame,
    windows: Windows,
    targets: pd.DataFrame,
    settings: ProgrammeSettings,
    counts: NDArray[np.bool_],
    bought: Bought | None,
    job: Job,
    taken: Taken,
) -> tuple[NDArray[np.int64], Allocation, list[Account]]:
    """The year of every work: years are options of the same solver, the present value of money is least."""
    widths = windows.last - windows.first + 1
    start = np.concatenate([[0], np.cumsum(widths)]).astype(np.int64)
    work = np.repeat(np.arange(len(choice)), widths)
    year = (windows.first[work] + np.arange(start[-1]) - start[work]).astype(np.int64)
    rate = taken.number("pv_economics", item="discount", case="rate")
    # A work costs, or earns, its yearly cost in every year from its own to the last of the programme.
    worth = (1.0 + rate) ** -np.arange(len(windows.years), dtype=float)
    left = np.cumsum(worth[::-1])[::-1]
    cost = choice["cost_yuan_per_year"].to_numpy(dtype=float)[work] * left[year - windows.years[0]]
    accounts, gains = _accounts(city, choice, windows, targets, settings, counts, bought, work, year, taken)
    gain = np.column_stack(gains) if gains else np.zeros((len(cost), 0))
    key = pd.util.hash_array(choice.index.to_numpy(dtype=object))
    found = allocate(Choices(start, cost, gain, key), accounts, job=job)
    return year[found.chosen].astype(np.int64), found, accounts


def _accounts(
    city: City,
    choice: pd.DataFrame,
    windows: Windows,
    targets: pd.DataFrame,
    settings: ProgrammeSettings,
    counts: NDArray[np.bool_],
    bought: Bought | None,
    work: NDArray[np.int64],
    year: NDArray[np.int64],
    taken: Taken,
) -> tuple[list[Account], list[Floats]]:
    """Money of every year, the targets of the years before the last, and the most and the least that a year builds."""
    capex = choice[MONEY].to_numpy(dtype=float)
    ceiling = taken.number("programme_rules", item="price", case="ceiling")
    rank = int(taken.number("programme_rules", item="rank", case="budget"))
    most = taken.number("programme_rules", item="phase", case="most_share") * float(capex.sum())
    accounts: list[Account] = []
    gains: list[Floats] = []
    for one in windows.years:
        here = np.where(year == one, capex[work], 0.0)
        if settings.yearly_budget_yuan is not None:
            accounts.append(Account(f"{BUDGET}/{one}", False, settings.yearly_budget_yuan, ceiling, rank))
            gains.append(here)
        accounts.append(Account(f"{RHYTHM}/{one}", False, most, ceiling, rank + 1))
        gains.append(here)
    rules = account_rules(taken.standards)
    rows = targets[targets["indicator"].isin(list(rules)) & (targets["operator"] == ">=")]
    rows = rows[rows["year"].astype(int).isin(list(windows.years)[:-1])]
    for row in rows.to_dict("records"):
        indicator, area, by = str(row["indicator"]), str(row["area_id"]), int(row["year"])
        rule, kind = rules[indicator], str(row["area_kind"])
        value = float(row["value"])
        if rule["form"] == SHARE:
            if bought is None or kind != "city":
                continue
            value = needed_kgce(value, bought, settings.rate_form) - bought.replaced_kgce
        gain = np.where(within(city, choice, kind, area), measured(choice, rule, counts), 0.0)
        unit_cost = float(choice["capex_yuan"].sum()) / max(float(gain.sum()), 1.0)
        name = "/".join(part for part in (indicator, area, str(by)) if part)
        accounts.append(Account(name, True, value, ceiling * unit_cost, int(rule["rank"]) + 1))
        gains.append(np.where(year <= by, gain[work], 0.0))
    last = 1 + max(account.rank for account in accounts)  # money and targets come before an even rhythm
    for one, value in _least_of_years(choice, windows, settings, taken).items():
        accounts.append(Account(f"{LEAST}/{one}", True, value, ceiling, last))
        gains.append(np.where(year == one, capex[work], 0.0))
    return accounts, gains


def _least_of_years(
    choice: pd.DataFrame, windows: Windows, settings: ProgrammeSettings, taken: Taken
) -> dict[int, float]:
    """Investment that every open year is to see at least, so that building firms have work in all of them. [yuan]"""
    free = windows.kind != DECIDED
    years = [one for one in windows.years if (free & (windows.first <= one) & (one <= windows.last)).any()]
    share = settings.least_yearly_share
    if share is None:
        share = taken.number("programme_rules", item="phase", case="least_share")
    whole = float(choice[MONEY].to_numpy(dtype=float)[free].sum())
    return {one: min(share, 1.0 / len(years)) * whole for one in years} if share * whole > 0 else {}


def _late(accounts: list[Account], found: Allocation, problems: list[Problem]) -> None:
    """What no order of years can keep."""
    short = [one.name for one, short in zip(accounts, found.shortfall, strict=True) if short > 0]
    thin = [name.removeprefix(f"{LEAST}/") for name in short if name.startswith(f"{LEAST}/")]
    missed = [name for name in short if not name.startswith(f"{LEAST}/")]
    if thin:
        problems.append(
            Problem(
                "In these years less is built than the least share of the investment.",
                "Leave more works free of a given year, or lower the least share of a year.",
                severity=Severity.NOTE,
                table="phase",
                rows=tuple(thin),
            )
        )
    if missed:
        problems.append(
            Problem(
                "No order of works keeps these limits and targets of single years.",
                "Give these years more money, lower their targets, or set a later target year.",
                severity=Severity.WARNING,
                table="phase",
                rows=tuple(missed),
            )
        )


def _table(
    choice: pd.DataFrame,
    years: range,
    settings: ProgrammeSettings,
    bought: Bought | None,
    counts: NDArray[np.bool_],
) -> pd.DataFrame:
    """A row a year: what is added, what there is by then, and what it saves in that year."""
    index = pd.Index(list(years), name="phase_year")
    of = choice["phase_year"].astype(int) if len(choice) else pd.Series(dtype=int)
    counted = choice["approved"].astype(bool) if len(choice) else pd.Series(dtype=bool)

    def by_year(values: pd.Series) -> pd.Series:
        return values.groupby(of).sum().reindex(index).fillna(0.0)

    table = pd.DataFrame(index=index)
    table["phase_works"] = by_year(pd.Series(1, index=choice.index)).astype(int)
    table["phase_capex_yuan"] = by_year(choice["capex_yuan"])
    table["phase_budget_yuan"] = (
        np.nan if settings.yearly_budget_yuan is None else settings.yearly_budget_yuan
    )
    for measure, families, name in CUMULATIVE:
        added = by_year(choice[measure].where(choice["family"].isin(families) & counted, 0.0))
        table[name.format("added")] = added.round(1)
        table[name.format("total")] = added.cumsum().round(1)
    for name in YEARLY:
        table[f"phase_{name}"] = by_year(choice[name]).cumsum().round(3)
    table["phase_substitution_share"] = np.nan
    if bought is not None:
        replaced = by_year(choice["saved_kgce_per_year"].where(counts & counted.to_numpy(), 0.0)).cumsum()
        replaced += bought.replaced_kgce
        whole = bought.bought_kgce + bought.replaced_kgce
        under = whole if settings.rate_form == GROSS else whole - replaced
        table["phase_substitution_share"] = replaced / under
    return table


def _figures(table: pd.DataFrame, found: Allocation) -> Figures:
    """Investment and works of every year, what there is by then, and the proof of the order."""
    figures = []
    titles = {
        "phase_works": ("Works finished in {year}", "n"),
        "phase_capex_yuan": ("Investment in {year}", "yuan"),
        "pv_total_kw": ("Photovoltaic capacity added by {year}", "kW"),
        "geothermal_total_m2": ("Floor area newly served by geothermal energy by {year}", "m²"),
        "collector_total_m2": ("Collectors added by {year}", "m²"),
        "phase_saved_kgce_per_year": ("Coal replaced in {year}", "kgce/a"),
        "phase_avoided_tco2_per_year": ("Carbon dioxide avoided in {year}", "tCO2/a"),
    }
    for year, row in table.iterrows():
        for name, (title, unit) in titles.items():
            figures.append(
                Figure(
                    f"phase.{year}.{name}", title, float(row[name]), unit, origin=f"phase.{name}",
                    values={"year": str(year)},
                )
            )  # fmt: skip
    whole = tuple(f"phase.{year}.phase_capex_yuan" for year in table.index)
    figures.append(
        Figure(
            "phase.total.capex_yuan", "Investment of all years", float(table["phase_capex_yuan"].sum()), "yuan",
            "sum over the years", whole,
        )
    )  # fmt: skip
    figures.append(
        Figure(
            "phase.gap", "Largest distance from the best order of years", found.gap, "%",
            "(cost - bound) / |bound|, the bound from the prices of all accounts", digits=2,
        )
    )  # fmt: skip
    return Figures.of(figures)
