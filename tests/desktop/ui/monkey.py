"""A monkey at the window: seeded clicks, keys, wheels, drags and cancels; says as JSON what went wrong.

    python tests/desktop/ui/monkey.py PROJECT SEED SECONDS

works on a copy of a project. Dialogs of the system are cancelled at once, nothing is opened in other programs.
"""

from __future__ import annotations

import faulthandler
import gc
import json
import logging
import os
import random
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter, deque
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer, QtMsgType, qInstallMessageHandler  # noqa: E402
from PySide6.QtGui import QDesktopServices, QWheelEvent  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import (  # noqa: E402
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QWidget,
)

from core import texts  # noqa: E402
from desktop.ui import flows  # noqa: E402
from desktop.ui.app import make_application, warm  # noqa: E402
from desktop.ui.garbage import spare_libraries  # noqa: E402
from desktop.ui.main_window import MainWindow  # noqa: E402

STEP_MS = 15
REST_MS = 400  # after a while without steps, so that work in threads comes to its end
REST_EVERY = 60
KEPT_STEPS = 25
PATIENCE_S = 180.0  # what is compiled for the first time cannot be stopped
LEFT_OUT = ("quit", "sample")  # the one ends the game, the other makes a city for two minutes
TARGETS = (
    QAbstractButton, QAbstractItemView, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit,
)  # fmt: skip
KEYS = (
    Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Space, Qt.Key.Key_Up,
    Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home,
    Qt.Key.Key_End, Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Plus, Qt.Key.Key_Minus,
)  # fmt: skip
TYPED = ("1", "0", "-3", "1e9", "nan", "height_m > 12", "(", "青禾", "B1", "  ", "%", "P0")
NOT_OURS = (
    "This plugin does not support",
    "propagateSizeHints",
    "QFontDatabase",  # of the screen that is not there
    "QFont::setPointSizeF: Point size <= 0",  # of the small page that Qt draws in its own print dialog
)


