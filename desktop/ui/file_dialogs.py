"""File dialogs: those that Qt draws itself get columns as wide as what stands in them."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QFileDialog, QHeaderView, QTreeView, QWidget

NAME, OTHERS = 0, (1, 2, 3)  # columns: the name of a file; its size, kind and day


def make_room(application: QApplication) -> None:
    """Widen the columns of every file dialog as it opens; Qt measures them without the padding of the style sheet."""
    application.focusChanged.connect(_focused)


def _focused(before: QWidget | None, now: QWidget | None) -> None:
    dialog = now.window() if now is not None else None
    if isinstance(dialog, QFileDialog):
        widen(dialog)


def widen(dialog: QFileDialog) -> None:
    """Size, kind and day of a file are shown whole; its name gets what is left."""
    view = dialog.findChild(QTreeView, "treeView")
    if view is None:  # a dialog of the system
        return
    header = view.header()
    header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
    for column in OTHERS:
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
