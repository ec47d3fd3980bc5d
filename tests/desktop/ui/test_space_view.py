"""The city in space turns under the hand, reads what is clicked, and never holds up the window."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from shapely.geometry import box

from cartography.layers import StyledLayer
from cartography.ragged import Ragged
from cartography.scene import Sun
from core.problems import UserError
from desktop.ui.space_view import SpaceView, write_picture

Left, Right = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


class SmallCity:
    """What the view asks of a city: its buildings, and that there is no terrain."""

    def __init__(self) -> None:
        shapes = [box(60 * c, 60 * r, 60 * c + 40, 60 * r + 40) for r in range(3) for c in range(3)]
        self.tables = {"building": gpd.GeoDataFrame({"height_m": np.arange(10.0, 19.0)}, geometry=shapes)}
        self.rasters: dict[str, object] = {}


def layers(city: SmallCity) -> list[StyledLayer]:
    return [
        StyledLayer("building", "", Ragged.of(city.tables["building"].geometry.to_numpy()), colour="#d65f12")
    ]


@pytest.fixture
def view(qtbot) -> SpaceView:
    made = SpaceView()
    qtbot.addWidget(made)
    made.resize(480, 360)
    made.show()
    city = SmallCity()
    made.show_city(city, layers(city), {})
    qtbot.waitUntil(lambda: made.settled, timeout=60_000)
    yield made
    made.close_worker()


def test_a_click_on_a_building_reads_and_selects_it(view):
    camera = view.camera
    px, py = camera.to_px(np.array([0.0, 0.0, 14.0]), view.width(), view.height())
    found: dict[str, tuple] = {}
    view.identified.connect(lambda hits: found.update(identified=hits))
    view.picked.connect(lambda table, mask: found.update(picked=(table, np.flatnonzero(mask).tolist())))
    QTest.mouseClick(view, Left, pos=QPoint(round(px), round(py)))
    assert found == {"identified": [("building", 4)], "picked": ("building", [4])}


def test_a_click_beside_all_buildings_lets_go(view, qtbot):
    with qtbot.waitSignal(view.picked) as found:
        QTest.mouseClick(view, Left, pos=QPoint(3, view.height() - 3))
    assert found.args == ["building", None]


def test_the_right_button_turns_and_the_left_moves(view):
    before = view.camera
    QTest.mousePress(view, Right, pos=QPoint(200, 200))
    QTest.mouseMove(view, QPoint(260, 230))
    QTest.mouseRelease(view, Right, pos=QPoint(260, 230))
    turned = view.camera
    assert turned.azimuth_deg != before.azimuth_deg
    assert turned.target == before.target
    QTest.mousePress(view, Left, pos=QPoint(200, 200))
    QTest.mouseMove(view, QPoint(260, 200))
    QTest.mouseRelease(view, Left, pos=QPoint(260, 200))
    assert view.camera.target != turned.target
    assert view.camera.azimuth_deg == turned.azimuth_deg


def test_all_of_it_goes_by_keys(view):
    start = view.camera
    QTest.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert view.camera.azimuth_deg != start.azimuth_deg
    QTest.keyClick(view, Qt.Key.Key_N)
    assert view.camera.azimuth_deg == pytest.approx(0)
    QTest.keyClick(view, Qt.Key.Key_PageUp)
    assert view.camera.distance_m < start.distance_m
    QTest.keyClick(view, Qt.Key.Key_Up)
    assert view.camera.target != start.target


def test_the_mesh_is_raised_once_and_colours_and_sun_only_shade_anew(view, qtbot):
    made = view.frame.made
    view.set_sun(Sun(200.0, 30.0))
    qtbot.waitUntil(lambda: view.settled and view.frame.scene.sun is not None, timeout=60_000)
    assert view.frame.made is made
    assert view.frame.shadow.nearest.size


def test_the_picture_is_written_in_twice_the_size(view, tmp_path):
    from PySide6.QtGui import QImage

    write_picture(view.picture(), tmp_path / "city.png")
    written = QImage(str(tmp_path / "city.png"))
    assert (written.width(), written.height()) == (960, 720)
    with pytest.raises(UserError, match="could not be written"):
        write_picture(view.picture(), tmp_path / "nowhere" / "city.png")


def test_the_newest_view_is_shown_however_fast_it_turns(view, qtbot):
    for _ in range(20):
        view.look(view.camera.orbited(5.0, 0.0))
    qtbot.waitUntil(lambda: view.settled, timeout=60_000)
    assert view.frame.drawn.camera == view.camera
    assert view.grab().toImage().pixelColor(QPointF(240, 180).toPoint()).isValid()
