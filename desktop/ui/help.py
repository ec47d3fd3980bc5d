"""Help: the manual that comes with the program, opened in the browser at the page of what is in front."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from core.problems import Problem, UserError
from core.texts import language

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "manual"
# The page of each step, and of panels by their object name where one names its own.
STEP_PAGES = {
    "data": "data",
    "demand": "demand",
    "potential": "potentials",
    "plan": "plan",
    "results": "documents",
}
PAGE = "manual_page"  # property of a widget: the page about it
PAGES = (
    "start",
    "data",
    "map",
    "demand",
    "potentials",
    "plan",
    "scenarios",
    "documents",
    "sheets",
    "exports",
    "standards",
    "command-line",
    "policy",
)


def page_for(widget: QWidget | None, step: str) -> str:
    """The page about a widget: that of the nearest panel around it that names one, else of the step."""
    while widget is not None:
        named = widget.property(PAGE)
        if named:
            return str(named)
        widget = widget.parentWidget()
    return STEP_PAGES[step]


def manual_page(name: str) -> Path:
    """The file of a page in the language of the moment."""
    return MANUAL / language() / f"{name}.html"


def open_manual(name: str) -> None:
    """Open a page of the manual in the browser of the system; UserError where it was not installed."""
    page = manual_page(name)
    if not page.is_file():
        raise UserError(
            Problem(
                "The manual is not there: {file}.",
                "Install the program once more, or read the README.",
                file=str(page),
            )
        )
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(page)))
