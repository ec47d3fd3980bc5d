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

LONGEST = ("tests/acceptance", "tests/desktop", "tests/sample_city")  # whole cities, projects and windows
SHARED = Path(__file__).resolve().parents[1] / ".." / "shared"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take longest come first, so that no worker is left alone with one of them at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


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
