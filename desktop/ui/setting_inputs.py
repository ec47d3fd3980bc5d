"""Inputs of settings that are more than a number: one of many words, several of some, and rules turned on or off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QCompleter, QGridLayout, QWidget

from core.texts import text
from desktop.ui.card_parts import down
from desktop.ui.form_dialog import label
from desktop.ui.inputs import ComboBox

Offered = Sequence[tuple[str, str]]  # words of a setting and what they are called
AS_TABLE, ON, OFF = "", "yes", "no"
MANY = 12  # words from which on they can be looked for by typing


class OneOf(ComboBox):
    """One of many words; of very many some letters lead to them."""

    def __init__(self, offered: Offered, *, optional: bool) -> None:
        super().__init__()
        if optional:
            self.addItem("—", "")
        for word, said in offered:
            self.addItem(said, word)
        if len(offered) > MANY:
            self.setEditable(True)
            self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
            completer = QCompleter([said for _, said in offered], self)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            self.setCompleter(completer)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    @property
    def value(self) -> str:
        """The word that is chosen, or what was typed in place of one."""
        typed = self.currentText().strip()
        place = self.findText(typed)
        return str(self.itemData(place)) if place >= 0 else typed

    def write(self, value: Any) -> None:
        """Choose a word; one that is not offered is added."""
        word = "" if value is None else str(value)
        if self.findData(word) < 0:
            self.addItem(word or "—", word)
        self.setCurrentIndex(self.findData(word))


class SeveralOf(QWidget):
    """Several of some words, ticked."""

    def __init__(self, offered: Offered) -> None:
        super().__init__()
        self.boxes = {word: QCheckBox(said) for word, said in offered}
        column = down(self, spacing=4)
        for box in self.boxes.values():
            column.addWidget(box)

    @property
    def value(self) -> tuple[str, ...]:
        """The words that are ticked, in the order in which they are offered."""
        return tuple(word for word, box in self.boxes.items() if box.isChecked())

    def write(self, value: Any) -> None:
        """Tick some words and no others."""
        for word, box in self.boxes.items():
            box.setChecked(word in value)


class Switches(QWidget):
    """Rules, each as its table has it, or turned on or off."""

    def __init__(self, offered: Offered) -> None:
        super().__init__()
        self.boxes: dict[str, QComboBox] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        for line, (rule, said) in enumerate(offered):
            box = ComboBox()
            for word, words in ((AS_TABLE, "as in the table"), (ON, "switched on"), (OFF, "switched off")):
                box.addItem(text(words), word)
            box.setAccessibleName(said)
            grid.addWidget(label(said, "small", wraps=True), line, 0)
            grid.addWidget(box, line, 1)
            self.boxes[rule] = box

    @property
    def value(self) -> Mapping[str, bool]:
        """The rules that are not as their table has them."""
        return MappingProxyType(
            {
                rule: box.currentData() == ON
                for rule, box in self.boxes.items()
                if box.currentData() != AS_TABLE
            }
        )

    def write(self, value: Any) -> None:
        """Turn some rules on or off; all others are as in the table."""
        for rule, box in self.boxes.items():
            word = AS_TABLE if rule not in value else ON if value[rule] else OFF
            box.setCurrentIndex(box.findData(word))
