"""Items of a sheet: the list of words, pictures and charts a planner adds beside the map, and the question about each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from core.problems import UserError
from core.texts import text
from desktop.ui import theme
from desktop.ui.card_parts import across, down, tool_button
from desktop.ui.charts_panel import TITLES, options_of
from desktop.ui.form_dialog import FormDialog, number_box
from desktop.ui.inputs import ComboBox
from reports.sheets.free_items import LEAST_WIDTH, SUFFIXES, Surroundings, problems_of
from reports.sheets.wanted import CHART, PICTURE, TEXT, FreeItem

ICONS = {TEXT: "ph.text-t", PICTURE: "ph.image", CHART: "ph.chart-bar"}
FIELD_WORDS = {
    "title": "Title of the sheet",
    "number": "Sheet number",
    "city": "City",
    "scenario": "Scenario",
    "date": "Date",
    "scale": "Scale",
    "page": "Page",
    "pages": "Number of pages",
    "place": "Place of the page",
    "author": "Made by",
}
ROW_PX, FRAME_PX, MOST_ROWS, WORDS_PX = 24, 4, 5, 120
CHARTS = {name: tuple(key for key, _ in options_of(name)) for name in TITLES}


class AddedItems(QWidget):
    """The items beside the map, which can be added, changed, moved and taken away.

    Signals
    -------
    changed()
        There are other items, or in another order.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._items: list[FreeItem] = []
        self.list = ItemList(self.change, self.drop)
        self.list.setAccessibleName(text("Items beside the map"))
        self.list.currentRowChanged.connect(lambda _: self._enable())
        self.more = tool_button("ph.plus", text("Add an item"), self._offer)
        self.edit = tool_button("ph.pencil-simple", text("Change the item"), self.change)
        self.up = tool_button("ph.arrow-up", text("Move up"), lambda: self.move_by(-1))
        self.below = tool_button("ph.arrow-down", text("Move down"), lambda: self.move_by(1))
        self.away = tool_button("ph.trash", text("Take the item away"), self.drop)
        body = down(self, spacing=4)
        body.addWidget(self.list)
        body.addLayout(across(self.more, self.edit, self.up, self.below, self.away, None, spacing=2))
        self._show(-1)

    @property
    def items(self) -> tuple[FreeItem, ...]:
        """The items from above to below."""
        return tuple(self._items)

    def show_items(self, items: Sequence[FreeItem]) -> None:
        """Have these items in place of those that are there; says nothing of it."""
        self._items = list(items)
        self._show(-1)

    def ask(self, kind: str) -> None:
        """Ask for a new item of a kind and add it below the others."""
        self._question(FreeItem(kind, ""), self._append)

    def change(self) -> None:
        """Ask how the chosen item is to be."""
        row = self.list.currentRow()
        if row >= 0:
            self._question(self._items[row], lambda item: self._put(row, item))

    def drop(self) -> None:
        """Take the chosen item away."""
        row = self.list.currentRow()
        if row >= 0:
            del self._items[row]
            self._show(min(row, len(self._items) - 1))
            self.changed.emit()

    def move_by(self, places: int) -> None:
        """Move the chosen item up or down."""
        row = self.list.currentRow()
        to = row + places
        if row >= 0 and 0 <= to < len(self._items):
            self._items.insert(to, self._items.pop(row))
            self._show(to)
            self.changed.emit()

    def _offer(self) -> None:
        menu = QMenu(self)
        for kind, words in ((TEXT, "Words…"), (PICTURE, "Picture…"), (CHART, "Chart…")):
            menu.addAction(theme.icon(ICONS[kind]), text(words), partial(self.ask, kind))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _question(self, item: FreeItem, then: Callable[[FreeItem], None]) -> None:
        asked = QUESTIONS[item.kind](item, self.window())
        asked.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        asked.accepted.connect(lambda: then(asked.item))
        asked.open()

    def _append(self, item: FreeItem) -> None:
        self._items.append(item)
        self._show(len(self._items) - 1)
        self.changed.emit()

    def _put(self, row: int, item: FreeItem) -> None:
        self._items[row] = item
        self._show(row)
        self.changed.emit()

    def _show(self, row: int) -> None:
        self.list.clear()
        for one in self._items:
            shown = QListWidgetItem(theme.icon(ICONS[one.kind]), said(one))
            shown.setToolTip(one.value if one.kind != CHART else said(one))
            self.list.addItem(shown)
        self.list.setCurrentRow(row)
        self.list.setVisible(bool(self._items))
        row_px = max(self.list.sizeHintForRow(0), ROW_PX)
        self.list.setFixedHeight(row_px * min(max(len(self._items), 1), MOST_ROWS) + 2 * FRAME_PX)
        self._enable()

    def _enable(self) -> None:
        row, count = self.list.currentRow(), len(self._items)
        for one in (self.edit, self.away):
            one.setEnabled(row >= 0)
            one.setVisible(count > 0)
        self.up.setEnabled(row > 0)
        self.below.setEnabled(0 <= row < count - 1)
        for one in (self.up, self.below):
            one.setVisible(count > 1)


class ItemList(QListWidget):
    """Items by kind and content: Enter or a double click changes one, Delete takes it away."""

    def __init__(self, change: Callable[[], None], drop: Callable[[], None]) -> None:
        super().__init__()
        self._change, self._drop = change, drop
        self.setProperty("part", "items")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.itemDoubleClicked.connect(lambda _: change())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Change or take away the chosen item."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._drop()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._change()
        else:
            super().keyPressEvent(event)


