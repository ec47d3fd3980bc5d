"""Opens the real window and tells whoever drives it where things are; reads questions line by line, answers in JSON:
`{"answer": ...}`, or `{"trouble": "..."}` with the trace of what stood in the way.

where WORDS     place of the middle of a button or input on the screen, found by its words; null while it cannot be used
item WORDS      place of a row of a list, of a choice or of a menu, found by its words or by the value behind it
says WORDS      whether words are to be read somewhere
parcel ID       place of open ground of a parcel on the screen
quiet           whether nothing runs and the map is drawn
dialog          the title of the dialog that is in front, or nothing
beside          whether any dialog is open, also one that the window can be worked in beside

WORDS are the English key of the catalogue, followed by the values of its placeholders (`Details of {layer}|layer=roads`,
`Correct {title}|title=height_m`);
a placeholder without a value stands for anything. An exact match goes before one at the beginning.
"""

from __future__ import annotations

import json
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from PySide6.QtCore import QModelIndex, QPoint, QSocketNotifier, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QPlainTextEdit,
    QRadioButton,
    QScrollArea,
    QSpinBox,
    QWidget,
)

from core.fields import fields
from core.texts import text
from desktop.ui.app import open_window
from desktop.ui.later import Later
from desktop.ui.main_window import MainWindow

KINDS = (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QSpinBox)
MOST_ROWS = 3000
TICK_PX = 8
PLACEHOLDER = re.compile(r"\\\{\w+\\\}")


def meant(words: str) -> re.Pattern[str]:
    """The words in the language of the moment."""
    key, *given = words.split("|")
    values = dict(one.split("=", 1) for one in given)
    titles = {name: fields()[one].title if one in fields() else text(one) for name, one in values.items()}
    said = text(key, **titles) if titles else text(key)
    return re.compile(PLACEHOLDER.sub(".+", re.escape(said)), re.DOTALL)


def in_front(window: MainWindow) -> list[QWidget]:
    """Where things can be pressed: what is modal alone, else dialogs beside the window and the window."""
    popup = QApplication.activePopupWidget()
    if isinstance(
        popup, QAbstractItemView
    ):  # what a line offers while it is written; it goes with the next click
        popup = None
    front = popup or QApplication.activeModalWidget()
    if front is not None:
        return [front]
    dialogs = [one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible()]
    return [*dialogs, window]


def words_of(one: QWidget) -> list[str]:
    """What a widget is called."""
    said = [one.accessibleName(), one.toolTip().split(" (")[0], one.objectName()]
    if isinstance(one, QAbstractButton):
        said.append(one.text().replace("&", "").strip())
    return [word for word in said if word]


def where(window: MainWindow, words: str) -> list[int] | None:
    """The middle of a widget that can be used, in pixels of the screen; scrolled into sight."""
    wanted = meant(words)
    for area in in_front(window):
        found = [
            one
            for kind in KINDS
            for one in area.findChildren(kind)
            if one.isVisible() and one.isEnabled() and one.window() is area
        ]
        match = next((one for one in found if any(map(wanted.fullmatch, words_of(one)))), None)
        match = match or next((one for one in found if any(map(wanted.match, words_of(one)))), None)
        if match is not None:
            parent = match.parentWidget()
            while parent is not None:
                if isinstance(parent, QScrollArea):
                    parent.ensureWidgetVisible(match)
                parent = parent.parentWidget()
            QApplication.processEvents()
            middle = match.rect().center()
            ticked = isinstance(match, (QCheckBox, QRadioButton))  # these feel only what is on them
            return on_screen(match, QPoint(TICK_PX, middle.y()) if ticked else middle)
    return None


def focused(words: str) -> bool:
    """Whether keys go to the input that is called so."""
    wanted, one = meant(words), QApplication.focusWidget()
    while one is not None and not one.isWindow():
        if any(map(wanted.match, words_of(one))):
            return True
        one = one.parentWidget()
    return False


