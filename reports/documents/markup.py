"""Markup: the text files documents are written in, filled with figures of a plan and read as blocks.

A text file is a Jinja template whose output is read line by line:

    # Chapter              ## Section              ### Subsection
    A paragraph is a line of its own.
    @ An article, numbered 第一条 and so on.
    - A point of a list.
    > Small print.
    !table NAME title="…" columns="a,b,c" where="…" sort="-a" total="a" most=20 note="…"
    !chart NAME title="…"            !map NAME title="…"
    !hand NAME What should be written here.
    !page

In the template `f(KEY)` prints a figure with its unit, `called(KEY)` its title, `cell(TABLE, ROW, COLUMN)` a cell;
`has(TABLE, COLUMN)` asks whether there is one with rows, `rows(TABLE)` gives its rows, `value(KEY)` a figure's plain value
for conditions (None where missing or not known), `quote(WORDS)` titles whose digits are names; the words of the document
(city, period …) stand under their names.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd

from core.fields import fields
from core.problems import Problem, UserError
from core.texts import text
from plans import Part
from reports.documents.blocks import (
    Block,
    Bullets,
    Drawing,
    HandBlock,
    Heading,
    Line,
    Note,
    PageBreak,
    Paragraph,
    Span,
)
from reports.documents.tables import PER_YEAR, YEAR, is_year, printed_table
from reports.wording import value_said

OPEN, CLOSE = "\ue000", "\ue001"  # around what a number comes from, in the output of a template
MARKED = re.compile(f"{OPEN}(.*?){CLOSE}", re.DOTALL)
SHARED = Path(__file__).parents[1] / "templates" / "documents"


@dataclass(frozen=True)
class Content:
    """What a text file is filled with.

    Parameters
    ----------
    plan : Part
        Tables and figures.
    words : Mapping of str to object
        What else the text names: city, period, author; text, or lists of text.
    charts : Mapping of str to callable
        By name; each gives an SVG picture of a plan.
    maps : Mapping of str to callable
        By name; each gives an SVG picture.
    hands : Mapping of str to sequence of str
        What people wrote into the document before, by the name of the place.
    folders : sequence of Path
        Where text files are looked for first; those of the program come last.
    """

    plan: Part
    words: Mapping[str, Any]
    charts: Mapping[str, Callable[[], str]]
    maps: Mapping[str, Callable[[], str]]
    hands: Mapping[str, Sequence[str]]
    folders: Sequence[Path] = ()


def read(file: str, content: Content) -> tuple[Block, ...]:
    """The blocks of a text file.

    Raises
    ------
    UserError
        The text names a figure, table or column that the plan does not have, or is not well formed.
    """
    return tuple(_Reader(content).blocks(_filled(file, content)))


def _filled(file: str, content: Content) -> str:
    """The text with its conditions decided; numbers marked by what they come from."""
    plan = content.plan
    try:
        return (
            _environment((*map(str, content.folders), str(SHARED)))
            .get_template(file)
            .render(
                **content.words,
                f=lambda key: _mark(f"figure {_known(key, plan)}"),
                quote=lambda words: _mark(f"quote {words}"),
                cell=lambda table, row, column: _mark(f"cell {table}\x1f{row}\x1f{column}"),
                has=lambda table, column="": _has(plan, table, column),
                rows=lambda table: _rows(plan, table),
                value=lambda key: _value(plan, key),
                called=lambda key: plan.figures[_known(key, plan)].called,
            )
        )
    except jinja2.TemplateError as error:
        raise UserError(
            Problem(
                "The text {file} cannot be filled: {cause}.",
                "Correct it in the folder of texts, or remove it to use that of the program.",
                file=file,
                cause=str(error),
            )
        ) from error


@lru_cache(maxsize=8)
def _environment(folders: tuple[str, ...]) -> jinja2.Environment:
    """Where texts are found; it keeps them parsed, and looks whether their files have changed."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders),
        undefined=jinja2.StrictUndefined,
        trim_blocks=False,
        lstrip_blocks=True,
        autoescape=False,
    )


def _mark(source: str) -> str:
    return f"{OPEN}{source}{CLOSE}"


def _known(key: str, plan: Part) -> str:
    if key not in plan.figures:
        raise jinja2.TemplateRuntimeError(f"there is no figure {key}")
    return key


def _has(plan: Part, table: str, column: str) -> bool:
    """Whether a table has rows, and the column a value in any of them."""
    frame = plan.tables.get(table)
    if frame is None or not len(frame):
        return False
    return not column or (column in frame and bool(frame[column].notna().any()))


def _rows(plan: Part, table: str) -> list[dict[str, Any]]:
    """Rows of a table with their ids under `id`; none where it is missing."""
    frame = plan.tables.get(table)
    if frame is None:
        return []
    records: list[dict[str, Any]] = frame.to_dict("records")  # type: ignore[assignment]
    return [{"id": row, **record} for row, record in zip(frame.index, records, strict=True)]


def _value(plan: Part, key: str) -> float | None:
    figure = plan.figures.get(key)
    return None if figure is None or pd.isna(figure.value) else figure.value


