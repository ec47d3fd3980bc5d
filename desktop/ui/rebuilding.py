"""Rebuilding: the parts of the window are made anew one a turn, behind a picture of how it was; it goes on answering."""

from __future__ import annotations

import time
from collections.abc import Iterator

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QLabel, QWidget

TURN_S = 0.02  # of styling at a stretch


class Rebuilding(QObject):
    """Does the steps of a change of all parts of a window, each in a turn of its own."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._steps: Iterator[None] | None = None
        self._curtain: QLabel | None = None
        self._stepping = False
        self._turn = QTimer(self)
        self._turn.timeout.connect(self._step)

    @property
    def busy(self) -> bool:
        """Whether some steps are still to come."""
        return self._steps is not None

    def begin(self, steps: Iterator[None]) -> None:
        """Do these steps turn by turn; those of a change before are done at once."""
        self.finish()
        self._steps = steps
        self._draw_curtain()
        self._turn.start(0)

    def finish(self) -> None:
        """Do all that is left now: somebody needs the parts. Within a step nothing happens."""
        while self._steps is not None and not self._stepping:
            self._step()

    def _step(self) -> None:
        if self._steps is None or self._stepping:
            return
        self._stepping = True
        try:
            next(self._steps)
        except StopIteration:
            self._end()
        except BaseException:
            self._end()
            raise
        finally:
            self._stepping = False

    def _end(self) -> None:
        self._steps = None
        self._turn.stop()
        if self._curtain is not None:
            self._curtain.hide()
            self._curtain.deleteLater()
            self._curtain = None

    def _draw_curtain(self) -> None:
        """The window as it is now stands over its parts until all are there; it takes no clicks."""
        if not self._window.isVisible():
            return
        self._curtain = QLabel(self._window)
        self._curtain.setPixmap(self._window.grab())
        self._curtain.setGeometry(self._window.rect())
        self._curtain.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._curtain.setCursor(Qt.CursorShape.BusyCursor)
        self._curtain.show()
        self._curtain.raise_()


def styled(whole: QWidget) -> Iterator[None]:
    """Give the parts of a page that will be seen their style, some a turn; Qt else does it for all when it is shown."""
    end = time.perf_counter() + TURN_S
    for part in whole.findChildren(QWidget):
        if part.isVisibleTo(whole):
            part.ensurePolished()
        if time.perf_counter() > end:
            yield
            end = time.perf_counter() + TURN_S
