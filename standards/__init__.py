"""Standards: numbers somebody published, each with its source."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Number:
    """One number with where it comes from.

    `low` and `high` are the published range, None where there is none. `assumption` says that nobody
    published it; documents count and print such numbers.
    """

    table: str
    key: str
    value: float
    low: float | None
    high: float | None
    unit: str
    source: str
    note: str
    assumption: bool
    local: bool = False
