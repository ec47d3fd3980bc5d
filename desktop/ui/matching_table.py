"""The matching table: which of our columns is which of the file's, in which unit, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from core.fields import fields
from core.texts import text
from desktop.imports import own_fields, pair_of, units_of, with_pairs
from desktop.ui.inputs import ComboBox
from layers.columns import Ambiguity, ColumnMatch

SAMPLES = 3  # values shown of each column
LONGEST_SAMPLE = 34


class MatchingTable(QWidget):
    """One row per field of ours: the column it comes from, its unit, and sample values.

    Signals
    -------
    match_changed(object)
        The user chose another column or unit: the new `ColumnMatch`.
    """

    match_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._match: ColumnMatch | None = None
        self._sample = pd.DataFrame()
        self._settled: set[str] = set()
        self._body = QWidget()
        self._grid = QGridLayout(self._body)
        self._grid.setContentsMargins(16, 8, 16, 8)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(3, 1)
        self._grid.setColumnMinimumWidth(0, 120)
        self._grid.setColumnMinimumWidth(1, 180)
        self._grid.setColumnMinimumWidth(2, 96)
        self.columns: dict[str, QComboBox] = {}
        self.units: dict[str, QComboBox] = {}
        self.doubts: dict[str, QLabel] = {}
        self._samples: dict[str, QLabel] = {}
        self.kept = QLabel()
        self.kept.setProperty("part", "small")
        self.kept.setWordWrap(True)
        self.more = ComboBox()
        self.more.activated.connect(self._add)
        area = QScrollArea()
        area.setWidget(self._body)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName(text("Matching of columns"))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)

    @property
    def match(self) -> ColumnMatch | None:
        """Which columns are ours, as chosen here."""
        return self._match

    def clear(self) -> None:
        """Show nothing."""
        self._match = None
        self._empty()

    def set_match(self, match: ColumnMatch, sample: pd.DataFrame) -> None:
        """Show a match.

        Parameters
        ----------
        match : ColumnMatch
            What was found, or remembered.
        sample : DataFrame
            First rows of the file under its own column names.
        """
        self._match, self._sample, self._settled = match, sample, set()
        self._fill(own_fields(match.table, match))

    def _empty(self) -> None:
        for known in (self.columns, self.units, self.doubts, self._samples):
            known.clear()
        while item := self._grid.takeAt(0):
            if old := item.widget():
                old.setParent(None)
                if old not in (self.kept, self.more):
                    old.deleteLater()

    def _fill(self, names: Sequence[str]) -> None:
        match = self._match
        self._empty()
        if match is None:
            return
        for place, head in enumerate(
            (text("Our column"), text("Column of the file"), text("Unit"), text("First values"))
        ):
            self._grid.addWidget(_label(head, "section"), 0, place)
        theirs = [*(pair.column for pair in match.pairs), *match.unmatched]
        order = [str(name) for name in self._sample.columns if str(name) in theirs]
        for row, name in enumerate(names, start=1):
            self._add_row(row, name, match, order)
        last = len(names) + 1
        self._offer_more(names)
        self._grid.addWidget(self.more, last, 0, 1, 2)
        self._grid.addWidget(self.kept, last + 1, 0, 1, 4)
        self._grid.setRowStretch(last + 2, 1)
        self._say()

    def _add_row(self, row: int, name: str, match: ColumnMatch, theirs: Sequence[str]) -> None:
        known = fields()[name]
        pair = next((one for one in match.pairs if one.field == name), None)
        title = _label(known.title, "")
        title.setToolTip("\n".join(part for part in (known.meaning, name) if part))
        column = _choice(text("Column that holds {title}", title=known.title))
        column.addItem("—", "")
        for one in theirs:
            column.addItem(one, one)
        column.setCurrentIndex(max(0, column.findData(pair.column)) if pair else 0)
        unit = _choice(text("Unit of {title}", title=known.title))
        for one in units_of(match.table, name):
            unit.addItem(text("share of 1") if one == "ratio" else one, one)
        if pair and pair.unit:
            if unit.findData(pair.unit) < 0:
                unit.addItem(pair.unit, pair.unit)
            unit.setCurrentIndex(unit.findData(pair.unit))
        sample, doubt = _label("", "small"), _label("", "warning-line")
        doubt.setWordWrap(True)
        last = QVBoxLayout()
        last.setSpacing(0)
        last.addWidget(sample)
        last.addWidget(doubt)
        holder = QWidget()
        last.setContentsMargins(0, 0, 0, 0)
        holder.setLayout(last)
        for place, widget in enumerate((title, column, unit, holder)):
            self._grid.addWidget(widget, row, place)
        self.columns[name], self.units[name] = column, unit
        self._samples[name], self.doubts[name] = sample, doubt
        column.currentIndexChanged.connect(self._chose(name))
        unit.currentIndexChanged.connect(self._chose(name))

    def _offer_more(self, names: Sequence[str]) -> None:
        """Other fields of the dictionary, for columns that such a table does not usually have."""
        self.more.blockSignals(True)
        self.more.clear()
        self.more.setAccessibleName(text("Add a column of ours"))
        self.more.addItem(text("Add a column of ours…"), "")
        for known in sorted(fields().values(), key=lambda one: one.title):
            if known.name not in names:
                self.more.addItem(known.title, known.name)
        self.more.blockSignals(False)

    def _add(self, place: int) -> None:
        name = str(self.more.itemData(place) or "")
        if name:
            self._fill([*self.columns, name])
            self.columns[name].setFocus()

    def _chose(self, name: str) -> Callable[[int], None]:
        def take(_: int) -> None:
            self._take(name)

        return take

    def _take(self, name: str) -> None:
        """The user chose a column or a unit for a field; no column can be two of ours."""
        if self._match is None:
            return
        chosen = str(self.columns[name].currentData())
        for other, box in self.columns.items():
            if other != name and chosen and box.currentData() == chosen:
                box.blockSignals(True)
                box.setCurrentIndex(0)
                box.blockSignals(False)
        self._settled.add(name)
        pairs = [
            pair_of(field, str(box.currentData()), str(self.units[field].currentData() or ""))
            for field, box in self.columns.items()
            if box.currentData()
        ]
        self._match = with_pairs(self._match, pairs, self._settled)
        self._say()
        self.match_changed.emit(self._match)

    def _say(self) -> None:
        """Sample values, doubts, and what keeps its own name."""
        match = self._match
        if match is None:
            return
        doubts = {one.field: one for one in match.ambiguities}
        for name, box in self.columns.items():
            column = str(box.currentData())
            self._samples[name].setText(_first_values(self._sample, column))
            self.units[name].setVisible(bool(column) and self.units[name].count() > 0)
            doubt = doubts.get(name)
            self.doubts[name].setText(_doubt(doubt) if doubt else "")
            self.doubts[name].setVisible(doubt is not None)
            for one, about in ((box, ("column", "field")), (self.units[name], ("unit",))):
                one.setProperty("doubt", bool(doubt and doubt.about in about))
                one.style().unpolish(one)
                one.style().polish(one)
        self.kept.setText(
            text("Kept under their own names: {columns}", columns=text(", ").join(match.unmatched))
            if match.unmatched
            else ""
        )


def _doubt(found: Ambiguity) -> str:
    """A doubt in a few words."""
    if found.about == "unit":
        return text("Check the unit: {options}?", options=" / ".join(found.options))
    if found.about == "field":
        return text(
            "May also be: {options}",
            options=text(", ").join(fields()[one].title for one in found.options[1:]),
        )
    return text("May also be in: {options}", options=text(", ").join(found.options[1:]))


def _first_values(sample: pd.DataFrame, column: str) -> str:
    if column not in sample:
        return ""
    values: list[Any] = list(dict.fromkeys(sample[column].dropna()))[:SAMPLES]
    words = text(", ").join(_said(value) for value in values)
    return words if len(words) <= LONGEST_SAMPLE else f"{words[:LONGEST_SAMPLE]}…"


def _label(words: str, part: str) -> QLabel:
    made = QLabel(words)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("part", part)
    return made


def _choice(name: str) -> QComboBox:
    made = ComboBox()
    made.setProperty("part", "cell")
    made.setAccessibleName(name)
    made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    made.setMinimumContentsLength(6)
    return made


def _said(value: Any) -> str:
    """A sample value as it stands in the file; whole numbers, which may be ids, with all their digits."""
    if not isinstance(value, float):
        return str(value)
    return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:g}"
