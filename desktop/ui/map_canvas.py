"""The map canvas: what mouse and keys do on the map: move, identify, select, measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QWidget

from cartography.frame import Mask
from cartography.layers import StyledLayer
from cartography.ragged import Bounds, Kind
from desktop.geodesy import Ellipsoid
from desktop.ui.map_crosshair import Crosshair
from desktop.ui.map_overlays import paint_mark
from desktop.ui.map_select import Lasso, features_in
from desktop.ui.map_surface import MapSurface
from desktop.ui.map_tools import CURSORS, Gesture, Hand, Key, Measure, Tool, gesture_for

TOLERANCE_PX = 3.0  # for points and lines
WHEEL_STEP, FINE_WHEEL_STEP = 2.0, 1.15  # scale per notch, without and with Ctrl
KEY_STEP = 0.25  # of the window, per arrow key


class MapCanvas(MapSurface):
    """A map of styled layers that the user moves, reads and selects on.

    Signals
    -------
    identified(list)
        After a click: `(layer name, row)` of everything there, the topmost first; empty for open ground.
    selection_changed(str, object)
        The user changed the selection of a layer: its name and the new mask (ndarray of bool, shape (features)).
    view_changed()
        Centre, scale or size changed.
    cursor_moved(float, float)
        World coordinates under the mouse. [m]
    hovered(str, int)
        The feature under the mouse changed; an empty name and -1 over open ground.
    tool_chosen(str)
        The left button does something else.
    shown(object)
        A `Frame` has come on screen.
    """

    identified = Signal(list)
    selection_changed = Signal(str, object)
    cursor_moved = Signal(float, float)
    hovered = Signal(str, int)
    tool_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gesture: Gesture | None = None
        self._hovered: tuple[str, int] = ("", -1)
        self.tool = Tool.SELECT
        self.active_layer = ""  # the layer that selecting looks at first
        self.space_held = False
        self.ellipsoid: Ellipsoid | None = None  # on which the measure tool measures
        self.measure = Measure()
        self.lasso = Lasso()
        self.crosshair = Crosshair()
        self.hand: Hand | None = None  # what edits shapes
        self._given: Sequence[StyledLayer] = ()
        self._away: dict[str, NDArray[np.int64]] = {}
        self._cut: dict[str, tuple[StyledLayer, StyledLayer]] = {}
        self.mark: tuple[float, float] | None = None  # a place that was gone to; Esc takes it away
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def set_tool(self, tool: Tool) -> None:
        """Choose what the left button does."""
        self.tool = tool
        self.measure, self.lasso = Measure(self.ellipsoid), Lasso()
        self.crosshair = Crosshair()
        self.setCursor(CURSORS[tool])
        self.tool_chosen.emit(tool.value)
        self.update()

    def set_layers(self, layers: Sequence[StyledLayer]) -> None:
        """Show these layers, but for the features that are put away."""
        self._given = layers
        shown = [self._without(layer) if layer.name in self._away else layer for layer in layers]
        super().set_layers(shown)

    def put_away(self, rows: dict[str, NDArray[np.int64]]) -> None:
        """Do not show some features of layers, since something else is painted in their place."""
        if rows or self._away:
            self._away, self._cut = rows, {}
            self.set_layers(self._given)

    def _without(self, layer: StyledLayer) -> StyledLayer:
        """A layer without what is put away; made once, since its colours are looked up once."""
        known = self._cut.get(layer.name)
        if known is None or known[0] is not layer:
            known = self._cut[layer.name] = (layer, without(layer, self._away[layer.name]))
        return known[1]

    # ---- what the tools do

    def hits(self, place: QPointF) -> list[tuple[str, int]]:
        """Everything at a place of the canvas, exact by geometry: `(layer name, row)`, the topmost first.

        Layers that yield come after all others.
        """
        x, y = self.view.to_world(place.x(), place.y())
        found: list[tuple[str, int]] = []
        topmost = list(reversed(self._layers))
        topmost.sort(key=lambda one: one.yields)
        for layer in topmost:
            if not (layer.visible and layer.pickable):
                continue
            size_px = {Kind.POINT: layer.point_px, Kind.LINE: layer.line_px}
            reach_px = max(TOLERANCE_PX, size_px.get(layer.kind, 0.0) / 2) if layer.kind is not None else 0.0
            found += [(layer.name, int(row)) for row in layer.at(x, y, reach_px * self._m_per_px)]
        return found

    def identify(self, place: QPointF) -> None:
        """Say what is at a place of the canvas."""
        self.identified.emit(self.hits(place))

    def pick(self, place: QPointF, keys: Key) -> None:
        """Select the topmost feature of the active layer at a place, and say what else is there."""
        found = self.hits(place)
        target = self._selectable(found)
        if target is not None:
            mask = np.zeros(_features(target), dtype=np.bool_)
            rows = [row for name, row in found if name == target.name]
            mask[rows[:1]] = True
            self._select(target, mask, keys)
        self.identified.emit(found)

    def select_box(self, bounds: Bounds, keys: Key) -> None:
        """Select features of the active layer that meet a rectangle; Shift adds, Ctrl removes, both: wholly within."""
        target = self._selectable([])
        if target is None or target.ragged is None:
            return
        both = Key.ShiftModifier | Key.ControlModifier
        wholly = (keys & both) == both
        mask = target.ragged.within(bounds, wholly=wholly) & target.seen
        self._select(target, mask, Key.NoModifier if wholly else keys)

    def select_shape(self, corners: NDArray[np.float64], keys: Key) -> None:
        """Select features of the active layer that meet a polygon, shape (corners, 2); keys as for a rectangle. [m]"""
        target = self._selectable([])
        if target is None:
            return
        both = Key.ShiftModifier | Key.ControlModifier
        wholly = (keys & both) == both
        mask = features_in(target, corners, wholly=wholly) & target.seen
        self._select(target, mask, Key.NoModifier if wholly else keys)

    def close_lasso(self, keys: Key) -> None:
        """Select by the polygon that was drawn."""
        corners = self.lasso.closed()
        if corners is not None:
            self.select_shape(corners, keys)
        self.update()

    def _select(self, layer: StyledLayer, mask: Mask, keys: Key) -> None:
        before = self.selection(layer.name)
        if keys & Key.ShiftModifier:
            mask = before | mask
        elif keys & Key.ControlModifier:
            mask = before & ~mask
        if (mask != before).any():
            self.set_selection(layer.name, mask)
            self.selection_changed.emit(layer.name, mask.copy())

    def _selectable(self, found: Sequence[tuple[str, int]]) -> StyledLayer | None:
        """The active layer if it can be picked, else the topmost that was hit, else the topmost at all."""
        able = [
            layer for layer in self._layers if layer.visible and layer.pickable and layer.ragged is not None
        ]
        names = [layer.name for layer in able]
        if self.active_layer in names:
            return able[names.index(self.active_layer)]
        if found:
            return able[names.index(found[0][0])]
        return able[-1] if able else None

    # ---- events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a gesture."""
        if self._gesture is None:
            self._gesture = gesture_for(self, event)
            if self._gesture is not None and event.button() == Qt.MouseButton.MiddleButton:
                self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the gesture, or say what is under the mouse."""
        place = event.position()
        x, y = self.view.to_world(place.x(), place.y())
        self.cursor_moved.emit(x, y)
        if self._gesture is not None:
            self._gesture.move(self, place)
            return
        if self.tool is Tool.MEASURE and self.measure.points and not self.measure.closed:
            self.measure.cursor = (x, y)
            self.update()
            return
        if self.lasso.points:
            self.lasso.cursor = (x, y)
            self.update()
            return
        if self.tool is Tool.EDIT and self.hand is not None:
            self.hand.hover(place, event.modifiers())
            return
        found = self._frames.feature_at(place) or ("", -1)
        if found != self._hovered:
            self._hovered = found
            self.hovered.emit(*found)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the gesture."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.end(self, event.position(), event.modifiers())
            self.setCursor(CURSORS[self.tool])
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Finish a measured line; else enlarge here."""
        if self.tool is Tool.MEASURE:
            self.measure.finish()
            self.update()
        elif self.tool is Tool.POLYGON:
            self.close_lasso(event.modifiers())
        elif self.tool is Tool.EDIT and self.hand is not None:
            self.hand.double()
        elif self.tool is Tool.PAN and event.button() == Qt.MouseButton.LeftButton:
            self.zoom_by(WHEEL_STEP, event.position())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the cursor; Ctrl in finer steps."""
        notches = event.angleDelta().y() / 120.0
        fine = bool(event.modifiers() & Key.ControlModifier)
        self.zoom_by((FINE_WHEEL_STEP if fine else WHEEL_STEP) ** notches, event.position())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys, Page Up and Down, plus and minus; Space to drag; Esc ends a gesture.

        With tools that set places the arrow keys move a crosshair instead, and Enter sets one.
        """
        key = Qt.Key(event.key())
        if (
            self.tool is Tool.EDIT
            and self._gesture is None
            and self.hand is not None
            and self.hand.key(event)
        ):
            return
        if self._gesture is None and self.crosshair.key(self, event):
            return
        across, up = self.width() * KEY_STEP * self._m_per_px, self.height() * KEY_STEP * self._m_per_px
        steps = {
            Qt.Key.Key_Left: (-across, 0.0),
            Qt.Key.Key_Right: (across, 0.0),
            Qt.Key.Key_Up: (0.0, up),
            Qt.Key.Key_Down: (0.0, -up),
        }
        if key in steps:
            self.move_to(self._middle[0] + steps[key][0], self._middle[1] + steps[key][1])
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_by(WHEEL_STEP)
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_Minus):
            self.zoom_by(1 / WHEEL_STEP)
        elif key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self.space_held = True
                self.setCursor(Qt.CursorShape.OpenHandCursor)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.lasso.points:
            self.close_lasso(event.modifiers())
        elif key == Qt.Key.Key_Escape and (
            self._gesture is not None or self.measure.points or self.lasso.points or self.mark
        ):
            if self._gesture is not None:
                self._gesture.cancel(self)
            self._gesture, self.measure, self.lasso = None, Measure(self.ellipsoid), Lasso()
            self.mark = None
            self.update()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space released: back to the tool."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.space_held = False
            self.setCursor(CURSORS[self.tool])
        else:
            super().keyReleaseEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The mouse left: nothing is under it."""
        if self._hovered[0]:
            self._hovered = ("", -1)
            self.hovered.emit("", -1)

    def _paint_tools(self, painter: QPainter) -> None:
        if self.hand is not None:
            self.hand.paint(painter)
        if self.tool is Tool.MEASURE:
            self.measure.paint(painter, self)
        self.lasso.paint(painter, self)
        self.crosshair.paint(painter, self)
        if self.mark is not None:
            paint_mark(painter, QPointF(*self.view.to_px(*self.mark)))
        if self._gesture is not None:
            self._gesture.paint(painter)


def without(layer: StyledLayer, rows: NDArray[np.int64]) -> StyledLayer:
    """A layer in which some features are not shown."""
    if layer.ragged is None or not rows.size or rows[-1] >= layer.ragged.features:
        return layer
    shown = np.ones(layer.ragged.features, dtype=np.bool_) if layer.shown is None else layer.shown.copy()
    shown[rows] = False
    return replace(layer, shown=shown)


def _features(layer: StyledLayer) -> int:
    return layer.ragged.features if layer.ragged is not None else 0
