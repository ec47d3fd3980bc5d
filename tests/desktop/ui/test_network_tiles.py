"""Tiles come over the network: from a server of this machine that answers, refuses, keeps one waiting or goes away."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pyproj import CRS
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from core import texts
from desktop.base_maps import BaseMap
from desktop.ui.base_map import BaseMapView
from desktop.ui.map_surface import MapSurface
from tests.desktop.ui.watching import Watch

XIAN = CRS.from_epsg(4545)
MIDDLE = (500_000.0, 3_790_000.0)
BLUE, RED = "#3060c0", "#c03030"


def tile_of(colour: str) -> bytes:
    """A tile of one colour as PNG."""
    image = QImage(256, 256, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(data.data())


def half_tile(colour: str) -> bytes:
    """A tile whose left half is of one colour and whose right half is clear."""
    image = QImage(256, 256, QImage.Format.Format_ARGB32)
    image.fill(QColor(0, 0, 0, 0))
    for x in range(128):
        for y in range(256):
            image.setPixelColor(x, y, QColor(colour))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(data.data())


class Service:
    """A tile service: what it answers to a path is said by `answer`, as status, kind, data and seconds to wait."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.agents: set[str] = set()
        self.answer: Callable[[str], tuple[int, str, bytes, float]] = lambda path: (
            200,
            "image/png",
            tile_of(BLUE),
            0.0,
        )
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                service.asked[self.path] += 1
                service.agents.add(self.headers["User-Agent"])
                status, kind, data, wait_s = service.answer(self.path)
                time.sleep(wait_s)
                try:
                    self.send_response(status)
                    self.send_header("Content-Type", kind)
                    self.send_header("Content-Length", str(len(data)))
                    self.send_header("Cache-Control", "max-age=3600")
                    self.end_headers()
                    self.wfile.write(data)
                except (BrokenPipeError, ConnectionResetError):
                    service.asked["given up"] += 1

            def log_message(self, *given: object) -> None:
                """Nothing is said on the terminal."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=[0.01], daemon=True).start()

    @property
    def address(self) -> str:
        """Where tiles are asked for."""
        return f"http://127.0.0.1:{self._server.server_port}/{{z}}/{{x}}/{{y}}.png?tk={{key}}"

    def stop(self) -> None:
        """Go away."""
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def service() -> Iterator[Service]:
    made = Service()
    yield made
    made.stop()


@pytest.fixture
def shown(qtbot: QtBot, tmp_path, monkeypatch) -> Iterator[BaseMapView]:
    """A view under an empty map of Xi'an, its cache in a folder of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(texts, "_chosen", "en")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    canvas = MapSurface()
    canvas.resize(500, 400)
    canvas.show()
    canvas.zoom_to((MIDDLE[0] - 1000, MIDDLE[1] - 800, MIDDLE[0] + 1000, MIDDLE[1] + 800))
    made = BaseMapView(canvas)
    canvas.underlays.append(made.paint)
    made.changed.connect(lambda: canvas.set_ground(clear=made.base is not None))
    yield made
    made.close()
    canvas.close()
    canvas.deleteLater()


