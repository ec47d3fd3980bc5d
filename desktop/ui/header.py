"""The header: what project is open, the steps of the work with their state, search, and the running task."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QWidget,
)

from core.texts import text
from desktop.steps import Step
from desktop.ui import theme
from desktop.ui.card_parts import across, down, label
from desktop.ui.next_step import TITLES
from desktop.ui.painting import guarded
from desktop.ui.task_chip import CHIP_WIDTH, TaskChip
from desktop.ui.worker import Tasks

HEIGHT = 52
TIGHT_CHIP_WIDTH = 64
TIGHT = 1080  # window width below which search and project give way to the steps
ROOMY = 1300  # window width from which the room of the running task is kept free
STATES = {"done": ("accent", "done"), "stale": ("sun", "out of date"), "open": ("line", "not begun")}


class Dot(QWidget):
    """The state of a step: green done, amber out of date, grey not begun."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(8, 8)
        self.state = "open"
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_state(self, state: str) -> None:
        """Take another state."""
        self.state = state
        self.update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the dot."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            colours = theme.tokens()
            pale = theme.between(colours["muted"], colours["panel"], 0.55)
            painter.setBrush(QColor(pale if self.state == "open" else colours[STATES[self.state][0]]))
            painter.drawEllipse(self.rect())


class StepButton(QPushButton):
    """A step with its dot."""

    def __init__(self, words: str) -> None:
        super().__init__(f"    {words}")
        self.words = words
        self.setCheckable(True)
        self.setProperty("part", "step")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.dot = Dot()
        self.dot.setParent(self)

    def show_state(self, state: str, next_words: str) -> None:
        """Show and say the state of the step, and what is to be done next."""
        self.dot.show_state(state)
        words = text(STATES[state][1])
        self.setToolTip(f"{self.words}: {words}\n{next_words}")
        self.setAccessibleDescription(next_words)
        self.setAccessibleName(f"{self.words}: {words}")

    def resizeEvent(self, event: object) -> None:
        """Keep the dot before the word."""
        self.dot.move(15, (self.height() - 8) // 2)

    def sizeHint(self) -> QSize:
        """Room for the bold word of the step that is chosen."""
        hint = super().sizeHint()
        return QSize(hint.width() + 12, hint.height())


class Header(QWidget):
    """The header of the workbench.

    Signals
    -------
    step_chosen(str)
        `data`, `demand`, `potential`, `plan` or `results`.
    """

    step_chosen = Signal(str)

    def __init__(self, tasks: Tasks, menu: QMenu, search: QLineEdit, home: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        logo = QPushButton("绿")
        logo.setProperty("part", "logo")
        logo.setFixedSize(28, 28)
        logo.setToolTip(text("Start page"))
        logo.setAccessibleName(text("Start page"))
        logo.clicked.connect(lambda: home())
        self._city, self._project = label("", "city"), label("", "small")
        names = down(spacing=0)
        names.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        names.addWidget(self._city)
        names.addWidget(self._project)
        holder = QWidget()
        holder.setLayout(names)
        holder.setFixedWidth(210)
        self.more = more = QToolButton()
        more.setProperty("part", "tool")
        more.setIcon(theme.icon("ph.list"))
        more.setMenu(menu)
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        more.setToolTip(text("Menu (Alt+M)"))
        more.setAccessibleName(text("Menu"))
        more.setShortcut("Alt+M")
        self.steps = {name: StepButton(text(words)) for name, words in TITLES.items()}
        self.frame = frame = QFrame()
        frame.setProperty("part", "steps")
        row = across(spacing=2)
        row.setContentsMargins(3, 3, 3, 3)
        group = QButtonGroup(self)
        for number, (name, step) in enumerate(self.steps.items()):
            group.addButton(step)
            row.addWidget(step)
            step.setShortcut(f"Alt+{number + 1}")
            step.clicked.connect(lambda checked=False, name=name: self.step_chosen.emit(name))
        frame.setLayout(row)
        frame.setFixedHeight(38)
        self.chip = TaskChip(tasks)
        self.search, self._names = search, holder
        bar = across(logo, holder, None, frame, None, self.chip, search, more, spacing=10)
        bar.setContentsMargins(14, 0, 12, 0)
        self.setLayout(bar)
        tasks.changed.connect(self._fit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room anew."""
        self._fit()

    def _fit(self) -> None:
        """Where there is room, nothing moves when a task begins; where there is little, the steps come first."""
        width = self.width()
        policy = self.chip.sizePolicy()
        policy.setRetainSizeWhenHidden(width >= ROOMY)
        self.chip.setSizePolicy(policy)
        narrow, tight = width < ROOMY, width < TIGHT
        self.chip.set_width(TIGHT_CHIP_WIDTH if tight else CHIP_WIDTH)
        self.search.setFixedWidth(110 if tight else 234 if narrow else 262)
        self._names.setFixedWidth(90 if tight else 150 if narrow else 210)
        self._names.setVisible(not (tight and self.chip.isVisibleTo(self)))

    def show_project(self, city: str, scenario: str, folder: Path) -> None:
        """Say which project is open, and which scenario of it."""
        for said, words in ((self._city, city), (self._project, scenario)):
            said.setText(said.fontMetrics().elidedText(words, Qt.TextElideMode.ElideMiddle, 205))
            said.setToolTip(f"{words}\n{folder}")

    def show_step(self, name: str) -> None:
        """Mark the step the window is at."""
        self.steps[name].setChecked(True)

    def show_states(self, steps: Mapping[str, Step]) -> None:
        """Show which steps are done, out of date or not begun."""
        for name, step in steps.items():
            self.steps[name].show_state(step.state, step.next)
