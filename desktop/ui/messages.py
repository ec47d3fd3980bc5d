"""Messages: what the user can put right, all at once, in a dialog that does not block the work."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QFrame, QScrollArea, QWidget

from core.problems import UserError
from core.texts import text
from desktop.ui.card_parts import across, button, down, label, picture

WIDTH = 520


def show_refusal(parent: QWidget, error: UserError) -> QDialog:
    """Say everything that stands in the way, and what to do about it."""
    dialog = QDialog(parent)
    dialog.setWindowTitle(text("This cannot be done yet"))
    dialog.setMinimumWidth(WIDTH)
    column = down(dialog, margins=(20, 18, 20, 16), spacing=12)
    column.addWidget(label(text("This cannot be done yet"), "title"))
    inside = QWidget()
    rows = down(inside, spacing=10)
    for problem in error.problems:
        row = across(picture("ph.warning-circle", "sun"), label(problem.said(), wraps=True), spacing=10)
        rows.addLayout(row)
    rows.addStretch(1)
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setWidget(inside)
    area.setMinimumHeight(min(320, 64 * len(error.problems) + 20))
    column.addWidget(area, 1)
    column.addLayout(across(None, button(text("Close"), "main", dialog.accept)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
