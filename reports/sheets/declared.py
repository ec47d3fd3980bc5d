"""Declared sheets: what each map sheet shows, read from `templates/sheets.toml`; a new sheet is a new row there."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any

from core.texts import Phrase, language
from reports.sheets.given import Given
from reports.typesetting import TEMPLATES

DECLARATIONS = TEMPLATES / "sheets.toml"
UNIT_TITLE = {"zh": "政策单元图则", "en": "Sheet of the policy unit"}
ATLAS_TITLE = {"zh": "地块报告图集索引图", "en": "Index of the atlas of parcels"}
COMPARISON_TITLE = {"zh": "方案差异图", "en": "What differs"}
GROUPS = ("planning", "implementation")
BARE = "bare"  # a base map of nothing but the ground
BASE = ("relief", "parks", "buildings", "units", "districts")


@dataclass(frozen=True)
class Words:
    """A title or note in both languages."""

    zh: str
    en: str

    def said(self) -> str:
        """The words in the language of the moment."""
        return self.zh if language() == "zh" else self.en


@dataclass(frozen=True)
class Category:
    """A word of a palette: its colour, its hatch, and what the legend says."""

    key: str
    colour: str
    words: Words
    hatch: str = ""


@dataclass(frozen=True)
class SheetLayer:
    """One layer of a sheet; the comments at the head of the file say what each word means."""

    shape: str
    title: Words
    values: str = ""
    column: str = ""
    classes: str = "single"
    name: str = ""
    unless: str = ""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    per: str = ""
    gather: str = ""
    derive: str = ""
    factor: float = 1.0
    by_hectare: bool = False
    positive: bool = False
    breaks: tuple[float, ...] = ()
    ramp: str | tuple[str, ...] = "irradiation"
    unit: str = ""
    plain: bool = False
    colour: str = "#6b777c"
    hatch: str = ""
    opacity: float = 1.0
    outline: str = ""  # of areas; empty for that of the sheet
    outline_mm: float = 0.1
    symbol: str = "dot"
    size: float = 1.0
    mark: bool = False
    number: int = 0
    label: str = ""
    count: str = ""
    optional: bool = False
    given: Given | None = None
    under: bool = False  # areas below the rasters of the sheet


@dataclass(frozen=True)
class SheetRaster:
    """A raster below the layers of a sheet: `raster` of the city or `assessment:raster`, in classes of its column."""

    raster: str
    column: str
    title: Words
    name: str = ""
    unit: str = ""
    breaks: tuple[float, ...] = ()
    ramp: str | tuple[str, ...] = "irradiation"
    area: bool = False
    optional: bool = False


@dataclass(frozen=True)
class SheetTable:
    """A table beside the map: columns of a table of the plan or of the city."""

    title: Words
    values: str = ""
    shape: str = ""
    columns: tuple[str, ...] = ()
    numbered: bool = False
    sort: str = ""
    index: bool = True
    most: int = 0
    where: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class SheetFigure:
    """A key figure beside the map: `plan:key`, `assessment:total`, or `count:`, `land:` or `sum:` of a table of the city."""

    key: str
    title: Words | None = None


@dataclass(frozen=True)
class Sheet:
    """One declared sheet; where it names no base, it has the whole base but what its layers show themselves."""

    key: str
    number: str
    group: str
    title: Words
    layers: tuple[SheetLayer, ...] = ()
    rasters: tuple[SheetRaster, ...] = ()
    tables: tuple[SheetTable, ...] = ()
    figures: tuple[SheetFigure, ...] = ()
    notes: tuple[Words, ...] = ()
    base: tuple[str, ...] = ()
    labels: tuple[str, ...] = ("unit", "road", "water")
    extent: bool = False

    @property
    def called(self) -> Words:
        """The number of the sheet as it is printed."""
        if not self.number:
            return Words("", "")
        annex = self.group == "implementation"
        return Words(
            f"{'附图' if annex else '图'} {self.number}", f"{'Annex map' if annex else 'Map'} {self.number}"
        )


@cache
def sheets() -> tuple[Sheet, ...]:
    """All declared sheets in their order."""
    return tuple(_sheet(row) for row in _file()["sheet"])


@dataclass(frozen=True)
class UnitColumn:
    """A column of the table of parcels on the sheet of a unit: where it stands and how wide it is. [mm]"""

    values: str
    column: str
    width_mm: float


@dataclass(frozen=True)
class UnitGroup:
    """Indicators of a unit that stand in one table.

    Parameters
    ----------
    title : Words
    columns : tuple of str
        Each the first of some names, parted by |, that is there.
    zero : bool
        Whether an amount of nothing is printed where it has no target.
    """

    title: Words
    columns: tuple[str, ...]
    zero: bool = True


@dataclass(frozen=True)
class UnitSheet:
    """What the sheet of every policy unit shows."""

    map: Sheet
    columns: tuple[UnitColumn, ...]
    groups: tuple[UnitGroup, ...]


@cache
def unit_sheet() -> UnitSheet:
    """The declaration of the sheets of policy units."""
    row = dict(_file()["unit_sheet"])
    columns = tuple(UnitColumn(**one) for one in row.pop("column"))
    groups = tuple(
        UnitGroup(Words(**one["title"]), tuple(one["columns"]), one.get("zero", True))
        for one in row.pop("group")
    )
    head = {"key": "unit", "number": "18", "group": "planning", "labels": (), "title": UNIT_TITLE}
    return UnitSheet(_sheet({**head, **row}), columns, groups)


@cache
def atlas_sheet() -> Sheet:
    """The declaration of the index map of an atlas of parcel reports."""
    return _sheet(
        {"key": "atlas", "number": "0", "group": "planning", "title": ATLAS_TITLE, **_file()["atlas_sheet"]}
    )


@cache
def comparison_sheet() -> Sheet:
    """The declaration of the map of what differs between two scenarios."""
    head = {"key": "comparison", "number": "0", "group": "planning", "title": COMPARISON_TITLE}
    return _sheet({**head, **_file()["comparison_sheet"]})


@cache
def palettes() -> Mapping[str, tuple[Category, ...]]:
    """All palettes by name, each in the order of its legend."""
    return {
        name: tuple(Category(**{**row, "words": Words(**row["words"])}) for row in rows)
        for name, rows in _file()["palette"].items()
    }


@cache
def table_words(owner: str) -> Mapping[str, Words]:
    """What the tables of the `city` or of the `plan` are called, by name."""
    return {name: Words(**words) for name, words in _file()[f"{owner}_tables"].items()}


class Said(Phrase):
    """Words as a value of a sentence, in the language in which it is read."""

    words: Words

    def __new__(cls, words: Words) -> Said:
        """A phrase of these words."""
        made = super().__new__(cls, words.en)
        made.words = words
        return made

    def said(self) -> str:
        """The words in the language of the moment."""
        return self.words.said()


def table_named(owner: str, name: str) -> Words:
    """What a table of the `city` or of the `plan` is called; else its name."""
    return table_words(owner).get(name, Words(name, name))


@cache
def _file() -> dict[str, Any]:
    with DECLARATIONS.open("rb") as file:
        return tomllib.load(file)


def _sheet(row: Mapping[str, Any]) -> Sheet:
    row = dict(row)
    layers = tuple(_layer(one) for one in row.pop("layer", ()))
    rasters = tuple(_raster(one) for one in row.pop("raster", ()))
    tables = tuple(_table(one) for one in row.pop("table", ()))
    figures = tuple(
        SheetFigure(one["key"], Words(one["zh"], one["en"]) if "zh" in one else None)
        for one in row.pop("figures", ())
    )
    listed: dict[str, Any] = {name: tuple(row.pop(name)) for name in ("base", "labels") if name in row}
    notes = tuple(Words(**one) for one in row.pop("notes", ()))
    whole: dict[str, Any] = {**row, **listed, "title": Words(**row["title"]), "notes": notes}
    return Sheet(**whole, layers=layers, rasters=rasters, tables=tables, figures=figures)


def _table(row: Mapping[str, Any]) -> SheetTable:
    where = {column: tuple(words) for column, words in row.get("where", {}).items()}
    columns = tuple(row.get("columns", ()))
    return SheetTable(**{**row, "title": Words(**row["title"]), "columns": columns, "where": where})


def _raster(row: Mapping[str, Any]) -> SheetRaster:
    ramp = row.get("ramp", "irradiation")
    return SheetRaster(
        **{
            **row,
            "title": Words(**row["title"]),
            "breaks": tuple(row.get("breaks", ())),
            "ramp": ramp if isinstance(ramp, str) else tuple(ramp),
        }
    )


def _layer(row: Mapping[str, Any]) -> SheetLayer:
    row = dict(row)
    ramp = row.get("ramp", "irradiation")
    return SheetLayer(
        **{
            **row,
            "title": Words(**row["title"]),
            "where": {column: tuple(words) for column, words in row.get("where", {}).items()},
            "breaks": tuple(row.get("breaks", ())),
            "ramp": ramp if isinstance(ramp, str) else tuple(ramp),
        }
    )
