"""Timed copies in the window: one every few minutes while a project changes, and the question when one is needed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from core.problems import UserError
from core.texts import text
from desktop import operations
from desktop.copies import Copy
from desktop.session import load_session
from desktop.ui.asking import put
from desktop.ui.form_dialog import FormDialog
from desktop.ui.inputs import ComboBox
from desktop.ui.shown_files import written_in
from desktop.ui.worker import Task
from desktop.ui.workspace import Message, Workspace
from layers.store import Unreadable

MINUTE_MS = 60_000
log = logging.getLogger("lutu")


class RestoreCopyQuestion(FormDialog):
    """Which copy is put in the place of a project's file that cannot be read.

    Parameters
    ----------
    error : Unreadable
        What is wrong with the project.
    kept : list of Copy
        The copies of it, the newest first.
    """

    def __init__(self, parent: QWidget, error: Unreadable, kept: list[Copy]) -> None:
        note = text(
            "A copy of {moment} is kept. The file as it is now stays beside it under another name.",
            moment=kept[0].moment,
        )
        lead = "\n".join([*(text(one.message, **one.values) for one in error.problems), note])
        super().__init__(text("Restore the project?"), lead, text("Restore"), parent)
        self.folder = error.folder
        self.choice = ComboBox()
        for copy in kept:
            self.choice.addItem(f"{copy.moment}  ·  {copy.size}", copy)
        self.add(text("Kept copy"), self.choice)

    @property
    def copy(self) -> Copy:
        """The copy that was chosen."""
        chosen: Copy = self.choice.currentData()
        return chosen


class TimedCopies(QObject):
    """Copies the open project every few minutes, and puts a copy back where a project cannot be read.

    Parameters
    ----------
    workspace : Workspace
        Its project is copied.
    window : QWidget
        Questions are modal to it.
    open_again : callable
        Opens the project that was put back.
    """

    def __init__(self, workspace: Workspace, window: QWidget, open_again: Callable[[Path], None]) -> None:
        super().__init__(window)
        self._workspace, self._window, self._open_again = workspace, window, open_again
        self._task: Task | None = None
        self._told = ""
        self._question: RestoreCopyQuestion | None = None
        self.timer = QTimer(self)
        self.timer.timeout.connect(self.copy)
        workspace.opened.connect(self._begin)

    def _begin(self) -> None:
        self._told = ""
        self.timer.start(load_session().copy_minutes * MINUTE_MS)

    def copy(self) -> None:
        """Copy the open project if it changed, behind the work that is asked for already."""
        project, tasks = self._workspace.project, self._workspace.tasks
        if project is None or (self._task is not None and self._task in (tasks.running, *tasks.waiting)):
            return
        folder, session = project.folder, load_session()
        self._task = Task(
            text("Copy of the project"),
            lambda job: operations.make_copy(folder, session, job),
            self._copied,
            self._refused,
            quiet=True,
        )
        tasks.add(self._task)

    def _copied(self, made: Copy | None) -> None:
        self._told = ""

    def _refused(self, error: UserError) -> None:
        """Say what stands in the way, once; the list of tasks keeps it every time."""
        words = str(error)
        if words == self._told:
            return
        self._told = words
        if not self.offer(error):
            self._workspace.said.emit(Message(words, note=True))

    def offer(self, error: UserError) -> bool:
        """Ask whether a copy is put back, where the project cannot be read and there is one."""
        if not isinstance(error, Unreadable) or not (kept := operations.copies_of(error.folder)):
            return False
        if self._question is not None:
            return True  # asked already
        asked = RestoreCopyQuestion(self._window, error, kept)
        self._question = asked
        asked.finished.connect(self._answered)
        put(asked, self._workspace, lambda: self.restore(asked.folder, asked.copy))
        return True

    def _answered(self) -> None:
        self._question = None

    def restore(self, folder: Path, copy: Copy) -> None:
        """Put a copy in the place of a project's file, and open the project."""
        workspace = self._workspace
        if workspace.project is not None and workspace.project.folder.resolve() == folder.resolve():
            self._leave()
            workspace.home_asked.emit()

        def done(aside: Path) -> None:
            def said() -> None:
                workspace.opened.disconnect(said)
                words = text(
                    "Put back the copy of {moment}; the file before it is now {file}.",
                    moment=copy.moment,
                    file=aside.name,
                )
                workspace.said.emit(written_in(folder, words))

            workspace.opened.connect(said)
            self._open_again(folder)

        workspace.do(text("Restoring the project"), lambda job: operations.restore_copy(folder, copy), done)

    def _leave(self) -> None:
        """Let go of the open project, also where nothing can be written to it any more."""
        project, self._workspace.project = self._workspace.project, None
        try:
            if project is not None:
                project.close()
        except UserError as error:
            log.warning("the end of the session is not noted: %s", error)