def colour_in_the_middle(view: BaseMapView) -> str:
    picture = view._canvas.grab().toImage()
    return picture.pixelColor(picture.width() // 2, picture.height() // 2).name()


def settle(view: BaseMapView, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: view.settled and view._canvas.settled, timeout=30_000)


def test_tiles_of_a_service_lie_under_the_map_and_are_asked_for_once(
    shown: BaseMapView, service: Service, qtbot: QtBot
) -> None:
    shown.show_map(BaseMap("own", service.address, key="a&b"), XIAN)
    settle(shown, qtbot)
    assert colour_in_the_middle(shown) == BLUE
    assert shown.said() == "Base map: own"
    assert service.agents == {"Lutu"}
    assert all(path.endswith("?tk=a%26b") for path in service.asked)
    assert set(service.asked.values()) == {1}
    before = sum(service.asked.values())
    shown.show_map(None, None)
    shown.show_map(BaseMap("own", service.address, key="a&b"), XIAN)
    settle(shown, qtbot)
    assert colour_in_the_middle(shown) == BLUE
    assert sum(service.asked.values()) == before  # those on the disk are fresh still


def test_tiles_that_are_refused_are_said_and_the_others_shown(
    shown: BaseMapView, service: Service, qtbot: QtBot
) -> None:
    service.answer = lambda path: (
        (403, "text/plain", b"no such key", 0.0)
        if int(path.split("/")[2]) % 2
        else (200, "image/png", tile_of(RED), 0.0)
    )
    shown.show_map(BaseMap("own", service.address), XIAN)
    settle(shown, qtbot)
    refused = sum(int(path.split("/")[2]) % 2 for path in service.asked)
    assert 0 < refused < len(service.asked)
    assert shown.said() == f"Base map: own · {refused} tiles cannot be had: HTTP 403"
    picture = shown._canvas.grab().toImage()
    seen = {picture.pixelColor(x, 200).name() for x in range(0, 500, 10)}
    assert RED in seen and len(seen) > 1


def test_a_page_in_place_of_a_tile_is_no_tile(shown: BaseMapView, service: Service, qtbot: QtBot) -> None:
    service.answer = lambda path: (200, "text/html", b"<html>Please log in</html>", 0.0)
    shown.show_map(BaseMap("own", service.address), XIAN)
    settle(shown, qtbot)
    assert "tiles cannot be had: HTTP 200" in shown.said()


def test_a_service_that_is_not_there_leaves_the_map_as_it_is_and_says_why(
    shown: BaseMapView, service: Service, qtbot: QtBot
) -> None:
    address = service.address
    service.stop()
    bare = colour_in_the_middle(shown)
    shown.show_map(BaseMap("own", address), XIAN)
    settle(shown, qtbot)
    assert colour_in_the_middle(shown) == bare
    said = shown.said()
    assert re.search(r"\d+ tiles cannot be had: \S+", said), said  # why, in whatever language Qt says it
    assert "HTTP" not in said


def test_a_slow_service_never_holds_the_window_and_tiles_left_behind_are_given_up(
    shown: BaseMapView, service: Service, qtbot: QtBot
) -> None:
    service.answer = lambda path: (200, "image/png", tile_of(BLUE), 0.4)
    with Watch() as watch:
        shown.show_map(BaseMap("own", service.address), XIAN)
        qtbot.waitUntil(lambda: bool(service.asked), timeout=10_000)
        shown._canvas.move_to(MIDDLE[0] + 40_000, MIDDLE[1])
        settle(shown, qtbot)
    assert colour_in_the_middle(shown) == BLUE
    assert watch.longest_ms < 100
    there = {tile.x for tile in shown._tiles}
    asked = {int(path.split("/")[2]) for path in service.asked if path.startswith("/")}
    assert asked - there  # the tiles of the place before were asked for, and not waited for


def test_place_names_lie_over_the_base_map_and_their_trouble_is_said(
    shown: BaseMapView, service: Service, qtbot: QtBot
) -> None:
    names = service.address.replace("/{z}", "/names/{z}")

    def answer(path: str) -> tuple[int, str, bytes, float]:
        if "/names/" not in path:
            return 200, "image/png", tile_of(BLUE), 0.0
        return 200, "image/png", half_tile(RED), 0.0

    service.answer = answer
    shown.show_map(BaseMap("own", service.address, labels=names), XIAN)
    settle(shown, qtbot)
    picture = shown._canvas.grab().toImage()
    seen = {picture.pixelColor(x, y).name() for x in range(0, 500, 10) for y in range(0, 340, 10)}
    assert {BLUE, RED} <= seen
    assert len(shown.pictures) == 2
    shown.show_map(BaseMap("own", service.address), XIAN)
    settle(shown, qtbot)
    assert len(shown.pictures) == 1 and colour_in_the_middle(shown) == BLUE
    service.answer = lambda path: (403, "text/plain", b"", 0.0)
    shown.show_map(BaseMap("own", service.address, labels=names.replace("names", "other")), XIAN)
    settle(shown, qtbot)
    assert "HTTP 403" in shown.said()
