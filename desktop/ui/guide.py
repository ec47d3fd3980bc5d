"""The guide through a new project: place, files, columns, problems, ready; one page after another, with a way back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QFrame, QPushButton, QStackedWidget, QWidget

from core.jobs import Job
from core.problems import Severity, UserError
from core.texts import text
from desktop import guide, imports
from desktop.data_in import TableImport
from desktop.guide import Offered
from desktop.imports import RasterImport
from desktop.map_layers import RASTER
from desktop.steps import DEMAND
from desktop.ui.card_parts import across, down, label
from desktop.ui.guide_pages import ColumnsPage, FilesPage, PlacePage, ReadyPage
from desktop.ui.import_dialog import ImportDialog
from desktop.ui.later import Later
from desktop.ui.problems_panel import ProblemsPanel, show_rows_of

if TYPE_CHECKING:
    from desktop.ui.flows import Flows

SIZE = QSize(820, 600)
ASIDE, EDGE_PX = QSize(430, 420), 40  # beside the map, while rows of a problem are looked at
FRAME = QSize(16, 40)  # what borders and title bar take of the screen at most
PLACE, FILES, COLUMNS, PROBLEMS, READY = range(5)
TITLES = ("Place", "Files", "Columns", "Problems", "Ready")
LEADS = (
    "One project holds one city or district. Its place gives climate, weather and reference system.",
    "Give what you have; everything is read as it is and nothing in your files is changed.",
    "Every layer becomes a table of the project. Look at the columns where something is to be decided.",
    "What was found in the data. Problems can be mended in the files, or on the map later.",
    "The project is ready for work.",
)


class GuideDialog(QDialog):
    """Leads from nothing to a checked project. It does not block the window: the map follows behind it."""

    def __init__(self, flows: Flows, folder: str, files: Sequence[Path], parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(text("New project"))
        self.setAccessibleName(text("New project"))
        self.resize(SIZE.boundedTo(self.screen().availableGeometry().size() - FRAME))
        self._flows, self._workspace = flows, flows.workspace
        self._later = Later(self)
        self._job = Job()
        self._waiting_files = list(files)
        self._said: dict[Path, str] = {}
        self.offered: list[Offered] = []
        self._queue: list[Offered] = []
        self._whole = 0  # of them, when the import began
        self.place, self.files, self.columns = PlacePage(folder), FilesPage(), ColumnsPage()
        self.problems = ProblemsPanel()
        self.ready = ReadyPage(
            {
                "assess": (
                    text("Assess potentials"),
                    text("Everything the city can give, demand first; some minutes for a large city"),
                    self._then(lambda: flows.workspace.assess()),
                ),
                "demand": (
                    text("Compute demand"),
                    text("Only what the buildings need"),
                    self._then(lambda: flows.workspace.assess([DEMAND])),
                ),
                "map": (text("Look at the map"), text("See the data first"), self._then(lambda: None)),
            }
        )
        self.stack = QStackedWidget()
        for page in (self.place, self.files, self.columns, self.problems, self.ready):
            self.stack.addWidget(page)
        self._marks = [label(f"{n + 1}  {text(words)}", "small") for n, words in enumerate(TITLES)]
        self._lead, self.trouble = label("", "small", wraps=True), label("", "error", wraps=True)
        self._progress = label("", "small", wraps=True)
        self.back = QPushButton(text("Back"))
        self.next = QPushButton(text("Next"))
        self.next.setProperty("part", "main")
        self.next.setDefault(True)
        self.shut = QPushButton(text("Close"))
        for made in (self.back, self.shut):
            made.setAutoDefault(False)
        self.back.clicked.connect(lambda: self.show_page(self.page - 1))
        self.next.clicked.connect(self.go_on)
        self.shut.clicked.connect(self.reject)
        self._lay_out()
        self.files.given.connect(self.take_files)
        self.files.dropped.connect(self.drop_file)
        self.place.changed.connect(lambda: self._say(""))
        self.columns.changed.connect(self._become)
        self.columns.asked.connect(self._ask_columns)
        self.problems.show_rows.connect(self._show_rows)
        self._workspace.opened.connect(self._opened)
        self._workspace.refused.connect(self._refused)
        self.show_page(PLACE)

    def _lay_out(self) -> None:
        head, body, foot = QFrame(), QFrame(), QFrame()
        head.setProperty("part", "head")
        body.setProperty("part", "panel")
        foot.setProperty("part", "foot")
        marks = across(*self._marks, None, spacing=22)
        marks.setContentsMargins(24, 12, 24, 12)
        head.setLayout(marks)
        inside = down(body, margins=(24, 14, 24, 14), spacing=10)
        inside.addWidget(self._lead)
        inside.addWidget(self.stack, 1)
        inside.addWidget(self._progress)
        inside.addWidget(self.trouble)
        buttons = across(self.shut, None, self.back, self.next, spacing=8)
        buttons.setContentsMargins(24, 12, 24, 12)
        foot.setLayout(buttons)
        column = down(self, spacing=0)
        column.addWidget(head)
        column.addWidget(body, 1)
        column.addWidget(foot)

    @property
    def page(self) -> int:
        """The page in front."""
        return self.stack.currentIndex()

    @property
    def busy(self) -> bool:
        """Whether files are being looked into or taken in."""
        return self._later.busy or bool(self._queue) or self._workspace.busy

    def show_page(self, page: int) -> None:
        """Bring a page to the front."""
        if self.page == PROBLEMS != page:
            self._come_back()
        self.stack.setCurrentIndex(page)
        self._lead.setText(text(LEADS[page]))
        self._say("")
        for number, mark in enumerate(self._marks):
            mark.setProperty("part", "strong" if number == page else "small")
            mark.style().unpolish(mark)
            mark.style().polish(mark)
        made = self._workspace.project is not None and page > PLACE
        self.back.setVisible(page > PLACE)
        self.back.setEnabled(page != FILES or not made)
        self.next.setVisible(page < READY)
        self.next.setEnabled(True)
        self.next.setText(text("Make project") if page == PLACE else text("Next"))
        if page == COLUMNS:
            self.columns.show_offered(self.offered)
        if page == PROBLEMS:
            self.problems.set_problems(self._workspace.problems)
        if page == READY:
            self._show_ready()

    def go_on(self) -> None:
        """Leave the page in front, where nothing is missing on it."""
        if self.page == PLACE:
            self._make()
        elif self.page == FILES:
            self.show_page(COLUMNS if self.offered else READY)
        elif self.page == COLUMNS:
            self._import()
        else:
            self.show_page(self.page + 1)

    # ---- the place

    def _make(self) -> None:
        try:
            wanted = self.place.read()
        except UserError as error:
            self._say(str(error))
            return
        self.next.setEnabled(False)
        self._flows.make(wanted)
        if not self._workspace.busy:
            self.next.setEnabled(True)

    def _opened(self) -> None:
        """The project was made: go on with the files."""
        if self.page == PLACE and self._workspace.project is not None:
            self.show_page(FILES)
            if self._waiting_files:
                self.take_files(self._waiting_files)
                self._waiting_files = []

    # ---- the files

    def take_files(self, paths: Sequence[Path]) -> None:
        """Look into files, one after another."""
        project = self._workspace.project
        if project is None:
            return
        remembered, standards, job = imports.remembered_matches(project), project.standards, self._job
        for path in paths:
            if path in self._said:
                continue
            self._said[path] = text("Looking into the file")

            def look(path: Path = path) -> Any:
                try:
                    return guide.look_into(path, remembered, standards, job)
                except UserError as error:
                    return error

            def arrived(found: Any, path: Path = path) -> None:
                if path not in self._said:
                    return  # it was taken out meanwhile
                if isinstance(found, UserError):
                    self._said[path] = str(found)
                else:
                    self.offered = guide.chosen_once([*self.offered, *found])
                    self._said[path] = self._found_said(found)
                self._show_files()

            self._later.ask(f"file {path}", look, arrived)
        self._show_files()

    def drop_file(self, path: Path) -> None:
        """Take a file that was given out again, with all its layers."""
        self._said.pop(path, None)
        self.offered = [one for one in self.offered if one.path != path]
        self._show_files()

    def _found_said(self, found: Sequence[Offered]) -> str:
        names = [guide.title_of(one.becomes) for one in found if one.becomes]
        return text(", ").join(names) if names else text("nothing that is needed")

    def _show_files(self) -> None:
        self.files.show_files(self._said)
        if self.page == COLUMNS:
            self.columns.show_offered(self.offered)

    # ---- the columns

    def _become(self, number: int, table: str) -> None:
        one, project = self.offered[number], self._workspace.project
        if project is None:
            return
        if not one.layer:
            wanted = RasterImport(one.path, table.removeprefix(RASTER)) if table.startswith(RASTER) else None
            self._put(number, guide.leave_out(one) if wanted is None else guide.settle(one, wanted))
            return
        remembered, job = imports.remembered_matches(project), self._job
        self._later.ask(
            f"become {number}",
            lambda: guide.become(one, table, remembered, job),
            lambda now: self._put(number, now),
        )

    def _put(self, number: int, now: Offered) -> None:
        self.offered[number] = now
        self._say("")
        self.columns.show_offered(self.offered)

    def _ask_columns(self, number: int) -> None:
        """Look at one layer in the import form; what is settled there stands."""
        one, project = self.offered[number], self._workspace.project
        if project is None:
            return
        asked = ImportDialog(project, one.path, str(one.path.parent), self, layer=one.layer)
        asked.import_wanted.connect(lambda wanted: self._settle(number, wanted))
        asked.finished.connect(asked.deleteLater)
        asked.open()

    def _settle(self, number: int, wanted: Any) -> None:
        """Take what was settled; its reference system holds for the other layers of the file."""
        one, project = self.offered[number], self._workspace.project
        self._put(number, guide.settle(one, wanted))
        if project is None or not isinstance(wanted, TableImport) or not wanted.crs:
            return
        remembered, job = imports.remembered_matches(project), self._job
        for place, other in enumerate(self.offered):
            if other.path != one.path or other.problem is None or not isinstance(other.wanted, TableImport):
                continue
            self._later.ask(
                f"become {place}",
                partial(guide.become, other, other.becomes, remembered, job, wanted),
                partial(self._put, place),
            )

    def _import(self) -> None:
        undecided = [one for one in self.offered if one.problem is not None]
        if undecided:
            names = text(", ").join(one.layer or one.path.name for one in undecided)
            self._say(
                text(
                    "Decide about {names} first: press “Details…”, or take out what is not needed.",
                    names=names,
                )
            )
            self.columns.show_row(self.offered.index(undecided[0]))
            return
        doubled = _doubled(self.offered)
        if doubled:
            self._say(text("Two layers become {table}; leave one out.", table=guide.title_of(doubled)))
            return
        self._queue = [one for one in self.offered if one.wanted is not None]
        self._whole = len(self._queue)
        self._say("")
        self.next.setEnabled(False)
        self._take_next()

    def _take_next(self) -> None:
        """Take the first of the queue into the project; check the data after the last."""
        project = self._workspace.project
        if project is None:
            return
        if not self._queue:
            if project.inputs().tables:
                self._report(text("Checking the data"))
                self._workspace.check(lambda: self.show_page(PROBLEMS))
            else:
                self.show_page(READY)
            return
        one = self._queue[0]
        wanted = one.wanted
        if wanted is None:
            return
        self._report(
            text(
                "Importing {file} ({number} of {count})",
                file=guide.title_of(one.becomes),
                number=self._whole - len(self._queue) + 1,
                count=self._whole,
            )
        )

        def taken(pending: object) -> None:
            self._queue = self._queue[1:]
            self._take_next()

        self._workspace.take_in(
            text("Importing {file}", file=one.path.name), imports.work_of(project, wanted), taken
        )

    def _refused(self, error: UserError) -> None:
        """What could not be taken in stays here, with the reason."""
        if self._queue:
            one, self._queue = self._queue[0], []
            self.offered[self.offered.index(one)] = guide.doubt(one, error.problems[0])
            self.show_page(COLUMNS)
        self.next.setEnabled(True)

    # ---- the problems

    def _show_rows(self, table: str, rows: Sequence[str]) -> None:
        """Show the rows of a problem on the map, and stand aside for it; the next page brings the guide back."""
        show_rows_of(self._workspace, table, rows)
        window = self.parentWidget()
        if window is not None:
            room = window.window().geometry()
            self.resize(min(ASIDE.width(), room.width() // 2), min(ASIDE.height(), room.height() * 2 // 3))
            self.move(room.right() - self.width() - EDGE_PX, room.bottom() - self.height() - EDGE_PX)

    def _come_back(self) -> None:
        """Take the usual size again, in the middle of the window."""
        window = self.parentWidget()
        if window is None or self.width() >= SIZE.boundedTo(window.window().size()).width():
            return
        self.resize(SIZE.boundedTo(self.screen().availableGeometry().size() - FRAME))
        self.move(window.window().geometry().center() - self.rect().center())

    # ---- the end

    def _show_ready(self) -> None:
        project = self._workspace.project
        if project is None:
            return
        taken = [guide.title_of(name) for name in project.sources]
        grave = sum(one.severity is Severity.ERROR for one in self._workspace.problems)
        self.ready.show_state(taken, guide.still_missing(project), grave)

    def _then(self, act: Any) -> Any:
        def run() -> None:
            self.accept()
            act()

        return run

    def _report(self, words: str) -> None:
        """Say what is being done."""
        self._say("")
        self._progress.setText(words)
        self._progress.setVisible(bool(words))

    def _say(self, words: str) -> None:
        """Say what stands in the way."""
        self._progress.hide()
        self.trouble.setText(words)
        self.trouble.setVisible(bool(words))

    def done(self, result: int) -> None:
        """Stop looking into files when the guide goes."""
        self._job.cancel()
        self._later.close()
        self._workspace.opened.disconnect(self._opened)
        self._workspace.refused.disconnect(self._refused)
        super().done(result)


def _doubled(offered: Sequence[Offered]) -> str:
    """A table that two layers would become; empty where each has its own."""
    tables = [one.becomes for one in offered if one.wanted is not None]
    return next((table for table in tables if tables.count(table) > 1), "")
