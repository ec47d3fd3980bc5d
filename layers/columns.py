"""Columns: which of ours a column of a given layer is, in which unit, and the layer under our names."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from core.fields import Field, fields
from core.problems import Problem, Severity
from core.texts import text
from layers import values
from layers.aliases import MADE, Aliases, Claim, units
from layers.column_units import SHARE_UNITS, areas_m2, unit_of

KEPT = "（原值）"  # behind the name of a column that is kept beside the one made of it
MOST_EXACT = 2.0**53  # beyond it not every whole number has a float64 of its own


@dataclass(frozen=True)
class Pair:
    """One of our fields and the column it comes from, with the unit of that column."""

    field: str
    column: str
    unit: str = ""
    factor: float = 1.0


@dataclass(frozen=True)
class Ambiguity:
    """What the user should decide; the first of the options was taken.

    `about` is `column` (several columns may be the field), `field` (the column may be several fields) or
    `unit` (the column may be in several units).
    """

    about: str
    field: str
    column: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class ColumnMatch:
    """Which columns of a layer are ours. `signature` tells layers of the same columns."""

    table: str
    signature: str
    pairs: tuple[Pair, ...]
    ambiguities: tuple[Ambiguity, ...] = ()
    unmatched: tuple[str, ...] = ()

    @property
    def problems(self) -> list[Problem]:
        """What was taken though it was not certain, for the command line to list and the window to ask."""
        return [_warning(found, self.table) for found in self.ambiguities]

    def to_json(self) -> dict[str, Any]:
        """The match as plain lists and words, for the project to keep."""
        return asdict(self)

    @staticmethod
    def from_json(record: Mapping[str, Any]) -> ColumnMatch:
        """The match that `to_json` wrote."""
        return ColumnMatch(
            table=str(record["table"]),
            signature=str(record["signature"]),
            pairs=tuple(Pair(**pair) for pair in record["pairs"]),
            ambiguities=tuple(
                Ambiguity(**{**found, "options": tuple(found["options"])})
                for found in record.get("ambiguities", ())
            ),
            unmatched=tuple(record.get("unmatched", ())),
        )


@dataclass(frozen=True)
class Converted:
    """A layer under our names, and what could not be read on the way."""

    frame: gpd.GeoDataFrame
    problems: tuple[Problem, ...]


def signature(frame: pd.DataFrame) -> str:
    """A word that is the same for all layers with the same columns, in whatever order."""
    names = sorted(_columns(frame))
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:16]


def match_columns(
    frame: gpd.GeoDataFrame,
    table: str,
    aliases: pd.DataFrame | None = None,
    remembered: ColumnMatch | Mapping[str, Any] | None = None,
) -> ColumnMatch:
    """Find which columns of a layer are ours, by their names and values.

    Parameters
    ----------
    frame : GeoDataFrame
        The layer as given.
    table : str
        What the layer is to be: `building`, `parcel`, `water` …
    aliases : DataFrame, optional
        Names under which fields are met, columns as of the table `field_aliases`; that table by default.
    remembered : ColumnMatch or mapping, optional
        A match kept from a layer before; it holds if its signature is this layer's.

    Returns
    -------
    ColumnMatch
        What was taken, and what should be asked.
    """
    if remembered is not None:
        kept = remembered if isinstance(remembered, ColumnMatch) else ColumnMatch.from_json(remembered)
        if kept.table == table and kept.signature == signature(frame):
            return ColumnMatch(table, kept.signature, kept.pairs, (), kept.unmatched)
    names = Aliases(aliases)
    shapes_m2 = areas_m2(frame)
    claims = {column: _fitting(names.claims(column, table), frame[column]) for column in _columns(frame)}
    order = sorted(
        ((column, claim) for column, found in claims.items() for claim in found),
        key=lambda pair: (-pair[1].sureness, not fields()[pair[1].field].choices, pair[1].order),
    )
    taken: dict[str, Pair] = {}
    used: dict[str, Claim] = {}
    unsure: list[Ambiguity] = []
    for column, claim in order:
        if claim.field in taken or column in used:
            continue
        pair, doubt = _with_unit(frame[column], column, claim, names, table, shapes_m2)
        if pair is None:
            continue
        taken[claim.field], used[column] = pair, claim
        unsure += doubt
    unsure += _rivals(claims, used)
    unmatched = tuple(column for column in claims if column not in used)
    return ColumnMatch(table, signature(frame), tuple(taken.values()), tuple(unsure), unmatched)


def apply(frame: gpd.GeoDataFrame, match: ColumnMatch) -> gpd.GeoDataFrame:
    """The layer under our names and in our units; columns that are not ours keep their names."""
    return convert(frame, match).frame


def convert(frame: gpd.GeoDataFrame, match: ColumnMatch) -> Converted:
    """The layer under our names and in our units, with what could not be read.

    A column that could not be read in every row stays as it was given, with `KEPT` behind its name, and so
    does one whose name is now ours; a column that is not ours stays under its own name.

    Parameters
    ----------
    frame : GeoDataFrame
        The layer as given; not changed.
    match : ColumnMatch
        Which columns are ours.
    """
    ours: dict[str, pd.Series[Any]] = {}
    problems: list[Problem] = []
    replaced: set[str] = set()
    for pair in match.pairs:
        if pair.column not in frame.columns:
            continue
        series, whole, found = _converted(frame[pair.column], pair, match.table)
        ours[pair.field] = series
        problems += found
        if whole:
            replaced.add(pair.column)
    reserved = set(ours)
    read = {pair.column for pair in match.pairs if pair.field in ours}
    parts = dict(ours)
    for column in _columns(frame):
        if column in replaced:
            continue
        name = column
        beside = column in read or _is_unfit(column, match)
        while name in parts or name in reserved or (name == column and beside):
            name = f"{name}{KEPT}"
        parts[name] = frame[column]
    table = pd.DataFrame(parts, index=frame.index)
    whole_frame = gpd.GeoDataFrame(table, geometry=frame.geometry.rename("geometry"), crs=frame.crs)
    return Converted(whole_frame, tuple(problems))


def _converted(column: pd.Series[Any], pair: Pair, table: str) -> tuple[pd.Series[Any], bool, list[Problem]]:
    """A column as one of our fields, whether all of it was understood, and the problems."""
    field = fields()[pair.field]
    if field.type in ("number", "count"):
        series, wrong = values.numbers(column, field, pair.factor)
        return series, not wrong.any(), _unread(column, wrong, field, pair, table)
    if field.choices or field.type == values.FLAG:
        series, guessed, wrong = values.meanings(column, field)
        found = _unread(column, wrong, field, pair, table)
        if guessed:
            found.append(
                Problem(
                    "Words in {column} were read by a part of them: {words}.",
                    "Check them, and correct {title} where they mean something else.",
                    severity=Severity.NOTE,
                    table=table,
                    column=pair.column,
                    title=field.title,
                    words=", ".join(f"{word} → {text(choice)}" for word, choice in sorted(guessed.items())),
                )
            )
        return series, not (wrong.any() or guessed), found
    series = _as_text(column)
    rounded = _rounded(column, pair, table)
    meant = values.words(field.name)
    if not meant:
        return series, True, rounded
    # Of free text, only words that are known exactly are replaced.
    plain = series.map(lambda word: meant.get(values.plain(word), word), na_action="ignore").astype("str")
    return plain, True, rounded


def _as_text(column: pd.Series[Any]) -> pd.Series[Any]:
    """A column as text; whole numbers that became decimals because some are missing lose their ".0"."""
    if pd.api.types.is_float_dtype(column) and bool((column.dropna() % 1 == 0).all()):
        return column.map(lambda value: None if pd.isna(value) else str(int(value))).astype("str")
    return column.map(lambda value: None if pd.isna(value) else str(value)).astype("str")


def _rounded(column: pd.Series[Any], pair: Pair, table: str) -> list[Problem]:
    """A warning where numbers stand for text and are too long for every digit to have been kept."""
    if not pd.api.types.is_float_dtype(column):
        return []
    long = column.abs() > MOST_EXACT
    if not long.any():
        return []
    return [
        Problem(
            "{column} holds numbers of more than 15 digits; the last digits were lost before they were read.",
            "Save the column as text, and import the file once more.",
            severity=Severity.WARNING,
            table=table,
            rows=tuple(column.index[long]),
            column=pair.column,
        )
    ]


def _unread(
    column: pd.Series[Any], wrong: pd.Series[bool], field: Field, pair: Pair, table: str
) -> list[Problem]:
    if not wrong.any():
        return []
    seen = list(dict.fromkeys(str(value) for value in column[wrong]))[:5]
    return [
        Problem(
            "Some values of {column} cannot be read as {title}: {values}.",
            "Correct these rows; until then the value counts as missing.",
            severity=Severity.WARNING,
            table=table,
            rows=tuple(column.index[wrong]),
            column=pair.column,
            title=field.title,
            **{"values": ", ".join(seen)},
        )
    ]


def _fitting(claims: Sequence[Claim], column: pd.Series[Any]) -> list[Claim]:
    return [claim for claim in claims if values.fits(column, fields()[claim.field])]


def _rivals(claims: Mapping[str, Sequence[Claim]], used: Mapping[str, Claim]) -> list[Ambiguity]:
    """Fields that other columns could be as surely, and columns that could as surely be other fields."""
    found = []
    for column, claim in used.items():
        others = [
            other
            for other, rivals in claims.items()
            if other not in used
            and any(r.field == claim.field and r.sureness == claim.sureness for r in rivals)
        ]
        if others:
            found.append(Ambiguity("column", claim.field, column, (column, *others)))
        taken = {other.field for other in used.values()}
        meant = [
            rival.field
            for rival in claims[column]
            if rival.sureness == claim.sureness > MADE and rival.order == claim.order
            if rival.field not in taken
        ]
        if meant:
            found.append(Ambiguity("field", claim.field, column, (claim.field, *meant)))
    return found


def _with_unit(
    series: pd.Series[Any],
    column: str,
    claim: Claim,
    names: Aliases,
    table: str,
    shapes_m2: pd.Series[float] | None,
) -> tuple[Pair | None, list[Ambiguity]]:
    """The pair with the unit its name, its values or the shapes tell; None if no unit makes sense."""
    field = fields()[claim.field]
    allowed = names.units_of(table, field.name) or (SHARE_UNITS if _is_share(field) else ())
    if not allowed or field.type not in ("number", "count"):
        return Pair(field.name, column), []
    plain, _ = values.numbers(series, field, 1.0)
    plain = plain[plain > 0]
    found, options = unit_of(field.name, plain, allowed, shapes_m2, closely=claim.sureness == MADE)
    if claim.unit:
        if found and found != claim.unit and units()[found].factor != units()[claim.unit].factor:
            doubt = Ambiguity("unit", field.name, column, (claim.unit, found))
            return Pair(field.name, column, claim.unit, units()[claim.unit].factor), [doubt]
        return Pair(field.name, column, claim.unit, units()[claim.unit].factor), []
    if found:
        return Pair(field.name, column, found, units()[found].factor), []
    if claim.sureness == MADE and shapes_m2 is not None:
        return None, []  # Shape_Area in square degrees or of Web Mercator: the shapes know better
    unit = (options or allowed)[0]
    pair = Pair(field.name, column, unit, units()[unit].factor)
    written = not pd.api.types.is_numeric_dtype(series) and any(
        values.to_number(value, field)[1] for value in series.dropna().head(values.SEEN)
    )
    if len(plain) == 0 or written:
        return pair, []
    return pair, [Ambiguity("unit", field.name, column, tuple(dict.fromkeys((unit, *options, *allowed))))]


def _is_share(field: Field) -> bool:
    return field.type == "number" and field.unit == "" and field.low == 0 and field.high == 1


def _is_unfit(column: str, match: ColumnMatch) -> bool:
    """Whether a column that is not matched bears the name of a field with fixed words or numbers."""
    known = fields().get(column)
    matched = {pair.column for pair in match.pairs}
    return known is not None and column not in matched and bool(known.choices or known.type != "text")


def _columns(frame: pd.DataFrame) -> list[str]:
    shape = frame.geometry.name if isinstance(frame, gpd.GeoDataFrame) else ""
    return [str(name) for name in frame.columns if name != shape]


def _warning(found: Ambiguity, table: str) -> Problem:
    title = fields()[found.field].title
    if found.about == "unit":
        return Problem(
            "{title} in {column} may be in {options}; {unit} was taken.",
            "Choose the unit of this column.",
            severity=Severity.WARNING,
            table=table,
            title=title,
            column=found.column,
            options=", ".join(found.options),
            unit=found.options[0],
        )
    if found.about == "field":
        return Problem(
            "The column {column} may be {options}; {title} was taken.",
            "Choose what this column holds.",
            severity=Severity.WARNING,
            table=table,
            title=title,
            column=found.column,
            options=", ".join(fields()[name].title for name in found.options),
        )
    return Problem(
        "Several columns may be {title}: {options}; {column} was taken.",
        "Choose the column that holds it.",
        severity=Severity.WARNING,
        table=table,
        title=title,
        column=found.column,
        options=", ".join(found.options),
    )
