"""Flags: what has to be said of a computed field, because its numbers are cut off, refused or not there."""

from __future__ import annotations

from enum import IntFlag


class Flag(IntFlag):
    """What has to be said of a field; several may hold."""

    CLIPPED_COUNT = 1
    CLIPPED_SPACING = 2
    CLIPPED_DEPTH = 4
    CLIPPED_TIME = 8
    LOWER_BOUND = 16
    CANNOT_BE_MET = 32
    NEAR_LIMIT = 64
    NO_LOAD = 128
    MISSING = 256
    CLIPPED_RADIUS = 512
    NO_HOLES = 1024


CLIPPED_COUNT = int(Flag.CLIPPED_COUNT)
CLIPPED_SPACING = int(Flag.CLIPPED_SPACING)
CLIPPED_DEPTH = int(Flag.CLIPPED_DEPTH)
CLIPPED_TIME = int(Flag.CLIPPED_TIME)
LOWER_BOUND = int(Flag.LOWER_BOUND)
CANNOT_BE_MET = int(Flag.CANNOT_BE_MET)
NEAR_LIMIT = int(Flag.NEAR_LIMIT)
NO_LOAD = int(Flag.NO_LOAD)
MISSING = int(Flag.MISSING)
CLIPPED_RADIUS = int(Flag.CLIPPED_RADIUS)
NO_HOLES = int(Flag.NO_HOLES)

WORDS = {
    Flag.CLIPPED_COUNT: "more boreholes than the table of ground responses knows",
    Flag.CLIPPED_SPACING: "borehole spacing outside the table of ground responses",
    Flag.CLIPPED_DEPTH: "depth of borehole heads outside the table of ground responses",
    Flag.CLIPPED_RADIUS: "borehole radius outside the table of ground responses",
    Flag.CLIPPED_TIME: "years outside the table of ground responses",
    Flag.LOWER_BOUND: "shortest boreholes suffice",
    Flag.CANNOT_BE_MET: "no borehole length meets the limits",
    Flag.NEAR_LIMIT: "ground temperature too near a limit",
    Flag.NO_LOAD: "no load on the ground",
    Flag.NO_HOLES: "no boreholes",
    Flag.MISSING: "ground data missing",
}


def words(flags: int) -> str:
    """What is said of a field, keys joined by "; "."""
    return "; ".join(said for flag, said in WORDS.items() if int(flags) & flag)
