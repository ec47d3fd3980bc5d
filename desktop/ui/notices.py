"""Notices: what the program is, and what to do when it failed."""

from __future__ import annotations

import platform
from pathlib import Path

from PySide6.QtCore import QUrl, qVersion
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from core import VERSION
from core.texts import text
from desktop.ui.form_dialog import label

WIDTH_PX = 560
LOG_LINES = 60
MADE_WITH = "Qt · NumPy · pandas · GeoPandas · GDAL · PROJ · Numba · pvlib · Typst"


class Notice(QDialog):
    """A title, some words, and buttons."""

    def __init__(self, title: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setMinimumWidth(WIDTH_PX)
        body = QFrame()
        body.setProperty("part", "panel")
        self.inside = QVBoxLayout(body)
        self.inside.setContentsMargins(24, 20, 24, 20)
        self.inside.setSpacing(12)
        self.inside.addWidget(label(title, "title"))
        self.words = label(words, "", wraps=True)
        self.inside.addWidget(self.words)
        foot = QFrame()
        foot.setProperty("part", "foot")
        self.buttons = QHBoxLayout(foot)
        self.buttons.setContentsMargins(24, 12, 24, 12)
        self.buttons.setSpacing(8)
        self.shut = QPushButton(text("Close"))
        self.shut.setProperty("part", "main")
        self.shut.setDefault(True)
        self.shut.clicked.connect(self.accept)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(body, 1)
        whole.addWidget(foot)


class AboutDialog(Notice):
    """Name, version, licence, and what it is made with."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            text("Lütu {version}", version=VERSION),
            text("Lütu finds what sun, ground, water and air can give a city's buildings and parcels."),
            parent,
        )
        self.inside.addWidget(
            label(
                text(
                    "Free software under the BSD 3-Clause licence. Results are for planning, not for design."
                ),
                "small",
                wraps=True,
            )
        )
        self.inside.addWidget(label(text("Made with {names}", names=MADE_WITH), "small", wraps=True))
        self.inside.addStretch(1)
        self.buttons.addStretch(1)
        self.buttons.addWidget(self.shut)


class CrashDialog(Notice):
    """What happened, what to do, and folded below it the trace to send, with the last lines of the log.

    Parameters
    ----------
    message : str
        The error in a line.
    trace : str
        Its trace, as text.
    log : Path
        File of the log.
    """

    def __init__(self, message: str, trace: str, log: Path, parent: QWidget | None = None) -> None:
        super().__init__(
            text("Something went wrong in Lütu"),
            text(
                "Your project is safe: every change was written when it was made. You can go on working; "
                "if it happens again, save a copy of the project folder and start the program anew."
            ),
            parent,
        )
        self._message, self._log = message, log
        self._report = report_of(message, trace, log)
        self.inside.addWidget(label(message, "error", wraps=True))
        self.inside.addWidget(
            label(text("To report it, copy the details and say what you did before."), "small", wraps=True)
        )
        self.details = QPushButton(text("Show details"))
        self.details.setProperty("part", "link")
        self.details.setCheckable(True)
        self.details.setAutoDefault(False)
        self.details.toggled.connect(self.unfold)
        self.inside.addWidget(self.details)
        self.trace = QPlainTextEdit(self._report)
        self.trace.setReadOnly(True)
        self.trace.setTabChangesFocus(True)
        self.trace.setAccessibleName(text("Trace of the error"))
        self.trace.setMinimumHeight(220)
        self.trace.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.trace.hide()
        self.inside.addWidget(self.trace, 1)
        self.copying, self.opening = QPushButton(text("Copy")), QPushButton(text("Open the log folder"))
        self.copying.clicked.connect(self.copy)
        self.opening.clicked.connect(self.open_folder)
        self.buttons.addWidget(self.copying)
        self.buttons.addWidget(self.opening)
        self.buttons.addStretch(1)
        self.buttons.addWidget(self.shut)

    def unfold(self, shown: bool) -> None:
        """Show or hide trace and log."""
        self.trace.setVisible(shown)
        self.details.setText(text("Hide details") if shown else text("Show details"))
        self.adjustSize()

    def copy(self) -> None:
        """Copy message, trace and the last lines of the log."""
        QGuiApplication.clipboard().setText(self._report)
        self.copying.setText(text("Copied"))

    def open_folder(self) -> None:
        """Open the folder of the log in the file manager."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._log.parent)))


def report_of(message: str, trace: str, log: Path) -> str:
    """What is sent: program and system, the error with its trace, and the last lines of the log."""
    lines: list[str] = []
    if log.is_file():
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_LINES:]
    head = f"Lütu {VERSION} · Python {platform.python_version()} · Qt {qVersion()} · {platform.platform()}"
    return "\n".join([head, message, "", trace.rstrip(), "", f"— {log.name} —", *lines])
