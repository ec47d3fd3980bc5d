"""Sliders of targets and of the cap on investment: what the plan would choose with other targets, while they are moved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSlider, QWidget

from core.fields import field
from core.jobs import Job
from core.problems import UserError
from core.texts import text
from core.units import MINUS, count, figure, percent, quantity, unit_said
from desktop import operations, own_targets
from desktop.addresses import Address
from desktop.card_words import account_said
from desktop.movable_targets import SHARES, Movable, figure_of_share, movable_targets, share_reached
from desktop.plan_map import trial_plan
from desktop.target_preview import TargetPreview, Trial, target_preview
from desktop.ui.card_parts import across, button, down, label
from desktop.ui.inputs import Slider
from desktop.ui.trace_menu import offer_trace
from desktop.ui.workspace import Message, Workspace
from layers.project import Project
from plans.options.accounts import BUDGET

STEPS = 200
MISSED = 1e-9  # of a share
TABLE = "parcel"
CHANGES = (
    ("capex_yuan", "Investment", "yuan"),
    ("cost_yuan_per_year", "Yearly cost", "yuan/a"),
    ("saved_kgce_per_year", "Coal replaced", "kgce/a"),
    ("avoided_tco2_per_year", "Carbon dioxide avoided", "tCO2/a"),
)


class TargetSliders(QWidget):
    """A slider for every target and for the cap on investment; parcels whose choice would differ are selected."""

    def __init__(self, workspace: Workspace, make_plan: Callable[[], None]) -> None:
        super().__init__()
        self.workspace, self.make_plan = workspace, make_plan
        self.preview: TargetPreview | None = None
        self.trial: Trial | None = None
        self.sliders: dict[str, QSlider] = {}
        self._values: dict[str, QLabel] = {}
        self._said: dict[str, QLabel] = {}
        self._targets: dict[str, Movable] = {}
        self._accounts = () if workspace.plan is None else tuple(workspace.plan.tables["account"].index)
        column = down(self, spacing=4)
        if workspace.plan is not None and workspace.project is not None:
            for target in movable_targets(workspace.plan, workspace.project.standards):
                self._targets[target.account] = target
                column.addWidget(self._row(target))
            self._say_kept()
        hint = text(
            "Move a target: the plan is solved again, the map shows the trial, and parcels that change are selected."
        )
        self.summary = label(hint, "note", wraps=True)
        self.keep = button(text("Adopt these targets"), "main", self.adopt)
        self.back = button(text("Reset"), "plain", self.reset)
        column.addWidget(self.summary)
        column.addLayout(across(self.keep, self.back, None, spacing=8))
        self._enable()
        workspace.show_trial(None)  # of sliders that stood here before

    def values(self) -> dict[str, float]:
        """Targets that were moved, by account, in base units; of rates shares of 1."""
        return {
            name: target.most * self.sliders[name].value() / STEPS
            for name, target in self._targets.items()
            if self.sliders[name].value() != _step(target)
        }

    def reset(self) -> None:
        """All targets as the plan has them."""
        for name, target in self._targets.items():
            self.sliders[name].setValue(_step(target))

    def adopt(self) -> None:
        """Set the moved targets as the city's own, and make the plan."""
        moved = {name: (self._targets[name], value) for name, value in self.values().items()}

        def change(project: Project) -> None:
            scenario, why = self.workspace.scenario, text("Set by slider")
            for target, value in moved.values():
                if target.account == BUDGET:
                    cap = {"budget_yuan": value}
                    operations.set_plan_settings(project, cap, scenario=scenario, why=why)
                    continue
                own_targets.set_target(
                    project, target.indicator, target.year, value, unit=target.unit, scenario=scenario,
                    operator=">=" if target.at_least else "<=", source=why, why=why,
                )  # fmt: skip

        if moved and self.workspace.edit(change):
            self.make_plan()

    # ---- moving

    def _row(self, target: Movable) -> QWidget:
        holder = QWidget()
        value = label("", "strong")
        value.setAlignment(Qt.AlignmentFlag.AlignRight)
        slider = Slider()
        slider.setRange(0, STEPS)
        slider.setPageStep(STEPS // 10)
        slider.setAccessibleName(_title(target))
        said = label("", "note", wraps=True)
        slider.setValue(_step(target))
        slider.valueChanged.connect(partial(self._move, target))
        self.sliders[target.account], self._values[target.account] = slider, value
        self._said[target.account] = said
        column = down(holder, spacing=1)
        column.addLayout(across(label(_title(target), "small", wraps=True), value, spacing=8))
        column.addWidget(slider)
        column.addWidget(said)
        self._say_value(target)
        reached = Address(table="account", row=target.account, column="reached", planned=True)
        if target.indicator in SHARES:
            reached = Address(key=figure_of_share(target.indicator))
        offer_trace(holder, [(_title(target), reached)], lambda at: self.workspace.trace_asked.emit(at))
        holder.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its slider has the keys
        return holder

    def _say_value(self, target: Movable) -> None:
        slider = self.sliders[target.account]
        value = target.value if slider.value() == _step(target) else target.most * slider.value() / STEPS
        said = f"{'≥' if target.at_least else '≤'} {_amount(target, value)}"
        if target.account == BUDGET and BUDGET not in self._accounts and slider.value() == _step(target):
            said = text("no cap")
        self._values[target.account].setText(said)

    def _move(self, target: Movable, step: int) -> None:
        self._say_value(target)
        self._enable()
        values = self.values()
        if not values:
            self.trial = None
            self.workspace.later.ask("targets", lambda: None, lambda _: None)  # what is solved comes too late
            self.workspace.show_trial(None)
            self.summary.setText(text("These are the targets of the plan."))
            self._say_kept()
            self.workspace.select(TABLE, None)
            return
        project, scenario = self.workspace.project, self.workspace.scenario
        if project is None:
            raise RuntimeError("sliders without a project")
        self.summary.setText(text("Solving again…"))
        self.workspace.later.ask("targets", lambda: self._solved(project, scenario, values), self._show)

    def _solved(self, project: Project, scenario: str, values: dict[str, float]) -> Trial | UserError:
        """In the thread beside the window; the first time the project is read for it."""
        try:
            if self.preview is None:
                self.preview = target_preview(project, scenario)
            return self.preview.tried(values, Job())
        except UserError as error:
            return error

    def _show(self, found: Trial | UserError) -> None:
        if isinstance(found, UserError):
            self.workspace.refused.emit(found)
            return
        self.trial = found
        if self.workspace.plan is not None:
            self.workspace.show_trial(trial_plan(self.workspace.plan, found.tables))
        self._say_kept()
        parts = []
        if found.choice is not None:
            self._say_accounts(found.choice.accounts)
            changes = found.choice.change.sum()
            parts = [
                f"{text(title)} {_signed(float(changes[column]), unit)}" for column, title, unit in CHANGES
            ]
        if found.green is not None:
            self._say_shares(found.green.reached)
            area = quantity(found.green.area_m2, "m²")
            parts.append(text("{area} of new floor area graded or built otherwise", area=area))
        parts.append(text("{count} parcels change", count=count(len(found.parcels))))
        self.summary.setText(text("Against the plan: ") + text("; ").join(parts))
        self.workspace.select_ids(TABLE, found.parcels)
        if found.choice is not None and found.choice.problems:
            self.workspace.said.emit(Message(found.choice.problems[0].said()))

    def _say_kept(self) -> None:
        """Beside every slider what the plan reaches."""
        plan = self.workspace.plan
        if plan is not None:
            self._say_accounts(plan.tables["account"])
            self._say_shares({name: share_reached(plan, name) for name in self._targets if name in SHARES})

    def _say_shares(self, reached: Mapping[str, float]) -> None:
        """Beside the sliders of new building which shares are reached, or by how much they are missed."""
        for name in self._targets.keys() & reached.keys():
            missing = self.values().get(name, self._targets[name].value) - reached[name]
            said = text("Reached {amount}", amount=percent(reached[name]))
            if missing > MISSED:
                said = text(
                    "Reached {amount}; all other parcels are approved or set by hand",
                    amount=percent(reached[name]),
                )
            self._said[name].setText(said)

    def _say_accounts(self, accounts: pd.DataFrame) -> None:
        """Beside every slider what is reached and what one more costs: of the plan, or of what was moved."""
        for name, row in accounts.iterrows():
            if name == BUDGET and BUDGET not in self._accounts and BUDGET not in self.values():
                self._said[BUDGET].setText("")  # no cap is set, and none is tried
            elif name in self._said:
                self._said[str(name)].setText(_reached(row))

    def _enable(self) -> None:
        moved = bool(self.values())
        self.keep.setEnabled(moved)
        self.back.setEnabled(moved)


def _title(target: Movable) -> str:
    return account_said(target.account, target.indicator)


def _step(target: Movable) -> int:
    return round(STEPS * target.value / target.most)


def _amount(target: Movable, value: float) -> str:
    return quantity(value, target.unit) if target.unit else percent(value)


def _signed(value: float, unit: str) -> str:
    said = quantity(abs(value), unit)
    return said if value == 0 else f"{'+' if value > 0 else MINUS}{said}"


def _reached(account: pd.Series) -> str:
    """What is reached at which marginal cost, or by how much it is missed and why."""
    unit, shortfall = str(account["account_unit"]), float(account["shortfall"])
    if shortfall > 0:
        return text(
            "Missed by {amount}: {limit}",
            amount=quantity(shortfall, unit),
            limit=field("limit").shown(account["limit"]),
        )
    price = float(account["price_yuan"])
    if not account["at_least"]:
        amount = quantity(float(account["reached"]), unit)
        if price <= 0:
            return text("{amount} of it; it holds nothing back", amount=amount)
        return text(
            "{amount} of it; one {unit} more would save {price} CNY a year",
            amount=amount,
            unit=unit_said(unit),
            price=figure(price),
        )
    reached = text("Reached {amount}", amount=quantity(float(account["reached"]), unit))
    if price <= 0:
        return text("{reached}; one more costs nothing extra", reached=reached)
    return text(
        "{reached}; one {unit} more costs {price} CNY a year", reached=reached, unit=unit_said(unit), price=figure(price)
    )  # fmt: skip
