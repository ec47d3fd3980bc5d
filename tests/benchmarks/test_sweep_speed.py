"""Speed of the band sweep against the plain ray march of the same raster, sky and directions, in CPU seconds.

The march runs on a sample of cells and is scaled to all; it stops as soon as no height of the raster can be seen above
what a ray has met, so it is a quick peer rather than a slow one.
"""

import time

import numpy as np
import pytest
import rasterio

from potential.solar.sweep import irradiate, plane_irradiation
from tests.potential.solar.greensboro import table
from tests.potential.solar.ray_march import marched_lit

pytestmark = pytest.mark.benchmark
SAMPLE = 4000


@pytest.fixture(scope="module")
def height(shared):
    with rasterio.open(shared / "data" / "lidar" / "london_barbican_dsm_1m.tif") as source:
        return source.read(1).astype(np.float32)


def cpu_seconds(work, repeat=3):
    work()
    best = np.inf
    for _ in range(repeat):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best


def test_the_band_sweep_is_a_hundred_times_faster_than_the_ray_march(height, benchmark, figures):
    sky = table()
    cells = np.random.default_rng(0).permutation(height.size)[:SAMPLE]
    rows, columns = np.unravel_index(cells, height.shape)

    def march():
        lit = marched_lit(height, 1.0, sky.azimuth_deg, sky.tan_elevation, rows, columns, bilinear=False)
        plane_irradiation(lit, sky, np.zeros(SAMPLE), np.zeros(SAMPLE))

    benchmark.pedantic(irradiate, args=(height, 1.0, sky), rounds=3, warmup_rounds=1)
    swept = cpu_seconds(lambda: irradiate(height, 1.0, sky))
    marched = cpu_seconds(march, 1) * height.size / SAMPLE
    figures("ratio", marched / swept)
    assert marched >= 100 * swept


@pytest.mark.parametrize(("azimuths", "bands"), [(72, 24), (36, 12)])
def test_a_city_of_sixteen_million_cells_is_swept_at_the_rate_of_a_block(
    height, benchmark, figures, azimuths, bands
):
    sky = table(azimuths=azimuths, bands=bands)
    city = np.tile(height, (7, 7))[:4000, :4000].copy()
    benchmark.pedantic(irradiate, args=(height, 1.0, sky), rounds=3, warmup_rounds=1)
    block = height.size * azimuths / cpu_seconds(lambda: irradiate(height, 1.0, sky))
    whole = city.size * azimuths / cpu_seconds(lambda: irradiate(city, 1.0, sky), 1)
    figures("cell_azimuths_per_cpu_second", whole)
    assert whole >= 0.5 * block
