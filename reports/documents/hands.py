"""Hands: what people wrote into a Word file, kept when the document is made anew, and what they changed elsewhere."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import docx
from docx.opc.exceptions import PackageNotFoundError

from core.problems import Problem, Severity, UserError
from core.texts import text
from reports.documents.record import Record, beside
from reports.documents.word_parts import OF_THE_TEXT, hand_blocks, paragraphs_outside

MOST_SAID = 40  # characters of a changed line that a message quotes


@dataclass(frozen=True)
class Written:
    """What a person left in a Word file.

    Parameters
    ----------
    hands : dict of str to tuple of str
        Lines in the places made for it, by name; empty places left out.
    elsewhere : tuple of str
        Lines of the text that are not as they were written by the program.
    """

    hands: dict[str, tuple[str, ...]]
    elsewhere: tuple[str, ...]


def written_by_hand(path: Path) -> Written:
    """What people wrote into a document of the program; nothing where there is no such file.

    Raises
    ------
    UserError
        The file is there and cannot be read.
    """
    if not path.is_file():
        return Written({}, ())
    try:
        document = docx.Document(str(path))
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError) as error:
        raise UserError(
            Problem(
                "{file} cannot be read as a Word file, so what was written into it cannot be kept.",
                "Rename or mend it, then make the document again.",
                file=path.name,
            )
        ) from error
    hands = {}
    for name, lines in hand_blocks(document):
        kept = tuple(line for line in lines if line.strip() and not line.startswith(_prompt_begins()))
        if kept:
            hands[name] = kept
    return Written(hands, _elsewhere(document, path))


def _prompt_begins() -> str:
    return text("[To be written: {prompt}]", prompt="\0").split("\0")[0]


def _elsewhere(document: object, path: Path) -> tuple[str, ...]:
    """Lines that the record beside the file does not know."""
    kept = beside(path)
    if not kept.is_file():
        return ()
    before = list(Record.read(kept).lines)
    now = [words for style, words in paragraphs_outside(document) if style in OF_THE_TEXT and words]
    now = [words.removeprefix("—") if words.startswith("—") else words for words in now]
    changes = difflib.ndiff(before, now)
    return tuple(line[2:] for line in changes if line.startswith("+ "))


def problems_of(written: Written, kept_as: Path) -> list[Problem]:
    """What a person must know whose changes outside the places for them are not carried over."""
    if not written.elsewhere:
        return []
    return [
        Problem(
            "Text was changed outside the places for it: {lines}.",
            "The old file is kept as {file}. Put such text into a place marked for it, or into the project's own texts.",
            severity=Severity.WARNING,
            lines="; ".join(line[:MOST_SAID] for line in written.elsewhere),
            file=kept_as.name,
        )
    ]
