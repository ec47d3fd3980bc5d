"""The front window: the start page, seen before the program is loaded; what is pressed meanwhile is done then."""

from __future__ import annotations

import gc
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.texts import text
from desktop.session import load_session
from desktop.ui import theme
from desktop.ui.start_page import StartPage, quiet_ways, ways_to_begin
from desktop.ui.window_size import LEAST, SIZE, fitting
from desktop.ui.worker import Tasks

if TYPE_CHECKING:
    from desktop.ui.flows import Flows
    from desktop.ui.main_window import MainWindow

WINDOW = "desktop.ui.main_window"


class FrontWindow(QWidget):
    """What is seen of the program until its window can be made; then it gives way to that.

    `made` is called with the window once it is shown; `window_made` is that window. `trouble` is what kept the program
    from being loaded.

    Signals
    -------
    loaded()
        The thread that loads the program came to its end, well or not.
    """

    loaded = Signal()

    def __init__(self, made: Callable[[MainWindow], None]) -> None:
        super().__init__()
        self._made = made
        self._wish: Callable[[MainWindow], None] | None = None
        self.window_made: MainWindow | None = None
        self.trouble: BaseException | None = None
        self.setObjectName("start")
        self.setWindowTitle(text("Lütu"))
        self.setWindowIcon(theme.icon("ph.leaf", "accent"))
        self.setAcceptDrops(True)
        room = self.screen().availableGeometry().size()
        self.setMinimumSize(fitting(LEAST, room))
        self.resize(fitting(SIZE, room))
        session = load_session()
        if session.geometry:
            self.restoreGeometry(QByteArray.fromBase64(session.geometry.encode()))
        ways = ways_to_begin(
            lambda: self.wish(lambda flows: flows.new_project()),
            lambda: self.wish(lambda flows: flows.open_project()),
            lambda: self.wish(lambda flows: flows.sample_city()),
        )
        quiet = quiet_ways(
            lambda: self.ask(lambda window: window.show_help()),
            lambda: self.ask(lambda window: window.show_tour()),
            lambda: self.ask(lambda window: window.switch_language()),
        )
        self.page = StartPage(
            session, Tasks(self), ways, lambda folder: self.wish(lambda flows: flows.open(folder)), quiet
        )
        inside = QVBoxLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.page)
        self.loaded.connect(self._give_way)

    def wish(self, wish: Callable[[Flows], None]) -> None:
        """Have something done with a project as soon as it can be done."""
        self.ask(lambda window: wish(window.flows))

    def ask(self, wish: Callable[[MainWindow], None]) -> None:
        """Have the window do something as soon as it is there."""
        self._wish = wish
        self.page.setEnabled(False)
        self.setCursor(Qt.CursorShape.BusyCursor)

    def load(self) -> None:
        """Load the program in a thread of its own.

        Meanwhile nothing is looked through for garbage: libraries leave little of it, and looking takes as long as loading
        them. From then on it is up to the window.
        """
        gc.disable()
        Thread(target=self._load, name="loading", daemon=True).start()

    def _load(self) -> None:
        try:
            import_module(WINDOW)
            gc.freeze()
        except BaseException as trouble:
            self.trouble = trouble
        self.loaded.emit()

    def _give_way(self) -> None:
        """Put the window in the place of this one, and do what was asked for."""
        if not self.isVisible():  # closed before there was anything to see
            return
        try:
            if self.trouble is None:
                self._take_over(import_module(WINDOW).MainWindow())
        except Exception as trouble:
            self.trouble = trouble
        self.close()

    def _take_over(self, window: MainWindow) -> None:
        self.window_made = window
        if self.isMaximized():
            window.showMaximized()
        else:
            window.setGeometry(self.geometry())
            window.show()
        self._made(window)
        if self._wish is not None:
            self._wish(window)

    # ---- events

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and projects may be dropped already."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Keep what was dropped."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        self.wish(lambda flows: flows.dropped(paths))
