"""File dialogs show size, kind and day of every file whole."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication, QFileDialog, QTreeView
from pytestqt.qtbot import QtBot

from desktop.ui import theme
from desktop.ui.file_dialogs import OTHERS, make_room


def test_no_column_of_a_file_dialog_is_narrower_than_its_words(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
):
    theme.apply_theme(qapp)
    (tmp_path / "建筑.shp").write_bytes(b"0" * 123_456)
    make_room(qapp)
    dialog = QFileDialog(None, "", str(tmp_path))
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setViewMode(QFileDialog.ViewMode.Detail)
    qtbot.addWidget(dialog)
    dialog.show()
    view = dialog.findChild(QTreeView, "treeView")
    assert isinstance(view, QTreeView)
    qtbot.waitUntil(lambda: view.model().rowCount(view.rootIndex()) == 1)
    qtbot.waitUntil(lambda: view.header().sectionSize(1) >= view.sizeHintForColumn(1) > 0)
    assert all(view.header().sectionSize(column) >= view.sizeHintForColumn(column) for column in OTHERS)
