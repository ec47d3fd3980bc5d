"""Flows of the map: places to go to, kept views, selecting by a condition, and the way back through what was shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields as parts_of
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from cartography.ragged import Bounds
from core.problems import Problem, UserError
from core.texts import text
from core.units import count
from desktop.base_maps import keep_base_map, kept_base_maps
from desktop.coordinates import place_meant
from desktop.expressions import rows_meant
from desktop.layer_look import LayerLook
from desktop.left_maps import LeftMap, keep_left_map
from desktop.map_views import MapView, drop_view, keep_view, kept_views
from desktop.result_tables import with_results
from desktop.ui.asking import put
from desktop.ui.base_map_question import BaseMapQuestion
from desktop.ui.map_canvas import MapCanvas
from desktop.ui.map_extras import MapExtras
from desktop.ui.map_questions import ConditionQuestion, PlaceQuestion, ViewQuestion
from desktop.ui.workspace import Message, Workspace

AROUND_M = 150.0  # shown on each side of a place
REST_MS = 400  # without movement before a view counts as one to come back to
MOST_VIEWS = 50


class ViewHistory(QObject):
    """What the map has shown, to go back and forth in.

    Signals
    -------
    changed()
        There is, or is no longer, a way back or forth.
    """

    changed = Signal()

    def __init__(self, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._views: list[tuple[tuple[float, float], float]] = []
        self._place = -1
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self.remember)
        canvas.view_changed.connect(self._rest.start)

    @property
    def can_go_back(self) -> bool:
        """Whether anything was shown before."""
        return self._place > 0

    @property
    def can_go_forth(self) -> bool:
        """Whether one has gone back."""
        return self._place < len(self._views) - 1

    def remember(self) -> None:
        """Take what is shown now as a view to come back to."""
        self._rest.stop()
        view = self._canvas.view
        now = (view.middle, view.m_per_px)
        if self._place >= 0 and _same(self._views[self._place], now):
            return
        self._views = [*self._views[: self._place + 1], now][-MOST_VIEWS:]
        self._place = len(self._views) - 1
        self.changed.emit()

    def go(self, step: int) -> None:
        """Show the view before (-1) or after (1)."""
        if self._rest.isActive():
            self.remember()
        if not 0 <= self._place + step < len(self._views):
            return
        self._place += step
        middle, m_per_px = self._views[self._place]
        self._canvas.move_to(*middle)
        self._canvas.set_scale(m_per_px)
        self._rest.stop()
        self.changed.emit()

    def forget(self) -> None:
        """Another city: nothing of the one before is to be come back to."""
        self._views, self._place = [], -1
        self.changed.emit()


class MapFlows(QObject):
    """What the window does on the map beyond its tools; all of it by menu, key or search."""

    def __init__(
        self, workspace: Workspace, canvas: MapCanvas, window: QWidget, extras: Callable[[], MapExtras]
    ) -> None:
        super().__init__(window)
        self._extras = extras
        self.workspace, self.canvas, self.window = workspace, canvas, window
        self.history = ViewHistory(canvas)
        workspace.opened.connect(self.history.forget)

    def compose_sheet(self) -> None:
        """Compose a map sheet, with what the map shows as one of its extents."""
        if self.workspace.city is None:
            self.workspace.refused.emit(
                UserError(Problem("The data was not checked yet.", "Check the data first."))
            )
            return
        from desktop.ui.sheet_composer import SheetComposer  # late: it brings typesetting

        asked = SheetComposer(self.workspace, self.window, self.canvas.view.bounds)
        put(asked, self.workspace)

    def commands(self) -> dict[str, Callable[[], None]]:
        """What menu, keys and search call."""
        return {
            "sheet": self.compose_sheet,
            "coordinate": self.ask_place,
            "bookmark": self.ask_view,
            "expression": self.ask_condition,
            "invert": self.invert,
            "back": lambda: self.history.go(-1),
            "forth": lambda: self.history.go(1),
            "time": lambda: self._extras().show_time(),
            "sun": lambda: self._extras().show_sun(),
            "base": self.ask_base_map,
        }

    # ---- places

    def ask_place(self) -> None:
        """Ask for a coordinate and go there."""
        project = self.workspace.project
        if project is None:
            return
        crs = project.crs
        asked = PlaceQuestion(self.window, crs, lambda words: place_meant(words, crs, self._middle()))
        put(asked, self.workspace, lambda: self.go_to(*asked.place))

    def go_to(self, x: float, y: float) -> None:
        """Show a place with its surroundings and mark it. [m]"""
        self.canvas.mark = (x, y)
        self.canvas.zoom_to((x - AROUND_M, y - AROUND_M, x + AROUND_M, y + AROUND_M))
        self.canvas.update()
        self.canvas.setFocus()

    def _middle(self) -> tuple[float, float]:
        layer = self.workspace.layer("building") or self.workspace.layer("parcel")
        west, south, east, north = layer.extent if layer is not None else self.canvas.view.bounds
        return (west + east) / 2, (south + north) / 2

    def ask_base_map(self) -> None:
        """Ask which base map lies under the layers."""
        project = self.workspace.project
        if project is None:
            return
        view, crs = self._extras().base, project.crs
        asked = BaseMapQuestion(self.window, kept_base_maps(), view.base)

        def take() -> None:
            try:
                if asked.base is not None:
                    keep_base_map(asked.base)
                view.show_map(asked.base, crs)
            except UserError as error:
                self.workspace.refused.emit(error)

        put(asked, self.workspace, take)

    # ---- kept views

    def views(self) -> list[MapView]:
        """The kept views; what is wrong with their file is said."""
        project = self.workspace.project
        if project is None:
            return []
        try:
            return kept_views(project.folder)
        except UserError as error:
            self.workspace.refused.emit(error)
            return []

    def ask_view(self) -> None:
        """Show the kept views, to go to one, to keep another or to drop one."""
        if self.workspace.project is None:
            return
        asked = ViewQuestion(self.window, self.views(), self.keep, self.drop, self.show_view)
        put(asked, self.workspace)

    def keep(self, name: str, *, place: bool, looks: bool) -> None:
        """Keep the map as it is under a name."""
        project = self.workspace.project
        if project is None:
            return
        bounds: Bounds | None = self.canvas.view.bounds if place else None
        order = tuple(layer.name for layer in self.workspace.layers) if looks else ()
        kept = dict(self.workspace.looks) if looks else {}
        filters = self.workspace.filters.written if looks else None
        view = MapView(name.strip(), bounds, kept, order, self.workspace.scenario, filters)
        keep_view(project.folder, view)
        self.workspace.said.emit(Message(text("The view {name} is kept.", name=name.strip())))

    def drop(self, name: str) -> None:
        """Forget a kept view."""
        if self.workspace.project is not None:
            drop_view(self.workspace.project.folder, name)

    def show_view(self, view: MapView) -> None:
        """Show a kept view: its scenario, its layers and its place."""
        workspace = self.workspace
        if view.looks and view.scenario != workspace.scenario:
            workspace.choose_scenario(view.scenario)
        for name, look in view.looks.items():
            if name in workspace.looks and workspace.looks[name] != look:
                workspace.restyle(name, **{one.name: getattr(look, one.name) for one in parts_of(LayerLook)})
        known = [layer.name for layer in workspace.layers]
        kept = [name for name in view.order if name in known]
        if view.looks and kept:
            workspace.reorder([*kept, *(name for name in known if name not in kept)])
        if view.filters is not None:
            workspace.filters.take_up(view.filters)
        if view.bounds is not None:
            self.canvas.zoom_to(view.bounds, margin=0.0)

    # ---- how the map is left

    def leave(self, step: str) -> None:
        """Keep how the map of the project is left, at a step of the work; of a plan through time all of it."""
        workspace = self.workspace
        if workspace.project is None or workspace.city is None:
            return
        order = tuple(layer.name for layer in workspace.layers)
        looks = {name: replace(look, until_year=0) for name, look in workspace.looks.items()}
        filters = workspace.filters.written
        view = MapView("", self.canvas.view.bounds, looks, order, workspace.scenario, filters)
        keep_left_map(workspace.project.folder, LeftMap(view, workspace.active, step, workspace.table_looks))

    def come_back(self) -> bool:
        """Show the extent at which the project was left; False where that is not known."""
        left = self.workspace.left
        if left is None or left.view.bounds is None or self.workspace.city is None:
            return False
        self.canvas.zoom_to(left.view.bounds, margin=0.0)
        return True

    # ---- selecting

    def ask_condition(self) -> None:
        """Ask for a condition and select the rows of the active layer that meet it."""
        workspace = self.workspace
        table = workspace.active
        if workspace.city is None or not len(workspace.ids(table)):
            workspace.refused.emit(
                UserError(
                    Problem(
                        "The active layer has no rows to select.", "Choose a layer with rows in the list."
                    )
                )
            )
            return
        frame = with_results(workspace.city, workspace.results, table)
        layer = workspace.layer(table)
        title = layer.title if layer is not None else table
        asked = ConditionQuestion(self.window, title, frame, lambda words: rows_meant(frame, words))
        put(asked, self.workspace, lambda: self._take(table, asked.how, asked.found))

    def _take(self, table: str, how: str, found: np.ndarray) -> None:
        before = self.workspace.selection.get(table, np.zeros(found.shape, dtype=np.bool_))
        mask = {"new": found, "add": before | found, "remove": before & ~found, "within": before & found}[how]
        self.workspace.select(table, mask)
        self.workspace.said.emit(
            Message(
                text("{count} selected.", count=count(int(mask.sum()))),
                text("Show on the map") if mask.any() else "",
                self.workspace.find_asked.emit,
            )
        )

    def invert(self) -> None:
        """Select what is not selected in the active layer, of what is seen."""
        table = self.workspace.active
        layer = self.workspace.layer(table)
        if layer is None or layer.ragged is None:
            return
        before = self.workspace.selection.get(table, np.zeros(layer.ragged.features, dtype=np.bool_))
        self.workspace.select(table, ~before & layer.seen)


def _same(one: tuple[tuple[float, float], float], other: tuple[tuple[float, float], float]) -> bool:
    """Whether two views look the same."""
    step = max(abs(one[0][0] - other[0][0]), abs(one[0][1] - other[0][1]))
    return step < one[1] and abs(one[1] / other[1] - 1) < 1e-6
