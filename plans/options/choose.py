"""Choosing: one option for every decision of a city under its accounts, and the tables and figures of what was chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.jobs import Job
from core.problems import Problem, Severity, UserError
from layers.city import City
from plans import Part
from plans.allocation import Allocation, Choices, Prices, allocate
from plans.options.accounts import Goals, Ledger, ledger
from plans.options.choice_figures import figures_of
from plans.options.need import bought_of
from plans.options.offers import AMOUNTS, Offers, offers
from plans.options.planned_roofs import planned_roofs, with_planned_roofs
from plans.options.pruning import undominated
from plans.options.reach import reach_of
from plans.options.rules import decided, must_have_power, refusals, with_decided
from plans.options.sets import Sets, only, sets_of, sized
from plans.options.settings import CARBON, COST, SAVING, Bought, ProgrammeSettings
from plans.period import period_of
from potential import Assessment
from standards import Number, Taken

Floats = NDArray[np.float64]
MOST_ROUNDS = 12  # of the ratio of savings to money; it converges faster than linearly
ALIKE = 1e-6  # weight of money where carbon decides
SETTLED = 1e-4  # relative change below which the ratio stands
LIMITS = {
    "": "",
    "reach": "out_of_reach",
    "together": "in_conflict",
    "price": "too_dear",
    "size": "too_large",
}
REMARKS = (
    "No price or cost holds a subsidy, grant or certificate, so that the price of a target is its whole price.",
    "Costs go with the size; boilers and chillers that are no longer needed are not credited.",
    "Panels of each class are decided by themselves, for roofs were divided between them and collectors before.",
    "Coal is that of GB/T 50801; carbon is that of the assessments, with that of cold against a usual chiller.",
    "Floor area served is that of the parcel by the share of its yearly heat or cold.",
)


def choose(
    city: City,
    assessments: Mapping[str, Assessment],
    targets: pd.DataFrame,
    fixed: pd.DataFrame | None,
    settings: ProgrammeSettings,
    job: Job,
    *,
    bought: Bought | None = None,
    planned_kwp: pd.Series | None = None,
    warm: Prices | Mapping[str, float] | None = None,
) -> Part:
    """One option for every decision: least cost, most carbon or most savings per yuan, under all accounts.

    Parameters
    ----------
    city : City
        With parcels; districts with their grid where known.
    assessments : Mapping of str to Assessment
        By name; `demand` among them.
    targets : DataFrame
        Table `target`: indicator, area_kind, area_id, year, operator, value in base units.
    fixed : DataFrame or None
        The planner's own choices: parcel_id, technology, planned_kw (empty: the largest; 0: never), phase_year, reason.
    settings : ProgrammeSettings
        What the planner set.
    job : Job
        Reports progress and stops when asked.
    bought : Bought, optional
        Energy of urban civil buildings in the target year; by default that of the assessment `demand`.
    planned_kwp : Series, optional
        Photovoltaic capacity that rules ask of new buildings without roofs as yet, by parcel id. [kWp]
    warm : Prices or Mapping of str to float, optional
        Prices of an earlier solution, by the names of accounts; accounts that it did not know start at 0.

    Returns
    -------
    Part
        Tables `choice`, `account` and `refusal`, figures `choice.*`.

    Raises
    ------
    UserError
        A technology is unknown, the demand is missing, or the planner's choices cannot stand.
    """
    part, _ = chosen(
        city, assessments, targets, fixed, settings, job, bought=bought, planned_kwp=planned_kwp, warm=warm
    )
    return part


def chosen(
    city: City,
    assessments: Mapping[str, Assessment],
    targets: pd.DataFrame,
    fixed: pd.DataFrame | None,
    settings: ProgrammeSettings,
    job: Job,
    *,
    bought: Bought | None = None,
    planned_kwp: pd.Series | None = None,
    warm: Prices | Mapping[str, float] | None = None,
) -> tuple[Part, Allocation]:
    """The same with the allocation itself, whose prices start the next one."""
    asked = question(city, assessments, targets, fixed, settings, job, bought=bought, planned_kwp=planned_kwp)
    job.say("Choosing options of parcels", 0.2, force=True)
    problems = [*asked.problems]
    found = solved(asked, warm, job, problems)
    choice = choice_table(asked, found)
    gap = gap_of(asked, found)
    accounts = account_table(asked.book, found)
    problems += _missed(accounts)
    tables = {"choice": choice, "account": accounts, "refusal": refusals(city, assessments, asked.given)}
    part = Part(
        MappingProxyType(tables),
        figures_of(choice, accounts, gap, asked.bought, asked.numbers),
        asked.numbers,
        REMARKS,
        tuple(problems),
    )
    roofs = planned_roofs(asked.given, city.standards)
    return part + roofs + reach_of(city, assessments, asked.given, settings, accounts), found


@dataclass(frozen=True)
class Question:
    """What is chosen from, and what it must add up to.

    Parameters
    ----------
    given : Offers
        What assessments offer.
    sets : Sets
        Options of all decisions.
    book : Ledger
        Accounts, and what every item gives to each.
    settings : ProgrammeSettings
        What the planner set.
    bought : Bought or None
        Energy of urban civil buildings in the target year, where it is known.
    wanted : DataFrame
        The planner's own choices, by offer.
    musts : tuple of str
        Offers that rules ask for.
    numbers : tuple of Number
        Rows that were used.
    problems : tuple of Problem
        What was left out.
    """

    given: Offers
    sets: Sets
    book: Ledger
    settings: ProgrammeSettings
    bought: Bought | None
    wanted: pd.DataFrame
    musts: tuple[str, ...]
    numbers: tuple[Number, ...]
    problems: tuple[Problem, ...]


def question(
    city: City,
    assessments: Mapping[str, Assessment],
    targets: pd.DataFrame,
    fixed: pd.DataFrame | None,
    settings: ProgrammeSettings,
    job: Job,
    *,
    bought: Bought | None = None,
    planned_kwp: pd.Series | None = None,
) -> Question:
    """Options and accounts of a choice; parameters and errors as of `choose`."""
    taken = Taken(city.standards)
    year = settings.target_year or period_of(taken).target_year
    job.say("Gathering options of parcels", 0.0, force=True)
    given = with_planned_roofs(offers(city, assessments, settings, taken), planned_kwp, city.standards)
    wanted = decided(fixed, given)
    problems = [*given.problems]
    sets, musts = _sets(city, given, wanted, settings, problems, taken)
    if bought is None:
        bought = bought_of(city, assessments, settings, taken)
    book, more = ledger(city, assessments, given, sets.items, Goals(targets, year, bought), settings, taken)
    return Question(
        given,
        _pruned(sets, book, settings),
        book,
        settings,
        bought,
        wanted,
        tuple(musts),
        tuple(dict.fromkeys(taken.used)),
        (*problems, *more),
    )


def _sets(
    city: City,
    given: Offers,
    wanted: pd.DataFrame,
    settings: ProgrammeSettings,
    problems: list[Problem],
    taken: Taken,
) -> tuple[Sets, list[str]]:
    """Options of all decisions after rules and the planner's own choices."""
    items = with_decided(sized(given, taken), given, wanted)
    if not settings.allow_unapproved:
        items = items[items["approved"] | items["offer"].isin(wanted.index)].reset_index(drop=True)
    if items.empty:
        raise UserError(
            Problem(
                "There is nothing to choose: no assessment offers anything.",
                "Assess the potentials first.",
            )
        )
    sets = sets_of(items, given.demand, taken)
    musts: list[str] = []
    if settings.new_public_power:
        sets, musts, more = must_have_power(city, sets, given)
        problems += more
    return (only(sets, wanted) if len(wanted) else sets), musts


