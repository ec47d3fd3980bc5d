"""Standards: numbers somebody published, each with its source."""

from __future__ import annotations

import pandas as pd

from core.problems import Problem
from standards.grid import grid_factor
from standards.library import Standards
from standards.numbers import Number
from standards.sources import Source
from standards.taken import Taken

SHIPPED = Standards()


def table(name: str) -> pd.DataFrame:
    """All rows of a table that comes with the program."""
    return SHIPPED.table(name)


def check_tables() -> list[Problem]:
    """Everything wrong with the tables that come with the program."""
    return SHIPPED.check_tables()


__all__ = ["SHIPPED", "Number", "Source", "Standards", "Taken", "check_tables", "grid_factor", "table"]
