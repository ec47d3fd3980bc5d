"""Grades by rules: the worked example of the reference, provinces, mixed and rural land, grades set by hand."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.problems import Problem, Severity
from plans import Part
from plans.green.facts import parcel_facts
from plans.green.grades import MINIMUM, grades, rules_in_force
from plans.green.green import GivenByOthers, green_plan
from plans.green.settings import GreenSettings
from standards import SHIPPED, Standards, Taken
from tests.plans.green.parcels import key_area, parcels

SETTINGS = GreenSettings(year=2030)
# The five parcels of the worked example (domain reference 8.1), in 浙江, whose rules give every new building a star.
EXAMPLE = parcels(
    {"use": "government_office", "land_use_code": "0801", "gfa_m2": 18_000.0, "investor": "unknown"},
    {"use": "education", "land_use_code": "080403", "gfa_m2": 40_000.0, "investor": "government"},
    {"use": "retail", "land_use_code": "0901", "gfa_m2": 45_000.0},
    {"use": "residential", "land_use_code": "070102", "gfa_m2": 162_000.0},
    {"use": "industry", "land_use_code": "100101", "gfa_m2": 22_000.0},
)
BUILDINGS = pd.DataFrame(
    {
        "parcel_id": ["P01", "P02", "P02", "P03"],
        "use": ["government_office", "education", "education", "retail"],
        "gfa_m2": [18_000.0, 20_000.0, 20_000.0, 45_000.0],
    }
)


def example(settings: GreenSettings) -> pd.DataFrame:
    tables = {"parcel": EXAMPLE, "building": BUILDINGS, "key_area": key_area(2, 2)}
    return green_plan(tables, SHIPPED, settings).tables["grade"]


def of(row: dict[str, object], settings: GreenSettings = SETTINGS, **tables: gpd.GeoDataFrame) -> pd.Series:
    return green_plan({"parcel": parcels(row), **tables}, SHIPPED, settings).tables["grade"].iloc[0]


def said(part: Part, words: str) -> list[Problem]:
    return [problem for problem in part.problems if words in problem.said()]


@pytest.mark.parametrize(("switch", "fourth"), [(True, ("two_star", "G7")), (False, ("one_star", "G1"))])
def test_the_worked_example_has_the_grades_and_rules_of_the_reference(
    switch: bool, fourth: tuple[str, str]
) -> None:
    found = example(GreenSettings(2030, province="浙江省", switches={"G7": switch}))
    assert list(zip(found["green_grade"], found["rule_id"], strict=True)) == [
        ("two_star", "G4"),
        ("two_star", "G2"),
        ("three_star", "G3 + G5"),
        fourth,
        ("none", "G0"),
    ]


def test_without_rules_of_a_province_a_new_home_is_of_the_basic_grade_and_that_is_said() -> None:
    part = green_plan(
        {"parcel": EXAMPLE}, SHIPPED, GreenSettings(2030, province="陕西", switches={"G7": False})
    )
    assert part.tables["grade"].loc["P04", "green_grade"] == "basic"
    assert [problem.severity for problem in said(part, "陕西")] == [Severity.NOTE]


@pytest.mark.parametrize(
    ("place", "row", "grade"),
    [
        ("上海市", {"use": "retail", "gfa_m2": 20_001.0}, "two_star"),
        ("江苏", {"use": "retail", "gfa_m2": 30_000.0}, "one_star"),
        ("江苏", {"use": "retail", "gfa_m2": 30_000.0, "investor": "government"}, "two_star"),
        ("河北", {"gfa_m2": 100_001.0}, "two_star"),
        ("河北", {"gfa_m2": 100_000.0}, "basic"),
        ("河北", {"use": "retail", "gfa_m2": 30_000.0}, "one_star"),
        ("北京", {"quality_auction": True}, "two_star"),
        ("北京", {}, "one_star"),
    ],
)
def test_rules_of_a_province_go_before_those_of_the_country(
    place: str, row: dict[str, object], grade: str
) -> None:
    assert of(row, GreenSettings(2030, province=place))["green_grade"] == grade


def test_the_rules_in_force_are_printed_with_whose_they_are() -> None:
    rules = green_plan({"parcel": parcels({})}, SHIPPED, GreenSettings(2030, "浙江")).tables["grade_rule"]
    assert rules.loc["G1", ["rule_place", "rule_grade"]].tolist() == ["浙江", "one_star"]
    assert rules.loc["G3", ["rule_place", "rule_threshold", "rule_grade"]].tolist() == [
        "全国",
        20_000.0,
        "two_star",
    ]
    assert "浙江省绿色建筑条例" in rules.loc["G1", "rule_source"]
    assert "G7" not in rules.index


def test_rules_of_a_city_go_before_those_of_its_province() -> None:
    assert of({}, GreenSettings(2030, province="广东", city="深圳市"))["green_grade"] == "one_star"


def test_a_project_writes_its_own_rules_as_rows(tmp_path) -> None:
    (tmp_path / "grade_rule_versions.csv").write_text(
        "place,rule_id,test,threshold,threshold_unit,grade,enabled,reason,source,note\n"
        "陕西,SX1,far > threshold,2,,2,yes,dense,assumption,local\n",
        encoding="utf-8",
    )
    part = green_plan(
        {"parcel": parcels({"far": 2.5})}, Standards(local=tmp_path), GreenSettings(2030, province="陕西")
    )
    row = part.tables["grade"].iloc[0]
    assert (row["green_grade"], row["rule_id"], row["green_reason"]) == ("two_star", "SX1", "dense")


def test_many_small_shops_are_no_large_public_building() -> None:
    shops = pd.DataFrame({"parcel_id": ["P01"] * 5, "use": "retail", "gfa_m2": 9_000.0})
    assert of({"use": "retail", "gfa_m2": 45_000.0}, building=shops)["rule_id"] == "G1"


def test_without_drawings_the_largest_building_is_as_in_existing_parcels_and_that_is_said() -> None:
    rows = [{"use": "retail", "status": "existing", "gfa_m2": 10_000.0} for _ in range(5)]
    city = parcels(*rows, {"use": "retail", "gfa_m2": 50_000.0})
    drawn = pd.DataFrame(
        [(f"P{at:02d}", "retail", area) for at in range(1, 6) for area in (3_000.0, 7_000.0)],
        columns=["parcel_id", "use", "gfa_m2"],
    )
    part = green_plan({"parcel": city, "building": drawn}, SHIPPED, SETTINGS)
    assert part.tables["grade"].loc["P06", "largest_public_building_m2"] == pytest.approx(35_000.0)
    assert said(part, "estimated from existing parcels")[0].rows == ("P06",)


def test_a_mixed_parcel_is_graded_for_its_civil_part() -> None:
    row = of({"use": "industry", "use_mix": "industry:0.7;business_office:0.3"})
    assert (row["green_grade"], row["civil_uses"], row["civil_gfa_m2"]) == (
        "basic",
        "business_office",
        pytest.approx(3_000.0),
    )


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ({"use": "rural_house", "settlement": "rural"}, "G0R"),
        ({"use": "retail", "settlement": "rural"}, "G0R"),
        ({"use": "reserve"}, "G0U"),
        ({"use": "green"}, "G0"),
        ({"use": "transport", "name": "高速收费"}, "G0"),
    ],
)
def test_rural_undecided_and_other_land_has_no_grade_and_says_why(row: dict[str, object], rule: str) -> None:
    found = of(row)
    assert (found["green_grade"], found["rule_id"]) == ("none", rule)
    assert found["green_reason"]


def test_a_railway_station_is_a_civil_building() -> None:
    assert of({"use": "transport", "name": "青禾东站"})["green_grade"] == "basic"


def test_a_key_area_raises_by_one_star_and_never_above_three() -> None:
    rich = GreenSettings(2030, switches={"G6": True})
    row = {"use": "retail", "gfa_m2": 60_000.0}
    assert of(row, rich, key_area=key_area(0, 0))["rule_id"] == "G6"
    assert of(row, key_area=key_area(0, 0))["green_grade"] == "three_star"
    assert of({}, key_area=key_area(0, 0))["green_grade"] == "one_star"


def test_a_grade_set_by_hand_holds_with_who_and_why() -> None:
    hand = pd.DataFrame(
        {
            "green_grade": ["three_star", "basic", "gold", "two_star", "two_star"],
            "manual_by": ["王工", "王工", "王工", "", "王工"],
            "manual_reason": ["示范项目", "条件不足", "x", "x", "x"],
        },
        index=["P04", "P01", "P02", "P03", "P99"],
    )
    part = green_plan({"parcel": EXAMPLE}, SHIPPED, SETTINGS, GivenByOthers(overrides=hand))
    row = part.tables["grade"].loc["P04"]
    assert (row["green_grade"], row["rule_id"], row["manual_by"], row["manual_reason"]) == (
        "three_star",
        "G10",
        "王工",
        "示范项目",
    )
    assert said(part, "below what the rules demand")[0].rows == ("P01",)
    assert said(part, "none of none, basic")[0].rows == ("P02",)
    assert said(part, "lack who set them")[0].rows == ("P03",)
    assert said(part, "not new or do not exist")[0].rows == ("P99",)


def test_existing_parcels_show_the_grade_that_most_of_their_floor_area_has() -> None:
    stand = pd.DataFrame(
        {
            "parcel_id": "P01",
            "use": "residential",
            "gfa_m2": [6_000.0, 4_000.0],
            "green_star": ["one", "three"],
        }
    )
    assert of({"status": "existing"}, building=stand)["green_grade"] == "one_star"


def test_a_public_welfare_building_without_a_star_is_listed() -> None:
    school = parcels({"use": "education", "investor": "government"}, {})
    part = green_plan({"parcel": school}, SHIPPED, GreenSettings(2030, switches={"G2": False}))
    assert said(part, "has no star")[0].rows == ("P01",)
    assert part.figures["green.star_required_missed"].value == 1


def test_civil_parcels_for_which_no_rule_holds_are_listed() -> None:
    part = green_plan({"parcel": parcels({})}, SHIPPED, GreenSettings(2030, switches={"G1": False}))
    assert said(part, "has no grade")[0].rows == ("P01",)


ROWS = st.fixed_dictionaries(
    {
        "use": st.sampled_from(
            ["residential", "retail", "education", "government_office", "industry", "reserve"]
        ),
        "gfa_m2": st.floats(0, 300_000),
        "investor": st.sampled_from(["government", "private"]),
        "quality_auction": st.booleans(),
        "affordable_housing": st.booleans(),
        "status": st.sampled_from(["planned", "granted", "approved"]),
        "planning_unit": st.sampled_from(["U1", "U2", "U3"]),
        "far": st.floats(0.1, 5),
    }
)


@settings(max_examples=20, deadline=None)
@given(
    rows=st.lists(ROWS, min_size=1, max_size=12), raised=st.sampled_from(["G1", "G2", "G3", "G4", "G7", "G9"])
)
def test_a_stricter_rule_lowers_no_grade(rows: list[dict[str, object]], raised: str) -> None:
    facts, _ = parcel_facts({"parcel": parcels(*rows), "key_area": key_area(0, 3)}, Taken(SHIPPED))
    rules, _, _ = rules_in_force(SHIPPED, GreenSettings(2030, switches={"G7": True, "G9": True}))
    stricter = [
        replace(rule, level=rule.level + 1) if rule.rule_id == raised and rule.level < 3 else rule
        for rule in rules
    ]
    before, after = grades(facts, rules), grades(facts, stricter)
    assert (after["level"] >= before["level"]).all()
    civil = facts["civil"]
    assert (before.loc[civil, "level"] >= 0).all() and (before["green_reason"] != "").all()
    assert all(rule.level >= 0 for rule in rules if rule.action == MINIMUM)


def test_a_town_that_stands_has_no_grades_and_tables_that_can_be_kept() -> None:
    """Every table has an index with a name, or it could not be read again from the project."""
    part = green_plan({"parcel": parcels({"status": "existing"})}, SHIPPED, SETTINGS)
    assert "city" not in part.tables
    assert {name: table.index.name for name, table in part.tables.items() if not table.index.name} == {}
