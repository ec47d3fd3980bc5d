"""The map's frames: when to ask for a new one, what to show until it comes, and how to paint it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF, QTimer, Signal
from PySide6.QtGui import QPainter

from cartography.view import View
from core.texts import text
from desktop.ui.map_worker import Frame, MapWorker, Request, bytes_of_ids

if TYPE_CHECKING:
    from desktop.ui.map_surface import MapSurface

MARGIN = 0.125  # of the canvas, drawn beyond each side, so that short moves need no new frame
SETTLE_MS = 140  # without movement before the margin is renewed and lines are refined
MOST_ID_BYTES = 320_000_000  # beyond it lines are not refined
SAME_SCALE = 1e-9


class FrameKeeper(QObject):
    """Keeps the frame on screen and asks the worker for the next.

    Signals
    -------
    arrived(Frame)
        A new frame is there to be painted.
    """

    arrived = Signal(object)

    def __init__(self, canvas: MapSurface) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.frame: Frame | None = None
        self.trouble = ""
        self._worker = MapWorker(self)
        self._worker.finished.connect(self._arrive)
        self._worker.failed.connect(self._fail)
        self._asked: Request | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SETTLE_MS)
        self._timer.timeout.connect(self._settle)
        canvas.destroyed.connect(self._worker.cancel)

    @property
    def settled(self) -> bool:
        """Whether nothing is being drawn, waited for or to be refined."""
        return not self._worker.busy and not self._timer.isActive()

    def ask(self, *, moved: bool = False) -> None:
        """Ask for a frame of what the canvas shows now.

        Parameters
        ----------
        moved : bool
            Only the view changed. While the frame on screen covers it, a new one can wait until the map rests; one
            being drawn at the same scale is let finish, so that a long drag shows something new on its way.
        """
        canvas = self._canvas
        if canvas.width() <= 0 or canvas.height() <= 0:
            return
        if moved and self._covered():
            self._timer.start()
            return
        same_scale = self._asked is not None and self._same_scale(self._asked.view)
        self._send(self._sub_pixels(refined=False), stopping=not (moved and same_scale))

    def feature_at(self, place: QPointF) -> tuple[str, int] | None:
        """The feature on top at a place of the canvas, from the frame's ids."""
        frame = self.frame
        if frame is None:
            return None
        x, y = self._canvas.view.to_world(place.x(), place.y())
        return frame.feature_at(*frame.view.to_px(x, y))

    def paint(self, painter: QPainter) -> None:
        """Paint the frame where it belongs; one of another scale is stretched until the new one is there."""
        frame = self.frame
        if frame is None:
            return
        view, ratio = self._canvas.view, self._canvas.devicePixelRatioF()
        left, top = view.to_px(frame.view.west, frame.view.north)
        if self._same_scale(frame.view) and math.isclose(ratio, frame.px_ratio):
            painter.drawImage(QPointF(round(left * ratio) / ratio, round(top * ratio) / ratio), frame.image)
            return
        stretch = frame.view.m_per_px / view.m_per_px
        target = QRectF(left, top, frame.view.width_px * stretch, frame.view.height_px * stretch)
        painter.drawImage(target, frame.image)

    def close(self) -> None:
        """End the thread that draws."""
        self._timer.stop()
        self._worker.close()

    def _send(self, sub_pixels: int, *, stopping: bool) -> None:
        canvas = self._canvas
        view = self._wanted()
        if self.frame is not None and self.frame.view == view:
            sub_pixels = max(sub_pixels, self.frame.sub_pixels)  # colours only: keep the ids there are
        self._asked = Request(
            layers=canvas.layers,
            view=view,
            selected=canvas.selections,
            sub_pixels=sub_pixels,
            px_ratio=canvas.devicePixelRatioF(),
            ground=canvas.ground,
            before=self.frame,
        )
        self._timer.stop()
        self._worker.ask(self._asked, stopping=stopping)

    def _wanted(self) -> View:
        """What the canvas shows, with its margin, in device pixels."""
        view, ratio = self._canvas.view, self._canvas.devicePixelRatioF()
        width, height = math.ceil(view.width_px * ratio), math.ceil(view.height_px * ratio)
        fine = View(view.west, view.north, view.m_per_px / ratio, width, height)
        return fine.grown(math.ceil(width * MARGIN), math.ceil(height * MARGIN))

    def _sub_pixels(self, *, refined: bool) -> int:
        """Fewer while moving and on fine screens, more at rest while memory allows."""
        calm = 1 if self._canvas.devicePixelRatioF() >= 1.75 else 2
        if refined and bytes_of_ids(self._canvas.layers, self._wanted(), calm + 1) <= MOST_ID_BYTES:
            return calm + 1
        return calm

    def _same_scale(self, other: View) -> bool:
        """Whether another view, in device pixels, has the scale of the canvas."""
        fine = self._canvas.view.m_per_px / self._canvas.devicePixelRatioF()
        return abs(other.m_per_px / fine - 1) < SAME_SCALE

    def _covered(self) -> bool:
        """Whether the frame on screen shows all of the view at its scale."""
        if self.frame is None or not self._same_scale(self.frame.view):
            return False
        west, south, east, north = self._canvas.view.bounds
        have = self.frame.view.bounds
        slack = self.frame.view.m_per_px
        return (
            have[0] <= west + slack
            and have[1] <= south + slack
            and have[2] >= east - slack
            and have[3] >= north - slack
        )

    def _settle(self) -> None:
        """The map rests: renew the margin, and refine the lines."""
        refined = self._sub_pixels(refined=True)
        if self.frame is None or self.frame.view != self._wanted() or self.frame.sub_pixels < refined:
            self._send(refined, stopping=True)

    def _arrive(self, frame: Frame) -> None:
        self.frame, self.trouble = frame, ""
        if not self._worker.busy and frame.sub_pixels < self._sub_pixels(refined=True):
            self._timer.start()
        self.arrived.emit(frame)

    def _fail(self, trouble: str) -> None:
        self.trouble = text("The map could not be drawn: {trouble}", trouble=trouble)
        self._canvas.update()
