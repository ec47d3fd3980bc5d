"""The plan: every part of it from baseline to monitoring, made from a city, what was found, and what people decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

import pandas as pd

from core.jobs import Job
from core.problems import Problem, UserError
from layers.city import City
from plans import Part
from plans.baseline import Baseline, BaselineSettings, baseline
from plans.business import business_modes
from plans.cash_flow import cash_flow
from plans.city_targets import city_targets, steps
from plans.decomposition import decompose
from plans.economics import economics
from plans.energy_limits import energy_limits
from plans.environment import environment_plan, pv_gates
from plans.flexible import flexible_power
from plans.green.green import GivenByOthers, green_plan
from plans.green.settings import GreenSettings
from plans.indicator_sums import inputs_of
from plans.indicators import indicators, reached
from plans.monitoring import project_register
from plans.options.choose import choose
from plans.options.settings import Bought, ProgrammeSettings
from plans.options.suitability import suitability
from plans.period import Period, period_of
from plans.phasing import phased
from plans.pilots import charging_canopies, full_electric_pilots
from plans.progress import annual_report, of_zone, progress_path
from plans.projects import projects
from plans.regional import regional
from plans.retrofit import RetrofitSettings, required_areas, retrofit
from plans.review import review
from plans.storage import self_use_shares, storage_clusters
from plans.targets import read_targets
from plans.trajectory import trajectory
from plans.weights import weights_of
from potential import Assessment
from standards import Standards, Taken

DEMAND = "demand"
NEEDED = (DEMAND, "rooftop")


@dataclass(frozen=True)
class PlanSettings(ProgrammeSettings, BaselineSettings):
    """What the planner sets of a plan, beside what is set of the programme and the baseline.

    Parameters
    ----------
    target_sets : tuple of str
        Target sets of the tables that hold; the city's own targets are laid over them.
    switches : Mapping of str to bool
        Rules of green building that are turned on or off.
    most_pilots : int
        Pilots of PV, storage, direct current and flexible load at most; 0 takes that of the table of rules.
    """

    most_pilots: int = field(default=0, metadata={"low": 0, "high": 1000})
    target_sets: tuple[str, ...] = ("14FYP", "peak_53", "local")
    switches: Mapping[str, bool] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Decisions:
    """What people decided or brought; each may be left out.

    Parameters
    ----------
    targets : DataFrame
        The city's own targets: `indicator`, `area_kind`, `area_id`, `year`, `operator`, `value` (base unit), `source`.
    choices : DataFrame
        Decided technologies: `parcel_id`, `technology`, `planned_kw` (empty: the largest; 0: never), `phase_year`, `reason`.
    grades : DataFrame
        Grades set by hand, by parcel_id: `green_grade`, `manual_by`, `manual_reason`.
    retrofits : Mapping of str to bool
        Buildings that must, or must not, be retrofitted.
    retrofit_reasons : Mapping of str to str
        The reasons given for them.
    statistics : DataFrame
        Energy statistics of the city (see `plans.statistics`).
    measured : DataFrame
        Measured energy of finished projects (see `plans.monitoring`).
    actual : DataFrame
        Values of indicators that were reached: `indicator`, `area_kind`, `area_id`, `year`, `value` (base unit).
    """

    targets: pd.DataFrame | None = None
    choices: pd.DataFrame | None = None
    grades: pd.DataFrame | None = None
    retrofits: Mapping[str, bool] = field(default_factory=lambda: MappingProxyType({}))
    retrofit_reasons: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    statistics: pd.DataFrame | None = None
    measured: pd.DataFrame | None = None
    actual: pd.DataFrame | None = None


def make_plan(
    city: City,
    assessments: Mapping[str, Assessment],
    decisions: Decisions,
    settings: PlanSettings,
    today: date,
    job: Job,
) -> Part:
    """The whole plan of a city.

    Parameters
    ----------
    city : City
        Prepared, with parcels and buildings.
    assessments : Mapping of str to Assessment
        What was found; `demand` and `rooftop` must be among them.
    decisions : Decisions
        What people decided.
    settings : PlanSettings
        What the planner set.
    today : date
        For due dates of the register of panels.
    job : Job
        Reports progress and stops when asked.

    Raises
    ------
    UserError
        An assessment is missing, or decisions cannot stand.
    """
    absent = [name for name in NEEDED if name not in assessments]
    if absent:
        raise UserError(
            Problem(
                "A plan needs assessments that were not made: {names}.",
                "Assess them first.",
                names=", ".join(absent),
            )
        )
    taken = Taken(city.standards)
    job.say("Drawing up the baseline", 0.0, force=True)
    base = baseline(city, assessments[DEMAND], settings, decisions.statistics)
    period = period_of(taken, base.year)
    year = settings.target_year or period.target_year
    whole = base.part + review(city, base, settings, taken, decisions.actual)
    goals = _targets(city, base, decisions, settings, year)
    targets = goals.tables["target"]
    whole = whole + goals + _decomposed(city, base, assessments, targets, period)
    job.check()
    job.say("Grading new buildings", 0.1, force=True)
    green = graded(city, assessments, decisions, settings, targets, year)
    whole = whole + green + _existing(city, assessments, decisions, settings, targets, base.year, year)
    job.check()
    bought = _bought(city, base, whole, year, settings.electricity_basis, taken)
    programme = _programme(
        city, assessments, decisions, settings, targets, green.tables["grade"], bought, period, job
    )
    choice = programme.tables["choice"]
    whole = whole + programme + suitability(city, assessments)
    job.say("Adding up indicators", 0.85, force=True)
    whole = whole + _measured(city, base, whole, choice, settings, targets, (base.year, year), taken)
    job.check()
    job.say("Sizing storage and flexible power", 0.9, force=True)
    whole = (
        whole + _electric(city, assessments, choice, settings, job) + _after(city, choice, decisions, today)
    )
    here = of_zone(targets, city.standards, str(city.facts.get("climate_zone") or ""))
    whole = whole + _progress(whole, here, decisions, base.year, today.year)
    return replace(whole, numbers=tuple(dict.fromkeys((*whole.numbers, *taken.used))))


def _targets(city: City, base: Baseline, decisions: Decisions, settings: PlanSettings, year: int) -> Part:
    """Targets of the sets that hold, with the city's own laid over them."""
    standards = city.standards
    read, problems = read_targets(
        standards, settings.target_sets, str(city.facts.get("province", "")), base.year
    )
    floor = base.part.figures["baseline.urban_civil.floor_area"].value
    part = city_targets(read, standards, floor, steps(standards))
    table = part.tables["target"]
    own = decisions.targets
    if own is not None and len(own):
        keys = ["indicator", "area_kind", "area_id", "year"]
        over = table.set_index(keys).index.isin(own.set_index(keys).index)
        kinds = table.drop_duplicates("indicator").set_index("indicator")
        added = own.assign(
            **{
                name: own["indicator"].map(kinds[name])
                for name in ("name_zh", "kind", "nature", "target_unit")
                if name in kinds and name not in own
            }
        )
        table = pd.concat([table[~over], added.reindex(columns=table.columns)])
    return replace(
        part, tables=MappingProxyType({**part.tables, "target": table}), problems=(*problems, *part.problems)
    )


