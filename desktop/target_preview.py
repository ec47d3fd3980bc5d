"""Preview of targets: what the plan would choose with other values, in the time a slider takes, without making it anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from core.jobs import Job
from core.problems import Problem, UserError
from desktop.planning import decisions_of, kept_assessments, needed_plan, settings_of
from desktop.scenarios import scenario_named
from layers import contents
from layers.project import Project
from plans import Part
from plans.options.accounts import SHARE, account_rules
from plans.options.choice_figures import BOUGHT, REPLACED
from plans.options.choose import Question, question
from plans.options.moving import Moved, moved
from plans.options.settings import Bought
from standards import Standards

REACH = 2.0  # a target can be moved up to so many times what is asked for or reached


@dataclass(frozen=True)
class Movable:
    """A target that can be moved.

    Parameters
    ----------
    account : str
        Its name among the accounts of the plan.
    indicator : str
        What it counts.
    value : float
        As the plan has it, in base units; of rates a share of 1.
    most : float
        Up to where it can be moved.
    unit : str
        Base unit; empty for a share of 1.
    year : int
        By when.
    """

    account: str
    indicator: str
    value: float
    most: float
    unit: str
    year: int


def movable_targets(plan: Part, standards: Standards) -> list[Movable]:
    """The targets of the city that a preview can move, in the order of the accounts."""
    rules = account_rules(standards)
    accounts, targets = plan.tables["account"], plan.tables["target"]
    city = targets[targets["area_kind"] == "city"]
    found = []
    for name, row in accounts[accounts["at_least"].astype(bool)].iterrows():
        indicator = str(row["indicator"] or "")
        asked = city[(city["indicator"] == indicator) & (city["operator"] == ">=")]
        if str(name) != indicator or indicator not in rules or asked.empty:
            continue
        year, is_rate = int(asked["year"].max()), rules[indicator]["form"] == SHARE
        value = float(asked.loc[asked["year"] == year, "value"].max()) if is_rate else float(row["required"])
        most = min(1.0, REACH * value) if is_rate else REACH * max(value, float(row["reached"]))
        unit = "" if is_rate else str(row["account_unit"])
        if most > 0:
            found.append(Movable(str(name), indicator, value, most, unit, year))
    return found


@dataclass(frozen=True)
class TargetPreview:
    """A plan whose targets can be moved again and again; options are gathered at the first move.

    Parameters
    ----------
    plan : Part
        The plan that is compared with; its prices are where every search starts.
    ask : callable
        Gathers options and accounts.
    standards : Standards
        Tables of numbers.
    """

    plan: Part
    ask: Callable[[], Question]
    standards: Standards

    @cached_property
    def question(self) -> Question:
        """Options and accounts."""
        return self.ask()

    def moved(self, values: Mapping[str, float], job: Job) -> Moved:
        """What is chosen with other values of targets, by account, in base units; of rates, shares of 1.

        Raises
        ------
        UserError
            The plan has no such target.
        """
        prices = self.plan.tables["account"]["price_yuan"].astype(float).to_dict()
        return moved(
            self.question,
            values,
            self.plan.tables["choice"],
            {str(name): price for name, price in prices.items()},
            self.standards,
            job,
        )


def target_preview(project: Project, scenario: str = "") -> TargetPreview:
    """The plan of a scenario, ready for moved targets; reads the project here, computes where `moved` is called.

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

    def ask() -> Question:
        return question(
            city,
            assessments,
            made.tables["target"],
            decisions.choices,
            settings,
            Job(),
            bought=bought,
            planned_kwp=made.tables["grade"]["pv_required_kwp"],
        )

    return TargetPreview(made, ask, project.standards)
