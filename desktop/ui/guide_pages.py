"""Pages of the guide through a new project: place, files, columns, problems, and what to do next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFormLayout,
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QWidget,
)

from core.problems import Problem, UserError
from core.texts import text
from desktop import guide
from desktop.data_in import reference_system
from desktop.guide import Offered, Place
from desktop.imports import RASTER_NAMES
from desktop.map_layers import RASTER
from desktop.names import TABLES
from desktop.ui.card_parts import FactRow, across, button, chip, down, emptied, hairline, label, picture
from desktop.ui.dialogs import FORBIDDEN_IN_NAMES, NewProject
from desktop.ui.form_dialog import FolderField
from desktop.ui.import_dialog import FILE_PATTERNS
from desktop.ui.inputs import ComboBox
from layers.system_names import system_said

ROW = Qt.ItemDataRole.UserRole


class PlacePage(QWidget):
    """Where the city lies; what follows from it is said and can be changed.

    Signals
    -------
    changed()
        Something was written or chosen.
    """

    changed = Signal()

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.name = QLineEdit()
        self.name.setPlaceholderText(text("e.g. the city or district"))
        self.search = QLineEdit()
        self.search.setPlaceholderText(text("City, province, or longitude and latitude"))
        self.found = QListWidget()
        self.found.setProperty("part", "found")
        self.found.setAccessibleName(text("Places found"))
        self.found.setFixedHeight(132)
        self.found.setWordWrap(True)
        self.found.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.crs = ComboBox()
        self.crs.setEditable(True)
        self.crs.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.folder = FolderField(folder)
        form = QFormLayout()
        form.setVerticalSpacing(8)
        form.setHorizontalSpacing(16)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for words, widget, named in (
            (text("Name of the project"), self.name, self.name),
            (text("Nearest city"), self.search, self.search),
            ("", self.found, self.found),
            (text("Reference system"), self.crs, self.crs),
            (text("Lies in"), self.folder, self.folder.line),
        ):
            if words:
                named.setAccessibleName(words)
            form.addRow(label(words), widget)
        beside = QFrame()
        beside.setProperty("part", "sheet")
        beside.setFixedWidth(300)
        self._facts = down(beside, margins=(14, 10, 14, 10), spacing=2)
        row = across(spacing=18)
        row.addLayout(form, 1)
        row.addWidget(beside)
        column = down(self)
        column.addLayout(row)
        column.addStretch(1)
        self.search.textEdited.connect(self._search)
        self.found.currentItemChanged.connect(lambda now, before: self._choose())
        for line in (self.name, self.search, self.folder.line):
            line.textChanged.connect(self.changed)
        self.found.currentItemChanged.connect(lambda now, before: self.changed.emit())
        self.crs.currentTextChanged.connect(lambda words: self.changed.emit())
        self._search("")

    @property
    def place(self) -> Place | None:
        """The place chosen in the list."""
        item = self.found.currentItem()
        chosen: Place | None = item.data(ROW) if item is not None else None
        return chosen

    def read(self) -> NewProject:
        """What the new project needs; UserError where something is missing."""
        problems = []
        name, place = self.name.text().strip(), self.place
        chosen = self.crs.findText(self.crs.currentText().strip())
        crs = str(self.crs.itemData(chosen)) if chosen >= 0 else self.crs.currentText().strip()
        if not name or set(name) & set(FORBIDDEN_IN_NAMES):
            problems.append(
                Problem(
                    "The project needs a name that can be a folder.",
                    "Write one without {signs}.",
                    signs=FORBIDDEN_IN_NAMES,
                )
            )
        if place is None:
            problems.append(
                Problem(
                    "The nearest city is not chosen.", "Choose one; it gives the climate and the weather."
                )
            )
        try:
            if crs:
                reference_system(crs)
            elif place is not None:
                problems.append(
                    Problem("The reference system is not chosen.", "Choose one, or give an EPSG code.")
                )
        except UserError as error:
            problems += error.problems
        if problems or place is None:
            raise UserError(*problems)
        return NewProject(self.folder.folder / name, name, place.city, crs)

    def _search(self, words: str) -> None:
        self.found.clear()
        for place in guide.places(words):
            item = QListWidgetItem(guide.place_said(place))
            item.setData(ROW, place)
            self.found.addItem(item)
        if not self.found.count():
            none = QListWidgetItem(
                text(
                    "No city of the climate tables is called so. Write the province or a larger city nearby, or longitude"
                    " and latitude such as 108.7, 34.3."
                )
            )
            none.setFlags(Qt.ItemFlag.NoItemFlags)
            self.found.addItem(none)
        elif words.strip():
            self.found.setCurrentRow(0)
        self._choose()

    def _choose(self) -> None:
        emptied(self._facts)
        place = self.place
        self.crs.clear()
        self._facts.addWidget(label(text("What follows from the place"), "section"))
        if place is None:
            words = text("Choose the nearest city: it gives climate, weather and emission factor.")
            self._facts.addWidget(label(words, "small", wraps=True))
            self._facts.addStretch(1)
            return
        for title, value in guide.facts_of(place):
            self._facts.addWidget(FactRow(title, value))
        words = text("A file of your own weather can take the place of the station later.")
        self._facts.addWidget(label(words, "small", wraps=True))
        self._facts.addStretch(1)
        for crs in guide.systems_of(place):
            self.crs.addItem(system_said(crs), f"EPSG:{crs.to_epsg()}")
        line = self.crs.lineEdit()
        if line is not None:
            line.setCursorPosition(0)


class FilesPage(QFrame):
    """Files dropped in or chosen.

    Signals
    -------
    given(object)
        Paths to be looked into.
    dropped(object)
        The path of a file that is to be taken out again.
    """

    given = Signal(object)
    dropped = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        zone = QFrame()
        zone.setProperty("part", "sheet")
        inside = down(zone, margins=(20, 26, 20, 26), spacing=10)
        for one in (
            picture("ph.download-simple", "accent", 32),
            label(text("Drop your files here"), "title"),
            label(
                text(
                    "Buildings and parcels are needed; terrain, water, geology and others make more potentials possible."
                ),
                "small",
            ),
            label("SHP · GPKG · GeoJSON · DXF · CSV · XLSX · TIF · EPW · ZIP", "small"),
            button(text("Choose files…"), "main", self.browse),
        ):
            inside.addWidget(one, 0, Qt.AlignmentFlag.AlignHCenter)
        self.list = QListWidget()
        self.list.setProperty("part", "layers")
        self.list.setAccessibleName(text("Files"))
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = down(self, spacing=10)
        column.addWidget(zone)
        column.addWidget(self.list, 1)
        self.out = button(text("Take out"), "plain", self._take_out)
        self.out.setToolTip(text("Take the chosen file out of the list (Delete)"))
        self.list.currentRowChanged.connect(lambda row: self.out.setEnabled(row >= 0))
        self.out.setEnabled(False)
        self.out.hide()
        column.addWidget(self.out, 0, Qt.AlignmentFlag.AlignLeft)
        keys = QShortcut(QKeySequence.StandardKey.Delete, self.list, self._take_out)
        keys.setContext(Qt.ShortcutContext.WidgetShortcut)

    def _take_out(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.dropped.emit(item.data(ROW))

    def browse(self) -> None:
        """Ask for files."""
        chosen, _ = QFileDialog.getOpenFileNames(
            self,
            text("Choose files"),
            "",
            ";;".join(
                (
                    text("Layers, tables, rasters and weather") + f" ({FILE_PATTERNS})",
                    text("All files") + " (*)",
                )
            ),
        )
        if chosen:
            self.given.emit([Path(one) for one in chosen])

    def show_files(self, said: Mapping[Path, str]) -> None:
        """List the files with what was found in each."""
        place = self.list.currentRow()
        self.list.clear()
        for path, words in said.items():
            item = QListWidgetItem(f"{path.name}   {words}")
            item.setData(ROW, path)
            self.list.addItem(item)
        self.list.setCurrentRow(min(place, len(said) - 1))
        self.out.setVisible(bool(said))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look into what was dropped."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            self.given.emit(paths)


class ColumnsPage(QScrollArea):
    """What every layer becomes, and which of its columns were recognised.

    Signals
    -------
    changed(int, str)
        A layer is to become another table; empty leaves it out.
    asked(int)
        The columns of a layer are to be looked at.
    """

    changed = Signal(int, str)
    asked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        self.rows: list[QWidget] = []
        self._rows = down(inside, margins=(0, 0, 8, 0), spacing=8)
        self.setWidget(inside)

    def show_offered(self, offered: Sequence[Offered]) -> None:
        """A row for every layer."""
        emptied(self._rows)
        self.rows = [self._row(number, one) for number, one in enumerate(offered)]
        for row in self.rows:
            self._rows.addWidget(row)
            self._rows.addWidget(hairline())
        self._rows.addStretch(1)

    def show_row(self, number: int) -> None:
        """Scroll to a layer."""
        self.ensureWidgetVisible(self.rows[number])

    def _row(self, number: int, one: Offered) -> QWidget:
        name = f"{one.path.name} · {one.layer}" if one.layer and one.layer != one.path.stem else one.path.name
        title = label(name, "strong", wraps=True)
        becomes = ComboBox()
        becomes.setFixedWidth(250)
        becomes.setAccessibleName(text("{layer} becomes", layer=name))
        for table in _choices(one):
            becomes.addItem(guide.title_of(table), table)
        becomes.setCurrentIndex(max(0, becomes.findData(one.becomes)))
        becomes.activated.connect(lambda place: self.changed.emit(number, str(becomes.itemData(place))))
        look = button(text("Details…"), "plain", lambda: self.asked.emit(number))
        look.setAccessibleName(text("Details of {layer}", layer=name))
        look.setEnabled(one.wanted is not None and one.becomes != "weather")
        state = chip(text("left out"))
        if one.problem is not None:
            state = chip(text("decide"), "warning")
        elif one.becomes:
            state = chip(text("settled") if one.settled else text("recognised"), "accent")
        row = QWidget()
        column = down(row, spacing=2)
        column.addLayout(across(title, state, becomes, look, spacing=10))
        if one.said:
            column.addWidget(label(one.said, "small", wraps=True))
        if one.columns:
            column.addWidget(label(guide.columns_said(one), "small", wraps=True))
        if one.problem is not None:
            column.addWidget(label(one.problem.said(), "warning", wraps=True))
        return row


class ReadyPage(QWidget):
    """What the project holds now, and what to do next."""

    def __init__(self, does: Mapping[str, tuple[str, str, Callable[[], None]]]) -> None:
        super().__init__()
        self._does = does
        self._column = down(self, spacing=10)

    def show_state(self, taken: Sequence[str], missing: Sequence[str], grave: int) -> None:
        """Say what is there and what is missing, and offer what goes on."""
        emptied(self._column)
        words = text(
            "{count} layers are in the project: {names}.", count=len(taken), names=text(", ").join(taken)
        )
        self._column.addWidget(label(words, wraps=True))
        if missing:
            words = text(
                "Still missing: {names}. Nothing can be assessed before.", names=text(", ").join(missing)
            )
            self._column.addWidget(label(words, "warning", wraps=True))
        if grave:
            words = text(
                "{count} problems are to be corrected; their rows are left out until then.", count=grave
            )
            self._column.addWidget(label(words, "warning", wraps=True))
        self._column.addWidget(label(text("What to do next"), "section"))
        for name, (words, small, act) in self._does.items():
            made = button(words, "main" if name == "assess" and not missing else "plain", act)
            made.setEnabled(not missing or name not in ("assess", "demand"))
            row = across(made, label(small, "small", wraps=True), spacing=12)
            made.setFixedWidth(190)
            self._column.addLayout(row)
        self._column.addStretch(1)


def _choices(one: Offered) -> list[Any]:
    """What a layer may become."""
    if one.becomes == "weather":
        return ["", "weather"]
    if one.becomes.startswith(RASTER) or not one.layer:
        own = [] if one.becomes.removeprefix(RASTER) in RASTER_NAMES else [one.becomes]
        return ["", *own, *(RASTER + name for name in RASTER_NAMES)]
    return ["", *TABLES]
