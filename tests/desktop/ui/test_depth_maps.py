"""Maps of temperature at depth are made in the window as on the command line, with a project open or none."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.problems import UserError
from desktop.depth_maps import depths_of
from desktop.ui.depth_maps import DepthMapsDialog
from desktop.ui.list_dialog import ListDialog
from desktop.ui.main_window import MainWindow
from tests.desktop.ui.small_city import words


def table(folder: Path) -> Path:
    """Heat-flow points in a row, under the names of the Global Heat Flow Database."""
    path = folder / "points.csv"
    pd.DataFrame(
        {"lon": [108.0, 108.2, 108.4, 108.6], "lat": 34.2, "q": 65.0, "tc_mean": 2.5, "T_grad_mean": 26.0}
    ).to_csv(path, index=False)
    return path


def asked(window: MainWindow) -> DepthMapsDialog:
    window.actions_by_name["depth_maps"].trigger()
    return next(one for one in window.findChildren(DepthMapsDialog) if one.isVisible())


def test_points_become_maps_without_a_project(start_window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = asked(start_window)
    dialog.file.setText(str(table(tmp_path)))
    dialog.read_columns()
    qtbot.waitUntil(lambda: not start_window.workspace.busy)
    assert dialog.columns["heat_flow_mw_per_m2"].currentText() == "q"
    dialog.depths.setText("1500")
    dialog.cell.setText("5000")
    dialog.surface.setText("14")
    dialog.folder.line.setText(str(tmp_path / "maps"))
    dialog.go.click()
    qtbot.waitUntil(lambda: not start_window.workspace.busy, timeout=60_000)
    QApplication.processEvents()
    assert (tmp_path / "maps" / "temperature_1500_m_c.tif").stat().st_size > 0
    assert (tmp_path / "maps" / "temperature_en.pdf").stat().st_size > 0
    shown = next(one for one in start_window.findChildren(ListDialog) if one.isVisible())
    assert "Wrote 5 files" in words(shown)
    assert "at 4 points with a gradient of their own" in shown.listed[0][0]


def test_everything_wrong_with_the_form_is_said_at_once(start_window: MainWindow) -> None:
    dialog = asked(start_window)
    dialog.depths.setText("deep, 2000")
    dialog.cell.setText("")
    dialog.folder.line.setText("")
    dialog.go.click()
    assert dialog.isVisible() and dialog.answer is None
    assert len(dialog.trouble.text().splitlines()) == 4
    dialog.reject()


def test_depths_may_be_parted_as_people_part_them() -> None:
    assert depths_of("1000, 2000；3000 4000") == (1000.0, 2000.0, 3000.0, 4000.0)
    with pytest.raises(UserError) as refused:
        depths_of("deep, 1000, far")
    assert len(refused.value.problems) == 2
