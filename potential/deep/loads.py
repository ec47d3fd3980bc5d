"""Loads: what parcels and groups of parcels need of heat and hot water in typical hours, by temperature of use."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from core.compiled import kernel
from demand import Demand
from layers.city import City

MONTH_DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=float)
KIND_SHARES = np.array([5 / 7, 2 / 7])  # of working days and holidays
PLACES = 12 * 2 * 24
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Loads:
    """What the parcels need, in the order of the table of parcels.

    Parameters
    ----------
    heat_days, water_days : ndarray of float32, shape (parcels, 12, 48)
        Mean power in typical hours. [kW]
    heat_months, water_months : ndarray, shape (parcels, 12)
        [kWh]
    heat_peak, water_peak : ndarray, shape (parcels,)
        [kW]
    radiators : ndarray, shape (parcels,)
        Share of the heat that goes to buildings with radiators.
    known : ndarray of bool, shape (parcels,)
        Whether the demand of the parcel is known.
    """

    heat_days: NDArray[np.float32]
    water_days: NDArray[np.float32]
    heat_months: Floats
    water_months: Floats
    heat_peak: Floats
    water_peak: Floats
    radiators: Floats
    known: NDArray[np.bool_]

    @property
    def peak(self) -> Floats:
        """Highest power of every parcel. [kW]"""
        return np.asarray(self.heat_peak + self.water_peak)

    @property
    def months(self) -> Floats:
        """Heat and hot water of every month. [kWh]"""
        return np.asarray(self.heat_months + self.water_months)

    def of_groups(self, group: NDArray[np.int64], count: int) -> Floats:
        """Load of radiators, floor heating and hot water of groups of parcels, shape (count, 3, PLACES). [kW]

        `group` is the number of the group of every parcel, -1 for none. Typical days are scaled so that months agree.
        """
        found = np.zeros((count, 3, 12, 48))
        rows = np.flatnonzero(group >= 0)
        if not len(rows):
            return found.reshape(count, 3, PLACES)
        heat, water = (
            scale_of(days, months)
            for days, months in ((self.heat_days, self.heat_months), (self.water_days, self.water_months))
        )
        classes = (
            (0, self.heat_days, heat * self.radiators[:, None]),
            (1, self.heat_days, heat * (1 - self.radiators[:, None])),
            (2, self.water_days, water),
        )
        for number, days, factor in classes:
            for month in range(12):
                gather = sparse.csr_matrix(
                    (factor[rows, month], (group[rows], rows)), shape=(count, len(group))
                )
                found[:, number, month] = gather @ days[:, month]
        return found.reshape(count, 3, PLACES)

    def peaks_of_groups(self, group: NDArray[np.int64], count: int) -> Floats:
        """Highest power of the same uses, shape (count, 3). [kW]"""
        inside = group >= 0
        uses = (self.heat_peak * self.radiators, self.heat_peak * (1 - self.radiators), self.water_peak)
        return np.column_stack(
            [np.bincount(group[inside], weights=use[inside], minlength=count) for use in uses]
        )


def place_hours() -> Floats:
    """Month and number of hours that each typical hour stands for, shape (PLACES, 2)."""
    month = np.repeat(np.arange(12.0), 48)
    hours = np.repeat((MONTH_DAYS[:, None] * KIND_SHARES).ravel(), 24)
    return np.column_stack([month, hours])


def scale_of(days: NDArray[np.float32], months: Floats) -> Floats:
    """Factor that brings typical days to the energy of their month, shape (parcels, 12); 0 where days are empty."""
    weight = np.repeat(KIND_SHARES, 24).astype(np.float32)
    energy = (days @ weight).astype(float) * MONTH_DAYS
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(energy > 0, months / energy, 0.0)


def loads_of(
    city: City, demand: Demand | None, parcels: gpd.GeoDataFrame, floor_heating_from: float
) -> Loads:
    """The demand laid in the order of the parcels; parcels the demand does not know need nothing and are marked."""
    if demand is None:
        return _unknown(len(parcels))
    order = demand.parcels.index.get_indexer(parcels.index)
    known = order >= 0

    def laid(values: NDArray[np.floating]) -> NDArray[np.floating]:
        if len(order) == len(values) and (order == np.arange(len(order))).all():
            return values
        found = np.zeros((len(order), *values.shape[1:]), dtype=values.dtype)
        found[known] = values[order[known]]
        return found

    def days(carrier: str) -> NDArray[np.float32]:
        there = laid(np.asarray(demand.days[carrier], dtype=np.float32))
        return np.asarray(there, dtype=np.float32).reshape(len(order), 12, 48)

    heat, water = np.nan_to_num(demand.months("heat")), np.nan_to_num(demand.months("hot_water"))
    return Loads(
        heat_days=days("heat"),
        water_days=days("hot_water"),
        heat_months=np.asarray(laid(heat), dtype=float),
        water_months=np.asarray(laid(water), dtype=float),
        heat_peak=np.asarray(laid(np.nan_to_num(demand.peak("heat"))), dtype=float),
        water_peak=np.asarray(laid(np.nan_to_num(demand.peak("hot_water"))), dtype=float),
        radiators=_radiators(city, demand, parcels, floor_heating_from),
        known=known,
    )


def _unknown(count: int) -> Loads:
    """Loads of parcels whose demand is not known."""
    days, months, none = np.zeros((count, 12, 48), np.float32), np.zeros((count, 12)), np.zeros(count)
    return Loads(days, days, months, months, none, none, none, np.zeros(count, dtype=bool))


def _radiators(city: City, demand: Demand, parcels: gpd.GeoDataFrame, floor_heating_from: float) -> Floats:
    """Share of each parcel's heat in buildings that are older than floor heating; planned ones have none."""
    buildings, heat = city.tables.get("building"), demand.buildings
    if buildings is None or "year_built" not in buildings or "parcel_id" not in heat or heat.empty:
        return np.zeros(len(parcels))
    year = pd.to_numeric(buildings["year_built"], errors="coerce").reindex(heat.index)
    need = heat["heat_kwh_per_year"].fillna(0.0)
    sums = pd.DataFrame({"old": need.where(year < floor_heating_from, 0.0), "all": need})
    by_parcel = sums.groupby(heat["parcel_id"].to_numpy()).sum().reindex(parcels.index).fillna(0.0)
    whole = by_parcel["all"].to_numpy()
    return np.asarray(by_parcel["old"].to_numpy() / np.where(whole > 0, whole, 1.0))


