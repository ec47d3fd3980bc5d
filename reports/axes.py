"""Axes of charts: round ticks, scales from values to paper, legends that wrap, and labels that keep apart."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.look import LIGHT
from core.units import given
from reports import svg

POINTS = 6.5  # size of the words of a chart
LINE_MM = 2.9  # from line to line of words of that size
THIN = f'stroke="{LIGHT["line"]}" stroke-width="0.2"'
AXIS = f'stroke="{LIGHT["muted"]}" stroke-width="0.25"'
WIDE, NARROW = 1.0, 0.53  # width of characters over their size: Chinese, and the mean of Latin ones


def width_of(words: str, points: float = POINTS) -> float:
    """About how wide words are on paper. [mm]"""
    units = sum(WIDE if unicodedata.east_asian_width(one) in "WF" else NARROW for one in words)
    return units * points * svg.MM_PER_POINT


def wrapped(words: str, width_mm: float, points: float = POINTS) -> list[str]:
    """Words in lines no wider than some width; Chinese breaks anywhere, Latin between words."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(words):
        if line and width_of((line + piece).rstrip(), points) > width_mm:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(words: str) -> list[str]:
    pieces: list[str] = []
    for one in words:
        wide = unicodedata.east_asian_width(one) in "WF"
        if pieces and not wide and not pieces[-1].endswith(" ") and not _is_wide(pieces[-1]):
            pieces[-1] += one
        else:
            pieces.append(one)
    return pieces


def _is_wide(piece: str) -> bool:
    return unicodedata.east_asian_width(piece[-1]) in "WF"


def ticks(low: float, high: float, most: int = 5, least_step: float = 0.0) -> list[float]:
    """Round numbers from below `low` to above `high`, at most some of them, no closer than a step."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return [0.0, 1.0]
    if high - low < 1e-9 * max(abs(low), abs(high), 1e-300) or high - low < 1e-300:
        low, high = (low - 1.0, high + 1.0) if low else (0.0, 1.0)
    rough = (high - low) / max(most - 1, 1)
    power = 10.0 ** math.floor(math.log10(max(rough, least_step)))
    for factor in (1, 2, 2.5, 5, 10, 20, 25, 50):
        step = factor * power
        first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
        if last - first + 1 <= most and step >= least_step:
            break
    return [round(number * step, 10) for number in range(first, last + 1)]


def kept_apart(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places as near to the given ones as a least distance between them and two ends allow, in the same order."""
    order = sorted(range(len(places)), key=lambda one: places[one])
    moved = [min(max(places[one], low), high) for one in order]
    for _ in range(50):
        for one in range(1, len(moved)):
            overlap = gap - (moved[one] - moved[one - 1])
            if overlap > 1e-6:
                moved[one - 1] -= overlap / 2
                moved[one] += overlap / 2
        for one in range(len(moved)):
            moved[one] = min(
                max(moved[one], low + one * gap), max(high - (len(moved) - 1 - one) * gap, low + one * gap)
            )
    found = [0.0] * len(places)
    for one, place in zip(order, moved, strict=True):
        found[one] = place
    return found


@dataclass(frozen=True)
class Frame:
    """A part of the paper with its scales; y points upwards in values and downwards on paper.

    Parameters
    ----------
    left, right, top, foot : float
        Edges on paper. [mm]
    x_low, x_high, y_low, y_high : float
        Values at the edges.
    """

    left: float
    right: float
    top: float
    foot: float
    x_low: float
    x_high: float
    y_low: float
    y_high: float

    def x(self, value: float) -> float:
        """Place of a value from left to right. [mm]"""
        return self.left + (value - self.x_low) / (self.x_high - self.x_low) * (self.right - self.left)

    def y(self, value: float) -> float:
        """Place of a value from top to foot. [mm]"""
        return self.foot - (value - self.y_low) / (self.y_high - self.y_low) * (self.foot - self.top)

    def levels(self, values: Sequence[float]) -> list[str]:
        """Lines across with their numbers at the left."""
        parts = []
        for value in values:
            at = self.y(value)
            parts.append(svg.line(self.left, at, self.right, at, THIN))
            parts.append(
                svg.label(
                    self.left - 1, at + 0.8, given(value), points=6, colour=LIGHT["muted"], anchor="end"
                )
            )
        return parts

    def feet(self, values: Sequence[float]) -> list[str]:
        """Numbers below, and the line they stand under."""
        parts = [svg.line(self.left, self.foot, self.right, self.foot, AXIS)]
        for value in values:
            said = svg.label(
                self.x(value), self.foot + 3, given(value), points=6, colour=LIGHT["muted"], anchor="middle"
            )
            parts.append(said)
        return parts


@dataclass(frozen=True)
class Key:
    """One entry of a legend: its words, and a mark drawn in a box of 4 by 2 mm whose left upper corner is given."""

    words: str
    colour: str
    kind: str = "area"  # or `line`, `outline`

    def mark(self, x: float, y: float) -> str:
        """The mark at the left of the words."""
        if self.kind == "line":
            return svg.line(x, y + 1, x + 4, y + 1, f'stroke="{self.colour}" stroke-width="0.6"')
        if self.kind == "outline":
            style = f'fill="{LIGHT["ground"]}" stroke="{self.colour}" stroke-width="0.25"'
            return svg.rectangle(x + 0.6, y, 2.8, 2, style)
        return svg.rectangle(x + 0.6, y, 2.8, 2, f'fill="{self.colour}"')


def legend(keys: Sequence[Key], x: float, y: float, width_mm: float) -> tuple[list[str], float]:
    """A legend in as many rows as it takes, and the height of them. [mm]

    Parameters
    ----------
    keys : sequence of Key
        Entries in the order in which they are read.
    x, y : float
        Left upper corner. [mm]
    width_mm : float
        Width at hand. [mm]
    """
    parts: list[str] = []
    across, down = x, y
    for key in keys:
        wide = 5 + width_of(key.words) + 3
        if across > x and across + wide - 3 > x + width_mm:
            across, down = x, down + LINE_MM + 0.4
        parts.append(key.mark(across, down + 0.3))
        parts.append(svg.label(across + 5, down + 2.1, key.words, points=POINTS))
        across += wide
    return parts, down + LINE_MM - y


def curve(xs: Sequence[float], ys: Sequence[float], style: str) -> str:
    """A line through points; it breaks where one is missing."""
    data, drawing = [], False
    for x, y in zip(xs, ys, strict=True):
        known = math.isfinite(y)
        if known:
            data.append(f"{'L' if drawing else 'M'}{x:.2f} {y:.2f}")
        drawing = known
    return f'<path d="{"".join(data)}" fill="none" {style}/>' if data else ""


def band(xs: Sequence[float], low: Sequence[float], high: Sequence[float], style: str) -> str:
    """The area between two lines, where both are known."""
    points = np.column_stack([xs, low, high]).astype(float)
    points = points[np.isfinite(points).all(axis=1)]
    if len(points) < 2:
        return ""
    there = [f"{x:.2f} {y:.2f}" for x, y in points[:, [0, 2]]]
    back = [f"{x:.2f} {y:.2f}" for x, y in points[::-1, [0, 1]]]
    return f'<path d="M{"L".join(there + back)}Z" {style}/>'
