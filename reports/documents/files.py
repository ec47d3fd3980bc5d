"""Files of a document: Word, print, annex and record in a folder, with what people wrote into them before carried over."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.problems import Problem
from core.texts import speaking
from layers.export_files import make_folder
from layers.export_workbook import Origin, write_xlsx
from plans import Part
from reports.checked import Checked
from reports.documents.blocks import Document
from reports.documents.check import check_word, check_workbook, unbound_numbers
from reports.documents.hands import problems_of, written_by_hand
from reports.documents.pdf import write_pdf
from reports.documents.record import ENDING, beside, record_of
from reports.documents.word import write_word

CHINESE = "zh"
OLD = ".旧版"  # between name and ending of a file that was there before
ANNEX = "附表"


@dataclass(frozen=True)
class Written:
    """Files that were written, what the user should know, and how many numbers were compared with the plan."""

    files: tuple[Path, ...]
    problems: tuple[Problem, ...]
    checked: Checked


def write_document(
    make: Callable[[Mapping[str, Sequence[str]]], Document],
    plan: Part,
    folder: Path,
    date: datetime.date,
    *,
    name: str,
    template: Path | None = None,
    annex: Origin | None = None,
) -> Written:
    """Write a document as Word and PDF, with its record and, where asked for, the workbook of its tables.

    Parameters
    ----------
    make : callable
        Gives the document with what people wrote into its places before, by the name of the place.
    plan : Part
        What the document was made from.
    folder : Path
        Made where it is not there.
    date : date
        When it is written.
    name : str
        Of the files, without ending.
    template : Path, optional
        A DOCX with the city's own styles.
    annex : Origin, optional
        What the last sheet of the workbook says; no workbook where not given.

    Returns
    -------
    Written
        A file that was there before is kept as `NAME.旧版.docx`, and its record with it; text that was changed outside the
        places for it is a warning; a number that differs from the plan is a problem.

    Raises
    ------
    UserError
        A file cannot be read or written, or a text is not well formed.
    """
    make_folder(folder)
    word, print_, book = (folder / f"{name}{ending}" for ending in (".docx", ".pdf", f"{ANNEX}.xlsx"))
    before = written_by_hand(word)
    document = make(before.hands)
    problems = problems_of(before, _kept(word))
    with speaking(CHINESE):
        write_word(document, word, template)
        write_pdf(document, print_, date)
        record_of(document, plan.figures, date.isoformat()).write(beside(word))
    files = [word, print_, beside(word)]
    checked = unbound_numbers(document) + check_word(word, document)
    if annex is not None:
        problems += write_xlsx(book, plan.tables, annex, totals=True, language=CHINESE)
        files.append(book)
        checked += check_workbook(book, plan)
    return Written(tuple(files), (*problems, *checked.problems), checked)


def _kept(word: Path) -> Path:
    """Copies a document and its record aside, where they are there; where the document went."""
    kept = word.with_name(f"{word.stem}{OLD}{word.suffix}")
    if word.is_file():
        shutil.copy2(word, kept)
        if beside(word).is_file():
            shutil.copy2(beside(word), kept.with_name(kept.stem + ENDING))
    return kept
