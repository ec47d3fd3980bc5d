"""The start page is seen before the program is loaded, and gives way to the window, which does what was asked for."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QRect
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core import texts
from desktop.session import Session, save_session
from desktop.ui import app, front_window, theme
from desktop.ui.front_window import FrontWindow
from desktop.ui.main_window import MainWindow

ROOT = Path(__file__).resolve().parents[3]
HEAVY = ("numpy", "pandas", "numba", "shapely", "pyproj", "desktop.ui.main_window")


@pytest.fixture(autouse=True)
def english(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A person who starts the program for the first time; afterwards nothing is spared from the collector."""
    monkeypatch.setenv("LUTU_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(texts, "_chosen", "en")
    theme.apply_theme(qapp)
    yield
    gc.unfreeze()
    gc.enable()


@pytest.fixture
def made() -> Iterator[list[MainWindow]]:
    """The windows that were made; they are closed afterwards."""
    windows: list[MainWindow] = []
    yield windows
    for window in windows:
        window.close()
        window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def shown(qtbot: QtBot, made: list[MainWindow]) -> FrontWindow:
    front = FrontWindow(made.append)
    qtbot.addWidget(front)
    front.show()
    return front


def test_the_start_page_is_seen_before_the_program_is_loaded() -> None:
    code = (
        "import sys\n"
        "from desktop.cli import main\n"
        "from desktop.ui.app import make_application\n"
        "from desktop.ui.front_window import FrontWindow\n"
        "application = make_application()\n"
        "front = FrontWindow(lambda window: None)\n"
        "front.show()\n"
        "application.processEvents()\n"
        "assert front.page.ways and front.isVisible()\n"
        f"sys.stdout.write(' '.join(one for one in {HEAVY} if one in sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == ""


def test_the_window_takes_the_place_of_the_start_page(qtbot: QtBot, made: list[MainWindow]) -> None:
    front = shown(qtbot, made)
    front.setGeometry(QRect(20, 30, 1111, 700))
    front.load()
    qtbot.waitUntil(lambda: bool(made) and not front.isVisible())
    assert made[0].isVisible()
    assert made[0].geometry() == QRect(20, 30, 1111, 700)


def test_what_is_pressed_while_the_program_is_loaded_is_done_then(
    qtbot: QtBot, made: list[MainWindow], tmp_path: Path
) -> None:
    project = tmp_path / "小城"
    project.mkdir()
    save_session(Session(recent=(str(project),)))
    front = shown(qtbot, made)
    front.page.recent[0].click()
    assert not front.page.isEnabled()
    refused: list[str] = []

    def ready(window: MainWindow) -> None:
        made.append(window)
        window.workspace.refused.connect(lambda error: refused.append(str(error)))

    front._made = ready
    front.load()
    qtbot.waitUntil(lambda: bool(refused))
    assert f"no project in {project}" in refused[0]


def test_a_program_closed_while_it_is_loaded_shows_no_window(qtbot: QtBot, made: list[MainWindow]) -> None:
    front = shown(qtbot, made)
    with qtbot.waitSignal(front.loaded):
        front.load()
        front.close()
    qtbot.wait(20)
    assert made == []


def test_what_keeps_the_program_from_being_loaded_ends_it_and_is_raised(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front_window, "WINDOW", "no_such_window")
    monkeypatch.setattr(app, "log_file", lambda: None)
    monkeypatch.setattr(qapp, "quitOnLastWindowClosed", lambda: True)
    with pytest.raises(ModuleNotFoundError, match="no_such_window"):
        app.run_window()
