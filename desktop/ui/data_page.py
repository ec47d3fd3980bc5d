"""Pages of the steps data and results: what was given, what came out, and what to do next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QWidget

from core.problems import UserError
from core.texts import text
from core.units import count
from desktop import operations
from desktop.addresses import in_city
from desktop.card_results import result_of
from desktop.map_layers import RASTER, layer_title
from desktop.steps import NEEDED
from desktop.ui.card_parts import Flow, button, chip, down, emptied, hairline, label
from desktop.ui.shown_files import show_file
from desktop.ui.trace_menu import offer_trace
from desktop.ui.workspace import Message, Workspace
from layers.contents import Origin, Pending
from reports.documents.record import ENDING
from standards.place_names import place_said

MOST_FILES = 60
FILE_PX = 215  # longer names lose their middle, so that the page is no wider than its panel


@dataclass(frozen=True)
class PageActions:
    """What the buttons of the pages do; the window gives it."""

    bring: Callable[[], None]
    check: Callable[[], None]
    assess: Callable[[], None]
    report: Callable[[], None]
    export: Callable[[], None]
    project: Callable[[], None]
    sheet: Callable[[], None]
    documents: Callable[[], None]
    check_documents: Callable[[], None]


class Page(QScrollArea):
    """A page of the left panel that is written anew when the data change."""

    LOOKS_AT_FILES = True  # it says what lies in folders, which nobody tells it of

    def __init__(self, workspace: Workspace, actions: PageActions) -> None:
        super().__init__()
        self.workspace, self.can = workspace, actions
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        self.column = down(inside, margins=(14, 12, 14, 14), spacing=6)
        self.setWidget(inside)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._refresh_if_seen)
        self._changed = True
        for signal in (workspace.opened, workspace.data_changed, workspace.edits_changed):
            signal.connect(self._write_soon)

    def showEvent(self, event: QShowEvent) -> None:
        """Write the page when it comes into sight, if it may say something else by now."""
        if self._changed or self.LOOKS_AT_FILES:
            self.refresh()

    def _write_soon(self) -> None:
        self._changed = True
        self._soon.start()

    def _refresh_if_seen(self) -> None:
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Write the page as things are now."""
        self._changed = False
        focused = QApplication.focusWidget()
        if focused is not None and self.isAncestorOf(focused):
            self.setFocus()  # else it goes from part to part as they are taken out, and the page scrolls after it
        emptied(self.column)
        if self.workspace.project is not None:
            self.write()
        self.column.addStretch(1)

    def write(self) -> None:
        """Put everything into the column; a page says what."""

    def buttons(self, *made: QWidget) -> None:
        """A row of buttons."""
        holder = QWidget()
        flow = Flow(holder, margins=(0, 6, 0, 2), spacing=8)
        for one in made:
            flow.addWidget(one)
        self.column.addWidget(holder)


class DataPage(Page):
    """What was given, where it comes from, and what is missing."""

    def write(self) -> None:
        """Given tables, rasters and weather; what is needed and not there comes first."""
        project = self.workspace.project
        if project is None:
            return
        sources = project.sources
        self.column.addWidget(label(text("Given data"), "title"))
        missing = [name for name in NEEDED if name not in sources]
        for name in missing:
            self.column.addWidget(
                label(
                    text("{what} missing: needed for every assessment.", what=text(NEEDED[name])),
                    "warning",
                    wraps=True,
                )
            )
        if "weather" in missing and project.facts.get("climate_city"):
            build = partial(typical_weather, self.workspace)
            self.buttons(button(text("Build a typical year for the nearest city"), "plain", build))
        ready = not missing
        fresh = operations.is_checked(project)
        self.buttons(
            button(text("Import…"), "plain" if ready and not fresh else "main", self.can.bring),
            button(text("Check data"), "main" if ready and not fresh else "plain", self.can.check),
            button(text("Project settings…"), "plain", self.can.project),
        )
        for name, source in sources.items():
            self.column.addWidget(hairline())
            self._source(name, source)

    def _source(self, name: str, source: Origin) -> None:
        known = name.removeprefix("raster:")
        title = (
            text("Weather") if name == "weather" else layer_title((RASTER if name != known else "") + known)
        )
        rows = source.details.get("rows")
        said = f"{title}  {count(int(rows))}" if rows is not None else title
        self.column.addWidget(label(said, "strong"))
        file = place_said(Path(source.file).name or source.file)
        layer = source.details.get("layer")
        words = [file, str(layer) if layer and layer != Path(file).stem else "", source.imported_at[:10]]
        shown = label(" · ".join(word for word in words if word), "small", wraps=True)
        shown.setToolTip(source.file)
        self.column.addWidget(shown)


