"""Watches whether the window's thread answers while something is done."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.ui.garbage import spare_libraries
from desktop.ui.main_window import MainWindow
from tests.desktop.ui.small_city import quiet

BEAT_MS = 5
SETTLED_MS = 50
ALONE = 0.25  # of a core that other programs may take


class Watch:
    """The longest time in which the window did not answer. [ms]

    Where other programs take a good part of a core meanwhile, they hold up this one too; then only what the window's own
    thread worked at a stretch is told.
    """

    def __init__(self) -> None:
        self.longest_ms = 0.0
        self._gaps: list[tuple[float, float]] = []
        self._last = [0.0, 0.0]
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def __enter__(self) -> Watch:
        self._spared = libraries_spared()
        self._spared.__enter__()
        self._last = [time.perf_counter(), time.thread_time()]
        self._timer.start(BEAT_MS)
        QTest.qWait(SETTLED_MS)
        self._gaps.clear()
        self._began, self._worked = time.perf_counter(), worked_s()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        QTest.qWait(2 * BEAT_MS)  # the beat after the last gap
        self._timer.stop()
        self._spared.__exit__(kind, error, trace)
        everyone, mine = (now - before for now, before in zip(worked_s(), self._worked, strict=True))
        others = (everyone - mine) / (time.perf_counter() - self._began)
        self.longest_ms = max((own if others > ALONE else gap for gap, own in self._gaps), default=0.0)

    def _beat(self) -> None:
        now = [time.perf_counter(), time.thread_time()]
        self._gaps.append(((now[0] - self._last[0]) * 1000, (now[1] - self._last[1]) * 1000))
        self._last = now


def worked_s() -> tuple[float, float]:
    """Seconds all cores of the machine have worked, and those of them for this program; equal where no one counts."""
    mine = time.process_time()
    counted = Path("/proc/stat")
    if not counted.exists():
        return mine, mine
    user, nice, system, _, _, *interrupts = map(int, counted.read_text().split("\n")[0].split()[1:9])
    return (user + nice + system + sum(interrupts)) / os.sysconf("SC_CLK_TCK"), mine


def watched(window: MainWindow, qtbot: QtBot, act: Callable[[], None]) -> float:
    """Longest time in which the window did not answer while something was done. [ms]"""
    with Watch() as watch:
        act()
        quiet(window, qtbot)
    return watch.longest_ms


def steadily(window: MainWindow, qtbot: QtBot, act: Callable[[], None], times: int = 3) -> float:
    """Shortest of the longest times in which the window did not answer, while the same is done again and again. [ms]

    What the program holds up by itself it holds up every time; what else happens on the machine does not come again.
    """
    with libraries_spared():
        return min(watched(window, qtbot, act) for _ in range(times))


@contextmanager
def libraries_spared() -> Iterator[None]:
    """Several watches, for which the collector is told once what it need not look at, as the program does once loaded."""
    if gc.get_freeze_count():
        yield
        return
    spare_libraries()
    try:
        yield
    finally:
        gc.unfreeze()
