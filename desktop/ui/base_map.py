"""The base map under the layers: its tiles are read or fetched, warped off the window's thread, and painted."""

from __future__ import annotations

import logging
import math
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import platformdirs
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from PySide6.QtCore import QObject, QPointF, QRectF, QTimer, QUrl, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter
from PySide6.QtNetwork import QNetworkAccessManager, QNetworkDiskCache, QNetworkReply, QNetworkRequest

from cartography.frame import Stop, never
from cartography.tiles import TILE_PX, Grid, Tile, Window, warped, window_for
from cartography.view import View
from core.look import LIGHT
from core.texts import text
from desktop.base_maps import LEVELS, BaseMap, MbTiles
from desktop.ui.map_surface import MapSurface
from desktop.ui.map_worker import NewestWins

log = logging.getLogger(__name__)

MARGIN = 0.125  # beyond each side of the window, as of the layers
SETTLE_MS = 120
MOST_KEPT = 600  # tiles in memory, 256 kB each
CACHE_BYTES = 200_000_000  # of tiles on disk
PATIENCE_MS = 15_000
AGENT = b"Lutu"

Pixels = NDArray[np.uint32]


@dataclass(frozen=True, eq=False)
class Request:
    """A picture of tiles that is asked for; `file` is read where there is one."""

    view: View
    crs: CRS
    grid: Grid
    window: Window
    tiles: Mapping[Tile, Pixels]
    file: MbTiles | None = None
    stop: Stop = field(default_factory=never)


@dataclass(frozen=True, eq=False)
class Picture:
    """Warped tiles; the array is kept while the image stands on it."""

    view: View
    image: QImage
    pixels: Pixels
    read: dict[Tile, Pixels]


def make_picture(request: Request) -> Picture | None:
    """Read what is missing from the file, and warp; None if it was stopped."""
    to_degrees = Transformer.from_crs(request.crs, 4490, always_xy=True).transform
    read: dict[Tile, Pixels] = {}
    if request.file is not None:
        for tile in request.window.tiles:
            if request.stop[0]:
                return None
            data = request.file.tile(tile) if tile not in request.tiles else None
            pixels = decoded(data) if data is not None else None
            if pixels is not None:
                read[tile] = pixels
    pixels = warped(request.view, to_degrees, request.grid, request.window, {**request.tiles, **read})
    height, width = pixels.shape
    image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
    return Picture(request.view, image, pixels, read)


def decoded(data: bytes) -> Pixels | None:
    """A picture of 256 x 256 pixels as premultiplied ARGB; larger ones are scaled down. None where it is none."""
    image = QImage.fromData(data)
    if image.isNull():
        return None
    if image.width() != TILE_PX or image.height() != TILE_PX:
        image = image.scaled(TILE_PX, TILE_PX)
    image = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    return np.frombuffer(image.constBits(), dtype=np.uint32).reshape(TILE_PX, TILE_PX).copy()


