"""Moving: what is chosen when targets take other values, solved from the prices of the last choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from core.jobs import Job
from core.problems import Problem, UserError
from plans.options.accounts import SHARE, account_rules, needed_kgce
from plans.options.choose import Question, account_table, choice_table, gap_of, solved
from standards import Standards

COMPARED = [
    "planned_kw", "served_m2", "panel_m2", "capex_yuan", "cost_yuan_per_year", "saved_kgce_per_year",
    "avoided_tco2_per_year",
]  # fmt: skip


@dataclass(frozen=True)
class Moved:
    """What is chosen when targets were moved.

    Parameters
    ----------
    accounts : DataFrame
        Table `account`: required, reached, price, shortfall and limit of every account.
    choice : DataFrame
        Table `choice`, without years.
    gap : float
        How far from the best the choice is at most.
    change : DataFrame
        By family: what capacity, area, money, coal and carbon change against the choice before.
    parcels : tuple of str
        Parcels whose choice differs from the one before.
    problems : tuple of Problem
        What was left out.
    """

    accounts: pd.DataFrame
    choice: pd.DataFrame
    gap: float
    change: pd.DataFrame
    parcels: tuple[str, ...]
    problems: tuple[Problem, ...]


def moved(
    asked: Question,
    values: Mapping[str, float],
    before: pd.DataFrame,
    prices: Mapping[str, float],
    standards: Standards,
    job: Job,
) -> Moved:
    """The choice for moved targets.

    Parameters
    ----------
    asked : Question
        Options and accounts as they were.
    values : Mapping of str to float
        New values of targets and of the budget by account, in base units; of rates, shares of 1.
    before : DataFrame
        Table `choice` that is compared with.
    prices : Mapping of str to float
        Prices by account to start from.
    standards : Standards
        Its table of accounts says which are rates.
    job : Job
        Stops when asked.

    Raises
    ------
    UserError
        There is no such account.
    """
    names = [one.name for one in asked.book.accounts]
    unknown = [name for name in values if name not in names]
    if unknown:
        raise UserError(
            Problem(
                "The plan has no targets {names} that could be moved.",
                "Set them as targets and make the plan once, or move one of: {known}.",
                names=", ".join(unknown),
                known=", ".join(names),
            )
        )
    rules = account_rules(standards)
    accounts = []
    for account, indicator in zip(asked.book.accounts, asked.book.indicator, strict=True):
        value = values.get(account.name, None)
        if value is not None and asked.bought is not None and indicator and rules[indicator]["form"] == SHARE:
            value = needed_kgce(value, asked.bought, asked.settings.rate_form) - asked.bought.replaced_kgce
        accounts.append(account if value is None else replace(account, value=value))
    new = replace(asked, book=replace(asked.book, accounts=accounts))
    problems: list[Problem] = []
    found = solved(new, prices, job, problems)
    choice = choice_table(new, found)
    return Moved(
        account_table(new.book, found),
        choice,
        gap_of(new, found),
        _change(before, choice),
        _differing(before, choice),
        tuple(problems),
    )


def _change(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Sums by family after less before."""
    old, new = (one.groupby("family")[COMPARED].sum() for one in (before, after))
    return new.sub(old, fill_value=0.0)


def _differing(before: pd.DataFrame, after: pd.DataFrame) -> tuple[str, ...]:
    """Parcels on which a technology has another capacity."""
    both = pd.concat([before["planned_kw"].rename("old"), after["planned_kw"].rename("new")], axis=1).fillna(
        0.0
    )
    differ = both.index[(both["old"] - both["new"]).abs() > 1e-9]
    parcel = pd.concat([before["parcel_id"], after["parcel_id"]])
    parcel = parcel[~parcel.index.duplicated()]
    return tuple(dict.fromkeys(map(str, parcel.reindex(differ))))
