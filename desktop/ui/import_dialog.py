"""The import dialog: a file looked at before it is taken in: layer, encoding, reference system and columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox, QWidget

from core.jobs import Cancelled, Job
from core.problems import Problem, Severity, UserError
from core.texts import text
from core.units import count
from desktop import imports, operations
from desktop.data_in import TableImport
from desktop.imports import FilePreview, RasterImport, TablePreview, WeatherImport
from desktop.ui.import_form import ImportForm
from desktop.ui.later import Later
from layers.columns import ColumnMatch
from layers.project import Project
from layers.sources import Source

FILE_PATTERNS = "*.shp *.gpkg *.geojson *.json *.kml *.dxf *.zip *.csv *.xlsx *.tif *.tiff *.img *.asc *.epw"
Wanted = TableImport | RasterImport | WeatherImport


class ImportDialog(QDialog):
    """Choose a file, see what it holds, say what it becomes.

    Reading goes on in a thread; the newest choice wins. The project is only read.

    Parameters
    ----------
    project : Project
        Where the file will go; gives the reference system, the place and what was matched before.
    path : Path, optional
        The file, e.g. one that was dropped on the window.
    folder : str
        Where to look for a file.
    layer : str
        The layer to show first.

    Signals
    -------
    import_wanted(object)
        The user wants it: a `TableImport`, `RasterImport` or `WeatherImport` (`desktop.imports.work_of`
        makes the work of each). Comes once, with `accepted`.
    """

    import_wanted = Signal(object)

    def __init__(
        self,
        project: Project,
        path: Path | None = None,
        folder: str = "",
        parent: QWidget | None = None,
        *,
        layer: str = "",
    ) -> None:
        super().__init__(parent)
        self._project = project
        self._standards = project.standards
        self._remembered = imports.remembered_matches(project)
        self._centre = imports.centre_of(project)
        self._folder, self._first_layer = folder, layer
        self._path: Path | None = None
        self._sources: Sequence[Source] = ()
        self._preview: TablePreview | FilePreview | None = None
        self._job = Job()
        self._later = Later(self)
        self.form = ImportForm(self)
        self.setAcceptDrops(True)
        self.setWindowTitle(text("Import data"))
        self.setAccessibleName(self.windowTitle())
        self.resize(1040, 720)
        self._connect()
        self.form.set_state(text("Drop a file here, or press “Browse…”."), busy=False, ready=False)
        if path is not None:
            self.set_path(path)

    # What the user does

    def set_path(self, path: Path) -> None:
        """Look at a file."""
        self._path = path
        self._sources, self._preview = (), None
        self.form.clear()
        self.form.path.setText(str(path))
        self.form.is_sheet = imports.is_sheet(path)
        self.form.place.clear()
        self.form.set_kind(imports.kind_of(path))
        self.form.set_raster(imports.likely_raster(path))
        self._look_into()

    def browse(self) -> None:
        """Ask for a file."""
        chosen, _ = QFileDialog.getOpenFileName(
            self,
            text("Choose a file"),
            str(self._path.parent) if self._path else self._folder,
            ";;".join(
                (
                    text("Layers, tables, rasters and weather") + f" ({FILE_PATTERNS})",
                    text("All files") + " (*)",
                )
            ),
        )
        if chosen:
            self.set_path(Path(chosen))

    @property
    def busy(self) -> bool:
        """Whether a file is being read."""
        return self._later.busy

    @property
    def wanted(self) -> Wanted | None:
        """What would be imported; None while something is missing."""
        if self._path is None or self._preview is None or self._missing():
            return None
        kind, form = self.form.kind, self.form
        if kind == "weather":
            return WeatherImport(self._path)
        if kind == "raster":
            return RasterImport(self._path, form.raster_name, form.system.code)
        return self._chosen(form.matching.match)

    def accept(self) -> None:
        """Hand over what is wanted; ask first where a layer of the project gives way to it."""
        wanted = self.wanted
        if wanted is None:
            return
        question = imports.replacement(self._project, wanted)
        if not question:
            self._hand_over(wanted)
            return
        asked = QMessageBox(QMessageBox.Icon.Question, text("Import data"), question, parent=self)
        asked.setTextFormat(Qt.TextFormat.PlainText)
        asked.addButton(text("Replace"), QMessageBox.ButtonRole.AcceptRole)
        cancel = asked.addButton(text("Cancel"), QMessageBox.ButtonRole.RejectRole)
        asked.setDefaultButton(cancel)
        asked.setEscapeButton(cancel)
        asked.accepted.connect(lambda: self._hand_over(wanted))
        asked.finished.connect(asked.deleteLater)
        asked.open()

    def _hand_over(self, wanted: Wanted) -> None:
        super().accept()
        self.import_wanted.emit(wanted)

    def done(self, result: int) -> None:
        """Stop reading when the dialog goes."""
        self._job.cancel()
        self._later.close()
        super().done(result)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter ends the writing in an input; it imports only from the button itself."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look at a file that was dropped."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            self.set_path(Path(paths[0]))

    # Reading

    def _connect(self) -> None:
        form = self.form
        form.browse.clicked.connect(self.browse)
        form.cancel.clicked.connect(self.reject)
        form.take.clicked.connect(self.accept)
        form.kind_chosen.connect(lambda _: self._look_into())
        form.layer_chosen.connect(self._take_layer)
        form.table_chosen.connect(lambda _: self._look())
        form.encoding_chosen.connect(lambda _: self._look_into())
        form.system_chosen.connect(self._take_system)
        form.place_chosen.connect(lambda _: self._look())
        form.matching.match_changed.connect(self._take_match)

    def _ask(self, what: str, work: Callable[[Job], Any], take: Callable[[Any], None]) -> None:
        """Have something read beside the window; problems are shown, never raised."""
        self._job.cancel()
        job = self._job = Job()
        self.form.set_state(what, busy=True, ready=False)

        def tried() -> Any:
            try:
                return work(job)
            except UserError as error:
                return error
            except Cancelled:
                return None

        def arrived(result: Any) -> None:
            if isinstance(result, UserError):
                self._refuse(result.problems)
            elif result is not None:
                take(result)

        self._later.ask("read", tried, arrived)

    def _look_into(self) -> None:
        path, encoding = self._path, self.form.encoding
        if path is None:
            return
        if self.form.kind == "raster":
            self._ask(
                text("Looking into the file"), lambda job: imports.look_at_raster(path), self._show_file
            )
        elif self.form.kind == "weather":
            known = self._standards
            self._ask(
                text("Looking into the file"),
                lambda job: imports.look_at_weather(path, known),
                self._show_file,
            )
        else:
            self._ask(
                text("Looking into the file"),
                lambda job: operations.offered(path, encoding, job),
                self._show_sources,
            )

    def _show_sources(self, sources: Sequence[Source]) -> None:
        kept = self.form.layer or self._first_layer
        self._sources = sources
        self.form.set_layers(sources, kept)
        self._take_layer(self.form.layer)

    def _take_layer(self, layer: str) -> None:
        source = self._source()
        if source is None:
            return
        self.form.set_encodings(source.encodings)
        self.form.set_systems(())
        if not self.form.table_was_chosen:
            self.form.set_table(imports.likely_table(source))
        self._look()

    def _take_system(self, code: str) -> None:
        if self.form.kind == "table":
            self._look()
        else:
            self._say_state()

    def _look(self) -> None:
        """Read the layer as the import would."""
        if self._path is None or self._source() is None:
            return
        try:
            imports.checked_system(self.form.system.code)
        except UserError as error:
            self._refuse(error.problems)
            return
        wanted, remembered = self._chosen(None), self._remembered
        self._ask(
            text("Reading the file"),
            lambda job: imports.look_at_table(wanted, remembered, job),
            self._show_preview,
        )

    def _show_preview(self, preview: TablePreview) -> None:
        self._preview = preview
        if not preview.wanted.crs:
            self.form.set_systems(imports.system_choices(preview.crs, preview.bounds, self._centre))
        self.form.matching.set_match(preview.match, preview.head)
        self._take_match(preview.match)

    def _take_match(self, match: ColumnMatch) -> None:
        if isinstance(self._preview, TablePreview):
            frame, problems = imports.as_imported(self._preview, match)
            self.form.show_rows(frame, self._preview.rows)
            self.form.problems.set_problems(problems)
            self._say_state()

    def _show_file(self, preview: FilePreview) -> None:
        self._preview = preview
        if self.form.kind == "raster":
            self.form.set_systems(imports.system_choices(preview.crs, preview.bounds, self._centre))
        self.form.show_file(preview.said)
        self.form.problems.set_problems(preview.problems)
        self._say_state()

    def _refuse(self, problems: Sequence[Problem]) -> None:
        self._preview = None
        self.form.matching.clear()
        self.form.problems.set_problems(problems)
        self.form.set_state(text("This cannot be imported yet."), busy=False, ready=False)

    # What is missing

    def _source(self) -> Source | None:
        return next((one for one in self._sources if one.layer == self.form.layer), None)

    def _chosen(self, match: ColumnMatch | None) -> TableImport:
        assert self._path is not None
        form = self.form
        system = form.system
        return TableImport(
            self._path,
            form.table,
            form.layer,
            form.encoding,
            system.code,
            match,
            swapped=system.swapped,
            coordinates=form.coordinates,
        )

    def _missing(self) -> Problem | None:
        form, preview = self.form, self._preview
        if preview is None or form.kind == "weather":
            return None
        return imports.refusal(
            form.table if form.kind == "table" else "building", preview.crs, form.system.code
        )

    def _say_state(self) -> None:
        missing = self._missing()
        preview = self._preview
        if missing is not None:
            self.form.set_state(missing.said(), busy=False, ready=False)
            return
        grave = [
            one for one in self.form.problems.problems if one.severity is Severity.ERROR and not one.rows
        ]
        said = ""
        if isinstance(preview, TablePreview):
            matched = len(self.form.matching.match.pairs) if self.form.matching.match else 0
            said = text("{rows} rows, {columns} columns matched", rows=count(preview.rows), columns=matched)
        if grave:
            said = text("This cannot be imported yet.")
        self.form.set_state(said, busy=False, ready=not grave)


def imported(project: Project, path: Path | None, folder: str, parent: QWidget | None) -> Wanted | None:
    """Ask the user how a file is imported; None if they do not."""
    dialog = ImportDialog(project, path, folder, parent)
    found: list[Wanted] = []
    dialog.import_wanted.connect(found.append, Qt.ConnectionType.DirectConnection)
    dialog.exec()
    return found[0] if found else None
