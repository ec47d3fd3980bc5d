"""Plans of a project: targets and decisions by scenario, kept, traced, compared, and written as documents."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import docx
import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from shapely.geometry import box

from core.jobs import Job
from core.problems import UserError
from core.texts import speaking
from desktop import (
    document_pages,
    grade_rules,
    operations,
    own_targets,
    plan_check,
    plan_documents,
    planning,
    scenario_table,
    scenarios,
    standard_numbers,
)
from layers.project import Project
from reports.documents.blocks import HandBlock
from reports.documents.hands import Written as Hands
from tests.desktop.brought_in import bring_in_and_assess
from tests.once import made_once

WEST, SOUTH = 500_000.0, 3_800_000.0  # in Xi'an
DAY = date(2026, 11, 26)


def made_assessed(folder: Path) -> None:
    """Six blocks on three plots, one of them to be built: checked, demand and roofs assessed."""
    west = WEST + 10 + 30.0 * np.arange(6)
    gpd.GeoDataFrame(
        {"楼栋编号": [f"B{n}" for n in range(6)], "高度": 15.0, "层数": 5, "用途": "住宅", "建成年代": 1995},
        geometry=[box(x, SOUTH + 20, x + 20, SOUTH + 32) for x in west],
        crs=4545,
    ).to_file(folder / "city.gpkg", layer="建筑")
    gpd.GeoDataFrame(
        {
            "地块编号": ["P0", "P1", "P2"],
            "用地代码": ["070102", "070102", "0801"],
            "用地面积": [5_400.0, 5_400.0, 5_400.0],
            "容积率": [1.0, 1.0, 2.0],
            "开发状态": ["existing", "existing", "planned"],
            "投资主体": ["社会", "社会", "政府"],
        },
        geometry=[box(WEST + 90 * n, SOUTH, WEST + 90 * (n + 1), SOUTH + 60) for n in range(3)],
        crs=4545,
    ).to_file(folder / "city.gpkg", layer="地块")
    with closing(operations.new_project(folder / "小城", name="小城", city="西安")) as project:
        bring_in_and_assess(project, folder / "city.gpkg", "demand", "rooftop", "shallow")


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The assessed city without a plan, which tests only copy."""
    return made_once(tmp_path_factory, "six-blocks", made_assessed) / "小城"


