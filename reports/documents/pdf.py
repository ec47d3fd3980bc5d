"""Print: a document as PDF, archivable and tagged, its Chinese searchable; and its pages as pictures."""

from __future__ import annotations

import datetime
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
        "continued": text("Continued: "),
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
        return {"kind": "heading", "level": block.level, "words": block.number + said(block.line)}
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "number": block.number, "words": said(block.line)}
    if isinstance(block, Bullets):
        return {"kind": "bullets", "items": [said(line) for line in block.lines]}
    if isinstance(block, Note):
        return {"kind": "note", "words": said(block.line)}
    if isinstance(block, Drawing):
        return {
            "kind": "drawing",
            "picture": block.picture,
            "alt": block.alt,
            "caption": f"{block.number}\u3000{block.title}",
        }
    if isinstance(block, HandBlock):
        return {"kind": "hand", "lines": list(block.lines), "prompt": prompt_said(block)}
    if isinstance(block, Table):
        return _table(block)
    return {"kind": "page"}


def _table(block: Table) -> dict[str, Any]:
    columns = len(block.columns)
    return {
        "kind": "table",
        "caption": f"{block.number}\u3000{block.title}",
        "across": columns > WIDE_COLUMNS,
        "size": 7.5 if columns > WIDE_COLUMNS else 8 if columns > MANY_COLUMNS else 9,
        "widths": column_widths(block, ACROSS_MM if columns > WIDE_COLUMNS else TEXT_MM),
        "numeric": [column.numeric for column in block.columns],
        "heads": [
            f"{column.title}（{column.unit}）" if column.unit else column.title for column in block.columns
        ],
        "rows": [list(row) for row in block.rows],
        "total": list(block.total),
        "note": text("Note: {note}", note=block.note) if block.note else "",
    }
