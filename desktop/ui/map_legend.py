"""The legend on the map: the classes of the layer that is shown, always in sight while the plan is worked on."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from core.texts import text
from core.units import unit_said
from desktop.layer_look import unit_of
from desktop.ui.card_parts import down, label
from desktop.ui.legend import ROW_PX, Legend
from desktop.ui.workspace import Workspace

MARGIN, GAP, ABOVE_SCALE_PX, WIDTH = 12, 8, 56, 232
MOST_SHARE, LEAST_PX = 0.6, 120  # of the height of the map


class MapLegend(QFrame):
    """A card at the lower left of the map, above the scale bar; it is there while it is wanted and has classes.

    Parameters
    ----------
    tools : QWidget
        What stands at the upper left of the map; where it reaches down to the legend, that stands beside it.
    """

    def __init__(self, workspace: Workspace, parent: QWidget, tools: QWidget) -> None:
        super().__init__(parent)
        self.workspace, self._tools = workspace, tools
        self._wanted = False
        self.setProperty("part", "floating")
        self.setAccessibleName(text("Legend"))
        self.heading = label("", "section", wraps=True)
        self.legend = Legend()
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setProperty("calm", True)
        self._scroll.setWidget(self.legend)
        column = down(self, margins=(10, 8, 6, 8), spacing=4)
        column.addWidget(self.heading)
        column.addWidget(self._scroll, 1)  # the heading takes no more than its words need
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.refresh)
        self.legend.hidden_changed.connect(self._hide_classes)
        for signal in (workspace.layers_changed, workspace.data_changed):
            signal.connect(self._soon.start)
        parent.installEventFilter(self)
        self.hide()

    def set_wanted(self, wanted: bool) -> None:
        """Be there, or not."""
        self._wanted = wanted
        self.refresh()

    def refresh(self) -> None:
        """Show the classes of the active layer as they are now."""
        name = self.workspace.active
        layer, look = self.workspace.layer(name), self.workspace.looks.get(name)
        shown = layer is not None and layer.visible and look is not None and look.theme is not None
        if not self._wanted or not shown or layer is None or look is None:
            self.hide()
            return
        unit = unit_of(layer, look)
        self.heading.setText(f"{layer.title} ({unit_said(unit)})" if unit else layer.title)
        self.legend.show_layer(layer)
        self.setVisible(bool(self.legend.rows))
        self.place()

    def place(self) -> None:
        """Stand above the scale bar, no higher than a share of the map; more classes are scrolled to."""
        parent = self.parentWidget()
        if parent is None or not self.legend.rows:
            return
        head = self.heading.heightForWidth(WIDTH - 20)
        wanted = head + ROW_PX * len(self.legend.rows) + 26
        foot = parent.height() - ABOVE_SCALE_PX
        high = min(wanted, max(LEAST_PX, min(round(parent.height() * MOST_SHARE), foot - MARGIN)))
        tools = self._tools.geometry()
        reached = tools.isValid() and tools.bottom() + GAP > foot - high
        self.setGeometry(tools.right() + GAP if reached else MARGIN, foot - high, WIDTH, high)
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the map."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.place()
        return False

    def _hide_classes(self, hidden: frozenset[int]) -> None:
        self.workspace.restyle(self.workspace.active, hidden=hidden)
