"""Draws: the range of what fields carry or need when ground, holes and loads are not known exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from core.compiled import kernel
from core.jobs import Job
from potential.ground_heat.fields import (
    CAPACITY,
    CONDUCTIVITY,
    HEAD,
    HOLES,
    LENGTH,
    N1,
    N2,
    RADIUS,
    RESISTANCE,
    SPACING,
    TEMPERATURE,
    Fields,
    Numbers,
    Run,
)  # fmt: skip
from potential.ground_heat.flags import NEAR_LIMIT, NO_HOLES
from potential.ground_heat.g_table import Table, field_curve, load
from potential.ground_heat.loads import Loads
from potential.ground_heat.parts import in_parts
from potential.ground_heat.sizing import AS_GIVEN, lengths, refused, span_used, stacked
from potential.ground_heat.temperatures import FOUND, LAGS, MONTHS, extremes, responses

SEED = 20260101
PART = 500  # parcels between two looks at whether to stop
P90, P50, P10 = 10.0, 50.0, 90.0  # percentiles of what at least 90, 50 and 10 of 100 draws give

# Columns of the factors laid out for the kernel.
BY_CONDUCTIVITY, BY_CAPACITY, BY_TEMPERATURE, BY_RESISTANCE, BY_EXTRACTION, BY_INJECTION = range(6)


@dataclass(frozen=True)
class Spreads:
    """How far each input may lie from what is taken, up and down alike.

    Parameters
    ----------
    conductivity, capacity, resistance, loads : float
        Share of the value.
    temperature : float
        Of the undisturbed ground. [K]
    """

    conductivity: float
    capacity: float
    temperature: float
    resistance: float
    loads: float


@dataclass(frozen=True)
class Draws:
    """Factors of all inputs in each draw, the same for every parcel so that maps stay comparable; all are (draws,).

    Parameters
    ----------
    conductivity, capacity, resistance, extraction, injection : ndarray
        Factors; the loads of heating and of cooling are drawn apart.
    temperature : ndarray
        Shift of the undisturbed ground. [K]
    """

    conductivity: Numbers
    capacity: Numbers
    temperature: Numbers
    resistance: Numbers
    extraction: Numbers
    injection: Numbers

    def __len__(self) -> int:
        return len(self.conductivity)

    @classmethod
    def of(cls, spreads: Spreads, count: int, seed: int = SEED) -> Draws:
        """Draws evenly spread over the ranges (Latin hypercube), always the same for a seed.

        Parameters
        ----------
        spreads : Spreads
            The ranges.
        count : int
            Number of draws.
        seed : int
            Of the generator.
        """
        from scipy.stats.qmc import LatinHypercube  # late: it takes a while to import

        even = 2 * LatinHypercube(6, rng=np.random.default_rng(seed)).random(count) - 1
        widths = (spreads.conductivity, spreads.capacity, spreads.resistance, spreads.loads, spreads.loads)
        conductivity, capacity, resistance, extraction, injection = (
            1 + width * even[:, column] for column, width in enumerate(widths)
        )
        return cls(
            conductivity, capacity, spreads.temperature * even[:, 5], resistance, extraction, injection
        )

    def applied(self, fields: Fields, loads: Loads, draw: int) -> tuple[Fields, Loads]:
        """Fields and loads of one draw."""
        changed = replace(
            fields,
            conductivity=np.asarray(fields.conductivity) * self.conductivity[draw],
            capacity=np.asarray(fields.capacity) * self.capacity[draw],
            temperature=np.asarray(fields.temperature) + self.temperature[draw],
            resistance=np.asarray(fields.resistance) * self.resistance[draw],
        )
        out, into = self.extraction[draw], self.injection[draw]
        drawn = Loads(
            loads.extraction * out,
            loads.injection * into,
            loads.extraction_peak * out,
            loads.injection_peak * into,
        )
        return changed, drawn


def drawn_capacity(
    fields: Fields, loads: Loads, run: Run, draws: Draws, *, job: Job | None = None
) -> Numbers:
    """The share of the load of each draw that given fields carry.

    Parameters
    ----------
    fields, loads, run
        As in `sizing.capacity`.
    draws : Draws
        The draws; multiply by `draws.extraction` or `injection` for the share of the load as taken.
    job : Job, optional
        Reports and stops.

    Returns
    -------
    ndarray, (parcels, draws, 3)
        For the present mix, for heat alone, for cold alone; 0 where there are no holes or the ground is too near a limit,
        NaN where there is no such load or something is missing.
    """
    parcels = len(loads)
    rows, powers, table = fields.laid_out(parcels), stacked(loads), load()
    factors = np.column_stack(
        [
            draws.conductivity,
            draws.capacity,
            draws.temperature,
            draws.resistance,
            draws.extraction,
            draws.injection,
        ]
    )
    shares = np.full((parcels, len(draws), 3), np.nan)

    def part(first: int, last: int) -> None:
        _shares(
            table, rows, powers, factors, run.years, run.month_s, run.peak_s, run.margin, first, last, shares
        )

    in_parts(part, parcels, PART, job or Job(), "Drawing ground and loads")
    return shares


def drawn_lengths(
    fields: Fields,
    loads: Loads,
    run: Run,
    draws: Draws,
    *,
    shortest: float,
    longest: float,
    job: Job | None = None,
) -> Numbers:
    """Active length that each draw needs, (parcels, draws); parameters as in `sizing.lengths`. [m]"""
    work = job or Job()
    found = np.empty((len(loads), len(draws)))
    for draw in work.each(range(len(draws)), "Drawing ground and loads"):
        changed, drawn = draws.applied(fields, loads, draw)
        found[:, draw] = lengths(changed, drawn, run, shortest=shortest, longest=longest).length
    return found


def levels(
    values: ArrayLike, *, more_is_better: bool = True, axis: int = -1
) -> tuple[Numbers, Numbers, Numbers]:
    """P90, P50 and P10 of draws: P90 is what at least 90 of 100 draws give.

    Parameters
    ----------
    values : array_like
        With the draws along `axis`.
    more_is_better : bool
        False for lengths and costs: there P90 is what suffices in 90 of 100 draws.
    axis : int
        The draws.
    """
    steps: Sequence[float] = (P90, P50, P10) if more_is_better else (P10, P50, P90)
    p90, p50, p10 = np.percentile(np.asarray(values, float), steps, axis=axis)
    return p90, p50, p10


@kernel
def _shares(
    table: Table, fields: Numbers, loads: Numbers, factors: Numbers, years: int, month_s: float,
    peak_s: float, margin: float, first: int, last: int, shares: Numbers,
) -> None:  # fmt: skip
    """Fill the shares of some parcels in every draw; the curve of a field is the same in all of them."""
    curve, bend = np.empty(table.log_times.size), np.empty(table.log_times.size)
    lags, late, rises = np.empty(LAGS), np.empty(MONTHS + 1), np.empty((3, MONTHS))
    found, field = np.empty(FOUND), np.empty(fields.shape[1])
    for i in range(first, last):
        flags = refused(fields[i], loads[i], AS_GIVEN, margin)
        if flags & NO_HOLES:
            shares[i] = 0.0
        if flags & ~NEAR_LIMIT:
            continue
        length, total = fields[i, LENGTH], fields[i, LENGTH] * fields[i, HOLES]
        field_curve(
            table, fields[i, N1], fields[i, N2], fields[i, SPACING] / length, fields[i, HEAD] / length,
            fields[i, RADIUS] / length, curve, bend,
        )  # fmt: skip
        for draw in range(factors.shape[0]):
            factor = factors[draw]
            field[:] = fields[i]
            field[CONDUCTIVITY] *= factor[BY_CONDUCTIVITY]
            field[CAPACITY] *= factor[BY_CAPACITY]
            field[TEMPERATURE] += factor[BY_TEMPERATURE]
            field[RESISTANCE] *= factor[BY_RESISTANCE]
            close = refused(field, loads[i], AS_GIVEN, margin) != 0
            peak_g = 0.0
            if not close:
                peak_g = responses(
                    table, curve, bend, length, field[RADIUS], field[CONDUCTIVITY] / field[CAPACITY], years,
                    month_s, peak_s, lags, late,
                )  # fmt: skip
            for kind in range(3):
                out = 0.0 if kind == 2 else factor[BY_EXTRACTION]
                into = 0.0 if kind == 1 else factor[BY_INJECTION]
                out_peak, into_peak = loads[i, 2] * out, loads[i, 3] * into
                if max(out_peak.max(), into_peak.max()) <= 0.0:
                    continue
                if close:
                    shares[i, draw, kind] = 0.0
                    continue
                extremes(
                    loads[i, 1] * into - loads[i, 0] * out, out_peak, into_peak, lags, late, peak_g,
                    field[CONDUCTIVITY], field[RESISTANCE], total, years, rises, found,
                )  # fmt: skip
                shares[i, draw, kind] = 1.0 / span_used(found, field)
