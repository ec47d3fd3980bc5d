"""The form of a composed sheet: which sheet, paper, extent and scale, pages, layers, items and words of the title block."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLineEdit, QVBoxLayout, QWidget

from cartography.ragged import Bounds
from core.problems import Problem, UserError
from core.texts import text
from core.units import count
from desktop.map_sheet import KEY
from desktop.session import load_session
from desktop.ui.form_dialog import column, label
from desktop.ui.inputs import ComboBox
from desktop.ui.sheet_items import AddedItems
from desktop.ui.sheet_template_row import TemplateRow
from reports.sheets.composition import ITEMS, PAPERS_MM, Composition, seen_in
from reports.sheets.content import Imprint
from reports.sheets.declared import Sheet

SCALES = (500, 1_000, 2_000, 5_000, 10_000, 20_000, 25_000, 50_000, 100_000)
ITEM_WORDS = {
    "legend": "Legend",
    "tables": "Tables beside the map",
    "notes": "Notes to the map",
    "scale_bar": "Scale bar",
    "wind_rose": "Wind rose",
    "north_arrow": "North arrow",
    "title_block": "Title block",
}
LAYER_PX = 170  # of the name of a layer
BESIDE_PX = 40  # paddings and the bar beside the words of a list
WHOLE, AS_SEEN = "whole", "seen"
SELECTED, KEPT = "selected", "kept"


class SheetForm(QWidget):
    """Asks how a sheet is composed.

    Parameters
    ----------
    offered : sequence of (Sheet, Problem or None)
        Declared sheets, each with what keeps it from being made.
    seen : west, south, east, north
        What the map of the window shows. [m]
    selected : sequence of str
        Ids of the parcels that are selected.
    folder : Path, optional
        Of the project that keeps templates; without it none are offered.

    Signals
    -------
    changed()
        Something is wanted otherwise.
    refused(object)
        A template cannot be shown: why, as UserError.
    """

    changed = Signal()
    refused = Signal(object)

    def __init__(
        self,
        offered: Sequence[tuple[Sheet, Problem | None]],
        seen: Bounds,
        selected: Sequence[str],
        folder: Path | None = None,
    ) -> None:
        super().__init__()
        self._sheets = {sheet.key: sheet for sheet, lacking in offered if lacking is None}
        self._seen, self._selected = seen, tuple(selected)
        self._kept: Composition | None = None  # the template that was chosen last
        self.form = QFormLayout(self)
        self.form.setContentsMargins(0, 0, 10, 0)
        self.form.setVerticalSpacing(7)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.templates = TemplateRow(folder, lambda: self.composition) if folder is not None else None
        if self.templates is not None:
            self.templates.chosen.connect(self.show_composition)
            self._row(text("Template"), self.templates)
        self.sheet = self._choice(
            "Map sheet",
            [(key, f"{one.called.said()} {one.title.said()}".strip()) for key, one in self._sheets.items()],
            whole=True,
        )
        self.paper = self._choice("Paper", [(name, name.upper()) for name in PAPERS_MM], "a3")
        self.turned = self._choice("", [("landscape", text("Landscape")), ("portrait", text("Portrait"))])
        self.extent = self._choice("Extent", [(WHOLE, text("Whole city")), (AS_SEEN, text("As on the map"))])
        scales = [("0", text("Largest round scale")), *((str(one), f"1 : {count(one)}") for one in SCALES)]
        self.scale = self._choice("Scale", scales)
        pages = [
            ("", "One page"),
            ("planning_unit", "Atlas of planning units"),
            ("parcel", "Atlas of parcels"),
        ]
        pages += [(SELECTED, "Atlas of the selected parcels")] if self._selected else []
        self.pages = self._choice("Kind of pages", [(name, text(words)) for name, words in pages])
        self.layers: list[QCheckBox] = []
        self._layers_column = QVBoxLayout()
        self._layers_column.setSpacing(2)
        self.form.addRow(label(text("Layers"), ""), self._layers_column)
        self.items = {name: self._box(text(ITEM_WORDS[name])) for name in ITEMS}
        self.form.addRow(label(text("Items"), ""), column(list(self.items.values())))
        self.added = AddedItems()
        self.added.changed.connect(self.changed)
        self.form.addRow(label(text("Added"), ""), self.added)
        self.title, self.number = self._line("Title of the sheet"), self._line("Sheet number")
        self.author = self._line("Made by", load_session().author)
        self.drawn, self.checked = self._line("Drawn by"), self._line("Checked by")
        self.date = self._line("Date", datetime.date.today().isoformat())
        self.sheet.currentIndexChanged.connect(lambda _: self._suit())
        self.pages.currentIndexChanged.connect(lambda _: self._enable())
        self._suit()

    def leave_out(self, lacking: Mapping[str, str]) -> None:
        """Say which items cannot be drawn, each with the reason in a few words."""
        for name, why in lacking.items():
            box = self.items[name]
            box.setText(text("{item} ({why})", item=text(ITEM_WORDS[name]), why=why))
            box.setChecked(False)
            box.setEnabled(False)

    @property
    def composition(self) -> Composition:
        """What is wanted; UserError where the date is none."""
        pages, extent = str(self.pages.currentData()), self.extent.currentData()
        kept = self._kept or Composition("")
        scale, seen = int(str(self.scale.currentData())), extent == AS_SEEN and not pages
        atlas, places = {
            SELECTED: ("parcel", self._selected),
            KEPT: (kept.atlas, kept.places),
        }.get(pages, (pages, ()))
        shown = tuple(place for place, box in enumerate(self.layers) if box.isChecked())
        wanted = Composition(
            str(self.sheet.currentData()),
            str(self.paper.currentData()),
            self.turned.currentData() == "landscape",
            scale,
            kept.centre if extent == KEPT and not pages else None,
            without=tuple(
                name for name, box in self.items.items() if box.isEnabled() and not box.isChecked()
            ),
            layers=None if len(shown) == len(self.layers) else shown,
            title=self.title.text().strip(),
            number=self.number.text().strip(),
            atlas=atlas,
            places=places,
            imprint=Imprint(
                author=self.author.text().strip(),
                drawn=self.drawn.text().strip(),
                checked=self.checked.text().strip(),
                date=self._day(),
            ),
            added=self.added.items,
        )
        if not seen:
            return wanted
        return seen_in(wanted, self._seen)

    def show_composition(self, wanted: Composition) -> None:
        """Have the form as a composition has it; the day, the data and what cannot be drawn stay as they are."""
        if wanted.key not in self._sheets:
            self.refused.emit(
                UserError(
                    Problem(
                        "The sheet {name} of the template cannot be made from this data.",
                        "Give the data or make this part of the plan, or choose another template.",
                        name=wanted.key,
                    )
                )
            )
            return
        before = self.blockSignals(True)
        self._kept = wanted
        _choose(self.sheet, wanted.key)
        _choose(self.paper, wanted.paper)
        _choose(self.turned, "landscape" if wanted.landscape else "portrait")
        _choose(self.scale, str(wanted.scale), f"1 : {count(wanted.scale)}")
        where = text("As in the template")
        _choose(self.extent, KEPT if wanted.centre is not None else WHOLE, where)
        some = bool(wanted.places)
        _choose(self.pages, KEPT if some else wanted.atlas, text("Atlas of the places in the template"))
        for place, box in enumerate(self.layers):
            box.setChecked(wanted.layers is None or place in wanted.layers)
        for name, box in self.items.items():
            if box.isEnabled():
                box.setChecked(name not in wanted.without)
        self.added.show_items(wanted.added)
        said = wanted.imprint
        for line, words in (
            (self.title, wanted.title),
            (self.number, wanted.number),
            (self.author, said.author or self.author.text()),
            (self.drawn, said.drawn),
            (self.checked, said.checked),
        ):
            line.setText(words)
        self.blockSignals(before)
        self.changed.emit()

    def _day(self) -> datetime.date:
        words = self.date.text().strip()
        try:
            return datetime.date.fromisoformat(words)
        except ValueError as error:
            raise UserError(
                Problem("{date} is no date.", "Write it as 2026-11-30.", date=words or "—")
            ) from error

    def _suit(self) -> None:
        """Offer the layers of the sheet, and show its title and number where none are written."""
        sheet = self._sheets.get(str(self.sheet.currentData()))
        for box in self.layers:
            self._layers_column.removeWidget(box)
            box.hide()
            box.deleteLater()
        self.layers = [self._layer_box(one.title.said()) for one in sheet.layers] if sheet is not None else []
        for box in self.layers:
            self._layers_column.addWidget(box)
        if sheet is not None and sheet.key == KEY:
            _choose(self.extent, AS_SEEN)
        self.title.setPlaceholderText(sheet.title.said() if sheet is not None else "")
        self.number.setPlaceholderText(sheet.called.said() if sheet is not None else "")
        self._enable()
        self.changed.emit()

    def _enable(self) -> None:
        """The extent is that of each place of an atlas; a single layer is not switched off."""
        self.extent.setEnabled(not self.pages.currentData())
        for box in self.layers:
            box.setEnabled(len(self.layers) > 1)

    def _choice(
        self, words: str, offered: Sequence[tuple[str, str]], chosen: str = "", *, whole: bool = False
    ) -> QComboBox:
        made = ComboBox()
        made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for name, said in offered:
            made.addItem(said, name)
            made.setItemData(made.count() - 1, said, Qt.ItemDataRole.ToolTipRole)
        made.view().setMinimumWidth(
            made.view().sizeHintForColumn(0) + BESIDE_PX
        )  # names are longer than the form
        made.setCurrentIndex(max(0, made.findData(chosen)))
        made.currentIndexChanged.connect(lambda _: self.changed.emit())
        self._row(text(words) if words else "", made, whole=whole)
        return made

    def _line(self, words: str, value: str = "") -> QLineEdit:
        made = QLineEdit(value)
        made.textChanged.connect(lambda _: self.changed.emit())
        self._row(text(words), made)
        return made

    def _box(self, words: str) -> QCheckBox:
        made = QCheckBox(words)
        made.setChecked(True)
        made.toggled.connect(lambda _: self.changed.emit())
        return made

    def _layer_box(self, words: str) -> QCheckBox:
        """A box of a layer, whose name may be longer than the form is wide."""
        short = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, LAYER_PX)
        made = self._box(short)
        made.setAccessibleName(words)
        made.setToolTip(words if short != words else "")
        return made

    def _row(self, words: str, field: QWidget, *, whole: bool = False) -> None:
        """A field beside its name, or below it over the whole width."""
        said = label(words, "")
        said.setBuddy(field)
        field.setAccessibleName(words or text("Paper"))
        if whole:
            self.form.addRow(said)
            self.form.addRow(field)
        else:
            self.form.addRow(said, field)


def _choose(box: QComboBox, name: str, words: str = "") -> None:
    """Choose an entry of a box, which gets it with these words where it has none such."""
    if box.findData(name) < 0:
        box.addItem(words, name)
        box.setItemData(box.count() - 1, words, Qt.ItemDataRole.ToolTipRole)
    box.setCurrentIndex(box.findData(name))
