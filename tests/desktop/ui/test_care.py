"""Copies, the machine, PV systems and versions of a document: what only the command line said, said in the window."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import geopandas as gpd
import pytest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot
from shapely.geometry import Point

from core.problems import UserError
from core.texts import speaking
from desktop import asset_words, operations
from desktop.session import load_session
from desktop.ui import care_flows
from desktop.ui.copies_dialog import CopiesDialog, PutBackQuestion
from desktop.ui.list_dialog import ListDialog
from desktop.ui.main_window import MainWindow
from layers.city import City
from layers.pv_assets import register
from reports.documents.record import Change
from tests.desktop.ui.small_city import quiet


def shown(window: MainWindow, kind: type[QDialog]) -> QDialog:
    """The dialog of a kind that stands."""
    return next(one for one in window.findChildren(kind) if one.isVisible())


def test_a_copy_is_made_on_wish_and_put_back(opened: MainWindow, folder: Path, qtbot: QtBot) -> None:
    opened.actions_by_name["copies"].trigger()
    asked = shown(opened, CopiesDialog)
    assert not asked.restore.isEnabled()
    asked.make.click()
    quiet(opened, qtbot)
    assert len(operations.copies_of(folder)) == 1
    project = opened.workspace.project
    assert project is not None
    operations.correct(project, "building", ["B0"], "height_m", 42.0, "")
    opened.actions_by_name["copies"].trigger()
    shown(opened, CopiesDialog).restore.click()
    shown(opened, PutBackQuestion).try_accept()
    qtbot.waitUntil(lambda: opened.workspace.project not in (project, None), timeout=60_000)
    quiet(opened, qtbot)
    assert opened.workspace.corrections("building", "B0") == {}


def test_settings_of_copies_are_kept_and_hold_at_once(opened: MainWindow) -> None:
    opened.actions_by_name["copies"].trigger()
    asked = shown(opened, CopiesDialog)
    asked.minutes.setValue(12)
    asked.copies.setValue(3)
    asked.go.click()
    kept = load_session()
    assert (kept.copy_minutes, kept.copies_kept, kept.copies_gb) == (12, 3, 4.0)
    assert opened.copies.timer.interval() == 12 * 60_000


def test_the_machine_is_looked_at_without_a_project(start_window: MainWindow, qtbot: QtBot) -> None:
    start_window.actions_by_name["machine"].trigger()
    qtbot.waitUntil(lambda: bool(start_window.findChildren(ListDialog)), timeout=60_000)
    found = shown(start_window, ListDialog)
    assert any(row[1].startswith("Python 3") and row[0] == "✓" for row in found.listed)


def test_the_register_lists_what_is_overdue_blocked_or_idle_and_leaves_out_the_rest() -> None:
    assets = gpd.GeoDataFrame(
        {
            "asset_state": ["operating", "stopped", "operating", None],
            "installed_kwp": [10.0, 20.0, 30.0, 40.0],
            "removal_due": [None, None, "2020-01-01", None],
            "rapid_shutdown": "yes",
            "firm_fixing": "yes",
            "waterproof": "yes",
        },
        geometry=[Point(n, 0) for n in range(4)],
        index=["A", "B", "C", "D"],
        crs=4545,
    )
    made = register(City("小城", assets.crs, tables={"pv_asset": assets}), date(2026, 1, 1))
    with speaking("en"):
        found = asset_words.to_look_at(made)
    assert [(one.asset, one.why) for one in found] == [
        ("C", "Removal overdue"),
        ("B", "Out of operation"),
        ("D", "State not known"),
    ]


def test_a_city_without_pv_systems_is_summed_up_as_such(small_window: MainWindow, qtbot: QtBot) -> None:
    small_window.actions_by_name["assets"].trigger()
    quiet(small_window, qtbot)
    found = shown(small_window, ListDialog)
    assert found.listed == [] and "0\xa0kWp" in found.lead.text()


def test_what_changed_between_two_versions_is_listed_and_copied(
    small_window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from desktop import plan_documents

    monkeypatch.setattr(plan_documents, "compare", lambda old, new: [Change("表 1", "200 MW", "300 MW")])
    picked = iter([(str(tmp_path / "旧.docx"), ""), (str(tmp_path / "新.docx"), "")])
    monkeypatch.setattr(care_flows.QFileDialog, "getOpenFileName", staticmethod(lambda *given: next(picked)))
    small_window.actions_by_name["versions"].trigger()
    quiet(small_window, qtbot)
    found = shown(small_window, ListDialog)
    assert "旧.docx → 新.docx" in found.lead.text() and "1 change." in found.lead.text()
    found.copy()
    assert QApplication.clipboard().text().splitlines()[1] == "表 1\t200 MW\t300 MW"


def test_files_without_a_record_are_refused(small_window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    refused: list[UserError] = []
    small_window.workspace.refused.connect(refused.append)
    for name in ("旧.docx", "新.docx"):
        shutil.copy(__file__, tmp_path / name)
    small_window.care.show_versions(tmp_path / "旧.docx", tmp_path / "新.docx")
    quiet(small_window, qtbot)
    assert "no record" in str(refused[0])
