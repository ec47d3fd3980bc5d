"""Horizons and views of the sky against geometry that can be written down."""

import numpy as np
import pandas as pd
import pytest

from sun.horizon import horizons, sky_view, view_factor

MIDDLE = 100


def case(shared, name, quantity=None):
    cases = pd.read_csv(shared / "reference" / "solar_geometry_cases.csv")
    cases = cases[(cases["case"] == name) & ((cases["quantity"] == quantity) | (quantity is None))]
    return pytest.approx(float(cases["expected"].iloc[0]), abs=float(cases["tolerance"].iloc[0]))


def spike(row, column):
    height = np.zeros((201, 201))
    height[row, column] = 20.0
    return height


def wall():
    height = np.zeros((201, 201))
    height[:, MIDDLE + 50 :] = 20.0
    return height


def canyon(cells, wall_m=15.0, length=801):
    height = np.full((length, cells + 40), wall_m)
    height[:, 20 : 20 + cells] = 0.0
    return height


def canyon_horizon(west_m, east_m, wall_m, azimuth_deg):
    across = np.sin(np.radians(azimuth_deg))
    return np.degrees(np.arctan(wall_m * np.abs(across) / np.where(across > 0, east_m, west_m)))


@pytest.mark.parametrize(
    ("name", "row", "column", "azimuth"), [("HOR-spike", 100, 150, 90), ("HOR-spike-n", 50, 100, 0)]
)
def test_a_spike_stands_at_the_angle_of_its_height_over_its_distance(shared, name, row, column, azimuth):
    seen = horizons(spike(row, column), 1.0, azimuth, break_m=np.inf)
    assert seen[MIDDLE, MIDDLE] == case(shared, name)


@pytest.mark.parametrize("azimuth", [90, 60, 45, 30, 120, 135])
def test_an_endless_wall_sinks_with_the_cosine_of_the_angle_to_its_normal(shared, azimuth):
    seen = horizons(wall(), 1.0, azimuth, break_m=np.inf)
    assert seen[MIDDLE, MIDDLE] == case(shared, f"HOR-wall-{azimuth}")


def test_the_diagonal_of_a_pyramid_of_45_degrees_rises_at_35(shared):
    away = np.abs(np.arange(61) - 30)
    hillock = np.clip(25.0 - np.maximum(away[:, None], away[None, :]), 0.0, 10.0)
    assert horizons(hillock, 1.0, 45).max() == case(shared, "HOR-hillock")


@pytest.mark.parametrize("azimuth", [0, 33, 90, 200, 359])
def test_a_flat_map_has_no_horizon(shared, azimuth):
    assert np.abs(horizons(np.full((50, 70), 7.0), 2.0, azimuth)).max() == case(shared, "HOR-flat")


def test_azimuth_0_and_360_are_the_same_direction():
    height = np.random.default_rng(0).uniform(0, 30, (41, 53))
    assert np.array_equal(horizons(height, 1.0, 0), horizons(height, 1.0, 360))


def test_a_wall_face_stands_half_a_step_nearer_than_the_centre_of_its_first_cell():
    assert horizons(wall(), 1.0, 90)[MIDDLE, MIDDLE] == pytest.approx(np.degrees(np.arctan(20 / 49.5)))


def test_missing_cells_hide_nothing_and_have_no_horizon():
    height = wall()
    height[MIDDLE, MIDDLE + 50 :] = np.nan
    seen = horizons(height, 1.0, 90)
    assert seen[MIDDLE, MIDDLE] == 0.0
    assert np.isnan(seen[MIDDLE, MIDDLE + 60])


def test_a_flat_map_sees_the_whole_sky(shared):
    assert sky_view(np.zeros((9, 9)), 1.0, azimuths=36)[4, 4] == case(shared, "SVF-flat")


@pytest.mark.parametrize(
    ("name", "west", "east"),
    [("SVF-canyon-mid", 10, 10), ("SVF-canyon-cell-faces", 10.5, 9.5), ("SVF-canyon-x2", 2, 18), ("SVF-canyon-x5", 5, 15)],
)  # fmt: skip
def test_a_canyon_floor_sees_half_the_sum_of_the_cosines_of_its_walls(shared, name, west, east):
    azimuth = np.arange(360.0)
    horizon = canyon_horizon(west, east, 15.0, azimuth)
    assert view_factor(horizon, azimuth) == case(shared, name, "sky_view_cos2")


def test_the_share_of_solid_angle_is_another_number_than_the_view_factor(shared):
    azimuth = np.arange(3600) / 10.0
    horizon = canyon_horizon(10, 10, 15.0, azimuth)
    assert 1 - np.sin(np.radians(horizon)).mean() == case(shared, "SVF-canyon-mid", "sky_view_1_minus_sin")
    assert view_factor(horizon, azimuth) == case(shared, "SVF-canyon-mid", "sky_view_cos2")


def test_a_canyon_of_cells_is_measured_to_its_true_faces(shared):
    assert sky_view(canyon(20), 1.0)[400, 30] == case(shared, "SVF-canyon-cell-faces")


def test_without_the_half_step_a_canyon_of_cells_is_too_wide(shared):
    assert sky_view(canyon(20), 1.0, break_m=np.inf)[400, 30] == case(shared, "SVF-canyon-cell-centres")


def test_the_foot_of_an_endless_wall_sees_half_the_sky(shared):
    height = np.zeros((101, 101))
    height[:, 51:] = 1e6
    assert sky_view(height, 1.0, first_azimuth_deg=2.5)[50, 50] == case(shared, "SVF-wall-foot")


@pytest.mark.parametrize("tilt", [15, 30, 45, 60, 90])
def test_an_endless_slope_sees_the_sky_above_itself(shared, tilt):
    rise = np.tan(np.radians(tilt)) if tilt < 90 else 1e6
    level = np.zeros((1, 1))
    assert sky_view(level, 1.0, slope_north=rise, azimuths=360)[0, 0] == case(shared, f"SVF-slope-{tilt}")
