"""The card panel: everything about what is selected, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pandas as pd
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from core.texts import text
from core.units import count
from desktop import cards
from desktop.card_results import Found, Line
from desktop.cards import Card
from desktop.map_layers import table_title
from desktop.result_tables import found_in
from desktop.ui.card_parts import (
    FactRow,
    Flow,
    GradeRow,
    ResultRow,
    YearChart,
    button,
    chip,
    down,
    emptied,
    hairline,
    label,
)
from desktop.ui.workspace import Chosen, Workspace
from potential import Grade

WIDTH = 370
ORIGIN_TONES = {"given": "", "derived": "conditional", "default": "forbidden", "corrected": "accent"}


@dataclass(frozen=True)
class CardActions:
    """What the buttons of a card do; the window gives it."""

    report: Callable[[list[str]], None]
    decide: Callable[[list[str]], None]
    trace: Callable[[str, str], None]
    structure: Callable[[list[str]], None]
    correct: Callable[[list[str], str], None]
    assess: Callable[[], None]
    lay_out: Callable[[str], None]


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
        self._inside = QWidget()
        self._column = down(self._inside, margins=(16, 14, 16, 16), spacing=4)
        self._scroll.setWidget(self._inside)
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
        workspace.selection_changed.connect(self._selection_changed)
        workspace.data_changed.connect(self._soon.start)
        workspace.edits_changed.connect(self._soon.start)
        self.refresh()

    def show_identified(self, found: list[tuple[str, int]]) -> None:
        """Show everything that lies at one place."""
        self._identified = [(table, row) for table, row in found if len(self.workspace.ids(table)) > row]
        self.refresh()

    def refresh(self) -> None:
        """Write the card anew."""
        place = self._scroll.verticalScrollBar().value()
        before = self.card.title
        emptied(self._column)
        emptied(self._buttons)
        city = self.workspace.city
        if city is None:
            self.card = Card("")
            self._empty()
        elif self._identified:
            self._show_all_there()
        else:
            self._show_chosen(self.workspace.chosen)
        self._column.addStretch(1)
        self._foot.setVisible(self._buttons.count() > 0)
        self.setAccessibleName(self.card.title)
        if self.card.title == before:
            QTimer.singleShot(0, self._scroll, lambda: self._scroll.verticalScrollBar().setValue(place))
        self.shown.emit(self.card.title)

    def _selection_changed(self, table: str) -> None:
        self._identified = []
        self._soon.start(0)

    def _show_chosen(self, chosen: Chosen) -> None:
        city, made = self.workspace.city, self.workspace.assessments
        if city is None:
            return
        if not chosen.ids:
            self.card = cards.city_card(city, made)
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

    def _write(self, card: Card, chosen: Chosen | None = None) -> None:
        column = self._column
        column.addWidget(label(card.title, "title", wraps=True))
        if card.name:
            column.addWidget(label(card.name, "", wraps=True))
        if card.chips:
            holder = QWidget()
            flow = Flow(holder, margins=(0, 2, 0, 2), spacing=6)
            for one in card.chips:
                flow.addWidget(chip(one.words, one.tone, one.hint))
            column.addWidget(holder)
        if card.line:
            column.addWidget(label(card.line, "small", wraps=True))
        column.addSpacing(4)
        for number, result in enumerate(card.results):
            if number:
                column.addWidget(hairline())
            column.addWidget(ResultRow(result.icon, result.title, result.grade, result.amount, result.more))
        for found in card.found:
            self._section(found.title)
            self._lines(found.lines, None)
            for year in found.months:
                chart = YearChart(year.values, year.unit)
                self._section(f"{year.title} ({chart.unit})")
                column.addWidget(chart)
            self._grades(found)
        if card.facts:
            self._section(text("Attributes"))
            self._lines(card.facts, chosen)
        if card.remarks:
            self._section(text("What was assumed"))
            for words in card.remarks:
                column.addWidget(label(f"· {words}", "note", wraps=True))

    def _section(self, words: str) -> None:
        self._column.addSpacing(8)
        self._column.addWidget(label(words, "section"))

    def _lines(self, lines: tuple[Line, ...], chosen: Chosen | None) -> None:
        for line in lines:
            origin = (
                chip(_origin_said(line.origin), ORIGIN_TONES[line.origin])
                if line.origin in ORIGIN_TONES
                else None
            )
            edit = None
            if chosen is not None and line.field:
                edit = partial(self._can.correct, list(chosen.ids), line.field)
            self._column.addWidget(FactRow(line.title, line.value, chip_of=origin, edit=edit))

    def _grades(self, found: Found) -> None:
        most = max(found.grades.values(), default=1)
        for grade in map(str, Grade):
            if found.grades.get(grade):
                row = GradeRow(grade, found.grades[grade], most)
                row.chosen.connect(partial(self._select_grade, found.name))
                self._column.addWidget(row)

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
        self._column.addWidget(label(text("No city yet"), "title"))
        words = text("Import building footprints, parcels and weather at the step Data, then check them.")
        self._column.addWidget(label(words, "small", wraps=True))

    def _show_all_there(self) -> None:
        """What lies at one place, layer by layer."""
        city = self.workspace.city
        if city is None:
            return
        self.card = Card(text("Objects here: {count}", count=count(len(self._identified))))
        self._column.addWidget(label(self.card.title, "title"))
        for table, row in self._identified:
            row_id = str(self.workspace.ids(table)[row])
            one = cards.row_card(city, self.workspace.assessments, table, row_id)
            self._section(f"{table_title(table)} · {row_id}")
            if table in ("building", "parcel"):
                self._column.addWidget(
                    button(text("Open its card"), "link", partial(self._open, table, row_id))
                )
            self._lines(one.facts, None)

    # ---- links and buttons

    def _parcel_links(self, parcel_id: str) -> None:
        city = self.workspace.city
        if city is None:
            return
        ids = [str(one) for one in cards.buildings_on(city, self.workspace.assessments, parcel_id).index]
        if ids:
            words = text("Select its {count} buildings", count=count(len(ids)))
            self._column.addWidget(button(words, "link", lambda: self.workspace.select_ids("building", ids)))

    def _building_links(self, building_id: str) -> None:
        city = self.workspace.city
        owner = city.tables["building"].get("parcel_id") if city is not None else None
        parcel = "" if owner is None else owner.loc[building_id]
        if city is not None and isinstance(parcel, str) and parcel in city.tables["parcel"].index:
            words = text("Parcel {id}", id=parcel)
            self._column.insertWidget(2, button(f"{words} ›", "link", lambda: self._open("parcel", parcel)))

    def _open(self, table: str, row_id: str) -> None:
        self.workspace.select_ids(table, [row_id])

    def _city_buttons(self) -> None:
        if not self.workspace.assessments:
            self._buttons.addWidget(button(text("Assess"), "main", self._can.assess))

    def _parcel_buttons(self, chosen: Chosen) -> None:
        ids = list(chosen.ids)
        if self.workspace.assessments:
            self._buttons.addWidget(
                button(text("Print parcel report"), "main", lambda: self._can.report(ids))
            )
        self._buttons.addWidget(button(text("Decide…"), "plain", lambda: self._can.decide(ids)))
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
            self._buttons.addWidget(button(text("Decide…"), "plain", lambda: self._can.decide(ids)))
        elif chosen.table == "building":
            self._buttons.addWidget(
                button(text("Enter structural check…"), "main", lambda: self._can.structure(ids))
            )
            self._buttons.addWidget(
                button(text("Correct…"), "plain", lambda: self._can.correct(ids, "height_m"))
            )

    def _decided(self, parcel_id: str) -> dict[str, str]:
        return {name: str(value) for name, value in self.workspace.corrections("choice", parcel_id).items()}


def _origin_said(origin: str) -> str:
    return text("corrected") if origin == "corrected" else text(origin)
