"""The map is saved and copied as a picture that explains itself: legend, scale bar, north arrow, source of the base map."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from cartography.colours import rgb
from core.look import LIGHT, MAP_GROUND
from desktop.ui import map_picture
from desktop.ui.main_window import MainWindow
from desktop.ui.map_picture import COLUMN_PX, PADDING_PX, MapShown, map_shown
from tests.desktop.ui.small_city import SOUTH, WEST, colour_by, quiet
from tests.desktop.ui.watching import Watch


@pytest.fixture
def window(opened: MainWindow, qtbot: QtBot) -> MainWindow:
    """The city with its buildings in three classes by height, the middle one of which holds all."""
    assert opened.workbench is not None
    opened.workbench.map.zoom_to_city()
    colour_by(opened, qtbot, "building", "height_m", method="manual", breaks=(10.0, 20.0))
    return opened


def shown(window: MainWindow) -> MapShown:
    assert window.workbench is not None
    return map_shown(window.workspace, window.canvas, window.workbench.map.extras)


def colours_in(image: QImage, box: QRect) -> set[str]:
    """Colours in a box given in pixels of the screen."""
    return {
        image.pixelColor(x, y).name()
        for x in range(2 * box.left(), 2 * box.right())
        for y in range(2 * box.top(), 2 * box.bottom())
    }


def test_the_picture_has_twice_the_resolution_and_the_legend_beside_the_map(window: MainWindow) -> None:
    image = map_picture.map_picture(shown(window))
    view = window.canvas.view
    assert image.height() == 2 * view.height_px
    assert image.width() == 2 * (view.width_px + COLUMN_PX + PADDING_PX)
    classes = window.canvas.layer("building").classes
    assert classes is not None
    inside = [round(value) for value in view.to_px(WEST + 20, SOUTH + 26)]
    assert image.pixelColor(2 * inside[0], 2 * inside[1]).getRgb()[:3] == rgb(classes.colours[1])
    legend = colours_in(image, QRect(view.width_px + PADDING_PX, 0, 30, 200))
    assert set(classes.colours) <= legend


def test_a_chosen_outline_is_on_the_map_of_the_picture_and_in_its_legend(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.workspace.restyle("building", outline="#ab12cd")
    quiet(window, qtbot)
    image, view = map_picture.map_picture(shown(window)), window.canvas.view
    assert "#ab12cd" in colours_in(image, QRect(0, 0, view.width_px, view.height_px))
    assert "#ab12cd" in colours_in(image, QRect(view.width_px + PADDING_PX, 0, 30, 200))


def test_scale_bar_and_north_arrow_are_on_the_picture_in_light_colours(window: MainWindow) -> None:
    image = map_picture.map_picture(shown(window))
    high, wide = window.canvas.view.height_px, window.canvas.view.width_px
    ink = QColor(LIGHT["ink"]).name()
    assert ink in colours_in(image, QRect(12, high - 44, 150, 32))
    assert ink in colours_in(image, QRect(wide - 44, 14, 32, 44))


def test_the_source_of_a_base_map_stands_at_the_foot_and_the_base_map_below_the_layers(
    window: MainWindow,
) -> None:
    view = window.canvas.view
    base = QImage(view.width_px, view.height_px, QImage.Format.Format_ARGB32_Premultiplied)
    base.fill(QColor("#123456"))
    plain = map_picture.map_picture(shown(window))
    image = map_picture.map_picture(replace(shown(window), bases=((base, view),), source="Base map: 天地图"))
    corner = QRect(view.width_px // 2, view.height_px - 60, 10, 4)
    assert colours_in(plain, corner) == {MAP_GROUND}
    assert colours_in(image, corner) == {"#123456"}
    foot = QRect(view.width_px - 140, view.height_px - 28, 130, 20)
    assert len(colours_in(image, foot)) > 3 and "#123456" in colours_in(image, foot)


def test_a_class_that_is_off_and_a_layer_that_is_off_are_not_explained(window: MainWindow) -> None:
    def words() -> list[str]:
        return [row.words for row in map_picture._legend(shown(window))]

    before = words()
    window.workspace.restyle("building", hidden=frozenset({0, 2}))
    assert len(words()) == len(before) - 2
    window.workspace.restyle("parcel", visible=False)
    assert "Parcels" in before and "Parcels" not in words()


def test_long_legends_go_on_in_another_column_and_no_heading_stands_alone(window: MainWindow) -> None:
    rows = list(map_picture._legend(shown(window)))
    columns = map_picture._columns(rows, 2 * PADDING_PX + rows[0].high + 2.5 * map_picture.ROW_PX)
    assert [row for column in columns for row in column] == rows and len(columns) > 1
    assert all(column[-1].entry is not None for column in columns)


def test_the_map_is_saved_without_holding_up_the_window(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "地图"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    with Watch() as watch:
        window.actions_by_name["picture"].trigger()
        quiet(window, qtbot)
    assert watch.longest_ms < 100
    assert QImage(str(path.with_suffix(".png"))) == map_picture.map_picture(shown(window)).convertToFormat(
        QImage(str(path.with_suffix(".png"))).format()
    )


def test_a_picture_that_cannot_be_written_is_refused(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    refused: list[Exception] = []
    window.workspace.refused.connect(refused.append)
    window.pictures.write(tmp_path / "nowhere" / "map.png")
    quiet(window, qtbot)
    assert "nowhere" in str(refused[0])


def test_the_map_is_copied(window: MainWindow, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().clear()
    window.actions_by_name["copy_map"].trigger()
    quiet(window, qtbot)
    assert QGuiApplication.clipboard().image().height() == 2 * window.canvas.view.height_px
