"""Ground for boreholes of many parcels, against an overlay of whole layers as a GIS does it."""

import time

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import CRS

from core.jobs import Job
from layers.city import City
from potential.ground_heat.equivalent import equivalent_rectangles
from potential.ground_heat.layout import layout
from potential.ground_heat.usable import usable_ground
from standards import SHIPPED
from standards.taken import Taken

pytestmark = pytest.mark.benchmark

ZONE = CRS.from_epsg(4545)
SIDE, PITCH = 100.0, 120.0  # of parcels and of the streets between them [m]


def city_of(count: int) -> City:
    """Square parcels in a square, each with a slab and a tree; a metro line every two kilometres."""
    rng = np.random.default_rng(0)
    rows = int(np.ceil(np.sqrt(count)))
    x, y = (500_000 + PITCH * (np.arange(count) % rows), 3_400_000 + PITCH * (np.arange(count) // rows))
    parcels = shapely.box(x, y, x + SIDE, y + SIDE)
    a, b = rng.uniform(5, 40, (2, count))
    slabs = shapely.box(x + a, y + b, x + a + rng.uniform(15, 50, count), y + b + rng.uniform(12, 40, count))
    trees = shapely.buffer(
        shapely.points(x + rng.uniform(0, SIDE, count), y + rng.uniform(0, SIDE, count)), 4.0, quad_segs=2
    )
    reach = rows * PITCH
    lines = [shapely.LineString([(500_000 + east, 3_400_000), (500_000 + east, 3_400_000 + reach)])
             for east in np.arange(1000, reach, 2000)]  # fmt: skip

    def table(name, shapes, **columns):
        index = pd.Index([f"{name}{number}" for number in range(len(shapes))], name=f"{name}_id")
        return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=ZONE, index=index)

    tables = {
        "parcel": table("parcel", parcels),
        "building": table("building", slabs, floors_below=rng.integers(0, 2, count)),
        "tree": table("tree", trees),
        "metro": table("metro", lines, kind=["tunnel"] * len(lines)),
    }
    return City("x", ZONE, tables)


def seconds_of(work):
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


def ground(city):
    return usable_ground(city, 5.0, Taken(SHIPPED), Job())


def by_whole_layers(city):
    """The same ground by overlays of whole layers."""
    tables = city.tables
    left = tables["parcel"].set_geometry(tables["parcel"].buffer(-2.5))[["geometry"]].reset_index(drop=True)
    building = tables["building"]
    grown = building.buffer(
        np.where(building["floors_below"] > 0, 5.0, 3.0), join_style="mitre", mitre_limit=2
    )
    for obstacles in (grown, tables["tree"].geometry, tables["metro"].buffer(50, quad_segs=4)):
        left = left.overlay(gpd.GeoDataFrame(geometry=obstacles.to_list(), crs=ZONE), how="difference")
    return left.area.sum()


def test_grounds_with_their_reasons_take_less_time_than_overlays_of_whole_layers(benchmark, figures):
    city = city_of(4000)
    ground(city_of(10))
    ours, found = seconds_of(lambda: benchmark.pedantic(ground, args=(city,), rounds=1))
    theirs, area = seconds_of(lambda: by_whole_layers(city))
    figures("parcels_per_second", 4000 / ours)
    figures("seconds_of_overlays_over_ours", theirs / ours)
    assert found.parcels["usable_ground_m2"].sum() == pytest.approx(area, rel=1e-6)
    assert ours < theirs


def one_grid(shapes):
    """Holes on a grid that is neither turned nor shifted, parcel by parcel."""
    count = 0
    for shape in shapes:
        west, south, east, north = shape.bounds if not shape.is_empty else (0, 0, -1, -1)
        x, y = np.meshgrid(np.arange(west, east + 1e-6, 5.0), np.arange(south, north + 1e-6, 5.0))
        count += shapely.dwithin(shape, shapely.points(x.ravel(), y.ravel()), 1e-6).sum() if x.size else 0
    return count


def test_the_best_of_28_grids_takes_less_time_than_seven_plain_ones(benchmark, figures):
    small = ground(city_of(10))
    equivalent_rectangles(layout(small.shapes, 5.0, Job()), 100.0, Job(), head_m=2.0, radius_m=0.075)
    found = ground(city_of(4000))
    placing, fields = seconds_of(lambda: layout(found.shapes, 5.0, Job()))
    comparing, _ = seconds_of(lambda: equivalent_rectangles(fields, 100.0, Job(), head_m=2.0, radius_m=0.075))
    plain, count = seconds_of(lambda: benchmark.pedantic(one_grid, args=(found.shapes,), rounds=1))
    figures("parcels_placed_per_second", 4000 / placing)
    figures("parcels_compared_per_second", 4000 / comparing)
    figures("holes_on_a_parcel", fields.count.mean())
    figures("holes_over_those_of_a_plain_grid", fields.count.sum() / count)
    assert fields.count.sum() > count
    assert placing < 7 * plain
