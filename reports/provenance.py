"""Provenance: where every number of a parcel report comes from, what was assumed, and what data were used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from core.fields import Field, field, fields
from core.texts import text
from core.units import MISSING, count, figure, percent, quantity, unit_said
from demand.archetypes import RESIDENTIAL
from layers.city import City
from potential import Assessment
from reports.parcel_facts import irradiation_kwh_per_m2, origins_by_column
from reports.quantities import is_share, quantities
from reports.wording import joined, origin_said, title_of
from standards import Number, Standards
from standards.numbers import PART
from standards.place_names import place_said, places_said

BY_CLASS = ("envelope", "systems")  # tables by climate zone, class of use and first year
CLASS_PLACE = 1


def provenance(
    city: City,
    assessments: Mapping[str, Assessment],
    rows: Mapping[str, pd.Series[Any] | None],
    buildings: pd.DataFrame,
) -> dict[str, Any]:
    """The pages "where the numbers come from".

    Parameters
    ----------
    city : City
        Given data.
    assessments : Mapping of str to Assessment
        What was found.
    rows : Mapping of str to Series
        What each assessment says of the parcel, or of a building; None where it says nothing.
    buildings : DataFrame
        Buildings of the parcel.
    """
    used = _each_once([number for item in assessments.values() for number in item.numbers])
    concerning = numbers_behind(giving(assessments, rows), buildings)
    assumed = sum(number.assumption for number in concerning)
    cited = _cited(concerning, city.standards)
    return {
        "results": [
            {
                "short": title_of(item),
                "title": text("{title}: results and how they are found", title=title_of(item)),
                "rows": _results(row),
            }
            for name, item in assessments.items()
            if (row := rows[name]) is not None and _gives(row)
        ],
        "numbers": _tables(concerning, city.standards, cited),
        "cited": [f"[{place}] {title}" for title, place in cited.items()],
        "left_out": text(
            "Left out are {count} numbers of uses, kinds of roof and sources that this parcel does not have.",
            count=len(used) - len(concerning),
        )
        if len(concerning) < len(used)
        else "",
        "count": text(
            "Published or assumed numbers used: {count}, planning assumptions among them: {assumed}.",
            count=len(concerning),
            assumed=assumed,
        )
        if concerning
        else "",
        "remarks": list(
            dict.fromkeys(text(remark) for item in assessments.values() for remark in item.remarks)
        ),
        "data": _data(city, buildings),
    }


def _results(row: pd.Series[Any]) -> list[dict[str, str]]:
    """Every result but the months, with what the dictionary says of how it is found."""
    found = quantities(row.index)
    spreads = [item for pair in found.spreads.values() for item in pair]
    return [
        {
            "title": item.title,
            "value": _value(item, row[item.name]),
            "unit": "" if is_share(item) else unit_said(item.unit),
            "meaning": item.meaning or text("Sum or mean over the buildings of the parcel"),
        }
        for item in (*found.capacities, *found.energies, *spreads, *found.others)
        if pd.notna(row[item.name]) and row[item.name] != 0
    ]


def _gives(row: pd.Series[Any]) -> bool:
    """Whether an assessment gives the parcel or building anything, so that there is something to explain."""
    found = quantities(row.index)
    return any(row[item.name] > 0 for item in (*found.capacities, *found.energies))


def _cited(numbers: list[Number], standards: Standards) -> dict[str, int]:
    """The sources of published numbers, each with its place in the list at the end."""
    titles = [standards.citation(number.source) for number in numbers if not number.assumption]
    return {title: place for place, title in enumerate(dict.fromkeys(titles), start=1)}


def _value(item: Field, value: float) -> str:
    if item.type == "count":
        return count(value)
    return percent(value) if is_share(item) else figure(value)


def _tables(numbers: list[Number], standards: Standards, cited: Mapping[str, int]) -> list[dict[str, Any]]:
    """The numbers, table by table."""
    tables: dict[str, list[dict[str, Any]]] = {}
    for number in numbers:
        place = "" if number.assumption else f"[{cited[standards.citation(number.source)]}]"
        citation = text("Planning assumption") if number.assumption else standards.citation(number.source)
        tables.setdefault(number.table_said, []).append(_number(number, place) | {"citation": citation})
    return [{"title": title, "rows": rows} for title, rows in tables.items()]


def _number(number: Number, place: str) -> dict[str, Any]:
    limits = ""
    if number.low is not None and number.high is not None and number.low != number.high:
        to = "–" if number.low >= 0 else " … "
        limits = f"{number.said(number.low)}{to}{number.said(number.high)}"
    parts = [
        part for part in number.key_said.split(PART) if part != number.unit_said
    ]  # it stands beside the value
    return {
        "key": PART.join(parts) or number.key_said,
        "value": number.said(number.value),
        "limits": limits,
        "unit": number.unit_said,
        "source": text("assumed") if number.assumption else place,
        "note": number.note_said,
        "assumption": number.assumption,
        "local": text("given by the project") if number.local else "",
    }


def giving(
    assessments: Mapping[str, Assessment], rows: Mapping[str, pd.Series[Any] | None]
) -> dict[str, Assessment]:
    """The assessments that give a parcel anything, or find that it needs anything, by what each says of it."""
    return {
        name: item for name, item in assessments.items() if (row := rows[name]) is not None and _gives(row)
    }


def numbers_behind(assessments: Mapping[str, Assessment], buildings: pd.DataFrame) -> list[Number]:
    """The numbers used, each once, without those of uses, classes, ages and kinds of roof that no building here has."""
    numbers = _each_once([number for item in assessments.values() for number in item.numbers])
    absent: set[str] = set()
    for name in ("use", "roof_type"):
        if name in buildings and len(buildings):
            absent |= set(field(name).choices) - set(buildings[name].dropna().astype(str))
    classes = _classes_of(buildings)
    kept = []
    for number in numbers:
        parts = number.key.split(PART)
        if number.table in BY_CLASS and len(parts) > CLASS_PLACE + 1:  # zone, class, first year, what
            if parts[CLASS_PLACE] in classes and _has_age(number, numbers, parts, buildings):
                kept.append(number)
        elif absent.isdisjoint(parts):
            kept.append(number)
    return kept


def _classes_of(buildings: pd.DataFrame) -> set[str]:
    """Classes of the buildings in tables of envelopes; all where the uses are not known."""
    if "use" not in buildings or buildings.empty or buildings["use"].isna().any():
        return {"residential", "public"}
    home = buildings["use"].isin(RESIDENTIAL)
    return {name for name, some in (("residential", home.any()), ("public", (~home).any())) if some}


def _has_age(number: Number, numbers: list[Number], parts: list[str], buildings: pd.DataFrame) -> bool:
    """Whether a building of the class was built in the years from the one in a key on, up to the next of the table."""
    years = pd.to_numeric(buildings.get("year_built", pd.Series(dtype=float)), errors="coerce")
    if years.empty or years.isna().any() or not parts[CLASS_PLACE + 1].isdigit():
        return True
    keys = [one.key.split(PART) for one in numbers if one.table == number.table]
    begun = sorted({int(key[2]) for key in keys if key[:2] == parts[:2] and key[2].isdigit()})
    first = int(parts[CLASS_PLACE + 1])
    after = next((one for one in begun if one > first), None)
    if "use" in buildings:
        years = years[buildings["use"].isin(RESIDENTIAL) == (parts[CLASS_PLACE] == "residential")]
    return bool(years.between(first, np.inf if after is None else after - 1).any())


def _data(city: City, buildings: pd.DataFrame) -> list[dict[str, str]]:
    """What was given: the origin of the values of the buildings, the weather, facts of the city."""
    rows = []
    for title, counts in origins_by_column(buildings):
        said = [f"{origin_said(kind)} {number}" for kind, number in counts.items() if number]
        rows.append({"title": title, "value": joined(said) or MISSING})
    weather = city.weather
    if weather is not None:
        kind = {
            "measured_typical_year": text("measured typical year"),
            "typical_year_from_monthly_means": text("typical year from monthly means"),
        }.get(weather.kind, weather.kind)
        ghi = quantity(irradiation_kwh_per_m2(city), "kWh/(m²·a)")
        name, source = place_said(weather.name), places_said(weather.source)
        rows.append({"title": text("Weather"), "value": joined([name, kind, source, ghi])})
    known = fields()
    told = [name for name in sorted(city.facts) if name in known and city.facts[name] not in (None, "")]
    return rows + [
        {"title": known[name].title, "value": place_said(known[name].shown(city.facts[name]))}
        for name in told
    ]


def _each_once(numbers: list[Number]) -> list[Number]:
    found = {(number.table, number.key, number.value): number for number in numbers}
    return sorted(found.values(), key=lambda number: (number.table, number.key))
