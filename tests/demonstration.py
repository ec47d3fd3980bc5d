"""The demonstration that tests look at, made once in a run: by the packaged program where one is named, else the source."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from desktop.cli import main
from tests.once import made_once

REPORTS = 3
PATIENCE_S = 600


def packaged() -> Path | None:
    """Folder of the packaged program that `LUTU_PACKAGED` names; None where the source is tested."""
    named = os.environ.get("LUTU_PACKAGED")
    return Path(named).resolve() if named else None


def run_packaged(folder: Path, home: Path, *words: str) -> dict[str, Any]:
    """What the packaged program answers on a machine that knows nothing of its source or its Python."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))
    }
    environment = {
        **kept,
        "HOME": str(home),
        "LUTU_HOME": str(home),
        "XDG_CACHE_HOME": str(home / "cache"),
        "PATH": "/usr/bin:/bin",
        "QT_QPA_PLATFORM": "offscreen",
        "LUTU_LANGUAGE": "zh",
    }
    done = subprocess.run(
        [str(folder / "lutu"), *words, "--json"],
        env=environment,
        cwd=home,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def packaged_home(factory: pytest.TempPathFactory) -> Path:
    """The home of somebody who has never started the packaged program; the same in the whole run."""
    return made_once(factory, "packaged-home", lambda folder: None)


def demonstration(factory: pytest.TempPathFactory) -> Path:
    """Folder of the sample city with its plan, files and three parcel reports, in Chinese."""

    def make(folder: Path) -> None:
        words = ["demo", "--out", str(folder / "青禾市"), "--reports", str(REPORTS), "--language", "zh"]
        program = packaged()
        if program is None:
            assert main(words) == 0
        else:
            run_packaged(program, packaged_home(factory), *words)

    return made_once(factory, "demonstration", make) / "青禾市"