@pytest.fixture(scope="session")
def planned_template(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The city with its plan, which tests only copy."""

    def make(folder: Path) -> None:
        with closing(Project(Path(shutil.copytree(template, folder / "小城")))) as project:
            planned(project)

    return made_once(tmp_path_factory, "six-blocks-planned", make) / "小城"


@pytest.fixture
def project(template: Path, tmp_path: Path) -> Iterator[Project]:
    with closing(Project(Path(shutil.copytree(template, tmp_path / "小城")))) as made:
        yield made


@pytest.fixture
def planned_project(planned_template: Path, tmp_path: Path) -> Iterator[Project]:
    with closing(Project(Path(shutil.copytree(planned_template, tmp_path / "小城")))) as made:
        yield made


def planned(project: Project, scenario: str = "") -> None:
    operations.carry_out(project, planning.plan(project, scenario), Job())


def test_a_target_of_the_citys_own_is_met_and_can_be_taken_back(project: Project) -> None:
    own_targets.set_target(project, "pv_capacity_added", 2030, 0.03, unit="MW", source="市政府")
    planned(project)
    account = planning.needed_plan(project).tables["account"].loc["pv_capacity_added"]
    assert account["required"] == pytest.approx(30.0)
    assert account["reached"] >= 30.0 - 1e-6
    own_targets.set_target(project, "pv_capacity_added", 2030, None)
    assert own_targets.kept_targets(project).empty


def test_the_first_scenario_is_called_in_the_language_of_whoever_reads_it(project: Project) -> None:
    planned(project)
    with speaking("zh"):
        ready = plan_documents.ready(project)
        assert plan_documents.sheet_title(ready) == "小城 基准情景"
        assert plan_documents.sheet_title(ready, "en") == "小城 Base scenario"
    with speaking("en"):
        assert ready.scenario.title == "Base scenario"
        for name in ("基准情景", "Base scenario", ""):
            assert scenarios.scenario_named(project, name).key == scenarios.FIRST
        with pytest.raises(UserError, match="already"):
            scenarios.new_scenario(project, "基准情景")


def test_a_target_is_said_with_its_sign_and_unit(project: Project) -> None:
    own_targets.set_target(project, "pv_capacity_added", 2030, 200, unit="MW")
    own_targets.set_target(project, "two_star_share_new", 2030, 50, unit="%")
    own_targets.set_target(project, "operation_energy_total", 2030, 3, unit="万tce", operator="<=")
    with speaking("en"):
        said = {one.title: one.asked for one in own_targets.targets_of(project)}
    assert sorted(said.values()) == ["≤ 30.0\u00a0ktce", "≥ 200\u00a0MW", "≥ 50.0%"]
    assert all(title.endswith(" 2030") for title in said)


def test_a_changed_number_of_the_plan_needs_a_new_plan_and_nothing_else(project: Project) -> None:
    planned(project)
    operations.override(
        project,
        "programme_rules",
        ("size_step", "small"),
        {"default": "0.4"},
        source="assumption",
        why="分步实施",
    )
    assert project.is_fresh("city") and project.is_fresh("rooftop")
    assert not planning.is_fresh(project, scenarios.FIRST)
    planned(project)
    used = planning.needed_plan(project).numbers
    assert [
        one.value for one in used if (one.table, one.key) == ("programme_rules", "size_step / small")
    ] == [0.4]
    project.undo()
    assert not planning.is_fresh(project, scenarios.FIRST)


def test_a_target_comes_back_in_its_usual_unit_and_can_be_set_anew_without_loss(project: Project) -> None:
    own_targets.set_target(project, "pv_capacity_added", 2030, 12_345.678, unit="kW", source="市政府")
    own_targets.set_target(
        project, "electricity_share", 2028, 37.5, unit="%", area_kind="district", area_id="城东区"
    )
    before = own_targets.kept_targets(project)
    given = own_targets.targets_of(project)
    assert [(one.value, one.unit, one.source) for one in given if one.indicator == "pv_capacity_added"] == [
        (pytest.approx(12.345678), "MW", "市政府")
    ]
    assert [one.title.endswith("2028 城东区") for one in given] == [True, False]
    for one in given:
        own_targets.set_target(
            project,
            one.indicator,
            one.year,
            float(f"{one.value:.12g}"),
            unit=one.unit,
            operator=one.operator,
            area_kind=one.area_kind,
            area_id=one.area_id,
            source=one.source,
        )
    pd.testing.assert_frame_equal(own_targets.kept_targets(project), before)


def test_a_target_in_a_unit_of_something_else_is_refused_and_nothing_is_kept(project: Project) -> None:
    for indicator, unit in (
        ("pv_capacity_added", "万m2"),
        ("pv_capacity_added", "%"),
        ("operation_energy_total", "万m2"),
        ("electricity_share", "MW"),
        ("retrofit_area", "furlong"),
    ):
        with pytest.raises(UserError, match="no unit of"):
            own_targets.set_target(project, indicator, 2030, 3, unit=unit)
    for value, unit in ((120.0, "%"), (-1.0, "%")):
        with pytest.raises(UserError, match="out of the question"):
            own_targets.set_target(project, "electricity_share", 2030, value, unit=unit)
    assert own_targets.kept_targets(project).empty


def test_every_indicator_is_offered_with_units_that_are_taken_and_its_own_direction(project: Project) -> None:
    forms = own_targets.target_forms(project)
    assert list(forms) == own_targets.indicators_known(project)
    for indicator, (units, operator) in forms.items():
        for unit in units:
            own_targets.set_target(project, indicator, 2030, 1.0, unit=unit)
        kept = own_targets.kept_targets(project).loc[f"{indicator}/2030/city"]
        assert kept["operator"] == operator
    assert forms["operation_energy_total"] == (("万tce", "tce"), "<=")
    assert forms["pv_capacity_added"][0][0] == "MW" and forms["pv_capacity_added"][1] == ">="


def test_a_target_out_of_reach_says_what_stops_it_and_by_how_much(project: Project) -> None:
    own_targets.set_target(project, "pv_capacity_added", 2030, 500, unit="MW")
    planned(project)
    account = planning.needed_plan(project).tables["account"].loc["pv_capacity_added"]
    assert account["shortfall"] == pytest.approx(account["required"] - account["reached"])
    assert account["shortfall"] > 0
    assert account["limit"]


def test_a_plan_is_fresh_until_a_decision_changes_and_again_after_undo(planned_project: Project) -> None:
    project = planned_project
    assert planning.is_fresh(project)
    own_targets.set_target(project, "pv_capacity_added", 2030, 10, unit="kW")
    assert not planning.is_fresh(project)
    project.undo()
    assert planning.is_fresh(project)


def test_what_the_planner_declines_is_never_chosen(project: Project) -> None:
    operations.choose(project, ["P0"], "rooftop_pv", "decline", "listed house")
    planned(project)
    choice = planning.needed_plan(project).tables["choice"]
    assert not ((choice["parcel_id"] == "P0") & (choice["technology"] == "rooftop_pv")).any()


def test_no_money_leaves_only_what_costs_nothing(project: Project) -> None:
    operations.carry_out(project, planning.plan(project, values={"budget_yuan": 0.0}), Job())
    assert planning.needed_plan(project).figures["choice.total.capex_yuan"].value <= 1.0


def test_a_scenario_is_a_copy_that_goes_its_own_way(project: Project) -> None:
    own_targets.set_target(project, "pv_capacity_added", 2030, 20, unit="kW")
    planned(project)
    made = scenarios.new_scenario(project, "更多", "看能到多少")
    assert own_targets.kept_targets(project, "更多")["value"].tolist() == [20]
    own_targets.set_target(project, "pv_capacity_added", 2030, 60, unit="kW", scenario="更多")
    planned(project, "更多")
    assert planning.is_fresh(project)
    required = planning.compared(project, "", made.key).loc["account.pv_capacity_added.required"]
    assert (required["before_value"], required["after_value"]) == (20, 60)
    with pytest.raises(UserError, match="already"):
        scenarios.new_scenario(project, "更多")


def test_a_renamed_scenario_keeps_its_plan_and_undoing_gives_the_old_name_back(project: Project) -> None:
    planned(project)
    made = scenarios.new_scenario(project, "更多")
    scenarios.rename_scenario(project, "更多", " 省定目标 ", "正式名称")
    scenarios.rename_scenario(project, "", "现行")
    assert [one.title for one in scenarios.scenarios(project)] == ["现行", "省定目标"]
    assert planning.is_fresh(project, "现行")
    assert [one.why for one in project.history()][-2:] == ["正式名称", ""]
    with pytest.raises(UserError, match="already"):
        scenarios.rename_scenario(project, made.key, "现行")
    project.undo()
    project.undo()
    with speaking("zh"):
        assert [one.title for one in scenarios.scenarios(project)] == ["基准情景", "更多"]


def test_a_deleted_scenario_comes_back_with_its_targets_and_its_plan(project: Project) -> None:
    own_targets.set_target(project, "pv_capacity_added", 2030, 20, unit="kW")
    scenarios.new_scenario(project, "更多")
    planned(project, "更多")
    gone = scenarios.delete_scenario(project, "更多", "不再采用")
    assert [one.key for one in scenarios.scenarios(project)] == [scenarios.FIRST]
    assert scenarios.new_scenario(project, "另一").key != gone.key  # its plan is not that of another
    with pytest.raises(UserError, match="cannot be deleted"):
        scenarios.delete_scenario(project, "")
    for _ in range(2 + len(own_targets.kept_targets(project))):  # the other one, its target, the deletion
        project.undo()
    assert [one.title for one in scenarios.scenarios(project)][1:] == ["更多"]
    assert planning.is_fresh(project, "更多")


def test_all_planned_scenarios_stand_in_one_table_with_differences_to_the_first(
    planned_project: Project, tmp_path: Path
) -> None:
    project = planned_project
    with pytest.raises(UserError, match="no kind of file"):
        scenario_table.write(scenario_table.scenario_table(project), tmp_path / "table.txt")
    scenarios.new_scenario(project, "更多")
    scenarios.new_scenario(project, "未编制")
    own_targets.set_target(project, "pv_capacity_added", 2030, 1e5, unit="kW", scenario="更多")
    operations.carry_out(project, planning.plan(project, "更多", {"budget_yuan": 0.0}), Job())
    with speaking("en"):
        found = scenario_table.scenario_table(project)
        rows = [found.said(row) for row in range(2)]
        for name in ("table.csv", "table.xlsx"):
            scenario_table.write(found, tmp_path / name)
        table = pd.read_csv(tmp_path / "table.csv")
    assert [row[0] for row in rows] == ["Base scenario", "更多"]
    assert [row[-1] for row in rows] == ["0", "1"]  # and no money for it
    assert not any("\n" in cell for cell in rows[0])
    capex = planning.needed_plan(project).figures["choice.total.capex_yuan"].value
    assert table["Investment: difference (CNY)"].tolist() == pytest.approx([0.0, -capex])
    assert table["Investment: difference (%)"].tolist() == pytest.approx([0.0, -100.0])
    assert rows[1][found.heads.index("Investment")].endswith("\n(−100%)")
    assert pd.read_excel(tmp_path / "table.xlsx").shape[0] == 3  # units stand below the titles


def test_a_figure_is_traced_down_to_given_data_and_published_numbers(planned_project: Project) -> None:
    steps = planning.trace(planned_project, "indicator.renewable_substitution_rate.gross.2030")
    assert len(steps) > 5
    assert any(one.numbers for _, one in steps)
    with pytest.raises(UserError, match="no figure"):
        planning.trace(planned_project, "nothing")


def test_every_new_civil_parcel_has_one_grade_and_one_reason(planned_project: Project) -> None:
    grade = planning.needed_plan(planned_project).tables["grade"]
    new = grade[grade["new_building"].astype(bool)]
    assert new.index.tolist() == ["P2"]
    assert new["green_grade"].tolist() == ["two_star"]
    assert (new["rule_id"] != "").all()


def test_a_changed_rule_says_beforehand_how_many_parcels_it_gives_each_grade(project: Project) -> None:
    assert project.city is not None
    standards = project.standards
    changed = standard_numbers.tried(standards, "grade_rules", ("G1",), {"default_grade": "3"})
    before, after = (grade_rules.grade_counts(project.city, one, {}) for one in (standards, changed))
    assert (before["two_star"], before["three_star"]) == (1, 0)  # P2, paid by government
    assert (after["two_star"], after["three_star"]) == (0, 1)
    with speaking("en"):
        assert "Three star 0 → 1" in grade_rules.change_said(before, after)
        assert "nothing changes" in grade_rules.change_said(before, before)
    assert standards.overrides == ()


def test_unknown_indicators_sets_and_scenarios_are_refused(project: Project) -> None:
    with pytest.raises(UserError, match="no indicator"):
        own_targets.set_target(project, "happiness", 2030, 1.0)
    with pytest.raises(UserError, match="no targets of the sets"):
        planning.plan(project, values={"target_sets": ("99FYP",)})
    with pytest.raises(UserError, match="no scenario"):
        planning.plan(project, "nowhere")


def test_a_plan_needs_assessments(project: Project, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no plan yet"):
        plan_documents.ready(project)


def test_pages_of_a_document_are_written_as_pictures(planned_project: Project, tmp_path: Path) -> None:
    ready = plan_documents.ready(planned_project)
    files = document_pages.write_pictures(ready, ["年度报告"], tmp_path / "图", job=Job())
    assert [one.name for one in files] == [f"年度报告-{number}.png" for number in range(1, len(files) + 1)]
    assert len(files) > 1 and all(one.read_bytes().startswith(b"\x89PNG") for one in files)
    with pytest.raises(UserError, match="no document"):
        document_pages.write_pictures(ready, ["诗集"], tmp_path / "图", job=Job())


def test_pages_hold_what_people_wrote_into_the_files_before(
    planned_project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = plan_documents.ready(planned_project)
    before = plan_documents.documents(ready, "年度报告", "", DAY)[0]
    place = next(one.name for one in before.blocks if isinstance(one, HandBlock))
    monkeypatch.setattr(plan_documents, "written_by_hand", lambda path: Hands({place: ["市长已阅"]}, ()))
    found = plan_documents.documents(ready, "年度报告", "", DAY, tmp_path)[0]
    assert ["市长已阅"] in [list(one.lines) for one in found.blocks if isinstance(one, HandBlock)]


def test_documents_agree_with_the_plan_and_keep_what_people_wrote(
    planned_project: Project, tmp_path: Path
) -> None:
    project = planned_project
    ready = plan_documents.ready(project)
    made = plan_documents.write(
        ready, plan_documents.KINDS, tmp_path / "文件", author="规划局", day=DAY, job=Job()
    )
    assert made.problems == ()
    assert made.numbers > 1_000
    assert {one.suffix for one in made.files} == {".docx", ".pdf", ".json", ".xlsx"}
    assert all(one.name.startswith((*plan_documents.KINDS, plan_documents.ANNEX)) for one in made.files)
    file = tmp_path / "文件" / "实施方案.docx"
    opened = docx.Document(str(file))
    for words in opened.element.body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"):
        if words.text.startswith("〔待填写：明确牵头部门"):
            words.text = "由分管副市长任组长。"
    opened.save(str(file))
    own_targets.set_target(project, "pv_capacity_added", 2030, 40, unit="kW")
    planned(project)
    again = plan_documents.ready(project)
    assert {one.state for one in plan_check.check(again, [tmp_path / "文件"], "规划局") if one.problems}
    plan_documents.write(again, ["实施方案"], tmp_path / "文件", author="规划局", day=DAY, job=Job())
    assert "由分管副市长任组长。" in "".join(
        one.text or "" for one in docx.Document(str(file)).element.body.iter()
    )
    found = plan_check.check(again, [tmp_path / "文件"], "规划局")
    assert {one.state for one in found if one.path.stem == "实施方案"} == {"agrees"}


def test_plan_layers_read_back_to_the_numbers_of_the_plan(planned_project: Project, tmp_path: Path) -> None:
    ready = plan_documents.ready(planned_project)
    (tmp_path / "图层").mkdir()
    plan_documents.write_layers(ready, tmp_path / "图层", formats=("gpkg",), job=Job())
    file = next((tmp_path / "图层").glob("*.gpkg"))
    names = [str(name) for name, _ in pyogrio.list_layers(file)]
    layer = next(name for name in names if "技术分配" in name)
    found = pyogrio.read_dataframe(file, layer=layer)["planned_kw"].sum()
    assert found == pytest.approx(ready.plan.tables["choice"]["planned_kw"].sum())
