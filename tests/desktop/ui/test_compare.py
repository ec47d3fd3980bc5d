"""Two scenarios in the window: side by side, by swipe and by difference, moved and selected as one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot
from shapely.geometry import box

from core import texts
from core.jobs import Job
from desktop import comparing, operations, own_targets, planning, scenarios
from desktop.layer_look import first_look
from desktop.ui import theme
from desktop.ui.actions import OFFERS
from desktop.ui.compare_view import MODES, CompareView
from desktop.ui.document_preview import DocumentPreview
from desktop.ui.figure_row import FigureRow
from desktop.ui.main_window import MainWindow
from desktop.ui.pair_map import Mode
from desktop.ui.plan_dialogs import DeleteDialog, RenameDialog
from desktop.ui.plan_tables import PlanTables
from desktop.ui.scenario_table import ScenarioTableDialog
from desktop.ui.trace import NumberTraceDialog
from layers.project import Project
from tests.desktop.brought_in import bring_in_and_assess
from tests.desktop.ui.small_city import gone
from tests.desktop.ui.watching import Watch
from tests.once import made_once

WEST, SOUTH = 500_000.0, 3_800_000.0  # in Xi'an
PATIENCE_MS = 60_000


def made_twice_planned(folder: Path) -> None:
    """Six blocks on three plots, and the plans of two scenarios of which the second asks for more."""
    west = WEST + 10 + 30.0 * np.arange(6)
    gpd.GeoDataFrame(
        {"楼栋编号": [f"B{n}" for n in range(6)], "高度": 15.0, "层数": 5, "用途": "住宅", "建成年代": 1995},
        geometry=[box(x, SOUTH + 20, x + 20, SOUTH + 32) for x in west],
        crs=4545,
    ).to_file(folder / "city.gpkg", layer="建筑")
    gpd.GeoDataFrame(
        {"地块编号": ["P0", "P1", "P2"], "用地代码": "070102", "用地面积": 5_400.0, "容积率": 1.0},
        geometry=[box(WEST + 90 * n, SOUTH, WEST + 90 * (n + 1), SOUTH + 60) for n in range(3)],
        crs=4545,
    ).to_file(folder / "city.gpkg", layer="地块")
    with closing(operations.new_project(folder / "小城", name="小城", city="西安")) as project:
        bring_in_and_assess(project, folder / "city.gpkg", "demand", "rooftop")
        own_targets.set_target(project, "pv_capacity_added", 2030, 5, unit="kW")
        operations.carry_out(project, planning.plan(project), Job())
        made = scenarios.new_scenario(project, "高目标", "看能到多少")
        operations.choose(project, ["P0"], "rooftop_pv", "decline", "listed house")
        operations.carry_out(project, planning.plan(project), Job())
        operations.carry_out(project, planning.plan(project, made.key), Job())


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That project, which tests only copy."""
    return made_once(tmp_path_factory, "two-scenarios", made_twice_planned) / "小城"


