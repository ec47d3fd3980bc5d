"""Blocks: what a document is made of, with every number bound to the figure or the cell it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Span:
    """Words of one origin: plain where `source` is empty, else a number.

    `source` is `figure KEY` or `cell TABLE ROW COLUMN`.
    """

    words: str
    source: str = ""


Line = tuple[Span, ...]


def said(line: Line) -> str:
    """The words of a line."""
    return "".join(span.words for span in line)


@dataclass(frozen=True)
class Heading:
    """A title; level 1 is a chapter."""

    level: int
    line: Line
    number: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; an article carries its number (第一条)."""

    line: Line
    number: str = ""


@dataclass(frozen=True)
class Bullets:
    """A list of short points."""

    lines: tuple[Line, ...]


@dataclass(frozen=True)
class TableColumn:
    """A column of a printed table: title, unit, and whether its cells are numbers."""

    name: str
    title: str
    unit: str
    numeric: bool


@dataclass(frozen=True)
class Table:
    """A table of the plan as printed.

    Parameters
    ----------
    title : str
        Its caption, without number.
    source : str
        Name of the plan's table.
    columns : tuple of TableColumn
        From left to right.
    rows : tuple of tuple of str
        Cells as printed.
    values : tuple of tuple
        The numbers behind numeric cells, in the units of the heads; text elsewhere; None where there is none.
    total : tuple of str
        The last row, empty where nothing is added up.
    note : str
        Below the table.
    """

    title: str
    source: str
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    values: tuple[tuple[float | str | None, ...], ...]
    total: tuple[str, ...] = ()
    note: str = ""
    number: str = ""


@dataclass(frozen=True)
class Drawing:
    """A chart or a map as SVG; a large one (a map) may stand on the next page while the text goes on."""

    title: str
    picture: str
    alt: str
    number: str = ""
    large: bool = False


@dataclass(frozen=True)
class Note:
    """Small print: what was assumed, what is missing."""

    line: Line


@dataclass(frozen=True)
class PageBreak:
    """What follows begins a page."""


@dataclass(frozen=True)
class HandBlock:
    """A place where a person writes; what stands there is kept when the document is made anew."""

    name: str
    prompt: str
    lines: tuple[str, ...] = ()


Block = Heading | Paragraph | Bullets | Table | Drawing | Note | PageBreak | HandBlock


@dataclass(frozen=True)
class Document:
    """A whole document, ready to be written.

    `kind` is its name in commands and files, e.g. 实施方案; `imprint` is place and date under the title.
    """

    kind: str
    title: str
    subtitle: str
    author: str
    imprint: str
    blocks: tuple[Block, ...] = field(default=())

    def lines(self) -> Iterator[Line]:
        """Every line of running text, in reading order; hand-written places left out."""
        for block in self.blocks:
            if isinstance(block, Heading | Paragraph | Note):
                yield block.line
            elif isinstance(block, Bullets):
                yield from block.lines
