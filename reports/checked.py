"""Checked: how many numbers of a file were compared with the plan, and every difference."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.problems import Problem


@dataclass(frozen=True)
class Checked:
    """How many numbers were compared, and every difference."""

    numbers: int = 0
    problems: tuple[Problem, ...] = ()

    def __add__(self, other: Checked) -> Checked:
        return Checked(self.numbers + other.numbers, (*self.problems, *other.problems))


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
