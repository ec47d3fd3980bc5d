"""The library of tables: those that come with the program, with a project's own rows laid over them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from core.problems import Problem, Severity, UserError
from standards.checks import named, problems_of, row_names
from standards.files import as_numbers, read_text
from standards.numbers import Number
from standards.overrides import Override, laid_over, own_document
from standards.sources import Source, citation, is_assumption, keys_of, read_sources, shipped_sources

TABLES = Path(__file__).with_name("tables")
DESCRIPTIONS = Path(__file__).with_name("tables.toml")

# Units said by the end of a column's name, for tables without a column `unit`; longest end first.
UNITS_BY_ENDING = {
    "_kgco2_per_kwh": "kgCO2/kWh",
    "_kwh_per_m2_day": "kWh/(m² d)",
    "_w_per_m2k": "W/(m² K)",
    "_w_per_m2": "W/m²",
    "_mj_m3k": "MJ/(m³ K)",
    "_w_mk": "W/(m K)",
    "_m_d": "m/d",
    "hdd18": "℃·d",
    "cdd26": "℃·d",
    "_c": "°C",
    "_m": "m",
    "_ach": "1/h",
}

_SHIPPED: dict[Any, Number] = {}  # numbers once looked up in the program's own tables, which never change


@dataclass(frozen=True)
class Standards:
    """Tables of published numbers.

    Parameters
    ----------
    local : Path, optional
        Folder of a project's own tables, `<table>.csv`, and its own `sources.toml`. A row with the keys of a
        shipped row replaces it, other rows are added; columns that the file leaves out keep what was shipped,
        but for ranges, notes and marks of trust, which were said of the other number. A table of another name
        stands as it is.
    overrides : tuple of Override
        Rows that a planner put in place of others or added, laid over both.

    Notes
    -----
    Tables are read once; after a change of the folder make a new `Standards`.
    """

    local: Path | None = None
    overrides: tuple[Override, ...] = ()
    _read: dict[str, pd.DataFrame] = field(default_factory=dict, init=False, repr=False, compare=False)
    _numbers: dict[Any, Number] = field(default_factory=dict, init=False, repr=False, compare=False)

    def names(self) -> list[str]:
        """Names of all tables, the project's own among them."""
        own = {path.stem for path in self._own_files()}
        return sorted({path.stem for path in TABLES.glob("*.csv")} | own)

    def table(self, name: str) -> pd.DataFrame:
        """All rows of a table; codes are text, missing text is empty, missing numbers are NaN.

        The column `local` says which rows the project gave itself.

        Raises
        ------
        KeyError
            There is no such table.
        UserError
            The project's own table of that name cannot be used.
        """
        if name not in self._read:
            self._read[name] = self._load(name)
        return self._read[name].copy(deep=False)

    def about(self, name: str) -> str:
        """What a table holds, one sentence."""
        return str(descriptions().get(name, {}).get("about", ""))

    def keys(self, name: str) -> tuple[str, ...]:
        """Columns that tell the rows of a table apart; empty for a table the program did not bring."""
        return tuple(descriptions().get(name, {}).get("keys", ()))

    def number(self, name: str, /, *, column: str = "default", **keys: Any) -> Number:
        """One number of a table.

        Parameters
        ----------
        name : str
            Table.
        column : str
            Column the number stands in.
        **keys
            Values that single out one row, e.g. `parameter="life", case="inverter"`.

        Raises
        ------
        KeyError
            No row or several rows answer to the keys, or the row has no number in that column.
        """
        known = self._numbers if self.local or self.overrides else _SHIPPED
        asked = (name, column, *((key, type(value), value) for key, value in keys.items()))
        if asked not in known:
            known[asked] = self._one(name, column, keys)
        return known[asked]

    def _one(self, name: str, column: str, keys: Mapping[str, Any]) -> Number:
        table = self.table(name)
        asked = ", ".join(f"{key}={value}" for key, value in keys.items())
        unknown = [key for key in (*keys, column) if key not in table.columns]
        if unknown:
            raise KeyError(f"table {name} has no column {', '.join(unknown)}")
        chosen = pd.Series(True, index=table.index)
        for key, value in keys.items():
            wanted = str(value) if table[key].dtype == "str" else value
            chosen &= table[key] == wanted
        rows = table[chosen]
        if len(rows) != 1:
            raise KeyError(f"{len(rows)} rows of table {name} answer to {asked}; one is needed")
        return self._number(name, rows.iloc[0], column)

    def numbers(self, name: str, /, *, column: str = "default", **keys: Any) -> list[Number]:
        """All numbers of a table whose rows answer to the keys; rows without a number are left out."""
        table = self.table(name)
        for key, value in keys.items():
            table = table[table[key] == (str(value) if table[key].dtype == "str" else value)]
        table = table[pd.to_numeric(table[column], errors="coerce").notna()]
        return [self._number(name, row, column) for _, row in table.iterrows()]

    def sources(self) -> Mapping[str, Source]:
        """All sources by their key, the project's own among them."""
        known = self._listed_sources()
        named_only = [one.source for one in self.overrides if not set(keys_of(one.source)) <= set(known)]
        return {**known, **{(made := own_document(title)).key: made for title in named_only}}

    def _listed_sources(self) -> Mapping[str, Source]:
        own = self.local / "sources.toml" if self.local else None
        if own is None or not own.is_file():
            return shipped_sources()
        try:
            return {**shipped_sources(), **read_sources(own)}
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, AttributeError) as error:
            raise UserError(
                Problem(
                    "The list of sources {file} cannot be read.",
                    "Save it as a TOML file in UTF-8 with one [key] a document.",
                    file=own.name,
                )
            ) from error

    def source(self, key: str) -> Source:
        """The document of a key; what follows the first word (the place) is not looked at.

        Raises
        ------
        KeyError
            No document has this key.
        """
        word = key.split(maxsplit=1)[0] if key.strip() else key
        known = self.sources()
        if word not in known:
            raise KeyError(f"no source has the key {word!r}")
        return known[word]

    def citation(self, source: str) -> str:
        """A row's source with titles in place of keys, as printed in documents."""
        return citation(source, self.sources())

    def check_tables(self) -> list[Problem]:
        """Everything wrong with any table, all at once; empty when all can be used."""
        found: list[Problem] = []
        for name in self.names():
            try:
                table = self.table(name)
            except UserError as error:
                found += error.problems
                continue
            found += problems_of(name, table, self.keys(name), self.sources())
        return found

    def _own_files(self) -> list[Path]:
        return sorted(self.local.glob("*.csv")) if self.local and self.local.is_dir() else []

    def _load(self, name: str) -> pd.DataFrame:
        """A table with what the project gave of it: the rows of its file, then those put in by hand."""
        table = self._from_files(name)
        mine = [one for one in self.overrides if one.table == name]
        if not mine:
            return table
        made = laid_over(table, self.keys(name), mine, self._listed_sources())
        self._refuse(name, made[made["local"]])
        return made

    def _refuse(self, name: str, rows: pd.DataFrame) -> None:
        """Refuse rows of the project that cannot be used."""
        found = problems_of(name, rows, self.keys(name), self.sources())
        errors = [problem for problem in found if problem.severity is Severity.ERROR]
        if errors:
            raise UserError(*errors)

    def _from_files(self, name: str) -> pd.DataFrame:
        own = {path.stem: path for path in self._own_files()}
        shipped = shipped_table(name) if (TABLES / f"{name}.csv").is_file() else None
        if name not in own:
            if shipped is None:
                raise KeyError(f"there is no table {name!r} of published numbers")
            return shipped
        table = self._merged(name, read_text(own[name]), shipped)
        self._refuse(name, table[table["local"]])
        return table

    def _merged(self, name: str, own: pd.DataFrame, shipped: pd.DataFrame | None) -> pd.DataFrame:
        """A project's own rows over the shipped ones of the same keys."""
        keys = list(self.keys(name))
        missing = [column for column in (*keys, "source") if column not in own.columns]
        if missing:
            raise UserError(
                Problem(
                    "The project's own table {name} lacks the columns {columns}.",
                    "Add these columns, named as in the table that comes with the program.",
                    table=name,
                    name=name,
                    columns=", ".join(missing),
                )
            )
        numbers = as_numbers(name, own, shipped, row_names(own, keys))
        numbers["local"] = True
        if shipped is None or not keys:
            return numbers
        before = shipped.set_index(keys, drop=False)
        after = numbers.set_index(keys, drop=False)
        for column in shipped.columns.difference(numbers.columns):
            after[column] = before[column].reindex(after.index) if _inherited(column) else float("nan")
        text = [column for column in shipped.columns if shipped[column].dtype == "str"]
        after[text] = after[text].astype("object").fillna("").astype("str")
        kept = before[~before.index.isin(after.index)]
        both = pd.concat([kept, after[shipped.columns.tolist()]], ignore_index=True)
        both["local"] = both["local"].astype(bool)
        return both

    def _number(self, name: str, row: pd.Series[Any], column: str) -> Number:
        value = pd.to_numeric(row[column], errors="coerce")
        said = named(row[key] for key in self.keys(name))
        if pd.isna(value):
            raise KeyError(f"row {said} of table {name} has no number in column {column}")
        source = str(row["source"])
        return Number(
            table=name,
            key=said,
            value=float(value),
            low=_bound(row, column, "low"),
            high=_bound(row, column, "high"),
            unit=_unit(row, column),
            source=source,
            note=str(row.get("note", "")),
            assumption=is_assumption(source),
            local=bool(row["local"]),
        )


