"""The workbench: all parts of the window around the open project, laid out."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QMenu, QSplitter, QWidget

from desktop.ui.card import WIDTH, CardActions, CardPanel
from desktop.ui.card_parts import down
from desktop.ui.data_page import PageActions, written_files
from desktop.ui.drawer import Drawer
from desktop.ui.header import Header
from desktop.ui.left_panel import LeftPanel
from desktop.ui.map_canvas import MapCanvas
from desktop.ui.map_legend import MapLegend
from desktop.ui.map_panel import MapPanel
from desktop.ui.plan_page import PlanActions
from desktop.ui.status import StatusLine
from desktop.ui.workspace import Workspace
from layers.contents import CITY

LEFT = 280


class Workbench(QWidget):
    """Header, left panel, map with drawer, card and status line."""

    def __init__(
        self,
        workspace: Workspace,
        canvas: MapCanvas,
        menu: QMenu,
        search: QLineEdit,
        card_actions: CardActions,
        page_actions: PageActions,
        plan_actions: PlanActions,
    ) -> None:
        super().__init__()
        self.setObjectName("workbench")
        self.workspace = workspace
        self.step = "potential"
        self.header = Header(workspace.tasks, menu, search, workspace.home_asked.emit)
        self.left = LeftPanel(workspace, page_actions, plan_actions)
        self.map = MapPanel(workspace, canvas)
        self.legend = MapLegend(workspace, self.map)
        self.drawer = Drawer(workspace, canvas)
        self.card = CardPanel(workspace, card_actions)
        self.status = StatusLine(workspace, card_actions.assess)
        self.middle = QSplitter(Qt.Orientation.Vertical)
        self.middle.addWidget(self.map)
        self.middle.addWidget(self.drawer)
        self.middle.setSizes([600, 240])
        self.middle.setChildrenCollapsible(False)
        self.drawer.hide()
        self.body = QSplitter(Qt.Orientation.Horizontal)
        for part in (self.left, self.middle, self.card):
            self.body.addWidget(part)
        self.body.setStretchFactor(1, 1)
        self.body.setChildrenCollapsible(False)
        self.left.setMinimumWidth(260)
        self.left.setMaximumWidth(420)
        self.card.setMinimumWidth(320)
        self.card.setMaximumWidth(520)
        self.body.setSizes([LEFT, 800, WIDTH])
        column = down(self, spacing=0)
        column.addWidget(self.header)
        column.addWidget(self.body, 1)
        column.addWidget(self.status)
        self.header.step_chosen.connect(self.show_step)
        self.map.identified.connect(self.card.show_identified)
        canvas.cursor_moved.connect(self.status.show_place)
        workspace.find_asked.connect(self.map.zoom_to_selection)
        workspace.map_begun.connect(self.map.zoom_to_city)
        workspace.problems_asked.connect(self.show_problems)
        for signal in (workspace.opened, workspace.data_changed, workspace.edits_changed):
            signal.connect(self.refresh)
        self.show_step(self.step)
        self.refresh()

    def let_go(self) -> None:
        """Give the canvas free, for another workbench."""
        self.map.canvas.cursor_moved.disconnect(self.status.show_place)
        self.workspace.find_asked.disconnect(self.map.zoom_to_selection)
        self.workspace.map_begun.disconnect(self.map.zoom_to_city)
        self.workspace.problems_asked.disconnect(self.show_problems)
        self.drawer.let_go()
        self.map.let_go()

    def show_step(self, name: str) -> None:
        """Go to a step of the work."""
        self.step = name
        self.left.show_step(name)
        self.header.show_step(name)
        self.legend.set_wanted(name == "plan")

    def show_problems(self) -> None:
        """Show what was found in the data."""
        self.show_step("potential")
        self.left.show_tab("problems")

    def show_table(self, *, shown: bool | None = None) -> None:
        """Open or close the drawer with the attribute table."""
        self.drawer.setVisible(not self.drawer.isVisible() if shown is None else shown)
        if self.drawer.isVisible():
            self.drawer.refresh()

    def refresh(self) -> None:
        """Say which project is open, and how far the work is."""
        project = self.workspace.project
        if project is not None:
            self.header.show_project(project.name, str(project.folder))
            self.header.show_states(self.states())

    def states(self) -> dict[str, str]:
        """Each step as `done`, `stale` or `open`."""
        workspace = self.workspace
        project = workspace.project
        if project is None:
            return {}
        checked = workspace.fresh.get(CITY, False)
        data = "done" if checked else "stale" if project.sources else "open"
        results = [workspace.fresh.get(name, False) for name in workspace.assessments]
        potential = "open" if not results else "done" if all(results) else "stale"
        plan = "open" if workspace.plan is None else "done" if workspace.plan_fresh else "stale"
        written = bool(written_files(project.folder))
        outputs = "open" if not written else "done" if potential == "done" else "stale"
        return {"data": data, "potential": potential, "plan": plan, "results": outputs}
