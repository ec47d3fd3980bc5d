"""Words of a tagged PDF that the program wrote, read back by the elements of its structure, in reading order."""

from __future__ import annotations

import datetime
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.problems import Problem, UserError

OBJECT = re.compile(rb"(\d+) 0 obj\b")
TOKEN = re.compile(
    rb"\s*(?:(?P<open><<|\[)|(?P<close>>>|\])|(?P<hex><[0-9A-Fa-f\s]*>)|(?P<reference>\d+ 0 R\b)"
    rb"|(?P<number>[+-]?(?:\d+\.?\d*|\.\d+))|(?P<name>/[^\s<>\[\]()/%]*)|(?P<words>\()|(?P<operator>[^\s<>\[\]()/%]+))"
)
ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
NEW_LINE_OF = ("Td", "TD", "T*", "Tm", "ET")  # a picture's texts stand apart; a paragraph's are joined
BYTES_OF_A_CODE = 2


@dataclass(frozen=True)
class Reference:
    """A pointer to another object."""

    number: int


@dataclass(frozen=True)
class Element:
    """A leaf of the structure that holds words.

    Parameters
    ----------
    kind : str
        Of PDF's structure types: `P`, `H1`, `TD`, `TH`, `Figure`, `Caption`...
    page : int
        From 1.
    words : str
        As they are printed; texts of a picture one a line.
    row : tuple of int
        Table of the file, row of the table and cell of the row, from 0; all -1 outside tables.
    repeated : bool
        Whether it lies outside the structure, as heads and feet of pages and repeated heads of tables do.
    """

    kind: str
    page: int
    words: str
    row: tuple[int, int, int] = (-1, -1, -1)
    repeated: bool = False


@dataclass(frozen=True)
class Imprinted:
    """Who made a file, as it says itself, and on which day."""

    author: str
    day: datetime.date


@dataclass
class _Place:
    """Where the walk over the structure is: tables, rows and cells met so far."""

    tables: int = -1
    rows: int = -1
    cells: int = -1
    inside: int = 0


@dataclass
class _File:
    """The objects of a file, read when asked for."""

    raw: Mapping[int, bytes]
    known: dict[int, Any] = field(default_factory=dict)
    fonts: dict[int, dict[int, str]] = field(default_factory=dict)

    def at(self, value: Any) -> Any:
        """A value, or what it points to."""
        while isinstance(value, Reference):
            if value.number not in self.known:
                self.known[value.number] = next(_values(self.raw[value.number]), None)
            value = self.known[value.number]
        return value

    def stream(self, reference: Reference) -> bytes:
        """The data of a stream, unpacked."""
        _, _, body = self.raw[reference.number].partition(b"stream")
        about = self.at(reference)
        data = body.removeprefix(b"\r").removeprefix(b"\n")[: int(self.at(about["Length"]))]
        return zlib.decompress(data) if about.get("Filter") else data

    def codes(self, reference: Reference) -> dict[int, str]:
        """What the codes of a font mean."""
        if reference.number not in self.fonts:
            self.fonts[reference.number] = _meanings(self.stream(self.at(reference)["ToUnicode"]))
        return self.fonts[reference.number]


UNREADABLE = (OSError, KeyError, ValueError, TypeError, AttributeError, IndexError, StopIteration, zlib.error)


def elements(path: Path) -> list[Element]:
    """All words of a tagged PDF, element by element in reading order; then what stands outside the structure.

    Reads files as Typst writes them: plain objects, Flate streams, fonts of two-byte codes with their meanings.

    Raises
    ------
    UserError
        The file is none of these: another program saved it, or it is damaged.
    """
    try:
        return _read(*_opened(path))
    except UNREADABLE as why:
        raise _cannot_be_read(path) from why


def imprinted(path: Path) -> Imprinted:
    """Who made a PDF and on which day.

    Raises
    ------
    UserError
        As of `elements`.
    """
    try:
        file, trailer = _opened(path)
        about = file.at(trailer["Info"])
        day = re.search(rb"D:(\d{4})(\d\d)(\d\d)", file.at(about["CreationDate"]))
        if day is None:
            raise ValueError("no day")
        return Imprinted(_words(about.get("Author", b"")), datetime.date(*map(int, day.groups())))
    except UNREADABLE as why:
        raise _cannot_be_read(path) from why


