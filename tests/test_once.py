"""What tests share is made once in a run, whole, and anew where somebody failed at it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.once import made_once

ROOT = Path(__file__).resolve().parents[1]
WORKER = """
import os, sys, time
from pathlib import Path
from types import SimpleNamespace
from tests.once import made_once

base = Path(sys.argv[1]) / sys.argv[2]
base.mkdir()
os.environ["PYTEST_XDIST_WORKER"] = sys.argv[2]

def make(folder):
    time.sleep(0.5)
    (folder / "by").write_text(sys.argv[2])

print((made_once(SimpleNamespace(getbasetemp=lambda: base), "thing", make) / "by").read_text())
"""


class Factory:
    """Stands for pytest's factory of folders, with a run of its own."""

    def __init__(self, base: Path) -> None:
        self.getbasetemp = lambda: base


@pytest.fixture
def factory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Factory:
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    return Factory(tmp_path)


def test_the_second_who_asks_gets_what_the_first_made(factory: Factory) -> None:
    made = [made_once(factory, "city", lambda folder: (folder / "a").write_text("1")) for _ in range(2)]
    assert made[0] == made[1]
    assert made_once(factory, "city", lambda folder: pytest.fail("made again")) == made[0]


def test_other_things_have_other_folders(factory: Factory) -> None:
    assert made_once(factory, "one", lambda _: None) != made_once(factory, "two", lambda _: None)


def test_what_failed_is_made_again_from_nothing(factory: Factory) -> None:
    def fail(folder: Path) -> None:
        (folder / "half").touch()
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        made_once(factory, "city", fail)
    folder = made_once(factory, "city", lambda folder: (folder / "whole").touch())
    assert [one.name for one in folder.iterdir()] == ["whole"]


def test_two_workers_that_ask_at_once_get_the_same(tmp_path: Path) -> None:
    asking = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, str(tmp_path), worker],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for worker in ("gw0", "gw1")
    ]
    said = {one.communicate(timeout=120)[0] for one in asking}
    assert len(said) == 1
    assert said <= {"gw0\n", "gw1\n"}
