"""Choices: what parcels may choose, the accounts of the city that choices add up to, and the allocation that is found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import issparse

from core.problems import Problem, UserError
from core.texts import text

if TYPE_CHECKING:
    from plans.allocation.table import Table

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Choices:
    """The feasible options of all parcels, parcel after parcel.

    Parameters
    ----------
    start : ndarray of int64, shape (parcels + 1,)
        Where the options of every parcel begin; at least one each.
    cost : ndarray, shape (options,)
        What each option costs; below 0 where it earns. [yuan]
    gain : ndarray or sparse array of float32 or float64, shape (options, accounts)
        What each option gives to, or takes from, every account, in the account's unit.
    key : ndarray of uint64, shape (parcels,)
        A number of each parcel that stays the same whatever the order of parcels: ties are broken by it.
    """

    start: Places
    cost: Floats
    gain: Any
    key: NDArray[np.uint64]

    def __post_init__(self) -> None:
        start, options = self.start, len(self.cost)
        if start[0] != 0 or start[-1] != options or (np.diff(start) < 1).any():
            raise ValueError("every parcel needs at least one option, and every option a parcel")
        if len(self.key) != len(start) - 1 or self.gain.ndim != 2 or self.gain.shape[0] != options:
            raise ValueError("keys are of parcels, gains of options")
        gains = self.gain.data if issparse(self.gain) else self.gain
        if not (np.isfinite(self.cost).all() and np.isfinite(gains).all()):
            raise ValueError("costs and gains are finite numbers")

    def __len__(self) -> int:
        return len(self.key)


@dataclass(frozen=True)
class Account:
    """One sum over the city that must reach a value, or stay below it.

    Parameters
    ----------
    name : str
        Key of the account.
    at_least : bool
        Whether the sum must reach the value (a target), or may not pass it (a budget, a shared source).
    value : float
        In the unit of the account; 0 for ratios that were made linear.
    price_ceiling : float
        What a unit may cost at most: a target that costs more gives way. [yuan per unit]
    rank : int
        Where not all can be met, accounts of a larger rank give way to those of a smaller one.
    """

    name: str
    at_least: bool
    value: float
    price_ceiling: float
    rank: int = 0

    @property
    def sign(self) -> float:
        """+1 for what must be reached, -1 for what may not be passed."""
        return 1.0 if self.at_least else -1.0


@dataclass(frozen=True)
class Limit:
    """What stops an account from being met; `kind` is empty where it is met.

    Parameters
    ----------
    kind : str
        `reach`: more than all parcels together could give; `together`: other accounts are in the way; `price`: the
        next unit costs more than the price ceiling; `size`: single parcels are too large to meet it exactly.
    share : float
        Largest share of the value that these parcels could reach alone (of a cap: smallest).
    others : tuple of str
        For `together`: accounts of which a loosening by one percent lets this one through or nearer.
    """

    kind: str = ""
    share: float = 1.0
    others: tuple[str, ...] = ()

    def said(self, titles: Mapping[str, str] | None = None) -> str:
        """The limit in the language of the moment; empty where the account is met.

        Parameters
        ----------
        titles : Mapping of str to str, optional
            What accounts are called, by their names; without it they are called by their names.
        """
        called = titles or {}
        if self.kind == "reach":
            return text(
                "These parcels alone allow {share} % of this target at most.",
                share=round(100 * self.share, 1),
            )
        if self.kind == "together":
            return text(
                "Not to be met together with {others}.",
                others=text(", ").join(called.get(other, other) for other in self.others),
            )
        if self.kind == "price":
            return text("A further unit costs more than its price ceiling.")
        if self.kind == "size":
            return text("Single parcels are too large to meet it exactly.")
        return ""


@dataclass(frozen=True)
class Prices:
    """Where a later solution may start: prices of accounts, and the options in the order they are computed in.

    Parameters
    ----------
    names : tuple of str
        Accounts.
    price : ndarray, shape (accounts,)
        What one more unit of each costs. [yuan per unit]
    cost : float
        Cost of all parcels at these prices. [yuan]
    used : ndarray, shape (accounts,)
        Sums of all parcels at these prices, between options where a parcel is undecided.
    table : Table
        The options as they were prepared; used again while the choices are the same object.
    """

    names: tuple[str, ...]
    price: Floats
    cost: float
    used: Floats
    table: Table = field(repr=False, compare=False)


@dataclass(frozen=True)
class Allocation:
    """One option for every parcel, what it adds up to, and how good it is.

    Parameters
    ----------
    chosen : ndarray of int64, shape (parcels,)
        Row of the option in the table of choices.
    cost, bound : float
        Cost of these choices, and a cost below which no choices reach what these reach. [yuan]
    gap : float
        (cost - bound) / |bound|.
    prices : ndarray, shape (accounts,)
        What one more unit of each account costs (a cap: saves). [yuan per unit]
    price_low, price_high : ndarray, shape (accounts,)
        The least and the highest price while the value of the account moves by 2 % down and up.
    reached, shortfall : ndarray, shape (accounts,)
        Sum of each account, and what is missing to its value (a cap: what is above it).
    limits : tuple of Limit
        Of every account, what stops it.
    reach : ndarray, shape (accounts,)
        The most that all parcels could give to each account alone; of a cap, the least.
    violation : float
        Largest shortfall of accounts that nothing limits, as a share of their value.
    calls : int
        How often all options were looked through.
    warm : Prices
        To start the next solution from.
    """

    chosen: Places
    cost: float
    bound: float
    gap: float
    prices: Floats
    price_low: Floats
    price_high: Floats
    reached: Floats
    shortfall: Floats
    limits: tuple[Limit, ...]
    reach: Floats
    violation: float
    calls: int
    warm: Prices


def check_accounts(choices: Choices, accounts: Sequence[Account]) -> None:
    """Refuse accounts that have no number, no ceiling, or one name twice.

    Raises
    ------
    UserError
        With everything that is wrong with the accounts.
    ValueError
        There are not as many accounts as columns of gains.
    """
    if choices.gain.shape[1] != len(accounts):
        raise ValueError(f"{choices.gain.shape[1]} columns of gains for {len(accounts)} accounts")
    names = [account.name for account in accounts]
    lists = (
        (
            [account.name for account in accounts if not np.isfinite(account.value)],
            "Some targets have no number.",
            "Enter a number, or leave these targets out.",
        ),
        (
            [
                account.name
                for account in accounts
                if not (np.isfinite(account.price_ceiling) and account.price_ceiling > 0)
            ],
            "Some targets have no price ceiling.",
            "Enter what a unit may cost at most, above zero.",
        ),
        (
            sorted({name for name in names if names.count(name) > 1}),
            "Some targets stand twice.",
            "Keep one of them, or give them different names.",
        ),
    )
    problems = [
        Problem(message, remedy, table="account", rows=tuple(rows)) for rows, message, remedy in lists if rows
    ]
    if problems:
        raise UserError(*problems)
