"""Document pages: pages of the plan's documents as pictures, for the preview and as files; the same as in the PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from core.jobs import Job
from core.problems import Problem, UserError
from core.texts import speaking
from desktop.plan_documents import CHINESE, KINDS, Ready, documents
from layers.export_files import make_folder, replacing
from reports.documents.pdf import preview

FILE_DPI = 200  # of pages as files


@dataclass(frozen=True)
class PageShown:
    """A page of a document: which document, which of how many pages, and its picture as PNG."""

    document: str
    number: int
    pages: int
    picture: bytes


def document_pages(
    ready: Ready,
    kind: str,
    folder: Path | None,
    *,
    author: str = "",
    day: date | None = None,
    dots_per_inch: float,
    job: Job,
) -> list[PageShown]:
    """All pages of the documents of a kind, with what people wrote into the files of a folder.

    Raises
    ------
    UserError
        There is no such document, or a text cannot be filled.
    """
    if kind not in KINDS:
        raise UserError(
            Problem(
                "There is no document {name}.", "Choose one of: {names}.", name=kind, names=", ".join(KINDS)
            )
        )
    job.say("Composing the document", 0.0, force=True)
    made = documents(ready, kind, author, day or date.today(), folder)
    found: list[PageShown] = []
    for one in job.each(made, "Setting pages"):
        with speaking(CHINESE):
            pictures = preview(one, dots_per_inch=dots_per_inch)
        found += [
            PageShown(one.kind, number, len(pictures), picture)
            for number, picture in enumerate(pictures, start=1)
        ]
    return found


def write_pictures(
    ready: Ready, kinds: Sequence[str], folder: Path, *, author: str = "", job: Job
) -> list[Path]:
    """Write every page of some documents as a PNG file of its own; gives their paths.

    Raises
    ------
    UserError
        There is no such document, or the folder cannot be written to.
    """
    make_folder(folder)
    written = []
    for kind in kinds:
        for page in document_pages(ready, kind, folder, author=author, dots_per_inch=FILE_DPI, job=job):
            path = folder / f"{page.document}-{page.number}.png"
            with replacing(path) as place:
                place.write_bytes(page.picture)
            written.append(path)
    return written
