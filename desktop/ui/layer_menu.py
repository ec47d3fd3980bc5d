"""The menu of a layer in the list: go to it, its table, style, filter and export."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from core.texts import text
from desktop.ui import theme
from desktop.ui.layer_export import ask_layer_export
from desktop.ui.map_canvas import MapCanvas
from desktop.ui.workspace import Workspace


class LayerMenu:
    """Makes the menu of a layer and does what is chosen in it."""

    def __init__(
        self,
        workspace: Workspace,
        canvas: MapCanvas,
        parent: QWidget,
        show_table: Callable[[], None],
        show_style: Callable[[], None],
    ) -> None:
        self.workspace, self.canvas, self._parent = workspace, canvas, parent
        self._show_table, self._show_style = show_table, show_style
        self.menu: QMenu | None = None

    def pop_up(self, name: str, place: QPoint) -> None:
        """Show the menu of a layer at a place on the screen."""
        self.menu = menu = self.made(name)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def made(self, name: str) -> QMenu:
        """The menu of a layer."""
        workspace, menu = self.workspace, QMenu(self._parent)
        layer, has_rows = workspace.layer(name), bool(len(workspace.ids(name)))
        shown = menu.addAction(theme.icon("ph.corners-out"), text("Zoom to the layer"))
        shown.setEnabled(layer is not None)
        shown.triggered.connect(lambda: self._zoom(name))
        table = menu.addAction(theme.icon("ph.table"), text("Attribute table"))
        table.triggered.connect(lambda: self._table(name))
        style = menu.addAction(theme.icon("ph.palette"), text("Style…"))
        style.triggered.connect(lambda: self._style(name))
        menu.addSeparator()
        filtering = menu.addAction(theme.icon("ph.funnel"), text("Filter…"))
        filtering.triggered.connect(lambda: workspace.filters.asked.emit(name))
        free = menu.addAction(theme.icon("ph.x"), text("Remove the filter"))
        free.triggered.connect(lambda: workspace.filters.clear(name))
        free.setEnabled(name in workspace.filters.tables)
        menu.addSeparator()
        export = menu.addAction(theme.icon("ph.export"), text("Export this layer…"))
        export.triggered.connect(lambda: ask_layer_export(workspace, name, self._parent))
        for one in (table, filtering):
            one.setEnabled(has_rows)
        export.setEnabled(has_rows or (layer is not None and layer.raster is not None))
        return menu

    def _zoom(self, name: str) -> None:
        layer = self.workspace.layer(name)
        if layer is not None:
            self.workspace.restyle(name, visible=True)
            self.canvas.zoom_to(layer.extent)

    def _style(self, name: str) -> None:
        self.workspace.activate(name)
        self._show_style()

    def _table(self, name: str) -> None:
        self.workspace.activate(name)
        self._show_table()
