"""Dialogs of the plan: a target, a new scenario, and which documents are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from core.problems import Problem, UserError
from core.texts import LANGUAGES, text, word
from desktop.own_targets import WHOLE, OwnTarget
from desktop.scenarios import Scenario
from desktop.ui.ask import Question
from desktop.ui.card_parts import across
from desktop.ui.dialogs import LANGUAGE_TITLES
from desktop.ui.form_dialog import FolderField, FormDialog, column, number_box
from desktop.ui.inputs import ComboBox

LAYER_FORMATS = ("gpkg", "shp", "geojson", "dxf")
FORMAT_TITLES = {"gpkg": "GeoPackage", "shp": "Shapefile", "geojson": "GeoJSON", "dxf": "DXF"}
TITLES = {
    "实施方案": "Implementation plan of renewable energy",
    "专项规划": "Special plan of green buildings",
    "低碳城市": "Plan of the low-carbon city",
    "年度报告": "Yearly report",
}
AREAS_SAID = {"district": "District", "unit": "Planning unit"}
FORMS = (("files", "Word and PDF"), ("pictures", "Pictures of the pages (PNG)"))


@dataclass(frozen=True)
class TargetWanted:
    """A target as it was typed; `value` None takes it back."""

    indicator: str
    year: int
    value: float | None
    unit: str
    operator: str
    source: str
    reason: str
    area_kind: str = WHOLE
    area_id: str = ""


class TargetDialog(Question):
    """Asks for one of the city's own targets; units and direction are those of the indicator.

    `forms` are the units and the usual direction of each indicator, see `own_targets.target_forms`; `areas` are kind,
    id and name of the districts and planning units it may be set for. With `kept`, a target that is set, its amount,
    direction, source and reason are asked for anew.
    """

    def __init__(
        self,
        parent: QWidget,
        forms: Mapping[str, tuple[tuple[str, ...], str]],
        year: int,
        kept: OwnTarget | None = None,
        areas: Sequence[tuple[str, str, str]] = (),
    ) -> None:
        lead = text(
            "It is added to the national targets; where both set the same indicator, the city's own holds."
        )
        heading = text("Set a target") if kept is None else text("Change a target")
        if kept is not None:
            lead = text("{title}: {asked}. An empty value takes it back.", title=kept.title, asked=kept.asked)
        super().__init__(parent, heading, lead, text("Set"))
        self.answer: TargetWanted | None = None
        self._forms = forms
        self.indicator = ComboBox()
        for name in forms:
            self.indicator.addItem(word(name), name)
        self.add(text("Indicator"), self.indicator)
        self.year = number_box(2020, 2060)
        self.year.setValue(year)
        self.add(text("Year"), self.year)
        self.area = ComboBox()
        self.area.addItem(text("Whole city"), (WHOLE, ""))
        for kind, one, name in areas:
            self.area.addItem(f"{text(AREAS_SAID[kind])} {name}", (kind, one))
        self.add(text("Area"), self.area)
        self.operator = ComboBox()
        for sign, words in ((">=", "At least"), ("<=", "At most")):
            self.operator.addItem(text(words), sign)
        self.add(text("Kind"), self.operator)
        self.value = QLineEdit()
        self.value.setPlaceholderText(text("Empty takes the target back"))
        self.add(text("Value"), self.value)
        self.unit = ComboBox()
        self.add(text("Unit"), self.unit)
        self.indicator.currentIndexChanged.connect(self._suit)
        self._suit()
        self.source = QLineEdit()
        self.source.setPlaceholderText(text("Document that sets it"))
        self.add(text("Source"), self.source)
        self.add_reason()
        if kept is not None:
            self._fill(kept)

    def _fill(self, kept: OwnTarget) -> None:
        """Begin with a target that is set; which one it is does not change."""
        self.indicator.setCurrentIndex(self.indicator.findData(kept.indicator))
        self.year.setValue(kept.year)
        place = (kept.area_kind, kept.area_id)
        offered = [tuple(self.area.itemData(number)) for number in range(self.area.count())]
        if place not in offered:
            self.area.addItem(kept.title, place)
            offered.append(place)
        self.area.setCurrentIndex(offered.index(place))
        for one in (self.indicator, self.year, self.area):
            one.setEnabled(False)
        self.operator.setCurrentIndex(self.operator.findData(kept.operator))
        self.unit.setCurrentIndex(self.unit.findData(kept.unit))
        self.value.setText(f"{kept.value:.12g}")
        self.source.setText(kept.source)

    def _suit(self) -> None:
        """Offer the units of the indicator, and its direction."""
        units, operator = self._forms.get(str(self.indicator.currentData()), ((), ""))
        self.unit.clear()
        for one in units:
            self.unit.addItem(one.replace("m2", "m²").replace("CO2", "CO₂"), one)
        self.operator.setCurrentIndex(max(0, self.operator.findData(operator)))

    def read(self) -> None:
        """The value must be a number."""
        words = self.value.text().strip()
        try:
            value = float(words) if words else None
        except ValueError as error:
            raise UserError(Problem("{words} is not a number.", "Type a number.", words=words)) from error
        self.answer = TargetWanted(
            str(self.indicator.currentData()),
            self.year.value(),
            value,
            str(self.unit.currentData()),
            str(self.operator.currentData()),
            self.source.text().strip(),
            self.reason,
            *map(str, self.area.currentData()),
        )


class ScenarioDialog(Question):
    """Asks for the name of a new scenario, and which one it begins from."""

    def __init__(self, parent: QWidget, known: Sequence[Scenario], current: str) -> None:
        lead = text("Its targets and decisions begin as a copy of another scenario.")
        super().__init__(parent, text("New scenario"), lead, text("Make"))
        self.name = QLineEdit()
        self.add(text("Name"), self.name)
        self.source = ComboBox()
        for one in known:
            self.source.addItem(one.title, one.key)
        self.source.setCurrentIndex(max(0, self.source.findData(current)))
        self.add(text("Copy of"), self.source)
        self.add_reason()

    def read(self) -> None:
        """It must have a name."""
        if not self.name.text().strip():
            raise UserError(Problem("The scenario has no name.", "Give it one."))


class RenameDialog(Question):
    """Asks what a scenario is called from now on."""

    def __init__(self, parent: QWidget, title: str) -> None:
        lead = text("Its decisions and its plan stay; files that were written keep the old name.")
        super().__init__(parent, text("Rename {name}", name=title), lead, text("Rename"))
        self._before = title
        self.name = QLineEdit(title)
        self.name.selectAll()
        self.add(text("Name"), self.name)
        self.add_reason()

    def read(self) -> None:
        """It must have a name, and another one."""
        if not self.name.text().strip():
            raise UserError(Problem("The scenario has no name.", "Give it one."))
        if self.name.text().strip() == self._before:
            raise UserError(Problem("It has this name already.", "Give it another name."))


class DeleteDialog(Question):
    """Asks whether a scenario is taken away, and why."""

    def __init__(self, parent: QWidget, title: str) -> None:
        lead = text("Its targets, decisions and plan are no longer shown. Undo brings all of it back.")
        super().__init__(parent, text("Delete {name}?", name=title), lead, text("Delete"))
        self.add_reason()


@dataclass(frozen=True)
class DocumentsWanted:
    """Which documents, whether sheets and layers too, by whom, and where to."""

    kinds: tuple[str, ...]
    sheets: bool
    layers: bool
    author: str
    folder: Path
    pictures: bool = False
    language: str = "zh"
    formats: tuple[str, ...] = LAYER_FORMATS


class DocumentsDialog(FormDialog):
    """Asks which documents of the plan are written."""

    def __init__(self, parent: QWidget, kinds: Sequence[str], folder: str, author: str) -> None:
        super().__init__(
            text("Write documents"),
            text("Word and PDF with an annex of tables; what people wrote into the old files is kept."),
            text("Write"),
            parent,
        )
        self.answer: DocumentsWanted | None = None
        self.kinds = {one: QCheckBox(text(TITLES.get(one, one))) for one in kinds}
        boxes = list(self.kinds.values())
        for box in boxes:
            box.setChecked(True)
            box.setAccessibleName(box.text())
        self.sheets = QCheckBox(text("Map sheets"))
        self.layers = QCheckBox(text("Plan layers for GIS and CAD"))
        for box in (self.sheets, self.layers):
            box.setAccessibleName(box.text())
        self.pictures = ComboBox()
        for name, words in FORMS:
            self.pictures.addItem(text(words), name)
        self.spoken = ComboBox()
        for one in LANGUAGES:
            self.spoken.addItem(LANGUAGE_TITLES[one], one)
        self.formats = {one: QCheckBox(FORMAT_TITLES[one]) for one in LAYER_FORMATS}
        for box in self.formats.values():
            box.setChecked(True)
            box.setAccessibleName(box.text())
        self.author = QLineEdit(author)
        self.folder = FolderField(folder)
        self.add(text("Documents"), column([*boxes, self.sheets, self.layers]), boxes[0])
        self.add(text("Documents as"), self.pictures)
        self.add(text("Language of the sheets"), self.spoken)
        first = next(iter(self.formats.values()))
        self.add(text("Formats of the layers"), across(*self.formats.values(), None, spacing=12), first)
        first.setAccessibleName(first.text())
        self._only_with(self.sheets, self.spoken)
        self._only_with(self.layers, *self.formats.values())
        self.add(text("Prepared by"), self.author)
        self.add(text("Folder"), self.folder, self.folder.line)

    def _only_with(self, box: QCheckBox, *concerned: QWidget) -> None:
        """Inputs that mean something only while a box is ticked."""
        for one in concerned:
            one.setEnabled(box.isChecked())
            box.toggled.connect(one.setEnabled)

    def read(self) -> None:
        """Something must be chosen."""
        kinds = tuple(one for one, box in self.kinds.items() if box.isChecked())
        if not kinds and not self.sheets.isChecked() and not self.layers.isChecked():
            raise UserError(Problem("Nothing is chosen.", "Choose a document, sheets or layers."))
        formats = tuple(one for one, box in self.formats.items() if box.isChecked())
        if self.layers.isChecked() and not formats:
            raise UserError(Problem("No format is chosen.", "Choose at least one."))
        self.answer = DocumentsWanted(
            kinds,
            self.sheets.isChecked(),
            self.layers.isChecked(),
            self.author.text().strip(),
            self.folder.folder,
            self.pictures.currentData() == "pictures",
            str(self.spoken.currentData()),
            formats,
        )
