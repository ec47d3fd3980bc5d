"""Flows of the picture of the map: it is drawn beside the window, then written to a file or copied."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from core.jobs import Job
from core.problems import Problem, UserError
from core.texts import text
from desktop.ui.dialogs import allowed_in_names
from desktop.ui.map_canvas import MapCanvas
from desktop.ui.map_extras import MapExtras
from desktop.ui.map_picture import map_picture, map_shown
from desktop.ui.shown_files import show_file
from desktop.ui.workspace import Message, Workspace
from layers.export_files import make_folder, replacing


class PictureFlows(QObject):
    """What menu, keys and search do with the picture of the map."""

    def __init__(
        self, workspace: Workspace, canvas: MapCanvas, window: QWidget, extras: Callable[[], MapExtras]
    ) -> None:
        super().__init__(window)
        self.workspace, self.canvas, self.window, self._extras = workspace, canvas, window, extras

    def commands(self) -> dict[str, Callable[[], None]]:
        """What menu, keys and search call."""
        return {"picture": self.ask_file, "copy_map": self.copy}

    def ask_file(self) -> None:
        """Ask where the picture goes, and write it."""
        project = self.workspace.project
        if project is None:
            return
        folder = project.folder / "exports"
        name = allowed_in_names(f"{project.name}_{text('Map')}.png")
        try:
            make_folder(folder)
        except UserError as error:
            self.workspace.refused.emit(error)
            return
        title = text("Save the map as a picture")
        chosen, _ = QFileDialog.getSaveFileName(self.window, title, str(folder / name), "PNG (*.png)")
        if chosen:
            path = Path(chosen)
            self.write(path if path.suffix.lower() == ".png" else path.with_name(f"{path.name}.png"))

    def write(self, path: Path) -> None:
        """Draw the map as it is now and write it as PNG, and say where it is."""
        shown = map_shown(self.workspace, self.canvas, self._extras())

        def work(job: Job) -> None:
            image = map_picture(shown)
            job.check()
            with replacing(path) as place:
                if not image.save(str(place)):
                    raise UserError(
                        Problem(
                            "The picture could not be written to {path}.", "Choose another place.", path=path
                        )
                    )

        def done(_: None) -> None:
            words = text("The picture was written to {path}.", path=path)
            self.workspace.said.emit(Message(words, text("Open"), lambda: show_file(path)))

        self.workspace.do(text("Drawing the map"), work, done)

    def copy(self) -> None:
        """Draw the map as it is now into the clipboard."""
        shown = map_shown(self.workspace, self.canvas, self._extras())

        def done(image: QImage) -> None:
            QGuiApplication.clipboard().setImage(image)
            self.workspace.said.emit(Message(text("The picture of the map was copied.")))

        self.workspace.do(text("Drawing the map"), lambda job: map_picture(shown), done)
