"""The window copies the open project every few minutes, and offers a copy where a project cannot be read."""

from __future__ import annotations

import shutil
from collections import namedtuple
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from core.problems import Problem, UserError
from desktop import copies, operations
from desktop.ui.app import excepthook_of
from desktop.ui.main_window import MainWindow
from desktop.ui.project_dialog import ProjectDialog
from desktop.ui.timed_copies import RestoreCopyQuestion
from tests.desktop.ui.small_city import quiet
from tests.desktop.ui.watching import Watch


@pytest.fixture
def folder(small_city: Path, tmp_path: Path) -> Path:
    """A copy of the small city that a test may change."""
    return Path(shutil.copytree(small_city, tmp_path / "小城", ignore=shutil.ignore_patterns("city.lock")))


@pytest.fixture
def window(small_window: MainWindow, folder: Path, qtbot: QtBot) -> MainWindow:
    """The window with that copy open."""
    small_window.flows.open(folder)
    quiet(small_window, qtbot)
    return small_window


def raise_height(window: MainWindow, height_m: float) -> None:
    assert window.workspace.edit(
        lambda project: operations.correct(project, "building", ["B0"], "height_m", height_m, "")
    )


def copy(window: MainWindow, qtbot: QtBot) -> None:
    window.copies.timer.timeout.emit()
    quiet(window, qtbot)


def test_every_five_minutes_a_changed_project_is_copied_without_a_word(
    window: MainWindow, folder: Path, qtbot: QtBot
) -> None:
    assert window.copies.timer.isActive()
    assert window.copies.timer.interval() == 5 * 60 * 1000
    ended = list(window.workspace.tasks.ended)
    raise_height(window, 42.0)
    copy(window, qtbot)
    copy(window, qtbot)
    assert len(operations.copies_of(folder)) == 1
    assert window.workspace.tasks.ended == ended


def test_the_window_answers_while_it_copies(window: MainWindow, folder: Path, qtbot: QtBot) -> None:
    raise_height(window, 42.0)
    with Watch() as watch:
        copy(window, qtbot)
    assert operations.copies_of(folder)
    assert watch.longest_ms < 100


def test_a_full_disk_stands_in_the_list_of_tasks_and_is_said_once(
    window: MainWindow, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(copies.shutil, "disk_usage", lambda _: usage(10**9, 10**9, 1000))
    said: list[str] = []
    window.workspace.said.connect(lambda message: said.append(message.words))
    copy(window, qtbot)
    copy(window, qtbot)
    ended = window.workspace.tasks.ended[-1]
    assert (ended.title, ended.state) == ("Copy of the project", "refused")
    assert "No copy of the project was kept" in ended.written()
    assert len([words for words in said if "No copy of the project was kept" in words]) == 1
    assert operations.copies_of(folder) == []


def test_a_window_that_is_closed_stops_its_copy_and_leaves_no_half_file(
    window: MainWindow, folder: Path
) -> None:
    raise_height(window, 42.0)
    window.copies.copy()
    window.close()
    assert not list(copies.copies_folder().rglob("*.new*"))
    assert window.workspace.project is None


def test_a_damaged_project_is_said_with_its_copy_and_put_back(
    window: MainWindow, small_city: Path, folder: Path, qtbot: QtBot
) -> None:
    raise_height(window, 42.0)
    copy(window, qtbot)
    window.flows.open(small_city)
    quiet(window, qtbot)
    (folder / "city.gpkg").write_bytes(bytes(10_000))
    window.flows.open(folder)
    quiet(window, qtbot)
    asked = window.findChild(RestoreCopyQuestion)
    assert isinstance(asked, RestoreCopyQuestion)
    assert operations.copies_of(folder)[0].moment in asked.choice.currentText()
    said: list[str] = []
    window.workspace.said.connect(lambda message: said.append(message.words))
    asked.go.click()
    quiet(window, qtbot)
    project = window.workspace.project
    assert project is not None
    assert project.folder == folder
    assert project.table("building").loc["B0", "height_m"] == 42.0
    assert any("Put back the copy" in words for words in said)
    assert [path.read_bytes() for path in folder.glob("city.before-*.gpkg")] == [bytes(10_000)]


def test_damage_seen_while_the_project_is_open_is_asked_about_and_mended(
    window: MainWindow, folder: Path, qtbot: QtBot
) -> None:
    copy(window, qtbot)
    raise_height(window, 42.0)
    store = folder / "city.gpkg"
    whole = bytearray(store.read_bytes())
    whole[20 * 4096 : 60 * 4096] = bytes(40 * 4096)  # pages of layers, which are not read again
    store.write_bytes(whole)
    copy(window, qtbot)
    asked = window.findChild(RestoreCopyQuestion)
    assert isinstance(asked, RestoreCopyQuestion)
    asked.go.click()
    quiet(window, qtbot)
    project = window.workspace.project
    assert project is not None
    assert project.table("building").loc["B0", "height_m"] == 15.0


def test_the_settings_of_the_project_say_when_it_was_copied_last(
    window: MainWindow, folder: Path, qtbot: QtBot
) -> None:
    project = window.workspace.project
    assert project is not None
    before = ProjectDialog(project)
    copy(window, qtbot)
    after = ProjectDialog(project)
    qtbot.addWidget(before)
    qtbot.addWidget(after)

    def words(dialog: ProjectDialog) -> str:
        return " ".join(one.text() for one in dialog.findChildren(QLabel))

    moment = operations.copies_of(folder)[0].moment
    assert "None yet: one is made" in words(before)
    assert f"1 kept, the newest of {moment}." in words(after)


def test_what_nobody_caught_is_refused_where_the_user_can_put_it_right() -> None:
    crashed: list[str] = []
    refused: list[UserError] = []
    hook = excepthook_of(lambda message, trace: crashed.append(message), refused.append)
    problem = UserError(Problem("The project in {folder} is damaged: {cause}.", "x", folder="a", cause="b"))
    hook(UserError, problem, None)
    hook(ValueError, ValueError("ours"), None)
    assert refused == [problem]
    assert crashed == ["ours"]
