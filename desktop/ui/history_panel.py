"""The history panel: every change with who, when and why, the last first, and undo and redo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from core.texts import text
from core.units import count
from desktop.ui import theme
from desktop.ui.card_parts import across, button, down, emptied, hairline, label
from desktop.ui.workspace import Message, Workspace
from layers.edits import HistoryEntry

MOST_SHOWN = 100


def go_to_change(workspace: Workspace, number: int) -> None:
    """Undo, or make again, until a change is the last in force, and say so with the way back."""
    project = workspace.needed()
    before = project.last_change
    words = text("Undone or made again: {count} changes.", count=count(project.go_to(number)))
    workspace.said.emit(Message(words, text("Take it back"), lambda: go_to_change(workspace, before)))


class HistoryPanel(QWidget):
    """Changes of the project of a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.setAccessibleName(text("History"))
        self.undo = button(text("Undo"), "plain", workspace.undo)
        self.redo = button(text("Redo"), "plain", workspace.redo)
        self.undo.setIcon(theme.icon("ph.arrow-counter-clockwise"))
        self.redo.setIcon(theme.icon("ph.arrow-clockwise"))
        inside = QWidget()
        self._entries = down(inside, margins=(12, 0, 12, 12), spacing=6)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        head = across(self.undo, self.redo, None, spacing=8)
        head.setContentsMargins(12, 12, 12, 8)
        column = down(self, spacing=0)
        column.addLayout(head)
        column.addWidget(area, 1)
        workspace.edits_changed.connect(self.refresh)
        workspace.opened.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """List the changes as they are now."""
        emptied(self._entries)
        project = self.workspace.project
        entries = project.history() if project is not None else []
        self.undo.setEnabled(any(not entry.undone for entry in entries))
        self.redo.setEnabled(any(entry.undone for entry in entries))
        if not entries:
            words = text("No changes yet. Corrections and decisions are listed here, each with its reason.")
            self._entries.addWidget(label(words, "small", wraps=True))
        last = next((entry for entry in entries[::-1] if not entry.undone), None)
        for entry in entries[::-1][:MOST_SHOWN]:
            self._entries.addWidget(
                _Entry(entry, None if entry is last else partial(go_to_change, self.workspace))
            )
            self._entries.addWidget(hairline())
        self._entries.addStretch(1)


class _Entry(QWidget):
    """One change; `go` makes it the last in force."""

    def __init__(self, entry: HistoryEntry, go: Callable[[int], None] | None) -> None:
        super().__init__()
        column = down(self, margins=(0, 2, 0, 2), spacing=1)
        column.addWidget(label(entry.label, "note" if entry.undone else "", wraps=True))
        if entry.why:
            column.addWidget(label(text("Reason: {why}", why=entry.why), "small", wraps=True))
        moment = datetime.fromisoformat(entry.at).astimezone().strftime("%Y-%m-%d %H:%M")
        facts = [moment, entry.who, text("cells: {count}", count=count(entry.cells))]
        if entry.undone:
            facts.append(text("undone"))
        column.addWidget(label(" · ".join(facts), "small", wraps=True))
        if go is not None:
            words = text("Make again up to here") if entry.undone else text("Undo what came after")
            column.addLayout(across(button(words, "link", partial(go, entry.number)), None))
