"""Whatever is clicked, typed, dragged or stopped in whatever order, the window neither fails nor grows."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from core.jobs import Job
from desktop import operations, planning
from layers.project import Project
from tests.desktop.ui.small_city import twelve_blocks
from tests.once import made_once

MONKEY = Path(__file__).with_name("monkey.py")
PATIENCE_S = 600.0
MOST_GROWTH_MIB = 120.0  # of a third of the game, once everything was imported and compiled
MOST_WINDOWS = 12  # menus of the parts that are shown, beside the window


def played(project: Path, home: Path, seed: int, seconds: float) -> dict[str, Any]:
    """What a game found."""
    done = subprocess.run(
        [sys.executable, str(MONKEY), str(project), str(seed), str(seconds)],
        env={
            **os.environ,
            "LUTU_HOME": str(home),
            "XDG_STATE_HOME": str(home),
            "QT_QPA_PLATFORM": "offscreen",
        },
        capture_output=True,
        text=True,
        timeout=seconds + PATIENCE_S,
    )
    assert done.returncode == 0, done.stderr[:8000] + done.stderr[-2000:]  # where it fell is said first
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def judged(found: dict[str, Any]) -> None:
    assert found["faults"] == [], "\n\n".join(found["faults"])
    assert found["steps"] > 20
    before, after = found["windows"]
    assert sum(after.values()) <= sum(before.values()) + MOST_WINDOWS, after
    assert found["threads"][1] <= found["threads"][0] + 2


@pytest.fixture
def small(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(twelve_blocks(tmp_path_factory), tmp_path / "项目"))


@pytest.fixture
def whole(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve blocks with all that can be found of them and a plan, read from its files."""

    def make(folder: Path) -> None:
        shutil.copytree(twelve_blocks(tmp_path_factory), folder / "项目")
        with closing(Project(folder / "项目")) as whole:
            for name in operations.potential_names():
                operations.carry_out(whole, operations.assess(whole, name), Job())
            operations.carry_out(whole, planning.plan(whole), Job())

    made = made_once(tmp_path_factory, "planned-blocks", make) / "项目"
    return Path(shutil.copytree(made, tmp_path / "项目"))


def test_ten_seconds_of_a_monkey_leave_no_error_window_or_thread_behind(small: Path, tmp_path: Path) -> None:
    judged(played(small, tmp_path / "home", seed=1, seconds=10))


@pytest.mark.window
@pytest.mark.parametrize("seed", [2, 3])
def test_minutes_of_a_monkey_leave_no_error_and_no_growing_memory(
    whole: Path, tmp_path: Path, seed: int
) -> None:
    found = played(whole, tmp_path / "home", seed, seconds=180)
    judged(found)
    assert found["memory_mib"][3] - found["memory_mib"][2] < MOST_GROWTH_MIB
