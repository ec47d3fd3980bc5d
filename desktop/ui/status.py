"""The status line: reference system, coordinates, selection, and whether results agree with the data."""

from __future__ import annotations

import re
from collections.abc import Callable

from pyproj import CRS
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from cartography.layers import extent_of
from core.texts import text
from core.units import count
from desktop.coordinates import FORMS, has_twin, place_said
from desktop.map_layers import layer_title
from desktop.ui.card_parts import across, button, label
from desktop.ui.workspace import Workspace
from layers.contents import CITY
from reports.parcel_map import system_said

HEIGHT = 28
FORMS_SAID = {
    "project": "As in the project",
    "zone": "With the zone number added or left out",
    "degrees": "Longitude and latitude",
    "minutes": "Degrees, minutes, seconds",
}


class StatusLine(QWidget):
    """The line at the foot of the workbench."""

    def __init__(self, workspace: Workspace, recalculate: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("status")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self.workspace = workspace
        self.system = CoordinateButton(workspace, self._say_place)
        self.place, self.selected = label(""), label("")
        self._at: tuple[float, float] | None = None
        self.place.setMinimumWidth(230)
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
        self._at = (x, y)
        self._say_place()

    def _say_place(self) -> None:
        project = self.workspace.project
        if project is not None and self._at is not None:
            self.place.setText(place_said(*self._at, project.crs, self.system.form))

    def refresh(self) -> None:
        """Say reference system, selection and freshness."""
        project = self.workspace.project
        if project is None:
            return
        self.system.show_system(project.crs)
        self.selected.setText(self._selection_said())
        stale = self.workspace.stale
        results = [name for name in stale if name != CITY]
        running = self.workspace.tasks.running is not None
        self.again.setVisible(bool(stale and self.workspace.assessments) and not running)
        if running:
            words = text("Working…")
        elif self.workspace.city is None:
            words = text("Not checked yet")
        elif results:
            words = text("The data changed: {count} results are out of date", count=len(results))
        elif stale:
            words = text("The data changed since it was checked")
        elif not self.workspace.assessments:
            words = text("The data is checked; nothing is computed yet")
        elif self.workspace.plan is None:
            words = text("Results agree with the data; no plan yet")
        elif not self.workspace.plan_fresh:
            words = text("The plan is out of date")
        else:
            words = text("Results and plan agree with the data")
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


class CoordinateButton(QPushButton):
    """Says the reference system; pressed, it offers the forms in which coordinates are said."""

    def __init__(self, workspace: Workspace, changed: Callable[[], None]) -> None:
        super().__init__()
        self.setProperty("part", "link")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedHeight(22)
        self._workspace, self._changed = workspace, changed
        self.form = FORMS[0]
        self.offered = QMenu(self)
        self.setMenu(self.offered)
        self.offered.aboutToShow.connect(self._fill)

    def show_system(self, crs: CRS) -> None:
        """Say another system."""
        self.setText(crs_said(crs))
        hint = text("{system}: choose how coordinates are said", system=system_said(crs))
        self.setToolTip(hint)
        self.setAccessibleName(hint)

    def _fill(self) -> None:
        self.offered.clear()
        project = self._workspace.project
        if project is None:
            return
        x, y = suggested_middle(self._workspace)
        for form in FORMS:
            if form == "zone" and not has_twin(project.crs):
                continue
            said = place_said(x, y, project.crs, form)
            action = self.offered.addAction(f"{text(FORMS_SAID[form])}    {said}")
            action.setCheckable(True)
            action.setChecked(form == self.form)
            action.triggered.connect(lambda checked=False, form=form: self._choose(form))

    def _choose(self, form: str) -> None:
        self.form = form
        self._changed()


def suggested_middle(workspace: Workspace) -> tuple[float, float]:
    """A place of the city to show forms of coordinates by. [m]"""
    west, south, east, north = extent_of(list(workspace.layers))
    return (west + east) / 2, (south + north) / 2


def crs_said(crs: CRS) -> str:
    """A reference system in few words."""
    found = re.match(r"^CGCS2000 / (\d)-degree Gauss-Kruger (CM|zone) (\d+)E?$", crs.name)
    if found is None:
        return system_said(crs)
    width, kind, number = found.groups()
    if kind == "CM":
        return text("CGCS2000 / {width}° zone, {meridian}°E", width=width, meridian=number)
    return text("CGCS2000 / {width}° zone {number}", width=width, number=number)
