"""Opens the real window and tells whoever drives it where things are; reads questions line by line, answers in JSON.

where WORDS     place of the middle of a widget on the screen, found by its English words
parcel ID       place of a parcel on the screen
quiet           whether nothing runs and the map is drawn
dialog          the title of the dialog that is open, or nothing
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from PySide6.QtCore import QPoint, QSocketNotifier
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QScrollArea,
    QWidget,
)

from core.texts import text
from desktop.ui.app import open_window
from desktop.ui.main_window import MainWindow

KINDS = (QAbstractButton, QComboBox, QLineEdit)


def words_of(one: QWidget) -> list[str]:
    """What a widget is called."""
    said = [one.accessibleName(), one.toolTip().split(" (")[0]]
    if isinstance(one, QAbstractButton):
        said.append(one.text().strip())
    return [word for word in said if word]


def where(window: MainWindow, words: str) -> list[int] | None:
    """The middle of the widget on the screen, in pixels of the screen; scrolled into sight."""
    wanted = text(words)
    area = QApplication.activePopupWidget() or QApplication.activeModalWidget() or window
    found = [one for kind in KINDS for one in area.findChildren(kind) if one.isVisible()]
    match = next((one for one in found if wanted in words_of(one)), None)
    match = match or next(
        (one for one in found if any(said.startswith(wanted) for said in words_of(one))), None
    )
    if match is None:
        return None
    parent = match.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(match)
        parent = parent.parentWidget()
    QApplication.processEvents()
    return on_screen(match, match.rect().center())


def on_screen(one: QWidget, place: QPoint) -> list[int]:
    """A place of a widget in pixels of the screen."""
    there = one.mapToGlobal(place)
    ratio = one.devicePixelRatioF()
    return [round(there.x() * ratio), round(there.y() * ratio)]


def parcel(window: MainWindow, name: str) -> list[int] | None:
    """Where a parcel is on the screen."""
    city = window.workspace.city
    if city is None:
        return None
    point = city.tables["parcel"].geometry[name].representative_point()
    return on_screen(
        window.canvas, QPoint(*(round(value) for value in window.canvas.view.to_px(point.x, point.y)))
    )


def answer(window: MainWindow, line: str) -> object:
    """The answer to a question."""
    question, _, rest = line.strip().partition(" ")
    if question == "where":
        return where(window, rest)
    if question == "parcel":
        return parcel(window, rest)
    if question == "dialog":
        top = QApplication.activeModalWidget()
        return top.windowTitle() if top is not None else ""
    bench = window.workbench
    written = bench is None or not bench.card.writing
    return not window.workspace.busy and window.canvas.settled and written


def main() -> int:
    """Open the window and answer until it is closed."""
    windows: list[MainWindow] = []
    application, _ = open_window(then=windows.append)
    while not windows:
        application.processEvents()
        time.sleep(0.01)
    window = windows[0]
    listening = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)

    def read() -> None:
        line = sys.stdin.readline()
        if not line:
            listening.setEnabled(False)
            return
        sys.stdout.write(json.dumps(answer(window, line), ensure_ascii=False) + "\n")
        sys.stdout.flush()

    listening.activated.connect(read)
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
