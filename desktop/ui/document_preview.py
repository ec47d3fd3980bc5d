"""The preview of documents: the pages of the plan's documents as they will be written, before anything is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QDialog, QWidget
from shiboken6 import isValid

from core.texts import text
from core.units import percent
from desktop.document_pages import PageShown, document_pages
from desktop.plan_documents import KINDS, Ready
from desktop.session import load_session
from desktop.ui.card_parts import across, button, down, label, tool_button
from desktop.ui.inputs import ComboBox
from desktop.ui.paper_view import ZOOMS, PaperView
from desktop.ui.plan_dialogs import TITLES
from desktop.ui.workspace import Workspace

SIZE = QSize(980, 760)
DOTS_PER_INCH = 120  # legible when a page is seen larger, and set in seconds


class DocumentPreview(QDialog):
    """One page at a time; pages of a document are set once, in the queue of tasks.

    Parameters
    ----------
    ready : Ready
        What the documents are written from.
    folder : Path
        Whose files may hold what people wrote.
    write : callable
        Asks which documents are written.
    """

    def __init__(
        self, workspace: Workspace, ready: Ready, folder: Path, parent: QWidget, write: Callable[[], None]
    ) -> None:
        super().__init__(parent)
        self.workspace, self.ready, self.folder = workspace, ready, folder
        self.pages: dict[str, list[PageShown]] = {}
        self.page = 0
        self.setWindowTitle(text("Preview of documents"))
        self.setAccessibleName(text("Preview of documents"))
        self.resize(SIZE.boundedTo(parent.size() - QSize(40, 40)))
        self.kinds = ComboBox()
        self.kinds.setAccessibleName(text("Which document"))
        for one in KINDS:
            self.kinds.addItem(text(TITLES.get(one, one)), one)
        self.paper = PaperView(text("Page of the document"))
        self.caption = label("", "small")
        self.before = tool_button("ph.caret-left", text("Page before"), lambda: self.turn(-1))
        self.after = tool_button("ph.caret-right", text("Page after"), lambda: self.turn(1))
        smaller = tool_button("ph.minus", text("Smaller"), lambda: self.paper.magnify(-1))
        larger = tool_button("ph.plus", text("Larger"), lambda: self.paper.magnify(1))
        self.scale = label("", "small")
        self.scale.setAccessibleName(text("Size of the page"))
        self.paper.zoomed.connect(self._say_zoom)
        self._say_zoom()
        on, shut = button(text("Write documents…"), "main"), button(text("Close"), "plain", self.reject)
        on.clicked.connect(self.accept)
        on.clicked.connect(write)
        for each in (on, shut):
            each.setAutoDefault(False)
        column = down(self, margins=(20, 16, 20, 16), spacing=10)
        column.addLayout(
            across(
                label(text("Preview of documents"), "title"),
                self.kinds,
                None,
                smaller,
                self.scale,
                larger,
                spacing=8,
            )
        )
        column.addWidget(self.paper, 1)
        column.addLayout(across(None, self.before, self.caption, self.after, None, spacing=8))
        column.addLayout(across(None, shut, on, spacing=8))
        self.kinds.currentIndexChanged.connect(self.show_kind)
        self.show_kind()

    @property
    def kind(self) -> str:
        """The document in front."""
        return str(self.kinds.currentData())

    def show_kind(self) -> None:
        """Show the document that is chosen, whose pages are set where they were not."""
        self.page = 0
        kind, ready, folder, author = self.kind, self.ready, self.folder, load_session().author
        if kind in self.pages:
            self._show_page()
            return
        self.paper.show_words(text("Drawing the preview…"))
        self._enable()

        def take(made: list[PageShown]) -> None:
            if isValid(self):  # it may be closed by now
                self.pages[kind] = made
                if kind == self.kind:
                    self._show_page()

        self.workspace.do(
            text("Preview of documents"),
            lambda job: document_pages(
                ready, kind, folder, author=author, dots_per_inch=DOTS_PER_INCH, job=job
            ),
            take,
        )

    def turn(self, pages: int) -> None:
        """Show another page."""
        self.page = min(max(self.page + pages, 0), max(0, len(self.pages.get(self.kind, ())) - 1))
        self._show_page()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page keys turn pages."""
        pages = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}.get(Qt.Key(event.key()), 0)
        if pages:
            self.turn(pages)
        else:
            super().keyPressEvent(event)

    def _show_page(self) -> None:
        found = self.pages.get(self.kind, [])
        if self.page < len(found):
            shown = found[self.page]
            self.paper.show_image(QImage.fromData(shown.picture))
            said = text("Page {page} of {pages}", page=shown.number, pages=shown.pages)
            self.caption.setText(f"{shown.document} · {said}")
        self._enable()

    def _say_zoom(self) -> None:
        self.scale.setText(percent(ZOOMS[self.paper.zoom]))

    def _enable(self) -> None:
        found = self.pages.get(self.kind, [])
        if not found:
            self.caption.setText("")
        self.before.setEnabled(self.page > 0)
        self.after.setEnabled(self.page < len(found) - 1)
