"""Word: a document as DOCX, in the styles of a template that people may edit."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.shared import Mm, Pt

from core.texts import text
from layers.export_files import replacing
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
from reports.documents.word_parts import (
    add_field,
    fix_widths,
    keep_whole,
    keep_with_next,
    number_from_one,
    number_on,
    repeat_head,
    shade,
    unbroken,
    update_fields_on_opening,
    wrap_as_hand_block,
)
from reports.documents.word_template import TEMPLATE
from reports.typesetting import picture

WIDE_COLUMNS = 9  # tables of more stand on a page of their own, laid across
MANY_COLUMNS = 7  # tables of more are set smaller
TEXT_MM, ACROSS_MM = 156, 225
# Of pages laid across: less than upright, as there tables are long and pages low.
ACROSS_MARGINS = {
    "top_margin": Mm(24),
    "bottom_margin": Mm(24),
    "left_margin": Mm(30),
    "right_margin": Mm(30),
    "footer_distance": Mm(16),
}
DOTS_PER_INCH = 200
LEAST, SHORT, LONG_HEAD, MOST_LONG = 2.6, 8.0, 10.0, 22.0  # characters in a column
MM_PER_POINT, INSET_MM = 0.3528, 2.2  # of type, and beside the words of a cell
CAPITAL = 0.75  # width of a Latin capital over that of a Chinese character
EVEN = 0.25  # share of the room that is left, of a column whose words have room already, in characters
SHORT_TABLE, FIRST_ROWS = 12, 3  # rows with the head
HEAD_GROUND = "#eef2ef"
_UNPARTED = re.compile(r"[^\s\u2e80-\uffff/]+(?:\u2009\d{3}[\d.\u2009]*)?")


def write_word(document: Document, path: Path, template: Path | None = None) -> None:
    """Write a document as DOCX.

    Parameters
    ----------
    document : Document
        What to write.
    path : Path
        The file; replaced where it is there, whole or not at all.
    template : Path, optional
        A DOCX with the styles of the program's own template; that one where not given.

    Raises
    ------
    UserError
        The file cannot be written.
    """
    made = docx.Document(str(template or TEMPLATE))
    writer = _Writer(made)
    writer.cover(document)
    across = False
    lying = []  # a title stands on the page of its table
    for block in reversed(document.blocks):
        across = _lies_across(block) or (across and isinstance(block, Heading))
        lying.append(across)
    for block, lies in zip(document.blocks, reversed(lying), strict=True):
        writer.turn(WD_ORIENT.LANDSCAPE if lies else WD_ORIENT.PORTRAIT)
        writer.write(block)
    update_fields_on_opening(made)
    made.core_properties.title = document.title
    made.core_properties.author = document.author
    with replacing(path) as place:
        made.save(str(place))


class _Writer:
    """Writes blocks one after another at the end of a document."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.cell_style = document.styles["Cell"].style_id  # looked up once: a plan has thousands of cells
        first = document.sections[0]
        self.upright = {name: getattr(first, name) for name in ACROSS_MARGINS}

    def cover(self, document: Document) -> None:
        """Title page and table of contents."""
        for _ in range(6):
            self.document.add_paragraph(style="Imprint")
        self.document.add_paragraph(document.title, style="Title")
        if document.subtitle:
            self.document.add_paragraph(document.subtitle, style="Imprint")
        for _ in range(10):
            self.document.add_paragraph(style="Imprint")
        for words in (document.author, document.imprint):
            if words:
                self.document.add_paragraph(words, style="Imprint")
        self.new_page()
        self.document.add_paragraph(text("Contents"), style="Imprint")
        contents = self.document.add_paragraph(style="Normal")
        titles = [
            block.number + said(block.line)
            for block in document.blocks
            if isinstance(block, Heading) and block.level < 3
        ]
        waiting = "\n".join(titles) or text("Word fills in the contents when it opens the file.")
        add_field(contents, r'TOC \o "1-2" \h \z \u', waiting)
        self.document.add_section(WD_SECTION.NEW_PAGE)
        front, body = list(self.document.sections)[-2:]
        number_from_one(front, body)

    def write(self, block: Block) -> None:
        """One block."""
        if isinstance(block, Heading):
            words = unbroken(block.number + said(block.line))
            self.document.add_paragraph(words, style=f"Heading {block.level}")
        elif isinstance(block, Paragraph):
            words = f"{block.number}\u3000{said(block.line)}" if block.number else said(block.line)
            self.document.add_paragraph(unbroken(words), style="Body")
        elif isinstance(block, Bullets):
            for line in block.lines:
                self.document.add_paragraph(unbroken(f"—{said(line)}"), style="Body")
        elif isinstance(block, Note):
            self.document.add_paragraph(unbroken(said(block.line)), style="Small print")
        elif isinstance(block, Table):
            self.table(block)
        elif isinstance(block, Drawing):
            self.drawing(block)
        elif isinstance(block, HandBlock):
            self.hand(block)
        elif isinstance(block, PageBreak):
            self.new_page()

    def new_page(self) -> None:
        self.document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    def table(self, block: Table) -> None:
        """A table with its caption above, its head repeated on every page."""
        across = _lies_across(block)
        caption = self.document.add_paragraph(f"{block.number}\u3000{block.title}", style="Caption line")
        caption.paragraph_format.keep_with_next = True
        rows = [*block.rows, *([block.total] if block.total else [])]
        made = self.document.add_table(rows=1 + len(rows), cols=len(block.columns), style="Table Grid")
        made.alignment = WD_TABLE_ALIGNMENT.CENTER
        points = 8 if across else 9 if len(block.columns) > MANY_COLUMNS else 10.5
        size = Pt(points)
        widths = column_widths(block, ACROSS_MM if across else TEXT_MM, points)
        fix_widths(made, widths, INSET_MM / 2)
        head = made.rows[0]
        repeat_head(head)
        for cell, column in zip(head.cells, block.columns, strict=True):
            words = f"{column.title}（{column.unit}）" if column.unit else column.title
            self._fill(cell, words, size, centred=True)
            shade(cell, HEAD_GROUND)
        for row, cells in zip(list(made.rows)[1:], rows, strict=True):
            keep_whole(row)
            for cell, words, column in zip(row.cells, cells, block.columns, strict=True):
                self._fill(cell, words, size, right=column.numeric)
        _keep_together(list(made.rows), with_note=bool(block.note))
        if block.note:
            self.document.add_paragraph(text("Note: {note}", note=block.note), style="Table note")

    def _fill(self, cell: Any, words: str, size: Any, *, centred: bool = False, right: bool = False) -> None:
        paragraph = cell.paragraphs[0]
        paragraph._p.style = self.cell_style
        run = paragraph.add_run(unbroken(words))
        run.font.size = size
        if centred or right:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.RIGHT

    def turn(self, orientation: Any) -> None:
        """Go on in a section laid across, or upright again."""
        if self.document.sections[-1].orientation != orientation:
            section = self.document.add_section(WD_SECTION.NEW_PAGE)
            section.page_width, section.page_height = section.page_height, section.page_width
            section.orientation = orientation
            margins = self.upright if orientation == WD_ORIENT.PORTRAIT else ACROSS_MARGINS
            for name, width in margins.items():
                setattr(section, name, width)
            number_on(section)

    def drawing(self, block: Drawing) -> None:
        """A chart or map with its caption below."""
        holder = self.document.add_paragraph(style="Imprint")
        holder.paragraph_format.keep_with_next = True
        png = picture(block.picture, dots_per_inch=DOTS_PER_INCH)
        shape = holder.add_run().add_picture(io.BytesIO(png), width=Mm(TEXT_MM))
        shape._inline.docPr.set("descr", block.alt)
        self.document.add_paragraph(f"{block.number}\u3000{block.title}", style="Caption line")

    def hand(self, block: HandBlock) -> None:
        """A place where people write."""
        if block.lines:
            made = [self.document.add_paragraph(line, style="Body") for line in block.lines]
        else:
            made = [self.document.add_paragraph(prompt_said(block), style="Hand prompt")]
        wrap_as_hand_block(made, block.name, block.prompt)


