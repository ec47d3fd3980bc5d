"""The list dialog: a few sentences above rows of words, which can be copied, and what a double click on one leads to."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QWidget

from core.texts import text
from desktop.ui.card_parts import across, button, down, label
from desktop.ui.words_model import WordsModel, share_room, words_view

SIZE = QSize(900, 520)
ROOM_PX = 14  # beside the words of a cell


class ListDialog(QDialog):
    """Rows of words under a heading.

    Parameters
    ----------
    title, lead : str
        What is listed, and what there is to say of all of it.
    heads : sequence of str
        Titles of the columns; the last takes the room that is left.
    rows : sequence of sequence of str
        What stands in them.
    right : sequence of int
        Columns of figures, which stand at the right.
    lines : int
        Lines of a row.
    follow : callable, optional
        Where a double click, or Enter, on a row leads.
    """

    def __init__(
        self,
        parent: QWidget,
        title: str,
        lead: str,
        heads: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        right: Sequence[int] = (),
        lines: int = 1,
        follow: Callable[[int], None] | None = None,
    ) -> None:
        super().__init__(parent)
        self.heads, self.listed = tuple(heads), [tuple(row) for row in rows]
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.resize(SIZE.boundedTo(parent.size() - QSize(40, 40)))
        self.view = words_view(title, lines=lines)
        self.view.setModel(WordsModel(heads, len(self.listed), self.listed.__getitem__, right, self.view))
        self.view.resizeColumnsToContents()
        for column in range(len(heads)):
            self.view.setColumnWidth(column, min(self.view.columnWidth(column) + ROOM_PX, SIZE.width() // 3))
        share_room(self.view, len(heads) - 1)
        if follow is not None:
            self.view.activated.connect(lambda index: follow(index.row()))
        copied, shut = (
            button(text("Copy rows"), "plain", self.copy),
            button(text("Close"), "plain", self.reject),
        )
        for one in (copied, shut):
            one.setAutoDefault(False)
        self.lead = label(lead, "small", wraps=True)
        column_of = down(self, margins=(20, 16, 20, 16), spacing=10)
        column_of.addWidget(label(title, "title"))
        column_of.addWidget(self.lead)
        column_of.addWidget(self.view, 1)
        column_of.addLayout(across(None, copied, shut, spacing=8))

    def copy(self) -> None:
        """All rows for a spreadsheet."""
        lines = [self.heads, *self.listed]
        QGuiApplication.clipboard().setText(
            "\n".join("\t".join(" ".join(cell.split()) for cell in line) for line in lines)
        )
