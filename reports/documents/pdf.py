"""Print: a document as PDF, archivable and tagged, its Chinese searchable; and its pages as pictures."""

from __future__ import annotations

import datetime
import unicodedata
from pathlib import Path
from typing import Any

from core.look import LIGHT
from core.texts import language, text
from layers.export_files import replacing
from reports.documents.blocks import (
    Block,
    Bullets,
    Document,
    Drawing,
    HandBlock,
    Heading,
    Line,
    Note,
    Paragraph,
    Table,
    said,
)
from reports.documents.word import (
    ACROSS_MM,
    MANY_COLUMNS,
    TEXT_MM,
    WIDE_COLUMNS,
    column_widths,
    prompt_said,
)
from reports.typesetting import pages, pdf

TEMPLATE = "document.typ"
LONGEST_WHOLE = 24  # characters of a number with its unit that are kept on one line; a name may be longer


def write_pdf(document: Document, path: Path, date: datetime.date) -> None:
    """Write a document as PDF/A-2a and PDF/UA-1.

    Raises
    ------
    UserError
        The file cannot be written.
    """
    made = pdf(TEMPLATE, _data(document), date=date)
    with replacing(path) as place:
        place.write_bytes(made)


def preview(document: Document, *, dots_per_inch: float = 72) -> list[bytes]:
    """The pages as PNG pictures."""
    return pages(TEMPLATE, _data(document), dots_per_inch=dots_per_inch)


def _data(document: Document) -> dict[str, Any]:
    """What the template prints."""
    return {
        "lang": language(),
        "look": dict(LIGHT),
        "title": document.title,
        "subtitle": document.subtitle,
        "author": document.author,
        "imprint": document.imprint,
        "contents": text("Contents"),
        "continued": text("(continued) "),
        "blocks": _blocks(document),
    }


def _blocks(document: Document) -> list[dict[str, Any]]:
    """Blocks as data; tables that lie across follow each other on the same pages, with the titles right before them."""
    found: list[dict[str, Any]] = []
    for block in map(_block, document.blocks):
        if not block.get("across"):
            found.append(block)
            continue
        leads: list[dict[str, Any]] = []
        while found and found[-1]["kind"] == "heading":
            leads.insert(0, found.pop())
        if not (found and found[-1]["kind"] == "across"):
            found.append({"kind": "across", "parts": []})
        found[-1]["parts"] += [*leads, block]
    return found


def _block(block: Block) -> dict[str, Any]:
    """A block as data."""
    if isinstance(block, Heading):
        return {
            "kind": "heading",
            "level": block.level,
            "words": block.number + said(block.line),
            "apart": block.level == 1 and not block.number,
        }
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "number": block.number, "runs": _runs(block.line)}
    if isinstance(block, Bullets):
        return {"kind": "bullets", "items": [_runs(line) for line in block.lines]}
    if isinstance(block, Note):
        return {"kind": "note", "runs": _runs(block.line)}
    if isinstance(block, Drawing):
        return {
            "kind": "drawing",
            "picture": block.picture,
            "alt": block.alt,
            "large": block.large,
            "caption": f"{block.number}\u3000{block.title}",
        }
    if isinstance(block, HandBlock):
        return {"kind": "hand", "lines": list(block.lines), "prompt": prompt_said(block)}
    if isinstance(block, Table):
        return _table(block)
    return {"kind": "page"}


def _runs(line: Line) -> list[dict[str, Any]]:
    """A line as words and numbers; numbers stay whole, apart from Chinese characters beside them."""
    found = []
    for place, span in enumerate(line):
        previous = line[place - 1].words[-1:] if place else ""
        following = line[place + 1].words[:1] if place + 1 < len(line) else ""
        found.append(
            {
                "words": span.words,
                "whole": bool(span.source) and len(span.words) <= LONGEST_WHOLE,
                "before": _is_chinese(previous) and not _is_chinese(span.words[:1]),
                "after": _is_chinese(following) and not _is_chinese(span.words[-1:]),
            }
        )
    return found


def _is_chinese(character: str) -> bool:
    """Whether a character is a Chinese one; punctuation brings its own space."""
    return bool(character) and unicodedata.category(character) == "Lo"


def _table(block: Table) -> dict[str, Any]:
    columns = len(block.columns)
    size = 7.5 if columns > WIDE_COLUMNS else 8 if columns > MANY_COLUMNS else 9
    return {
        "kind": "table",
        "caption": f"{block.number}\u3000{block.title}",
        "across": columns > WIDE_COLUMNS,
        "size": size,
        "widths": column_widths(block, ACROSS_MM if columns > WIDE_COLUMNS else TEXT_MM, size),
        "numeric": [column.numeric for column in block.columns],
        "heads": [{"title": column.title, "unit": column.unit} for column in block.columns],
        "rows": [list(row) for row in block.rows],
        "total": list(block.total),
        "note": text("Note: {note}", note=block.note) if block.note else "",
    }