def _cannot_be_read(path: Path) -> UserError:
    return UserError(
        Problem(
            "The words of {file} cannot be read back.",
            "Make the file anew; one that another program saved cannot be checked.",
            file=path.name,
        )
    )


def _words(value: bytes) -> str:
    """A string of the facts about a file."""
    if value.startswith(b"\xfe\xff"):
        return value[2:].decode("utf-16-be")
    return value.decode("latin-1")


def _opened(path: Path) -> tuple[_File, dict[str, Any]]:
    """The objects of a file and its trailer."""
    data = path.read_bytes()
    starts = list(OBJECT.finditer(data))
    ends = [one.start() for one in starts[1:]] + [len(data)]
    file = _File({int(one[1]): data[one.end() : end] for one, end in zip(starts, ends, strict=True)})
    return file, next(_values(data[data.rindex(b"trailer") + len(b"trailer") :]))


def _read(file: _File, trailer: Mapping[str, Any]) -> list[Element]:
    catalogue = file.at(trailer["Root"])
    pages = {one.number: number for number, one in enumerate(_pages(file, catalogue["Pages"]), start=1)}
    marked: dict[tuple[int, int], str] = {}
    outside: list[Element] = []
    for number, page in pages.items():
        found, loose = _page_words(file, file.at(Reference(number)))
        marked |= {(number, mark): words for mark, words in found.items()}
        outside += [Element("", page, words, repeated=True) for words in loose]
    inside = list(_walk(file, catalogue["StructTreeRoot"], "", 0, _Place(), marked, pages))
    if not marked:
        raise ValueError("no words are marked")
    return [*inside, *outside]


def _pages(file: _File, reference: Reference) -> Iterator[Reference]:
    node = file.at(reference)
    if node["Type"] == "/Page":
        yield reference
    for kid in file.at(node.get("Kids", [])):
        yield from _pages(file, kid)


def _walk(
    file: _File,
    value: Any,
    kind: str,
    page: int,
    place: _Place,
    marked: Mapping[tuple[int, int], str],
    pages: Mapping[int, int],
) -> Iterator[Element]:
    """Leaves below a value of the structure; marked words of one element are joined."""
    node = file.at(value)
    kind = str(node.get("S", kind)).removeprefix("/")
    page = node["Pg"].number if "Pg" in node else page
    if kind == "Table":
        place.tables, place.rows = place.tables + 1, -1
    elif kind == "TR":
        place.rows, place.cells = place.rows + 1, -1
    elif kind in ("TD", "TH"):
        place.cells += 1
    place.inside += kind == "Table"
    kids = file.at(node.get("K", []))
    found, first = "", page
    for kid in kids if isinstance(kids, list) else [kids]:
        one = file.at(kid)
        if isinstance(one, int) or (isinstance(one, dict) and "MCID" in one):
            mark = one if isinstance(one, int) else one["MCID"]
            on = one["Pg"].number if isinstance(one, dict) and "Pg" in one else page
            found, first = found + marked.get((on, mark), ""), first or on
        elif isinstance(one, dict) and one.get("Type") != "/OBJR":
            deeper = list(_walk(file, one, kind, page, place, marked, pages))
            if any(part.kind not in INLINE for part in deeper):
                if found:
                    yield Element(kind, pages.get(first, first), found)
                yield from deeper
                found, first = "", page
                continue
            found += "".join(part.words for part in deeper)
            first = first or (deeper[0].page if deeper else 0)
    row = (place.tables, place.rows, place.cells) if place.inside else (-1, -1, -1)
    if found:
        yield Element(kind, pages.get(first, first), found, row)
    place.inside -= kind == "Table"


INLINE = ("Span", "Link", "Reference", "Lbl", "Em", "Strong", "Quote", "Code")


def _page_words(file: _File, page: Mapping[str, Any]) -> tuple[dict[int, str], list[str]]:
    """Words of a page by their marks, and those without."""
    found: dict[int, str] = {}
    loose: list[str] = []
    contents = page["Contents"]
    parts = file.at(contents) if isinstance(file.at(contents), list) else [contents]
    stream = b"\n".join(file.stream(one) for one in parts)
    for mark, words in _shown(file, stream, file.at(page["Resources"]), []):
        if mark is None:
            loose.append(words)
        else:
            found[mark] = found.get(mark, "") + words
    return found, ["".join(loose)] if loose else []