def rows_of(view: QAbstractItemView) -> Iterator[tuple[list[str], Callable[[], list[int]]]]:
    """Words and value of each row of a list, and where it is once it is scrolled into sight."""
    column = view.modelColumn() if isinstance(view, QListView) else 0
    model, root = view.model(), view.rootIndex()
    for row in range(min(model.rowCount(root), MOST_ROWS)):
        index = model.index(row, column, root)
        said = [str(index.data(role)) for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.UserRole)]

        def place(index: QModelIndex = index) -> list[int]:
            view.scrollTo(index)
            QApplication.processEvents()
            return on_screen(view.viewport(), view.visualRect(index).center())

        yield said, place


def item(window: MainWindow, words: str) -> list[int] | None:
    """The middle of a row or of an entry of a menu, in pixels of the screen."""
    wanted = meant(words)
    for area in in_front(window):
        if isinstance(area, QMenu):
            action = next((one for one in area.actions() if wanted.match(one.text())), None)
            return on_screen(area, area.actionGeometry(action).center()) if action is not None else None
        rows = [
            row for view in area.findChildren(QAbstractItemView) if view.isVisible() for row in rows_of(view)
        ]
        match = next((place for said, place in rows if any(map(wanted.fullmatch, said))), None)
        match = match or next((place for said, place in rows if any(map(wanted.match, said))), None)
        if match is not None:
            return match()
    return None


def says(words: str) -> bool:
    """Whether some label, or an entry of a list of files, says it."""
    wanted = meant(words)
    return any(
        wanted.search(one.text())
        for top in QApplication.topLevelWidgets()
        if top.isVisible()
        for one in top.findChildren(QLabel)
        if one.isVisible()
    )


def on_screen(one: QWidget, place: QPoint) -> list[int]:
    """A place of a widget in pixels of the screen."""
    there = one.mapToGlobal(place)
    ratio = one.devicePixelRatioF()
    return [round(there.x() * ratio), round(there.y() * ratio)]


def parcel(window: MainWindow, name: str) -> list[int] | None:
    """Where a parcel is on the screen, beside its buildings."""
    city = window.workspace.city
    if city is None:
        return None
    buildings = city.tables["building"]
    built = buildings.geometry[buildings["parcel_id"] == name].union_all()
    point = city.tables["parcel"].geometry[name].difference(built).representative_point()
    return on_screen(
        window.canvas, QPoint(*(round(value) for value in window.canvas.view.to_px(point.x, point.y)))
    )


def quiet(window: MainWindow) -> bool:
    """Whether nothing runs, the map is drawn and the card is written."""
    bench = window.workbench
    return (
        not window.workspace.busy
        and not any(one.busy for one in window.findChildren(Later))
        and window.canvas.settled
        and (bench is None or not bench.card.writing)
    )


def answer(window: MainWindow, line: str) -> object:
    """The answer to a question."""
    question, _, rest = line.strip().partition(" ")
    if question == "dialog":
        top = QApplication.activeModalWidget()
        return top.windowTitle() if top is not None else ""
    if question == "beside":
        return any(isinstance(one, QDialog) and one.isVisible() for one in QApplication.topLevelWidgets())
    if question == "says":
        return says(rest)
    if question == "focused":
        return focused(rest)
    if question == "quiet":
        return quiet(window)
    found = {"where": where, "item": item, "parcel": parcel}
    return found[question](window, rest)


def say(words: dict[str, object]) -> None:
    """One line to whoever asked."""
    sys.stdout.write(json.dumps(words, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def main() -> int:
    """Open the window and answer until it is closed; questions that come before it is loaded wait."""
    listening: list[QSocketNotifier] = []

    def listen(window: MainWindow) -> None:
        def read() -> None:
            line = sys.stdin.readline()
            if not line:
                listening[0].setEnabled(False)
                return
            try:
                say({"answer": answer(window, line)})
            except Exception:
                say({"trouble": traceback.format_exc()})
                raise

        listening.append(QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read))
        listening[0].activated.connect(read)

    application, front = open_window(then=listen)
    code = application.exec()
    if front.trouble is not None:
        raise front.trouble
    return code


if __name__ == "__main__":
    sys.exit(main())
