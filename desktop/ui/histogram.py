"""The histogram of the active layer: bars in the colours of the classes, with breaks that can be dragged."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from cartography.classes import Classes, Histogram, histogram
from core.texts import text
from core.units import figure, quantity
from desktop.ui import theme
from desktop.ui.painting import guarded

HEIGHT, FOOT, TOP, HANDLE = 118, 30, 6, 4.0
REACH_PX = 7.0


class HistogramView(QWidget):
    """How the values of a layer are spread, and where its classes begin.

    Signals
    -------
    breaks_changed(tuple)
        The user moved a break: all breaks, ascending.
    """

    breaks_changed = Signal(tuple)

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(HEIGHT)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._spread: Histogram | None = None
        self._classes: Classes | None = None
        self._values: NDArray[Any] | None = None
        self._passing: NDArray[np.bool_] | None = None
        self._breaks: list[float] = []
        self._dragged: int | None = None
        self._focused = 0
        self._unit = ""

    def show_values(
        self, values: NDArray[Any], classes: Classes, unit: str, passing: NDArray[np.bool_] | None = None
    ) -> None:
        """Show other values, or the same in other classes; of a filtered layer those that pass, in the bars of all."""
        if values is not self._values or passing is not self._passing:
            self._values, self._passing = values, passing
            self._spread = histogram(values, shown=passing)
        self._classes, self._unit = classes, unit
        self._breaks = [float(one) for one in classes.breaks]
        self._dragged = None
        said = ", ".join(quantity(one, unit) for one in self._breaks)
        self.setAccessibleName(text("Histogram with breaks at {breaks}", breaks=said))
        self.setToolTip(text("Drag the breaks, or move them with the arrow keys"))
        self.update()

    # ---- places

    def _x(self, value: float) -> float:
        edges = self._edges()
        return 4 + float((value - edges[0]) / (edges[-1] - edges[0])) * (self.width() - 8)

    def _value(self, x: float) -> float:
        edges = self._edges()
        return float(edges[0] + (x - 4) / max(1, self.width() - 8) * (edges[-1] - edges[0]))

    def _edges(self) -> NDArray[np.float64]:
        return self._spread.edges if self._spread is not None else np.array([0.0, 1.0])

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw bars, breaks and the ends of the range."""
        if self._spread is None or self._classes is None:
            return
        colours = theme.tokens()
        most = max(1, int(self._spread.counts.max()))
        foot = HEIGHT - FOOT
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            edges = self._edges()
            painter.setPen(Qt.PenStyle.NoPen)
            for number, tall in enumerate(self._spread.counts):
                left, right = self._x(float(edges[number])), self._x(float(edges[number + 1]))
                height = (foot - TOP) * float(tall) / most
                middle = float(edges[number] + edges[number + 1]) / 2
                painter.setBrush(QColor(self._colour(middle)))
                painter.drawRect(QRectF(left + 0.5, foot - height, max(1.0, right - left - 1), height))
            painter.setPen(QPen(QColor(colours["line"]).darker(110), 1))
            painter.drawLine(QPointF(4, foot + 0.5), QPointF(self.width() - 4, foot + 0.5))
            for number, value in enumerate(self._breaks):
                self._paint_break(painter, number, self._x(value), foot)
            painter.setFont(theme.body_font(11))
            painter.setPen(QColor(colours["muted"]))
            words = QRectF(4, HEIGHT - 16, self.width() - 8, 16)
            for value, where in (
                (float(edges[0]), Qt.AlignmentFlag.AlignLeft),
                (float(edges[0] + edges[-1]) / 2, Qt.AlignmentFlag.AlignHCenter),
                (float(edges[-1]), Qt.AlignmentFlag.AlignRight),
            ):
                painter.drawText(words, where, figure(value))

    def _paint_break(self, painter: QPainter, number: int, x: float, foot: int) -> None:
        colours = theme.tokens()
        near = number == self._dragged or (self.hasFocus() and number == self._focused)
        ink = QColor(colours["accent" if near else "ink"])
        painter.setPen(QPen(ink, 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(x, TOP - 4), QPointF(x, foot))
        painter.setPen(QPen(ink, 1.4))
        painter.setBrush(QColor(colours["panel"]))
        painter.drawEllipse(QPointF(x, foot + 6), HANDLE, HANDLE)

    def _colour(self, value: float) -> str:
        assert self._classes is not None
        number = int(np.searchsorted(np.asarray(self._breaks), value, side="left"))
        return self._classes.colours[min(number, len(self._classes.colours) - 1)]

    # ---- dragging

    def _nearest(self, x: float) -> int | None:
        if not self._breaks:
            return None
        gaps = [abs(self._x(value) - x) for value in self._breaks]
        best = int(np.argmin(gaps))
        return best if gaps[best] <= REACH_PX else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take a break."""
        self._dragged = self._nearest(event.position().x())
        if self._dragged is not None:
            self._focused = self._dragged

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the break between its neighbours."""
        if self._dragged is None:
            near = self._nearest(event.position().x()) is not None
            self.setCursor(Qt.CursorShape.SizeHorCursor if near else Qt.CursorShape.ArrowCursor)
            return
        self._put(self._dragged, self._value(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Classes follow when the break is let go."""
        if self._dragged is not None:
            self._dragged = None
            self.breaks_changed.emit(tuple(self._breaks))
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right move a break, up and down choose another."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        turn = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        if self._breaks and step:
            edges = self._edges()
            self._put(self._focused, self._breaks[self._focused] + step * float(edges[-1] - edges[0]) / 100)
            self.breaks_changed.emit(tuple(self._breaks))
        elif self._breaks and turn:
            self._focused = (self._focused + turn) % len(self._breaks)
            self.update()
        else:
            super().keyPressEvent(event)

    def _put(self, number: int, value: float) -> None:
        edges = self._edges()
        step = float(edges[-1] - edges[0]) / 500
        low = self._breaks[number - 1] + step if number else float(edges[0])
        high = self._breaks[number + 1] - step if number + 1 < len(self._breaks) else float(edges[-1])
        self._breaks[number] = float(f"{min(max(value, low), high):.4g}")
        self.update()
