"""The page of the plan: scenario, the city's targets with what is reached and what stops it, and what to do next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
from PySide6.QtWidgets import QWidget

from core.fields import field
from core.texts import text, word
from core.units import figure, percent, quantity, unit_said
from desktop import own_targets, planning, scenarios
from desktop.addresses import Address
from desktop.card_words import account_said
from desktop.own_targets import OwnTarget
from desktop.plan_totals import asked_said, main_figures, share_of
from desktop.plan_words import beyond_said, set_said
from desktop.ui.card_parts import FactRow, Flow, button, down, hairline, label
from desktop.ui.data_page import Page, PageActions
from desktop.ui.figure_row import FigureRow
from desktop.ui.inputs import ComboBox
from desktop.ui.target_sliders import TargetSliders
from desktop.ui.trace_menu import offer_trace
from desktop.ui.workspace import Workspace
from plans import Part


@dataclass(frozen=True)
class PlanActions:
    """What the buttons of the page do; the window gives it."""

    make: Callable[[], None]
    target: Callable[[], None]
    change_target: Callable[[OwnTarget], None]
    scenario: Callable[[], None]
    rename: Callable[[], None]
    delete: Callable[[], None]
    table: Callable[[], None]
    compare: Callable[[], None]
    documents: Callable[[], None]
    preview: Callable[[], None]
    trace: Callable[[str], None]
    lists: Callable[[], None]
    settings: Callable[[], None]
    own_data: Callable[[], None]


class PlanPage(Page):
    """What is to be reached, what the plan reaches, and what it costs."""

    LOOKS_AT_FILES = False

    def __init__(self, workspace: Workspace, actions: PageActions, plan: PlanActions) -> None:
        self.does = plan
        super().__init__(workspace, actions)

    def write(self) -> None:
        """Scenario, targets, totals and buttons."""
        project = self.workspace.project
        if project is None:
            return
        self.column.addWidget(label(text("Plan"), "title"))
        self._scenarios()
        made = self.workspace.plan
        if not self.workspace.assessments:
            words = text("Nothing was assessed yet. A plan follows from what was found.")
            self.column.addWidget(label(words, "small", wraps=True))
            self.buttons(button(text("Assess potentials"), "main", self.can.assess))
            return
        if made is not None and not self.workspace.plan_fresh:
            words = text("The plan is out of date: targets, decisions or results changed.")
            self.column.addWidget(label(words, "warning", wraps=True))
        stale = made is None or not self.workspace.plan_fresh
        self.buttons(
            button(text("Make the plan"), "main" if stale else "plain", self.does.make),
            button(text("Set a target…"), "plain", self.does.target),
        )
        self.buttons(
            button(text("Settings of the plan…"), "plain", self.does.settings),
            button(text("Own data…"), "plain", self.does.own_data),
        )
        if made is not None and not stale:
            self.column.addWidget(label(text("Move targets"), "section"))
            self.column.addWidget(TargetSliders(self.workspace, self.does.make))
        self._targets(own_targets.targets_of(project, self.workspace.scenario))
        if made is None:
            return
        self._accounts(made)
        self._totals(made)
        self.buttons(
            button(text("Lists of the plan…"), "plain", self.does.lists),
            button(text("Write documents…"), "plain" if stale else "main", self.does.documents),
            button(text("Preview…"), "plain", self.does.preview),
            button(text("Check documents"), "plain", self.can.check_documents),
        )

    def _scenarios(self) -> None:
        project = self.workspace.project
        if project is None:
            return
        chosen = ComboBox()
        chosen.setAccessibleName(text("Scenario"))
        for one in scenarios.scenarios(project):
            chosen.addItem(one.title, one.key)
        chosen.setCurrentIndex(max(0, chosen.findData(self.workspace.scenario)))
        chosen.activated.connect(lambda number: self.workspace.choose_scenario(str(chosen.itemData(number))))
        self.column.addWidget(chosen)
        links = [
            button(text("New scenario…"), "link", self.does.scenario),
            button(text("Rename…"), "link", self.does.rename),
        ]
        if self.workspace.scenario != scenarios.FIRST:
            links.append(button(text("Delete…"), "link", self.does.delete))
        if chosen.count() > 1:
            links.append(button(text("All scenarios…"), "link", self.does.table))
            links.append(button(text("Compare scenarios…"), "link", self.does.compare))
        holder = QWidget()
        flow = Flow(holder, spacing=12)
        for link in links:
            flow.addWidget(link)
        self.column.addWidget(holder)

    def _targets(self, targets: Sequence[OwnTarget]) -> None:
        self.column.addWidget(label(text("The city's own targets"), "section"))
        if not targets:
            words = text("None yet: the plan takes the targets of the national sets.")
            self.column.addWidget(label(words, "small", wraps=True))
        for one in targets:
            self.column.addWidget(FactRow(one.title, one.asked, edit=partial(self.does.change_target, one)))

    def _accounts(self, made: Part) -> None:
        """Each target and limit of the programme: asked for, reached, the price of one more, what stops it."""
        self.column.addWidget(label(text("Targets and limits"), "section"))
        project, city = self.workspace.project, self.workspace.city
        if project is None:
            return
        chosen = scenarios.scenario_named(project, self.workspace.scenario)
        settings = planning.settings_of(project, chosen)
        sets = text(", ").join(set_said(one) for one in settings.target_sets)
        objective = word(settings.objective)
        for words in (
            text("Objective: {objective}", objective=objective),
            text("National sets of targets: {sets}", sets=sets),
        ):
            self.column.addWidget(label(words, "note", wraps=True))
        districts = city.tables.get("district") if city is not None else None
        for name, row in made.tables["account"].iterrows():
            if self.column.count() > 4:
                self.column.addWidget(hairline())
            title = account_said(str(name), row["indicator"], districts)
            beyond = beyond_said(row, settings.objective)
            shown = _account(title, row, share_of(made, str(row["indicator"])), beyond)
            reached = Address(table="account", row=str(name), column="reached")
            offer_trace(shown, [(title, reached)], self.workspace.trace_asked.emit)
            self.column.addWidget(shown)

    def _totals(self, made: Part) -> None:
        self.column.addSpacing(6)
        self.column.addWidget(label(text("What the plan adds up to"), "section"))
        self.column.addWidget(label(text("Press a figure to see where it comes from."), "note", wraps=True))
        for key, (title, one) in main_figures(made).items():
            self.column.addWidget(FigureRow(title, one.said(), partial(self.does.trace, key)))


def _account(title: str, row: pd.Series[Any], share: tuple[float, float] | None, beyond: str) -> QWidget:
    """One target or limit; a share is said as a share, with the amount it comes to below; `beyond` why more is reached."""
    unit = str(row["account_unit"])
    holder = QWidget()
    column = down(holder, spacing=1)
    column.addWidget(label(title, "strong", wraps=True))
    at_least = bool(row["at_least"])
    amount = asked_said(
        *(quantity(float(row[one]), unit) for one in ("reached", "required")), at_least=at_least
    )
    met = float(row["shortfall"]) <= 0
    part = "small" if met else "warning"
    if share is None:
        column.addWidget(label(amount, part, wraps=True))
    else:
        said = asked_said(*(percent(one) for one in share), at_least=at_least)
        column.addWidget(label(said, part, wraps=True))
        column.addWidget(label(amount, "note", wraps=True))
    price = float(row["price_yuan"])
    if price > 0:
        words = (
            text(
                "One {unit} more costs {price} CNY a year.",
                unit=unit_said(unit),
                price=figure(price),
            )
            if row["at_least"]
            else text(
                "One {unit} more would save {price} CNY a year.", unit=unit_said(unit), price=figure(price)
            )
        )
        column.addWidget(label(words, "note", wraps=True))
    if beyond:
        column.addWidget(label(beyond, "note", wraps=True))
    if not met:
        words = text(
            "Missed by {amount}: {limit}",
            amount=quantity(float(row["shortfall"]), unit),
            limit=field("limit").shown(row["limit"]),
        )
        column.addWidget(label(words, "note", wraps=True))
    return holder
