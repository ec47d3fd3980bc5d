"""The column chooser: which columns of a table are shown, found by a piece of their title."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QListWidget, QListWidgetItem, QWidget

from core.texts import text
from core.units import count
from desktop.ui.card_parts import across, button, down, label
from desktop.ui.table_view import TableView

SIZE = (420, 480)
NUMBER = Qt.ItemDataRole.UserRole


class ColumnChooser(QDialog):
    """A list of all columns with boxes; the table follows at once."""

    def __init__(self, view: TableView, parent: QWidget) -> None:
        super().__init__(parent)
        self._view, self._filling = view, True
        self.setWindowTitle(text("Columns of the table"))
        self.setAccessibleName(text("Columns of the table"))
        self.resize(*SIZE)
        self.words = QLineEdit()
        self.words.setPlaceholderText(text("Find a column"))
        self.words.setAccessibleName(text("Find a column"))
        self.words.setClearButtonEnabled(True)
        self.list = QListWidget()
        self.list.setProperty("part", "found")
        self.list.setAccessibleName(text("Columns of the table"))
        model = view.model()
        for number in range(model.columnCount()):
            item = QListWidgetItem(str(model.headerData(number, Qt.Orientation.Horizontal)))
            item.setData(NUMBER, number)
            hint = model.headerData(number, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
            item.setToolTip(str(hint or ""))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            hidden = view.isColumnHidden(number)
            item.setCheckState(Qt.CheckState.Unchecked if hidden else Qt.CheckState.Checked)
            if number == 0:  # the id tells rows apart
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
            self.list.addItem(item)
        self.counted = label("", "small")
        every = button(text("Show all"), "link", lambda: self.tick(on=True))
        none = button(text("Hide all"), "link", lambda: self.tick(on=False))
        shut = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        shut.rejected.connect(self.reject)
        shut.button(QDialogButtonBox.StandardButton.Close).setText(text("Close"))
        column = down(self, margins=(16, 14, 16, 14), spacing=8)
        column.addWidget(self.words)
        column.addWidget(self.list, 1)
        column.addLayout(across(every, none, None, self.counted, spacing=14))
        column.addWidget(shut)
        self._filling = False
        self.words.textChanged.connect(self._find)
        self.list.itemChanged.connect(self._switch)
        self._count()

    def tick(self, *, on: bool) -> None:
        """Show or hide all columns that are listed."""
        for number in range(1, self.list.count()):
            item = self.list.item(number)
            if not item.isHidden():
                item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)

    def _find(self, words: str) -> None:
        wanted = words.strip().casefold()
        for number in range(self.list.count()):
            item = self.list.item(number)
            item.setHidden(wanted not in f"{item.text()}\n{item.toolTip()}".casefold())

    def _switch(self, item: QListWidgetItem) -> None:
        self._view.setColumnHidden(int(item.data(NUMBER)), item.checkState() is Qt.CheckState.Unchecked)
        self._count()

    def _count(self) -> None:
        every = self._view.model().columnCount()
        shown = len(self._view.shown_columns())
        self.counted.setText(text("{shown} of {all} shown", shown=count(shown), all=count(every)))
