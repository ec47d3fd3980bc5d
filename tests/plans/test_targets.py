"""Targets come from documents in their units; kinds stay apart, contradictions are said, parts add up to the whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.problems import Severity, UserError
from core.texts import catalogue
from plans.city_targets import city_targets, steps
from plans.decomposition import area_targets, decompose
from plans.indicators import reached
from plans.period import Period, period_of
from plans.rounding import shared, shared_in_years, whole_steps
from plans.targets import base_amount, checks, read_targets
from plans.weights import Weights
from standards import Standards, Taken

STANDARDS = Standards()
PERIOD = Period(2020, 2025, 2026, 2030, 2035)
COUNTRY_PLAN = ("14FYP",)


def own(tmp_path: Path, *rows: str) -> Standards:
    head = "target_set,year,scope,indicator,name_zh,operator,value,unit,type,nature,source,note"
    (tmp_path / "targets.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return Standards(tmp_path)


def city_of(standards: Standards, sets: tuple[str, ...], stock_m2: float = 1e8) -> pd.DataFrame:
    targets, _ = read_targets(standards, sets, "陕西省", 2020)
    return city_targets(targets, standards, stock_m2, steps(standards)).tables["target"]


@pytest.mark.parametrize(
    ("value", "unit", "base"),
    [
        (0.5, "亿kW", (5e7, "kW")),
        (1, "万kW", (1e4, "kW")),
        (10, "MW", (1e4, "kW")),
        (50, "GW", (5e7, "kW")),
        (3.5, "亿m2", (3.5e8, "m²")),
        (2000, "万m2", (2e7, "m²")),
        (1, "公顷", (1e4, "m²")),
        (3, "亩", (2000.01, "m²")),
        (11.5, "亿tce", (1.15e12, "kgce")),
        (8, "%", (0.08, "%")),
        (5, "percentage points", (0.05, "%")),
    ],
)
def test_amounts_come_to_their_base_unit(value: float, unit: str, base: tuple[float, str]) -> None:
    found, word = base_amount(value, unit, STANDARDS)
    assert found == pytest.approx(base[0])
    assert word == base[1]


def test_ten_megawatts_are_one_wan_kilowatts() -> None:
    assert base_amount(1, "万kW", STANDARDS) == base_amount(10, "MW", STANDARDS)


def test_the_plan_asks_for_fifty_gigawatts_added_and_for_a_rate_in_the_year() -> None:
    targets, _ = read_targets(STANDARDS, COUNTRY_PLAN, "", 2020)
    targets = targets.set_index("indicator")
    assert targets.loc["pv_capacity_added", "value"] == pytest.approx(5e7)
    assert targets["kind"].to_dict() == {
        "operation_energy_total": "annual",
        "new_residential_efficiency_gain": "standard",
        "new_public_efficiency_gain": "standard",
        "retrofit_area": "cumulative",
        "retrofit_area_residential": "cumulative",
        "retrofit_area_public": "cumulative",
        "ultra_low_energy_area": "cumulative",
        "prefabricated_share": "flow",
        "pv_capacity_added": "cumulative",
        "geothermal_area_added": "cumulative",
        "renewable_substitution_rate": "state",
        "electricity_share": "state",
        "green_building_share_new": "flow",
    }
    assert set(targets["nature"]) == {"预期性"}


def test_retrofit_of_housing_and_public_buildings_is_all_of_it() -> None:
    targets, _ = read_targets(STANDARDS, COUNTRY_PLAN, "", 2020)
    value = targets.set_index("indicator")["value"]
    assert value["retrofit_area_residential"] + value["retrofit_area_public"] == value["retrofit_area"]


def test_a_city_of_a_hundred_million_square_metres_has_a_share_of_the_country() -> None:
    """0.2647 %: 132 MW, 92.6, 13.2 and 26.5 万㎡."""
    value = city_of(STANDARDS, COUNTRY_PLAN).set_index("indicator")["value"]
    assert value["pv_capacity_added"] == pytest.approx(132_000, rel=5e-3)
    assert value["retrofit_area"] == pytest.approx(926_000, rel=1e-3)
    assert value["ultra_low_energy_area"] == pytest.approx(132_000, rel=5e-3)
    assert value["geothermal_area_added"] == pytest.approx(265_000, rel=2e-3)
    assert value["renewable_substitution_rate"] == 0.08  # a share is never divided


def test_an_amount_to_be_reached_is_printed_no_lower_than_it_is() -> None:
    targets, _ = read_targets(STANDARDS, COUNTRY_PLAN, "", 2020)
    found = city_targets(targets, STANDARDS, 1.2345678e8, steps(STANDARDS)).tables["target"]
    exact = targets["value"] * 1.2345678e8 / 377.8e8
    amounts = found["target_unit"].isin(["m²", "kW"])
    assert (found.loc[amounts, "value"] >= exact[found.index][amounts] - 1e-6).all()
    assert (found.loc[amounts, "value"] % 10 == 0).all()


def test_the_city_s_own_target_goes_before_its_share_of_the_country(tmp_path: Path) -> None:
    standards = own(
        tmp_path, "own,2025,city,pv_capacity_added,光伏,>=,5,万kW,cumulative 2021-2025,预期性,assumption,ours"
    )
    found = city_of(standards, ("14FYP", "own"))
    assert found[found["indicator"] == "pv_capacity_added"]["value"].tolist() == [50_000]


def test_targets_of_another_province_are_left_out() -> None:
    targets, _ = read_targets(STANDARDS, ("local",), "广东省", 2025)
    assert set(targets["area_id"]) == {"广东"}
    assert city_of(STANDARDS, ("local",))["value"].empty


def test_a_target_without_a_year_or_number_is_said_and_left_out() -> None:
    targets, problems = read_targets(STANDARDS, ("key_city", "state_office_20"), "", 2020)
    assert "key_city" not in set(targets["target_set"])
    said = {one.message: one.rows for one in problems}
    assert said["Some targets have no year."] == ("key_city/public_efficiency_gain//city",)
    assert "Some targets have no number." in said


def test_an_unknown_set_is_said() -> None:
    _, problems = read_targets(STANDARDS, ("16FYP",), "", 2020)
    assert problems[0].severity is Severity.ERROR
    assert "16FYP" in problems[0].said()


def test_units_that_nobody_knows_are_said(tmp_path: Path) -> None:
    standards = own(
        tmp_path, "own,2030,city,pv_capacity_added,光伏,>=,5,马力,cumulative,预期性,assumption,ours"
    )
    targets, problems = read_targets(standards, ("own",), "", 2025)
    assert targets.empty
    assert problems[0].rows == ("own/pv_capacity_added/2030/city",)


def test_at_least_and_at_most_that_cannot_both_hold_are_said(tmp_path: Path) -> None:
    standards = own(
        tmp_path,
        "own,2030,city,pv_capacity_added,下限,>=,5,万kW,cumulative,预期性,assumption,ours",
        "own,2030,city,retrofit_area,下限,>=,50,万m2,cumulative,预期性,assumption,ours",
        "cap,2030,city,pv_capacity_added,上限,<=,4,万kW,cumulative,预期性,assumption,ours",
        "cap,2030,city,retrofit_area,上限,<=,60,万m2,cumulative,预期性,assumption,ours",
    )
    _, problems = read_targets(standards, ("own", "cap"), "", 2025)
    (wrong,) = [one for one in problems if one.severity is Severity.ERROR]
    assert set(wrong.rows) == {"own/pv_capacity_added/2030/city", "cap/pv_capacity_added/2030/city"}


def test_shares_above_the_whole_and_falling_shares_are_said(tmp_path: Path) -> None:
    standards = own(
        tmp_path,
        "own,2030,city,electricity_share,比例,>=,120,%,state of year,预期性,assumption,ours",
        "own,2026,city,prefabricated_share,比例,>=,50,%,flow,预期性,assumption,ours",
        "own,2030,city,prefabricated_share,比例,>=,40,%,flow,预期性,assumption,ours",
    )
    _, problems = read_targets(standards, ("own",), "", 2025)
    said = {one.message: one.rows for one in problems}
    assert said["Some targets are below 0 or above 100 %."] == ("own/electricity_share/2030/city",)
    falling = "Some targets ask for less in a later year than in an earlier one."
    assert said[falling] == ("own/prefabricated_share/2030/city",)


def test_of_a_range_its_lower_end_is_taken() -> None:
    targets, problems = read_targets(STANDARDS, ("ui_default",), "", 2020)
    assert targets.loc["ui_default/two_star_share_new/2025/city", "value"] == 0.15
    assert any(one.severity is Severity.NOTE for one in problems)


def test_targets_of_different_kinds_are_never_compared() -> None:
    targets = pd.DataFrame(
        {
            "indicator": ["x", "x"], "area_kind": "city", "area_id": "", "kind": ["flow", "state"], "year": 2030,
            "operator": [">=", "<="], "value": [0.9, 0.1], "target_unit": "%",
        },
        index=["a", "b"],
    )  # fmt: skip
    assert checks(targets, 2025) == []


def weights() -> Weights:
    index = pd.MultiIndex.from_tuples(
        [("east", "E1"), ("east", "E2"), ("west", "W1"), ("west", "W2"), ("west", "")],
        names=["district", "unit"],
    )
    table = pd.DataFrame(
        {
            "stock_m2": [1.0, 2.0, 3.0, 0.0, 1.0], "housing_m2": [1.0, 1.0, 1.0, 0.0, 0.0],
            "old_residential_m2": [1.0, 0.0, 1.0, 0.0, 0.0],
            "old_public_m2": [0.0, 1.0, 2.0, 0.0, 1.0], "new_m2": [5.0, 0.0, 1.0, 0.0, 0.0],
            "people": [10.0, 20.0, 30.0, 0.0, 0.0],
        },
        index=index,
    )  # fmt: skip
    potential = pd.DataFrame({"pv_capacity_added": [40_000.0, 0.0, 70_000.0, 0.0, 1_000.0]}, index=index)
    return Weights(table, potential)


def target(indicator: str, value: float, unit: str, kind: str = "cumulative") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "target_set": "own", "indicator": indicator, "name_zh": indicator, "area_kind": "city", "area_id": "",
            "year": 2030, "from_year": 2026.0, "operator": ">=", "value": value, "target_unit": unit, "kind": kind,
            "nature": "", "source": "assumption", "target_share": 1.0,
        },
        index=pd.Index([f"own/{indicator}/2030/city"], name="target_id"),
    )  # fmt: skip


def by_kind(table: pd.DataFrame) -> dict[str, float]:
    return {str(kind): float(value) for kind, value in table.groupby("area_kind")["value"].sum().items()}


@pytest.mark.parametrize("method", ["stock_area", "new_build", "population_or_gdp", "potential"])
def test_districts_and_units_add_up_to_the_city_by_every_method(method: str) -> None:
    goal = target("pv_capacity_added", 100_010.0, "kW")
    part = decompose(
        goal, weights(), STANDARDS, PERIOD, steps(STANDARDS), methods={"pv_capacity_added": method}
    )
    sums = by_kind(part.tables["decomposition"])
    assert sums == {"city": 100_010, "district": 100_010, "unit": 100_010}
    assert set(part.tables["decomposition"]["decomposition_method"]) == {method}


def test_years_add_up_and_never_fall_in_any_area() -> None:
    goal = target("retrofit_area_public", 123_400.0, "m²")
    part = decompose(goal, weights(), STANDARDS, PERIOD, steps(STANDARDS))
    table, years = part.tables["decomposition"], part.tables["decomposition_year"]
    assert (years["value"] >= 0).all()
    for _, rows in years.groupby("year"):
        assert len(set(by_kind(rows).values())) == 1
    last = years[years["year"] == 2030].set_index(["area_kind", "parent_id", "area_id"])["reached_value"]
    whole = table.set_index(["area_kind", "parent_id", "area_id"])["value"]
    assert last.to_dict() == whole.to_dict()


def test_more_is_done_in_years_with_more_weight() -> None:
    goal = target("retrofit_area_public", 100_000.0, "m²")
    part = decompose(
        goal, weights(), STANDARDS, PERIOD, steps(STANDARDS), year_weights={2027: 1.0, 2029: 3.0}
    )
    years = part.tables["decomposition_year"]
    city = years[years["area_kind"] == "city"].set_index("year")["value"]
    assert city.to_dict() == {2026: 0, 2027: 25_000, 2028: 0, 2029: 75_000, 2030: 0}


def test_what_the_province_hands_down_stands_and_the_rest_is_shared() -> None:
    goal = target("pv_capacity_added", 100_000.0, "kW")
    handed = pd.DataFrame(
        {"indicator": ["pv_capacity_added"], "year": [2030], "area_id": ["east"], "value": [70_000.0]}
    )
    part = decompose(
        goal, weights(), STANDARDS, PERIOD, steps(STANDARDS), {"pv_capacity_added": "handed_down"}, handed
    )
    table = part.tables["decomposition"]
    districts = table[table["area_kind"] == "district"].set_index("area_id")
    assert districts["value"].to_dict() == {"east": 70_000, "west": 30_000}
    assert districts.loc["east", "decomposition_method"] == "handed_down"


def test_more_handed_down_than_asked_for_is_said_and_taken() -> None:
    goal = target("pv_capacity_added", 100_000.0, "kW")
    handed = pd.DataFrame(
        {"indicator": ["pv_capacity_added"], "year": [2030], "area_id": ["east"], "value": [170_000.0]}
    )
    part = decompose(goal, weights(), STANDARDS, PERIOD, steps(STANDARDS), given=handed)
    assert by_kind(part.tables["decomposition"]) == {"city": 170_000, "district": 170_000, "unit": 170_000}
    assert part.problems[0].severity is Severity.WARNING


def test_the_share_from_above_stands_beside_the_potential_from_below() -> None:
    goal = target("pv_capacity_added", 100_000.0, "kW")
    part = decompose(
        goal, weights(), STANDARDS, PERIOD, steps(STANDARDS), {"pv_capacity_added": "stock_area"}
    )
    table = part.tables["decomposition"].set_index(["area_kind", "area_id"])
    assert table.loc[("city", ""), "potential_gap"] == 11_000
    assert table.loc[("unit", "E2"), "potential_gap"] < 0  # asked for more than its roofs can carry
    key = "decomposition.own.pv_capacity_added.2030.city.gap"
    assert part.figures[key].value == 11_000
    assert all(one.title in catalogue("zh") for one in part.figures.values())


def test_a_share_holds_in_every_area_alike() -> None:
    goal = target("renewable_substitution_rate", 0.08, "%", "state")
    part = decompose(goal, weights(), STANDARDS, PERIOD, steps(STANDARDS))
    assert set(part.tables["decomposition"]["value"]) == {0.08}
    assert part.tables["decomposition_year"].empty


def test_without_anything_to_divide_by_the_stock_is_taken_and_said() -> None:
    goal = target("geothermal_area_added", 10_000.0, "m²")
    part = decompose(goal, weights(), STANDARDS, PERIOD, steps(STANDARDS))
    assert set(part.tables["decomposition"]["decomposition_method"]) == {"stock_area"}
    assert part.problems[0].severity is Severity.WARNING


def test_units_without_buildings_are_named_and_get_nothing() -> None:
    goal = target("pv_capacity_added", 100_000.0, "kW")
    part = decompose(goal, weights(), STANDARDS, PERIOD, steps(STANDARDS))
    table = part.tables["decomposition"].set_index("area_id")
    assert table.loc["W2", "value"] == 0
    assert part.problems[-1].rows == ("W2",)


def test_an_unknown_method_is_refused() -> None:
    goal = target("pv_capacity_added", 100_000.0, "kW")
    with pytest.raises(UserError, match="by_lot"):
        decompose(goal, weights(), STANDARDS, PERIOD, steps(STANDARDS), {"pv_capacity_added": "by_lot"})


def test_targets_of_areas_have_the_form_of_those_of_the_city() -> None:
    goal = target("pv_capacity_added", 100_000.0, "kW")
    part = decompose(goal, weights(), STANDARDS, PERIOD, steps(STANDARDS))
    found = area_targets(goal, part.tables["decomposition"])
    assert list(found.columns) == list(goal.columns)
    assert set(found["area_kind"]) == {"district", "unit"}
    assert found[found["area_kind"] == "district"]["value"].sum() == 100_000


@given(
    total=st.integers(0, 10**7),
    weight=st.lists(st.floats(0, 1e6), min_size=1, max_size=40).filter(lambda one: sum(one) > 1e-3),
)
def test_shares_add_up_and_each_is_less_than_a_step_off(total: int, weight: list[float]) -> None:
    found = shared(total, weight)
    assert found.sum() == total
    exact = total * np.array(weight) / sum(weight)
    assert (np.abs(found - exact) < 1 + 1e-6).all()


@given(
    ends=st.lists(st.integers(0, 5000), min_size=1, max_size=20),
    weight=st.lists(st.floats(0, 1), min_size=1, max_size=6).filter(lambda one: sum(one) > 1e-3),
)
def test_years_of_areas_add_up_both_ways_and_never_fall(ends: list[int], weight: list[float]) -> None:
    steps_ = np.cumsum(shared(sum(ends), weight))
    found = shared_in_years(ends, steps_)
    assert list(found[:, -1]) == ends
    assert list(found.sum(axis=0)) == list(steps_)
    assert (np.diff(found, axis=1) >= 0).all()


def test_weights_of_nothing_cannot_share() -> None:
    with pytest.raises(ValueError, match="above 0"):
        shared(5, [0.0, 0.0])


def test_an_amount_that_is_whole_steps_is_not_rounded_up() -> None:
    assert whole_steps(0.3, 0.1) == 3
    assert whole_steps(0.31, 0.1) == 4
    assert whole_steps(0.39, 0.1, upwards=False) == 3


def test_the_period_moves_with_its_base_year() -> None:
    assert period_of(Taken(STANDARDS)) == PERIOD
    assert period_of(Taken(STANDARDS), 2020) == Period(2020, 2020, 2021, 2025, 2035)


def test_a_share_of_the_province_goes_before_that_of_the_country() -> None:
    found = city_of(STANDARDS, ("peak_53", "local"))
    guangdong, _ = read_targets(STANDARDS, ("peak_53", "local"), "广东省", 2025)
    there = city_targets(guangdong, STANDARDS, 1e8, steps(STANDARDS)).tables["target"]
    assert found[found["indicator"] == "electricity_share"]["value"].tolist() == [0.65]
    assert there[there["indicator"] == "electricity_share"]["value"].tolist() == [0.85]


def test_all_retrofit_of_an_area_is_that_of_its_housing_and_its_public_buildings() -> None:
    goals = pd.concat(
        [
            target("retrofit_area", 300_000.0, "m²"),
            target("retrofit_area_residential", 100_000.0, "m²"),
            target("retrofit_area_public", 200_000.0, "m²"),
        ]
    )
    part = decompose(goals, weights(), STANDARDS, PERIOD, steps(STANDARDS))
    table = part.tables["decomposition"].pivot_table(
        index=["area_kind", "parent_id", "area_id"], columns="indicator", values="value"
    )
    parts = table["retrofit_area_residential"] + table["retrofit_area_public"]
    assert parts.to_dict() == table["retrofit_area"].to_dict()
    assert table.loc[("unit", "east", "E1"), "retrofit_area_public"] == 0  # no old public building there
    years = part.tables["decomposition_year"]
    done = years[(years["year"] == 2030) & (years["area_kind"] == "city")].set_index("indicator")[
        "reached_value"
    ]
    assert done["retrofit_area"] == 300_000
    by_year = years.pivot_table(index=["area_kind", "area_id", "year"], columns="indicator", values="value")
    summed = by_year["retrofit_area_residential"] + by_year["retrofit_area_public"]
    assert summed.to_dict() == by_year["retrofit_area"].to_dict()


def test_a_target_is_compared_only_with_an_indicator_of_its_own_kind() -> None:
    indicator = pd.DataFrame(
        {
            "indicator": ["pv_capacity_added", "electricity_share", "electricity_share"],
            "year": 2030, "area_kind": "city", "area_id": "",
            "indicator_kind": ["cumulative", "state", "state"], "indicator_value": [90_000.0, 0.70, 0.40],
            "headline": [True, True, False],
        }
    )  # fmt: skip
    goals = pd.concat(
        [
            target("pv_capacity_added", 100_000.0, "kW"),
            target("electricity_share", 0.65, "%", "state"),
        ]
    )
    found = reached(indicator, goals)
    assert found["target_met"].tolist() == [False, True]
    assert found["target_margin"].tolist() == pytest.approx([-10_000, 0.05])
    assert reached(indicator, goals.assign(kind="flow")).empty