@kernel
def use_share(load: Floats, hours: Floats, capacity: Floats) -> Floats:  # pragma: no cover
    """Mean over the year of what a capacity serves of a load, over the capacity; shape (groups,).

    Parameters
    ----------
    load : ndarray, shape (groups, uses, places)
        [kW]
    hours : ndarray, shape (places, 2)
        See `place_hours`.
    capacity : ndarray, shape (groups,)
        [kW]
    """
    groups, uses, places = load.shape
    found = np.zeros(groups)
    for group in range(groups):
        served, whole = 0.0, 0.0
        for place in range(places):
            wanted = 0.0
            for use in range(uses):
                wanted += load[group, use, place]
            served += min(wanted, capacity[group]) * hours[place, 1]
            whole += hours[place, 1]
        if capacity[group] > 0:
            found[group] = served / (capacity[group] * whole)
    return found


@kernel
def served_months(
    days: NDArray[np.float32], scale: Floats, hours: Floats, rows: NDArray[np.int64], capacity: Floats
) -> Floats:  # pragma: no cover
    """Heat that a capacity serves of the typical days of some parcels in every month, shape (rows, 12). [kWh]

    Parameters
    ----------
    days : ndarray of float32, shape (parcels, PLACES)
        [kW]
    scale : ndarray, shape (parcels, 12)
        Factors on the days of each month.
    hours : ndarray, shape (PLACES, 2)
        See `place_hours`.
    rows : ndarray of int, shape (rows,)
        Which parcels.
    capacity : ndarray, shape (rows,)
        [kW]
    """
    found = np.zeros((len(rows), 12))
    for number in range(len(rows)):
        one = rows[number]
        for place in range(hours.shape[0]):
            month = int(hours[place, 0])
            found[number, month] += (
                min(days[one, place] * scale[one, month], capacity[number]) * hours[place, 1]
            )
    return found


@kernel
def served_years(
    days: NDArray[np.float32], scale: Floats, hours: Floats, rows: NDArray[np.int64], capacity: Floats
) -> Floats:  # pragma: no cover
    """The same heat of the whole year for the capacities of many draws, shape (draws, rows). [kWh]

    `capacity` has shape (draws, rows); the others are as in `served_months`. The days of a parcel are read once.
    """
    draws = capacity.shape[0]
    found = np.zeros((draws, len(rows)))
    now = np.empty(hours.shape[0])
    for number in range(len(rows)):
        one = rows[number]
        for place in range(hours.shape[0]):
            now[place] = days[one, place] * scale[one, int(hours[place, 0])]
        for draw in range(draws):
            limit, served = capacity[draw, number], 0.0
            for place in range(hours.shape[0]):
                served += min(now[place], limit) * hours[place, 1]
            found[draw, number] = served
    return found
