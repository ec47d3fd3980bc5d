"""One number with its source, as it goes into results and documents."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Number:
    """One number with where it comes from.

    `low` and `high` are the published range, None where there is none. `assumption` says that nobody
    published it; documents count and print such numbers. `local` says that the project's own table gave it.
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
