"""The window never keeps anybody waiting, holds nothing longer than it needs, and starts and ends as a program."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
import threading
import time
import weakref
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.jobs import Job
from desktop.ui.main_window import MainWindow
from tests.desktop.ui.small_city import (
    quiet,
)
from tests.desktop.ui.watching import steadily


def test_the_window_answers_within_a_tenth_of_a_second_while_opening_and_assessing(
    window: MainWindow, folder: Path, qtbot: QtBot
) -> None:
    window.flows.open(folder)
    quiet(window, qtbot)
    window.workspace.assess()
    quiet(window, qtbot)  # everything imported and compiled
    assert steadily(window, qtbot, lambda: window.flows.open(folder), times=2) < 100
    assert steadily(window, qtbot, window.workspace.assess, times=2) < 100


def test_files_are_put_in_place_while_the_window_goes_on(
    opened: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow disk, or one far away, may take seconds for it."""
    placed: list[threading.Thread] = []
    replaced = Path.replace

    def noted(path: Path, target: Path) -> Path:
        if path.name == "city.new.gpkg":
            placed.append(threading.current_thread())
        return replaced(path, target)

    monkeypatch.setattr(Path, "replace", noted)
    opened.workspace.assess(["rooftop"])
    quiet(opened, qtbot)
    assert placed
    assert threading.main_thread() not in placed


def test_nothing_of_a_task_is_kept_once_it_is_over(window: MainWindow, qtbot: QtBot) -> None:
    """Results of a city are large; they must not wait for the garbage collector."""

    class Result:
        """What can be watched going."""

    gone: list[weakref.ref[Result]] = []

    def work(job: Job) -> Result:
        job.say("Working", 0.5, force=True)
        made = Result()
        gone.append(weakref.ref(made))
        return made

    window.collector.close()
    gc.disable()
    try:
        window.workspace.do("Working", work, lambda result: None)
        qtbot.waitUntil(lambda: not window.workspace.busy)
        assert gone[0]() is None
    finally:
        gc.enable()


REAL = ("Xvfb", "openbox", "xdotool")


@pytest.mark.skipif(
    any(shutil.which(one) is None for one in REAL), reason="needs Xvfb, openbox and xdotool for a real window"
)
def test_a_real_window_opens_answers_a_click_and_closes_cleanly(folder: Path, tmp_path: Path) -> None:
    display = f":{90 + os.getpid() % 400}"
    screen = subprocess.Popen(["Xvfb", display, "-screen", "0", "1280x800x24"], stderr=subprocess.DEVNULL)
    try:
        time.sleep(1.0)
        environment = {
            **os.environ,
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "LUTU_HOME": str(tmp_path / "home"),
            "LUTU_LANGUAGE": "en",
        }
        manager = subprocess.Popen(["openbox"], env=environment, stderr=subprocess.DEVNULL)
        start = "import sys; from desktop.cli import main; sys.exit(main(sys.argv[1:]))"
        program = subprocess.Popen(
            [sys.executable, "-c", start, "gui", str(folder)],
            env=environment,
            cwd=Path(__file__).parents[3],
        )

        def tool(*arguments: str) -> str:
            done = subprocess.run(
                ["xdotool", *arguments], env=environment, capture_output=True, text=True, timeout=60
            )
            return done.stdout.strip()

        def number() -> str:
            return (tool("search", "--onlyvisible", "--pid", str(program.pid)).splitlines() or [""])[-1]

        def title() -> str:
            return tool("getwindowname", number()) if number() else ""

        def until(wanted: str, seconds: float = 40.0) -> str:
            end = time.monotonic() + seconds
            while wanted not in title() and time.monotonic() < end:
                time.sleep(0.3)
            return title()

        assert "小城" in until("小城")
        time.sleep(2.0)
        shown = number()
        tool("windowactivate", "--sync", shown)
        tool("windowsize", "--sync", shown, "1200", "760")
        tool("key", "ctrl+shift+f")
        time.sleep(1.0)
        tool("mousemove", "--window", shown, "583", "398", "click", "1")
        assert "B" in until("Building", 10.0)
        tool("key", "ctrl+q")
        assert program.wait(20) == 0
        manager.terminate()
    finally:
        screen.terminate()
        screen.wait(10)
