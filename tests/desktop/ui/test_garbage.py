"""Widgets that nobody holds any more are taken apart in the window's thread, never in that of a task."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from desktop.ui.garbage import Collector, spare_libraries


class Ring:
    """Holds itself, so that only the collector finds it."""

    def __init__(self, gone: list[str]) -> None:
        self.itself = self
        weakref.finalize(self, lambda: gone.append(threading.current_thread().name))


@pytest.fixture
def collector(qapp: object) -> Iterator[Collector]:
    """A collector at work."""
    owner = QObject()
    made = Collector(owner)
    yield made
    made.close()
    assert gc.isenabled()
    gc.unfreeze()


def litter(gone: list[str], much: list[list[int]]) -> None:
    """Leave garbage, and make so much beside it that Python would look for it at once."""
    for _ in range(3):
        Ring(gone)
    much += [[number] for number in range(20 * gc.get_threshold()[0])]


def test_garbage_of_any_thread_is_collected_in_that_of_the_window(collector: Collector, qtbot: QtBot) -> None:
    gone: list[str] = []
    much: list[list[int]] = []
    thread = threading.Thread(target=litter, args=[gone, much], name="task")
    thread.start()
    thread.join()
    assert gone == []
    qtbot.waitUntil(lambda: len(gone) == 3)
    assert set(gone) == {threading.main_thread().name}


def test_old_garbage_is_collected_after_a_while(collector: Collector) -> None:
    gone: list[str] = []
    ring = Ring(gone)
    gc.collect()  # it is among the oldest now
    del ring
    looked = 0
    while not gone and looked < 5000:
        kept = [[number] for number in range(2 * gc.get_threshold()[0])]
        collector.look()
        del kept
        looked += 1
    assert gone


def test_what_is_spared_costs_no_time_to_look_at(collector: Collector) -> None:
    many = [[number] for number in range(10_000)]
    spare_libraries()
    assert len(gc.get_objects()) < len(many)
