"""The card panel: everything about what is selected, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from core.texts import text
from core.units import count
from desktop import cards
from desktop.card_results import Found, Line, Months, Result
from desktop.cards import Card, Chip
from desktop.map_layers import table_title
from desktop.result_tables import found_in
from desktop.ui.card_parts import (
    Drawing,
    FactRow,
    Flow,
    YearChart,
    button,
    chip,
    down,
    emptied,
    hairline,
    label,
)
from desktop.ui.grade_parts import GradeRow, ResultRow
from desktop.ui.pieces import Piece, Pieces
from desktop.ui.trace_menu import offer_trace
from desktop.ui.workspace import Chosen, Workspace
from layers.project import OF_SCENARIO, PLAN
from potential import Grade

WIDTH = 370
AFTER_MS = 50  # after the map and the lists, so that the window answers in between
ORIGIN_TONES = {"given": "", "derived": "conditional", "default": "forbidden", "corrected": "accent"}


@dataclass(frozen=True)
class CardActions:
    """What the buttons of a card do; the window gives it."""

    report: Callable[[list[str]], None]
    preview: Callable[[list[str]], None]
    decide: Callable[[list[str]], None]
    trace: Callable[[str, str], None]
    structure: Callable[[list[str]], None]
    correct: Callable[[list[str], str], None]
    assess: Callable[[], None]
    lay_out: Callable[[str], None]
    grade: Callable[[list[str]], None]
    retrofit: Callable[[list[str]], None]


class CardPanel(QWidget):
    """The card of a workspace.

    Signals
    -------
    shown(str)
        Another card is shown; its title.
    """

    shown = Signal(str)

    def __init__(self, workspace: Workspace, actions: CardActions) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.workspace, self._can = workspace, actions
        self.card = Card("")
        column = down(self, spacing=0)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._column = Pieces(margins=(16, 14, 16, 16), spacing=4)
        self._pieces: list[Piece] = []
        self._scroll.setWidget(self._column)
        column.addWidget(self._scroll, 1)
        self._foot = QWidget()
        self._foot.setObjectName("cardFoot")
        self._foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._buttons = Flow(self._foot, margins=(16, 10, 16, 10), spacing=8)
        column.addWidget(self._foot)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.refresh)
        self._identified: list[tuple[str, int]] = []
        self._plan_leads = False
        workspace.selection_changed.connect(self._selection_changed)
        workspace.data_changed.connect(self._write_soon)  # no lambda: it would outlive the card
        workspace.edits_changed.connect(self._write_soon)
        self.refresh()

    @property
    def writing(self) -> bool:
        """Whether some of the card is still to come."""
        return self._column.writing or self._soon.isActive()

    def show_identified(self, found: list[tuple[str, int]]) -> None:
        """Show everything that lies at one place."""
        self._identified = [(table, row) for table, row in found if len(self.workspace.ids(table)) > row]
        self.refresh()

    def forget_identified(self) -> bool:
        """Show again what is selected instead of what lies at one place; False where that is shown already."""
        if not self._identified:
            return False
        self._identified = []
        self.refresh()
        return True

    def lead_with_plan(self, *, leads: bool) -> None:
        """Whether the card of the city begins with the plan, as it does at that step."""
        if leads != self._plan_leads:
            self._plan_leads = leads
            self.refresh()

    def refresh(self) -> None:
        """Write the card anew."""
        place = self._scroll.verticalScrollBar().value()
        before = self.card.title
        self._pieces = []
        emptied(self._buttons)
        city = self.workspace.city
        if city is None:
            self.card = Card("")
            self._empty()
        elif self._identified:
            self._show_all_there()
        else:
            self._show_chosen(self.workspace.chosen)
        self._column.write(self._pieces)
        self._foot.setVisible(self._buttons.count() > 0)
        self.setAccessibleName(self.card.title)
        again = place if self.card.title == before else 0  # another card begins at its head
        QTimer.singleShot(0, self._scroll, lambda: self._scroll.verticalScrollBar().setValue(again))
        self.shown.emit(self.card.title)

    def _selection_changed(self, table: str) -> None:
        self._identified = []
        self._soon.start(0)

    def _write_soon(self) -> None:
        self._soon.start(AFTER_MS)

    def _show_chosen(self, chosen: Chosen) -> None:
        city, made = self.workspace.city, self.workspace.assessments
        if city is None:
            return
        if not chosen.ids:
            plan = self.workspace.plan if self._plan_leads else None
            self.card = cards.city_card(city, made, plan, plan_fresh=self.workspace.plan_fresh)
            self._write(self.card)
            self._city_buttons()
        elif len(chosen.ids) > 1:
            self.card = cards.several_card(city, made, chosen.table, chosen.ids)
            self._write(self.card)
            self._several_buttons(chosen)
        elif chosen.table == "parcel":
            one = chosen.ids[0]
            self.card = cards.parcel_card(
                city,
                made,
                one,
                self._decided(one),
                plan=self.workspace.plan,
                corrected=bool(self.workspace.corrections("parcel", one)),
                stale=bool(self.workspace.stale),
            )
            self._write(self.card)
            self._parcel_links(chosen.ids[0])
            self._parcel_buttons(chosen)
        elif chosen.table == "building":
            corrected = self.workspace.corrections("building", chosen.ids[0])
            self.card = cards.building_card(
                city, made, chosen.ids[0], corrected, stale=bool(self.workspace.stale)
            )
            self._write(self.card, chosen)
            self._building_links(chosen.ids[0])
            self._building_buttons(chosen)
        else:
            self.card = cards.row_card(city, made, chosen.table, chosen.ids[0])
            self._write(self.card)

    # ---- what a card consists of

    def _add(self, make: Callable[..., QWidget], *shows: Any) -> None:
        """A piece further down: what `make` gives of all that it shows."""
        self._pieces.append(Piece((make, *shows), partial(make, *shows)))

    def _label(self, words: str, kind: str) -> None:
        self._add(_words, words, kind)

    def _button(self, words: str, act: Callable[[], None], *tells_apart: Any) -> Piece:
        return Piece((words, *tells_apart), partial(button, words, "link", act))

    def _write(self, card: Card, chosen: Chosen | None = None) -> None:
        self._label(card.title, "title")
        if card.name:
            self._label(card.name, "")
        if card.chips:
            self._add(_chips, card.chips)
        if card.line:
            self._label(card.line, "small")
        if card.planned:
            self._section(self._planned_said())
            self._lines(card.planned, None)
            if card.results:
                self._section(text("Potentials"))
        for number, result in enumerate(card.results):
            self._add(self._result, result, number > 0)
        for found in card.found:
            self._found(found)
        if card.facts:
            self._section(text("Attributes"))
            self._lines(card.facts, chosen)
        if card.remarks:
            self._section(text("What was assumed"))
            for words in card.remarks:
                self._label(f"· {words}", "note")

    def _planned_said(self) -> str:
        """What stands over the plan of the city, or over what it chose for a parcel."""
        if not self.workspace.chosen.ids:
            return text("Targets and totals of the plan")
        fresh = self.workspace.plan_fresh
        return text("Chosen by the plan") if fresh else text("Chosen by the plan (out of date)")

    def _found(self, found: Found) -> None:
        """The section of one potential."""
        self._section(found.title)
        self._lines(found.lines, None)
        for year in found.months:
            self._add(self._year, year)
        for figure in found.figures:
            self._section(figure.title)
            self._add(Drawing, figure.picture, figure.title)
        most = max(found.grades.values(), default=1)
        for grade in map(str, Grade):
            if found.grades.get(grade):
                self._add(self._grade_row, found.name, grade, found.grades[grade], most)

    def _section(self, words: str) -> None:
        self._label(words, "section")

    def _lines(self, lines: tuple[Line, ...], chosen: Chosen | None) -> None:
        for line in lines:
            self._add(self._line, line, chosen if line.field else None)

    def _line(self, line: Line, chosen: Chosen | None) -> QWidget:
        origin = (
            chip(_origin_said(line.origin), ORIGIN_TONES[line.origin])
            if line.origin in ORIGIN_TONES
            else None
        )
        edit = partial(self._can.correct, list(chosen.ids), line.field) if chosen is not None else None
        row = FactRow(line.title, line.value, chip_of=origin, edit=edit)
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
        row.chosen.connect(partial(self._select_grade, name))
        return row

    def _select_grade(self, name: str, grade: str) -> None:
        """Select all rows to which a potential gave a grade: of the selection's table, else parcels."""
        chosen = self.workspace.chosen
        table = chosen.table or "parcel"
        frame = found_in(self.workspace.assessments[name], table)
        if frame is None or "grade" not in frame:
            return
        rows = frame.index[frame["grade"] == grade]
        if chosen.ids:
            rows = rows.intersection(pd.Index(chosen.ids))
        self.workspace.select_ids(table, [str(row) for row in rows])

    def _empty(self) -> None:
        self._label(text("No city yet"), "title")
        words = text("Import building footprints, parcels and weather at the step Data, then check them.")
        self._label(words, "small")

    def _show_all_there(self) -> None:
        """What lies at one place, layer by layer."""
        city = self.workspace.city
        if city is None:
            return
        self.card = Card(text("Objects here: {count}", count=count(len(self._identified))))
        self._label(self.card.title, "title")
        for table, row in self._identified:
            row_id = str(self.workspace.ids(table)[row])
            one = cards.row_card(city, self.workspace.assessments, table, row_id)
            self._section(f"{table_title(table)} · {row_id}")
            if table in ("building", "parcel"):
                open_it = partial(self._open, table, row_id)
                self._pieces.append(self._button(text("Open its card"), open_it, table, row_id))
            self._lines(one.facts, None)

    # ---- links and buttons

    def _parcel_links(self, parcel_id: str) -> None:
        city = self.workspace.city
        if city is None:
            return
        ids = [str(one) for one in cards.buildings_on(city, self.workspace.assessments, parcel_id).index]
        if ids:
            words = text("Select its {count} buildings", count=count(len(ids)))
            select_them = partial(self.workspace.select_ids, "building", ids)
            self._pieces.append(self._button(words, select_them, parcel_id))

    def _building_links(self, building_id: str) -> None:
        city = self.workspace.city
        owner = city.tables["building"].get("parcel_id") if city is not None else None
        parcel = "" if owner is None else owner.loc[building_id]
        if city is not None and isinstance(parcel, str) and parcel in city.tables["parcel"].index:
            words = text("Parcel {id}", id=parcel)
            self._pieces.insert(2, self._button(f"{words} ›", partial(self._open, "parcel", parcel)))

    def _open(self, table: str, row_id: str) -> None:
        self.workspace.select_ids(table, [row_id])

    def _city_buttons(self) -> None:
        if not self.workspace.assessments:
            self._buttons.addWidget(button(text("Assess"), "main", self._can.assess))
        elif self._plan_leads and self.workspace.plan is not None:
            show = partial(self.workspace.show_result, PLAN)
            self._buttons.addWidget(button(text("Show the plan on the map"), "main", show))

    def _parcel_buttons(self, chosen: Chosen) -> None:
        ids = list(chosen.ids)
        if self.workspace.assessments:
            self._buttons.addWidget(
                button(text("Print parcel report"), "main", lambda: self._can.report(ids))
            )
            self._buttons.addWidget(button(text("Preview…"), "plain", lambda: self._can.preview(ids)))
        self._buttons.addWidget(button(text("Decide…"), "plain", lambda: self._can.decide(ids)))
        self._buttons.addWidget(button(text("Set grade…"), "plain", lambda: self._can.grade(ids)))
        if self.workspace.assessments:
            self._buttons.addWidget(
                button(text("Trace numbers"), "plain", lambda: self._can.trace("parcel", ids[0]))
            )

    def _building_buttons(self, chosen: Chosen) -> None:
        ids = list(chosen.ids)
        self._buttons.addWidget(
            button(text("Enter structural check…"), "main", lambda: self._can.structure(ids))
        )
        if self.workspace.assessments:
            self._buttons.addWidget(
                button(text("Trace numbers"), "plain", lambda: self._can.trace("building", ids[0]))
            )
        self._buttons.addWidget(button(text("Retrofit…"), "plain", lambda: self._can.retrofit(ids)))
        if "rooftop" in self.workspace.assessments:
            self._buttons.addWidget(
                button(text("Lay out modules…"), "plain", lambda: self._can.lay_out(ids[0]))
            )

    def _several_buttons(self, chosen: Chosen) -> None:
        ids = list(chosen.ids)
        if chosen.table == "parcel":
            if self.workspace.assessments:
                self._buttons.addWidget(
                    button(text("Print parcel reports"), "main", lambda: self._can.report(ids))
                )
                self._buttons.addWidget(button(text("Preview…"), "plain", lambda: self._can.preview(ids)))
            self._buttons.addWidget(button(text("Decide…"), "plain", lambda: self._can.decide(ids)))
            self._buttons.addWidget(button(text("Set grade…"), "plain", lambda: self._can.grade(ids)))
        elif chosen.table == "building":
            self._buttons.addWidget(
                button(text("Enter structural check…"), "main", lambda: self._can.structure(ids))
            )
            self._buttons.addWidget(
                button(text("Correct…"), "plain", lambda: self._can.correct(ids, "height_m"))
            )
            self._buttons.addWidget(button(text("Retrofit…"), "plain", lambda: self._can.retrofit(ids)))

    def _decided(self, parcel_id: str) -> dict[str, str]:
        scenario = self.workspace.scenario
        row = f"{scenario}{OF_SCENARIO}{parcel_id}" if scenario else parcel_id
        return {name: str(value) for name, value in self.workspace.corrections("choice", row).items()}


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


def _origin_said(origin: str) -> str:
    return text("corrected") if origin == "corrected" else text(origin)
