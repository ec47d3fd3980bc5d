"""What a planner does all day holds the window nowhere longer than a tenth of a second, with many columns as well."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from desktop.result_tables import with_results
from desktop.ui import drawer, theme
from desktop.ui.main_window import MainWindow
from desktop.ui.space_panel import SpacePanel
from desktop.ui.table_panel import TablePanel
from desktop.ui.target_sliders import TargetSliders
from desktop.ui.trace import TraceDialog
from tests.desktop.ui.small_city import quiet
from tests.desktop.ui.test_compare import template, window  # noqa: F401  with plans, for the sliders
from tests.desktop.ui.watching import Watch, steadily, watched

COLUMNS, ROWS = 400, 600  # about what the parcels of a city have when everything is assessed
LONGEST_MS = 100

pytestmark = pytest.mark.usefixtures("spared")


def numbers(index: pd.Index) -> pd.DataFrame:
    """As many columns as a city has when everything is assessed."""
    draw = np.random.default_rng(1)
    names = [f"found_{number}" for number in range(COLUMNS)]
    return pd.DataFrame(draw.random((len(index), COLUMNS)) * 1e6, index=index, columns=names)


@pytest.fixture
def wide(small_window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    """The window with a table that has very many columns."""
    for (
        other
    ) in QApplication.topLevelWidgets():  # of tests before; a program has its own window alone to style
        if other.window() is not small_window and other.parent() is None:
            other.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    monkeypatch.setattr(
        drawer, "with_results", lambda *asked: (one := with_results(*asked)).join(numbers(one.index))
    )
    bench = small_window.workbench
    assert bench is not None
    bench.show_table(shown=True)
    quiet(small_window, qtbot)
    assert bench.drawer.table.model.columnCount() > COLUMNS
    return small_window


def measured(panel: TablePanel, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not panel.view.columns.measuring, timeout=20_000)


def test_a_table_of_very_many_columns_is_shown_at_once_and_measured_by_and_by(qtbot: QtBot) -> None:
    panel = TablePanel()
    qtbot.addWidget(panel)
    panel.resize(1000, 300)
    panel.show()
    frame = numbers(pd.Index([f"P{number}" for number in range(ROWS)], name="parcel_id"))
    frame["found_399"] = "a word that is longer than its head"
    with Watch() as watch:
        panel.set_table("parcel", frame)
        measured(panel, qtbot)
    assert watch.longest_ms < LONGEST_MS
    assert panel.view.columnWidth(COLUMNS) > panel.view.columnWidth(2) >= 72
    panel.close_workers()


def test_the_table_opens_and_takes_another_layer_while_the_window_answers(
    wide: MainWindow, qtbot: QtBot
) -> None:
    bench = wide.workbench
    assert bench is not None
    opening, changing = [], []
    for _ in range(2):
        bench.show_table(shown=False)
        wide.workspace.activate("building")
        quiet(wide, qtbot)
        opening.append(watched(wide, qtbot, lambda: bench.show_table(shown=True)))
        for table in ("parcel", "building"):
            changing.append(watched(wide, qtbot, partial(wide.workspace.activate, table)))
            assert bench.drawer.table.table == table
    assert min(opening) < LONGEST_MS
    assert min(changing[::2]) < LONGEST_MS and min(changing[1::2]) < LONGEST_MS


def test_light_and_dark_change_while_the_window_answers(wide: MainWindow, qtbot: QtBot) -> None:
    wide.workspace.select_ids("parcel", ["P1"])
    quiet(wide, qtbot)
    longest = []
    for dark in (True, False, True):
        longest.append(watched(wide, qtbot, wide.switch_theme))
        assert QApplication.instance().property("dark") is dark  # type: ignore[union-attr]
        bench = wide.workbench
        assert bench is not None and bench.drawer.isVisible() and bench.card.card.title == "Parcel P1"
    assert min(longest) < LONGEST_MS


def test_the_language_changes_while_the_window_answers(wide: MainWindow, qtbot: QtBot) -> None:
    longest = []
    for title in ("建筑", "Buildings"):
        longest.append(watched(wide, qtbot, wide.switch_language))
        bench = wide.workbench
        assert bench is not None and bench.drawer.table.title.text() == title
    assert min(longest) < LONGEST_MS


def test_while_the_parts_are_made_anew_the_window_shows_how_it_was(
    small_window: MainWindow, qtbot: QtBot
) -> None:
    before = small_window.grab().toImage()
    small_window.switch_theme()
    curtain = next(one for one in small_window.findChildren(QLabel) if one.parent() is small_window)
    assert curtain.pixmap().toImage() == before
    qtbot.waitUntil(lambda: not small_window.rebuilding.busy)
    quiet(small_window, qtbot)
    assert not [one for one in small_window.findChildren(QLabel) if one.parent() is small_window]
    now = small_window.grab().toImage()
    assert (before.pixelColor(2, 2).name(), now.pixelColor(2, 2).name()) == (
        theme.LIGHT["panel"],
        theme.DARK["panel"],
    )


def test_whoever_needs_the_workbench_meanwhile_has_the_new_one(small_window: MainWindow) -> None:
    before = small_window.workbench
    small_window.switch_language()
    small_window.switch_theme()
    now = small_window.workbench
    assert now is not None and now is not before
    assert not small_window.rebuilding.busy


def test_a_style_is_set_once_however_often_the_theme_changes(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme.apply_theme(application)
    styles: list[object] = []
    monkeypatch.setattr(QApplication, "setStyle", lambda *style: styles.append(style))
    theme.apply_theme(application, dark=True)
    theme.apply_theme(application)
    assert not styles


def test_the_origin_of_all_numbers_of_a_parcel_is_shown_while_the_window_answers(
    window: MainWindow,  # noqa: F811
    qtbot: QtBot,
) -> None:
    parcel = str(window.workspace.ids("parcel")[0])

    def held_up() -> float:
        longest = watched(window, qtbot, lambda: window.traces.row("parcel", parcel))
        dialog = next(one for one in window.findChildren(TraceDialog) if one.isVisible())
        for page in range(dialog.tabs.count()):
            longest = max(longest, watched(window, qtbot, partial(dialog.tabs.setCurrentIndex, page)))
        dialog.accept()
        return longest

    assert min(held_up() for _ in range(3)) < LONGEST_MS


def test_a_step_of_a_slider_is_solved_while_the_window_answers(window: MainWindow, qtbot: QtBot) -> None:  # noqa: F811
    sliders = window.findChild(TargetSliders)
    slider = next(iter(sliders.sliders.values()))
    assert steadily(window, qtbot, lambda: slider.setValue(slider.value() + 8)) < LONGEST_MS
    assert sliders.trial is not None


def test_a_picture_of_the_city_in_space_is_written_while_the_window_answers(
    small_window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = small_window.workbench
    assert bench is not None
    small_window.resize(1900, 1000)
    bench.map.show_in_space(shown=True)
    panel = small_window.findChild(SpacePanel)
    qtbot.waitUntil(lambda: panel.view.settled, timeout=60_000)
    assert steadily(small_window, qtbot, lambda: panel.write_to(tmp_path / "city.png")) < LONGEST_MS
    assert (tmp_path / "city.png").stat().st_size > 10_000


def test_kernels_of_map_and_cards_are_compiled_before_anybody_waits_for_them() -> None:
    program = (
        "from desktop.ui.app import warm; warm();"
        "from potential.ground_heat.temperatures import whole_course; print(len(whole_course.signatures))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "1"
