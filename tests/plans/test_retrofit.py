"""Existing buildings are retrofitted by priority until the targets are met, and saving is counted once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.fields import fields
from core.problems import UserError
from plans.retrofit import RetrofitSettings, required_areas, retrofit
from plans.retrofit_grounds import TERMS
from tests.plans.small_city import city, demand

NONE: dict[str, float] = {}


def run(rows, required=NONE, **columns):
    here = city(rows)
    return retrofit(here, demand(here, **columns), required)


def test_a_package_saves_what_its_measures_leave_to_each_other() -> None:
    """User side 25 %, control 10 % of the heat: 90,000 kWh bought (81,000 / 0.9) x (1 - 0.75 x 0.90) = 29,250."""
    table = run([{"year_built": 2010.0}]).tables["retrofit"]
    assert table.at["B0", "retrofit_package"] == "cold_network"
    assert table.at["B0", "retrofit_saved_heat_kwh_per_year"] == pytest.approx(29_250)


def test_cost_of_a_package_is_the_sum_of_its_measures() -> None:
    """150 and 25 yuan/m² on 1,000 m²."""
    assert run([{"year_built": 2010.0}]).tables["retrofit"].at["B0", "retrofit_capex_yuan"] == 175_000


def test_coal_of_saved_network_heat_is_that_of_the_table() -> None:
    """29,250 kWh are 105.3 GJ, each 34.12 kgce."""
    found = run([{"year_built": 2010.0}]).tables["retrofit"].at["B0", "retrofit_saved_kgce_per_year"]
    assert found == pytest.approx(105.3 * 34.12, abs=1)


def test_a_house_with_its_own_boiler_saves_gas_not_network_heat() -> None:
    """Bought 81,000 / 0.9 of gas; 25 % and 10 % follow one another. Hot water and cooking are left."""
    row = run([{"year_built": 2010.0, "central_heating": False}]).tables["retrofit"].loc["B0"]
    assert row["retrofit_package"] == "cold_own_boiler"
    assert row["retrofit_saved_heat_kwh_per_year"] == 0
    assert row["retrofit_saved_gas_kwh_per_year"] == pytest.approx(90_000 * (1 - 0.75 * 0.9))


def test_a_city_without_network_heat_or_gas_saves_electricity_alone() -> None:
    """In 上海 rooms are heated by heat pumps: the other carriers are saved in no amount, and are there."""
    here = city([{"year_built": 1990.0, "central_heating": False}])
    here = replace(here, facts={"climate_zone": "3A", "climate_city": "上海", "province": "上海"})
    row = retrofit(here, demand(here, cooking_kwh_per_year=0.0, hot_water_kwh_per_year=0.0), NONE)
    saved = row.tables["retrofit"].loc["B0"]
    assert saved["retrofit_saved_electricity_kwh_per_year"] > 0
    assert saved["retrofit_saved_heat_kwh_per_year"] == 0


def test_an_old_estate_comes_before_newer_housing() -> None:
    table = run([{"year_built": 2012.0}, {"year_built": 1985.0, "old_estate": True}]).tables["retrofit"]
    assert table.at["B1", "retrofit_priority"] > table.at["B0", "retrofit_priority"]


def test_full_age_old_estate_and_network_in_a_cold_zone_give_seven_tenths_without_excess() -> None:
    """Weights 0.3 age, 0.3 excess, 0.2 old estate, 0.1 network, 0.1 zone; only excess is nothing."""
    found = run([{"year_built": 1985.0, "old_estate": True}]).tables["retrofit"]
    assert found.at["B0", "retrofit_priority"] == pytest.approx(0.7)


def test_the_usual_saving_lies_within_its_range() -> None:
    row = run([{"year_built": 2010.0}]).tables["retrofit"].loc["B0"]
    low, usual, high = (row[f"retrofit_saved_{end}kgce_per_year"] for end in ("low_", "", "high_"))
    assert low < usual < high
    assert (row["retrofit_capex_low_yuan"], row["retrofit_capex_high_yuan"]) == (115_000, 240_000)


def test_sums_of_planning_units_are_those_of_the_city() -> None:
    rows = [{"year_built": 1985.0}, {"year_built": 1985.0}, {"use": "business_office"}]
    here = city(rows, [{"use": "residential", "planning_unit": unit} for unit in ("A", "B", "B")])
    part = retrofit(here, demand(here), {"residential": 2000.0, "public": 1000.0})
    units = part.tables["retrofit_unit"]
    assert units["retrofit_residential_m2"].to_dict() == {"A": 1000.0, "B": 1000.0}
    assert units["retrofit_public_m2"].sum() == part.figures["retrofit.area.public"].value


def test_buildings_are_taken_until_the_target_area_is_reached() -> None:
    """Of five buildings of 1,000 m² three are needed for 2,500 m², the oldest first."""
    rows = [{"year_built": year} for year in (2012.0, 1985.0, 2006.0, 2009.0, 2003.0)]
    part = run(rows, {"residential": 2500.0})
    assert list(part.tables["retrofit"].query("retrofit_chosen").index) == ["B1", "B4", "B2"]
    assert part.figures["retrofit.area.residential"].value == 3000


def test_housing_and_public_buildings_are_two_counters() -> None:
    part = run([{}, {"use": "business_office"}], {"residential": 0.0, "public": 1000.0})
    assert list(part.tables["retrofit"].query("retrofit_chosen").index) == ["B1"]
    assert part.figures["retrofit.area.residential"].value == 0
    assert part.figures["retrofit.area.total"].value == part.figures["retrofit.area.public"].value == 1000


def test_works_are_no_candidates() -> None:
    table = run([{"use": "industry"}], {"total": 1000.0}).tables["retrofit"]
    assert not table["retrofit_chosen"].any()
    assert table.at["B0", "reason"] == "not a civil building"


def test_houses_in_the_country_count_only_where_asked_for() -> None:
    here = city([{"use": "rural_house"}])
    towns = retrofit(here, demand(here), {"total": 1000.0})
    both = retrofit(here, demand(here), {"total": 1000.0}, RetrofitSettings(with_rural=True))
    assert towns.figures["retrofit.area.total"].value == 0
    assert both.figures["retrofit.area.total"].value == 1000


def test_demolition_of_a_sound_building_saves_nothing_and_is_pointed_out() -> None:
    part = run([{"planned_demolition": True}])
    assert part.tables["retrofit"].at["B0", "demolition_saved_kwh_per_year"] == 0
    assert any(problem.rows == ("B0",) for problem in part.problems)


def test_demolition_of_a_dangerous_building_ends_all_its_use() -> None:
    part = run([{"planned_demolition": True, "dangerous": True}])
    bought = 81_000 / 0.9 + 30_000 / 3.0 + 8_400 / 0.84 + 20_000 + 6_000
    assert part.figures["retrofit.demolition"].value == pytest.approx(bought, rel=1e-3)


def test_a_building_refitted_some_years_ago_is_not_taken_again() -> None:
    table = run([{"retrofit_year": 2020.0}, {"retrofit_year": 2010.0}]).tables["retrofit"]
    assert table.at["B0", "reason"] == "retrofitted in recent years"
    assert table.at["B1", "reason"] == ""


def test_a_target_out_of_reach_says_by_how_much() -> None:
    part = run([{}], {"public": 5000.0})
    assert any("5,000 m²" in problem.said() for problem in part.problems)


def test_the_planner_has_the_first_and_the_last_word() -> None:
    here = city([{"year_built": 1985.0}, {"year_built": 2010.0}])
    part = retrofit(
        here, demand(here), {"residential": 1000.0}, RetrofitSettings(), {"B1": True, "B0": False}
    )
    assert list(part.tables["retrofit"].query("retrofit_chosen").index) == ["B1"]


def test_choices_of_unknown_buildings_are_a_problem() -> None:
    here = city([{}])
    part = retrofit(here, demand(here), {}, RetrofitSettings(), {"B9": True})
    assert any("B9" in problem.rows for problem in part.problems)


def test_meters_scale_what_is_saved() -> None:
    """A meter of twice the modelled heat doubles the saving of heat."""
    plain = run([{"year_built": 2010.0}]).tables["retrofit"]
    metered = run([{"year_built": 2010.0}], metered_heat_kwh_per_year=180_000.0).tables["retrofit"]
    name = "retrofit_saved_heat_kwh_per_year"
    assert metered.at["B0", name] == pytest.approx(2 * plain.at["B0", name])


def test_only_cumulative_targets_of_the_city_up_to_the_year_count() -> None:
    targets = pd.DataFrame(
        {
            "indicator": ["retrofit_area_residential", "retrofit_area_residential", "retrofit_area_public", "retrofit_area"],
            "area_kind": ["city", "city", "district", "city"],
            "kind": ["cumulative", "cumulative", "cumulative", "change"],
            "year": [2028, 2032, 2028, 2028],
            "value": [1e5, 9e5, 5e5, 7e5],
        }
    )  # fmt: skip
    assert required_areas(targets, 2030) == {"residential": 1e5}


def test_without_demand_there_is_no_retrofit() -> None:
    here = city([{}])
    with pytest.raises(UserError):
        retrofit(here, demand(here).iloc[:0], {})


def test_every_column_and_figure_can_be_explained() -> None:
    part = run([{}, {"use": "hotel"}], {"residential": 500.0})
    known = fields()
    assert [name for name in part.tables["retrofit"] if name not in known] == []
    for key in part.figures:
        part.figures.trace(key)
    assert np.isfinite(part.figures["retrofit.payback.residential"].value)


# Why this building


def test_the_points_of_a_building_add_up_to_its_place() -> None:
    """Of 100: 30 for age, 20 for the old estate, 10 for the network, 10 for the zone, nothing for excess."""
    row = run([{"year_built": 1975.0, "old_estate": True}]).tables["retrofit"].loc["B0"]
    said = {name: row[f"retrofit_{name}_points"] for name in TERMS}
    assert said == pytest.approx(
        {"age": 30.0, "excess": 0.0, "old_estate": 20.0, "central_heating": 10.0, "zone": 10.0}
    )
    assert row["retrofit_points"] == pytest.approx(sum(said.values()))
    assert row["retrofit_priority"] == pytest.approx(0.7)


def test_every_building_says_on_what_ground_it_is_chosen_or_not() -> None:
    rows = [{"year_built": 1975.0}, {"year_built": 1990.0}, {"year_built": 1998.0}, {"year_built": 2001.0},
            {"year_built": 1960.0, "dangerous": True}]  # fmt: skip
    here = city(rows)
    part = retrofit(
        here,
        demand(here),
        {"residential": 2000.0},
        fixed={"B3": True, "B1": False},
        why={"B3": "与老旧小区改造同步", "B1": "拟征收"},
    )
    table = part.tables["retrofit"]
    assert table["retrofit_ground"].to_dict() == {
        "B0": "by_priority",
        "B1": "declined_by_planner",
        "B2": "kept_for_later",
        "B3": "by_planner",
        "B4": "left_out",
    }
    assert (table.at["B1", "manual_reason"], table.at["B0", "manual_reason"]) == ("拟征收", "")


def test_what_is_no_candidate_is_counted_by_reason() -> None:
    rows = [{"year_built": 1975.0}, {"year_built": 1960.0, "dangerous": True}, {"dangerous": True}]
    (row,) = run(rows).tables["retrofit_left_out"].itertuples()
    assert (row.reason, row.buildings) == ("dangerous building, made safe or removed first", 2)
    assert row.gfa_m2 == 2000.0
