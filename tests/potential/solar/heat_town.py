"""A few houses of a small town in the sun of Xi'an, to be heated and to make power."""

from __future__ import annotations

from functools import cache
from typing import Any

import geopandas as gpd
import pandas as pd
from pyproj import CRS
from shapely.geometry import box

from layers.city import City
from layers.weather_stations import weather_for

QINGHE = CRS.from_epsg(4545)
X, Y = 500_000.0, 3_797_000.0
weather_of = cache(weather_for)


def house(x: float, y: float, **known: Any) -> dict[str, Any]:
    """A hospital of 30 m by 20 m with a level roof and 20 beds, unless said otherwise."""
    usual: dict[str, Any] = {
        "geometry": box(X + x, Y + y, X + x + 30, Y + y + 20),
        "height_m": 12.0,
        "use": "health",
        "roof_type": "flat",
        "year_built": 2010,
        "beds": 20.0,
        "gfa_m2": 1800.0,
        "parcel_id": "P1",
    }
    return usual | known


def town(*rows: dict[str, Any], place: str = "西安") -> City:
    """A city of some houses on two parcels, P0 without any."""
    frame = gpd.GeoDataFrame(list(rows), crs=QINGHE)
    frame.index = pd.Index([f"B{number}" for number in range(len(rows))], name="building_id")
    names = sorted({str(row["parcel_id"]) for row in rows} | {"P0"})
    parcels = gpd.GeoDataFrame(
        {"name": names},
        geometry=[box(X - 50, Y - 50, X + 500, Y + 500)] * len(names),
        crs=QINGHE,
        index=pd.Index(names, name="parcel_id"),
    )
    tables = {"building": frame, "parcel": parcels[parcels.index != "nowhere"]}
    return City("测试市", QINGHE, tables, weather=weather_of(place), facts={"province": "陕西"})
