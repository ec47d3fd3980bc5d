"""Tables as CSV that Excel opens by double click."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from core.jobs import Job
from core.problems import Problem, Severity
from core.texts import language as language_of_the_moment
from core.texts import speaking, text
from layers.export_columns import (
    codes_excel_spoils,
    heading,
    headings,
    in_chunks,
    plain,
    spoken,
    with_index,
    without_geometry,
)
from layers.export_files import replacing

# What Excel would run: text that begins like a formula and is no number.
FORMULA = re.compile(r"[=+\-@\t\r](?!\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$)")


def write_csv(
    path: Path,
    frame: pd.DataFrame,
    *,
    titles: bool = True,
    language: str | None = None,
    overwrite: bool = True,
    job: Job | None = None,
) -> list[Problem]:
    """Write a table as CSV that Excel opens by double click (UTF-8 with a byte order mark).

    Parameters
    ----------
    path : Path
        The file, `.csv`.
    frame : DataFrame
        Its geometry, if any, is left out.
    titles : bool
        Whether titles with units stand over the columns and words are said in the language; otherwise
        names and words stay as in the dictionary, for other programs.
    language : str, optional
        `zh` or `en`; the language of the moment where not given.
    overwrite : bool
        Whether a file that is there already may be replaced.
    job : Job, optional
        Reports progress and stops when asked; a stopped job leaves the old file as it was.

    Returns
    -------
    list of Problem
        Columns of codes, which Excel turns into numbers, and words that begin like formulas, which under
        titles are written with an apostrophe in front so that Excel does not run them.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    job = job or Job()
    flat = plain(with_index(without_geometry(frame)))
    with speaking(language or language_of_the_moment()), replacing(path, overwrite=overwrite) as place:
        said = spoken(flat) if titles else flat
        said, disarmed = _without_formulas(said) if titles else (said, [])
        head = headings(flat.columns) if titles else list(flat.columns)
        with place.open("w", encoding="utf-8-sig", newline="") as file:
            for number, piece in enumerate(job.each(in_chunks(said), "Writing the table")):
                piece.to_csv(
                    file,
                    index=False,
                    header=head if number == 0 else False,
                    float_format="%.15g",
                    lineterminator="\r\n",
                )
    problems = []
    if spoiled := codes_excel_spoils(flat):
        problems.append(
            Problem(
                "Excel spoils the codes in {columns} when it opens a CSV file: it rounds long ones and drops zeros.",
                "Write a workbook (XLSX), or import the file in Excel with these columns as text.",
                severity=Severity.WARNING,
                columns=text(", ").join(heading(name) for name in spoiled),
            )
        )
    if disarmed:
        problems.append(
            Problem(
                "Words in {columns} begin like formulas; an apostrophe was set before them.",
                "Take it away before these words are used in other programs.",
                severity=Severity.NOTE,
                columns=text(", ").join(heading(name) for name in disarmed),
            )
        )
    return problems


def _without_formulas(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """The table with an apostrophe before words that Excel would run, and the columns that have some."""
    safe = frame.copy(deep=False)
    found = []
    for name, values in frame.items():
        if pd.api.types.is_string_dtype(values.dtype) or pd.api.types.is_object_dtype(values.dtype):
            runs = values.map(lambda value: isinstance(value, str) and FORMULA.match(value) is not None)
            if runs.any():
                safe[name] = values.mask(runs.astype(bool), "'" + values.astype(str))
                found.append(str(name))
    return safe, found
