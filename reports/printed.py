"""Printed numbers: what a PDF says, line by line, against what the plan would print there now."""

from __future__ import annotations

import difflib
import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.problems import Problem
from reports.checked import Checked, differs
from reports.pdf_text import Element

DIGITS = re.compile(r"\d+(?:\.\d+)?")
SPACES = re.compile(r"[\s\u200b\u2060\u3000]+")
TEXT_OF_A_PICTURE = re.compile(r"<text\b[^>]*>(.*?)</text>", re.S)
TAG = re.compile(r"<[^>]*>")
LOWERED = {0x2080 + digit: str(digit) for digit in range(10)}
BETWEEN_CELLS = "|"
MOST_SAID = 60


@dataclass(frozen=True)
class Said:
    """What is to stand in one place; `free` where a person may write what is not of the plan."""

    where: str
    words: str = ""
    free: bool = False


def bare(words: str) -> str:
    """Words without spaces and breaks, lowered digits raised, as they can be compared."""
    return SPACES.sub("", words.translate(LOWERED))


def cells(row: Iterable[str]) -> str:
    """The cells of a row as one line."""
    return BETWEEN_CELLS.join(map(bare, row))


def picture_texts(svg: str) -> list[str]:
    """All texts of a picture, in the order they are drawn."""
    return [html.unescape(TAG.sub("", one)) for one in TEXT_OF_A_PICTURE.findall(svg)]


def lines_of_file(elements: Sequence[Element], without: Sequence[str] = ()) -> list[str]:
    """The lines of a file in reading order: elements of the structure, cells of a row of a table as one line.

    `without` are kinds of elements that are left out.
    """
    lines: list[str] = []
    row: tuple[int, int] | None = None
    for one in elements:
        if one.repeated or one.kind in without:
            continue
        here = one.row[:2] if one.row[0] >= 0 else None
        if here is not None and here == row:
            lines[-1] += BETWEEN_CELLS + bare(one.words)
        else:
            lines.append(bare(one.words))
        row = here
    return lines


def compared(file: Path, found: Iterable[str], wanted: Iterable[Said]) -> Checked:
    """Lines of a file with numbers against those of the plan, in order.

    A number that differs, is missing or is not of the plan is a problem that says where.
    """
    here = [one for one in found if DIGITS.search(one)]
    there = [one for one in wanted if one.free or DIGITS.search(bare_line(one.words))]
    said = ["" if one.free else bare_line(one.words) for one in there]
    total = sum(len(DIGITS.findall(one)) for one in said)
    problems: list[Problem] = []
    shapes = [[_shape(line) for line in lines] for lines in (here, said)]
    matcher = difflib.SequenceMatcher(None, shapes[0], shapes[1], autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes() if here != said else ():
        if kind == "equal":
            pairs = zip(here[a:b], there[c:d], strict=True)
            problems += [
                _differs(file, one.where, line, bare_line(one.words))
                for line, one in pairs
                if DIGITS.findall(line) != DIGITS.findall(bare_line(one.words))
            ]
            continue
        free = any(one.free for one in there[c:d])
        lost = [one for one in there[c:d] if not one.free]
        more = here[a:b]
        for place in range(max(len(lost), 0 if free else len(more))):
            one = lost[place] if place < len(lost) else None
            line = more[place] if place < len(more) else ""
            where = one.where if one else there[min(c, len(there) - 1)].where if there else ""
            wanted_line = bare_line(one.words) if one else ""
            if DIGITS.findall(line) != DIGITS.findall(wanted_line):
                problems.append(_differs(file, where, line, wanted_line))
    return Checked(total, tuple(problems))


def repeated(file: Path, elements: Sequence[Element], allowed: Iterable[str]) -> Checked:
    """Heads and feet of pages: numbers that are neither the page's own nor of what is printed on every page."""
    known = sorted({bare(one) for one in allowed if DIGITS.search(bare(one))}, key=len, reverse=True)
    total, problems = 0, []
    for one in elements:
        if not one.repeated:
            continue
        line = bare(one.words)
        total += len(DIGITS.findall(line))
        rest = line
        for words in known:
            rest = rest.replace(words, BETWEEN_CELLS)
        if DIGITS.search(rest):
            problems.append(_differs(file, str(one.page), rest, ""))
    return Checked(total, tuple(problems))


def bare_line(words: str) -> str:
    """A line as it can be compared, cells kept apart."""
    return cells(words.split(BETWEEN_CELLS))


def _shape(line: str) -> str:
    """A line with its numbers left open."""
    return DIGITS.sub("0", line)


def _differs(file: Path, where: str, found: str, wanted: str) -> Problem:
    """A difference of two lines: what stands around the numbers that differ."""
    return differs(file, where, _around(found, wanted), _around(wanted, found))


def _around(line: str, other: str) -> str:
    """The part of a line where it differs from another."""
    if len(line) <= MOST_SAID:
        return line
    start = next((n for n, (a, b) in enumerate(zip(line, other, strict=False)) if a != b), 0)
    first = max(0, start - MOST_SAID // 2)
    return f"…{line[first : first + MOST_SAID]}…"
