"""The conclusion says what was found, most important first, and nothing else."""

from __future__ import annotations

from core.fields import field
from core.texts import speaking
from reports.conclusion import Finding, RoofStates, sentences
from reports.quantities import of_a_building, quantities
from reports.wording import value_said

ROOF = Finding("Rooftop PV", "suitable", "403 kWp, 498 MWh a year", "tCO2 309", "")


def test_without_potentials_nothing_was_assessed():
    assert sentences([], None, 3, 0) == ["No potential has been assessed yet."]


def test_suitable_potentials_come_first_and_forbidden_ones_with_their_reason():
    water = Finding("Groundwater", "forbidden", "", "", "no-extraction zone")
    said = sentences([water, ROOF], None, 3, 0)
    assert said[0] == "First choice: Rooftop PV 403 kWp, 498 MWh a year."
    assert said[-1] == "Forbidden: Groundwater (no-extraction zone)."


def test_what_is_not_suitable_promises_no_gain():
    poor = Finding("Rooftop PV", "unsuitable", "1 kWp", "tCO2 1", "small roof")
    said = " ".join(sentences([poor], None, 1, 0))
    assert "a year" not in said
    assert "Not suitable: Rooftop PV (small roof)." in said


def test_gains_of_the_best_sources_stand_in_one_sentence():
    air = Finding("Air source", "fairly_suitable", "9 kW", "52 tce", "")
    deep = Finding("Deep heat", "conditional", "99 kW", "392 tce", "no assessment")
    gains = [one for one in sentences([ROOF, air, deep], None, 3, 0) if "avoided" in one]
    assert gains == [
        "Coal replaced and carbon dioxide avoided a year: Rooftop PV tCO2 309; Air source 52 tce."
    ]
    assert "Deep heat 392 tce" in " ".join(sentences([deep], None, 3, 0))


def test_roofs_that_await_their_check_are_never_called_approved():
    said = sentences([ROOF], RoofStates(passed=1, to_check=3, excluded=1), 5, 0)
    assert "Roofs that await the structural check: 3 of 5." in said[-2]
    assert said[-1] == "Roofs excluded for safety: 1 of 5."


def test_when_all_roofs_passed_nothing_is_said_of_checks():
    assert not [s for s in sentences([ROOF], RoofStates(5, 0, 0), 5, 0) if "check" in s]


def test_assumptions_are_counted():
    assert "19" in sentences([ROOF], None, 5, 19)[-1]
    assert len(sentences([ROOF], None, 5, 0)) == 2


def test_columns_are_told_apart_by_unit_and_name():
    found = quantities(
        [
            "pv_kwp",
            "pv_kwh_per_year",
            "pv_p90_kwh_per_year",
            "pv_p10_kwh_per_year",
            "roof_m2",
            "grade",
            "unheard_of",
        ]
        + [f"pv_kwh_month_{month:02d}" for month in range(1, 13)]
    )
    assert [item.name for item in found.capacities] == ["pv_kwp"]
    assert [item.name for item in found.energies] == ["pv_kwh_per_year"]
    assert [item.name for item in found.spreads["pv_kwh_per_year"]] == [
        "pv_p90_kwh_per_year",
        "pv_p10_kwh_per_year",
    ]
    assert len(found.months["pv_kwh"]) == 12
    assert [item.name for item in found.others] == ["roof_m2"]


def test_eleven_months_are_no_year():
    assert quantities([f"pv_kwh_month_{month:02d}" for month in range(1, 12)]).months == {}


def test_buildings_are_compared_by_few_numbers():
    columns = [
        "roof_m2", "roof_usable_m2", "module_m2", "module_tilt_deg", "pv_kwp", "pv_kwh_per_year",
        "pv_yield_kwh_per_kwp", "shading_loss", "avoided_tco2_per_year",
    ]  # fmt: skip
    assert [item.name for item in of_a_building(columns)] == [
        "roof_m2", "roof_usable_m2", "pv_kwp", "pv_kwh_per_year", "pv_yield_kwh_per_kwp", "shading_loss",
    ]  # fmt: skip


def test_roofs_that_are_excluded_say_why():
    said = sentences([ROOF], RoofStates(0, 0, 38, ("to be demolished",)), 38, 0)
    assert said[-1] == "Roofs excluded: 38 of 38; reason: to be demolished."


def test_the_median_of_draws_is_no_second_yield():
    found = quantities(["deep_heat_kwh_per_year", "deep_heat_p50_kwh_per_year", "deep_heat_p90_kwh_per_year"])
    assert [item.name for item in found.energies] == ["deep_heat_kwh_per_year"]


def test_carbon_that_is_given_off_is_not_called_avoided():
    with speaking("zh"):
        said = value_said(field("air_avoided_tco2_per_year"), -128.0)
    assert said.replace("\u00a0", " ") == "增排 128 tCO₂/a"
