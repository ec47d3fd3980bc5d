"""Tables as CSV that Excel opens by double click."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from core.jobs import Job
from core.problems import Problem, Severity
from core.texts import language as language_of_the_moment
from core.texts import speaking, text
from layers.export_columns import (
    codes_excel_spoils,
    heading,
    in_chunks,
    plain,
    spoken,
    with_index,
    without_geometry,
)
from layers.export_files import replacing


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
        Columns of codes, which Excel turns into numbers.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    job = job or Job()
    flat = plain(with_index(without_geometry(frame)))
    with speaking(language or language_of_the_moment()), replacing(path, overwrite=overwrite) as place:
        said = spoken(flat) if titles else flat
        head = [heading(name) for name in flat.columns] if titles else list(flat.columns)
        with place.open("w", encoding="utf-8-sig", newline="") as file:
            for number, piece in enumerate(job.each(in_chunks(said), "Writing the table")):
                piece.to_csv(
                    file,
                    index=False,
                    header=head if number == 0 else False,
                    float_format="%.15g",
                    lineterminator="\r\n",
                )
    spoiled = codes_excel_spoils(flat)
    if not spoiled:
        return []
    return [
        Problem(
            "Excel spoils the codes in {columns} when it opens a CSV file: it rounds long ones and drops zeros.",
            "Write a workbook (XLSX), or import the file in Excel with these columns as text.",
            severity=Severity.WARNING,
            columns=text(", ").join(heading(name) for name in spoiled),
        )
    ]
