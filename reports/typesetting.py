"""Typesetting: the one place that calls Typst; pages look the same on every machine."""

from __future__ import annotations

import datetime
import json
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst
from fontTools.ttLib import TTFont, TTLibError

from core.problems import Problem, Severity, UserError

TEMPLATES = Path(__file__).parent / "templates"
FONT_FILE: Path = pylopdf_fonts_zh_cn.sans_path()
FONT_PACKAGE = "pylopdf-fonts-zh-cn"
FAMILY = "Noto Sans SC"
SERIF_FAMILY = "Noto Serif SC"  # lies beside the other
GETA = "〓"  # the printer's mark for a character that the case does not hold


# Typst sets these itself: it makes the spaces, and the templates lower and raise the digits.
_MADE_BY_TYPST = frozenset("\n\u00a0\u2002\u2003\u2009\u200b\u202f" + "₀₁₂₃₄₅₆₇₈₉" + "⁰⁴⁵⁶⁷⁸⁹")


def pdf(template: str, data: Mapping[str, Any], *, date: datetime.date) -> bytes:
    """A document as PDF/A-2a and PDF/UA-1: archivable, tagged, its text searchable.

    Parameters
    ----------
    template : str
        File name in `reports/templates`.
    data : Mapping
        What the template prints: texts, numbers, lists and SVG pictures as text. Nothing of it is read
        as markup.
    date : date
        Date written into the file. The same template, data and date give the same bytes.
    """
    midnight = datetime.datetime.combine(date, datetime.time(), datetime.UTC)
    compiler = _compiler(template, data)
    document = compiler.compile(format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=midnight)
    if not isinstance(document, bytes):
        raise TypeError("a document is one file")
    return document


def pages(template: str, data: Mapping[str, Any], *, dots_per_inch: float = 96) -> list[bytes]:
    """The same document as PNG pictures, one a page, for a preview on the screen."""
    made = _compiler(template, data).compile(format="png", ppi=dots_per_inch)
    return [made] if isinstance(made, bytes) else list(made or ())


def queried(template: str, data: Mapping[str, Any], label: str) -> list[Any]:
    """What a template notes under a label while its pages are set, in the order of the pages."""
    found: list[Any] = json.loads(_compiler(template, data).query(f"<{label}>", field="value"))
    return found


def picture(svg: str, *, dots_per_inch: float = 200) -> bytes:
    """An SVG picture as PNG, in the size it has on paper."""
    return pages("picture.typ", {"picture": svg}, dots_per_inch=dots_per_inch)[0]


def missing_glyphs(data: Any) -> list[Problem]:
    """A problem if some characters stand in no font of this machine; they are printed as 〓.

    Raises
    ------
    UserError
        The bundled font is not there.
    """
    _need_font()
    wanted = _lacking(_characters(data))
    lacking = sorted(wanted - set(_stand_ins(wanted)))
    if not lacking:
        return []
    return [
        Problem(
            "No font has the characters {characters}.",
            "They are printed as 〓. Install a font that has them, or write these words otherwise.",
            severity=Severity.WARNING,
            characters=" ".join(f"{character} (U+{ord(character):04X})" for character in lacking),
        )
    ]


def _compiler(template: str, data: Mapping[str, Any]) -> typst.Compiler:
    """A compiler that knows the template, the data and the fonts."""
    _need_font()
    characters = _characters(data)
    lacking = _lacking(characters)
    stand_ins = _stand_ins(lacking)
    replaced = {ord(character): GETA for character in lacking - set(stand_ins)}
    for character in characters:
        if unicodedata.category(character) in ("Cc", "Cs") and character != "\n":
            replaced[ord(character)] = " "
    printed = _translated(data, replaced) if replaced else data
    families = [FAMILY, *sorted(set(stand_ins.values()))]
    return typst.Compiler(
        TEMPLATES / template,
        root=TEMPLATES,
        font_paths=_fonts(bool(stand_ins)),
        ignore_system_fonts=True,
        sys_inputs={
            "data": json.dumps({**printed, "fonts": families, "serif": SERIF_FAMILY}, ensure_ascii=False)
        },
    )


def _need_font() -> None:
    """Refuse to set pages without the bundled font, as they would be empty or in another type."""
    cause: Exception | None = None
    try:
        whole = FONT_FILE.is_file() and bool(_glyphs())
    except (OSError, TTLibError) as why:
        whole, cause = False, why
    if not whole:
        raise UserError(
            Problem(
                "The font {file} that comes with the program is missing or damaged.",
                "Install the package {package} again.",
                file=FONT_FILE.name,
                package=FONT_PACKAGE,
            )
        ) from cause


@cache
def _fonts(with_system: bool) -> typst.Fonts:
    """The bundled fonts; those of the machine only where a character is in no bundled font."""
    return typst.Fonts(
        include_system_fonts=with_system,
        include_embedded_fonts=False,
        font_paths=[str(FONT_FILE.parent)],
    )


@cache
def _glyphs() -> frozenset[str]:
    """The characters of the bundled font."""
    with TTFont(FONT_FILE, lazy=True) as font:
        return _in_font(font)


def _in_font(font: TTFont) -> frozenset[str]:
    """The characters of a font; the names of its glyphs, which take most of the time to read, are not looked at."""
    font.setGlyphOrder([""] * font["maxp"].numGlyphs)
    return frozenset(map(chr, font.getBestCmap() or ()))


def _lacking(characters: frozenset[str]) -> frozenset[str]:
    """Those of some characters that the bundled font cannot print."""
    return frozenset(
        character
        for character in characters - _glyphs() - _MADE_BY_TYPST
        if unicodedata.category(character) not in ("Cc", "Cf", "Cs")
    ) | frozenset(character for character in characters if unicodedata.category(character) == "Co")


def _stand_ins(lacking: frozenset[str]) -> dict[str, str]:
    """For each lacking character a family of this machine that has it, where there is one."""
    wanted = {character for character in lacking if unicodedata.category(character) != "Co"}
    found: dict[str, str] = {}
    for family, characters in _families_of_the_machine() if wanted else ():
        for character in wanted & characters:
            found.setdefault(character, family)
        if len(found) == len(wanted):
            break
    return found


@cache
def _families_of_the_machine() -> tuple[tuple[str, frozenset[str]], ...]:
    """Families installed on this machine with their characters, by name."""
    families = []
    for face in sorted(_fonts(True).fonts(), key=lambda face: (face.family, face.path or "")):
        upright = face.style == "normal" and 300 <= face.weight <= 500
        if face.path is None or Path(face.path) == FONT_FILE or not upright:
            continue
        with TTFont(face.path, fontNumber=face.index, lazy=True) as font:
            families.append((face.family, _in_font(font)))
    return tuple(families)


def _characters(data: Any) -> frozenset[str]:
    """Every character that stands in the data."""
    found: set[str] = set()
    left = [data]
    while left:
        one = left.pop()
        if isinstance(one, str):
            found.update(one)
        elif isinstance(one, dict | Mapping):  # a dict is told without asking the abstract class
            left.extend(one.values())
        elif isinstance(one, list | tuple):
            left.extend(one)
    return frozenset(found)


def _translated(data: Any, table: dict[int, str]) -> Any:
    if isinstance(data, str):
        return data.translate(table)
    if isinstance(data, Mapping):
        return {key: _translated(value, table) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_translated(value, table) for value in data]
    return data
