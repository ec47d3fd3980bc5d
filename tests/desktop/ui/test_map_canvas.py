"""The map canvas shows what was asked for last, and says what lies under the hand."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QFontInfo, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from shapely.geometry import LineString, Point, box

from cartography import frame as frames
from cartography.classes import categories
from cartography.layers import StyledLayer
from cartography.picture import draw
from cartography.ragged import Ragged
from cartography.view import View
from core import look
from core.look import DARK, LIGHT
from desktop.ui import map_worker, theme
from desktop.ui.map_canvas import MapCanvas
from desktop.ui.map_frames import MARGIN
from desktop.ui.map_overlays import CARD_MARGIN, round_length, scale_said
from desktop.ui.map_tools import Measure, Tool
from desktop.ui.map_worker import MapWorker, Request, make_frame
from desktop.ui.theme import body_font

Left, Keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier
ZONE = 39_500_000.0
PARCELS = [
    box(ZONE + 100 * c, 100 * r, ZONE + 100 * c + 90, 100 * r + 90) for r in range(3) for c in range(4)
]
BUILDINGS = [box(ZONE + 20, 20, ZONE + 50, 50), None, box(ZONE + 120, 20, ZONE + 150, 50)]


def layers() -> list[StyledLayer]:
    return [
        StyledLayer("parcel", "Parcels", Ragged.of(PARCELS), colour="#fbfaf6"),
        StyledLayer("building", "Buildings", Ragged.of(BUILDINGS), colour="#d65f12"),
        StyledLayer("metro", "Metro", Ragged.of([LineString([(ZONE, 260), (ZONE + 400, 260)])])),
        StyledLayer("borehole", "Boreholes", Ragged.of([Point(ZONE + 35, 35)]), point_px=8.0),
    ]


@pytest.fixture
def canvas(qtbot) -> MapCanvas:
    made = MapCanvas()
    qtbot.addWidget(made)
    made.resize(600, 450)
    made.setFont(body_font())
    made.set_layers(layers())
    made.show()
    wait(qtbot, made)
    yield made
    made.close()


def wait(qtbot, canvas: MapCanvas) -> None:
    qtbot.waitUntil(lambda: canvas.settled, timeout=20_000)


def at(canvas: MapCanvas, x: float, y: float) -> QPoint:
    px, py = canvas.view.to_px(ZONE + x, y)
    return QPoint(round(px), round(py))


def colour_at(canvas: MapCanvas, x: float, y: float) -> str:
    return canvas.grab().toImage().pixelColor(at(canvas, x, y)).name()


def test_the_first_layers_are_shown_whole(canvas):
    west, south, east, north = canvas.view.bounds
    assert west < ZONE and east > ZONE + 390 and south < 0 and north > 290
    assert colour_at(canvas, 25, 25) == "#d65f12"
    assert colour_at(canvas, 95, 95) == look.MAP_GROUND


def test_the_canvas_has_a_name_for_screen_readers(canvas):
    assert canvas.accessibleName() == "Map"


def test_the_screen_shows_the_picture_that_reports_print(canvas, qtbot):
    frame = canvas.frame
    view = frame.view
    expected = draw(canvas.layers, view.bounds, (view.width_px, view.height_px), sub_pixels=frame.sub_pixels)
    image = frame.image.convertToFormat(QImage.Format.Format_RGBA8888)
    shown = np.frombuffer(image.constBits(), np.uint8).reshape(view.height_px, view.width_px, 4)
    assert (np.abs(shown.astype(int) - expected).max(axis=2) > 1).mean() < 0.002  # rounding of the corner


def test_a_frame_reaches_beyond_the_window(canvas):
    assert canvas.frame.view.width_px >= 600 * (1 + 2 * MARGIN)


def test_a_click_names_everything_there_the_topmost_first(canvas, qtbot):
    with qtbot.waitSignal(canvas.identified) as caught:
        QTest.mouseClick(canvas, Left, pos=at(canvas, 35, 35))
    assert caught.args[0] == [("borehole", 0), ("building", 0), ("parcel", 0)]


def test_a_click_on_open_ground_names_nothing(canvas, qtbot):
    with qtbot.waitSignal(canvas.identified) as caught:
        QTest.mouseClick(canvas, Left, pos=at(canvas, 95, 95))
    assert caught.args[0] == []


def test_a_click_beside_a_line_finds_it_within_three_pixels(canvas):
    place = at(canvas, 95, 260)
    assert ("metro", 0) in canvas.hits(QPointF(place) + QPointF(0, 2))
    assert ("metro", 0) not in canvas.hits(QPointF(place) + QPointF(0, 5))


def test_hidden_layers_and_filtered_features_are_not_found(canvas, qtbot):
    canvas.set_style("borehole", visible=False)
    canvas.set_style("building", shown=np.array([False, True, True]))
    assert canvas.hits(QPointF(at(canvas, 35, 35))) == [("parcel", 0)]


def test_a_layer_that_yields_lets_the_click_reach_what_it_covers(canvas, qtbot):
    canvas.set_style("borehole", yields=True)
    canvas.set_style("building", yields=True)
    found = canvas.hits(QPointF(at(canvas, 35, 35)))
    assert found == [("parcel", 0), ("borehole", 0), ("building", 0)]
    qtbot.waitUntil(lambda: canvas.settled)
    with qtbot.waitSignal(canvas.hovered) as caught:
        QTest.mouseMove(canvas, at(canvas, 35, 35))
    assert caught.args == ["parcel", 0]


def test_the_feature_under_the_mouse_is_read_from_the_ids(canvas, qtbot):
    with qtbot.waitSignal(canvas.hovered) as caught:
        QTest.mouseMove(canvas, at(canvas, 135, 35))
    assert caught.args == ["building", 2]


def test_a_rectangle_selects_what_it_meets_by_geometry(canvas, qtbot):
    canvas.active_layer = "parcel"
    with qtbot.waitSignal(canvas.selection_changed) as caught:
        drag(canvas, at(canvas, 85, 95), at(canvas, 195, 205))
    name, mask = caught.args
    assert name == "parcel"
    assert np.flatnonzero(mask).tolist() == [4, 5, 8, 9]
    assert np.array_equal(canvas.selection("parcel"), mask)


def test_shift_adds_to_the_selection_and_ctrl_takes_away(canvas, qtbot):
    canvas.active_layer = "parcel"
    QTest.mouseClick(canvas, Left, pos=at(canvas, 60, 60))
    QTest.mouseClick(canvas, Left, Keys.ShiftModifier, at(canvas, 160, 60))
    assert np.flatnonzero(canvas.selection("parcel")).tolist() == [0, 1]
    QTest.mouseClick(canvas, Left, Keys.ControlModifier, at(canvas, 60, 60))
    assert np.flatnonzero(canvas.selection("parcel")).tolist() == [1]
    QTest.mouseClick(canvas, Left, pos=at(canvas, 395, 295))
    assert not canvas.selection("parcel").any()


def test_a_selection_given_from_outside_emits_nothing(canvas, qtbot):
    with qtbot.assertNotEmitted(canvas.selection_changed):
        canvas.set_selection("parcel", np.arange(12) == 3)
    assert canvas.selection("parcel")[3]


def test_selected_features_are_outlined(canvas, qtbot):
    canvas.set_selection("parcel", np.arange(12) == 7)
    wait(qtbot, canvas)
    px, py = canvas.view.to_px(ZONE + 300, 145)
    assert near(canvas.grab().toImage().pixelColor(round(px), round(py)), look.LIGHT["accent"])


def test_a_drag_with_the_pan_tool_moves_the_ground_with_the_hand(canvas, qtbot):
    canvas.set_tool(Tool.PAN)
    x, y = canvas.view.middle
    drag(canvas, QPoint(300, 200), QPoint(360, 240))
    assert canvas.view.middle == pytest.approx((x - 60 * canvas.view.m_per_px, y + 40 * canvas.view.m_per_px))


def test_while_a_new_frame_is_drawn_the_old_one_is_shown_moved(canvas, qtbot, monkeypatch):
    gate = threading.Event()
    monkeypatch.setattr(map_worker, "make_frame", lambda request: gate.wait(10) and make_frame(request))
    x, y = canvas.view.middle
    canvas.move_to(x + 30 * canvas.view.m_per_px, y)
    assert colour_at(canvas, 25, 25) == "#d65f12"
    canvas.zoom_by(2.0, QPointF(at(canvas, 135, 25)))
    assert near(canvas.grab().toImage().pixelColor(at(canvas, 135, 25)), "#d65f12")
    gate.set()
    wait(qtbot, canvas)


def test_the_wheel_keeps_the_place_under_the_mouse(canvas, qtbot):
    place = QPointF(450, 120)
    before, scale = canvas.view.to_world(450, 120), canvas.view.m_per_px
    canvas.zoom_by(2.0, place)
    assert canvas.view.m_per_px == pytest.approx(scale / 2)
    assert canvas.view.to_world(450, 120) == pytest.approx(before, abs=1e-6)


def test_keys_move_and_zoom(canvas, qtbot):
    (x, y), scale = canvas.view.middle, canvas.view.m_per_px
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.view.middle == pytest.approx((x + 150 * scale, y))
    QTest.keyClick(canvas, Qt.Key.Key_PageUp)
    assert canvas.view.m_per_px == pytest.approx(scale / 2)
    QTest.keyClick(canvas, Qt.Key.Key_PageDown)
    assert canvas.view.m_per_px == pytest.approx(scale)


def test_shift_and_drag_zoom_to_the_box(canvas, qtbot):
    canvas.set_tool(Tool.IDENTIFY)
    drag(canvas, at(canvas, 100, 190), at(canvas, 190, 100), Keys.ShiftModifier)
    west, south, east, north = canvas.view.bounds
    assert (west + east) / 2 == pytest.approx(ZONE + 145, abs=1)
    assert north - south == pytest.approx(90 / 0.92, abs=2)


def test_escape_undoes_a_drag(canvas, qtbot):
    canvas.set_tool(Tool.PAN)
    middle = canvas.view.middle
    QTest.mousePress(canvas, Left, pos=QPoint(300, 200))
    QTest.mouseMove(canvas, QPoint(380, 260))
    assert canvas.view.middle != middle
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    QTest.mouseRelease(canvas, Left, pos=QPoint(380, 260))
    assert canvas.view.middle == pytest.approx(middle)


def test_zooming_to_features_shows_them_with_room_around(canvas, qtbot):
    canvas.zoom_to_features("parcel", [5])
    west, south, east, north = canvas.view.bounds
    assert west < ZONE + 100 and east > ZONE + 190 and south < 100 and north > 190
    assert north - south < 200
    canvas.zoom_to_features("building", [1])  # no geometry: nothing to go to
    assert canvas.view.bounds == (west, south, east, north)


def test_a_new_style_keeps_the_ids_and_changes_the_colour(canvas, qtbot):
    ids = canvas.frame.layers["building"].drawn.ids.buffer
    canvas.set_style("building", colour="#0000ff")
    wait(qtbot, canvas)
    assert canvas.frame.layers["building"].drawn.ids.buffer is ids
    assert colour_at(canvas, 25, 25) == "#0000ff"


def test_class_switched_off_in_the_legend_vanishes(canvas, qtbot):
    values = np.array(["a", "a", "b"], object)
    classes = categories(values)
    canvas.set_style("building", values=values, classes=classes, hidden_classes=frozenset({1}))
    wait(qtbot, canvas)
    assert colour_at(canvas, 25, 25) == classes.colours[0]
    assert colour_at(canvas, 125, 25) == "#fbfaf6"


def test_removed_layers_take_their_selection_with_them(canvas, qtbot):
    canvas.set_selection("parcel", np.ones(12, bool))
    canvas.set_layers(layers()[1:])
    assert canvas.selections == {}
    with pytest.raises(KeyError):
        canvas.layer("parcel")


def test_the_view_is_kept_when_layers_change(canvas, qtbot):
    canvas.zoom_to((ZONE, 0, ZONE + 50, 50))
    view = canvas.view
    canvas.set_layers(layers())
    assert canvas.view == view


def request(number: int) -> Request:
    view = View(ZONE, 300, 1.0, 40 + number, 30)
    return Request(tuple(layers()), view, {}, 1, 1.0, look.MAP_GROUND)


def test_the_newest_request_wins(qtbot, monkeypatch):
    worker, arrived, gate = MapWorker(), [], threading.Event()
    worker.finished.connect(arrived.append)
    monkeypatch.setattr(map_worker, "make_frame", lambda asked: gate.wait(10) and make_frame(asked))
    for number in range(5):
        worker.ask(request(number))
    gate.set()
    qtbot.waitUntil(lambda: not worker.busy, timeout=10_000)
    assert [frame.view.width_px for frame in arrived] == [44]
    worker.close()


def test_a_cancelled_request_leaves_no_frame(qtbot, monkeypatch):
    worker, arrived, gate = MapWorker(), [], threading.Event()
    worker.finished.connect(arrived.append)
    monkeypatch.setattr(map_worker, "make_frame", lambda asked: gate.wait(10) and make_frame(asked))
    worker.ask(request(0))
    worker.cancel()
    gate.set()
    qtbot.waitUntil(lambda: not worker.busy, timeout=10_000)
    assert arrived == []
    worker.ask(request(1))
    qtbot.waitUntil(lambda: len(arrived) == 1, timeout=10_000)
    worker.close()


def test_a_layer_that_cannot_be_drawn_is_said_on_the_map(canvas, qtbot, monkeypatch):
    def broken(*_args, **_more):
        raise RuntimeError("no ink")

    monkeypatch.setattr(map_worker, "drawn", broken)
    canvas.set_style("building", colour="#0000ff")
    wait(qtbot, canvas)
    assert "no ink" in canvas._frames.trouble
    assert colour_at(canvas, 25, 25) == "#d65f12"


def test_gathered_layers_are_said(canvas, qtbot):
    canvas.set_scale(400.0)
    wait(qtbot, canvas)
    assert set(canvas.gathered_layers()) == {"parcel", "building"}


def test_features_blink_and_come_to_rest(canvas, qtbot):
    canvas.flash("building", [0])
    assert near(canvas.grab().toImage().pixelColor(at(canvas, 20, 35)), look.LIGHT["accent"])
    qtbot.waitUntil(lambda: canvas._flash is None, timeout=5_000)


def test_a_measured_line_has_its_length_and_area():
    measure = Measure()
    for place in ((0, 0), (300, 0), (300, 400)):
        measure.add(*place)
    assert measure.length_m == 700
    assert measure.area_m2 == 60_000
    assert measure.said() == "700\u00a0m · area 6.00\u00a0ha (90.0 mu)"


def test_the_scale_bar_is_round_and_the_scale_has_two_figures():
    assert [round_length(longest) for longest in (130, 99, 51, 4.9)] == [100, 50, 50, 2]
    assert scale_said(View(0, 0, 5000 * 0.0254 / 96, 10, 10)) == "1:5\u2009000"


def test_chinese_is_drawn_in_the_font_that_comes_along(canvas):
    assert QFontInfo(canvas.font()).family() == body_font().family()
    with_words, without = (
        message_pixels(canvas, "评估已完成"),
        message_pixels(canvas, "\ue000\ue001\ue002\ue003\ue004"),
    )
    assert (with_words != without).mean() > 0.005


def test_a_fault_while_painting_is_said_and_the_program_goes_on():
    script = """
