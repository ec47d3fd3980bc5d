"""The standards browser: what is listed, what a click changes, and that nobody waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QComboBox, QWidget

from core.texts import text
from desktop.ui.override_question import OverrideQuestion
from desktop.ui.standards_browser import StandardsBrowser
from desktop.ui.workspace import Workspace
from layers.crs import suggest_crs
from layers.project import Project
from standards import SHIPPED
from tests.desktop.ui.watching import Watch

GCR = ("gcr", "flush metal roof")


@pytest.fixture
def browser(qtbot, tmp_path: Path) -> Iterator[StandardsBrowser]:
    folder = tmp_path / "city"
    project = Project.create(folder, name="青禾市", crs=suggest_crs(108.9), facts={"province": "陕西"})
    parent, workspace = QWidget(), Workspace()
    parent.resize(1366, 768)
    qtbot.addWidget(parent)
    workspace.project = project
    project.listeners.append(lambda changed: workspace.edits_changed.emit())
    made = StandardsBrowser(workspace, parent)
    made.show()
    qtbot.waitUntil(lambda: bool(made.shown), timeout=10_000)
    yield made
    workspace.close()
    parent.close()


def press(button) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def question(browser: StandardsBrowser) -> OverrideQuestion:
    return next(one for one in browser.findChildren(OverrideQuestion) if one.isVisible())


def chosen(browser: StandardsBrowser, table: str, keys: tuple[str, ...]) -> None:
    browser.show_table(table)
    browser.rows.selectRow([one.keys for one in browser.listed].index(keys))


def fill(asked: OverrideQuestion, column: str, value: str) -> None:
    asked.lines[column].setText(value)
    asked.document.setEditText("地方导则")
    asked.why.setPlainText("地方规定")


def test_rows_that_are_told_apart_by_their_last_words_have_a_second_line(browser):
    browser.show_table("gb55015_baselines")
    titles = [row.title for row in browser.listed]
    metrics, room = browser.rows.fontMetrics(), browser.rows.columnWidth(0)
    assert max(metrics.horizontalAdvance(title) for title in titles) > room
    heights = {browser.rows.rowHeight(row) for row in range(len(titles))}
    assert browser.rows.wordWrap() and min(heights) >= 2 * metrics.height()
    lines = {metrics.elidedText(title, Qt.TextElideMode.ElideRight, 2 * room - 60) for title in titles}
    assert len(lines) == len(set(titles))
    wrapped = set()
    for table in list(browser.shown):
        browser.show_table(table.name)
        fits = all(metrics.horizontalAdvance(f"● {row.title}") <= room - 16 for row in browser.listed)
        assert browser.rows.wordWrap() is not fits
        wrapped.add(browser.rows.wordWrap())
    assert wrapped == {True, False}


def test_qt_finds_no_fault_in_the_lists(browser):
    for view in (browser.tables, browser.rows):
        assert view.model().rowCount()
        QAbstractItemModelTester(view.model(), QAbstractItemModelTester.FailureReportingMode.Fatal)


def test_every_table_is_listed_and_all_its_rows(browser):
    assert {one.name for one in browser.shown} == set(SHIPPED.names())
    browser.show_table("pv_parameters")
    assert browser.rows.model().rowCount() == len(SHIPPED.table("pv_parameters"))


def test_typed_words_leave_only_tables_that_have_them(browser, qtbot):
    QTest.keyClicks(browser.search, "flush")
    qtbot.waitUntil(lambda: len(browser.shown) < 20)
    assert "pv_parameters" in {one.name for one in browser.shown}


def test_a_number_is_put_in_place_by_clicks_and_taken_back(browser, qtbot):
    chosen(browser, "pv_parameters", GCR)
    press(browser.change)
    asked = question(browser)
    fill(asked, "default", "0.7")
    press(asked.go)
    standards = browser.workspace.project.standards
    assert standards.number("pv_parameters", parameter=GCR[0], case=GCR[1]).value == 0.7
    qtbot.waitUntil(lambda: browser.row is not None and "own" in browser.row.kinds)
    assert browser.row.keys == GCR and browser.shown[0].name == "pv_parameters"
    assert "0.9" in browser.rows.model().index(browser.rows.currentIndex().row(), 1).data()
    press(browser.back)
    assert browser.workspace.project.standards.overrides == ()
    qtbot.waitUntil(lambda: browser.row is not None and "own" not in browser.row.kinds)
    assert not browser.back.isEnabled()


def test_a_number_without_source_and_reason_is_refused_with_both_said(browser):
    chosen(browser, "pv_parameters", GCR)
    press(browser.change)
    asked = question(browser)
    asked.lines["default"].setText("0.7")
    press(asked.go)
    assert asked.isVisible() and len(asked.trouble.text().splitlines()) == 2
    assert browser.workspace.project.standards.overrides == ()


def test_a_rule_of_a_province_is_added(browser):
    browser.show_table("grade_rule_versions")
    press(browser.add)
    asked = question(browser)
    for column, value in {"place": "陕西", "rule_id": "G9", "test": "public", "enabled": "yes"}.items():
        asked.lines[column].setText(value)
    fill(asked, "grade", "2")
    press(asked.go)
    table = browser.workspace.project.standards.table("grade_rule_versions")
    assert table.iloc[-1][["place", "rule_id", "grade"]].tolist() == ["陕西", "G9", 2]


def test_words_of_files_are_not_changed_here(browser):
    browser.show_table("value_words")
    assert not browser.change.isEnabled() and not browser.add.isEnabled()


def test_the_window_never_waits_for_the_tables(browser, qtbot):
    with Watch() as watch:
        browser.read()
        qtbot.waitUntil(lambda: not browser.workspace.later.busy)
        for word in ("a", "", "屋面", ""):
            browser.search.setText(word)
            qtbot.wait(250)
    assert watch.longest_ms < 100


def test_words_of_a_rule_are_chosen_and_names_are_put_into_its_condition(browser):
    chosen(browser, "grade_rules", ("G8",))
    press(browser.change)
    asked = question(browser)
    boxes = {one.accessibleName(): one for one in asked.findChildren(QComboBox)}
    action = next(one for one in boxes.values() if one.findData("least_grade") >= 0)
    assert action.currentData() == "least_grade" and "least_grade" not in action.currentText()
    action.setCurrentIndex(action.findData("one_higher"))
    action.activated.emit(action.currentIndex())
    names = boxes[text("Put a name in")]
    asked.lines["test"].setText("residential & ")
    names.activated.emit(names.findData("key_area"))
    assert asked.cells == {"action": "one_higher", "test": "residential & key_area"}


def test_a_condition_that_cannot_be_read_is_refused_in_the_question(browser):
    chosen(browser, "grade_rules", ("G8",))
    press(browser.change)
    asked = question(browser)
    fill(asked, "test", "nonsense_flag & ((")
    press(asked.go)
    assert asked.isVisible() and "nonsense_flag" in asked.trouble.text()
    assert browser.workspace.project.standards.overrides == ()
