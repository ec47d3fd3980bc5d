"""Encodings: which one the text of a file is in, found from what the file says and from its bytes."""

from __future__ import annotations

import codecs
import struct
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.problems import Problem, Severity, UserError

# What the language byte of a dBASE table means (byte 29 of the head), after the dBASE format description.
# 0x00 and 0x57 say nothing: "not given" and "whatever the writing computer used".
LANGUAGE_BYTES = {
    0x01: "cp437",
    0x02: "cp850",
    0x03: "cp1252",
    0x13: "cp932",
    0x4D: "gb18030",  # code page 936
    0x4E: "cp949",
    0x4F: "big5",
    0x78: "big5",
    0x79: "cp949",
    0x7A: "gb18030",
    0x7B: "cp932",
}
# Names for one and the same: GB18030 holds all of GBK, and GBK all of GB 2312.
CHINESE_NAMES = {"936", "cp936", "ms936", "gbk", "gb2312", "gb18030", "ansi936", "euccn", "hz936"}
UNIT_LETTERS = "㎡㎥㎞²³℃"
MOST_BYTES = 2_000_000
MOST_RECORDS = 2_000
SAMPLE_TEXTS = 5
# A stated encoding gives way to another only if that reads the text clearly better.
CLEARLY_BETTER = 0.2


@dataclass(frozen=True)
class Candidate:
    """One encoding the text may be in.

    Parameters
    ----------
    encoding : str
        Python's name of the encoding.
    score : float
        How much the text then looks like text people write, 0 to 1.
    broken : int
        How many texts hold bytes that the encoding does not allow.
    sample : tuple of str
        Some texts as they read in this encoding.
    """

    encoding: str
    score: float
    broken: int
    sample: tuple[str, ...]


@dataclass(frozen=True)
class EncodingChoice:
    """The encoding taken for a file, why, and what else it might be.

    `candidates` are ordered best first; `problems` say which was taken and why.
    """

    encoding: str
    reason: str
    candidates: tuple[Candidate, ...]
    problems: tuple[Problem, ...]


def encoding_name(name: str) -> str | None:
    """Python's name of an encoding as files and people call it; None if there is no such encoding."""
    word = name.strip().strip('"').casefold()
    plain = "".join(letter for letter in word if letter.isalnum())
    if plain in CHINESE_NAMES:
        return "gb18030"
    if plain.isdigit():
        word = {"65001": "utf-8", "950": "big5", "88591": "iso8859-1"}.get(plain, f"cp{plain}")
    try:
        return codecs.lookup(word).name
    except LookupError:
        return None


def choose(
    texts: Sequence[bytes],
    name: str,
    *,
    stated: str | None = None,
    language_byte: int | None = None,
    override: str | None = None,
) -> EncodingChoice:
    """Take the encoding that a file states if its bytes agree, else the one that reads best.

    Parameters
    ----------
    texts : sequence of bytes
        Pieces of text from the file.
    name : str
        Name of the file, as problems shall call it.
    stated : str, optional
        What the .cpg file beside it says.
    language_byte : int, optional
        Byte 29 of a dBASE table.
    override : str, optional
        The encoding the user wants.

    Raises
    ------
    UserError
        If `override` is no known encoding.
    """
    beside = encoding_name(stated) if stated else None
    inside = LANGUAGE_BYTES.get(language_byte) if language_byte is not None else None
    wanted = encoding_name(override) if override else None
    if override and wanted is None:
        raise UserError(
            Problem(
                "There is no encoding called {encoding}.",
                "Choose UTF-8 or GB18030, or another that your files are known to be in.",
                encoding=override,
            )
        )
    names = dict.fromkeys(n for n in (wanted, beside, inside, "utf-8", "gb18030") if n)
    foreign = [piece for piece in texts if not piece.isascii()]
    found = tuple(sorted((score(foreign, n) for n in names), key=lambda c: -c.score))
    if wanted:
        return EncodingChoice(wanted, "chosen", found, _chosen_problems(found, wanted, name))
    if not foreign:
        return EncodingChoice(beside or inside or "utf-8", "plain", found, ())
    by_name = {candidate.encoding: candidate for candidate in found}
    best = found[0]
    for source, encoding in (("cpg", beside), ("language_byte", inside)):
        if encoding and by_name[encoding].score > 0 and not _worse(by_name[encoding], best):
            agreed = encoding == (beside or encoding)
            problem = _note(source, encoding, name) if agreed else _disagreement(beside or "", encoding, name)
            return EncodingChoice(encoding, source, found, (problem,))
    said = beside or inside
    problem = _disagreement(said, best.encoding, name) if said else _note("bytes", best.encoding, name)
    return EncodingChoice(best.encoding, "bytes", found, (problem,))


def score(texts: Iterable[bytes], encoding: str) -> Candidate:
    """How well texts read in an encoding.

    A text cut in the middle of its last character, as dBASE does, counts as whole.
    """
    points, letters, broken = 0.0, 0, 0
    sample: list[str] = []
    for piece in texts:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            words = decoder.decode(piece)
        except UnicodeDecodeError:
            broken += 1
            words = piece.decode(encoding, "replace")
        if len(sample) < SAMPLE_TEXTS and words.strip() not in sample:
            sample.append(words.strip())
        for place, letter in enumerate(words):
            if not letter.isascii():
                points += _likely(letter, words[max(0, place - 1) : place] + words[place + 1 : place + 2])
                letters += 1
    return Candidate(encoding, max(0.0, points / letters) if letters else 1.0, broken, tuple(sample))


