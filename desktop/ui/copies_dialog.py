"""The dialog of copies: those kept of the project, another one now, one put back, and how many are kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtWidgets import QSpinBox, QWidget

from core.texts import text
from core.units import count
from desktop.copies import Copy
from desktop.session import Session
from desktop.ui.card_parts import button
from desktop.ui.form_dialog import FormDialog, number_box
from desktop.ui.inputs import ComboBox

MOST_MINUTES, MOST_COPIES, MOST_GB = 1440, 100, 10_000


class CopiesDialog(FormDialog):
    """Asks how copies are kept; makes one, or asks for one to be put back.

    Parameters
    ----------
    kept : sequence of Copy
        Copies of the open project, the newest first.
    make : callable
        Makes a copy in the background.
    """

    def __init__(
        self, parent: QWidget, kept: Sequence[Copy], session: Session, folder: str, make: Callable[[], None]
    ) -> None:
        lead = (
            text(
                "{count} copies of this project are kept in {folder}.", count=count(len(kept)), folder=folder
            )
            if kept
            else text("There is no copy of this project yet; copies are kept in {folder}.", folder=folder)
        )
        super().__init__(text("Copies of the project"), lead, text("Keep these settings"), parent)
        self._before = session
        self.session = session
        self.chosen: Copy | None = None
        self.choice = ComboBox()
        for copy in kept:
            self.choice.addItem(f"{copy.moment}  ·  {copy.size}", copy)
        self.choice.setPlaceholderText(text("None yet"))
        self.choice.setEnabled(bool(kept))
        self.add(text("Kept copy"), self.choice)
        self.restore = button(text("Put it back…"), "plain", self._restore)
        self.restore.setEnabled(bool(kept))
        self.make = button(text("Make a copy now"), "plain", make)
        self.make.clicked.connect(self.reject)
        for one in (self.restore, self.make):
            one.setAutoDefault(False)
            self.add("", one)
        self.minutes = self._number(text("Minutes between two copies"), session.copy_minutes, 1, MOST_MINUTES)
        self.copies = self._number(text("Copies of each project"), session.copies_kept, 1, MOST_COPIES)
        self.room = self._number(text("Room for all copies (GB)"), round(session.copies_gb), 0, MOST_GB)

    def read(self) -> None:
        """The settings as they stand; room that was not touched keeps its part of a GB."""
        touched = self.room.value() != round(self._before.copies_gb)
        self.session = replace(
            self._before,
            copy_minutes=self.minutes.value(),
            copies_kept=self.copies.value(),
            copies_gb=float(self.room.value()) if touched else self._before.copies_gb,
        )

    def _restore(self) -> None:
        self.chosen = self.choice.currentData()
        self.accept()

    def _number(self, words: str, value: int, least: int, most: int) -> QSpinBox:
        made = number_box(least, most)
        made.setValue(value)
        self.add(words, made)
        return made


class PutBackQuestion(FormDialog):
    """Asks once more before a copy takes the place of a project that can be read."""

    def __init__(self, parent: QWidget, copy: Copy) -> None:
        lead = text(
            "What was done since is then no longer in the project; the file as it is now stays beside it under another name."
        )
        super().__init__(
            text("Put back the copy of {moment}?", moment=copy.moment), lead, text("Put back"), parent
        )
