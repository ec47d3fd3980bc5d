"""Origins: where what a map shows comes from, in one sentence: given data, what was computed, what the plan decides."""

from __future__ import annotations

from core.texts import text
from potential.registry import potentials
from reports.sheets.declared import BARE, Sheet, table_named
from reports.sheets.drawing import DrawnMap
from reports.sheets.material import Sources
from reports.wording import listed

BASE_TABLES = ("parcel", "building", "planning_unit", "district", "road", "water")


def origins_said(sources: Sources, declared: Sheet, drawn: DrawnMap) -> str:
    """The sentence under the notes of a map, without what is not there; empty for a map of nothing.

    Parameters
    ----------
    sources : Sources
    declared : Sheet
        With its tables beside the map.
    drawn : DrawnMap
        With the layers that were drawn.
    """
    city = sources.city
    used = [one.layer.shape for one in drawn.shown if ":" not in one.layer.shape]
    given = [
        name
        for name in dict.fromkeys((*used, *(() if BARE in declared.base else BASE_TABLES)))
        if name in city.tables and len(city.tables[name])
    ]
    computed, planned = [], []
    values = [one.layer.values or one.layer.shape for one in drawn.shown]
    for value in (
        *values,
        *(one.values for one in declared.tables),
        *(one.raster for one in declared.rasters),
    ):
        kind, _, name = value.partition(":")
        if kind == "plan":
            planned.append(table_named("plan", name).said())
        elif name:
            computed.append(_potential_said((name if kind == "assessment" else kind).partition("/")[0]))
    said = []
    if given:
        said.append(text("given: {list}", list=listed([table_named("city", name).said() for name in given])))
    if computed:
        said.append(text("computed: {list}", list=listed(list(dict.fromkeys(computed)))))
    if planned:
        said.append(text("of the plan: {list}", list=listed(list(dict.fromkeys(planned)))))
    if not said:
        return ""
    return text("Sources: {list}.", list=text("; ").join(said))


def _potential_said(name: str) -> str:
    return next((text(one.title) for one in potentials() if one.name == name), name)
