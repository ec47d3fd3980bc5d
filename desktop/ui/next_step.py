"""The next step: at the head of the left panel one sentence on how far a step is, and the button that goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from core.texts import text
from desktop.steps import STEPS, Step
from desktop.ui.card_parts import button, down, label

# What the button of an action says.
BUTTONS = {
    "import": "Import…",
    "check": "Check data",
    "demand": "Compute demand",
    "assess": "Assess potentials",
    "plan": "Make the plan",
    "documents": "Write documents…",
    "report": "Parcel reports…",
}
TITLES = {
    "data": "Data",
    "demand": "Demand",
    "potential": "Potential",
    "plan": "Plan",
    "results": "Results",
}


class NextStep(QFrame):
    """What is to be done at the step in front; a link leads on to the following one where it is done.

    Parameters
    ----------
    does : Mapping of str to callable
        What each action of a step does.
    go_to : callable
        Shows another step.
    """

    def __init__(self, does: Mapping[str, Callable[[], None]], go_to: Callable[[str], None]) -> None:
        super().__init__()
        self.setObjectName("nextStep")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._does, self._go_to = does, go_to
        self._steps: Mapping[str, Step] = {}
        self._name = STEPS[0]
        self.words = label("", "small", wraps=True)
        self.go = button("", "link", self._pressed)
        column = down(self, margins=(14, 8, 14, 8), spacing=2)
        column.addWidget(self.words)
        column.addWidget(self.go, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def show_steps(self, steps: Mapping[str, Step]) -> None:
        """Take in how far all steps are."""
        self._steps = steps
        self._write()

    def show_step(self, name: str) -> None:
        """Speak of another step."""
        self._name = name
        self._write()

    @property
    def action(self) -> str:
        """The action of the button; empty where it leads to another step, or there is none."""
        step = self._steps.get(self._name)
        return step.action if step is not None and step.action in self._does else ""

    @property
    def leads_to(self) -> str:
        """The step the button leads to; empty where it does something, or there is none."""
        step = self._steps.get(self._name)
        if step is None or self.action:
            return ""
        return self._following() if step.state == "done" or not step.action else ""

    def _following(self) -> str:
        """The step to go to: the first that is not done before this one, else the one after it."""
        order = list(self._steps)
        place = order.index(self._name)
        before = [name for name in order[:place] if self._steps[name].state != "done"]
        if before and self._steps[self._name].state != "done":
            return before[0]
        return order[place + 1] if place + 1 < len(order) and not before else ""

    def _write(self) -> None:
        step = self._steps.get(self._name)
        self.setVisible(step is not None)
        if step is None:
            return
        self.words.setText(step.next)
        said = text(BUTTONS[self.action]) if self.action else ""
        if self.leads_to:
            said = text("Go to: {step}", step=text(TITLES[self.leads_to]))
        self.go.setText(said)
        self.go.setAccessibleName(said)
        self.go.setAccessibleDescription(step.next)
        self.go.setVisible(bool(said))

    def _pressed(self) -> None:
        if self.action:
            self._does[self.action]()
        elif self.leads_to:
            self._go_to(self.leads_to)


def hold(whole: QWidget, strip: NextStep, pages: QWidget) -> None:
    """Put the pages of the steps with the strip above them into their place."""
    column = down(whole, spacing=0)
    column.addWidget(strip)
    column.addWidget(pages, 1)
