"""Work is not lost by closing the window, and a project can be kept under another name."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from core.jobs import Job
from desktop import operations
from desktop.ui import theme
from desktop.ui.import_dialog import ImportDialog
from desktop.ui.keeping import SaveAsQuestion, StopQuestion
from desktop.ui.main_window import MainWindow
from desktop.ui.workspace import Message
from tests.desktop.ui.small_city import quiet, words


class ByHand(QCloseEvent):
    """As the window system sends it where somebody closes the window."""

    def spontaneous(self) -> bool:
        return True


def asked(window: MainWindow, kind: type) -> list:
    return [one for one in window.findChildren(kind) if one.isVisible()]


def test_saving_says_that_all_is_kept_and_a_copy_under_another_name_is_open_then(
    opened: MainWindow, qtbot: QtBot
) -> None:
    first = opened.workspace.needed().folder
    said: list[Message] = []
    opened.workspace.said.connect(said.append)
    opened.actions_by_name["save"].trigger()
    assert "kept already" in said[0].words and said[0].follow is not None
    said[0].follow()
    question = asked(opened, SaveAsQuestion)[0]
    assert question.folder == first.parent / f"{first.name} 2"
    question.try_accept()
    quiet(opened, qtbot)
    assert opened.workspace.needed().folder == first.parent / f"{first.name} 2"
    assert (first / "city.gpkg").is_file()
    assert opened.workspace.assessments


def test_closing_the_window_while_work_is_under_way_is_asked_about_once(
    opened: MainWindow, qtbot: QtBot
) -> None:
    end = threading.Event()

    def work(job: Job) -> None:
        while not end.wait(0.01):
            job.check()

    opened.workspace.do("Assessing", work, lambda _: None)
    opened.actions_by_name["quit"].trigger()
    event = ByHand()
    opened.closeEvent(event)
    assert not event.isAccepted() and opened.isVisible()
    (question,) = asked(opened, StopQuestion)
    assert "Assessing" in words(question)
    question.reject()
    assert opened.isVisible() and opened.workspace.busy
    opened.actions_by_name["quit"].trigger()
    asked(opened, StopQuestion)[0].try_accept()
    assert not opened.isVisible() and opened.workspace.project is None


def test_without_work_nothing_is_asked(opened: MainWindow) -> None:
    assert opened.keeping.may_close()
    assert not asked(opened, StopQuestion)


def test_what_is_hidden_beside_the_map_stays_so_until_it_is_asked_for(
    opened: MainWindow, qtbot: QtBot
) -> None:
    wide = opened.canvas.width()
    for name in ("left", "card"):
        opened.actions_by_name[name].trigger()
    qtbot.waitUntil(lambda: opened.canvas.width() > wide + 400)
    opened.switch_language()
    bench = opened.workbench
    assert bench is not None
    assert bench.hidden == ["left", "card"]
    bench.header.steps["plan"].click()
    assert bench.hidden == ["card"]
    opened.actions_by_name["card"].trigger()
    assert bench.hidden == []


def test_the_header_names_project_and_scenario(opened: MainWindow) -> None:
    assert opened.workbench is not None
    assert "Base scenario" in words(opened.workbench.header)


def test_files_dropped_together_are_asked_about_one_after_another(
    opened: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    files = [tmp_path / f"{name}.csv" for name in ("一", "二", "三")]
    for file in files:
        file.write_text("名称,经度,纬度\n甲,108.9,34.3\n", encoding="utf-8")
    opened.flows.dropped(files)
    for file in files:
        qtbot.waitUntil(lambda: bool(asked(opened, ImportDialog)))
        (dialog,) = asked(opened, ImportDialog)
        assert file.name in dialog.form.path.text()
        dialog.reject()
        qtbot.waitUntil(lambda dialog=dialog: not dialog.isVisible())
    qtbot.wait(50)
    assert not asked(opened, ImportDialog)


@pytest.mark.parametrize(("chosen", "dark"), [(None, True), (False, False), (True, True)])
def test_the_program_is_as_dark_as_the_system_unless_that_was_chosen(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, chosen: bool | None, dark: bool
) -> None:
    monkeypatch.setattr(type(qapp.styleHints()), "colorScheme", lambda hints: Qt.ColorScheme.Dark)
    assert theme.wanted_dark(qapp, chosen) is dark


def test_all_that_was_changed_since_editing_began_is_undone_at_once_and_can_be_had_again(
    opened: MainWindow, qtbot: QtBot
) -> None:
    project, editor = opened.workspace.needed(), opened.editing.editor
    operations.correct(project, "parcel", ["P1"], "name", "甲", "before")
    opened.actions_by_name["edit"].trigger()
    bar = opened.editing.bar
    assert bar is not None and not bar.back.isEnabled()
    for name in ("乙", "丙"):
        operations.correct(project, "parcel", ["P1"], "name", name, "while editing")
    assert bar.back.isEnabled()
    said: list[Message] = []
    opened.workspace.said.connect(said.append)
    bar.back.click()
    assert project.table("parcel").loc["P1", "name"] == "甲"
    assert not editor.changed_since
    assert said[0].follow is not None
    said[0].follow()
    assert project.table("parcel").loc["P1", "name"] == "丙"


def test_the_history_leads_back_to_any_change(opened: MainWindow) -> None:
    project = opened.workspace.needed()
    for name in ("甲", "乙", "丙"):
        operations.correct(project, "parcel", ["P1"], "name", name, "")
    assert opened.workbench is not None
    panel = opened.workbench.left.history
    links = [one for one in panel.findChildren(QPushButton) if one.text() == "Undo what came after"]
    links[-1].click()  # the oldest stands last
    assert project.table("parcel").loc["P1", "name"] == "甲"
    again = [one for one in panel.findChildren(QPushButton) if one.text() == "Make again up to here"]
    again[0].click()
    assert project.table("parcel").loc["P1", "name"] == "丙"
