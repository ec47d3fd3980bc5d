"""The question which potentials are assessed, where not all of them are wanted."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtWidgets import QCheckBox, QWidget

from core.problems import Problem, UserError
from core.texts import text
from desktop import operations
from desktop.ui.asking import put
from desktop.ui.form_dialog import FormDialog, column
from desktop.ui.workspace import Workspace


class AssessQuestion(FormDialog):
    """Offers all potentials; those whose results are missing or out of date are chosen at first."""

    def __init__(self, parent: QWidget, stale: Collection[str]) -> None:
        super().__init__(
            text("Assess some potentials"),
            text("What another one needs and is missing is computed with it."),
            text("Assess"),
            parent,
        )
        self.boxes: dict[str, QCheckBox] = {}
        for name in operations.potential_names():
            box = QCheckBox(text(operations.potential_named(name).title))
            box.setChecked(name in stale)
            box.setAccessibleName(box.text())
            self.boxes[name] = box
        first = next(iter(self.boxes.values()))
        self.add(text("Potentials"), column(list(self.boxes.values())), first)
        first.setAccessibleName(first.text())

    @property
    def chosen(self) -> list[str]:
        """Names of the potentials, in their order."""
        return [name for name, box in self.boxes.items() if box.isChecked()]

    def read(self) -> None:
        """At least one must be chosen."""
        if not self.chosen:
            raise UserError(Problem("No potential is chosen.", "Choose at least one."))


def ask_to_assess(workspace: Workspace, window: QWidget) -> None:
    """Ask which potentials are assessed, and assess them."""
    if workspace.project is None:
        return
    stale = [name for name in operations.potential_names() if not workspace.fresh.get(name)]
    asked = AssessQuestion(window, stale)
    put(asked, workspace, lambda: workspace.assess(asked.chosen))
