"""The form of a card: every attribute of one row that can be corrected, in the place of the card itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from core.fields import fields
from core.problems import Problem, UserError
from core.texts import text
from desktop.given_values import Cell, value_said
from desktop.ui.card_parts import down, label
from desktop.ui.cell_input import cell_input, typed_in, value_in


class CardForm(QWidget):
    """Inputs for the cells of one row; `refused` names the words that say what is wrong with them.

    Parameters
    ----------
    cells : Mapping of column to Cell
        What stands in them now, and what was given.
    correct : callable
        Takes values by column and the reason; True where they were taken.
    leave : callable
        Goes back to the card.
    first : str
        The column whose input is to have the keys; the first where not given.
    """

    refused = Signal(QWidget)

    def __init__(
        self,
        cells: Mapping[str, Cell],
        correct: Callable[[dict[str, Any], str], bool],
        leave: Callable[[], None],
        first: str = "",
    ) -> None:
        super().__init__()
        self._cells, self._correct, self._leave = cells, correct, leave
        column = down(self, spacing=3)
        note = text("The given data stays as it was; the correction is laid over it.")
        column.addWidget(label(note, "note", wraps=True))
        self.inputs: dict[str, QWidget] = {}
        self._before: dict[str, str] = {}
        for name, cell in cells.items():
            known = fields().get(name)
            title = known.label if known is not None else name
            made = cell_input(name, cell.now, self)
            made.setAccessibleName(title)
            made.setMinimumWidth(60)
            self.inputs[name], self._before[name] = made, typed_in(made)
            said = label(title, "small", wraps=True)
            said.setToolTip(known.meaning if known is not None else name)
            said.setBuddy(made)
            column.addSpacing(4)
            column.addWidget(said)
            column.addWidget(made)
            if cell.corrected:
                given = text("Corrected; given: {value}", value=value_said(name, cell.given))
                column.addWidget(label(given, "note", wraps=True))
        self.why = QLineEdit()
        self.why.setPlaceholderText(text("Kept in the history"))
        self.why.setAccessibleName(text("Reason"))
        column.addSpacing(8)
        column.addWidget(label(text("Reason"), "small"))
        column.addWidget(self.why)
        self.trouble = label("", "error", wraps=True)
        self.trouble.hide()
        column.addWidget(self.trouble)
        wanted = self.inputs.get(first) or next(iter(self.inputs.values()), self.why)
        self.setFocusProxy(wanted)

    def values(self) -> dict[str, Any]:
        """Values that were changed, by column; UserError with everything that is wrong."""
        found: dict[str, Any] = {}
        problems: list[Problem] = []
        for name, made in self.inputs.items():
            if typed_in(made) == self._before[name]:
                continue
            try:
                found[name] = value_in(name, made)
            except UserError as error:
                problems += error.problems
        if problems:
            raise UserError(*problems)
        return found

    def try_to_correct(self) -> None:
        """Lay the changed values over the given ones, or say what is wrong with them."""
        try:
            changed = self.values()
            if not changed:
                raise UserError(Problem("Nothing was changed.", "Change a value, or press Cancel."))
        except UserError as error:
            self.trouble.setText(str(error))
            self.trouble.show()
            self.refused.emit(self.trouble)
            return
        self.trouble.hide()
        if self._correct(changed, self.why.text().strip()):
            self._leave()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter corrects, Esc leaves."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.try_to_correct()
        elif event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)
