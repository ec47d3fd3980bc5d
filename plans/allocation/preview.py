"""Preview of a moved target: prices, sums and cost from a stratified sample of parcels, while a slider moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.jobs import Job
from plans.allocation.choices import Account, Choices, Floats, Places, Prices, check_accounts
from plans.allocation.dual import SOFTNESS, Goals, goals_of, raised
from plans.allocation.table import Passes, table_of

SHARE = 0.05  # of all parcels
LEAST_PARCELS = 500


@dataclass(frozen=True)
class Preview:
    """What a sample says of moved targets.

    Parameters
    ----------
    prices : ndarray, shape (accounts,)
        [yuan per unit]
    reached : ndarray, shape (accounts,)
        Sums over the city.
    cost : float
        [yuan]
    share : float
        Of all parcels that were asked.
    """

    prices: Floats
    reached: Floats
    cost: float
    share: float


def preview(
    choices: Choices,
    accounts: Sequence[Account],
    *,
    warm: Prices,
    stratum: Places | None = None,
    job: Job,
) -> Preview:
    """Prices, sums and cost when targets have moved since the last solution, from one parcel in twenty.

    The sample answers how much changes; the last solution of the whole says from where.

    Parameters
    ----------
    choices : Choices
        Those of the last solution.
    accounts : sequence of Account
        With their new values; the same accounts as in the last solution.
    warm : Prices
        Of the last solution.
    stratum : ndarray of int64, shape (parcels,), optional
        District and use of each parcel as a number: every stratum gives its share of the sample.
    job : Job
        Stops when asked.

    Raises
    ------
    UserError
        As of `allocate`.
    ValueError
        The last solution was of other accounts.
    """
    check_accounts(choices, accounts)
    if warm.names != tuple(account.name for account in accounts):
        raise ValueError("the last solution was of other accounts")
    table = warm.table if warm.table.choices is choices else table_of(choices)
    every = max(1, min(round(1 / SHARE), len(table) // LEAST_PARCELS))
    kinds = np.zeros(len(table), np.int64) if stratum is None else stratum[table.order]
    parcels = np.sort(np.argsort(kinds, kind="stable")[every // 2 :: every]).astype(np.int64)
    share = len(parcels) / len(table)
    with Passes(table.part(parcels), job) as part:
        goals = goals_of(accounts, *(one / share for one in part.reach()))
        softness = SOFTNESS[-1] * table.mean_cost
        _, cost, used = part.soft(goals.sign * warm.price, softness)
        # the sample is to give what it gives at the old prices, and its share of what the whole is to give more
        value = used + share * (goals.value - warm.used)
        asked = Goals(goals.sign, value, goals.ceiling, goals.scale * share, goals.rank)
        price = raised(part, asked, warm.price, SOFTNESS[-1])
        _, dearer, more = part.soft(goals.sign * price, softness)
    return Preview(price, warm.used + (more - used) / share, warm.cost + (dearer - cost) / share, share)
