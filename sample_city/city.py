"""The whole sample city: streets, plots, buildings and layers put together from one seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from core.jobs import Job
from layers.city import Raster
from sample_city import assets, ground, points, skeleton, surroundings
from sample_city.attributes import building_table
from sample_city.land_use import CLAIMS, assign
from sample_city.parcels import add_controls, number, parcel_table
from sample_city.site import Body, Site
from sample_city.streets import lay_out
from sample_city.works import LAYOUTS

SEED = 2026
EPSG = 4545  # CGCS2000 / 3-degree Gauss-Kruger CM 108E, east without zone prefix
FACTS: Mapping[str, Any] = MappingProxyType(
    {"name": "青禾市", "province": "陕西", "nearest_city": "西安", "climate_zone": "2B", "base_year": 2025}
)


@dataclass(frozen=True)
class SampleCity:
    """Qinghe, a made-up city in the Guanzhong basin.

    Parameters
    ----------
    tables : Mapping of str to GeoDataFrame
        Indexed by their id; columns by the names of the dictionary, values by its words, nothing missing
        that the city would know of itself.
    rasters : Mapping of str to Raster
        `terrain` and the ground, named as their fields.
    facts : Mapping
        `name`, `province`, `nearest_city` (for the weather), `climate_zone`, `base_year`.
    """

    tables: Mapping[str, gpd.GeoDataFrame]
    rasters: Mapping[str, Raster]
    facts: Mapping[str, Any]


def generate(seed: int = SEED, job: Job | None = None) -> SampleCity:
    """Make the city. The same seed gives the same city.

    Parameters
    ----------
    seed : int
        Another seed gives other plots and buildings between the same main streets.
    job : Job, optional
        Reports progress and can be stopped.

    Returns
    -------
    SampleCity
        About 600 parcels and 3,000 buildings in CGCS2000 / 3-degree Gauss-Kruger CM 108E. [m]
    """
    work = job or Job()
    crs = CRS.from_epsg(EPSG)

    def chance(part: int, *more: int) -> np.random.Generator:
        return np.random.default_rng([seed, part, *more])

    work.say("Laying out streets", 0.0, force=True)
    city = lay_out(chance(1), CLAIMS)
    plots = number(assign(chance(2), city.plots))
    bodies: list[tuple[int, Body]] = []
    for plot in work.each(range(len(plots)), "Building on the plots"):
        if plots["status"].iloc[plot] == "existing":
            bodies += [(plot, body) for body in _build(chance(3, plot), plots, plot)]
    work.say("Describing buildings and ground", 0.0, force=True)
    parcels = parcel_table(chance(4), plots, city.roads)
    buildings = building_table(chance(5), plots, parcels, bodies)
    parcels = add_controls(chance(6), parcels, plots, buildings)
    height = ground.terrain(chance(7), crs)
    rasters = {"terrain": height, **ground.ground_rasters(chance(8), height, crs)}
    geology = surroundings.geology(city)
    tables = {
        "building": buildings,
        "parcel": parcels,
        "water": surroundings.waters(city),
        "road": surroundings.roads(city),
        "metro": surroundings.metro(),
        "underground_space": surroundings.underground(city, parcels),
        "protection_zone": surroundings.protection_zones(city, parcels),
        "key_area": surroundings.key_areas(plots),
        "planning_unit": surroundings.units(plots),
        "district": surroundings.districts(plots, parcels),
        "geology": geology,
        "borehole": points.boreholes(chance(9), plots, geology, rasters),
        "facility": points.facilities(plots, parcels),
        "pv_asset": assets.pv_assets(chance(11), buildings),
        "tree": surroundings.greenery(chance(10), plots, buildings),
    }
    placed = {name: _placed(table, crs) for name, table in tables.items()}
    return SampleCity(MappingProxyType(placed), MappingProxyType(rasters), FACTS)


def _build(rng: np.random.Generator, plots: gpd.GeoDataFrame, plot: int) -> list[Body]:
    row = plots.iloc[plot]
    layout, setback_m = LAYOUTS["incinerator" if row["claim"] == "incinerator" else row["style"]]
    site = Site(rng, row.geometry, setback_m, south=row["style"] in ("slab", "tower", "garden"))
    if not site.free.is_empty:
        layout(site)
    return site.bodies


def _placed(table: gpd.GeoDataFrame, crs: CRS) -> gpd.GeoDataFrame:
    """The table moved from the city's frame to its reference system, corners to the centimetre."""
    corner = np.array([skeleton.EAST0, skeleton.NORTH0])
    moved = shapely.transform(table.geometry.to_numpy(), lambda xy: np.round(xy + corner, 2))
    broken = ~shapely.is_valid(moved)
    moved[broken] = shapely.make_valid(moved[broken])
    return table.set_geometry(gpd.GeoSeries(moved, index=table.index), crs=crs)