def _decomposed(
    city: City, base: Baseline, assessments: Mapping[str, Assessment], targets: pd.DataFrame, period: Period
) -> Part:
    """Targets shared among districts and units, beside what each can give."""
    pv = assessments["rooftop"].parcels["pv_kwp"]
    weights = weights_of(city, base, {"pv_capacity_added": pv})
    return decompose(targets, weights, city.standards, period, steps(city.standards))


def graded(
    city: City,
    assessments: Mapping[str, Assessment],
    decisions: Decisions,
    settings: PlanSettings,
    targets: pd.DataFrame,
    year: int,
) -> Part:
    """Grades and control indicators of new buildings.

    Parameters
    ----------
    city, assessments, decisions, settings
        As of `make_plan`.
    targets : DataFrame
        Table `target` of the plan.
    year : int
        The year whose targets hold.

    Raises
    ------
    UserError
        The condition of a rule cannot be read.
    """
    ground = assessments.get("shallow")
    given = GivenByOthers(
        targets=targets,
        overrides=decisions.grades,
        shallow_grade=None if ground is None else ground.parcels["grade"],
        resource=assessments["rooftop"].parcels["pv_kwh_per_year"],
    )
    chosen = GreenSettings(
        year, str(city.facts.get("province", "")), city.name, switches=dict(settings.switches)
    )
    return green_plan(city.tables, city.standards, chosen, given)


def _existing(
    city: City,
    assessments: Mapping[str, Assessment],
    decisions: Decisions,
    settings: PlanSettings,
    targets: pd.DataFrame,
    base_year: int,
    year: int,
) -> Part:
    """Retrofit of existing buildings, and what they may use."""
    buildings = assessments[DEMAND].details["building"]
    asked = required_areas(targets, year)
    chosen = RetrofitSettings(base_year=base_year, electricity_basis=settings.electricity_basis)
    renewed = retrofit(
        city, buildings, asked, chosen, fixed=dict(decisions.retrofits), why=dict(decisions.retrofit_reasons)
    )
    return renewed + energy_limits(city, buildings)


