"""A planner with a mouse and a keyboard comes from a folder of files to a printed plan, on a real screen."""

from __future__ import annotations

import itertools
import os
import shutil
from pathlib import Path

import pytest

from desktop.plan_documents import IMPLEMENTATION
from tests.desktop.tour.files import planners_files
from tests.desktop.tour.tour import NEEDED, Look, tour
from tests.desktop.tour.walk import PARCEL

PICTURES = "LUTU_TOUR_PICTURES"  # the folder that keeps the pictures; else they go with the room of the test


@pytest.mark.window
@pytest.mark.skipif(
    any(shutil.which(one) is None for one in NEEDED), reason=f"needs {', '.join(NEEDED)} on the PATH"
)
def test_mouse_and_keyboard_alone_lead_from_a_folder_of_files_to_a_printed_plan(tmp_path: Path) -> None:
    files = planners_files(tmp_path / "files")
    kept = Path(os.environ.get(PICTURES) or tmp_path / "pictures")
    made = tour(Look(), files, tmp_path / "room", kept)
    printed = " ".join(path.stem for path in made.printed)
    for one in (IMPLEMENTATION, "sheet", "printed", PARCEL):
        assert one in printed
    contents = [path.read_bytes() for path in made.pictures]
    assert all(before != after for before, after in itertools.pairwise(contents))
