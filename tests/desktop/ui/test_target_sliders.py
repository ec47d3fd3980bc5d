"""Moving a target says at once what it reaches, what it costs and which parcels change."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from core.problems import Problem, UserError
from desktop.movable_targets import movable_targets
from desktop.target_preview import Regraded, Trial
from desktop.ui import target_sliders
from desktop.ui.target_sliders import STEPS, TargetSliders
from plans import Part
from plans.figures import Figure, Figures
from plans.options.accounts import BUDGET
from plans.options.moving import Moved
from standards import Standards

PV, RATE = "pv_capacity_added", "renewable_substitution_rate"
STARS = "two_star_share_new"


def accounts(required: float = 200_000.0, reached: float = 200_000.0, shortfall: float = 0.0) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "indicator": [PV, RATE, ""],
            "required": [required, 5e7, 28_300.0],
            "reached": [reached, 5.8e7, 28_300.0],
            "at_least": [True, True, False],
            "price_yuan": [208.0, 0.0, 425.0],
            "shortfall": [shortfall, 0.0, 0.0],
            "limit": ["potential", "", ""],
            "account_unit": ["kW", "kgce", "kW"],
        },
        index=pd.Index([PV, RATE, "grid/1"], name="account"),
    )


def plan() -> Part:
    targets = pd.DataFrame(
        {
            "indicator": [PV, RATE, STARS],
            "area_kind": "city",
            "area_id": "",
            "year": 2030,
            "operator": ">=",
            "value": [200_000.0, 0.15, 0.5],
        },
        index=pd.Index(["a", "b", "c"], name="target_id"),
    )
    figures = (
        Figure("choice.total.capex_yuan", "Investment", 1e9, "yuan"),
        Figure("green.two_star_share_target", "Target: two stars and more", 0.5, "%"),
        Figure("green.two_star_share", "Two stars and more in new civil floor area", 0.64, "%"),
    )
    return Part(
        tables={"account": accounts(), "target": targets}, figures=Figures({one.key: one for one in figures})
    )


class Recorder:
    """A workspace that does everything at once and remembers what it was asked."""

    def __init__(self) -> None:
        self.plan, self.scenario = plan(), ""
        self.project = SimpleNamespace(standards=Standards())
        self.later = SimpleNamespace(ask=lambda kind, work, take: take(work()))
        self.chosen: list[tuple[str, ...]] = []
        self.errors: list[UserError] = []
        self.refused = SimpleNamespace(emit=self.errors.append)
        self.said = SimpleNamespace(emit=lambda message: None)
        self.edits: list[object] = []
        self.trials: list[Part | None] = []

    def show_trial(self, trial: Part | None) -> None:
        self.trials.append(trial)

    def select(self, table: str, mask: object) -> None:
        self.chosen.append(())

    def select_ids(self, table: str, ids: tuple[str, ...]) -> None:
        self.chosen.append(tuple(ids))

    def edit(self, change: object) -> bool:
        self.edits.append(change)
        return True


@pytest.fixture
def made(qtbot, monkeypatch) -> tuple[TargetSliders, Recorder, list[dict[str, float]]]:
    asked: list[dict[str, float]] = []

    def tried(values, job):
        asked.append(dict(values))
        if STARS in values:
            return Trial(None, Regraded({}, {STARS: min(values[STARS], 0.9)}, ("P3",), 12_000.0))
        change = pd.DataFrame(
            {"capex_yuan": [3.5e8], "cost_yuan_per_year": [1.3e7], "saved_kgce_per_year": [9e6],
             "avoided_tco2_per_year": [1.9e4]}, index=["pv"],
        )  # fmt: skip
        wanted = values.get(PV, 200_000.0)
        reached = min(wanted, 300_000.0)
        said = accounts(wanted, reached, wanted - reached)
        return Trial(Moved(said, pd.DataFrame(), 1e-5, change, ("P1", "P2"), ()), None)

    monkeypatch.setattr(
        target_sliders, "target_preview", lambda project, scenario: SimpleNamespace(tried=tried)
    )
    workspace, plans = Recorder(), []
    sliders = TargetSliders(workspace, lambda: plans.append(True))
    sliders.plans = plans
    qtbot.addWidget(sliders)
    return sliders, workspace, asked


def test_targets_can_be_moved_and_limits_cannot():
    found = movable_targets(plan(), Standards())
    assert [one.account for one in found] == [PV, RATE, STARS, BUDGET]
    assert [(one.value, one.unit) for one in found] == [
        (200_000.0, "kW"),
        (0.15, ""),
        (0.5, ""),
        (2e9, "yuan"),
    ]
    assert found[1].most == pytest.approx(0.30)


def test_before_anything_is_moved_each_target_says_what_one_more_costs(made):
    sliders, _, asked = made
    assert "208" in sliders._said[PV].text() and "costs nothing extra" in sliders._said[RATE].text()
    assert asked == []


def test_a_moved_target_is_asked_for_in_its_own_unit_and_said_with_what_it_costs(made):
    sliders, workspace, asked = made
    sliders.sliders[PV].setValue(STEPS * 5 // 8)
    assert asked == [{PV: 250_000.0}]
    assert "250\xa0MW" in sliders._said[PV].text()
    assert "208" in sliders._said[PV].text()
    assert "+350\xa0million" in sliders.summary.text()
    assert workspace.chosen == [("P1", "P2")]


def test_a_moved_share_of_stars_says_what_is_reached_and_how_much_floor_area_changes(made):
    sliders, workspace, asked = made
    assert sliders._values[STARS].text() == "≥ 50.0%"
    assert sliders._said[STARS].text() == "Reached 64.0%"
    sliders.sliders[STARS].setValue(STEPS * 4 // 5)
    assert asked == [{STARS: 0.8}]
    assert sliders._said[STARS].text() == "Reached 80.0%"
    assert "12\u2009000\xa0m²" in sliders.summary.text()
    assert workspace.chosen == [("P3",)]
    sliders.sliders[STARS].setValue(STEPS)
    assert sliders._said[STARS].text() == "Reached 90.0%; all other parcels are approved or set by hand"


def test_a_cap_on_investment_can_be_tried_and_becomes_a_setting_of_the_plan(made, monkeypatch):
    sliders, workspace, asked = made
    assert sliders._values[BUDGET].text() == "no cap"
    sliders.sliders[BUDGET].setValue(STEPS // 4)
    assert asked == [{BUDGET: 5e8}]
    assert sliders._values[BUDGET].text() == "≤ 500\xa0million CNY"
    sliders.keep.click()
    kept = []
    monkeypatch.setattr(
        target_sliders.operations, "set_plan_settings", lambda project, values, **more: kept.append(values)
    )
    workspace.edits[0](workspace.project)
    assert kept == [{"budget_yuan": 5e8}]


def test_a_target_out_of_reach_says_by_how_much(made):
    sliders, _, _ = made
    sliders.sliders[PV].setValue(STEPS)
    assert "100\xa0MW" in sliders._said[PV].text()


def test_as_before_lets_go_of_everything(made):
    sliders, workspace, _ = made
    assert not sliders.keep.isEnabled()
    sliders.sliders[RATE].setValue(10)
    assert sliders.keep.isEnabled()
    sliders.back.click()
    assert sliders.values() == {}
    assert "208" in sliders._said[PV].text()
    assert workspace.chosen[-1] == ()
    assert not sliders.keep.isEnabled()


def test_adopted_targets_become_the_citys_own_and_the_plan_is_made(made, monkeypatch):
    sliders, workspace, _ = made
    sliders.sliders[PV].setValue(STEPS * 5 // 8)
    sliders.keep.click()
    assert sliders.plans == [True]
    kept = {}
    monkeypatch.setattr(
        target_sliders.own_targets, "set_target",
        lambda project, indicator, year, value, **more: kept.update({indicator: (year, value, more["unit"])}),
    )  # fmt: skip
    workspace.edits[0](workspace.project)
    assert kept == {PV: (2030, 250_000.0, "kW")}


def test_a_plan_that_cannot_be_moved_says_why(made, monkeypatch):
    sliders, workspace, _ = made

    def refuse(project, scenario):
        raise UserError(Problem("The plan is too old to be moved.", "Make it anew: lutu plan PROJECT."))

    monkeypatch.setattr(target_sliders, "target_preview", refuse)
    sliders.sliders[PV].setValue(3)
    assert len(workspace.errors) == 1
