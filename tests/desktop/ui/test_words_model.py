"""Lists of words: Qt finds no fault in them, and a row is said when it comes into sight and not again."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from desktop.ui.words_model import WordsModel, words_view


@pytest.mark.parametrize("rows", [0, 1, 5_000])
def test_qt_finds_no_fault_in_a_list_of_any_length(qtbot, rows):
    model = WordsModel(("Kind", "Count"), rows, lambda row: (f"kind {row}", str(row)), right=(1,))
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert (model.rowCount(), model.columnCount()) == (rows, 2)
    assert model.rowCount(model.index(0, 0)) == (rows if not rows else 0)
    assert model.data(QModelIndex()) is None


def test_only_rows_that_are_seen_are_said_and_each_once(qtbot):
    said: list[int] = []

    def say(row: int) -> tuple[str, str]:
        said.append(row)
        return f"kind {row}", str(row)

    model = WordsModel(("Kind", "Count"), 5_000, say, right=(1,))
    view = words_view("Kinds")
    qtbot.addWidget(view)
    view.setModel(model)
    view.resize(300, 200)
    view.show()
    qtbot.waitUntil(lambda: bool(said))
    qtbot.wait(30)
    assert len(said) == len(set(said)) < 50


def test_figures_stand_right_and_words_left(qtbot):
    model = WordsModel(("Kind", "Count"), 1, lambda row: ("kind", "3"), right=(1,))
    sides = [model.index(0, column).data(Qt.ItemDataRole.TextAlignmentRole) for column in (0, 1)]
    assert sides[0] & Qt.AlignmentFlag.AlignLeft and sides[1] & Qt.AlignmentFlag.AlignRight
