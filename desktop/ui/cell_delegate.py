"""The cell delegate: in the cell of a table stands the input that the dictionary knows for its column."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QRect
from PySide6.QtWidgets import QComboBox, QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.ui.cell_input import cell_input, typed_in
from desktop.ui.table_model import TableModel

WORDS_PX = 170
Index = QModelIndex | QPersistentModelIndex


class CellDelegate(QStyledItemDelegate):
    """Makes the inputs of a table model."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """The input, with what stands in the cell."""
        model = index.model()
        assert isinstance(model, TableModel)
        row, column = int(model.rows[index.row()]), index.column()
        made = cell_input(str(model.column(column).name), model.kept(row, column), parent)
        made.setProperty("part", "cell")
        made.setAccessibleName(model.head(column))
        if isinstance(made, QComboBox):
            made.activated.connect(lambda _: self._done(made))
        return made

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """As large as the cell, and wide enough for words."""
        room = QRect(option.rect)
        if isinstance(editor, QComboBox):
            room.setWidth(max(room.width(), WORDS_PX))
        editor.setGeometry(room)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """It has its value already."""
        if isinstance(editor, QLineEdit):
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Hand over what was typed, if it is anything new."""
        assert isinstance(model, TableModel)
        row, column = int(model.rows[index.row()]), index.column()
        before = cell_input(str(model.column(column).name), model.kept(row, column), None)
        if typed_in(before) != typed_in(editor):
            model.setData(index, typed_in(editor))
        before.deleteLater()

    def _done(self, made: QComboBox) -> None:
        self.commitData.emit(made)
        self.closeEditor.emit(made)
