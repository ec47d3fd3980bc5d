"""The classes of every layer on the map stand below it in the list, each with its own box."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QListWidgetItem
from pytestqt.qtbot import QtBot

from desktop.themes import themes_of
from desktop.ui import legends
from desktop.ui.layer_rows import CLASS, COUNT, FOLD, FOLD_PX, NAME, SHOWN
from desktop.ui.layers_list import LayersList
from desktop.ui.main_window import MainWindow
from tests.desktop.ui.small_city import BLOCKS, quiet


def listed(window: MainWindow) -> LayersList:
    assert window.workbench is not None
    return window.workbench.left.layers.list


def coloured(window: MainWindow, qtbot: QtBot, breaks: tuple[float, ...] = (10.0, 20.0)) -> None:
    """Buildings coloured by their height, in three classes of which the middle one holds all."""
    city = window.workspace.city
    assert city is not None
    theme = next(
        one for one in themes_of(city, window.workspace.results, "building") if one.column == "height_m"
    )
    window.workspace.activate("building")
    window.workspace.restyle("building", theme=theme, visible=True, method="manual", breaks=breaks)
    quiet(window, qtbot)


def classes(window: MainWindow, name: str = "building") -> list[QListWidgetItem]:
    rows = listed(window)
    items = [rows.item(number) for number in range(rows.count())]
    return [one for one in items if one.data(NAME) == name and one.data(CLASS) is not None]


def layer_row(window: MainWindow, name: str = "building") -> QListWidgetItem:
    rows = listed(window)
    items = [rows.item(number) for number in range(rows.count())]
    return next(one for one in items if one.data(NAME) == name and one.data(CLASS) is None)


def seen(window: MainWindow) -> int:
    return int(window.canvas.layer("building").seen.sum())


def click(window: MainWindow, qtbot: QtBot, item: QListWidgetItem, x: int) -> None:
    rows = listed(window)
    place = QPoint(x, rows.visualItemRect(item).center().y())
    qtbot.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=place)
    quiet(window, qtbot)


def test_classes_stand_below_their_layer_with_their_counts(small_window: MainWindow, qtbot: QtBot) -> None:
    coloured(small_window, qtbot)
    found = classes(small_window)
    rows = listed(small_window)
    assert rows.row(found[0]) == rows.row(layer_row(small_window)) + 1
    assert [one.data(COUNT) for one in found] == ["0", str(BLOCKS), "0"]


def test_a_class_that_is_off_hides_its_features_on_the_map(small_window: MainWindow, qtbot: QtBot) -> None:
    coloured(small_window, qtbot)
    assert seen(small_window) == BLOCKS
    click(small_window, qtbot, classes(small_window)[1], 38)
    assert seen(small_window) == 0
    layer = small_window.canvas.layer("building")
    assert not (np.asarray(layer.lut)[1:] >> 24).any()
    assert [one.data(SHOWN) for one in classes(small_window)] == [True, False, True]
    click(small_window, qtbot, classes(small_window)[1], 38)
    assert seen(small_window) == BLOCKS


def test_classes_of_a_layer_that_is_not_the_active_one_have_boxes_too(
    small_window: MainWindow, qtbot: QtBot
) -> None:
    coloured(small_window, qtbot)
    small_window.workspace.activate("parcel")
    quiet(small_window, qtbot)
    click(small_window, qtbot, classes(small_window)[1], 38)
    assert seen(small_window) == 0
    assert small_window.workspace.active == "parcel"


def test_classes_are_folded_by_the_mark_and_by_keys(small_window: MainWindow, qtbot: QtBot) -> None:
    coloured(small_window, qtbot)
    rows = listed(small_window)
    click(small_window, qtbot, layer_row(small_window), rows.viewport().width() - FOLD_PX // 2)
    assert not classes(small_window) and layer_row(small_window).data(FOLD) is False
    rows.setCurrentItem(layer_row(small_window))
    qtbot.keyClick(rows, Qt.Key.Key_Right)
    quiet(small_window, qtbot)
    assert len(classes(small_window)) == 3


def test_keys_go_through_classes_and_switch_them(small_window: MainWindow, qtbot: QtBot) -> None:
    coloured(small_window, qtbot)
    rows = listed(small_window)
    rows.setCurrentItem(layer_row(small_window))
    qtbot.keyClick(rows, Qt.Key.Key_Down)
    qtbot.keyClick(rows, Qt.Key.Key_Down)
    qtbot.keyClick(rows, Qt.Key.Key_Space)
    quiet(small_window, qtbot)
    assert seen(small_window) == 0
    assert rows.currentItem() is classes(small_window)[1]
    qtbot.keyClick(rows, Qt.Key.Key_Space)
    quiet(small_window, qtbot)
    assert seen(small_window) == BLOCKS


def test_a_layer_that_is_off_or_of_one_colour_has_no_classes_in_the_list(
    small_window: MainWindow, qtbot: QtBot
) -> None:
    coloured(small_window, qtbot)
    small_window.workspace.restyle("building", visible=False)
    quiet(small_window, qtbot)
    assert not classes(small_window)
    small_window.workspace.restyle("building", visible=True, theme=None)
    quiet(small_window, qtbot)
    assert not classes(small_window)


def test_a_class_says_what_it_is_and_whether_it_is_shown(small_window: MainWindow, qtbot: QtBot) -> None:
    coloured(small_window, qtbot)
    said = [str(one.data(Qt.ItemDataRole.AccessibleTextRole)) for one in classes(small_window)]
    assert all(words.endswith("shown") for words in said)


def test_a_layer_dragged_to_another_place_takes_its_classes_along(
    small_window: MainWindow, qtbot: QtBot
) -> None:
    coloured(small_window, qtbot)
    small_window.workspace.reorder([one.name for one in small_window.workspace.layers][::-1])
    quiet(small_window, qtbot)
    rows = listed(small_window)
    assert rows.row(classes(small_window)[0]) == rows.row(layer_row(small_window)) + 1


def test_classes_of_a_large_layer_are_counted_beside_the_window(
    small_window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(legends, "COUNTED_AT_ONCE", 3)
    coloured(small_window, qtbot, (11.0, 21.0))
    assert [one.data(COUNT) for one in classes(small_window)] == ["0", str(BLOCKS), "0"]
