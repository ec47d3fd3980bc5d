"""Aliases: which of our fields a column name met in planning data may mean, and in which unit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import pandas as pd

import standards
from core.fields import fields

# How sure a name is, from the surest.
OWN, ALIAS, BARE, CUT, MADE = 5, 4, 3, 2, 1
# Columns that GIS programs write themselves; a column of the planner's comes before them.
MADE_BY_GIS = {"shapearea", "shapeleng", "shapelength", "area", "type", "kind", "id"}
DBF_BYTES = 10
LEAST_CUT = {"gbk": 5, "utf-8": 3}  # Han characters left of a name that was cut
BRACKETS = re.compile(r"[(\[【]([^()\[\]】]*)[)\]】]")
KEPT_NAMES = 20_000  # all our words, and the columns of many layers
MARKS = re.compile(r"[\s_\-.:/\\]+")


@dataclass(frozen=True)
class Claim:
    """A field that a column may be: how sure (`OWN` … `MADE`), and the unit its name gives, if any."""

    field: str
    sureness: int
    order: int
    unit: str


@dataclass(frozen=True)
class Unit:
    """A unit met in planning data: its quantity and the factor to m², m or a share of 1."""

    name: str
    quantity: str
    factor: float
    words: tuple[str, ...]


@lru_cache(maxsize=KEPT_NAMES)
def normal(name: str) -> str:
    """A column name in half-width small letters without spaces and marks."""
    return MARKS.sub("", unicodedata.normalize("NFKC", name).casefold())


@cache
def units() -> Mapping[str, Unit]:
    """All units by name."""
    table = standards.table("unit_words")
    return {
        str(row["unit"]): Unit(
            str(row["unit"]),
            str(row["quantity"]),
            float(row["factor"]),
            tuple(normal(word) for word in str(row["words"]).split("|")),
        )
        for row in table.to_dict("records")
    }


def unit_named(word: str, allowed: Sequence[str] = ()) -> str:
    """The unit that a word means, among the allowed ones; empty if none."""
    plain = normal(word)
    names = allowed or tuple(units())
    return next((name for name in names if name in units() and plain in units()[name].words), "")


class Aliases:
    """Names under which our fields are met.

    Parameters
    ----------
    rows : DataFrame, optional
        `table`, `field`, `aliases` (parted by |) and `unit` (parted by |); the program's own by default.
    """

    def __init__(self, rows: pd.DataFrame | None = None) -> None:
        table = standards.table("field_aliases") if rows is None else rows
        self._words: dict[str, dict[str, list[str]]] = {}
        self._met: dict[str, dict[str, tuple[int, list[str]]]] = {}
        self._units: dict[tuple[str, str], tuple[str, ...]] = {}
        for row in table.to_dict("records"):
            kind, field = str(row["table"]), str(row["field"])
            own = [word for word in str(row["aliases"]).split("|") if word]
            self._words.setdefault(kind, {})[field] = own
            self._units[kind, field] = tuple(unit for unit in str(row["unit"]).split("|") if unit in units())

    def units_of(self, table: str, field: str) -> tuple[str, ...]:
        """Units in which the values of a field are met, the usual first."""
        return self._units.get((table, field), ())

    def claims(self, column: str, table: str) -> list[Claim]:
        """Fields that a column of this name may be, the surest first."""
        plain, last = normal(column), normal(column.split()[-1]) if column.split() else ""
        found: dict[str, Claim] = {}
        for field, (own, words) in self._words_of(table).items():
            cut = field in self._words.get(table, {})
            base, unit = _without_unit(column, self.units_of(table, field))
            for order, word in enumerate(words):
                alias = normal(word)
                claim = None
                if alias in (plain, base, last):
                    sure = MADE if plain in MADE_BY_GIS else OWN if order < own else ALIAS
                    named = plain == alias or (base == alias and unit != "")
                    claim = Claim(
                        field,
                        sure if named else min(sure, BARE),
                        order,
                        unit if named and plain != alias else "",
                    )
                elif cut and _is_cut(column, word):
                    claim = Claim(field, CUT, len(word), "")  # the shorter the word, the less was cut
                best = found.get(field)
                if claim and (best is None or claim.sureness > best.sureness):
                    found[field] = claim
        return sorted(found.values(), key=lambda claim: (-claim.sureness, claim.order))

    def _words_of(self, table: str) -> dict[str, tuple[int, list[str]]]:
        """Of every field how many names are our own, and these first, then the aliases of the table's."""
        if table not in self._met:
            known = self._words.get(table, {})
            names = known if table == "point" else {name: known.get(name, []) for name in fields()}
            own = {name: _own_words(name) for name in names}
            self._met[table] = {name: (len(own[name]), [*own[name], *words]) for name, words in names.items()}
        return self._met[table]


def _own_words(field: str) -> list[str]:
    known = fields().get(field)
    return [known.name, known.title_zh, known.title_en, known.short_name] if known else []


@lru_cache(maxsize=KEPT_NAMES)
def _without_unit(column: str, allowed: tuple[str, ...]) -> tuple[str, str]:
    """The name without what stands in brackets or the unit at its end, and that unit."""
    wide = unicodedata.normalize("NFKC", column)
    inside = BRACKETS.search(wide)
    if inside:
        return normal(BRACKETS.sub("", wide)), unit_named(inside[1], allowed)
    plain = normal(column)
    endings = [(word, name) for name in allowed for word in units()[name].words if plain.endswith(word)]
    if not endings:
        return plain, ""
    word, name = max(endings, key=lambda pair: len(pair[0]))
    return plain[: -len(word)], name


def _is_cut(column: str, word: str) -> bool:
    """Whether a column name is a longer word cut to the ten bytes of a dBASE table."""
    if column.isascii():
        cut = word.replace(":", "_")[:DBF_BYTES]
        return len(word) > DBF_BYTES and column.casefold() == cut.casefold()
    for encoding, least in LEAST_CUT.items():
        whole = word.encode(encoding, "ignore")
        short = whole[:DBF_BYTES].decode(encoding, "ignore")
        if len(whole) > DBF_BYTES and len(short) >= least and column == short:
            return True
    return False
