"""A window with a small city open, for tests of what stands around the map."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core import texts
from desktop.ui import theme
from desktop.ui.main_window import MainWindow
from tests.desktop.ui.small_city import gone, quiet, twelve_blocks
from tests.desktop.ui.watching import libraries_spared


@pytest.fixture(autouse=True)
def no_window_is_left() -> Iterator[None]:
    """A window that a test leaves behind makes every later one slower: its timers run, and styles are set on it."""
    yield
    assert not [one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow)]


@pytest.fixture
def spared() -> Iterator[None]:
    """For tests that watch the window many times."""
    with libraries_spared():
        yield


@pytest.fixture(scope="session")
def small_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of twelve blocks on four parcels that tests only look at."""
    place = tmp_path_factory.mktemp("small") / "项目"
    return Path(shutil.copytree(twelve_blocks(tmp_path_factory), place))


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That project, of which every test gets a copy."""
    return twelve_blocks(tmp_path_factory)


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    """A copy of the project."""
    return Path(shutil.copytree(template, tmp_path / "小城"))


@pytest.fixture
def start_window(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    """The window on its start page, in English, light."""
    monkeypatch.setenv("LUTU_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(texts, "_chosen", "en")
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme.apply_theme(application)
    made = MainWindow()
    made.resize(1280, 800)
    made.show()
    yield made
    gone(made)
    theme.apply_theme(application)


@pytest.fixture
def window(start_window: MainWindow) -> MainWindow:
    """The window that tests of a file begin with; on its start page where they do not say another."""
    return start_window


@pytest.fixture
def opened(window: MainWindow, folder: Path, qtbot: QtBot) -> MainWindow:
    """The window with a project of its own open."""
    window.flows.open(folder)
    quiet(window, qtbot)
    assert window.workspace.project is not None
    return window


@pytest.fixture
def small_window(start_window: MainWindow, small_city: Path, qtbot: QtBot) -> MainWindow:
    """The window with the project open that tests only look at."""
    start_window.flows.open(small_city)
    quiet(start_window, qtbot)
    return start_window
