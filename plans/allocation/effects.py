"""Effects of moved targets, found on a sample of parcels: the range of each price, and which targets hinder each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from plans.allocation.choices import Floats
from plans.allocation.dual import SOFTNESS, Goals, raised
from plans.allocation.table import Passes

SAMPLE_PARCELS = 2_500
MOVED = 0.02  # share of a value up and down over which its price is shown
EASED = 0.01  # share of a value by which it is loosened to see whether another gets through
FELT = 0.05  # share of a loosening that must reach the other account to be named


@dataclass(frozen=True)
class Sample:
    """A part of the parcels with goals at which it answers just as the whole does.

    Parameters
    ----------
    passes : Passes
        Over the parcels of the sample.
    goals : Goals
        What the sample gives at the prices of the whole, more or less what the whole gives too little or too much.
    price : ndarray, shape (accounts,)
        Of the whole. [yuan per unit]
    used, cost : ndarray, shape (accounts,), and float
        What the sample gives and costs at these prices.
    share : float
        Of all parcels.
    """

    passes: Passes
    goals: Goals
    price: Floats
    used: Floats
    cost: float
    share: float

    def moved(self, step: Floats) -> Goals:
        """The goals of the sample when those of the whole move by a step."""
        return self.goals.moved(self.goals.value + self.share * step)

    def answer(self, step: Floats) -> tuple[Floats, Floats, float]:
        """Prices, and change of sums and of cost of the whole, when its values move by a step."""
        price = raised(self.passes, self.moved(step), self.price, SOFTNESS[-1])
        softness = SOFTNESS[-1] * self.passes.table.mean_cost
        _, cost, used = self.passes.soft(self.goals.sign * price, softness)
        return price, (used - self.used) / self.share, (cost - self.cost) / self.share


def sample_of(passes: Passes, parcels: int, goals: Goals, price: Floats, used: Floats) -> Sample:
    """A sample from passes over some parcels.

    Parameters
    ----------
    passes : Passes
        Over the parcels of the sample.
    parcels : int
        How many there are in all.
    goals, price, used
        Of the whole, `used` what it gives at these prices.
    """
    share = len(passes.table) / parcels
    _, cost, own = passes.soft(goals.sign * price, SOFTNESS[-1] * passes.table.mean_cost)
    at_rest = own + share * (goals.value - used)
    scaled = Goals(goals.sign, at_rest, goals.ceiling, goals.scale * share, goals.rank)
    return Sample(passes, scaled, price, own, cost, share)


def price_ranges(sample: Sample, value: Floats) -> tuple[Floats, Floats]:
    """Least and highest price of each account while its own value moves by 2 % down and up."""
    low, high = sample.price.copy(), sample.price.copy()
    whole_used = value - (sample.goals.value - sample.used) / sample.share
    for which in range(len(value)):
        step = MOVED * abs(value[which])
        room = sample.goals.sign[which] * (whole_used[which] - value[which])
        if step == 0.0 or (sample.price[which] == 0.0 and room > step):
            continue
        for side in (-step, step):
            moves = np.zeros(len(value))
            moves[which] = side
            price, _, _ = sample.answer(moves)
            low[which], high[which] = min(low[which], price[which]), max(high[which], price[which])
    return low, high


def in_the_way(sample: Sample, value: Floats, missed: list[int]) -> dict[int, tuple[int, ...]]:
    """For every account that is missed, those whose loosening by one percent lets it come nearer.

    Parameters
    ----------
    sample : Sample
        With goals in which only what is missed gives way.
    value : ndarray, shape (accounts,)
        Of the whole.
    missed : list of int
        Accounts that are missed.
    """
    found: dict[int, list[int]] = {which: [] for which in missed}
    signs = sample.goals.sign
    price, before, _ = sample.answer(np.zeros(len(value)))
    for other in np.flatnonzero(price > 0):
        eased = np.zeros(len(value))
        size = abs(value[other]) or sample.goals.scale[other] / sample.share
        eased[other] = -signs[other] * EASED * size
        _, change, _ = sample.answer(eased)
        for which in missed:
            scale = sample.goals.scale[which] / sample.share
            if which != other and signs[which] * (change - before)[which] > FELT * EASED * scale:
                found[which].append(int(other))
    return {which: tuple(others) for which, others in found.items()}
