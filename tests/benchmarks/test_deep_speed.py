"""Medium-deep heat of large cities: closed wells against the sparse system, and growth with the number of parcels."""

from __future__ import annotations

import time
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from affine import Affine

from core.jobs import Job
from layers.city import City, Raster
from potential.deep.coaxial import ground_resistance, outlet_line
from potential.deep.deep import DeepSettings, assess
from tests.potential.deep.deep_town import QINGHE, RESERVOIR, X, Y, demand_of
from tests.potential.deep.test_deep_kernels import WELL, sparse_outlet

pytestmark = pytest.mark.benchmark
STEP_M, UNIT = 110.0, 10


def city_of(side: int) -> City:
    """A square of parcels of one hectare, a hundred to a planning unit."""
    number = np.arange(side * side)
    column, row = number % side, number // side
    x, y = X + STEP_M * column, Y + STEP_M * row
    parcels = gpd.GeoDataFrame(
        {
            "use": "residential",
            "gfa_m2": np.random.default_rng(0).uniform(3_000, 27_000, side * side),
            "planning_unit": [f"{a}-{b}" for a, b in zip(column // UNIT, row // UNIT, strict=True)],
            "deep_resource_assessed": False,
            "deep_environment_assessed": False,
        },
        geometry=shapely.box(x, y, x + 100, y + 100),
        crs=QINGHE,
        index=pd.Index([f"P{one}" for one in number], name="parcel_id"),
    )
    cells = int(side * STEP_M / 100) + 20
    at = Affine(100, 0, X - 500, 0, -100, Y - 500 + cells * 100)
    rasters = {
        name: Raster(np.full((cells, cells), value, np.float32), at, QINGHE)
        for name, value in RESERVOIR.items()
    }
    zones = gpd.GeoDataFrame({"kind": [], "zone_level": []}, geometry=[], crs=QINGHE)
    return City(
        "测试市", QINGHE, {"parcel": parcels, "protection_zone": zones}, rasters, facts={"province": "陕西"}
    )


def seconds(work: Any) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def test_one_sweep_is_a_hundred_times_as_fast_as_the_sparse_system(benchmark, figures):
    cases = 2_000
    ground = np.tile(14 + 0.03 * WELL.middles, (cases, 1))
    resistance = ground_resistance(WELL, np.full(cases, 120.0))
    outlet_line(WELL, ground[:1], resistance[:1])
    sweep = seconds(lambda: benchmark.pedantic(outlet_line, (WELL, ground, resistance), rounds=1)) / cases
    solved = (
        seconds(lambda: [sparse_outlet(WELL, ground[0], float(resistance[0]), 15.0) for _ in range(5)]) / 5
    )
    figures("µs a well by one sweep", sweep * 1e6)
    figures("µs a well by the sparse system, with building it", solved * 1e6)
    assert solved > 100 * sweep


def test_time_grows_little_faster_than_the_number_of_parcels(benchmark, figures):
    small, large = city_of(100), city_of(200)
    demands = [demand_of(city.tables["parcel"]) for city in (small, large)]
    assess(small, demands[0], DeepSettings(), Job())
    first = seconds(lambda: assess(small, demands[0], DeepSettings(), Job()))
    second = seconds(lambda: benchmark.pedantic(assess, (large, demands[1], DeepSettings(), Job()), rounds=1))
    figures("CPU seconds for 10,000 parcels and 32 draws", first)
    figures("CPU seconds for 40,000 parcels and 32 draws", second)
    assert second < 4 * 2 * first