def _shown(
    file: _File, stream: bytes, resources: Mapping[str, Any], marks: list[int | None], deep: bool = False
) -> Iterator[tuple[int | None, str]]:
    """Words of a content stream, piece by piece, with the mark they stand under."""
    fonts, forms = (file.at(resources.get(one, {})) for one in ("Font", "XObject"))
    codes: dict[int, str] = {}
    operands: list[Any] = []
    for value in _values(stream, operators=True):
        if not isinstance(value, _Operator):
            operands.append(value)
            continue
        mark = next((one for one in reversed(marks) if one is not None), None)
        if value == "BDC":
            about = operands[-1]
            marks.append(about.get("MCID") if isinstance(about, dict) else None)
        elif value == "BMC":
            marks.append(None)
        elif value == "EMC":
            marks.pop()
        elif value == "Tf":
            codes = file.codes(fonts[operands[-2][1:]])
        elif value in ("Tj", "'", '"'):
            yield mark, _said(operands[-1], codes)
        elif value == "TJ":
            yield mark, "".join(_said(one, codes) for one in operands[-1] if isinstance(one, bytes))
        elif value == "ET":
            yield mark, END
        elif value == "Do":
            form = forms[operands[-1][1:]]
            about = file.at(form)
            if about.get("Subtype") == "/Form":
                inner = file.at(about.get("Resources", resources))
                yield from _shown(file, file.stream(form), inner, marks, deep=True)
        operands = []


END = "\n"


class _Operator(str):
    """An operator of a content stream."""


def _said(codes_shown: bytes, codes: Mapping[int, str]) -> str:
    size = BYTES_OF_A_CODE
    return "".join(
        codes.get(int.from_bytes(codes_shown[at : at + size]), "") for at in range(0, len(codes_shown), size)
    )


def _meanings(table: bytes) -> dict[int, str]:
    """The codes of a table of meanings (ToUnicode)."""
    found: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.S):
        for code, words in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]*)>", block):
            found[int(code, 16)] = bytes.fromhex(words.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.S):
        for first, last, words in re.findall(
            rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]*)>", block
        ):
            start = bytes.fromhex(words.decode()).decode("utf-16-be")
            for step in range(int(last, 16) - int(first, 16) + 1):
                found[int(first, 16) + step] = start[:-1] + chr(ord(start[-1]) + step)
    return found


def _values(data: bytes, *, operators: bool = False) -> Iterator[Any]:
    """Values of PDF syntax one after another; stops at a word that is none, or gives it as an operator."""
    stack: list[list[Any]] = [[]]
    opened: list[bytes] = []
    at = 0
    while (token := TOKEN.match(data, at)) is not None:
        kind, words, at = token.lastgroup, token[token.lastgroup or 0], token.end()
        if kind == "open":
            stack.append([])
            opened.append(words)
            continue
        if kind == "close":
            inner = stack.pop()
            value: Any = inner
            if opened.pop() == b"<<":
                value = {str(key)[1:]: one for key, one in zip(inner[::2], inner[1::2], strict=True)}
        elif kind == "hex":
            value = bytes.fromhex(re.sub(rb"\s", b"", words[1:-1]).decode())
        elif kind == "reference":
            value = Reference(int(words.split()[0]))
        elif kind == "number":
            value = float(words) if b"." in words else int(words)
        elif kind == "name":
            value = words.decode("latin-1")
        elif kind == "words":
            value, at = _literal(data, at)
        elif words in (b"true", b"false", b"null"):
            value = {b"true": True, b"false": False}.get(words)
        elif operators:
            value = _Operator(words.decode("latin-1"))
        else:
            return
        if len(stack) > 1:
            stack[-1].append(value)
        else:
            yield value


def _literal(data: bytes, at: int) -> tuple[bytes, int]:
    """A string in brackets, and where it ends."""
    found, depth = bytearray(), 1
    while True:
        one = data[at : at + 1]
        at += 1
        if one == b"\\":
            octal = re.match(rb"[0-7]{1,3}", data[at : at + 3])
            after = data[at : at + 1]
            found += bytes([int(octal[0], 8) & 255]) if octal else ESCAPED.get(after, after)
            at += len(octal[0]) if octal else 1
            continue
        depth += (one == b"(") - (one == b")")
        if depth == 0 or not one:
            return bytes(found), at
        found += one
