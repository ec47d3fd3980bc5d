"""Every step of the work says how far it is and what to do next."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from core import texts
from desktop import operations
from desktop.steps import STEPS, Standing, Step, has_documents, next_step, steps_of
from layers.contents import CITY
from potential import Assessment

NONE = Assessment("rooftop", pd.DataFrame(), pd.DataFrame(), {}, {})
NOTHING = Standing(made={}, fresh={}, plan=False, plan_fresh=False, written=False)


def states(steps: dict[str, Step]) -> list[str]:
    return [steps[name].state for name in STEPS]


def test_an_empty_project_asks_for_what_is_missing_and_everything_else_waits(tmp_path: Path) -> None:
    project = operations.new_project(tmp_path / "a", name="a", city="西安")
    steps = steps_of(project, NOTHING)
    assert states(steps) == ["open"] * 5
    assert next_step(steps).name == "data"
    assert steps["data"].action == "import"
    assert not steps["demand"].action and not steps["potential"].action
    project.close()


def test_a_checked_city_is_ready_for_its_demand(tmp_path: Path) -> None:
    project = operations.new_project(tmp_path / "a", name="a", city="西安")
    checked = Standing(made={}, fresh={CITY: True}, plan=False, plan_fresh=False, written=False)
    project_with_data = steps_of(project, checked)
    assert project_with_data["data"].state == "done"
    assert next_step(project_with_data).action == "demand"
    project.close()


def test_potentials_are_done_when_all_of_them_are_assessed(tmp_path: Path) -> None:
    project = operations.new_project(tmp_path / "a", name="a", city="西安")
    some = Standing(
        made={"rooftop": NONE, "deep": NONE},
        fresh={CITY: True, "rooftop": True, "deep": True},
        plan=False,
        plan_fresh=False,
        written=False,
        potentials=12,
    )
    with texts.speaking("en"):
        steps = steps_of(project, some)
    assert (steps["potential"].state, steps["potential"].action) == ("stale", "assess")
    assert steps["potential"].next.startswith("2 of 12 potentials")
    assert steps["plan"].action == "plan"  # with what is assessed
    assert steps_of(project, replace(some, potentials=2))["potential"].state == "done"
    project.close()


def test_a_report_of_a_parcel_is_not_yet_the_result_of_a_plan(tmp_path: Path) -> None:
    project = operations.new_project(tmp_path / "a", name="a", city="西安")
    (project.folder / "documents").mkdir(exist_ok=True)
    (project.folder / "documents" / "P0.pdf").write_bytes(b"%PDF")
    assert not has_documents(project.folder)
    planned = Standing(
        made={"rooftop": NONE},
        fresh={CITY: True, "rooftop": True},
        plan=True,
        plan_fresh=True,
        written=True,
        documents=False,
    )
    results = steps_of(project, planned)["results"]
    assert (results.state, results.action) == ("open", "documents")
    (project.folder / "documents" / "方案.docx").write_bytes(b"PK")
    assert has_documents(project.folder)
    assert steps_of(project, replace(planned, documents=True))["results"].state == "done"
    project.close()
