"""The panel of the city in space: the view with its buttons, and date and hour of the sun."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QFileDialog, QFrame, QLabel, QWidget

from cartography.layers import extent_of
from core.texts import text
from desktop.in_space import has_buildings, sun_at
from desktop.ui.card_parts import across, down, label, tool_button
from desktop.ui.moment_sliders import MomentSliders
from desktop.ui.space_view import SpaceView, write_picture
from desktop.ui.workspace import Mask, Message, Workspace

MARGIN = 12
ZOOM = 1.6


class SpacePanel(QWidget):
    """The city in space over the map; follows the layers and the selection of the workspace.

    Signals
    -------
    left()
        Back to the map.
    identified(list)
        As of `SpaceView`.
    marked(object)
        Another place is marked on the map; None for no more.
    """

    left = Signal()
    marked = Signal(object)
    identified = Signal(list)

    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self.view = SpaceView(self)
        self.buttons = self._buttons()
        self.sun = self._sun_box()
        self.view.picked.connect(self._picked)
        self.view.identified.connect(self.identified)
        workspace.layers_changed.connect(self.refresh)
        workspace.selection_changed.connect(self.refresh)
        self.setAccessibleName(text("3D view"))
        self.hide()

    def let_go(self) -> None:
        """End its thread and listen no more."""
        self.workspace.layers_changed.disconnect(self.refresh)
        self.workspace.selection_changed.disconnect(self.refresh)
        self.view.close_worker()

    def refresh(self) -> None:
        """Show the layers of the workspace; nothing is drawn while hidden."""
        city = self.workspace.city
        if self.isVisible() and city is not None and has_buildings(self.workspace.layers):
            self.view.show_city(city, self.workspace.layers, self.workspace.selection)

    def show_sun(self) -> None:
        """Say date and hour, and cast their shadows where they are asked for."""
        date, minutes = self.moment.date, self.moment.minutes
        self._said.setText(self.moment.said)
        self.moment.setEnabled(self._shadows.isChecked())
        project = self.workspace.project
        if project is None or not self._shadows.isChecked():
            self.view.set_sun(None)
            return
        west, south, east, north = extent_of(
            [layer for layer in self.workspace.layers if layer.name == "building"]
        )
        sun = sun_at(
            project.crs,
            ((west + east) / 2, (south + north) / 2),
            date.year,
            date.month,
            date.day,
            minutes / 60,
        )
        if sun.elevation_deg <= 0:
            self._said.setText(self._said.text() + "  " + text("the sun is down"))
        self.view.set_sun(sun)

    @property
    def shaded(self) -> bool:
        """Whether shadows are shown."""
        return self._shadows.isChecked()

    def shade(self, *, shown: bool) -> None:
        """Show shadows, or none."""
        self._shadows.setChecked(shown)

    def write(self) -> None:
        """Write the view as a picture."""
        chosen, _ = QFileDialog.getSaveFileName(self, text("Save the picture"), "", "PNG (*.png)")
        if not chosen:
            return
        self.write_to(Path(chosen).with_suffix(".png"))

    def write_to(self, path: Path) -> None:
        """Draw the view into a file, in the queue of tasks, and say so."""
        asked = self.view.picture()
        if asked is None:
            return
        said = self.workspace.said
        self.workspace.do(
            text("Writing the picture"),
            lambda job: write_picture(asked, path),
            lambda _: said.emit(Message(text("The picture was written to {path}.", path=path))),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc takes the mark away, then goes back to the map."""
        if event.key() == Qt.Key.Key_Escape and self.view.mark is not None:
            self.marked.emit(None)
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while hidden."""
        self.refresh()
        self.view.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep buttons and sun at their places."""
        self.view.setGeometry(self.rect())
        self.buttons.move(MARGIN, MARGIN)
        self.sun.adjustSize()
        self.sun.move(MARGIN, self.height() - self.sun.height() - MARGIN)

    def _picked(self, table: str, mask: Mask | None) -> None:
        self.workspace.select(table, mask)

    def _buttons(self) -> QFrame:
        frame = QFrame(self)
        frame.setProperty("part", "floating")
        column = down(frame, margins=(4, 4, 4, 4), spacing=2)
        for icon, words, done in (
            ("ph.map-trifold", "Back to the map (Esc)", self.left.emit),
            ("ph.plus", "Zoom in", partial(self.view.zoom_by, ZOOM)),
            ("ph.minus", "Zoom out", partial(self.view.zoom_by, 1 / ZOOM)),
            ("ph.corners-out", "Show everything", self.view.look_at_all),
            ("ph.compass", "Look north (N)", self.view.look_north),
            ("ph.image", "Save the picture", self.write),
        ):
            column.addWidget(tool_button(icon, text(words), done))
        frame.adjustSize()
        return frame

    def _sun_box(self) -> QFrame:
        frame = QFrame(self)
        frame.setProperty("part", "floating")
        frame.setAccessibleName(text("Sun and shadow"))
        self._shadows = QCheckBox(text("Shadows"))
        self.moment = MomentSliders()
        self._said: QLabel = label("")
        column = down(frame, margins=(12, 8, 12, 8), spacing=4)
        column.addLayout(across(self._shadows, None, self._said, spacing=12))
        column.addWidget(self.moment)
        frame.setFixedWidth(330)
        self._shadows.toggled.connect(lambda checked: self.show_sun())
        self.moment.moved.connect(self.show_sun)
        self.show_sun()
        return frame
