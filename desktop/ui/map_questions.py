"""Questions of the map: a place to go to, a condition to select by, and the list of kept views."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QCompleter,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QWidget,
)

from core.fields import fields
from core.problems import Problem, UserError
from core.texts import text
from core.units import count
from desktop.expressions import examples
from desktop.map_views import MapView
from desktop.ui.card_parts import across
from desktop.ui.form_dialog import FormDialog, label
from desktop.ui.inputs import ComboBox
from desktop.ui.status import crs_said

HOW = (
    ("new", "Select anew"),
    ("add", "Add to the selection"),
    ("remove", "Remove from the selection"),
    ("within", "Within the selection"),
)
LIST_PX = 190


class PlaceQuestion(FormDialog):
    """A coordinate in metres or degrees."""

    def __init__(self, parent: QWidget, crs: CRS, meant: Callable[[str], tuple[float, float]]) -> None:
        lead = text(
            "Metres of {system}, with or without the zone number, or longitude and latitude of CGCS2000.",
            system=crs_said(crs),
        )
        super().__init__(text("Go to a coordinate"), lead, text("Go there"), parent)
        self._meant = meant
        self.place = (0.0, 0.0)
        self.words = QLineEdit()
        self.words.setPlaceholderText("108.94, 34.26")
        self.add(text("Coordinate"), self.words)

    def read(self) -> None:
        """Read the place; UserError where it is none."""
        self.place = self._meant(self.words.text())


class ConditionQuestion(FormDialog):
    """A condition on the columns of a table."""

    def __init__(
        self,
        parent: QWidget,
        title: str,
        frame: pd.DataFrame,
        meant: Callable[[str], NDArray[np.bool_] | None],
    ) -> None:
        lead = text(
            "{table}: {count} rows. Names and titles of columns may be used.",
            table=title,
            count=count(len(frame)),
        )
        super().__init__(text("Select by a condition"), lead, text("Select"), parent)
        self._meant = meant
        self.found = np.zeros(len(frame), dtype=np.bool_)
        self.words = QLineEdit()
        self.words.setPlaceholderText(examples(tuple(frame.columns)))
        known = fields()
        self.columns = ComboBox()
        self.columns.addItem(text("Choose a column…"), "")
        for name in frame.columns:
            if name in known:
                self.columns.addItem(f"{known[name].title}  ·  {name}", str(name))
        self.columns.setEditable(True)
        self.columns.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        completer = self.columns.completer()
        if completer is not None:
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.columns.activated.connect(self._insert)
        self._how = ComboBox()
        for how, said in HOW:
            self._how.addItem(text(said), how)
        self.add(text("Condition"), self.words)
        self.add(text("Column"), self.columns)
        self.add(text("Selection"), self._how)

    @property
    def how(self) -> str:
        """`new`, `add`, `remove` or `within`."""
        return str(self._how.currentData())

    def read(self) -> None:
        """Find the rows; UserError where the condition cannot be understood or none meets it."""
        found = self._meant(self.words.text())
        if found is None:
            raise UserError(Problem("There is no condition.", "Write one; the columns below can be put in."))
        if not found.any():
            raise UserError(Problem("No row meets this condition.", "Change the condition."))
        self.found = found

    def _insert(self, number: int) -> None:
        name = str(self.columns.itemData(number) or "")
        if name:
            self.words.insert(f"{name} ")
            self.words.setFocus()


class Keep(Protocol):
    """Keeps the map under a name."""

    def __call__(self, name: str, *, place: bool, looks: bool) -> None:
        """Keep its place, the looks of its layers, or both."""


class ViewQuestion(FormDialog):
    """The kept views, and a new one."""

    def __init__(
        self,
        parent: QWidget,
        views: Sequence[MapView],
        keep: Keep,
        drop: Callable[[str], None],
        show: Callable[[MapView], None],
    ) -> None:
        lead = text(
            "A view keeps a place, the layers with their colours and filters, or both; double click shows one."
        )
        super().__init__(text("Views of the map"), lead, text("Keep this view"), parent)
        self._keep, self._drop, self._show_view = keep, drop, show
        self.list = QListWidget()
        self.list.setProperty("part", "found")
        self.list.setFixedHeight(LIST_PX)
        for view in views:
            item = QListWidgetItem(f"{view.name}    {_said(view)}")
            item.setData(Qt.ItemDataRole.UserRole, view)
            self.list.addItem(item)
        if not views:
            self.list.addItem(text("None yet"))
            self.list.setEnabled(False)
        self.list.itemActivated.connect(lambda item: self._chosen())
        self.shown = QPushButton(text("Show"))
        self.dropped = QPushButton(text("Remove"))
        for made, done in ((self.shown, self._chosen), (self.dropped, self._remove)):
            made.setAutoDefault(False)
            made.clicked.connect(done)
        self.name = QLineEdit(text("View {number}", number=len(views) + 1))
        self.place, self.looks = (
            QCheckBox(text("Extent of the map")),
            QCheckBox(text("Layers, colours and filters")),
        )
        self.place.setChecked(True)
        self.looks.setChecked(True)
        self.add(text("Kept views"), self.list)
        self.form.addRow(label("", ""), across(self.shown, self.dropped, None, spacing=8))
        self.add(text("New view"), self.name)
        self.form.addRow(label("", ""), across(self.place, self.looks, None, spacing=16))
        self.list.currentItemChanged.connect(lambda *_: self._enable())
        self._enable()

    def read(self) -> None:
        """Keep the view; UserError where it has no name or keeps nothing."""
        self._keep(self.name.text(), place=self.place.isChecked(), looks=self.looks.isChecked())

    def _enable(self) -> None:
        for made in (self.shown, self.dropped):
            made.setEnabled(self.list.currentItem() is not None)

    def _chosen(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.reject()
            self._show_view(item.data(Qt.ItemDataRole.UserRole))

    def _remove(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self._drop(item.data(Qt.ItemDataRole.UserRole).name)
            self.list.takeItem(self.list.row(item))
            self._enable()


def _said(view: MapView) -> str:
    """What a view keeps."""
    parts = [text("Extent of the map")] if view.bounds is not None else []
    parts += [text("Layers, colours and filters")] if view.looks else []
    return " · ".join(parts)
