"""Facts of the planning area, as the table beside the map of its location: where it lies, how large it is, what it holds."""

from __future__ import annotations

from typing import Any

import pandas as pd
import shapely

from core.fields import fields
from core.texts import text, word
from core.units import count, quantity
from layers.city import City
from reports.parcel_facts import zone_said
from reports.sheets.base_map import is_hull, scope
from reports.sheets.furniture import degrees_said

COUNTED = (
    ("district", "Districts"),
    ("planning_unit", "Policy units"),
    ("parcel", "Parcels"),
    ("building", "Buildings"),
)


def scope_table(city: City) -> dict[str, Any]:
    """The facts of a planning area, those that are known, in rows of title and value."""
    rows: list[list[str]] = []
    if province := str(city.facts.get("province") or ""):
        rows.append([fields()["province"].title, word(province)])
    place = city.place
    rows.append([text("Middle"), f"{degrees_said(place.longitude)}  {degrees_said(place.latitude)}"])
    if zone := str(city.facts.get("climate_zone") or ""):
        rows.append([fields()["climate_zone"].title, zone_said(zone)])
    outline = scope(city)
    if outline is not None:
        rows.append([text("Planning area"), quantity(float(shapely.area(outline).sum()), "m²")])
        inside = shapely.union_all(outline)
        for name, title in COUNTED:
            table = city.tables.get(name)
            if table is not None and len(table):
                reached = int(shapely.intersects(table.geometry.to_numpy(), inside).sum())
                rows.append([text(title), count(reached)])
    buildings = city.tables.get("building")
    if buildings is not None and "gfa_m2" in buildings:
        floor_m2 = float(pd.to_numeric(buildings["gfa_m2"], errors="coerce").sum())
        rows.append([text("Floor area"), quantity(floor_m2, "m²")])
    return {
        "title": text("The planning area"),
        "heads": [text("Item"), text("Value")],
        "aligns": ["left", "right"],
        "widths": [1.0, 1.4],
        "rows": rows,
        "left-out": "",
        "summed": False,
    }


def scope_said(city: City) -> str:
    """Where the border of the planning area on the map comes from."""
    if "planning_unit" in city.tables and not city.tables["planning_unit"].empty:
        return text("The planning area is the whole of all planning units.")
    if "parcel" in city.tables and is_hull(city):
        return text("No planning units are given: the planning area is drawn around all parcels.")
    return text("No planning units are given: the planning area is the whole of the districts.")
