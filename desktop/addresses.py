"""Addresses: where a number stands, so that it can be traced wherever it is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Address:
    """Where a number stands.

    Parameters
    ----------
    key : str
        Of a figure of the plan; empty for all others.
    table, row, column : str
        A cell: of the city, of what an assessment found, or of the plan. With neither row nor rows, `table` is the
        name of an assessment and `column` one of its totals.
    rows : tuple of str
        Several rows of a table whose sum it is.
    planned : bool
        Whether a table of the plan is meant where the city has one of the same name.
    scenario : str, optional
        Whose plan it is of; that in sight where None.
    """

    key: str = ""
    table: str = ""
    row: str | None = None
    column: str = ""
    rows: tuple[str, ...] = ()
    planned: bool = False
    scenario: str | None = None


Placed = Callable[[str], Address]  # the address of a column, where all else is known


def in_row(table: str, row: str) -> Placed:
    """Addresses of the columns of a row."""
    return lambda column: Address(table=table, row=row, column=column)


def in_rows(table: str, rows: Sequence[str]) -> Placed:
    """Addresses of the sums of columns over some rows."""
    chosen = tuple(map(str, rows))
    return lambda column: Address(table=table, rows=chosen, column=column)


def in_city(potential: str) -> Placed:
    """Addresses of the totals of an assessment."""
    return lambda column: Address(table=potential, column=column)
