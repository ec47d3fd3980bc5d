"""What parcels can take off the grid follows from their loads, and pilots are those that can take off much."""

from __future__ import annotations

import pandas as pd
import pytest

from core.fields import fields
from core.problems import UserError
from plans.flexible import flexible_power
from plans.pilots import charging_canopies, electricity_shares, full_electric_pilots
from tests.plans.small_city import city, days, demand


def parcels(*areas: float, **columns) -> pd.DataFrame:
    index = pd.Index([f"P{n}" for n in range(len(areas))], name="parcel_id")
    return pd.DataFrame({"gfa_m2": areas} | columns, index=index)


def office(stalls: float = 0.0, use: str = "business_office"):
    return city([{"use": use}], [{"use": use, "parking_stalls": stalls, "status": "planned"}])


def test_a_quarter_of_the_cooling_of_an_office_can_be_taken_off() -> None:
    """380 kW of cold at a coefficient of 3.8 are 100 kW of power; 25 % of it."""
    part = flexible_power(office(), parcels(10_000.0), days(["P0"], "cold", 380.0))
    assert part.tables["flexible"].at["P0", "flexible_cooling_kw"] == pytest.approx(25.0)
    assert part.figures["flexible.summer"].value == pytest.approx(25.0)


def test_light_and_lifts_are_parts_of_the_same_load() -> None:
    """110 kW: 10 of lifts, 100 of the rest, 45 of it light. 10 % of light and 20 % of lifts."""
    row = (
        flexible_power(office(), parcels(1.0), days(["P0"], "electricity", 110.0)).tables["flexible"].iloc[0]
    )
    assert row["flexible_lighting_kw"] == pytest.approx(4.5)
    assert row["flexible_lifts_kw"] == pytest.approx(2.0)


def test_charging_counts_by_stalls() -> None:
    """100 stalls x 0.15 with chargers x 20 kW x 0.35 at the same time x 0.5 that can wait."""
    part = flexible_power(office(100.0), parcels(1.0), days(["P0"], "electricity", 0.0))
    assert part.figures["flexible.charging"].value == pytest.approx(100 * 0.15 * 20 * 0.35 * 0.5)


def test_works_give_no_more_than_their_charging() -> None:
    here = office(100.0, "industry")
    row = flexible_power(here, parcels(1.0), days(["P0"], "electricity", 500.0)).tables["flexible"].iloc[0]
    assert row["flexible_summer_kw"] == pytest.approx(row["flexible_charging_kw"])


def test_chosen_heat_pumps_can_be_taken_off_in_winter() -> None:
    """8,760 MWh of heat at 1,000 kW need 2,190 MWh of power: 250 kW, 25 % of it."""
    choice = pd.DataFrame({"parcel_id": ["P0"], "family": ["air"], "electricity_kwh_per_year": [2_190_000.0]})
    part = flexible_power(office(), parcels(1.0), days(["P0"], "heat", 1000.0), choice)
    assert part.tables["flexible"].at["P0", "flexible_heating_kw"] == pytest.approx(62.5)


def test_a_pilot_has_two_hundred_kilowatts_for_an_hour() -> None:
    large = flexible_power(office(), parcels(1.0), days(["P0"], "cold", 3_800.0))
    small = flexible_power(office(), parcels(1.0), days(["P0"], "cold", 2_280.0))
    assert large.tables["flexible"].at["P0", "flexible_pilot"]
    assert not small.tables["flexible"].at["P0", "flexible_pilot"]


def test_without_stalls_charging_is_pointed_out() -> None:
    assert flexible_power(office(), parcels(1.0), days(["P0"], "cold", 1.0)).problems


def test_without_typical_days_nothing_is_computed() -> None:
    with pytest.raises(UserError):
        flexible_power(office(), parcels(1.0), days(["P0"], "cold", 1.0).iloc[:0])


def test_a_new_office_can_be_full_electric_and_an_old_one_is_no_pilot() -> None:
    """380 kW of cold are 100 kW of power, 40 % of which storage moves into the night."""
    here = city(
        [{"use": "business_office"}] * 3,
        [
            {"use": "business_office", "status": "planned"},
            {"use": "business_office", "status": "existing"},
            {"use": "residential", "status": "planned"},
        ],
    )
    needed = parcels(
        9000.0, 9000.0, 9000.0, cold_peak_kw=380.0, heat_kwh_per_year=1.0, hot_water_kwh_per_year=1.0
    )
    part = full_electric_pilots(here, needed)
    assert list(part.tables["full_electric"].index) == ["P0"]
    assert part.figures["full_electric.peak_shift"].value == pytest.approx(40.0)


def test_canopies_and_chargers_meet_where_there_are_stalls_and_modules() -> None:
    canopies = parcels(1.0, ancillary_kwp=200.0, ancillary_kwh_per_year=200_000.0)
    assert list(charging_canopies(office(100.0), canopies).tables["charging_canopy"].index) == ["P0"]
    assert charging_canopies(office(10.0), canopies).tables["charging_canopy"].empty


def test_share_of_electricity_differs_by_basis_of_conversion() -> None:
    """30,000 kWh of power (cold 10,000), 90,000 of heat, 16,000 of gas; 0.30 or 0.1229 kgce/kWh."""
    here = city([{}])
    part = electricity_shares(here, demand(here))
    heat, gas = 90_000 * 3.6e-3 * 34.12, 16_000 * 3.6 / 29.307
    for basis, kappa in (("elec_equivalent", 0.30), ("elec_calorific", 0.1229)):
        power = 30_000 * kappa
        found = part.figures[f"electrification.share.{basis}"].value
        assert found == pytest.approx(power / (power + heat + gas), rel=1e-3)


def test_every_column_is_in_the_dictionary() -> None:
    known = fields()
    table = flexible_power(office(), parcels(1.0), days(["P0"], "cold", 1.0)).tables["flexible"]
    assert [name for name in table if name not in known] == []
