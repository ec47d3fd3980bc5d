"""Pictures of documents: charts of months, of technologies and of years, drawn from assessments and plan."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import pandas as pd

from core.look import LIGHT
from core.texts import text, word
from core.units import figure, scale
from plans import Part
from potential import Assessment
from reports import svg
from reports.axes import width_of
from reports.charts import MONTHS, SERIES

WIDTH_MM, HEIGHT_MM = 150.0, 52.0
ROW_MM, BAR_MM, GAP_MM = 9.0, 3.2, 2.0
POINTS = 7.0
KW_PER_MW, YUAN_PER_WAN = 1e3, 1e4

Pairs = Sequence[tuple[str, Sequence[float]]]


def pictures(assessments: Mapping[str, Assessment], plan: Part) -> dict[str, Callable[[], str]]:
    """The charts that there are data for, by name, each drawn when it is called for.

    Parameters
    ----------
    assessments : Mapping of str to Assessment
        `rooftop` and `demand` with sums by month; each may be missing.
    plan : Part
        Tables `resource` and `phase`; each may be missing.
    """
    found: dict[str, Callable[[], str]] = {}
    if "rooftop" in assessments:
        found["pv_months"] = partial(_power, assessments["rooftop"])
    if "demand" in assessments:
        found["demand_months"] = partial(_demand, assessments["demand"])
    resource, phase = plan.tables.get("resource"), plan.tables.get("phase")
    if resource is not None and "resource_planned_kw" in resource:
        found["potential"] = partial(_potential, resource)
    if phase is not None and len(phase):
        found["phases"] = partial(_phases, phase)
    return found


def _months(assessment: Assessment, begins: str) -> list[float]:
    """Sums of the months. [kWh]"""
    return [assessment.totals.get(f"{begins}{month:02d}", float("nan")) for month in range(1, MONTHS + 1)]


def _power(assessment: Assessment) -> str:
    rows = [
        (str(month), (value,)) for month, value in enumerate(_months(assessment, "pv_kwh_month_"), start=1)
    ]
    return columns(rows, (text("Electricity made"),), "kWh")


def _demand(assessment: Assessment) -> str:
    heat, cold = _months(assessment, "heat_kwh_month_"), _months(assessment, "cold_kwh_month_")
    rows = [(str(month + 1), (heat[month], cold[month])) for month in range(MONTHS)]
    return columns(rows, (text("Heat"), text("Cold")), "kWh")


def _potential(resource: pd.DataFrame) -> str:
    rows = [
        (word(str(name)), (row["resource_kw"] / KW_PER_MW, row["resource_planned_kw"] / KW_PER_MW))
        for name, row in resource.iterrows()
    ]
    return bars(rows, (text("Technical capacity"), text("Planned")))


def _phases(phase: pd.DataFrame) -> str:
    rows = [(str(year), (value / YUAN_PER_WAN,)) for year, value in phase["phase_capex_yuan"].items()]
    return columns(rows, (text("Investment"),))


def bars(rows: Pairs, names: Sequence[str], unit: str = "") -> str:
    """Lying bars, a group a row, each with its value at its end.

    Parameters
    ----------
    rows : sequence of (label, values)
        A value a name, in `unit`, or in that which the caption says.
    names : sequence of str
        What the bars of a group are; a key stands above.
    unit : str
        As in the dictionary of fields; values are drawn in its step that reads best, which stands above.
    """
    rows, unit = _scaled(rows, unit)
    left = max(width_of(label, POINTS) for label, _ in rows) + GAP_MM
    room = WIDTH_MM - left - width_of("00 000", POINTS) - GAP_MM
    largest = max((value for _, values in rows for value in values), default=0.0)
    parts = _key(names, unit)
    top = ROW_MM
    row_mm = max(ROW_MM, len(names) * BAR_MM + GAP_MM)
    for label, values in rows:
        middle = top + len(names) * BAR_MM / 2
        parts.append(svg.label(left - GAP_MM, middle + 1, label, points=POINTS, anchor="end"))
        for place, value in enumerate(values):
            length = room * value / largest if largest else 0.0
            y = top + place * BAR_MM
            parts.append(svg.rectangle(left, y, length, BAR_MM * 0.85, f'fill="{SERIES[place]}"'))
            parts.append(svg.label(left + length + 1, y + BAR_MM * 0.8, figure(value), points=6))
        top += row_mm
    parts.append(svg.line(left, ROW_MM - 1, left, top, f'stroke="{LIGHT["line"]}" stroke-width="0.3"'))
    return svg.picture(WIDTH_MM, top, parts)


def _scaled(rows: Pairs, unit: str) -> tuple[Pairs, str]:
    """Values in the step of their unit that reads best, and its name; as they are where no unit is given."""
    if not unit:
        return rows, ""
    largest = max((abs(value) for _, values in rows for value in values if math.isfinite(value)), default=0.0)
    factor, said = scale(largest, unit)
    return [(label, [value * factor for value in values]) for label, values in rows], said


def columns(rows: Pairs, names: Sequence[str], unit: str = "") -> str:
    """Standing bars, a group a label, each with its value above; see `bars`."""
    rows, unit = _scaled(rows, unit)
    step = WIDTH_MM / len(rows)
    wide = step * 0.7 / len(names)
    top, foot = ROW_MM + 4, HEIGHT_MM - 5
    largest = max((value for _, values in rows for value in values), default=0.0)
    parts = _key(names, unit)
    for number, (label, values) in enumerate(rows):
        begin = number * step + step * 0.15
        for place, value in enumerate(values):
            height = (foot - top) * value / largest if largest else 0.0
            x = begin + place * wide
            parts.append(svg.rectangle(x, foot - height, wide * 0.92, height, f'fill="{SERIES[place]}"'))
            parts.append(
                svg.label(x + wide / 2, foot - height - 1, figure(value), points=5.5, anchor="middle")
            )
        parts.append(svg.label((number + 0.5) * step, HEIGHT_MM - 1, label, points=POINTS, anchor="middle"))
    parts.append(svg.line(0, foot, WIDTH_MM, foot, f'stroke="{LIGHT["line"]}" stroke-width="0.3"'))
    return svg.picture(WIDTH_MM, HEIGHT_MM, parts)


def _key(names: Sequence[str], unit: str) -> list[str]:
    """Which colour is what, nothing where there is only one; the unit at the right."""
    parts: list[str] = []
    if unit:
        parts.append(svg.label(WIDTH_MM, 3.6, text("Unit: {unit}", unit=unit), points=POINTS, anchor="end"))
    if len(names) < 2:
        return parts
    across = 0.0
    for place, name in enumerate(names):
        parts.append(svg.rectangle(across, 1, BAR_MM, BAR_MM * 0.85, f'fill="{SERIES[place]}"'))
        parts.append(svg.label(across + BAR_MM + 1, 3.6, name, points=POINTS))
        across += BAR_MM + width_of(name, POINTS) + 3 * GAP_MM
    return parts
