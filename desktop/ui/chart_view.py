"""The chart view: a picture of the paper's charts drawn for the screen, with values where mouse or keys point."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape

from PySide6.QtCore import QByteArray, QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.ui import theme
from desktop.ui.painting import guarded
from reports.svg import recoloured

PX_PER_MM = 4.8  # the small print of paper becomes that of the window
MARGIN = 12
LEAST = QSize(260, 120)
PRINT_SCALE = 3.0  # of pictures for documents
MARK = re.compile(
    r'<rect x="([\d.-]+)" y="([\d.-]+)" width="([\d.-]+)" height="([\d.-]+)" fill="none" pointer-events="all">'
    r"<title>([^<]*)</title></rect>"
)
WORDS = re.compile(
    r'<text x="([\d.-]+)" y="([\d.-]+)" font-family="[^"]*" font-size="([\d.]+)" text-anchor="(\w+)" '
    r'fill="([^"]+)"(?: stroke="([^"]+)" stroke-width="[\d.]+")?>([^<]*)</text>'
)
HALO_PX = 3.0
SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')

Picture = Callable[[float, float], str]


@dataclass(frozen=True)
class Words:
    """Words of a chart in the letters of the window, sharper than those of a drawing."""

    place: QPointF
    pixels: int
    anchor: str
    ink: str
    halo: str
    said: str

    @classmethod
    def of(cls, found: re.Match[str]) -> Words:
        """The words of an element of text."""
        place = QPointF(MARGIN + float(found[1]) * PX_PER_MM, MARGIN + float(found[2]) * PX_PER_MM)
        pixels = max(10, round(float(found[3]) * PX_PER_MM))
        return cls(place, pixels, found[4], found[5], found[6] or "", unescape(found[7]))

    def paint(self, painter: QPainter) -> None:
        """Draw them, or the ground that keeps them apart from lines."""
        font = theme.body_font(self.pixels)
        painter.setFont(font)
        wide = painter.fontMetrics().horizontalAdvance(self.said)
        place = self.place - QPointF({"end": wide, "middle": wide / 2}.get(self.anchor, 0.0), 0.0)
        if self.halo:
            outline = QPainterPath()
            outline.addText(place, font, self.said)
            painter.strokePath(outline, QPen(QColor(self.halo), HALO_PX))
        else:
            painter.setPen(QColor(self.ink))
            painter.drawText(place, self.said)


class ChartView(QWidget):
    """Draws one chart as large as there is room; the arrow keys go from value to value."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(LEAST)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._picture: Picture | None = None
        self._renderer = QSvgRenderer(self)
        self._size_mm = (1.0, 1.0)
        self._room = QSize()
        self.marks: list[tuple[QRectF, str]] = []
        self._words: list[Words] = []
        self.current = -1
        self.svg = ""

    def show_picture(self, picture: Picture | None, title: str) -> None:
        """Show another chart, or none."""
        self._picture, self.current = picture, -1
        self.setAccessibleName(title)
        self.setAccessibleDescription("")
        self.draw()

    def fit(self, room: QSize) -> None:
        """Say how much room there is; a chart of many rows may become higher."""
        self._room = room
        self.draw()

    def draw(self) -> None:
        """Draw the chart anew for the size and colours of the moment."""
        self.svg, self.marks, self._words = "", [], []
        if self._picture is not None:
            room = self._room if self._room.isValid() else self.size()
            width = max(room.width(), LEAST.width()) - 2 * MARGIN
            height = max(room.height(), LEAST.height()) - 2 * MARGIN
            self.svg = self._picture(width / PX_PER_MM, height / PX_PER_MM)
            found = SIZE.search(self.svg)
            if found is None:
                raise ValueError("a chart has no size")
            self._size_mm = (float(found[1]), float(found[2]))
            self.marks = [
                (QRectF(*(float(mark[n]) for n in range(1, 5))), unescape(mark[5]))
                for mark in MARK.finditer(self.svg)
            ]
            shown = recoloured(self.svg, theme.tokens())
            self._words = [Words.of(found) for found in WORDS.finditer(shown)]
            self._renderer.load(QByteArray(WORDS.sub("", shown).encode("utf-8")))
            self.setMinimumHeight(max(LEAST.height(), round(self._size_mm[1] * PX_PER_MM) + 2 * MARGIN))
        self.current = min(self.current, len(self.marks) - 1)
        self.update()

    def image(self) -> QImage:
        """The chart for a document: light, on white, fine enough to print."""
        scale = PX_PER_MM * PRINT_SCALE
        made = QImage(
            round(self._size_mm[0] * scale), round(self._size_mm[1] * scale), QImage.Format.Format_RGB32
        )
        made.fill(QColor("#ffffff"))
        with QPainter(made) as painter:
            QSvgRenderer(QByteArray(WORDS.sub("", self.svg).encode("utf-8"))).render(painter)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.scale(PRINT_SCALE, PRINT_SCALE)
            painter.translate(-MARGIN, -MARGIN)
            for found in WORDS.finditer(self.svg):
                Words.of(found).paint(painter)
        return made

    # ---- events

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture, and a frame about the value pointed at."""
        if not self.svg:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            width, height = (value * PX_PER_MM for value in self._size_mm)
            if 0 <= self.current < len(self.marks):
                wash = QColor(theme.tokens()["accent"])
                painter.setPen(QPen(wash, 1) if self.hasFocus() else Qt.PenStyle.NoPen)
                wash.setAlpha(26)
                painter.setBrush(wash)
                painter.drawRoundedRect(self._on_screen(self.marks[self.current][0]), 3, 3)
            self._renderer.render(painter, QRectF(MARGIN, MARGIN, width, height))
            for words in self._words:
                words.paint(painter)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words keep their size; the chart is drawn anew for the room there is."""
        super().resizeEvent(event)
        if not self._room.isValid():
            self.draw()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say the value under the mouse."""
        self._point_at(self._mark_at(event.position()), event.globalPosition().toPoint())

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is pointed at."""
        self._point_at(-1, QPoint())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The frame about a value goes with the keys."""
        super().focusOutEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys, Home and End go from value to value; Esc lets go."""
        key, last = Qt.Key(event.key()), len(self.marks) - 1
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}
        if key in steps and self.marks:
            wanted = min(max(self.current + steps[key], 0), last)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and self.marks:
            wanted = 0 if key == Qt.Key.Key_Home else last
        elif key == Qt.Key.Key_Escape and self.current >= 0:
            wanted = -1
        else:
            super().keyPressEvent(event)
            return
        place = self._on_screen(self.marks[wanted][0]).center().toPoint() if wanted >= 0 else QPoint()
        self._point_at(wanted, self.mapToGlobal(place))

    # ---- inside

    def _on_screen(self, box: QRectF) -> QRectF:
        return QRectF(
            MARGIN + box.x() * PX_PER_MM,
            MARGIN + box.y() * PX_PER_MM,
            box.width() * PX_PER_MM,
            box.height() * PX_PER_MM,
        )

    def _mark_at(self, place: QPointF) -> int:
        hits = [n for n, (box, _) in enumerate(self.marks) if self._on_screen(box).contains(place)]
        return hits[-1] if hits else -1

    def _point_at(self, number: int, place: QPoint) -> None:
        words = self.marks[number][1] if number >= 0 else ""
        if number != self.current:
            self.current = number
            self.setAccessibleDescription(words.replace("\n", ", "))
            self.update()
        if words:
            QToolTip.showText(place, words, self)
        else:
            QToolTip.hideText()
