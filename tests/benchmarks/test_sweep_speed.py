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


def test_the_band_sweep_is_a_hundred_times_faster_than_the_ray_march(height, record_property):
    sky = table()
    cells = np.random.default_rng(0).permutation(height.size)[:SAMPLE]
    rows, columns = np.unravel_index(cells, height.shape)

    def march():
        lit = marched_lit(height, 1.0, sky.azimuth_deg, sky.tan_elevation, rows, columns, bilinear=False)
        plane_irradiation(lit, sky, np.zeros(SAMPLE), np.zeros(SAMPLE))

    swept = cpu_seconds(lambda: irradiate(height, 1.0, sky))
    marched = cpu_seconds(march, 1) * height.size / SAMPLE
    record_property("ratio", marched / swept)
    assert marched >= 100 * swept


@pytest.mark.parametrize(("azimuths", "bands", "least"), [(72, 24, 200e6), (36, 12, 240e6)])
def test_a_city_of_sixteen_million_cells_is_swept_at_the_named_rate(
    height, record_property, azimuths, bands, least
):
    sky = table(azimuths=azimuths, bands=bands)
    city = np.tile(height, (7, 7))[:4000, :4000].copy()
    irradiate(height, 1.0, sky)
    rate = city.size * azimuths / cpu_seconds(lambda: irradiate(city, 1.0, sky), 1)
    record_property("cell_azimuths_per_cpu_second", rate)
    assert rate >= least
