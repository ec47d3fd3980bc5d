"""The report preview: pages of parcel reports as they will be printed, parcel by parcel, to be saved or printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QImage, QKeyEvent, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel, QScrollArea, QWidget
from shiboken6 import isValid

from core.jobs import Job
from core.problems import UserError
from core.texts import LANGUAGES, language, text
from core.units import count, percent
from desktop import report_pages
from desktop.outputs import Results
from desktop.session import load_session
from desktop.ui.card_parts import across, button, down, label, tool_button
from desktop.ui.dialogs import LANGUAGE_TITLES, ReportsWanted
from desktop.ui.inputs import ComboBox
from desktop.ui.printing import ask_printer, paint_pages
from desktop.ui.shown_files import written_in
from desktop.ui.workspace import Message, Workspace

SIZE = QSize(980, 760)
PAPER = "a4"
PAPER_MM = (210.0, 297.0)
MM_PER_INCH = 25.4
ZOOMS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)  # of the width of the room
AFTER_MS = 150  # after the last change
MARGIN_PX = 24  # left and right of the page


class ReportPreview(QDialog):
    """Shows one page at a time; what is saved and printed are all pages of all parcels.

    Parameters
    ----------
    ids : sequence of str
        The parcels, in the order of printing.
    write : callable
        Writes reports as PDF in the background.
    """

    def __init__(
        self,
        workspace: Workspace,
        results: Results,
        ids: Sequence[str],
        parent: QWidget,
        write: Callable[[ReportsWanted], None],
    ) -> None:
        super().__init__(parent)
        self.workspace, self.results, self.ids, self._write = workspace, results, tuple(ids), write
        self.setWindowTitle(text("Preview of parcel reports"))
        self.setAccessibleName(text("Preview of parcel reports"))
        self.resize(SIZE.boundedTo(parent.size() - QSize(40, 40)))
        self.page, self.zoom = 0, ZOOMS.index(1.0)
        self.pages: list[bytes] = []
        self.parcels, self.spoken = ComboBox(), ComboBox()
        self.parcels.setAccessibleName(text("Which parcel"))
        self.parcels.addItems(self.ids)
        self.spoken.setAccessibleName(text("Language"))
        for one in LANGUAGES:
            self.spoken.addItem(LANGUAGE_TITLES[one], one)
        self.spoken.setCurrentIndex(LANGUAGES.index(language()))
        self.paper = QLabel()
        self.paper.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.paper.setWordWrap(True)
        self.paper.setAccessibleName(text("Page of the report"))
        self.area = QScrollArea()
        self.area.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.area.setWidget(self.paper)
        self.caption, self.scale = label("", "small"), label("", "small")
        self.before = tool_button("ph.caret-left", text("Page before"), lambda: self.turn(-1))
        self.after = tool_button("ph.caret-right", text("Page after"), lambda: self.turn(1))
        self.smaller = tool_button("ph.minus", text("Smaller"), lambda: self.magnify(-1))
        self.larger = tool_button("ph.plus", text("Larger"), lambda: self.magnify(1))
        self.pdf = button(text("Save as PDF"), "main", self.save_pdf)
        self.png = button(text("Save as PNG…"), "plain", self.ask_pictures)
        self.to_printer = button(text("Print…"), "plain", self.ask_printer)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(AFTER_MS)
        self._wait.timeout.connect(self.draw)
        self.parcels.currentIndexChanged.connect(self._parcel_chosen)
        self.spoken.currentIndexChanged.connect(self.draw)
        self._lay_out()
        self._wait.start()

    def _lay_out(self) -> None:
        shut = button(text("Close"), "plain", self.reject)
        for one in (self.pdf, self.png, self.to_printer, shut):
            one.setAutoDefault(False)
        self.parcels.setVisible(len(self.ids) > 1)
        head = across(
            label(text("Parcel reports"), "title"),
            self.parcels,
            self.spoken,
            None,
            self.smaller,
            self.scale,
            self.larger,
            spacing=8,
        )
        column = down(self, margins=(20, 16, 20, 16), spacing=10)
        column.addLayout(head)
        column.addWidget(self.area, 1)
        column.addLayout(across(None, self.before, self.caption, self.after, None, spacing=8))
        column.addLayout(across(None, shut, self.to_printer, self.png, self.pdf, spacing=8))

    @property
    def parcel(self) -> str:
        """The parcel in front."""
        return self.ids[max(0, self.parcels.currentIndex())]

    # ---- what is shown

    def turn(self, pages: int) -> None:
        """Show another page; after the last of a parcel comes the first of the next."""
        place, wanted = self.parcels.currentIndex(), self.page + pages
        if 0 <= wanted < len(self.pages):
            self.page = wanted
            self._show_page()
        elif 0 <= place + pages < len(self.ids):
            self.page = 0 if pages > 0 else -1  # the last, when it is known how many there are
            self.parcels.blockSignals(True)
            self.parcels.setCurrentIndex(place + pages)
            self.parcels.blockSignals(False)
            self.draw()

    def magnify(self, steps: int) -> None:
        """Show the page larger or smaller."""
        self.zoom = min(max(self.zoom + steps, 0), len(ZOOMS) - 1)
        self._show_page()
        self._wait.start()

    def draw(self) -> None:
        """Set the pages of the parcel in front beside the window's thread, as fine as they are shown."""
        results, parcel, spoken = self.results, self.parcel, str(self.spoken.currentData())
        author, dots = load_session().author, MM_PER_INCH * self._width_px() / PAPER_MM[0]
        self.caption.setText(text("Drawing the preview…"))

        def work() -> list[bytes] | UserError:
            try:
                return report_pages.pages_of(
                    results, parcel, language=spoken, author=author, dots_per_inch=dots
                )
            except UserError as error:
                return error

        self.workspace.later.ask("report", work, self._take)

    def _width_px(self) -> float:
        """Width of the page on the screen, in pixels of the screen. [px]"""
        bar = self.area.verticalScrollBar().sizeHint().width()  # whether it is in sight or not
        room = max(200, self.area.width() - bar - 2 * MARGIN_PX)
        return room * ZOOMS[self.zoom] * self.devicePixelRatioF()

    def _take(self, made: list[bytes] | UserError) -> None:
        if not isValid(self):  # it may be closed by now
            return
        if isinstance(made, UserError):
            self.pages = []
            self.paper.setPixmap(QPixmap())
            self.paper.setText(str(made))
            self.paper.resize(self.area.viewport().size())
            self.caption.setText("")
            self._enable()
            return
        self.pages = made
        self.page = min(self.page, len(made) - 1) if self.page >= 0 else len(made) - 1
        self._show_page()

    def _show_page(self) -> None:
        if not 0 <= self.page < len(self.pages):
            return
        ratio = self.devicePixelRatioF()
        wide = self._width_px()
        shown = QPixmap.fromImage(QImage.fromData(self.pages[self.page])).scaledToWidth(
            round(wide), Qt.TransformationMode.SmoothTransformation
        )
        shown.setDevicePixelRatio(ratio)
        self.paper.setPixmap(shown)
        self.paper.resize(shown.deviceIndependentSize().toSize())
        said = text("Page {page} of {pages}", page=self.page + 1, pages=len(self.pages))
        if len(self.ids) > 1:
            place = text(
                "parcel {place} of {count}", place=self.parcels.currentIndex() + 1, count=len(self.ids)
            )
            said = f"{said} · {place}"
        self.caption.setText(said)
        self.paper.setAccessibleDescription(f"{self.parcel}: {said}")
        self.scale.setText(percent(ZOOMS[self.zoom]))
        self._enable()

    def _parcel_chosen(self) -> None:
        self.page = 0
        self.draw()

    def _enable(self) -> None:
        place, there = self.parcels.currentIndex(), bool(self.pages)
        self.before.setEnabled(self.page > 0 or place > 0)
        self.after.setEnabled(self.page < len(self.pages) - 1 or place < len(self.ids) - 1)
        self.smaller.setEnabled(self.zoom > 0)
        self.larger.setEnabled(self.zoom < len(ZOOMS) - 1)
        for one in (self.pdf, self.png, self.to_printer):
            one.setEnabled(there)

    # ---- files and printer

    def save_pdf(self) -> None:
        """Write all reports as PDF into the documents of the project, in one file where there are several."""
        project = self.workspace.project
        if project is not None:
            folder, spoken = project.folder / "documents", str(self.spoken.currentData())
            several = len(self.ids) > 1
            self._write(ReportsWanted(self.ids, folder, spoken, load_session().author, several))

    def ask_pictures(self) -> None:
        """Ask for a folder and write every page into it as a picture."""
        project = self.workspace.project
        if project is None:
            return
        begin = str(project.folder / "documents")
        chosen = QFileDialog.getExistingDirectory(self, text("Choose a folder"), begin)
        if chosen:
            self.write_pictures(Path(chosen))

    def write_pictures(self, folder: Path) -> None:
        """Write every page of every parcel as a picture, in the background."""
        workspace, results, ids = self.workspace, self.results, self.ids
        spoken, author = str(self.spoken.currentData()), load_session().author

        def work(job: Job) -> list[Path]:
            return report_pages.write_pictures(results, ids, folder, language=spoken, author=author, job=job)

        def done(files: list[Path]) -> None:
            words = text("Wrote {count} files to {folder}.", count=count(len(files)), folder=folder)
            workspace.said.emit(written_in(folder, words))

        workspace.do(text("Writing reports"), work, done)

    def ask_printer(self) -> None:
        """Ask for a printer and send all pages to it."""
        ask_printer(self, PAPER, landscape=False, then=self.print_to)

    def print_to(self, printer: QPrinter) -> None:
        """Send all pages of all parcels to a printer, in the background."""
        workspace, results, ids = self.workspace, self.results, self.ids
        spoken, author = str(self.spoken.currentData()), load_session().author

        def work(job: Job) -> None:
            made = report_pages.printed_pages(results, ids, language=spoken, author=author, job=job)
            paint_pages(printer, made)

        def done(_: None) -> None:
            workspace.said.emit(Message(text("The reports were sent to the printer.")))

        workspace.do(text("Printing"), work, done)

    # ---- events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page keys turn pages, plus and minus make them larger and smaller."""
        pages = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}.get(Qt.Key(event.key()), 0)
        steps = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1}.get(Qt.Key(event.key()), 0)
        if pages:
            self.turn(pages)
        elif steps:
            self.magnify(steps)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl with the wheel makes the page larger or smaller."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.magnify(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The page follows the room there is."""
        super().resizeEvent(event)
        self._show_page()
        self._wait.start()
