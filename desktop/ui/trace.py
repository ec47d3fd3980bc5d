"""Tracing: how every number of a parcel or building was found, with the sources of what went in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QWidget,
)

from core.texts import text
from desktop import cards
from desktop.tracing import Traced
from desktop.ui.card_parts import across, button, down, label
from layers.city import City
from potential import Assessment
from reports.provenance import provenance
from standards import Number, Standards

SIZE = (980, 620)
PADDINGS_PX = 20  # beside the words of a cell
MEASURED = 40  # rows that decide how wide a column is
INDENT = "\u2003"  # of what a number was computed from


def trace_of(city: City, assessments: Mapping[str, Assessment], table: str, row_id: str) -> dict[str, Any]:
    """Results with how they are found, numbers with their sources, and the data of one row."""
    if table == "parcel":
        buildings = cards.buildings_on(city, assessments, row_id)
        frames = {name: made.parcels for name, made in assessments.items()}
    else:
        buildings = pd.DataFrame(city.tables["building"].loc[[row_id]])
        frames = {name: made.details.get(table, pd.DataFrame()) for name, made in assessments.items()}
    rows = {
        name: cards.row_of(frame, row_id) if row_id in frame.index else None for name, frame in frames.items()
    }
    return provenance(city, assessments, rows, buildings)


class TraceDialog(QDialog):
    """Where the numbers of a card come from."""

    def __init__(self, parent: QWidget, title: str, found: Mapping[str, Any]) -> None:
        super().__init__(parent)
        self.setWindowTitle(text("Where the numbers come from"))
        self.resize(*SIZE)
        column = down(self, margins=(20, 18, 20, 16), spacing=10)
        column.addWidget(label(title, "title"))
        said = f"{found['count']} {found['left_out']}".strip()
        column.addWidget(label(said, "small", wraps=True))
        self.tabs = _Pages()
        for part in found["results"]:
            heads = (text("Result"), text("Value"), text("Unit"), text("How it is found"))
            rows = [(row["title"], row["value"], row["unit"], row["meaning"]) for row in part["rows"]]
            self.tabs.add(part["short"], heads, rows, right=(1,))
        names = (text("Number"), text("Value"), text("Range"), text("Unit"), text("Source"), text("Note"))
        used = [_number_row(part["title"], row) for part in found["numbers"] for row in part["rows"]]
        self.tabs.add(text("Numbers used"), names, used, right=(1,))
        data = [(row["title"], row["value"]) for row in found["data"]]
        self.tabs.add(text("Data"), (text("Data"), text("Origin of the values")), data)
        remarks = [(words,) for words in found["remarks"]]
        self.tabs.add(text("Assumptions"), (text("What was assumed"),), remarks)
        column.addWidget(self.tabs, 1)
        column.addLayout(across(None, button(text("Close"), "main", self.accept)))


class NumberTraceDialog(QDialog):
    """Where one number comes from: what it means, what it was computed from, published numbers, and since when."""

    def __init__(self, parent: QWidget, found: Traced, standards: Standards) -> None:
        super().__init__(parent)
        self.setWindowTitle(text("Where the numbers come from"))
        self.resize(*SIZE)
        column = down(self, margins=(20, 18, 20, 16), spacing=8)
        column.addWidget(
            label(text("{name}: {value}", name=found.title, value=found.value), "title", wraps=True)
        )
        for name, said in found.facts:
            column.addWidget(label(text("{name}: {value}", name=name, value=said), "small", wraps=True))
        self.tabs = _Pages()
        heads = (text("Quantity"), text("Value"), text("Formula"), text("Source"))
        rows = [
            (f"{INDENT * one.depth}{one.title}", one.value, one.formula, one.origin) for one in found.steps
        ]
        self.tabs.add(text("Computed from"), heads, rows, right=(1,))
        if found.numbers:
            names = (text("Number"), text("Value"), text("Range"), text("Unit"), text("Source"), text("Note"))
            used = [_published(number, standards) for number in found.numbers]
            self.tabs.add(text("Numbers used"), names, used, right=(1,))
        if found.remarks:
            remarks = [(text(words),) for words in found.remarks]
            self.tabs.add(text("Assumptions"), (text("What was assumed"),), remarks)
        column.addWidget(self.tabs, 1)
        column.addLayout(across(None, button(text("Close"), "main", self.accept)))


def _published(number: Number, standards: Standards) -> tuple[str, ...]:
    """A published or assumed number with range, source and note."""
    limits = ""
    if number.low is not None and number.high is not None and number.low != number.high:
        limits = f"{number.said(number.low)} – {number.said(number.high)}"
    source = text("Planning assumption") if number.assumption else standards.citation(number.source)
    title = f"{number.table_said} · {number.key_said}"
    return title, number.said(number.value), limits, number.unit_said, source, number.note_said


def _number_row(title: str, row: Mapping[str, Any]) -> tuple[str, ...]:
    keys = ("value", "limits", "unit", "citation", "note")
    return (f"{title} · {row['key']}", *(str(row[key]) for key in keys))


class _Pages(QTabWidget):
    """Tables of which each is filled when it is looked at for the first time: measuring their words takes long."""

    def __init__(self) -> None:
        super().__init__()
        self.setDocumentMode(True)
        self._unfilled: dict[QWidget, Callable[[], QTableWidget]] = {}
        self.currentChanged.connect(self._fill)

    def add(
        self, title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()
    ) -> None:
        """A further page with rows of words."""
        page = QWidget()
        self._unfilled[page] = partial(_table, heads, rows, right)
        self.addTab(page, title)

    def showEvent(self, event: QShowEvent) -> None:
        """Fill the page in front, at the size that it has now."""
        super().showEvent(event)
        self._fill()

    def _fill(self) -> None:
        page = self.currentWidget()
        if self.isVisible() and page in self._unfilled:
            down(page).addWidget(self._unfilled.pop(page)())


class _Padded(QStyledItemDelegate):
    """Measures words within the paddings of their cell: by itself Qt forgets them, and cuts the last words off."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """As much as the words need where they are wrapped."""
        narrower = QStyleOptionViewItem(option)
        narrower.rect = option.rect.adjusted(0, 0, -PADDINGS_PX, 0)
        return super().sizeHint(narrower if narrower.rect.isValid() else option, index)


class _Wrapped(QTableWidget):
    """A table whose rows are as high as their words need at the widths that the columns have now."""

    def __init__(self, rows: int, columns: int) -> None:
        super().__init__(rows, columns)
        self.setItemDelegate(_Padded(self))
        self._soon = QTimer(self)  # after all columns have their widths
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.resizeRowsToContents)
        self.horizontalHeader().sectionResized.connect(lambda *_: self._soon.start())


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> QTableWidget:
    made = _Wrapped(len(rows), len(heads))
    for place, words in enumerate(heads):
        head = QTableWidgetItem(words)
        if place in right:
            head.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        made.setHorizontalHeaderItem(place, head)
    made.verticalHeader().hide()
    made.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    made.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    made.setWordWrap(True)
    made.setShowGrid(False)
    for number, row in enumerate(rows):
        for place, words in enumerate(row):
            item = QTableWidgetItem(words)
            item.setToolTip(words)
            if place in right:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            made.setItem(number, place, item)
    header = made.horizontalHeader()
    header.setResizeContentsPrecision(MEASURED)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setHighlightSections(False)
    for place in range(len(heads)):
        last = place == len(heads) - 1
        mode = QHeaderView.ResizeMode.Stretch if last else QHeaderView.ResizeMode.ResizeToContents
        header.setSectionResizeMode(place, mode)
    header.setMaximumSectionSize(340)
    return made
