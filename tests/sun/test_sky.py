"""The table of the sky gives open planes what pvlib gives them hour by hour."""

import numpy as np
import pandas as pd
import pvlib
import pytest

from core.problems import UserError
from sun.sky import horizon_from_lit, lit_from_horizon, sky_integrals, sky_table
from tests.sun.greensboro import LATITUDE, LONGITUDE, hours, open_plane, table

MODELS = ("isotropic", "haydavies", "perez")


def dhi_that_pvlib_drops(tilt_deg):
    """pvlib's Perez model gives nothing in hours whose middle is before sunrise, though the file has light."""
    sun = pvlib.solarposition.get_solarposition(hours().index - pd.Timedelta(minutes=30), LATITUDE, LONGITUDE)
    dark = sun["apparent_zenith"].to_numpy() > 90
    return hours()["dhi"].to_numpy()[dark].sum() / 1000 * (1 + np.cos(np.radians(tilt_deg))) / 2


@pytest.mark.parametrize("model", MODELS)
def test_a_level_plane_receives_the_global_irradiation(model):
    sky = table(model)
    assert open_plane(sky, 0, 180) == pytest.approx(sky.ghi_year, rel=1e-9)
    assert sky.ghi_year == pytest.approx(hours()["ghi"].sum() / 1000)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(("tilt", "azimuth"), [(36, 180), (90, 180), (30, 0)])
def test_tilted_planes_receive_what_pvlib_sums_to_a_thousandth(shared, model, tilt, azimuth):
    expected = reference(shared, model, tilt, azimuth)
    if model == "perez":
        expected += dhi_that_pvlib_drops(tilt)
    assert open_plane(table(model), tilt, azimuth) == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize(("model", "within"), [("isotropic", 5e-3), ("haydavies", 5e-3), ("perez", 9e-3)])
def test_an_east_wall_differs_from_pvlib_by_its_single_sun_an_hour(shared, model, within):
    assert open_plane(table(model), 90, 90) == pytest.approx(reference(shared, model, 90, 90), rel=within)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    ("tilt", "azimuth", "within"), [(36, 180, 3e-3), (90, 180, 3e-3), (30, 0, 3e-3), (90, 90, 8e-3)]
)
def test_the_coarse_table_stays_within_three_and_eight_thousandths(shared, model, tilt, azimuth, within):
    expected = reference(shared, model, tilt, azimuth)
    assert open_plane(table(model, 36, 12), tilt, azimuth) == pytest.approx(expected, rel=within)


@pytest.mark.parametrize("site", ["Harbin", "Beijing", "Shanghai", "Guangzhou", "Lhasa"])
def test_under_a_clear_sky_sloping_roofs_receive_what_pvlib_sums(shared, site):
    cases = pd.read_csv(shared / "reference" / "pvlib_tilt_cases.csv")
    cases = cases[cases["case"].str.startswith(f"CLEAR-{site}-") & (cases["tilt_deg"] <= 30)]
    place = cases.iloc[0]
    frame = clear_year(place.latitude_deg, place.longitude_deg, place.altitude_m)
    for case in cases.itertuples():
        sky = sky_table(
            frame, place.latitude_deg, place.longitude_deg, model=case.model, altitude=place.altitude_m,
            stamp="middle",
        )  # fmt: skip
        assert open_plane(sky, case.tilt_deg, case.azimuth_deg) == pytest.approx(case.poa_global, rel=3e-3), (
            case.case
        )


def test_sky_integrals_are_the_analytic_ones(shared):
    cases = pd.read_csv(shared / "reference" / "solar_geometry_cases.csv")
    cases = cases[cases["kind"] == "sky_integral"]
    assert len(cases)
    for case in cases.itertuples():
        outward, up = sky_integrals(float(case.inputs.removeprefix("horizon=")))
        got = outward if case.quantity == "G_horizontal_part" else up
        assert float(got) == pytest.approx(float(case.expected), abs=float(case.tolerance))


