"""A made-up town of a few parcels with what a potential found there, for tests of printed pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from affine import Affine
from pyproj import CRS
from rasterio.features import rasterize
from shapely import Polygon, box

from layers.city import City, Raster
from layers.weather import Weather
from potential import Assessment
from potential.solar.spread import ABOUT_P90
from standards import Number

EAST, NORTH, CELL_M = 510_000.0, 4_057_000.0, 1.0
MONTHS = np.array([55, 62, 84, 97, 108, 104, 96, 93, 84, 73, 57, 50]) / 963
Made = tuple[City, Mapping[str, Assessment]]


def roofs(count: int) -> list[Polygon]:
    """Roofs in rows of at most ten; the first is a ring around a court."""
    shapes = []
    for number in range(count):
        x, y = EAST + 12 + 42 * (number % 10), NORTH + 12 + 34 * (number // 10)
        shapes.append(box(x, y, x + 32 + number % 3 * 3, y + 15 + number % 4 * 2))
    if shapes:
        x, y = EAST + 12, NORTH + 12
        shapes[0] = Polygon(shapes[0].exterior, [box(x + 8, y + 5, x + 22, y + 10).exterior.coords])
    return shapes


def town(
    count: int = 5, *, parcel_id: str = "QH-0312", names: Mapping[str, Any] | None = None, parcels: int = 4
) -> Made:
    """A town whose first parcel has so many buildings; `names` overwrite words of that parcel."""
    wide, high = 42 * min(max(count, 1), 10) + 24, 34 * max(1, -(-count // 10)) + 24
    plots = [box(EAST, NORTH, EAST + wide, NORTH + high)]
    plots += [
        box(
            EAST + (wide + 20) * (n % 10 + 1),
            NORTH + 150 * (n // 10),
            EAST + (wide + 20) * (n % 10 + 2) - 20,
            NORTH + 150 * (n // 10) + 120,
        )
        for n in range(parcels - 1)
    ]
    ids = [parcel_id, *(f"QH-{number:04d}" for number in range(1, parcels))]
    crs = CRS(4548)
    parcel = gpd.GeoDataFrame(
        {
            "name": "青禾市第三中学",
            "land_use_system": "plan2023",
            "land_use_code": "080403",
            "land_use_name": "中小学用地",
            "investor": "government",
            "use": ["education", "water", "green", *["residential"] * max(0, parcels - 3)][:parcels],
        },
        index=pd.Index(ids, name="parcel_id"),
        geometry=plots,
        crs=crs,
    )
    for column, value in (names or {}).items():
        parcel.loc[parcel_id, column] = value
    shapes = roofs(count)
    footprint = np.array([shape.area for shape in shapes])
    building = gpd.GeoDataFrame(
        {
            "parcel_id": parcel_id,
            "name": [f"教学楼 {number + 1}" for number in range(count)],
            "gfa_m2": footprint * 5,
            "gfa_source": "derived",
            "year_built": [1998 + number % 14 for number in range(count)],
            "year_source": ["given" if number % 5 else "default" for number in range(count)],
        },
        index=pd.Index([f"B-{number + 1:03d}" for number in range(count)], name="building_id"),
        geometry=shapes,
        crs=crs,
    )
    hours = pd.date_range("2023-01-01", periods=8760, freq="h", tz="Asia/Shanghai")
    weather = Weather(
        hours=pd.DataFrame({"ghi": np.full(8760, 1_400_000 / 8760)}, index=hours),
        latitude=36.65,
        longitude=117.12,
        altitude=30.0,
        name="济南",
        kind="typical_year_from_monthly_means",
        source="test",
    )
    city = City(
        name="青禾市",
        crs=crs,
        tables={"parcel": parcel, "building": building},
        weather=weather,
        facts={"climate_zone": "2B", "province": "山东"},
    )
    return city, {"rooftop": rooftop(city, footprint)}


def rooftop(city: City, footprint: np.ndarray) -> Assessment:
    """What a potential on roofs finds: 1240 kWh of every kWp, the last roof excluded."""
    building = city.tables["building"]
    count = len(building)
    kwp = footprint * 0.62 * 0.126
    state = np.where(np.arange(count) == 1, "passed", "to_check").astype(object)
    why = np.where(np.arange(count) == 1, "structural check passed", "structural check missing").astype(
        object
    )
    if count > 2:
        state[-1], why[-1], kwp[-1] = "excluded", "heritage or historic building", 0.0
    year = kwp * 1240
    by_building = pd.DataFrame(
        {
            "parcel_id": building["parcel_id"],
            "roof_m2": footprint,
            "roof_usable_m2": kwp / 0.126,
            "module_tilt_deg": 30.0,
            "module_azimuth_deg": 180.0,
            "shading_loss": 0.071,
            "pv_kwp": kwp,
            "pv_kwh_per_year": year,
            "pv_p90_kwh_per_year": year * 0.9,
            "pv_p10_kwh_per_year": year * 1.1,
            "pv_yield_kwh_per_kwp": np.where(kwp > 0, 1240.0, np.nan),
            "safety_state": state,
            "safety_reason": why,
        },
        index=building.index,
    )
    groups = by_building.groupby("parcel_id")
    sums = groups[
        [
            "roof_m2",
            "roof_usable_m2",
            "pv_kwp",
            "pv_kwh_per_year",
            "pv_p90_kwh_per_year",
            "pv_p10_kwh_per_year",
        ]
    ].sum()
    index = city.tables["parcel"].index
    by_parcel = sums.reindex(index, fill_value=0.0)
    by_parcel.insert(0, "buildings", groups.size().reindex(index, fill_value=0))
    some = by_parcel["pv_kwp"] > 0
    by_parcel = by_parcel.assign(
        pv_yield_kwh_per_kwp=np.where(some, 1240.0, np.nan),
        shading_loss=np.where(some, 0.071, np.nan),
        irradiation_kwh_per_m2=np.where(some, 1466.0, np.nan),
        saved_kgce_per_year=by_parcel["pv_kwh_per_year"] * 0.3,
        avoided_tco2_per_year=by_parcel["pv_kwh_per_year"] * 0.6191 / 1000,
        **{
            f"pv_kwh_month_{month + 1:02d}": by_parcel["pv_kwh_per_year"] * share
            for month, share in enumerate(MONTHS)
        },
        safety_state=np.where(some, "to_check", ""),
        grade=np.where(some, "suitable", "unsuitable"),
        reason=np.where(some, "structural check missing", "no building"),
    )
    return Assessment(
        name="rooftop",
        parcels=by_parcel,
        options=pd.DataFrame(),
        details={"building": by_building},
        totals={},
        rasters={"irradiation_kwh_per_m2": irradiation(city)},
        numbers=(
            Number("pv_parameters", "module_efficiency, 2024+", 0.21, 0.21, 0.23, "", "assumption", "", True),
            Number(
                "grid_factors", "山东, 2023", 0.6191, None, None, "kgCO2/kWh", "gb50176-2016 表1", "", False
            ),
        ),
        remarks=(ABOUT_P90,),
    )


def irradiation(city: City) -> Raster:
    """Cells of a metre over all roofs, brighter to the south; no value elsewhere."""
    west, south, east, north = city.tables["parcel"].total_bounds
    rows, columns = int((north - south) / CELL_M), int((east - west) / CELL_M)
    transform = Affine(CELL_M, 0, west, 0, -CELL_M, north)
    shapes = list(city.tables["building"].geometry)
    on_roof = rasterize(shapes, (rows, columns), transform=transform) if shapes else np.zeros((rows, columns))
    noise = np.random.default_rng(7).normal(0, 40, (rows, columns))
    slope = np.linspace(900, 1600, rows)[:, None] + 250 * np.sin(np.arange(columns) / 9)[None, :]
    values = np.where(on_roof > 0, slope + noise, np.nan).astype(np.float32)
    return Raster(values, transform, city.crs)


@pytest.fixture
def make_town() -> Callable[..., Made]:
    """Builds a town, see `town`."""
    return town
