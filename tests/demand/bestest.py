"""The test building of ANSI/ASHRAE 140 as a network, with the parameters that the IBPSA Modelica library publishes."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from demand.light import COLUMNS, GLASS, ROOF, SKY, light
from demand.network import NO_COOLING_C, NO_HEATING_C, Year, Zones, by_air
from layers.weather import Weather, year_index

# NREL, TMY3 of Denver Intl AP (WMO 725650), as EPW; only what the network needs.
DENVER = Path(__file__).with_name("denver_tmy3_725650.csv.gz")
LIGHT, HEAVY = (42_167.0, 2.95), (307_750.0, 2.43)  # J/(K m²), m²/m²
NORTH, EAST, SOUTH, WEST = 0, 2, 4, 6
STEADY, SETBACK, FREE = 0, 1, 2


@cache
def denver() -> Weather:
    hours = pd.read_csv(DENVER).set_index(year_index(-7.0))
    return Weather(hours, 39.83, -104.65, 1650.0, "Denver", "measured_typical_year", "NREL TMY3 725650")


@cache
def year() -> Year:
    sun, direction = light(denver(), 0.2)
    clock = np.arange(8760) % 24
    setback = np.select([(clock >= 23) | (clock < 7), clock == 7], [10.0, 15.0], 20.0)
    heat_to = np.array([np.full(8760, 20.0), setback, np.full(8760, NO_HEATING_C)], dtype=np.float32)
    cool_to = np.array([np.full(8760, 27.0)] * 2 + [np.full(8760, NO_COOLING_C)], dtype=np.float32)
    return Year(
        outside=denver().hours["temp_air"].to_numpy(),
        sun=sun,
        direction=direction,
        gain=np.full((1, 8760), 200.0 / 48.0, dtype=np.float32),
        heat_to=heat_to,
        cool_to=cool_to,
        heat_share=np.ones((3, 8760), dtype=np.float32),
        cool_share=np.ones((3, 8760), dtype=np.float32),
        level=np.zeros((1, 8760), dtype=np.uint8),
        share=np.ones((1, 1)),
    )


def zone(
    mass: tuple[float, float] = LIGHT,
    points: int = STEADY,
    g: float = 0.789,
    walls: tuple[float, float, float, float] = (0.53, 0.33, 0.038, 3.1),
    **changed: float,
) -> Zones:
    """One zone of 8 by 6 by 2.7 m with 12 m² of glass to the south."""
    wall_u, roof_u, floor_u, window_u = walls
    area = {NORTH: 21.6, EAST: 16.2, SOUTH: 9.6, WEST: 16.2}
    sun_area = np.zeros((1, COLUMNS))
    for direction, wall in area.items():
        sun_area[0, direction] = 0.6 * 0.04 * wall_u * wall
    sun_area[0, ROOF] = 0.6 * 0.04 * roof_u * 48.0
    sun_area[0, GLASS + SOUTH] = g * 12.0
    sun_area[0, SKY] = 101.5

    def one(value: float) -> np.ndarray:
        return np.array([value])

    made = Zones(
        floor=one(48.0),
        leak=one(float(by_air(0.414 * 129.6))),
        fresh=one(0.0),
        opened=one(0.0),
        inside=one(2.1 * 171.6),
        window=one(window_u * 12.0),
        opaque=one(wall_u * sum(area.values()) + 48.0 * (roof_u + floor_u)),
        mass_area=one(mass[1] * 48.0),
        surface_area=one(171.6),
        capacity=one(mass[0] * 48.0),
        sun_area=sun_area,
        shade=np.ones((1, ROOF + 1, 12), dtype=np.float32),
        gain=np.zeros(1, np.int64),
        set_points=np.full(1, points, np.int64),
        air=np.zeros(1, np.int64),
        most_heat=one(np.inf),
        most_cold=one(np.inf),
        heat_scale=one(1.0),
        cold_scale=one(1.0),
    )
    return replace(made, **{name: one(value) for name, value in changed.items()})
