"""Sizing: length or number of boreholes that a load needs, and the load that given boreholes carry."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from core.compiled import kernel
from core.jobs import Job
from potential.ground_heat.fields import (
    CAPACITY,
    CONDUCTIVITY,
    FLUID_MAX,
    FLUID_MIN,
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
    Found,
    Limit,
    Run,
)  # fmt: skip
from potential.ground_heat.flags import CANNOT_BE_MET, LOWER_BOUND, MISSING, NEAR_LIMIT, NO_HOLES, NO_LOAD
from potential.ground_heat.g_table import Table, field_curve, load, too_late
from potential.ground_heat.loads import Loads
from potential.ground_heat.parts import in_parts
from potential.ground_heat.temperatures import (
    DRIFT_FIRST,
    DRIFT_LAST,
    FALL,
    FALL_MONTH,
    FALL_YEAR,
    FOUND,
    LAGS,
    MONTHS,
    RISE,
    RISE_MONTH,
    RISE_YEAR,
    extremes,
    responses,
)  # fmt: skip

Numbers = NDArray[np.float64]

PART = 2000  # parcels between two looks at whether to stop
CLOSE = 5e-4  # of ln r: a twentieth of a percent of the length
MOST_STEPS = 40
PATIENCE = 10  # steps along the secant before the bracket is halved
LEAST_SLOPE = -0.2  # of ln r over ln of the size
AS_GIVEN, BY_LENGTH, BY_HOLES = range(3)
RATIO, HEAT_RATIO, COLD_RATIO, STEPS, KEPT = range(FOUND, FOUND + 5)


@kernel
def span_used(found: Numbers, field: Numbers) -> float:
    """Use of the temperature span from undisturbed ground to the limits, the larger of warm and cold."""
    warm = found[RISE] / (field[FLUID_MAX] - field[TEMPERATURE])
    cold = found[FALL] / (field[TEMPERATURE] - field[FLUID_MIN])
    return float(max(warm, cold))


@kernel
def field_at(field: Numbers, mode: int, size: float, changed: Numbers) -> None:
    """The field with another active length, or another number of holes in the same aspect."""
    changed[:] = field
    if mode == BY_LENGTH:
        changed[LENGTH] = size
    elif mode == BY_HOLES:
        changed[HOLES] = size
        shorter = max(1.0, math.sqrt(size * min(field[N1], field[N2]) / max(field[N1], field[N2])))
        changed[N1], changed[N2] = size / shorter, shorter


@kernel
def respond(
    table: Table, field: Numbers, years: int, month_s: float, peak_s: float, curve: Numbers, bend: Numbers,
    lags: Numbers, late: Numbers, outcome: Numbers,
) -> int:  # fmt: skip
    """Fill the responses of a field; `outcome` takes g after a peak. Gives the flags of the table."""
    length = field[LENGTH]
    flags = field_curve(
        table,
        field[N1],
        field[N2],
        field[SPACING] / length,
        field[HEAD] / length,
        field[RADIUS] / length,
        curve,
        bend,
    )
    diffusivity = field[CONDUCTIVITY] / field[CAPACITY]
    last = (MONTHS * years + 1) * month_s
    outcome[0] = responses(
        table, curve, bend, length, field[RADIUS], diffusivity, years, month_s, peak_s, lags, late
    )
    return flags | too_late(table, math.log(last * 9.0 * diffusivity / (length * length)))


@kernel
def refused(field: Numbers, loads: Numbers, mode: int, margin: float) -> int:
    """Flags that say why a field cannot be looked at; 0 if it can."""
    least = np.inf
    for number in range(field.size):
        if (mode == BY_LENGTH and number == LENGTH) or (mode == BY_HOLES and number == HOLES):
            continue
        if not math.isfinite(field[number]):
            return MISSING
        if number < TEMPERATURE and number not in (HOLES, HEAD, RESISTANCE):
            least = min(least, field[number])
    most = 0.0
    for kind in range(4):
        for month in range(MONTHS):
            if not math.isfinite(loads[kind, month]):
                return MISSING
            most = max(most, loads[kind, month])
    if mode != BY_HOLES and field[HOLES] <= 0.0:
        return NO_HOLES
    if least <= 0.0:
        return MISSING
    flags = 0 if most > 0.0 else NO_LOAD
    if min(field[FLUID_MAX] - field[TEMPERATURE], field[TEMPERATURE] - field[FLUID_MIN]) < margin:
        flags |= NEAR_LIMIT
    return flags


@kernel
def solve(
    table: Table, fields: Numbers, loads: Numbers, mode: int, low: float, high: float, years: int,
    month_s: float, peak_s: float, margin: float, first: int, last: int, sizes: Numbers, kept: Numbers,
    flags: NDArray[np.int64],
) -> None:  # fmt: skip
    """Solve some fields: as they are, or for the size at which the span is just used.

    Parameters
    ----------
    table : Table
        The table.
    fields : ndarray, (parcels, COLUMNS)
        From `Fields.laid_out`; the size there is where the search begins.
    loads : ndarray, (parcels, 4, 12)
        Extraction, injection and their peaks. [W]
    mode : int
        `AS_GIVEN`, `BY_LENGTH` or `BY_HOLES`.
    low, high : float
        Bounds of the size.
    years, month_s, peak_s, margin
        As in `Run`.
    first, last : int
        The parcels to solve.
    sizes : ndarray, (parcels,)
        Filled: length or number of holes.
    kept : ndarray, (parcels, KEPT)
        Filled: what `extremes` finds, and the ratios and steps.
    flags : ndarray of int, (parcels,)
        Filled.
    """
    curve, bend = np.empty(table.log_times.size), np.empty(table.log_times.size)
    lags, late, rises = np.empty(LAGS), np.empty(MONTHS + 1), np.empty((3, MONTHS))
    found, alone, peak_g = np.empty(FOUND), np.empty(FOUND), np.empty(1)
    field, nothing = np.empty(fields.shape[1]), np.zeros(MONTHS)
    for i in range(first, last):
        out, into, out_peak, into_peak = loads[i, 0], loads[i, 1], loads[i, 2], loads[i, 3]
        flags[i] = refused(fields[i], loads[i], mode, margin)
        if flags[i]:
            continue
        net = into - out
        lowest, highest = math.log(low), math.log(high)
        left, right = lowest - 1.0, highest + 1.0  # beyond the bounds as long as these are not looked at
        x = before_x = before_y = 0.0
        if mode != AS_GIVEN:
            start = fields[i, LENGTH] if mode == BY_LENGTH else fields[i, HOLES]
            x = math.log(min(max(start, low), high)) if start > 0.0 else 0.5 * (lowest + highest)
        missed = 0
        for step in range(1, MOST_STEPS + 1):
            field_at(fields[i], mode, math.exp(x), field)
            clipped = respond(table, field, years, month_s, peak_s, curve, bend, lags, late, peak_g)
            total = field[HOLES] * field[LENGTH]
            extremes(
                net, out_peak, into_peak, lags, late, peak_g[0], field[CONDUCTIVITY], field[RESISTANCE],
                total, years, rises, found,
            )  # fmt: skip
            used = span_used(found, field)
            kept[i, STEPS] = step
            if mode == AS_GIVEN:
                break
            y = math.log(used)
            if abs(y) < CLOSE:
                break
            if y > 0.0:
                left, missed = x, CANNOT_BE_MET if x >= highest else 0
            else:
                right, missed = x, LOWER_BOUND if x <= lowest else 0
            if missed:
                break
            slope = (y - before_y) / (x - before_x) if step > 1 else -1.0
            before_x, before_y = x, y
            x -= y / min(slope, LEAST_SLOPE)
            if not left < x < right or step > PATIENCE:
                x = 0.5 * (left + right)
            x = min(max(x, lowest), highest)
        flags[i] = clipped | missed
        sizes[i] = math.exp(x)
        kept[i, :FOUND] = found
        kept[i, RATIO] = used
        if mode == AS_GIVEN:
            for column, load_alone, first_peak, second_peak in (
                (HEAT_RATIO, -out, out_peak, nothing),
                (COLD_RATIO, into, nothing, into_peak),
            ):
                extremes(
                    load_alone, first_peak, second_peak, lags, late, peak_g[0], field[CONDUCTIVITY],
                    field[RESISTANCE], total, years, rises, alone,
                )  # fmt: skip
                kept[i, column] = span_used(alone, field)


def lengths(
    fields: Fields, loads: Loads, run: Run, *, shortest: float, longest: float, job: Job | None = None
) -> Found:
    """Active length of each hole at which the fluid just keeps within its limits.

    Parameters
    ----------
    fields : Fields
        The fields; `length` is where the search begins.
    loads : Loads
        What the ground has to take and to give.
    run : Run
        How long and how finely.
    shortest, longest : float
        Bounds of the length. [m]
    job : Job, optional
        Reports and stops.

    Returns
    -------
    Found
        `length` is what was looked for.
    """
    return _solved(fields, loads, run, BY_LENGTH, (shortest, longest), job)


def holes(fields: Fields, loads: Loads, run: Run, *, most: float, job: Job | None = None) -> Found:
    """Number of holes of given length, a real number from 1, at which the fluid just keeps within its limits.

    The aspect of the field is kept. Parameters as in `lengths`; `most` bounds the number.
    """
    return _solved(fields, loads, run, BY_HOLES, (1.0, most), job)


def capacity(fields: Fields, loads: Loads, run: Run, *, job: Job | None = None) -> Found:
    """The share of a load that given fields carry, and how warm and cold they become under the load as it is.

    Temperatures are linear in the load, so that one evaluation tells. Parameters as in `lengths`.
    """
    return _solved(fields, loads, run, AS_GIVEN, (1.0, 1.0), job)


def stacked(loads: Loads) -> Numbers:
    """Loads as kernels take them, (parcels, 4, 12). [W]"""
    kinds = (loads.extraction, loads.injection, loads.extraction_peak, loads.injection_peak)
    return np.ascontiguousarray(np.stack(kinds, axis=1))


def _solved(
    fields: Fields, loads: Loads, run: Run, mode: int, bounds: tuple[float, float], job: Job | None
) -> Found:
    parcels = len(loads)
    rows, powers, table = fields.laid_out(parcels), stacked(loads), load()
    sizes, kept = np.full(parcels, np.nan), np.full((parcels, KEPT), np.nan)
    flags = np.zeros(parcels, np.int64)

    def part(first: int, last: int) -> None:
        solve(
            table, rows, powers, mode, *bounds, run.years, run.month_s, run.peak_s, run.margin, first, last,
            sizes, kept, flags,
        )  # fmt: skip

    in_parts(part, parcels, PART, job or Job(), "Solving borehole fields")
    return _found(rows, mode, sizes, kept, flags)


def _found(rows: Numbers, mode: int, sizes: Numbers, kept: Numbers, flags: NDArray[np.int64]) -> Found:
    ground, low, high = rows[:, TEMPERATURE], rows[:, FLUID_MIN], rows[:, FLUID_MAX]
    warm = kept[:, RISE] / (high - ground) >= kept[:, FALL] / (ground - low)
    solved = np.isfinite(kept[:, RATIO])
    ratios = kept[:, (RATIO, HEAT_RATIO, COLD_RATIO)]
    shares = np.divide(1.0, ratios, out=np.full(ratios.shape, np.nan), where=ratios > 0)
    shares[(flags & NO_HOLES) > 0] = 0.0
    whole = np.nan_to_num(kept).astype(np.int64)
    return Found(
        length=sizes if mode == BY_LENGTH else rows[:, LENGTH],
        holes=sizes if mode == BY_HOLES else rows[:, HOLES],
        ratio=kept[:, RATIO],
        share=shares[:, 0],
        heat_share=shares[:, 1],
        cold_share=shares[:, 2],
        fluid_max=ground + kept[:, RISE],
        fluid_min=ground - kept[:, FALL],
        warmest_year=whole[:, RISE_YEAR],
        warmest_month=whole[:, RISE_MONTH],
        coldest_year=whole[:, FALL_YEAR],
        coldest_month=whole[:, FALL_MONTH],
        limit=np.where(solved, np.where(warm, int(Limit.WARM), int(Limit.COLD)), int(Limit.NONE)),
        limit_year=np.where(warm, whole[:, RISE_YEAR], whole[:, FALL_YEAR]),
        drift_first=kept[:, DRIFT_FIRST],
        drift_last=kept[:, DRIFT_LAST],
        flags=flags,
        evaluations=whole[:, STEPS],
    )
