"""A city made up for speeds: parcels with some 14 of 25 feasible options, and targets that its parcels can just meet."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from plans.allocation import Account, Choices

OPTIONS = 25
FEASIBLE = 0.54
FLOORS = 5  # city-wide: power, substituted energy, ground heat, collectors, graded area


def synthetic_city(parcels: int, accounts: int, seed: int = 1) -> tuple[Choices, list[Account]]:
    """Choices and accounts of a made-up city.

    The first five accounts are targets, the sixth is a ratio made linear, the seventh a budget, the others caps of
    shared sources, each of a tenth of the parcels in turn, as aquifers and districts are.
    """
    rng = np.random.default_rng(seed)
    open_ = rng.random((parcels, OPTIONS)) < FEASIBLE
    open_[:, 0] = True
    parcel, kind = np.nonzero(open_)
    count = len(parcel)
    start = np.zeros(parcels + 1, np.int64)
    np.cumsum(open_.sum(axis=1), out=start[1:])
    size = rng.lognormal(0.0, 0.8, parcels)[parcel] * 1000
    some = kind > 0
    step = 1 + kind % 3
    technology = (kind - 1) // 3
    unit_cost = np.array([0, 3.0, 3.6, 4.5, 5.0, 6.0, 4.2, 7.0, 8.0])[np.where(some, technology + 1, 0)]
    cost = size * step * unit_cost * rng.uniform(0.7, 1.3, count) * some
    gain = np.zeros((count, accounts), np.float32)
    gives = rng.random((8, FLOORS)) < 0.5
    gives[np.arange(FLOORS), np.arange(FLOORS)] = True
    for target in range(min(FLOORS, accounts)):
        gain[:, target] = some * gives[technology, target] * size * step * rng.uniform(0.5, 1.5, count)
    if accounts > 5:
        gain[:, 5] = gain[:, 0] - 0.4 * gain[:, 1]
    if accounts > 6:
        gain[:, 6] = cost
    for cap in range(7, accounts):
        near = (parcel * 10 // parcels) == cap % 10
        gain[:, cap] = some * near * (technology == cap % 8) * size * step
    totals = csr_array(gain).T @ rng_choice(rng, start)
    named = []
    for which in range(accounts):
        floor = which < 6
        value = 0.0 if which == 5 else (0.9 if floor else 1.3 if which == 6 else 0.5) * float(totals[which])
        named.append(Account(f"account_{which}", floor, value, 1000.0, int(not floor)))
    return Choices(start, cost, gain, np.arange(parcels, dtype=np.uint64)), named


def rng_choice(rng: np.random.Generator, start: np.ndarray) -> np.ndarray:
    """One option of every parcel at random, as a column of zeros and ones."""
    picked = np.zeros(start[-1])
    picked[start[:-1] + (rng.random(len(start) - 1) * np.diff(start)).astype(int)] = 1.0
    return picked
