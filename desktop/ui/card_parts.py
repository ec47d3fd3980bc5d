"""Parts of cards: titles, chips, rows of results and facts, and the chart of the year."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLayoutItem,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from core.texts import text
from core.units import figure, scale
from desktop.ui import theme
from desktop.ui.painting import guarded
from desktop.ui.text_label import TextLabel

ICON_PX = 18


def label(words: str, part: str = "", *, wraps: bool = False, tone: str = "") -> QLabel:
    """A text of a card; `part` and `tone` are what the style sheet knows it by."""
    made = TextLabel(words)
    if part:
        made.setProperty("part", part)
    if tone:
        made.setProperty("tone", tone)
    if wraps:
        made.setWordWrap(True)
        policy = made.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
        policy.setVerticalPolicy(QSizePolicy.Policy.MinimumExpanding)
        policy.setHeightForWidth(True)
        made.setSizePolicy(policy)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def chip(words: str, tone: str = "", hint: str = "") -> QLabel:
    """A word on a coloured ground."""
    made = label(words, "chip", tone=tone)
    made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    if hint:
        made.setToolTip(hint)
    return made


def picture(name: str, token: str = "ink", size: int = ICON_PX) -> QLabel:
    """An icon that is not to be pressed."""
    made = QLabel()
    made.setPixmap(theme.icon(name, token).pixmap(QSize(size, size)))
    made.setFixedSize(size, size)
    return made


def hairline() -> QFrame:
    """A thin line across."""
    made = QFrame()
    made.setProperty("part", "hairline")
    return made


def button(
    words: str, part: str, pressed: Callable[[], None] | None = None, *, hint: str = ""
) -> QPushButton:
    """A button; `part` is main, plain or link."""
    made = QPushButton(words)
    made.setProperty("part", part)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setAccessibleName(words)
    if hint:
        made.setToolTip(hint)
    if pressed is not None:
        made.clicked.connect(lambda: pressed())
    return made


def tool_button(icon: str, hint: str, pressed: Callable[[], None], part: str = "tool") -> QToolButton:
    """A square button with an icon; `part` is what the style sheet knows it by."""
    made = QToolButton()
    made.setProperty("part", part)
    made.setIcon(theme.icon(icon))
    made.setToolTip(hint)
    made.setAccessibleName(hint)
    made.clicked.connect(lambda: pressed())
    return made


def across(*parts: QWidget | None, spacing: int = 6) -> QHBoxLayout:
    """Parts side by side; None is where what follows moves to the right."""
    made = QHBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(spacing)
    for part in parts:
        if part is None:
            made.addStretch(1)
        else:
            made.addWidget(part, 1 if part.sizePolicy().hasHeightForWidth() else 0)
    return made


def down(
    parent: QWidget | None = None, *, margins: tuple[int, int, int, int] = (0, 0, 0, 0), spacing: int = 6
) -> QVBoxLayout:
    """A column."""
    made = QVBoxLayout(parent) if parent is not None else QVBoxLayout()
    made.setContentsMargins(*margins)
    made.setSpacing(spacing)
    return made


def emptied(layout: QLayout) -> None:
    """Take everything out of a layout."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            emptied(inner)
            inner.deleteLater()


class FactRow(QWidget):
    """A fact: what it is to the left, its value to the right, and where it comes from."""

    def __init__(
        self, title: str, value: str, *, chip_of: QLabel | None = None, edit: Callable[[], None] | None = None
    ) -> None:
        super().__init__()
        name = label(title, "small", wraps=True)
        shown = label(value)
        shown.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        parts: list[QWidget | None] = [name, shown]
        if chip_of is not None:
            parts.append(chip_of)
        row = across(*parts, spacing=8)
        row.setContentsMargins(0, 3, 0, 3)
        if edit is not None:
            pencil = button("", "link", edit, hint=text("Correct {title}", title=title))
            pencil.setIcon(theme.icon("ph.pencil-simple", "accent"))
            pencil.setAccessibleName(text("Correct {title}", title=title))
            pencil.setFixedWidth(24)
            row.addWidget(pencil)
        self.setLayout(row)
        self.setAccessibleName(f"{title}: {value}")


