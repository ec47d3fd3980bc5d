"""Balance: what keeps a field from drifting, by taking load off the ground or giving heat back, with energy and power."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.compiled import kernel
from potential.ground_heat.fields import MONTH_S, Numbers
from potential.ground_heat.loads import MONTHS, Loads

HALVINGS = 60
J_PER_KWH = 3.6e6


class Remedy(IntEnum):
    """What has to take the rest of an unbalanced load."""

    NONE = 0
    REJECT = 1  # too much is injected: cooling tower, dry cooler, or recovery for hot water
    HEAT = 2  # too much is extracted: boiler or air-source peak, or solar recharge in summer


@dataclass(frozen=True)
class Balanced:
    """Loads in balance, and what stands beside the ground for it; every array is (parcels,).

    Parameters
    ----------
    loads : Loads
        Loads on the ground that are left.
    remedy : ndarray of int
        `Remedy`.
    auxiliary_j : ndarray
        Heat of a year that something else has to take, to give, or to bring back into the ground. [J]
    auxiliary_w : ndarray
        Its power. [W]
    energy_share, power_share : ndarray
        Share of the larger load's heat and of its peak that the ground still serves.
    """

    loads: Loads
    remedy: NDArray[np.int64]
    auxiliary_j: Numbers
    auxiliary_w: Numbers
    energy_share: Numbers
    power_share: Numbers


def ratio(loads: Loads) -> Numbers:
    """Yearly extraction over yearly injection, (parcels,); infinite where nothing is injected, NaN without load.

    Rules name it the other way round, rejection over extraction: the inverse.
    """
    extraction, injection = loads.yearly_extraction, loads.yearly_injection
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(extraction / injection)


def largest_surplus(loads: Loads, drift: ArrayLike, limit: ArrayLike) -> Numbers:
    """Mean yearly power by which one load may exceed the other while the drift keeps within a limit. [W]

    Parameters
    ----------
    loads : Loads
        The loads that drift.
    drift : array_like, (parcels,)
        Their drift; it is linear in the surplus. [K]
    limit : array_like, (parcels,) or scalar
        Drift that is allowed. [K]
    """
    surplus = np.abs(loads.yearly_injection - loads.yearly_extraction)
    turn = np.abs(np.asarray(drift, float))
    allowed = np.divide(limit, turn, out=np.full(turn.shape, np.inf), where=turn > 0)
    return np.asarray(surplus * np.minimum(allowed, 1.0))


def cut(loads: Loads, surplus: ArrayLike = 0.0) -> Balanced:
    """The ground covers the smaller load; the top of the larger one goes elsewhere.

    The larger load is cut at one power over the year, so that what is left below it exceeds the smaller load by `surplus`.
    Within a month the sorted load falls from its peak by a power law whose mean is the month's.

    Parameters
    ----------
    loads : Loads
        Loads that one plant could have from the ground alone.
    surplus : array_like, (parcels,) or scalar
        Mean yearly power by which the larger load may exceed the smaller. [W]
    """
    extraction, injection = loads.yearly_extraction, loads.yearly_injection
    heats = extraction > injection
    larger = np.where(heats[:, None], loads.extraction, loads.injection)
    peaks = np.where(heats[:, None], loads.extraction_peak, loads.injection_peak)
    before = larger.mean(axis=1)
    goal = np.minimum(before, np.minimum(extraction, injection) + np.asarray(surplus, float))
    means, power = np.empty_like(larger), np.empty(len(larger))
    _cut(np.ascontiguousarray(larger), np.ascontiguousarray(peaks), goal, means, power)
    left = np.minimum(peaks, power[:, None])
    most = peaks.max(axis=1, initial=0.0)
    column = heats[:, None]
    balanced = Loads(
        np.where(column, means, loads.extraction),
        np.where(column, loads.injection, means),
        np.where(column, left, loads.extraction_peak),
        np.where(column, loads.injection_peak, left),
    )
    after, top = means.mean(axis=1), np.minimum(power, most)
    some = before > after * (1 + 1e-9)
    return Balanced(
        balanced,
        np.where(some, np.where(heats, int(Remedy.HEAT), int(Remedy.REJECT)), int(Remedy.NONE)),
        np.where(some, before - after, 0.0) * MONTHS * MONTH_S,
        np.where(some, most - top, 0.0),
        np.divide(after, before, out=np.ones_like(before), where=before > 0),
        np.divide(top, most, out=np.ones_like(most), where=most > 0),
    )


def recharge(loads: Loads, season: ArrayLike, surplus: ArrayLike = 0.0) -> Balanced:
    """Heat is brought back into the ground, so that it serves the whole of what it has to give.

    Parcels that inject more than they extract keep their loads.

    Parameters
    ----------
    loads : Loads
        Loads of the plant.
    season : array_like, (12,)
        Shares of the months in the heat brought back; solar heat comes in summer.
    surplus : array_like, (parcels,) or scalar
        Mean yearly power by which the extraction may exceed the injection. [W]
    """
    shares = np.asarray(season, float) / np.sum(season)
    lacking = loads.yearly_extraction - loads.yearly_injection - np.asarray(surplus, float)
    power = np.maximum(lacking, 0.0)[:, None] * MONTHS * shares
    injection = loads.injection + power
    recharged = Loads(
        loads.extraction, injection, loads.extraction_peak, np.maximum(loads.injection_peak, injection)
    )
    some = lacking > 0
    ones = np.ones(len(loads))
    return Balanced(
        recharged,
        np.where(some, int(Remedy.HEAT), int(Remedy.NONE)),
        power.sum(axis=1) * MONTH_S,
        power.max(axis=1, initial=0.0),
        ones,
        ones,
    )


@kernel
def mean_below(mean: float, peak: float, power: float) -> float:
    """Mean of a month's load after it is cut at a power. [W]

    The sorted load is `peak (1 − x)^b` over the share x of the month, with b = peak/mean − 1.
    """
    if power >= peak or mean <= 0.0:
        return mean
    shape = peak / mean - 1.0
    if shape < 1e-6:
        return power
    lower = (power / peak) ** (1.0 / shape)  # share of the month in which the load lies below the power
    return float(power * (1.0 - lower) + peak * lower ** (shape + 1.0) / (shape + 1.0))


@kernel
def _cut(means: Numbers, peaks: Numbers, goal: Numbers, left: Numbers, power: Numbers) -> None:
    """Find the power at which the year's mean is as wanted, and the months' means below it."""
    for i in range(means.shape[0]):
        low, high = 0.0, peaks[i].max()
        total = means[i].mean()
        if goal[i] < total:
            for _ in range(HALVINGS):
                middle = 0.5 * (low + high)
                below = 0.0
                for month in range(MONTHS):
                    below += mean_below(means[i, month], peaks[i, month], middle) / MONTHS
                if below < goal[i]:
                    low = middle
                else:
                    high = middle
        power[i] = high
        for month in range(MONTHS):
            left[i, month] = mean_below(means[i, month], peaks[i, month], high)