@pytest.fixture
def window(
    template: Path, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    """The window at the plan of a copy of the project, in English."""
    monkeypatch.setenv("LUTU_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(texts, "_chosen", "en")
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme.apply_theme(application)
    made = MainWindow()
    made.resize(1366, 768)
    made.show()
    made.flows.open(Path(shutil.copytree(template, tmp_path / "小城")))
    qtbot.waitUntil(lambda: not made.workspace.busy and made.canvas.settled, timeout=PATIENCE_MS)
    assert made.workbench is not None
    made.workbench.show_step("plan")
    made.workspace.show_result("plan")
    qtbot.waitUntil(lambda: not made.workspace.busy and made.canvas.settled, timeout=PATIENCE_MS)
    yield made
    gone(made)
    theme.apply_theme(application)


@pytest.fixture
def view(window: MainWindow, qtbot: QtBot) -> CompareView:
    """The comparison, entered from the page of the plan."""
    assert window.workbench is not None
    way = next(one for one in window.workbench.left.findChildren(QPushButton) if "Compare" in one.text())
    qtbot.mouseClick(way, Qt.MouseButton.LeftButton)
    return quiet(window, qtbot)


def quiet(window: MainWindow, qtbot: QtBot) -> CompareView:
    """The comparison when everything is drawn."""

    def still() -> bool:
        if window.rebuilding.busy:
            return False
        shown = window.comparing.view
        return shown is not None and not window.workspace.busy and shown.map.settled

    qtbot.waitUntil(still, timeout=PATIENCE_MS)
    qtbot.wait(50)
    made = window.comparing.view
    assert made is not None
    return made


def middle_of(view: CompareView, parcel: str) -> QPoint:
    """Where a parcel is on the second map."""
    number = int(parcel[1:])
    place = view.map.second.view.to_px(WEST + 90 * number + 45, SOUTH + 50)
    return QPoint(*(round(value) for value in place))


def test_both_maps_move_together(view: CompareView, window: MainWindow, qtbot: QtBot) -> None:
    first, second = view.map.first, view.map.second
    second.zoom_by(2.0)
    assert first.view.m_per_px == pytest.approx(second.view.m_per_px)
    qtbot.keyClick(first, Qt.Key.Key_Right)
    assert second.view.middle == pytest.approx(first.view.middle)
    quiet(window, qtbot)


def test_both_maps_have_the_same_classes(view: CompareView) -> None:
    one, other = (canvas.layer("parcel").classes for canvas in view.map.canvases)
    assert one == other is not None


def test_a_click_on_one_map_selects_on_both_and_says_what_differs(
    view: CompareView, window: MainWindow, qtbot: QtBot
) -> None:
    qtbot.mouseClick(view.map.second, Qt.MouseButton.LeftButton, pos=middle_of(view, "P0"))
    quiet(window, qtbot)
    for canvas in view.map.canvases:
        assert canvas.selection("parcel").tolist() == [True, False, False]
    assert "P0" in view.detail.text()
    assert "Rooftop PV" in view.detail.text()


def test_the_bar_is_dragged_and_moved_by_keys(view: CompareView, window: MainWindow, qtbot: QtBot) -> None:
    view.show_mode(Mode.SWIPE)
    quiet(window, qtbot)
    bar, whole = view.map.bar, view.map.width()
    qtbot.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(8, 100))
    QApplication.sendEvent(bar, moved(QPoint(8 + whole // 4, 100)))
    qtbot.mouseRelease(bar, Qt.MouseButton.LeftButton)
    assert bar.share > 0.6
    assert view.map.first.mask().boundingRect().width() == pytest.approx(bar.share * whole, abs=2)
    before = bar.share
    qtbot.keyClick(bar, Qt.Key.Key_Left)
    assert bar.share < before
    assert "%" in bar.accessibleDescription()


def moved(place: QPoint) -> QMouseEvent:
    """A move of the mouse with its left button held, as the system sends it."""
    return QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(place),
        QPointF(place),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )


def test_the_third_map_shows_the_parcel_that_changed(
    view: CompareView, window: MainWindow, qtbot: QtBot
) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: view.map.mode is Mode.DIFFERENCE)
    quiet(window, qtbot)
    values = view.map.first.layer("parcel").values
    assert values is not None
    assert values[0] == "technology_added"
    assert set(values[1:]) <= {"plan_same", "technology_changed", "size_larger", "size_smaller"}
    assert "Technology added" in [one.text() for one in view.legend.findChildren(QLabel)]


def test_the_keys_of_the_views_belong_to_no_action() -> None:
    assert not {keys for _, _, keys in MODES} & {offer.keys for offer in OFFERS}


def test_escape_leads_back_to_the_plan(view: CompareView, window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(view.map.first, Qt.Key.Key_Escape)
    assert window.comparing.view is None
    assert window.stack.currentWidget() is window.workbench


def test_another_language_keeps_the_comparison_open(
    view: CompareView, window: MainWindow, qtbot: QtBot
) -> None:
    view.show_mode(Mode.SWIPE)
    window.switch_language()
    now = quiet(window, qtbot)
    assert now is not view
    assert now.map.mode is Mode.SWIPE
    assert "卷帘" in [one.text() for one in now.findChildren(QPushButton)]


def test_entering_and_changing_the_view_keeps_nobody_waiting(window: MainWindow, qtbot: QtBot) -> None:
    for _ in range(2):  # the first time something is imported and compiled
        with Watch() as watch:
            window.comparing.begin()
            view = quiet(window, qtbot)
            for mode in (Mode.SWIPE, Mode.DIFFERENCE, Mode.SIDE):
                view.show_mode(mode)
                quiet(window, qtbot)
            window.comparing.leave()
    assert watch.longest_ms < 100


def test_the_comparison_is_written_as_a_sheet(template: Path, tmp_path: Path) -> None:
    with closing(Project(Path(shutil.copytree(template, tmp_path / "小城")))) as project:
        found = comparing.pair(project, "", "高目标")
    for ending in comparing.FORMATS:
        comparing.write(found, tmp_path / f"比较{ending}")
    assert (tmp_path / "比较.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "比较.csv").read_text(encoding="utf-8-sig").count("\n") == len(found.figures) + 1


def test_the_legend_of_the_plan_is_in_sight_at_its_step_alone(window: MainWindow) -> None:
    assert window.workbench is not None
    legend = window.workbench.legend
    assert legend.isVisible() == bool(legend.legend.rows)
    assert legend.legend.rows
    assert window.workbench.map.rect().contains(legend.geometry())
    window.workbench.show_step("potential")
    assert not legend.isVisible()


def test_entering_the_step_shows_the_plan_unless_another_theme_was_chosen(
    window: MainWindow, qtbot: QtBot
) -> None:
    bench, space = window.workbench, window.workspace
    assert bench is not None
    roof = (
        space.looks["building"].theme or first_look(space.layer("building"), space.city, space.results).theme
    )
    space.restyle("parcel", theme=None)
    space.restyle("building", theme=roof)
    bench.header.step_chosen.emit("potential")
    bench.header.step_chosen.emit("plan")
    assert (space.looks["building"].theme, space.looks["parcel"].theme) == (roof, None)
    space.theme_chosen = False  # as after opening
    bench.header.step_chosen.emit("potential")
    bench.header.step_chosen.emit("plan")
    shown = space.looks["parcel"].theme
    assert shown is not None and shown.column.startswith("plan_") and space.looks["building"].theme is None
    qtbot.waitUntil(lambda: not space.busy and window.canvas.settled, timeout=PATIENCE_MS)


def test_at_the_step_of_the_plan_the_card_of_the_city_begins_with_the_plan(
    window: MainWindow, qtbot: QtBot
) -> None:
    bench = window.workbench
    assert bench is not None

    def led_by() -> list[str]:
        return [line.title for line in bench.card.card.planned][:1]

    qtbot.waitUntil(lambda: led_by() == ["PV capacity added"], timeout=PATIENCE_MS)
    bench.show_step("potential")
    qtbot.waitUntil(lambda: led_by() == [], timeout=PATIENCE_MS)


def test_a_row_of_the_table_of_scenarios_shows_that_plan_on_the_map(window: MainWindow, qtbot: QtBot) -> None:
    space = window.workspace
    window.comparing.show_table()
    qtbot.waitUntil(lambda: bool(window.findChildren(ScenarioTableDialog)), timeout=PATIENCE_MS)
    dialog = window.findChildren(ScenarioTableDialog)[0]
    space.restyle("parcel", theme=None)
    index = dialog.view.model().index(1, 0)
    assert index.data() == "高目标"
    dialog.view.setCurrentIndex(index)
    dialog.show_on_map(1)
    qtbot.waitUntil(lambda: not space.busy and window.canvas.settled, timeout=PATIENCE_MS)
    assert space.scenario == "S1"
    shown = space.looks["parcel"].theme
    assert shown is not None and shown.column.startswith("plan_")
    dialog.copy.click()
    lines = QApplication.clipboard().text().strip().splitlines()
    assert [line.split("\t")[0] for line in lines] == ["Scenario", "Base scenario", "高目标"]
    dialog.side.click()
    view = quiet(window, qtbot)
    assert (view.pair.first.key, view.pair.second.key) == ("", "S1")


def test_a_scenario_is_renamed_and_deleted_from_its_page_and_undone(window: MainWindow, qtbot: QtBot) -> None:
    space = window.workspace
    space.choose_scenario("S1")
    qtbot.waitUntil(lambda: not space.busy and window.canvas.settled, timeout=PATIENCE_MS)
    window.plan_flows.ask_new_name()
    asked = window.findChildren(RenameDialog)[-1]
    asked.try_accept()
    assert "this name already" in asked.trouble.text()
    asked.name.setText("省定目标")
    asked.try_accept()
    assert space.project is not None
    assert [one.title for one in scenarios.scenarios(space.project)] == ["Base scenario", "省定目标"]
    window.plan_flows.ask_deletion()
    window.findChildren(DeleteDialog)[-1].try_accept()
    qtbot.waitUntil(lambda: not space.busy and window.canvas.settled, timeout=PATIENCE_MS)
    assert space.scenario == ""
    space.undo()
    assert scenarios.scenario_named(space.project, "省定目标").key == "S1"


def test_documents_are_looked_at_page_by_page_before_they_are_written(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.actions_by_name["preview_documents"].trigger()
    shown = window.findChildren(DocumentPreview)[0]
    shown.kinds.setCurrentIndex(shown.kinds.findData("年度报告"))
    qtbot.waitUntil(lambda: "年度报告" in shown.pages, timeout=PATIENCE_MS)
    assert not shown.paper.image.isNull() and "年度报告 · Page 1 of" in shown.caption.text()
    qtbot.keyClick(shown, Qt.Key.Key_PageDown)
    assert "Page 2 of" in shown.caption.text() and shown.before.isEnabled()
    shown.reject()
    qtbot.waitUntil(lambda: not window.workspace.busy, timeout=PATIENCE_MS)


def test_a_figure_of_the_plan_leads_to_its_trace_by_click_and_by_enter(
    window: MainWindow, qtbot: QtBot
) -> None:
    assert window.workbench is not None
    row = window.workbench.left.findChildren(FigureRow)[0]
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
    row.setFocus()
    qtbot.keyClick(row, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.workspace.busy, timeout=PATIENCE_MS)
    dialogs = window.findChildren(NumberTraceDialog)
    assert len(dialogs) == 1  # the newest question is answered
    for dialog in dialogs:
        dialog.close()


def test_a_double_click_on_a_project_selects_its_parcels_on_the_map(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_by_name["lists"].trigger()
    lists = next(one for one in window.findChildren(PlanTables) if one.isVisible())
    project = lists.model.frame.iloc[0]
    lists.view.activated_row.emit(str(lists.model.frame.index[0]))
    assert not lists.isVisible()
    chosen = window.workspace.chosen
    assert chosen.table == "parcel"
    assert set(chosen.ids) == set(project["parcel_ids"].split())


def test_the_list_of_projects_leads_from_a_value_to_its_trace(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_by_name["lists"].trigger()
    lists = next(one for one in window.findChildren(PlanTables) if one.isVisible())
    assert lists.table == "project"
    column = next(n for n in range(lists.model.columnCount()) if lists.model.column(n).name == "capex_yuan")
    lists.view.cell_menu(0, column).actions()[0].trigger()
    qtbot.waitUntil(lambda: not window.workspace.busy, timeout=PATIENCE_MS)
    trace = next(one for one in window.findChildren(NumberTraceDialog) if one.isVisible())
    said = "\n".join(one.text() for one in trace.findChildren(QLabel))
    assert "List of projects" in said and lists.model.shown(0, column) in said.replace("CNY", "")
    trace.close()
    lists.close()
