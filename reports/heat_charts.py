"""Charts of heat from the ground, deep water and the air: balance, temperatures over years, cascade, months."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.look import LIGHT
from core.texts import text
from core.units import MISSING, figure, given, percent, quantity, scale
from reports import svg
from reports.axes import (
    AXIS,
    LINE_MM,
    POINTS,
    Frame,
    Key,
    band,
    curve,
    kept_apart,
    legend,
    ticks,
    width_of,
    wrapped,
)

MONTHS = 12
COLD, WARM = LIGHT["water"], LIGHT["bad"]
SOURCES = (LIGHT["accent"], LIGHT["sun"], LIGHT["deep"], LIGHT["water"])  # in this order
STAGES = ("#8f2f1f", "#c9533f", "#e08a4c", "#e8b95a", "#8fb3cf", "#3b7fb6")  # from hot to cool
LIGHT_BAND = 'fill-opacity="0.18" stroke="none"'
DASHED = 'stroke-width="0.35" stroke-dasharray="1.4 0.9"'


@dataclass(frozen=True)
class Temperatures:
    """Temperature of one thing over the years.

    Parameters
    ----------
    title : str
        What it is, in the language of the document.
    middle : sequence of float
        One value a year. [°C]
    low, high : sequence of float, optional
        The band around it: what 90 % and 10 % of the draws reach. [°C]
    colour : str
        Of line and band.
    """

    title: str
    middle: Sequence[float]
    low: Sequence[float] | None = None
    high: Sequence[float] | None = None
    colour: str = COLD


@dataclass(frozen=True)
class Stage:
    """One stage of a cascade: its title in the language of the document, temperatures [°C] and heat [kW]."""

    title: str
    inlet_c: float
    outlet_c: float
    kw: float


def ground_balance(
    extraction_kwh: float,
    injection_kwh: float,
    *,
    remedy: tuple[str, float] | None = None,
    width_mm: float = 82,
    height_mm: float = 25,
) -> str:
    """Heat taken from the ground and given to it in a year as two bars, with their ratio.

    Parameters
    ----------
    extraction_kwh, injection_kwh : float
        Ground loads of a year. [kWh]
    remedy : (str, float), optional
        What evens them out, and how much of the larger one it takes over; drawn hatched at the end of that bar. [kWh]
    width_mm, height_mm : float
        Size on paper. [mm]
    """
    rows = [(text("Extraction"), extraction_kwh, COLD), (text("Injection"), injection_kwh, WARM)]
    known = [0.0 if math.isnan(value) else max(value, 0.0) for _, value, _ in rows]
    largest = max(known)
    factor, unit = scale(largest, "kWh/a")
    said = [MISSING if math.isnan(value) else f"{figure(value * factor)} {unit}" for _, value, _ in rows]
    left = max(width_of(words) for words, _, _ in rows) + 2
    right = width_mm - max(map(width_of, said)) - 2
    step = (height_mm - 2 * LINE_MM - 1.5) / len(rows)
    parts = [_hatch("remedy")]
    for number, ((words, _, colour), value) in enumerate(zip(rows, known, strict=True)):
        top = number * step + step * 0.15
        thick = step * 0.7
        long = (right - left) * value / largest if largest > 0 else 0.0
        parts.append(svg.label(left - 1.5, top + thick / 2 + 0.8, words, anchor="end", points=POINTS))
        parts.append(svg.rectangle(left, top, long, thick, f'rx="0.4" fill="{colour}"'))
        if remedy and value == largest and value > 0 and value != known[1 - number]:
            cut = long * min(max(remedy[1], 0.0) / value, 1.0)
            parts.append(svg.rectangle(left + long - cut, top, cut, thick, 'fill="url(#remedy)"'))
        parts.append(svg.label(left + long + 1, top + thick / 2 + 0.8, said[number], points=POINTS))
        parts.append(svg.mark(0, number * step, width_mm, step, f"{words}: {said[number]}"))
    parts.append(svg.line(left, 0, left, step * len(rows), AXIS))
    foot = height_mm - LINE_MM - 0.6
    ratio = extraction_kwh / injection_kwh if injection_kwh > 0 else math.nan
    parts.append(
        svg.label(left, foot, text("Extraction over injection: {ratio}", ratio=figure(ratio)), points=POINTS)
    )
    if remedy:
        parts.append(svg.rectangle(left, foot + 1.1, 3, 2, f'fill="{LIGHT["muted"]}"'))
        parts.append(svg.rectangle(left, foot + 1.1, 3, 2, 'fill="url(#remedy)"'))
        words = f"{remedy[0]} {figure(remedy[1] * factor)} {unit}"
        parts.append(svg.label(left + 4, foot + LINE_MM, words, points=POINTS))
    return svg.picture(width_mm, height_mm, parts)


def field_temperatures(
    curves: Sequence[Temperatures],
    limits: Sequence[tuple[str, float]] = (),
    *,
    width_mm: float = 82,
    height_mm: float = 46,
) -> str:
    """Temperatures over the years with their bands and the limits they must keep.

    Parameters
    ----------
    curves : sequence of Temperatures
        Such as the warmest and the coldest fluid of each year, the first year first.
    limits : sequence of (str, float)
        Title and temperature. [°C]
    width_mm, height_mm : float
        Size on paper. [mm]
    """
    return _years(curves, limits, None, width_mm, height_mm)


def produced_temperature(
    produced: Temperatures,
    least: tuple[str, float] | None = None,
    *,
    width_mm: float = 82,
    height_mm: float = 42,
) -> str:
    """Temperature of the water a doublet produces over the years, with the year in which it falls too low.

    Parameters
    ----------
    produced : Temperatures
        The first year first.
    least : (str, float), optional
        Title and value of the temperature below which it is of no use. [°C]
    width_mm, height_mm : float
        Size on paper. [mm]
    """
    mark = None
    if least:
        below = np.flatnonzero(np.asarray(produced.middle, dtype=float) < least[1])
        mark = int(below[0]) + 1 if len(below) else None
    return _years([produced], [least] if least else [], mark, width_mm, height_mm)


def cascade(stages: Sequence[Stage], *, width_mm: float = 82, height_mm: float = 48) -> str:
    """Stages of deep heat as steps that fall from temperature to temperature, with the share and heat of each.

    Parameters
    ----------
    stages : sequence of Stage
        From hot to cool; each begins where the one before ends. The share of a stage is that of the whole fall.
    width_mm, height_mm : float
        Size on paper. [mm]

    Raises
    ------
    ValueError
        There is no stage, one does not fall, or one does not begin where the one before ends.
    """
    if not stages or any(not stage.outlet_c < stage.inlet_c for stage in stages):
        raise ValueError("a cascade has stages, and each of them falls")
    if any(abs(one.outlet_c - other.inlet_c) > 0.05 for one, other in itertools.pairwise(stages)):
        raise ValueError("each stage of a cascade begins where the one before ends")
    edges = [stages[0].inlet_c, *(stage.outlet_c for stage in stages)]
    fall = sum(stage.inlet_c - stage.outlet_c for stage in stages)
    left = width_of(f"{given(round(max(edges), 1))} °C", 6) + 2
    wide = (width_mm - left) / len(stages)
    titles = [wrapped(stage.title, wide - 1.5) for stage in stages]
    foot = height_mm - 2 * LINE_MM - 1
    head = len(titles[0]) * LINE_MM + 1
    for edge, lines in zip(edges, titles, strict=False):  # a lower stage has the room above it for its title
        room = (foot - head) * (edges[0] - edge) / fall
        head = max(head, len(lines) * LINE_MM + 1 - room)
    frame = Frame(left, width_mm, head, foot, 0, len(stages), min(edges), max(edges))
    parts = [svg.line(left, head, left, foot, AXIS)]
    at = kept_apart([frame.y(edge) for edge in edges], 2.5, head, foot)
    for edge, place in zip(edges, at, strict=True):
        said = f"{given(round(edge, 1))} °C"
        parts.append(svg.label(left - 1, place + 0.8, said, points=6, colour=LIGHT["muted"], anchor="end"))
    style = f'stroke="{LIGHT["line"]}" stroke-width="0.25" stroke-dasharray="0.6 0.6"'
    for number, edge in enumerate(edges[1:], start=1):
        parts.append(svg.line(left, frame.y(edge), frame.x(number), frame.y(edge), style))
    for number, stage in enumerate(stages):
        x, top, low = frame.x(number), frame.y(stage.inlet_c), frame.y(stage.outlet_c)
        colour = STAGES[round(number * (len(STAGES) - 1) / max(len(stages) - 1, 1))]
        parts.append(svg.rectangle(x + 0.4, top, wide - 0.8, low - top, f'rx="0.4" fill="{colour}"'))
        for line, words in enumerate(reversed(titles[number])):
            parts.append(
                svg.label(x + wide / 2, top - 1 - line * LINE_MM, words, points=POINTS, anchor="middle")
            )
        share = percent((stage.inlet_c - stage.outlet_c) / fall)
        for line, words in enumerate((share, quantity(stage.kw, "kW"))):
            below = low + LINE_MM * (line + 1) - 0.3
            parts.append(svg.label(x + wide / 2, below, words, points=POINTS, anchor="middle", halo=True))
    return svg.picture(width_mm, height_mm, parts)


def demand_and_supply(
    demand_kwh: Sequence[float],
    supply_kwh: Mapping[str, Sequence[float]],
    *,
    width_mm: float = 82,
    height_mm: float = 46,
) -> str:
    """Demand of every month as a wide bar, and before it what sources give, one upon the other.

    Parameters
    ----------
    demand_kwh : sequence of 12 floats
        January to December; NaN leaves a gap. [kWh]
    supply_kwh : Mapping of str to sequence of 12 floats
        By source, its title in the language of the document. [kWh]
    width_mm, height_mm : float
        Size on paper. [mm]
    """
    demand = _twelve(demand_kwh)
    supply = {title: _twelve(values) for title, values in supply_kwh.items()}
    together = np.sum(list(supply.values()), axis=0) if supply else np.zeros(MONTHS)
    largest = float(max(demand.max(), together.max()))
    factor, unit = scale(largest, "kWh")
    levels = ticks(0.0, largest * factor)
    covered = np.minimum(demand, together).sum() / demand.sum() if demand.sum() > 0 else math.nan
    keys = [Key(text("Demand"), LIGHT["muted"], "outline")]
    keys += [Key(title, SOURCES[number % len(SOURCES)]) for number, title in enumerate(supply)]
    parts, high = legend(keys, 0, 0, width_mm)
    second = high + LINE_MM + 0.6
    parts.append(svg.label(0, second, unit, points=6, colour=LIGHT["muted"]))
    said = text("Covered month by month: {share}", share=percent(covered))
    parts.append(svg.label(width_mm, second, said, points=POINTS, anchor="end"))
    left = max(width_of(given(level), 6) for level in levels) + 2
    frame = Frame(left, width_mm, second + 2, height_mm - 4.5, 0, MONTHS, levels[0], levels[-1])
    parts += frame.levels(levels)
    step = (frame.right - frame.left) / MONTHS
    for month in range(MONTHS):
        middle = frame.x(month + 0.5)
        top = frame.y(float(demand[month]) * factor)
        style = f'fill="{LIGHT["ground"]}" stroke="{LIGHT["muted"]}" stroke-width="0.25"'
        if demand[month] > 0:
            parts.append(svg.rectangle(middle - step * 0.4, top, step * 0.8, frame.foot - top, style))
        reached = 0.0
        for number, values in enumerate(supply.values()):
            upper = frame.y((reached + values[month]) * factor)
            lower = frame.y(reached * factor)
            if lower - upper > 0:
                colour = SOURCES[number % len(SOURCES)]
                parts.append(
                    svg.rectangle(middle - step * 0.25, upper, step * 0.5, lower - upper, f'fill="{colour}"')
                )
            reached += float(values[month])
        lines = [f"{text('Demand')} {figure(demand[month] * factor)} {unit}"]
        lines += [
            f"{title} {figure(values[month] * factor)} {unit}"
            for title, values in supply.items()
            if values[month] > 0
        ]
        words = "\n".join([text("Month {month}", month=month + 1), *lines])
        parts.append(svg.mark(frame.x(month), frame.top, step, frame.foot - frame.top, words))
        foot = svg.label(
            middle, frame.foot + 3, str(month + 1), points=6, colour=LIGHT["muted"], anchor="middle"
        )
        parts.append(foot)
    parts.append(svg.line(frame.left, frame.foot, frame.right, frame.foot, AXIS))
    return svg.picture(width_mm, height_mm, parts)


def _twelve(values: ArrayLike) -> NDArray[np.float64]:
    found = np.nan_to_num(np.asarray(values, dtype=float).ravel())
    if len(found) != MONTHS:
        raise ValueError(f"a year has twelve months, not {len(found)}")
    positive: NDArray[np.float64] = np.maximum(found, 0.0)
    return positive


def _years(
    curves: Sequence[Temperatures],
    limits: Sequence[tuple[str, float]],
    mark: int | None,
    width_mm: float,
    height_mm: float,
) -> str:
    """Curves over the years 1, 2, … with bands, limits, a year marked, and the last value of each at the right."""
    count = max((len(one.middle) for one in curves), default=0)
    if not count:
        raise ValueError("temperatures have at least one year")
    rows = [row for one in curves for row in (one.middle, one.low, one.high) if row is not None]
    every = [float(value) for row in rows for value in row]
    known = [value for value in (*every, *(limit for _, limit in limits)) if math.isfinite(value)]
    levels = ticks(min(known, default=0.0), max(known, default=1.0))
    keys = [Key(one.title, one.colour, "line") for one in curves]
    if any(one.low is not None for one in curves):
        keys.append(Key(text("P90 to P10"), _pale(curves[0].colour)))
    parts, high = legend(keys, 0, 0, width_mm)
    parts.append(svg.label(0, high + LINE_MM + 0.2, "°C", points=6, colour=LIGHT["muted"]))
    years = [year for year in ticks(1, count, 7, 1) if 1 < year <= count] if count > 1 else []
    left = max(width_of(given(level), 6) for level in levels) + 2
    ends = [figure(_last(one.middle)) for one in curves]
    right = width_mm - max(map(width_of, ends)) - 1.5
    frame = Frame(left, right, high + LINE_MM + 2, height_mm - 7, 1, max(count, 2), levels[0], levels[-1])
    parts += frame.levels(levels) + frame.feet([1, *years])
    parts.append(
        svg.label(
            (left + right) / 2,
            height_mm - 1,
            text("Year of use"),
            points=6,
            colour=LIGHT["muted"],
            anchor="middle",
        )
    )
    xs = [frame.x(year + 1) for year in range(count)]
    for one in curves:
        across = xs[: len(one.middle)]
        if one.low is not None and one.high is not None:
            low, upper = ([frame.y(value) for value in row] for row in (one.low, one.high))
            parts.append(band(across, low, upper, f'fill="{one.colour}" {LIGHT_BAND}'))
        down = [frame.y(value) for value in one.middle]
        parts.append(curve(across, down, f'stroke="{one.colour}" stroke-width="0.6" stroke-linejoin="round"'))
    parts += _limits(limits, curves, frame)
    if mark is not None:
        at = frame.x(mark)
        parts.append(svg.line(at, frame.top, at, frame.foot, f'stroke="{LIGHT["ink"]}" {DASHED}'))
        side = "end" if at > (left + right) / 2 else "start"
        place = at - 1 if side == "end" else at + 1
        said = text("below from year {year}", year=str(mark))
        parts.append(svg.label(place, frame.foot - 1, said, points=POINTS, anchor=side, halo=True))
    wide = (right - left) / max(count - 1, 1)
    for year in range(count):
        lines = [f"{one.title} {figure(one.middle[year])} °C" for one in curves if year < len(one.middle)]
        words = "\n".join([text("Year {year}", year=year + 1), *lines])
        parts.append(svg.mark(xs[year] - wide / 2, frame.top, wide, frame.foot - frame.top, words))
    lasts = [_last(one.middle) for one in curves]
    at_end = kept_apart(
        [frame.y(value) if math.isfinite(value) else frame.foot for value in lasts],
        2.6,
        frame.top,
        frame.foot,
    )
    for one, said, place in zip(curves, ends, at_end, strict=True):
        parts.append(svg.label(right + 1, place + 0.8, said, points=POINTS, colour=one.colour))
    return svg.picture(width_mm, height_mm, parts)


def _limits(limits: Sequence[tuple[str, float]], curves: Sequence[Temperatures], frame: Frame) -> list[str]:
    """Dashed lines with their words on the side where no curve runs."""
    parts = []
    for title, value in limits:
        at = frame.y(value)
        parts.append(svg.line(frame.left, at, frame.right, at, f'stroke="{LIGHT["ink"]}" {DASHED}'))
        said = f"{title} {given(round(value, 2))} °C"
        means = [float(np.nanmean(one.middle)) for one in curves if np.isfinite(one.middle).any()]
        nearest = min(means, key=lambda mean: abs(mean - value), default=value - 1)
        up, down = at - 1, at + 2.6
        place = up if nearest < value else down
        if place - 2 < frame.top:
            place = down
        elif place > frame.foot:
            place = up
        parts.append(svg.label(frame.left + 1, place, said, points=6, halo=True))
    return parts


def _last(values: Sequence[float]) -> float:
    known = [value for value in values if math.isfinite(value)]
    return float(known[-1]) if known else math.nan


def _pale(colour: str) -> str:
    """A colour as its band shows it on white paper."""
    mixed = [round(255 - (255 - int(colour[place : place + 2], 16)) * 0.18) for place in (1, 3, 5)]
    return "#" + "".join(f"{one:02x}" for one in mixed)


def _hatch(name: str) -> str:
    """A pattern of white strokes to lay over a bar."""
    return (
        f'<defs><pattern id="{name}" width="1.2" height="1.2" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="0.6" height="1.2" fill="#ffffff"/></pattern></defs>'
    )
