"""Garbage: what nobody holds any more is looked for in the window's thread alone, and not among libraries."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 200


class Collector(QObject):
    """Collects garbage in the thread that made it, as long as it is open; at all other times Python does by itself.

    Python collects in whichever thread it falls due. A widget that is garbage would be taken apart in the thread of a
    task, while the window's thread still works with it, and the program would end at once.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        gc.disable()

    def look(self) -> None:
        """Collect what is due: young objects often, older ones rarely, as Python does by itself."""
        for generation, (count, most) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)):
            if count <= most:
                return
            gc.collect(generation)

    def close(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.enable()


def spare_libraries() -> None:
    """Take all there is out of the collector's rounds; to be called in the window's thread when libraries were loaded.

    Libraries stay until the program ends. A full round over them stops every thread for about a quarter of a second. What
    is spared is never looked at again, so this is done before much of a project is there.
    """
    gc.collect()
    gc.freeze()
