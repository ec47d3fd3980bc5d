"""The sheet composer: a form beside the preview of the page, which becomes a PDF, a picture, or goes to a printer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QFrame, QScrollArea, QWidget
from shiboken6 import isValid

from cartography.ragged import Bounds
from core.jobs import Job
from core.problems import Problem, UserError
from core.texts import language, text
from core.units import count, percent
from desktop import composing
from desktop.composing import Shown
from desktop.map_sheet import map_sheet
from desktop.opening import with_plan
from desktop.session import load_session, save_session
from desktop.ui.card_parts import across, button, down, label, tool_button
from desktop.ui.dialogs import allowed_in_names
from desktop.ui.map_panel import MessageBar
from desktop.ui.paper_view import ZOOMS, PaperView
from desktop.ui.printing import ask_printer, paint_pages
from desktop.ui.sheet_form import SheetForm
from desktop.ui.shown_files import written_in
from desktop.ui.workspace import Message, Workspace
from plans import Part
from reports.sheets.composition import Previewed
from reports.sheets.declared import Sheet

WIDTH_PX, HEIGHT_PX, FORM_PX = 1240, 700, 330
PREVIEW_MS = 250  # after the last change
MM_PER_INCH = 25.4
LEAST_DPI, MOST_DPI = 72, 300  # coarser, hatches are left out that the print has
Offered = Sequence[tuple[Sheet, Problem | None]]


class SheetComposer(QDialog):
    """Composes one sheet or an atlas and shows each page as it will be printed."""

    def __init__(self, workspace: Workspace, parent: QWidget, seen: Bounds) -> None:
        super().__init__(parent)
        self.workspace, self._seen = workspace, seen
        self.setWindowTitle(text("Compose a map sheet"))
        self.setAccessibleName(text("Compose a map sheet"))
        self.resize(min(WIDTH_PX, parent.width() - 40), min(HEIGHT_PX, parent.height() - 40))
        self._own: Sheet | None = None  # the map as it is shown
        self.form: SheetForm | None = None
        self.page, self.count = 0, 1
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFixedWidth(FORM_PX)
        self.paper = PaperView(text("Preview of the sheet"))
        self.paper.zoomed.connect(self._zoomed)
        self.smaller = tool_button("ph.minus", text("Smaller"), lambda: self.paper.magnify(-1))
        self.larger = tool_button("ph.plus", text("Larger"), lambda: self.paper.magnify(1))
        self.size_said = label("", "small")
        self.caption = label("", "small")
        self.lacking = label("", "small", wraps=True)  # what is left out or set small on this page
        self.lacking.hide()
        self.before = tool_button("ph.caret-left", text("Page before"), lambda: self.turn(-1))
        self.after = tool_button("ph.caret-right", text("Page after"), lambda: self.turn(1))
        self.pdf = button(text("Save as PDF…"), "main", lambda: self.ask_file("pdf"))
        self.png = button(text("Save as PNG…"), "plain", lambda: self.ask_file("png"))
        self.to_printer = button(text("Print…"), "plain", self.ask_printer)
        self._lay_out()
        self.message = MessageBar(self.paper)  # the one over the map lies behind
        workspace.said.connect(self.message.say)
        self.finished.connect(lambda: workspace.said.disconnect(self.message.say))
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(PREVIEW_MS)
        self._wait.timeout.connect(self.preview)
        self.finished.connect(self._wait.stop)
        self._begin()

    def _lay_out(self) -> None:
        shut = button(text("Close"), "plain", self.reject)
        for one in (self.pdf, self.png, self.to_printer, shut):
            one.setAutoDefault(False)
        right = down(spacing=6)
        right.addWidget(self.paper, 1)
        right.addLayout(
            across(
                None, self.before, self.caption, self.after, None, self.smaller, self.size_said, self.larger,
                spacing=8,
            )
        )  # fmt: skip
        right.addWidget(self.lacking)
        body = across(self.area, spacing=16)
        body.addLayout(right, 1)
        column = down(self, margins=(20, 18, 20, 16), spacing=10)
        column.addWidget(label(text("Compose a map sheet"), "title"))
        column.addLayout(body, 1)
        column.addLayout(across(None, shut, self.to_printer, self.png, self.pdf, spacing=8))

    @property
    def material(self) -> Shown | None:
        """What is composed from; None before the data was checked."""
        workspace, city = self.workspace, self.workspace.city
        if city is None:
            return None
        plan = workspace.plan or Part()
        return Shown(city, workspace.assessments, plan, workspace.shown_scenario.title, self._own)

    # ---- preview

    def _begin(self) -> None:
        """Find out beside the window's thread which sheets can be made, then show the form."""
        self._enable(ready=False)
        self.caption.setText(text("Drawing the preview…"))
        material, workspace = self.material, self.workspace
        if material is None:
            return
        layers, looks, filters = tuple(workspace.layers), dict(workspace.looks), workspace.filters.written
        plan = workspace.plan

        def work() -> tuple[Sheet | None, Offered]:
            if not layers:
                return None, composing.offered(material)
            own = map_sheet(layers, looks, material.city, with_plan(material.assessments, plan), filters)
            return own, composing.offered(replace(material, own=own))

        workspace.later.ask("sheets", work, self._offer)

    def _offer(self, found: tuple[Sheet | None, Offered]) -> None:
        if not isValid(self):  # it may be closed by now
            return
        self._own, offered = found
        chosen = self.workspace.chosen
        project = self.workspace.project
        self.form = SheetForm(
            offered,
            self._seen,
            chosen.ids if chosen.table == "parcel" else (),
            project.folder if project is not None else None,
        )
        self.form.refused.connect(self._refuse)
        if self.form.templates is not None:
            self.form.templates.refused.connect(self._refuse)
            self.form.templates.said.connect(lambda words: self.message.say(Message(words)))
        if self.workspace.city is not None:
            self.form.leave_out(composing.lacking_items(self.workspace.city))
        self.form.changed.connect(self._changed)
        self.area.setWidget(self.form)
        self.form.sheet.setFocus()
        self.preview()

    def _changed(self) -> None:
        self.page = 0
        self._wait.start()

    def _refuse(self, error: UserError) -> None:
        self.message.say(Message(str(error)))

    def turn(self, pages: int) -> None:
        """Show another page."""
        self.page = min(max(self.page + pages, 0), self.count - 1)
        self.preview()

    def preview(self) -> None:
        """Draw the page that is in front."""
        material, form = self.material, self.form
        if material is None or form is None:
            return
        try:
            wanted, page, spoken = form.composition, self.page, language()
        except UserError as error:
            self._show(error)
            return
        room = self.paper.room_px()
        wide, high = wanted.paper_mm
        needed = MM_PER_INCH * min(room.width() / wide, room.height() / high)
        dots = min(max(needed, LEAST_DPI), MOST_DPI)
        self.caption.setText(text("Drawing the preview…"))

        def work() -> Previewed | UserError:
            try:
                return composing.preview(material, wanted, page, spoken, dots)
            except UserError as error:
                return error

        self.workspace.later.ask("sheet", work, self._show)

    def _show(self, made: Previewed | UserError) -> None:
        if not isValid(self):
            return
        if isinstance(made, UserError):
            self.paper.show_words(str(made))
            self.caption.setText("")
            self.lacking.hide()
            self._enable(ready=False)
            return
        picture, self.count, scale, problems = made
        self.lacking.setText("\n".join(str(one) for one in problems))
        self.lacking.setVisible(bool(problems))
        self.paper.show_image(QImage.fromData(picture))
        said = text(
            "Page {page} of {pages} · 1 : {scale}", page=self.page + 1, pages=self.count, scale=count(scale)
        )
        self.caption.setText(said)
        self.paper.setAccessibleDescription(said)
        self._enable(ready=True)

    def _zoomed(self) -> None:
        """The page is shown in another size: draw it as fine as that."""
        self._enable(ready=self.pdf.isEnabled())
        self._wait.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw the page anew for another size."""
        super().resizeEvent(event)
        if self.form is not None:
            self._wait.start()

    def _enable(self, *, ready: bool) -> None:
        for one in (self.pdf, self.png, self.to_printer):
            one.setEnabled(ready)
        self.before.setEnabled(ready and self.page > 0)
        self.after.setEnabled(ready and self.page < self.count - 1)
        self.smaller.setEnabled(ready and self.paper.zoom > 0)
        self.larger.setEnabled(ready and self.paper.zoom < len(ZOOMS) - 1)
        self.size_said.setText(percent(ZOOMS[self.paper.zoom]))

    # ---- files and printer

    def ask_file(self, kind: str) -> None:
        """Ask for a file and write it in the background."""
        project, form = self.workspace.project, self.form
        if project is None or form is None:
            return
        name = allowed_in_names(f"{form.sheet.currentText()}.{kind}")
        begin = str(project.folder / "documents" / name)
        chosen, _ = QFileDialog.getSaveFileName(
            self, text("Save the map sheet"), begin, f"{kind.upper()} (*.{kind})"
        )
        if chosen:
            path = Path(chosen)
            self.write(path if path.suffix.lower() == f".{kind}" else path.with_name(f"{path.name}.{kind}"))

    def write(self, path: Path) -> None:
        """Write the pages into a file, and say where it is."""
        material, form = self.material, self.form
        if material is None or form is None:
            return
        wanted, spoken, workspace = form.composition, language(), self.workspace
        save_session(replace(load_session(), author=wanted.imprint.author))

        def work(job: Job) -> tuple[list[Path], list[Problem]]:
            return composing.compose(material, wanted, path, language=spoken, job=job)

        def done(made: tuple[list[Path], list[Problem]]) -> None:
            files, problems = made
            for problem in problems:
                workspace.said.emit(Message(problem.said()))
            words = text("Wrote {count} files to {folder}.", count=count(len(files)), folder=path.parent)
            workspace.said.emit(written_in(path.parent, words, stays=True))
            workspace.edits_changed.emit()

        workspace.do(text("Composing the sheet"), work, done)

    def ask_printer(self) -> None:
        """Ask for a printer and send the pages to it."""
        if self.form is None:
            return
        wanted = self.form.composition
        ask_printer(self, wanted.paper, landscape=wanted.landscape, then=self.print_to)

    def print_to(self, printer: QPrinter) -> None:
        """Send all pages to a printer, in the background."""
        material, form = self.material, self.form
        if material is None or form is None:
            return
        wanted, workspace = form.composition, self.workspace

        def work(job: Job) -> None:
            paint_pages(printer, composing.printed_pages(material, wanted, job))

        def done(_: None) -> None:
            file = printer.outputFileName()
            if file:  # of a printer that is a file
                words = text("The sheet was printed into the file {file}.", file=Path(file).name)
                workspace.said.emit(written_in(Path(file).parent, words))
            else:
                workspace.said.emit(Message(text("The sheet was sent to the printer.")))

        workspace.do(text("Printing"), work, done)
