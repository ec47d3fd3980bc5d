"""Key figures: the few numbers that a sheet is about, of the city, an assessment or the plan, as printed beside its map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from core.fields import Field, fields
from core.units import count, land_area, percent, quantity
from reports.quantities import is_share
from reports.sheets.declared import SheetFigure
from reports.sheets.material import Sources


def key_figures(sources: Sources, declared: Sequence[SheetFigure]) -> list[dict[str, str]]:
    """Title and value of each declared figure that is there, for the template.

    The key of a figure is `plan:key` of the plan's figures, `name:total` of an assessment, `count:table` of the city, or
    `sum:table.column` of the city; `land:table` adds up areas of land.
    """
    found = []
    for one in declared:
        for title, value in _found(sources, one.key):
            found.append({"title": one.title.said() if one.title else title, "value": value})
    return found


def _found(sources: Sources, key: str) -> Iterator[tuple[str, str]]:
    """Title and value of a figure; nothing where it is not there."""
    owner, _, name = key.partition(":")
    tables = sources.city.tables
    if owner == "plan":
        if name in sources.plan.figures:
            figure = sources.plan.figures[name]
            if figure.value == figure.value:  # not known is no figure
                yield figure.called, figure.said()
    elif owner == "count":
        if name in tables and len(tables[name]):
            yield name, count(len(tables[name]))
    elif owner == "land":
        if name in tables and len(tables[name]):
            yield name, land_area(float(tables[name].geometry.area.sum()))
    elif owner == "sum":
        table, _, column = name.partition(".")
        if table in tables and column in tables[table]:
            added = float(pd.to_numeric(tables[table][column], errors="coerce").sum())
            yield fields()[column].title, value_said(fields()[column], added)
    elif owner in sources.assessments and name in sources.assessments[owner].totals:
        yield fields()[name].title, value_said(fields()[name], sources.assessments[owner].totals[name])


def value_said(known: Field, value: float) -> str:
    """A value of a column as people read it: counts whole, shares in per cent, all else with its unit."""
    if known.type == "count":
        return count(value)
    return percent(value) if is_share(known) else quantity(value, known.unit)
