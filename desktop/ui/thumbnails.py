"""Thumbnails kept up to date: the map is drawn small into the project's folder some time after it changed."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, QTimer

from desktop.thumbnail import write_thumbnail
from desktop.ui.workspace import Workspace

QUIET_MS = 1500


class Thumbnails(QObject):
    """Draws the map of the open project small when results changed, and once more when it is left."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(QUIET_MS)
        self._soon.timeout.connect(self.draw)
        workspace.data_changed.connect(self._soon.start)
        workspace.layers_changed.connect(self._soon.start)

    def draw(self) -> None:
        """Draw the picture in a thread; a folder that cannot be written is no reason to stop."""
        project, layers = self._workspace.project, self._workspace.layers
        if project is None or not layers:
            return
        folder = project.folder

        def work() -> None:
            try:
                write_thumbnail(folder, layers)
            except OSError as error:
                logging.getLogger("lutu").warning("no thumbnail: %s", error)

        self._workspace.later.ask("thumbnail", work, lambda done: None)
