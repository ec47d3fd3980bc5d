"""Printing: pages as pictures of 300 dots an inch onto a printer, each on paper of its own size."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QMarginsF, QRect
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

from core.problems import Problem, UserError
from reports.sheets.composition import PICTURE_DPI

PAPERS = {
    "a4": QPageSize.PageSizeId.A4,
    "a3": QPageSize.PageSizeId.A3,
    "a2": QPageSize.PageSizeId.A2,
    "a1": QPageSize.PageSizeId.A1,
    "a0": QPageSize.PageSizeId.A0,
}


def suit_printer(printer: QPrinter, paper: str, *, landscape: bool) -> None:
    """Set paper, direction and fineness of a printer; the pages bring their own margins."""
    turned = QPageLayout.Orientation.Landscape if landscape else QPageLayout.Orientation.Portrait
    printer.setResolution(PICTURE_DPI)
    printer.setFullPage(True)
    printer.setPageLayout(QPageLayout(QPageSize(PAPERS[paper]), turned, QMarginsF(0, 0, 0, 0)))


def ask_printer(parent: QWidget, paper: str, *, landscape: bool, then: Callable[[QPrinter], None]) -> None:
    """Ask for a printer that suits pages of a paper; `then` gets it once it was accepted."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    suit_printer(printer, paper, landscape=landscape)
    asked = QPrintDialog(printer, parent)
    asked.setModal(True)
    asked.accepted.connect(lambda: then(printer))
    asked.finished.connect(asked.deleteLater)
    asked.show()


def paint_pages(printer: QPrinter, pictures: Iterable[bytes]) -> None:
    """Paint pictures onto a printer, one a page; may run in any thread.

    Raises
    ------
    UserError
        The printer cannot be written to.
    """
    painter = QPainter()
    try:
        for number, picture in enumerate(pictures):
            ready = printer.newPage() if number else painter.begin(printer)
            if not ready:
                raise UserError(
                    Problem(
                        "The printer {name} cannot be written to.",
                        "Choose another printer, or save a PDF.",
                        name=printer.printerName() or printer.outputFileName(),
                    )
                )
            paper = printer.pageLayout().fullRectPixels(printer.resolution())
            painter.drawImage(QRect(0, 0, paper.width(), paper.height()), QImage.fromData(picture))
    finally:
        if painter.isActive():
            painter.end()
