"""Chart files: a chart as a drawing and its values as a table, for documents and spreadsheets."""

from __future__ import annotations

from pathlib import Path

from core.problems import Problem
from desktop.charts import Chart


def write_csv(chart: Chart, path: Path) -> None:
    """The values of a chart, with a mark by which spreadsheets know that it is UTF-8."""
    chart.table.to_csv(path, index=False, encoding="utf-8-sig")


def write_svg(picture: str, path: Path) -> None:
    """A drawn chart; its values show where a mouse rests on it in a browser."""
    path.write_text(picture, encoding="utf-8")


def unwritable(path: Path) -> Problem:
    """What is said of a file that cannot be written."""
    return Problem(
        "{file} cannot be written.",
        "Close it in other programs, or choose another place.",
        file=path.name,
    )