def _programme(
    city: City,
    assessments: Mapping[str, Assessment],
    decisions: Decisions,
    settings: PlanSettings,
    targets: pd.DataFrame,
    grade: pd.DataFrame,
    bought: Bought,
    period: Period,
    job: Job,
) -> Part:
    """Which technology at which size on which parcel, in which year, as which project, and how it serves its unit."""
    asked = grade["pv_required_kwp"]
    part = choose(
        city, assessments, targets, decisions.choices, settings, job, bought=bought, planned_kwp=asked
    )
    choice, phases = phased(city, part.tables["choice"], targets, settings, job, bought=bought)
    part = replace(part, tables=MappingProxyType({**part.tables, "choice": choice}))
    listed = projects(city, choice, targets, settings, bought=bought)
    replaced = (settings.solar_replaces, settings.ground_replaces)
    paid = economics(choice, city.standards, *replaced)
    paid = paid + cash_flow(choice, city.standards, *replaced, period.from_year)
    return part + phases + listed + paid + regional(city, assessments, choice)


def _bought(city: City, base: Baseline, so_far: Part, year: int, basis: str, taken: Taken) -> Bought:
    """What urban civil buildings would buy in the last year without the programme: new buildings and retrofits counted."""
    grade, renewed = so_far.tables["grade"], so_far.tables["retrofit"]
    (alone,) = inputs_of(city, base, None, grade, renewed, year, taken, ("city",))
    return Bought(alone.energy.coal_kgce(base.factors, basis))


def _measured(
    city: City,
    base: Baseline,
    so_far: Part,
    choice: pd.DataFrame,
    settings: PlanSettings,
    targets: pd.DataFrame,
    years: tuple[int, int],
    taken: Taken,
) -> Part:
    """Indicators of the base year and of the last year, the path between, and which targets are met."""
    grade, renewed = so_far.tables["grade"], so_far.tables["retrofit"]
    inputs = [
        one
        for year in years
        for one in inputs_of(city, base, choice, grade, renewed, year, taken, ("city", "district", "unit"))
    ]
    part = indicators(inputs, base.factors, settings, taken)
    met = reached(part.tables["indicator"], targets)
    path = trajectory(city, base, choice, grade, renewed, taken)
    return part + path + Part(tables=MappingProxyType({"reached": met}))


def _electric(
    city: City, assessments: Mapping[str, Assessment], choice: pd.DataFrame, settings: PlanSettings, job: Job
) -> Part:
    """Flexible power, storage beside panels, pilots and ways of doing business."""
    demand, rooftop = assessments[DEMAND], assessments["rooftop"]
    day, sun = demand.details["parcel_day"], rooftop.details["parcel_day"]
    flexible = flexible_power(city, demand.parcels, day, choice)
    stored = storage_clusters(
        city, demand.parcels, day, rooftop.parcels, sun, choice, flexible.tables["flexible"], job,
        most_pilots=settings.most_pilots,
    )  # fmt: skip
    shares = self_use_shares(city, demand.parcels, day, rooftop.parcels, sun, choice)
    whole = (
        flexible + stored + full_electric_pilots(city, demand.parcels) + business_modes(city, choice, shares)
    )
    ancillary, municipal = (assessments.get(name) for name in ("ancillary", "municipal"))
    if ancillary is not None:
        whole = whole + charging_canopies(
            city, ancillary.parcels, None if municipal is None else municipal.parcels
        )
    return whole


def _after(city: City, choice: pd.DataFrame, decisions: Decisions, today: date) -> Part:
    """What is watched once projects stand."""
    watched = environment_plan(choice, city.standards) + pv_gates(city, choice, today)
    if decisions.measured is not None and len(decisions.measured):
        watched = watched + project_register(choice, decisions.measured, city.standards)
    return watched


def _progress(plan: Part, targets: pd.DataFrame, decisions: Decisions, base_year: int, year: int) -> Part:
    """What of every target is done in a year after the base year, from values that people entered."""
    if year <= base_year:
        return Part()
    rows = plan.tables["indicator"]
    first = rows[(rows["year"] == base_year) & rows["headline"]]
    baseline = first.rename(columns={"indicator_value": "value"})[
        ["indicator", "area_kind", "area_id", "value"]
    ]
    actual = decisions.actual
    if actual is None:
        actual = pd.DataFrame(columns=["indicator", "area_kind", "area_id", "year", "value"])
    report = annual_report(targets, baseline, actual, year, base_year)
    return report + progress_path(targets, baseline, actual, year, base_year)


def known_sets(standards: Standards) -> list[str]:
    """Names of the target sets of the tables, the project's own among them."""
    return list(dict.fromkeys(standards.table("targets")["target_set"]))
