"""A planner with a mouse and a keyboard comes from the start page to every step of the plan, on a real screen."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import pytest
from tests.desktop.tour.tour import NEEDED, Look, tour

from core.jobs import Job
from desktop.demonstration import demonstrate

PARCEL = "QH-0312"
STEPS = (
    "start",
    "open",
    "map",
    "data",
    "themes",
    "theme",
    "card",
    "table",
    "report-dialog",
    "plan",
    "target",
)


@pytest.mark.window
@pytest.mark.skipif(
    any(shutil.which(one) is None for one in NEEDED),
    reason="needs Xvfb, openbox, xdotool, imagemagick, poppler-utils",
)
def test_mouse_and_keyboard_alone_lead_from_the_start_page_to_the_documents(tmp_path: Path) -> None:
    demonstrate(tmp_path / "city", reports=0, documents=False, job=Job())
    project = tmp_path / "city" / "project"
    pictures = tour(Look(), project, PARCEL, tmp_path / "room", tmp_path / "pictures", work=False)
    names = [path.stem.split("-", 1)[1] for path in pictures]
    assert names[: len(STEPS)] == list(STEPS)
    contents = [path.read_bytes() for path in pictures]
    assert all(before != after for before, after in itertools.pairwise(contents))
