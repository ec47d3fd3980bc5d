"""Irradiation of rasters: what must hold for every city, and what can be written down for simple ones."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.jobs import Cancelled, Job
from sun.horizon import horizons
from sun.sky import lit_from_horizon
from sun.slopes import horn
from sun.sweep import irradiate, lit_bands, plane_irradiation
from tests.sun.greensboro import open_plane, table

RELATIVE = 1e-5


def city(rows=61, columns=61, seed=0):
    """Rolling ground with blocks on it."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:rows, :columns]
    height = 3 * np.sin(x / 9) + 2 * np.cos(y / 7)
    for _ in range(rows * columns // 150):
        top, left = rng.integers(0, rows - 4), rng.integers(0, columns - 4)
        height[top : top + rng.integers(3, 12), left : left + rng.integers(3, 12)] += rng.uniform(3, 25)
    return height


def turned_sky(sky, by_bins, matrix):
    """The sky turned by a number of azimuth bins, its vectors by a matrix of rows."""
    return replace(
        sky,
        tan_elevation=np.roll(sky.tan_elevation, by_bins, axis=0),
        beam=np.roll(sky.beam, by_bins, axis=1) @ matrix,
        diffuse=np.roll(sky.diffuse, by_bins, axis=1) @ matrix,
    )


def quarter_turned(sky):
    """East becomes south."""
    return turned_sky(sky, sky.azimuth_deg.size // 4, np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]]))


def mirrored(sky):
    """East becomes west."""
    order = -np.arange(sky.azimuth_deg.size)
    mirror = np.diag([-1.0, 1.0, 1.0])
    return replace(
        sky,
        tan_elevation=sky.tan_elevation[order],
        beam=sky.beam[:, order] @ mirror,
        diffuse=sky.diffuse[:, order] @ mirror,
    )


@pytest.mark.parametrize("model", ["isotropic", "haydavies", "perez"])
def test_a_flat_plain_receives_the_global_irradiation(model):
    sky = table(model)
    year = irradiate(np.full((40, 50), 500.0), 1.0, sky)
    assert np.abs(year / sky.ghi_year - 1).max() < 1e-5


@pytest.mark.parametrize(("tilt", "azimuth"), [(36, 180), (30, 0), (20, 250)])
def test_an_open_tilted_module_receives_the_sum_of_the_table(tilt, azimuth):
    sky = table()
    rise, phi = np.tan(np.radians(tilt)), np.radians(azimuth)
    year = irradiate(
        np.zeros((5, 5)), 1.0, sky, slope_east=-rise * np.sin(phi), slope_north=-rise * np.cos(phi)
    )
    assert year[2, 2] == pytest.approx(open_plane(sky, tilt, azimuth), rel=RELATIVE)


def test_a_quarter_turn_of_city_and_sky_turns_the_map():
    sky, height = table(), city()
    there = irradiate(np.rot90(height, -1).copy(), 1.0, quarter_turned(sky))
    assert there == pytest.approx(np.rot90(irradiate(height, 1.0, sky), -1), rel=RELATIVE)


def test_a_mirrored_city_under_a_mirrored_sky_gives_the_mirrored_map():
    sky, height = table(), city()
    there = irradiate(height[:, ::-1].copy(), 1.0, mirrored(sky))
    assert there == pytest.approx(irradiate(height, 1.0, sky)[:, ::-1], rel=RELATIVE)


def test_a_city_high_above_the_sea_receives_the_same():
    sky, height = table(), city()
    assert irradiate(height + 3650.0, 1.0, sky) == pytest.approx(irradiate(height, 1.0, sky), rel=RELATIVE)


def test_a_full_turn_of_the_grid_changes_nothing():
    sky, height = table(), city()
    turned = irradiate(height, 1.0, sky, convergence_deg=360.0)
    assert turned == pytest.approx(irradiate(height, 1.0, sky), rel=RELATIVE)


def test_a_grid_turned_by_one_bin_sees_the_sky_turned_back_by_one():
    sky, height = table(), city()
    c, s = np.cos(np.radians(5)), np.sin(np.radians(5))
    back = turned_sky(sky, -1, np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]]))
    turned = irradiate(height, 1.0, sky, convergence_deg=5.0)
    assert turned == pytest.approx(irradiate(height, 1.0, back), rel=RELATIVE)


