"""Parcels are drawn, reshaped, moved, split and merged by mouse and keys, undone, marked, and never lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import shapely
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from core import texts
from desktop import operations
from desktop.drafts import Draft, begin_session, keep_draft
from desktop.ui.edit_questions import AttributesQuestion, DrawnQuestion, RestoreQuestion
from desktop.ui.main_window import MainWindow
from desktop.ui.map_tools import Tool
from desktop.ui.shape_editor import Mode, ShapeEditor
from layers.given_shapes import shapes_now
from tests.desktop.ui.small_city import SOUTH, WEST, place_of, quiet
from tests.desktop.ui.watching import steadily

Left, Keys, Key = Qt.MouseButton.LeftButton, Qt.KeyboardModifier, Qt.Key
CORNER = (WEST + 90, SOUTH + 60)  # of P0 and P1


@pytest.fixture
def editing(opened: MainWindow, qtbot: QtBot) -> MainWindow:
    """The window with P0 under the hand, its parcels filling the map."""
    opened.workspace.select_ids("parcel", ["P0"])
    opened.canvas.zoom_to((WEST - 40, SOUTH - 40, WEST + 400, SOUTH + 100))
    opened.editing.switch()
    quiet(opened, qtbot)
    return opened


def hand(window: MainWindow) -> ShapeEditor:
    return window.editing.editor


def shape(window: MainWindow, row: str):
    return shapes_now(window.workspace.project.store, "parcel", [row]).get(row)


def drag(window: MainWindow, begin, end, keys=Keys.NoModifier) -> None:
    start, stop = place_of(window, *begin), place_of(window, *end)
    QTest.mousePress(window.canvas, Left, keys, start)
    for step in range(1, 5):
        QTest.mouseMove(window.canvas, start + (stop - start) * step / 4)
    QTest.mouseRelease(window.canvas, Left, keys, stop)


def click(window: MainWindow, *places, keys=Keys.NoModifier) -> None:
    for x, y in places:
        QTest.mouseMove(window.canvas, place_of(window, x, y))
        QTest.mouseClick(window.canvas, Left, keys, place_of(window, x, y))


def press(window: MainWindow, key: Key, keys=Keys.NoModifier) -> None:
    QTest.keyClick(window.canvas, key, keys)


def labels(window: MainWindow) -> list[str]:
    return [entry.label for entry in window.workspace.project.history()]


def test_the_selected_parcel_shows_its_corners(editing):
    assert hand(editing).active and hand(editing).chosen == ("P0",)
    assert len(hand(editing).outline.corners) == 4
    assert editing.editing.bar.isVisible()


def test_a_dragged_corner_takes_the_neighbour_along(editing):
    drag(editing, CORNER, (WEST + 110, SOUTH + 80))
    assert shape(editing, "P0").area == pytest.approx(6_900, rel=0.02)
    assert shapely.area(shapely.intersection(shape(editing, "P0"), shape(editing, "P1"))) < 1.0
    assert len(labels(editing)) == 1


def test_alone_a_corner_leaves_an_overlap_that_is_said(editing, qtbot):
    hand(editing).shared = False
    said = []
    editing.workspace.said.connect(lambda message: said.append(message.words))
    drag(editing, CORNER, (WEST + 120, SOUTH + 58), Keys.NoModifier)
    assert "P0 overlaps P1" in said[-1]


def test_undo_brings_the_corner_back_bit_for_bit_and_redo_away_again(editing):
    before = shape(editing, "P0")
    drag(editing, CORNER, (WEST + 100, SOUTH + 90))
    after = shape(editing, "P0")
    editing.workspace.undo()
    assert shape(editing, "P0").equals_exact(before, 0)
    assert hand(editing).outline.shape.equals(before)
    editing.workspace.redo()
    assert shape(editing, "P0").equals_exact(after, 0)


def test_a_corner_snaps_to_a_corner_of_another_parcel_within_ten_pixels(editing):
    m_per_px = editing.canvas.view.m_per_px
    drag(editing, CORNER, (WEST + 180 + 6 * m_per_px, SOUTH + 60 - 6 * m_per_px))
    assert [WEST + 180, SOUTH + 60] in shapely.get_coordinates(shape(editing, "P0")).tolist()


def test_without_snapping_a_corner_lies_where_it_is_let_go(editing):
    hand(editing).snapping = False
    m_per_px = editing.canvas.view.m_per_px
    drag(editing, CORNER, (WEST + 90, SOUTH + 60 + 30 * m_per_px))
    top = shape(editing, "P0").bounds[3]
    assert top == pytest.approx(SOUTH + 60 + 30 * m_per_px, abs=m_per_px)


def test_a_hollow_handle_adds_a_corner(editing):
    drag(editing, (WEST, SOUTH + 30), (WEST - 20, SOUTH + 30))
    assert len(hand(editing).outline.corners) == 5
    assert shape(editing, "P0").area == pytest.approx(6_000, rel=0.02)


def test_delete_removes_the_corner_that_was_clicked(editing):
    click(editing, CORNER)
    press(editing, Key.Key_Delete)
    assert shape(editing, "P0").area == pytest.approx(2_700)


def test_escape_ends_the_drag_only(editing):
    before = shape(editing, "P0")
    start = place_of(editing, *CORNER)
    QTest.mousePress(editing.canvas, Left, Keys.NoModifier, start)
    QTest.mouseMove(editing.canvas, start + QPoint(20, 20))
    QTest.mouseMove(editing.canvas, start + QPoint(60, 60))
    press(editing, Key.Key_Escape)
    QTest.mouseRelease(editing.canvas, Left, Keys.NoModifier, start + QPoint(60, 60))
    assert hand(editing).active and hand(editing).chosen == ("P0",)
    assert shape(editing, "P0").equals(before) and not labels(editing)


def test_an_outline_dragged_over_itself_is_not_kept_and_says_so_at_the_place(editing):
    hand(editing).snapping = False
    drag(editing, CORNER, (WEST - 30, SOUTH + 20))
    fault = hand(editing).fault
    assert fault is not None and WEST - 30 < fault.x < WEST + 90 and SOUTH < fault.y < SOUTH + 60
    assert not labels(editing) and "crosses" in editing.editing.bar.hint.text()
    press(editing, Key.Key_Escape)
    assert hand(editing).fault is None and hand(editing).outline.shape.equals(shape(editing, "P0"))


def test_keys_alone_move_a_corner(editing):
    press(editing, Key.Key_Period)
    corner = hand(editing).outline.place(hand(editing).corner)
    for _ in range(3):
        press(editing, Key.Key_Right, Keys.ShiftModifier)
    assert not labels(editing)
    press(editing, Key.Key_Return)
    moved = (corner[0] + 30 * editing.canvas.view.m_per_px, corner[1])
    assert any(
        place == pytest.approx(moved) for place in shapely.get_coordinates(shape(editing, "P0")).tolist()
    )


def test_a_line_drawn_across_splits_the_parcel(editing):
    hand(editing).choose_mode(Mode.SPLIT)
    click(editing, (WEST + 40, SOUTH - 20), (WEST + 40, SOUTH + 80))
    press(editing, Key.Key_Return)
    assert hand(editing).chosen == ("P0", "P0-2")
    areas = sorted(shape(editing, row).area for row in ("P0", "P0-2"))
    assert sum(areas) == pytest.approx(5_400) and areas[0] == pytest.approx(2_400, rel=0.02)


def test_a_cut_that_misses_is_refused_and_may_be_mended(editing, qtbot):
    refused = []
    editing.workspace.refused.disconnect()
    editing.workspace.refused.connect(refused.append)
    hand(editing).choose_mode(Mode.SPLIT)
    click(editing, (WEST + 40, SOUTH - 20), (WEST + 40, SOUTH + 25))
    press(editing, Key.Key_Return)
    assert refused and len(hand(editing).line) == 2
    click(editing, (WEST + 40, SOUTH + 80))
    press(editing, Key.Key_Return)
    assert hand(editing).chosen == ("P0", "P0-2")


def test_shift_click_chooses_a_second_parcel_and_both_merge(editing):
    click(editing, (WEST + 135, SOUTH + 50), keys=Keys.ShiftModifier)
    assert hand(editing).chosen == ("P0", "P1")
    hand(editing).merge()
    assert shape(editing, "P0").area == pytest.approx(10_800)
    assert shape(editing, "P1") is None and hand(editing).chosen == ("P0",)


def test_a_parcel_is_drawn_asked_about_and_there(editing, qtbot):
    hand(editing).choose_mode(Mode.DRAW)
    south = SOUTH - 35
    click(editing, (WEST, south), (WEST + 60, south), (WEST + 60, south + 20), (WEST, south + 20))
    QTest.mouseDClick(editing.canvas, Left, Keys.NoModifier, place_of(editing, WEST, south + 20))
    asked = editing.findChild(DrawnQuestion)
    asked.try_accept()
    assert "missing" in asked.trouble.text()
    asked.inputs["land_use_code"].setCurrentIndex(3)
    asked.try_accept()
    assert hand(editing).chosen == ("N-001",) and not hand(editing).line
    assert shape(editing, "N-001").area == pytest.approx(1_200, rel=0.05)


def test_a_drawn_parcel_can_be_reshaped_and_deleted_before_it_is_computed_with(editing, qtbot):
    row = operations.draw_shape(
        editing.workspace.project, "parcel", shapely.box(WEST, SOUTH - 35, WEST + 60, SOUTH - 10), {}
    )
    click(editing, (WEST + 30, SOUTH - 20))
    assert hand(editing).chosen == (row,)
    drag(editing, (WEST, SOUTH - 35), (WEST - 20, SOUTH - 35))
    assert shape(editing, row).area > 1_500
    hand(editing).take(None)
    press(editing, Key.Key_Delete)
    assert shape(editing, row) is None


def test_whole_parcels_are_moved(editing):
    hand(editing).choose_mode(Mode.MOVE)
    hand(editing).snapping = False
    drag(editing, (WEST + 45, SOUTH + 5), (WEST + 45, SOUTH + 35))
    assert shape(editing, "P0").bounds[1] == pytest.approx(SOUTH + 30, abs=editing.canvas.view.m_per_px)
    assert shape(editing, "P0").area == pytest.approx(5_400)


def test_a_changed_parcel_is_put_away_on_the_map_until_it_is_computed_with(editing, qtbot):
    drag(editing, CORNER, (WEST + 100, SOUTH + 80))
    assert "P0" in hand(editing).pending["parcel"]
    assert not editing.canvas.layer("parcel").seen[0]
    assert "P0" in hand(editing).given["parcel"]
    assert set(editing.workspace.stale) >= {"city", "rooftop"}
    editing.workspace.check()
    quiet(editing, qtbot)
    assert hand(editing).pending["parcel"] == {}
    assert editing.canvas.layer("parcel").seen[0]
    assert editing.workspace.city.tables["parcel"].geometry["P0"].equals(shape(editing, "P0"))


def test_the_card_says_that_results_of_a_touched_parcel_are_old(editing, qtbot):
    drag(editing, CORNER, (WEST + 100, SOUTH + 80))
    quiet(editing, qtbot)
    assert any("orrected" in chip.words for chip in editing.workbench.card.card.chips)


def test_the_middle_button_still_moves_the_map(editing):
    before = editing.canvas.view.middle
    place = editing.canvas.rect().center()
    QTest.mousePress(editing.canvas, Qt.MouseButton.MiddleButton, pos=place)
    QTest.mouseMove(editing.canvas, place + QPoint(50, 0))
    QTest.mouseRelease(editing.canvas, Qt.MouseButton.MiddleButton, pos=place + QPoint(50, 0))
    assert editing.canvas.view.middle != before and not labels(editing)


def test_another_tool_ends_editing_and_its_button_begins_it_again(editing, qtbot):
    editing.workbench.map.choose(Tool.PAN)
    assert not hand(editing).active and not editing.editing.bar.isVisible()
    editing.workbench.map.choose(Tool.EDIT)
    assert hand(editing).active and editing.editing.bar.isVisible()
    editing.editing.bar.done.click()
    assert editing.canvas.tool is Tool.SELECT


def test_what_is_drawn_outlives_another_language_and_theme(editing, qtbot):
    hand(editing).choose_mode(Mode.DRAW)
    click(editing, (WEST, SOUTH - 30), (WEST + 50, SOUTH - 30))
    editing.switch_language()
    editing.switch_theme()
    quiet(editing, qtbot)
    assert len(hand(editing).line) == 2 and editing.editing.bar.isVisible()
    assert texts.language() == "zh" and "闭合" in editing.editing.bar.hint.text()


def test_the_theme_may_change_on_the_start_page_while_the_city_is_shown_in_space(opened, qtbot):
    opened.workbench.map.show_in_space(shown=True)
    qtbot.wait(50)
    opened.show_start()
    opened.switch_theme()
    opened.switch_theme()
    quiet(opened, qtbot)
    assert not opened.workbench.map.space.isVisible()


def test_every_button_of_the_bar_has_a_name(editing):
    buttons = editing.editing.bar.findChildren(QToolButton)
    assert len(buttons) == 11 and all(button.accessibleName() for button in buttons)


def test_a_formula_corrects_all_selected_buildings_as_one_change(opened, qtbot):
    opened.workspace.select_ids("building", ["B0", "B1", "B2"])
    opened.editing.ask_attributes()
    asked = opened.findChild(AttributesQuestion)
    asked.column.setCurrentIndex(asked.column.findData("height_m"))
    asked.way.choose("formula")
    asked.formula.setText("floors_above * 3.2")
    asked.try_accept()
    project = opened.workspace.project
    assert project.cells("building", ["B0", "B1", "B2", "B3"], "height_m").tolist() == [
        16.0,
        16.0,
        16.0,
        15.0,
    ]
    opened.workspace.undo()
    assert project.overlay().empty


def test_a_correction_to_what_is_there_already_is_said_and_no_change(opened, qtbot):
    said = []
    opened.workspace.said.connect(lambda message: said.append(message.words))
    opened.workspace.select_ids("building", ["B0"])
    for height in ("15", "18", "18"):
        opened.editing.ask_attributes()
        asked = opened.findChildren(AttributesQuestion)[-1]
        asked.column.setCurrentIndex(asked.column.findData("height_m"))
        asked.typed.setText(height)
        asked.try_accept()
    assert said[0] == said[2] == "Everything is so already."
    assert said[1] != said[0]
    assert len(opened.workspace.project.history()) == 1


def test_the_table_shows_a_correction_at_once_and_keeps_the_given_value_beside_it(opened, qtbot):
    opened.workspace.activate("building")
    opened.workbench.show_table(shown=True)
    quiet(opened, qtbot)
    operations.correct(opened.workspace.project, "building", ["B0"], "height_m", 24.0)
    model = opened.workbench.drawer.table.model
    column = next(n for n in range(model.columnCount()) if str(model.column(n).name) == "height_m")
    assert model.index(0, column).data() == "24.0"
    assert "15" in model.index(0, column).data(Qt.ItemDataRole.ToolTipRole)
    opened.workspace.undo()
    assert model.index(0, column).data() == "15.0"


def test_the_window_answers_within_a_tenth_of_a_second_while_shapes_are_edited(editing, qtbot):
    hand(editing).snapping = False
    places = iter([(WEST + 100, SOUTH + 80), (WEST + 95, SOUTH + 70), (WEST + 105, SOUTH + 75)])
    at = [CORNER]

    def again() -> None:
        place = next(places)
        drag(editing, at[-1], place)
        at.append(shapely.get_coordinates(shape(editing, "P0"))[_nearest(shape(editing, "P0"), place)])

    again()
    quiet(editing, qtbot)
    assert steadily(editing, qtbot, again, times=2) < 100
    assert len(labels(editing)) == 3


def _nearest(area, place) -> int:
    return int(np.argmin(np.hypot(*(shapely.get_coordinates(area) - place).T)))


# ---- after a crash

KILLED = """
import sys, time
from pathlib import Path
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from desktop import operations
from desktop.ui.app import make_application
from desktop.ui.main_window import MainWindow
from desktop.ui.shape_editor import Mode
from tests.desktop.ui.small_city import SOUTH, WEST, place_of
application = make_application()
window = MainWindow()
window.resize(1280, 800)
window.show()
window.flows.open(Path(sys.argv[1]))
while window.workspace.city is None or window.workspace.busy:
    application.processEvents()
