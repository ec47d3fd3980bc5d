"""The dialog of own data: kind, file and sheet, which column is which, what is wrong, and the rows as they will be read."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pandas as pd
from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QGridLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QWidget,
)
from shiboken6 import isValid

from core.fields import field
from core.problems import Problem, UserError
from core.texts import text
from desktop import own_data
from desktop.card_words import shown
from desktop.data_in import existing
from desktop.own_data import OwnOffer, sum_said
from desktop.own_reading import KINDS, help_of, read_sheet
from desktop.ui.ask import Question
from desktop.ui.card_parts import across
from desktop.ui.form_dialog import column, label
from desktop.ui.inputs import ComboBox
from desktop.ui.later import Later
from desktop.ui.words_model import WordsModel, words_view
from layers.project import Project

SIZE = QSize(900, 700)
SAMPLES, LONGEST = 3, 40  # values shown of a column of the file, and letters of them
PAUSE_MS = 250  # after the last letter of the file's name
MATCH_PX, ROWS_PX = 220, 120


class OwnDataDialog(Question):
    """Which sheet of own data is taken in and how its columns are read; an empty one can be written first.

    Attributes
    ----------
    offer : OwnOffer or None
        What the sheet holds, as it stands in the form; None before a file was read.
    by_hand : dict of str to str
        Columns that were chosen here: ours with that of the file, empty for none.
    """

    def __init__(self, project: Project, scenario: str, folder: str, parent: QWidget) -> None:
        lead = text("Rows of the same place, kind and year are replaced; it can be undone.")
        super().__init__(parent, text("Own data"), lead, text("Import"))
        self.resize(SIZE.boundedTo(parent.size() - QSize(40, 40)))
        self._project, self._scenario, self._folder = project, scenario, folder
        self.offer: OwnOffer | None = None
        self.by_hand: dict[str, str] = {}
        self._later = Later(self)
        self._given: tuple[str, str, pd.DataFrame] | None = None  # file and sheet that were read
        self.kind, self.sheet = ComboBox(), ComboBox()
        for name, one in KINDS.items():
            self.kind.addItem(text(one.title), name)
        self.file = QLineEdit()
        self.file.setPlaceholderText(text("XLSX or CSV"))
        self.browse = QPushButton(text("Browse…"))
        self.empty = QPushButton(text("Write an empty template…"))
        for made, act in ((self.browse, self._browse), (self.empty, self._template)):
            made.setAutoDefault(False)
            made.clicked.connect(act)
        self.empty.setProperty("part", "link")
        self.columns: dict[str, QComboBox] = {}
        self.matching = QScrollArea()
        self.matching.setWidgetResizable(True)
        self.matching.setFixedHeight(MATCH_PX)
        self.matching.setAccessibleName(text("Matching of columns"))
        self.rows = words_view(text("Rows as they will be read"))
        self.rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.rows.setFixedHeight(ROWS_PX)
        self.summary = label("", "small", wraps=True)
        self.doubts = label("", "warning", wraps=True)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.look)
        self._lay_out()
        self.file.textChanged.connect(lambda _: self._begin_anew())
        self.kind.currentIndexChanged.connect(lambda _: self._begin_anew())
        self.sheet.activated.connect(lambda _: self._begin_anew(sheet=True))
        self.finished.connect(lambda _: self._later.close())
        self._show(None)

    def _lay_out(self) -> None:
        self.add(text("Kind"), self.kind)
        self.add(text("File"), across(self.file, self.browse, spacing=8), self.file)
        self.form.addRow(self.empty)
        self.add(text("Sheet"), self.sheet)
        self.add(text("Columns"), self.matching)
        self.add(text("Rows as they will be read"), column([self.rows, self.summary, self.doubts]), self.rows)
        self.why.setFixedHeight(48)
        self.add_reason()

    # ---- what the form says

    @property
    def name(self) -> str:
        """The kind of own data."""
        return str(self.kind.currentData())

    @property
    def path(self) -> Path:
        """The file as it stands."""
        return Path(self.file.text().strip()).expanduser()

    @property
    def busy(self) -> bool:
        """Whether the sheet is still being read."""
        return self._pause.isActive() or self._later.busy

    def read(self) -> None:
        """The sheet must have been read, and nothing be wrong with it."""
        if not self.file.text().strip():
            raise UserError(Problem("No file is named.", "Choose a file."))
        if self.busy or self.offer is None:
            raise UserError(Problem("The file is still being read.", "Wait a moment, then import."))
        if self.offer.problems:
            raise UserError(*self.offer.problems)

    # ---- reading

    def look(self) -> None:
        """Read the sheet beside the window's thread and match its columns as the form has them."""
        self._pause.stop()
        words = self.file.text().strip()
        if not words:
            self._show(None)
            return
        context = own_data.context_of(self._project, self.name, self._scenario)
        by_hand = [f"{ours}={theirs}" for ours, theirs in self.by_hand.items()]
        path, sheet, kept = self.path, str(self.sheet.currentData() or ""), self._given
        self.summary.setText(text("Reading the file"))

        def work() -> tuple[pd.DataFrame, OwnOffer] | UserError:
            try:
                known = kept is not None and kept[:2] == (str(path), sheet)
                given = (
                    kept[2] if known and kept is not None else read_sheet(existing(path), None, sheet or None)
                )
                return given, own_data.offer_of(context, path, given, by_hand)
            except UserError as error:
                return error

        def take(made: tuple[pd.DataFrame, OwnOffer] | UserError) -> None:
            if not isValid(self):
                return
            if isinstance(made, UserError):
                self._show(None)
                self.doubts.setText(str(made))
                self.doubts.show()
                return
            self._given = (str(path), sheet, made[0])
            self._show(made[1])

        self._later.ask("own", work, take)

    def _begin_anew(self, *, sheet: bool = False) -> None:
        """Another file, kind or sheet: columns are matched from the beginning."""
        self.by_hand.clear()
        if not sheet:
            self.sheet.clear()
        self.offer = None
        self._pause.start()

    def _chose(self, ours: str, place: int) -> None:
        self.by_hand[ours] = str(self.columns[ours].itemData(place) or "")
        self.look()

    # ---- what is shown

    def _show(self, offer: OwnOffer | None) -> None:
        self.offer = offer
        self._fill_sheets(offer)
        self._fill_columns(offer)
        rows = offer.rows if offer is not None else None
        for part in (self.matching, self.sheet):
            self.form.setRowVisible(
                part, offer is not None and (part is self.matching or len(offer.sheets) > 1)
            )
        self._fill_rows(offer.kind.columns if offer is not None else (), rows)
        self.summary.setText(sum_said(offer) if offer is not None else "")
        problems = [one.said() for one in offer.problems] if offer is not None else []
        self.doubts.setText("\n".join(problems))
        self.doubts.setVisible(bool(problems))

    def _fill_sheets(self, offer: OwnOffer | None) -> None:
        if offer is None or self.sheet.count():
            return
        for name in offer.sheets:
            self.sheet.addItem(name, name)

    def _fill_columns(self, offer: OwnOffer | None) -> None:
        """A row for each of our columns: which column of the file it is, and its first values."""
        focus = next((ours for ours, box in self.columns.items() if box.hasFocus()), "")
        seen = self.matching.verticalScrollBar().value()
        body, grid = QWidget(), QGridLayout()
        body.setLayout(grid)
        grid.setColumnStretch(2, 1)
        self.columns = {}
        if offer is not None:
            heads = (text("Our column"), text("Column of the file"), text("First values"))
            for place, head in enumerate(heads):
                grid.addWidget(label(head, "section"), 0, place)
            for line, ours in enumerate(offer.kind.columns, start=1):
                self._add_column(grid, line, ours, offer)
            if offer.left:
                words = text("Left out: {columns}", columns=text(", ").join(offer.left))
                grid.addWidget(label(words, "small", wraps=True), len(offer.kind.columns) + 1, 0, 1, 3)
            grid.setRowStretch(len(offer.kind.columns) + 2, 1)
        self.matching.setWidget(body)
        if focus in self.columns:
            self.columns[focus].setFocus()
        bar = self.matching.verticalScrollBar()
        QTimer.singleShot(0, bar, lambda: bar.setValue(seen))  # when the new rows are laid out

    def _add_column(self, grid: QGridLayout, line: int, ours: str, offer: OwnOffer) -> None:
        known, needed = field(ours), ours in offer.kind.needed
        title = label(f"{known.label} *" if needed else known.label, "")
        title.setToolTip(help_of(offer.kind, ours))
        box = ComboBox()
        box.setProperty("part", "cell")
        box.setAccessibleName(text("Column that holds {title}", title=known.title))
        box.setToolTip(help_of(offer.kind, ours))
        box.addItem("—", "")
        for one in map(str, offer.given.columns):
            box.addItem(one, one)
        theirs = offer.pairs.get(ours, "")
        box.setCurrentIndex(max(0, box.findData(theirs)))
        box.setProperty("doubt", needed and not theirs)
        box.activated.connect(partial(self._chose, ours))
        sample = label(_first_values(offer.given, theirs), "small")
        for place, widget in enumerate((title, box, sample)):
            grid.addWidget(widget, line, place)
        self.columns[ours] = box

    def _fill_rows(self, columns: tuple[str, ...], rows: pd.DataFrame | None) -> None:
        """The rows under our names, as they will stand in the project."""
        if rows is None:
            self.rows.setModel(None)
            self.rows.hide()
            return
        read = rows

        def said(number: int) -> list[str]:
            return [shown(read.iloc[number], one) or "—" for one in columns]

        self.rows.setModel(WordsModel([field(one).title for one in columns], len(read), said, (), self.rows))
        self.rows.resizeColumnsToContents()
        self.rows.show()

    # ---- files

    def _browse(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self, text("Choose a file"), self._folder, "XLSX, CSV (*.xlsx *.xlsm *.csv)"
        )
        if chosen:
            self.file.setText(chosen)

    def _template(self) -> None:
        begin = str(Path(self._folder) / f"{text(KINDS[self.name].title)}.xlsx")
        chosen, _ = QFileDialog.getSaveFileName(
            self, text("Write an empty template…"), begin, "XLSX (*.xlsx)"
        )
        if chosen:
            path = Path(chosen)
            path = path if path.suffix.lower() in (".xlsx", ".csv") else path.with_name(f"{path.name}.xlsx")
            self.file.setText(str(own_data.write_template(self.name, path)))


def _first_values(given: pd.DataFrame, theirs: str) -> str:
    if theirs not in given:
        return ""
    values = list(dict.fromkeys(str(one) for one in given[theirs].dropna()))[:SAMPLES]
    words = ", ".join(values)
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"
