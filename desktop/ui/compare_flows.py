"""Flows of comparing: entering and leaving the comparison of two scenarios, and writing it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget

from core.jobs import Job
from core.problems import Problem, UserError
from core.texts import text
from desktop import comparing, scenario_table, scenarios
from desktop.comparing import Pair
from desktop.scenario_table import ScenarioTable
from desktop.session import load_session
from desktop.ui.asking import stand
from desktop.ui.compare_view import CompareActions, CompareView
from desktop.ui.pair_map import Mode
from desktop.ui.rebuilding import styled
from desktop.ui.scenario_table import ScenarioTableDialog
from desktop.ui.shown_files import written_in
from desktop.ui.workspace import Message, Workspace


class CompareFlows:
    """What the window does about comparing.

    Parameters
    ----------
    stack : callable
        The pages of the window, of which the comparison is one while it is open.
    back : callable
        Shows the workbench again.
    """

    def __init__(
        self,
        workspace: Workspace,
        window: QWidget,
        stack: Callable[[], QStackedWidget],
        back: Callable[[], None],
    ) -> None:
        self.workspace, self.window = workspace, window
        self._stack, self._back = stack, back
        self.view: CompareView | None = None
        self._coming: CompareView | None = None  # made, and shown in the next turn
        self._again: Pair | None = None  # stepped aside, with its mode
        self._mode: Mode | None = None
        workspace.opened.connect(self.leave)

    def begin(self) -> None:
        """Compare the scenario that is shown with another one."""
        project = self.workspace.project
        if project is None:
            return
        try:
            first, second = comparing.two_with_plans(project, self.workspace.scenario)
        except UserError as error:
            self.workspace.refused.emit(error)
            return
        self.compare(first, second)

    def compare(self, first: str, second: str) -> None:
        """Read the plans of two scenarios and show them."""
        workspace = self.workspace
        project, city, made = workspace.project, workspace.city, dict(workspace.assessments)
        if project is None or city is None:
            return
        folder = project.folder
        workspace.do(
            text("Comparing scenarios"),
            lambda job: comparing.pair_in(folder, first, second, city, made, job),
            self.show,
        )

    def show(self, pair: Pair) -> None:
        """Show two scenarios in place of the workbench."""
        project = self.workspace.project
        if project is None:
            return
        before = self._drop() or self._mode
        self._mode = None
        actions = CompareActions(self.leave, self.compare, self.ask_file)
        view = CompareView(self.workspace, pair, scenarios.scenarios(project), actions, before or Mode.SIDE)
        self._coming = view
        steps = self._entered(view)

        def turn() -> None:
            if self._coming is view:
                next(steps)
                QTimer.singleShot(0, view, turn)

        QTimer.singleShot(0, view, turn)  # in turns of their own: styling takes as long again

    def show_table(self) -> None:
        """Read the plans of all scenarios and show their main figures side by side."""
        project = self.workspace.project
        if project is None:
            return
        folder = project.folder

        def show(found: ScenarioTable) -> None:
            dialog = ScenarioTableDialog(
                self.workspace, found, self.window, self.compare, self.ask_table_file
            )
            stand(dialog, self.workspace)

        self.workspace.do(
            text("Comparing scenarios"), lambda job: scenario_table.scenario_table_in(folder, job), show
        )

    def ask_table_file(self, found: ScenarioTable) -> None:
        """Ask where the table of scenarios goes, and write it in the background."""
        project = self.workspace.project
        if project is None:
            return
        kinds = f"{text('Workbook with all tables')} (*.xlsx);;{text('Table of figures')} (*.csv)"
        proposed = project.folder / f"{text('All scenarios')}.xlsx"
        path = self._asked_path(text("Write the table…"), proposed, kinds)
        if path is not None:
            self._write(path, lambda job: scenario_table.write(found, path, job))

    def _entered(self, view: CompareView) -> Iterator[None]:
        stack = self._stack()
        stack.addWidget(view)
        yield
        yield from styled(view)
        self.view, self._coming = view, None
        stack.setCurrentWidget(view)
        view.map.first.setFocus(Qt.FocusReason.OtherFocusReason)
        yield

    def leave(self) -> None:
        """Back to the workbench."""
        if self.view is not None or self._coming is not None:
            self._back()  # first: Qt would bring the page before to the front, too
            self._drop()

    def step_aside(self) -> None:
        """Take the view away, to show the same again when the window is made anew."""
        view = self._coming or self.view
        self._again = replace(view.pair) if view is not None else None
        self._mode = self._drop()

    def rebuild(self) -> None:
        """Show what stepped aside again, in the language and colours of the moment."""
        again, self._again = self._again, None
        if again is not None:
            self.show(again)

    def ask_file(self) -> None:
        """Ask where the comparison goes, and write it in the background."""
        project, view = self.workspace.project, self.view
        if project is None or view is None:
            return
        kinds = ";;".join(
            f"{words} (*{ending})"
            for words, ending in (
                (text("Sheet with maps"), ".pdf"),
                (text("Workbook with all tables"), ".xlsx"),
                (text("Table of figures"), ".csv"),
            )
        )
        proposed = project.folder / f"{view.pair.title}.pdf"
        path = self._asked_path(text("Write the comparison…"), proposed, kinds)
        if path is not None:
            self.write(view.pair, path)

    def _asked_path(self, title: str, proposed: Path, kinds: str) -> Path | None:
        """Where a file goes; without an ending it has that of the kind chosen in the dialog."""
        chosen, kind = QFileDialog.getSaveFileName(self.window, title, str(proposed), kinds)
        if not chosen:
            return None
        path = Path(chosen)
        return path if path.suffix else path.with_suffix(kind[kind.rindex("*") + 1 : -1])

    def write(self, pair: Pair, path: Path) -> None:
        """Write a comparison and say where it is."""
        author = load_session().author
        self._write(path, lambda job: comparing.write(pair, path, author=author, job=job))

    def _write(self, path: Path, work: Callable[[Job], list[Problem]]) -> None:
        """Write a file in the background and say where it is."""

        def written(problems: list[Problem]) -> None:
            words = text("Wrote {path}.", path=path.name)
            self.workspace.said.emit(written_in(path.parent, words))
            for problem in problems:
                self.workspace.said.emit(Message(problem.said()))

        self.workspace.do(text("Writing the comparison"), work, written)

    def close(self) -> None:
        """End what draws."""
        self._drop()

    def _drop(self) -> Mode | None:
        """Take the view away; the mode it had, None where there was none."""
        view, self.view, self._coming = self._coming or self.view, None, None
        if view is None:
            return None
        mode = view.map.mode
        self._stack().removeWidget(view)
        view.let_go()
        view.hide()
        view.deleteLater()
        return mode
