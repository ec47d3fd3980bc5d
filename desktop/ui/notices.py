"""Notices: what the program is, and what to do when it failed."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from core import VERSION
from core.texts import text
from desktop.ui.form_dialog import label

WIDTH_PX = 560
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
    """What failed, the trace to send, and where the log is.

    Parameters
    ----------
    message : str
        The error in a line.
    trace : str
        Its trace, as text.
    log_folder : Path
        Folder of the log files.
    """

    def __init__(self, message: str, trace: str, log_folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(
            text("Something went wrong in Lütu"),
            text(
                "Your project is safe: every change was written when it was made. Copy the text below when you report this."
            ),
            parent,
        )
        self._message, self._trace, self._folder = message, trace, log_folder
        self.inside.addWidget(label(message, "error", wraps=True))
        self.trace = QPlainTextEdit(trace)
        self.trace.setReadOnly(True)
        self.trace.setTabChangesFocus(True)
        self.trace.setAccessibleName(text("Trace of the error"))
        self.trace.setMinimumHeight(180)
        self.trace.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.inside.addWidget(self.trace, 1)
        self.copying, self.opening = QPushButton(text("Copy")), QPushButton(text("Open the log folder"))
        self.copying.clicked.connect(self.copy)
        self.opening.clicked.connect(self.open_folder)
        self.buttons.addWidget(self.copying)
        self.buttons.addWidget(self.opening)
        self.buttons.addStretch(1)
        self.buttons.addWidget(self.shut)

    def copy(self) -> None:
        """Copy message and trace."""
        QGuiApplication.clipboard().setText(f"Lütu {VERSION}\n{self._message}\n\n{self._trace}")
        self.copying.setText(text("Copied"))

    def open_folder(self) -> None:
        """Open the folder of the log in the file manager."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))
