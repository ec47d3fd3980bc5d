"""The menu of the map: what lies under the pointer, and what can be done with it and with the place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from core.texts import text
from desktop.coordinates import place_copied, place_said
from desktop.map_layers import row_title
from desktop.ui import theme
from desktop.ui.map_canvas import MapCanvas
from desktop.ui.map_tools import Tool
from desktop.ui.workspace import Workspace

MOST = 6  # things of one place that are named
Hit = tuple[str, int]  # layer and row, as the canvas has them


class MapMenu:
    """Makes the menu of a place on the map and does what is chosen in it.

    Parameters
    ----------
    identify : callable
        Shows everything that lies at one place on the card.
    show_feature : callable
        Shows a row of a layer on the map.
    show_table : callable
        Opens the attribute table of the active layer.
    report : callable
        Prints the reports of parcels by their ids.
    form : callable
        Gives the form in which coordinates are said at the moment.
    """

    def __init__(
        self,
        workspace: Workspace,
        canvas: MapCanvas,
        parent: QWidget,
        *,
        identify: Callable[[list[Hit]], None],
        show_feature: Callable[[str, int], None],
        show_table: Callable[[], None],
        report: Callable[[list[str]], None],
        form: Callable[[], str],
    ) -> None:
        self.workspace, self.canvas, self._parent = workspace, canvas, parent
        self._identify, self._show_feature, self._show_table = identify, show_feature, show_table
        self._report, self._form = report, form
        self.more: list[QAction] = []  # what can be done with the map as a whole

    def pop_up(self, place: QPoint) -> None:
        """Show the menu of a place of the canvas."""
        if self.workspace.project is None:
            return
        menu = self.made(QPointF(place))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.canvas.mapToGlobal(place))

    def made(self, place: QPointF) -> QMenu:
        """The menu of a place of the canvas."""
        menu = QMenu(self._parent)
        hits = [
            (table, row) for table, row in self.canvas.hits(place) if row < len(self.workspace.ids(table))
        ]
        self._things(menu, hits)
        menu.addSeparator()
        self._first(menu, hits)
        menu.addSeparator()
        self._place(menu, *self.canvas.view.to_world(place.x(), place.y()))
        menu.addSeparator()
        menu.addActions(self.more)
        return menu

    def _things(self, menu: QMenu, hits: Sequence[Hit]) -> None:
        """Everything here by name, to be selected."""
        if not hits:
            menu.addAction(text("Nothing lies here")).setEnabled(False)
        for table, row in hits[:MOST]:
            words = text("Select {table} {id}", table=row_title(table), id=self._id(table, row))
            menu.addAction(theme.icon("ph.cursor"), words).triggered.connect(
                partial(self._select, table, row)
            )
        if len(hits) > 1:
            everything = menu.addAction(theme.icon("ph.info"), text("Show all that lies here on the card"))
            everything.triggered.connect(lambda: self._identify(list(hits)))

    def _first(self, menu: QMenu, hits: Sequence[Hit]) -> None:
        """What can be done with the topmost thing, and with the parcel."""
        nearer = menu.addAction(theme.icon("ph.crosshair"), text("Zoom to it"))
        table = menu.addAction(theme.icon("ph.table"), text("Show in the attribute table"))
        parcel = next((hit for hit in hits if hit[0] == "parcel"), None)
        words = text("Print the report of this parcel")
        if parcel is not None:
            words = text("Print the report of parcel {id}", id=self._id(*parcel))
        report = menu.addAction(theme.icon("ph.file-text"), words)
        for one in (nearer, table):
            one.setEnabled(bool(hits))
        report.setEnabled(parcel is not None and bool(self.workspace.assessments))
        if hits:
            nearer.triggered.connect(lambda: self._show_feature(*hits[0]))
            table.triggered.connect(lambda: self._open_table(*hits[0]))
        if parcel is not None:
            report.triggered.connect(lambda: self._report([self._id(*parcel)]))

    def _place(self, menu: QMenu, x: float, y: float) -> None:
        """What can be done with the place itself. [m]"""
        project = self.workspace.project
        if project is None:
            return
        said, plain = (tell(x, y, project.crs, self._form()) for tell in (place_said, place_copied))
        copied = menu.addAction(theme.icon("ph.map-pin"), text("Copy {coordinate}", coordinate=said))
        copied.triggered.connect(lambda: QGuiApplication.clipboard().setText(plain))
        measured = menu.addAction(theme.icon("ph.ruler"), text("Measure from here"))
        measured.triggered.connect(lambda: self._measure(x, y))

    def _id(self, table: str, row: int) -> str:
        return str(self.workspace.ids(table)[row])

    def _select(self, table: str, row: int, checked: bool = False) -> None:
        self.workspace.select_ids(table, [self._id(table, row)])

    def _open_table(self, table: str, row: int) -> None:
        self.workspace.activate(table)
        self._select(table, row)
        self._show_table()

    def _measure(self, x: float, y: float) -> None:
        self.canvas.set_tool(Tool.MEASURE)
        self.canvas.measure.add(x, y)
        self.canvas.setFocus()
