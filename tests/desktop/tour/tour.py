"""The tour: the whole work by mouse and keyboard with one look of the window, and the pages that were printed."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.desktop.tour.screen import NEEDED as NEEDED_FOR_SCREEN
from tests.desktop.tour.screen import PATIENCE_S, Look, screen
from tests.desktop.tour.walk import walk

NEEDED = (*NEEDED_FOR_SCREEN, "pdftoppm")
FIRST_PAGE = 80  # number of the first picture of a printed page
LOOKS = tuple(
    Look(language, dark, width, height, scale)
    for width, height, scale in ((1366, 768, 1.0), (2560, 1440, 1.5))
    for language in ("zh", "en")
    for dark in (False, True)
)


@dataclass(frozen=True)
class Toured:
    """What a tour leaves: the project, pictures of every step, what was printed, and pictures of its first pages."""

    project: Path
    pictures: tuple[Path, ...]
    printed: tuple[Path, ...]
    pages: tuple[Path, ...]


def tour(look: Look, files: Path, room: Path, folder: Path) -> Toured:
    """Do the whole work with one look, from a folder of files to printed pages.

    Parameters
    ----------
    look : Look
        Language, colours and size of the screen.
    files : Path
        The folder of the planner's files.
    room : Path
        Gets the project and the session of the program, in a folder of the look's name.
    folder : Path
        Gets the pictures, in a folder of the look's name.

    Raises
    ------
    TimeoutError
        Where something never came; the last picture shows what was there instead.
    Ended
        Where the program ended by itself, with its last words.
    """
    place = room / look.name
    with screen(look, place / "home", folder / look.name) as guide:
        project = walk(guide, files, place)
        guide.keys("ctrl+q")
        if guide.talk.program.wait(PATIENCE_S) != 0:
            guide.talk.runs("a good end")
    printed = sorted((project / "documents").rglob("*.pdf"), key=lambda path: path.stat().st_mtime)
    return Toured(project, tuple(guide.pictures), tuple(printed), pages(printed, folder / look.name))


def pages(paths: Sequence[Path], folder: Path) -> tuple[Path, ...]:
    """First pages of what was printed, as pictures."""
    made = []
    for number, path in enumerate(paths):
        stem = folder / f"{FIRST_PAGE + number}-{path.stem}"
        subprocess.run(
            ["pdftoppm", "-png", "-r", "60", "-l", "1", "-singlefile", str(path), str(stem)], check=True
        )
        made.append(stem.with_name(f"{stem.name}.png"))
    return tuple(made)
