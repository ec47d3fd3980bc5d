"""The workbench: all parts of the window around the open project, laid out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QSplitter, QWidget

from desktop import operations
from desktop.steps import DEMAND, Standing, Step, has_documents, is_written, steps_of
from desktop.ui.card import WIDTH, CardActions, CardPanel
from desktop.ui.card_parts import down
from desktop.ui.charts_panel import ChartsPanel
from desktop.ui.data_page import PageActions
from desktop.ui.drawer import Drawer
from desktop.ui.header import Header
from desktop.ui.help import PAGE
from desktop.ui.layer_menu import LayerMenu
from desktop.ui.layers_panel import LayersPanel
from desktop.ui.left_panel import LeftPanel
from desktop.ui.map_canvas import MapCanvas
from desktop.ui.map_crosshair import TOOLS
from desktop.ui.map_legend import MapLegend
from desktop.ui.map_menu import MapMenu
from desktop.ui.map_panel import MapPanel
from desktop.ui.map_tools import Tool
from desktop.ui.next_step import NextStep, hold
from desktop.ui.plan_page import PlanActions
from desktop.ui.status import StatusLine
from desktop.ui.tasks_panel import TasksPanel
from desktop.ui.workspace import Workspace
from layers.project import PLAN

LEFT = 280


@dataclass(frozen=True)
class Arrangement:
    """What of the workbench is shown: the step and tab in front, what is open below the map, what is hidden beside it."""

    step: str = "potential"
    tab: str = "layers"
    table: bool = False
    charts: bool = False
    tasks: bool = False
    hidden: tuple[str, ...] = ()


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
        self.workspace, self.canvas = workspace, canvas
        self._menu, self._search = menu, search
        self._card, self._page, self._plan = card_actions, page_actions, plan_actions
        self.step = "potential"

    def made(self) -> Iterator[None]:
        """Make all parts, one a turn; nothing else may be asked of the workbench before the last."""
        workspace, canvas, page_actions, plan_actions = self.workspace, self.canvas, self._page, self._plan
        self._frame()
        self.header = Header(workspace.tasks, self._menu, self._search, workspace.home_asked.emit)
        self._column.insertWidget(0, self.header)
        yield
        self.next = NextStep(
            {
                "import": page_actions.bring,
                "check": page_actions.check,
                "demand": lambda: workspace.assess([DEMAND]),
                "assess": page_actions.assess,
                "plan": plan_actions.make,
                "documents": plan_actions.documents,
                "report": page_actions.report,
            },
            self.enter_step,
        )
        layers = LayersPanel(workspace)
        yield
        self.left = LeftPanel(workspace, page_actions, plan_actions, layers)
        yield
        hold(self._beside, self.next, self.left)
        yield
        self.map = MapPanel(workspace, canvas)
        self.legend = MapLegend(workspace, self.map, self.map.tools)
        self.middle.addWidget(self.map)
        yield
        self.drawer = Drawer(workspace, canvas, lambda: self.show_table(shown=False))
        self.drawer.hide()
        self.middle.addWidget(self.drawer)
        yield
        self.charts = ChartsPanel(workspace, lambda: self.show_charts(shown=False))
        self.tasks = TasksPanel(workspace.tasks, lambda: self.show_tasks(shown=False))
        for lower in (self.charts, self.tasks):
            lower.hide()
            self.middle.addWidget(lower)
        self.middle.setSizes([430, 320, 330, 200])
        self.middle.setChildrenCollapsible(False)
        yield
        self.card = CardPanel(workspace, self._card)
        self._sides: dict[str, QWidget] = {"left": self._beside, "card": self.card}
        self.card.setMinimumWidth(320)
        self.card.setMaximumWidth(520)
        self.body.addWidget(self.card)
        self.body.setChildrenCollapsible(False)
        self.body.setSizes([LEFT, 800, WIDTH])
        self.status = StatusLine(workspace, self._card.assess)
        self._column.addWidget(self.status)
        yield
        self._connect()
        self.show_step(self.step)
        self.refresh()

    def _frame(self) -> None:
        """What holds the parts; Qt takes long to move a part that is filled already."""
        self._column = down(self, spacing=0)
        self.body = QSplitter(Qt.Orientation.Horizontal, self)
        self._column.addWidget(self.body, 1)
        self._beside = QWidget(self.body)
        self._beside.setMinimumWidth(260)
        self._beside.setMaximumWidth(420)
        self.middle = QSplitter(Qt.Orientation.Vertical, self.body)
        for part in (self._beside, self.middle):
            self.body.addWidget(part)
        self.body.setStretchFactor(1, 1)

    def _connect(self) -> None:
        workspace, canvas, card_actions = self.workspace, self.canvas, self._card
        for panel, page in (
            (self.map, "map"),
            (self.card, "map"),
            (self.drawer, "map"),
            (self.charts, "map"),
            (self.tasks, "start"),
        ):
            panel.setProperty(PAGE, page)
        self.header.chip.opened.connect(lambda: self.show_tasks(shown=True))
        self.header.step_chosen.connect(self._choose_step)
        self.map.identified.connect(self.card.show_identified)
        canvas.cursor_moved.connect(self.status.show_place)
        canvas.tool_chosen.connect(self.card.forget_identified)
        workspace.find_asked.connect(self.map.zoom_to_selection)
        workspace.map_begun.connect(self.map.zoom_to_city)
        workspace.problems_asked.connect(self.show_problems)
        workspace.results_asked.connect(self.show_results)
        for signal in (workspace.opened, workspace.data_changed, workspace.edits_changed):
            signal.connect(self.refresh)
        self.layer_menu = LayerMenu(
            workspace, canvas, self, lambda: self.show_table(shown=True), self.show_style
        )
        self.left.layers.list.menu_asked.connect(self.layer_menu.pop_up)
        self.map_menu = MapMenu(
            workspace,
            canvas,
            self,
            identify=self.card.show_identified,
            show_feature=self.map.show_feature,
            show_table=lambda: self.show_table(shown=True),
            report=card_actions.report,
            form=lambda: self.status.system.form,
        )
        canvas.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        canvas.customContextMenuRequested.connect(self.ask_map)
        workspace.filters.asked.connect(self.ask_filter)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves identifying and measuring: the list of what is there closes, and the pointer selects again."""
        leaving = self.map.canvas.tool in TOOLS
        if event.key() == Qt.Key.Key_Escape and (self.card.forget_identified() or leaving):
            if leaving:
                self.map.choose(Tool.SELECT)
            return
        super().keyPressEvent(event)

    def let_go(self) -> None:
        """Give the canvas free, for another workbench."""
        self.map.canvas.cursor_moved.disconnect(self.status.show_place)
        self.map.canvas.tool_chosen.disconnect(self.card.forget_identified)
        self.map.canvas.customContextMenuRequested.disconnect(self.ask_map)
        self.workspace.find_asked.disconnect(self.map.zoom_to_selection)
        self.workspace.map_begun.disconnect(self.map.zoom_to_city)
        self.workspace.problems_asked.disconnect(self.show_problems)
        self.workspace.results_asked.disconnect(self.show_results)
        self.workspace.filters.asked.disconnect(self.ask_filter)
        for part in (self.drawer, self.charts, self.tasks):
            part.let_go()
        self.map.let_go()

    def show_step(self, name: str) -> None:
        """Go to a step of the work."""
        if name != self.step:
            self.card.forget_identified()
            self.map.message.let_go()
        self.step = name
        self.left.show_step(name)
        self.header.show_step(name)
        self.legend.set_wanted(name != "potential")  # there the layers have theirs beside the map
        self.next.show_step(name)
        self.card.lead_with_plan(leads=name == "plan")

    def enter_step(self, name: str) -> None:
        """The user goes to a step; at that of the plan the map shows it, unless they chose what the map shows."""
        self.show_step(name)
        if name == "plan" and self.workspace.plan is not None and not self.workspace.theme_chosen:
            self.workspace.show_result(PLAN)

    def show_problems(self) -> None:
        """Show what was found in the data."""
        self.left.show_tab("problems")

    def show_results(self) -> None:
        """Show what was found for the city."""
        self.show_step("results")

    def show_table(self, *, shown: bool | None = None) -> None:
        """Open or close the drawer with the attribute table; asked for by hand it is that of what is selected."""
        if shown is None and not self.drawer.isVisible():
            self.workspace.activate(self.workspace.chosen.table)
        self.drawer.setVisible(not self.drawer.isVisible() if shown is None else shown)
        if self.drawer.isVisible():
            self.drawer.refresh()

    def show_charts(self, *, shown: bool | None = None) -> None:
        """Open or close the charts."""
        self.charts.setVisible(not self.charts.isVisible() if shown is None else shown)
        self.charts.refresh()

    def show_beside(self, name: str, *, shown: bool | None = None) -> None:
        """Show or hide what stands beside the map: `left` or `card`; the map takes the room."""
        panel = self._sides[name]
        panel.setVisible(panel.isHidden() if shown is None else shown)

    @property
    def hidden(self) -> list[str]:
        """What beside the map is hidden."""
        return [name for name, panel in self._sides.items() if panel.isHidden()]

    def arrangement(self) -> Arrangement:
        """What is shown, to show it so again."""
        table, charts, tasks = (not part.isHidden() for part in (self.drawer, self.charts, self.tasks))
        return Arrangement(self.step, self.left.tab, table, charts, tasks, tuple(self.hidden))

    def arrange(self, kept: Arrangement) -> None:
        """Show the same as another workbench did, but the table, which is read once it is seen."""
        self.show_step(kept.step)
        self.left.show_tab(kept.tab)
        for name in kept.hidden:
            self.show_beside(name, shown=False)
        self.show_charts(shown=kept.charts)
        self.show_tasks(shown=kept.tasks)

    def _choose_step(self, name: str) -> None:
        """Go to a step that was asked for by hand: its page comes into sight."""
        self.show_beside("left", shown=True)
        self.enter_step(name)

    def ask_map(self, place: QPoint) -> None:
        """Offer what can be done at a place of the map."""
        self.map_menu.pop_up(place)

    def show_style(self) -> None:
        """Bring the style of the active layer to the front."""
        self.left.show_tab("layers")
        self.left.layers.show_style()

    def ask_filter(self, table: str) -> None:
        """Open the table of a layer at its filter."""
        self.show_table(shown=True)
        self.drawer.ask_filter(table)

    def show_tasks(self, *, shown: bool | None = None) -> None:
        """Open or close the list of tasks."""
        self.tasks.setVisible(not self.tasks.isVisible() if shown is None else shown)

    def refresh(self) -> None:
        """Say which project is open, and how far the work is."""
        project = self.workspace.project
        if project is not None:
            self.header.show_project(project.name, self.workspace.shown_scenario.title, project.folder)
            steps = self.steps()
            self.header.show_states(steps)
            self.next.show_steps(steps)

    def steps(self) -> dict[str, Step]:
        """How far each step of the work is."""
        workspace = self.workspace
        project = workspace.project
        if project is None:
            return {}
        standing = Standing(
            made=workspace.assessments,
            fresh=workspace.fresh,
            plan=workspace.plan is not None,
            plan_fresh=workspace.plan_fresh,
            written=is_written(project.folder),
            potentials=sum(name != DEMAND for name in operations.potential_names()),
            documents=has_documents(project.folder),
        )
        return steps_of(project, standing)
