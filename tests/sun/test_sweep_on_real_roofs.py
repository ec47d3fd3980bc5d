"""The sweep on measured surfaces, against the plain ray march under the same sky and on the same normals.

A raster of heights can be read as blocks (nearest cell) or as a bilinear surface; the two readings bound the truth.
"""

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from rasterio.features import rasterize
from scipy.ndimage import maximum_filter

from sun.slopes import horn
from sun.sweep import irradiate, lit_bands, plane_irradiation
from tests.sun.greensboro import table
from tests.sun.ray_march import marched_lit

CELLS = 2500
ROOF_ABOVE_M = 2.5  # what stands higher above the ground than this is roof
GROUND_SHARE = 0.3  # without a model of the ground: share of flat land that is lower than its ground
EVEN_M = 0.3  # without outlines: how far a roof may lie from the middle of its neighbours; trees do not
SETS = {
    "goteborg": ("goteborg_kronenhuset", "1m", "buildings"),
    "barbican": ("london_barbican", "1m", "none"),
    "new_york": ("nyc_ccny", "1m", "buildings_osm"),
    "netherlands": ("nl_ahn", "0p5m", "none"),
}


class Roofs:
    """A sample of roof cells of one surface and their yearly irradiation by several ways."""

    def __init__(self, shared, name, ending, footprints):
        folder = shared / "data" / "lidar"
        with rasterio.open(folder / f"{name}_dsm_{ending}.tif") as source:
            self.height = source.read(1, masked=True).astype(np.float32).filled(np.nan)
            self.cell, transform, shape = source.transform.a, source.transform, source.shape
        ground = folder / f"{name}_dtm_{ending}.tif"
        if ground.exists():
            with rasterio.open(ground) as source:
                built = self.height - source.read(1) > ROOF_ABOVE_M
        else:
            built = self.height - np.nanquantile(self.height, GROUND_SHARE) > ROOF_ABOVE_M
            built &= even(self.height)
        outlines = folder / f"{name}_{footprints}.gpkg"
        if outlines.exists():
            shapes = gpd.read_file(outlines).geometry.make_valid()
            built &= rasterize(shapes, shape, transform=transform).astype(bool)
        east, north = horn(self.height, self.cell)
        built &= np.hypot(east, north) < np.tan(np.radians(60))
        chosen = np.random.default_rng(1).permutation(np.flatnonzero(built))[:CELLS]
        self.rows, self.columns = np.unravel_index(chosen, shape)
        self.slopes = east[self.rows, self.columns], north[self.rows, self.columns]

    def year(self, lit, sky):
        return plane_irradiation(lit, sky, *self.slopes).sum(axis=1).astype(float)

    def swept(self, sky):
        return self.year(lit_bands(self.height, self.cell, sky, self.rows, self.columns), sky)

    def marched(self, sky, bilinear):
        where = (self.height, self.cell, sky.azimuth_deg, sky.tan_elevation, self.rows, self.columns)
        return self.year(marched_lit(*where, bilinear=bilinear), sky)


def even(height):
    """Cells that lie between their neighbours, as those beside them do."""
    away = np.full(height.shape, np.inf)
    middle = height[1:-1, 1:-1]
    down, across = height[:-2, 1:-1] + height[2:, 1:-1], height[1:-1, :-2] + height[1:-1, 2:]
    away[1:-1, 1:-1] = np.maximum(np.abs(middle - down / 2), np.abs(middle - across / 2))
    return maximum_filter(np.where(np.isnan(away), np.inf, away), 3) < EVEN_M


@pytest.fixture(scope="module")
def all_roofs(shared):
    return {place: Roofs(shared, *names) for place, names in SETS.items()}


@pytest.fixture
def roofs(all_roofs, request):
    return all_roofs[request.param]


@pytest.fixture
def goteborg(all_roofs):
    return all_roofs["goteborg"]


@pytest.fixture
def barbican(all_roofs):
    return all_roofs["barbican"]


def mean_error(got, truth):
    return np.abs(got - truth).mean() / truth.mean()


def bias(got, truth):
    return (got - truth).mean() / truth.mean()


@pytest.mark.parametrize("bilinear", [False, True])
@pytest.mark.parametrize("roofs", SETS, indirect=True)
def test_measured_roofs_are_within_two_percent_of_both_readings(roofs, bilinear, record_property):
    sky = table()
    swept, marched = roofs.swept(sky), roofs.marched(sky, bilinear)
    record_property("mean_error", float(mean_error(swept, marched)))
    assert mean_error(swept, marched) <= 0.02


@pytest.mark.parametrize("bilinear", [False, True])
@pytest.mark.parametrize("roofs", [place for place in SETS if place != "barbican"], indirect=True)
def test_roofs_but_for_those_among_towers_lean_by_less_than_sixteen_thousandths(roofs, bilinear):
    sky = table()
    assert abs(bias(roofs.swept(sky), roofs.marched(sky, bilinear))) <= 0.016


def test_among_towers_the_sweep_lies_between_the_two_readings(barbican):
    sky = table()
    swept, blocks, bilinear = barbican.swept(sky), barbican.marched(sky, False), barbican.marched(sky, True)
    apart = mean_error(blocks, bilinear)
    assert mean_error(swept, blocks) <= 0.02 <= apart
    assert mean_error(swept, bilinear) < apart
    assert bias(swept, blocks) > 0 > bias(swept, bilinear)


@pytest.mark.parametrize("roofs", SETS, indirect=True)
def test_seventy_two_azimuths_are_within_six_thousandths_of_three_hundred_and_sixty(roofs):
    assert mean_error(roofs.swept(table()), roofs.swept(table(azimuths=360))) <= 0.006


def test_the_map_and_the_chosen_cells_agree_on_a_measured_surface(goteborg):
    sky = table()
    year = irradiate(goteborg.height, 1.0, sky)[goteborg.rows, goteborg.columns]
    assert goteborg.swept(sky) == pytest.approx(year, rel=1e-4)
