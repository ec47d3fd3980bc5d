"""Preview of targets: what the plan would choose with other values, in the time a slider takes, without making it anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from core.jobs import Job
from core.problems import Problem, UserError
from desktop.planning import decisions_of, kept_assessments, needed_plan, settings_of
from desktop.scenarios import scenario_named
from layers import contents
from layers.project import Project
from plans import Part
from plans.options.accounts import BUDGET, SHARE, account_rules
from plans.options.choice_figures import BOUGHT, REPLACED
from plans.options.choose import Question, question
from plans.options.moving import Moved, moved
from plans.options.settings import Bought
from standards import Standards

SPENT = "choice.total.capex_yuan"
NO_CAP = 1e13  # yuan, the most that can be set: a cap that holds nobody back until it is moved
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
        By when; 0 for the cap on investment.
    at_least : bool
        Whether it is to be reached; else it is not to be exceeded.
    """

    account: str
    indicator: str
    value: float
    most: float
    unit: str
    year: int
    at_least: bool = True


def movable_targets(plan: Part, standards: Standards) -> list[Movable]:
    """Targets of the city and caps that a preview can move, in the order of the accounts; the money comes last."""
    rules = account_rules(standards)
    accounts, targets = plan.tables["account"], plan.tables["target"]
    city = targets[targets["area_kind"] == "city"]
    found = []
    for name, row in accounts.iterrows():
        indicator, at_least = str(row["indicator"] or ""), bool(row["at_least"])
        asked = city[(city["indicator"] == indicator) & (city["operator"] == (">=" if at_least else "<="))]
        whole = indicator if at_least else f"{indicator}/most"
        if str(name) != whole or indicator not in rules or asked.empty:
            continue
        year, is_rate = int(asked["year"].max()), rules[indicator]["form"] == SHARE
        values = asked.loc[asked["year"] == year, "value"].astype(float)
        value = float(values.max() if at_least else values.min()) if is_rate else float(row["required"])
        most = min(1.0, REACH * value) if is_rate else REACH * max(value, float(row["reached"]))
        unit = "" if is_rate else str(row["account_unit"])
        if most > 0:
            found.append(Movable(str(name), indicator, value, most, unit, year, at_least))
    return [*found, *_money(plan)]


def _money(plan: Part) -> list[Movable]:
    """The cap on investment; where the plan has none, it stands at the end of its way, far from what is spent."""
    accounts = plan.tables["account"]
    spent = float(plan.figures[SPENT].value) if SPENT in plan.figures else 0.0
    if BUDGET in accounts.index:
        value = float(accounts.loc[[BUDGET], "required"].iloc[0])
        most = REACH * max(value, spent)
    else:
        value = most = REACH * spent
    return [Movable(BUDGET, "", value, most, "yuan", 0, at_least=False)] if most > 0 else []


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
            settings if settings.budget_yuan is not None else replace(settings, budget_yuan=NO_CAP),
            Job(),
            bought=bought,
            planned_kwp=made.tables["grade"]["pv_required_kwp"],
        )

    return TargetPreview(made, ask, project.standards)
