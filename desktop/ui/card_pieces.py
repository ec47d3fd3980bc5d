"""Pieces of a card: how each of its parts is shown, from its head to what was assumed; each made when there is time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from core.texts import text
from desktop.card_results import Found, Line, Months, Result
from desktop.cards import Card, Chip
from desktop.ui.card_parts import Drawing, FactRow, Flow, YearChart, button, chip, down, hairline, label
from desktop.ui.grade_parts import GradeRow, ResultRow
from desktop.ui.pieces import Piece
from desktop.ui.trace_menu import offer_trace
from desktop.ui.workspace import Workspace
from potential import Grade

ORIGIN_TONES = {"given": "", "derived": "conditional", "default": "forbidden", "corrected": "accent"}
Edit = Callable[[str], None]  # opens the form of a card at a column


class CardPieces:
    """Gathers the pieces of a card; the same words make the same piece, which stays where it is.

    Parameters
    ----------
    workspace : Workspace
        Which the rows lead into.
    select_grade : callable
        Selects all rows to which a potential gave a grade; takes both names.
    """

    def __init__(self, workspace: Workspace, select_grade: Callable[[str, str], None]) -> None:
        self.workspace, self.select_grade = workspace, select_grade
        self.made: list[Piece] = []

    def add(self, make: Callable[..., QWidget], *shows: Any) -> None:
        """A piece further down: what `make` gives of all that it shows."""
        self.made.append(Piece((make, *shows), partial(make, *shows)))

    def label(self, words: str, kind: str) -> None:
        """Words of a kind."""
        self.add(_words, words, kind)

    def button(self, words: str, act: Callable[[], None], *tells_apart: Any) -> Piece:
        """A button that looks like a link; two with the same words are told apart by the rest."""
        return Piece((words, *tells_apart), partial(button, words, "link", act))

    def write(self, card: Card, planned_said: str = "", edit: Edit | None = None) -> None:
        """A whole card; `edit` opens its form at a column."""
        self.label(card.title, "title")
        if card.name:
            self.label(card.name, "")
        if card.chips:
            self.add(_chips, card.chips)
        if card.line:
            self.label(card.line, "small")
        if card.planned:
            self.section(planned_said)
            self.lines(card.planned)
            if card.results:
                self.section(text("Potentials"))
        for number, result in enumerate(card.results):
            self.add(self._result, result, number > 0)
        for found in card.found:
            self._found(found)
        if card.facts:
            self.section(text("Attributes"))
            self.lines(card.facts, edit)
        if card.remarks:
            self.section(text("What was assumed"))
            for words in card.remarks:
                self.label(f"· {words}", "note")

    def _found(self, found: Found) -> None:
        """The section of one potential."""
        self.section(found.title)
        self.lines(found.lines)
        for year in found.months:
            self.add(self._year, year)
        for figure in found.figures:
            self.section(figure.title)
            self.add(Drawing, figure.picture, figure.title)
        most = max(found.grades.values(), default=1)
        for grade in map(str, Grade):
            if found.grades.get(grade):
                self.add(self._grade_row, found.name, grade, found.grades[grade], most)

    def section(self, words: str) -> None:
        """The head of a section."""
        self.label(words, "section")

    def lines(self, lines: tuple[Line, ...], edit: Edit | None = None) -> None:
        """Facts, one a row."""
        for line in lines:
            self.add(self._line, line, edit if line.field else None)

    def _line(self, line: Line, edit: Edit | None) -> QWidget:
        origin = (
            chip(_origin_said(line.origin), ORIGIN_TONES[line.origin], _given_said(line))
            if line.origin in ORIGIN_TONES
            else None
        )
        pencil = partial(edit, line.field) if edit is not None else None
        row = FactRow(line.title, line.value, chip_of=origin, edit=pencil)
        if line.address is not None:
            offer_trace(row, [(line.title, line.address)], self.workspace.trace_asked.emit, line.value)
        return row

    def _result(self, result: Result, lined: bool) -> QWidget:
        """The row of a potential, with a line above it where another row stands there."""
        leads = result.name in self.workspace.assessments
        row = ResultRow(result.icon, result.title, result.grade, result.amount, result.more, leads=leads)
        row.chosen.connect(partial(self.workspace.show_result, result.name))
        offer_trace(
            row, result.traced, self.workspace.trace_asked.emit, f"{result.amount} {result.more}".strip()
        )
        if not lined:
            return row
        holder = QWidget()
        column = down(holder, spacing=0)
        column.addWidget(hairline())
        column.addWidget(row)
        return holder

    def _year(self, year: Months) -> QWidget:
        holder = QWidget()
        column = down(holder, spacing=4)
        chart = YearChart(year.values, year.unit)
        column.addWidget(_words(f"{year.title} ({chart.unit})", "section"))
        column.addWidget(chart)
        months = [
            (text("Month {month}", month=number), one) for number, one in enumerate(year.addresses, start=1)
        ]
        offer_trace(chart, months, self.workspace.trace_asked.emit)
        return holder

    def _grade_row(self, name: str, grade: str, rows: int, most: int) -> QWidget:
        row = GradeRow(grade, rows, most)
        row.chosen.connect(partial(self.select_grade, name))
        return row


def _words(words: str, kind: str) -> QWidget:
    """A line of text; heads of sections stand off from what is above."""
    if kind != "section":
        return label(words, kind, wraps=True)
    holder = QWidget()
    down(holder, margins=(0, 12, 0, 0)).addWidget(label(words, kind, wraps=True))
    return holder


def _chips(chips: tuple[Chip, ...]) -> QWidget:
    holder = QWidget()
    flow = Flow(holder, margins=(0, 2, 0, 2), spacing=6)
    for one in chips:
        flow.addWidget(chip(one.words, one.tone, one.hint))
    return holder


def _given_said(line: Line) -> str:
    """The given value of what was corrected."""
    return text("Corrected; given: {value}", value=line.given) if line.given else ""


def _origin_said(origin: str) -> str:
    return text("corrected") if origin == "corrected" else text(origin)
