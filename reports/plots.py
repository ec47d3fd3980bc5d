"""Plots of the plan and of demand: months, hours of a day, cost of carbon, targets; words to hover in every mark."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.look import LIGHT
from core.texts import text
from core.units import MISSING, figure, given, quantity, scale
from reports import svg
from reports.axes import AXIS, LINE_MM, POINTS, Frame, Key, curve, legend, ticks, width_of, wrapped

MONTHS, HOURS = 12, 24
COLOURS = (
    LIGHT["sun"],
    LIGHT["accent"],
    LIGHT["water"],
    LIGHT["deep"],
    LIGHT["bad"],
    "#a8b3b5",
    "#b9c26a",
    "#7a5c3e",
)
ZERO = f'stroke="{LIGHT["ink"]}" stroke-width="0.25"'


@dataclass(frozen=True)
class Series:
    """Values of one thing with its title in the language of the moment and its colour; NaN leaves a gap."""

    title: str
    values: Sequence[float]
    colour: str


@dataclass(frozen=True)
class Step:
    """A step of the cost curve of carbon: what it is, what it avoids [tCO2/a] and what a tonne costs [yuan]."""

    title: str
    avoided_tco2: float
    yuan_per_tco2: float
    colour: str


@dataclass(frozen=True)
class Gauge:
    """A target: title, what is reached over what is asked for, the words for both and for the gap, and whether met."""

    title: str
    share: float
    reached: str
    asked: str
    gap: str
    met: bool


def month_columns(
    series: Sequence[Series], unit: str, *, width_mm: float = 120, height_mm: float = 50
) -> str:
    """Columns of every month beside each other.

    Parameters
    ----------
    series : sequence of Series
        Twelve values each, January to December. [unit]
    unit : str
        Unit of the values, as in the dictionary of columns.
    width_mm, height_mm : float
        Size of the picture. [mm]
    """
    if any(len(one.values) != MONTHS for one in series):
        raise ValueError("a year has twelve months")
    frame, parts, factor, said = _ground(series, unit, [], width_mm, height_mm, MONTHS)
    step = (frame.right - frame.left) / MONTHS
    bar = step * 0.78 / max(len(series), 1)
    for month in range(MONTHS):
        left = frame.x(month) + step * 0.11
        lines = [text("Month {month}", month=month + 1)]
        for number, one in enumerate(series):
            value = float(one.values[month])
            lines.append(f"{one.title} {figure(value * factor)} {said}")
            if value > 0:
                top = frame.y(value * factor)
                place = left + number * bar
                parts.append(svg.rectangle(place, top, bar * 0.94, frame.foot - top, f'fill="{one.colour}"'))
        parts.append(svg.mark(frame.x(month), frame.top, step, frame.foot - frame.top, "\n".join(lines)))
        parts.append(_below(frame, month + 0.5, str(month + 1)))
    parts.append(svg.line(frame.left, frame.foot, frame.right, frame.foot, AXIS))
    return svg.picture(width_mm, height_mm, parts)


def day_curves(series: Sequence[Series], unit: str, *, width_mm: float = 120, height_mm: float = 50) -> str:
    """Curves over the hours of a day.

    Parameters
    ----------
    series : sequence of Series
        Twenty-four means of an hour each, the first of midnight to one. [unit]
    unit : str
        Unit of the values, as in the dictionary of columns.
    width_mm, height_mm : float
        Size of the picture. [mm]
    """
    if any(len(one.values) != HOURS for one in series):
        raise ValueError("a day has twenty-four hours")
    frame, parts, factor, said = _ground(series, unit, ["line"], width_mm, height_mm, HOURS)
    xs = [frame.x(hour + 0.5) for hour in range(HOURS)]
    for one in series:
        ys = [frame.y(float(value) * factor) for value in one.values]
        parts.append(curve(xs, ys, f'stroke="{one.colour}" stroke-width="0.6" stroke-linejoin="round"'))
    step = (frame.right - frame.left) / HOURS
    for hour in range(HOURS):
        lines = [f"{hour:02d}:00–{hour + 1:02d}:00"]
        lines += [f"{one.title} {figure(float(one.values[hour]) * factor)} {said}" for one in series]
        parts.append(svg.mark(frame.x(hour), frame.top, step, frame.foot - frame.top, "\n".join(lines)))
    parts += [_below(frame, hour, str(hour)) for hour in range(0, HOURS + 1, 3)]
    parts.append(svg.line(frame.left, frame.foot, frame.right, frame.foot, AXIS))
    return svg.picture(width_mm, height_mm, parts)


def abatement(
    steps: Sequence[Step], *, keys: Sequence[Key] = (), width_mm: float = 120, height_mm: float = 60
) -> str:
    """The cost curve of carbon: each step as wide as what it avoids and as high as what a tonne costs, cheapest first.

    Parameters
    ----------
    steps : sequence of Step
        In any order; each avoids something.
    keys : sequence of Key, optional
        Entries of the legend; without them every step stands in it.
    width_mm, height_mm : float
        Size of the picture. [mm]
    """
    if any(not step.avoided_tco2 > 0 for step in steps) or not steps:
        raise ValueError("a cost curve has steps, and each of them avoids something")
    rising = sorted(steps, key=lambda step: step.yuan_per_tco2)
    total = sum(step.avoided_tco2 for step in rising)
    factor, said = scale(total, "tCO2/a")
    costs = [step.yuan_per_tco2 for step in rising]
    levels = ticks(min(0.0, *costs), max(0.0, *costs), _levels(height_mm))
    feet = [one for one in ticks(0.0, total * factor, 6) if one <= total * factor]
    parts, high = legend(keys or [Key(step.title, step.colour) for step in rising], 0, 0, width_mm)
    parts.append(_unit(high, text("CNY per tonne of CO₂")))
    left = max(width_of(given(level), 6) for level in levels) + 2
    frame = Frame(
        left, width_mm - 1, high + LINE_MM + 2, height_mm - 7.5, 0, total * factor, levels[0], levels[-1]
    )
    parts += frame.levels(levels) + frame.feet(feet)
    reached, zero = 0.0, frame.y(0.0)
    for step in rising:
        x, wide = frame.x(reached * factor), frame.x((reached + step.avoided_tco2) * factor)
        y = frame.y(step.yuan_per_tco2)
        gap = min(0.15, (wide - x) * 0.2)
        style = f'fill="{step.colour}"'
        parts.append(svg.rectangle(x, min(y, zero), wide - x - gap, max(abs(y - zero), 0.15), style))
        reached += step.avoided_tco2
        lines = [
            step.title,
            text("{cost} CNY per tonne of CO₂", cost=figure(step.yuan_per_tco2)),
            text("avoids {amount}", amount=quantity(step.avoided_tco2, "tCO2/a")),
            text("together {amount}", amount=quantity(reached, "tCO2/a")),
        ]
        parts.append(svg.mark(x, frame.top, wide - x, frame.foot - frame.top, "\n".join(lines)))
    parts.append(svg.line(frame.left, zero, frame.right, zero, ZERO))
    middle, foot = (frame.left + frame.right) / 2, height_mm - 1
    words = text("Avoided, added up ({unit})", unit=said)
    parts.append(svg.label(middle, foot, words, points=6, colour=LIGHT["muted"], anchor="middle"))
    return svg.picture(width_mm, height_mm, parts)


def gauges(rows: Sequence[Gauge], *, width_mm: float = 120) -> str:
    """Targets as bars up to what is reached, with a line at what is asked for and the gap in words.

    Parameters
    ----------
    rows : sequence of Gauge
        In the order in which they are read.
    width_mm : float
        Width of the picture; its height follows from the rows. [mm]
    """
    widest = max((width_of(row.gap) for row in rows), default=0.0)
    left = min(max((width_of(row.title) for row in rows), default=0.0), width_mm * 0.4) + 2
    right = width_mm - widest - 3
    scale_mm = (right - left) / 1.5  # bars end at one and a half times what is asked for
    said_mm = max((width_of(row.reached, 6) + width_of(row.asked, 6) for row in rows), default=0.0)
    below = said_mm + 2 > right - left  # in a narrow picture, what is asked for stands on a line of its own
    parts, top = [], 1.0
    for row in rows:
        lines = wrapped(row.title, left - 2)
        tall = max(len(lines), 3 if below else 2) * LINE_MM + 1.6
        for number, said in enumerate(lines):
            parts.append(svg.label(0, top + LINE_MM * (number + 1) - 0.6, said, points=POINTS))
        share = 0.0 if math.isnan(row.share) else min(max(row.share, 0.0), 1.5)
        colour = LIGHT["accent"] if row.met else LIGHT["bad"]
        parts.append(svg.rectangle(left, top + 0.4, right - left, 2.2, f'rx="1.1" fill="{LIGHT["line"]}"'))
        if share > 0:
            parts.append(svg.rectangle(left, top + 0.4, share * scale_mm, 2.2, f'rx="1.1" fill="{colour}"'))
        at = left + scale_mm
        parts.append(svg.line(at, top - 0.2, at, top + 3.2, ZERO))
        parts.append(svg.label(left, top + 2 * LINE_MM, row.reached, points=6, colour=LIGHT["muted"]))
        place = (left, top + 3 * LINE_MM) if below else (right, top + 2 * LINE_MM)
        side = "start" if below else "end"
        parts.append(svg.label(*place, row.asked, points=6, colour=LIGHT["muted"], anchor=side))
        parts.append(svg.label(right + 1.5, top + LINE_MM - 0.6, row.gap, points=POINTS, colour=colour))
        words = "\n".join([row.title, row.reached, row.asked, row.gap])
        parts.append(svg.mark(0, top, width_mm, tall, words))
        top += tall + 1.2
    return svg.picture(width_mm, max(top, 5.0), parts)


def _ground(
    series: Sequence[Series], unit: str, kind: list[str], width_mm: float, height_mm: float, places: int
) -> tuple[Frame, list[str], float, str]:
    """Legend, unit and levels of values over so many places; the frame, the factor of the unit and its name."""
    known = np.array([value for one in series for value in one.values], dtype=float)
    largest = float(np.nanmax(known)) if np.isfinite(known).any() else 0.0
    factor, said = scale(largest, unit)
    levels = ticks(0.0, max(largest * factor, 1e-9), min(5, _levels(height_mm)))
    keys = [Key(one.title, one.colour, *kind) for one in series]
    parts, high = legend(keys, 0, 0, width_mm)
    parts.append(_unit(high, said))
    left = max(width_of(given(level), 6) for level in levels) + 2
    foot = height_mm - 4.5
    frame = Frame(left, width_mm - 1, high + LINE_MM + 2, foot, 0, places, levels[0], levels[-1])
    return frame, parts + frame.levels(levels), factor, said


def _levels(height_mm: float) -> int:
    """How many levels a chart has room for, with their numbers."""
    return max(3, min(6, int((height_mm - 16) / 4)))


def _unit(high: float, words: str) -> str:
    return svg.label(0, high + LINE_MM + 0.2, words or MISSING, points=6, colour=LIGHT["muted"])


def _below(frame: Frame, value: float, words: str) -> str:
    at = frame.x(value)
    return svg.label(at, frame.foot + 3, words, points=6, colour=LIGHT["muted"], anchor="middle")
