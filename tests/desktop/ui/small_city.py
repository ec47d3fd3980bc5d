"""A city of twelve blocks on four parcels for tests of the window, and what one does with a window that shows it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from shapely.geometry import box

from desktop import operations
from desktop.themes import themes_of
from desktop.ui.main_window import MainWindow
from tests.desktop.brought_in import bring_in_and_assess
from tests.once import made_once

WEST, SOUTH = 500_000.0, 3_800_000.0  # in Xi'an
BLOCKS = 12
PATIENCE_MS = 60_000


def made_project(folder: Path) -> Path:
    """Twelve blocks on four parcels, checked and assessed."""
    west = WEST + 10 + 30.0 * np.arange(BLOCKS)
    blocks = gpd.GeoDataFrame(
        {
            "楼栋编号": [f"B{n}" for n in range(BLOCKS)],
            "高度": 15.0,
            "层数": 5,
            "用途": "住宅",
            "建成年代": 2005,
        },
        geometry=[box(x, SOUTH + 20, x + 20, SOUTH + 32) for x in west],
        crs=4545,
    )
    plots = gpd.GeoDataFrame(
        {"地块编号": [f"P{n}" for n in range(4)], "用地代码": "070102", "用地面积": 5_400.0},
        geometry=[box(WEST + 90 * n, SOUTH, WEST + 90 * (n + 1), SOUTH + 60) for n in range(4)],
        crs=4545,
    )
    blocks.to_file(folder / "city.gpkg", layer="建筑")
    plots.to_file(folder / "city.gpkg", layer="地块")
    project = operations.new_project(folder / "项目", name="小城", city="西安")
    bring_in_and_assess(project, folder / "city.gpkg", "rooftop")
    project.close()
    return folder / "项目"


def twelve_blocks(factory: pytest.TempPathFactory) -> Path:
    """That project, made once in a run; to be copied."""
    return made_once(factory, "twelve-blocks", made_project) / "项目"


def gone(window: MainWindow) -> None:
    """Close a window and take it apart at once, else every later style is set on its parts, too."""
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def quiet(window: MainWindow, qtbot: QtBot) -> None:
    """Wait until nothing runs and the map is drawn."""

    def still() -> bool:
        if window.rebuilding.busy:
            return False
        bench = window.workbench
        written = bench is None or not bench.card.writing
        return not window.workspace.busy and window.canvas.settled and written

    qtbot.waitUntil(still, timeout=PATIENCE_MS)
    qtbot.wait(30)


def words(widget: QWidget) -> str:
    """All texts in a widget that are not hidden."""
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if not one.isHidden())


def place_of(window: MainWindow, x: float, y: float) -> QPoint:
    """Where a point of the world is on the canvas."""
    return QPoint(*(round(value) for value in window.canvas.view.to_px(x, y)))


def card(window: MainWindow) -> str:
    """What the card says."""
    assert window.workbench is not None
    return words(window.workbench.card)


def select(window: MainWindow, qtbot: QtBot, table: str, *ids: str) -> None:
    """Select rows and wait for the card."""
    window.workspace.select_ids(table, ids)
    quiet(window, qtbot)


def colour_by(window: MainWindow, qtbot: QtBot, table: str, column: str, **look: Any) -> None:
    """Colour a layer by a column."""
    workspace = window.workspace
    assert workspace.city is not None
    themes = themes_of(workspace.city, workspace.results, table)
    theme = next(one for one in themes if one.column == column)
    workspace.restyle(table, theme=theme, visible=True, **look)
    quiet(window, qtbot)
