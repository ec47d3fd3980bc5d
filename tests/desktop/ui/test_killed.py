"""A window that is killed loses nothing a planner set: every change is on disk the moment it is made."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop import own_targets
from desktop.project_settings import project_settings
from desktop.ui.edit_questions import RestoreQuestion
from desktop.ui.main_window import MainWindow
from layers.project import Project
from tests.desktop.ui.small_city import quiet

ROOT = Path(__file__).resolve().parents[3]
KINDS = 5  # of changes in one round
ROUNDS = 3
KILLED = """
import sys
from pathlib import Path
from desktop import operations, own_targets
from desktop.project_settings import set_project_settings
from desktop.ui.app import make_application
from desktop.ui.main_window import MainWindow
application = make_application()
window = MainWindow()
window.show()
window.flows.open(Path(sys.argv[1]))
while window.workspace.city is None or window.workspace.busy:
    application.processEvents()
edit, number = window.workspace.edit, 0
while True:
    number += 1
    changes = (
        lambda project: own_targets.set_target(project, "pv_capacity_added", 2030, float(number), unit="kW"),
        lambda project: set_project_settings(project, {"default_year_built": 1950 + number}),
        lambda project: operations.set_plan_settings(project, {"budget_yuan": float(number)}),
        lambda project: operations.set_grade(project, ["P1"], ("basic", "one_star")[number % 2], why=str(number)),
        lambda project: operations.correct(project, "building", ["B0"], "height_m", number + 40.25),  # not the given one
    )
    for change in changes:
        assert edit(change)
        print(number, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_window_has_kept_every_target_setting_grade_and_correction(
    small_window: MainWindow, small_city: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = Path(shutil.copytree(small_city, tmp_path / "小城"))
    for left in folder.glob("city.lock"):
        left.unlink()
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "LUTU_HOME": str(tmp_path / "other"),
        "QT_QPA_PLATFORM": "offscreen",
    }
    with closing(Project(folder)) as project:
        before = sum(not one.undone for one in project.history())  # undone ones go with the first new change
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(folder)],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        told = [other.stdout.readline() for _ in range(KINDS * ROUNDS)]
        time.sleep(0.007)  # somewhere in the middle of a change
        os.kill(other.pid, signal.SIGKILL)
        told += other.stdout.read().splitlines()
    small_window.flows.open(folder)
    quiet(small_window, qtbot)
    made = small_window.workspace.project
    assert made is not None
    changes = len(made.history()) - before
    assert changes in (len(told), len(told) + 1)  # all that were told, and at most the one under way
    whole = len(told) // KINDS
    assert own_targets.kept_targets(made)["value"].iloc[0] in (whole, whole + 1)
    assert project_settings(made).default_year_built in (1950 + whole, 1951 + whole)
    asked = small_window.findChild(RestoreQuestion)
    assert isinstance(asked, RestoreQuestion)
    asked.keeping.choose("back")
    asked.go.click()
    assert own_targets.kept_targets(made).empty
    assert project_settings(made).default_year_built is None
