"""The left panel: at each step of the work what belongs to it: data, layers with problems and history, results."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QPushButton, QStackedWidget, QWidget

from core.texts import text
from core.units import count
from desktop.steps import STEPS
from desktop.ui.card_parts import across, down
from desktop.ui.data_page import DataPage, PageActions, ResultsPage
from desktop.ui.demand_page import DemandPage
from desktop.ui.history_panel import HistoryPanel
from desktop.ui.layers_panel import LayersPanel
from desktop.ui.plan_page import PlanActions, PlanPage
from desktop.ui.problems_panel import ProblemsPanel, show_rows_of
from desktop.ui.workspace import Workspace

PAGES = STEPS
TABS = ("layers", "problems", "history")


class LeftPanel(QWidget):
    """Pages of the steps; the page of potentials has tabs."""

    def __init__(self, workspace: Workspace, actions: PageActions, plan: PlanActions) -> None:
        super().__init__()
        self.setObjectName("left")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.workspace = workspace
        self.layers = LayersPanel(workspace)
        self.problems = ProblemsPanel()
        self.history = HistoryPanel(workspace)
        self._tabs = QStackedWidget()
        for part in (self.layers, self.problems, self.history):
            self._tabs.addWidget(part)
        self._names: dict[str, QPushButton] = {}
        group = QButtonGroup(self)
        bar = across(spacing=18)
        bar.setContentsMargins(14, 8, 12, 0)
        for name, words in zip(TABS, ("Layers", "Problems", "History"), strict=True):
            made = QPushButton(text(words))
            made.setProperty("part", "tab")
            made.setCheckable(True)
            made.clicked.connect(lambda checked=False, name=name: self.show_tab(name))
            group.addButton(made)
            bar.addWidget(made)
            self._names[name] = made
        bar.addStretch(1)
        work = QWidget()
        column = down(work, spacing=2)
        column.addLayout(bar)
        column.addWidget(self._tabs, 1)
        self.pages = QStackedWidget()
        pages = (
            DataPage(workspace, actions),
            DemandPage(workspace, actions),
            work,
            PlanPage(workspace, actions, plan),
            ResultsPage(workspace, actions),
        )
        for page in pages:
            self.pages.addWidget(page)
        down(self, spacing=0).addWidget(self.pages)
        self.problems.show_rows.connect(partial(show_rows_of, workspace))
        self.layers.problems_asked.connect(workspace.problems_asked.emit)
        workspace.data_changed.connect(self._fill_problems)
        self.show_tab("layers")
        self._fill_problems()

    @property
    def tab(self) -> str:
        """The tab in front."""
        return TABS[self._tabs.currentIndex()]

    def show_step(self, name: str) -> None:
        """Show the page of a step."""
        self.pages.setCurrentIndex(PAGES.index(name))

    def show_tab(self, name: str) -> None:
        """Bring a tab of the page of potentials to the front."""
        self._tabs.setCurrentIndex(TABS.index(name))
        self._names[name].setChecked(True)

    def _fill_problems(self) -> None:
        problems = self.workspace.problems
        self.problems.set_problems(problems)
        words = text("Problems")
        self._names["problems"].setText(f"{words} {count(len(problems))}" if problems else words)
