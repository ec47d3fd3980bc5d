"""What the tests share: the real data beside the project, skipped where it is absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from core import texts

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

settings.register_profile("any machine", deadline=None)  # how long an example takes depends on what else runs
settings.load_profile("any machine")

SHARED = Path(__file__).resolve().parents[1] / ".." / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of real data and reference values that stands beside the project."""
    if not SHARED.is_dir():
        pytest.skip("the folder of real data and reference values (../shared) is not here")
    return SHARED.resolve()


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests read messages in English unless they ask for another language."""
    monkeypatch.setenv("LUTU_LANGUAGE", "en")
    monkeypatch.setattr(texts, "_chosen", None)
