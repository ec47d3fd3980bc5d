"""Flows of what a planner sets by hand: grades, retrofits, settings of the plan and own data, by way of dialogs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QWidget

from core.texts import text
from desktop import operations, planning, scenarios
from desktop.session import load_session
from desktop.ui.own_dialogs import GradeQuestion, OwnDataQuestion, RetrofitQuestion
from desktop.ui.settings_form import SettingsDialog
from desktop.ui.standards_browser import StandardsBrowser
from desktop.ui.workspace import Message, Workspace

if TYPE_CHECKING:
    from plans.plan import PlanSettings


class PlanForm:
    """What the settings form needs to know of a plan."""

    title = "The plan"

    @property
    def settings(self) -> type[PlanSettings]:
        """The class of the settings."""
        from plans.plan import PlanSettings  # late: it takes a while to import

        return PlanSettings


class OwnFlows:
    """What the window does when a planner sets something by hand."""

    def __init__(self, workspace: Workspace, window: QWidget) -> None:
        self.workspace, self.window = workspace, window

    def ask_grade(self, ids: Sequence[str]) -> None:
        """Ask for the grade of some parcels and set it."""
        asked = GradeQuestion(self.window, ids)
        scenario = self.workspace.scenario
        self._ask(
            asked,
            lambda: self.workspace.edit(
                lambda project: operations.set_grade(
                    project, ids, asked.chosen, scenario=scenario, why=asked.reason
                )
            ),
        )

    def ask_retrofit(self, ids: Sequence[str]) -> None:
        """Ask whether some buildings must be retrofitted."""
        asked = RetrofitQuestion(self.window, ids)
        given = [operations.given_id(one) for one in ids]
        scenario = self.workspace.scenario
        self._ask(
            asked,
            lambda: self.workspace.edit(
                lambda project: operations.set_retrofit(
                    project, given, asked.chosen, scenario=scenario, why=asked.reason
                )
            ),
        )

    def ask_settings(self) -> None:
        """Ask how the plan of the scenario is made."""
        project = self.workspace.project
        if project is None:
            return
        scenario = self.workspace.scenario
        now = planning.settings_of(project, scenarios.scenario_named(project, scenario))
        asked = SettingsDialog(PlanForm(), now, self.window)
        self._ask(
            asked,
            lambda: (
                self.workspace.edit(
                    lambda project: operations.set_plan_settings(
                        project, asked.answer, scenario=scenario, why=asked.reason
                    )
                )
                if asked.answer
                else None
            ),
        )

    def show_standards(self) -> None:
        """Browse the published numbers."""
        if self.workspace.project is not None:
            asked = StandardsBrowser(self.workspace, self.window)
            asked.finished.connect(asked.deleteLater)
            asked.open()

    def ask_own_data(self) -> None:
        """Ask for a sheet of statistics, reached values or measured projects, and take it in."""
        asked = OwnDataQuestion(self.window, load_session().last_folder)
        scenario = self.workspace.scenario

        def then() -> None:
            name = str(asked.kind.currentData())
            if self.workspace.edit(
                lambda project: (
                    operations.add_own_data(project, name, asked.path, scenario=scenario, why=asked.reason),
                    None,
                )[1]
            ):
                self.workspace.said.emit(Message(text("Own data was taken in; make the plan again.")))

        self._ask(asked, then)

    def _ask(self, asked: QDialog, then: Callable[[], object]) -> None:
        asked.accepted.connect(then)
        asked.finished.connect(asked.deleteLater)
        asked.open()