def _lies_across(block: Block | None) -> bool:
    """Whether a block is a table with so many columns that its page is laid across."""
    return isinstance(block, Table) and len(block.columns) > WIDE_COLUMNS


def prompt_said(block: HandBlock) -> str:
    """What stands where nobody has written yet."""
    return text("[To be written: {prompt}]", prompt=block.prompt)


def _keep_together(rows: Sequence[Any], *, with_note: bool) -> None:
    """A short table stands on one page; of a longer one neither the first rows nor the last are left alone."""
    for place, row in enumerate(rows):
        last = place == len(rows) - 1
        if last:
            if with_note:
                keep_with_next(row)
        elif len(rows) <= SHORT_TABLE or place < FIRST_ROWS or place >= len(rows) - FIRST_ROWS:
            keep_with_next(row)


def column_widths(block: Table, whole_mm: float, points: float) -> list[float]:
    """Widths of columns by the length of what stands in them in type of some points; short words stay on one line.

    A column is never narrower than its longest word, number or code, as these are not parted.
    """
    character_mm = points * MM_PER_POINT
    rows = [*block.rows, *([block.total] if block.total else [])]
    lengths, least = [], []
    for place, column in enumerate(block.columns):
        cells = [row[place] for row in rows]
        longest = max(map(_length, cells), default=0.0)
        whole = max(LEAST, min(MOST_LONG, longest), min(LONG_HEAD, _length(column.title)))
        unit = _length(f"（{column.unit}）") if column.unit else 0.0
        unparted = max(unit, *(_longest_word(words) for words in (*cells, column.title)))
        lengths.append(whole)
        least.append(max(min(whole, SHORT), unparted))
    room = whole_mm - INSET_MM * len(lengths)
    beyond = [max(whole - short, 0.0) + EVEN for whole, short in zip(lengths, least, strict=True)]
    rest = room - sum(least) * character_mm
    if rest < 0:  # what there is is shared out
        return [INSET_MM + room * one / sum(least) for one in least]
    return [
        one * character_mm + INSET_MM + rest * more / sum(beyond)
        for one, more in zip(least, beyond, strict=True)
    ]


def _longest_word(words: str) -> float:
    """Length of the longest part that may not be parted: a word, a number with its thousands, a code."""
    return max((_length(part) for part in _UNPARTED.findall(words)), default=1.0)


def _length(words: str) -> float:
    """Length in Chinese characters; Latin letters and digits are half as wide, capitals a little more."""
    return sum(
        1.0 if ord(character) > 0x2E80 else CAPITAL if character.isupper() else 0.55 for character in words
    )
