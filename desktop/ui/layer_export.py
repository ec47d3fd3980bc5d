"""The export of one layer or raster: a form that asks for rows, format and place, and the work beside the window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtWidgets import QLineEdit, QRadioButton, QWidget

from core.jobs import Job
from core.problems import Problem, UserError
from core.texts import text
from core.units import count
from desktop import operations
from desktop.map_layers import RASTER, raster_said, table_title
from desktop.names import LAYER_EXPORTS, RASTER_EXPORTS
from desktop.ui.asking import put
from desktop.ui.dialogs import ENCODINGS, FORBIDDEN_IN_NAMES, FORMATS, allowed_in_names
from desktop.ui.form_dialog import FolderField, FormDialog, column, label
from desktop.ui.inputs import ComboBox
from desktop.ui.shown_files import written_in
from desktop.ui.workspace import Workspace

ALL, FILTERED, SELECTED = "all", "filtered", "selected"
RASTER_FORMATS = {
    "tif": ("GeoTIFF", "Cloud-optimised (COG), compressed, with overviews; QGIS and ArcGIS open it at once"),
}
WORDS = {
    ALL: "All {count} rows",
    FILTERED: "The {count} rows that pass the filter",
    SELECTED: "The {count} selected rows",
}


@dataclass(frozen=True)
class LayerWanted:
    """Which rows are written, in which format, under which name and where to."""

    which: str
    form: str
    name: str
    folder: Path
    encoding: str


class LayerExportDialog(FormDialog):
    """Asks how a layer is written.

    Parameters
    ----------
    title, name : str
        What the layer is called, and what its file is to be called unless another name is written.
    counts : dict of str to int
        Rows by `all`, `filtered`, `selected`; without the latter two they cannot be chosen. Empty for a raster, which
        has none.
    folder : str
        Where the file goes unless another is chosen.
    """

    def __init__(
        self, title: str, name: str, counts: dict[str, int], folder: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            text("Export this layer"),
            text("{layer} with all results, in the reference system of the project.", layer=title)
            if counts
            else text(
                "The cells of {layer} with their unit, in the reference system of the project.", layer=title
            ),
            text("Export the layer"),
            parent,
        )
        self.answer: LayerWanted | None = None
        self.which: dict[str, QRadioButton] = {}
        for one, words in WORDS.items():
            self.which[one] = QRadioButton(text(words, count=count(counts.get(one, 0))))
            self.which[one].setEnabled(counts.get(one, 0) > 0)
        last = [one for one in (ALL, FILTERED, SELECTED) if counts.get(one, 0)][-1:] or [ALL]
        self.which[last[0]].setChecked(True)
        self.form_choice, self.encoding = ComboBox(), ComboBox()
        for form in LAYER_EXPORTS if counts else RASTER_EXPORTS:
            self.form_choice.addItem(text(self._words(form)[0]), form)
        self.encoding.addItems(ENCODINGS)
        self.encoding.setToolTip(text("UTF-8 suits QGIS and newer ArcGIS; GBK suits older Chinese programs."))
        self.meaning = label("", "small", wraps=True)
        self.name, self.folder = QLineEdit(name), FolderField(folder)
        if counts:
            self.add(text("Rows"), column(list(self.which.values())), self.which[ALL])
            self.which[ALL].setAccessibleName(self.which[ALL].text())
        self.add(text("Format"), self.form_choice)
        self.form.addRow(label("", ""), self.meaning)
        if counts:
            self.add(text("Encoding of Shapefiles"), self.encoding)
        self.add(text("File name"), self.name)
        self.add(text("Folder"), self.folder, self.folder.line)
        self.form_choice.currentIndexChanged.connect(lambda _: self._say_form())
        self._say_form()

    def read(self) -> None:
        """Read the form into `answer`; UserError where name or folder are none."""
        name = self.name.text().strip()
        if not name or any(sign in FORBIDDEN_IN_NAMES for sign in name):
            raise UserError(
                Problem(
                    "The file has no name that can be used.",
                    "Write one without {signs}.",
                    signs=FORBIDDEN_IN_NAMES,
                )
            )
        if not self.folder.line.text().strip():
            raise UserError(Problem("No folder is chosen.", "Choose where the files go."))
        which = next(one for one, button in self.which.items() if button.isChecked())
        form = str(self.form_choice.currentData())
        self.answer = LayerWanted(which, form, name, self.folder.folder, self.encoding.currentText())

    def _say_form(self) -> None:
        form = str(self.form_choice.currentData())
        self.meaning.setText(text(self._words(form)[1]))
        self.encoding.setEnabled(form == "shp")

    @staticmethod
    def _words(form: str) -> tuple[str, str]:
        """What a format is called and good for, said of a single layer."""
        return RASTER_FORMATS.get(form) or FORMATS[form]


def ask_layer_export(workspace: Workspace, name: str, parent: QWidget) -> None:
    """Ask how a layer is written, then write it as a task that says where the file is."""
    project = workspace.project
    if project is None or workspace.city is None:
        return
    is_raster = name.startswith(RASTER)
    counts: dict[str, int] = {}
    if not is_raster:
        mask = workspace.selection.get(name)
        counts = {ALL: len(workspace.ids(name)), SELECTED: 0 if mask is None else int(mask.sum())}
        if name in workspace.filters.tables:
            counts[FILTERED] = len(workspace.filters.ids(name))
    called = raster_said(name.removeprefix(RASTER))[0] if is_raster else table_title(name)
    file_name = allowed_in_names(f"{project.name}_{called}", "_")
    dialog = LayerExportDialog(called, file_name, counts, str(project.folder / "exports"), parent)

    def then() -> None:
        if dialog.answer is not None and is_raster:
            export_raster(workspace, name.removeprefix(RASTER), dialog.answer)
        elif dialog.answer is not None:
            export_layer(workspace, name, dialog.answer)

    put(dialog, workspace, then)


def export_layer(workspace: Workspace, name: str, wanted: LayerWanted) -> None:
    """Write a layer with the colours it has on the map, and say where it is."""
    project, layer, look = workspace.project, workspace.layer(name), workspace.looks.get(name)
    if project is None:
        return
    try:
        found = operations.checked(project)
    except UserError as error:
        workspace.refused.emit(error)
        return
    results = replace(found, plan=workspace.plan, plan_stale=not workspace.plan_fresh)
    ids, said = _chosen(workspace, name, wanted.which)
    theme = look.theme if look is not None else None
    classes = layer.classes if layer is not None and theme is not None else None

    def work(job: Job) -> tuple[list[Path], list[Problem]]:
        from desktop.layer_export import Rows, export_layer  # late: it takes a while to import
        from reports.gis_style import layer_style

        style = None if theme is None or classes is None else layer_style(theme.column, classes)
        if style is not None and layer is not None and layer.outline_chosen:
            wide = style.outline_mm if layer.outline else 0.0
            style = replace(style, outline=layer.outline or style.outline, outline_mm=wide)
        return export_layer(
            results,
            name,
            [wanted.form],
            wanted.folder,
            Rows(ids, said=said),
            name=wanted.name,
            style=style,
            encoding=wanted.encoding,
            job=job,
        )

    workspace.do(text("Exporting"), work, lambda outcome: _say_written(workspace, wanted.folder, *outcome))


def export_raster(workspace: Workspace, name: str, wanted: LayerWanted) -> None:
    """Write a raster, and say where it is."""
    if workspace.project is None:
        return
    try:
        results = operations.checked(workspace.project)
    except UserError as error:
        workspace.refused.emit(error)
        return

    def work(job: Job) -> tuple[list[Path], list[Problem]]:
        from desktop import layer_export  # late: it takes a while to import

        return layer_export.export_raster(
            results, name, [wanted.form], wanted.folder, called=wanted.name, job=job
        )

    workspace.do(text("Exporting"), work, lambda outcome: _say_written(workspace, wanted.folder, *outcome))


def _say_written(
    workspace: Workspace, folder: Path, files: Sequence[Path], problems: Sequence[Problem]
) -> None:
    words = " ".join([text("Wrote {file}.", file=files[0].name), *(one.said() for one in problems[:1])])
    workspace.said.emit(written_in(folder, words))


def _chosen(workspace: Workspace, name: str, which: str) -> tuple[list[str] | None, str]:
    """Ids of the rows that are meant, None for all, and how they were chosen."""
    if which == FILTERED:
        words = workspace.filters.words(name)
        ids = workspace.filters.ids(name).astype(str).tolist()
        return ids, text("Rows that meet: {condition}", condition=words)
    mask = workspace.selection.get(name)
    if which == SELECTED and mask is not None:
        ids = workspace.ids(name)[mask].astype(str).tolist()
        return ids, text(WORDS[SELECTED], count=count(len(ids)))
    return None, ""
