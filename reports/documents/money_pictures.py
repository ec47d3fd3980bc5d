"""Pictures of money: the cash flow of a programme by year, its sum, and the range that prices and yields leave."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd

from core.look import LIGHT
from core.texts import text
from core.units import given, scale
from plans import Part
from reports import svg
from reports.axes import Frame, Key, band, curve, legend, ticks, width_of
from reports.documents.pictures import POINTS, WIDTH_MM

HEIGHT_MM = 68.0
EVERY_YEARS = 3
LEVELS = 7
RANGE = f'fill="{LIGHT["accent"]}" fill-opacity="0.18"'
SUM = f'stroke="{LIGHT["accent"]}" stroke-width="0.7" stroke-linejoin="round"'
ZERO = f'stroke="{LIGHT["ink"]}" stroke-width="0.25"'


def money_pictures(plan: Part) -> dict[str, Callable[[], str]]:
    """The chart `cash_flow`, where the plan has the table of that name."""
    flow = plan.tables.get("cash_flow")
    return {} if flow is None or flow.empty else {"cash_flow": partial(_cash, flow)}


def _cash(flow: pd.DataFrame) -> str:
    """Columns of each year's flow, the line of its sum, and the band between nine and one of ten cases."""
    net, total = flow["cash_net_yuan"], flow["cash_total_yuan"]
    low, high = flow["cash_total_p90_yuan"], flow["cash_total_p10_yuan"]
    factor, unit = scale(float(pd.concat([net, low, high]).abs().max()), "yuan")
    levels = ticks(
        min(0.0, float(min(net.min(), low.min()))) * factor, max(float(high.max()), 0.0) * factor, LEVELS
    )
    keys = [
        Key(text("Net cash flow of the year"), LIGHT["sun"]),
        Key(text("Summed up"), LIGHT["accent"], "line"),
        Key(text("Nine to one of ten cases (P90 to P10)"), "#d5e6df"),
    ]
    parts, tall = legend(keys, 0, 0, WIDTH_MM - 25)
    parts.append(svg.label(WIDTH_MM, 3.0, text("Unit: {unit}", unit=unit), points=POINTS, anchor="end"))
    left = max(width_of(given(one), 6) for one in levels) + 2
    frame = Frame(left, WIDTH_MM - 1, tall + 3, HEIGHT_MM - 6, -0.5, len(flow) - 0.5, levels[0], levels[-1])
    parts += frame.levels(levels)
    xs = [frame.x(place) for place in range(len(flow))]
    low_mm, high_mm = ([frame.y(one * factor) for one in side] for side in (low, high))
    parts.append(band(xs, low_mm, high_mm, RANGE))
    wide, zero = (frame.x(1) - frame.x(0)) * 0.62, frame.y(0.0)
    for x, value in zip(xs, net, strict=True):
        at = frame.y(float(value) * factor)
        parts.append(
            svg.rectangle(x - wide / 2, min(at, zero), wide, abs(at - zero), f'fill="{LIGHT["sun"]}"')
        )
    parts.append(curve(xs, [frame.y(one * factor) for one in total], SUM))
    parts.append(svg.line(frame.left, zero, frame.right, zero, ZERO))
    for place, year in enumerate(flow.index):
        if place % EVERY_YEARS == 0:
            parts.append(svg.label(xs[place], HEIGHT_MM - 1.5, str(year), points=POINTS, anchor="middle"))
    return svg.picture(WIDTH_MM, HEIGHT_MM, parts)
