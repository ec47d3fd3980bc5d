"""Flows of the plan: targets, scenarios and documents, by way of dialogs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from core.jobs import Job
from core.problems import UserError
from core.texts import text
from core.units import count
from desktop import own_targets, planning, scenarios
from desktop.chart_scope import areas_of
from desktop.own_targets import OwnTarget
from desktop.session import load_session, save_session
from desktop.ui.asking import put
from desktop.ui.plan_dialogs import (
    DeleteDialog,
    DocumentsDialog,
    DocumentsWanted,
    RenameDialog,
    ScenarioDialog,
    TargetDialog,
)
from desktop.ui.plan_tables import PlanTables
from desktop.ui.shown_files import written_in
from desktop.ui.workspace import Message, Workspace
from layers.contents import Pending
from layers.project import PLAN, Project
from plans.period import period_of
from standards import Taken

if TYPE_CHECKING:
    from desktop import plan_documents


class PlanFlows:
    """What the window does about plans when something is asked for."""

    def __init__(self, workspace: Workspace, window: QWidget) -> None:
        self.workspace, self.window = workspace, window
        self.written: list[Path] = []  # folders into which documents were written

    def make_plan(self) -> None:
        """Make the plan of the scenario that is shown."""
        workspace = self.workspace
        project = workspace.project
        if project is None:
            return

        def planned(pending: Pending) -> None:
            if workspace.plan is not None:
                workspace.show_result(PLAN)
                said = text(
                    "The plan is made: {count} projects.",
                    count=count(len(workspace.plan.tables["project"])),
                )
                shown = text("Show on the map")
                workspace.said.emit(Message(said, shown, lambda: workspace.show_result(PLAN)))

        try:
            workspace.take_in(text("Making the plan"), planning.plan(project, workspace.scenario), planned)
        except UserError as error:
            workspace.refused.emit(error)

    def ask_target(self, kept: OwnTarget | None = None) -> None:
        """Ask for one of the city's own targets and set it, or for other words of one that is set."""
        project = self.workspace.project
        if project is None:
            return
        year = period_of(Taken(project.standards)).target_year
        areas = areas_of(self.workspace.city) if self.workspace.city is not None else []
        dialog = TargetDialog(self.window, own_targets.target_forms(project), year, kept, areas)

        def then() -> None:
            wanted = dialog.answer
            if wanted is None:
                return

            def change(project: Project) -> None:
                own_targets.set_target(
                    project,
                    wanted.indicator,
                    wanted.year,
                    wanted.value,
                    unit=wanted.unit,
                    operator=wanted.operator,
                    area_kind=wanted.area_kind,
                    area_id=wanted.area_id,
                    scenario=self.workspace.scenario,
                    source=wanted.source,
                    why=wanted.reason,
                )

            self.workspace.edit(change)

        put(dialog, self.workspace, then)

    def ask_scenario(self) -> None:
        """Ask for a new scenario, make it and show it."""
        project = self.workspace.project
        if project is None:
            return
        dialog = ScenarioDialog(self.window, scenarios.scenarios(project), self.workspace.scenario)

        def then() -> None:
            name, source = dialog.name.text().strip(), str(dialog.source.currentData())

            def change(project: Project) -> None:
                scenarios.new_scenario(project, name, dialog.reason, source)

            if self.workspace.edit(change):
                self.workspace.choose_scenario(scenarios.scenario_named(project, name).key)

        put(dialog, self.workspace, then)

    def ask_new_name(self) -> None:
        """Ask what the scenario that is shown is called from now on."""
        project = self.workspace.project
        if project is None:
            return
        key = self.workspace.scenario
        dialog = RenameDialog(self.window, scenarios.scenario_named(project, key).title)

        def change(project: Project) -> None:
            scenarios.rename_scenario(project, key, dialog.name.text(), dialog.reason)

        put(dialog, self.workspace, lambda: self.workspace.edit(change))

    def ask_deletion(self) -> None:
        """Ask whether the scenario that is shown is taken away; undoing brings it back."""
        project = self.workspace.project
        if project is None:
            return
        key = self.workspace.scenario
        dialog = DeleteDialog(self.window, scenarios.scenario_named(project, key).title)

        def change(project: Project) -> None:
            scenarios.delete_scenario(project, key, dialog.reason)

        put(dialog, self.workspace, lambda: self.workspace.edit(change))

    def show_lists(self) -> None:
        """Show the lists of the plan: projects, phases, indicators and all others."""
        plan = self.workspace.plan
        if plan is None:
            self.workspace.said.emit(Message(text("There is no plan yet."), note=True))
            return
        dialog = PlanTables(self.workspace, plan, self.window)
        put(dialog, self.workspace)

    def ask_documents(self) -> None:
        """Ask which documents are written, and write them in the background."""
        project = self.workspace.project
        if project is None or self.workspace.plan is None:
            self.workspace.said.emit(Message(text("There is no plan yet."), note=True))
            return
        from desktop import plan_documents  # late: it takes a while to import

        folder = str(project.folder / "documents")
        dialog = DocumentsDialog(self.window, plan_documents.KINDS, folder, load_session().author)

        def then() -> None:
            if dialog.answer is not None:
                save_session(replace(load_session(), author=dialog.answer.author))
                self.write(dialog.answer)

        put(dialog, self.workspace, then)

    def preview_documents(self) -> None:
        """Show the documents of the plan page by page, before they are written."""
        project, city, plan = self.workspace.project, self.workspace.city, self.workspace.plan
        if project is None or city is None or plan is None:
            self.workspace.said.emit(Message(text("There is no plan yet."), note=True))
            return
        from desktop import plan_documents  # late: it takes a while to import
        from desktop.ui.document_preview import DocumentPreview

        made = dict(self.workspace.assessments)  # as they are shown: reading them again would take a moment
        ready = plan_documents.ready_with(project, self.workspace.scenario, city, made, plan)
        folder = project.folder / "documents"
        put(DocumentPreview(self.workspace, ready, folder, self.window, self.ask_documents), self.workspace)

    def check_documents(self) -> None:
        """Compare every number of the documents, sheets and layers that were written with the plan, and list the result."""
        project, workspace = self.workspace.project, self.workspace
        if project is None:
            return
        from desktop import plan_check, plan_documents  # late: they take a while to import
        from desktop.ui.check_dialog import CheckDialog

        try:
            ready = plan_documents.ready(project, workspace.scenario)
        except UserError as error:
            workspace.refused.emit(error)
            return
        folders = [project.folder / "documents", project.folder / "exports", *self.written]
        author = load_session().author

        def show(found: list[plan_check.FileChecked]) -> None:
            dialog = CheckDialog(workspace, ready, found, self.window, self.check_documents)
            dialog.finished.connect(dialog.deleteLater)
            dialog.show()

        workspace.do(
            text("Checking documents"),
            lambda job: plan_check.check(ready, folders, author, job=job),
            show,
        )

    def write(self, wanted: DocumentsWanted) -> None:
        """Write documents, sheets and layers, and say where they are."""
        project = self.workspace.project
        if project is None:
            return
        from desktop import plan_documents  # late: it takes a while to import

        ready = plan_documents.ready(project, self.workspace.scenario)

        def work(job: Job) -> plan_documents.Written:
            return plan_documents.write(
                ready,
                wanted.kinds,
                wanted.folder,
                sheets=wanted.sheets,
                layers=wanted.layers,
                author=wanted.author,
                pictures=wanted.pictures,
                language=wanted.language,
                formats=wanted.formats,
                job=job,
            )

        def written(made: plan_documents.Written) -> None:
            words = text(
                "Wrote {count} files to {folder}.", count=count(len(made.files)), folder=wanted.folder
            )
            said = " ".join([words, *(problem.said() for problem in made.problems[:1])])
            self.workspace.said.emit(written_in(wanted.folder, said, stays=True))
            if wanted.folder not in self.written:
                self.written.append(wanted.folder)
            self.workspace.data_changed.emit()

        self.workspace.do(text("Writing documents"), work, written)