class Monkey:
    """Plays with the window of a project for some seconds."""

    def __init__(self, window: MainWindow, seed: int) -> None:
        self.window, self.random = window, random.Random(seed)
        self.steps: deque[str] = deque(maxlen=KEPT_STEPS)
        self.count = 0
        self.faults: list[str] = []

    def fault(self, words: str) -> None:
        """Keep what went wrong, and the last steps before it; said at once, for the program may fall."""
        if len(self.faults) < 5:
            self.faults.append(words[-3000:] + "\nafter: " + " | ".join(self.steps))
            sys.stderr.write(self.faults[-1] + "\n")
            sys.stderr.flush()

    def play(self, until: float) -> None:
        """One step, then the next, also while a menu or a dialog has its own loop."""
        if time.monotonic() > until:
            return
        self.count += 1
        pause = REST_MS if self.count % REST_EVERY == 0 else STEP_MS
        QTimer.singleShot(pause, lambda: self.play(until))
        try:
            self.step()
        except RuntimeError as error:
            if "already deleted" not in str(
                error
            ):  # a widget that went between being chosen and being clicked
                self.fault(traceback.format_exc())

    def step(self) -> None:
        """Something that a person could do."""
        popup = QApplication.activePopupWidget()
        area = popup or QApplication.activeModalWidget() or self.window
        ways = [self.click, self.click, self.click_anywhere, self.key, self.type, self.wheel, self.drag]
        if popup is None and area is self.window:
            ways += [self.trigger, self.trigger, self.cancel]
        elif self.random.random() < 0.15:
            self.note("escape")
            QTest.keyClick(area, Qt.Key.Key_Escape)
            return
        self.random.choice(ways)(area)

    def note(self, words: str) -> None:
        """Remember a step."""
        self.steps.append(words)

    def click(self, area: QWidget) -> None:
        """Click something that is made to be clicked."""
        if isinstance(area, QMenu):
            self.click_menu(area)
            return
        found = [
            one
            for kind in TARGETS
            for one in area.findChildren(kind)
            if one.isVisible() and one.isEnabled() and not one.visibleRegion().isEmpty()
        ]
        if found:
            one = self.random.choice(found)
            self.note(
                f"click {type(one).__name__} {one.accessibleName() or getattr(one, 'text', str)()}"[:70]
            )
            place = QPoint(
                self.random.randrange(max(1, one.width())), self.random.randrange(max(1, one.height()))
            )
            self.press(one, place)

    def click_menu(self, menu: QMenu) -> None:
        """Choose an entry of a menu."""
        offered = [
            one for one in menu.actions() if one.isEnabled() and not one.isSeparator() and self.may(one)
        ]
        if offered:
            one = self.random.choice(offered)
            self.note(f"menu {one.text()}")
            QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(one).center())

    def may(self, action: object) -> bool:
        """Whether an action is part of the game."""
        return action not in [self.window.actions_by_name.get(name) for name in LEFT_OUT]

    def click_anywhere(self, area: QWidget) -> None:
        """Click at any place, of the map most of all."""
        one = self.window.canvas if area is self.window and self.random.random() < 0.6 else area
        if isinstance(one, QMenu) or not one.isVisible():
            return
        place = QPoint(
            self.random.randrange(max(1, one.width())), self.random.randrange(max(1, one.height()))
        )
        inner = one.childAt(place) or one
        self.note(f"click {type(inner).__name__} at {place.x()},{place.y()}")
        self.press(inner, inner.mapFrom(one, place) if inner is not one else place)

    def press(self, one: QWidget, place: QPoint) -> None:
        """Press a button of the mouse, with or without a key, once or twice."""
        if isinstance(one, QAbstractButton) and one.accessibleName() in ("Sample city", "示例城市"):
            return
        button = self.random.choices((Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton), (8, 1))[0]
        held = self.random.choices(
            (
                Qt.KeyboardModifier.NoModifier,
                Qt.KeyboardModifier.ShiftModifier,
                Qt.KeyboardModifier.ControlModifier,
            ),
            (8, 1, 1),
        )[0]
        if self.random.random() < 0.06:
            QTest.mouseDClick(one, button, held, place)
        else:
            QTest.mouseClick(one, button, held, place)

    def key(self, area: QWidget) -> None:
        """Press a key where the focus is."""
        one = QApplication.focusWidget() or area
        key = self.random.choice(KEYS)
        self.note(f"key {key.name}")
        QTest.keyClick(one, key)

    def type(self, area: QWidget) -> None:
        """Type something where the focus is."""
        one = QApplication.focusWidget()
        if isinstance(one, QLineEdit | QAbstractSpinBox | QPlainTextEdit):
            words = self.random.choice(TYPED)
            self.note(f"type {words}")
            for letter in words:
                if letter.isascii():
                    QTest.keyClick(one, letter)

    def wheel(self, area: QWidget) -> None:
        """Turn the wheel over the map or over a list."""
        one = self.window.canvas if area is self.window else area
        place = QPointF(self.random.uniform(0, one.width()), self.random.uniform(0, one.height()))
        turn = QPoint(0, self.random.choice((-120, 120, 240, -240)))
        self.note(f"wheel {turn.y()}")
        event = QWheelEvent(
            place, one.mapToGlobal(place), QPoint(), turn, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(one, event)

    def drag(self, area: QWidget) -> None:
        """Drag over the map."""
        if area is not self.window or not self.window.canvas.isVisible():
            return
        one = self.window.canvas
        ends = [
            QPoint(self.random.randrange(one.width()), self.random.randrange(one.height())) for _ in range(2)
        ]
        self.note("drag")
        QTest.mousePress(one, Qt.MouseButton.LeftButton, pos=ends[0])
        QTest.mouseMove(one, (ends[0] + ends[1]) / 2)
        QTest.mouseMove(one, ends[1])
        QTest.mouseRelease(one, Qt.MouseButton.LeftButton, pos=ends[1])

    def trigger(self, area: QWidget) -> None:
        """Use a shortcut."""
        names = [name for name in self.window.actions_by_name if name not in LEFT_OUT]
        name = self.random.choice(names)
        if self.window.actions_by_name[name].isEnabled():
            self.note(f"action {name}")
            self.window.actions_by_name[name].trigger()

    def cancel(self, area: QWidget) -> None:
        """Stop what runs."""
        self.note("cancel")
        self.window.workspace.tasks.cancel()


class Faults(logging.Handler):
    """Every error that is logged is a fault."""

    def __init__(self, monkey: Monkey) -> None:
        super().__init__(logging.ERROR)
        self.monkey = monkey

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.monkey.fault(self.format(record))


def resident_mib() -> float:
    """Memory of this process now; 0 where the system does not say. [MiB]"""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def tops() -> dict[str, int]:
    """How many windows, menus and dialogs of each kind are alive."""
    return dict(Counter(type(one).__name__ for one in QApplication.topLevelWidgets()))


def main(project: Path, seed: int, seconds: float) -> None:
    """Play, then say what was found."""
    faulthandler.enable()
    texts.use("en")
    application = make_application()
    home = Path(tempfile.mkdtemp())
    flows.documents = lambda: home
    QFileDialog.getExistingDirectory = staticmethod(lambda *given, **named: "")
    QFileDialog.getOpenFileName = staticmethod(lambda *given, **named: ("", ""))
    QFileDialog.getSaveFileName = staticmethod(lambda *given, **named: ("", ""))
    QDesktopServices.openUrl = staticmethod(lambda url: True)
    window = MainWindow()
    monkey = Monkey(window, seed)
    logging.getLogger().addHandler(Faults(monkey))
    sys.excepthook = lambda kind, error, trace: monkey.fault(
        "".join(traceback.format_exception(kind, error, trace))
    )

    def heard(kind: QtMsgType, context: object, words: str) -> None:
        if kind != QtMsgType.QtDebugMsg and not any(one in words for one in NOT_OURS):
            monkey.fault(f"Qt: {words}")

    qInstallMessageHandler(heard)
    window.resize(1280, 800)
    window.show()
    warm()
    spare_libraries()
    window.flows.open(project)
    rest(application, window)
    memory, growth = [resident_mib()], []
    windows, threads = tops(), threading.active_count()
    for _ in range(3):
        until = time.monotonic() + seconds / 3
        monkey.play(until)
        while time.monotonic() < until + STEP_MS / 1000:
            application.processEvents()
            time.sleep(0.001)
        settle(application, window)
        memory.append(resident_mib())
        growth.append(memory[-1] - memory[-2])
    found = {
        "seed": seed,
        "steps": monkey.count,
        "faults": monkey.faults,
        "memory_mib": [round(one) for one in memory],
        "windows": [windows, tops()],
        "threads": [threads, threading.active_count()],
    }
    window.close()
    application.processEvents()
    sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def settle(application: QApplication, window: MainWindow) -> None:
    """Close what the game left open, and wait until all is quiet."""
    window.workspace.tasks.cancel()
    for _ in range(30):
        top = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if top is None:
            break
        top.close()
        application.processEvents()
    rest(application, window)
    for _ in range(3):  # what nobody holds any more is no leak, whenever Python would have let go of it
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        gc.collect()
        application.processEvents()


def rest(application: QApplication, window: MainWindow) -> None:
    """Wait until nothing runs and the map is drawn."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        application.processEvents()
        if not window.workspace.busy and window.canvas.settled:
            return
        time.sleep(0.005)
    raise TimeoutError("the window did not come to rest")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
