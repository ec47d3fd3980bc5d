"""Resources in words: ranges, land uses, goals by year, what is watched; and hatches that maps and legends keep apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from plans import Part
from potential import Assessment
from reports.documents.renewable_pictures import renewable_pictures
from reports.documents.resource_said import resource_said
from reports.sheets.inks import Pen, defs
from tests.plans.small_city import city as small_city


@pytest.fixture
def town():  # type: ignore[no-untyped-def]
    units = pd.DataFrame({"name": ["城东单元"]}, index=pd.Index(["U1"], name="planning_unit_id"))
    return small_city([{}, {}], [{"use": "residential"}, {"use": "education"}], planning_unit=units)


def thermal() -> Assessment:
    totals = {
        "solar_heat_kwh_per_year": 100.0,
        "solar_heat_p90_kwh_per_year": 80.0,
        "solar_heat_p10_kwh_per_year": 120.0,
        "hot_water_kwh_per_year": 900.0,
        "hot_water_p90_kwh_per_year": 700.0,
        "hot_water_p10_kwh_per_year": 999.0,
    }
    return Assessment("solar_thermal", pd.DataFrame(), pd.DataFrame(), {}, totals)


def roofs() -> Assessment:
    options = pd.DataFrame({"parcel_id": ["P0", "P1"], "technology": "rooftop_pv", "most_kw": [20.0, 5.0]})
    return Assessment("rooftop", pd.DataFrame(), options, {}, {})


def choice() -> pd.DataFrame:
    rows = {
        "parcel_id": ["P0", "P1", "P1"],
        "technology": ["rooftop_pv", "rooftop_pv", "deep_doublet"],
        "family": ["pv", "pv", "deep_ground"],
        "planned_kw": [12.0, 5.0, 40.0],
        "approved": [True, False, True],
        "panel_m2": [60.0, 25.0, 0.0],
        "served_m2": [0.0, 0.0, 1000.0],
        "saved_kgce_per_year": [10.0, 5.0, 70.0],
    }
    return pd.DataFrame(rows)


def test_a_resource_is_what_is_supplied_and_not_what_is_needed(town) -> None:  # type: ignore[no-untyped-def]
    row = resource_said(town, {"solar_thermal": thermal()}, Part(), 2030).tables["resource_range"].iloc[0]
    given = [row[f"resource_{name}_kwh_per_year"] for name in ("p90", "middle", "p10")]
    assert given == [80.0, 100.0, 120.0]


def test_pv_adds_up_by_use_and_what_is_not_approved_is_told_apart(town) -> None:  # type: ignore[no-untyped-def]
    table = resource_said(town, {"rooftop": roofs()}, Part({"choice": choice()}), 2030).tables["resource_use"]
    assert table.loc["residential", ["use_pv_most_kw", "use_pv_planned_kw"]].tolist() == [20.0, 12.0]
    assert table.loc["education", ["use_pv_planned_kw", "use_pv_approved_kw"]].tolist() == [5.0, 0.0]
    assert table.loc["education", "use_geothermal_m2"] == 1000.0


def test_goals_of_a_year_are_those_of_the_city_alone(town) -> None:  # type: ignore[no-untyped-def]
    target = pd.DataFrame(
        {"area_kind": ["city"], "year": [2030], "indicator": ["pv_capacity_added"]}, index=["pv/2030/city"]
    )
    years = pd.DataFrame(
        {
            "target_id": "pv/2030/city",
            "area_kind": ["city", "city", "district"],
            "year": [2029, 2030, 2030],
            "value": [10.0, 15.0, 7.0],
            "reached_value": [10.0, 25.0, 7.0],
        }
    )
    plan = Part({"target": target, "decomposition_year": years})
    table = resource_said(town, {}, plan, 2030).tables["goal_year"]
    assert table["pv_goal_kw"].to_dict() == {2029: 10.0, 2030: 15.0}
    assert table["pv_goal_total_kw"].to_dict() == {2029: 10.0, 2030: 25.0}
    assert "geothermal_goal_m2" not in table


def test_degree_days_are_those_of_the_city_of_the_climate_tables(town) -> None:  # type: ignore[no-untyped-def]
    figures = resource_said(town, {}, Part(), 2030).figures
    cities = town.standards.table("cities").set_index("city_zh")
    assert figures["climate.hdd18"].value == cities.loc["西安", "hdd18"]
    assert "climate.ghi" not in figures  # no weather was given
    assert renewable_pictures(None, Part(), 2030) == {}


def test_what_is_watched_is_said_once_for_all_projects(town) -> None:  # type: ignore[no-untyped-def]
    watch = pd.DataFrame(
        {
            "choice_id": ["a", "b", "b"],
            "technology": "deep_doublet",
            "watch_item": ["returned_water", "returned_water", "water_quality"],
            "watch_place": "every well",
            "watch_interval_d": [1, 1, 180],
            "watch_operator": [">=", ">=", None],
            "watch_value": [1.0, 1.0, np.nan],
            "watch_unit": ["-", "-", None],
        }
    )
    table = resource_said(town, {}, Part({"environment_watch": watch}), 2030).tables["watch_said"]
    assert table["watch_projects"].tolist() == [2, 1]
    assert table["watch_limit_said"].tolist() == ["≥100%", "—"]


def test_heat_of_units_bears_their_names(town) -> None:  # type: ignore[no-untyped-def]
    regional = pd.DataFrame(
        {"rest_kwh_per_year": [5.0, 6.0]}, index=pd.Index(["U1", "U2"], name="planning_unit")
    )
    table = resource_said(town, {}, Part({"regional": regional}), 2030).tables["unit_heat"]
    assert table["name"].tolist() == ["城东单元", "U2"]


def test_a_hatch_of_the_map_is_not_that_of_the_legend() -> None:
    pen = Pen("area", "#8a2a21", hatch="lines")
    on_map, beside_words = defs([pen]), defs([pen], 1.0)
    assert f'id="{pen.pattern()}"' in on_map
    assert f'id="{pen.pattern()}"' not in beside_words
    assert f"#{pen.pattern(1.0)})" in pen.swatch()


def test_pv_that_the_plan_leaves_out_is_still_counted_in_what_could_be_built(town) -> None:  # type: ignore[no-untyped-def]
    left_out = choice().assign(technology="facade_pv")
    table = resource_said(town, {"rooftop": roofs()}, Part({"choice": left_out}), 2030).tables["resource_use"]
    assert table.loc["residential", "use_pv_most_kw"] == 20.0
