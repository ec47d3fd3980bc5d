"""Flows: from a wish to an operation, by way of a dialog where one is needed; the window's commands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from core.jobs import Job
from core.problems import Problem, UserError
from core.texts import language, text
from core.units import count
from desktop import imports, layouts, operations
from desktop.data_in import TableImport
from desktop.imports import RasterImport, WeatherImport
from desktop.log import log_file
from desktop.session import load_session, save_session
from desktop.ui.ask import CheckQuestion, CorrectionQuestion, DecisionQuestion, LayoutQuestion
from desktop.ui.asking import put
from desktop.ui.data_page import typical_weather
from desktop.ui.dialogs import (
    ExportDialog,
    ExportWanted,
    NewProject,
    ReportDialog,
    ReportsWanted,
)
from desktop.ui.guide import GuideDialog
from desktop.ui.import_dialog import ImportDialog
from desktop.ui.notices import AboutDialog
from desktop.ui.settings_form import SettingsDialog
from desktop.ui.shown_files import show_file, written_in
from desktop.ui.workspace import Message, Workspace
from layers.project import Project
from potential import Potential
from potential.solar.layout import Layout

if TYPE_CHECKING:
    from desktop import outputs

TECHNOLOGIES = ("rooftop_pv",)


class Flows:
    """What the window does when something is asked for. Dialogs are modal to `window`."""

    def __init__(self, workspace: Workspace, window: QWidget) -> None:
        self.workspace, self.window = workspace, window

    # ---- projects

    def open_project(self) -> None:
        """Ask for the folder of a project and open it."""
        before = load_session().last_folder or documents()
        chosen = QFileDialog.getExistingDirectory(self.window, text("Open project"), str(before))
        if chosen:
            self.open(Path(chosen))

    def open(self, folder: Path) -> None:
        """Open a project and remember it."""
        save_session(replace(load_session().with_project(folder), last_folder=str(folder.parent)))
        self.workspace.open(folder)

    def sample_city(self) -> None:
        """Make the sample city in the documents of the user, or open it where it was made before."""
        out = documents() / "Lutu" / text("Sample city")
        project = out / "project"
        if (project / "city.gpkg").is_file():
            self.open(project)
            return
        from desktop import demonstration  # late: brings in everything that is printed and exported

        out = demonstration.fresh_folder(out)
        self.workspace.do(
            text("Sample city"),
            lambda job: demonstration.demonstrate(out, reports=3, documents=False, job=job),
            lambda summary: self.open(out / "project"),
        )

    def new_project(self, files: Sequence[Path] = ()) -> None:
        """Lead from place and files to a checked project."""
        guide = GuideDialog(self, load_session().last_folder or str(documents()), files, self.window)
        guide.finished.connect(guide.deleteLater)
        guide.show()

    def make(self, wanted: NewProject) -> None:
        """Make a project, open it, and build its weather where the nearest city is known."""
        try:
            operations.new_project(wanted.folder, name=wanted.name, city=wanted.city, crs=wanted.crs).close()
        except UserError as error:
            self.workspace.refused.emit(error)
            return

        def begun() -> None:
            self.workspace.opened.disconnect(begun)
            project = self.workspace.project
            if wanted.city and project is not None and project.folder == wanted.folder:
                typical_weather(self.workspace)

        self.workspace.opened.connect(begun)
        self.open(wanted.folder)

    def dropped(self, paths: Sequence[Path]) -> None:
        """Open a project that was dropped, import a file, or begin a project with files."""
        if not paths:
            return
        if (paths[0] / "city.gpkg").is_file():
            self.open(paths[0])
        elif self.workspace.project is None:
            self.new_project(paths)
        else:
            self._bring_all(list(paths))

    # ---- data

    def _bring_all(self, paths: list[Path]) -> None:
        """Import files one after another: when one was settled or left out, the next is asked about."""
        dialog = self._ask_import(paths[0])
        if dialog is not None and paths[1:]:
            dialog.finished.connect(lambda _: QTimer.singleShot(0, lambda: self._bring_all(paths[1:])))

    def bring(self, path: Path | None = None) -> None:
        """Import a file, then check the data."""
        self._ask_import(path)

    def _ask_import(self, path: Path | None) -> ImportDialog | None:
        project = self.workspace.project
        if project is None:
            return None
        dialog = ImportDialog(project, path, load_session().last_folder, self.window)
        dialog.import_wanted.connect(self.take)
        put(dialog, self.workspace)
        return dialog

    def take(self, wanted: TableImport | RasterImport | WeatherImport) -> None:
        """Read what the import dialog settled into the project."""
        project = self.workspace.project
        if project is None:
            return
        save_session(replace(load_session(), last_folder=str(wanted.path.parent)))
        title = text("Importing {file}", file=wanted.path.name)
        self.workspace.take_in(title, imports.work_of(project, wanted), lambda pending: self.check_if_able())

    def check_if_able(self) -> None:
        """Check at once where there is anything to see; the map follows the data."""
        project = self.workspace.project
        if project is not None and project.inputs().tables:
            self.workspace.check()

    # ---- edits

    def decide(self, ids: Sequence[str]) -> None:
        """Decide about a technology on some parcels."""
        offered = [
            str(one)
            for made in self.workspace.assessments.values()
            for one in made.options["technology"].unique()
        ]
        asked = DecisionQuestion(self.window, ids, list(dict.fromkeys(offered)) or TECHNOLOGIES)

        def then() -> None:
            technology, decision = asked.chosen
            scenario = self.workspace.scenario

            def change(project: Project) -> None:
                operations.fix_choice(
                    project,
                    ids,
                    technology,
                    decision,
                    planned_kw=asked.planned_kw,
                    phase_year=asked.phase_year,
                    scenario=scenario,
                    why=asked.reason,
                )

            self.workspace.edit(change)

        put(asked, self.workspace, then)

    def structure(self, ids: Sequence[str]) -> None:
        """Enter the outcome of the structural check of some buildings."""
        asked = CheckQuestion(self.window, ids)
        put(asked, self.workspace, lambda: self._correct(ids, "structural_check", asked.chosen, asked.reason))

    def correct(self, ids: Sequence[str], name: str) -> None:
        """Correct an attribute of some buildings."""
        asked = CorrectionQuestion(self.window, ids, name, self._now(ids, name))
        put(asked, self.workspace, lambda: self._correct(ids, asked.name, asked.value, asked.reason))

    def _correct(self, ids: Sequence[str], name: str, value: object, why: str) -> None:
        self.workspace.edit(lambda project: operations.correct(project, "building", ids, name, value, why))

    def _now(self, ids: Sequence[str], name: str) -> str:
        """The value of the first building, as it is typed."""
        city = self.workspace.city
        frame = city.tables["building"] if city is not None else None
        if frame is None or name not in frame or ids[0] not in frame.index:
            return ""
        value = frame[name].loc[ids[0]]
        corrected = self.workspace.corrections("building", ids[0]).get(name)
        shown = value if corrected is None else corrected
        if isinstance(shown, str):
            return text(shown)
        return "" if shown is None or shown != shown else f"{float(shown):g}"

    # ---- results

    def lay_out(self, building_id: str) -> None:
        """Lay out modules on the roof of a building: drawn on the map, both figures said, and written where wanted."""
        asked = LayoutQuestion(self.window, building_id)

        def done(made: Layout) -> None:
            self.workspace.draw("module", made.modules)
            words = " ".join(layouts.said(made, operations.given_id(building_id))[:3])
            self.workspace.said.emit(
                Message(
                    words,
                    text("Save layout"),
                    lambda: self._save(made, building_id, asked.file_ending),
                )
            )

        def then() -> None:
            project = self.workspace.project
            if project is None:
                return
            settings = layouts.LayoutSettings(asked.pitch.chosen, asked.most_loss, asked.orientation.chosen)
            try:
                work = layouts.laying_out(project, building_id, settings)
            except UserError as error:
                self.workspace.refused.emit(error)
                return
            self.workspace.do(text("Laying out modules"), work, done)

        put(asked, self.workspace, then)

    def _save(self, made: Layout, building_id: str, ending: str) -> None:
        project = self.workspace.project
        if project is None:
            return
        path = project.folder / "exports" / f"{layouts.file_stem(building_id)}.{ending}"

        def written(problems: list[Problem]) -> None:
            words = " ".join([text("Wrote {file}.", file=path.name), *(one.said() for one in problems[:1])])
            self.workspace.said.emit(written_in(path.parent, words))

        self.workspace.do(text("Writing layers"), lambda job: layouts.write_layout(made, path), written)

    def ask_reports(self, ids: Sequence[str]) -> None:
        """Ask which reports are printed and how."""
        project, city = self.workspace.project, self.workspace.city
        if project is None or city is None or self._ready() is None:
            return
        folder, parcels = str(project.folder / "documents"), len(city.tables["parcel"])
        filters = self.workspace.filters
        passing = [str(one) for one in filters.ids("parcel")] if "parcel" in filters.tables else None
        dialog = ReportDialog(ids, parcels, folder, load_session().author, self.window, passing)

        def then() -> None:
            if dialog.answer is not None:
                save_session(replace(load_session(), author=dialog.answer.author))
                self.print_reports(dialog.answer)

        put(dialog, self.workspace, then)

    def report(self, ids: Sequence[str]) -> None:
        """Print reports of parcels into the documents of the project, as the last ones were."""
        project = self.workspace.project
        if project is not None:
            folder = project.folder / "documents"
            self.print_reports(ReportsWanted(tuple(ids), folder, language(), load_session().author, False))

    def preview_reports(self, ids: Sequence[str]) -> None:
        """Show the reports of some parcels, else of those that pass the filter, as they will be printed."""
        results = self._ready()
        if results is None:
            return
        from desktop.ui.report_preview import ReportPreview  # late: it brings the reports

        passing = self.workspace.filters.ids("parcel")
        wanted = list(ids) or [str(one) for one in passing]
        if not wanted:
            self.workspace.said.emit(Message(text("There is no parcel to report on."), note=True))
            return
        dialog = ReportPreview(self.workspace, results, wanted, self.window, self.print_reports)
        put(dialog, self.workspace)

    def print_reports(self, wanted: ReportsWanted) -> None:
        """Print reports in the background, and say where they are."""
        results = self._ready()
        if results is None:
            return

        def work(job: Job) -> list[Path]:
            from desktop import outputs  # late: it takes a while to import

            return outputs.report(
                results,
                wanted.parcel_ids,
                wanted.folder,
                language=wanted.language,
                author=wanted.author,
                one_file=wanted.one_file,
                job=job,
            )

        self.workspace.do(text("Printing reports"), work, self._printed)

    def ask_export(self) -> None:
        """Ask for formats, then export in the background."""
        project = self.workspace.project
        if project is None or self._ready() is None:
            return
        dialog = ExportDialog(str(project.folder / "exports"), self.window)

        def then() -> None:
            if dialog.answer is not None:
                self.export(dialog.answer)

        put(dialog, self.workspace, then)

    def export(self, wanted: ExportWanted) -> None:
        """Write results for other programs, and say where they are."""
        results = self._ready()
        if results is None:
            return

        def work(job: Job) -> tuple[list[Path], list[Problem]]:
            from desktop import outputs  # late: it takes a while to import

            return outputs.export(results, wanted.forms, wanted.folder, encoding=wanted.encoding, job=job)

        def done(outcome: tuple[list[Path], list[Problem]]) -> None:
            files, problems = outcome
            words = text("Exported {count} files.", count=count(len(files)))
            said = " ".join([words, *(problem.said() for problem in problems[:1])])
            self.workspace.said.emit(written_in(wanted.folder, said))
            self.workspace.edits_changed.emit()

        self.workspace.do(text("Exporting"), work, done)

    def settings(self) -> None:
        """Ask what the potentials are assessed with, one after another."""
        project = self.workspace.project
        if project is None:
            return
        potentials = [operations.potential_named(name) for name in operations.potential_names()]
        if len(potentials) == 1:
            self._ask_settings(potentials[0])
            return
        menu = QMenu(self.window)
        for potential in potentials:
            menu.addAction(text(potential.title)).triggered.connect(partial(self._ask_settings, potential))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(QCursor.pos())

    def _ask_settings(self, potential: Potential, checked: bool = False) -> None:
        project = self.workspace.project
        if project is None:
            return
        dialog = SettingsDialog(potential, operations.settings_of(project, potential), self.window)

        def then() -> None:
            if dialog.answer:
                self.workspace.edit(
                    lambda now: operations.set_settings(now, potential.name, dialog.answer, dialog.reason)
                )

        put(dialog, self.workspace, then)

    def _ready(self) -> outputs.Results | None:
        """City, results and the plan in sight to print or export; says what is missing where there are none."""
        project = self.workspace.project
        if project is None:
            return None
        try:
            found = operations.ready(project)
        except UserError as error:
            self.workspace.refused.emit(error)
            return None
        return replace(found, plan=self.workspace.plan, plan_stale=not self.workspace.plan_fresh)

    def show_log(self) -> None:
        """Open the folder of the log."""
        show_file(log_file().parent)

    def about(self) -> None:
        """Say what the program is."""
        put(AboutDialog(self.window), self.workspace)

    def _printed(self, files: list[Path]) -> None:
        follow = files[0] if len(files) == 1 else files[0].parent
        words = text("Wrote {count} reports: {place}", count=count(len(files)), place=follow)
        message = Message(words, text("Open"), lambda: show_file(follow), stays=True)
        self.workspace.said.emit(message)
        self.workspace.edits_changed.emit()


def documents() -> Path:
    """The folder where a person keeps documents."""
    found = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(found) if found else Path.home()
