"""What the tests of closed loops share: reference cases, and exact solves with pygfunction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from scipy.interpolate import CubicSpline
from scipy.optimize import brentq

from potential.ground_heat.fields import MONTH_S, Fields, Run
from potential.ground_heat.loads import Loads

PEAK_S = 6 * 3600.0
YEAR_S = 8760 * 3600.0
HEAT = np.array([0.27, 0.21, 0.13, 0, 0, 0, 0, 0, 0, 0, 0.15, 0.24])
COLD = np.array([0, 0, 0, 0, 0.07, 0.21, 0.29, 0.27, 0.14, 0.02, 0, 0])


def run(years: int = 25) -> Run:
    return Run(years, PEAK_S, 1.0)


def field(**changed) -> Fields:
    """Ten by ten holes of 100 m in common ground."""
    given = {
        "n1": 10.0, "n2": 10.0, "holes": 100.0, "spacing": 5.0, "length": 100.0, "head": 2.0, "radius": 0.075,
        "resistance": 0.12,
        "conductivity": 2.0, "capacity": 2.2e6, "temperature": 15.0, "fluid_min": 6.5, "fluid_max": 35.5,
    }  # fmt: skip
    return Fields(**(given | changed))


def loads(extraction_mwh, injection_mwh, extraction_kw, injection_kw) -> Loads:
    """Loads of a year shared out as in a heated and cooled building of the north."""
    out, into, out_peak, into_peak = (
        np.atleast_1d(each).astype(float)
        for each in np.broadcast_arrays(extraction_mwh, injection_mwh, extraction_kw, injection_kw)
    )
    months = out[:, None] * 1e6 / 730 * HEAT, into[:, None] * 1e6 / 730 * COLD
    return Loads.of_months(*months, out_peak * 1e3, into_peak * 1e3)


@dataclass(frozen=True)
class Case:
    row: pd.Series

    @property
    def fields(self) -> Fields:
        row = self.row
        return Fields(
            row.n1, row.n2, row.n1 * row.n2, row.spacing_m, 100.0, row.buried_depth_m, row.borehole_radius_m,
            row.rb_mk_per_w, row.k_w_per_mk, row.c_j_per_m3k, row.ground_temp_c, row.fluid_min_c, row.fluid_max_c,
        )  # fmt: skip

    @property
    def loads(self) -> Loads:
        row = self.row

        def monthly(energy, kind):
            share = [row[f"{kind}_{month:02}"] for month in range(1, 13)]
            return np.array([share]) * row[energy] * 1e6 / row.month_hours

        return Loads.of_months(
            monthly("extraction_mwh_per_year", "heat"),
            monthly("injection_mwh_per_year", "cool"),
            [row.peak_extraction_kw * 1e3],
            [row.peak_injection_kw * 1e3],
        )

    @property
    def run(self) -> Run:
        return Run(int(self.row.years), self.row.peak_hours * 3600, 1.0, self.row.month_hours * 3600)


def cases(shared) -> dict[str, Case]:
    table = pd.read_csv(shared / "reference" / "ground" / "sizing_cases.csv")
    return {row.id: Case(row) for _, row in table.iterrows()}


def library():
    """The builder of the table, where pygfunction is installed."""
    pytest.importorskip("pygfunction", reason="pygfunction is not installed")
    from potential.ground_heat import build_table

    return build_table


def exact_ratio(one: Fields, load: Loads, ran: Run, times: int = 34) -> float:
    """Use of the temperature span by one field, every month of every year superposed; g by pygfunction."""
    months, diffusivity = 12 * ran.years, one.conductivity / one.capacity
    scale = one.length**2 / (9 * diffusivity)
    known = np.geomspace(0.9 * ran.peak_s, 1.02 * months * ran.month_s, times)
    g = library().g_function(
        int(one.n1), int(one.n2), spacing=one.spacing, length=one.length, head=one.head, radius=one.radius,
        diffusivity=diffusivity, time=known,
    )  # fmt: skip
    curve = CubicSpline(np.log(known / scale), g)
    steps = np.diff(curve(np.log(np.arange(1, months + 1) * ran.month_s / scale)), prepend=0.0)
    net = np.tile(load.net[0], ran.years)
    wall = np.convolve(net, steps)[:months] / (2 * np.pi * one.conductivity * one.holes * one.length)
    ground = curve(np.log(ran.peak_s / scale)) / (2 * np.pi * one.conductivity)
    total = one.holes * one.length
    into, out = (np.tile(peak[0], ran.years) for peak in (load.injection_peak, load.extraction_peak))
    warm = wall + np.where(into > 0, into * (ground + one.resistance) - net * ground, 0) / total
    cold = wall - np.where(out > 0, out * (ground + one.resistance) + net * ground, 0) / total
    span = one.fluid_max - one.temperature, one.temperature - one.fluid_min
    return max(warm.max() / span[0], -cold.min() / span[1])


def exact_length(one: Fields, load: Loads, ran: Run) -> float:
    """Length at which the exact use of the span is 1. [m]"""
    from dataclasses import replace

    return brentq(
        lambda length: np.log(exact_ratio(replace(one, length=length), load, ran)), 20, 550, xtol=0.05
    )


assert MONTH_S == 730 * 3600
