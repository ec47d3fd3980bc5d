"""Look: colours and sizes of paper, the same tokens as the window's."""

from __future__ import annotations

INK = "#1f2a2e"
MUTED = "#6b777c"
LINE = "#e1e5e4"
GROUND = "#f7f8f6"
ACCENT = "#17795e"
ACCENT_SOFT = "#e6f2ed"

MAP_GROUND = "#f3f2ec"
MAP_PARCEL = "#fbfaf6"
MAP_PARK = "#dfeccf"
MAP_WATER = "#cfe3ee"
MAP_BUILDING = "#dcdbd5"
MAP_EDGE = "#c9c8c0"
ROOF = "#c8cdca"  # a roof without values

SERIES = ("#e8a317", "#3b7fb6", "#8a5fb0", "#c9533f")  # of charts, in this order

# Word on ground of the chip of each grade.
GRADES = {
    "suitable": ("#0e5a44", "#d9efe4"),
    "fairly_suitable": ("#55640c", "#eef4cf"),
    "conditional": ("#7a5200", "#fdeec9"),
    "unsuitable": ("#59646a", "#e9ecee"),
    "forbidden": ("#8a2a21", "#f8dcd8"),
    "": ("#59646a", "#f7f8f6"),
}


def tokens() -> dict[str, str]:
    """The colours that templates use."""
    return {"ink": INK, "muted": MUTED, "line": LINE, "ground": GROUND, "accent": ACCENT, "soft": ACCENT_SOFT}