def test_raising_a_cell_between_centres_never_helps_another():
    sky, rng = table(azimuths=36, bands=12), np.random.default_rng(3)
    height = city(41, 41)
    before = irradiate(height, 1.0, sky, slope_east=0.0, slope_north=0.0, break_m=np.inf)
    for _ in range(20):
        row, column = rng.integers(0, 41, 2)
        raised = height.copy()
        raised[row, column] += rng.uniform(0.1, 20)
        after = irradiate(raised, 1.0, sky, slope_east=0.0, slope_north=0.0, break_m=np.inf)
        gained = after - before
        gained[row, column] = 0
        assert gained.max() < 1e-3


def test_raising_a_cell_above_its_neighbours_never_helps_another():
    sky, rng = table(azimuths=36, bands=12), np.random.default_rng(4)
    height = city(41, 41)
    before = irradiate(height, 1.0, sky, slope_east=0.0, slope_north=0.0)
    for _ in range(20):
        row, column = rng.integers(1, 40, 2)
        raised = height.copy()
        raised[row, column] = height[row - 1 : row + 2, column - 1 : column + 2].max() + rng.uniform(0, 9)
        gained = irradiate(raised, 1.0, sky, slope_east=0.0, slope_north=0.0) - before
        gained[row, column] = 0
        assert gained.max() < 1e-3


@pytest.mark.parametrize("convergence", [0.0, -2.449])
@pytest.mark.parametrize("model", ["isotropic", "perez"])
def test_the_months_of_a_cell_sum_to_its_year(model, convergence):
    sky, height = table(model), city(80, 70)
    east, north = horn(height, 1.0)
    rows, columns = np.nonzero(np.hypot(east, north) < np.tan(np.radians(60)))
    lit = lit_bands(height, 1.0, sky, rows, columns, convergence_deg=convergence)
    months = plane_irradiation(
        lit, sky, east[rows, columns], north[rows, columns], convergence_deg=convergence
    )
    year = irradiate(height, 1.0, sky, convergence_deg=convergence)[rows, columns]
    assert months.sum(axis=1) == pytest.approx(year, rel=1e-4)
    assert months.min() > 0


def test_months_sum_to_the_year_where_snow_makes_the_sky_darker_than_the_ground():
    sky, height = table(albedo=0.8), city(50, 50)
    assert sky.split_bands.max() > 0
    rows, columns = (index.ravel() for index in np.mgrid[:50, :50])
    east, north = horn(height, 1.0)
    gentle = np.hypot(east, north)[rows, columns] < np.tan(np.radians(60))
    rows, columns = rows[gentle], columns[gentle]
    lit = lit_bands(height, 1.0, sky, rows, columns)
    months = plane_irradiation(lit, sky, east[rows, columns], north[rows, columns])
    year = irradiate(height, 1.0, sky)[rows, columns]
    assert months.sum(axis=1) == pytest.approx(year, rel=1e-4)


@pytest.mark.parametrize("shape", [(61, 61), (40, 2300), (2300, 40), (5, 3), (1, 1)])
@pytest.mark.parametrize("break_m", [1.0, np.inf])
def test_lit_bands_are_those_above_the_exact_horizon(shape, break_m):
    sky = table(azimuths=36, bands=12)
    height = city(*shape) if min(shape) > 4 else np.zeros(shape)
    rows, columns = (index.ravel() for index in np.mgrid[: shape[0], : shape[1]])
    lit = lit_bands(height, 1.0, sky, rows, columns, break_m=break_m)
    exact = [horizons(height, 1.0, azimuth, break_m=break_m).ravel() for azimuth in sky.azimuth_deg]
    expected = lit_from_horizon(np.stack(exact, axis=1), sky)
    assert np.mean(lit != expected) < 1e-4


def test_missing_cells_shade_nobody_and_stay_missing():
    sky = table(azimuths=36, bands=12)
    height = np.zeros((31, 31))
    height[10:15, 10:20] = np.nan
    year = irradiate(height, 1.0, sky, slope_east=0.0, slope_north=0.0)
    assert np.array_equal(np.isnan(year), np.isnan(height))
    level = np.isfinite(height)
    # Cells beside the hole are taken for a wall's edge only by those below them, and there are none.
    assert year[level] == pytest.approx(sky.ghi_year, rel=RELATIVE)


def test_a_map_without_any_height_is_missing_throughout():
    assert np.isnan(irradiate(np.full((4, 4), np.nan), 1.0, table())).all()


