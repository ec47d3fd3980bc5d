"""The left panel: at each step of the work its page, and beside it at all of them layers, problems and history."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QPushButton, QStackedWidget, QWidget

from core.texts import text
from core.units import count
from desktop.ui.card_parts import across, down
from desktop.ui.data_page import DataPage, PageActions, ResultsPage
from desktop.ui.demand_page import DemandPage
from desktop.ui.history_panel import HistoryPanel
from desktop.ui.layers_panel import LayersPanel
from desktop.ui.next_step import TITLES
from desktop.ui.plan_page import PlanActions, PlanPage
from desktop.ui.problems_panel import ProblemsPanel, show_rows_of
from desktop.ui.workspace import Workspace

PAGE = "page"  # the tab of the step itself; potentials have none, they are looked at in the layers
TABS = (PAGE, "layers", "problems", "history")


class LeftPanel(QWidget):
    """Tabs: the page of the step in front, the layers, the problems of the data, and the history."""

    def __init__(
        self, workspace: Workspace, actions: PageActions, plan: PlanActions, layers: LayersPanel
    ) -> None:
        super().__init__()
        self.setObjectName("left")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.workspace = workspace
        self.layers = layers
        self.problems = ProblemsPanel()
        self.history = HistoryPanel(workspace)
        pages = {
            "data": DataPage(workspace, actions),
            "demand": DemandPage(workspace, actions),
            "plan": PlanPage(workspace, actions, plan),
            "results": ResultsPage(workspace, actions),
        }
        self._steps = tuple(pages)
        self.pages = QStackedWidget()
        for page in pages.values():
            self.pages.addWidget(page)
        self._tabs = QStackedWidget()
        for part in (self.pages, self.layers, self.problems, self.history):
            self._tabs.addWidget(part)
        self._names: dict[str, QPushButton] = {}
        group = QButtonGroup(self)
        bar = across(spacing=8)
        bar.setContentsMargins(14, 8, 12, 0)
        for name, words in zip(TABS, ("Step", "Layers", "Problems", "History"), strict=True):
            made = QPushButton(text(words))
            made.setProperty("part", "tab")
            made.setCheckable(True)
            made.clicked.connect(lambda checked=False, name=name: self.show_tab(name))
            group.addButton(made)
            bar.addWidget(made)
            self._names[name] = made
        bar.addStretch(1)
        column = down(self, spacing=2)
        column.addLayout(bar)
        column.addWidget(self._tabs, 1)
        self.problems.show_rows.connect(partial(show_rows_of, workspace))
        self.layers.problems_asked.connect(workspace.problems_asked.emit)
        workspace.data_changed.connect(self._fill_problems)
        self.show_step("potential")
        self._fill_problems()

    @property
    def tab(self) -> str:
        """The tab in front."""
        return TABS[self._tabs.currentIndex()]

    def show_step(self, name: str) -> None:
        """Show the page of a step; the layers where it has none."""
        has_page = name in self._steps
        self._names[PAGE].setVisible(has_page)
        if has_page:
            self._names[PAGE].setText(text(TITLES[name]))
            self.pages.setCurrentIndex(self._steps.index(name))
            self.show_tab(PAGE)
        elif self.tab == PAGE:
            self.show_tab("layers")

    def show_tab(self, name: str) -> None:
        """Bring a tab to the front."""
        self._tabs.setCurrentIndex(TABS.index(name))
        self._names[name].setChecked(True)

    def _fill_problems(self) -> None:
        problems = self.workspace.problems
        self.problems.set_problems(problems)
        words = text("Problems")
        self._names["problems"].setText(f"{words} {count(len(problems))}" if problems else words)
