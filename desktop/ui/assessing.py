"""Assessing: potentials one after another, each in a turn of its own, with a word on each and one on all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from core.texts import text
from desktop import operations
from desktop.ui.notes import Message
from layers.contents import Pending

if TYPE_CHECKING:
    from desktop.ui.workspace import Workspace

NEXT_MS = 100  # between one potential and the next, for the window to show what was found


class Assessing(QObject):
    """Assesses potentials of the open project; `following` tells whether more of them come in a moment."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self._following = 0

    @property
    def following(self) -> bool:
        """Whether a potential waits for its turn."""
        return self._following > 0

    def assess(self, wanted: Sequence[str], of: int) -> None:
        """Assess the first of some potentials, then the others; at the end of several, say so of all `of`."""
        workspace, name = self._workspace, wanted[0]

        def assessed(pending: Pending) -> None:
            if wanted[1:]:  # in a turn of its own, so that the window answers in between
                self._following += 1
                QTimer.singleShot(NEXT_MS, self, lambda: self._follow(wanted[1:], of))
            words = operations.summary_sentence(workspace.assessments[name])
            message = Message(words, text("Show on the map"), lambda: workspace.show_result(name))
            if of > 1 and not wanted[1:]:
                words = text("All {count} results are computed.", count=of)
                message = Message(words, text("See the results"), workspace.results_asked.emit)
            workspace.said.emit(message)

        title = operations.potential_named(name).title
        part = of - len(wanted) + 1, of
        workspace.take_in(text(title), operations.assess(workspace.needed(), name), assessed, part)

    def _follow(self, names: Sequence[str], of: int) -> None:
        self._following -= 1
        self.assess(names, of)
