"""Maps of temperature at depth in the window: a form for heat-flow points, and the maps written in the background."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton, QWidget
from shiboken6 import isValid

from core.fields import field
from core.jobs import Job
from core.problems import Problem, UserError
from core.texts import LANGUAGES, language, text
from core.units import count
from desktop.depth_maps import DATABASE_COLUMNS, Written, columns_offered, depths_of, write_depth_maps
from desktop.session import load_session
from desktop.ui.asking import put, stand
from desktop.ui.card_parts import across
from desktop.ui.dialogs import LANGUAGE_TITLES
from desktop.ui.form_dialog import FolderField, FormDialog
from desktop.ui.inputs import ComboBox
from desktop.ui.list_dialog import ListDialog
from desktop.ui.shown_files import written_in
from desktop.ui.workspace import Workspace
from desktop.words import number_typed

WIDTH_PX = 640


@dataclass(frozen=True)
class DepthMapsWanted:
    """What `write_depth_maps` needs."""

    file: Path
    folder: Path
    depths: tuple[float, ...]
    cell_m: float
    crs: str
    points_crs: str
    columns: tuple[str, ...]
    surface_c: float | None
    language: str


class DepthMapsDialog(FormDialog):
    """Asks for points, their columns, depths, cells, reference systems and the place of the maps."""

    def __init__(self, workspace: Workspace, folder: str, parent: QWidget) -> None:
        super().__init__(
            text("Maps of temperature at depth"),
            text(
                "Heat-flow points of a table become maps of temperature at depth: rasters that a project can take in, "
                "the points with what their own gradients say, and a sheet."
            ),
            text("Make the maps"),
            parent,
        )
        self.setMinimumWidth(WIDTH_PX)
        self.workspace = workspace
        self.answer: DepthMapsWanted | None = None
        self.file = QLineEdit()
        self.file.setPlaceholderText(text("Table with longitude, latitude and heat flow"))
        self.file.editingFinished.connect(self.read_columns)
        browse = QPushButton(text("Browse…"))
        browse.setAutoDefault(False)
        browse.clicked.connect(self.browse)
        self.add(text("Heat-flow points"), across(self.file, browse, spacing=8), self.file)
        self.columns: dict[str, ComboBox] = {}
        for name in DATABASE_COLUMNS:
            box = ComboBox()
            box.setEditable(True)
            typed = QLineEdit()
            typed.setPlaceholderText(text("Empty: as recognised; or column, column:unit"))
            box.setLineEdit(typed)
            box.setCurrentText("")
            self.columns[name] = box
            self.add(field(name).label, box)
        self.depths = QLineEdit("1000, 2000, 3000")
        self.add(text("Depths (m)"), self.depths)
        self.cell = QLineEdit("10000")
        self.add(text("Side of a cell (m)"), self.cell)
        self.system = QLineEdit()
        self.system.setPlaceholderText(text("Empty: equal-area map of all China"))
        self.add(text("Reference system of the maps"), self.system)
        self.points_system = QLineEdit("EPSG:4326")
        self.add(text("Reference system of the points"), self.points_system)
        self.surface = QLineEdit()
        self.surface.setPlaceholderText(text("Empty: that of the tables"))
        self.add(text("Temperature at the surface (°C)"), self.surface)
        self.spoken = ComboBox()
        for one in LANGUAGES:
            self.spoken.addItem(LANGUAGE_TITLES[one], one)
        self.spoken.setCurrentIndex(LANGUAGES.index(language()))
        self.add(text("Language of the sheet"), self.spoken)
        self.folder = FolderField(folder)
        self.add(text("Folder"), self.folder, self.folder.line)

    def browse(self) -> None:
        """Ask for the file."""
        chosen, _ = QFileDialog.getOpenFileName(self, text("Heat-flow points"), load_session().last_folder)
        if chosen:
            self.file.setText(chosen)
            self.read_columns()

    def read_columns(self) -> None:
        """Offer the columns of the file, read beside the window."""
        path = Path(self.file.text().strip()).expanduser()
        if not path.is_file():
            return

        def offered() -> list[str] | UserError:
            try:
                return columns_offered(path)
            except UserError as error:
                return error

        def take(found: list[str] | UserError) -> None:
            if not isValid(self):  # it may be closed by now
                return
            if isinstance(found, UserError):
                self.trouble.setText(str(found))
                self.trouble.show()
                return
            self.trouble.hide()
            for name, box in self.columns.items():
                typed = box.currentText()
                box.clear()
                box.addItems(found)
                known = DATABASE_COLUMNS[name] if DATABASE_COLUMNS[name] in found else ""
                box.setCurrentText(typed or known)

        self.workspace.later.ask("columns of points", offered, take)

    def read(self) -> None:
        """Everything that is wrong with the form at once."""
        problems: list[Problem] = []

        def number(words: str) -> float:
            try:
                return number_typed(words)
            except UserError as error:
                problems.extend(error.problems)
                return 0.0

        file = Path(self.file.text().strip()).expanduser()
        if not self.file.text().strip():
            problems.append(Problem("No file of points is chosen.", "Choose a table of heat-flow points."))
        if not self.folder.line.text().strip():
            problems.append(Problem("No folder is chosen.", "Choose where the files go."))
        try:
            depths = depths_of(self.depths.text())
        except UserError as error:
            problems.extend(error.problems)
            depths = ()
        cell_m = number(self.cell.text())
        surface_c = number(self.surface.text()) if self.surface.text().strip() else None
        if problems:
            raise UserError(*problems)
        columns = tuple(
            f"{name}={box.currentText().strip()}"
            for name, box in self.columns.items()
            if box.currentText().strip()
        )
        self.answer = DepthMapsWanted(
            file,
            self.folder.folder,
            depths,
            cell_m,
            self.system.text().strip(),
            self.points_system.text().strip(),
            columns,
            surface_c,
            str(self.spoken.currentData()),
        )


def ask_depth_maps(workspace: Workspace, window: QWidget) -> None:
    """Ask for heat-flow points, make the maps in the background, and say how far they are off."""
    project = workspace.project
    place = (
        project.folder / "exports" if project is not None else Path(load_session().last_folder or Path.home())
    )
    asked = DepthMapsDialog(workspace, str(place / text("Maps of temperature at depth")), window)

    def then() -> None:
        if asked.answer is not None:
            make_depth_maps(workspace, asked.answer, window)

    put(asked, workspace, then)


def make_depth_maps(workspace: Workspace, wanted: DepthMapsWanted, window: QWidget) -> None:
    """Make the maps in the background, and say where they are and how far they are off where points can judge them."""

    def work(job: Job) -> Written:
        return write_depth_maps(
            wanted.file,
            wanted.folder,
            wanted.depths,
            cell_m=wanted.cell_m,
            crs=wanted.crs,
            points_crs=wanted.points_crs,
            columns=wanted.columns,
            surface_c=wanted.surface_c,
            language=wanted.language,
            job=job,
        )

    def done(made: Written) -> None:
        wrote = text("Wrote {count} files to {folder}.", count=count(len(made.files)), folder=wanted.folder)
        judged = made.agreement_said()
        said = [*judged, *(problem.said() for problem in made.problems)]
        if workspace.project is None:  # there is no map over which it could be said
            title, heads = text("Maps of temperature at depth"), (text("What"),)
            stand(ListDialog(window, title, wrote, heads, [(one,) for one in said]), workspace)
            return
        words = " ".join([wrote, *said[: len(judged) + 1]])
        workspace.said.emit(written_in(wanted.folder, words, stays=True))
        workspace.edits_changed.emit()

    workspace.do(text("Making maps of temperature at depth"), work, done)
