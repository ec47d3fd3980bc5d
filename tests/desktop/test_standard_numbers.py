"""Numbers put in place of published ones: what holds then, what goes stale, and how they are taken back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.problems import UserError
from desktop import operations, standard_numbers
from desktop.grade_rules import check_rule
from desktop.standard_numbers import RULE_TABLES
from layers.project import Project
from layers.stamps import OF_PLANS
from standards import SHIPPED, Standards
from standards.overrides import Override

GCR = ("gcr", "flush metal roof")


@pytest.fixture
def project(empty: Path) -> Project:
    return Project(empty)


def gcr(project: Project):
    return project.standards.number("pv_parameters", parameter=GCR[0], case=GCR[1])


def put(project: Project, value: str = "0.7", source: str = "青禾市光伏导则 第5条") -> None:
    operations.override(project, "pv_parameters", GCR, {"default": value}, source=source, why="地方导则")


def test_a_number_put_in_place_holds_with_its_source_and_reason(project):
    put(project)
    now = gcr(project)
    assert (now.value, now.note, now.local, now.assumption) == (0.7, "地方导则", True, False)
    assert project.standards.citation(now.source) == "青禾市光伏导则 第5条"


def test_a_known_document_is_cited_by_its_title(project):
    put(project, source="gb55015-2021 5.2")
    assert project.standards.citation(gcr(project).source).startswith(SHIPPED.source("gb55015-2021").title)


def test_all_other_rows_stay_as_published_and_in_their_places(project):
    put(project)
    now, before = (one.table("pv_parameters") for one in (project.standards, SHIPPED))
    assert now["parameter"].tolist() == before["parameter"].tolist()
    others = ~now["local"]
    assert others.sum() == len(before) - 1
    assert now.loc[others, "default"].equals(before.loc[others, "default"])
    assert (now.dtypes == before.dtypes).all()


def test_a_range_said_of_the_published_number_is_not_said_of_another():
    published = SHIPPED.number("pv_parameters", parameter="module_efficiency", case="2024+")
    made = Override(
        "pv_parameters", ("module_efficiency", "2024+"), (("default", "0.25"),), "assumption", "x"
    )
    now = Standards(None, (made,)).number("pv_parameters", parameter="module_efficiency", case="2024+")
    assert published.high == 0.23
    assert (now.value, now.low, now.high) == (0.25, None, None)


def test_a_rule_of_grades_of_a_province_can_be_added(project):
    cells = {"condition": "学校", "test": "public", "grade": "2", "enabled": "yes"}
    operations.override(
        project, "grade_rule_versions", ("陕西", "G90"), cells, source="assumption", why="试点"
    )
    added = project.standards.table("grade_rule_versions").iloc[-1]
    assert (added["place"], added["rule_id"], added["grade"]) == ("陕西", "G90", 2)


def test_what_stands_on_a_number_has_another_stamp_until_it_is_taken_back(project):
    before = project.stamp("rooftop")
    put(project)
    assert project.stamp("rooftop") != before
    operations.take_back(project, "pv_parameters", GCR)
    assert project.stamp("rooftop") == before and gcr(project).value == 0.9


def test_a_number_that_only_plans_read_leaves_city_and_potentials_in_agreement(project):
    before = project.stamp(), project.stamp("rooftop"), project.stamp("plan")
    cells = {"condition": "学校", "test": "public", "grade": "2", "enabled": "yes"}
    operations.override(
        project, "grade_rule_versions", ("陕西", "G90"), cells, source="assumption", why="试点"
    )
    assert (project.stamp(), project.stamp("rooftop")) == before[:2]
    assert project.stamp("plan") != before[2]
    assert project.city is None or "G90" in set(
        project.city.standards.table("grade_rule_versions")["rule_id"]
    )


@pytest.mark.parametrize(
    "floor", ["core", "sun", "layers", "demand", "potential", "cartography", "standards"]
)
def test_no_floor_below_the_plans_reads_a_table_that_only_plans_read(floor):
    """By the names in its source: such a table would change results that are said to agree with the data."""
    root = Path(__file__).parents[2]
    said = {
        name
        for file in (root / floor).rglob("*.py")
        if file.name != "stamps.py"
        for name in re.findall(r"[\"'](\w+)[\"']", file.read_text(encoding="utf-8"))
    }
    assert not said & OF_PLANS
    assert set(SHIPPED.names()) >= OF_PLANS


def test_undo_and_redo_reach_numbers_too(project):
    put(project)
    project.undo()
    assert gcr(project).value == 0.9
    project.redo()
    assert gcr(project).value == 0.7


def test_a_second_change_of_a_row_keeps_the_first(project):
    put(project)
    operations.override(project, "pv_parameters", GCR, {"unit": "m2/m2"}, source="assumption", why="单位")
    assert (gcr(project).value, gcr(project).unit) == (0.7, "m2/m2")


def test_own_numbers_are_listed_beside_the_published(project):
    put(project)
    (one,) = standard_numbers.overrides(project)
    assert (dict(one.now), dict(one.published)) == ({"default": "0.7"}, {"default": "0.9"})


@pytest.mark.parametrize(
    ("table", "cells", "source", "why", "problems"),
    [
        ("pv_parameters", {"default": "many"}, "assumption", "x", 1),
        ("pv_parameters", {"default": "1"}, "", "", 2),
        ("pv_parameters", {"nothing": "1"}, "assumption", "x", 1),
        ("pv_parameters", {}, "assumption", "x", 1),
        ("pv_parameters", {"source": "a"}, "assumption", "x", 1),
        ("value_words", {"value": "a"}, "assumption", "x", 1),
        ("no_such_table", {"value": "a"}, "assumption", "x", 1),
    ],
)
def test_what_no_table_could_hold_is_refused_and_nothing_is_kept(
    project, table, cells, source, why, problems
):
    with pytest.raises(UserError) as refused:
        operations.override(project, table, GCR, cells, source=source, why=why)
    assert len(refused.value.problems) == problems
    assert project.standards.overrides == () and project.history() == []


def test_what_was_never_put_in_place_cannot_be_taken_back(project):
    with pytest.raises(UserError):
        operations.take_back(project, "pv_parameters", GCR)


def test_rows_are_found_by_words_and_kind():
    assert all("gcr" in one.keys for one in standard_numbers.rows(SHIPPED, "pv_parameters", "gcr flush"))
    published = standard_numbers.rows(SHIPPED, "pv_parameters", kind="published")
    assumed = standard_numbers.rows(SHIPPED, "pv_parameters", kind="assumed")
    assert len(published) + len(assumed) == len(SHIPPED.table("pv_parameters"))
    assert [one.name for one in standard_numbers.tables(SHIPPED, kind="own")] == []


def test_the_command_sets_lists_and_takes_back(empty, lutu):
    row = ("pv_parameters", "parameter=gcr", "case=flush metal roof")
    assert lutu("standards", empty, *row, "default=0.7").code == 1
    assert lutu("standards", empty, *row, "default=0.7", "--source", "assumption", "--why", "x").code == 0
    (own,) = lutu("standards", empty, "--kind", "own", "--json").json["own"]
    assert own["now"] == {"default": "0.7"} and own["published"] == {"default": "0.9"}
    found = lutu("standards", empty, "pv_parameters", "--kind", "own", "--json").json["rows"]
    assert [one["keys"] for one in found] == [list(GCR)]
    assert lutu("standards", empty, *row, "--back").code == 0
    assert lutu("standards", empty, "--kind", "own", "--json").json["own"] == []
    assert len(lutu("standards", empty, "--json").json["tables"]) == len(SHIPPED.names())


@pytest.mark.parametrize(
    ("test", "said"),
    [
        ("nonsense_flag & ((", "nonsense_flag"),
        ("civil &", "not understood"),
        ("civl", "civil"),
        ("use=castle", "castle"),
        ("gfa_m2 > many", "many"),
        ("residential_m2 > threshold", "has none"),
    ],
)
def test_a_condition_that_no_plan_could_read_is_refused_when_it_is_entered(project, test, said):
    with pytest.raises(UserError, match=said):
        operations.override(project, "grade_rules", ("G8",), {"test": test}, source="assumption", why="试点")
    assert project.standards.overrides == ()


def test_a_word_that_is_no_action_of_a_rule_is_refused(project):
    with pytest.raises(UserError, match="least_grade"):
        operations.override(
            project, "grade_rules", ("G8",), {"action": "highest"}, source="assumption", why="试点"
        )


@pytest.mark.parametrize("table", RULE_TABLES)
def test_every_rule_that_comes_with_the_program_can_be_read(table):
    for row in standard_numbers.rows(SHIPPED, table):
        check_rule(SHIPPED, table, row.keys)