window.canvas.zoom_to((WEST - 40, SOUTH - 40, WEST + 400, SOUTH + 100))
window.editing.switch()
editor = window.editing.editor
editor.choose_mode(Mode.DRAW)
for x in (0, 60):
    QTest.mouseClick(window.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
                     place_of(window, WEST + x, SOUTH - 30))
number = 0
while True:
    number += 1
    operations.correct(window.workspace.project, "building", ["B0"], "height_m", float(number % 80 + 10))
    print(number, flush=True)
"""


def test_a_killed_window_loses_no_change_and_offers_what_was_half_drawn(
    window: MainWindow,
    folder: Path,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    root = Path(__file__).resolve().parents[3]
    env = {
        **os.environ,
        "PYTHONPATH": str(root),
        "LUTU_HOME": str(tmp_path / "other"),
        "QT_QPA_PLATFORM": "offscreen",
    }
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(folder)], env=env, cwd=root, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        for line in other.stdout:
            if line.strip() == "12":
                break
        time.sleep(0.013)  # somewhere in the middle of a change
        os.kill(other.pid, signal.SIGKILL)
        made = [12, *(int(line) for line in other.stdout.read().split())]
    window.flows.open(folder)
    quiet(window, qtbot)
    project = window.workspace.project
    numbers = [int(entry.number) for entry in project.history()]
    assert len(numbers) in (made[-1], made[-1] + 1)  # all that were told, and at most the one under way
    assert project.cells("building", ["B0"], "height_m").iloc[0] == float(len(numbers) % 80 + 10)
    asked = window.findChild(RestoreQuestion)
    assert asked is not None and str(len(numbers)) in "".join(
        label.text() for label in asked.findChildren(type(asked.trouble))
    )
    asked.go.click()
    assert len(hand(window).line) == 2 and hand(window).mode is Mode.DRAW and hand(window).active
    window.workspace.close()
    assert not list(folder.glob("*.new.gpkg*"))


def test_after_a_crash_the_planner_may_go_back_to_how_the_project_was_opened(window, folder, qtbot):
    project = operations.open_project(folder)
    operations.correct(project, "building", ["B0"], "height_m", 20.0)
    begin_session(project)
    operations.correct(project, "building", ["B1"], "height_m", 30.0)
    operations.correct(project, "building", ["B2"], "height_m", 40.0)
    keep_draft(project, Draft("parcel", "draw", ((WEST, SOUTH), (WEST + 10, SOUTH))))
    project.store.close()  # as a crash leaves it: nothing was said of an end
    window.flows.open(folder)
    quiet(window, qtbot)
    asked = window.findChild(RestoreQuestion)
    asked.keeping.choose("back")
    asked.drawing.choose("off")
    asked.go.click()
    now = window.workspace.project.cells("building", ["B0", "B1", "B2"], "height_m").tolist()
    assert now == [20.0, 15.0, 15.0] and not hand(window).active


def test_a_project_that_was_closed_properly_asks_nothing(window, folder, qtbot):
    window.flows.open(folder)
    quiet(window, qtbot)
    operations.correct(window.workspace.project, "building", ["B0"], "height_m", 20.0)
    window.flows.open(folder)
    quiet(window, qtbot)
    assert window.findChild(RestoreQuestion) is None
