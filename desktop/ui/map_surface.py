"""The map surface: layers, selection, view, and how they are painted. Drawing itself is in `cartography`."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from cartography.aggregate import Gathered
from cartography.frame import Mask
from cartography.layers import StyledLayer, extent_of
from cartography.ragged import Bounds
from cartography.view import View
from core import look
from core.texts import text
from desktop.ui import map_overlays as overlays
from desktop.ui.map_frames import FrameKeeper
from desktop.ui.map_worker import Frame

log = logging.getLogger(__name__)

FINEST_M_PER_PX, COARSEST_M_PER_PX = 0.005, 20_000.0
FLASHES, FLASH_MS = 6, 160
GATHERED = {
    "sum": "{title}: sums by cells of {cell}",
    "mean": "{title}: means by cells of {cell}",
    "most": "{title}: most frequent by cells of {cell}",
}
NOTHING: Bounds = (0.0, 0.0, 0.0, 0.0)


class MapSurface(QWidget):
    """Layers, their selection and the view; `MapCanvas` adds what mouse and keys do.

    Signals
    -------
    view_changed()
        Centre, scale or size changed.
    placed()
        Another centre or scale was chosen.
    shown(object)
        A `Frame` has come on screen.
    """

    view_changed = Signal()
    placed = Signal()
    shown = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layers: tuple[StyledLayer, ...] = ()
        self._selected: dict[str, Mask] = {}
        self._middle, self._m_per_px = (0.0, 0.0), 1.0
        self._awaited: tuple[Bounds, float] | None = (
            None  # an extent with its margin to show as soon as the canvas has its size
        )
        self._sized, self._placed = False, False
        self._flash: tuple[str, NDArray[np.int64]] | None = None
        self._flashes_left = 0
        self._message = ""
        self.underlays: list[Callable[[QPainter], None]] = []  # painted under the layers, on a clear ground
        self.remarks: tuple[str, ...] = ()  # said beside the scale bar before all else
        self.overlays: list[Callable[[QPainter], None]] = []
        self._clear = False
        self._frames = FrameKeeper(self)
        self._frames.arrived.connect(self._show)
        self._flash_timer = QTimer(self)
        self._flash_timer.setInterval(FLASH_MS)
        self._flash_timer.timeout.connect(self._next_flash)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(160, 120)
        self.setAccessibleName(text("Map"))
        self.setAccessibleDescription(text("Arrow keys move the map, Page Up and Page Down zoom."))

    # ---- layers and selection

    @property
    def layers(self) -> tuple[StyledLayer, ...]:
        """The layers, the lowest first."""
        return self._layers

    def layer(self, name: str) -> StyledLayer:
        """One layer; KeyError if there is none of that name."""
        found = next((layer for layer in self._layers if layer.name == name), None)
        if found is None:
            raise KeyError(name)
        return found

    def set_layers(self, layers: Sequence[StyledLayer]) -> None:
        """Show these layers, the first lowest. The first layers ever shown are zoomed to."""
        self._layers = tuple(layers)
        known = {layer.name: layer for layer in self._layers}
        for name in [name for name in self._selected if name not in known]:
            del self._selected[name]
        for name in [name for name, mask in self._selected.items() if _features(known[name]) != mask.size]:
            del self._selected[name]
        if not self._placed and extent_of(self._layers) != NOTHING:
            self.zoom_to_all()
        self._frames.ask()
        self.update()

    def set_style(self, name: str, **changes: Any) -> None:
        """Change fields of one `StyledLayer`; as long as the geometry stays, only colours are looked up anew."""
        self._layers = tuple(
            replace(layer, **changes) if layer.name == name else layer for layer in self._layers
        )
        self._frames.ask()
        self.update()

    def selection(self, name: str) -> Mask:
        """Which features of a layer are selected, shape (features)."""
        found = self._selected.get(name)
        return np.zeros(_features(self.layer(name)), dtype=np.bool_) if found is None else found

    def set_selection(self, name: str, mask: Mask | None) -> None:
        """Select features of a layer; None selects nothing. Emits no signal."""
        if mask is None or not mask.any():
            self._selected.pop(name, None)
        else:
            self._selected[name] = np.array(mask, dtype=np.bool_)
        self._frames.ask()
        self.update()

    @property
    def selections(self) -> dict[str, Mask]:
        """All selections by layer; layers without one are left out."""
        return dict(self._selected)

    def gathered_layers(self) -> dict[str, Gathered]:
        """Layers whose features are gathered into cells on the map as shown, with the classes of the cells."""
        return self._frames.frame.gathered if self._frames.frame is not None else {}

    # ---- view

    @property
    def view(self) -> View:
        """What the canvas shows, in logical pixels."""
        return View.around(self._middle, self._m_per_px, self.width(), self.height())

    @property
    def frame(self) -> Frame | None:
        """The frame on screen, which may be of a view before; None before the first."""
        return self._frames.frame

    @property
    def settled(self) -> bool:
        """Whether what is on screen is what was asked for last, and no finer frame is to come."""
        return self._frames.settled

    def move_to(self, x: float, y: float) -> None:
        """Put a point of the world into the middle. [m]"""
        self._place((x, y), self._m_per_px)

    def zoom_to(self, extent: Bounds, *, margin: float = 0.04) -> None:
        """Show a whole extent (west, south, east, north). [m]"""
        if not self._sized:
            self._awaited = (extent, margin)
        view = View.fitting(extent, max(1, self.width()), max(1, self.height()), margin=margin)
        self._place(view.middle, view.m_per_px)

    def zoom_to_all(self) -> None:
        """Show all layers that are visible."""
        extent = extent_of([layer for layer in self._layers if layer.visible])
        if extent == NOTHING:
            extent = extent_of(self._layers)
        if extent != NOTHING:
            self.zoom_to(extent)

    def zoom_to_features(self, name: str, rows: Iterable[int]) -> None:
        """Show some features of a layer with room around them."""
        ragged = self.layer(name).ragged
        if ragged is None:
            self.zoom_to(self.layer(name).extent)
            return
        extent = ragged.extent_of(np.fromiter(rows, dtype=np.int64))
        if extent == NOTHING:
            return
        if max(extent[2] - extent[0], extent[3] - extent[1]) < 10.0:  # a point: its surroundings
            extent = (extent[0] - 50, extent[1] - 50, extent[2] + 50, extent[3] + 50)
        self.zoom_to(extent, margin=0.2)

    def set_scale(self, m_per_px: float) -> None:
        """Show the same middle at another scale. [m per logical pixel]"""
        self._place(self._middle, m_per_px)

    def zoom_by(self, factor: float, about: QPointF | None = None) -> None:
        """Enlarge by a factor, keeping a place of the canvas (else its middle) where it is."""
        place = about if about is not None else QPointF(self.width() / 2, self.height() / 2)
        x, y = self.view.to_world(place.x(), place.y())
        m_per_px = min(max(self._m_per_px / factor, FINEST_M_PER_PX), COARSEST_M_PER_PX)
        off_x, off_y = place.x() - self.width() / 2, place.y() - self.height() / 2
        self._place((x - off_x * m_per_px, y + off_y * m_per_px), m_per_px)

    def flash(self, name: str, rows: Iterable[int]) -> None:
        """Let some features blink, so that the eye finds them."""
        self._flash = (name, np.fromiter(rows, dtype=np.int64))
        self._flashes_left = FLASHES
        self._flash_timer.start()
        self.update()

    @property
    def ground(self) -> str:
        """The colour under the layers; empty where something else is painted there."""
        return "" if self._clear else look.MAP_GROUND

    def set_ground(self, *, clear: bool) -> None:
        """Draw the layers on a clear ground, for what lies below to be seen, or on the colour of the map."""
        if clear != self._clear:
            self._clear = clear
            self._frames.ask()
        self.update()

    def show_message(self, words: str) -> None:
        """Show a sentence at the top of the map; empty takes it away."""
        self._message = words
        self.update()

    def world_box(self, box: QRectF) -> Bounds:
        """A rectangle of the canvas in world coordinates: west, south, east, north. [m]"""
        west, north = self.view.to_world(box.left(), box.top())
        east, south = self.view.to_world(box.right(), box.bottom())
        return west, south, east, north

    # ---- events

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the middle; show what waited for a size."""
        awaited, self._awaited, self._sized = self._awaited, None, True
        if awaited is not None:
            self.zoom_to(awaited[0], margin=awaited[1])
        else:
            self._frames.ask()
            self.view_changed.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the thread that draws."""
        self._frames.close()
        super().closeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame and what lies over it; a fault is logged and said, and the program goes on."""
        try:
            with QPainter(self) as painter:
                self._paint(painter)
        except Exception:
            log.exception("The map could not be painted")
            with QPainter(self) as painter:
                painter.fillRect(self.rect(), QColor(look.MAP_GROUND))
                painter.setPen(QColor(look.LIGHT["ink"]))
                painter.drawText(
                    self.rect(), Qt.AlignmentFlag.AlignCenter, text("The map could not be painted.")
                )

    def _paint(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), QColor(look.MAP_GROUND))
        for under in self.underlays:
            under(painter)
        self._frames.paint(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        view = self.view
        for layer in self._layers:
            mask = self._selected.get(layer.name) if layer.visible else None
            if mask is not None:
                self._outline(painter, layer, np.flatnonzero(mask & layer.seen), strong=False)
        if self._flash is not None and self._flashes_left % 2 == 0:
            name, rows = self._flash
            self._outline(painter, self.layer(name), rows, strong=True)
        for over in self.overlays:
            over(painter)
        self._paint_tools(painter)
        overlays.paint_scale_bar(painter, view, self.height(), self.notes())
        overlays.paint_north_arrow(painter, self.width())
        words = self._message or self._frames.trouble
        if words:
            overlays.paint_message(painter, self.width(), words)

    def _paint_tools(self, painter: QPainter) -> None:
        """What the tools show; painted below the cards."""

    def _outline(
        self, painter: QPainter, layer: StyledLayer, rows: NDArray[np.int64], *, strong: bool
    ) -> None:
        path = overlays.outline_path(layer, rows, self.view)
        if path is not None:
            overlays.paint_outlines(painter, path, strong=strong)

    def notes(self) -> list[str]:
        """What must be said of the map as a whole, and of layers that are gathered into cells."""
        notes = list(self.remarks)
        for name, cells in self.gathered_layers().items():
            layer = next((layer for layer in self._layers if layer.name == name), None)
            if layer is None or cells.classes is None:
                continue
            how = layer.gathered if cells.classes.numeric else "most"
            notes.append(text(GATHERED[how], title=layer.title, cell=overlays.length_said(cells.cell_m)))
        return notes

    # ---- inner workings

    def _place(self, middle: tuple[float, float], m_per_px: float) -> None:
        if not all(math.isfinite(value) for value in (*middle, m_per_px)) or m_per_px <= 0:
            raise ValueError(f"no such view: middle {middle}, {m_per_px} m per pixel")
        self._middle, self._m_per_px, self._placed = middle, m_per_px, True
        self._frames.ask(moved=True)
        self.view_changed.emit()
        self.placed.emit()
        self.update()

    def _show(self, frame: Frame) -> None:
        self.update()
        self.shown.emit(frame)

    def _next_flash(self) -> None:
        self._flashes_left -= 1
        if self._flashes_left <= 0:
            self._flash = None
            self._flash_timer.stop()
        self.update()


def _features(layer: StyledLayer) -> int:
    return layer.ragged.features if layer.ragged is not None else 0