class ResultsPage(Page):
    """What can be printed and exported, what was written already, and what was found for the city."""

    def write(self) -> None:
        """Buttons, the files of the project's folders, and sums."""
        project = self.workspace.project
        if project is None:
            return
        self.column.addWidget(label(text("Results"), "title"))
        made = self.workspace.assessments
        if not made:
            words = text("Nothing was assessed yet. Assess the potentials, then print reports and export.")
            self.column.addWidget(label(words, "small", wraps=True))
            self.buttons(button(text("Assess potentials"), "main", self.can.assess))
            return
        if self.workspace.stale:
            words = text("Results are out of date: recalculate before printing.")
            self.column.addWidget(label(words, "warning", wraps=True))
        if self.workspace.plan is not None:
            self.buttons(
                button(text("Write documents…"), "main", self.can.documents),
                button(text("Check documents"), "plain", self.can.check_documents),
            )
        self.buttons(
            button(
                text("Parcel reports…"),
                "main" if self.workspace.plan is None else "plain",
                self.can.report,
            ),
            button(text("Compose a map sheet…"), "plain", self.can.sheet),
            button(text("Export…"), "plain", self.can.export),
        )
        files = written_files(project.folder)
        if files:
            self.column.addSpacing(8)
            self.column.addWidget(label(text("Written files"), "section"))
        for path in files[:MOST_FILES]:
            opened = button(path.name, "link", partial(show_file, path), hint=str(path))
            opened.setText(opened.fontMetrics().elidedText(path.name, Qt.TextElideMode.ElideMiddle, FILE_PX))
            self.column.addWidget(opened)
        if len(files) > MOST_FILES:
            self.column.addWidget(chip(text("{count} more", count=count(len(files) - MOST_FILES))))
        self.column.addSpacing(8)
        self.column.addWidget(label(text("Found for the city"), "section"))
        for name, found in made.items():
            self.column.addWidget(label(text(operations.potential_named(name).title), "strong"))
            said = label(operations.summary(found), "small", wraps=True)
            totals = result_of(found, pd.Series(dict(found.totals), dtype=float), in_city(name)).traced
            offer_trace(said, totals, self.workspace.trace_asked.emit, said.text())
            self.column.addWidget(said)


def typical_weather(workspace: Workspace) -> None:
    """Build a typical year for the nearest city of the project, take it in, and say so."""
    project = workspace.project
    if project is None:
        return
    try:
        work = operations.add_weather(project)
    except UserError as error:
        workspace.refused.emit(error)
        return
    city = place_said(str(project.facts["climate_city"]))

    def taken(pending: Pending) -> None:
        words = text("The weather is a typical year built from the monthly means of {city}.", city=city)
        workspace.said.emit(Message(words))
        if project.inputs().tables:
            workspace.check()

    workspace.take_in(text("Building a typical year"), work, taken)


def written_files(folder: Path) -> Sequence[Path]:
    """Reports and exports of a project, the newest first."""
    found = [
        path
        for part in ("documents", "exports")
        for path in (folder / part).glob("*.*")
        if path.is_file() and not path.name.endswith(ENDING)  # what our own check reads is no document
    ]
    return sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)
