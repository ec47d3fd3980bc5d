"""Charts as SVG, their words kept as text."""

from __future__ import annotations

import math
from collections.abc import Sequence

from core.look import LIGHT
from core.units import figure
from reports import svg

MONTHS = 12
SERIES = tuple(LIGHT[name] for name in ("sun", "water", "deep", "bad"))  # in this order


def monthly_bars(
    values: Sequence[float], *, width_mm: float = 82, height_mm: float = 36, colour: str = SERIES[0]
) -> str:
    """Twelve bars, January to December, each with its value above and its month below.

    Parameters
    ----------
    values : sequence of 12 floats
        In the unit that the caption says; NaN leaves a gap.
    width_mm, height_mm : float
        Size on paper. [mm]
    colour : str
        Colour of the bars.
    """
    if len(values) != MONTHS:
        raise ValueError(f"a year has twelve months, not {len(values)}")
    top, foot = 4.0, height_mm - 5.0
    largest = max((value for value in values if not math.isnan(value)), default=0.0)
    decimals = _decimals(figure(largest))

    def said(value: float) -> str:
        """A value as fine as the largest is written, so that next to nothing is 0."""
        if math.isnan(value) or _decimals(figure(value)) <= decimals:
            return figure(value)
        return f"{value:.{decimals}f}" if round(value, decimals) else "0"

    step = width_mm / MONTHS
    bar = step * 0.62
    parts = []
    for month, value in enumerate(values):
        middle = (month + 0.5) * step
        known = 0.0 if math.isnan(value) else value
        height = (foot - top) * known / largest if largest > 0 else 0.0
        if height > 0:
            parts.append(
                svg.rectangle(middle - bar / 2, foot - height, bar, height, f'rx="0.5" fill="{colour}"')
            )
        parts.append(svg.label(middle, foot - height - 1, said(value), points=6, anchor="middle"))
        parts.append(
            svg.label(
                middle, height_mm - 1.4, str(month + 1), points=6.5, colour=LIGHT["muted"], anchor="middle"
            )
        )
    parts.append(svg.line(0, foot, width_mm, foot, f'stroke="{LIGHT["line"]}" stroke-width="0.3"'))
    return svg.picture(width_mm, height_mm, parts)


def _decimals(written: str) -> int:
    """Decimals of a number as it is written."""
    return len(written.partition(".")[2])
