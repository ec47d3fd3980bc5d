"""The sheet of temperature at depth: a map between heat-flow points, and how far their own gradients agree with it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from cartography.classes import Classes, graduated
from core import look
from core.texts import language as language_of_the_moment
from core.texts import speaking, text
from core.units import count, quantity
from layers.city import Raster
from reports import svg
from reports.parcel_map import system_said
from reports.typesetting import pages, pdf

TEMPLATE = "depth_map.typ"
WIDTH, HEIGHT = 330.0, 216.0  # of the picture. [mm]
LEGEND_WIDTH = 30.0
DEGREES = (1, 2, 5, 10, 20)  # between lines of the grid
MOST_LINES = 9
INK, MUTED = look.LIGHT["ink"], look.LIGHT["muted"]


def sheet(
    rasters: dict[str, Raster],
    points: gpd.GeoDataFrame,
    depths: Sequence[float],
    *,
    source: str,
    language: str = "zh",
    date: datetime.date | None = None,
) -> bytes:
    """The sheet as PDF: one page a depth.

    Parameters
    ----------
    rasters, points
        Of `potential.deep.depth_map.DepthMaps`.
    depths : sequence of float
        One page each. [m]
    source : str
        Where the points come from, as printed.
    language : str
        `zh` or `en`.
    """
    with speaking(language):
        return pdf(TEMPLATE, content(rasters, points, depths, source), date=date or datetime.date.today())


def preview(
    rasters: dict[str, Raster], points: gpd.GeoDataFrame, depths: Sequence[float], *, source: str
) -> list[bytes]:
    """The same pages as PNG pictures."""
    return pages(TEMPLATE, content(rasters, points, depths, source))


def content(
    rasters: dict[str, Raster], points: gpd.GeoDataFrame, depths: Sequence[float], source: str
) -> dict[str, object]:
    """What the template prints."""
    return {
        "lang": language_of_the_moment(),
        "look": dict(look.LIGHT),
        "title": text("Temperature at depth from heat flow"),
        "sheets": [
            {
                "title": text("Temperature at a depth of {depth}", depth=quantity(float(depth), "m")),
                "map": _map(rasters[f"temperature_{depth:g}_m_c"], points[points["depth_m"] == depth]),
                "alt": text("Map of temperatures; points are measured gradients"),
                "said": _said(points, float(depth)),
            }
            for depth in depths
        ],
        "notes": [
            text(
                "Conduction through the rock above; fields with moving water are not shown by it, there "
                "measured temperatures decide."
            ),
            text("Points: {source}.", source=source),
            text("Reference system: {system}.", system=system_said(CRS.from_user_input(points.crs))),
        ],
    }


def agreement(points: gpd.GeoDataFrame, depth: float) -> tuple[int, float, float]:
    """How many points have a gradient of their own; median and P90 of how far the map is off there. [K]"""
    off = points.loc[points["depth_m"] == depth, "temperature_off_k"].abs().dropna()
    return len(off), float(off.median()), float(off.quantile(0.9))


def _said(points: gpd.GeoDataFrame, depth: float) -> str:
    known, median, most = agreement(points, depth)
    if not known:
        return text("No point has a gradient of its own; the map is not checked.")
    return text(
        "At {known} of {points} points a gradient was measured. Told by its neighbours alone, the temperature there "
        "is off by {median} in the median, by less than {most} at nine in ten.",
        known=count(known),
        points=count(int((points["depth_m"] == depth).sum())),
        median=quantity(median, "K", digits=2),
        most=quantity(most, "K", digits=2),
    )


def _map(raster: Raster, points: gpd.GeoDataFrame) -> str:
    """The map with its grid, points and legend."""
    rows, columns = raster.values.shape
    room = WIDTH - LEGEND_WIDTH
    scale = min(room / columns, HEIGHT / rows)  # mm a cell
    width, height = columns * scale, rows * scale
    left, top = (room - width) / 2, (HEIGHT - height) / 2
    shown = raster.values[np.isfinite(raster.values)]
    classes = graduated(shown, method="natural_breaks", count=8, ramp="temperature", unit="°C")
    numbers = classes.numbers(raster.values.ravel()).reshape(rows, columns)
    picture = np.where(np.isfinite(raster.values), numbers + 1, 0).astype(np.uint8)
    parts = [
        svg.image_of_classes(picture, list(classes.colours), left, top, width, height),
        *_grid(raster, left, top, scale),
        *_points(raster, points, classes, left, top, scale),
        svg.rectangle(left, top, width, height, f'fill="none" stroke="{MUTED}" stroke-width="0.3"'),
        *_legend(classes, shown),
    ]
    return svg.picture(WIDTH, HEIGHT, parts)


def _on_paper(
    raster: Raster, x: NDArray[np.float64], y: NDArray[np.float64], left: float, top: float, scale: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Coordinates as millimetres of the picture."""
    per_m = scale / raster.cell_m
    return left + (x - raster.transform.c) * per_m, top + (raster.transform.f - y) * per_m


