"""The form of the import dialog: its inputs and panels, without any reading."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from core.texts import text
from core.units import count
from desktop.imports import KINDS, RASTER_NAMES, SystemChoice
from desktop.map_layers import table_title
from desktop.names import TABLES
from desktop.ui.inputs import ComboBox
from desktop.ui.matching_table import MatchingTable
from desktop.ui.problems_panel import ProblemsPanel
from desktop.ui.table_model import TableModel
from desktop.ui.table_view import TableView
from layers.encodings import EncodingChoice, encoding_name
from layers.sources import Source

KIND_TITLES = {"table": "Layer or table", "raster": "Raster", "weather": "Weather"}
RASTER_SAID = {"terrain": "Heights of the ground", "surface": "Heights with buildings and trees"}
SAMPLE_TEXTS = 4
BESIDE_PX = 40  # paddings and the bar beside the words of a list
SHAPES = {"Point": "points", "LineString": "lines", "Polygon": "areas"}


def shapes_said(geometry_type: str) -> str:
    """What a layer consists of, by its type of geometry; a type that is none of ours as the file calls it."""
    if not geometry_type:
        return text("no shapes")
    plain = geometry_type.removeprefix("Multi").removesuffix(" Z")
    return text(SHAPES[plain]) if plain in SHAPES else geometry_type


class ImportForm(QObject):
    """Widgets of the dialog. What the user chooses comes as a signal; what is set by program does not.

    Signals
    -------
    kind_chosen(str), layer_chosen(str), table_chosen(str), encoding_chosen(str), system_chosen(str), place_chosen(str)
        The user chose another one.
    """

    kind_chosen = Signal(str)
    layer_chosen = Signal(str)
    table_chosen = Signal(str)
    encoding_chosen = Signal(str)
    system_chosen = Signal(str)
    place_chosen = Signal(str)

    def __init__(self, dialog: QDialog) -> None:
        super().__init__(dialog)
        self.table_was_chosen = False
        self.encoding_was_chosen = False
        self._choice: EncodingChoice | None = None
        self._systems: list[SystemChoice] = []
        self.path = QLineEdit()
        self.path.setReadOnly(True)
        self.browse = QPushButton(text("Browse…"))
        self.kinds, self.layers, self.tables = ComboBox(), ComboBox(), ComboBox()
        self.rasters, self.encodings, self.systems = ComboBox(), ComboBox(), ComboBox()
        self.systems.setEditable(True)
        self.systems.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.rasters.setEditable(True)
        self.encodings.setEditable(True)
        self.encodings.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.place = QLineEdit()
        self.place.setPlaceholderText(text("Empty: as recognised; or two columns, X,Y"))
        self.is_sheet = False
        self.sample, self.facts, self.state = QLabel(), QLabel(), QLabel()
        for label in (self.sample, self.facts, self.state):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setProperty("part", "small")
        self.facts.setWordWrap(True)
        self.state.setWordWrap(True)
        self.progress = QProgressBar()
        self.progress.setRange(0, 0)
        self.matching = MatchingTable()
        self.problems = ProblemsPanel()
        self.rows = TableModel(self)
        self.view = TableView(self.rows)
        self.cancel, self.take = QPushButton(text("Cancel")), QPushButton(text("Import"))
        self.take.setProperty("part", "main")
        self.take.setDefault(True)
        self._labels: dict[QWidget, QLabel] = {}
        for kind in KINDS:
            self.kinds.addItem(text(KIND_TITLES[kind]), kind)
        for table in TABLES:
            self.tables.addItem(table_title(table), table)
        for name in RASTER_NAMES:
            self.rasters.addItem(text(RASTER_SAID[name]), name)
        self._lay_out(dialog)
        self._connect()

    # What was chosen

    @property
    def kind(self) -> str:
        """What the file is taken for: `table`, `raster` or `weather`."""
        return str(self.kinds.currentData())

    @property
    def layer(self) -> str:
        """Name of the layer in the file."""
        return str(self.layers.currentData() or "")

    @property
    def table(self) -> str:
        """The table it becomes."""
        return str(self.tables.currentData())

    @property
    def raster_name(self) -> str:
        """Name of the raster in the project."""
        place = self.rasters.findText(self.rasters.currentText())
        return str(self.rasters.itemData(place)) if place >= 0 else self.rasters.currentText().strip()

    @property
    def encoding(self) -> str | None:
        """The encoding chosen by hand; None leaves it to the reader."""
        return self._encoding_shown() if self.encoding_was_chosen else None

    def _encoding_shown(self) -> str | None:
        place = self.encodings.findText(self.encodings.currentText())
        if place >= 0:
            return str(self.encodings.itemData(place)) or None
        return encoding_name(self.encodings.currentText())

    @property
    def system(self) -> SystemChoice:
        """The reference system chosen or typed; its code is empty where the file's own holds."""
        typed = self.systems.currentText().strip()
        place = self.systems.findText(typed)
        return self._systems[place] if 0 <= place < len(self._systems) else SystemChoice(typed, typed)

    @property
    def coordinates(self) -> str:
        """The two columns of the place as they were typed; empty leaves them to the reader."""
        return self.place.text().strip() if self.is_sheet else ""

    # What is shown

    def clear(self) -> None:
        """Forget the file before."""
        self.table_was_chosen = False
        self.encoding_was_chosen = False
        self._choice = None
        for box in (self.layers, self.encodings):
            _refill(box, ())
        self.set_systems(())
        self.sample.clear()
        self.facts.clear()
        self.matching.clear()
        self.problems.set_problems(())
        self.rows.set_frame(pd.DataFrame())

    def set_kind(self, kind: str) -> None:
        """Say what the file is taken for."""
        self.kinds.blockSignals(True)
        self.kinds.setCurrentIndex(self.kinds.findData(kind))
        self.kinds.blockSignals(False)
        self._show_inputs()

    def set_layers(self, sources: Sequence[Source], kept: str) -> None:
        """Offer the layers of a file."""
        said = [
            (f"{one.layer} · {shapes_said(one.geometry_type)} · {count(one.features)}", one.layer)
            for one in sources
        ]
        names = [one.layer for one in sources]
        with_shapes = next((one.layer for one in sources if one.geometry_type and one.features), "")
        _refill(self.layers, said, kept if kept in names else with_shapes)

    def set_table(self, table: str) -> None:
        """Say what the layer becomes."""
        self.tables.blockSignals(True)
        self.tables.setCurrentIndex(self.tables.findData(table))
        self.tables.blockSignals(False)

    def set_raster(self, name: str) -> None:
        """Say what the raster holds."""
        self.rasters.setCurrentIndex(self.rasters.findData(name))

    def set_encodings(self, choice: EncodingChoice | None) -> None:
        """Offer the encodings the text may be in, with how well it then reads."""
        self._choice = choice
        found = choice.candidates if choice else ()
        said = [(f"{one.encoding.upper()} · {one.score:.0%}", one.encoding) for one in found]
        _refill(self.encodings, said, choice.encoding if choice else "")
        self._say_sample()
        self._show_inputs()

    def set_systems(self, choices: Sequence[SystemChoice]) -> None:
        """Offer reference systems, the likeliest first; it is taken only if the file states it."""
        self._systems = list(choices)
        _refill(self.systems, [(one.said, one.code) for one in choices])
        listed = self.systems.view()
        listed.setMinimumWidth(listed.sizeHintForColumn(0) + BESIDE_PX)  # names are longer than the box
        stated = bool(choices) and not choices[0].code
        self.systems.setCurrentIndex(0 if stated else -1)
        line = self.systems.lineEdit()
        if line is not None:
            if not stated:
                self.systems.blockSignals(True)
                line.clear()
                self.systems.blockSignals(False)
            line.setPlaceholderText(text("Choose, or write an EPSG code") if choices else "EPSG:4545")
            line.setCursorPosition(0)

    def show_rows(self, frame: pd.DataFrame, rows: int) -> None:
        """Show the first rows as they will be in the project."""
        self.rows.set_frame(frame)
        self.view.fit_columns()
        self.tabs.setTabText(0, text("First {count} of {all} rows", count=count(len(frame)), all=count(rows)))

    def show_file(self, said: str) -> None:
        """Say what a raster or weather file holds."""
        self.facts.setText(said)
        self._show_inputs()

    def set_state(self, words: str, *, busy: bool, ready: bool) -> None:
        """Say what goes on or is missing."""
        self.state.setText(words)
        self.progress.setVisible(busy)
        self.take.setEnabled(ready)
        found = len(self.problems.problems)
        self.tabs.setTabText(1, text("Problems ({count})", count=count(found)) if found else text("Problems"))
        if not ready and not busy and found and not len(self.rows.frame):
            self.tabs.setCurrentIndex(1)

    # Inside

    def _lay_out(self, dialog: QDialog) -> None:
        head = QFrame()
        head.setProperty("part", "head")
        grid = QGridLayout(head)
        grid.setContentsMargins(16, 16, 16, 12)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        file = QHBoxLayout()
        file.setSpacing(8)
        file.addWidget(self.path, 1)
        file.addWidget(self.browse)
        grid.addWidget(self._label(text("File"), self.path), 0, 0)
        grid.addLayout(file, 0, 1, 1, 3)
        inputs = (
            (1, 0, text("Kind"), self.kinds),
            (1, 2, text("Layer in the file"), self.layers),
            (2, 0, text("Becomes"), self.tables),
            (2, 0, text("Becomes"), self.rasters),
            (2, 2, text("Reference system"), self.systems),
            (3, 0, text("Encoding"), self.encodings),
        )
        for row, column, words, widget in inputs:
            grid.addWidget(self._label(words, widget), row, column)
            grid.addWidget(widget, row, column + 1)
            widget.setMinimumContentsLength(16)
            widget.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        grid.addWidget(self.sample, 3, 2, 1, 2)
        grid.addWidget(self._label(text("Columns of the place"), self.place), 4, 0)
        grid.addWidget(self.place, 4, 1)
        grid.addWidget(self.facts, 5, 0, 1, 4)
        self.tabs = QTabWidget()
        self.tabs.setProperty("part", "sheets")
        self.tabs.addTab(self.view, text("First rows"))
        self.tabs.addTab(self.problems, text("Problems"))
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.sheet = QFrame()
        self.sheet.setProperty("part", "panel")
        inside = QVBoxLayout(self.sheet)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.matching)
        self.split.addWidget(self.sheet)
        self.split.addWidget(self.tabs)
        self.split.setSizes([320, 260])
        self.split.setChildrenCollapsible(False)
        foot = QFrame()
        foot.setProperty("part", "foot")
        line = QHBoxLayout(foot)
        line.setContentsMargins(16, 12, 16, 12)
        line.setSpacing(8)
        line.addWidget(self.state, 1)
        line.addWidget(self.cancel)
        line.addWidget(self.take)
        whole = QVBoxLayout(dialog)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        for part in (head, self.progress):
            whole.addWidget(part)
        whole.addWidget(self.split, 1)
        whole.addWidget(foot)
        self._show_inputs()

    def _label(self, words: str, widget: QWidget) -> QLabel:
        label = QLabel(words)
        label.setProperty("part", "small")
        label.setBuddy(widget)
        widget.setAccessibleName(words)
        self._labels[widget] = label
        return label

    def _connect(self) -> None:
        self.kinds.activated.connect(self._choose_kind)
        self.layers.activated.connect(lambda _: self.layer_chosen.emit(self.layer))
        self.tables.activated.connect(self._choose_table)
        self.encodings.activated.connect(lambda _: self._choose_encoding())
        self.systems.activated.connect(lambda _: self.system_chosen.emit(self.system.code))
        line = self.systems.lineEdit()
        if line is not None:  # a long name is read from its beginning
            self.systems.activated.connect(lambda _, begun=line: begun.setCursorPosition(0))
        if line is not None:
            line.returnPressed.connect(lambda: self.system_chosen.emit(self.system.code))
        line = self.encodings.lineEdit()
        if line is not None:
            line.returnPressed.connect(self._choose_encoding)
        self.place.editingFinished.connect(self._choose_place)

    def _choose_kind(self, place: int) -> None:
        self._show_inputs()
        self.kind_chosen.emit(self.kind)

    def _choose_table(self, place: int) -> None:
        self.table_was_chosen = True
        self.table_chosen.emit(self.table)

    def _choose_place(self) -> None:
        """Other columns of the place were typed; leaving the input alone says nothing."""
        if self.place.isModified():
            self.place.setModified(False)
            self.place_chosen.emit(self.coordinates)

    def _choose_encoding(self) -> None:
        self.encoding_was_chosen = True
        self._say_sample()
        self.encoding_chosen.emit(self.encoding or "")

    def _say_sample(self) -> None:
        """How some texts read in the encoding of the moment."""
        found = self._choice.candidates if self._choice else ()
        sample = next((one.sample for one in found if one.encoding == self._encoding_shown()), ())
        words = text(", ").join(sample[:SAMPLE_TEXTS])
        self.sample.setText(text("Reads: {words}", words=words) if words else "")

    def _show_inputs(self) -> None:
        """Only the inputs that this kind of file needs."""
        table, raster = self.kind == "table", self.kind == "raster"
        shown = {
            self.layers: table,
            self.tables: table,
            self.rasters: raster,
            self.systems: table or raster,
            self.encodings: table and self._choice is not None,
            self.place: table and self.is_sheet,
        }
        for widget, on in shown.items():
            widget.setVisible(on)
            self._labels[widget].setVisible(on)
        self.sample.setVisible(table and self._choice is not None)
        self.facts.setVisible(not table)
        self.matching.setVisible(table)
        self.sheet.setVisible(table)
        self.tabs.setTabVisible(0, table)


def _refill(box: QComboBox, items: Sequence[tuple[str, str]], current: str = "") -> None:
    """Other items in a combo box, without saying that anything was chosen."""
    box.blockSignals(True)
    box.clear()
    for words, value in items:
        box.addItem(words, value)
    box.setCurrentIndex(max(0, box.findData(current)) if items else -1)
    box.blockSignals(False)
