"""One attribute of one feature is corrected on its card and in its cell of the table; undo takes it back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from core.fields import field
from core.problems import UserError
from desktop import operations
from desktop.changes import correct_row
from desktop.given_values import row_cells
from desktop.ui.card_form import CardForm
from desktop.ui.cell_input import cell_input, limits_said, typed_in
from desktop.ui.main_window import MainWindow
from tests.desktop.ui.small_city import card, quiet, select, words


def form_of(window: MainWindow, qtbot: QtBot) -> CardForm:
    """The form of the card, opened by its button."""
    assert window.workbench is not None
    panel = window.workbench.card
    way = next(one for one in panel.findChildren(QPushButton) if one.text() == "Edit attributes…")
    qtbot.mouseClick(way, Qt.MouseButton.LeftButton)
    quiet(window, qtbot)
    assert panel.form is not None
    return panel.form


def test_a_parcel_is_corrected_on_its_card_and_the_given_value_stands_beside(
    opened: MainWindow, qtbot: QtBot
) -> None:
    select(opened, qtbot, "parcel", "P1")
    form = form_of(opened, qtbot)
    made = form.inputs["plot_area_m2"]
    assert isinstance(made, QLineEdit) and made.text() == "5400"
    made.setText("6000")
    form.why.setText("measured anew")
    assert opened.workbench is not None
    foot = opened.workbench.card.findChild(QWidget, "cardFoot")
    shown = [
        one for one in foot.findChildren(QPushButton) if one.isVisible()
    ]  # in sight however long the form is
    assert [one.text() for one in shown] == ["Correct", "Cancel"]
    shown[0].click()
    quiet(opened, qtbot)
    assert opened.workspace.corrections("parcel", "P1") == {"plot_area_m2": 6000.0}
    project = opened.workspace.project
    assert project is not None and project.history()[-1].why == "measured anew"
    assert opened.workbench is not None and opened.workbench.card.form is None
    assert "6\u2009000" in card(opened)
    hints = [one.toolTip() for one in opened.workbench.card.findChildren(QLabel) if one.text() == "corrected"]
    assert any("5" in hint and "given" in hint for hint in hints)
    assert "Corrected; given:" in words(form_of(opened, qtbot))
    opened.workspace.undo()
    quiet(opened, qtbot)
    assert opened.workspace.corrections("parcel", "P1") == {}


def test_several_attributes_of_a_building_are_one_change(opened: MainWindow, qtbot: QtBot) -> None:
    select(opened, qtbot, "building", "B2")
    form = form_of(opened, qtbot)
    use = form.inputs["use"]
    assert isinstance(use, QComboBox)
    use.setCurrentIndex(use.findData("hotel"))
    height = form.inputs["height_m"]
    assert isinstance(height, QLineEdit)
    height.setText("21")
    project = opened.workspace.project
    assert project is not None
    before = len(project.history())
    form.try_to_correct()
    quiet(opened, qtbot)
    assert len(project.history()) == before + 1
    assert opened.workspace.corrections("building", "B2") == {"use": "hotel", "height_m": 21.0}
    opened.workspace.undo()
    assert opened.workspace.corrections("building", "B2") == {}


def test_everything_wrong_is_said_in_the_form_and_nothing_is_corrected(
    opened: MainWindow, qtbot: QtBot
) -> None:
    select(opened, qtbot, "building", "B2")
    form = form_of(opened, qtbot)
    for name, typed in (("height_m", "tall"), ("floors_above", "2.5")):
        made = form.inputs[name]
        assert isinstance(made, QLineEdit)
        made.setText(typed)
    form.try_to_correct()
    assert len(form.trouble.text().splitlines()) == 2
    assert opened.workspace.corrections("building", "B2") == {}
    qtbot.keyClick(form.why, Qt.Key.Key_Escape)
    quiet(opened, qtbot)
    assert opened.workbench is not None and opened.workbench.card.form is None


def test_a_form_that_is_filled_stays_while_something_else_changes(opened: MainWindow, qtbot: QtBot) -> None:
    select(opened, qtbot, "building", "B2")
    form = form_of(opened, qtbot)
    project = opened.workspace.project
    assert project is not None
    operations.correct(project, "building", ["B3"], "height_m", 30.0, "")
    quiet(opened, qtbot)
    assert opened.workbench is not None and opened.workbench.card.form is form
    select(opened, qtbot, "building", "B3")
    assert opened.workbench.card.form is None


def cell_of(window: MainWindow, qtbot: QtBot, column: str, row: str) -> tuple[object, QPoint]:
    """The view, and the middle of a cell."""
    assert window.workbench is not None
    window.workspace.activate("building")
    window.workbench.show_table(shown=True)
    quiet(window, qtbot)
    panel = window.workbench.drawer.table
    model = panel.model
    number = next(n for n in range(model.columnCount()) if model.column(n).name == column)
    place = list(model.frame.index[model.rows]).index(row)
    index = model.index(place, number)
    panel.view.setCurrentIndex(index)
    panel.view.scrollTo(index)
    return panel.view, panel.view.visualRect(index).center()


@pytest.mark.parametrize("by_key", [False, True])
def test_a_cell_is_written_into_by_double_click_or_f2(opened: MainWindow, qtbot: QtBot, by_key: bool) -> None:
    view, place = cell_of(opened, qtbot, "height_m", "B4")
    if by_key:
        qtbot.keyClick(view, Qt.Key.Key_F2)
    else:
        qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    made = next(one for one in view.viewport().findChildren(QLineEdit))
    assert made.text() == "15"
    made.setText("18.5")
    qtbot.keyClick(made, Qt.Key.Key_Return)
    quiet(opened, qtbot)
    assert opened.workspace.corrections("building", "B4") == {"height_m": 18.5}
    model = view.model()
    assert model.data(view.currentIndex()).startswith("18.5")
    assert "given" in model.data(view.currentIndex(), Qt.ItemDataRole.ToolTipRole)


def test_a_cell_takes_no_value_its_column_does_not_allow(opened: MainWindow, qtbot: QtBot) -> None:
    view, _ = cell_of(opened, qtbot, "height_m", "B4")
    refused: list[UserError] = []
    opened.workspace.refused.connect(refused.append)
    qtbot.keyClick(view, Qt.Key.Key_F2)
    made = next(one for one in view.viewport().findChildren(QLineEdit))
    made.setText("-3")
    qtbot.keyClick(made, Qt.Key.Key_Return)
    quiet(opened, qtbot)
    assert refused and opened.workspace.corrections("building", "B4") == {}


def test_a_result_cannot_be_written_into_and_leads_to_its_feature(opened: MainWindow, qtbot: QtBot) -> None:
    view, place = cell_of(opened, qtbot, "pv_kwh_per_year", "B4")
    gone: list[str] = []
    view.activated_row.connect(gone.append)
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert gone == ["B4"] and not view.viewport().findChildren(QLineEdit)


def test_an_input_is_made_from_the_dictionary(qtbot: QtBot) -> None:
    chosen = cell_input("use", "residential")
    typed = cell_input("height_m", 12.5)
    qtbot.addWidget(chosen)
    qtbot.addWidget(typed)
    assert typed_in(chosen) == "residential" and typed_in(typed) == "12.5"
    assert "m" in limits_said(field("height_m")) and limits_said(field("use")) == ""


def test_a_row_that_is_not_there_is_refused(opened: MainWindow) -> None:
    project = opened.workspace.project
    assert project is not None
    with pytest.raises(UserError):
        correct_row(project, "building", "nobody", {"height_m": 3.0, "use": "hotel"})
    cells = row_cells(project, "building", "B0")
    assert cells["height_m"].now == 15.0 and not cells["height_m"].corrected
