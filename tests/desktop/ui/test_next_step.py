"""The strip at the head of the left panel does what its button says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core import texts
from desktop.steps import STEPS, Step
from desktop.ui.next_step import NextStep

DONE = {name: Step(name, "done", "It is done.") for name in STEPS}
ACTIONS = {"data": "check", "demand": "demand", "potential": "assess", "plan": "plan", "results": "documents"}


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "_chosen", "en")


def pressed(qtbot: QtBot, steps: Mapping[str, Step], name: str) -> tuple[str, list[str]]:
    """What the button says at a step, and what comes of pressing it."""
    came: list[str] = []
    does = {action: lambda action=action: came.append(f"do {action}") for action in ACTIONS.values()}
    strip = NextStep(does, lambda step: came.append(f"go to {step}"))
    qtbot.addWidget(strip)
    strip.show_steps(steps)
    strip.show_step(name)
    qtbot.mouseClick(strip.go, Qt.MouseButton.LeftButton)
    return strip.go.text(), came


@pytest.mark.parametrize(("name", "following"), [("data", "demand"), ("potential", "plan")])
def test_a_step_that_is_done_leads_to_the_next_and_computes_nothing(qtbot, name, following):
    said, came = pressed(qtbot, DONE, name)
    assert said == f"Go to: {following.capitalize()}"
    assert came == [f"go to {following}"]


@pytest.mark.parametrize(("name", "said"), [("demand", "Compute demand"), ("plan", "Make the plan")])
def test_a_step_to_be_done_does_it_and_says_so(qtbot, name, said):
    steps = {**DONE, name: replace(DONE[name], state="open", action=ACTIONS[name])}
    assert pressed(qtbot, steps, name) == (said, [f"do {name}"])


def test_a_step_that_has_to_wait_leads_back_to_the_first_that_is_not_done(qtbot):
    steps = {**DONE, **{name: Step(name, "open", "Others come first.") for name in STEPS[1:]}}
    assert pressed(qtbot, steps, "plan") == ("Go to: Demand", ["go to demand"])
