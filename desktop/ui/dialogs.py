"""The dialogs: the export of results, and the printing of reports; and what a new project needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QLineEdit, QRadioButton, QWidget

from core.problems import Problem, UserError
from core.texts import LANGUAGES, language, text
from core.units import count
from desktop.names import EXPORTS
from desktop.ui.form_dialog import FolderField, FormDialog, column, label
from desktop.ui.inputs import ComboBox

# One line on each format: what it is called, and what it is good for.
FORMATS = {
    "gpkg": ("GeoPackage", "Layers with styles for QGIS and ArcGIS; the best choice for exchange"),
    "shp": ("Shapefile", "Layers for older programs; names of columns are cut to ten letters"),
    "geojson": ("GeoJSON", "Layers in WGS 84 for web maps"),
    "tif": ("GeoTIFF", "Irradiation and other rasters"),
    "csv": ("CSV", "Tables as text; long codes are spoilt if Excel opens them directly"),
    "xlsx": ("Excel", "Tables with units, sources and notes"),
    "html": ("Web map", "One page for the browser, to look at and to send"),
}
CHOSEN_AT_FIRST = ("gpkg", "xlsx")
ENCODINGS = ("UTF-8", "GBK")
LANGUAGE_TITLES = {"zh": "中文", "en": "English"}
FORBIDDEN_IN_NAMES = '<>:"/\\|?*'


def allowed_in_names(words: str, instead: str = "") -> str:
    """Words without the signs that no file may be called by on some system."""
    return words.translate(dict.fromkeys(map(ord, FORBIDDEN_IN_NAMES), instead))


@dataclass(frozen=True)
class NewProject:
    """What `operations.new_project` needs."""

    folder: Path
    name: str
    city: str
    crs: str


@dataclass(frozen=True)
class ExportWanted:
    """What `operations.export` needs."""

    forms: tuple[str, ...]
    folder: Path
    encoding: str


@dataclass(frozen=True)
class ReportsWanted:
    """What `operations.report` needs; `parcel_ids` is None for all parcels."""

    parcel_ids: tuple[str, ...] | None
    folder: Path
    language: str
    author: str
    one_file: bool


class ExportDialog(FormDialog):
    """Asks for formats, folder and encoding.

    Parameters
    ----------
    folder : str
        Where the files go unless another is chosen.
    """

    def __init__(self, folder: str, parent: QWidget | None = None) -> None:
        super().__init__(
            text("Export results"),
            text("Layers and tables of the city with all results, in the reference system of the project."),
            text("Export files"),
            parent,
        )
        self.answer: ExportWanted | None = None
        self.boxes: dict[str, QCheckBox] = {}
        rows: list[QWidget] = []
        for form in EXPORTS:
            title, meaning = FORMATS[form]
            box = QCheckBox(text(title))
            box.setChecked(form in CHOSEN_AT_FIRST)
            box.setAccessibleName(text(title))
            box.setAccessibleDescription(text(meaning))
            said = label(text(meaning), "small", wraps=True)
            said.setContentsMargins(24, 0, 0, 4)
            self.boxes[form] = box
            rows += [box, said]
        self.encoding = ComboBox()
        self.encoding.addItems(ENCODINGS)
        self.encoding.setToolTip(text("UTF-8 suits QGIS and newer ArcGIS; GBK suits older Chinese programs."))
        self.folder = FolderField(folder)
        self.add(text("Formats"), column(rows), self.boxes[EXPORTS[0]])
        self.boxes[EXPORTS[0]].setAccessibleName(text(FORMATS[EXPORTS[0]][0]))
        self.add(text("Encoding of Shapefiles"), self.encoding)
        self.add(text("Folder"), self.folder, self.folder.line)
        self.boxes["shp"].toggled.connect(self.encoding.setEnabled)
        self.encoding.setEnabled(self.boxes["shp"].isChecked())

    def read(self) -> None:
        """Read the form into `answer`."""
        forms = tuple(form for form, box in self.boxes.items() if box.isChecked())
        if not forms:
            raise UserError(Problem("No format is chosen.", "Choose at least one."))
        self.answer = ExportWanted(forms, _folder(self.folder), self.encoding.currentText())


class ReportDialog(FormDialog):
    """Asks which parcels are reported, in which language, by whom, and where to.

    Parameters
    ----------
    selected : sequence of str
        Ids of the selected parcels.
    everything : int
        Number of all parcels.
    folder : str
        Where the reports go unless another is chosen.
    author : str
        Who prepared the last ones.
    filtered : sequence of str, optional
        Ids of the parcels that pass the filter, which stand for all where there is one.
    """

    def __init__(
        self,
        selected: Sequence[str],
        everything: int,
        folder: str,
        author: str = "",
        parent: QWidget | None = None,
        filtered: Sequence[str] | None = None,
    ) -> None:
        super().__init__(
            text("Print parcel reports"),
            text(
                "One report a parcel: suitability, quantities, limiting factors and the source of every number."
            ),
            text("Print reports"),
            parent,
        )
        self.answer: ReportsWanted | None = None
        self._selected = tuple(selected)
        self._every = None if filtered is None else tuple(filtered)
        self.some = QRadioButton(
            text("The selected parcel {id}", id=selected[0])
            if len(selected) == 1
            else text("The {count} selected parcels", count=count(len(selected)))
        )
        if self._every is None:
            self.every = QRadioButton(text("All {count} parcels", count=count(everything)))
        else:
            words = text("The {count} parcels that pass the filter", count=count(len(self._every)))
            self.every = QRadioButton(words)
        self.some.setEnabled(bool(selected))
        (self.some if selected else self.every).setChecked(True)
        self.language = ComboBox()
        for one in LANGUAGES:
            self.language.addItem(LANGUAGE_TITLES[one], one)
        self.language.setCurrentIndex(LANGUAGES.index(language()))
        self.author = QLineEdit(author)
        self.author.setPlaceholderText(text("Printed on the cover; may be empty"))
        self.one_file = QCheckBox(text("All in one file"))
        self.one_file.setAccessibleName(self.one_file.text())
        self.folder = FolderField(folder)
        self.add(text("Which parcels"), column([self.some, self.every]), self.some)
        self.some.setAccessibleName(self.some.text())
        self.add(text("Language"), self.language)
        self.add(text("Prepared by"), self.author)
        self.add("", self.one_file)
        self.one_file.setAccessibleName(self.one_file.text())
        self.add(text("Folder"), self.folder, self.folder.line)

    def read(self) -> None:
        """Read the form into `answer`."""
        self.answer = ReportsWanted(
            self._selected if self.some.isChecked() else self._every,
            _folder(self.folder),
            str(self.language.currentData()),
            self.author.text().strip(),
            self.one_file.isChecked(),
        )


def _folder(field: FolderField) -> Path:
    if not field.line.text().strip():
        raise UserError(Problem("No folder is chosen.", "Choose where the files go."))
    return field.folder
