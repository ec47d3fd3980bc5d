"""Keeping work: a project under another name, what saving means here, and what closing the window would stop."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from core.jobs import Job
from core.problems import Problem, UserError
from core.texts import text
from desktop import operations
from desktop.ui.asking import put
from desktop.ui.form_dialog import FolderField, FormDialog
from desktop.ui.workspace import Message, Workspace


class SaveAsQuestion(FormDialog):
    """Asks for the name and place of a copy of the project."""

    def __init__(self, parent: QWidget, project: Path) -> None:
        lead = text("All data, results, decisions and documents are copied; the copy is then open.")
        super().__init__(text("Save the project as"), lead, text("Save"), parent)
        self.name = QLineEdit(free_name(project))
        self.add(text("Name of the folder"), self.name)
        self.place = FolderField(str(project.parent))
        self.add(text("In the folder"), self.place)

    @property
    def folder(self) -> Path:
        """Where the copy will lie."""
        return self.place.folder / self.name.text().strip()

    def read(self) -> None:
        """It must have a name."""
        if not self.name.text().strip():
            raise UserError(Problem("The copy has no name.", "Give it one."))


class StopQuestion(FormDialog):
    """Asks whether work under way is to be stopped by closing the window."""

    def __init__(self, parent: QWidget, titles: list[str]) -> None:
        words = text(", ").join(titles)
        lead = text("Under way: {titles}. What it has found so far is not kept.", titles=words)
        super().__init__(text("Stop the work and quit?"), lead, text("Stop and quit"), parent)
        self.cancel.setText(text("Go on working"))
        self.go.setAutoDefault(False)
        self.cancel.setDefault(True)  # Enter loses nothing

    def showEvent(self, event: QShowEvent) -> None:
        """The way that loses nothing is at hand."""
        super().showEvent(event)
        self.cancel.setFocus()

    def read(self) -> None:
        """Nothing is typed."""


class Keeping:
    """What keeps work from being lost."""

    def __init__(self, workspace: Workspace, window: QWidget) -> None:
        self.workspace = workspace
        self.window = window
        self._asked: StopQuestion | None = None

    def save(self) -> None:
        """Say that every change is kept already, and offer a copy under another name."""
        if self.workspace.project is not None:
            words = text("Everything is kept already: each change and result is written at once.")
            self.workspace.said.emit(Message(words, text("Save as…"), self.ask_save_as))

    def ask_save_as(self) -> None:
        """Ask where a copy of the project will lie, make it, and open it."""
        project = self.workspace.project
        if project is None:
            return
        asked = SaveAsQuestion(self.window, project.folder)
        put(asked, self.workspace, lambda: self.save_as(asked.folder))

    def save_as(self, folder: Path) -> None:
        """Copy the open project to a folder and open the copy."""
        kept = self.workspace.needed().folder

        def work(job: Job) -> None:
            operations.save_as(kept, folder, job)

        self.workspace.do(text("Saving the project as"), work, lambda _: self.workspace.open(folder))

    def may_close(self) -> bool:
        """Whether the window may close now; else it is asked, and closes once that is wished."""
        tasks = self.workspace.tasks
        running = [] if tasks.running is None else [tasks.running]
        titles = [task.title for task in (*running, *tasks.waiting) if not task.quiet]
        if not titles:
            return True
        if self._asked is None:
            self._asked = asked = StopQuestion(self.window, titles)
            asked.finished.connect(self._answered)
            put(asked, self.workspace, self.window.close)
        return False

    def _answered(self) -> None:
        self._asked = None


def free_name(project: Path) -> str:
    """A name beside a project that no folder has yet."""
    number = 2
    while (project.parent / f"{project.name} {number}").exists():
        number += 1
    return f"{project.name} {number}"
