"""Figures: every single number of a plan under one key, with its formula and what it was computed from."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from core.texts import text, word
from core.units import MISSING, count, percent, quantity
from standards import Number


@dataclass(frozen=True)
class Figure:
    """One number of a plan.

    Parameters
    ----------
    key : str
        Dotted, from the large to the small: `indicator.renewable_substitution_rate.gross.2030`.
    title : str
        What it is, English with a translation and perhaps `{placeholders}`.
    value : float
        In `unit`; NaN where it is not known.
    unit : str
        As in the dictionary of fields, e.g. `kWh/a`; `%` for shares (0 to 1), `n` for counts, `year` for years of the
        calendar, empty for ratios.
    formula : str
        How it follows from `inputs`, English with a translation; empty where it is given.
    inputs : tuple of str
        Keys of the figures it was computed from.
    numbers : tuple of Number
        Rows of the tables of published numbers that were used.
    origin : str
        Where a given or summed number stands: `table.column` of the plan, the city or an assessment.
    digits : int
        Significant figures it is printed with.
    values : Mapping of str to str
        What fills the placeholders of the title, e.g. the name of a district.
    """

    key: str
    title: str
    value: float
    unit: str = ""
    formula: str = ""
    inputs: tuple[str, ...] = ()
    numbers: tuple[Number, ...] = ()
    origin: str = ""
    digits: int = 3
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def called(self) -> str:
        """The title in the language of the moment."""
        return text(self.title, **{name: word(value) for name, value in self.values.items()})

    def said(self, language: str | None = None) -> str:
        """The number as it is printed everywhere, with its unit."""
        if self.unit == "%":
            return percent(self.value, self.digits)
        if self.unit == "n":
            return count(self.value)
        if self.unit == "year":
            return MISSING if math.isnan(self.value) else f"{self.value:.0f}"
        return quantity(self.value, self.unit, language, self.digits)


@dataclass(frozen=True)
class Figures(Mapping[str, Figure]):
    """The figures of a plan by key."""

    by_key: Mapping[str, Figure] = field(default_factory=dict)

    @classmethod
    def of(cls, figures: Iterable[Figure]) -> Figures:
        """Figures from a list.

        Raises
        ------
        ValueError
            Two figures have one key.
        """
        found: dict[str, Figure] = {}
        for figure in figures:
            if figure.key in found:
                raise ValueError(f"two figures have the key {figure.key}")
            found[figure.key] = figure
        return cls(found)

    def __getitem__(self, key: str) -> Figure:
        return self.by_key[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_key)

    def __len__(self) -> int:
        return len(self.by_key)

    def __add__(self, other: Figures) -> Figures:
        """All figures of both.

        Raises
        ------
        ValueError
            A key stands in both.
        """
        return Figures.of([*self.values(), *other.values()])

    def trace(self, key: str) -> list[tuple[int, Figure]]:
        """A figure and everything it was computed from, each with its depth, in reading order.

        Raises
        ------
        KeyError
            There is no figure of this key, or one of its inputs is missing.
        """
        found: list[tuple[int, Figure]] = []
        waiting = [(0, key)]
        while waiting:
            depth, name = waiting.pop()
            figure = self[name]
            found.append((depth, figure))
            waiting += [(depth + 1, one) for one in reversed(figure.inputs)]
        return found

    def records(self) -> list[dict[str, Any]]:
        """The figures in the form in which a project keeps them."""
        return [asdict(figure) for figure in self.values()]

    @classmethod
    def from_records(cls, records: Iterable[Mapping[str, Any]]) -> Figures:
        """The figures that a project kept."""
        return cls.of(
            Figure(
                **{
                    **record,
                    "value": float("nan") if record["value"] is None else record["value"],
                    "inputs": tuple(record["inputs"]),
                    "numbers": tuple(Number(**number) for number in record["numbers"]),
                }
            )
            for record in records
        )