@cache
def descriptions() -> Mapping[str, Mapping[str, Any]]:
    """What the shipped tables hold and the columns that tell their rows apart."""
    with DESCRIPTIONS.open("rb") as file:
        return tomllib.load(file)


@cache
def shipped_table(name: str) -> pd.DataFrame:
    """A table that comes with the program."""
    text = read_text(TABLES / f"{name}.csv")
    keys = descriptions().get(name, {}).get("keys", ())
    table = as_numbers(name, text, None, row_names(text, keys))
    table["local"] = False
    return table


def _inherited(column: str) -> bool:
    """Whether a project's own row keeps what was shipped in a column it leaves out: not what was said of the old number."""
    return column not in ("note", "confidence", "checked") and not {"low", "high"} & set(column.split("_"))


def _bound(row: pd.Series[Any], column: str, end: str) -> float | None:
    """The published low or high end beside a default, None where there is none."""
    if "default" not in column.split("_"):
        return None
    name = column.replace("default", end)
    value = pd.to_numeric(row.get(name, float("nan")), errors="coerce")
    return None if pd.isna(value) else float(value)


def _unit(row: pd.Series[Any], column: str) -> str:
    """The unit of a number: of its row, else as the name of its column says."""
    unit = str(row.get("unit", ""))
    if unit:
        return "" if unit == "-" else unit
    return next((unit for ending, unit in UNITS_BY_ENDING.items() if column.endswith(ending)), "")