def _points(
    raster: Raster,
    points: gpd.GeoDataFrame,
    classes: Classes,
    left: float,
    top: float,
    scale: float,
) -> list[str]:
    """Points in the colour of the temperature that their own gradient tells; hollow where none was measured."""
    x, y = _on_paper(raster, points.geometry.x.to_numpy(), points.geometry.y.to_numpy(), left, top, scale)
    own = pd.to_numeric(points["own_temperature_c"], errors="coerce").to_numpy(dtype=float)
    colours = [*classes.colours, "none"]
    fill = [colours[number] for number in classes.numbers(own)]
    return [
        f'<circle cx="{a:.2f}" cy="{b:.2f}" r="0.75" fill="{c}" stroke="{INK}" stroke-width="0.12"/>'
        for a, b, c in zip(x, y, fill, strict=True)
    ]


def _grid(raster: Raster, left: float, top: float, scale: float) -> list[str]:
    """Lines of longitude and latitude with their degrees at the frame."""
    rows, columns = raster.values.shape
    back = Transformer.from_crs(raster.crs, 4326, always_xy=True)
    forth = Transformer.from_crs(4326, raster.crs, always_xy=True)
    west, north, cell = raster.transform.c, raster.transform.f, raster.cell_m
    edge_x = west + cell * np.linspace(0, columns, 50)
    edge_y = north - cell * np.linspace(0, rows, 50)
    x, y = (side.ravel() for side in np.meshgrid(edge_x, edge_y))
    degrees = [one[np.isfinite(one)] for one in back.transform(x, y)]
    parts = []
    for along, (own, other) in enumerate((degrees, degrees[::-1])):
        step = next((one for one in DEGREES if np.ptp(own) / one <= MOST_LINES), DEGREES[-1])
        for value in np.arange(np.ceil(own.min() / step) * step, own.max() + 1e-9, step):
            run = np.linspace(other.min(), other.max(), 200)
            fixed = np.full_like(run, value)
            ends = forth.transform(*((fixed, run) if along == 0 else (run, fixed)))
            a, b = _on_paper(raster, *ends, left, top, scale)
            inside = (a >= left) & (a <= left + columns * scale) & (b >= top) & (b <= top + rows * scale)
            if inside.sum() < 2:
                continue
            line = " ".join(f"{p:.2f},{q:.2f}" for p, q in zip(a[inside], b[inside], strict=True))
            parts.append(
                f'<polyline points="{line}" fill="none" stroke="{MUTED}" stroke-width="0.12" stroke-dasharray="1 1"/>'
            )
            at = np.flatnonzero(inside)[0]
            words = f"{abs(value):g}°{('E' if value >= 0 else 'W') if along == 0 else ('N' if value >= 0 else 'S')}"
            place = (a[at] + 0.8, b[at] - 0.8)
            parts.append(svg.label(*place, words, points=5.5, colour=MUTED, halo=True))
    return parts


def _legend(classes: Classes, shown: NDArray[np.float32]) -> list[str]:
    x, y = WIDTH - LEGEND_WIDTH + 3, 8.0
    parts = [svg.label(x, y, text("Temperature (°C)"), points=7.5)]
    for entry in classes.legend(shown):
        if not entry.colour:
            continue
        y += 6.5
        parts.append(svg.rectangle(x, y - 3.4, 6, 4, f'fill="{entry.colour}"'))
        parts.append(svg.label(x + 8, y, entry.label, points=7))
    y += 9
    mark = f'r="0.9" stroke="{INK}" stroke-width="0.12"'
    parts.append(f'<circle cx="{x + 3:.2f}" cy="{y - 1:.2f}" fill="{look.LIGHT["sun"]}" {mark}/>')
    parts.append(svg.label(x + 8, y, text("by its gradient"), points=7))
    parts.append(f'<circle cx="{x + 3:.2f}" cy="{y + 5.5:.2f}" fill="none" {mark}/>')
    parts.append(svg.label(x + 8, y + 6.5, text("no gradient"), points=7))
    return parts
