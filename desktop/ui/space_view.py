"""The city in space: turn, move and read it with mouse and keys; drawn off the GUI thread, the newest view wins."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from cartography.camera import Camera
from cartography.frame import Mask, Stop, never
from cartography.layers import StyledLayer
from cartography.scene import (
    NO_SHADOW,
    Drape,
    Scene,
    SceneFrame,
    Shadow,
    Sun,
    cast,
    draped,
    draw_scene,
    in_view,
    over,
    whole,
)
from core import look
from core.problems import Problem, UserError
from core.texts import text
from desktop.in_space import CitySolids, city_scene, city_solids, fits
from desktop.ui.map_overlays import paint_label, paint_mark
from desktop.ui.map_worker import NewestWins
from desktop.ui.painting import guarded
from layers.city import City

log = logging.getLogger(__name__)

RESTS_AFTER_MS = 160
FINE_SUB_PIXELS = 2
DEG_PER_PX = 0.35
CLICK_PX = 4.0
WHEEL_STEP, FINE_WHEEL_STEP = 1.6, 1.15
KEY_STEP = 0.2  # of the height of the window
KEY_DEG = 15.0
EXPORT_FACTOR = 2  # pixels of a written picture per pixel of the window


@dataclass(frozen=True)
class Place:
    """A place of the map in the middle of the picture, and the size of a logical pixel there. [m]"""

    middle: tuple[float, float]
    m_per_px: float


@dataclass(frozen=True, eq=False)
class SpaceRequest:
    """A picture that is asked for; what holds of the one before is taken over."""

    city: City
    layers: tuple[StyledLayer, ...]
    selection: Mapping[str, Mask]
    sun: Sun | None
    camera: Camera | None
    size_px: tuple[int, int]
    px_ratio: float
    fine: bool
    before: SpaceFrame | None
    place: Place | None = None  # to be seen as long as there is no camera
    stop: Stop = field(default_factory=never)


@dataclass(frozen=True, eq=False)
class SpaceFrame:
    """A finished picture, and what it was made from."""

    request: SpaceRequest
    made: CitySolids
    scene: Scene
    drawn: SceneFrame
    coarse: Drape
    near: Drape | None
    shadow: Shadow
    image: QImage


def make_space_frame(request: SpaceRequest) -> SpaceFrame | None:
    """Draw a city in space; None where it was stopped."""
    before = request.before
    made = before.made if before is not None and fits(before.made, request.city, request.layers) else None
    if made is None:
        made, before = city_solids(request.city, request.layers), None
    scene = city_scene(made, request.layers, request.selection, request.sun)
    camera = request.camera
    if camera is None:
        camera, place = whole(scene), request.place
        if place is not None:
            height_px = round(request.size_px[1] / request.px_ratio)
            camera = over(scene, place.middle, place.m_per_px, height_px, camera)
    same_ground = before is not None and before.scene.under == scene.under
    coarse = before.coarse if before is not None and same_ground else None
    coarse = coarse or draped(scene, scene.solids.extent, request.stop)
    near = before.near if before is not None and same_ground else None
    same_sun = before is not None and before.scene.sun == scene.sun
    shadow: Shadow | None = before.shadow if before is not None and same_sun else NO_SHADOW
    if request.fine:
        near = draped(scene, in_view(scene, camera, request.size_px), request.stop)
        shadow = cast(scene, camera, request.size_px, request.stop)
    if coarse is None or shadow is None or (request.fine and near is None):
        return None
    drawn = draw_scene(
        scene,
        camera,
        request.size_px,
        coarse=coarse,
        fine=near,
        shadow=shadow,
        sub_pixels=FINE_SUB_PIXELS if request.fine else 1,
        stop=request.stop,
    )
    if drawn is None:
        return None
    height, width = drawn.image.shape
    image = QImage(drawn.image.data, width, height, 4 * width, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(request.px_ratio)
    return SpaceFrame(request, made, scene, drawn, coarse, near, shadow, image)


def write_picture(request: SpaceRequest, path: Path) -> None:
    """Draw a city in space into a file, in any thread; UserError where the file cannot be written."""
    made = make_space_frame(request)
    if made is not None and not made.image.save(str(path)):
        raise UserError(
            Problem(
                "The picture could not be written to {path}.",
                "See that the folder can be written and the disk has room.",
                path=str(path),
            )
        )


class SpaceView(QWidget):
    """Buildings on terrain in the colours of the map.

    Signals
    -------
    identified(list)
        After a click: `[("building", row)]`, or an empty list beside all buildings.
    picked(str, object)
        The same click as a selection: name of the layer and mask; None for nothing.
    view_changed()
        The camera moved.
    """

    identified = Signal(list)
    picked = Signal(str, object)
    view_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._city: City | None = None
        self._layers: tuple[StyledLayer, ...] = ()
        self._selection: dict[str, Mask] = {}
        self._camera: Camera | None = None
        self._place: Place | None = None  # waits for the solids
        self.mark: tuple[float, float] | None = None  # a place that was gone to; Esc takes it away
        self._sun: Sun | None = None
        self._frame: SpaceFrame | None = None
        self._message = ""
        self._pressed: tuple[QPointF, Camera, Qt.MouseButton] | None = None
        self._moved = False
        self._worker: NewestWins[SpaceRequest, SpaceFrame] = NewestWins(make_space_frame, "space", self)
        self._worker.finished.connect(self._arrived)
        self._worker.failed.connect(self._failed)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(RESTS_AFTER_MS)
        self._rest.timeout.connect(lambda: self._ask(fine=True))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setAccessibleName(text("3D view"))
        self.setAccessibleDescription(
            text("Arrow keys move, Ctrl with arrow keys turns, Page Up and Page Down zoom, N looks north.")
        )

    @property
    def settled(self) -> bool:
        """Whether the finest picture of what was asked for last is on screen."""
        return (
            not self._worker.busy
            and not self._rest.isActive()
            and self._frame is not None
            and self._frame.request.fine
        )

    @property
    def camera(self) -> Camera | None:
        """From where the city is seen; None before the first picture."""
        return self._camera

    @property
    def frame(self) -> SpaceFrame | None:
        """The picture on screen."""
        return self._frame

    def show_city(self, city: City, layers: Sequence[StyledLayer], selection: Mapping[str, Mask]) -> None:
        """Show a city by these layers; the first time all of it is seen."""
        if self._city is not None and self._city is not city:
            self._camera = None
        self._city, self._layers, self._selection = city, tuple(layers), dict(selection)
        self._changed()

    def set_sun(self, sun: Sun | None) -> None:
        """Shadows of a sun, or the light of a map."""
        self._sun = sun
        self._changed()

    def look(self, camera: Camera) -> None:
        """See the city from somewhere."""
        self._camera = camera
        self._changed()
        self.view_changed.emit()

    def look_over(self, place: Place) -> None:
        """See a place of the map, from the side from which the city is seen already."""
        self._place = place
        if self._frame is None or self._camera is None:
            self._changed()
            return
        scene = self._frame.scene
        self.look(over(scene, place.middle, place.m_per_px, self.height(), self._camera))

    @property
    def place(self) -> Place | None:
        """The place of the map that is seen; None before the first picture."""
        if self._frame is None or self._camera is None:
            return None
        x, y = self._frame.scene.solids.origin
        east, north, _ = self._camera.target
        return Place((x + east, y + north), self._camera.m_per_px(self.height()))

    def look_north(self) -> None:
        """Turn until north is up."""
        if self._camera is not None:
            self.look(self._camera.orbited(-self._camera.azimuth_deg, 0.0))

    def look_at_all(self) -> None:
        """See everything."""
        if self._frame is not None:
            self.look(whole(self._frame.scene))

    def zoom_by(self, factor: float, place: QPointF | None = None) -> None:
        """Nearer by a factor, towards a place of the window."""
        if self._camera is None:
            return
        toward = None
        if place is not None:
            toward = self._camera.on_level(place.x(), place.y(), self.width(), self.height())
        self.look(self._camera.nearer(factor, toward))

    def picture(self) -> SpaceRequest | None:
        """What a picture of the view in twice the size of the window is drawn from; None before there is a view."""
        if self._city is None or self._frame is None:
            return None
        size = (self.width() * EXPORT_FACTOR, self.height() * EXPORT_FACTOR)
        return SpaceRequest(
            self._city, self._layers, self._selection, self._sun, self._camera, size, 1.0, True, self._frame
        )

    def close_worker(self) -> None:
        """End the thread."""
        self._rest.stop()
        self._worker.close()

    # ---- pictures

    def _changed(self) -> None:
        self._ask(fine=False)
        self._rest.start()

    def _ask(self, *, fine: bool) -> None:
        if self._city is None or not self.isVisible() or self.width() < 2 or self.height() < 2:
            return
        ratio = self.devicePixelRatioF()
        size = (max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio)))
        self._worker.ask(
            SpaceRequest(
                self._city, self._layers, dict(self._selection), self._sun, self._camera, size, ratio, fine,
                self._frame, self._place,
            ),
            stopping=self._frame is not None and self._frame.request.fine,
        )  # fmt: skip

    def _arrived(self, frame: SpaceFrame) -> None:
        self._frame, self._message = frame, ""
        if self._camera is None:
            self._camera = frame.drawn.camera
            self.view_changed.emit()
        self.update()

    def _failed(self, trouble: str) -> None:
        self._message = text("The city could not be drawn: {cause}", cause=trouble)
        self.update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """The newest picture, stretched where the window has another size already."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(look.MAP_GROUND))
            if self._frame is not None:
                painter.drawImage(QRectF(self.rect()), self._frame.image)
                self._paint_mark(painter, self._frame.scene)
            words = self._message or ("" if self._frame is not None else text("Raising the buildings…"))
            if words:
                paint_label(painter, QPointF(self.rect().center()), words)

    def _paint_mark(self, painter: QPainter, scene: Scene) -> None:
        """The place that was gone to, on the level of what stands in the middle."""
        if self.mark is None or self._camera is None:
            return
        x, y = self.mark[0] - scene.solids.origin[0], self.mark[1] - scene.solids.origin[1]
        at = self._camera.to_px(np.array([x, y, self._camera.target[2]]), self.width(), self.height())
        if at is not None:
            paint_mark(painter, QPointF(*at))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size, another picture."""
        self._changed()

    def showEvent(self, event: object) -> None:
        """Draw what changed while hidden."""
        self._changed()

    # ---- mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to move or turn."""
        if self._camera is not None:
            self._pressed, self._moved = (event.position(), self._camera, event.button()), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Left moves the ground; right, middle or Ctrl turns."""
        if self._pressed is None:
            return
        start, camera, button = self._pressed
        step = event.position() - start
        if not self._moved and max(abs(step.x()), abs(step.y())) < CLICK_PX:
            return
        self._moved = True
        turning = (
            button != Qt.MouseButton.LeftButton or event.modifiers() & Qt.KeyboardModifier.ControlModifier
        )
        if turning and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.look(camera.orbited(step.x() * DEG_PER_PX, step.y() * DEG_PER_PX))
        else:
            self.look(camera.moved(-step.x(), step.y(), self.height()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click reads what is there."""
        pressed, self._pressed = self._pressed, None
        if pressed is not None and not self._moved and pressed[2] == Qt.MouseButton.LeftButton:
            self.identify(event.position())

    def identify(self, place: QPointF) -> None:
        """Say and select the building at a place of the window."""
        if self._frame is None:
            return
        row = self._frame.drawn.feature_at(
            place.x() * self._frame.request.px_ratio, place.y() * self._frame.request.px_ratio
        )
        if row is None:
            self.picked.emit("building", None)
            self.identified.emit([])
            return
        mask = np.zeros(self._frame.made.ragged.features, dtype=np.bool_)
        mask[row] = True
        self.picked.emit("building", mask)
        self.identified.emit([("building", row)])

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Nearer or farther at the cursor; Ctrl in finer steps."""
        fine = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        step = FINE_WHEEL_STEP if fine else WHEEL_STEP
        self.zoom_by(step ** (event.angleDelta().y() / 120.0), event.position())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move, with Ctrl turn; Page Up and Down, plus and minus zoom; N looks north."""
        key, camera = Qt.Key(event.key()), self._camera
        steps = {
            Qt.Key.Key_Left: (-1.0, 0.0),
            Qt.Key.Key_Right: (1.0, 0.0),
            Qt.Key.Key_Up: (0.0, 1.0),
            Qt.Key.Key_Down: (0.0, -1.0),
        }
        if camera is None:
            super().keyPressEvent(event)
        elif key in steps:
            right, up = steps[key]
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.look(camera.orbited(right * KEY_DEG, up * KEY_DEG))
            else:
                size = self.height() * KEY_STEP
                self.look(camera.moved(right * size, up * size, self.height()))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_by(WHEEL_STEP)
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_Minus):
            self.zoom_by(1 / WHEEL_STEP)
        elif key == Qt.Key.Key_N:
            self.look_north()
        else:
            super().keyPressEvent(event)
