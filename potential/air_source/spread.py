"""Spread: heat and performance in draws of demand, machines and frost, from which P90 and P10 follow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.jobs import Job
from potential.air_source.air_numbers import TABLE, AirNumbers, ends_of
from potential.air_source.cycle import Floats
from potential.air_source.service import at_size
from standards import Taken

SEED = 20260
DRAWS = 32
CHUNK = 20_000  # parcels at a time, so that draws of a large city fit into memory


@dataclass(frozen=True)
class Draws:
    """What is drawn, the same for all parcels but for the part of their demand that is their own.

    Parameters
    ----------
    demand : ndarray, shape (draws,)
        Demand of the whole city over what is computed. [-]
    own : tuple of float
        Low end, top and high end of the demand of one parcel over that. [-]
    share : ndarray, shape (draws,)
        Share of the ideal cycle over the published one. [-]
    frost : ndarray, shape (draws,)
        What frost leaves of heat and performance over what is computed. [-]
    """

    demand: Floats
    own: tuple[float, float, float]
    share: Floats
    frost: Floats

    @classmethod
    def of(cls, taken: Taken, numbers: AirNumbers, exposure: float) -> Draws:
        """Draws of a fixed seed.

        Parameters
        ----------
        exposure : float
            Mean share of the worst loss by frost, weighted with the heat that machines give. [-]
        """
        random = np.random.default_rng(SEED)
        ends = {}
        for case in ("shared", "own"):
            middle = taken.number(TABLE, item="spread", case=case)
            low, high = ends_of(taken.used[-1])
            ends[case] = (low, middle, high)
        most = triangular(random, numbers.frost_low, numbers.frost.most_loss, numbers.frost_high)
        return cls(
            demand=triangular(random, *ends["shared"]),
            own=ends["own"],
            share=triangular(random, numbers.share_low, numbers.share, numbers.share_high) / numbers.share,
            frost=(1 - most * exposure) / (1 - numbers.frost.most_loss * exposure),
        )


def triangular(random: np.random.Generator, low: float, top: float, high: float) -> Floats:
    """One number in every draw, most often near `top`; the same in all where the ends meet.

    The draws are the middles of slices of equal likelihood in a random order, so that few of them tell much.
    """
    if not low < high:
        return np.full(DRAWS, top)
    likely = (random.permutation(DRAWS) + 0.5) / DRAWS
    top = min(max(top, low), high)
    rising = low + np.sqrt(likely * (high - low) * (top - low))
    falling = high - np.sqrt((1 - likely) * (high - low) * (high - top))
    found: Floats = np.where(likely < (top - low) / (high - low), rising, falling)
    return found


@dataclass(frozen=True)
class Spread:
    """P90 and P10 of parcels and of the city: 90 % and 10 % of the draws give at least this.

    Parameters
    ----------
    heat_p90, heat_p10, cop_p90, cop_p10 : ndarray, shape (parcels,)
        Heat of a year [kWh] and seasonal performance with its auxiliary heat [-].
    city_p90, city_p10 : float
        Heat of all parcels together, from the sum of each draw. [kWh]
    """

    heat_p90: Floats
    heat_p10: Floats
    cop_p90: Floats
    cop_p10: Floats
    city_p90: float
    city_p10: float


@dataclass(frozen=True)
class Served:
    """What parcels get, as far as draws need it; all of shape (parcels,) but for the first two.

    Parameters
    ----------
    heat_by_size, electricity_by_size : ndarray, shape (parcels, NODES)
        As from `given_by_size`. [kWh]
    size : ndarray
        Size taken over the one that covers the design load. [-]
    heat, electricity : ndarray
        Heat of rooms that machines give, and its electricity. [kWh]
    wanted : ndarray
        Heat of rooms that is wanted. [kWh]
    hot_water, hot_water_electricity : ndarray
        Hot water and its electricity. [kWh]
    auxiliary_efficiency : float
        Of electric auxiliary heat; 0 where something else gives it. [-]
    """

    heat_by_size: Floats
    electricity_by_size: Floats
    size: Floats
    heat: Floats
    electricity: Floats
    wanted: Floats
    hot_water: Floats
    hot_water_electricity: Floats
    auxiliary_efficiency: float


def spread_of(served: Served, draws: Draws, job: Job) -> Spread:
    """P90 and P10 of what machines of the size that was taken give.

    Machines stay as large as they are: more demand makes them cover a smaller share of it, and frost makes them
    smaller.
    """
    count = len(served.heat)
    own = triangular(np.random.default_rng([SEED, 1]), *draws.own)
    # Every parcel has the same draws of its own, in an order turned by a chance of its own.
    turn = np.random.default_rng([SEED, 2]).integers(0, DRAWS, count)
    found = np.zeros((4, count))
    city = np.zeros(DRAWS)
    for start in job.each(range(0, count, CHUNK), "Drawing heat from the air"):
        part = slice(start, min(start + CHUNK, count))
        order = (np.arange(DRAWS)[:, None] + turn[None, part]) % DRAWS
        factor = draws.demand[:, None] * own[order]
        heat, useful, electricity = _drawn(served, part, draws, factor)
        city += heat.sum(axis=1)
        cop = np.divide(useful, electricity, out=np.full_like(heat, np.nan), where=electricity > 0)
        found[:2, part] = np.percentile(heat, [10, 90], axis=0)
        found[2:, part] = np.percentile(cop, [10, 90], axis=0)
    low, high = np.percentile(city, [10, 90])
    return Spread(found[0], found[1], found[2], found[3], float(low), float(high))


def _drawn(served: Served, part: slice, draws: Draws, factor: Floats) -> tuple[Floats, Floats, Floats]:
    """Heat of machines, that with electric auxiliary heat, and the electricity of both; (draws, rows). [kWh]"""
    size = served.size[part] * draws.frost[:, None] / factor
    by_size, power_by_size = served.heat_by_size[part], served.electricity_by_size[part]

    def moved(values: Floats, nodes: Floats) -> Floats:
        usual = at_size(nodes, served.size[part])
        changed = np.divide(at_size(nodes, size), usual, out=np.ones_like(size), where=usual > 0)
        return values[part] * changed * factor

    rooms = np.minimum(moved(served.heat, by_size), served.wanted[part] * factor)
    performance = draws.share[:, None] * draws.frost[:, None]
    electricity = moved(served.electricity, power_by_size) / performance
    rest = np.zeros_like(rooms)
    if served.auxiliary_efficiency > 0:
        rest = served.wanted[part] * factor - rooms
        electricity += rest / served.auxiliary_efficiency
    water = served.hot_water[part] * factor
    electricity += served.hot_water_electricity[part] * factor / performance
    return rooms + water, rooms + water + rest, electricity
