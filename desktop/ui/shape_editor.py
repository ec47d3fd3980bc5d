"""The shape editor: what is being drawn or reshaped, what was changed but not computed with yet, and each change made."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

import numpy as np
import shapely
from PySide6.QtCore import QObject, QPointF, Signal

from cartography.ragged import Kind
from cartography.snapping import Snapped, runs_near, snap
from core.problems import UserError
from core.texts import text
from desktop import operations
from desktop.changes import change_said, newest_change
from desktop.drafts import Draft, keep_draft
from desktop.shape_changes import EDITABLE
from desktop.ui.history_panel import go_to_change
from desktop.ui.map_canvas import MapCanvas
from desktop.ui.map_tools import Tool
from desktop.ui.workspace import Message, Workspace
from layers.given_shapes import Changed, changed_shapes, given_shapes, shapes_now
from layers.project import Project
from layers.shapes import Corner, Fault, Outline, area_of, fault_of, together

SNAP_PX = 10.0
NOTHING_CHANGED = Changed({}, frozenset(), frozenset())
Place = tuple[float, float]


class Mode(StrEnum):
    """What the left button does while shapes are edited."""

    RESHAPE = "reshape"
    MOVE = "move"
    DRAW = "draw"
    SPLIT = "split"


class ShapeEditor(QObject):
    """Everything about editing shapes that is not a gesture or a picture.

    Signals
    -------
    changed()
        Mode, table, choice or draft changed.
    drawn(object)
        An outline was closed and is sound: its shape, for its attributes to be asked.
    """

    changed = Signal()
    drawn = Signal(object)

    def __init__(self, workspace: Workspace, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self.workspace, self.canvas = workspace, canvas
        self.table, self.mode = "parcel", Mode.RESHAPE
        self.snapping, self.shared = True, True  # whether shared corners move together
        self.chosen: tuple[str, ...] = ()
        self.outline: Outline | None = (
            None  # of the one shape whose corners are shown, as it is under the hand
        )
        self.corner: Corner | None = None  # which Delete removes and arrow keys move
        self.line: list[Place] = []  # of a shape or a cut that is being drawn
        self.cursor: Place | None = None
        self.snapped: Snapped | None = None
        self.fault: Fault | None = None
        self.shifted = (0.0, 0.0)  # how far the chosen shapes are dragged, not kept yet [m]
        self.chosen_shapes: dict[str, Any] = {}
        self.edited: dict[str, Changed] = {}
        self.given: dict[str, dict[str, Any]] = {}  # shapes as they were given, of corrected rows
        self.pending: dict[str, dict[str, Any]] = {}  # shapes that the city is not computed with yet
        self._began = 0  # the last change in force when editing began
        self.changed_since = False  # whether anything was changed since; asked for at every move of the mouse
        self._touched: dict[str, set[str]] = {}
        canvas.tool_chosen.connect(self._tool_chosen)
        workspace.opened.connect(self._opened)
        workspace.edits_changed.connect(self.refresh)
        workspace.data_changed.connect(self.refresh)
        workspace.selection_changed.connect(self._selected)

    # ---- what it is about

    @property
    def active(self) -> bool:
        """Whether shapes are being edited."""
        return self.canvas.tool is Tool.EDIT

    def begin(self) -> None:
        """Take the tool into the hand; what is selected is edited."""
        self.canvas.set_tool(Tool.EDIT)

    def end(self) -> None:
        """Back to selecting; what was half-drawn is let go."""
        self.canvas.set_tool(Tool.SELECT)

    def roll_back(self) -> None:
        """Undo everything that was changed since editing began."""
        self.drop()
        go_to_change(self.workspace, self._began)

    def _tool_chosen(self, tool: str) -> None:
        chosen = self.workspace.chosen
        if tool == Tool.EDIT and chosen.table in EDITABLE:
            self.table, self.chosen = chosen.table, chosen.ids
        if tool != Tool.EDIT and self.line:
            self.drop()
        if tool == Tool.EDIT and self.workspace.project is not None:
            self._began, self.changed_since = self.workspace.project.last_change, False
        self._restart()

    def choose_table(self, table: str) -> None:
        """Edit another layer."""
        if table != self.table:
            self.table, self.chosen = table, ()
            self.workspace.restyle(table, visible=True)
            self._restart()

    def choose_mode(self, mode: Mode) -> None:
        """What the left button does from now on."""
        self.drop()
        self.mode = mode
        self._restart()

    def choose(self, rows: Sequence[str]) -> None:
        """Edit these rows; the selection of the window follows where it knows them."""
        self.chosen = tuple(dict.fromkeys(rows))
        self.workspace.select_ids(self.table, self.chosen)
        self._restart()

    def row_at(self, x: float, y: float) -> str | None:
        """Id of the shape at a place, as shapes are now. [m]"""
        place = shapely.Point(x, y)
        pending = self.pending.get(self.table, {})
        for row, shape in pending.items():
            if shape is not None and shape.contains(place):
                return row
        layer = self.workspace.layer(self.table)
        ids = self.workspace.ids(self.table)
        found = layer.at(x, y) if layer is not None else ()
        return next((str(ids[row]) for row in found if str(ids[row]) not in pending), None)

    def shape(self, row: str) -> Any | None:
        """A shape as it is now."""
        project = self.workspace.project
        return shapes_now(project.store, self.table, [row]).get(row) if project is not None else None

    # ---- snapping

    def place(self, place: QPointF, *, free: bool = False) -> Place:
        """Where a place of the canvas is meant to be in the world: on a corner or edge near it, unless free. [m]"""
        x, y = self.canvas.view.to_world(place.x(), place.y())
        self.snapped = None
        if self.snapping and not free:
            self.snapped = snap(x, y, SNAP_PX * self.canvas.view.m_per_px, self._runs(x, y))
        return (x, y) if self.snapped is None else (self.snapped.x, self.snapped.y)

    def _runs(self, x: float, y: float) -> list[Any]:
        reach = SNAP_PX * self.canvas.view.m_per_px
        own = self.chosen[0] if self.outline is not None and self.chosen else None
        runs: list[Any] = []
        for layer in self.canvas.layers:
            if layer.ragged is None or not layer.visible or layer.kind is Kind.POINT:
                continue
            seen = layer.seen
            if own is not None and layer.name == self.table:
                ids = self.workspace.ids(self.table)
                seen = seen.copy()
                seen[np.flatnonzero(ids == own)] = False
            runs += runs_near(layer.ragged, x, y, reach, seen)
        for table, shapes in self.pending.items():
            for row, shape in shapes.items():
                if shape is not None and not (table == self.table and row == own):
                    runs += [shapely.get_coordinates(ring) for ring in _rings(shape)]
        if len(self.line) > 1:
            runs.append(np.array(self.line))
        return runs

    # ---- drawing and cutting

    def add(self, x: float, y: float) -> None:
        """Another corner of what is being drawn; kept at once, so that a crash does not lose it."""
        if not self.line or self.line[-1] != (x, y):
            self.line.append((x, y))
            self._keep_draft()
        self.fault = None
        self._tell()

    def take_back(self) -> None:
        """The last corner is not wanted."""
        if self.line:
            self.line.pop()
            self._keep_draft()
            self.fault = None
            self._tell()

    def finish(self) -> None:
        """The outline or the cut is done."""
        if self.mode is Mode.DRAW and self.line:
            shape = area_of(self.line)
            self.fault = fault_of(shape)
            if self.fault is None:
                self.drawn.emit(shape)
            elif not math.isfinite(self.fault.x):
                self.fault = Fault(self.fault.problem, *self.line[-1])
        elif self.mode is Mode.SPLIT and self.line:
            self._split()
        self._tell()

    def _split(self) -> None:
        line = list(self.line)
        rows = list(self.chosen) or self._crossed(line)
        made: list[str] = []

        def change(project: Project) -> None:
            made.extend(operations.split_shapes(project, self.table, rows, line))

        if not rows:
            self.say(text("The cut crosses no shape."))
        elif self._make(change, [*rows]):
            self.drop()
            self.choose([*rows, *made])

    def _crossed(self, line: Sequence[Place]) -> list[str]:
        """Rows that a cut passes through, where none is chosen."""
        project = self.workspace.project
        if project is None or len(line) < 2:
            return []
        return operations.crossed_by(project, self.table, line)

    def draw(self, shape: Any, values: dict[str, Any], why: str) -> None:
        """Add a shape whose attributes were given."""
        made: list[str] = []

        def change(project: Project) -> None:
            made.append(operations.draw_shape(project, self.table, shape, values, why))

        if self._make(change, made):
            self.drop()
            self.choose(made)

    # ---- reshaping

    def take(self, corner: Corner | None) -> None:
        """The corner that keys are about."""
        self.corner = corner
        self._tell()

    def drag(self, corner: Corner, x: float, y: float) -> None:
        """Move a corner under the hand; nothing is kept yet. [m]"""
        if self.outline is not None:
            self.outline = self.outline.moved(corner, x, y)
            self.fault = fault_of(self.outline.shape)
            self._tell()

    def insert(self, after: Corner, x: float, y: float) -> Corner:
        """A further corner on an edge, to be dragged on. [m]"""
        if self.outline is None:
            raise RuntimeError("no shape is being reshaped")
        self.outline = self.outline.inserted(after, x, y)
        return Corner(after.part, after.ring, after.number + 1)

    def remove_corner(self) -> None:
        """Delete the corner that keys are about."""
        if self.outline is None or self.corner is None:
            return
        try:
            self.outline = self.outline.removed(self.corner)
        except UserError as error:
            self.workspace.refused.emit(error)
            return
        self.corner = None
        self.commit()

    def commit(self, moved: tuple[Place, Place] | None = None) -> None:
        """Keep the outline under the hand, if it is sound; neighbours follow a corner they shared."""
        if self.outline is None or not self.chosen:
            return
        row, shape = self.chosen[0], self.outline.shape
        self.fault = fault_of(shape)
        if self.fault is not None:
            self._tell()
            return
        shapes = {row: shape}
        project = self.workspace.project
        if moved is not None and self.shared and project is not None:
            for other, near in operations.sharing(project, self.table, moved[0], but=row).items():
                changed = together(near, *moved)
                if changed is not None and fault_of(changed) is None:
                    shapes[other] = changed
        self._make(lambda now: operations.reshape(now, self.table, shapes), list(shapes))
        self._restart(keep=self.corner)

    def shift(self, across: float, up: float) -> None:
        """Move all chosen shapes. [m]"""
        project = self.workspace.project
        if project is None or not self.chosen or (across, up) == (0.0, 0.0):
            return
        moved = {
            row: Outline.of(shape).shifted(across, up).shape for row, shape in self.chosen_shapes.items()
        }
        self._make(lambda project: operations.reshape(project, self.table, moved), list(moved))
        self._restart()

    # ---- whole shapes

    def merge(self) -> None:
        """Make one shape of those chosen."""
        made: list[str] = []
        rows = list(self.chosen)
        if self._make(lambda now: made.append(operations.merge_shapes(now, self.table, rows)), made):
            self.choose(made)

    def delete(self) -> None:
        """Take the chosen shapes away, or the corner that keys are about."""
        if self.corner is not None:
            self.remove_corner()
            return
        rows = list(self.chosen)
        if rows and self._make(lambda now: operations.remove_shapes(now, self.table, rows), []):
            self.choose(())

    def drop(self) -> None:
        """Let go of the gesture: as if it had not begun."""
        self.line, self.cursor, self.snapped, self.fault = [], None, None, None
        self._keep_draft()
        self._restart()

    # ---- what was changed

    def refresh(self) -> None:
        """Look at what was changed and what of it the city is not computed with yet."""
        project, city = self.workspace.project, self.workspace.city
        self.changed_since = project is not None and project.last_change > self._began
        self.edited, self.given, self.pending = {}, {}, {}
        for table in EDITABLE if project is not None else ():
            edited = changed_shapes(project.store, table)  # type: ignore[union-attr]
            touched = self._touched.setdefault(table, set())
            touched |= edited.rows
            if not touched:
                continue
            rows = sorted(touched)
            now = shapes_now(project.store, table, rows)  # type: ignore[union-attr]
            self.edited[table] = edited
            self.given[table] = given_shapes(project.store, table, rows)  # type: ignore[union-attr]
            frame = city.tables.get(table) if city is not None else None
            self.pending[table] = {row: now.get(row) for row in rows if not _agrees(frame, row, now.get(row))}
        self._put_away()
        kept = [row for row in self.chosen if self.shape(row) is not None]
        if list(self.chosen) != kept:
            self.chosen = tuple(kept)
        if not self.line:
            self._restart(keep=self.corner)
        self._tell()

    def _put_away(self) -> None:
        """Shapes that were changed are painted anew above the map, not as the city had them."""
        away = {}
        for table, shapes in self.pending.items():
            rows = np.flatnonzero(self.workspace.ids(table).isin(list(shapes)))
            if rows.size:
                away[table] = rows
        self.canvas.put_away(away)

    def say(self, words: str) -> None:
        """Tell something beside the map."""
        self.workspace.said.emit(Message(words))

    # ---- inner workings

    def _make(self, change: Callable[[Project], Any], rows: Sequence[str]) -> bool:
        """Make a change that can be undone, and say what it came to."""
        project = self.workspace.project
        before = newest_change(project) if project is not None else None
        if not self.workspace.edit(change):
            return False
        if project is not None:
            doubts = operations.doubts_about(project, self.table, rows)
            said = [text(doubt.message, **doubt.values) for doubt in doubts[:2]]
            words = [change_said(project, before), *said]
            self.workspace.said.emit(Message(" ".join(words), text("Check the data"), self.workspace.check))
        return True

    def _restart(self, keep: Corner | None = None) -> None:
        """Show the corners of the one chosen shape as it is now."""
        self.outline, self.corner = None, None
        project = self.workspace.project
        wanted = self.chosen if self.active and project is not None else ()
        self.chosen_shapes = shapes_now(project.store, self.table, wanted) if project is not None else {}
        if self.active and self.mode is Mode.RESHAPE and len(self.chosen) == 1:
            shape = self.chosen_shapes.get(self.chosen[0])
            self.outline = Outline.of(shape) if shape is not None else None
            if self.outline is not None and keep in self.outline.corners:
                self.corner = keep
        self._tell()

    def _keep_draft(self) -> None:
        project = self.workspace.project
        if project is not None:
            keep_draft(project, Draft(self.table, self.mode.value, tuple(self.line)))

    def take_up(self, draft: Draft) -> None:
        """Go on with what was half-drawn when the program ended."""
        self.canvas.set_tool(Tool.EDIT)
        self.table, self.mode, self.line = draft.table, Mode(draft.mode), list(draft.line)
        self._restart()

    def _selected(self, table: str) -> None:
        """The window selected something else."""
        if self.active and table == self.table and not self.line:
            chosen = self.workspace.chosen
            known = set(self.workspace.ids(table))
            drawn = [row for row in self.chosen if row not in known]
            now = (*(chosen.ids if chosen.table == table else ()), *drawn)
            if set(now) != set(self.chosen):
                self.chosen = now
                self._restart()

    def _opened(self) -> None:
        self.chosen, self._touched, self.line, self.fault = (), {}, [], None
        self.refresh()

    def _tell(self) -> None:
        self.canvas.update()
        self.changed.emit()


def _agrees(frame: Any, row: str, now: Any) -> bool:
    """Whether the city has a shape as it is now."""
    there = frame is not None and row in frame.index
    if not there or now is None:
        return not there and now is None
    return bool(shapely.equals(frame.geometry.loc[row], now))


def _rings(shape: Any) -> list[Any]:
    return [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
