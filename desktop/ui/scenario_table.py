"""The table of scenarios in the window: their main figures side by side, each row leading to its map; copied or written."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPoint, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHeaderView, QWidget

from core.texts import text
from desktop.addresses import Address
from desktop.scenario_table import ScenarioTable
from desktop.ui.card_parts import across, button, down, label
from desktop.ui.trace_menu import pop_up
from desktop.ui.words_model import WordsModel, words_view
from desktop.ui.workspace import Workspace
from layers.project import PLAN

HIGH_PX, NAME_PX = 360, 150


class ScenarioTableDialog(QDialog):
    """A row for each planned scenario; the map stays in reach above it.

    Parameters
    ----------
    compare : callable
        Shows two scenarios, by key, side by side.
    write : callable
        Asks for a file and writes the table.
    """

    def __init__(
        self,
        workspace: Workspace,
        found: ScenarioTable,
        parent: QWidget,
        compare: Callable[[str, str], None],
        write: Callable[[ScenarioTable], None],
    ) -> None:
        super().__init__(parent)
        self.workspace, self.found, self._compare = workspace, found, compare
        self.setWindowTitle(text("All scenarios"))
        self.setAccessibleName(text("All scenarios"))
        room = parent.size() - QSize(40, 40)
        self.resize(QSize(1180, HIGH_PX).boundedTo(room))
        self.view = words_view(text("All scenarios"), lines=3)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        heads = found.heads
        figures = range(1, len(heads))
        self.view.setModel(WordsModel(heads, len(found.scenarios), found.said, figures, self.view))
        header = self.view.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.view.resizeColumnsToContents()
        self.view.setColumnWidth(0, max(NAME_PX, self.view.columnWidth(0)))
        header.setStretchLastSection(True)
        self.view.clicked.connect(lambda index: self.show_on_map(index.row()))
        self.view.activated.connect(lambda index: self.show_on_map(index.row()))
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._menu)
        self.view.selectionModel().currentRowChanged.connect(self._enable)
        self.side = button(text("Side by side with the first"), "plain", self._side_by_side)
        self.copy = button(text("Copy table"), "plain", self.copy_all)
        self.file = button(text("Write the table…"), "plain", lambda: write(found))
        shut = button(text("Close"), "plain", self.reject)
        for one in (self.side, self.copy, self.file, shut):
            one.setAutoDefault(False)
        column_of = down(self, margins=(20, 16, 20, 16), spacing=10)
        hint = text(
            "Differences are to {name}. A click on a row shows its plan on the map; a right click leads to where a figure "
            "comes from.",
            name=found.scenarios[0].title,
        )
        column_of.addWidget(label(hint, "note", wraps=True))
        column_of.addWidget(self.view, 1)
        column_of.addLayout(across(self.side, None, self.copy, self.file, shut, spacing=8))
        self._enable()
        below = parent.mapToGlobal(
            QPoint((parent.width() - self.width()) // 2, parent.height() - self.height() - 20)
        )
        self.move(below)

    def show_on_map(self, row: int) -> None:
        """Show the scenario of a row in the window, its plan on the map."""
        key = self.found.scenarios[row].key
        if key != self.workspace.scenario:
            self.workspace.choose_scenario(key, lambda: self.workspace.show_result(PLAN))
        else:
            self.workspace.show_result(PLAN)

    def copy_all(self) -> None:
        """The table for a spreadsheet, one line for each scenario."""
        frame = self.found.frame()
        frame.columns = [text("Scenario"), *frame.columns[1:]]
        QGuiApplication.clipboard().setText(frame.to_csv(sep="\t", index=False, float_format="%.15g"))

    def _menu(self, place: QPoint) -> None:
        index = self.view.indexAt(place)
        keys = list(self.found.figures)
        if index.isValid() and 0 < index.column() <= len(keys):
            key, scenario = keys[index.column() - 1], self.found.scenarios[index.row()].key
            numbers = [(self.found.figures[key], Address(key=key, scenario=scenario))]
            pop_up(
                self.view, self.view.viewport().mapToGlobal(place), numbers, self.workspace.trace_asked.emit
            )

    def _enable(self, now: QModelIndex | None = None, _: QModelIndex | None = None) -> None:
        self.side.setEnabled(now is not None and now.row() > 0)

    def _side_by_side(self) -> None:
        first, other = self.found.scenarios[0], self.found.scenarios[self.view.currentIndex().row()]
        self.accept()
        self._compare(first.key, other.key)
