"""Selecting holds the window's thread for less than a frame or two: what a card says is found beside it."""

from __future__ import annotations

import threading
import time

import pytest
from pytestqt.qtbot import QtBot

from desktop.ui import card as card_module
from desktop.ui.main_window import MainWindow
from tests.desktop.ui.small_city import card, quiet
from tests.desktop.ui.watching import watched

LONGEST_MS = 50

pytestmark = pytest.mark.usefixtures("spared")


@pytest.mark.parametrize(("table", "ids"), [("parcel", ["P0", "P1"]), ("building", ["B0", "B5"])])
def test_selecting_one_after_another_holds_the_window_no_longer_than_a_blink(
    small_window: MainWindow, qtbot: QtBot, table: str, ids: list[str]
) -> None:
    workspace = small_window.workspace
    longest = [  # the first times something is imported and made
        watched(small_window, qtbot, lambda one=one: workspace.select_ids(table, [one]))
        for one in (*ids, *ids)
    ]
    assert min(longest[-2:]) < LONGEST_MS


def test_what_a_card_says_is_found_in_another_thread(
    small_window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, threads = card_module.content_of, []

    def slowly(about):
        threads.append(threading.current_thread())
        time.sleep(0.2)
        return found(about)

    monkeypatch.setattr(card_module, "content_of", slowly)
    held = [
        watched(small_window, qtbot, lambda one=one: small_window.workspace.select_ids("parcel", [one]))
        for one in ("P3", "P2")
    ]
    assert threads and threading.main_thread() not in threads
    assert min(held) < 150
    assert "Parcel P2" in card(small_window)


def test_of_several_selections_only_the_last_is_shown(
    small_window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    titles: list[str] = []
    assert small_window.workbench is not None
    small_window.workbench.card.shown.connect(titles.append)
    for one in ("P0", "P1", "P2", "P3"):
        small_window.workspace.select_ids("parcel", [one])
        qtbot.wait(1)
    quiet(small_window, qtbot)
    assert titles[-1] == "Parcel P3"
    assert "Parcel P3" in card(small_window) and "Parcel P1" not in card(small_window)
