"""The dialogs: a new project, the export of results, and the printing of reports."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QCompleter, QLineEdit, QRadioButton, QWidget

from core.problems import Problem, UserError
from core.texts import LANGUAGES, language, text
from core.units import count
from desktop.data_in import reference_system
from desktop.imports import system_said
from desktop.names import EXPORTS
from desktop.ui.form_dialog import FolderField, FormDialog, column, label
from layers.crs import suggest_crs
from standards import Standards

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


class NewProjectDialog(FormDialog):
    """Asks for the name, the nearest city of the climate tables, the reference system and the folder.

    Parameters
    ----------
    folder : str
        Folder in which projects lie; the new one is made inside it.
    """

    def __init__(self, folder: str, parent: QWidget | None = None) -> None:
        super().__init__(
            text("New project"),
            text("One project holds one city or district: its data, its settings and all results."),
            text("Make project"),
            parent,
        )
        self.answer: NewProject | None = None
        standards = Standards()
        self._cities = standards.table("cities")
        zones = standards.table("climate_zones").set_index("zone")
        self.name = QLineEdit()
        self.name.setPlaceholderText(text("e.g. the city or district"))
        self._suggested = ""  # the city whose reference systems are offered
        self.city = QComboBox()
        self.city.setEditable(True)
        self.city.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        completer = self.city.completer()
        if completer is not None:
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)  # leaves what is typed
        for row in self._cities.to_dict("records"):
            self.city.addItem(_city_said(row), str(row["city_zh"]))
        self.city.setCurrentIndex(-1)
        line = self.city.lineEdit()
        if line is not None:
            line.setPlaceholderText(text("Choose or write"))
        self._zones = {
            str(zone): str(row["name_zh" if language() == "zh" else "name_en"])
            for zone, row in zones.iterrows()
        }
        self.climate = label(text("It gives the climate, the weather and the emission factor."), "small")
        self.crs = QComboBox()
        self.crs.setEditable(True)
        self.crs.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        crs_line = self.crs.lineEdit()
        if crs_line is not None:
            crs_line.setPlaceholderText("EPSG:4545")
        self.folder = FolderField(folder)
        self.place = label("", "small", wraps=True)
        self.add(text("Name of the project"), self.name)
        self.add(text("Nearest city"), column([self.city, self.climate]), self.city)
        self.add(text("Reference system"), self.crs)
        self.add(text("Lies in"), column([self.folder, self.place]), self.folder.line)
        self.name.textChanged.connect(self._say_place)
        self.folder.line.textChanged.connect(self._say_place)
        self.city.currentIndexChanged.connect(self._suggest)
        if line is not None:
            line.editingFinished.connect(self._suggest)
        self._say_place()

    def read(self) -> None:
        """Read the form into `answer`."""
        problems = []
        name, city, crs = self.name.text().strip(), self._city(), self._crs()
        if not name or set(name) & set(FORBIDDEN_IN_NAMES):
            problems.append(
                Problem(
                    "The project needs a name that can be a folder.",
                    "Write one without {signs}.",
                    signs=FORBIDDEN_IN_NAMES,
                )
            )
        if not city:
            problems.append(
                Problem(
                    "The nearest city is not chosen.", "Choose one; it gives the climate and the weather."
                )
            )
        if not crs:
            problems.append(
                Problem(
                    "The reference system of the project is not known.",
                    "Name one, for instance EPSG:4545, or name the nearest city.",
                )
            )
        else:
            try:
                reference_system(crs)
            except UserError as error:
                problems += error.problems
        if problems:
            raise UserError(*problems)
        self.answer = NewProject(self.folder.folder / name, name, city, crs)

    def _city(self) -> str:
        """The city as the climate tables call it; found by either name, also with a bracket after it."""
        said = self.city.currentText().strip()
        place = self.city.findText(said)
        if place >= 0:
            return str(self.city.itemData(place))
        for word in re.split(r"[()（）]", said):
            name = word.strip().removesuffix("市").casefold()
            found = self._cities[
                (self._cities["city_zh"] == name) | (self._cities["city_en"].str.casefold() == name)
            ]
            if not found.empty:
                return str(found.iloc[0]["city_zh"])
        return ""

    def _crs(self) -> str:
        place = self.crs.findText(self.crs.currentText().strip())
        return str(self.crs.itemData(place)) if place >= 0 else self.crs.currentText().strip()

    def _suggest(self) -> None:
        """Climate zone and reference systems of the city that was chosen."""
        city = self._city()
        found = self._cities[self._cities["city_zh"] == city]
        if found.empty or city == self._suggested:
            return
        self._suggested = city
        row = found.iloc[0]
        zone = str(row["zone"])
        self.climate.setText(
            text("Climate zone {zone}, {name}", zone=zone, name=self._zones.get(zone, "")).rstrip(", ，")
        )
        self.crs.clear()
        for prefix in (False, True):
            crs = suggest_crs(float(row["lon"]), prefix, latitude=float(row["lat"]))
            self.crs.addItem(system_said(crs), f"EPSG:{crs.to_epsg()}")
        line = self.crs.lineEdit()
        if line is not None:
            line.setCursorPosition(0)

    def _say_place(self) -> None:
        name = self.name.text().strip()
        self.place.setText(
            str(self.folder.folder / name) if name else text("The project gets a folder of its own.")
        )


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
        self.encoding = QComboBox()
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
    """

    def __init__(
        self,
        selected: Sequence[str],
        everything: int,
        folder: str,
        author: str = "",
        parent: QWidget | None = None,
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
        self.some = QRadioButton(
            text("The selected parcel {id}", id=selected[0])
            if len(selected) == 1
            else text("The {count} selected parcels", count=count(len(selected)))
        )
        self.every = QRadioButton(text("All {count} parcels", count=count(everything)))
        self.some.setEnabled(bool(selected))
        (self.some if selected else self.every).setChecked(True)
        self.language = QComboBox()
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
            self._selected if self.some.isChecked() else None,
            _folder(self.folder),
            str(self.language.currentData()),
            self.author.text().strip(),
            self.one_file.isChecked(),
        )


def _folder(field: FolderField) -> Path:
    if not field.line.text().strip():
        raise UserError(Problem("No folder is chosen.", "Choose where the files go."))
    return field.folder


def _city_said(row: dict[Any, Any] | pd.Series[Any]) -> str:
    """A city as it stands in the list, to be found by either name."""
    if language() == "zh":
        return f"{row['city_zh']}（{row['province_zh']}）"
    return f"{row['city_en']} ({row['city_zh']})"