import os
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtWidgets import QApplication
from desktop.ui.map_canvas import MapCanvas
application = QApplication([])
canvas = MapCanvas()
canvas.resize(300, 200)
canvas._paint = lambda painter: 1 / 0
picture = canvas.grab()
canvas.close()
raise SystemExit(0 if not picture.isNull() else 3)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "could not be painted" in done.stderr


def message_pixels(canvas: MapCanvas, words: str) -> np.ndarray:
    canvas.show_message(words)
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGBA8888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return rows[14:44, 200:400, 0].astype(int) // 32


def near(colour: QColor, wanted: str) -> bool:
    other = QColor(wanted)
    pairs = zip(colour.getRgb(), other.getRgb(), strict=True)
    return max(abs(a - b) for a, b in pairs) <= 24


def drag(canvas: MapCanvas, start: QPoint, end: QPoint, keys: Qt.KeyboardModifier = Keys.NoModifier) -> None:
    QTest.mousePress(canvas, Left, keys, start)
    QTest.mouseMove(canvas, (start + end) / 2)
    QTest.mouseMove(canvas, end)
    QTest.mouseRelease(canvas, Left, keys, end)


def test_frames_take_over_only_what_still_holds():
    first = make_frame(request(0))
    moved = replace(request(0), before=first, view=View(ZONE + 1, 300, 1.0, 40, 30))
    wider = replace(request(0), before=first, layers=(replace(first.layers["metro"].layer, line_px=9.0),))
    for other in (make_frame(moved), make_frame(wider)):
        assert other.layers["metro"].drawn.ids.buffer is not first.layers["metro"].drawn.ids.buffer
    same = make_frame(
        replace(request(0), before=first, layers=tuple(part.layer for part in first.layers.values()))
    )
    assert same.layers["metro"] is first.layers["metro"]
    assert frames.never()[0] == 0


def test_boxes_over_the_map_have_the_colours_of_the_window_and_the_map_stays_light(canvas, qtbot):
    application = QApplication.instance()
    corner = QPoint(round(CARD_MARGIN) + 6, canvas.height() - round(CARD_MARGIN) - 6)
    try:
        for dark, tokens in ((True, DARK), (False, LIGHT)):
            theme.apply_theme(application, dark=dark)
            picture = canvas.grab().toImage()
            assert picture.pixelColor(corner).name() == tokens["panel"]
            assert picture.pixelColor(at(canvas, 95, 95)).lightness() > 200
    finally:
        theme.apply_theme(application)
