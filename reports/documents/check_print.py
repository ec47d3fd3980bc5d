"""The check of print: every number of a PDF, read back from the file, against the document as the plan gives it now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from core.texts import text
from reports.checked import Checked
from reports.documents.blocks import (
    Block,
    Bullets,
    Document,
    Drawing,
    HandBlock,
    Heading,
    Note,
    PageBreak,
    Paragraph,
    Table,
    said,
)
from reports.documents.record import head_said
from reports.pdf_text import Element, elements
from reports.printed import BETWEEN_CELLS, Said, bare, compared, lines_of_file, picture_texts, repeated

CONTENTS_LINE = "TOCI"
HEADINGS = ("H1", "H2")


def check_pdf(path: Path, document: Document) -> Checked:
    """A PDF against the document as the plan gives it now; places where people write are not looked at.

    Looked at are title page, running text, tables with their heads and totals, charts and maps, the numbers of pages in the
    contents, and heads and feet of pages.

    Raises
    ------
    UserError
        The file cannot be read back.
    """
    found = elements(path)
    heads = [
        one
        for block in document.blocks
        if isinstance(block, Table)
        for one in (f"{text('(continued) ')}{block.number}{block.title}", *_heads(block))
    ]
    pages = [f"—{number}—" for number in range(1, max((one.page for one in found), default=0) + 1)]
    return (
        compared(path, lines_of_file(found, without=(CONTENTS_LINE,)), _wanted(document))
        + _contents(path, found)
        + repeated(path, found, [*heads, *pages])
    )


def _wanted(document: Document) -> Iterator[Said]:
    """What is to be printed, in order."""
    yield Said(document.title, document.title)
    yield Said(document.title, document.subtitle)
    yield Said(document.title, free=True)  # who made it is not of the plan
    for block in document.blocks:
        yield from _lines(block)


def _lines(block: Block) -> Iterator[Said]:
    if isinstance(block, HandBlock):
        yield Said(block.name, free=True)
    elif isinstance(block, Table):
        where = f"{block.number} {block.title}"
        yield Said(where, f"{block.number}{block.title}")
        for number, row in enumerate([_heads(block), *block.rows, *([block.total] if block.total else [])]):
            yield Said(f"{where}, {number}", _row(row))
        yield Said(where, block.note)
    elif isinstance(block, Drawing):
        where = f"{block.number} {block.title}"
        yield Said(where, "".join(picture_texts(block.picture)))
        yield Said(where, f"{block.number}{block.title}")
    elif isinstance(block, Heading | Paragraph):
        words = block.number + said(block.line)
        yield Said(words[:20], words)
    elif isinstance(block, Note):
        yield Said(said(block.line)[:20], said(block.line))
    elif isinstance(block, Bullets):
        yield from (Said(said(line)[:20], "—" + said(line)) for line in block.lines)
    elif not isinstance(block, PageBreak):
        raise TypeError(type(block).__name__)


def _heads(block: Table) -> list[str]:
    return [head_said(column.title, column.unit) for column in block.columns]


def _row(row: Sequence[str]) -> str:
    """Cells of a row as the file gives them: empty ones have no words."""
    return BETWEEN_CELLS.join(one.replace(BETWEEN_CELLS, "/") for one in row if bare(one))


def _contents(path: Path, found: list[Element]) -> Checked:
    """Pages in the contents against the pages on which the titles stand."""
    listed = [bare(one.words) for one in found if one.kind == CONTENTS_LINE]
    titles = [one for one in found if one.kind in HEADINGS]
    if not listed:
        return Checked()
    before = max(one.page for one in found if one.kind == CONTENTS_LINE)
    wanted = [Said(text("Contents"), f"{bare(one.words)}{one.page - before}") for one in titles]
    return compared(path, listed, wanted)
