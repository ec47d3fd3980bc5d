"""Facts of a parcel for its report: land use, areas, buildings, age, climate, each with its origin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from core.fields import field, fields
from core.texts import language, text
from core.units import count, figure, land_area, percent, quantity
from layers.city import City
from potential import Assessment
from reports.wording import investor_said, joined, listed, origin_said
from standards import SHIPPED
from standards.place_names import place_said

ORIGINS = ("given", "derived", "default")


@dataclass(frozen=True)
class Fact:
    """One line of facts: what it is, its value, and whether it was given, derived or is a default.

    `column` is what it stands in, of the parcel or, where `of_buildings`, of the buildings on it that are added up; it is
    empty where it stands in none.
    """

    label: str
    value: str
    origin: str = ""
    column: str = ""
    of_buildings: bool = False

    def as_data(self) -> dict[str, str]:
        """As a template takes it."""
        return {"label": self.label, "value": self.value, "origin": self.origin}


def buildings_of_parcels(city: City, assessments: Mapping[str, Assessment]) -> pd.Series[Any]:
    """The parcel of every building on one: as given, else as assessed, else by a point inside it."""
    buildings = city.tables.get("building")
    if buildings is None or buildings.empty:
        return pd.Series(dtype=object)
    known = [buildings] + [
        item.details["building"] for item in assessments.values() if "building" in item.details
    ]
    for table in known:
        if "parcel_id" in table:
            owner: pd.Series[Any] = table["parcel_id"].astype(object)
            return owner.loc[owner.notna() & (owner != "")]
    points = gpd.GeoSeries(buildings.representative_point(), index=buildings.index, crs=buildings.crs)
    which, parcel = city.tables["parcel"].sindex.query(points.to_numpy(), predicate="within")
    found = pd.Series(city.tables["parcel"].index[parcel], index=buildings.index[which], dtype=object)
    return found.loc[~found.index.duplicated()]


def parcel_facts(city: City, parcel_id: Any, buildings: pd.DataFrame) -> list[Fact]:
    """The lines beside the map.

    Parameters
    ----------
    city : City
        Where the parcel is.
    parcel_id : hashable
        Which parcel.
    buildings : DataFrame
        Rows of the table `building` that stand on it.
    """
    parcel = city.tables["parcel"].loc[parcel_id]
    given_m2 = _number(parcel, "plot_area_m2")
    origin = "derived" if given_m2 is None else _words(parcel, "plot_area_source") or "given"
    plot_m2 = float(shapely.area(parcel.geometry)) if given_m2 is None else given_m2
    gfa_m2 = _sum(buildings, "gfa_m2")
    facts = [
        Fact(text("Land use"), _land_use(parcel)),
        Fact(
            text("Plot area"),
            land_area(plot_m2),
            origin_said(origin),
            "" if given_m2 is None else "plot_area_m2",
        ),
        Fact(text("Buildings"), text("{count} in all", count=count(len(buildings)))),
        Fact(
            text("Floor area"),
            quantity(gfa_m2, "m²"),
            _origins(buildings, "gfa_source"),
            "gfa_m2" if "gfa_m2" in buildings else "",
            of_buildings=True,
        ),
        *_density(parcel, plot_m2, gfa_m2, buildings),
        Fact(text("Year built"), _years(buildings), _origins(buildings, "year_source")),
        *_climate(city),
    ]
    return [fact for fact in facts if fact.value]


def origins_by_column(buildings: pd.DataFrame) -> list[tuple[str, dict[str, int]]]:
    """For every column that says where values come from, how many values were given, derived or defaults."""
    found = []
    for name in buildings.columns:
        if not str(name).endswith("_source") or str(name) not in fields():
            continue
        counts = buildings[name].value_counts()
        found.append((field(str(name)).title, {kind: int(counts.get(kind, 0)) for kind in ORIGINS}))
    return found


def irradiation_kwh_per_m2(city: City) -> float | None:
    """Yearly irradiation of level ground. [kWh/m²]"""
    return None if city.weather is None else float(city.weather.hours["ghi"].sum()) / 1000


def _land_use(parcel: pd.Series[Any]) -> str:
    code, name = _words(parcel, "land_use_code"), _words(parcel, "land_use_name")
    if code and not (name and language() == "zh"):
        name = _name_of_code(_words(parcel, "land_use_system"), code) or name
    said = [f"{code} {name}".strip(), investor_said(_words(parcel, "investor"))]
    return joined(said) or text("not known")


def _name_of_code(system: str, code: str) -> str:
    """The name of a land-use code in the language of the moment; empty where the tables do not hold it."""
    codes = SHIPPED.table("land_use_codes")
    rows = codes[codes["code"] == code]
    if system and system in set(rows["system"]):
        rows = rows[rows["system"] == system]
    return "" if rows.empty else str(rows.iloc[0]["name_zh" if language() == "zh" else "name_en"])


def _density(
    parcel: pd.Series[Any], plot_m2: float, gfa_m2: float | None, buildings: pd.DataFrame
) -> list[Fact]:
    far, density = _number(parcel, "far"), _number(parcel, "building_density")
    footprint_m2 = _sum(buildings, "footprint_m2")
    if footprint_m2 is None and len(buildings):
        footprint_m2 = float(shapely.area(buildings["geometry"].to_numpy()).sum())
    origin = ["given" if far is not None else "derived", "given" if density is not None else "derived"]
    if far is None and gfa_m2 is not None and plot_m2 > 0:
        far = gfa_m2 / plot_m2
    if density is None and footprint_m2 is not None and plot_m2 > 0:
        density = footprint_m2 / plot_m2
    facts = []
    if far is not None:
        column = "far" if origin[0] == "given" else ""
        facts.append(Fact(field("far").title, figure(far), origin_said(origin[0]), column))
    if density is not None:
        column = "building_density" if origin[1] == "given" else ""
        facts.append(Fact(field("building_density").title, percent(density), origin_said(origin[1]), column))
    return facts


def _years(buildings: pd.DataFrame) -> str:
    if "year_built" not in buildings:
        return ""
    years = pd.to_numeric(buildings["year_built"], errors="coerce").dropna()
    if years.empty:
        return text("not known") if len(buildings) else ""
    first, last = int(years.min()), int(years.max())
    return str(first) if first == last else f"{first}–{last}"


def _climate(city: City) -> list[Fact]:
    facts = []
    if zone := str(city.facts.get("climate_zone") or ""):
        facts.append(Fact(text("Climate"), zone_said(zone)))
    if city.weather is not None:
        value = quantity(irradiation_kwh_per_m2(city), "kWh/(m²·a)")
        facts.append(Fact(text("Level irradiation"), value, place_said(city.weather.name)))
    return facts


def zone_said(zone: str) -> str:
    """A climate zone with its name; the code alone where the table does not know it."""
    zones = SHIPPED.table("climate_zones")
    rows = zones[zones["zone"] == zone]
    if rows.empty:
        return zone
    return f"{zone} {rows.iloc[0]['name_zh' if language() == 'zh' else 'name_en']}"


def _origins(buildings: pd.DataFrame, column: str) -> str:
    """Whether values were given, derived or defaults; with counts where they differ."""
    if column not in buildings or buildings.empty:
        return ""
    counts = buildings[column].value_counts()
    kinds = [kind for kind in ORIGINS if counts.get(kind, 0)]
    if len(kinds) == 1:
        return origin_said(kinds[0])
    return listed([f"{origin_said(kind)} {counts[kind]}" for kind in kinds])


def _words(row: pd.Series[Any], name: str) -> str:
    value = row.get(name)
    return "" if value is None or pd.isna(value) else str(value)


def _number(row: pd.Series[Any], name: str) -> float | None:
    value = row.get(name)
    return None if value is None or pd.isna(value) else float(value)


def _sum(frame: pd.DataFrame, name: str) -> float | None:
    if name not in frame:
        return None
    values = pd.to_numeric(frame[name], errors="coerce")
    return float(np.nansum(values)) if values.notna().any() else None
