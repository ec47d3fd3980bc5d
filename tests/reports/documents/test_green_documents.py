"""The plan of green buildings, the low-carbon city, the annual report: every chapter stands, and says what the plan says."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace

import pandas as pd
import pytest

from core.texts import speaking
from plans import Part
from plans.figures import Figure, Figures
from plans.period import Period
from plans.progress import annual_report
from reports.documents.annual_report import annual_document, annual_material
from reports.documents.blocks import Document, Heading, Table, said
from reports.documents.check import unbound_numbers
from reports.documents.duties import duties
from reports.documents.goals import goals
from reports.documents.green_plan import green_plan_documents, green_plan_material
from reports.documents.low_carbon_city import low_carbon_document, low_carbon_material
from reports.documents.material import Material
from reports.documents.parcel_control import parcel_control
from reports.documents.progress_said import progress_said
from standards import Standards
from tests.plans.small_city import city as small_city

TODAY = datetime.date(2026, 11, 26)
PERIOD = Period(2020, 2025, 2026, 2030, 2035)
CHAPTERS = [
    "总则",
    "现状分析",
    "发展目标与指标体系",
    "目标分区与政策单元",
    "控制要求",
    "专项任务",
    "技术路线与适宜技术",
    "近期建设与重点项目库",
    "实施保障",
    "附则",
]
LOW_CARBON = [
    "总体要求",
    "建设绿色低碳城市",
    "打造绿色低碳县城和乡村",
    "强化保障措施",
    "加强组织实施",
]
ANNUAL = ["总体情况", "指标完成情况", "主要工作进展", "偏差与原因", "下一年度任务", "有关建议"]


@pytest.fixture
def town():  # type: ignore[no-untyped-def]
    parcels = [
        {"use": "residential", "land_use_code": "070102", "plot_area_m2": 3600.0, "investor": "private"},
        {"use": "education", "land_use_code": "080403", "plot_area_m2": 3600.0, "investor": "government"},
    ]
    return small_city([{}, {}], parcels)


def target(indicator: str, value: float, unit: str, kind: str, nature: str = "约束性") -> dict[str, object]:
    return {
        "target_set": "own", "indicator": indicator, "area_kind": "city", "area_id": "", "year": 2030,
        "operator": ">=", "value": value, "target_unit": unit, "kind": kind, "nature": nature, "source": "assumption",
    }  # fmt: skip


def plan(pv_kw: float = 60_000.0) -> Part:
    """Two indicators, one of which electricity is converted in, with their targets; one parcel graded by the rules."""
    targets = pd.DataFrame(
        [
            target("pv_capacity_added", pv_kw, "kW", "cumulative"),
            target("renewable_substitution_rate", 0.1, "%", "state"),
            target("retrofit_area", 1e6, "m²", "cumulative"),
        ],
        index=pd.Index(["pv", "rate", "retrofit"], name="target_id"),
    )
    rows = [
        ("pv_capacity_added", "", 2025, 1_500.0, True),
        ("pv_capacity_added", "", 2030, 50_000.0, True),
        ("renewable_substitution_rate", "gross equivalent", 2030, 0.134, True),
        ("renewable_substitution_rate", "net equivalent", 2030, 0.155, False),
        ("renewable_substitution_rate", "gross calorific", 2030, 0.105, False),
    ]
    indicator = pd.DataFrame(
        rows, columns=["indicator", "indicator_basis", "year", "indicator_value", "headline"]
    ).assign(area_kind="city", area_id="")
    grade = pd.DataFrame(
        {
            "planning_unit": "A1", "new_building": [True, False], "gfa_m2": [9000.0, 4000.0],
            "largest_public_building_m2": 0.0, "key_area": False, "green_grade": ["two_star", "none"],
            "green_reason": "new civil building", "rule_id": "G1", "prefabricated": True, "assembly_rate": 0.5,
            "ultra_low_energy": False, "fully_fitted": True, "pv_coverage": 0.5, "pv_required_kwp": 30.0,
            "solar_heat": False, "ground_source": "suitable", "green_materials_share": 0.2, "voluntary": True,
            "manual_by": "", "manual_reason": "",
        },
        index=pd.Index(["P0", "P1"], name="parcel_id"),
    )  # fmt: skip
    return Part({"target": targets, "indicator": indicator, "grade": grade})


def words(document: Document) -> str:
    return "\n".join(said(line) for line in document.lines())


def chapters(document: Document) -> list[str]:
    return [said(block.line) for block in document.blocks if isinstance(block, Heading) and block.level == 1]


def material(town, made: Part) -> Material:  # type: ignore[no-untyped-def]
    return Material(town, {}, made, "规划局", TODAY)


def test_every_chapter_of_the_plan_of_green_buildings_stands_in_order_without_any_data(town) -> None:  # type: ignore[no-untyped-def]
    text, argument, annex = green_plan_documents(green_plan_material(material(town, Part())))
    assert chapters(text) == CHAPTERS
    assert len(chapters(argument)) == len(CHAPTERS)
    assert chapters(annex)[-1] == "附图目录"


def test_articles_are_numbered_through(town) -> None:  # type: ignore[no-untyped-def]
    text, _, _ = green_plan_documents(green_plan_material(material(town, Part())))
    numbers = [block.number for block in text.blocks if getattr(block, "number", "").endswith("条")]
    assert numbers[:3] == ["第一条", "第二条", "第三条"]
    assert len(numbers) == len(set(numbers)) > 30


def test_chapters_of_the_low_carbon_city_and_of_the_annual_report_stand_in_order_without_any_data(
    town,
) -> None:  # type: ignore[no-untyped-def]
    assert chapters(low_carbon_document(low_carbon_material(material(town, Part())))) == LOW_CARBON
    assert chapters(annual_document(annual_material(material(town, Part())), 2026)) == ANNUAL


def test_what_is_missing_is_said_and_what_data_would_give_it(town) -> None:  # type: ignore[no-untyped-def]
    text, _, annex = green_plan_documents(green_plan_material(material(town, Part())))
    assert "本次未取得详细规划单元界线" in words(text)
    assert "须取得地块用地性质、容积率、投资主体和建设状态" in words(annex)
    assert "导入2026年度建筑登记" in words(annual_document(annual_material(material(town, Part())), 2026))


def test_no_number_of_the_texts_comes_from_anywhere_but_the_plan(town) -> None:  # type: ignore[no-untyped-def]
    full = material(town, plan())
    bare = material(town, Part())
    for made in (full, bare):
        for document in (
            *green_plan_documents(green_plan_material(made)),
            low_carbon_document(low_carbon_material(made)),
            annual_document(annual_material(made), 2026),
        ):
            assert not unbound_numbers(document).problems, document.kind


def test_a_target_that_is_moved_changes_the_sentence(town) -> None:  # type: ignore[no-untyped-def]
    before = words(low_carbon_document(low_carbon_material(material(town, plan(pv_kw=60_000.0)))))
    after = words(low_carbon_document(low_carbon_material(material(town, plan(pv_kw=40_000.0)))))
    assert re.search(
        "不能实现的是：新增建筑太阳能光伏装机容量（目标≥60.0\xa0MW，规划达到50.0\xa0MW）", before
    )
    assert "不能实现的是" not in after
    assert "尚不能实现1项" in before.replace("\xa0", "")


def test_indicators_of_the_country_are_expected_and_never_binding() -> None:
    table = goals(plan(), Standards(), PERIOD).tables["goal"]
    assert set(table["nature"]) == {"预期性"}


def test_both_conversions_of_electricity_stand_side_by_side() -> None:
    rate = goals(plan(), Standards(), PERIOD).tables["goal"].loc["rate"]
    assert (rate["reached_said"], rate["other_basis_said"]) == ("13.4%", "10.5%")
    assert rate["goal_state"] == "goal_met"


def test_a_target_without_a_value_is_neither_met_nor_missed() -> None:
    made = goals(plan(), Standards(), PERIOD)
    assert made.tables["goal"].loc["retrofit", "goal_state"] == "goal_unknown"
    assert [made.figures[f"goal.{one}"].value for one in ("met", "missed", "unknown")] == [1, 1, 1]


def test_targets_of_other_climate_zones_are_left_out() -> None:
    row = target("body_saving_residential_other", 0.75, "%", "standard")
    made = Part({"target": pd.DataFrame([row], index=pd.Index(["other"], name="target_id"))})
    assert goals(made, Standards(), PERIOD, "2B").tables["goal"].empty
    assert len(goals(made, Standards(), PERIOD, "3A").tables["goal"]) == 1


def test_only_new_parcels_with_a_grade_are_controlled(town) -> None:  # type: ignore[no-untyped-def]
    made = parcel_control(town, plan())
    table = made.tables["parcel_control"]
    assert list(table.index) == ["P0"]
    assert table.loc["P0", "land_use_code"] == "070102"
    assert table.loc["P0", "control_remark"] == "引导提升"
    assert made.figures["control.parcels.two_star"].value == 1


def test_every_task_has_a_department_and_one_without_project_is_counted() -> None:
    project = pd.DataFrame({"family": ["pv", "pv"]}, index=["P-1", "P-2"])
    made = duties(Part({"project": project}), Standards(), PERIOD)
    table = made.tables["duty"]
    assert (table["duty_departments"] != "").all()
    assert table.loc["solar", "duty_projects"] == "2 项"
    assert table.loc["geothermal", "duty_projects"] == "暂无"
    assert made.figures["duty.without_project"].value == 3  # heat of the city, geothermal, electrification


def report() -> Part:
    base = pd.DataFrame(
        {"indicator": ["renewable_substitution_rate"], "area_kind": "city", "area_id": "", "value": [0.06]}
    )
    actual = pd.DataFrame(
        {
            "indicator": ["pv_capacity_added", "renewable_substitution_rate"],
            "area_kind": "city",
            "area_id": "",
            "year": 2026,
            "value": [9_000.0, 0.07],
        }
    )
    return plan() + annual_report(plan().tables["target"], base, actual, 2026, 2025)


def test_a_share_differs_in_percentage_points_and_an_amount_in_its_unit() -> None:
    table = progress_said(report()).tables["progress"]
    assert table.loc["rate", "plan_said"] == "6.8%"  # a fifth of the way from 6 to 10 %
    assert table.loc["rate", "deviation_said"] == "+0.2\u00a0个百分点"
    assert table.loc["pv", "deviation_said"] == "−3.00\xa0MW"  # 9 of the 12 MW of the first of five years
    assert table.loc["pv", "done_said"] == "15.0%"


def test_the_annual_report_names_what_lags_and_what_is_not_known(town) -> None:  # type: ignore[no-untyped-def]
    document = annual_document(annual_material(material(town, report())), 2026)
    found = words(document)
    assert "新增建筑太阳能光伏装机容量：当年计划12.0\xa0MW，实际9.00\xa0MW，差额3.00\xa0MW" in found
    assert "以下指标未取得实际值：既有建筑节能改造面积。" in found
    assert any(isinstance(block, Table) and block.source == "progress" for block in document.blocks)


def test_provinces_with_rules_of_their_own_are_named(town) -> None:  # type: ignore[no-untyped-def]
    here = replace(town, facts={**town.facts, "province": "浙江"})
    text, _, _ = green_plan_documents(green_plan_material(material(here, Part())))
    assert "《浙江省绿色建筑条例》" in words(text)
    elsewhere = replace(town, facts={**town.facts, "province": "陕西"})
    text, _, _ = green_plan_documents(green_plan_material(material(elsewhere, Part())))
    assert "陕西省地方性法规和编制导则对绿色建筑等级的规定尚未纳入本规划" in words(text)


def test_a_peak_after_2030_asks_for_more(town) -> None:  # type: ignore[no-untyped-def]
    figures = [
        Figure("trajectory.peak_year.carbon", "Peak", 2032.0, "year"),
        Figure("trajectory.peak.carbon", "Peak", 7e5, "tCO2/a"),
        Figure("trajectory.peak_year.energy", "Peak", 2031.0, "year"),
        Figure("trajectory.peak.energy", "Peak", 3e8, "kgce/a"),
        Figure("trajectory.carbon.2030", "Carbon", 6e5, "tCO2/a"),
        Figure("trajectory.avoided.2030", "Avoided", 1e5, "tCO2/a"),
    ]
    with speaking("zh"):
        document = low_carbon_document(low_carbon_material(material(town, Part(figures=Figures.of(figures)))))
    assert "晚于2030年，须加大" in words(document)


def test_a_register_without_systems_passes_no_check(town) -> None:  # type: ignore[no-untyped-def]
    figures = [Figure(f"pv_gate.{name}", name, 0.0, "n") for name in ("existing", "blocked", "overdue")]
    found = words(annual_document(annual_material(material(town, Part(figures=Figures.of(figures)))), 2026))
    assert "光伏系统台账尚无登记" in found
    assert "均已通过" not in found


def test_a_year_without_any_actual_value_has_reached_nothing(town) -> None:  # type: ignore[no-untyped-def]
    base = pd.DataFrame(
        {"indicator": ["pv_capacity_added"], "area_kind": "city", "area_id": "", "value": [0.0]}
    )
    nothing = annual_report(plan().tables["target"], base, pd.DataFrame(columns=[*base, "year"]), 2026, 2025)
    found = words(annual_document(annual_material(material(town, plan() + nothing)), 2026))
    assert "各项指标均未取得实际值，暂不能判定偏差。" in found
    assert "均达到当年计划" not in found
