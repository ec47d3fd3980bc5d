"""Makes the pictures of a tour through the real window, in both languages, light and dark, on two screens.

    python docs/make_tour.py [PROJECT] [FOLDER]

PROJECT is a planned project, made from the sample city where none is given; FOLDER is results/tour where none is given.
Needs Xvfb, openbox, xdotool, imagemagick and poppler-utils. The first tour also plans and writes all documents.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.desktop.tour.tour import LOOKS, tour  # noqa: E402

from core.jobs import Job  # noqa: E402
from desktop.demonstration import demonstrate  # noqa: E402

PARCEL = "QH-0312"


def main() -> None:
    """Make all tours."""
    with tempfile.TemporaryDirectory() as room:
        if len(sys.argv) > 1:
            project = Path(sys.argv[1])
        else:
            demonstrate(Path(room) / "青禾市", reports=1, job=Job())
            project = Path(room) / "青禾市" / "project"
        folder = Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "results" / "tour"
        for number, look in enumerate(LOOKS):
            tour(look, project, PARCEL, Path(room), folder, work=number == 0)


if __name__ == "__main__":
    main()
