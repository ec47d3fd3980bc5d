"""Closed coaxial deep wells: water down the annulus and up the inner pipe, no water taken from the ground."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import exp1

from core.compiled import kernel

CELLS = 250
DAY_S, YEAR_D = 86_400.0, 365.0
LAMINAR_NUSSELT = 4.36  # of a tube with uniform heat flux
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class CoaxialWell:
    """A closed well, the ground it stands in and the water in it.

    Parameters
    ----------
    depth, bore_radius, casing_radius, casing_wall, inner_outer_radius, inner_inner_radius : float
        Depth; radii of the bore, of the casing outside, of the inner pipe outside and inside. [m]
    inner_conductivity, grout_conductivity, steel_conductivity, rock_conductivity : float
        [W/(m K)]
    rock_capacity : float
        Volumetric heat capacity of the rock. [J/(m³ K)]
    flow : float
        Water that goes round. [m³/s]
    density, specific_heat, viscosity, water_conductivity : float
        Of the water. [kg/m³], [J/(kg K)], [Pa s], [W/(m K)]
    """

    depth: float
    bore_radius: float
    casing_radius: float
    casing_wall: float
    inner_outer_radius: float
    inner_inner_radius: float
    inner_conductivity: float
    grout_conductivity: float
    steel_conductivity: float
    rock_conductivity: float
    rock_capacity: float
    flow: float
    density: float
    specific_heat: float
    viscosity: float
    water_conductivity: float

    @property
    def capacity_flow(self) -> float:
        """Mass flow times specific heat. [W/K]"""
        return self.flow * self.density * self.specific_heat

    @property
    def middles(self) -> Floats:
        """Depth of the middle of every cell, shape (CELLS,). [m]"""
        return np.asarray((np.arange(CELLS) + 0.5) * self.depth / CELLS)

    def heat_transfer(self, area: float, hydraulic_diameter: float) -> float:
        """From water to wall. [W/(m² K)]"""
        reynolds = self.density * self.flow / area * hydraulic_diameter / self.viscosity
        prandtl = self.viscosity * self.specific_heat / self.water_conductivity
        nusselt = max(LAMINAR_NUSSELT, 0.023 * reynolds**0.8 * prandtl**0.4)
        return float(nusselt * self.water_conductivity / hydraulic_diameter)

    @property
    def resistances(self) -> tuple[float, float]:
        """From annulus to the wall of the bore, and between annulus and inner pipe. [m K/W]"""
        casing, outer, inner = (
            self.casing_radius - self.casing_wall,
            self.inner_outer_radius,
            self.inner_inner_radius,
        )
        annulus = self.heat_transfer(np.pi * (casing**2 - outer**2), 2 * (casing - outer))
        pipe = self.heat_transfer(np.pi * inner**2, 2 * inner)
        bore = (
            np.log(self.bore_radius / self.casing_radius) / (2 * np.pi * self.grout_conductivity)
            + np.log(self.casing_radius / casing) / (2 * np.pi * self.steel_conductivity)
            + 1 / (2 * np.pi * casing * annulus)
        )
        between = (
            1 / (2 * np.pi * inner * pipe)
            + np.log(outer / inner) / (2 * np.pi * self.inner_conductivity)
            + 1 / (2 * np.pi * outer * annulus)
        )
        return float(bore), float(between)


def ground_resistance(
    well: CoaxialWell, day: ArrayLike, year: ArrayLike = 1, *, season_days: float | None = None
) -> Floats:
    """Resistance of the rock on a day of the heating season of a year, earlier seasons laid over one another.

    Parameters
    ----------
    well : CoaxialWell
        Its bore and rock.
    day : array_like
        Days since the season began. [d]
    year : array_like of int
        The first is 1.
    season_days : float, optional
        Length of the seasons before; that of the running one up to `day` unless given. [d]

    Returns
    -------
    ndarray, shape of `day` and `year`
        [m K/W]
    """
    days, years = np.broadcast_arrays(np.asarray(day, dtype=float), np.asarray(year))
    found = _line_source(well, days)
    season = days if season_days is None else np.full_like(days, season_days)
    for back in range(1, int(years.max(initial=1))):
        began = back * YEAR_D + days
        past = _line_source(well, began) - _line_source(well, began - season)
        found = found + np.where(years > back, past, 0.0)
    return np.asarray(found)


def _line_source(well: CoaxialWell, days: Floats) -> Floats:
    diffusivity = well.rock_conductivity / well.rock_capacity
    seconds = np.maximum(days * DAY_S, 1e-9)
    return np.asarray(
        exp1(well.bore_radius**2 / (4 * diffusivity * seconds)) / (4 * np.pi * well.rock_conductivity)
    )


def outlet_line(well: CoaxialWell, ground: ArrayLike, rock_resistance: ArrayLike) -> tuple[Floats, Floats]:
    """The outlet temperature as a straight line of the inlet temperature: outlet = slope inlet + rise.

    Parameters
    ----------
    well : CoaxialWell
        The well.
    ground : array_like, shape (cases, CELLS)
        Ground temperature at `well.middles`. [°C]
    rock_resistance : array_like, shape (cases,)
        See `ground_resistance`. [m K/W]

    Returns
    -------
    slope, rise : ndarray, shape (cases,)
        [-], [°C]

    Notes
    -----
    The balance of cell i, upwind, with c the capacity flow over the length of a cell, is

        c (Ta_i - Ta_{i-1}) + (Ta_i - Tg_i)/R1 + (Ta_i - Ti_i)/R12 = 0,    Ta_0 the inlet
        c (Ti_i - Ti_{i+1}) + (Ti_i - Ta_i)/R12 = 0,                       Ti_{N+1} = Ta_N

    Below any cell the well answers in a straight line, Ti_{i+1} = slope Ta_i + rise, so the 2N equations are solved
    exactly in one sweep from the foot up: the same numbers as from the sparse system, without building it. The rise
    is linear in the ground temperature: profiles may be solved one by one and added.
    """
    bore, between = well.resistances
    return _sweep(
        np.atleast_2d(np.asarray(ground, dtype=float)),
        1 / (bore + np.atleast_1d(np.asarray(rock_resistance, dtype=float))),
        1 / between,
        well.capacity_flow / (well.depth / CELLS),
    )


@kernel
def _sweep(
    ground: Floats, to_ground: Floats, between: float, flow: float
) -> tuple[Floats, Floats]:  # pragma: no cover
    cases, cells = ground.shape
    slopes = np.empty(cases)
    rises = np.empty(cases)
    for case in range(cases):
        slope, rise = 1.0, 0.0
        from_ground = to_ground[case]
        for cell in range(cells - 1, -1, -1):
            inner_slope = (flow * slope + between) / (flow + between)
            inner_rise = flow * rise / (flow + between)
            held = flow + from_ground + between - inner_slope * between
            down_slope = flow / held
            down_rise = (ground[case, cell] * from_ground + inner_rise * between) / held
            slope = inner_slope * down_slope
            rise = inner_slope * down_rise + inner_rise
        slopes[case] = slope
        rises[case] = rise
    return slopes, rises


def power_at_inlet(well: CoaxialWell, slope: ArrayLike, rise: ArrayLike, inlet: ArrayLike) -> Floats:
    """Heat at a constant inlet temperature. [W]"""
    entering = np.asarray(inlet, dtype=float)
    return np.asarray(well.capacity_flow * ((np.asarray(slope) - 1) * entering + np.asarray(rise)))


def inlet_at_power(well: CoaxialWell, slope: ArrayLike, rise: ArrayLike, power: ArrayLike) -> Floats:
    """Inlet temperature at which a constant power is given. [°C]"""
    wanted = np.asarray(power, dtype=float) / well.capacity_flow
    return np.asarray((np.asarray(rise) - wanted) / (1 - np.asarray(slope)))
