"""Effects of moved targets, to second order: the range of each price, and which targets hinder each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import lsq_linear

from plans.allocation.choices import Floats, Places
from plans.allocation.dual import Goals
from plans.allocation.table import Passes

SOFTNESS = 0.02  # of the mean cost: so near to a switch parcels answer to a moved target
MOVED = 0.02  # share of a value up and down over which its price is shown
EASED = 0.01  # share of a value by which it is loosened to see whether another gets through
FELT = 0.05  # share of a loosening that must reach the other account to be named
STIFFNESS = 1e-9  # share of the largest curvature that every account has at least


@dataclass(frozen=True)
class Response:
    """How prices and sums answer to moved values.

    Parameters
    ----------
    goals : Goals
        What the prices were found for.
    price, used : ndarray, shape (accounts,)
        Prices [yuan per unit], and the sums of the accounts at them.
    unit : ndarray, shape (accounts,)
        Price of an account by which it is measured. [yuan per unit]
    curvature : ndarray, shape (accounts, accounts)
        By what share of its scale the sum of each account grows with each price, in these measures.
    """

    goals: Goals
    price: Floats
    used: Floats
    unit: Floats
    curvature: Floats

    def answer(self, step: Floats, fixed: NDArray[np.bool_] | None = None) -> tuple[Floats, Floats]:
        """Prices, and change of the sums, when values move by a step.

        Parameters
        ----------
        step : ndarray, shape (accounts,)
            In units of the accounts.
        fixed : ndarray of bool, shape (accounts,), optional
            Accounts whose prices stay, because they give way.

        Notes
        -----
        The dual near its top is taken as a parabola; its highest point between 0 and the ceilings is found exactly.
        """
        goals = self.goals
        slope = goals.sign * (goals.value + step - self.used) / goals.scale
        free = np.flatnonzero(~fixed) if fixed is not None else np.arange(len(step))
        moved = np.zeros(len(step))
        if len(free):
            bent = self.curvature[np.ix_(free, free)]
            stiff = STIFFNESS * max(float(np.diag(bent).max()), STIFFNESS)
            root = np.linalg.cholesky(bent + 2 * stiff * np.eye(len(free))).T
            at = (self.price / self.unit)[free]
            tops = np.maximum((goals.ceiling / self.unit)[free], at) + stiff
            solved = lsq_linear(root, np.linalg.solve(root.T, slope[free]), (-at - stiff, tops - at), "bvls")
            moved[free] = solved.x
        price = np.clip(self.price + moved * self.unit, 0.0, np.maximum(goals.ceiling, self.price))
        return price, goals.sign * goals.scale * (self.curvature @ moved)


def response_of(passes: Passes, goals: Goals, price: Floats, used: Floats) -> Response:
    """How prices and sums answer, from one pass over the options.

    Parameters
    ----------
    passes : Passes
        Over the options.
    goals : Goals
        What the prices were found for.
    price, used : ndarray, shape (accounts,)
        Prices, and the sums of the accounts at them.
    """
    table = passes.table
    whole = table.mean_cost * len(table)
    bent = passes.curvature(goals.sign * price, SOFTNESS * table.mean_cost)
    signed = goals.sign / goals.scale
    return Response(goals, price, used, whole / goals.scale, whole * bent * np.outer(signed, signed))


def price_ranges(response: Response, reach: Floats) -> tuple[Floats, Floats]:
    """Least and highest price of each account while its own value moves by 2 % down and up.

    A value that moves out of reach costs the price ceiling.
    """
    goals, price = response.goals, response.price
    low, high = price.copy(), price.copy()
    for which in range(len(price)):
        size = MOVED * abs(goals.value[which])
        room = goals.sign[which] * (response.used[which] - goals.value[which])
        if size == 0.0 or (price[which] == 0.0 and room > size):
            continue
        for side in (-size, size):
            step = np.zeros(len(price))
            step[which] = side
            if (goals.short(reach) + goals.sign * step)[which] > 0.0:
                there = max(goals.ceiling[which], price[which])
            else:
                there = response.answer(step)[0][which]
            low[which], high[which] = min(low[which], there), max(high[which], there)
    return low, high


def in_the_way(response: Response, missed: Places) -> dict[int, tuple[int, ...]]:
    """For every account that is missed, those whose loosening by one percent lets it come nearer."""
    goals = response.goals
    found: dict[int, list[int]] = {int(which): [] for which in missed}
    gives_way = np.zeros(len(response.price), dtype=np.bool_)
    gives_way[missed] = True
    for other in np.flatnonzero((response.price > 0) & ~gives_way):
        eased = np.zeros(len(response.price))
        eased[other] = -goals.sign[other] * EASED * goals.scale[other]
        _, change = response.answer(eased, gives_way)
        for which, others in found.items():
            if goals.sign[which] * change[which] > FELT * EASED * goals.scale[which]:
                others.append(int(other))
    return {which: tuple(others) for which, others in found.items()}
