"""Colours of maps on screen and paper: ramps, palettes and hatches, and their form in look-up tables."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from core.look import IRRADIATION

MISSING = "#e6eae9"

# Sequential ramps, light to dark; viridis and cividis are told apart by colour-blind readers too.
REVERSED = "_reversed"  # behind the name of a ramp that runs the other way
RAMPS: dict[str, tuple[str, ...]] = {
    "irradiation": IRRADIATION,
    "viridis": ("#fde725", "#7ad151", "#22a884", "#2a788e", "#414487", "#440154"),
    "cividis": ("#fee838", "#cabb65", "#9b9478", "#6b6d78", "#31446b", "#00224e"),
    "green": ("#eef4cf", "#cfe3a4", "#9ccb86", "#5faa72", "#2b8563", "#0e5a44"),
    "water": ("#e6f0f6", "#bfd9ea", "#8fbcdb", "#5f9dc9", "#3b7fb6", "#1f5482"),
    "ground_heat": ("#efe8f6", "#d8c7ea", "#bb9fd8", "#a07dc6", "#8a5fb0", "#5f3a85"),
    "temperature": ("#fdf3d0", "#f9d98a", "#f2b04f", "#e37d2e", "#c24a22", "#8a1f1c"),
    "grey": ("#f2f3f2", "#d7dbda", "#b4bbba", "#8d9695", "#667170", "#414b4c"),
}

# How well a source suits a place: fills strong enough for a map, from the inks and grounds of the chips.
GRADES: dict[str, str] = {
    "suitable": "#2e8b69",
    "fairly_suitable": "#b3c95a",
    "conditional": "#f2c161",
    "unsuitable": "#c3cacd",
    "forbidden": "#e6a79e",
    "needs_survey": "#aaa8cf",
}

# Kinds of use, after the colours customary on Chinese land-use plans, somewhat calmer.
USES: dict[str, str] = {
    "residential": "#fdf06b",
    "rural_house": "#f4e3a1",
    "government_office": "#f28cb0",
    "business_office": "#f26d5f",
    "research": "#e79ac8",
    "education": "#f7a8c8",
    "health": "#f58aa0",
    "welfare": "#f9c3cf",
    "culture": "#ee7fa6",
    "sport": "#d6b4dd",
    "retail": "#e8474c",
    "market": "#ec6a55",
    "catering": "#f08a62",
    "hotel": "#dd5a78",
    "entertainment": "#f5a06e",
    "other_commerce": "#ef8576",
    "community_service": "#f6b7a6",
    "rural_community_service": "#efcbb4",
    "industry": "#bb9068",
    "warehouse": "#a88fc4",
    "transport": "#b9bec1",
    "depot_parking": "#9fa7ab",
    "utility": "#6fa3c8",
    "utility_outlet": "#8fb9d4",
    "data_centre": "#6f87c9",
    "power_plant": "#4f83ad",
    "green": "#9fcf7f",
    "square": "#c6dfa6",
    "water": "#aad4ec",
    "special": "#8c9a5b",
    "reserve": "#e6e2d4",
    "unknown": "#dcdedd",
}

# Set apart without order, for categories that have no palette of their own.
CATEGORIES = (
    "#4c8fbd", "#e8a317", "#5faa72", "#c9533f", "#8a5fb0", "#7a9a3b",
    "#d98cb3", "#6b777c", "#b5825a", "#3aa6a0", "#d6c54a", "#41548f",
)  # fmt: skip

HATCHES = ("", "forbidden", "reserved")  # number 0 is no hatch
HATCH_SPACING_PX = 8
HATCH_INKS: tuple[str, ...] = ("#000000", "#8a2a21", "#6b777c")


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue (0 to 255) of `#rrggbb`."""
    digits = colour.lstrip("#")
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def premultiplied(colour: str, opacity: float = 1.0) -> np.uint32:
    """A colour as it stands in look-up tables: 0xAARRGGBB, its channels multiplied by its opacity.

    Parameters
    ----------
    colour : str
        `#rrggbb`, or `#rrggbbaa` with an opacity of its own.
    opacity : float
        Share of opacity, 0 to 1.
    """
    if len(colour) == 9:
        opacity *= int(colour[7:9], 16) / 255
    alpha = round(255 * opacity)
    red, green, blue = (round(channel * alpha / 255) for channel in rgb(colour))
    return np.uint32(alpha << 24 | red << 16 | green << 8 | blue)


def spread(ramp: str | Sequence[str], count: int) -> tuple[str, ...]:
    """So many colours at equal steps along a ramp, its ends included.

    Parameters
    ----------
    ramp : str or sequence of str
        Name in `RAMPS`, or colours; a name ending in `_reversed` runs from dark to light.
    count : int
        How many colours.
    """
    if isinstance(ramp, str):
        base = RAMPS[ramp.removesuffix(REVERSED)]
        stops: Sequence[str] = base[::-1] if ramp.endswith(REVERSED) else base
    else:
        stops = ramp
    if count == 1:
        return (stops[len(stops) // 2],)
    channels = np.array([rgb(stop) for stop in stops], dtype=np.float64)
    places = np.linspace(0, len(stops) - 1, count)
    mixed = np.stack([np.interp(places, np.arange(len(stops)), channels[:, c]) for c in range(3)], axis=1)
    return tuple(f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in np.rint(mixed).astype(int))


@cache
def hatch_patterns(spacing_px: int = HATCH_SPACING_PX) -> NDArray[np.uint8]:
    """Ink of every hatch in `HATCHES`, 0 to 255, shape (hatches, 2 spacings, 2 spacings); they repeat.

    Forbidden is hatched by slanting lines, reserved by dots.

    Parameters
    ----------
    spacing_px : int
        From line to line along a row; 8 on a common screen.
    """
    side = 2 * spacing_px
    patterns = np.zeros((len(HATCHES), side, side), dtype=np.uint8)
    down, across = np.indices((side, side)) + 0.5
    away = np.abs((across + down) % spacing_px - spacing_px / 2)  # from the middle of a line, along the row
    patterns[1] = 205 * np.clip(0.1 * spacing_px + 0.5 - away, 0, 1)
    middle = np.hypot(
        across % spacing_px - spacing_px / 2,
        (down + spacing_px / 2 * (across // spacing_px)) % spacing_px - spacing_px / 2,
    )
    patterns[2] = 205 * np.clip(0.14 * spacing_px + 0.5 - middle, 0, 1)
    return patterns
