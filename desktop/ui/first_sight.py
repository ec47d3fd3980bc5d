"""First sight: how long a start takes until the window is seen and until it can be worked with."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from core.problems import Problem, UserError
from core.texts import text
from desktop import BEGUN_S
from desktop.ui.app import open_window

if TYPE_CHECKING:
    from desktop.ui.main_window import MainWindow

PATIENCE_S = 120.0
LOOK_EVERY_MS = 10


@dataclass(frozen=True)
class FirstSight:
    """Seconds from the start of the program to the window, and to the drawn map of its project. [s]"""

    seen_s: float
    ready_s: float

    def said(self) -> str:
        """Both times in the language of the moment."""
        return text(
            "The window was seen after {seen} s and could be worked with after {ready} s.",
            seen=f"{self.seen_s:.2f}",
            ready=f"{self.ready_s:.2f}",
        )


def first_sight(folder: Path | None = None) -> FirstSight:
    """Open the window, close it as soon as it can be worked with, and give both times.

    Raises UserError where the project cannot be opened or is not shown within two minutes.
    """
    refused: list[UserError] = []
    opened: list[bool] = [folder is None]
    ready_s: list[float] = []
    windows: list[MainWindow] = []

    def made(window: MainWindow) -> None:
        window.workspace.refused.connect(refused.append)
        window.workspace.opened.connect(lambda: opened.append(True))
        windows.append(window)

    application, front = open_window(folder, made)
    seen_s = time.monotonic() - BEGUN_S
    end = time.monotonic() + PATIENCE_S

    def look() -> None:
        window = windows[0] if windows else None
        if window is not None and opened[-1] and window.canvas.settled and not window.workspace.busy:
            ready_s.append(time.monotonic() - BEGUN_S)
        if refused or ready_s or front.trouble is not None or time.monotonic() > end:
            timer.stop()
            application.quit()

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(LOOK_EVERY_MS)
    application.exec()
    for shown in (*windows, front):
        shown.close()
    if front.trouble is not None:
        raise front.trouble
    if refused:
        raise refused[0]
    if not ready_s:
        raise UserError(
            Problem("The project was not shown within two minutes.", "Close other programs and try again.")
        )
    return FirstSight(seen_s, ready_s[0])
