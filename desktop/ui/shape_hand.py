"""The hand that edits shapes on the map: what mouse and keys do while the tool is held."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QApplication

from desktop.ui.map_canvas import MapCanvas
from desktop.ui.map_tools import Gesture, Key, Pan
from desktop.ui.shape_editor import Mode, Place, ShapeEditor
from desktop.ui.shape_paint import paint_all
from layers.shapes import Corner, Outline

HIT_PX = 8.0  # how far from a handle a press may be
CLICK_PX = 4.0  # what moves less is a click
STEP_PX, FAR_STEP_PX = 1.0, 10.0  # by an arrow key, without and with Shift
ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


class DragCorner:
    """Drag a corner; it snaps, and is kept when let go."""

    def __init__(self, editor: ShapeEditor, corner: Corner, before: Outline) -> None:
        self._editor, self._corner, self._before = editor, corner, before
        outline = editor.outline
        self._from = outline.place(corner) if outline is not None else (0.0, 0.0)
        self._new = outline is not before
        self._moved = self._new
        self._start: QPointF | None = None
        editor.take(corner)

    def move(self, canvas: MapCanvas, place: QPointF) -> None:
        """The corner follows the hand."""
        self._start = self._start or place
        if not self._moved and _far(place - self._start) < CLICK_PX:
            return
        self._moved = True
        self._editor.drag(self._corner, *self._editor.place(place, free=_free()))

    def end(self, canvas: MapCanvas, place: QPointF, keys: Key) -> None:
        """Kept, with the neighbours that shared the corner."""
        outline = self._editor.outline
        self._editor.snapped = None
        if self._moved and outline is not None:
            moved = None if self._new else (self._from, outline.place(self._corner))
            self._editor.commit(moved)

    def cancel(self, canvas: MapCanvas) -> None:
        """Back to where it was."""
        self._editor.outline, self._editor.fault, self._editor.snapped = self._before, None, None
        self._editor.take(None)

    def paint(self, painter: QPainter) -> None:
        """The outline itself moves."""


class DragShapes:
    """Drag the chosen shapes as a whole."""

    def __init__(self, editor: ShapeEditor, start: QPointF) -> None:
        self._editor, self._start = editor, start
        self._begin = editor.place(start)
        self._step = (0.0, 0.0)
        editor.snapped = None

    def move(self, canvas: MapCanvas, place: QPointF) -> None:
        """Their outlines follow the hand."""
        if _far(place - self._start) >= CLICK_PX:
            x, y = self._editor.place(place, free=_free())
            self._step = (x - self._begin[0], y - self._begin[1])
            self._editor.shifted = self._step
            canvas.update()

    def end(self, canvas: MapCanvas, place: QPointF, keys: Key) -> None:
        """Kept where they are let go."""
        self.cancel(canvas)
        self._editor.shift(*self._step)

    def cancel(self, canvas: MapCanvas) -> None:
        """They stay where they were."""
        self._editor.shifted, self._editor.snapped = (0.0, 0.0), None

    def paint(self, painter: QPainter) -> None:
        """Painted with everything that is edited."""


class Press(Pan):
    """A press beside every handle: a click chooses a shape, a drag moves the map."""

    def __init__(self, editor: ShapeEditor, start: QPointF, middle: Place) -> None:
        super().__init__(start, middle, clicks=False)
        self._editor = editor

    def end(self, canvas: MapCanvas, place: QPointF, keys: Key) -> None:
        """Shift and Ctrl add to what is chosen, or take away."""
        if self._moved:
            return
        row = self._editor.row_at(*canvas.view.to_world(place.x(), place.y()))
        chosen = list(self._editor.chosen)
        if keys & (Key.ShiftModifier | Key.ControlModifier):
            if row is None:
                return
            rows = [one for one in chosen if one != row] if row in chosen else [*chosen, row]
        else:
            rows = [] if row is None else [row]
        if rows != chosen:
            self._editor.choose(rows)


class ShapeHand:
    """Mouse and keys while shapes are edited."""

    def __init__(self, editor: ShapeEditor) -> None:
        self.editor, self.canvas = editor, editor.canvas
        self._from: Place | None = None  # where a corner was before arrow keys moved it
        self.canvas.hand = self

    def press(self, event: QMouseEvent) -> Gesture | None:
        """The gesture that a press of the left button begins."""
        editor, place = self.editor, event.position()
        self._from = None
        if editor.mode in (Mode.DRAW, Mode.SPLIT):
            editor.add(*editor.place(place, free=_free(event.modifiers())))
            return None
        outline = editor.outline
        if outline is not None:
            corner = self._near(place, outline, middles=False)
            if corner is not None:
                return DragCorner(editor, corner, outline)
            edge = self._near(place, outline, middles=True)
            if edge is not None:
                return DragCorner(editor, editor.insert(edge, *outline.middle(edge)), outline)
        if editor.mode is Mode.MOVE and editor.chosen:
            row = editor.row_at(*self.canvas.view.to_world(place.x(), place.y()))
            if row in editor.chosen and not event.modifiers():
                return DragShapes(editor, place)
        return Press(editor, place, self.canvas.view.middle)

    def hover(self, place: QPointF, keys: Key) -> None:
        """What is drawn follows the mouse, and snaps."""
        if self.editor.mode in (Mode.DRAW, Mode.SPLIT):
            self.editor.cursor = self.editor.place(place, free=_free(keys))
            self.canvas.update()

    def double(self) -> None:
        """A double click ends what is drawn."""
        self.editor.finish()

    def key(self, event: QKeyEvent) -> bool:
        """Whether a key was for editing."""
        editor, key = self.editor, Qt.Key(event.key())
        if editor.mode in (Mode.DRAW, Mode.SPLIT):
            return self._key_of_line(key)
        if key == Qt.Key.Key_Delete:
            editor.delete()
        elif key == Qt.Key.Key_Escape and editor.outline is not None and (editor.fault or self._from):
            self._from = None
            editor.drop()
        elif key == Qt.Key.Key_Escape and editor.corner is not None:
            editor.take(None)
        elif key in (Qt.Key.Key_Period, Qt.Key.Key_Comma) and editor.outline is not None:
            self._next(1 if key == Qt.Key.Key_Period else -1)
        elif key == Qt.Key.Key_Insert and editor.outline is not None and editor.corner is not None:
            editor.take(editor.insert(editor.corner, *editor.outline.middle(editor.corner)))
        elif key in ARROWS and editor.outline is not None and editor.corner is not None:
            self._nudge(ARROWS[key], far=bool(event.modifiers() & Key.ShiftModifier))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and editor.outline is not None:
            place = editor.outline.place(editor.corner) if editor.corner is not None else None
            editor.commit((self._from, place) if self._from is not None and place is not None else None)
            self._from = None
        else:
            return False
        return True

    def paint(self, painter: QPainter) -> None:
        """Everything that is edited, over the map."""
        paint_all(painter, self.editor)

    def _key_of_line(self, key: Qt.Key) -> bool:
        editor = self.editor
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            editor.finish()
        elif key == Qt.Key.Key_Backspace:
            editor.take_back()
        elif key == Qt.Key.Key_Escape and editor.line:
            editor.drop()
        elif key == Qt.Key.Key_Insert:
            editor.add(*editor.place(QPointF(self.canvas.width() / 2, self.canvas.height() / 2)))
        else:
            return False
        return True

    def _next(self, step: int) -> None:
        outline, corner = self.editor.outline, self.editor.corner
        if outline is None or not outline.corners:
            return
        corners = outline.corners
        place = corners.index(corner) + step if corner in corners else 0
        self._from = None
        self.editor.take(corners[place % len(corners)])

    def _nudge(self, way: tuple[int, int], *, far: bool) -> None:
        outline, corner = self.editor.outline, self.editor.corner
        if outline is None or corner is None:
            return
        x, y = outline.place(corner)
        self._from = self._from or (x, y)
        step = (FAR_STEP_PX if far else STEP_PX) * self.canvas.view.m_per_px
        self.editor.drag(corner, x + way[0] * step, y + way[1] * step)

    def _near(self, place: QPointF, outline: Outline, *, middles: bool) -> Corner | None:
        """The corner, or the edge by its middle, whose handle is under a place."""
        found, best = None, HIT_PX
        for corner in outline.corners:
            at = outline.middle(corner) if middles else outline.place(corner)
            away = _far(QPointF(*self.canvas.view.to_px(*at)) - place)
            if away <= best:
                found, best = corner, away
        return found


def _far(step: QPointF) -> float:
    return math.hypot(step.x(), step.y())


def _free(keys: Key | None = None) -> bool:
    """Whether Alt is held, which lets a place be where the mouse is."""
    return bool((QApplication.keyboardModifiers() if keys is None else keys) & Key.AltModifier)