class _Reader:
    """Reads marked text line by line."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.articles = 0
        self.chapters = [0, 0, 0]
        self.in_articles = False
        self.drawn = {"Table": 0, "Figure": 0}

    def blocks(self, marked: str) -> list[Block]:
        found: list[Block] = []
        points: list[Line] = []
        self.in_articles = any(line.lstrip().startswith("@ ") for line in marked.splitlines())
        for raw in [*marked.splitlines(), ""]:
            line = raw.strip()
            if points and not line.startswith("- "):
                found.append(Bullets(tuple(points)))
                points = []
            if line.startswith("- "):
                points.append(self.line(line[2:]))
            elif line.startswith("#"):
                found.append(self.heading(line))
            elif line.startswith("@ "):
                self.articles += 1
                found.append(Paragraph(self.line(line[2:]), f"第{chinese(self.articles)}条"))
            elif line.startswith("> "):
                found.append(Note(self.line(line[2:])))
            elif line.startswith("!"):
                found += self.command(line)
            elif line:
                found.append(Paragraph(self.line(line)))
        return found

    def line(self, words: str) -> Line:
        """A line parted into plain words and numbers."""
        spans, place = [], 0
        for mark in MARKED.finditer(words):
            if mark.start() > place:
                spans.append(Span(words[place : mark.start()]))
            number = self.number(mark.group(1))
            before = "".join(span.words for span in spans)
            spans.append(replace(number, words=in_a_year(number.words, before.rpartition("。")[2])))
            place = mark.end()
        if place < len(words):
            spans.append(Span(words[place:]))
        return tuple(spans)

    def number(self, source: str) -> Span:
        kind, _, rest = source.partition(" ")
        if kind == "figure":
            return Span(self.content.plan.figures[rest].said("zh"), source)
        if kind == "quote":
            return Span(rest, kind)
        table, row, column = rest.split("\x1f")
        frame = self.content.plan.tables[table]
        index = frame.index.map(str)
        value = frame.loc[index == row, column].iloc[0]
        item = fields()[column]
        if item.type in ("number", "count"):
            said = f"{value:.0f}" if is_year(item) else value_said(item, float(value))
        else:
            said = item.shown(value)
        return Span(said, f"cell {table} {row} {column}")

    def heading(self, line: str) -> Heading:
        """A title with its number in the official way: 一、 （一） 1., and 第一章 in a text of articles."""
        level = len(line) - len(line.lstrip("#"))
        words = line.lstrip("#").strip()
        if words.startswith("*"):  # not numbered
            return Heading(level, self.line(words[1:].strip()))
        self.chapters[level - 1] += 1
        self.chapters[level:] = [0] * (3 - level)
        if level == 1:
            self.drawn = dict.fromkeys(self.drawn, 0)
        count = self.chapters[level - 1]
        chapter = f"第{chinese(count)}章\u3000" if self.in_articles else f"{chinese(count)}、"
        number = {1: chapter, 2: f"（{chinese(count)}）", 3: f"{count}."}[level]
        return Heading(level, self.line(words), number)

    def command(self, line: str) -> list[Block]:
        kind, _, rest = line[1:].partition(" ")
        if kind == "page":
            return [PageBreak()]
        if kind == "hand":
            name, _, prompt = rest.strip().partition(" ")
            return [HandBlock(name, prompt, tuple(self.content.hands.get(name, ())))]
        name, *options = shlex.split(rest)
        named = dict(option.split("=", 1) for option in options)
        if kind == "table":
            return self.table(name, named)
        if kind in ("chart", "map"):
            pictures = self.content.charts if kind == "chart" else self.content.maps
            if name not in pictures:
                return [self.lacking(named.get("title", name))]
            title = named.get("title", name)
            number = self.place("Figure")
            return [Drawing(title, pictures[name](), named.get("alt", title), number, kind == "map")]
        raise UserError(
            Problem("A text has the unknown command {command}.", "Use one of: {known}.", command=line,
                    known="!table, !chart, !map, !hand, !page")
        )  # fmt: skip

    def table(self, name: str, named: Mapping[str, str]) -> list[Block]:
        frame = self.content.plan.tables.get(name)
        title = named.get("title", name)
        if frame is None or frame.empty:
            return [self.lacking(title)]
        made = printed_table(frame, name, named, self.place("Table"))
        return [made]

    @staticmethod
    def lacking(title: str) -> Note:
        """What stands in place of a table or picture whose data the plan does not have."""
        return Note((Span(text("({title}: the data for it are missing.)", title=title)),))

    def place(self, kind: str) -> str:
        self.drawn[kind] += 1
        words = text("Table") if kind == "Table" else text("Figure")
        return f"{words} {self.chapters[0]}-{self.drawn[kind]}"


def in_a_year(words: str, before: str) -> str:
    """A quantity without its “/a” where the sentence or title before it names the year already."""
    return words.removesuffix(PER_YEAR) if YEAR in before else words


DIGITS = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """A whole number below 1000 in Chinese numerals."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    said = f"{DIGITS[hundreds]}百" if hundreds else ""
    if hundreds and rest and not tens:
        said += "零"
    if tens:
        said += ("" if tens == 1 and not hundreds else DIGITS[tens]) + "十"
    if ones or not number:
        said += DIGITS[ones]
    return said