def _pruned(sets: Sets, book: Ledger, settings: ProgrammeSettings) -> Sets:
    """Without options that another beats in every account and in what is to be best."""
    items = sets.items
    good = [-items["gross_yuan_per_year"], -items["cost_yuan_per_year"]]
    if settings.objective != COST:
        good += [items["avoided_tco2_per_year"], items["saved_kgce_per_year"]]
    measures = book.measures()
    columns = [sets.of_items(one.to_numpy(dtype=float)) for one in good]
    columns += [sets.of_items(measures[:, one]) for one in range(measures.shape[1])]
    drawing = items["offer"].isin(book.drawing).to_numpy()
    codes = np.where(drawing, pd.factorize(items["offer"])[0] + 1, 0).astype(float)
    draws = sets.of_items(codes).astype(np.int64)
    return sets.keeping(undominated(sets.start, np.column_stack(columns), draws))


def solved(
    asked: Question, warm: Prices | Mapping[str, float] | None, job: Job, problems: list[Problem]
) -> Allocation:
    """The allocation that is best in what the settings ask for; `problems` are added to."""
    sets, book, settings = asked.sets, asked.book, asked.settings
    items = sets.items
    gain = book.matrix(sets.first, sets.second)
    key = pd.util.hash_array(np.array(sets.decision, dtype=object))
    cost = sets.of_items(items["cost_yuan_per_year"].to_numpy(dtype=float))

    def solve(objective: Floats, start: Prices | Mapping[str, float] | None) -> Allocation:
        return allocate(Choices(sets.start, objective, gain, key), book.accounts, warm=start, job=job)

    if settings.objective == COST:
        return solve(cost, warm)
    avoided = sets.of_items(items["avoided_tco2_per_year"].to_numpy(dtype=float))
    yearly = sets.of_items(items["gross_yuan_per_year"].to_numpy(dtype=float))
    # A yuan counts for nothing beside a tonne, but between equals the cheaper one is taken.
    mean = float(np.abs(yearly).mean()) or 1.0
    if settings.objective == CARBON:
        per_tonne = float(np.abs(avoided).mean()) or 1.0
        return solve(-avoided * mean / per_tonne + ALIKE * cost, warm)
    return _best_ratio(sets, yearly, solve, warm, bool(book.accounts), problems)


