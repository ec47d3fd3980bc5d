"""Plans: what a city decides with what was found: targets, choices, programme, grades of buildings; tables and figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import pandas as pd

from core.problems import Problem
from plans.figures import Figures
from standards import Number


@dataclass(frozen=True)
class Part:
    """What one part of a plan found: the baseline, the allocation, the grades of buildings and so on.

    Parameters
    ----------
    tables : Mapping of str to DataFrame
        By name, no name twice in a plan; the index is the id, every column is in the dictionary of fields.
    figures : Figures
        Every single number that a document may print, each with how it was found.
    numbers : tuple of Number
        Every published or assumed number that was used, with its source.
    remarks : tuple of str
        What was assumed and what data would decide it, sentences in English with a translation.
    problems : tuple of Problem
        What the user should know or can put right; the part stands nevertheless.
    """

    tables: Mapping[str, pd.DataFrame] = field(default_factory=lambda: MappingProxyType({}))
    figures: Figures = field(default_factory=Figures)
    numbers: tuple[Number, ...] = ()
    remarks: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    def __add__(self, other: Part) -> Part:
        """Both parts as one.

        Raises
        ------
        ValueError
            A table or figure stands in both.
        """
        twice = set(self.tables) & set(other.tables)
        if twice:
            raise ValueError(f"two parts of a plan give the tables {sorted(twice)}")
        return Part(
            tables=MappingProxyType({**self.tables, **other.tables}),
            figures=self.figures + other.figures,
            numbers=tuple(dict.fromkeys((*self.numbers, *other.numbers))),
            remarks=tuple(dict.fromkeys((*self.remarks, *other.remarks))),
            problems=(*self.problems, *other.problems),
        )
