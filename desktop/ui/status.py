"""The status line: reference system, coordinates, selection, and whether results agree with the data."""

from __future__ import annotations

import re
from collections.abc import Callable

from pyproj import CRS
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from core.texts import text
from core.units import THIN_SPACE, count
from desktop.map_layers import layer_title
from desktop.ui.card_parts import across, button, label
from desktop.ui.workspace import Workspace
from reports.parcel_map import system_said

HEIGHT = 28


class StatusLine(QWidget):
    """The line at the foot of the workbench."""

    def __init__(self, workspace: Workspace, recalculate: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("status")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self.workspace = workspace
        self.system, self.place, self.selected = label(""), label(""), label("")
        self.place.setMinimumWidth(190)
        self.fresh = label("", tone="muted")
        self.again = button(text("Recalculate"), "link", recalculate)
        self.again.setFixedHeight(22)
        row = across(self.system, self.place, self.selected, None, self.fresh, self.again, spacing=22)
        row.setContentsMargins(14, 0, 14, 0)
        self.setLayout(row)
        workspace.selection_changed.connect(self.refresh)
        workspace.data_changed.connect(self.refresh)
        workspace.edits_changed.connect(self.refresh)
        workspace.tasks.changed.connect(self.refresh)
        self.refresh()

    def show_place(self, x: float, y: float) -> None:
        """Say where the mouse is. [m]"""
        self.place.setText(f"E {_metres(x)}  N {_metres(y)}")

    def refresh(self) -> None:
        """Say reference system, selection and freshness."""
        project = self.workspace.project
        if project is None:
            return
        self.system.setText(crs_said(project.crs))
        self.system.setToolTip(system_said(project.crs))
        self.selected.setText(self._selection_said())
        stale = self.workspace.stale
        running = self.workspace.tasks.running is not None
        self.again.setVisible(bool(stale) and not running)
        if running:
            words = text("Working…")
        elif self.workspace.city is None:
            words = text("Not checked yet")
        elif stale:
            words = text("The data changed: {count} results are out of date", count=len(stale))
        else:
            words = text("All results agree with the data")
        self.fresh.setText(words)

    def _selection_said(self) -> str:
        chosen = self.workspace.chosen
        table = chosen.table or self.workspace.active
        whole = len(self.workspace.ids(table))
        if not whole:
            return ""
        return text(
            "{table}: {selected} of {whole} selected",
            table=layer_title(table),
            selected=count(len(chosen.ids)),
            whole=count(whole),
        )


def crs_said(crs: CRS) -> str:
    """A reference system in few words."""
    found = re.match(r"^CGCS2000 / (\d)-degree Gauss-Kruger (CM|zone) (\d+)E?$", crs.name)
    if found is None:
        return system_said(crs)
    width, kind, number = found.groups()
    if kind == "CM":
        return text("CGCS2000 / {width}° zone, {meridian}°E", width=width, meridian=number)
    return text("CGCS2000 / {width}° zone {number}", width=width, number=number)


def _metres(value: float) -> str:
    """A coordinate to a tenth of a metre, with thin spaces between thousands."""
    return f"{value:,.1f}".replace(",", THIN_SPACE)
