"""Records: what was written into a document, kept beside it, so that versions can be compared and changes by hand found."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from plans.figures import Figures
from reports.documents.blocks import Document, Heading, Paragraph, Table, said

ENDING = ".lutu.json"
CHAPTER = re.compile(
    "[一二三四五六七八九十]{1,4}、|第[一二三四五六七八九十]{1,4}章"
)  # begins the title of a chapter


@dataclass(frozen=True)
class Record:
    """A document as it was written.

    Parameters
    ----------
    kind, made : str
        Its kind, and when it was made.
    lines : tuple of str
        Every line of running text, with numbers of chapters and articles.
    tables : dict of str to list of list of str
        Cells of every table, heads first, by number and title.
    figures : dict of str to dict
        Every figure of the plan that the text names: title, value, unit and words.
    """

    kind: str
    made: str
    lines: tuple[str, ...]
    tables: dict[str, list[list[str]]]
    figures: dict[str, dict[str, Any]]

    def write(self, path: Path) -> None:
        """Keep it."""
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Record:
        """The record that was kept."""
        found = json.loads(path.read_text(encoding="utf-8"))
        return cls(**{**found, "lines": tuple(found["lines"])})


@dataclass(frozen=True)
class Change:
    """A difference of two versions: `where` it is, what stood there `before` and stands there `after`."""

    where: str
    before: str
    after: str


def beside(path: Path) -> Path:
    """Where the record of a document lies."""
    return path.with_name(path.stem + ENDING)


def record_of(document: Document, figures: Figures, made: str) -> Record:
    """The record of a document that is being written."""
    named = {
        span.source.removeprefix("figure ")
        for line in document.lines()
        for span in line
        if span.source.startswith("figure ")
    }
    return Record(
        document.kind,
        made,
        tuple(lines_of(document)),
        {
            f"{block.number} {block.title}": [
                [head_said(column.title, column.unit) for column in block.columns],
                *map(list, block.rows),
                *([list(block.total)] if block.total else []),
            ]
            for block in document.blocks
            if isinstance(block, Table)
        },
        {
            key: {
                "title": figures[key].called,
                "value": figures[key].value,
                "unit": figures[key].unit,
                "words": figures[key].said(),
            }
            for key in sorted(named)
        },
    )


def head_said(title: str, unit: str) -> str:
    """Head of a column with its unit."""
    return f"{title}（{unit}）" if unit else title


def lines_of(document: Document) -> list[str]:
    """Lines of running text as they stand on paper, places where people write left out."""
    found = []
    for block in document.blocks:
        if isinstance(block, Heading):
            found.append(block.number + said(block.line))
        elif isinstance(block, Paragraph):
            found.append(f"{block.number}\u3000{said(block.line)}" if block.number else said(block.line))
        else:
            found += [said(line) for line in Document("", "", "", "", "", (block,)).lines()]
    return found


def compared(old: Record, new: Record) -> list[Change]:
    """What changed from one version to the next: lines, cells of tables, and figures."""
    return [*_lines(old.lines, new.lines), *_tables(old, new), *_figures(old, new)]


def _lines(old: Sequence[str], new: Sequence[str]) -> list[Change]:
    found, chapter = [], ""
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        heads = [line for line in new[:d] if CHAPTER.match(line)]
        chapter = heads[-1] if heads else chapter
        if kind == "equal":
            continue
        for place in range(max(b - a, d - c)):
            before = old[a + place] if a + place < b else ""
            after = new[c + place] if c + place < d else ""
            found.append(Change(chapter, before, after))
    return found


def _tables(old: Record, new: Record) -> list[Change]:
    found = []
    for name in [*old.tables, *(one for one in new.tables if one not in old.tables)]:
        before, after = old.tables.get(name, []), new.tables.get(name, [])
        found += [Change(name, " | ".join(one), "") for one in before if one not in after]
        found += [Change(name, "", " | ".join(one)) for one in after if one not in before]
    return found


def _figures(old: Record, new: Record) -> list[Change]:
    return [
        Change(new.figures[key]["title"], old.figures[key]["words"], new.figures[key]["words"])
        for key in new.figures
        if key in old.figures and old.figures[key]["words"] != new.figures[key]["words"]
    ]
