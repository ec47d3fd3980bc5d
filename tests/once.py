"""What is made once in a run of the tests: by the first worker that wants it, while the others wait for it."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

PATIENCE_S = 600.0


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that `make` has filled, new in every run and the same for all workers; whoever changes it copies it."""
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent  # the folder of the run, in which every worker has its own
    folder, done = base / f"once-{name}", base / f"once-{name}.done"
    with closing(sqlite3.connect(base / f"once-{name}.turn", PATIENCE_S, isolation_level=None)) as turn:
        turn.execute("BEGIN EXCLUSIVE")  # given back when this process ends, however it ends
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)  # what another could not finish
            folder.mkdir()
            make(folder)
            done.touch()
    return folder
