"""Furniture of sheets: the neat line with its grid of coordinates, north arrow, wind rose and scale bar."""

from __future__ import annotations

import math

import numpy as np
from pyproj import Proj, Transformer

from core.look import LIGHT
from core.units import figure
from layers.city import City
from layers.weather import Weather
from reports import svg
from reports.sheets.labels import turned
from reports.sheets.paper import Frame

INK, MUTED, WIND = LIGHT["ink"], LIGHT["muted"], LIGHT["water"]
BAND_MM = 5.0  # between the neat line and the border around it, for coordinates
GRID_MM = 55.0  # about so far apart on paper
CORNER_MM = 27.0  # of degrees at the corners
ROUND = (1.0, 2.0, 5.0, 10.0)
ROSE_SECTORS = 16
CALM_M_PER_S = 0.3  # below it the Beaufort scale says calm


def step_m(frame: Frame, about_mm: float) -> float:
    """A round length that is about so long on paper. [m]"""
    wanted = about_mm / frame.mm_per_m
    power = 10.0 ** math.floor(math.log10(wanted))
    return min((power * factor for factor in ROUND), key=lambda length: abs(length - wanted))


def neat_line(city: City, frame: Frame, left: float, up: float) -> list[str]:
    """The neat line, ticks with coordinates in kilometres on all four sides, and degrees at the corners.

    Parameters
    ----------
    left, up : float
        Where the frame begins in the picture. [mm]
    """
    west, south, east, north = frame.bounds
    wide, high = frame.width_mm, frame.height_mm
    edge = f'fill="none" stroke="{INK}"'
    parts = [
        svg.rectangle(left, up, wide, high, f'{edge} stroke-width="0.25"'),
        svg.rectangle(
            left - BAND_MM, up - BAND_MM, wide + 2 * BAND_MM, high + 2 * BAND_MM, f'{edge} stroke-width="0.6"'
        ),
    ]
    step = step_m(frame, GRID_MM)
    tick = f'stroke="{INK}" stroke-width="0.18"'
    for x in np.arange(math.ceil(west / step), math.floor(east / step) + 1) * step:
        place = left + (x - west) * frame.mm_per_m
        if CORNER_MM < place - left < wide - CORNER_MM:
            for edge_at, way, words_at in (
                (up, -1, up - BAND_MM / 2),
                (up + high, 1, up + high + BAND_MM / 2),
            ):
                parts.append(svg.line(place, edge_at, place, edge_at + way * 1.2, tick))
                parts.append(
                    turned(place, words_at + way * 0.5, _kilometres(x), points=5.5, colour=MUTED, halo=False)
                )
    for y in np.arange(math.ceil(south / step), math.floor(north / step) + 1) * step:
        place = up + (north - y) * frame.mm_per_m
        if 12 < place - up < high - 12:
            for edge_at, way in ((left, -1), (left + wide, 1)):
                words_at = edge_at + way * (BAND_MM / 2 + 0.5)
                parts.append(svg.line(edge_at, place, edge_at + way * 1.2, place, tick))
                parts.append(
                    turned(words_at, place, _kilometres(y), points=5.5, colour=MUTED, angle=-90, halo=False)
                )
    return [*parts, *_corners(city, frame, left, up)]


def crosses(frame: Frame) -> list[str]:
    """Small crosses where the lines of the grid meet, in millimetres of the frame."""
    west, south, east, north = frame.bounds
    step = step_m(frame, GRID_MM)
    parts = []
    for x in np.arange(math.ceil(west / step), math.floor(east / step) + 1) * step:
        for y in np.arange(math.ceil(south / step), math.floor(north / step) + 1) * step:
            across, down = frame.on_paper(x, y)
            parts.append(f"M{across - 1.2:.2f} {down:.2f}h2.4M{across:.2f} {down - 1.2:.2f}v2.4")
    return [f'<path d="{"".join(parts)}" fill="none" stroke="{MUTED}" stroke-width="0.12"/>'] if parts else []


def _kilometres(metres: float) -> str:
    return f"{metres / 1000:g}"


def _corners(city: City, frame: Frame, left: float, up: float) -> list[str]:
    to_degrees = Transformer.from_crs(city.crs, city.crs.geodetic_crs, always_xy=True)
    west, south, east, north = frame.bounds
    parts = []
    for x, y, across, down, way in (
        (west, north, left, up - BAND_MM / 2, "start"),
        (east, north, left + frame.width_mm, up - BAND_MM / 2, "end"),
        (west, south, left, up + frame.height_mm + BAND_MM / 2, "start"),
        (east, south, left + frame.width_mm, up + frame.height_mm + BAND_MM / 2, "end"),
    ):
        longitude, latitude = to_degrees.transform(x, y)
        words = f"{degrees_said(longitude)}  {degrees_said(latitude)}"
        parts.append(svg.label(across, down + 0.7, words, points=5, colour=MUTED, anchor=way))
    return parts


