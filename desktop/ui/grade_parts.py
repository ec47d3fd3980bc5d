"""Parts of cards that say grades: the chip of one, a result with its grade, and how many have a grade."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from cartography.colours import GRADES
from core.texts import text
from core.units import count
from desktop.ui import theme
from desktop.ui.card_parts import across, chip, down, label, picture
from desktop.ui.painting import guarded
from reports.wording import grade_said, nothing_said


def grade_chip(grade: str) -> QLabel:
    """The chip of a grade, always with its word."""
    return chip(nothing_said() if grade == "none" else grade_said(grade), grade)


class ResultRow(QWidget):
    """One potential: icon, title and grade; amount to the right; the reason below. Pressed, it asks for its map.

    Signals
    -------
    chosen()
        Its map is to be shown; only where `leads` says that there is one.
    """

    chosen = Signal()

    def __init__(
        self, icon: str, title: str, grade: str | None, amount: str, more: str, *, leads: bool = False
    ) -> None:
        super().__init__()
        self._leads = leads
        if leads:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self.setToolTip(text("Click: show on the map; right click: trace this number"))
        rows = down(self, margins=(0, 9, 0, 9), spacing=2)
        chips = [] if grade is None else [grade_chip(grade)]
        rows.addLayout(
            across(picture(icon), label(title, "strong"), *chips, None, label(amount, "strong"), spacing=8)
        )
        if more:
            reason = label(more, "note", wraps=True)
            reason.setAlignment(Qt.AlignmentFlag.AlignRight)
            rows.addWidget(reason)
        said = [title, *(one.text() for one in chips), amount, more]
        self.setAccessibleName(", ".join(word for word in said if word))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the click, so that its end comes here too."""
        event.setAccepted(self._leads)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click asks for the map."""
        left = event.button() == Qt.MouseButton.LeftButton
        if self._leads and left and self.rect().contains(event.position().toPoint()):
            self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """So do Enter and Space."""
        if self._leads and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit()
        else:
            super().keyPressEvent(event)


class GradeRow(QPushButton):
    """A grade with its number, as a bar; pressed, it asks to select what has the grade.

    Signals
    -------
    chosen(str)
        The grade.
    """

    chosen = Signal(str)

    def __init__(self, grade: str, number: int, most: int) -> None:
        super().__init__()
        self.setFlat(True)
        self.setProperty("part", "bar")
        self.setFixedHeight(24)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._grade, self._number, self._share = grade, number, number / max(1, most)
        self.setAccessibleName(f"{grade_said(grade)} {count(number)}")
        self.setToolTip(text("Select on the map"))
        self.clicked.connect(lambda: self.chosen.emit(grade))

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw word, bar and number."""
        colours = theme.tokens()
        words = 128.0
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            middle = self.rect().toRectF()
            painter.setPen(QColor(colours["accent" if self.underMouse() or self.hasFocus() else "ink"]))
            painter.drawText(
                QRectF(0, 0, words, middle.height()), Qt.AlignmentFlag.AlignVCenter, grade_said(self._grade)
            )
            room = middle.width() - words - 52
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(GRADES[self._grade]))
            painter.drawRoundedRect(
                QRectF(words, middle.height() / 2 - 4, max(3.0, room * self._share), 8), 2, 2
            )
            painter.setPen(QColor(colours["ink"]))
            place = QRectF(middle.width() - 50, 0, 50, middle.height())
            painter.drawText(
                place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, count(self._number)
            )
