"""The crosshair: what the mouse does with the tools that identify, measure and draw polygons, done by keys."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen

from core.look import LIGHT
from desktop.ui.map_tools import Tool

if TYPE_CHECKING:
    from desktop.ui.map_canvas import MapCanvas

TOOLS = (Tool.IDENTIFY, Tool.MEASURE, Tool.POLYGON)
STEP_PX, FINE_PX, WIDE_PX = 16.0, 2.0, 80.0  # Shift moves finely, Ctrl widely
ARM_PX, GAP_PX, EDGE_PX = 14, 4, 24.0
ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class Crosshair:
    """A place on the map that arrow keys move and Enter sets; it stays where it is in the world."""

    def __init__(self) -> None:
        self.place: tuple[float, float] | None = None  # in the reference system of the map

    def key(self, canvas: MapCanvas, event: QKeyEvent) -> bool:
        """Move, set, or go away; False where the key is not for it."""
        if canvas.tool not in TOOLS:
            self.place = None
            return False
        key = Qt.Key(event.key())
        if key in ARROWS:
            self._move(canvas, ARROWS[key], event.modifiers())
        elif self.place is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._set(canvas, event.modifiers())
        elif self.place is not None and key == Qt.Key.Key_Escape and not self._drawing(canvas):
            self.place = None
            canvas.update()
            return False  # Esc leaves the tool as well
        else:
            return False
        canvas.update()
        return True

    def paint(self, painter: QPainter, canvas: MapCanvas) -> None:
        """Four arms with a gap, light around dark, so that it is seen on every ground."""
        if self.place is None or canvas.tool not in TOOLS:
            return
        middle = QPointF(*canvas.view.to_px(*self.place))
        for colour, width in ((LIGHT["panel"], 4), (LIGHT["ink"], 2)):
            painter.setPen(QPen(QColor(colour), width))
            for x, y in ARROWS.values():
                painter.drawLine(middle + QPointF(x, y) * GAP_PX, middle + QPointF(x, y) * ARM_PX)

    def _move(self, canvas: MapCanvas, step: tuple[int, int], keys: Qt.KeyboardModifier) -> None:
        fine, wide = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
        length = FINE_PX if keys & fine else WIDE_PX if keys & wide else STEP_PX
        view = canvas.view
        if self.place is None:  # the first press only shows it
            self.place = view.middle
        else:
            x, y = self.place
            self.place = (x + step[0] * length * view.m_per_px, y - step[1] * length * view.m_per_px)
        self._keep_in_sight(canvas)
        canvas.cursor_moved.emit(*self.place)
        if canvas.tool is Tool.MEASURE and canvas.measure.points and not canvas.measure.closed:
            canvas.measure.cursor = self.place
        if canvas.lasso.points:
            canvas.lasso.cursor = self.place

    def _keep_in_sight(self, canvas: MapCanvas) -> None:
        """The map follows where the crosshair would leave it."""
        assert self.place is not None
        view = canvas.view
        x, y = view.to_px(*self.place)
        across = min(x - EDGE_PX, 0.0) + max(x - view.width_px + EDGE_PX, 0.0)
        down = min(y - EDGE_PX, 0.0) + max(y - view.height_px + EDGE_PX, 0.0)
        if across or down:
            canvas.move_to(view.middle[0] + across * view.m_per_px, view.middle[1] - down * view.m_per_px)

    def _set(self, canvas: MapCanvas, keys: Qt.KeyboardModifier) -> None:
        """Identify here, or another point; Enter on the last point ends the line."""
        assert self.place is not None
        if canvas.tool is Tool.IDENTIFY:
            canvas.identify(QPointF(*canvas.view.to_px(*self.place)))
        elif canvas.tool is Tool.MEASURE:
            if canvas.measure.points and not canvas.measure.closed and self._is_at(canvas.measure.points[-1]):
                canvas.measure.finish()
            else:
                canvas.measure.add(*self.place)
        elif canvas.lasso.points and self._is_at(canvas.lasso.points[-1]):
            canvas.close_lasso(keys)
        else:
            canvas.lasso.add(*self.place)

    def _is_at(self, point: tuple[float, float]) -> bool:
        return self.place is not None and math.dist(point, self.place) == 0.0

    @staticmethod
    def _drawing(canvas: MapCanvas) -> bool:
        return bool(canvas.measure.points or canvas.lasso.points)
