"""Makes the pictures of a tour through the real window: the whole work, in both languages, light and dark, on two screens.

    python docs/make_tour.py [FOLDER] [LOOK...]

FOLDER is results/tour where none is given; a LOOK is the beginning of the name of a look, such as `zh-dark`, and all are
made where none is named. Needs Xvfb, openbox, xdotool, imagemagick and poppler-utils. A tour takes some minutes.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.desktop.tour.files import planners_files  # noqa: E402
from tests.desktop.tour.tour import LOOKS, tour  # noqa: E402


def main() -> None:
    """Make the tours that are asked for."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "results" / "tour"
    wanted = tuple(sys.argv[2:]) or ("",)
    with tempfile.TemporaryDirectory() as room:
        files = planners_files(Path(room) / "files")
        for look in LOOKS:
            if look.name.startswith(wanted):
                tour(look, files, Path(room), folder)


if __name__ == "__main__":
    main()
