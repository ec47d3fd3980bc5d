"""Share of roofs that modules may cover, on 150 measured roofs of New York, against 128 cities of the United States.

Published: of small buildings (below 5,000 square feet) 26 % of the roof area is suitable, found in laser surfaces by
shade, slope, aspect and pieces of 10 m² or more (P. Gagnon et al., NREL/TP-6A20-65298, 2016; its limit of shade is
0.7 of an unshaded roof, ours 0.8, and it keeps no set-back). Ours before any share kept for other uses.
"""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from core.jobs import Job
from layers.city import City
from layers.rasters import read_raster
from layers.weather_stations import weather_for
from potential.solar.roof_sun import roof_sun
from potential.solar.rooftop import RooftopSettings
from potential.solar.rooftop_numbers import RooftopNumbers
from potential.solar.rooftop_results import allowed
from sun.site import site_of

SMALL_M2 = 464.5  # 5,000 square feet


@pytest.mark.slow
def test_about_a_quarter_of_the_roof_area_of_small_buildings_is_suitable(shared: Path) -> None:
    """The sky of Beijing stands in for that of New York, both near 40° north."""
    folder = shared / "data" / "lidar"
    rasters = {
        name: read_raster(folder / f"nyc_ccny_{file}_1m.tif")[0]
        for name, file in (("surface", "dsm"), ("terrain", "dtm"), ("canopy_m", "canopy"))
    }
    crs = rasters["surface"].crs
    given = gpd.read_file(folder / "nyc_ccny_buildings_osm.gpkg").to_crs(crs)
    buildings = gpd.GeoDataFrame(
        {
            "height_m": pd.to_numeric(given["height"], errors="coerce"),
            "use": "education",
            "roof_type": "flat",
        },
        geometry=given.geometry.make_valid(),
        crs=crs,
    )
    inside = buildings.within(box(*rasters["surface"].bounds))
    buildings = buildings[inside].reset_index(drop=True)
    tables, maps = MappingProxyType({"building": buildings}), MappingProxyType(rasters)
    city = City("New York", crs, tables, maps, weather=weather_for("北京"), facts={"province": "北京"})
    settings = RooftopSettings(azimuths=36, bands=12)
    numbers = RooftopNumbers.of(city, settings)
    sun = roof_sun(city, site_of(city, settings, Job()), settings, numbers, Job())
    planes = sun.planes
    owner = planes["building"].to_numpy()
    suitable = (
        planes["usable_m2"]
        * planes["lit_share"]
        * allowed(planes, buildings["roof_type"].to_numpy(object)[owner], numbers)
    )
    by_building = np.bincount(owner, weights=suitable, minlength=len(buildings))
    area = buildings.area.to_numpy()
    small = area < SMALL_M2
    assert small.sum() > 120
    assert by_building[small].sum() / area[small].sum() == pytest.approx(0.26, abs=0.06)
