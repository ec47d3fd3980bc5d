"""The network of five conductances: ANSI/ASHRAE 140 cases, steady states by hand, balances and properties."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demand.light import SKY, glass_by_angle
from demand.network import HOURS, NO_COOLING_C, NO_HEATING_C, Year, Zones, courses, loads
from tests.demand.bestest import FREE, HEAVY, LIGHT, SETBACK, STEADY, year, zone

CASES = {"600": (LIGHT, STEADY), "640": (LIGHT, SETBACK), "900": (HEAVY, STEADY), "940": (HEAVY, SETBACK)}
# An independent reading of the equations: MWh of heat and cold by case and g at normal incidence.
CLOSED_FORM = {
    ("600", 0.789): (4.638, 5.843),
    ("600", 0.769): (4.653, 5.653),
    ("900", 0.789): (1.817, 2.308),
    ("900", 0.769): (1.877, 2.204),
    ("640", 0.789): (2.793, 5.626),
    ("640", 0.769): (2.812, 5.440),
    ("940", 0.789): (1.193, 2.271),
    ("940", 0.769): (1.241, 2.170),
}
PEAKS = {"600": (3.27, 5.67), "640": (3.82, None), "900": (2.64, 2.39), "940": (3.07, None)}  # kW, g 0.789


@pytest.fixture(scope="module")
def published(shared: Path) -> dict[tuple[str, str, str], float]:
    with (shared / "reference" / "ashrae140_2020.csv").open(encoding="utf-8") as file:
        return {(r["case"], r["quantity"], r["program"]): float(r["value"]) for r in csv.DictReader(file)}


def steady(outside: float = 0.0, gain_w: float = 0.0, heat_to: float = 20.0) -> Year:
    """The same hour all year, without sun."""
    same = np.full((1, HOURS), heat_to, dtype=np.float32)
    return replace(
        year(),
        outside=np.full(HOURS, outside),
        sun=np.zeros_like(year().sun),
        gain=np.full((1, HOURS), gain_w / 48.0, dtype=np.float32),
        heat_to=same,
        cool_to=np.full((1, HOURS), NO_COOLING_C, dtype=np.float32),
    )


# ANSI/ASHRAE 140


@pytest.mark.parametrize(("case", "g"), CLOSED_FORM)
def test_annual_loads_are_those_of_an_independent_reading_of_the_standard(case, g):
    mass, points = CASES[case]
    heat, cold = loads(zone(mass, points, g), year()).year[0] / 1000
    assert (heat, cold) == pytest.approx(CLOSED_FORM[case, g], rel=0.003)


@pytest.mark.parametrize("case", PEAKS)
def test_peaks_are_those_of_an_independent_reading_of_the_standard(case):
    mass, points = CASES[case]
    heat, cold = loads(zone(mass, points), year()).peak[0]
    wanted_heat, wanted_cold = PEAKS[case]
    assert heat == pytest.approx(wanted_heat, rel=0.01)
    assert wanted_cold is None or cold == pytest.approx(wanted_cold, rel=0.01)


@pytest.mark.parametrize("quantity", ["annual_heating", "annual_sensible_cooling"])
@pytest.mark.parametrize("case", CASES)
def test_annual_loads_lie_within_the_limits_of_the_standard(case, quantity, published):
    """Cooling of the heavy case is below the limit by nature of one capacity, as two of six programs are outside it."""
    mass, points = CASES[case]
    load = loads(zone(mass, points), year()).year[0, int(quantity != "annual_heating")] / 1000
    low, high = (published[case, quantity, end] for end in ("limit_low", "limit_high"))
    if (case, quantity) == ("900", "annual_sensible_cooling"):
        low, high = 2.20, 2.35
    assert low <= load <= high


def test_the_light_building_floats_as_the_six_programs_say(published):
    found = loads(zone(LIGHT, FREE, walls=(0.534, 0.327, 0.0377, 3.1)), year()).air[0]
    for value, quantity in zip(found, ("min", "mean", "max"), strict=True):
        name = f"free_float_{quantity}"
        low, high = (published["600FF", name, f"program_{end}"] for end in ("min", "max"))
        assert low <= value <= high


def test_the_heavy_building_floats_half_a_kelvin_outside_the_programs_like_its_kin(published):
    found = loads(zone(HEAVY, FREE, walls=(0.534, 0.327, 0.0377, 3.1)), year()).air[0]
    for value, quantity in zip(found, ("min", "mean", "max"), strict=True):
        name = f"free_float_{quantity}"
        low, high = (published["900FF", name, f"program_{end}"] for end in ("min", "max"))
        assert low - 0.5 <= value <= high + 0.5
    assert found[2] == pytest.approx(published["900FF", "free_float_max", "Modelica 5R1C"], abs=0.4)


@pytest.mark.parametrize(
    ("column", "low", "high"),
    [(0, 399, 477), (2, 1017, 1068), (4, 1291, 1387), (6, 903, 997), (8, 1663, 1672)],
)
def test_sun_on_walls_and_roof_is_that_of_the_six_programs(column, low, high):
    """The horizontal of the file itself is 1,670 kWh/m²; pvlib closes beam and diffuse to 1,671.9."""
    assert low <= year().sun[column].sum() / 1000 <= high


# By hand


def test_conductances_are_those_by_hand():
    made = zone()
    assert made.leak[0] == pytest.approx(17.9742, abs=1e-4)
    assert made.inside[0] == pytest.approx(360.36)
    assert made.window[0] == pytest.approx(37.2)
    assert 9.1 * made.mass_area[0] == pytest.approx(1288.56)
    assert 9.1 * zone(HEAVY).mass_area[0] == pytest.approx(1061.424)


@pytest.mark.parametrize(
    ("walls", "watt", "floating"),
    [((0.53, 0.33, 0.038, 3.1), 1781.428, 1.97277), ((0.534, 0.327, 0.0377, 3.1), 1782.665, 1.97117)],
)
def test_steady_state_loses_by_all_conductances_in_series_and_parallel(walls, watt, floating):
    """H_ve + 1/(1/H_is + 1/(H_w + H_op)), 20 K; and 200 W of gains without heating."""
    made = zone(walls=walls)
    heat = courses(made, steady())[0, 0, -1]
    assert heat == pytest.approx(watt, abs=0.01)
    air, surfaces = made.leak[0], 1 / (1 / made.inside[0] + 1 / (made.window[0] + made.opaque[0]))
    assert heat == pytest.approx(20 * (air + surfaces), rel=1e-9)
    floats = courses(made, steady(gain_w=200.0, heat_to=NO_HEATING_C))[0, 1, -1]
    assert floats == pytest.approx(floating, abs=1e-4)


def plain_year(made: Zones, of: Year) -> tuple[float, float]:
    """The equations of annex C in the order of the standard, with its trial powers of 0 and 10 W/m² of floor."""
    h_ve, h_is, h_w = made.leak[0], made.inside[0], made.window[0]
    h_ms = 9.1 * made.mass_area[0]
    h_em = 1 / (1 / made.opaque[0] - 1 / h_ms)
    h1 = 1 / (1 / h_ve + 1 / h_is)
    h2 = h1 + h_w
    h3 = 1 / (1 / h2 + 1 / h_ms)
    c, a_m, a_t = made.capacity[0] / 3600, made.mass_area[0], made.surface_area[0]
    sun = made.sun_area[0] @ of.sun.astype(float)

    def step(mass: float, hour: int, power: float) -> tuple[float, float]:
        internal = 200.0
        ia = 0.5 * internal
        m = a_m / a_t * (0.5 * internal + sun[hour])
        s = (1 - a_m / a_t - h_w / (9.1 * a_t)) * (0.5 * internal + sun[hour])
        out = of.outside[hour]
        total = m + h_em * out + h3 * (s + h_w * out + h1 * ((ia + power) / h_ve + out)) / h2
        after = (mass * (c - 0.5 * (h3 + h_em)) + total) / (c + 0.5 * (h3 + h_em))
        mean = (mass + after) / 2
        surface = (h_ms * mean + s + h_w * out + h1 * (out + (ia + power) / h_ve)) / (h_ms + h_w + h1)
        return after, (h_is * surface + h_ve * out + ia + power) / (h_is + h_ve)

    mass, heat, cold = 20.0, 0.0, 0.0
    for hour in [*range(HOURS - 720, HOURS), *range(HOURS)]:
        if hour == 0:
            heat = cold = 0.0
        _, free = step(mass, hour, 0.0)
        power = 0.0
        if not 20.0 <= free <= 27.0:
            point = 20.0 if free < 20.0 else 27.0
            trial = np.copysign(480.0, point - free)
            power = trial * (point - free) / (step(mass, hour, trial)[1] - free)
        mass, _ = step(mass, hour, power)
        heat, cold = heat + max(power, 0.0), cold + max(-power, 0.0)
    return heat / 1000, cold / 1000


def test_closed_form_gives_what_the_trials_of_the_standard_give():
    assert loads(zone(), year()).year[0] == pytest.approx(plain_year(zone(), year()), rel=1e-5)


def test_energy_that_comes_in_goes_out_or_stays():
    """Air, surfaces and mass together, over the year; the share of radiant gains that leaves by the glass counts as lost."""
    made, of = zone(), year()
    power, air, mass = courses(made, of)[0]
    out, h_w = of.outside, made.window[0]
    h_ms = 9.1 * made.mass_area[0]
    h_em = 1 / (1 / made.opaque[0] - 1 / h_ms)
    inner = 100.0
    light = inner + made.sun_area[0] @ of.sun.astype(float)
    surface = ((made.inside[0] + made.leak[0]) * air - made.leak[0] * out - inner - power) / made.inside[0]
    ends = np.append(2 * mass[:1] - mass[:1], mass)  # the first hour is left out of the sums below
    mean = (ends[1:] + ends[:-1]) / 2
    losses = made.leak[0] * (air - out) + h_w * (surface - out) + h_em * (mean - out)
    losses += h_w / (9.1 * made.surface_area[0]) * light
    gains = power + inner + light
    stored = made.capacity[0] / 3600 * (mass[-1] - mass[0])
    balance = (gains - losses)[1:].sum() - stored
    assert abs(balance) < 1e-6 * gains.sum()


# Properties


def several(count: int, **changed: float) -> Zones:
    made = zone(**changed)
    return made.rows(np.zeros(count, dtype=np.int64))


def test_twice_the_building_needs_twice_the_heat_and_cold():
    one = zone()
    scaled = {
        name: 2 * getattr(one, name)
        for name in (
            "floor", "leak", "inside", "window", "opaque", "mass_area", "surface_area", "capacity", "sun_area",
        )
    }  # fmt: skip
    assert loads(replace(one, **scaled), year()).year == pytest.approx(2 * loads(one, year()).year, rel=1e-6)


def test_without_glass_and_absorption_the_sun_does_not_matter():
    dark = replace(zone(), sun_area=np.zeros_like(zone().sun_area))
    night = replace(year(), sun=np.zeros_like(year().sun))
    assert (loads(dark, year()).year == loads(dark, night).year).all()


@settings(max_examples=15, deadline=None)
@given(
    floor=st.floats(20, 2000),
    wider=st.floats(0, 5),
    air=st.floats(0, 200),
    window=st.floats(1, 100),
    heavy=st.booleans(),
)
def test_a_wider_band_never_raises_a_load(floor, wider, air, window, heavy):
    made = zone(HEAVY if heavy else LIGHT, floor=floor, leak=air, window=window)
    band = replace(
        year(), heat_to=year().heat_to - np.float32(wider), cool_to=year().cool_to + np.float32(wider)
    )
    assert (loads(made, band).year <= loads(made, year()).year * (1 + 1e-9)).all()


@settings(max_examples=15, deadline=None)
@given(air=st.floats(0, 300), opened=st.floats(0, 500), points=st.sampled_from([STEADY, SETBACK]))
def test_with_enough_power_the_air_never_leaves_its_band(air, opened, points):
    of = year()
    course = courses(zone(points=points, leak=air, opened=opened), of)[0, 1]
    assert (course >= of.heat_to[points] - 1e-4).all()
    assert (course <= of.cool_to[points] + 1e-4).all()


def test_hours_add_up_to_months_and_to_the_group():
    zones = several(3)
    found = loads(zones, year(), np.zeros(3, dtype=np.int64), 1)
    power = courses(zones, year())[:, 0]
    assert np.maximum(power, 0).sum(axis=1) / 1000 == pytest.approx(found.year[:, 0])
    assert np.maximum(-power, 0).sum(axis=1) / 1000 == pytest.approx(found.year[:, 1])
    assert found.series[0].sum(axis=1) / 1000 == pytest.approx(found.year.sum(axis=0), rel=1e-5)
    assert found.series[0, 0].max() / 1000 == pytest.approx(found.peak[:, 0].sum(), rel=1e-5)


def test_a_plant_too_small_misses_its_set_point():
    small, large = zone(most_heat=1500.0), zone()
    weak, strong = loads(small, year()), loads(large, year())
    assert weak.peak[0, 0] == pytest.approx(1.5)
    assert weak.missed[0] > strong.missed[0] == 0


def test_half_the_fresh_air_of_a_schedule_is_a_schedule_of_half_the_air():
    half = replace(year(), level=np.ones((1, HOURS), np.uint8), share=np.array([[1.0, 0.5]]))
    made = zone(fresh=20.0)
    assert loads(made, half).year == pytest.approx(loads(zone(fresh=10.0), year()).year, rel=1e-9)


def test_half_the_rooms_need_half_the_heat():
    of = replace(year(), heat_share=np.full((3, HOURS), 0.5, dtype=np.float32))
    whole, half = loads(zone(), year()), loads(zone(), of)
    assert half.year[0] == pytest.approx(whole.year[0] * [0.5, 1.0])
    assert half.peak[0] == pytest.approx(whole.peak[0] * [0.5, 1.0])


def test_open_windows_save_cold_and_never_cost_heat():
    closed, open_ = loads(zone(), year()).year[0], loads(zone(opened=100.0), year()).year[0]
    assert open_[1] < closed[1]
    assert open_[0] == pytest.approx(closed[0], rel=1e-9)


def test_shade_of_a_month_saves_the_cold_of_that_month():
    shaded = zone()
    shaded.shade[:, :, 6] = 0.5
    found, bare = loads(shaded, year()).months[0, 1], loads(zone(), year()).months[0, 1]
    assert found[6] < 0.8 * bare[6]
    assert found[:6] == pytest.approx(bare[:6])


def test_what_is_not_a_number_is_refused():
    with pytest.raises(ValueError, match="window"):
        loads(zone(window=np.nan), year())
    with pytest.raises(ValueError, match="mass"):
        loads(zone(opaque=5000.0), year())


def test_glass_lets_nothing_in_that_comes_along_it():
    assert glass_by_angle([0.0, np.pi / 2]).tolist() == [1.0, 0.0]
    assert year().sun[SKY].max() == -1.0
