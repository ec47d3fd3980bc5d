"""The card panel: everything about what is selected, found beside the window, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget
from shiboken6 import isValid

from core.texts import text
from core.units import count
from desktop import operations
from desktop.card_contents import About, Content, content_of, content_there
from desktop.cards import Card
from desktop.changes import change_said, correct_row, newest_change
from desktop.given_values import given_cells, row_cells
from desktop.map_layers import row_title
from desktop.names import TABLES
from desktop.result_tables import found_in
from desktop.ui.card_buttons import CardActions as CardActions
from desktop.ui.card_buttons import card_buttons
from desktop.ui.card_form import CardForm
from desktop.ui.card_parts import Flow, button, down, emptied
from desktop.ui.card_pieces import CardPieces
from desktop.ui.pieces import Piece, Pieces
from desktop.ui.workspace import Chosen, Message, Workspace
from layers.project import OF_SCENARIO

WIDTH = 370
AFTER_MS = 50  # after the map and the lists, so that the window answers in between


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
        self._pieces = CardPieces(workspace, self._select_grade)
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
        self._asked = 0  # how often a card was asked for; what comes for an older one is dropped
        self._awaits = False
        self._editing = Chosen("", ())  # the row whose form is shown
        workspace.selection_changed.connect(self._selection_changed)
        workspace.data_changed.connect(self._write_soon)  # no lambda: it would outlive the card
        workspace.edits_changed.connect(self._write_soon)
        self.refresh()

    @property
    def writing(self) -> bool:
        """Whether some of the card is still to come."""
        return self._awaits or self._column.writing or self._soon.isActive()

    @property
    def form(self) -> CardForm | None:
        """The form in which the row is corrected, while it is shown."""
        return next((one for one in self._column.findChildren(CardForm) if not one.isHidden()), None)

    def show_identified(self, found: list[tuple[str, int]]) -> None:
        """Show everything that lies at one place."""
        self._identified = [(table, row) for table, row in found if len(self.workspace.ids(table)) > row]
        self._editing = Chosen("", ())
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

    def open_form(self, column: str = "") -> None:
        """Correct the selected row in the place of its card; the input of a column has the keys."""
        chosen = self.workspace.chosen
        project = self.workspace.project
        if project is None or not self._correctable(chosen):
            return
        cells = row_cells(project, chosen.table, operations.given_id(chosen.ids[0]))
        self._editing = chosen
        self._asked += 1  # a card that is on its way comes too late
        self._awaits = False
        pieces = self._begin()
        pieces.label(self.card.title, "title")
        pieces.label(text("Edit attributes"), "section")
        take, leave = partial(self._correct, chosen), self.leave_form
        shown = (chosen, column, tuple((name, str(cell)) for name, cell in cells.items()))

        def made() -> CardForm:
            form = CardForm(cells, take, leave, column)
            form.refused.connect(self._show_trouble)
            return form

        pieces.made.append(Piece(("form", shown), made))
        self._buttons.addWidget(button(text("Correct"), "main", self._try_form))
        self._buttons.addWidget(button(text("Cancel"), "plain", leave))
        self._end(0)
        QTimer.singleShot(0, self, self._give_keys)

    def _try_form(self) -> None:
        form = self.form
        if form is not None:
            form.try_to_correct()

    def _show_trouble(self, words: QWidget) -> None:
        QTimer.singleShot(0, words, lambda: self._scroll.ensureWidgetVisible(words))

    def leave_form(self) -> None:
        """Go back from the form to the card."""
        self._editing = Chosen("", ())
        self._write_soon()

    def refresh(self) -> None:
        """Write the card anew, but a form that somebody fills; what it says is found beside the window."""
        if self._editing.ids and self._editing == self.workspace.chosen and not self._identified:
            return
        self._editing = Chosen("", ())
        self._asked += 1
        city, made, asked = self.workspace.city, self.workspace.assessments, self._asked
        if city is None:
            self._take(asked, Chosen("", ()), Content(Card("")))
            return
        chosen = self.workspace.chosen
        work: Callable[[], Content]
        if self._identified:
            found = [(table, str(self.workspace.ids(table)[row])) for table, row in self._identified]
            title = text("Objects here: {count}", count=count(len(found)))
            work = lambda: Content(Card(title), there=content_there(city, made, found))  # noqa: E731
        else:
            work = partial(content_of, self._about(chosen))
        self._awaits = True
        self.workspace.later.ask("card", work, partial(self._take, asked, chosen))

    def _about(self, chosen: Chosen) -> About:
        """What the card is to be about, taken here: the project is read in this thread alone."""
        workspace, one = self.workspace, chosen.ids[0] if len(chosen.ids) == 1 else ""
        assert workspace.city is not None
        corrected = workspace.corrections(chosen.table, one) if one else {}
        return About(
            city=workspace.city,
            assessments=dict(workspace.assessments),
            plan=workspace.plan if chosen.ids or self._plan_leads else None,
            plan_fresh=workspace.plan_fresh,
            table=chosen.table,
            ids=chosen.ids,
            decided=self._decided(one) if one and chosen.table == "parcel" else {},
            corrected=corrected,
            given=self._given(chosen.table, one) if corrected else {},
            stale=bool(workspace.stale),
        )

    def _take(self, asked: int, chosen: Chosen, content: Content) -> None:
        """Show a card that was found, unless another one was asked for since."""
        if asked != self._asked or not isValid(self):
            return
        self._awaits = False
        place, before = self._scroll.verticalScrollBar().value(), self.card.title
        self.card = content.card
        pieces = self._begin()
        if self.workspace.city is None:
            pieces.label(text("No city yet"), "title")
            words = text("Import building footprints, parcels and weather at the step Data, then check them.")
            pieces.label(words, "small")
        elif self._identified:
            self._show_all_there(content)
        else:
            edit = self.open_form if self._correctable(chosen) else None
            pieces.write(content.card, self._planned_said(), edit)
            self._links(chosen, content)
            opened = self.open_form if edit is not None else None
            for one in card_buttons(self.workspace, chosen, self._can, opened, plan_leads=self._plan_leads):
                self._buttons.addWidget(one)
        self._end(place if self.card.title == before else 0)  # another card begins at its head

    def _begin(self) -> CardPieces:
        """Nothing yet of another card."""
        emptied(self._buttons)
        self._pieces.made = []
        return self._pieces

    def _end(self, place: int) -> None:
        """Show what was gathered, and go to a place of it."""
        self._column.write(self._pieces.made)
        self._foot.setVisible(self._buttons.count() > 0)
        self.setAccessibleName(self.card.title)
        QTimer.singleShot(0, self._scroll, lambda: self._scroll.verticalScrollBar().setValue(place))
        self.shown.emit(self.card.title)

    def _selection_changed(self, table: str) -> None:
        self._identified = []
        self._soon.start(0)

    def _write_soon(self) -> None:
        self._soon.start(AFTER_MS)

    def _planned_said(self) -> str:
        """What stands over the plan of the city, or over what it chose for a parcel."""
        if not self.workspace.chosen.ids:
            return text("Targets and totals of the plan")
        fresh = self.workspace.plan_fresh
        return text("Chosen by the plan") if fresh else text("Chosen by the plan (out of date)")

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

    def _show_all_there(self, content: Content) -> None:
        """What lies at one place, layer by layer."""
        pieces = self._pieces
        pieces.label(content.card.title, "title")
        for table, row, card in content.there:
            pieces.section(f"{row_title(table)} · {row}")
            if table in TABLES:
                open_it = partial(self._open, table, row)
                pieces.made.append(pieces.button(text("Open its card"), open_it, table, row))
            pieces.lines(card.facts)

    def _links(self, chosen: Chosen, content: Content) -> None:
        """From a parcel to its buildings, and from a building to its parcel."""
        if content.buildings:
            words = text("Select its {count} buildings", count=count(len(content.buildings)))
            select_them = partial(self.workspace.select_ids, "building", content.buildings)
            self._pieces.made.append(self._pieces.button(words, select_them, *chosen.ids))
        if content.parcel:
            words = text("Parcel {id}", id=content.parcel)
            link = self._pieces.button(f"{words} ›", partial(self._open, "parcel", content.parcel))
            self._pieces.made.insert(2, link)

    def _open(self, table: str, row_id: str) -> None:
        self.workspace.select_ids(table, [row_id])

    # ---- the row as a form

    def _correctable(self, chosen: Chosen) -> bool:
        project = self.workspace.project
        given = project is not None and chosen.table in TABLES and chosen.table in project.sources
        return given and len(chosen.ids) == 1

    def _correct(self, chosen: Chosen, values: dict[str, Any], why: str) -> bool:
        """Lay values over the row and say what was changed; False where they were refused."""
        project = self.workspace.project
        if project is None:
            return False
        before = newest_change(project)
        taken = self.workspace.edit(lambda now: correct_row(now, chosen.table, chosen.ids[0], values, why))
        if taken:
            self.workspace.said.emit(Message(change_said(project, before)))
        return taken

    def _given(self, table: str, row: str) -> dict[str, Any]:
        project = self.workspace.project
        return {} if project is None else given_cells(project, table, operations.given_id(row))

    def _give_keys(self) -> None:
        form = self.form
        if form is not None:
            form.setFocus(Qt.FocusReason.OtherFocusReason)
            wanted = form.focusProxy()
            if wanted is not None:
                self._scroll.ensureWidgetVisible(wanted)

    def _decided(self, parcel_id: str) -> dict[str, str]:
        scenario = self.workspace.scenario
        row = f"{scenario}{OF_SCENARIO}{parcel_id}" if scenario else parcel_id
        return {name: str(value) for name, value in self.workspace.corrections("choice", row).items()}
