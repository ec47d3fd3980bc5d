"""Preview of targets: what the plan would choose with other values, in the time a slider takes, without making it anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import pandas as pd

from core.jobs import Job
from core.problems import Problem, UserError
from desktop.movable_targets import SHARES, movable_shares, share_reached
from desktop.plan_map import CHOICE
from desktop.planning import decisions_of, kept_assessments, needed_plan, settings_of
from desktop.scenarios import scenario_named
from layers import contents
from layers.project import Project
from plans import Part
from plans.options.choice_figures import BOUGHT, REPLACED
from plans.options.choose import Question, question
from plans.options.moving import Moved, moved
from plans.options.settings import Bought
from plans.plan import graded
from standards import Standards

NO_CAP = 1e13  # yuan, the most that can be set: a cap that holds nobody back until it is moved
GRADED = ["green_grade", "prefabricated", "fully_fitted"]  # what shares of new building ask of a parcel
AREA = "civil_gfa_m2"


@dataclass(frozen=True)
class Regraded:
    """What new buildings would be asked for with other shares.

    Parameters
    ----------
    tables : Mapping of str to DataFrame
        Tables of grades and control indicators.
    reached : Mapping of str to float
        Shares reached by indicator, 0 to 1.
    parcels : tuple of str
        Parcels that are asked for something else.
    area_m2 : float
        Their new floor area. [m²]
    """

    tables: Mapping[str, pd.DataFrame]
    reached: Mapping[str, float]
    parcels: tuple[str, ...]
    area_m2: float


@dataclass(frozen=True)
class Trial:
    """A plan with moved targets; None where what it decides stays.

    Parameters
    ----------
    choice : Moved, optional
        Technologies that are chosen.
    green : Regraded, optional
        Grades of new buildings.
    """

    choice: Moved | None
    green: Regraded | None

    @property
    def parcels(self) -> tuple[str, ...]:
        """Parcels that change."""
        found = (one.parcels for one in (self.choice, self.green) if one is not None)
        return tuple(dict.fromkeys(parcel for parcels in found for parcel in parcels))

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Tables of the plan that are others."""
        green = dict(self.green.tables) if self.green is not None else {}
        return {**green, CHOICE: self.choice.choice} if self.choice is not None else green


@dataclass
class TargetPreview:
    """A plan whose targets can be moved again and again; options are gathered at the first move that asks for them.

    What new buildings use is as the plan has it, whatever grade they would have.

    Parameters
    ----------
    plan : Part
        The plan that is compared with; its prices are where every search starts.
    ask : callable
        Gathers options and accounts for the panels that new buildings must have. [kWp by parcel]
    grade : callable
        Grades new buildings for other shares, by indicator.
    standards : Standards
        Tables of numbers.
    """

    plan: Part
    ask: Callable[[pd.Series], Question]
    grade: Callable[[Mapping[str, float]], Part]
    standards: Standards
    _asked: tuple[pd.Series, Question] | None = field(default=None, repr=False)

    def tried(self, values: Mapping[str, float], job: Job) -> Trial:
        """The plan with other values of targets by account, in base units; of rates and shares, 0 to 1.

        Raises
        ------
        UserError
            The plan has no such target.
        """
        shares = {name: value for name, value in values.items() if name in SHARES}
        others = {name: value for name, value in values.items() if name not in shares}
        part = self.grade(shares) if shares else None
        kept = self.plan.tables["grade"]
        panels = (part.tables["grade"] if part is not None else kept)["pv_required_kwp"]
        choice = None
        if others or not panels.equals(kept["pv_required_kwp"]):
            choice = self._chosen(others, panels, job)
        return Trial(choice, None if part is None else _regraded(kept, part))

    def _chosen(self, values: Mapping[str, float], panels: pd.Series, job: Job) -> Moved:
        if self._asked is None or not self._asked[0].equals(panels):
            self._asked = panels, self.ask(panels)
        prices = self.plan.tables["account"]["price_yuan"].astype(float).to_dict()
        return moved(
            self._asked[1],
            values,
            self.plan.tables[CHOICE],
            {str(name): price for name, price in prices.items()},
            self.standards,
            job,
        )


def _regraded(kept: pd.DataFrame, part: Part) -> Regraded:
    grade = part.tables["grade"]
    rows = grade.index[(grade[GRADED] != kept[GRADED].reindex(grade.index)).any(axis=1)]
    return Regraded(
        MappingProxyType(dict(part.tables)),
        {indicator: share_reached(part, indicator) for indicator in SHARES},
        tuple(map(str, rows)),
        float(grade.loc[rows, AREA].sum()),
    )


def target_preview(project: Project, scenario: str = "") -> TargetPreview:
    """The plan of a scenario, ready for moved targets; reads the project here, computes where `tried` is called.

    Raises
    ------
    UserError
        There is no plan, or it was made before plans kept what a preview needs.
    """
    chosen = scenario_named(project, scenario)
    made = needed_plan(project, scenario)
    if BOUGHT not in made.figures:
        raise UserError(Problem("The plan is too old to be moved.", "Make it anew: lutu plan PROJECT."))
    assessments = kept_assessments(project)
    settings, decisions = settings_of(project, chosen), decisions_of(project, chosen, assessments)
    bought = Bought(made.figures[BOUGHT].value, made.figures[REPLACED].value)
    city = project.city
    if city is None or not project.is_fresh(contents.CITY):
        raise UserError(
            Problem("The data was changed since it was checked.", "Check the data, then assess again.")
        )

    def ask(panels: pd.Series) -> Question:
        return question(
            city,
            assessments,
            made.tables["target"],
            decisions.choices,
            settings if settings.budget_yuan is not None else replace(settings, budget_yuan=NO_CAP),
            Job(),
            bought=bought,
            planned_kwp=panels,
        )

    def grade(shares: Mapping[str, float]) -> Part:
        targets, movable = made.tables["target"].copy(), movable_shares(made)
        year = movable[0].year
        for one in movable:
            here = (targets["area_kind"] == "city") & (targets["year"] == year)
            here &= targets["indicator"] == one.indicator
            targets.loc[here, "value"] = shares.get(one.indicator, one.value)
        return graded(city, assessments, decisions, settings, targets, year)

    return TargetPreview(made, ask, grade, project.standards)
