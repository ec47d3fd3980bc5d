"""The map panel: the canvas with its tools, zoom buttons and the message after a run."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QElapsedTimer, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QButtonGroup, QFrame, QGridLayout, QToolButton, QWidget

from cartography.layers import extent_of
from core.texts import text
from desktop.ui.card_parts import button, chip, down, label, tool_button
from desktop.ui.map_canvas import MapCanvas
from desktop.ui.map_extras import MapExtras
from desktop.ui.map_tools import Tool
from desktop.ui.space_panel import SpacePanel
from desktop.ui.space_view import Place
from desktop.ui.workspace import CARD_TABLES, Mask, Message, Workspace

MARGIN = 12
MESSAGE_MS = 12_000
LEAST_MS = 1_500  # a message is read at least so long
ZOOM = 2.0
NARROW = 460  # room for a message from which its link stands beside it
FINEST_M_PER_PX = 0.4  # closer than that a single building would fill the map

TOOLS = (
    (Tool.SELECT, "ph.cursor", "Select", "V"),
    (Tool.POLYGON, "ph.polygon", "Select by a polygon", "L"),
    (Tool.RADIUS, "ph.circle-dashed", "Select by a radius", "R"),
    (Tool.PAN, "ph.hand", "Move the map", "H"),
    (Tool.IDENTIFY, "ph.info", "Identify", "I"),
    (Tool.ZOOM, "ph.magnifying-glass-plus", "Zoom to a rectangle", "Z"),
    (Tool.MEASURE, "ph.ruler", "Measure distance and area", "M"),
    (Tool.EDIT, "ph.pencil-line", "Edit shapes", "E"),
)


class MapPanel(QWidget):
    """The map of a workspace.

    Signals
    -------
    identified(list)
        What lies where the identify tool was pressed: pairs of layer name and row.
    """

    identified = Signal(list)

    def __init__(self, workspace: Workspace, canvas: MapCanvas) -> None:
        super().__init__()
        self.workspace, self.canvas = workspace, canvas
        canvas.setParent(self)
        self.tools = self._palette()
        self.zoom = self._zoom_buttons()
        self.space = SpacePanel(workspace, self)
        self.space.left.connect(lambda: self.show_in_space(shown=False))
        self.space.identified.connect(self.identified)
        self.space.marked.connect(self._mark)
        self.message = MessageBar(self)
        self.extras = MapExtras(workspace, canvas, self, self.tools)
        self._connections = [
            (canvas.identified, self._clicked),
            (canvas.selection_changed, self._selected_on_map),
            (canvas.tool_chosen, self.show_tool),
            (canvas.placed, self._follow_map),
        ]
        for signal, slot in self._connections:
            signal.connect(slot)
        workspace.layers_changed.connect(self.show_layers)
        workspace.selection_changed.connect(self._show_selection)
        workspace.said.connect(self.message.say)
        self.show_layers()
        for table in workspace.selection:
            self._show_selection(table)

    def let_go(self) -> None:
        """Give the canvas free, for another panel to take."""
        for signal, slot in self._connections:
            signal.disconnect(slot)
        self.workspace.layers_changed.disconnect(self.show_layers)
        self.workspace.selection_changed.disconnect(self._show_selection)
        self.workspace.said.disconnect(self.message.say)
        self.space.let_go()
        self.space.hide()  # else it is shown once more with its page, on its way out
        self.extras.let_go()
        self.canvas.setParent(None)

    def choose(self, tool: Tool) -> None:
        """Take a tool into the hand; the keys are the map's."""
        self.canvas.set_tool(tool)
        self.canvas.setFocus()

    def show_tool(self, tool: str) -> None:
        """Show which tool is in the hand."""
        for known, made in self._tool_buttons.items():
            made.setChecked(known == tool)

    def show_in_space(self, *, shown: bool | None = None) -> None:
        """The city in space over the map, or the map again; each at the place where the other was."""
        before = self.space.isVisible()
        shown = not before if shown is None else shown
        if shown and not before:
            self._give_place()
        self.space.setVisible(shown)
        if before and not shown:
            self._take_place()
        self.extras.cover(self.space if shown else None)
        for part in (self.tools, self.zoom):
            part.setVisible(not shown)
        (self.space.view if shown else self.canvas).setFocus()

    def _give_place(self) -> None:
        """Show in space what the map shows."""
        self.space.view.mark, view = self.canvas.mark, self.canvas.view
        self.space.view.look_over(Place(view.middle, view.m_per_px))

    def _take_place(self) -> None:
        """Show on the map what was seen in space."""
        place = self.space.view.place
        if place is not None:
            self.canvas.move_to(*place.middle)
            self.canvas.set_scale(place.m_per_px)

    def _follow_map(self) -> None:
        """Show in space, while it covers the map, the place that the map goes to."""
        if self.space.isVisible():
            self._give_place()

    def _mark(self, place: tuple[float, float] | None) -> None:
        self.canvas.mark = self.space.view.mark = place
        self.canvas.update()
        self.space.view.update()

    def zoom_to_city(self) -> None:
        """Show all buildings and parcels, else everything; rivers may run far beyond."""
        core = [layer for layer in self.workspace.layers if layer.name in CARD_TABLES]
        if core:
            self.canvas.zoom_to(extent_of(core))
        else:
            self.canvas.zoom_to_all()

    def zoom_to_selection(self) -> None:
        """Show what is selected, else everything."""
        chosen = self.workspace.chosen
        mask = self.workspace.selection.get(chosen.table)
        if mask is None:
            self.zoom_to_city()
        else:
            self.canvas.zoom_to_features(chosen.table, np.flatnonzero(mask))
            if self.canvas.view.m_per_px < FINEST_M_PER_PX:
                self.canvas.set_scale(FINEST_M_PER_PX)

    def show_feature(self, table: str, row: int) -> None:
        """Show one feature and let it blink."""
        self.canvas.zoom_to_features(table, [row])
        self.canvas.flash(table, [row])

    def show_layers(self) -> None:
        """Draw the layers of the workspace, and say where they show a plan that is only tried."""
        tried = self.workspace.trial is not None
        self.canvas.remarks = (text("Trial with moved targets; not the kept plan"),) if tried else ()
        self.canvas.set_layers(self.extras.around(self.workspace.layers))
        self.canvas.active_layer = self.workspace.active

    def _show_selection(self, table: str) -> None:
        if self.workspace.layer(table) is not None:
            self.canvas.set_selection(table, self.workspace.selection.get(table))

    def _selected_on_map(self, table: str, mask: Mask) -> None:
        adding = bool(_keys() & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier))
        self.workspace.select(table, mask, alone=not adding)

    def _clicked(self, found: list[tuple[str, int]]) -> None:
        """A click selects what is on top where the active layer has nothing; open ground lets go of all."""
        if self.canvas.tool is not Tool.SELECT:
            self.identified.emit(found)
            for table, row in found[:1]:
                self.canvas.flash(table, [row])
            return
        if _keys() & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier):
            return
        if any(table == self.canvas.active_layer for table, _ in found):
            return
        if not found:
            self.workspace.select(self.canvas.active_layer, None)
            return
        table, row = found[0]
        mask = np.zeros(len(self.workspace.ids(table)), dtype=np.bool_)
        mask[row] = True
        self.workspace.select(table, mask)

    def _palette(self) -> QFrame:
        frame = QFrame(self)
        frame.setProperty("part", "floating")
        frame.setAccessibleName(text("Map tools"))
        column = down(frame, margins=(4, 4, 4, 4), spacing=2)
        group = QButtonGroup(frame)
        self._tool_buttons: dict[Tool, QToolButton] = {}
        for tool, icon, words, key in TOOLS:
            made = tool_button(icon, f"{text(words)} ({key})", partial(self.choose, tool))
            made.setCheckable(True)
            made.setShortcut(key)
            made.setChecked(tool is self.canvas.tool)
            group.addButton(made)
            self._tool_buttons[tool] = made
            column.addWidget(made)
        frame.adjustSize()
        return frame

    def _zoom_buttons(self) -> QFrame:
        frame = QFrame(self)
        frame.setProperty("part", "floating")
        column = down(frame, margins=(4, 4, 4, 4), spacing=2)
        column.addWidget(tool_button("ph.plus", text("Zoom in"), lambda: self.canvas.zoom_by(ZOOM)))
        column.addWidget(tool_button("ph.minus", text("Zoom out"), lambda: self.canvas.zoom_by(1 / ZOOM)))
        column.addWidget(tool_button("ph.corners-out", text("Show everything"), self.zoom_to_city))
        column.addWidget(tool_button("ph.cube", text("3D view") + " (F3)", self.show_in_space))
        frame.adjustSize()
        return frame

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep tools, zoom buttons and message at their places over the map."""
        self.canvas.setGeometry(self.rect())
        self.space.setGeometry(self.rect())
        self.tools.move(MARGIN, MARGIN)
        self.zoom.move(self.width() - self.zoom.width() - MARGIN, self.height() - self.zoom.height() - MARGIN)
        self.message.place()
        for part in (self.tools, self.zoom, self.space, self.message):
            part.raise_()
        self.extras.place()


class MessageBar(QFrame):
    """What was done, and a link to where it can be seen; goes away by itself."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("part", "floating")
        self._done, self._note = chip(text("Done"), "suitable"), chip(text("Notice"))
        self._words = label("", wraps=True)
        self._link = button("", "link", self._follow)
        self._close = tool_button("ph.x", text("Dismiss the message"), self.hide)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(12, 4, 6, 4)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(self._done, 0, 0)
        self._grid.addWidget(self._note, 0, 0)
        self._grid.addWidget(self._words, 0, 1)
        self._grid.addWidget(self._link, 0, 2)
        self._grid.addWidget(self._close, 0, 3, Qt.AlignmentFlag.AlignTop)
        self._message = Message("")
        self.top = MARGIN  # below what else stands there
        self._shown = QElapsedTimer()
        self._shown.start()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()

    def say(self, message: Message) -> None:
        """Show a message."""
        self._message = message
        self._shown.restart()
        self._words.setText(message.words)
        self._link.setText(message.link)
        self._link.setAccessibleName(message.link)
        self._link.setVisible(bool(message.link))
        self.setAccessibleName(message.words)
        self.show()
        self.place()
        self.raise_()
        self._timer.stop()
        if not message.stays:
            self._timer.start(MESSAGE_MS)

    def let_go(self) -> None:
        """Go away: something else is done now."""
        if self._shown.elapsed() > LEAST_MS:  # else it was said just now, of what is done now
            self.hide()

    def place(self) -> None:
        """Stand in the middle above the map, beside the tools."""
        parent = self.parentWidget()
        if parent is None:
            return
        left = MARGIN + 48 + MARGIN
        right = MARGIN + 44
        room = max(160, parent.width() - left - right)
        narrow = room < NARROW
        self._done.setVisible(not narrow and not self._message.note)
        self._note.setVisible(not narrow and self._message.note)
        self._grid.addWidget(self._link, 1 if narrow else 0, 1 if narrow else 2)
        metrics = self._words.fontMetrics()
        others = 160 + (metrics.horizontalAdvance(self._message.link) if self._message.link else 0)
        width = min(room, metrics.horizontalAdvance(self._message.words) + others, 760)
        height = max(40, self._grid.heightForWidth(width))
        self.setGeometry(left + max(0, (room - width) // 2), self.top, width, height)
        self._grid.activate()  # only now is it known how wide the words are, and so how high
        above = self._grid.contentsMargins().top() + self._grid.contentsMargins().bottom()
        if not narrow:
            below = metrics.descent()  # tails of letters in the last line
            words = self._words.heightForWidth(self._words.width())
            self.resize(width, max(height, words + above + below))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the map."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.place()
        return False

    def _follow(self) -> None:
        if self._message.follow is not None:
            self._message.follow()
        self.hide()


def _keys() -> Qt.KeyboardModifier:
    return QApplication.keyboardModifiers()
