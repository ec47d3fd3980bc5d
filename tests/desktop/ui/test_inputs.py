"""Inputs: the wheel scrolls the page; it changes an input only after a click or a key has chosen it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QScrollArea,
    QScrollBar,
    QSlider,
    QStyle,
    QStyleOptionComboBox,
    QVBoxLayout,
    QWidget,
)

from desktop import ui
from desktop.ui.ask import CorrectionQuestion, DecisionQuestion
from desktop.ui.dialogs import ExportDialog, ReportDialog
from desktop.ui.inputs import ComboBox, NumberBox, Slider
from desktop.ui.own_flows import PlanForm
from desktop.ui.settings_form import SettingsDialog
from potential.registry import potentials


def turn(widget: QWidget, steps: int = -1) -> None:
    """Turn the wheel over a widget; what it does not take goes to what is around it, as with a mouse."""
    taker: QWidget | None = widget
    while taker is not None:
        middle = taker.rect().center()
        event = QWheelEvent(
            QPointF(middle),
            QPointF(taker.mapToGlobal(middle)),
            QPoint(),
            QPoint(0, 120 * steps),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(taker, event)
        taker = None if event.isAccepted() or taker.isWindow() else taker.parentWidget()


def inputs_of(whole: QWidget) -> list[QComboBox | QAbstractSpinBox | QSlider]:
    found = [one for kind in (QComboBox, QAbstractSpinBox, QSlider) for one in whole.findChildren(kind)]
    return [one for one in found if not isinstance(one, QScrollBar)]


def values(inputs: Iterable[QComboBox | QAbstractSpinBox | QSlider]) -> list[str | int]:
    return [
        one.currentText()
        if isinstance(one, QComboBox)
        else one.text()
        if isinstance(one, QAbstractSpinBox)
        else one.value()
        for one in inputs
    ]


@pytest.fixture
def form(qtbot):
    """A page that scrolls, with an input of each kind at its top."""
    area, page = QScrollArea(), QWidget()
    column = QVBoxLayout(page)
    box, number, slider = ComboBox(), NumberBox(), Slider()
    box.addItems(["a", "b", "c", "d"])
    box.setCurrentIndex(1)
    for one in (number, slider):
        one.setRange(0, 100)
        one.setValue(50)
    for one in (box, number, slider):
        column.addWidget(one)
    page.setMinimumHeight(2000)
    area.setWidget(page)
    area.resize(300, 200)
    qtbot.addWidget(area)
    area.show()
    area.activateWindow()
    area.setFocus()
    return area, (box, number, slider)


def test_the_wheel_over_an_input_scrolls_the_page(form):
    area, inputs = form
    before = values(inputs)
    for one in inputs:
        place = area.verticalScrollBar().value()
        turn(one)
        assert area.verticalScrollBar().value() > place
    assert values(inputs) == before


def test_an_input_that_a_click_or_a_key_chose_takes_the_wheel(form):
    area, inputs = form
    for one in inputs:
        for why in (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.TabFocusReason):
            before = values([one])
            one.setFocus(why)
            turn(one)
            assert values([one]) != before and area.verticalScrollBar().value() == 0
            area.setFocus()


def test_an_input_that_the_window_gave_the_focus_leaves_the_wheel_alone(form):
    _, inputs = form
    for one in inputs:
        before = values([one])
        one.setFocus(Qt.FocusReason.OtherFocusReason)
        turn(one)
        assert one.hasFocus() and values([one]) == before


def test_the_wheel_changes_no_input_of_the_window(small_window, qtbot):
    bench = small_window.workbench
    seen = 0
    for step in ("data", "demand", "potential", "plan", "results"):
        bench.show_step(step)
        QApplication.processEvents()
        inputs = inputs_of(small_window)
        before = values(inputs)
        for one in inputs:
            turn(one)
            turn(one, 1)
            turn(one)
        assert values(inputs) == before
        seen = max(seen, len(inputs))
    assert seen >= 8


def test_the_wheel_changes_no_input_of_a_form(qtbot, tmp_path):
    parent = QWidget()
    qtbot.addWidget(parent)
    forms = [
        ExportDialog(str(tmp_path)),
        ReportDialog(["P0"], 3, str(tmp_path)),
        DecisionQuestion(parent, ["P0"], ["rooftop", "shallow"]),
        CorrectionQuestion(parent, ["B0"], "use", ""),
        *(SettingsDialog(one, one.settings()) for one in (*potentials(), PlanForm())),
    ]
    seen = 0
    for dialog in forms:
        qtbot.addWidget(dialog)
        dialog.show()
        inputs = inputs_of(dialog)
        before = values(inputs)
        for one in inputs:
            turn(one)
            turn(one, 1)
            turn(one)
        assert values(inputs) == before, dialog.windowTitle()
        seen += len(inputs)
    assert seen > 20


def test_every_form_is_made_of_such_inputs():
    plain = re.compile(
        r"\b(QComboBox|QSpinBox|QDoubleSpinBox|QDateEdit|QTimeEdit|QSlider|QDial)\(|\((QComboBox|QSpinBox|QSlider)\):"
    )
    found = [
        f"{path.name}: {line.strip()}"
        for path in sorted(Path(ui.__path__[0]).glob("*.py"))
        if path.name != "inputs.py"
        for line in path.read_text(encoding="utf-8").splitlines()
        if plain.search(line)
    ]
    assert found == []


def test_words_longer_than_a_combo_box_end_in_an_ellipsis(qtbot):
    long, shown = ComboBox(), ComboBox()
    for box, words in ((long, "Map 01 Location and planning area"), (shown, "")):
        qtbot.addWidget(box)
        box.resize(120, 30)
        box.addItem(words)
        box.ensurePolished()
    option = QStyleOptionComboBox()
    shown.initStyleOption(option)
    field = shown.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, shown
    )
    shown.setItemText(
        0, shown.fontMetrics().elidedText(long.currentText(), Qt.TextElideMode.ElideRight, field.width())
    )
    assert shown.currentText().endswith("…")
    assert long.grab().toImage() == shown.grab().toImage()
