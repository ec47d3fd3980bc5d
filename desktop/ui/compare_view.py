"""The comparison in the window: two scenarios as maps, what differs between them, and the tables of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from PySide6.QtCore import QItemSelection, QPoint, Qt, QTimer
from PySide6.QtGui import QColor, QKeyEvent, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QTabWidget,
    QWidget,
)

from cartography.layers import StyledLayer, extent_of
from core.fields import field
from core.texts import text
from core.units import count, unit_said
from desktop.addresses import Address
from desktop.compare_map import (
    PARCEL,
    difference_layers,
    how_much,
    legend_rows,
    pair_layers,
    parcel_said,
    themes_of_pair,
)
from desktop.comparing import Pair, listed
from desktop.scenarios import Scenario
from desktop.ui.card_parts import across, button, down, emptied, label
from desktop.ui.inputs import ComboBox
from desktop.ui.map_panel import MessageBar
from desktop.ui.pair_map import Mode, PairMap
from desktop.ui.trace_menu import pop_up
from desktop.ui.words_model import WordsModel, share_room, words_view
from desktop.ui.workspace import Workspace
from plans.comparison import change_said, changed

PANE = 400
CHANGE_PX, PARCEL_PX = 150, (84, 130, 150)
SWATCH_PX = (18, 13)
MODES = (
    (Mode.SIDE, "Side by side", "Alt+1"),
    (Mode.SWIPE, "Swipe", "Alt+2"),
    (Mode.DIFFERENCE, "Difference map", "Alt+3"),
)


@dataclass(frozen=True)
class CompareActions:
    """What the view asks of the window."""

    leave: Callable[[], None]
    compare: Callable[[str, str], None]
    write: Callable[[], None]


class CompareView(QWidget):
    """Two scenarios of the open project."""

    def __init__(
        self,
        workspace: Workspace,
        pair: Pair,
        known: Sequence[Scenario],
        actions: CompareActions,
        mode: Mode = Mode.SIDE,
    ) -> None:
        super().__init__()
        self.setObjectName("workbench")
        self.workspace, self.pair, self.does = workspace, pair, actions
        self._columns = {mode: "" for mode, _, _ in MODES}
        self.map = PairMap()
        self.themes = ComboBox()
        self.themes.setAccessibleName(text("Theme of the map"))
        self.themes.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.legend = QWidget()
        self.legend.setAccessibleName(text("Legend"))
        self._legend = QGridLayout(self.legend)
        self._legend.setContentsMargins(0, 0, 0, 0)
        self._legend.setVerticalSpacing(4)
        self._legend.setColumnStretch(1, 1)
        self.heading = label("", "section", wraps=True)
        self.detail = label("", "small", wraps=True)
        self.rows = changed(pair.parcels)
        self.figures = words_view(text("Figures that differ"), lines=2)
        self.parcels = words_view(text("Parcels that changed"), lines=2)
        body = QSplitter(Qt.Orientation.Horizontal)
        body.addWidget(self.map)
        body.addWidget(self._pane())
        body.setStretchFactor(0, 1)
        body.setChildrenCollapsible(False)
        body.setSizes([1000, PANE])
        column = down(self, spacing=0)
        column.addWidget(self._bar(known))
        column.addWidget(body, 1)
        self.message = MessageBar(self.map)
        workspace.said.connect(self.message.say)
        self.map.picked.connect(self._pick)
        self.map.hovered.connect(self._tell)
        self.themes.activated.connect(self._theme_chosen)
        workspace.selection_changed.connect(self._selected)
        self.show_mode(mode)
        self._selected(PARCEL)

    def let_go(self) -> None:
        """End the threads that draw."""
        self.workspace.selection_changed.disconnect(self._selected)
        self.workspace.said.disconnect(self.message.say)
        self.map.let_go()

    def show_mode(self, mode: Mode) -> None:
        """Side by side, swipe or differences."""
        self._modes[mode].setChecked(True)
        self.map.set_mode(mode)
        offered = themes_of_pair(self.pair, differences=mode is Mode.DIFFERENCE)
        before = self._columns[mode]
        column = before if before in offered else next(iter(offered), "")
        self.themes.clear()
        for name in offered:
            self.themes.addItem(field(name).title, name)
        self.themes.setEnabled(bool(offered))
        if column:
            self.show_theme(column)

    def show_theme(self, column: str) -> None:
        """Colour the maps by a column; classes are found in a thread."""
        mode = self.map.mode
        for each in (Mode.SIDE, Mode.SWIPE) if mode is not Mode.DIFFERENCE else (mode,):
            self._columns[each] = column
        self.themes.setCurrentIndex(self.themes.findData(column))
        base, ids, pair = self.workspace.layers, self.workspace.ids(PARCEL), self.pair

        def work() -> tuple[Sequence[StyledLayer], ...]:
            if mode is Mode.DIFFERENCE:
                return (difference_layers(base, ids, pair, column),)
            return pair_layers(base, ids, pair, column)

        self.workspace.later.ask("comparison", work, lambda layers: self._take(mode, column, layers))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves."""
        if event.key() == Qt.Key.Key_Escape:
            self.does.leave()
        else:
            super().keyPressEvent(event)

    # ---- parts

    def _bar(self, known: Sequence[Scenario]) -> QWidget:
        bar = QWidget()
        bar.setObjectName("header")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        back = button(text("Back (Esc)"), "plain", self.does.leave)
        self.first, self.second = ComboBox(), ComboBox()
        for box, now, words in (
            (self.first, self.pair.first, "Scenario before"),
            (self.second, self.pair.second, "Scenario after"),
        ):
            box.setAccessibleName(text(words))
            box.setToolTip(text(words))
            for one in known:
                box.addItem(one.title, one.key)
            box.setCurrentIndex(box.findData(now.key))
            box.activated.connect(self._others_chosen)
        frame = QFrame()
        frame.setProperty("part", "steps")
        row = across(spacing=2)
        row.setContentsMargins(3, 3, 3, 3)
        group = QButtonGroup(self)
        self._modes: dict[Mode, QPushButton] = {}
        for mode, words, key in MODES:
            made = QPushButton(text(words))
            made.setProperty("part", "step")
            made.setCheckable(True)
            made.setShortcut(key)
            made.setToolTip(f"{text(words)} ({key})")
            made.setAccessibleName(text(words))
            made.clicked.connect(lambda checked=False, mode=mode: self.show_mode(mode))
            group.addButton(made)
            row.addWidget(made)
            self._modes[mode] = made
        frame.setLayout(row)
        frame.setFixedHeight(38)
        write = button(text("Write the comparison…"), "main", self.does.write)
        line = across(
            back, self.first, label("→"), self.second, None, frame, None, self.themes, write, spacing=10
        )
        line.setContentsMargins(14, 7, 12, 7)
        bar.setLayout(line)
        bar.setFixedHeight(52)
        return bar

    def _pane(self) -> QWidget:
        pane = QWidget()
        pane.setObjectName("card")
        pane.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        pane.setMinimumWidth(320)
        pane.setMaximumWidth(720)
        column = down(pane, margins=(14, 12, 14, 10), spacing=8)
        if self.pair.stale:
            words = text("Out of date: {names}. Make the plan anew.", names=", ".join(self.pair.stale))
            column.addWidget(label(words, "warning", wraps=True))
        column.addWidget(self.heading)
        column.addWidget(self.legend)
        column.addWidget(self.detail)
        tabs = QTabWidget()
        tabs.setDocumentMode(True)
        tabs.addTab(self.figures, f"{text('Figures that differ')} {count(len(self.pair.figures))}")
        tabs.addTab(self.parcels, f"{text('Parcels that changed')} {count(len(self.rows))}")
        tabs.currentChanged.connect(self._fill)
        column.addWidget(tabs, 1)
        self.tabs = tabs
        QTimer.singleShot(0, self, lambda: self._fill(0))  # in a turn of its own: nobody waits for the table
        return pane

    def _fill(self, number: int) -> None:
        """Fill the table of a tab when it first comes into sight."""
        view = (self.figures, self.parcels)[number]
        if view.model() is not None:
            return
        if view is self.figures:
            titles = (field("figure_title").title, text("Change"))
            view.setModel(WordsModel(titles, len(self.pair.figures), self._figure_said, (1,), view))
            view.setColumnWidth(1, CHANGE_PX)
            view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            view.customContextMenuRequested.connect(self._figure_menu)
            share_room(view, 0)
            return
        heads = (field("parcel_id").title, text("What changed"), text("By how much"))
        view.setModel(WordsModel(heads, len(self.rows), self._parcel_said, (), view))
        for column, width in enumerate(PARCEL_PX):
            view.setColumnWidth(column, width)
        share_room(view, 2)
        view.selectionModel().selectionChanged.connect(self._row_chosen)

    def _figure_menu(self, place: QPoint) -> None:
        """Where a figure comes from, in either plan."""
        view = self.figures
        index = view.indexAt(place) if view.rect().contains(place) else view.currentIndex()
        if index.isValid():
            key = str(self.pair.figures.index[index.row()])
            numbers = [
                (one.title, Address(key=key, scenario=one.key))
                for one, plan in ((self.pair.first, self.pair.before), (self.pair.second, self.pair.after))
                if key in plan.figures
            ]
            pop_up(view, view.viewport().mapToGlobal(place), numbers, self.workspace.trace_asked.emit)

    def _figure_said(self, row: int) -> tuple[str, str]:
        one = self.pair.figures.iloc[row]
        before, after, change, relative = change_said(one)
        return f"{one['figure_title']}\n{before} → {after}", f"{change}\n{relative}"

    def _parcel_said(self, row: int) -> tuple[str, str, str]:
        one = self.rows.iloc[row]
        kinds = [listed(kind) for kind in str(one["plan_change_kinds"]).split("; ")]
        return str(self.rows.index[row]), _two_lines(kinds), _two_lines(how_much(one))

    # ---- what happens

    def _take(self, mode: Mode, column: str, layers: tuple[Sequence[StyledLayer], ...]) -> None:
        """Show layers that were found in the thread."""
        if mode is not self.map.mode and Mode.DIFFERENCE in (mode, self.map.mode):
            return
        fresh = not self.map.first.layers
        if mode is Mode.DIFFERENCE:
            self.map.set_layers((), (), layers[0])
        else:
            self.map.set_layers(layers[0], layers[1], ())
        self.map.set_names(self.pair.first.title, self.pair.second.title, self.pair.title)
        self.map.set_mode(self.map.mode)
        if fresh:
            self.map.first.zoom_to(extent_of([one for one in layers[0] if one.name == PARCEL]))
        self._selected(PARCEL)
        self._write_legend(column, [layer for one in layers for layer in one])

    def _write_legend(self, column: str, layers: Sequence[StyledLayer]) -> None:
        unit = field(column).unit if column != "phase_change_years" else ""
        self.heading.setText(f"{field(column).title} ({unit_said(unit)})" if unit else field(column).title)
        emptied(self._legend)
        rows = legend_rows(layers)
        if rows and len(rows[0][2]) > 1:
            for place, words in ((2, text("Before")), (3, text("After"))):
                self._legend.addWidget(_right(words), 0, place)
        for line, (colour, words, counts) in enumerate(rows, start=1):
            swatch = QLabel()
            picture = QPixmap(*SWATCH_PX)
            picture.fill(QColor(colour))
            swatch.setPixmap(picture)
            self._legend.addWidget(swatch, line, 0)
            self._legend.addWidget(label(words), line, 1)
            for place, number in enumerate(counts):
                self._legend.addWidget(_right(number), line, 2 + place)

    def _theme_chosen(self, number: int) -> None:
        self.show_theme(str(self.themes.itemData(number)))

    def _others_chosen(self, _: int) -> None:
        self.does.compare(str(self.first.currentData()), str(self.second.currentData()))

    def _pick(self, row: int) -> None:
        """A click on either map selects in both, and in the window behind."""
        ids = self.workspace.ids(PARCEL)
        self.workspace.select_ids(PARCEL, [str(ids[row])] if row >= 0 else [])

    def _row_chosen(self, chosen: QItemSelection, _: QItemSelection) -> None:
        rows = {index.row() for index in chosen.indexes()}
        if rows:
            parcel = str(self.rows.index[min(rows)])
            self.workspace.select_ids(PARCEL, [parcel])
            place = int(self.workspace.ids(PARCEL).get_indexer(pd.Index([parcel]))[0])
            self.map.zoom_to_parcels([place])

    def _selected(self, table: str) -> None:
        if table != PARCEL:
            return
        mask = self.workspace.selection.get(PARCEL)
        self.map.select(mask)
        self._tell(-1)

    def _tell(self, row: int) -> None:
        """Say what differs on the parcel under the mouse, else on the first that is selected."""
        mask = self.workspace.selection.get(PARCEL)
        if row < 0 and mask is not None and mask.any():
            row = int(np.flatnonzero(mask)[0])
        ids = self.workspace.ids(PARCEL)
        if 0 <= row < len(ids):
            self.detail.setText("\n".join(parcel_said(self.pair, str(ids[row]))))
        else:
            self.detail.setText(text("Point at a parcel to see what differs there."))


def _two_lines(parts: Sequence[str]) -> str:
    """The first part on a line of its own, all others on the second."""
    return "\n".join([*parts[:1], *([text(", ").join(parts[1:])] if parts[1:] else [])])


def _right(words: str) -> QLabel:
    made = label(words, "small")
    made.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return made
