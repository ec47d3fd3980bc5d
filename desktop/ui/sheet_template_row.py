"""Templates in the form of a sheet: one of the kept ones is chosen, the form is kept as one, or one is forgotten."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from core.problems import UserError
from core.texts import text
from desktop.sheet_templates import drop_template, keep_template, kept_templates, template_named
from desktop.ui.card_parts import tool_button
from desktop.ui.form_dialog import FormDialog
from desktop.ui.inputs import ComboBox
from reports.sheets.composition import Composition

NONE = ""


class TemplateRow(QWidget):
    """The kept templates of a project, with what can be done with them.

    Parameters
    ----------
    folder : Path
        Of the project.
    wanted : callable
        Gives the composition as the form has it; UserError where it is none.

    Signals
    -------
    chosen(object)
        A template was chosen: its composition.
    said(str)
        A template was kept or forgotten.
    refused(object)
        What is wrong, as UserError.
    """

    chosen = Signal(object)
    said = Signal(str)
    refused = Signal(object)

    def __init__(self, folder: Path, wanted: Callable[[], Composition]) -> None:
        super().__init__()
        self._folder, self._wanted = folder, wanted
        self.list = ComboBox()
        self.list.setAccessibleName(text("Template"))
        self.list.activated.connect(lambda _: self._choose())
        self.keep = tool_button("ph.floppy-disk", text("Keep as a template"), self.ask)
        self.away = tool_button("ph.trash", text("Forget the template"), self.forget)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self.list, 1)
        row.addWidget(self.keep)
        row.addWidget(self.away)
        self.setFocusProxy(self.list)
        self._fill(NONE)

    @property
    def name(self) -> str:
        """The template that is chosen; empty for none."""
        return str(self.list.currentData() or NONE)

    def ask(self) -> None:
        """Ask for a name and keep the form under it."""
        asked = NameQuestion(self.name, self.keep_as, self.window())
        asked.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        asked.open()

    def keep_as(self, name: str) -> None:
        """Keep the form under a name; UserError where it cannot be kept."""
        keep_template(self._folder, name, self._wanted())
        self._fill(name.strip())
        self.said.emit(text("The template {name} is kept.", name=name.strip()))

    def forget(self) -> None:
        """Forget the template that is chosen; the form stays as it is."""
        name = self.name
        try:
            drop_template(self._folder, name)
        except UserError as error:
            self.refused.emit(error)
            return
        self._fill(NONE)
        self.said.emit(text("The template {name} is forgotten.", name=name))

    def known(self) -> Mapping[str, Composition]:
        """The kept templates; what is wrong with their file is said."""
        try:
            return kept_templates(self._folder)
        except UserError as error:
            self.refused.emit(error)
            return {}

    def _choose(self) -> None:
        if self.name:
            try:
                self.chosen.emit(template_named(self._folder, self.name))
            except UserError as error:  # another window forgot it
                self._fill(NONE)
                self.refused.emit(error)
        self._enable()

    def _fill(self, name: str) -> None:
        self.list.clear()
        self.list.addItem(text("None"), NONE)
        for one in self.known():
            self.list.addItem(one, one)
        self.list.setCurrentIndex(max(0, self.list.findData(name)))
        self._enable()

    def _enable(self) -> None:
        self.list.setEnabled(self.list.count() > 1)
        self.away.setEnabled(bool(self.name))


class NameQuestion(FormDialog):
    """Asks under which name the sheet is kept; it closes once it is."""

    def __init__(self, name: str, keep: Callable[[str], None], parent: QWidget) -> None:
        lead = text(
            "Sheet, paper, scale, layers, items and words are kept with the project; one of the same name is replaced."
        )
        super().__init__(text("Keep as a template"), lead, text("Keep"), parent)
        self._keep = keep
        self.name = QLineEdit(name)
        self.add(text("Name"), self.name)

    def read(self) -> None:
        """Keep the sheet; UserError where it has no name or cannot be kept."""
        self._keep(self.name.text())
