"""The charts panel: what the city, an area or the selection needs, gives, costs and reaches, beside map and table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtWidgets import QComboBox, QFileDialog, QFrame, QLabel, QMenu, QScrollArea, QToolButton, QWidget

from core.problems import UserError
from core.texts import text
from desktop.chart_files import unwritable, write_csv, write_svg
from desktop.chart_scope import CITY, SELECTION, Scope, areas_of, scope_of
from desktop.chart_traces import traced
from desktop.charts import CHARTS, MEASURE, TECHNOLOGY, Chart, Content
from desktop.ui.card_parts import across, down, label, tool_button
from desktop.ui.chart_view import ChartView
from desktop.ui.inputs import ComboBox
from desktop.ui.later import Later
from desktop.ui.trace_menu import pop_up
from desktop.ui.workspace import Message, Workspace

SOON_MS = 60
TITLES = {
    "electricity_months": "Electricity by month",
    "heat_months": "Heat and cold by month",
    "typical_day": "Typical day of electricity",
    "ground_heat": "Heat balance of the ground",
    "ground_years": "Temperatures of the ground over the years",
    "carbon_cost": "Cost of avoided carbon",
    "targets": "Targets and gaps",
}
WAYS = ((TECHNOLOGY, "By technology"), (MEASURE, "By measure"))


def options_of(name: str) -> list[tuple[str, str]]:
    """The options of a chart, each with its words in the language of the moment."""
    months = [(str(month), text("Month {month}", month=month)) for month in range(1, 13)]
    ways = [(key, text(words)) for key, words in WAYS]
    return {"typical_day": months, "carbon_cost": ways}.get(name, [])


class ChartsPanel(QWidget):
    """One chart at a time, of what is chosen and passes the filters."""

    def __init__(self, workspace: Workspace, close: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("charts")
        self.setProperty("part", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumHeight(200)
        self.workspace = workspace
        self.later = Later(self)
        self.chart: Chart | None = None
        self.scope: Scope | None = None
        self._areas = [(CITY, "")]
        self.kind, self.about, self.option = ComboBox(), ComboBox(), ComboBox()
        for name, words in TITLES.items():
            self.kind.addItem(text(words), name)
        self.counted, self.note = QLabel(), label("", "note", wraps=True)
        self.counted.setProperty("part", "small")
        self.view = ChartView()
        self.room = QScrollArea()
        self.room.setWidgetResizable(True)
        self.room.setFrameShape(QFrame.Shape.NoFrame)
        self.room.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.room.setWidget(self.view)
        self.room.viewport().installEventFilter(self)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._offer_trace)
        self.save = tool_button("ph.export", text("Save the chart"), self._offer_files)
        self._lay_out(tool_button("ph.x", text("Close"), close))
        for box, words in (
            (self.kind, "Chart"),
            (self.about, "What it is about"),
            (self.option, "Which one"),
        ):
            box.setAccessibleName(text(words))
            box.activated.connect(self.refresh)
        self.kind.activated.connect(self._fill_options)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MS)
        self._soon.timeout.connect(self.refresh)
        self._connections = [
            (workspace.data_changed, self._data_changed),
            (workspace.selection_changed, self._selected),
            (workspace.filters.changed, self._ask_soon),
        ]
        for signal, slot in self._connections:
            signal.connect(slot)
        self._fill_areas()
        self._fill_options()

    def let_go(self) -> None:
        """End the link with the workspace, before another panel takes it."""
        for signal, slot in self._connections:
            signal.disconnect(slot)
        self.later.close()

    def show_chart(self, name: str, option: str = "") -> None:
        """Show a chart by its name."""
        self.kind.setCurrentIndex(self.kind.findData(name))
        self._fill_options()
        if option:
            self.option.setCurrentIndex(self.option.findData(option))
        self.refresh()

    def show_scope(self, kind: str, area: str = "") -> None:
        """Choose what the chart is about."""
        if (kind, area) in self._areas:
            self.about.setCurrentIndex(self._areas.index((kind, area)))
        self.refresh()

    def refresh(self) -> None:
        """Find the values of the chart anew, beside the window."""
        self._soon.stop()
        workspace, city = self.workspace, self.workspace.city
        if not self.isVisible():
            return
        if city is None:
            self._take(None, Chart("", note=text("Check the data first.")))
            return
        name, (kind, area) = str(self.kind.currentData()), self._about
        option = str(self.option.currentData() or "")
        passing: dict[str, pd.Index] = {
            table: workspace.filters.ids(table) for table in workspace.filters.tables
        }
        chosen = workspace.chosen
        content = Content(workspace.assessments, workspace.plan)

        def found() -> tuple[Scope, Chart]:
            scope = scope_of(city, kind, area, filters=passing, selection=(chosen.table, chosen.ids))
            if not len(scope.ids):
                words = "Nothing is selected." if kind == SELECTION else "No row passes the filter."
                return scope, Chart(text(TITLES[name]), note=text(words))
            return scope, CHARTS[name](content, scope, option)

        self.later.ask("chart", found, lambda made: self._take(*made))

    @property
    def busy(self) -> bool:
        """Whether a chart is still to come."""
        return self.later.busy or self._soon.isActive()

    def write(self, path: Path) -> None:
        """Write the chart as the ending of the name says: PNG, SVG or CSV."""
        chart = self.chart
        if chart is None or chart.picture is None:
            return
        try:
            if path.suffix.lower() == ".csv":
                write_csv(chart, path)
            elif path.suffix.lower() == ".svg":
                write_svg(self.view.svg, path)
            else:
                path = path.with_suffix(".png")
                if not self.view.image().save(str(path)):
                    raise OSError(path)
        except OSError:
            self.workspace.refused.emit(UserError(unwritable(path)))
            return
        self.workspace.said.emit(Message(text("Wrote {file}.", file=path.name)))

    # ---- inside

    def _lay_out(self, shut: QToolButton) -> None:
        for box, wide in ((self.kind, 200), (self.about, 140), (self.option, 128)):
            box.setMinimumWidth(wide)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        head = across(self.kind, self.about, self.option, self.counted, None, self.save, shut, spacing=8)
        head.setContentsMargins(12, 6, 8, 2)
        column = down(self, spacing=0)
        column.addLayout(head)
        column.addWidget(self.room, 1)
        foot = across(self.note)
        foot.setContentsMargins(12, 0, 12, 6)
        column.addLayout(foot)

    def _fill_areas(self) -> None:
        now, city = self._about, self.workspace.city
        offered = [(CITY, "", text("Whole city")), (SELECTION, "", text("What is selected"))]
        offered += areas_of(city) if city is not None else []
        self._areas = [(kind, area) for kind, area, _ in offered]
        self.about.clear()
        self.about.addItems([words for _, _, words in offered])
        self.about.setCurrentIndex(self._areas.index(now) if now in self._areas else 0)

    @property
    def _about(self) -> tuple[str, str]:
        """Kind and id of what the chart is about."""
        return self._areas[max(0, self.about.currentIndex())]

    def _fill_options(self) -> None:
        name = str(self.kind.currentData())
        offered = options_of(name)
        known = [str(self.option.itemData(number)) for number in range(self.option.count())]
        if known != [key for key, _ in offered]:
            self.option.clear()
            for key, words in offered:
                self.option.addItem(words, key)
        self.option.setVisible(bool(offered))

    def _take(self, scope: Scope | None, chart: Chart) -> None:
        self.scope, self.chart = scope, chart
        self.counted.setText(scope.said if scope is not None else "")
        self.note.setText(chart.note)
        self.note.setVisible(bool(chart.note))
        self.save.setEnabled(chart.picture is not None)
        self.view.show_picture(chart.picture, chart.title)

    def _offer_trace(self, place: QPoint) -> None:
        """Where the numbers of the chart come from."""
        if self.scope is None or self.chart is None or self.chart.picture is None:
            return
        name, option = str(self.kind.currentData()), str(self.option.currentData() or "")
        content = Content(self.workspace.assessments, self.workspace.plan)
        numbers = traced(name, option, content, self.scope)
        if numbers:
            pop_up(self.view, self.view.mapToGlobal(place), numbers, self.workspace.trace_asked.emit)

    def _data_changed(self) -> None:
        self._fill_areas()
        self._ask_soon()

    def _selected(self, table: str) -> None:
        if self._about[0] == SELECTION:
            self._ask_soon()

    def _ask_soon(self) -> None:
        self._soon.start()

    def _offer_files(self) -> None:
        menu = QMenu(self)
        for ending, words in (("png", "Picture (PNG)"), ("svg", "Drawing (SVG)"), ("csv", "Values (CSV)")):
            menu.addAction(text(words)).triggered.connect(
                lambda _=False, ending=ending: self._ask_file(ending)
            )
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.save.mapToGlobal(self.save.rect().bottomLeft()))

    def _ask_file(self, ending: str) -> None:
        project = self.workspace.project
        if project is None or self.chart is None:
            return
        folder = project.folder / "exports"
        folder.mkdir(exist_ok=True)
        first = str(folder / f"{self.chart.title}.{ending}")
        chosen, _ = QFileDialog.getSaveFileName(self, text("Save the chart"), first, f"*.{ending}")
        if chosen:
            self.write(Path(chosen).with_suffix(f".{ending}"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the room for the chart."""
        if event.type() == QEvent.Type.Resize:
            self.view.fit(self.room.viewport().size())
        return False
