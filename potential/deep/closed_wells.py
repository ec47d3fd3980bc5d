"""Closed wells of a city: heat of one below every parcel, and how many its ground and its load allow."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from potential.deep.cascade import delivered_by_heat_pump
from potential.deep.coaxial import (
    CoaxialWell,
    ground_resistance,
    inlet_at_power,
    outlet_line,
    power_at_inlet,
)
from potential.deep.deep_numbers import DRAWS, DeepNumbers, chances
from potential.deep.loads import PLACES, Loads, place_hours, scale_of, served_months, served_years
from potential.deep.reservoir import Reservoir

TEST_DAY = 3.0  # of a test after which wells are often praised
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Answer:
    """How a well answers on one day: outlet = slope inlet + (even, rising, bending) of the ground's profile."""

    slope: float
    rises: Floats

    def rise(self, profile: Floats) -> Floats:
        """Of some ground profiles, shape (parcels,). [°C]"""
        return np.asarray(profile @ self.rises)


@dataclass(frozen=True)
class ClosedWells:
    """Closed wells below every parcel. Arrays (parcels,), NaN where the temperature at depth is not known.

    Parameters
    ----------
    ground_kw : ndarray
        Heat from the ground of one well at the end of the season of the rated year, which counts. [kW]
    test_kw, season_kw, first_kw : ndarray
        On the third day; mean of the first season; end of the first season. [kW]
    outlet_c, inlet_c : ndarray
        Outlet at the rated inlet; and inlet at which the heat of the first season would still be given in the rated
        year, below the rated one.
    wells : ndarray of int
        How many there are.
    kw : ndarray
        Delivered by all through their heat pump. [kW]
    months : ndarray, shape (parcels, 12)
        Delivered. [kWh]
    electricity_kwh : ndarray
    kwh_in_draws : ndarray, shape (DRAWS, parcels)
    room : ndarray of int
        Wells for which there is ground.
    wanted : ndarray of bool
        Whether the load is worth a well.
    """

    ground_kw: Floats
    test_kw: Floats
    season_kw: Floats
    first_kw: Floats
    outlet_c: Floats
    inlet_c: Floats
    wells: NDArray[np.int64]
    kw: Floats
    months: Floats
    electricity_kwh: Floats
    kwh_in_draws: Floats
    room: NDArray[np.int64]
    wanted: NDArray[np.bool_]


def profiles_of(reservoir: Reservoir, numbers: DeepNumbers) -> Floats:
    """Ground below every parcel as T0 + G z + B z², shape (parcels, 3): a measured gradient, else by heat flow."""
    column = numbers.reservoir
    by_flow = reservoir.heat_flow / column.conductivity
    measured = ~np.isnan(reservoir.gradient)
    return np.column_stack(
        [
            reservoir.surface_c,
            np.where(measured, reservoir.gradient, by_flow),
            np.where(measured, 0.0, -column.production / (2 * column.conductivity)),
        ]
    )


def answer(well: CoaxialWell, day: float, year: int, season_days: float) -> Answer:
    """How a well answers to even, rising and bending ground on a day of a year: three solves serve the whole city."""
    depth = well.middles
    ground = np.vstack([np.ones_like(depth), depth, depth**2])
    resistance = ground_resistance(well, np.full(3, day), year, season_days=season_days)
    slope, rises = outlet_line(well, ground, resistance)
    return Answer(float(slope[0]), rises)


def _mean(answers: list[Answer]) -> Answer:
    """The mean answer of some days: power is linear in slope and rises."""
    return Answer(
        float(np.mean([one.slope for one in answers])), np.mean([one.rises for one in answers], axis=0)
    )


def _kept(year: Floats, most: Floats) -> Floats:
    """Factor that brings the heat of a year down to the most there can be."""
    return np.asarray(np.where(year > most, most / np.where(year > 0, year, 1.0), 1.0))


def closed_wells(reservoir: Reservoir, loads: Loads, room_m2: Floats, numbers: DeepNumbers) -> ClosedWells:
    """Closed wells below every parcel of a city, on open ground of so much, for the heating load."""
    rules, profile = numbers.closed, profiles_of(reservoir, numbers)
    well, season = rules.well, rules.season_days

    def kw(day: float, year: int, one: CoaxialWell = well, ground: Floats = profile) -> Floats:
        told = answer(one, day, year, season)
        return power_at_inlet(one, told.slope, told.rise(ground), rules.inlet_c) / 1000

    rated = answer(well, season, rules.year, season)
    ground_kw = np.maximum(kw(season, rules.year), 0.0)
    first = kw(season, 1)
    season_mean = _mean([answer(well, day, 1, season) for day in np.arange(0.5, season)])
    one = np.nan_to_num(ground_kw)
    delivered = delivered_by_heat_pump(one, rules.cop)
    wanted_kw = numbers.doublet.design_share * loads.heat_peak
    with np.errstate(divide="ignore", invalid="ignore"):
        asked = np.where(delivered > 0, wanted_kw / delivered, 0.0)
    room = np.floor(room_m2 / rules.spacing_m**2).astype(np.int64)
    wells = np.minimum(np.floor(asked + 1 - rules.least_load).astype(np.int64), room)
    scale, hours = scale_of(loads.heat_days, loads.heat_months), place_hours()
    typical = loads.heat_days.reshape(len(wells), PLACES)
    rows = np.flatnonzero(wells > 0)
    rated_hours = season * 24  # no well gives more than the season for which it is rated

    def capacity_of(kw_of_one: Floats) -> Floats:
        return np.asarray(wells[rows] * delivered_by_heat_pump(kw_of_one[rows], rules.cop))

    months = np.zeros((len(wells), 12))
    capacity = capacity_of(one)
    months[rows] = served_months(typical, scale, hours, rows, capacity)
    months[rows] *= _kept(months[rows].sum(axis=1), capacity * rated_hours)[:, None]
    warmer = numbers.ranges.temperature.at(chances("temperature"))
    conducts = rules.conductivity.at(chances("closed conductivity"))
    holds = rules.capacity.at(chances("closed capacity"))
    capacities = np.empty((DRAWS, len(rows)))
    for draw in range(DRAWS):
        other = replace(well, rock_conductivity=float(conducts[draw]), rock_capacity=float(holds[draw]))
        ground = profile * np.array([1.0, warmer[draw], warmer[draw]])
        drawn = np.maximum(np.nan_to_num(kw(season, rules.year, other, ground)), 0.0)
        capacities[draw] = capacity_of(drawn)
    years = served_years(typical, scale, hours, rows, capacities)
    in_draws = np.zeros((DRAWS, len(wells)))
    in_draws[:, rows] = years * _kept(years, capacities * rated_hours)
    heat = months.sum(axis=1)
    source = heat * (1 - 1 / rules.cop)
    return ClosedWells(
        ground_kw=ground_kw,
        test_kw=kw(TEST_DAY, 1),
        season_kw=power_at_inlet(well, season_mean.slope, season_mean.rise(profile), rules.inlet_c) / 1000,
        first_kw=first,
        outlet_c=rated.slope * rules.inlet_c + rated.rise(profile),
        inlet_c=inlet_at_power(well, rated.slope, rated.rise(profile), first * 1000),
        wells=np.maximum(wells, 0),
        kw=np.minimum(np.maximum(wells, 0) * delivered, loads.heat_peak),
        months=months,
        electricity_kwh=heat / rules.cop + source * rules.pump_share,
        kwh_in_draws=in_draws,
        room=room,
        wanted=asked >= rules.least_load,
    )
