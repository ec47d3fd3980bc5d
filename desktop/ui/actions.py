"""Actions: everything the window offers, each with its words, icon and shortcut; menu, buttons and search share them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from core.texts import text
from desktop.ui import theme


@dataclass(frozen=True)
class Offer:
    """One action: name, words (English with a translation), icon, shortcut, and whether it needs a project."""

    name: str
    words: str
    icon: str
    keys: str = ""
    needs_project: bool = True


OFFERS = (
    Offer("new", "New project…", "ph.folder-plus", "Ctrl+N", False),
    Offer("open", "Open project…", "ph.folder-open", "Ctrl+O", False),
    Offer("sample", "Sample city", "ph.buildings", "", False),
    Offer("save", "Save", "ph.floppy-disk", "Ctrl+S"),
    Offer("save_as", "Save as…", "ph.copy", ""),
    Offer("import", "Import data…", "ph.download-simple", "Ctrl+I"),
    Offer("check", "Check data", "ph.check-circle", "F8"),
    Offer("assess", "Assess potentials", "ph.play", "F9"),
    Offer("assess_some", "Assess some potentials…", "ph.play", ""),
    Offer("plan", "Make the plan", "ph.target", "F10"),
    Offer("compare", "Compare scenarios…", "ph.arrows-left-right", "Ctrl+Shift+S"),
    Offer("scenarios", "All scenarios…", "ph.table", ""),
    Offer("lists", "Lists of the plan…", "ph.list-numbers", "Ctrl+Shift+O"),
    Offer("documents", "Write documents…", "ph.files", ""),
    Offer("project", "Project settings…", "ph.sliders-horizontal", "Ctrl+Shift+J"),
    Offer("preview_documents", "Preview documents…", "ph.eye", ""),
    Offer("copies", "Copies of the project…", "ph.copy", ""),
    Offer("assets", "PV systems that exist…", "ph.sun", ""),
    Offer("depth_maps", "Maps of temperature at depth…", "ph.thermometer", "", False),
    Offer("versions", "Compare two versions of a document…", "ph.arrows-left-right", ""),
    Offer("check_documents", "Check documents", "ph.check-square-offset", "Shift+F8"),
    Offer("settings", "Assessment settings…", "ph.gear", ""),
    Offer("standards", "Standards…", "ph.book-open", "Ctrl+Shift+N"),
    Offer("undo", "Undo", "ph.arrow-counter-clockwise", "Ctrl+Z"),
    Offer("redo", "Redo", "ph.arrow-clockwise", "Ctrl+Y"),
    Offer("edit", "Edit shapes", "ph.pencil-line", "Ctrl+Shift+E"),
    Offer("attributes", "Edit attributes…", "ph.table", "Ctrl+Shift+U"),
    Offer("sheet", "Compose a map sheet…", "ph.printer", "Ctrl+Shift+P"),
    Offer("report", "Parcel reports…", "ph.file-text", "Ctrl+P"),
    Offer("preview", "Preview parcel reports…", "ph.eye", "Ctrl+Shift+R"),
    Offer("export", "Export…", "ph.export", "Ctrl+E"),
    Offer("picture", "Save the map as a picture…", "ph.image", "Ctrl+Shift+G"),
    Offer("copy_map", "Copy the map", "ph.copy", "Ctrl+Shift+C"),
    Offer("table", "Attribute table", "ph.table", "F6"),
    Offer("charts", "Charts", "ph.chart-bar", "F4"),
    Offer("filter", "Filter the layer…", "ph.funnel", "Ctrl+Shift+L"),
    Offer("style", "Style of the layer", "ph.palette", "F7"),
    Offer("space", "3D view", "ph.cube", "F3"),
    Offer("left", "Left panel", "ph.layout", "Ctrl+1"),
    Offer("card", "Card", "ph.identification-card", "Ctrl+2"),
    Offer("tasks", "List of tasks", "ph.list-bullets", "Ctrl+Shift+T"),
    Offer("identify", "Identify", "ph.info", "Ctrl+Shift+I"),
    Offer("everything", "Show everything", "ph.corners-out", "Ctrl+Shift+F"),
    Offer("selection", "Zoom to selection", "ph.crosshair", "Ctrl+J"),
    Offer("back", "View before", "ph.arrow-left", "Alt+Left"),
    Offer("forth", "View after", "ph.arrow-right", "Alt+Right"),
    Offer("coordinate", "Go to a coordinate…", "ph.map-pin", "Ctrl+G"),
    Offer("bookmark", "Views of the map…", "ph.bookmark-simple", "Ctrl+B"),
    Offer("expression", "Select by a condition…", "ph.funnel", "Ctrl+F3"),
    Offer("invert", "Invert the selection", "ph.swap", "Ctrl+Shift+X"),
    Offer("time", "Through the months or phases", "ph.clock-counter-clockwise", "Ctrl+T"),
    Offer("sun", "Sun and shadow", "ph.sun-horizon", "Ctrl+Shift+H"),
    Offer("base", "Base map…", "ph.globe-hemisphere-east", "Ctrl+Shift+B"),
    Offer("nothing", "Select nothing", "ph.x", "Ctrl+Shift+A"),
    Offer("search", "Search", "ph.magnifying-glass", "Ctrl+K"),
    Offer("language", "English / 中文", "ph.translate", "Ctrl+L", False),
    Offer("dark", "Light or dark", "ph.moon", "Ctrl+Shift+D", False),
    Offer("help", "User manual", "ph.book-open", "F1", False),
    Offer("tour", "Tour of the window", "ph.path", "", False),
    Offer("machine", "This machine…", "ph.check-circle", "", False),
    Offer("log", "Open the log folder", "ph.file-text", "", False),
    Offer("about", "About Lütu", "ph.info", "", False),
    Offer("quit", "Quit", "ph.sign-out", "Ctrl+Q", False),
)
MENU = (  # what belongs together under one word; groups are parted by lines
    ("Project", (("new", "open", "sample"), ("save", "save_as", "project", "copies"))),
    ("Data", (("import", "check"), ("assets", "depth_maps"), ("standards",))),
    ("Edit", (("undo", "redo"), ("edit", "attributes"))),
    (
        "Potentials and plan",
        (("assess", "assess_some", "settings"), ("plan", "scenarios", "compare", "lists")),
    ),
    (
        "Print and export",
        (
            ("documents", "preview_documents", "check_documents", "versions"),
            ("sheet", "report", "preview"),
            ("export",),
        ),
    ),
    ("Selecting", (("expression", "filter", "invert", "nothing"), ("identify",))),
    (
        "Map",
        (
            ("everything", "selection", "back", "forth"),
            ("coordinate", "bookmark"),
            ("space", "time", "sun", "base"),
            ("picture", "copy_map"),
        ),
    ),
    ("Panels", (("left", "card"), ("table", "style", "charts", "tasks"))),
)
ALWAYS = (
    ("language", "dark"),
    ("help", "tour", "machine", "log", "about"),
    ("quit",),
)  # stand in the menu itself


def make_actions(window: QWidget, done_by: Mapping[str, Callable[[], None]]) -> dict[str, QAction]:
    """An action for every offer the window can do, with its shortcut, by name."""
    made = {}
    for offer in OFFERS:
        if offer.name not in done_by:
            continue
        words = text(offer.words)
        action = QAction(theme.icon(offer.icon), words, window)
        if offer.keys:
            action.setShortcut(QKeySequence(offer.keys))
            action.setToolTip(f"{words} ({offer.keys})")
        function = done_by[offer.name]
        action.triggered.connect(lambda checked=False, function=function: function())
        window.addAction(action)
        made[offer.name] = action
    return made


def enable(actions: Mapping[str, QAction], *, project: bool) -> None:
    """Switch off what needs a project while there is none."""
    for offer in OFFERS:
        if offer.name in actions and offer.needs_project:
            actions[offer.name].setEnabled(project)


def make_menu(parent: QWidget, actions: Mapping[str, QAction]) -> QMenu:
    """All actions in one menu, what belongs together under one word."""
    menu = QMenu(parent)
    for words, groups in MENU:
        _fill(menu.addMenu(text(words)), groups, actions)
    menu.addSeparator()
    _fill(menu, ALWAYS, actions)
    return menu


def _fill(menu: QMenu, groups: Sequence[Sequence[str]], actions: Mapping[str, QAction]) -> None:
    for number, group in enumerate(groups):
        if number:
            menu.addSeparator()
        for name in group:
            if name in actions:
                menu.addAction(actions[name])