def test_two_threads_give_the_bits_of_one():
    sky, height = table(azimuths=36, bands=12), np.tile(city(), (18, 20))
    alone = irradiate(height, 1.0, sky, workers=1)
    assert np.array_equal(alone, irradiate(height, 1.0, sky, workers=2))


def test_horn_finds_the_slope_of_a_plane():
    y, x = np.mgrid[:9, :7]
    east, north = horn(0.5 * x * 2.0 - 0.25 * y * 2.0, 2.0)
    assert east[1:-1, 1:-1] == pytest.approx(0.5)
    assert north[1:-1, 1:-1] == pytest.approx(0.25)


def test_a_stopped_job_keeps_nothing():
    job = Job()
    job.cancel()
    with pytest.raises(Cancelled):
        irradiate(city(), 1.0, table(), job=job)


def test_a_job_hears_of_every_azimuth_up_to_the_last():
    heard = []
    irradiate(city(), 1.0, table(azimuths=36, bands=12), job=Job(heard.append, interval_s=0))
    assert heard[-1].share == 1.0
    assert {progress.step for progress in heard} == {"Casting shadows"}


@pytest.mark.parametrize("cell", [0.5, 2.5])
def test_the_size_of_cells_only_scales_the_city(cell):
    sky, height = table(azimuths=36, bands=12), city()
    scaled = irradiate(height * cell, cell, sky, break_m=2.0 * cell)
    assert scaled == pytest.approx(irradiate(height, 1.0, sky, break_m=2.0), rel=RELATIVE)


def test_a_tower_of_six_hundred_metres_darkens_the_low_sun_to_the_edge_of_the_map():
    sky = table(azimuths=72, bands=24)
    height = np.zeros((80, 4001), np.float32)
    height[:, 4000] = 600.0  # an endless wall in the east
    away = np.array([4000, 3000, 1000, 10])
    lit = lit_bands(height, 1.0, sky, [40, 40, 40, 40], 4000 - away)[:, 18]
    seen = np.degrees(np.arctan(600.0 / (away - 0.5)))  # its face stands half a cell nearer
    assert np.array_equal(lit, lit_from_horizon(np.repeat(seen[:, None], 72, axis=1), sky)[:, 18])
    assert lit[0] < 24  # 8.5 degrees at four kilometres


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (40, 1), (2, 3)])
def test_the_smallest_maps_receive_the_light_of_a_plain(shape):
    sky = table(azimuths=36, bands=12)
    assert irradiate(np.full(shape, 7.0), 1.0, sky) == pytest.approx(sky.ghi_year, rel=RELATIVE)


@settings(max_examples=25, deadline=None)
@given(
    rows=st.integers(1, 70), columns=st.integers(1, 70), seed=st.integers(0, 999),
    holes=st.floats(0, 0.5), rise=st.sampled_from([-400.0, 0.0, 8848.0]),
)  # fmt: skip
def test_no_map_receives_less_than_nothing_or_more_than_its_open_planes(rows, columns, seed, holes, rise):
    sky, rng = table(azimuths=36, bands=12), np.random.default_rng(seed)
    height = rng.exponential(12.0, (rows, columns)) + rise
    height[rng.random(height.shape) < holes] = np.nan
    level = {"slope_east": 0.0, "slope_north": 0.0}
    year = irradiate(height, 1.0, sky, **level)
    assert np.array_equal(np.isnan(year), np.isnan(height))
    known = year[np.isfinite(year)]
    assert (known >= 0).all()
    assert (known <= sky.ghi_year * (1 + RELATIVE)).all()


@settings(max_examples=15, deadline=None)
@given(rows=st.integers(0, 30), columns=st.integers(0, 30), seed=st.integers(0, 999))
def test_half_a_turn_of_city_and_sky_turns_the_map_about_its_middle_cell(rows, columns, seed):
    sky = table(azimuths=36, bands=12)
    height = np.random.default_rng(seed).exponential(12.0, (2 * rows + 1, 2 * columns + 1))
    back = turned_sky(sky, 18, np.diag([-1.0, -1.0, 1.0]))
    turned = irradiate(np.rot90(height, 2).copy(), 1.0, back)
    assert np.rot90(turned, 2) == pytest.approx(irradiate(height, 1.0, sky), rel=RELATIVE)