def of_csv(path: Path, override: str | None = None) -> EncodingChoice:
    """The encoding of a text file such as a CSV or a GeoJSON."""
    with path.open("rb") as file:
        head = file.read(MOST_BYTES)
    if head.startswith(codecs.BOM_UTF8) and not override:
        whole = (score([head[3:]], "utf-8-sig"),)
        return EncodingChoice("utf-8-sig", "mark", whole, ())
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if head.startswith(mark) and not override:
            return EncodingChoice(encoding, "mark", (score([head], encoding),), ())
    lines = head.splitlines()
    return choose(lines[:-1] if len(head) == MOST_BYTES else lines, path.name, override=override)


def of_dbf(path: Path, cpg: Path | None, override: str | None = None) -> EncodingChoice:
    """The encoding of a dBASE table, the attributes of a Shapefile.

    Parameters
    ----------
    path : Path
        The .dbf file.
    cpg : Path, optional
        The .cpg file beside it.
    override : str, optional
        The encoding the user wants.
    """
    stated = cpg.read_text("ascii", "replace").strip() if cpg else None
    with path.open("rb") as file:
        head = file.read(32)
    language_byte = head[29] if len(head) == 32 else None
    texts = list(dbf_texts(path))
    return choose(texts, path.name, stated=stated, language_byte=language_byte, override=override)


def dbf_texts(path: Path) -> Iterator[bytes]:
    """Column names and texts of a dBASE table, spread over its records; deleted records are left out."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(32)
        if len(head) < 32:
            return
        records, head_bytes, record_bytes = struct.unpack("<IHH", head[4:12])
        columns: list[tuple[int, int]] = []
        place = 1
        for _ in range(max(0, (head_bytes - 33) // 32)):
            column = file.read(32)
            if len(column) < 32 or column[0] == 0x0D:
                break
            yield column[:11].split(b"\0")[0]
            if column[11:12] == b"C":
                columns.append((place, place + column[16]))
            place += column[16]
        there = min(records, (size - head_bytes) // record_bytes) if record_bytes else 0
        for record in range(0, there, max(1, there // MOST_RECORDS)):
            file.seek(head_bytes + record * record_bytes)
            row = file.read(record_bytes)
            if row[:1] == b"*":
                continue
            for start, stop in columns:
                value = row[start:stop].split(b"\0")[0].strip()
                if value:
                    yield value


def repaired(value: object, encoding: str) -> tuple[object, bool]:
    """A text that was read byte by byte (ISO 8859-1) in its encoding, and whether bytes had to be dropped."""
    if not isinstance(value, str) or value.isascii():
        return value, False
    piece = value.encode("iso8859-1")
    try:
        return piece.decode(encoding), False
    except UnicodeDecodeError:
        return piece.decode(encoding, "ignore"), True


def _likely(letter: str, beside: str) -> float:
    """How likely people write a letter between its neighbours: 1 for common Chinese, -1 for none at all."""
    kind = unicodedata.category(letter)
    in_latin = any("a" <= other <= "z" for other in beside)
    if letter == "\ufffd" or kind in ("Co", "Cn", "Cc", "Cs"):
        return -1.0
    if "\u00c0" <= letter <= "\u024f":
        return 1.0 if in_latin else 0.2
    if in_latin and kind == "Lo" and not any("\u4e00" <= other <= "\u9fff" for other in beside):
        return 0.1  # one Chinese character inside a Latin word: the word is likely Göteborg
    if letter in UNIT_LETTERS:
        return 1.0
    try:
        first = letter.encode("gb2312")[0]
    except UnicodeEncodeError:
        return 0.3 if "\u4e00" <= letter <= "\u9fff" else 0.1
    if first >= 0xD8:  # rows 56 to 87 of GB 2312: the less common half
        return 0.5
    if first >= 0xB0:  # rows 16 to 55: the 3755 common characters
        return 1.0
    return 1.0 if kind[0] in "PSNZ" else 0.2


def _worse(stated: Candidate, best: Candidate) -> bool:
    return stated.score < best.score - CLEARLY_BETTER or (stated.broken > 0 and best.broken == 0)


def _note(source: str, encoding: str, name: str) -> Problem:
    shown = encoding.upper()
    if source == "cpg":
        return Problem(
            "The text of {name} is read as {encoding}, as its .cpg file says.",
            "Choose another encoding if names look garbled.",
            severity=Severity.NOTE,
            name=name,
            encoding=shown,
        )
    if source == "language_byte":
        return Problem(
            "The text of {name} is read as {encoding}, as the head of the table says.",
            "Choose another encoding if names look garbled.",
            severity=Severity.NOTE,
            name=name,
            encoding=shown,
        )
    return Problem(
        "The text of {name} is read as {encoding}, judged by its characters; the file does not say.",
        "Choose another encoding if names look garbled.",
        severity=Severity.NOTE,
        name=name,
        encoding=shown,
    )


def _disagreement(stated: str, taken: str, name: str) -> Problem:
    return Problem(
        "{name} says its text is {stated}, but it reads as {encoding}; {encoding} was taken.",
        "Look at the names, and choose the other encoding if they are garbled.",
        severity=Severity.WARNING,
        name=name,
        stated=stated.upper(),
        encoding=taken.upper(),
    )


def _chosen_problems(found: Sequence[Candidate], wanted: str, name: str) -> tuple[Problem, ...]:
    mine = next(candidate for candidate in found if candidate.encoding == wanted)
    if not _worse(mine, found[0]):
        return ()
    return (
        Problem(
            "{name} reads better as {better} than as {encoding}, which was chosen.",
            "Look at the names, and choose the other encoding if they are garbled.",
            severity=Severity.WARNING,
            name=name,
            better=found[0].encoding.upper(),
            encoding=wanted.upper(),
        ),
    )
