"""Check places: where in the plan or on the map a difference lies that the check of files found."""

from __future__ import annotations

import re

from core.problems import Problem
from desktop.addresses import Address
from layers.city import City
from layers.export_workbook import HEAD_ROWS
from plans import Part

CELL = re.compile(r"(?P<table>\w+)!(?P<letter>[A-Z]+)(?P<line>\d+) (?P<column>\w+)")
ON_THE_MAP = ("parcel", "building")


def address_of(problem: Problem, plan: Part, city: City) -> Address | None:
    """The value in the plan, or of a parcel or building, that a file says otherwise; None where none is meant.

    Cells of workbooks say table, line and column; values of layers the id of their row and the column.
    """
    where = str(problem.values.get("where", ""))
    if (cell := CELL.fullmatch(where)) and cell["table"] in plan.tables:
        frame, place = plan.tables[cell["table"]], int(cell["line"]) - HEAD_ROWS - 1
        if 0 <= place < len(frame) and cell["column"] in frame:
            row = str(frame.index[place])
            return Address(table=cell["table"], row=row, column=cell["column"], planned=True)
    before, _, column = where.rpartition(" ")
    _, _, row = before.partition(" ")
    for one in (row, before):
        for table in ON_THE_MAP:
            if one and table in city.tables and one in city.tables[table].index:
                return Address(table=table, row=one, column=column)
    return None


def row_on_map(address: Address | None, plan: Part, city: City) -> tuple[str, str] | None:
    """Table and id of the parcel or building an address is about; None where it is about none."""
    if address is None or address.row is None:
        return None
    if address.planned:
        frame = plan.tables[address.table]
        row = frame.loc[frame.index.astype(str) == address.row].iloc[0]
        row_id = str(row["parcel_id"]) if "parcel_id" in frame else address.row
        named = [("parcel", row_id), ("building", address.row)]
    else:
        named = [(address.table, address.row)]
    return next(
        (
            (table, one)
            for table, one in named
            if table in city.tables and one in city.tables[table].index.astype(str)
        ),
        None,
    )
