"""The settings of a project: name, nearest city and what follows from it, and its reference system."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QLineEdit, QWidget

from core.texts import text
from desktop.copies import copies_of
from desktop.data_in import reference_system
from desktop.project_settings import ProjectSettings, choices_of, project_settings
from desktop.ui.card_parts import across, button
from desktop.ui.form_dialog import column, label
from desktop.ui.settings_form import SettingsDialog
from desktop.ui.shown_files import show_file
from layers.project import Project
from layers.system_names import system_said
from standards.place_names import place_said


class ProjectForm:
    """What the settings form needs to know of a project."""

    title = "The project"
    settings = ProjectSettings


class ProjectDialog(SettingsDialog):
    """Asks for the settings of a project.

    Attributes
    ----------
    system : str
        Another reference system, as it was written; empty where it stays.
    """

    def __init__(self, project: Project, parent: QWidget | None = None) -> None:
        self._project = project
        self.system = ""
        super().__init__(
            ProjectForm(),
            project_settings(project),
            parent,
            offered=choices_of(project.standards),
            lead=text("The data must be checked again after a change; it can be undone."),
        )
        self.back.hide()  # a project has no defaults

    def more(self) -> None:
        """The reference system, open as long as no data lie in it, and the weather."""
        project = self._project
        epsg = project.crs.to_epsg()
        self.crs = QLineEdit(f"EPSG:{epsg}" if epsg else project.crs.name)
        self.crs.setEnabled(not project.sources)
        words = (
            text("The data lie in it; another one needs a new project.")
            if project.sources
            else text("An EPSG code, for instance EPSG:4545; {name} now.", name=system_said(project.crs))
        )
        self.add(text("Reference system"), column([self.crs, label(words, "small", wraps=True)]), self.crs)
        weather = project.sources.get("weather")
        said = (
            place_said(weather.file)
            if weather is not None
            else text("None yet: import a file, or build a typical year.")
        )
        self.add(text("Weather"), label(said, "small", wraps=True))
        self._add_copies()

    def _add_copies(self) -> None:
        """When the project was last copied, and where the copies lie."""
        kept = copies_of(self._project.folder)
        if not kept:
            self.add(
                text("Copies"), label(text("None yet: one is made every few minutes."), "small", wraps=True)
            )
            return
        said = text("{count} kept, the newest of {moment}.", count=len(kept), moment=kept[0].moment)
        link = button(text("Open the folder"), "link", partial(show_file, kept[0].path.parent))
        link.setAutoDefault(False)
        self.add(text("Copies"), across(label(said, "small"), None, link))

    def read(self) -> None:
        """Read the form; the reference system must be one."""
        super().read()
        words, epsg = self.crs.text().strip(), self._project.crs.to_epsg()
        if self.crs.isEnabled() and words not in (f"EPSG:{epsg}", self._project.crs.name):
            reference_system(words)
            self.system = words
