"""The sweep on measured surfaces, against the plain ray march under the same sky and on the same normals.

A raster of heights can be read as blocks (nearest cell) or as a bilinear surface; the two readings bound the truth.
"""

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from rasterio.features import rasterize

from potential.solar.sweep import horn, irradiate, lit_bands, plane_irradiation
from tests.potential.solar.greensboro import table
from tests.potential.solar.ray_march import marched_lit

CELLS = 2500


class Roofs:
    """A sample of roof cells of one surface and their yearly irradiation by several ways."""

    def __init__(self, shared, name):
        folder = shared / "data" / "lidar"
        with rasterio.open(folder / f"{name}_dsm_1m.tif") as source:
            self.height = source.read(1).astype(np.float32)
            transform, shape = source.transform, source.shape
        with rasterio.open(folder / f"{name}_dtm_1m.tif") as source:
            above = self.height - source.read(1)
        footprints = folder / f"{name}_buildings.gpkg"
        built = above > 2.5
        if footprints.exists():
            shapes = gpd.read_file(footprints).geometry.make_valid()
            built &= rasterize(shapes, shape, transform=transform).astype(bool)
        east, north = horn(self.height, 1.0)
        built &= np.hypot(east, north) < np.tan(np.radians(60))
        chosen = np.random.default_rng(1).permutation(np.flatnonzero(built))[:CELLS]
        self.rows, self.columns = np.unravel_index(chosen, shape)
        self.slopes = east[self.rows, self.columns], north[self.rows, self.columns]

    def year(self, lit, sky):
        return plane_irradiation(lit, sky, *self.slopes).sum(axis=1).astype(float)

    def swept(self, sky):
        return self.year(lit_bands(self.height, 1.0, sky, self.rows, self.columns), sky)

    def marched(self, sky, bilinear):
        where = (self.height, 1.0, sky.azimuth_deg, sky.tan_elevation, self.rows, self.columns)
        return self.year(marched_lit(*where, bilinear=bilinear), sky)


@pytest.fixture(scope="module")
def goteborg(shared):
    return Roofs(shared, "goteborg_kronenhuset")


@pytest.fixture(scope="module")
def barbican(shared):
    return Roofs(shared, "london_barbican")


def mean_error(got, truth):
    return np.abs(got - truth).mean() / truth.mean()


def bias(got, truth):
    return (got - truth).mean() / truth.mean()


@pytest.mark.parametrize("bilinear", [False, True])
def test_roofs_of_an_old_town_are_within_two_percent_of_both_readings(goteborg, bilinear):
    sky = table()
    swept, marched = goteborg.swept(sky), goteborg.marched(sky, bilinear)
    assert mean_error(swept, marched) <= 0.02
    assert abs(bias(swept, marched)) <= 0.016


@pytest.mark.parametrize("bilinear", [False, True])
def test_roofs_among_towers_are_within_two_percent_of_both_readings(barbican, bilinear):
    sky = table()
    assert mean_error(barbican.swept(sky), barbican.marched(sky, bilinear)) <= 0.02


def test_among_towers_the_sweep_lies_between_the_two_readings(barbican):
    sky = table()
    swept, blocks, bilinear = barbican.swept(sky), barbican.marched(sky, False), barbican.marched(sky, True)
    apart = mean_error(blocks, bilinear)
    assert mean_error(swept, blocks) <= 0.02 <= apart
    assert mean_error(swept, bilinear) < apart
    assert bias(swept, blocks) > 0 > bias(swept, bilinear)


def test_seventy_two_azimuths_are_within_six_thousandths_of_three_hundred_and_sixty(goteborg):
    assert mean_error(goteborg.swept(table()), goteborg.swept(table(azimuths=360))) <= 0.006


def test_the_map_and_the_chosen_cells_agree_on_a_measured_surface(goteborg):
    sky = table()
    year = irradiate(goteborg.height, 1.0, sky)[goteborg.rows, goteborg.columns]
    assert goteborg.swept(sky) == pytest.approx(year, rel=1e-4)
