"""The pair of maps: two canvases that move and select as one, side by side or one over the other with a bar to drag."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QRegion, QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from cartography.layers import StyledLayer
from core.texts import text
from core.units import percent
from desktop.compare_map import PARCEL
from desktop.ui import theme
from desktop.ui.card_parts import chip
from desktop.ui.map_canvas import MapCanvas
from desktop.ui.map_tools import Tool
from desktop.ui.painting import guarded

GAP, BAR_PX, GRIP = 4, 16, (6, 34)
MARGIN = 12
STEP, LARGE_STEP = 0.02, 0.1


class Mode(StrEnum):
    """How two scenarios are shown."""

    SIDE = "side"
    SWIPE = "swipe"
    DIFFERENCE = "difference"


class SwipeBar(QWidget):
    """The bar between two maps: dragged, or moved by arrow keys, Page Up and Down, Home and End.

    Signals
    -------
    moved(float)
        Its share of the width, 0 to 1.
    """

    moved = Signal(float)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.share = 0.5
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(text("Bar between the two scenarios"))
        self.setToolTip(text("Drag, or press the arrow keys"))
        self.set_share(0.5)

    def set_share(self, share: float) -> None:
        """Stand somewhere else."""
        self.share = min(max(share, 0.0), 1.0)
        self.setAccessibleDescription(percent(self.share, 2))
        self.moved.emit(self.share)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the mouse while it is pressed."""
        parent = self.parentWidget()
        if event.buttons() & Qt.MouseButton.LeftButton and parent is not None and parent.width():
            self.set_share(self.mapToParent(event.position().toPoint()).x() / parent.width())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by keys."""
        steps = {
            Qt.Key.Key_Left: self.share - STEP,
            Qt.Key.Key_Right: self.share + STEP,
            Qt.Key.Key_PageUp: self.share - LARGE_STEP,
            Qt.Key.Key_PageDown: self.share + LARGE_STEP,
            Qt.Key.Key_Home: 0.0,
            Qt.Key.Key_End: 1.0,
        }
        key = Qt.Key(event.key())
        if key in steps:
            self.set_share(steps[key])
        else:
            super().keyPressEvent(event)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """A line with a grip in its middle."""
        colours = theme.tokens()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            middle = self.width() // 2
            painter.setPen(QPen(QColor("#ffffff"), 4))
            painter.drawLine(middle, 0, middle, self.height())
            painter.setPen(QPen(QColor(colours["accent"]), 2))
            painter.drawLine(middle, 0, middle, self.height())
            grip = QRect(middle - GRIP[0], self.height() // 2 - GRIP[1] // 2, 2 * GRIP[0], GRIP[1])
            painter.setPen(QPen(QColor(colours["ink" if self.hasFocus() else "accent"]), 2))
            painter.setBrush(QColor(colours["panel"]))
            painter.drawRoundedRect(grip, GRIP[0], GRIP[0])


class PairMap(QWidget):
    """Two linked canvases.

    Signals
    -------
    picked(int)
        The row of the parcel that was clicked; -1 for open ground.
    hovered(int)
        The row of the parcel under the mouse; -1 for open ground.
    """

    picked = Signal(int)
    hovered = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.mode = Mode.SIDE
        self.first, self.second = MapCanvas(self), MapCanvas(self)
        self.bar = SwipeBar(self)
        self.names = (chip("", "accent"), chip("", "accent"))
        for name in self.names:
            name.setParent(self)
        self._moving = False
        self._sets: tuple[Sequence[StyledLayer], ...] = ((), (), ())
        self.second.lower()
        self.bar.moved.connect(self._arrange)
        for canvas in (self.first, self.second):
            canvas.set_tool(Tool.PAN)
            canvas.active_layer = PARCEL
            canvas.view_changed.connect(lambda canvas=canvas: self._follow(canvas))
            canvas.identified.connect(self._clicked)
            canvas.hovered.connect(self._hover)

    @property
    def canvases(self) -> tuple[MapCanvas, ...]:
        """The canvases in sight."""
        return (self.first,) if self.mode is Mode.DIFFERENCE else (self.first, self.second)

    @property
    def settled(self) -> bool:
        """Whether everything in sight is drawn."""
        return all(canvas.settled for canvas in self.canvases)

    def set_names(self, first: str, second: str, difference: str) -> None:
        """Say which scenario is which."""
        self._words = (first, second, difference)
        self._say()

    def set_layers(
        self,
        first: Sequence[StyledLayer],
        second: Sequence[StyledLayer],
        difference: Sequence[StyledLayer],
    ) -> None:
        """Show the layers of both scenarios and of what differs, each where its mode has it."""
        self._sets = (first, second, difference)
        self._fill()

    def set_mode(self, mode: Mode) -> None:
        """Show side by side, one over the other, or what differs."""
        self.mode = mode
        self.second.setVisible(mode is not Mode.DIFFERENCE)
        self.bar.setVisible(mode is Mode.SWIPE)
        self._fill()
        self._say()
        self._arrange()

    def select(self, mask: np.ndarray | None) -> None:
        """Outline the selected parcels in both maps."""
        for canvas in (self.first, self.second):
            if any(layer.name == PARCEL for layer in canvas.layers):
                canvas.set_selection(PARCEL, mask)

    def zoom_to_parcels(self, rows: Sequence[int]) -> None:
        """Show some parcels in both maps."""
        self.first.zoom_to_features(PARCEL, rows)

    def let_go(self) -> None:
        """End the threads that draw."""
        for canvas in (self.first, self.second):
            canvas.close()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room anew."""
        self._arrange()

    def _fill(self) -> None:
        first, second, difference = self._sets
        shown = difference if self.mode is Mode.DIFFERENCE else first
        if shown:
            self.first.set_layers(shown)
        if second and self.mode is not Mode.DIFFERENCE:
            self.second.set_layers(second)

    def _say(self) -> None:
        words = getattr(self, "_words", ("", "", ""))
        shown = (words[2], "") if self.mode is Mode.DIFFERENCE else words[:2]
        for name, said in zip(self.names, shown, strict=True):
            name.setText(said)
            name.setVisible(bool(said))
            name.adjustSize()
        self.first.setAccessibleName(text("Map: {title}", title=shown[0]))
        self.second.setAccessibleName(text("Map: {title}", title=words[1]))

    def _arrange(self, _: float = 0.0) -> None:
        """Put canvases, bar and names where the mode has them."""
        wide, high = self.width(), self.height()
        if self.mode is Mode.SIDE:
            half = (wide - GAP) // 2
            self.first.clearMask()
            self.first.setGeometry(0, 0, half, high)
            self.second.setGeometry(wide - half, 0, half, high)
            edge = half + GAP
        else:
            self.first.setGeometry(0, 0, wide, high)
            self.second.setGeometry(0, 0, wide, high)
            edge = round(self.bar.share * wide)
            if self.mode is Mode.SWIPE:
                self.first.setMask(QRegion(0, 0, max(edge, 1), high))
            else:
                self.first.clearMask()
        self.bar.setGeometry(edge - BAR_PX // 2, 0, BAR_PX, high)
        self._place(self.names[0], max(MARGIN, min(MARGIN, edge - self.names[0].width() - MARGIN)))
        self._place(self.names[1], min(edge + MARGIN, wide - self.names[1].width() - MARGIN - 44))
        self.bar.raise_()

    def _place(self, name: QLabel, left: int) -> None:
        name.move(left, MARGIN)
        name.raise_()

    def _follow(self, canvas: MapCanvas) -> None:
        """The other canvas shows the same middle at the same scale."""
        if self._moving:
            return
        self._moving = True
        try:
            other = self.second if canvas is self.first else self.first
            view = canvas.view
            other.set_scale(view.m_per_px)
            other.move_to(*view.middle)
        finally:
            self._moving = False

    def _clicked(self, found: list[tuple[str, int]]) -> None:
        self.picked.emit(next((row for name, row in found if name == PARCEL), -1))

    def _hover(self, name: str, row: int) -> None:
        self.hovered.emit(row if name == PARCEL else -1)
