"""Edits: changes people make to tables, with who, when and why, that can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class Edit:
    """A change of some cells of one table.

    Parameters
    ----------
    label : str
        What is done, an English phrase with a translation; may hold `{placeholders}`.
    table : str
        A given table (the edit is a correction laid over it), or a decided one.
    before, after : DataFrame
        The cells before and after, the same rows and columns.
    why : str
        The reason, as the user gave it.
    values : Mapping
        What fills the placeholders of the label.
    """

    label: str
    table: str
    before: pd.DataFrame
    after: pd.DataFrame
    why: str = ""
    values: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        same_rows = self.before.index.equals(self.after.index)
        if not same_rows or list(self.before.columns) != list(self.after.columns):
            raise ValueError("an edit needs the same rows and columns before and after")


@dataclass(frozen=True)
class HistoryEntry:
    """One line of the history: what was done, by whom, when, why, and whether it was undone."""

    number: int
    label: str
    table: str
    who: str
    at: str
    why: str
    undone: bool
    cells: int
