"""What a planner sets by hand: it makes the plan stale, can be undone, and is refused where it cannot stand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
from shapely.geometry import box

from core.fields import field
from core.jobs import Job
from core.problems import UserError
from desktop import operations, own_data, planning, scenarios
from desktop.plan_words import settings_of_words
from layers.project import Project
from tests.desktop.brought_in import bring_in

WEST, SOUTH = 500_000.0, 3_800_000.0  # in Xi'an


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Two blocks on two plots, checked; nothing assessed."""
    gpd.GeoDataFrame(
        {"楼栋编号": ["B0", "B1"], "高度": 15.0, "层数": 5, "用途": "住宅", "建成年代": 1995},
        geometry=[box(x, SOUTH + 20, x + 20, SOUTH + 32) for x in WEST + 10 + 30.0 * np.arange(2)],
        crs=4545,
    ).to_file(tmp_path / "city.gpkg", layer="建筑")
    gpd.GeoDataFrame(
        {"地块编号": ["P0", "P1"], "用地代码": "070102"},
        geometry=[box(WEST + 90 * n, SOUTH, WEST + 90 * (n + 1), SOUTH + 60) for n in range(2)],
        crs=4545,
    ).to_file(tmp_path / "city.gpkg", layer="地块")
    with closing(operations.new_project(tmp_path / "小城", name="小城", city="西安")) as made:
        bring_in(made, tmp_path / "city.gpkg")
        operations.carry_out(made, operations.check(made), Job())
        yield made


def decisions(project: Project) -> planning.Decisions:
    return planning.decisions_of(project, scenarios.scenario_named(project, ""), {})


def test_a_grade_set_by_hand_reaches_the_plan_with_its_reason(project: Project) -> None:
    before = project.stamp("plan")
    operations.set_grade(project, ["P0"], "two_star", why="示范项目")
    grades = decisions(project).grades
    assert grades is not None
    assert tuple(grades.loc["P0", ["green_grade", "manual_reason"]]) == ("two_star", "示范项目")
    assert project.stamp("plan") != before
    project.undo()
    assert decisions(project).grades is None


def test_a_grade_without_a_reason_is_refused(project: Project) -> None:
    with pytest.raises(UserError):
        operations.set_grade(project, ["P0"], "two_star")


def test_a_building_that_must_not_be_retrofitted_is_told_to_the_plan(project: Project) -> None:
    operations.set_retrofit(project, ["B1"], False, why="拟拆除")
    assert dict(decisions(project).retrofits) == {"B1": False}
    assert dict(decisions(project).retrofit_reasons) == {"B1": "拟拆除"}


def test_a_technology_that_nothing_offers_cannot_be_fixed(project: Project) -> None:
    with pytest.raises(UserError):
        operations.fix_choice(project, ["P0"], "rooftop_pv", "install", planned_kw=10.0)


def test_a_fixed_size_and_reason_stand_in_the_row_of_the_programme() -> None:
    rows = pd.DataFrame(
        {"pv": ["install"], "pv.planned_kw": [5.0], "pv.reason": ["示范"]}, index=["P0"], dtype=object
    )
    assert planning._said(rows, "P0", "pv", "planned_kw") == 5.0
    assert planning._said(rows, "P0", "pv", "reason", "install") == "示范"
    assert np.isnan(planning._said(rows, "P0", "pv", "phase_year"))


def test_settings_of_a_plan_are_kept_and_undone(project: Project) -> None:
    operations.set_plan_settings(project, settings_of_words(["budget_yuan=5e8"]), why="市财政")
    base = scenarios.scenario_named(project, "")
    assert planning.settings_of(project, base).budget_yuan == 5e8
    project.undo()
    assert planning.settings_of(project, base).budget_yuan is None


def test_a_filled_template_in_chinese_is_read(project: Project, tmp_path: Path) -> None:
    path = operations.write_template("statistics", tmp_path / "统计.xlsx")
    book = openpyxl.load_workbook(path)
    words = {"energy_source": "statistics", "area_kind": "city", "carrier": "electricity"}
    shown = {name: field(name).shown(value) for name, value in words.items()}
    book.worksheets[0].append(
        [shown["energy_source"], shown["area_kind"], None, None, shown["carrier"], 2025, 9e8, "kWh"]
    )
    book.save(path)
    before = project.stamp("plan"), project.stamp()
    assert operations.add_own_data(project, "statistics", path) == 1
    rows = decisions(project).statistics
    assert rows is not None
    row = rows.iloc[0]
    assert (row["energy_source"], row["carrier"], row["statistics_amount"]) == (
        "statistics",
        "electricity",
        9e8,
    )
    assert project.stamp("plan") != before[0]
    assert project.stamp() == before[1]  # the city itself need not be checked anew


def test_every_wrong_column_of_own_data_is_said_at_once(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "实绩.csv"
    path.write_text("indicator,area_kind,year,value\nnonsense,moon,2026,many\n", encoding="utf-8")
    with pytest.raises(UserError) as refused:
        operations.add_own_data(project, "actual", path)
    assert len(refused.value.problems) == 3
    assert decisions(project).actual is None


def test_measured_projects_need_a_plan_that_has_them(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "实测.csv"
    path.write_text("choice_id,year,measured_kwh\nP0/pv,2027,1000\n", encoding="utf-8")
    with pytest.raises(UserError):
        operations.add_own_data(project, "measured", path)


@pytest.mark.parametrize("kind", own_data.KINDS)
def test_the_head_of_an_empty_template_holds_all_columns(kind: str, tmp_path: Path) -> None:
    path = operations.write_template(kind, tmp_path / "t.csv")
    assert len(pd.read_csv(path, encoding="utf-8-sig").columns) == len(own_data.KINDS[kind].columns)
