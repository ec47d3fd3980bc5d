"""Charts count what passes: the city, an area, the selection, through the filters."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType, SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from core import texts
from desktop.chart_scope import Scope, areas_of, scope_of
from desktop.charts import CHARTS, Content, carbon_cost, heat_months, months_of, targets
from plans import Part

MONTHS = [f"heat_kwh_month_{month:02d}" for month in range(1, 13)]


@pytest.fixture(autouse=True)
def english():
    with texts.speaking("en"):
        yield


@pytest.fixture
def city() -> SimpleNamespace:
    parcels = pd.DataFrame(
        {"district_name": ["North", "North", "South"], "planning_unit": ["N1", "N2", "S1"]},
        index=pd.Index(["P1", "P2", "P3"], name="parcel_id"),
    )
    buildings = pd.DataFrame(
        {"parcel_id": ["P1", "P1", "P2", "P3"]}, index=pd.Index(["B1", "B2", "B3", "B4"], name="building_id")
    )
    return SimpleNamespace(tables={"parcel": parcels, "building": buildings})


@pytest.fixture
def demand() -> SimpleNamespace:
    parcels = pd.DataFrame(
        np.outer([100.0, 10.0, 1.0], np.ones(12)), index=pd.Index(["P1", "P2", "P3"]), columns=MONTHS
    )
    buildings = pd.DataFrame(
        np.outer([60.0, 40.0, 10.0, 1.0], np.ones(12)),
        index=pd.Index(["B1", "B2", "B3", "B4"]),
        columns=MONTHS,
    )
    totals = dict.fromkeys(MONTHS, 111.0)
    return SimpleNamespace(parcels=parcels, details={"building": buildings}, totals=totals)


@pytest.fixture
def plan() -> Part:
    choice = pd.DataFrame(
        {
            "parcel_id": ["P1", "P2", "P3", "P3"],
            "technology": ["rooftop_pv", "rooftop_pv", "facade_pv", "solar_thermal"],
            "avoided_tco2_per_year": [10.0, 30.0, 5.0, 0.0],
            "cost_yuan_per_year": [-1000.0, 600.0, 500.0, 70.0],
        }
    )
    return Part(tables=MappingProxyType({"choice": choice}))


def january(demand, scope: Scope) -> float:
    found = months_of(demand, "heat_kwh", scope)
    assert found is not None
    return float(found[0])


def test_areas_are_districts_and_units_that_have_parcels(city):
    assert [area for _, area, _ in areas_of(city)] == ["North", "South", "N1", "N2", "S1"]


def test_the_city_a_district_and_a_unit_add_up_their_parcels(city, demand):
    assert january(demand, scope_of(city)) == 111
    assert january(demand, scope_of(city, "district", "North")) == 110
    assert january(demand, scope_of(city, "unit", "S1")) == 1


def test_a_filter_of_parcels_narrows_the_city_and_every_district(city, demand):
    passing = {"parcel": pd.Index(["P1", "P3"])}
    assert january(demand, scope_of(city, filters=passing)) == 101
    assert january(demand, scope_of(city, "district", "North", filters=passing)) == 100


def test_a_filter_of_buildings_counts_buildings_of_the_parcels_that_pass(city, demand):
    passing = {"building": pd.Index(["B1", "B3", "B4"])}
    scope = scope_of(city, filters=passing)
    assert (scope.table, len(scope.ids), january(demand, scope)) == ("building", 3, 71)
    both = {**passing, "parcel": pd.Index(["P1"])}
    assert list(scope_of(city, filters=both).ids) == ["B1"]


def test_what_is_selected_but_filtered_out_does_not_count(city, demand):
    passing = {"parcel": pd.Index(["P1"])}
    scope = scope_of(city, "selection", filters=passing, selection=("parcel", ["P1", "P2"]))
    assert january(demand, scope) == 100


def test_carbon_costs_the_net_cost_over_what_is_avoided_and_measures_that_avoid_nothing_are_named(city, plan):
    chart = carbon_cost(Content({}, plan), scope_of(city))
    costs = chart.table["Cost (CNY/tCO2)"].tolist()
    assert costs == [(-1000 + 600) / 40, 500 / 5]
    assert "1 measure avoids nothing" in chart.note


def test_measures_of_one_technology_stand_alone_where_asked_for(city, plan):
    chart = carbon_cost(Content({}, plan), scope_of(city, "district", "North"), "measure")
    assert chart.table["Cost (CNY/tCO2)"].tolist() == [-100.0, 20.0]
    assert chart.table["Added up (tCO2/a)"].tolist() == [10.0, 40.0]


def test_targets_of_a_city_say_the_gap(city):
    reached = pd.DataFrame(
        {
            "indicator": ["pv_capacity_added", "pv_capacity_added"], "year": [2025, 2030],
            "area_kind": "city", "area_id": "",
            "operator": ">=", "value": [50.0, 100.0], "nature": "", "indicator_value": [40.0, 80.0],
            "target_margin": [-10.0, -20.0], "target_met": False,
        },
        index=["a", "b"],
    )  # fmt: skip
    target = pd.DataFrame({"target_unit": ["kW", "kW"]}, index=["a", "b"])
    chart = targets(Content({}, Part(tables={"reached": reached, "target": target})), scope_of(city))
    assert chart.table["Margin"].tolist() == [-20.0]  # of the last year alone
    assert "short by 20.0 kW" in chart.picture(120, 40).replace("\u00a0", " ")


@pytest.mark.parametrize("name", list(CHARTS))
def test_a_chart_without_results_says_what_to_do(city, name):
    chart = CHARTS[name](Content({}, None), scope_of(city), "")
    assert chart.picture is None
    assert chart.note


def test_heat_of_a_month_stands_in_the_table(city, demand):
    chart = heat_months(Content({"demand": demand}), scope_of(city, "unit", "N2"))
    assert chart.table.iloc[0].tolist() == [1, 10.0]


def test_the_command_draws_a_chart_of_the_parcels_that_meet_a_condition(assessed, lutu, tmp_path):
    out = tmp_path / "day.csv"
    answer = lutu(
        "chart", assessed, "typical_day", out, "--option", "7", "--where", 'parcel_id == "P1"', "--json"
    )
    assert answer.code == 0, answer.said
    assert answer.json["rows"] == 1
    lines = out.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 25
    assert lutu("chart", assessed, "typical_day", tmp_path / "day.svg").code == 0
    assert "<title>" in (tmp_path / "day.svg").read_text(encoding="utf-8")


def test_the_command_says_which_months_areas_and_plans_are_missing(assessed, lutu, tmp_path):
    out = tmp_path / "x.svg"
    assert "13" in lutu("chart", assessed, "typical_day", out, "--option", "13").said
    assert "Nowhere" in lutu("chart", assessed, "typical_day", out, "--district", "Nowhere").said
    assert lutu("chart", assessed, "carbon_cost", out).code == 1  # there is no plan yet
    assert lutu("chart", assessed, "typical_day", tmp_path / "x.pdf").code == 2
    assert not out.exists()


def test_reports_take_the_parcels_that_meet_a_condition(assessed, lutu, tmp_path):
    answer = lutu("report", assessed, "--where", 'parcel_id == "P1"', "--out", tmp_path, "--json")
    assert [Path(file).name for file in answer.json["files"]] == ["P1.pdf"]
    assert lutu("report", assessed, "--where", "far > 99").code == 1


@pytest.fixture
def assessed(ready, lutu) -> Path:
    """The small city with roofs assessed."""
    assert lutu("assess", ready, "rooftop").code == 0
    return ready
