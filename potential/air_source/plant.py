"""The plant of every parcel: machines for rooms and for hot water, what they give, and what auxiliary heat is left."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.jobs import Job
from potential.air_source.air_numbers import TABLE, AirNumbers, Worth
from potential.air_source.climate import Air, Design
from potential.air_source.cycle import Floats
from potential.air_source.load import Load
from potential.air_source.service import Curves, given_by_month, given_by_size
from potential.air_source.sizing import ELECTRIC, Sizes, sizes_of
from standards import Taken

ENDLESS_KW = 1e12  # machines that no load exceeds
JANUARY = 0  # holds the coldest hour
DAYS_OF_MONTH = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=float)


@dataclass(frozen=True)
class Plant:
    """What machines of every parcel give in a typical year; shapes (parcels,), (parcels, 12) or (bins,).

    Parameters
    ----------
    sizes : Sizes
        Machines for rooms.
    water_size : ndarray, shape (parcels,)
        Machines for hot water, as heating capacity at 7 °C. [kW]
    heat, electricity, auxiliary : ndarray, shape (parcels, 12)
        Heat of rooms from machines, its electricity, and the heat that is left to the auxiliary. [kWh]
    water, water_electricity : ndarray, shape (parcels, 12)
        Hot water and its electricity. [kWh]
    cold, cold_electricity : ndarray, shape (parcels, 12)
        Cold and its electricity. [kWh]
    heat_kw, water_kw, cold_kw, auxiliary_kw : ndarray, shape (parcels,)
        Capacity on the design day, no more than is wanted, and what the auxiliary adds. [kW]
    peak_kw : ndarray, shape (parcels,)
        Electricity in the coldest hour. [kW]
    needed_in_bin, given_in_bin, cold_in_bin : ndarray, shape (bins,)
        Heat of rooms that all parcels want and that machines give, and cold that they give. [kWh]
    heat_by_size, electricity_by_size : ndarray, shape (parcels, NODES)
        As from `given_by_size`. [kWh]
    """

    sizes: Sizes
    water_size: Floats
    heat: Floats
    electricity: Floats
    auxiliary: Floats
    water: Floats
    water_electricity: Floats
    cold: Floats
    cold_electricity: Floats
    heat_kw: Floats
    water_kw: Floats
    cold_kw: Floats
    auxiliary_kw: Floats
    peak_kw: Floats
    needed_in_bin: Floats
    given_in_bin: Floats
    cold_in_bin: Floats
    heat_by_size: Floats
    electricity_by_size: Floats


@dataclass(frozen=True)
class Wanted:
    """Loads that machines serve, and the floor area [m²] of every parcel."""

    heat: Load
    hot_water: Load
    cold: Load
    floor_m2: Floats


def plant_of(
    wanted: Wanted,
    air: Air,
    design: Design,
    numbers: AirNumbers,
    room_m2: Floats,
    taken: Taken,
    worth: Worth,
    *,
    rule: str,
    auxiliary: str,
    cooling: bool,
    job: Job,
) -> Plant:
    """Size machines for every parcel and let them run through the typical year.

    Parameters
    ----------
    wanted : Wanted
        Loads; those of parcels that get nothing are zero.
    air, design, numbers : Air, Design, AirNumbers
        What machines do here.
    room_m2 : ndarray, shape (parcels,)
        Roof and ground on which they may stand. [m²]
    taken : Taken
        Reads numbers.
    worth : Worth
        Prices.
    rule, auxiliary : str
        As in `sizes_of`.
    cooling : bool
        Whether machines also cool.
    job : Job
        Reports progress and stops when asked.
    """
    per_kw = taken.number(TABLE, item="space", case="roof")
    most = np.maximum(room_m2, 0.0) / per_kw
    heat, water, cold = wanted.heat, wanted.hot_water, wanted.cold
    at_design = design.capacity if design.capacity > 0 else 1.0  # machines that stand still get no parcels
    daily = (water.months / DAYS_OF_MONTH).max(axis=1, initial=0.0)
    water_full = daily / numbers.hot_water_hours / at_design
    water_size = np.minimum(water_full, most)
    most = most - water_size

    running = 1 + numbers.running
    bins = len(air.bins.middle)
    curves = Curves.of(air.heating, air.capacity, air.cop / running)
    full = heat.peak / at_design
    job.say("Heating with air", 0.0, force=True)
    by_size, power_by_size = given_by_size(heat, full, curves)
    job.say("Heating with air", 0.4, force=True)
    cold_size = cold.peak / design.cold_capacity if cooling else np.zeros_like(full)
    sizes = sizes_of(
        full,
        cold_size,
        most,
        by_size,
        power_by_size,
        wanted.floor_m2,
        wanted_kwh=heat.months.sum(axis=1),
        peak_kw=heat.peak,
        rule=rule,
        auxiliary=auxiliary,
        worth=worth,
    )
    given, electricity, needed_in_bin, given_in_bin = given_by_month(heat, sizes.machines, curves, bins)
    given = np.minimum(given, heat.months)
    job.say("Heating with air", 0.7, force=True)
    chilling = Curves.of(air.cooling, air.cold_capacity, air.eer / running)
    cooled = sizes.machines if cooling else np.zeros_like(full)
    chilled, cold_power, _, cold_in_bin = given_by_month(cold, cooled, chilling, bins)
    # A store evens out hot water, so machines give the share for which there is room, whatever the hour asks.
    heating_water = Curves.of(air.level, np.ones(bins), air.hot_water_cop / running)
    heated, water_power, _, _ = given_by_month(water, np.full_like(full, ENDLESS_KW), heating_water, bins)
    roomy = np.divide(water_size, water_full, out=np.zeros_like(full), where=water_full > 0)[:, None]
    heated, water_power = np.minimum(heated, water.months) * roomy, water_power * roomy
    heat_kw = np.minimum(sizes.machines * at_design, heat.peak)
    coldest = np.minimum(sizes.machines * design.coldest_capacity, heat.peak)
    peak = (
        coldest / design.coldest_cop
        + heated[:, JANUARY] / DAYS_OF_MONTH[JANUARY] / 24 / design.coldest_hot_water_cop
    )
    peak = peak * running
    if auxiliary == ELECTRIC:
        peak = peak + (heat.peak - coldest) / worth.electric
    job.say("Heating with air", 1.0, force=True)
    return Plant(
        sizes=sizes,
        water_size=water_size,
        heat=given,
        electricity=electricity,
        auxiliary=np.maximum(heat.months - given, 0.0),
        water=heated,
        water_electricity=water_power,
        cold=np.minimum(chilled, cold.months),
        cold_electricity=cold_power,
        heat_kw=heat_kw,
        water_kw=water_size * at_design,
        cold_kw=np.minimum(sizes.machines * design.cold_capacity, cold.peak) * cooling,
        auxiliary_kw=heat.peak - heat_kw,
        peak_kw=peak,
        needed_in_bin=needed_in_bin,
        given_in_bin=given_in_bin,
        cold_in_bin=cold_in_bin,
        heat_by_size=by_size,
        electricity_by_size=power_by_size,
    )


def balance_point(size_share: Floats, design: Design, air: Air, limit_c: float) -> Floats:
    """Air in which machines just cover the load, shape (parcels,); NaN where they always do. [°C]

    Parameters
    ----------
    size_share : ndarray, shape (parcels,)
        Size over the one that covers the design load; 0 where no heat is wanted.
    limit_c : float
        Air above which no heat is needed; load grows with the degrees below it. [°C]

    Notes
    -----
    Below the design temperature load goes on growing, so machines of the full design load balance there.
    """
    middle = air.bins.middle
    load = np.maximum(limit_c - middle, 0.0) / max(limit_c - design.air_c, 1.0)
    at_design = design.capacity if design.capacity > 0 else 1.0
    with np.errstate(divide="ignore"):
        needed = np.where(air.capacity > 0, load * at_design / np.maximum(air.capacity, 1e-9), np.inf)
    # Towards the cold ever larger machines are needed; frost may break that, so the largest need so far counts.
    needed = np.maximum.accumulate(needed[::-1])[::-1]
    short = size_share[:, None] < needed[None, :] - 1e-9
    coldest_covered = short.sum(axis=1)
    found = np.where(coldest_covered > 0, middle[np.minimum(coldest_covered, len(middle) - 1)], np.nan)
    return np.where(size_share > 0, found, np.nan)
