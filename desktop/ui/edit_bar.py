"""The edit bar: over the map while shapes are edited, with layer, ways to edit, and what to do next."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QFrame, QToolButton

from core.texts import text
from core.units import count
from desktop.map_layers import table_title
from desktop.shape_changes import EDITABLE
from desktop.ui import theme
from desktop.ui.card_parts import across, button, down, label
from desktop.ui.inputs import ComboBox
from desktop.ui.map_panel import MapPanel
from desktop.ui.shape_editor import Mode, ShapeEditor

MARGIN = 12
BESIDE_TOOLS = 60  # from the left rim of the map
GAP = 8

MODES = (
    (Mode.RESHAPE, "ph.bounding-box", "Reshape: drag corners, hollow ones add a corner", "N"),
    (Mode.MOVE, "ph.arrows-out-cardinal", "Move chosen shapes", "G"),
    (Mode.DRAW, "ph.pencil-simple", "Draw a new shape", "D"),
    (Mode.SPLIT, "ph.scissors", "Split by a line", "X"),
)


class EditBar(QFrame):
    """The bar of one map panel."""

    def __init__(self, panel: MapPanel, editor: ShapeEditor) -> None:
        super().__init__(panel)
        self.editor, self._panel = editor, panel
        self.setProperty("part", "floating")
        self.setAccessibleName(text("Edit shapes"))
        self.table = ComboBox()
        self.table.setAccessibleName(text("Layer that is edited"))
        self.table.setMinimumWidth(92)
        for name in EDITABLE:
            self.table.addItem(table_title(name), name)
        self.table.activated.connect(lambda _: editor.choose_table(str(self.table.currentData())))
        group = QButtonGroup(self)
        self.modes: dict[Mode, QToolButton] = {}
        for mode, icon, words, keys in MODES:
            made = self._tool(icon, words, keys, partial(editor.choose_mode, mode))
            made.setCheckable(True)
            group.addButton(made)
            self.modes[mode] = made
        workspace = editor.workspace
        self.merge = self._tool("ph.link-simple", "Merge chosen shapes", "J", editor.merge)
        self.delete = self._tool("ph.trash", "Delete chosen shapes", "", editor.delete)
        self.snap = self._tool("ph.magnet", "Snap to corners and edges (Alt: not now)", "S", self._snap)
        self.shared = self._tool("ph.path", "Move shared corners together", "T", self._share)
        self.undo = self._tool("ph.arrow-counter-clockwise", "Undo", "", workspace.undo)
        self.redo = self._tool("ph.arrow-clockwise", "Redo", "", workspace.redo)
        for switch in (self.snap, self.shared):
            switch.setCheckable(True)
        self.back = self._tool(
            "ph.clock-counter-clockwise",
            "Undo everything changed since editing began",
            "",
            editor.roll_back,
        )
        self.done = button(text("Done"), "plain", editor.end)
        row = across(
            self.table,
            _gap(),
            *self.modes.values(),
            _gap(),
            self.merge,
            self.delete,
            _gap(),
            self.snap,
            self.shared,
            _gap(),
            self.undo,
            self.redo,
            self.back,
            self.done,
            spacing=2,
        )
        column = down(self, margins=(8, 4, 8, 6), spacing=2)
        column.addLayout(row)
        self.hint = label("", "small")
        column.addWidget(self.hint)
        editor.changed.connect(self.refresh)
        self.refresh()

    def let_go(self) -> None:
        """Leave the editor to another bar."""
        self.editor.changed.disconnect(self.refresh)

    def refresh(self) -> None:
        """Say what is being done."""
        editor = self.editor
        self.setVisible(editor.active)
        self._panel.message.top = MARGIN
        if not editor.active:
            return
        self.table.setCurrentIndex(self.table.findData(editor.table))
        self.modes[editor.mode].setChecked(True)
        self.merge.setEnabled(len(editor.chosen) > 1)
        self.delete.setEnabled(bool(editor.chosen))
        self.snap.setChecked(editor.snapping)
        self.shared.setChecked(editor.shared)
        self.back.setEnabled(editor.changed_since)
        self.hint.setText(self.words())
        self.adjustSize()
        self.move(BESIDE_TOOLS, MARGIN)
        self.raise_()
        self._panel.message.top = self.geometry().bottom() + GAP

    def words(self) -> str:
        """What to do next, in one line."""
        editor = self.editor
        if editor.fault is not None:
            return editor.fault.problem.said()
        if editor.mode is Mode.DRAW:
            if not editor.line:
                return text("Click to place corners; Insert places one in the middle of the map.")
            return text("Enter or double click closes the outline; Backspace takes a corner back.")
        if editor.mode is Mode.SPLIT:
            if not editor.line:
                return text("Click outside a shape, cut through it, and end outside.")
            return text("Enter or double click cuts; Backspace takes a corner back.")
        if not editor.chosen:
            return text("Click a shape; Shift adds more.")
        if len(editor.chosen) > 1:
            return text("{count} shapes are chosen.", count=count(len(editor.chosen)))
        if editor.mode is Mode.MOVE:
            return text("{row}: drag it to its place.", row=editor.chosen[0])
        if editor.corner is not None:
            return text("Delete removes the corner; arrow keys move it, Enter keeps it.")
        return text("{row}: drag corners, or step through them with the full stop key.", row=editor.chosen[0])

    def _snap(self) -> None:
        self.editor.snapping = not self.editor.snapping
        self.refresh()

    def _share(self) -> None:
        self.editor.shared = not self.editor.shared
        self.refresh()

    def _tool(self, icon: str, words: str, keys: str, pressed: Callable[[], None]) -> QToolButton:
        made = QToolButton()
        made.setProperty("part", "tool")
        made.setIcon(theme.icon(icon))
        said = f"{text(words)} ({keys})" if keys else text(words)
        made.setToolTip(said)
        made.setAccessibleName(said)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if keys:
            made.setShortcut(keys)
        made.clicked.connect(lambda: pressed())
        return made


def _gap() -> QFrame:
    made = QFrame()
    made.setProperty("part", "hairline")
    made.setFixedSize(1, 22)
    return made
