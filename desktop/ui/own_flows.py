"""Flows of what a planner sets by hand: grades, retrofits, settings of the plan and own data, by way of dialogs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from core.texts import text
from desktop import operations, own_data, planning, scenarios
from desktop.plan_words import choices_of
from desktop.project_settings import set_project_settings, set_system
from desktop.session import load_session, save_session
from desktop.ui.asking import put
from desktop.ui.data_page import typical_weather
from desktop.ui.own_data_dialog import OwnDataDialog
from desktop.ui.own_dialogs import GradeQuestion, RetrofitQuestion
from desktop.ui.project_dialog import ProjectDialog
from desktop.ui.settings_form import SettingsDialog
from desktop.ui.standards_browser import StandardsBrowser
from desktop.ui.workspace import Message, Workspace
from layers.project import Project

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
        put(
            asked,
            self.workspace,
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
        put(
            asked,
            self.workspace,
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
        asked = SettingsDialog(
            PlanForm(),
            now,
            self.window,
            offered=choices_of(project.standards),
            lead=text("A change makes the plan stale; it can be undone."),
        )
        put(
            asked,
            self.workspace,
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

    def ask_project(self) -> None:
        """Ask for name, nearest city and the other facts of the project; its reference system while it is empty."""
        project = self.workspace.project
        if project is None:
            return
        asked = ProjectDialog(project, self.window)

        def change(project: Project) -> None:
            if asked.system:
                set_system(project, asked.system)
            set_project_settings(project, asked.answer, asked.reason)

        def then() -> None:
            if not (asked.answer or asked.system) or not self.workspace.edit(change):
                return
            self.workspace.data_changed.emit()
            if "climate_city" in asked.answer:
                words = text("The nearest city is another one; the weather is still that of before.")
                build = text("Build a typical year for the nearest city")
                self.workspace.said.emit(
                    Message(words, build, lambda: typical_weather(self.workspace), note=True)
                )

        put(asked, self.workspace, then)

    def show_standards(self) -> None:
        """Browse the published numbers."""
        if self.workspace.project is not None:
            asked = StandardsBrowser(self.workspace, self.window)
            put(asked, self.workspace)

    def ask_own_data(self) -> None:
        """Ask for a sheet of statistics, reached values or measured projects, and take it in."""
        project = self.workspace.project
        if project is None:
            return
        scenario = self.workspace.scenario
        asked = OwnDataDialog(project, scenario, load_session().last_folder, self.window)

        def change(project: Project) -> None:
            if asked.offer is not None:
                own_data.take_offer(
                    project,
                    asked.offer,
                    asked.path.name,
                    scenario=scenario,
                    remember=bool(asked.by_hand),
                    why=asked.reason,
                )

        def then() -> None:
            save_session(replace(load_session(), last_folder=str(asked.path.parent)))
            if self.workspace.edit(change):
                self.workspace.said.emit(Message(text("Own data was taken in; make the plan again.")))

        put(asked, self.workspace, then)
