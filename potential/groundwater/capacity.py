"""Capacity of groundwater heat pumps: the least of wells, heat, need and shared water, for one set of aquifer values."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from potential.groundwater.doublet import WATER_J_PER_M3K
from potential.groundwater.heat_limit import (
    Plants,
    Rows,
    flow_of_mean,
    heat_limited,
    mean_flow,
    rows_of,
)
from potential.groundwater.sharing import Tubes, shared_flow
from potential.groundwater.well_flow import Units, unit_flow
from potential.groundwater.well_numbers import WellNumbers

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

# What limits a parcel; the first four by their number in `well_flow`.
LIMITS = (
    "limited by drawdown",
    "limited by the rise at injection wells",
    "limited by reinjection",
    "limited by the size of pumps",
    "limited by returning heat",
    "limited by need",
    "limited by the shared aquifer",
)
HEAT, NEED, SHARED = 4, 5, 6


@dataclass(frozen=True)
class Ground:
    """Values of the aquifer under every parcel, all of shape (parcels,).

    Parameters
    ----------
    conductivity, thickness, gradient : ndarray
        [m/s], [m], [-]
    capacity : ndarray
        Volumetric heat. [J/(m³·K)]
    ratio : ndarray
        What a well takes back over what it yields.
    """

    conductivity: Floats
    thickness: Floats
    gradient: Floats
    capacity: Floats
    ratio: Floats

    @property
    def through(self) -> Floats:
        """Flow of the groundwater through a metre across it. [m²/s]"""
        return self.conductivity * self.thickness * self.gradient


@dataclass(frozen=True)
class Site:
    """What does not change with the values of the aquifer.

    Parameters
    ----------
    fits, injection : ndarray of int, (parcels,)
        Doublets that fit, and injection wells of each.
    spacing, across, angle : ndarray, (parcels,)
        Of the doublets. [m], [m], [°]
    raised : ndarray, (parcels,)
        Most rise at injection wells. [m]
    plants : Plants
        Need of heat and cold.
    tubes : Tubes
        In which parcels share the water.
    """

    fits: Counts
    injection: Counts
    spacing: Floats
    across: Floats
    angle: Floats
    raised: Floats
    plants: Plants
    tubes: Tubes


@dataclass(frozen=True)
class Rules:
    """What the planner chose.

    Parameters
    ----------
    confined : bool
        Whether the aquifer stays full.
    no_return : bool
        Whether no water may return at all; else the produced temperature decides.
    order : str
        In which parcels get shared water.
    """

    confined: bool
    no_return: bool
    order: str


@dataclass(frozen=True)
class Capacity:
    """What parcels may pump, all of shape (parcels,).

    Parameters
    ----------
    unit, own, flow : ndarray
        Design flow of one doublet, of the parcel by itself, and with what the aquifer allows all. [m³/s]
    own_mean, mean : ndarray
        Mean of the year by itself and with the others. [m³/s]
    doublets : ndarray of int
        That are built.
    limit : ndarray of int
        Place in `LIMITS`.
    rows : Rows
        Of the wells built.
    """

    unit: Floats
    own: Floats
    flow: Floats
    own_mean: Floats
    mean: Floats
    doublets: Counts
    limit: Counts
    rows: Rows

    @property
    def through(self) -> Floats:
        """Flow of the groundwater through a metre across it. [m²/s]"""
        return self.rows.through


def capacity_of(ground: Ground, site: Site, numbers: WellNumbers, rules: Rules) -> Capacity:
    """Flow of every parcel for one set of values of the aquifer."""
    fits = site.fits.astype(float)
    units = Units(
        ground.conductivity,
        ground.thickness,
        numbers.drawdown_share * ground.thickness,
        site.raised,
        ground.ratio,
        site.spacing,
        site.across,
        fits,
        site.injection.astype(float),
    )
    none = site.fits <= 0
    safe = Units(*(np.where(none, 1.0, one) for one in units))
    unit, by_wells = unit_flow(
        safe,
        radius=numbers.radius,
        loss=numbers.loss,
        beside=numbers.beside,
        clogging=numbers.clogging,
        pump=numbers.most_flow,
        confined=rules.confined,
    )
    unit = np.where(none, 0.0, np.nan_to_num(unit))
    wanted = np.where(none, 0.0, site.plants.wanted)
    needed = np.ceil(np.divide(wanted, unit, out=np.zeros_like(unit), where=unit > 0) - 1e-9)
    doublets = np.minimum(fits, needed)
    most = np.minimum(unit * doublets, wanted)
    limit = np.where(most >= wanted * (1 - 1e-9), NEED, by_wells)
    rows = _rows(ground, site, doublets)
    own = _limited(most, site.plants, rows, numbers, rules)
    short = (own < most * (1 - 1e-6)) & (doublets < fits)
    if short.any():  # heat returns: more doublets spread it
        doublets = np.where(short, fits, doublets)
        rows = _rows(ground, site, doublets)
        own = np.where(short, _limited(most, site.plants, rows, numbers, rules), own)
    limit = np.where(own < most * (1 - 1e-6), HEAT, limit)
    own_mean = mean_flow(own, site.plants)
    mean = shared_flow(own_mean, ground.through, site.tubes, rules.order)
    held = mean < own_mean * (1 - 1e-6)
    flow = np.where(held, flow_of_mean(mean, own, site.plants), own)
    fewer = np.ceil(np.divide(flow, unit, out=np.zeros_like(unit), where=unit > 0) - 1e-9)
    lean = _rows(ground, site, fewer)
    enough = _limited(flow, site.plants, lean, numbers, rules) >= flow * (1 - 1e-6)
    doublets = np.where(enough, fewer, doublets)
    rows = _rows(ground, site, doublets)
    return Capacity(
        unit, own, flow, own_mean, mean, np.where(flow > 0, doublets, 0).astype(np.int64),
        np.where(held, SHARED, limit).astype(np.int64), rows,
    )  # fmt: skip


def without_small(
    ground: Ground, site: Site, numbers: WellNumbers, rules: Rules, least_kw: float
) -> tuple[Site, Capacity]:
    """Capacity of parcels whose shares are worth wells.

    Where many share a tube each may get too little for wells. In every tube the smaller half of those that do give up
    their shares, until all that remain have enough.
    """
    while True:
        made = capacity_of(ground, site, numbers, rules)
        power = np.maximum(site.plants.heat_kw(made.flow), site.plants.cold_kw(made.flow))
        small = np.flatnonzero((made.flow > 0) & (power < least_kw))
        if not len(small):
            return site, made
        order = small[np.lexsort((power[small], site.tubes.tube[small]))]
        tube = site.tubes.tube[order]
        first = np.searchsorted(tube, tube)
        count = np.searchsorted(tube, tube, side="right") - first
        gone = order[np.arange(len(order)) - first < np.ceil(count / 2)]
        fits = site.fits.copy()
        fits[gone] = 0
        site = replace(site, fits=fits)


def _rows(ground: Ground, site: Site, doublets: Floats) -> Rows:
    there = doublets > 0
    return rows_of(
        np.nan_to_num(ground.through),
        np.nan_to_num(ground.capacity / WATER_J_PER_M3K, nan=1.0),
        np.where(there, np.nan_to_num(ground.thickness), 1.0),
        np.where(there, site.spacing, 1.0),
        np.where(there, site.across, 1.0),
        np.maximum(doublets, 1.0),
        np.where(there, site.angle, 0.0),
    )


def _limited(most: Floats, plants: Plants, rows: Rows, numbers: WellNumbers, rules: Rules) -> Floats:
    return heat_limited(
        most,
        plants,
        rows,
        life=numbers.life,
        season=numbers.season,
        shift=numbers.shift,
        no_return=rules.no_return,
    )
