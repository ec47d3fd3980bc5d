"""The tour: a few words beside each part of the window, one after another; it can be left at any time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QWidget

from core.texts import text
from desktop.ui import theme
from desktop.ui.card_parts import across, button, down, label
from desktop.ui.painting import guarded

if TYPE_CHECKING:
    from desktop.ui.start_page import StartPage
    from desktop.ui.workbench import Workbench

WIDTH = 330
GAP = 14
ROUND_PX = 8.0
SHADE = 110  # of 255: how much the rest of the window steps back


@dataclass(frozen=True)
class Stop:
    """A part of the window and what is said of it."""

    widget: QWidget
    title: str
    words: str


class Tour(QWidget):
    """Lies over the window and shows one stop after another.

    Parameters
    ----------
    window : QWidget
        What it lies over.
    stops : sequence of Stop
        Stops whose widget is not to be seen are left out.
    """

    def __init__(self, window: QWidget, stops: Sequence[Stop]) -> None:
        super().__init__(window)
        self._stops = [one for one in stops if one.widget.isVisible()]
        self._place = 0
        self.setAccessibleName(text("Tour of the window"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.bubble = QFrame(self)
        self.bubble.setProperty("part", "floating")
        self.bubble.setFixedWidth(WIDTH)
        self.title, self.words = label("", "strong", wraps=True), label("", wraps=True)
        self._count = label("", "small")
        self.skip = button(text("Skip the tour"), "link", self.end)
        self.back = button(text("Back"), "plain", lambda: self.go_to(self._place - 1))
        self.next = button(text("Next"), "main", lambda: self.go_to(self._place + 1))
        column = down(self.bubble, margins=(16, 14, 16, 14), spacing=8)
        column.addWidget(self.title)
        column.addWidget(self.words)
        column.addLayout(across(self._count, self.skip, None, self.back, self.next, spacing=10))
        window.installEventFilter(self)
        if not self._stops:
            self.end()
            return
        self.setGeometry(window.rect())
        self.show()
        self.raise_()
        self.go_to(0)

    @property
    def stop(self) -> Stop:
        """The stop that is shown."""
        return self._stops[self._place]

    def go_to(self, place: int) -> None:
        """Show a stop; past the last one the tour ends."""
        if place >= len(self._stops):
            self.end()
            return
        self._place = max(0, place)
        self.title.setText(self.stop.title)
        self.words.setText(self.stop.words)
        self._count.setText(f"{self._place + 1} / {len(self._stops)}")
        self.back.setEnabled(self._place > 0)
        last = self._place + 1 == len(self._stops)
        self.next.setText(text("Begin work") if last else text("Next"))
        self.next.setAccessibleName(self.next.text())
        self.setAccessibleDescription(f"{self.stop.title}. {self.stop.words}")
        self._lay_out()
        self.next.setFocus()

    def end(self) -> None:
        """Take the tour away."""
        self.hide()
        self.deleteLater()

    @property
    def _spot(self) -> QRect:
        widget = self.stop.widget
        corner = self.mapFromGlobal(widget.mapToGlobal(QPoint(0, 0)))
        return QRect(corner, widget.size()).intersected(self.rect())

    def _lay_out(self) -> None:
        """Put the words beside the part, wherever there is most room."""
        layout = self.bubble.layout()
        height = layout.totalHeightForWidth(WIDTH) if layout is not None else 0
        self.bubble.setFixedHeight(max(120, height))
        size, spot = self.bubble.size(), self._spot
        rooms = {
            "right": self.width() - spot.right() - size.width() - GAP,
            "left": spot.left() - size.width() - GAP,
            "below": self.height() - spot.bottom() - size.height() - GAP,
            "above": spot.top() - size.height() - GAP,
        }
        side = max(rooms, key=lambda name: rooms[name])
        x = spot.center().x() - size.width() // 2
        y = spot.top() + GAP
        if rooms[side] < 0:  # as large as the window: within it
            y = spot.center().y() - size.height() // 2
        elif side == "right":
            x = spot.right() + GAP
        elif side == "left":
            x = spot.left() - size.width() - GAP
        elif side == "below":
            y = spot.bottom() + GAP
        else:
            y = spot.top() - size.height() - GAP
        x = min(max(GAP, x), self.width() - size.width() - GAP)
        y = min(max(GAP, y), self.height() - size.height() - GAP)
        self.bubble.move(x, y)
        self.update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Let the rest of the window step back, with a line round the part."""
        spot = QRectF(self._spot.adjusted(2, 2, -2, -2))
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            whole, hole = QPainterPath(), QPainterPath()
            whole.addRect(QRectF(self.rect()))
            hole.addRoundedRect(spot, ROUND_PX, ROUND_PX)
            painter.fillPath(whole.subtracted(hole), QColor(0, 0, 0, SHADE))
            painter.setPen(QPen(QColor(theme.tokens()["accent"]), 2))
            painter.drawPath(hole)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves; arrows go on and back."""
        if event.key() == Qt.Key.Key_Escape:
            self.end()
        elif event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.go_to(self._place + 1)
        elif event.key() == Qt.Key.Key_Left:
            self.go_to(self._place - 1)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the words does nothing to what lies below."""
        event.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the window."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget) and self.isVisible():
            self.setGeometry(watched.rect())
            self._lay_out()
        return False


def bench_stops(bench: Workbench) -> list[Stop]:
    """The stops over an open project."""
    header = bench.header
    return [
        Stop(
            header.frame,
            text("Five steps"),
            text(
                "Data, demand, potential, plan, results. A green dot is done, amber is out of date, grey is open."
            ),
        ),
        Stop(
            bench.next,
            text("What to do next"),
            text("One sentence for the step in front, and the button that goes on."),
        ),
        Stop(
            bench.left,
            text("What belongs to the step"),
            text("Data and its problems, layers and their legend, targets, and files that were written."),
        ),
        Stop(
            bench.map,
            text("The map"),
            text("Turn the wheel to zoom, hold Space to move. Click a building or parcel to select it."),
        ),
        Stop(
            bench.card,
            text("The card"),
            text(
                "Everything about what is selected: grade, amount and reason. Any number leads to its source."
            ),
        ),
        Stop(
            header.search,
            text("Search"),
            text("Parcels, places, coordinates and commands. Ctrl+K goes there from anywhere."),
        ),
        Stop(
            header.more,
            text("Menu and help"),
            text("All commands with their keys. F1 opens the manual at the page of what is in front."),
        ),
    ]


def start_stops(page: StartPage) -> list[Stop]:
    """The stops over the start page."""
    words = {
        text("Sample city"): text("A whole city with results to try everything on; it takes a few minutes."),
        text("New project…"): text("Leads from the place and your files to a checked city, page by page."),
        text("Open project…"): text("A project is a folder; it can be copied and sent as a whole."),
    }
    return [Stop(page.ways[name], name, said) for name, said in words.items() if name in page.ways]