class ItemQuestion(FormDialog):
    """Asks for one item; `item` is what was asked for once the dialog closed with yes.

    Parameters
    ----------
    title, lead : str
        See `FormDialog`.
    item : FreeItem
        As it is so far.
    wanted : callable
        Gives the item as it stands in the inputs.
    """

    def __init__(
        self, title: str, lead: str, item: FreeItem, wanted: Callable[[], FreeItem], parent: QWidget | None
    ) -> None:
        super().__init__(title, lead, text("Put on the sheet"), parent)
        self.item, self._wanted = item, wanted

    def read(self) -> None:
        """Take the item; UserError where it cannot be printed."""
        item = self._wanted()
        problems = problems_of((item,), Surroundings(charts=CHARTS), whole=False)
        if problems:
            raise UserError(*problems)
        self.item = item


class WordsQuestion(ItemQuestion):
    """Asks for words, into which fields can be put."""

    def __init__(self, item: FreeItem, parent: QWidget | None = None) -> None:
        lead = text("Fields in braces are filled in on each page.")
        super().__init__(text("Words beside the map"), lead, item, self.wanted, parent)
        self.words = QPlainTextEdit(item.value)
        self.words.setMinimumHeight(WORDS_PX)
        self.words.setTabChangesFocus(True)
        self.add(text("Words"), self.words)
        self.field = QPushButton(text("Insert a field"))
        self.field.setAutoDefault(False)
        menu = QMenu(self.field)
        for name, words in FIELD_WORDS.items():
            menu.addAction(f"{text(words)}  {{{name}}}", partial(self.insert, name))
        self.field.setMenu(menu)
        self.add("", across(self.field, None), self.field)
        self.field.setAccessibleName(text("Insert a field"))

    def insert(self, name: str) -> None:
        """Put a field where the cursor is."""
        self.words.insertPlainText(f"{{{name}}}")
        self.words.setFocus()

    def wanted(self) -> FreeItem:
        """The words as written."""
        return FreeItem(TEXT, self.words.toPlainText().strip("\n"))


class PictureQuestion(ItemQuestion):
    """Asks for a picture file and how wide it is."""

    def __init__(self, item: FreeItem, parent: QWidget | None = None) -> None:
        lead = text("A PNG, JPG or SVG file, as a logo or a photo; its proportions are kept.")
        super().__init__(text("Picture beside the map"), lead, item, self.wanted, parent)
        self.file = QLineEdit(item.value)
        self.browse = QPushButton(text("Browse…"))
        self.browse.setAutoDefault(False)
        self.browse.clicked.connect(self.ask_file)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.file, 1)
        row.addWidget(self.browse)
        self.add(text("File"), row, self.file)
        self.wide = number_box(LEAST_WIDTH, 100)
        self.wide.setSuffix(" %")
        self.wide.setValue(int(item.option or 100))
        self.add(text("Width in the column"), self.wide)

    def ask_file(self) -> None:
        """Ask for the file."""
        kinds = " ".join(f"*{one}" for one in SUFFIXES)
        before = str(Path(self.file.text()).parent) if self.file.text() else ""
        chosen, _ = QFileDialog.getOpenFileName(
            self, text("Choose a picture"), before, f"{text('Pictures')} ({kinds})"
        )
        if chosen:
            self.file.setText(chosen)

    def wanted(self) -> FreeItem:
        """The file and its width; nothing is said of a width of all of the column."""
        wide = self.wide.value()
        return FreeItem(PICTURE, self.file.text().strip(), "" if wide == 100 else str(wide))


class ChartQuestion(ItemQuestion):
    """Asks for a chart and its month or way."""

    def __init__(self, item: FreeItem, parent: QWidget | None = None) -> None:
        lead = text("Of the whole city; on the pages of an atlas, of the place of the page.")
        super().__init__(text("Chart beside the map"), lead, item, self.wanted, parent)
        self.chart, self.option = ComboBox(), ComboBox()
        for name, words in TITLES.items():
            self.chart.addItem(text(words), name)
        self.chart.setCurrentIndex(max(0, self.chart.findData(item.value)))
        self.add(text("Chart"), self.chart)
        self.add(text("Which one"), self.option)
        self.chart.currentIndexChanged.connect(lambda _: self._suit())
        self._suit()
        self.option.setCurrentIndex(max(0, self.option.findData(item.option)))

    def _suit(self) -> None:
        self.option.clear()
        for key, words in options_of(str(self.chart.currentData())):
            self.option.addItem(words, key)
        self.form.setRowVisible(self.option, self.option.count() > 0)

    def wanted(self) -> FreeItem:
        """The chart as chosen."""
        return FreeItem(CHART, str(self.chart.currentData()), str(self.option.currentData() or ""))


QUESTIONS: dict[str, type[WordsQuestion] | type[PictureQuestion] | type[ChartQuestion]] = {
    TEXT: WordsQuestion,
    PICTURE: PictureQuestion,
    CHART: ChartQuestion,
}


def said(item: FreeItem) -> str:
    """An item in a few words."""
    if item.kind == TEXT:
        return item.value.strip().splitlines()[0] if item.value.strip() else text("Words")
    if item.kind == PICTURE:
        name = Path(item.value).name
        return f"{name} · {item.option} %" if item.option else name
    title = text(TITLES[item.value]) if item.value in TITLES else item.value
    which = dict(options_of(item.value)).get(item.option, item.option)
    return f"{title} · {which}" if which else title
