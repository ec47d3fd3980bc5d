"""The network: heat and cold of zones hour by hour, three temperatures and five conductances each (ISO 13790)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.compiled import inlined, kernel

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]

HOURS = 8760
MONTH_ENDS = np.cumsum([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) * 24
AIR_J_PER_M3_K = 1.2 * 1005.0  # heat capacity of air
HOUR_S = 3600.0
INSIDE_W_PER_M2_K = 9.1  # between surface and mass (ISO 13790, 12.2.2)
CONVECTIVE = 0.5  # share of internal gains that goes to the air (ISO 13790, C.2)
START_C = 20.0
MISSED_K = 1.0
MONTH_H = 31 * 24
SLOW_H = 480.0  # zones with a longer time constant warm up twice as long
NO_HEATING_C, NO_COOLING_C = -50.0, 100.0  # set points where nothing heats or cools
HEAT, COLD = 0, 1


@dataclass(frozen=True)
class Zones:
    """Zones to be computed, one row each.

    Parameters
    ----------
    floor : ndarray, (n,)
        Floor area for which gains are given. [m²]
    leak, fresh, opened : ndarray, (n,)
        Heat flow by air: of what always leaks in, of fresh air at full schedule, of open windows. [W/K]
    inside : ndarray, (n,)
        Between air and surfaces. [W/K]
    window, opaque : ndarray, (n,)
        Through windows and doors; through opaque parts. [W/K]
    mass_area, surface_area : ndarray, (n,)
        Of the mass and of all surfaces. [m²]
    capacity : ndarray, (n,)
        [J/K]
    sun_area : ndarray, (n, C)
        Effective area for every column of the sun. [m²]
    shade : ndarray of float32, (n, S, 12)
        Share of the sun that is left by what stands around, by direction and month.
    gain, set_points, air : ndarray of int64, (n,)
        Which of the schedules each zone follows.
    most_heat, most_cold : ndarray, (n,)
        Power of the plant. [W]
    heat_scale, cold_scale : ndarray, (n,)
        What heat and cold are counted by: cold with that for drying the air, what meters say over what is computed.
    """

    floor: Numbers
    leak: Numbers
    fresh: Numbers
    opened: Numbers
    inside: Numbers
    window: Numbers
    opaque: Numbers
    mass_area: Numbers
    surface_area: Numbers
    capacity: Numbers
    sun_area: Numbers
    shade: NDArray[np.float32]
    gain: Whole
    set_points: Whole
    air: Whole
    most_heat: Numbers
    most_cold: Numbers
    heat_scale: Numbers
    cold_scale: Numbers

    def __len__(self) -> int:
        return len(self.floor)

    def rows(self, which: NDArray[np.integer] | slice) -> Zones:
        """Some of the zones."""
        return Zones(*(np.ascontiguousarray(getattr(self, field.name)[which]) for field in fields(self)))


@dataclass(frozen=True)
class Year:
    """What all zones share: weather, light and schedules of 8,760 hours.

    Parameters
    ----------
    outside : ndarray, (8760,)
        [°C]
    sun : ndarray of float32, (C, 8760)
        Light on every direction, apart for opaque parts and for glass (with its loss by angle). [W/m²]
    direction : ndarray of int64, (C,)
        Row of `Zones.shade` for each column; −1 for what nothing shades, such as the loss to the sky.
    gain : ndarray of float32, (G, 8760)
        Internal gains of schedules. [W/m²]
    heat_to, cool_to : ndarray of float32, (P, 8760)
        Set points of schedules. [°C]
    heat_share, cool_share : ndarray of float32, (P, 8760)
        Share of the rooms that is heated and cooled.
    level : ndarray of uint8, (A, 8760)
        Which level of fresh air holds in each hour of a schedule.
    share : ndarray, (A, L)
        Fresh air of each level as share of the full.
    """

    outside: Numbers
    sun: NDArray[np.float32]
    direction: Whole
    gain: NDArray[np.float32]
    heat_to: NDArray[np.float32]
    cool_to: NDArray[np.float32]
    heat_share: NDArray[np.float32]
    cool_share: NDArray[np.float32]
    level: NDArray[np.uint8]
    share: Numbers


@dataclass(frozen=True)
class Loads:
    """Heat and cold of zones over a year.

    Parameters
    ----------
    months : ndarray, (n, 2, 12)
        Heat and cold of each month. [kWh]
    peak : ndarray, (n, 2)
        Highest hourly mean of heat and of cold. [kW]
    peak_hour : ndarray of int64, (n, 2)
        Hour of the year in which it falls, 0 to 8759; −1 where there is none.
    air : ndarray, (n, 3)
        Lowest, mean and highest temperature of the air. [°C]
    missed : ndarray of int64, (n,)
        Hours in which the plant is too small to hold a set point within one kelvin.
    series : ndarray of float32, (groups, 2, 8760)
        Heat and cold of the sum of the zones of each group. [W]
    """

    months: Numbers
    peak: Numbers
    peak_hour: Whole
    air: Numbers
    missed: Whole
    series: NDArray[np.float32]

    @property
    def year(self) -> Numbers:
        """Heat and cold of the year, (n, 2). [kWh]"""
        total: Numbers = self.months.sum(axis=2)
        return total


def loads(zones: Zones, year: Year, group: Whole | None = None, groups: int = 0) -> Loads:
    """Heat and cold of zones over a year, and hour by hour of the sums of groups [1]_.

    Parameters
    ----------
    zones : Zones
        In any order.
    year : Year
        Weather and schedules.
    group : ndarray of int64, (n,), optional
        Group of each zone; −1 is none. Without it no sums are kept.
    groups : int
        Number of groups.

    Returns
    -------
    Loads

    Raises
    ------
    ValueError
        If an input is not finite, or the mass of a zone is coupled more weakly than its opaque parts lose.

    Notes
    -----
    The air is linear in the power given, so the power that holds a set point follows at once and the two trials of
    the standard are not needed. Windows are opened where outside air alone keeps the cooling set point; then nothing
    is cooled. A zone of which only some rooms are heated or cooled is computed as if all were, and its power counts by
    the share of the rooms. A zone starts at 20 °C and runs through the last thirty days of the year first, twice as
    long where its time constant is above 480 h.

    References
    ----------
    .. [1] ISO 13790:2008, "Energy performance of buildings: calculation of energy use for space heating and cooling,"
       annex C.
    """
    of_group = np.full(len(zones), -1, dtype=np.int64) if group is None else group
    return _compute(zones, year, of_group, groups, np.zeros((0, 3, HOURS)))


def courses(zones: Zones, year: Year) -> NDArray[np.float64]:
    """Every hour of some zones: power given (cold and open windows negative) [W], air and mass [°C]; (n, 3, 8760).

    The mass is that at the end of the hour. For single buildings: 210 kB each.
    """
    course = np.zeros((len(zones), 3, HOURS))
    _compute(zones, year, np.full(len(zones), -1, dtype=np.int64), 0, course)
    return course


def by_air(volume_m3_per_h: Numbers | float) -> Numbers | float:
    """Heat flow of a stream of air. [W/K]"""
    return volume_m3_per_h * (AIR_J_PER_M3_K / HOUR_S)


def _compute(zones: Zones, year: Year, group: Whole, groups: int, course: Numbers) -> Loads:
    _check(zones, year)
    count = len(zones)
    found = Loads(
        np.zeros((count, 2, 12)),
        np.zeros((count, 2)),
        np.zeros((count, 2), dtype=np.int64),
        np.zeros((count, 3)),
        np.zeros(count, dtype=np.int64),
        np.zeros((groups, 2, HOURS), dtype=np.float32),
    )
    given = (*_arrays(zones), *_arrays(year), group)
    results = (found.months, found.peak, found.peak_hour, found.air, found.missed, found.series)
    _all_zones(*(*given, *results, course))
    return found


def _check(zones: Zones, year: Year) -> None:
    for name in ("leak", "fresh", "opened", "inside", "window", "opaque", "capacity", "sun_area", "shade"):
        if not np.isfinite(getattr(zones, name)).all():
            raise ValueError(f"zones.{name} is not finite")
    for name in ("outside", "sun", "gain", "heat_to", "cool_to", "share"):
        if not np.isfinite(getattr(year, name)).all():
            raise ValueError(f"year.{name} is not finite")
    if (zones.opaque >= INSIDE_W_PER_M2_K * zones.mass_area).any():
        raise ValueError("opaque parts lose more than the mass can take from the surfaces")


def _arrays(of: Zones | Year) -> tuple[Any, ...]:
    return tuple(getattr(of, field.name) for field in fields(of))


@inlined
def _coefficients(
    leak: float, fresh: float, inside: float, window: float, opaque: float, mass_area: float, surface_area: float,
    capacity: float, share: Numbers, table: Numbers,
) -> None:  # fmt: skip
    """What is the same in all hours with one level of fresh air, one row of the table each."""
    to_mass = INSIDE_W_PER_M2_K * mass_area
    outward = opaque * to_mass / (to_mass - opaque)
    to_radiant = mass_area / surface_area
    to_surface = 1.0 - to_radiant - window / (INSIDE_W_PER_M2_K * surface_area)
    store = capacity / HOUR_S
    for level in range(share.size):
        air = leak + fresh * share[level]
        r = inside / (inside + air)
        h1 = r * air
        h2 = h1 + window
        q = to_mass / (h2 + to_mass)
        h3 = q * h2
        a = store + (h3 + outward) / 2.0
        b = store - (h3 + outward) / 2.0
        d = 0.5 * q * r / a
        nodes = to_mass + h2
        k = (inside * (to_mass * d + r) / nodes + 1.0) / (inside + air)
        # The mass at the end of the hour: of the mass before, outside, radiant gains, gains of the air.
        table[level, 0] = b / a
        table[level, 1] = (outward + q * h2) / a
        table[level, 2] = (to_radiant + q * to_surface) / a
        table[level, 3] = q * r / a
        # The air: of the mass before, the mass after, outside, radiant gains, gains of the air.
        to_air = inside / (inside + air)
        table[level, 4] = to_air * to_mass / nodes / 2.0
        table[level, 5] = to_air * h2 / nodes + air / (inside + air)
        table[level, 6] = to_air * to_surface / nodes
        table[level, 7] = to_air * r / nodes + 1.0 / (inside + air)
        # Of the power given: mass and air, and its inverse.
        table[level, 8] = 2.0 * d
        table[level, 9] = k
        table[level, 10] = 1.0 / k
        table[level, 11] = table[level, 4] * (1.0 + table[level, 0])  # the air of the mass before


@inlined
def _first_turn(
    leak: float, window: float, opaque: float, mass_area: float, inside: float, capacity: float
) -> int:
    """Month, counted from January, in which a zone begins to run: −1 is the December before."""
    to_mass = INSIDE_W_PER_M2_K * mass_area
    outward = opaque * to_mass / (to_mass - opaque)
    h2 = leak * inside / (leak + inside) + window
    constant = capacity / HOUR_S / (h2 * to_mass / (h2 + to_mass) + outward + 1e-9)
    return -2 if constant > SLOW_H else -1


@inlined
def _fixed(
    zone: int, start: int, end: int, month: int, convective: float, table: Numbers, sun_area: Numbers,
    shade: NDArray[np.float32], outside: Numbers, sun: NDArray[np.float32], direction: Whole,
    gains: NDArray[np.float32], levels: NDArray[np.uint8], radiant: Numbers, to_mass: Numbers, to_air: Numbers,
) -> None:  # fmt: skip
    """What does not hang on the mass, in some hours of a month: what comes to the mass and to the air."""
    radiant[: end - start] = 0.0
    for column in range(direction.size):
        left = sun_area[zone, column]
        if left == 0.0:
            continue
        if direction[column] >= 0:
            left *= shade[zone, direction[column], month]
        for hour in range(start, end):
            radiant[hour - start] += left * sun[column, hour]
    for hour in range(start, end):
        t = table[levels[hour]]
        inner = convective * gains[hour]
        light = inner + radiant[hour - start]
        after = t[1] * outside[hour] + t[2] * light + t[3] * inner
        to_mass[hour - start] = after
        to_air[hour - start] = t[4] * after + t[5] * outside[hour] + t[6] * light + t[7] * inner


@inlined
def _run(
    mass: float, start: int, end: int, table: Numbers, levels: NDArray[np.uint8], to_mass: Numbers, to_air: Numbers,
    heat_to: NDArray[np.float32], cool_to: NDArray[np.float32], most_heat: float, most_cold: float,
    power: Numbers, air: Numbers, masses: Numbers,
) -> float:  # fmt: skip
    """Run through some hours: the power that holds the set points, and air and mass with it; gives the last mass.

    Without a branch, for the processor cannot foresee when a set point is met.
    """
    for hour in range(start, end):
        t = table[levels[hour]]
        free = t[11] * mass + to_air[hour - start]
        heat = min(max((heat_to[hour] - free) * t[10], 0.0), most_heat)
        cold = min(max((free - cool_to[hour]) * t[10], 0.0), most_cold)
        given = heat - cold
        mass = t[0] * mass + to_mass[hour - start] + t[8] * given
        power[hour - start] = given
        air[hour - start] = free + t[9] * given
        masses[hour - start] = mass
    return mass


@kernel
def _all_zones(
    floor: Numbers, leak: Numbers, fresh: Numbers, opened: Numbers, inside: Numbers, window: Numbers, opaque: Numbers,
    mass_area: Numbers, surface_area: Numbers, capacity: Numbers, sun_area: Numbers, shade: NDArray[np.float32],
    gain_of: Whole, points_of: Whole, air_of: Whole, most_heat: Numbers, most_cold: Numbers, heat_scale: Numbers,
    cold_scale: Numbers, outside: Numbers, sun: NDArray[np.float32], direction: Whole, gain: NDArray[np.float32],
    heat_to: NDArray[np.float32], cool_to: NDArray[np.float32], heat_share: NDArray[np.float32],
    cool_share: NDArray[np.float32], level: NDArray[np.uint8], share: Numbers, group: Whole, months: Numbers,
    peak: Numbers, peak_hour: Whole, air_c: Numbers, missed: Whole, series: NDArray[np.float32], course: Numbers,
) -> None:  # fmt: skip
    """The year of every zone: months, peaks, the hours of its group, and its own course where there is room for it."""
    radiant, to_mass, to_air = np.empty(MONTH_H), np.empty(MONTH_H), np.empty(MONTH_H)
    power, air, masses = np.empty(MONTH_H), np.empty(MONTH_H), np.empty(MONTH_H)
    table = np.empty((share.shape[1], 12))
    for zone in range(floor.size):
        _coefficients(
            leak[zone], fresh[zone], inside[zone], window[zone], opaque[zone], mass_area[zone], surface_area[zone],
            capacity[zone], share[air_of[zone]], table,
        )  # fmt: skip
        gains, to_heat, to_cool = gain[gain_of[zone]], heat_to[points_of[zone]], cool_to[points_of[zone]]
        heated, cooled = heat_share[points_of[zone]], cool_share[points_of[zone]]
        levels, convective = level[air_of[zone]], CONVECTIVE * floor[zone]
        first = _first_turn(
            leak[zone], window[zone], opaque[zone], mass_area[zone], inside[zone], capacity[zone]
        )
        mass, coldest, warmest, total, out = START_C, 1e9, -1e9, 0.0, 0
        most, at = np.zeros(2), np.full(2, -1)
        for turn in range(first, 12):
            month = turn % 12
            start, end = MONTH_ENDS[month], MONTH_ENDS[month + 1]
            if turn == first:
                start += 24  # thirty days of December, sixty of November and December
            _fixed(
                zone, start, end, month, convective, table, sun_area, shade, outside, sun, direction, gains, levels,
                radiant, to_mass, to_air,
            )  # fmt: skip
            mass = _run(
                mass, start, end, table, levels, to_mass, to_air, to_heat, to_cool, most_heat[zone],
                most_cold[zone], power, air, masses,
            )  # fmt: skip
            if turn < 0:
                continue
            heat = cold = 0.0
            for step in range(end - start):
                hour = start + step
                given = power[step]
                free = opened[zone] * max(to_cool[hour] - outside[hour], 0.0)
                warm = max(given, 0.0) * heated[hour] * heat_scale[zone]
                cool = -given * cooled[hour] * cold_scale[zone] if -given > free else 0.0
                heat += warm
                cold += cool
                if warm > most[HEAT]:
                    most[HEAT], at[HEAT] = warm, hour
                if cool > most[COLD]:
                    most[COLD], at[COLD] = cool, hour
                coldest, warmest = min(coldest, air[step]), max(warmest, air[step])
                total += air[step]
                out += (air[step] < to_heat[hour] - MISSED_K) | (air[step] > to_cool[hour] + MISSED_K)
                if group[zone] >= 0:
                    series[group[zone], HEAT, hour] += np.float32(warm)
                    series[group[zone], COLD, hour] += np.float32(cool)
            months[zone, HEAT, month], months[zone, COLD, month] = heat / 1000.0, cold / 1000.0
            if zone < course.shape[0]:
                course[zone, 0, start:end] = power[: end - start]
                course[zone, 1, start:end] = air[: end - start]
                course[zone, 2, start:end] = masses[: end - start]
        peak[zone], peak_hour[zone] = most / 1000.0, at
        air_c[zone, 0], air_c[zone, 1], air_c[zone, 2] = coldest, total / HOURS, warmest
        missed[zone] = out
