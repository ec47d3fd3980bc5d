"""The paper view: a page as a picture, made larger by wheel, keys and buttons and moved by the hand."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea

from core.texts import text

ZOOMS = (1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 6.0)  # of the page that is seen as a whole
NOTCH = 120  # of the wheel


class PaperView(QScrollArea):
    """Shows a page whole, or part of it larger.

    Signals
    -------
    zoomed()
        The page is shown in another size: a finer picture may be wanted.
    """

    zoomed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.zoom = 0
        self._image = QImage()
        self._held: QPoint | None = None
        self.page = QLabel()
        self.page.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.page.setWordWrap(True)
        self.setAccessibleName(name)
        self.setAccessibleDescription(text("Plus and minus make the page larger and smaller."))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setMinimumSize(320, 240)
        self.setWidget(self.page)

    @property
    def image(self) -> QImage:
        """The picture of the page; empty where words stand in its place."""
        return self._image

    def show_image(self, image: QImage) -> None:
        """Show the picture of a page."""
        self._image = image
        self._fit()

    def show_words(self, words: str) -> None:
        """Show words in place of a page."""
        self._image = QImage()
        self.page.setPixmap(QPixmap())
        self.page.setText(words)
        self.page.resize(self.viewport().size())

    def room_px(self) -> QSize:
        """The room that the whole page has at this zoom, in pixels of the screen."""
        whole = self.maximumViewportSize() * ZOOMS[self.zoom]
        return QSize(round(whole.width() * self._ratio), round(whole.height() * self._ratio))

    def magnify(self, steps: int, about: QPointF | None = None) -> None:
        """Show the page larger or smaller by some steps; what is at a place (else in the middle) stays there."""
        zoom = min(max(self.zoom + steps, 0), len(ZOOMS) - 1)
        if zoom == self.zoom or self._image.isNull():
            return
        place = about if about is not None else QPointF(self.viewport().rect().center())
        on_page = QPointF(self.page.mapFrom(self.viewport(), place.toPoint()))
        before = self.page.width()
        self.zoom = zoom
        self._fit()
        moved = on_page * (self.page.width() / max(before, 1)) - place
        self.horizontalScrollBar().setValue(round(moved.x()))
        self.verticalScrollBar().setValue(round(moved.y()))
        self.zoomed.emit()

    @property
    def _ratio(self) -> float:
        return self.devicePixelRatioF()

    def _fit(self) -> None:
        """The picture as large as its room allows, sharp on fine screens."""
        if self._image.isNull():
            return
        shown = QPixmap.fromImage(self._image).scaled(
            self.room_px(), Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        shown.setDevicePixelRatio(self._ratio)
        self.page.setPixmap(shown)
        self.page.resize(shown.deviceIndependentSize().toSize())
        larger = self.zoom > 0
        self.viewport().setCursor(Qt.CursorShape.OpenHandCursor if larger else Qt.CursorShape.ArrowCursor)

    # ---- events

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The page, or the words in its place, follow the room."""
        super().resizeEvent(event)
        if self._image.isNull():
            self.page.resize(self.viewport().size())
        else:
            self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Larger or smaller at the cursor."""
        steps = event.angleDelta().y()
        self.magnify(round(steps / NOTCH) or (1 if steps > 0 else -1 if steps < 0 else 0), event.position())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Plus and minus; arrows scroll."""
        steps = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1}.get(Qt.Key(event.key()), 0)
        if steps:
            self.magnify(steps)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the page into the hand."""
        self._held = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the page."""
        if self._held is None:
            return
        step, self._held = event.position().toPoint() - self._held, event.position().toPoint()
        for bar, by in ((self.horizontalScrollBar(), step.x()), (self.verticalScrollBar(), step.y())):
            bar.setValue(bar.value() - by)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._held = None
