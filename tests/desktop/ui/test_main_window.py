"""The main window shows a project and keeps map, card and table together."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QSlider
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from core import texts
from core.look import DARK, LIGHT
from desktop import cli, machine, operations
from desktop.data_in import TableImport
from desktop.ui import app
from desktop.ui.ask import LayoutQuestion
from desktop.ui.grade_parts import ResultRow
from desktop.ui.main_window import MainWindow
from desktop.ui.search_box import SearchBox
from desktop.ui.window_size import SIZE, fitting
from desktop.ui.workspace import Message
from tests.desktop.ui.small_city import (
    BLOCKS,
    SOUTH,
    WEST,
    card,
    gone,
    place_of,
    quiet,
    select,
    words,
)


def test_an_opened_project_lists_its_layers_and_sums_up_the_city(opened: MainWindow) -> None:
    assert opened.workbench is not None
    listed = opened.workbench.left.layers.list
    titles = {listed.item(number).text().split(" · ")[0] for number in range(listed.count())}
    assert {"Buildings", "Parcels"} <= titles
    made = opened.workspace.assessments["rooftop"]
    assert "小城" in card(opened)
    assert f"{made.totals['pv_kwp']:.0f}" in card(opened)
    assert opened.workbench.steps()["potential"].state == "stale"  # one of all is assessed


def test_a_click_on_a_building_shows_its_numbers(opened: MainWindow, qtbot: QtBot) -> None:
    opened.workbench.map.zoom_to_city()  # type: ignore[union-attr]
    quiet(opened, qtbot)
    qtbot.mouseClick(
        opened.canvas, Qt.MouseButton.LeftButton, pos=place_of(opened, WEST + 10 + 30 * 4 + 10, SOUTH + 26)
    )
    quiet(opened, qtbot)
    row = opened.workspace.assessments["rooftop"].details["building"].loc["B4"]
    assert "Building B4" in card(opened)
    assert f"{row['pv_kwp']:.1f}" in card(opened)


def test_a_click_beside_the_buildings_shows_the_parcel_and_one_on_open_ground_the_city(
    opened: MainWindow, qtbot: QtBot
) -> None:
    opened.workbench.map.zoom_to_city()  # type: ignore[union-attr]
    quiet(opened, qtbot)
    left = Qt.MouseButton.LeftButton
    qtbot.mouseClick(opened.canvas, left, pos=place_of(opened, WEST + 135, SOUTH + 50))
    quiet(opened, qtbot)
    assert "Parcel P1" in card(opened)
    qtbot.mouseClick(opened.canvas, left, pos=place_of(opened, WEST + 135, SOUTH + 90))
    quiet(opened, qtbot)
    assert opened.workspace.chosen.ids == ()
    assert "小城" in card(opened)


def test_map_and_table_share_one_selection(opened: MainWindow, qtbot: QtBot) -> None:
    bench = opened.workbench
    assert bench is not None
    bench.show_table(shown=True)
    quiet(opened, qtbot)
    select(opened, qtbot, "building", "B2", "B5")
    assert bench.drawer.table.model.selected.tolist() == opened.canvas.selection("building").tolist()
    mask = np.zeros(BLOCKS, dtype=np.bool_)
    mask[7] = True
    bench.drawer.table.mask_changed.emit(mask)
    quiet(opened, qtbot)
    assert opened.canvas.selection("building").tolist() == mask.tolist()
    assert "Building B7" in card(opened)


def test_a_filter_of_the_table_hides_rows_on_the_map(opened: MainWindow, qtbot: QtBot) -> None:
    bench = opened.workbench
    assert bench is not None
    bench.show_table(shown=True)
    quiet(opened, qtbot)
    bench.drawer.table.set_filter("B3")
    quiet(opened, qtbot)
    assert int(opened.canvas.layer("building").seen.sum()) == 1
    bench.drawer.table.set_filter("")
    quiet(opened, qtbot)
    assert int(opened.canvas.layer("building").seen.sum()) == BLOCKS


def test_a_correction_makes_results_stale_and_undo_makes_them_agree_again(
    opened: MainWindow, qtbot: QtBot
) -> None:
    workspace, bench = opened.workspace, opened.workbench
    assert bench is not None
    select(opened, qtbot, "building", "B1")
    workspace.edit(
        lambda project: operations.correct(project, "building", ["B1"], "height_m", 42.0, "measured")
    )
    quiet(opened, qtbot)
    assert "42" in card(opened)
    assert "Corrected, not yet computed" in card(opened)
    states = {name: step.state for name, step in bench.steps().items()}
    assert states == {
        "data": "stale",
        "demand": "open",
        "potential": "stale",
        "plan": "open",
        "results": "open",
    }
    assert "out of date" in words(bench.status)
    opened.actions_by_name["undo"].trigger()
    quiet(opened, qtbot)
    assert "42" not in card(opened)
    assert workspace.stale == []
    opened.actions_by_name["redo"].trigger()
    quiet(opened, qtbot)
    assert "42" in card(opened)
    assert "measured" in words(bench.left.history)


def test_what_is_not_computed_yet_is_not_called_in_agreement(opened: MainWindow, qtbot: QtBot) -> None:
    bench = opened.workbench
    assert bench is not None
    assert "no plan yet" in words(bench.status)
    opened.workspace.assessments.clear()
    bench.status.refresh()
    assert "nothing is computed yet" in words(bench.status)


def test_a_potential_on_the_card_of_the_city_leads_to_its_map(opened: MainWindow, qtbot: QtBot) -> None:
    bench, workspace = opened.workbench, opened.workspace
    assert bench is not None
    workspace.restyle("building", theme=None)
    quiet(opened, qtbot)
    rows = bench.card.findChildren(ResultRow)
    rooftop = next(row for row in rows if row.accessibleName().startswith("Rooftop"))
    qtbot.mouseClick(rooftop, Qt.MouseButton.LeftButton)
    quiet(opened, qtbot)
    look = workspace.looks["building"]
    assert look.theme is not None and look.theme.column == "pv_kwh_per_roof_m2"
    other = next(
        row for row in rows if row.accessibleName().startswith("Biomass")
    )  # not assessed: nothing to show
    qtbot.mouseClick(other, Qt.MouseButton.LeftButton)
    assert workspace.looks["building"] == look


@pytest.mark.parametrize("step", ["data", "demand", "plan", "results"])
def test_a_coloured_map_has_its_legend_at_every_step(opened: MainWindow, qtbot: QtBot, step: str) -> None:
    bench = opened.workbench
    assert bench is not None
    opened.workspace.show_result("rooftop")
    quiet(opened, qtbot)
    bench.show_step(step)
    assert bench.legend.isVisible() and bench.legend.legend.rows
    bench.show_step("potential")
    assert not bench.legend.isVisible()


@pytest.mark.parametrize("step", ["data", "demand", "plan", "results"])
def test_layers_and_problems_are_at_hand_at_every_step(opened: MainWindow, qtbot: QtBot, step: str) -> None:
    bench = opened.workbench
    assert bench is not None
    bench.show_step(step)
    assert bench.left.tab == "page" and bench.left.pages.isVisible()
    bench.left.show_tab("layers")
    assert bench.left.layers.isVisible() and bench.step == step
    opened.workspace.problems_asked.emit()
    assert bench.left.problems.isVisible() and bench.step == step
    bench.show_step("potential")  # which has no page of its own
    assert bench.left.tab == "problems"
    bench.show_step(step)
    bench.show_step("potential")
    assert bench.left.layers.isVisible()


def test_a_task_that_has_to_wait_says_for_what(opened: MainWindow, qtbot: QtBot) -> None:
    said: list[Message] = []
    opened.workspace.said.connect(said.append)
    free = threading.Event()
    opened.workspace.do("First", lambda job: free.wait(10), lambda _: None)
    assert said == []
    opened.workspace.do("Second", lambda job: None, lambda _: None)
    assert said[-1].words == "Second begins when this is done: First."
    said[-1].follow()  # type: ignore[misc]
    assert opened.workbench is not None and opened.workbench.tasks.isVisible()
    free.set()
    quiet(opened, qtbot)


def test_where_a_file_was_written_stays_in_sight(opened: MainWindow, qtbot: QtBot) -> None:
    assert opened.workbench is not None
    bar = opened.workbench.map.message
    bar.say(Message("Written to /a/b", stays=True))
    assert not bar._timer.isActive() and bar.isVisible()
    bar.say(Message("Undone."))
    assert bar._timer.isActive()


def test_recalculating_computes_with_the_corrections(opened: MainWindow, qtbot: QtBot) -> None:
    workspace = opened.workspace
    select(opened, qtbot, "building", "B1")
    workspace.edit(
        lambda project: operations.correct(project, "building", ["B1"], "structural_check", "failed", "test")
    )
    workspace.assess()
    quiet(opened, qtbot)
    assert workspace.stale == []
    assert workspace.assessments["rooftop"].details["building"].loc["B1", "grade"] == "forbidden"
    assert "Excluded: structural check failed" in card(opened)
    assert workspace.chosen.ids == ("B1",)


def test_a_cancelled_assessment_leaves_the_project_as_it_was(opened: MainWindow, qtbot: QtBot) -> None:
    workspace = opened.workspace
    assert workspace.project is not None
    before = workspace.project.store.rows("SELECT made_at, stamp FROM lutu_computed ORDER BY name")
    kwp = workspace.assessments["rooftop"].totals["pv_kwp"]
    workspace.assess()
    assert workspace.tasks.running is not None
    workspace.tasks.cancel()
    quiet(opened, qtbot)
    after = workspace.project.store.rows("SELECT made_at, stamp FROM lutu_computed ORDER BY name")
    assert [tuple(row) for row in after] == [tuple(row) for row in before]
    assert workspace.assessments["rooftop"].totals["pv_kwp"] == kwp


def test_corrections_are_marked_until_results_agree_with_them(opened: MainWindow, qtbot: QtBot) -> None:
    workspace = opened.workspace
    workspace.edit(
        lambda project: operations.correct(project, "building", ["B1"], "height_m", 42.0, "measured")
    )
    workspace.check()  # the city takes the correction in, and the assessment is not reached
    quiet(opened, qtbot)
    select(opened, qtbot, "building", "B1")
    assert "Corrected, not yet computed" in card(opened)
    select(opened, qtbot, "building", "B2")
    assert "Results out of date" in card(opened)
    select(opened, qtbot, "parcel", "P0")
    assert "Results out of date" in card(opened)
    workspace.assess()
    quiet(opened, qtbot)
    assert "Results out of date" not in card(opened)
    select(opened, qtbot, "building", "B1")
    assert "not yet computed" not in card(opened)


@pytest.mark.parametrize(
    ("room", "size"), [((1366, 728), (1350, 688)), ((2560, 1400), (1440, 900)), ((800, 600), (784, 560))]
)
def test_the_first_window_is_no_larger_than_the_screen(room: tuple[int, int], size: tuple[int, int]) -> None:
    assert fitting(SIZE, QSize(*room)) == QSize(*size)


def test_another_language_changes_all_words_and_keeps_project_extent_and_selection(
    opened: MainWindow, qtbot: QtBot
) -> None:
    select(opened, qtbot, "parcel", "P2")
    opened.canvas.zoom_by(3.0)
    quiet(opened, qtbot)
    view = opened.canvas.view
    opened.actions_by_name["language"].trigger()
    quiet(opened, qtbot)
    assert "地块 P2" in card(opened)
    assert "Parcel" not in card(opened)
    assert opened.canvas.view.middle == pytest.approx(view.middle)
    assert opened.canvas.view.m_per_px == pytest.approx(view.m_per_px)
    assert opened.workspace.chosen.ids == ("P2",)
    assert opened.canvas.layer("parcel").title == "地块"
    assert opened.actions_by_name["undo"].text() == "撤销"


def test_dark_recolours_the_window_and_keeps_the_selection(opened: MainWindow, qtbot: QtBot) -> None:
    select(opened, qtbot, "parcel", "P2")

    def ground() -> str:
        assert opened.workbench is not None
        return opened.workbench.status.grab().toImage().pixelColor(2, 14).name()

    assert ground() == LIGHT["panel"]
    opened.actions_by_name["dark"].trigger()
    quiet(opened, qtbot)
    assert ground() == DARK["panel"]
    assert "Parcel P2" in card(opened)


@pytest.mark.parametrize("switch", ["dark", "language"])
def test_selecting_after_the_window_was_rebuilt_reaches_only_its_new_parts(
    opened: MainWindow, qtbot: QtBot, switch: str
) -> None:
    opened.actions_by_name[switch].trigger()
    quiet(opened, qtbot)
    select(opened, qtbot, "building", "B4")  # a slot that fails fails the test
    assert opened.workbench is not None
    assert "B4" in card(opened)
    assert "1" in opened.workbench.status.selected.text()


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot) -> Callable[..., list[str]]:
    """Starts `lutu gui`, switches the language once, and gives the languages before and after."""
    monkeypatch.delenv("LUTU_LANGUAGE")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.setenv("LUTU_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(machine, "has_display", lambda: True)
    heard: list[str] = []

    def run_window(folder: Path | None = None) -> int:
        app.make_application()
        made = MainWindow()
        heard.append(made.actions_by_name["undo"].text())
        made.actions_by_name["language"].trigger()
        made.rebuilding.finish()
        heard.append(made.actions_by_name["undo"].text())
        gone(made)
        return 0

    monkeypatch.setattr(app, "run_window", run_window)

    def start(*words: str) -> list[str]:
        heard.clear()
        monkeypatch.setattr(texts, "_chosen", None)
        assert cli.main(["gui", *words]) == 0
        return heard

    return start


def test_the_language_switched_to_is_that_of_the_next_start(started: Callable[..., list[str]]) -> None:
    assert started() == ["撤销", "Undo"]
    assert started() == ["Undo", "撤销"]


def test_a_language_asked_for_on_the_command_line_goes_before_that_of_last_time(
    started: Callable[..., list[str]],
) -> None:
    assert started("--language", "en") == ["Undo", "撤销"]
    assert started("--language=en") == ["Undo", "撤销"]


def test_searching_an_id_selects_and_shows_it(opened: MainWindow, qtbot: QtBot) -> None:
    opened.actions_by_name["search"].trigger()
    opened.search.setText("p3")
    qtbot.keyClick(opened.search, Qt.Key.Key_Return)
    quiet(opened, qtbot)
    assert opened.workspace.chosen.table == "parcel"
    assert opened.workspace.chosen.ids == ("P3",)
    west, south, east, north = opened.canvas.view.bounds
    assert west < WEST + 315 < east and south < SOUTH + 30 < north


def test_commands_that_are_made_anew_meanwhile_are_not_found(opened: MainWindow, qtbot: QtBot) -> None:
    """As while the language changes: the old ones are gone before the new ones are there."""
    gone, kept = QAction("Undo it"), QAction("Undo that")
    box = SearchBox(opened.workspace, lambda: {"gone": gone, "kept": kept})
    qtbot.addWidget(box)
    delete(gone)
    box.setText("undo")
    box._search()
    quiet(opened, qtbot)
    assert [box.list.item(row).text() for row in range(box.list.count())] == ["Undo that\nCommand"]
    delete(kept)
    box._choose(box.list.item(0))  # what was found before it went


def test_another_project_begins_with_an_empty_search(opened: MainWindow, folder: Path, qtbot: QtBot) -> None:
    opened.search.setText("P3")
    opened.flows.open(folder)
    quiet(opened, qtbot)
    assert opened.search.text() == ""


def test_the_map_goes_to_the_first_layer_of_a_new_project(
    window: MainWindow, template: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    operations.new_project(tmp_path / "新城", name="新城", city="西安").close()
    window.flows.open(tmp_path / "新城")
    quiet(window, qtbot)
    project = window.workspace.project
    assert project is not None
    wanted = TableImport(template.parent / "city.gpkg", "building", "建筑")
    window.workspace.take_in("", operations.add_table(project, wanted), lambda _: window.workspace.check())
    quiet(window, qtbot)
    west, south, east, north = window.canvas.view.bounds
    assert west < WEST + 10 < WEST + 360 < east
    assert south < SOUTH + 20 < north < SOUTH + 1_000


def test_searching_coordinates_moves_the_map_there(opened: MainWindow, qtbot: QtBot) -> None:
    opened.search.setText("500180, 3800030")
    qtbot.keyClick(opened.search, Qt.Key.Key_Return)
    quiet(opened, qtbot)
    assert opened.canvas.view.middle == pytest.approx((500_180.0, 3_800_030.0))
    assert opened.canvas.mark == pytest.approx((500_180.0, 3_800_030.0))


def test_a_theme_and_its_breaks_colour_the_map(opened: MainWindow, qtbot: QtBot) -> None:
    workspace = opened.workspace
    assert opened.workbench is not None
    panel = opened.workbench.left.layers
    workspace.activate("building")
    quiet(opened, qtbot)
    height = next(n for n in range(panel.themes.count()) if panel.themes.itemText(n) == "Height")
    panel.themes.activated.emit(height)
    quiet(opened, qtbot)
    assert "Height" in opened.canvas.layer("building").title
    workspace.restyle("building", method="manual", breaks=(12.0, 20.0))
    quiet(opened, qtbot)
    classes = opened.canvas.layer("building").classes
    assert classes is not None
    assert classes.breaks == (12.0, 20.0)


def test_a_folder_without_a_project_is_refused_with_what_to_do(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    refused: list[Exception] = []
    window.workspace.refused.connect(refused.append)
    window.flows.open(tmp_path)
    quiet(window, qtbot)
    assert "no project" in str(refused[0])
    assert window.workspace.project is None


def test_every_tool_field_and_button_says_its_name(opened: MainWindow, qtbot: QtBot) -> None:
    assert opened.workbench is not None
    inputs = [
        one
        for kind in (QAbstractButton, QComboBox, QLineEdit, QSlider)
        for one in opened.workbench.findChildren(kind)
        if one.isVisible() and not isinstance(one.parent(), QLineEdit)
    ]
    silent = [one for one in inputs if not one.accessibleName() and not getattr(one, "text", lambda: "")()]
    assert not [f"{type(one).__name__} in {type(one.parent()).__name__}" for one in silent]
    assert opened.canvas.accessibleName() == "Map"


def test_modules_laid_out_on_a_roof_are_drawn_and_can_be_written(opened: MainWindow, qtbot: QtBot) -> None:
    """The layout lies over everything, both figures are said, and it goes when results change."""
    workspace = opened.workspace
    assert workspace.project is not None
    if "rooftop" not in workspace.assessments:
        workspace.assess(["rooftop"])
        quiet(opened, qtbot)
    found = workspace.assessments["rooftop"].details["building"]
    building = str(found["pv_kwp"].idxmax())
    said: list[Message] = []
    workspace.said.connect(said.append)

    opened.flows.lay_out(building)
    asked = opened.findChild(LayoutQuestion)
    assert isinstance(asked, LayoutQuestion)
    asked.accept()
    quiet(opened, qtbot)
    layer = workspace.layer("module")
    assert layer is not None and layer.visible
    assert workspace.layers[-1] is layer
    assert "modules" in said[-1].words and "Coefficients" in said[-1].words

    assert said[-1].follow is not None
    said[-1].follow()
    quiet(opened, qtbot)
    written = list((workspace.project.folder / "exports").glob("layout_*.gpkg"))
    assert len(written) == 1

    workspace.assess(["rooftop"])
    quiet(opened, qtbot)
    assert workspace.layer("module") is None
