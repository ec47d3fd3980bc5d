"""Texts: English in code, Chinese from the catalogues in `core/locale`, one catalogue a floor; one is said as one."""

from __future__ import annotations

import locale
import os
import re
import string
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("zh", "en")
CATALOGUES = Path(__file__).parent / "locale"
LINES = r'((?:"(?:[^"\\\n]|\\.)*"\s*)+)'  # of one sentence in a catalogue
SINGULAR = re.compile(rf"^msgctxt {LINES}^msgid {LINES}^msgstr {LINES}", re.MULTILINE)
ENTRY = re.compile(rf"^msgid {LINES}^msgstr {LINES}", re.MULTILINE)
LINE = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
ESCAPED = re.compile(r"\\(.)")
COUNTS = ("all", "count", "rows", "total", "whole")  # placeholders that stand for how many there are
THIN_SPACE = "\u2009"  # between thousands
ACRONYMS = {
    **{
        one: one.upper()
        for one in (
            "ashp",
            "bipv",
            "chp",
            "cop",
            "eer",
            "emc",
            "eui",
            "gcr",
            "ghe",
            "gshp",
            "hp",
            "pedf",
            "pv",
        )
    },
    **{one: one.upper() for one in ("k", "vrf", "wwr")},
    "elec": "electricity",
}  # parts of words of the dictionary that are no words

_speaking: ContextVar[str | None] = ContextVar("speaking", default=None)
_chosen: str | None = None


def use(language: str) -> None:
    """Set the language of the program, `zh` or `en`."""
    global _chosen
    _chosen = _known(language)


def chosen() -> str | None:
    """The language set by `use`; None where none was."""
    return _chosen


def language() -> str:
    """The language of the moment: of the document being written, else of the program."""
    return _speaking.get() or _chosen or preferred()


def preferred() -> str:
    """The language asked for by `LUTU_LANGUAGE`, else by the system; Chinese where neither says English."""
    asked = os.environ.get("LUTU_LANGUAGE") or ""
    if asked[:2].lower() in LANGUAGES:
        return asked[:2].lower()
    system = os.environ.get("LC_ALL") or os.environ.get("LANG") or locale.getlocale()[0] or ""
    return "en" if system[:2].lower() == "en" else "zh"


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Write in another language for a while, e.g. an English document from a Chinese window."""
    token = _speaking.set(_known(language))
    try:
        yield
    finally:
        _speaking.reset(token)


def text(message: str, /, **values: Any) -> str:
    """A sentence in the language of the moment, its `{placeholders}` filled.

    Parameters
    ----------
    message : str
        The English sentence, which is also the key of the catalogues.
    **values
        What fills the placeholders.
    """
    spoken = language()
    said = catalogue(spoken).get(message, message)
    if spoken == "en" and message in singulars():
        said = _of_one(message, values)
    values = {name: _said(name, value) for name, value in values.items()}
    return _Filler().vformat(said, (), values) if values else said


def _said(name: str, value: Any) -> Any:
    """A value as a sentence says it: phrases in the language of the moment, counts with gaps between thousands."""
    if isinstance(value, Phrase):
        return value.said()
    if name in COUNTS and isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}".replace(",", THIN_SPACE)
    return value


def _of_one(message: str, values: Mapping[str, Any]) -> str:
    """An English sentence, in the singular where what it counts is one."""
    forms = singulars()[message]
    ones = frozenset(name for name in frozenset().union(*forms) if values.get(name) in (1, "1"))
    return forms.get(ones, message)


class Phrase(str):
    """A sentence or name as a value of another sentence, said in the language of the moment it is read in.

    Kept with results by its English key, so that what was written in one language reads well in another.
    """

    def said(self) -> str:
        """The phrase in the language of the moment."""
        return text(str(self))


def word(key: str) -> str:
    """A word of the dictionary (`fairly_suitable`) in the language of the moment; any other word as it is."""
    said = text(key)
    if said != key or not (key.isascii() and key.islower() and key.replace("_", "").isalpha()):
        return said
    first, *others = (ACRONYMS.get(part, part) for part in key.split("_"))
    return " ".join([first[:1].upper() + first[1:], *others])


class _Filler(string.Formatter):
    """`str.format` that never reads attributes of a value: values come from users' files."""

    def get_field(self, field_name: str, args: Any, kwargs: Mapping[str, Any]) -> Any:
        return self.get_value(field_name, args, kwargs), field_name


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """All sentences of a language by their English key; for English the words whose key cannot be read."""
    if language == "en":
        return dict(entries((CATALOGUES / "en" / "words.po").read_text(encoding="utf-8")))
    sentences: dict[str, str] = {}
    for path in sorted((CATALOGUES / "zh_CN").glob("*.po")):
        sentences.update(entries(path.read_text(encoding="utf-8")))
    return sentences


@cache
def singulars() -> Mapping[str, Mapping[frozenset[str], str]]:
    """English sentences that count something, as they read where some of their values are 1, by these values' names."""
    found: dict[str, dict[frozenset[str], str]] = {}
    for path in sorted((CATALOGUES / "en").glob("*.po")):
        for entry in SINGULAR.finditer(path.read_text(encoding="utf-8")):
            names, sentence, one = (
                ESCAPED.sub(_unescaped, "".join(LINE.findall(part))) for part in entry.groups()
            )
            found.setdefault(sentence, {})[frozenset(names.split())] = one
    return found


def entries(catalogue: str) -> Iterator[tuple[str, str]]:
    """Each sentence of a catalogue with its translation; those without one are left out.

    Reads what our catalogues are made of, pairs of `msgid` and `msgstr`, in a hundredth of the time that a whole reader
    of the format takes: every Chinese start and command waits for it.
    """
    for entry in ENTRY.finditer(catalogue):
        english, chinese = ("".join(LINE.findall(part)) for part in entry.groups())
        if english and chinese:
            yield ESCAPED.sub(_unescaped, english), ESCAPED.sub(_unescaped, chinese)


def _unescaped(found: re.Match[str]) -> str:
    return {"n": "\n", "t": "\t"}.get(found[1], found[1])


def _known(language: str) -> str:
    if language not in LANGUAGES:
        raise ValueError(f"no such language: {language!r}; there are {', '.join(LANGUAGES)}")
    return language
