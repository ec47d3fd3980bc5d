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
from plans.options.choice_figures import BOUGHT, REPLACED
from plans.options.choose import Question, question
from plans.options.moving import Moved, moved
from plans.options.settings import Bought
from standards import Standards


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
