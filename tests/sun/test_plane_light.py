"""Light summed azimuth by azimuth, against the horizons of all cells held at once."""

import numpy as np
import pytest

from sun.plane_light import monthly_sums, yearly_light
from sun.sweep import lit_bands, lit_by_azimuth, plane_irradiation
from tests.sun.greensboro import table
from tests.sun.test_sweep import city

PLANES = 30


@pytest.fixture(params=[0.2, 0.8], ids=["town", "snow"])
def roofs(request):
    """A city, some of its cells, and planes of all directions that they lie on, in a sky with and without snow."""
    rng = np.random.default_rng(5)
    sky, height = table(albedo=request.param), city(90, 120)
    rows, columns = rng.integers(0, 90, 3000), rng.integers(0, 120, 3000)
    plane = rng.integers(0, PLANES, 3000)
    slopes = rng.normal(0, 0.6, PLANES), rng.normal(0, 0.6, PLANES)
    return sky, height, rows, columns, plane, slopes


@pytest.mark.parametrize("convergence", [0.0, -2.449])
def test_yearly_light_is_that_of_the_horizons_of_all_cells(roofs, convergence):
    sky, height, rows, columns, plane, slopes = roofs
    level = np.zeros(PLANES), np.zeros(PLANES)
    lit = lit_bands(height, 1.0, sky, rows, columns, convergence_deg=convergence)
    turned = {"convergence_deg": convergence}
    by_azimuth = lit_by_azimuth(height, 1.0, sky, rows, columns, **turned)
    tilted, flat = yearly_light(by_azimuth, sky, plane, slopes, level, **turned)
    expected = plane_irradiation(lit, sky, slopes[0][plane], slopes[1][plane], **turned).sum(axis=1)
    assert tilted == pytest.approx(expected, rel=1e-5)
    assert flat == pytest.approx(plane_irradiation(lit, sky, 0.0, 0.0, **turned).sum(axis=1), rel=1e-5)


def test_monthly_sums_are_those_of_the_cells_by_their_weights(roofs):
    sky, height, rows, columns, plane, slopes = roofs
    weight = np.random.default_rng(6).uniform(0, 1, plane.size).astype(np.float32)
    weight[::3] = 0
    lit = lit_bands(height, 1.0, sky, rows, columns)
    cells = plane_irradiation(lit, sky, slopes[0][plane], slopes[1][plane])
    expected = np.stack([np.bincount(plane, cells[:, month] * weight, PLANES) for month in range(12)], axis=1)
    got = monthly_sums(lit_by_azimuth(height, 1.0, sky, rows, columns), sky, plane, weight, slopes)
    assert got == pytest.approx(expected, rel=1e-5)


def test_a_plane_without_cells_receives_nothing(roofs):
    sky, height, rows, columns, plane, _ = roofs
    slopes = np.zeros(PLANES + 1), np.zeros(PLANES + 1)
    weight = np.ones(plane.size, np.float32)
    got = monthly_sums(lit_by_azimuth(height, 1.0, sky, rows, columns), sky, plane, weight, slopes)
    assert not got[PLANES].any()
    assert got[:PLANES].min() > 0