class BaseMapView(QObject):
    """Shows a base map under the layers of a canvas; nothing until one is chosen.

    Signals
    -------
    changed()
        Another picture is there, or what is said of it changed.
    """

    changed = Signal()

    def __init__(self, canvas: MapSurface, cache: str = "tiles") -> None:
        super().__init__(canvas)
        self._canvas, self._cache = canvas, cache
        self._names: BaseMapView | None = None  # place names, over this map
        self._base: BaseMap | None = None
        self._crs: CRS | None = None
        self._file: MbTiles | None = None
        self._picture: Picture | None = None
        self._tiles: OrderedDict[Tile, Pixels] = OrderedDict()
        self._fetching: dict[Tile, QNetworkReply] = {}
        self._failed: dict[Tile, str] = {}
        self._network: QNetworkAccessManager | None = None
        self._worker: NewestWins[Request, Picture] = NewestWins(make_picture, "base map", self)
        self._worker.finished.connect(self._arrive)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(SETTLE_MS)
        self._rest.timeout.connect(self._ask)
        canvas.view_changed.connect(self._moved)

    @property
    def base(self) -> BaseMap | None:
        """The map shown; None for none."""
        return self._base

    @property
    def pictures(self) -> list[tuple[QImage, View]]:
        """What is shown from below to above, each of a view in pixels of the screen; none without a base map."""
        shown = self._picture if self._base is not None else None
        below = [] if shown is None else [(shown.image.copy(), shown.view)]
        return [*below, *(self._names.pictures if self._names is not None else [])]

    @property
    def settled(self) -> bool:
        """Whether nothing is fetched, read or waited for."""
        names = self._names is None or self._names.settled
        return names and not self._worker.busy and not self._rest.isActive() and not self._fetching

    def show_map(self, base: BaseMap | None, crs: CRS | None) -> None:
        """Show another base map, or none.

        Raises
        ------
        UserError
            If its file cannot be read.
        """
        file = MbTiles(Path(base.address)) if base is not None and base.is_file else None
        self._worker.cancel()
        for reply in list(self._fetching.values()):
            reply.abort()
        self._fetching, self._failed, self._picture = {}, {}, None
        self._tiles.clear()
        self._base, self._crs, self._file = base, crs, file
        names = base.names if base is not None else None
        if names is not None and self._names is None:
            self._names = BaseMapView(self._canvas, f"{self._cache}_names")
            self._names.changed.connect(self.changed)
        if self._names is not None:
            self._names.show_map(names, crs)
        self._ask()
        self.changed.emit()

    def close(self) -> None:
        """End what runs."""
        self.show_map(None, None)
        self._worker.close()
        if self._names is not None:
            self._names.close()

    # ---- painting

    def paint(self, painter: QPainter) -> None:
        """Paint the picture where it belongs, stretched until the one of this view is there."""
        picture = self._picture
        if picture is None or self._base is None:
            return
        view, ratio = self._canvas.view, self._canvas.devicePixelRatioF()
        left, top = view.to_px(picture.view.west, picture.view.north)
        stretch = picture.view.m_per_px / view.m_per_px
        target = QRectF(left, top, picture.view.width_px * stretch, picture.view.height_px * stretch)
        painter.setRenderHint(
            QPainter.RenderHint.SmoothPixmapTransform, not math.isclose(stretch * ratio, 1.0)
        )
        painter.drawImage(target, picture.image)
        if self._names is not None:
            self._names.paint(painter)

    def paint_notes(self, painter: QPainter) -> None:
        """Say at the foot of the map whose map it is, that it is shifted, or that it cannot be had."""
        words = self.said()
        if not words:
            return
        metrics = QFontMetricsF(painter.font())
        width = metrics.horizontalAdvance(words) + 12
        box = QRectF(self._canvas.width() - width - 60, self._canvas.height() - 24, width, 20)
        painter.fillRect(box, QColor(255, 255, 255, 215))
        painter.setPen(QColor(LIGHT["bad" if self.failed or (self._base and self._base.datum) else "muted"]))
        painter.drawText(QPointF(box.left() + 6, box.bottom() - 5), words)

    def said(self) -> str:
        """What must be said of the base map; empty without one."""
        base = self._base
        if base is None:
            return ""
        words = text("Base map: {name}", name=base.name)
        if base.datum:
            words += " · " + text("shifted by {datum}, some hundred metres", datum=base.datum)
        if failed := self.failed:
            words += " · " + text("{count} tiles cannot be had: {cause}", count=len(failed), cause=failed[-1])
        return words

    @property
    def failed(self) -> list[str]:
        """Why tiles of the map and of its place names cannot be had, one after another."""
        return [*(self._names.failed if self._names is not None else []), *self._failed.values()]

    # ---- tiles

    def _moved(self) -> None:
        if self._base is not None:
            self._rest.start()

    def _wanted(self) -> View:
        view, ratio = self._canvas.view, self._canvas.devicePixelRatioF()
        width, height = math.ceil(view.width_px * ratio), math.ceil(view.height_px * ratio)
        fine = View(view.west, view.north, view.m_per_px / ratio, width, height)
        return fine.grown(math.ceil(width * MARGIN), math.ceil(height * MARGIN))

    def _ask(self) -> None:
        """Fetch what is missing and warp what is there."""
        self._rest.stop()
        base, crs = self._base, self._crs
        if base is None or crs is None or self._canvas.width() <= 0:
            return
        view = self._wanted()
        to_degrees = Transformer.from_crs(crs, 4490, always_xy=True).transform
        window = window_for(
            view, to_degrees, base.grid, self._file.levels if self._file is not None else LEVELS
        )
        if window is None:
            self._picture = None
            self.changed.emit()
            return
        here = {tile: self._tiles[tile] for tile in window.tiles if tile in self._tiles}
        for tile in here:
            self._tiles.move_to_end(tile)
        self._worker.ask(Request(view, crs, base.grid, window, here, self._file))
        if self._file is None:
            self._fetch(base, window)

    def _fetch(self, base: BaseMap, window: Window) -> None:
        wanted = set(window.tiles)
        for tile in [tile for tile in self._fetching if tile not in wanted]:
            self._fetching.pop(tile).abort()
        for tile in window.tiles:
            if tile in self._tiles or tile in self._fetching or tile in self._failed:
                continue
            request = QNetworkRequest(QUrl(base.url(tile)))
            request.setRawHeader(b"User-Agent", AGENT)
            request.setTransferTimeout(PATIENCE_MS)
            prefer = QNetworkRequest.CacheLoadControl.PreferCache
            request.setAttribute(QNetworkRequest.Attribute.CacheLoadControlAttribute, prefer)
            reply = self._net().get(request)
            self._fetching[tile] = reply
            reply.finished.connect(lambda tile=tile, reply=reply: self._fetched(tile, reply))

    def _fetched(self, tile: Tile, reply: QNetworkReply) -> None:
        reply.deleteLater()
        if self._fetching.get(tile) is not reply:
            return
        del self._fetching[tile]
        pixels = decoded(bytes(reply.readAll().data()))
        if pixels is None:
            status = reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute)
            self._failed[tile] = f"HTTP {status}" if status else reply.errorString()
            log.warning("A tile of the base map could not be had: %s", self._failed[tile])
            self.changed.emit()
            return
        self._keep({tile: pixels})
        self._rest.start()

    def _keep(self, tiles: Mapping[Tile, Pixels]) -> None:
        self._tiles.update(tiles)
        while len(self._tiles) > MOST_KEPT:
            self._tiles.popitem(last=False)

    def _arrive(self, picture: Picture) -> None:
        if self._base is not None:
            self._keep(picture.read)
            self._picture = picture
            self.changed.emit()

    def _net(self) -> QNetworkAccessManager:
        """Made at the first use: without a base map by address nothing ever goes to the network."""
        if self._network is None:
            self._network = QNetworkAccessManager(self)
            cache = QNetworkDiskCache(self._network)
            cache.setCacheDirectory(
                str(Path(platformdirs.user_cache_dir("lutu", appauthor=False)) / self._cache)
            )
            cache.setMaximumCacheSize(CACHE_BYTES)
            self._network.setCache(cache)
        return self._network