def _best_ratio(
    sets: Sets,
    yearly: Floats,
    solve: Callable[[Floats, Prices | Mapping[str, float] | None], Allocation],
    warm: Prices | Mapping[str, float] | None,
    bound: bool,
    problems: list[Problem],
) -> Allocation:
    """Most coal saved for every yuan a year: the ratio is raised until no choice beats it (Dinkelbach 1967)."""
    saved = sets.of_items(sets.items["saved_kgce_per_year"].to_numpy(dtype=float))
    if not bound:
        problems.append(
            Problem(
                "Without a target the most savings per yuan are those of a single option.",
                "Set a target, so that the best way to it is chosen.",
                severity=Severity.WARNING,
            )
        )
    ratio = 0.0
    found: Allocation = solve(-saved, warm)
    for _ in range(MOST_ROUNDS):
        money, coal = float(yearly[found.chosen].sum()), float(saved[found.chosen].sum())
        better = coal / money if money > 0 else 0.0
        if better <= ratio * (1 + SETTLED):
            break
        ratio = better
        # At the best ratio this is 0 in all, of which no gap is a share; so every decision bears its part of the money.
        found = solve(yearly - saved / ratio + money / len(sets.decision), found.warm)
    return found


def gap_of(asked: Question, found: Allocation) -> float:
    """How far from the best the choice is at most: over its own value, or over the money where a ratio is best at 0."""
    sets = asked.sets
    if asked.settings.objective != SAVING:
        return found.gap
    yearly = sets.of_items(sets.items["gross_yuan_per_year"].to_numpy(dtype=float))
    money = float(yearly[found.chosen].sum())
    return (found.cost - found.bound) / money if money > 0 else 0.0


def choice_table(asked: Question, found: Allocation) -> pd.DataFrame:
    """The chosen items, by `parcel_id/technology`."""
    sets, wanted = asked.sets, asked.wanted
    places = np.concatenate([sets.first[found.chosen], sets.second[found.chosen]])
    rows = sets.items.iloc[np.sort(places[places >= 0])]
    offer = rows["offer"].astype(str)
    fixed = offer.isin(wanted.index)
    reason = np.select([fixed, offer.isin(asked.musts)], ["planner", "new public building"], "programme")
    own = (
        offer.map(wanted["reason"]).fillna("").astype(str) if len(wanted) else pd.Series("", index=rows.index)
    )
    table = rows[["parcel_id", "technology", "family", *AMOUNTS, "approved"]].copy()
    table["fixed"] = fixed.to_numpy()
    table["phase_year"] = offer.map(wanted["phase_year"]).to_numpy(dtype=float) if len(wanted) else np.nan
    table["reason"] = np.where(own != "", own, reason)
    table["size_share"] = rows["share"].round(6)
    table.index = pd.Index(offer, name="choice_id", dtype=object)
    whole = ["kwh_per_year", "cold_kwh_per_year", "electricity_kwh_per_year", "served_m2", "capex_yuan",
             "opex_yuan_per_year", "cost_yuan_per_year", "saved_kgce_per_year"]  # fmt: skip
    table[whole] = table[whole].round()
    table["panel_m2"] = table["panel_m2"].round(1)
    table["avoided_tco2_per_year"] = table["avoided_tco2_per_year"].round(3)
    return table


def account_table(book: Ledger, found: Allocation) -> pd.DataFrame:
    """What was to be reached, what was, and at which price."""
    return pd.DataFrame(
        {
            "indicator": book.indicator,
            "account_unit": book.unit,
            "at_least": [one.at_least for one in book.accounts],
            "required": [one.value for one in book.accounts],
            "reached": found.reached,
            "price_yuan": found.prices,
            "price_low_yuan": found.price_low,
            "price_high_yuan": found.price_high,
            "price_ceiling_yuan": [one.price_ceiling for one in book.accounts],
            "account_rank": [one.rank for one in book.accounts],
            "shortfall": found.shortfall,
            "reach": found.reach,
            "limit": [LIMITS[one.kind] for one in found.limits],
            "limit_with": [" ".join(one.others) for one in found.limits],
        },
        index=pd.Index([one.name for one in book.accounts], name="account", dtype=object),
    )


def _missed(accounts: pd.DataFrame) -> list[Problem]:
    """Accounts that could not be met."""
    missed = accounts[accounts["shortfall"] > 0]
    if missed.empty:
        return []
    return [
        Problem(
            "These targets and limits cannot all be met.",
            "Look at what limits each, and lower a target or give more room.",
            severity=Severity.WARNING,
            table="account",
            rows=tuple(missed.index),
        )
    ]
