"""The search box: parcels, buildings, coordinates and commands by a few letters."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget
from shiboken6 import isValid

from core.texts import text
from desktop.searching import Found, search
from desktop.ui import theme
from desktop.ui.workspace import Workspace

PAUSE_MS = 120
MOST_COMMANDS = 4
DATA = Qt.ItemDataRole.UserRole


class SearchBox(QLineEdit):
    """A line to search in.

    Signals
    -------
    found(Found)
        The user chose a row or a place.
    """

    found = Signal(object)

    def __init__(self, workspace: Workspace, actions: Callable[[], Mapping[str, QAction]]) -> None:
        super().__init__()
        self.workspace = workspace
        self._actions = actions
        self.setProperty("part", "search")
        self.setPlaceholderText(f"{text('Parcel, building, place')}  Ctrl+K")
        self.setAccessibleName(text("Search"))
        self.setClearButtonEnabled(True)
        self.addAction(theme.icon("ph.magnifying-glass", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self.list = QListWidget()
        self.list.setProperty("part", "found")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setAccessibleName(text("Found"))
        self.list.itemClicked.connect(self._choose)
        self.list.hide()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._search)
        self.textEdited.connect(lambda _: self._pause.start())
        self._words = ""
        workspace.opened.connect(self._forget)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down in the list, Enter takes, Esc leaves."""
        row = self.list.currentRow()
        if event.key() == Qt.Key.Key_Down and self.list.isVisible():
            self.list.setCurrentRow(min(row + 1, self.list.count() - 1))
        elif event.key() == Qt.Key.Key_Up and self.list.isVisible():
            self.list.setCurrentRow(max(row - 1, 0))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._pause.stop()
            self._enter()
        elif event.key() == Qt.Key.Key_Escape:
            self._forget()
            self.clearFocus()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leave: the list closes."""
        super().focusOutEvent(event)
        QTimer.singleShot(150, self.list.hide)

    def _forget(self) -> None:
        """Empty: nothing is searched, and what was is not shown any more."""
        self._pause.stop()
        self.list.hide()
        self.clear()
        self.workspace.later.ask("search", lambda: [], lambda _: None)

    def _search(self) -> None:
        self._ask(lambda found: None)

    def _enter(self) -> None:
        """Take what is chosen; where the list is not there yet, the first when it comes."""
        item = self.list.currentItem()
        if self.list.isVisible() and item is not None and self._words == self.text():
            self._choose(item)
        else:
            self._ask(lambda found: self._choose(self.list.item(0)) if self.list.count() else None)

    def _ask(self, then: Callable[[list[Found]], None]) -> None:
        city, words = self.workspace.city, self.text()

        def take(found: list[Found]) -> None:
            self._words = words
            self._fill(found, words)
            then(found)

        self.workspace.later.ask("search", lambda: search(city, words) if city is not None else [], take)

    def _fill(self, found: list[Found], words: str) -> None:
        self.list.clear()
        for one in found:
            item = QListWidgetItem(f"{one.words}\n{one.small}")
            item.setData(DATA, one)
            self.list.addItem(item)
        wanted = words.strip().lower()
        commands = [
            (name, action)
            for name, action in self._actions().items()
            if isValid(action) and wanted and wanted in action.text().lower() and action.isEnabled()
        ]  # while the window is made anew in another language, actions go before new ones are there
        for name, action in commands[:MOST_COMMANDS]:
            item = QListWidgetItem(f"{action.text()}\n{text('Command')}")
            item.setIcon(action.icon())
            item.setData(DATA, name)  # not the action, which may be gone when it is chosen
            self.list.addItem(item)
        if not self.list.count() and wanted:
            item = QListWidgetItem(text("Nothing found"))
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(item)
        self._place()

    def _place(self) -> None:
        window = self.window()
        if not self.list.count() or not isinstance(window, QWidget):
            self.list.hide()
            return
        self.list.setParent(window)
        self.list.setCurrentRow(0)
        rows = sum(self.list.sizeHintForRow(number) for number in range(min(self.list.count(), 9)))
        width = max(self.width(), 340)
        corner = self.mapTo(window, QPoint(self.width() - width, self.height() + 4))
        self.list.setGeometry(corner.x(), corner.y(), width, rows + 14)
        self.list.show()
        self.list.raise_()

    def _choose(self, item: QListWidgetItem | None) -> None:
        chosen = item.data(DATA) if item is not None else None
        if chosen is None:
            return
        self.list.hide()
        if isinstance(chosen, str):
            action = self._actions().get(chosen)
            self.clear()
            if action is not None and isValid(action):
                action.trigger()
        else:
            self.found.emit(chosen)