def test_the_sun_stands_where_the_reference_says(shared):
    cases = pd.read_csv(shared / "reference" / "solar_geometry_cases.csv")
    for case in cases[cases["kind"] == "sun"].itertuples():
        given = dict(pair.split("=") for pair in case.inputs.split(";"))
        sun = pvlib.solarposition.spa_python(
            pd.DatetimeIndex([given["time"]]), float(given["lat"]), float(given["lon"]),
            altitude=float(given["altitude_m"]), pressure=float(given["pressure_pa"]),
            temperature=float(given["temperature_c"]), delta_t=float(given["delta_t_s"]),
        ).iloc[0]  # fmt: skip
        assert quantity(sun, given, case.quantity) == pytest.approx(
            float(case.expected), abs=float(case.tolerance)
        )


def test_snow_at_a_dark_sky_never_takes_light_from_a_plane():
    frame = clear_year(45.75, 126.77, 142)
    sky = sky_table(frame, 45.75, 126.77, albedo=0.8, stamp="middle")
    assert sky.split_bands.max() > 0
    assert all(open_plane(sky, tilt, azimuth) > 0 for tilt in (0, 30, 90) for azimuth in (0, 90, 180))


def test_bands_are_tested_in_rising_order_each_within_its_own_limits():
    sky = table()
    elevation = np.degrees(np.arctan(sky.tan_elevation))
    low = np.arange(24) * 3.75
    assert np.all((elevation >= low) & (elevation <= low + 3.75))
    assert np.all(np.diff(elevation, axis=1) > 0)


def test_a_horizon_kept_as_a_number_of_bands_is_off_by_a_band_at_most():
    sky = table()
    horizon = np.random.default_rng(0).uniform(0, 90, (50, 72))
    kept = horizon_from_lit(lit_from_horizon(horizon, sky), sky)
    assert np.abs(kept - horizon).max() < 2 * 3.75


def test_stamps_at_the_start_the_middle_and_the_end_of_the_same_hours_give_one_table():
    frame = hours()
    tables = [
        sky_table(frame.set_axis(frame.index - pd.Timedelta(hours=shift)), LATITUDE, LONGITUDE, stamp=stamp)
        for stamp, shift in (("start", 1.0), ("middle", 0.5), ("end", 0.0))
    ]
    assert np.array_equal(tables[0].beam, tables[1].beam)
    assert np.array_equal(tables[0].beam, tables[2].beam)


def test_weather_without_diffuse_light_and_time_zone_is_refused_with_both_reasons():
    frame = hours().drop(columns="dhi").tz_localize(None)
    with pytest.raises(UserError) as refused:
        sky_table(frame, LATITUDE, LONGITUDE)
    assert "dhi" in str(refused.value)
    assert "time zone" in str(refused.value)


def test_hours_without_values_are_named():
    frame = hours().copy()
    frame.iloc[12, 0] = np.nan
    with pytest.raises(UserError) as refused:
        sky_table(frame, LATITUDE, LONGITUDE)
    assert refused.value.problems[0].rows == (frame.index[12],)


def reference(shared, model, tilt, azimuth):
    cases = pd.read_csv(shared / "reference" / "pvlib_tilt_cases.csv", index_col="case")
    return float(cases.loc[f"TMY3-Greensboro-{tilt}-{azimuth}-{model}", "poa_global"])


def clear_year(latitude, longitude, altitude):
    times = pd.date_range("2023-01-01 00:30", "2023-12-31 23:30", freq="h", tz="UTC")
    sun = pvlib.solarposition.get_solarposition(times, latitude, longitude, altitude=altitude)
    relative = pvlib.atmosphere.get_relative_airmass(sun["apparent_zenith"])
    airmass = pvlib.atmosphere.get_absolute_airmass(relative, pvlib.atmosphere.alt2pres(altitude))
    extra = pvlib.irradiance.get_extra_radiation(times)
    clear = pvlib.clearsky.ineichen(sun["apparent_zenith"], airmass, 3.0, altitude, extra)
    return clear.fillna(0)


def quantity(sun, given, name):
    if name == "incidence":
        return pvlib.irradiance.aoi(
            float(given["tilt"]), float(given["surface_azimuth"]), sun["apparent_zenith"], sun["azimuth"]
        )
    if name == "true_solar_time":
        clock = pd.Timestamp(given["time"])
        return (
            clock.hour + clock.minute / 60 + (float(given["lon"]) - 120) / 15 + sun["equation_of_time"] / 60
        )
    return sun[name]
