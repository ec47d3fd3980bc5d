"""The check of all files of a plan: read back from their folders, number by number, against the plan as it is now."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path

from core.jobs import Job
from core.problems import Problem, UserError
from core.texts import speaking, text
from desktop.plan_documents import ANNEX, CHINESE, KINDS, Ready, annex_tables, documents, sheet_title
from reports.checked import Checked, or_unreadable
from reports.documents.blocks import Document
from reports.documents.check import check_word, check_workbook
from reports.documents.check_print import check_pdf
from reports.documents.record import Record, beside
from reports.layers_check import LayerFiles
from reports.sheets.check import Book

ENDINGS = (".docx", ".pdf", ".xlsx", ".gpkg", ".shp", ".geojson", ".dxf")  # of files of a plan
MOST_SAID = 20  # differences of a file that are said one by one
WORD, PRINT, WORKBOOK, SHEETS, LAYERS = "Word", "PDF", "Workbook", "Map sheets", "Plan layers"
AGREES, DIFFERS, STALE = "agrees", "differs", "stale"


@dataclass(frozen=True)
class FileChecked:
    """What the check found of a file.

    Parameters
    ----------
    kind : str
        Kind of file, in English: Word, PDF, Workbook, Map sheets, Plan layers.
    path : Path
    numbers : int
        How many were compared.
    problems : tuple of Problem
        Every difference.
    older : bool
        Whether the plan was made after the file was written.
    """

    kind: str
    path: Path
    numbers: int
    problems: tuple[Problem, ...]
    older: bool

    @property
    def state(self) -> str:
        """`agrees`, `differs`, or `stale` where the plan moved after the file was written."""
        if not self.problems:
            return AGREES
        return STALE if self.older else DIFFERS

    def said(self) -> tuple[Problem, ...]:
        """What the user is told: of a stale file how many numbers moved, else the first differences and how many more."""
        if self.state == STALE:
            stale = Problem(
                "{file} is older than the plan: {count} of its places say what the plan no longer says.",
                "Write it anew; what was written by hand is kept.",
                file=self.path.name,
                count=len(self.problems),
            )
            return (stale,)
        more = len(self.problems) - MOST_SAID
        if more <= 0:
            return self.problems
        rest = Problem(
            "{file} has {count} more differences.",
            "Write it anew; what was written by hand is kept.",
            file=self.path.name,
            count=more,
        )
        return (*self.problems[:MOST_SAID], rest)


def check(
    ready: Ready,
    folders: Sequence[Path],
    author: str = "",
    day: date | None = None,
    job: Job | None = None,
) -> list[FileChecked]:
    """Every number of documents, workbook, map sheets and plan layers in some folders against the plan as it is now.

    Files that are not there are left out. Documents are compared as of the day they were written, which their record says;
    `day` stands in where there is no record. A `job` is told of every file, and stops between two when asked.

    Raises
    ------
    UserError
        There is no file to check.
    """
    job, chosen = job or Job(), list(dict.fromkeys(folders))
    there = sum(one.suffix.lower() in ENDINGS for folder in chosen for one in folder.glob("*"))
    found: list[FileChecked] = []
    job.say("Comparing files with the plan", 0.0, force=True)
    for folder in chosen:
        for one in _folder(ready, folder, author, day):
            found.append(one)
            job.say("Comparing files with the plan", min(1.0, len(found) / max(1, there)), force=True)
    if not found:
        raise UserError(
            Problem(
                "There are no files of the plan in {folders}.",
                "Write them first, or say with --to where they are.",
                folders=", ".join(map(str, folders)),
            )
        )
    return found


def _folder(ready: Ready, folder: Path, author: str, day: date | None) -> Iterator[FileChecked]:
    for kind in KINDS:
        yield from _documents(ready, kind, folder, author, day)
    annex = folder / f"{ANNEX}.xlsx"
    if annex.is_file():
        tables = annex_tables(ready)
        yield _checked(ready, WORKBOOK, annex, or_unreadable(partial(check_workbook, annex, tables)))
    book = Book(ready.city, ready.assessments, ready.plan, sheet_title(ready))
    for path, checked in book.checked(folder):
        yield _checked(ready, SHEETS, path, checked)
    for path, checked in LayerFiles(ready.city, ready.assessments, ready.plan).checked(folder):
        yield _checked(ready, LAYERS, path, checked)


def _documents(ready: Ready, kind: str, folder: Path, author: str, day: date | None) -> Iterator[FileChecked]:
    """Word and print of the documents of a kind, each as of the day it was written."""
    if not any(
        folder.glob(f"{kind}*")
    ):  # files are named after their kind; none need be made to compare nothing
        return
    made: dict[date, tuple[Document, ...]] = {}

    def as_of(written: date) -> tuple[Document, ...]:
        if written not in made:
            made[written] = documents(ready, kind, author, written)
        return made[written]

    for name in [one.kind for one in as_of(day or date.today())]:
        word, print_ = folder / f"{name}.docx", folder / f"{name}.pdf"
        if not word.is_file() and not print_.is_file():
            continue
        document = next(one for one in as_of(day or _written_on(word)) if one.kind == name)
        with speaking(CHINESE):
            if word.is_file():
                yield _checked(ready, WORD, word, or_unreadable(partial(check_word, word, document)))
            if print_.is_file():
                yield _checked(ready, PRINT, print_, or_unreadable(partial(check_pdf, print_, document)))


def _written_on(word: Path) -> date:
    """The day a document was written, as its record says."""
    if not beside(word).is_file():
        return date.today()
    try:
        return date.fromisoformat(Record.read(beside(word)).made)
    except (json.JSONDecodeError, TypeError, KeyError, ValueError) as why:
        raise UserError(
            Problem("{file} cannot be read.", "Make the document anew.", file=beside(word).name)
        ) from why


def _checked(ready: Ready, kind: str, path: Path, checked: Checked) -> FileChecked:
    planned = datetime.fromisoformat(ready.planned_at).timestamp() if ready.planned_at else 0.0
    older = path.is_file() and path.stat().st_mtime < planned
    return FileChecked(kind, path, checked.numbers, checked.problems, older)


def kind_said(kind: str) -> str:
    """A kind of file in the language of the moment."""
    return {
        WORD: text("Word"),
        PRINT: text("PDF"),
        WORKBOOK: text("Workbook"),
        SHEETS: text("Map sheets"),
        LAYERS: text("Plan layers"),
    }[kind]


def state_said(state: str) -> str:
    """The state of a file in the language of the moment."""
    return {AGREES: text("agrees"), DIFFERS: text("differs"), STALE: text("stale")}[state]


def table(found: Sequence[FileChecked]) -> list[str]:
    """The result as lines: kind, file, numbers compared, differences, state."""
    rows = [(text("Kind"), text("File"), text("Numbers"), text("Differences"), text("State"))]
    rows += [
        (
            kind_said(one.kind),
            one.path.name,
            f"{one.numbers}",
            f"{len(one.problems)}",
            state_said(one.state),
        )
        for one in found
    ]
    widths = [max(map(_cells, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            one.rjust(width - _cells(one) + len(one)) if n in (2, 3) else one + " " * (width - _cells(one))
            for n, (one, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _cells(words: str) -> int:
    """Width of words on a terminal; a Han character takes two cells."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in words)
