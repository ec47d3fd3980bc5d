"""Checked: how many numbers of a file were compared with the plan, and every difference."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.problems import Problem, UserError


@dataclass(frozen=True)
class Checked:
    """How many numbers were compared, and every difference."""

    numbers: int = 0
    problems: tuple[Problem, ...] = ()

    def __add__(self, other: Checked) -> Checked:
        return Checked(self.numbers + other.numbers, (*self.problems, *other.problems))


def or_unreadable(check: Callable[[], Checked]) -> Checked:
    """What a check finds; that a file cannot be read is a problem of this file alone, so that the others are checked too."""
    try:
        return check()
    except UserError as unreadable:
        return Checked(0, unreadable.problems)


def differs(path: Path, where: str, found: str, wanted: str) -> Problem:
    """A number that a file has in place of that of the plan."""
    return Problem(
        "{file} differs from the plan at {where}: {found} in place of {wanted}.",
        "Make the document anew; what was written by hand is kept.",
        file=path.name,
        where=where,
        found=found or "—",
        wanted=wanted or "—",
    )
