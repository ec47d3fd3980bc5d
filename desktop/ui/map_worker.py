"""The map's worker: draws one frame at a time off the GUI thread; the newest request wins."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from cartography.aggregate import Gathered
from cartography.frame import Drawn, Mask, Stop, composed, drawn, never
from cartography.layers import StyledLayer
from cartography.ragged import Kind
from cartography.view import View

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Request:
    """A frame that is asked for.

    Parameters
    ----------
    layers : tuple of StyledLayer
        The first is drawn first, lowest.
    view : View
        What to draw, in device pixels, the margin included.
    selected : Mapping of layer name to mask
        Features outlined as selected.
    sub_pixels : int
        Sub-pixels per device pixel and direction.
    px_ratio : float
        Device pixels per logical pixel.
    ground : str
        Colour behind everything.
    before : Frame, optional
        The frame shown now: what still holds of it is taken over.
    stop : ndarray of uint8, shape (1)
        This request's own flag, so that stopping one never stops another.
    """

    layers: tuple[StyledLayer, ...]
    view: View
    selected: Mapping[str, Mask]
    sub_pixels: int
    px_ratio: float
    ground: str
    before: Frame | None = None
    stop: Stop = field(default_factory=never)


@dataclass(frozen=True, eq=False)
class LayerInFrame:
    """A layer of a frame as it was asked for, and what was drawn of it."""

    layer: StyledLayer
    selected: Mask | None
    drawn: Drawn


@dataclass(frozen=True, eq=False)
class Frame:
    """A finished frame: the picture of all layers, and the ids that tell what lies where."""

    view: View
    sub_pixels: int
    px_ratio: float
    layers: dict[str, LayerInFrame]
    pixels: NDArray[np.uint32]
    image: QImage

    @property
    def gathered(self) -> dict[str, Gathered]:
        """The layers whose features were gathered into cells, by name."""
        found = {name: part.drawn.gathered for name, part in self.layers.items()}
        return {name: cells for name, cells in found.items() if cells is not None}

    def feature_at(self, px: float, py: float) -> tuple[str, int] | None:
        """The feature that a click at a device pixel reaches: layer and row; from the ids, in microseconds."""
        topmost = list(reversed(self.layers.items()))
        topmost.sort(key=lambda one: one[1].layer.yields)
        for name, part in topmost:
            if part.drawn.ids is None or not part.layer.pickable:
                continue
            buffer, sub_pixels = part.drawn.ids
            row, column = int(py * sub_pixels), int(px * sub_pixels)
            if 0 <= row < buffer.shape[0] and 0 <= column < buffer.shape[1]:
                found = int(buffer[row, column]) - 1
                if found >= 0 and part.layer.seen[found]:
                    return name, found
        return None


def make_frame(request: Request) -> Frame | None:
    """Draw a frame, taking over from the frame before what has not changed; None if it was stopped."""
    parts: dict[str, LayerInFrame] = {}
    for layer in request.layers:
        if not layer.visible:
            continue
        selected = request.selected.get(layer.name)
        kept = _kept(request, layer)
        if kept is not None and kept.layer is layer and kept.selected is selected:
            parts[layer.name] = kept
            continue
        done = drawn(
            layer,
            request.view,
            request.stop,
            sub_pixels=request.sub_pixels,
            selected=selected,
            before=kept.drawn if kept is not None else None,
            px_ratio=request.px_ratio,
        )
        if done is None or request.stop[0]:
            return None
        parts[layer.name] = LayerInFrame(layer, selected, done)
    images = [(part.drawn.image, part.layer.opacity) for part in parts.values()]
    pixels = composed(request.ground, request.view, images)
    height, width = pixels.shape
    image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(request.px_ratio)
    return Frame(request.view, request.sub_pixels, request.px_ratio, parts, pixels, image)


def _kept(request: Request, layer: StyledLayer) -> LayerInFrame | None:
    """What the frame before holds of a layer, if its geometry would be drawn the same."""
    before = request.before
    if before is None or before.view != request.view or before.px_ratio != request.px_ratio:
        return None
    part = before.layers.get(layer.name)
    if part is None or part.layer.ragged is not layer.ragged or part.layer.raster is not layer.raster:
        return None
    ids = part.drawn.ids
    if ids is not None and ids.sub_pixels != request.sub_pixels:
        return None
    if layer.kind is not Kind.POLYGON and (
        part.layer.line_px != layer.line_px or part.layer.point_px != layer.point_px
    ):
        return None
    return part


class Stoppable(Protocol):
    """A request that carries the flag by which it is stopped."""

    @property
    def stop(self) -> Stop:
        """Set to anything but 0, the work ends."""


Asked = TypeVar("Asked", bound=Stoppable)
Made = TypeVar("Made")


class NewestWins(QObject, Generic[Asked, Made]):
    """Makes one picture at a time in a thread of its own; the newest request replaces the one that waits.

    Signals
    -------
    finished(object)
        A picture is made and nobody asked to stop it.
    failed(str)
        Drawing raised; what is wrong is in the log.
    """

    finished = Signal(object)
    failed = Signal(str)
    _returned = Signal(object, object, str)

    def __init__(
        self, make: Callable[[Asked], Made | None], name: str, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._make = make
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._running: Asked | None = None
        self._waiting: Asked | None = None
        self._returned.connect(self._take)

    @property
    def busy(self) -> bool:
        """Whether a frame is being drawn or waits to be."""
        return self._running is not None

    def ask(self, request: Asked, *, stopping: bool = True) -> None:
        """Ask for a frame; it replaces the one that waits and, if `stopping`, ends the one being drawn."""
        if self._running is None:
            self._start(request)
            return
        if stopping:
            self._running.stop[0] = 1
        self._waiting = request

    def cancel(self) -> None:
        """Stop everything; no frame that was asked for before arrives afterwards."""
        self._waiting = None
        if self._running is not None:
            self._running.stop[0] = 1

    def close(self) -> None:
        """Stop everything and end the thread."""
        self.cancel()
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _start(self, request: Asked) -> None:
        self._running = request
        self._thread.submit(self._work, request)

    def _work(self, request: Asked) -> None:
        """In the worker's thread."""
        frame: Made | None = None
        trouble = ""
        try:
            frame = self._make(request)
        except Exception as error:
            log.exception("A picture could not be drawn")
            trouble = f"{type(error).__name__}: {error}"
        try:
            self._returned.emit(request, frame, trouble)
        except RuntimeError:  # the canvas is gone, and with it who wanted the frame
            log.debug("A frame came after its canvas was closed")

    def _take(self, request: Asked, frame: Made | None, trouble: str) -> None:
        """In the GUI thread: pass the frame on, and start the next."""
        waiting, self._waiting, self._running = self._waiting, None, None
        if waiting is not None:
            self._start(waiting)
        if request.stop[0]:
            return
        if trouble:
            self.failed.emit(trouble)
        elif frame is not None:
            self.finished.emit(frame)


class MapWorker(NewestWins[Request, Frame]):
    """Draws frames of the map."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(lambda request: make_frame(request), "map", parent)


def bytes_of_ids(layers: Sequence[StyledLayer], view: View, sub_pixels: int) -> int:
    """Memory that the ids of all visible layers take in one frame."""
    drawn_by_ids = sum(1 for layer in layers if layer.visible and layer.ragged is not None)
    return drawn_by_ids * view.width_px * view.height_px * sub_pixels**2 * 4
