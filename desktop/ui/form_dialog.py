"""The form dialog: a title, a lead, labelled inputs, what is wrong with them, and two buttons."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from core.problems import UserError
from core.texts import text
from desktop.ui.inputs import NumberBox
from desktop.ui.text_label import TextLabel

INPUT_PX = 32  # height of an input
WIDTH_PX = 520
NUMBER_PX = 7


class FormDialog(QDialog):
    """Asks for a few things; closes with yes only when `read` finds nothing wrong.

    Parameters
    ----------
    title, lead : str
        What is asked and what comes of it, in the language of the moment.
    go : str
        The verb on the main button.
    """

    def __init__(self, title: str, lead: str, go: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setMinimumWidth(WIDTH_PX)
        self.form = QFormLayout()
        self.form.setHorizontalSpacing(16)
        self.form.setVerticalSpacing(8)
        self.form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.trouble = label("", "error", wraps=True)
        self.trouble.hide()
        self.go = QPushButton(go)
        self.go.setProperty("part", "main")
        self.go.setDefault(True)
        self.go.clicked.connect(self.try_accept)
        self.cancel = QPushButton(text("Cancel"))
        self.cancel.setAutoDefault(False)
        self.cancel.clicked.connect(self.reject)
        self.body = body = QFrame()
        body.setProperty("part", "panel")
        inside = QVBoxLayout(body)
        inside.setContentsMargins(24, 20, 24, 20)
        inside.setSpacing(12)
        inside.addWidget(label(title, "title"))
        if lead:
            inside.addWidget(label(lead, "small", wraps=True))
        inside.addLayout(self.form)
        inside.addWidget(self.trouble)
        inside.addStretch(1)
        foot = QFrame()
        foot.setProperty("part", "foot")
        buttons = QHBoxLayout(foot)
        buttons.setContentsMargins(24, 12, 24, 12)
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.go)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(body, 1)
        whole.addWidget(foot)

    def add(self, words: str, field: QWidget | QLayout, name: QWidget | None = None) -> None:
        """A row of the form; `name` is the input that the words belong to where `field` is a group."""
        said = label(words, "")
        said.setMinimumHeight(INPUT_PX)
        said.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        above = max(0, (INPUT_PX - said.fontMetrics().height()) // 2)
        said.setContentsMargins(0, above, 0, 0)  # level with the first line of the input, however many it has
        owner = name or (field if isinstance(field, QWidget) else None)
        if owner is not None:
            said.setBuddy(owner)
            owner.setAccessibleName(words)
        self.form.addRow(said, field)

    def showEvent(self, event: QShowEvent) -> None:
        """Let Tab go through the inputs from above to below, then to the buttons."""
        super().showEvent(event)
        inputs = [
            one
            for one in self.body.findChildren(QWidget)
            if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.window() is self
        ]
        for one, other in pairwise([*inputs, self.cancel, self.go]):
            self.setTabOrder(one, other)
        first = next((one for one in inputs if one.isEnabled()), self.go)
        first.setFocus()

    def event(self, event: QEvent) -> bool:
        """Keep room for every line when words come or change."""
        taken = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:
            self._fit()
        return taken

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep room for every line at another width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Be at least as high as wrapped words need at this width; Qt alone squeezes rows instead."""
        layout = self.layout()
        if layout is not None and layout.hasHeightForWidth():
            self.setMinimumHeight(layout.totalHeightForWidth(self.width()))

    def try_accept(self) -> None:
        """Close with yes if everything can be read; else say what is wrong."""
        try:
            self.read()
        except UserError as error:
            self.trouble.setText(str(error))
            self.trouble.show()
            return
        self.accept()

    def read(self) -> None:
        """Read the inputs; UserError where something is wrong."""


class FolderField(QWidget):
    """A folder, written or chosen."""

    def __init__(self, folder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = QLineEdit(folder)
        self.button = QPushButton(text("Browse…"))
        self.button.setAutoDefault(False)  # Enter in an input is for the main button
        self.button.clicked.connect(self.browse)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(8)
        across.addWidget(self.line, 1)
        across.addWidget(self.button)
        self.setFocusProxy(self.line)

    @property
    def folder(self) -> Path:
        """The folder as it stands."""
        return Path(self.line.text().strip()).expanduser()

    def browse(self) -> None:
        """Ask for a folder."""
        chosen = QFileDialog.getExistingDirectory(self, text("Choose a folder"), self.line.text())
        if chosen:
            self.line.setText(chosen)


def label(words: str, part: str, *, wraps: bool = False) -> QLabel:
    """A text; `part` is what the style sheet knows it by."""
    made = TextLabel(words)
    made.setProperty("part", part)
    made.setWordWrap(wraps)
    return made


def number_box(least: int, most: int) -> QSpinBox:
    """An input for whole numbers; style sheets give its words no room to the left."""
    made = NumberBox()
    made.setRange(least, most)
    made.lineEdit().setTextMargins(NUMBER_PX, 0, 0, 0)
    return made


def column(widgets: Sequence[QWidget]) -> QVBoxLayout:
    """Widgets one below the other, close together."""
    made = QVBoxLayout()
    made.setSpacing(2)
    made.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        made.addWidget(widget)
    return made
