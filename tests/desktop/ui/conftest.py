"""A window with a small city open, for tests of what stands around the map."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core import texts
from desktop.ui import theme
from desktop.ui.main_window import MainWindow
from tests.desktop.ui.test_main_window import quiet, twelve_blocks


@pytest.fixture(scope="session")
def small_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of twelve blocks on four parcels that tests only look at."""
    place = tmp_path_factory.mktemp("small") / "项目"
    return Path(shutil.copytree(twelve_blocks(tmp_path_factory), place))


@pytest.fixture
def small_window(
    qtbot: QtBot, small_city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    """The window with that project open, in English, light."""
    monkeypatch.setenv("LUTU_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(texts, "_chosen", "en")
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme.apply_theme(application)
    made = MainWindow()
    made.resize(1280, 800)
    made.show()
    made.flows.open(small_city)
    quiet(made, qtbot)
    yield made
    made.close()
    made.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
