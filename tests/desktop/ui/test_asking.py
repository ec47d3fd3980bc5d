"""What is asked about a project falls with it."""

from __future__ import annotations

import shutil
from pathlib import Path

from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from desktop.ui.asking import put
from desktop.ui.main_window import MainWindow
from tests.desktop.ui.small_city import quiet


def test_a_question_falls_when_another_project_is_opened(
    small_window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    workspace = small_window.workspace
    assert workspace.project is not None
    other = tmp_path / "other"
    shutil.copytree(workspace.project.folder, other)
    answered: list[str] = []
    asked = QDialog(small_window)
    put(asked, workspace, lambda: answered.append("yes"))
    assert asked.isVisible()
    with qtbot.waitSignal(asked.rejected):
        small_window.flows.open(other)
    quiet(small_window, qtbot)
    assert answered == []
    assert workspace.project.folder == other


def test_an_answer_is_taken(small_window: MainWindow, qtbot: QtBot) -> None:
    answered: list[str] = []
    asked = QDialog(small_window)
    put(asked, small_window.workspace, lambda: answered.append("yes"))
    with qtbot.waitSignal(asked.finished):
        asked.accept()
    assert answered == ["yes"]
