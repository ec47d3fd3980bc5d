"""What the window does when something is asked for, without the window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop import operations, scenarios
from desktop.ui.data_page import DataPage, PageActions
from desktop.ui.dialogs import NewProject
from desktop.ui.flows import Flows
from desktop.ui.workspace import Workspace

RUN_MS = 60_000
BUILD = "Build a typical year for the nearest city"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> Iterator[Workspace]:
    """A workspace of its own, without project."""
    monkeypatch.setenv("LUTU_HOME", str(tmp_path / "home"))
    made = Workspace()
    yield made
    made.close()


@pytest.fixture
def flows(workspace: Workspace, qtbot: QtBot) -> Flows:
    window = QWidget()
    qtbot.addWidget(window)
    return Flows(workspace, window)


def quiet(workspace: Workspace, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: workspace.tasks.running is None and not workspace.later.busy, timeout=RUN_MS)


def test_a_new_project_near_a_city_has_its_weather_at_once(flows, workspace, qtbot, tmp_path):
    said = []
    workspace.said.connect(said.append)
    flows.make(NewProject(tmp_path / "a", "a", "上海", "EPSG:4549"))
    quiet(workspace, qtbot)
    assert workspace.project.sources["weather"].file == "上海"
    assert any("Shanghai" in message.words for message in said)


def test_missing_weather_is_built_from_the_data_page(flows, workspace, qtbot, tmp_path):
    operations.new_project(tmp_path / "a", name="a", city="上海").close()
    flows.open(tmp_path / "a")
    quiet(workspace, qtbot)
    page = DataPage(workspace, PageActions(*[lambda: None] * len(fields(PageActions))))
    qtbot.addWidget(page)
    page.refresh()
    build = next(one for one in page.findChildren(QPushButton) if one.text() == BUILD)
    build.click()
    quiet(workspace, qtbot)
    assert "weather" in workspace.project.sources
    page.refresh()
    qtbot.waitUntil(lambda: all(one.text() != BUILD for one in page.findChildren(QPushButton)))


def test_without_a_nearest_city_no_typical_year_is_offered(flows, workspace, qtbot, tmp_path):
    operations.new_project(tmp_path / "a", name="a", crs="EPSG:4549").close()
    flows.open(tmp_path / "a")
    quiet(workspace, qtbot)
    page = DataPage(workspace, PageActions(*[lambda: None] * len(fields(PageActions))))
    qtbot.addWidget(page)
    page.refresh()
    assert all(one.text() != BUILD for one in page.findChildren(QPushButton))


def test_a_scenario_whose_making_is_undone_gives_way_to_the_first(flows, workspace, qtbot, tmp_path):
    operations.new_project(tmp_path / "a", name="a", city="上海").close()
    flows.open(tmp_path / "a")
    quiet(workspace, qtbot)
    made = scenarios.new_scenario(workspace.project, "高目标", "看能到多少")
    workspace.choose_scenario(made.key)
    quiet(workspace, qtbot)
    workspace.undo()
    quiet(workspace, qtbot)
    assert workspace.scenario == scenarios.FIRST
