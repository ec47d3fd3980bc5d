"""Every step of the work says how far it is and what to do next."""

from __future__ import annotations

from pathlib import Path

from desktop import operations
from desktop.steps import STEPS, Standing, Step, next_step, steps_of
from layers.contents import CITY

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
