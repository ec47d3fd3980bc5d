"""Places: where a project lies, and the city of the climate tables beside it."""

from __future__ import annotations

from typing import Any

import pandas as pd
from pyproj import Transformer

from core.problems import Problem, UserError
from layers import contents
from layers.project import Project
from standards import Standards
from standards.place_names import place_said


def climate_city(name: str) -> pd.Series[Any]:
    """Row of a city in the climate tables, by Chinese or English name."""
    cities = Standards().table("cities")
    wanted = name.strip().lower().removesuffix("市")
    found = cities[(cities["city_zh"] == wanted) | (cities["city_en"].str.lower() == wanted)]
    if found.empty:
        raise UserError(
            Problem(
                "There is no climate data for {name}.",
                "Choose one of these cities: {names}.",
                name=name,
                names=", ".join(map(place_said, cities["city_zh"].astype(str))),
            )
        )
    return found.iloc[0]


def centre_of(project: Project) -> tuple[float, float] | None:
    """Longitude and latitude of what the project holds, else of its city in the climate tables. [°]"""
    rows = project.store.rows(
        "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE min_x IS NOT NULL AND table_name LIKE ?",
        [f"{contents.GIVEN}%"],
    )
    if rows:
        x, y = (rows[0]["min_x"] + rows[0]["max_x"]) / 2, (rows[0]["min_y"] + rows[0]["max_y"]) / 2
        longitude, latitude = Transformer.from_crs(project.crs, 4326, always_xy=True).transform(x, y)
        return float(longitude), float(latitude)
    city = str(project.facts.get("climate_city", ""))
    if not city:
        return None
    row = climate_city(city)
    return float(row["lon"]), float(row["lat"])
