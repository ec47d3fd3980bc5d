"""What lies over and under the layers of the map: labels, shadows, base map, and the boxes of time and sun."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QPointF, QTimer
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from cartography.labels import Label, labels
from cartography.layers import StyledLayer
from cartography.view import View
from core.look import LIGHT
from desktop.in_space import BUILDINGS
from desktop.map_labels import Words, label_words
from desktop.themes import Theme
from desktop.ui import theme
from desktop.ui.base_map import BaseMapView
from desktop.ui.map_boxes import SunBox, TimeBox
from desktop.ui.map_canvas import MapCanvas
from desktop.ui.space_panel import SpacePanel
from desktop.ui.workspace import Workspace

log = logging.getLogger(__name__)

MARGIN = 12
FOOT = 56  # room of the scale bar
LABEL_MS = 120  # without movement before labels are placed anew
SAME_SCALE = 1e-6
LABEL_PX = 12
HALO = ((-1, -1), (1, 1), (-1, 1), (1, -1))


class LabelView(QObject):
    """The labels of all visible layers: placed when the map rests, painted from one picture while it moves."""

    def __init__(self, workspace: Workspace, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self._workspace, self._canvas = workspace, canvas
        self._picture: QPixmap | None = None
        self._view: View | None = None
        self.placed: list[Label] = []
        self._words: dict[tuple[str, str, Theme | None], Words | None] = {}
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(LABEL_MS)
        self._rest.timeout.connect(self.place)

    @property
    def settled(self) -> bool:
        """Whether the labels are those of the view."""
        return not self._rest.isActive()

    def renew(self) -> None:
        """City or results changed: so may all words."""
        self._words.clear()
        self.ask()

    def ask(self) -> None:
        """Place the labels as soon as the map rests."""
        if self._picture is not None or any(look.label for look in self._workspace.looks.values()):
            self._rest.start()

    def place(self) -> None:
        """Place the labels of this view and draw them into one picture."""
        self._rest.stop()
        workspace, canvas, city = self._workspace, self._canvas, self._workspace.city
        view = canvas.view.grown(canvas.width() // 8, canvas.height() // 8)
        font = theme.body_font(LABEL_PX)
        metrics = QFontMetricsF(font)
        found: list[Label] = []
        for layer in reversed(workspace.layers):
            look = workspace.looks.get(layer.name)
            if look is None or not look.label or not layer.visible or city is None:
                continue
            key = (layer.name, look.label, look.theme)
            if key not in self._words:  # columns of a large city take a while to be found
                self._words[key] = label_words(city, workspace.results, look, layer.name)
            words = self._words[key]
            if words is not None:
                found += labels(layer, view, words, metrics.horizontalAdvance, metrics.height(), found)
        self.placed, self._view = found, view
        self._picture = self._drawn(view, found) if found else None
        canvas.update()

    def paint(self, painter: QPainter) -> None:
        """Paint the picture where it belongs; none while the scale is another."""
        view, now = self._view, self._canvas.view
        if self._picture is None or view is None or abs(view.m_per_px / now.m_per_px - 1) > SAME_SCALE:
            return
        painter.drawPixmap(QPointF(*now.to_px(view.west, view.north)), self._picture)

    def _drawn(self, view: View, found: list[Label]) -> QPixmap:
        ratio = self._canvas.devicePixelRatioF()
        picture = QPixmap(round(view.width_px * ratio), round(view.height_px * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(QColor(0, 0, 0, 0))
        with QPainter(picture) as painter:
            paint_labels(painter, view, found)
        return picture


def paint_labels(painter: QPainter, view: View, placed: Sequence[Label]) -> None:
    """Labels where they were placed, each with a pale rim that parts it from what lies below."""
    font = theme.body_font(LABEL_PX)
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    rise = metrics.ascent() - metrics.height() / 2
    for label in placed:
        px, py = view.to_px(label.x, label.y)
        place = QPointF(px - metrics.horizontalAdvance(label.words) / 2, py + rise)
        painter.setPen(QColor(255, 255, 255, 220))
        for across, down in HALO:
            painter.drawText(place + QPointF(across, down), label.words)
        painter.setPen(QColor(LIGHT["ink"]))
        painter.drawText(place, label.words)


class MapExtras(QObject):
    """All of it for one map panel; what it shows is of this window only and kept nowhere.

    Parameters
    ----------
    tools : QWidget
        What stands at the upper left of the map; where it reaches down to the boxes, they stand beside it.
    """

    def __init__(self, workspace: Workspace, canvas: MapCanvas, panel: QWidget, tools: QWidget) -> None:
        super().__init__(panel)
        self._workspace, self._canvas, self._panel, self._tools = workspace, canvas, panel, tools
        self.labels = LabelView(workspace, canvas)
        self.base = BaseMapView(canvas)
        self.sun, self.time = SunBox(panel, workspace), TimeBox(panel, workspace)
        self._shadow: StyledLayer | None = None
        self._space: SpacePanel | None = None  # the city in space, while it covers the map
        self._connections: list[tuple[object, Callable[..., None]]] = [
            (workspace.layers_changed, self.refresh),
            (workspace.opened, self.leave),
            (workspace.data_changed, self.sun.refresh),
            (workspace.data_changed, self.labels.renew),
            (canvas.view_changed, self.labels.ask),
        ]
        for signal, slot in self._connections:
            signal.connect(slot)  # type: ignore[attr-defined]
        self.sun.shaded.connect(self._take_shadow)
        self.sun.closed.connect(lambda: self.show_sun(shown=False))
        self.time.closed.connect(lambda: self.show_time(shown=False))
        self.base.changed.connect(self._base_changed)
        canvas.underlays = [self.base.paint]
        canvas.overlays = [self.labels.paint, self.base.paint_notes]
        self.refresh()

    def let_go(self) -> None:
        """Leave the canvas to another panel."""
        for signal, slot in self._connections:
            signal.disconnect(slot)  # type: ignore[attr-defined]
        self._canvas.underlays, self._canvas.overlays = [], []
        self._canvas.set_ground(clear=False)
        self.base.close()

    def leave(self) -> None:
        """Another project: nothing of the one before is shown on."""
        self.show_sun(shown=False)
        self.show_time(shown=False)
        self.base.show_map(None, None)

    def around(self, layers: tuple[StyledLayer, ...]) -> tuple[StyledLayer, ...]:
        """The layers with the shadows under the buildings."""
        if self._shadow is None:
            return layers
        place = next((n for n, layer in enumerate(layers) if layer.name == BUILDINGS), len(layers))
        return (*layers[:place], self._shadow, *layers[place:])

    def show_sun(self, *, shown: bool | None = None) -> None:
        """Open or close the box of the sun; closed, there are no shadows. In space the sun has its box there."""
        if self._space is not None:
            self._space.shade(shown=not self._space.shaded if shown is None else shown)
            return
        self.sun.setVisible(not self.sun.isVisible() if shown is None else shown)
        self.sun.refresh()
        self.place()
        if self.sun.isVisible():
            self.sun.moment.hour.setFocus()

    def show_time(self, *, shown: bool | None = None) -> None:
        """Open or close the slider of time; closed, all of the year or the plan is shown."""
        shown = not self.time.isVisible() if shown is None else shown
        if not shown and self.time.isVisible():
            self.time.leave()
        self.time.setVisible(shown)
        self.time.refresh()
        self.place()
        if shown:
            self.time.slider.setFocus()

    def cover(self, space: SpacePanel | None) -> None:
        """The city in space lies over the map, or no longer; there is one sun in both."""
        before, self._space = self._space, None
        if space is not None and before is None:
            space.moment.follow(self.sun.moment)
            space.shade(shown=self.sun.isVisible())
            self.show_sun(shown=False)
        elif before is not None and space is None:
            self.sun.moment.follow(before.moment)
            self.show_sun(shown=before.shaded)
        self._space = space
        self.place()

    def refresh(self) -> None:
        """Follow the layers of the workspace."""
        self.labels.ask()
        if self.time.isVisible():
            self.time.refresh()
            self.place()

    def place(self) -> None:
        """Stand at the lower left over the scale bar, one above the other, on a low map beside the tools and each other."""
        lowest = self._panel.height() - FOOT if self._space is None else self._space.sun.y() - MARGIN
        boxes = [box for box in (self.sun, self.time) if box.isVisible()]
        for box in boxes:
            box.adjustSize()
        tools = self._tools.geometry()
        stacked = sum(box.height() + MARGIN for box in boxes)
        reached = self._space is None and lowest - stacked < tools.bottom()
        left, foot = tools.right() + MARGIN if reached else MARGIN, lowest
        for box in boxes:
            if foot < lowest and foot - box.height() < MARGIN:  # no room above the other
                left, foot = left + box.width() + MARGIN, lowest
            foot -= box.height()
            box.move(left, foot)
            box.raise_()
            foot -= MARGIN

    def _take_shadow(self, layer: StyledLayer | None) -> None:
        self._shadow = layer
        self._canvas.set_layers(self.around(self._workspace.layers))
        self.place()

    def _base_changed(self) -> None:
        self._canvas.set_ground(clear=self.base.base is not None)
        self._canvas.update()