class YearChart(QWidget):
    """Twelve bars of the year; the value of a month shows under the mouse."""

    HEIGHT, FOOT, HEAD = 108, 18, 14

    def __init__(self, months: Sequence[float], unit: str) -> None:
        super().__init__()
        factor, self._unit = scale(max(months, default=0.0), unit)
        self._values = [value * factor for value in months]
        self.setFixedHeight(self.HEIGHT)
        self.setAccessibleName(
            text(
                "Months: {values} {unit}",
                values=", ".join(figure(value) for value in self._values),
                unit=self._unit,
            )
        )

    @property
    def unit(self) -> str:
        """The unit of the bars."""
        return self._unit

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bars with their months below and the highest value above."""
        colours = theme.tokens()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(theme.body_font(11))
            for month, bar in enumerate(self._bars()):
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(colours["sun"]))
                painter.drawRoundedRect(bar, 2, 2)
                painter.setPen(QColor(colours["muted"]))
                foot = QRectF(bar.left() - 8, self.HEIGHT - self.FOOT, bar.width() + 16, self.FOOT)
                painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, str(month + 1))
                if self._values and self._values[month] == max(self._values) > 0:
                    top = QRectF(bar.left() - 30, bar.top() - self.HEAD, bar.width() + 60, self.HEAD)
                    painter.drawText(top, Qt.AlignmentFlag.AlignCenter, figure(self._values[month]))

    def event(self, event: QEvent) -> bool:
        """Say the value of the month under the mouse."""
        if isinstance(event, QHelpEvent):
            month = self._month_at(QPointF(event.pos()))
            if month is not None:
                words = text(
                    "Month {month}: {value} {unit}",
                    month=month + 1,
                    value=figure(self._values[month]),
                    unit=self._unit,
                )
                QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    def _bars(self) -> list[QRectF]:
        most = max(self._values, default=0.0) or 1.0
        room = self.HEIGHT - self.FOOT - self.HEAD
        slot = self.width() / max(1, len(self._values))
        bars = []
        for month, value in enumerate(self._values):
            height = max(1.0, room * value / most)
            bars.append(QRectF(month * slot + slot * 0.2, self.HEAD + room - height, slot * 0.6, height))
        return bars

    def _month_at(self, place: QPointF) -> int | None:
        slot = self.width() / max(1, len(self._values))
        month = int(place.x() // slot) if slot else -1
        return month if 0 <= month < len(self._values) else None


class Flow(QLayout):
    """Parts side by side that go on in the next line where there is no room."""

    def __init__(
        self, parent: QWidget, *, margins: tuple[int, int, int, int] = (0, 0, 0, 0), spacing: int = 6
    ) -> None:
        super().__init__(parent)
        self.setContentsMargins(*margins)
        self.setSpacing(spacing)
        self._items: list[QLayoutItem] = []

    def addItem(self, item: QLayoutItem) -> None:
        """Take in a part."""
        self._items.append(item)

    def count(self) -> int:
        """How many parts there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """A part."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Give a part away."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        """More lines where it is narrow."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of all lines."""
        return self._lay_out(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        """Place the parts."""
        super().setGeometry(rect)
        self._lay_out(rect, move=True)

    def sizeHint(self) -> QSize:
        """One line."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """The largest part."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        margins = self.contentsMargins()
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def _lay_out(self, rect: QRect, *, move: bool) -> int:
        margins = self.contentsMargins()
        inner = rect.marginsRemoved(margins)
        x, y, line = inner.x(), inner.y(), 0
        for item in self._items:
            hint = item.sizeHint()
            width = min(hint.width(), inner.width())
            if x + width > inner.right() + 1 and line:
                x, y, line = inner.x(), y + line + self.spacing(), 0
            if move:
                item.setGeometry(QRect(x, y, width, hint.height()))
            x += width + self.spacing()
            line = max(line, hint.height())
        return y + line - rect.y() + margins.bottom()


LETTERS = re.compile(r'<text x="([-\d.]+)" y="([-\d.]+)" (.*?)font-size="([-\d.]+)"')
ENLARGED = 20.0


def _large_letters(picture: str) -> str:
    """A picture whose letters are set large and drawn small: Qt fits letters of two units to pixels, and blurs them."""

    def enlarged(found: re.Match[str]) -> str:
        x, y, between, size = found.groups()
        place = f'transform="translate({x} {y}) scale({1 / ENLARGED})"'
        return f'<text {place} {between}font-size="{float(size) * ENLARGED:.2f}"'

    return LETTERS.sub(enlarged, picture)


class Drawing(QWidget):
    """A chart that is drawn as for paper, on white, as wide as the card and as high as its proportions ask for."""

    def __init__(self, picture: str, title: str) -> None:
        super().__init__()
        self._drawn = QSvgRenderer(_large_letters(picture).encode("utf-8"))
        self.setAccessibleName(title)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        """Qt asks."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height at a width, in the proportions of the picture."""
        size = self._drawn.viewBoxF().size()
        return round(width * size.height() / size.width()) if size.width() > 0 else 0

    def sizeHint(self) -> QSize:
        """As wide as cards are at first."""
        return QSize(300, self.heightForWidth(300))

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture on white, which its colours are made for."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor("#ffffff"))
            self._drawn.render(painter, QRectF(self.rect()))
