"""Indicators beside the grade, clauses for planning conditions, pilots, and data that are missing."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from core import texts
from core.fields import fields
from plans.green.clauses import planning_conditions
from plans.green.green import GivenByOthers, green_plan
from plans.green.settings import GreenSettings
from standards import SHIPPED
from tests.plans.green.parcels import key_area, parcels, targets, units
from tests.plans.green.test_grades import EXAMPLE, said

SETTINGS = GreenSettings(year=2030)


def test_new_public_institutions_and_factories_cover_half_their_roof() -> None:
    """建标〔2022〕53号; Shanghai has another basis, 沪建建材〔2021〕694号."""
    grade = green_plan({"parcel": EXAMPLE}, SHIPPED, SETTINGS).tables["grade"]
    assert grade["pv_coverage"].fillna(0).tolist() == [0, 0.5, 0, 0, 0.5]
    assert set(grade.loc[["P02", "P05"], "ratio_basis"]) == {"coverage_new"}
    shanghai = green_plan({"parcel": EXAMPLE}, SHIPPED, GreenSettings(2030, "上海市")).tables["grade"]
    assert shanghai["pv_coverage"].fillna(0).tolist() == [0.5, 0.5, 0.3, 0, 0.5]
    assert set(shanghai.loc[["P01", "P02", "P03", "P05"], "ratio_basis"]) == {"area_share_shanghai"}


def test_a_factory_with_half_its_plot_built_over_carries_panels_on_half_of_that() -> None:
    """40,000 m² × 0.55 = 22,000 m² of metal roof as P05 of the worked example; half of it at 0.189 kWp/m²."""
    row = {"use": "industry", "plot_area_m2": 40_000.0, "building_density": 0.55}
    part = green_plan({"parcel": parcels(row)}, SHIPPED, SETTINGS)
    assert part.tables["grade"]["pv_required_kwp"].iloc[0] == pytest.approx(22_000 * 0.5 * 0.189)


def test_homes_better_the_codes_of_2016_by_thirty_and_public_building_by_twenty_per_cent() -> None:
    part = green_plan({"parcel": parcels({"gfa_m2": 30_000.0}, {"use": "retail"})}, SHIPPED, SETTINGS)
    assert part.figures["green.efficiency_gain"].value == pytest.approx((3 * 0.3 + 0.2) / 4)


def test_every_new_building_has_a_solar_system_and_schools_heat_water_by_the_sun() -> None:
    grade = green_plan({"parcel": EXAMPLE}, SHIPPED, SETTINGS).tables["grade"]
    assert grade["solar_system"].all()
    assert grade["solar_heat"].tolist() == [False, True, False, False, False]


def test_the_ministry_grants_three_stars_and_the_province_the_others() -> None:
    settings = GreenSettings(2030, "浙江")
    grade = green_plan({"parcel": EXAMPLE, "key_area": key_area(2, 2)}, SHIPPED, settings).tables["grade"]
    assert grade["label_authority"].tolist() == [
        "provincial_authority",
        "provincial_authority",
        "ministry",
        "provincial_authority",
        "none",
    ]


def test_prefabricated_building_reaches_its_share_with_a_rate_of_half() -> None:
    homes = parcels(*({} for _ in range(10)))
    wanted = targets(("prefabricated_share", "city", "", 0.4))
    part = green_plan({"parcel": homes}, SHIPPED, SETTINGS, GivenByOthers(wanted))
    assert part.figures["green.prefabricated_share"].value == pytest.approx(0.4)
    assert set(part.tables["grade"]["assembly_rate"].dropna()) == {0.5}


def test_quality_housing_in_beijing_has_an_assembly_rate_of_sixty_per_cent() -> None:
    row = {"quality_auction": True}
    found = green_plan({"parcel": parcels(row)}, SHIPPED, GreenSettings(2030, "北京")).tables["grade"]
    assert (found["assembly_rate"].iloc[0], found["fully_fitted"].iloc[0]) == (0.6, True)


def test_ultra_low_energy_fills_the_target_of_the_city_with_candidates() -> None:
    rows = [{"use": "education", "investor": "government", "gfa_m2": 8_000.0} for _ in range(4)] + [{}]
    wanted = targets(("ultra_low_energy_area", "city", "", 20_000.0))
    tables = {"parcel": parcels(*rows), "planning_unit": units(U1="leading")}
    grade = green_plan(tables, SHIPPED, SETTINGS, GivenByOthers(wanted)).tables["grade"]
    assert grade["ultra_low_energy_m2"].tolist() == [8_000, 8_000, 4_000, 0, 0]
    assert not grade.loc["P05", "ultra_low_energy_candidate"]


def test_candidates_that_cannot_hold_the_target_are_said() -> None:
    wanted = targets(("ultra_low_energy_area", "city", "", 20_000.0))
    part = green_plan({"parcel": parcels({}, {})}, SHIPPED, SETTINGS, GivenByOthers(wanted))
    assert said(part, "Candidates hold 0")


def test_without_a_target_the_yangtze_delta_builds_more_ultra_low_energy_than_the_west() -> None:
    rows = [{"use": "education", "investor": "government", "gfa_m2": 100_000.0} for _ in range(4)]

    def area(place: str) -> float:
        part = green_plan({"parcel": parcels(*rows)}, SHIPPED, GreenSettings(2030, place))
        return part.figures["green.ultra_low_energy_m2"].value

    assert (area("陕西"), area("浙江")) == (8_000, 12_000)


def test_a_target_of_a_district_is_filled_in_that_district() -> None:
    school = {"use": "education", "investor": "government", "gfa_m2": 30_000.0}
    rows = [school, {**school, "district_code": "D2", "planning_unit": "U2"}]
    wanted = targets(
        ("ultra_low_energy_area", "district", "D2", 9_000.0), ("ultra_low_energy_area", "city", "", 9_000.0)
    )
    tables = {"parcel": parcels(*rows), "planning_unit": units(U1="leading", U2="basic")}
    grade = green_plan(tables, SHIPPED, SETTINGS, GivenByOthers(wanted)).tables["grade"]
    assert grade["ultra_low_energy_m2"].tolist() == [0, 9_000]


def test_targets_of_units_above_that_of_the_city_are_said() -> None:
    wanted = targets(
        ("ultra_low_energy_area", "unit", "U1", 9_000.0), ("ultra_low_energy_area", "city", "", 4_000.0)
    )
    rows = {"use": "education", "investor": "government", "gfa_m2": 30_000.0}
    part = green_plan({"parcel": parcels(rows)}, SHIPPED, SETTINGS, GivenByOthers(wanted))
    assert part.figures["green.ultra_low_energy_m2"].value == 9_000
    assert said(part, "add up to")


def test_conditions_of_planning_name_grade_panels_and_tests_of_the_ground() -> None:
    """P02 of the worked example: 40,000 m² ask for two test holes and for no simulation of ten years."""
    shallow = pd.Series("suitable", EXAMPLE.index)
    grade = green_plan({"parcel": EXAMPLE}, SHIPPED, SETTINGS, GivenByOthers(shallow_grade=shallow)).tables[
        "grade"
    ]
    found = {clause.key: clause for clause in planning_conditions(grade.loc["P02"], SHIPPED)}
    assert (
        found["green_grade"].said == "New civil buildings reach at least the green-building grade two stars."
    )
    assert found["pv_coverage"].numbers == {"pv_coverage": 0.5}
    assert found["ground_test"].numbers == {"limit_m2": 5_000.0}
    assert found["ground_test_holes"].numbers == {"limit_m2": 10_000.0, "holes": 2.0}
    assert "ground_simulation" not in found
    assert "ground_simulation" in {clause.key for clause in planning_conditions(grade.loc["P04"], SHIPPED)}


def test_conditions_of_planning_read_as_an_office_writes_them() -> None:
    grade = green_plan({"parcel": EXAMPLE}, SHIPPED, SETTINGS).tables["grade"]
    with texts.speaking("zh"):
        said = [clause.said for clause in planning_conditions(grade.loc["P02"], SHIPPED)]
    assert said[0] == "新建民用建筑应达到绿色建筑二星级及以上。"
    assert "屋顶光伏覆盖率力争达到 50%。" in said


def test_existing_parcels_have_no_conditions_of_planning() -> None:
    grade = green_plan({"parcel": parcels({"status": "existing"})}, SHIPPED, SETTINGS).tables["grade"]
    assert planning_conditions(grade.iloc[0], SHIPPED) == []


def test_a_grade_aimed_at_is_told_apart_from_the_grade_demanded() -> None:
    wanted = targets(("two_star_share_new", "city", "", 1.0))
    grade = green_plan({"parcel": parcels({})}, SHIPPED, SETTINGS, GivenByOthers(wanted)).tables["grade"]
    first = planning_conditions(grade.iloc[0], SHIPPED)[0].said
    assert (
        first
        == "New civil buildings reach at least the green-building grade basic grade; two stars is to be aimed at."
    )


def test_pilots_are_listed_by_kind_best_first() -> None:
    rows = [{"use": "education", "investor": "government", "gfa_m2": 60_000.0} for _ in range(4)]
    tables = {
        "parcel": parcels(*rows),
        "planning_unit": units(U1="leading", U2="basic"),
        "key_area": key_area(0, 3),
    }
    part = green_plan(
        tables, SHIPPED, SETTINGS, GivenByOthers(targets(("ultra_low_energy_area", "city", "", 9_000.0)))
    )
    pilot = part.tables["pilot"]
    assert pilot["pilot_kind"].value_counts().to_dict() == {
        "ultra_low_energy": 1,
        "zero_carbon": 1,
        "low_carbon_district": 1,
    }
    assert pilot.loc["low_carbon_district-01", "planning_unit"] == "U1"


@pytest.mark.parametrize("status", ["existing", ""])
def test_a_city_that_plans_nothing_new_gives_tables_without_shares(status: str) -> None:
    part = green_plan({"parcel": parcels({"status": status}, {"status": status})}, SHIPPED, SETTINGS)
    assert len(part.tables["grade"]) == 2
    assert not part.tables["grade"]["new_building"].any()
    assert part.tables["pilot"].empty
    assert len(part.figures) == 0


def test_columns_that_are_missing_are_said_all_at_once() -> None:
    bare = parcels({}).drop(columns=["investor", "quality_auction", "planning_unit", "gfa_m2", "far"])
    part = green_plan({"parcel": bare}, SHIPPED, SETTINGS)
    assert (
        said(part, "have no columns")[0].values["columns"]
        == "investor, quality_auction, planning_unit, gfa_m2"
    )
    assert said(part, "has no floor area") and said(part, "no planning unit")


def test_every_column_is_in_the_dictionary_and_every_figure_has_its_chinese() -> None:
    wanted = targets(("two_star_share_new", "city", "", 0.5), ("ultra_low_energy_area", "city", "", 9_000.0))
    tables = {"parcel": EXAMPLE, "planning_unit": units(U1="leading"), "key_area": key_area(0, 3)}
    part = green_plan(tables, SHIPPED, SETTINGS, GivenByOthers(wanted))
    columns = {str(column) for table in part.tables.values() for column in table.columns}
    assert columns <= set(fields())
    known = texts.catalogue("zh")
    sentences = {word for one in part.figures.values() for word in (one.title, one.formula) if word}
    assert {*sentences, *part.remarks} <= set(known)
    reasons = {
        part_
        for table in ("grade", "pilot")
        for one in part.tables[table]["green_reason"]
        for part_ in one.split("; ")
    }
    assert reasons <= set(known)
    assert all(set(dataclasses.asdict(one)["inputs"]) <= set(part.figures) for one in part.figures.values())
