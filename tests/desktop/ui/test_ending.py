"""The program ends as it should, also while a task that cannot be stopped is at work."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
CLOSED_AT_WORK = """
import sys, time
from PySide6.QtCore import QTimer
from desktop.ui import app
from desktop.ui.worker import Task, Tasks

opened, wait = app.open_window, Tasks.wait

def then(window):
    window.workspace.tasks.add(Task("compiling", lambda job: time.sleep(60), print, print))
    QTimer.singleShot(200, window.close)

app.open_window = lambda folder=None: opened(folder, then)
Tasks.wait = lambda self, milliseconds=0: wait(self, 200)
code = app.run_window()
sys.exit("the program did not end at once" if code == 0 else code)
"""


def test_a_task_that_cannot_be_stopped_does_not_make_the_end_a_crash(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CLOSED_AT_WORK],
        cwd=ROOT,
        env={
            **os.environ,
            "LUTU_HOME": str(tmp_path),
            "XDG_STATE_HOME": str(tmp_path),
            "QT_QPA_PLATFORM": "offscreen",
        },
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "Destroyed" not in done.stderr
    log = "".join(one.read_text(encoding="utf-8") for one in tmp_path.rglob("*.log"))
    assert "still at work" in log
