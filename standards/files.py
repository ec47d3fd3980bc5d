"""Reading tables of numbers: CSV as text first, then numbers where a column holds nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from core.problems import Problem, UserError

ENCODINGS = ("utf-8-sig", "gb18030")

# Codes and words that may look like numbers but are none.
TEXT_COLUMNS = frozenset(
    (
        *("zone", "parent", "code", "code_gb50137", "rule_id", "clause", "station_wmo", "key", "unit"),
        *("unit_of_count", "source", "note", "confidence", "checked", "scope", "operator", "applies_to"),
        *("condition", "case", "word"),
    )
)


def read_text(path: Path) -> pd.DataFrame:
    """A CSV with every cell as text, in UTF-8 or, as Chinese spreadsheets write it, GB 18030.

    Raises
    ------
    UserError
        The file is in neither encoding, or is no table.
    """
    for encoding in ENCODINGS:
        try:
            table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding=encoding)
        except UnicodeDecodeError:
            continue
        except (pd.errors.ParserError, pd.errors.EmptyDataError):
            break
        table.columns = [str(column).strip() for column in table.columns]
        for column in table.columns:
            table[column] = table[column].fillna("").str.strip()
        return table
    raise UserError(
        Problem(
            "The table of numbers {file} cannot be read.",
            "Save it as a CSV file in UTF-8 with one line of column names and as many cells in every row.",
            table=path.stem,
            file=path.name,
        )
    )


def as_numbers(name: str, text: pd.DataFrame, like: pd.DataFrame | None, rows: Sequence[str]) -> pd.DataFrame:
    """The table with numbers as numbers: as in `like`, or in every column that holds only numbers.

    Raises
    ------
    UserError
        A cell is no number in a column of numbers.
    """
    table = text.copy()
    problems = []
    for column in table.columns:
        values = pd.to_numeric(table[column].where(table[column] != ""), errors="coerce")
        broken = values.isna() & (table[column] != "")
        model = str(like[column].dtype) if like is not None and column in like.columns else ""
        only_numbers = bool(column not in TEXT_COLUMNS and not broken.any() and values.notna().any())
        wanted = model != "str" if model else only_numbers
        if not wanted or column == "local":
            continue
        if broken.any():
            problems.append(
                Problem(
                    "The column {column} of table {name} has cells that are not numbers.",
                    "Write plain numbers with a decimal point, or leave the cell empty.",
                    table=name,
                    rows=tuple(label for label, bad in zip(rows, broken, strict=True) if bad),
                    name=name,
                    column=column,
                )
            )
            continue
        whole = bool(values.notna().all() and (values % 1 == 0).all()) and model != "float64"
        table[column] = values.astype("int64" if whole else "float64")
    if problems:
        raise UserError(*problems)
    return table
