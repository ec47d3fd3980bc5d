"""The worked example of a city of 63 million square metres: every figure to 0.05 %."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.conversion import (
    CALORIFIC,
    EQUIVALENT,
    ConversionSettings,
    Energy,
    Factors,
    avoided_by_heat,
    avoided_by_power,
    emissions_of_coal,
    factors,
)
from plans.county_pilot import COUNTY_PILOT, pilot_power, roof_share
from plans.indicator_inputs import GROSS, NET, IndicatorInputs, IndicatorSettings, PumpedHeat
from plans.indicator_values import (
    replaced,
    replaced_for_rate,
    substitution_rate,
    values_of,
)
from plans.indicators import indicators
from standards import Standards, Taken

HOMES, HOME_KWH, HOME_GAS_M3 = 500_000, 2400.0, 180.0
HOUSING_M2, PUBLIC_M2 = 50e6, 13e6
COLLECTOR_M2, SUN_MJ, EFFICIENCY, LOSS = 600_000.0, 5500.0, 0.45, 0.20
SOLAR_HEAT_KWH = COLLECTOR_M2 * SUN_MJ * EFFICIENCY * (1 - LOSS) / 3.6
GROUND_M2 = 4e6
BOUGHT = Energy(
    electricity_kwh=HOMES * HOME_KWH + PUBLIC_M2 * 75.0,
    gas_m3=HOMES * HOME_GAS_M3 + PUBLIC_M2 * 2.0,
    heat_gj=HOUSING_M2 * 0.28 + PUBLIC_M2 * 0.30,
)
CITY = IndicatorInputs(
    year=2025,
    energy=BOUGHT,
    power_kwh=229.02e6,
    factory_power_kwh=451.32e6,
    power_kw=185_220.0,
    factory_power_kw=396_900.0,
    solar_heat_kwh=SOLAR_HEAT_KWH,
    ground=PumpedHeat(GROUND_M2 * 45, GROUND_M2 * 40, GROUND_M2 * 45 / 3.2, GROUND_M2 * 40 / 3.6),
    floor_m2=HOUSING_M2 + PUBLIC_M2,
)
SETTINGS = IndicatorSettings()


def near(value: object) -> object:
    return pytest.approx(value, rel=5e-4)


@pytest.fixture(scope="module")
def found() -> Factors:
    return factors(Standards(), "山东", ConversionSettings())


def test_homes_and_offices_buy_electricity_gas_and_heat() -> None:
    assert BOUGHT.electricity_kwh == near(2.175e9)
    assert BOUGHT.gas_m3 == near(1.16e8)
    assert BOUGHT.heat_gj == near(1.79e7)


@pytest.mark.parametrize(
    ("basis", "power", "ground", "total", "bought"),
    [(EQUIVALENT, 68706.2, 18521.3, 135485.2, 1404106.8), (CALORIFIC, 28146.7, 26234.3, 102638.6, 1018914.3)],
)
def test_renewable_energy_replaces_coal(
    found: Factors, basis: str, power: float, ground: float, total: float, bought: float
) -> None:
    saved = replaced(CITY, found, SETTINGS, basis)
    assert saved.power / 1e3 == near(power)
    assert saved.solar_heat / 1e3 == near(48257.6)
    assert (saved.ground_heat + saved.ground_cold) / 1e3 == near(ground)
    assert saved.total(SETTINGS) / 1e3 == near(total)
    assert BOUGHT.coal_kgce(found, basis) / 1e3 == near(bought)


def test_heat_of_the_ground_replaces_more_than_its_cold(found: Factors) -> None:
    saved = replaced(CITY, found, SETTINGS)
    assert saved.ground_heat / 1e3 == near(14711.8)
    assert saved.ground_cold / 1e3 == near(3809.5)


@pytest.mark.parametrize(
    ("name", "basis", "value"),
    [
        ("renewable_substitution_rate", "gross equivalent", 0.08800),
        ("renewable_substitution_rate", "net equivalent", 0.09649),
        ("renewable_substitution_rate", "gross calorific", 0.09151),
        ("renewable_substitution_rate", "net calorific", 0.10073),
        ("electricity_share", "equivalent", 0.46471),
        ("electricity_share", "calorific", 0.26235),
        ("operation_energy_total", "equivalent", 1_404_106.8e3),
        ("pv_capacity_added", "", 582_120.0),
        ("carbon_total", "", 3_566_330.0),
        ("carbon_per_m2", "", 56.61),
    ],
)
def test_indicators_of_the_city(found: Factors, name: str, basis: str, value: float) -> None:
    assert values_of(CITY, found, SETTINGS)[name, basis] == near(value)


@pytest.mark.parametrize(("basis", "rate"), [(EQUIVALENT, 0.16172), (CALORIFIC, 0.13433)])
def test_panels_on_factories_would_nearly_double_the_rate_and_stay_outside(
    found: Factors, basis: str, rate: float
) -> None:
    wrong = replaced(CITY, found, SETTINGS, basis).total(IndicatorSettings(count_factory_power=True))
    assert substitution_rate(wrong, BOUGHT.coal_kgce(found, basis), GROSS) == near(rate)


def test_eight_per_cent_needs_less_than_the_city_replaces(found: Factors) -> None:
    needed = replaced_for_rate(0.08, BOUGHT.coal_kgce(found, EQUIVALENT), GROSS)
    assert needed / 1e3 == near(122096.2)
    surplus = replaced(CITY, found, SETTINGS).total(SETTINGS) - needed
    assert surplus / 1e3 == pytest.approx(13388.9, rel=5e-4)
    assert substitution_rate(needed, BOUGHT.coal_kgce(found, EQUIVALENT), GROSS) == pytest.approx(0.08)
    net = replaced_for_rate(0.08, 1000.0, NET)
    assert substitution_rate(net, 1000.0, NET) == pytest.approx(0.08)


def test_carbon_of_operation_by_carrier(found: Factors) -> None:
    assert Energy(electricity_kwh=BOUGHT.electricity_kwh).carbon(found).tonnes / 1e3 == near(1346.54)
    assert Energy(gas_m3=BOUGHT.gas_m3).carbon(found).tonnes / 1e3 == near(250.79)
    assert Energy(heat_gj=BOUGHT.heat_gj).carbon(found).tonnes / 1e3 == near(1969.0)


def test_the_two_methods_of_carbon_differ_by_a_fifth_and_are_never_added(found: Factors) -> None:
    by_grid = avoided_by_power(CITY.power_kwh, found)
    by_coal = emissions_of_coal(replaced(CITY, found, SETTINGS).power, found).co2
    assert by_grid.tonnes / 1e3 == near(141.79)
    assert by_coal.tonnes / 1e3 == near(169.70)
    with pytest.raises(ValueError, match="never added"):
        by_grid + by_coal


def test_collectors_avoid_the_carbon_of_gas(found: Factors) -> None:
    assert avoided_by_heat(SOLAR_HEAT_KWH, 0.84, found).tonnes / 1e3 == near(78.55)
    saved = replaced(CITY, found, SETTINGS).solar_heat
    assert emissions_of_coal(saved, found).co2.tonnes / 1e3 == near(119.20)


def test_saved_coal_by_the_standard_of_evaluation(found: Factors) -> None:
    saved = emissions_of_coal(replaced(CITY, found, SETTINGS).total(SETTINGS), found)
    assert saved.co2.tonnes / 1e3 == near(334.65)
    assert saved.so2_t == near(2709.7)
    assert saved.dust_t == near(1354.9)


def test_the_figures_of_the_city_are_traced_to_what_was_typed_in(found: Factors) -> None:
    figures = indicators([CITY], found, SETTINGS, Taken(Standards())).figures
    rate = figures["indicator.renewable_substitution_rate.gross.2025"]
    assert rate.value == near(0.088)
    assert figures["indicator.renewable_substitution_rate.net.calorific.2025"].value == near(0.10073)
    origins = {one.key for _, one in figures.trace(rate.key) if not one.inputs}
    assert {"indicator.input.electricity.2025", "indicator.input.power.2025"} <= origins
    assert "indicator.input.factory_power.2025" not in origins
    for key in figures:
        figures.trace(key)


@pytest.mark.parametrize(
    ("roof_m2", "share", "covering", "sun", "kwp", "mwh"),
    [
        (3_000, 0.50, "flat tilted", 1545.6, 189.0, 233.7),
        (8_000, 0.40, "flat tilted", 1545.6, 403.2, 498.5),
        (9_000, 0.30, "flat tilted", 1545.6, 340.2, 420.7),
        (9_000, 0.25, "flat tilted", 1545.6, 283.5, 350.5),
        (22_000, 0.60, "flush metal", 1421.4, 2494.8, 2836.9),
    ],
)
def test_panels_on_the_parcels(
    roof_m2: float, share: float, covering: str, sun: float, kwp: float, mwh: float
) -> None:
    roofs = pd.DataFrame(
        {"roof_m2": [roof_m2], "roof_pv_share": [share], "covering": [covering], "sun_kwh_per_m2": [sun]}
    )
    found = pilot_power(roofs, Taken(Standards())).iloc[0]
    assert found["pv_kwp"] == near(kwp)
    assert found["pv_kwh_per_year"] / 1e3 == near(mwh)


def test_panels_of_the_city_by_the_shares_of_the_county_pilot() -> None:
    standards = Standards()
    roofs = pd.DataFrame(
        {
            "roof_m2": [20e4, 95e4, 130e4, 600e4, 700e4],
            "roof_pv_share": [
                roof_share(standards, "government_office", COUNTY_PILOT),
                roof_share(standards, "public_school_hospital_village", COUNTY_PILOT),
                roof_share(standards, "commerce_factory", COUNTY_PILOT),
                0.10,
                roof_share(standards, "commerce_factory", COUNTY_PILOT),
            ],
            "covering": ["flat tilted"] * 4 + ["flush metal"],
            "sun_kwh_per_m2": [1545.6] * 4 + [1421.4],
        },
        index=["government", "school", "commerce", "housing", "factory"],
    )
    found = pilot_power(roofs, Taken(standards))
    assert list(found["pv_kwp"] / 1e3) == near([12.60, 47.88, 49.14, 75.60, 396.90])
    assert list(found["pv_kwh_per_year"] / 1e6) == near([15.58, 59.20, 60.76, 93.48, 451.32])
    civil = found.drop("factory").sum()
    assert civil["covered_roof_m2"] == near(147e4)
    assert (civil["pv_kwp"] / 1e3, civil["pv_kwh_per_year"] / 1e6) == near((185.22, 229.02))
    assert (found["pv_kwp"].sum() / 1e3, found["pv_kwh_per_year"].sum() / 1e6) == near((582.12, 680.34))


def test_a_share_of_the_pilot_is_no_cover_of_new_roofs() -> None:
    standards = Standards()
    assert roof_share(standards, "factory", "coverage_new") == 0.50
    with pytest.raises(KeyError):
        roof_share(standards, "factory", COUNTY_PILOT)


def test_ground_and_load_of_the_example_balance_too_little_heat() -> None:
    """Extraction 123.75 GWh, rejection 204.44 GWh: 1.652 times as much."""
    ground = CITY.ground
    drawn = ground.heat_kwh - ground.heat_power_kwh
    given = ground.cold_kwh + ground.cold_power_kwh
    assert (drawn / 1e6, given / 1e6, given / drawn) == near((123.75, 204.44, 1.652))


@given(kappa=st.floats(0.1, 0.5))
def test_another_coal_factor_never_changes_energy_or_carbon(kappa: float) -> None:
    found = factors(Standards(), "山东", ConversionSettings())
    other = replace(found, equivalent=kappa)
    assert BOUGHT.carbon(other) == BOUGHT.carbon(found)
    assert avoided_by_power(CITY.power_kwh, other) == avoided_by_power(CITY.power_kwh, found)
    assert values_of(CITY, other, SETTINGS)["pv_capacity_added", ""] == 582_120.0


@given(more=st.floats(1.0, 3.0))
def test_more_sun_more_roof_and_a_better_plant_never_give_less(more: float) -> None:
    roofs = pd.DataFrame(
        {"roof_m2": [1e4], "roof_pv_share": [0.3], "covering": ["flat tilted"], "sun_kwh_per_m2": [1400.0]}
    )
    taken = Taken(Standards())
    before = pilot_power(roofs, taken).iloc[0]
    for name in ("roof_m2", "roof_pv_share", "sun_kwh_per_m2"):
        assert (pilot_power(roofs.assign(**{name: roofs[name] * more}), taken).iloc[0] >= before).all()


def test_areas_of_application_count_by_their_weights(found: Factors) -> None:
    """One hundred thousand square metres of each kind: 0.5 + 1 + 1.5 + 1.5 times as much."""
    areas = dict.fromkeys(("solar_water_m2", "ground_m2", "solar_heating_m2", "solar_ground_m2"), 100000.0)
    part = indicators([replace(CITY, **areas)], found, SETTINGS, Taken(Standards()))
    assert part.figures["indicator.equivalent_application_area.2025"].value == pytest.approx(4.5e5)
