"""Whoever drives the window hears within a time what it answers, that it cannot, or that it ended and why."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.desktop.tour.talk import Ended, Talk

AT_ONCE_S = 10.0  # far below the time that an answer may take
LONG_S = 600.0

Start = Callable[..., Talk]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a program of some lines of Python and talks with it."""
    talks: list[Talk] = []

    def begin(code: str, answer_s: float = LONG_S) -> Talk:
        talks.append(
            Talk([sys.executable, "-c", "import sys, time\n" + code], os.environ, tmp_path / "err", answer_s)
        )
        return talks[-1]

    yield begin
    for one in talks:
        one.stop()


def test_questions_are_answered_in_their_order(start: Start) -> None:
    talk = start("""for line in sys.stdin: print('{"answer": "%s"}' % line.strip(), flush=True)""")
    assert [talk.ask("one"), talk.ask("two")] == ["one", "two"]


def test_what_stood_in_the_way_of_an_answer_is_said(start: Start) -> None:
    talk = start("""sys.stdin.readline(); print('{"trouble": "no such button"}', flush=True)""")
    with pytest.raises(RuntimeError, match="no such button"):
        talk.ask("where Plan")


@pytest.mark.parametrize(
    "dies",
    [
        "raise OSError('no screen')",
        "sys.stdin.readline(); raise OSError('no screen')",
        # what it started still holds its output open
        "import subprocess; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(30)']);"
        " sys.stdin.readline(); raise OSError('no screen')",
    ],
    ids=["at its start", "at a question", "leaving a child behind"],
)
def test_a_program_that_dies_is_said_at_once_with_its_last_words(start: Start, dies: str) -> None:
    talk = start(dies)
    begun = time.monotonic()
    with pytest.raises(Ended, match=r"(?s)ended with 1; wanted was: quiet.*no screen"):
        while True:
            talk.ask("quiet")
    assert time.monotonic() - begun < AT_ONCE_S


def test_a_program_that_is_killed_is_said_at_once(start: Start) -> None:
    talk = start("sys.stdin.readline(); import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    with pytest.raises(Ended, match="ended with -11"):
        talk.ask("quiet")


def test_a_program_that_does_not_answer_is_waited_for_no_longer_than_its_time(start: Start) -> None:
    talk = start("sys.stderr.write('stuck'); sys.stderr.flush(); time.sleep(60)", answer_s=2.0)
    with pytest.raises(TimeoutError, match=r"(?s)within 2 s: quiet.*stuck"):
        talk.ask("quiet")


def test_the_starter_of_the_window_ends_with_an_error_where_there_is_no_screen(tmp_path: Path) -> None:
    """The program under test itself, where Qt finds nothing to show its window on."""
    starter = Path(__file__).with_name("starter.py")
    nowhere = {**os.environ, "QT_QPA_PLATFORM": "nowhere", "LUTU_HOME": str(tmp_path)}
    talk = Talk([sys.executable, str(starter)], nowhere, tmp_path / "err", LONG_S)
    try:
        with pytest.raises(Ended, match="platform plugin"):
            talk.ask("quiet")
    finally:
        talk.stop()
