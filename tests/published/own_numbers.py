"""The numbers that rooftop PV takes from the tables for a place, without a city around it."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
from pyproj import CRS
from shapely.geometry import box

from layers.city import City
from potential.solar.rooftop import RooftopSettings
from potential.solar.rooftop_numbers import RooftopNumbers


def numbers_at(longitude: float, latitude: float) -> RooftopNumbers:
    """The numbers in force for one flat-roofed office at a place."""
    crs = CRS.from_proj4(f"+proj=tmerc +lat_0={latitude} +lon_0={longitude} +ellps=GRS80 +units=m")
    office = gpd.GeoDataFrame(
        {"use": ["business_office"], "roof_type": ["flat"]},
        geometry=[box(-10, -10, 10, 10)],
        crs=crs,
        index=pd.Index(["B1"], name="building_id"),
    )
    return RooftopNumbers.of(City("place", crs, {"building": office}), RooftopSettings())
