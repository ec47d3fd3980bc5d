"""Look: the colours of window and paper, by the name of what they are for."""

from __future__ import annotations

from types import MappingProxyType

LIGHT = MappingProxyType(
    {
        "ink": "#1f2a2e",
        "muted": "#6b777c",
        "line": "#e1e5e4",
        "ground": "#f7f8f6",
        "panel": "#ffffff",
        "accent": "#17795e",
        "accent_strong": "#116350",
        "accent_soft": "#e6f2ed",
        "accent_ink": "#ffffff",
        "warning": "#7a5200",
        "warning_soft": "#fdeec9",
        "sun": "#e8a317",
        "water": "#3b7fb6",
        "deep": "#8a5fb0",
        "bad": "#c9533f",
    }
)

DARK = MappingProxyType(
    {
        "ink": "#e6ebe9",
        "muted": "#9aa7a5",
        "line": "#374140",
        "ground": "#1b2120",
        "panel": "#232a29",
        "accent": "#4fb594",
        "accent_strong": "#6ac7a8",
        "accent_soft": "#223d37",
        "accent_ink": "#10201b",
        "warning": "#f0cd83",
        "warning_soft": "#4a3a17",
        "sun": "#e8a317",
        "water": "#6ba6d6",
        "deep": "#b08fd0",
        "bad": "#e07f6d",
    }
)

# The map stays light in both sets.
MAP_GROUND = "#f3f2ec"
MAP_PARCEL = "#fbfaf6"
MAP_PARK = "#dfeccf"
MAP_WATER = "#cfe3ee"
MAP_BUILDING = "#d0cec4"
MAP_EDGE = "#b9b7ac"

# Word on ground of the chip of each grade, on light panels and paper, and on dark panels.
GRADES = MappingProxyType(
    {
        "suitable": ("#0e5a44", "#d9efe4"),
        "fairly_suitable": ("#55640c", "#eef4cf"),
        "conditional": ("#7a5200", "#fdeec9"),
        "unsuitable": ("#59646a", "#e9ecee"),
        "forbidden": ("#8a2a21", "#f8dcd8"),
        "needs_survey": ("#4b4a73", "#e6e5f3"),
    }
)
GRADES_DARK = MappingProxyType(
    {
        "suitable": ("#8fd9bb", "#1f4a3b"),
        "fairly_suitable": ("#d3e08a", "#3f4719"),
        "conditional": ("#f0cd83", "#4a3a17"),
        "unsuitable": ("#b9c4c2", "#37413f"),
        "forbidden": ("#f3b0a7", "#57261f"),
        "needs_survey": ("#c9c8f0", "#3a395c"),
    }
)

IRRADIATION = ("#fff3c4", "#fdd97a", "#f9b233", "#ee8a1d", "#d65f12", "#a63c0f")