def degrees_said(angle: float) -> str:
    """An angle in degrees, minutes and seconds."""
    seconds = round(abs(angle) * 3600)
    return f"{'−' if angle < 0 else ''}{seconds // 3600}°{seconds // 60 % 60:02d}′{seconds % 60:02d}″"


def bounds_said(city: City, bounds: tuple[float, float, float, float]) -> str:
    """West to east and south to north in degrees."""
    to_degrees = Transformer.from_crs(city.crs, city.crs.geodetic_crs, always_xy=True)
    west, south, east, north = to_degrees.transform_bounds(*bounds)
    return f"{degrees_said(west)} – {degrees_said(east)}, {degrees_said(south)} – {degrees_said(north)}"


def convergence_deg(city: City, frame: Frame) -> float:
    """Angle from true north to grid north in the middle of a frame, clockwise positive. [°]"""
    west, south, east, north = frame.bounds
    to_degrees = Transformer.from_crs(city.crs, city.crs.geodetic_crs, always_xy=True)
    place = to_degrees.transform((west + east) / 2, (south + north) / 2)
    return float(Proj(city.crs).get_factors(*place).meridian_convergence)


def north_arrow(x: float, y: float) -> list[str]:
    """An arrow to grid north, 14 mm high, its tip at a place. [mm]"""
    return [
        svg.rectangle(x - 5, y - 6.2, 10, 20.6, 'fill="#fff" fill-opacity="0.8" rx="1.5"'),
        f'<path d="M{x:g} {y:g}l3.4 13l-3.4 -3z" fill="{INK}"/>',
        f'<path d="M{x:g} {y:g}l-3.4 13l3.4 -3z" fill="#fff" stroke="{INK}" stroke-width="0.25"/>',
        svg.label(x, y - 1.4, "N", points=10, anchor="middle"),
    ]


def scale_bar(frame: Frame) -> tuple[str, float]:
    """A bar of four fields as a picture of its own, and its height. [mm]"""
    length_m = step_m(frame, 40)
    length = length_m * frame.mm_per_m
    kilometres = length_m >= 1000
    edge = f'stroke="{INK}" stroke-width="0.2"'
    left, up = 3.0, 4.2
    parts = []
    for number in range(4):
        colour = INK if number % 2 == 0 else "#fff"
        parts.append(
            svg.rectangle(left + number * length / 4, up, length / 4, 1.3, f'fill="{colour}" {edge}')
        )
    for number in (0, 2, 4):
        said = f"{length_m * number / 4 / (1000 if kilometres else 1):g}"
        said += (" km" if kilometres else " m") if number == 4 else ""
        parts.append(svg.label(left + number * length / 4, up - 1, said, points=6.5, anchor="middle"))
    return svg.picture(length + 12, 6.4, parts), 6.4


def wind_rose(weather: Weather | None) -> str:
    """The share of hours with wind from each of sixteen directions; empty where directions are not known."""
    if weather is None or "wind_direction" not in weather.hours:
        return ""
    hours = weather.hours
    blowing = hours["wind_direction"].notna()
    if "wind_speed" in hours:
        blowing &= hours["wind_speed"] > CALM_M_PER_S
    sector = (
        np.rint(hours["wind_direction"][blowing].to_numpy() / (360 / ROSE_SECTORS)).astype(int) % ROSE_SECTORS
    )
    if not len(sector):
        return ""
    shares = np.bincount(sector, minlength=ROSE_SECTORS) / len(hours)
    reach, middle = 11.0, 14.0
    angles = np.deg2rad(np.arange(ROSE_SECTORS) * 360 / ROSE_SECTORS)
    radius = reach * shares / shares.max()
    points = " ".join(
        f"{middle + r * math.sin(a):.2f},{middle - r * math.cos(a):.2f}"
        for r, a in zip(radius, angles, strict=True)
    )
    parts = [
        f'<circle cx="{middle:g}" cy="{middle:g}" r="{reach:g}" fill="none" stroke="{LIGHT["line"]}" stroke-width="0.2"/>',
        svg.line(
            middle, middle - reach, middle, middle + reach, f'stroke="{LIGHT["line"]}" stroke-width="0.2"'
        ),
        svg.line(
            middle - reach, middle, middle + reach, middle, f'stroke="{LIGHT["line"]}" stroke-width="0.2"'
        ),
        f'<polygon points="{points}" fill="{WIND}" fill-opacity="0.5" stroke="{WIND}" stroke-width="0.25"/>',
        svg.label(middle, 2.4, "N", points=7, anchor="middle"),
        svg.label(
            middle + reach,
            27.5,
            f"{figure(100 * float(shares.max()))}%",
            points=6,
            anchor="end",
            colour=MUTED,
        ),
    ]
    return svg.picture(28, 28, parts)
