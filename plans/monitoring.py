"""Projects in use: measured against planned values and against GB/T 50801, and what deviates."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.problems import Problem, Severity, UserError
from plans import Part
from plans.figures import Figure, Figures
from plans.options.technologies import technologies
from standards import Standards, Taken

Numbers = NDArray[np.float64]
BETWEEN = "/"  # between parcel and technology in the id of a choice
# What a row of measured values holds beside `choice_id` and `year`; any may be missing.
MEASURED = (
    "measured_kwh",
    "measured_cold_kwh",
    "measured_heat_electricity_kwh",
    "measured_cold_electricity_kwh",
    "measured_irradiation_kwh_per_m2",
    "measured_returned_share",
)
FULFILLED, BELOW, DEVIATES = "fulfilled", "below_limit", "deviates"
NOT_JUDGED, NOT_MEASURED = "not_judged", "not_measured"


@dataclass(frozen=True)
class _Values:
    """Measured and planned value of one quantity, (n,) each; the plan is NaN where it says nothing."""

    measured: Numbers
    planned: Numbers


def project_register(choice: pd.DataFrame, measured: pd.DataFrame, standards: Standards) -> Part:
    """Projects in use against their plan.

    Parameters
    ----------
    choice : DataFrame, by choice_id
        What the plan has chosen.
    measured : DataFrame
        One row by project and year: `choice_id`, `year` and columns of `MEASURED`: energy made or heat given
        [kWh], cold given [kWh], electricity drawn for heat and for cold [kWh], irradiation on modules or collectors
        [kWh/m²], returned over drawn water.
    standards : Standards
        The tables.

    Returns
    -------
    Part
        Table `monitoring` by project, year and quantity: measured and planned value, least value, deviation and state;
        what is below a limit or deviates stands first. Projects without any row are `not_measured`, rows whose values
        tell no quantity `not_judged`. Measured projects that a later plan has no more stay in the register against the
        limits alone, with `monitor_in_plan` false, and a warning names them.

    Raises
    ------
    UserError
        Rows stand there twice, or hold negative numbers.

    References
    ----------
    GB/T 50801-2013, evaluation of renewable energy in buildings: system COP and EER, efficiency of collectors and PV.
    """
    problems = _wrong(measured)
    if problems:
        raise UserError(*problems)
    taken = Taken(standards)
    known = _with_dropped(choice, measured, standards)
    found = [
        _rows(str(quantity), str(family), str(case), known, measured, taken)
        for quantity, family, case in standards.table("monitoring_limits")[
            ["quantity", "family", "case"]
        ].itertuples(index=False)
    ]
    judged = [one for one in found if len(one)]
    table = pd.concat([*judged, _unjudged(known, measured, judged), _unmeasured(choice, measured)])
    table["monitor_in_plan"] = table["choice_id"].isin(choice.index)
    rank = {BELOW: 0, DEVIATES: 1, FULFILLED: 2, NOT_JUDGED: 3, NOT_MEASURED: 4}
    table = table.sort_values("monitor_state", key=lambda words: words.map(rank), kind="stable")
    return Part(
        tables=MappingProxyType({"monitoring": table}),
        figures=_figures(table, choice),
        numbers=tuple(dict.fromkeys(taken.used)),
        remarks=(
            "Measured years are not corrected for weather; a cold or dull year moves what heat and sun give.",
        ),
        problems=_dropped(choice, measured),
    )


def _with_dropped(choice: pd.DataFrame, measured: pd.DataFrame, standards: Standards) -> pd.DataFrame:
    """The choice with a row for each measured project it does not have any more: known by its id, planned is nothing."""
    gone = pd.Index(measured["choice_id"].astype(object).unique(), name=choice.index.name).difference(
        choice.index
    )
    whole = choice.reindex(choice.index.append(gone))
    for name in gone:
        parcel, _, technology = str(name).rpartition(BETWEEN)
        whole.loc[name, ["parcel_id", "technology"]] = [parcel, technology]
    family = whole.loc[gone, "technology"].map(technologies(standards)["family"])
    whole.loc[gone, "family"] = family.fillna("").astype(object)
    return whole


def _dropped(choice: pd.DataFrame, measured: pd.DataFrame) -> tuple[Problem, ...]:
    """What to do about measured projects that the plan does not have any more."""
    gone = dict.fromkeys(measured.loc[~measured["choice_id"].isin(choice.index), "choice_id"].astype(str))
    if not gone:
        return ()
    return (
        Problem(
            "{count} measured projects are no longer in the plan.",
            "They stay in the register; decide to install them if they stand, or take their values back.",
            severity=Severity.WARNING,
            table="measured_project",
            rows=tuple(gone),
            count=len(gone),
        ),
    )


def _wrong(measured: pd.DataFrame) -> list[Problem]:
    """Everything that is wrong with the measured values."""
    found = []
    lacking = [name for name in ("choice_id", "year") if name not in measured]
    if lacking:
        return [
            Problem(
                "Measured values lack the columns {columns}.",
                "Give the project and the year of every row.",
                table="measured",
                columns=", ".join(lacking),
            )
        ]
    rows = [
        (
            measured.duplicated(["choice_id", "year"], keep=False),
            "Measured values of a project and year stand there twice.",
            "Keep one row for every project and year.",
        ),
        (
            (measured[[name for name in MEASURED if name in measured]] < 0).any(axis=1),
            "Measured values are negative.",
            "Correct these rows.",
        ),
    ]
    for wrong, message, remedy in rows:
        if wrong.any():
            found.append(Problem(message, remedy, table="measured", rows=tuple(measured.index[wrong])))
    return found


def _rows(
    quantity: str, family: str, case: str, choice: pd.DataFrame, measured: pd.DataFrame, taken: Taken
) -> pd.DataFrame:
    """One quantity of all measured projects of a family."""
    mine = measured[measured["choice_id"].map(choice["family"]) == family]
    plan = choice.loc[mine["choice_id"]]
    values = _values(quantity, case, mine, plan)
    known = np.isfinite(values.measured)
    mine, plan = mine[known], plan[known]
    if not len(mine):
        return pd.DataFrame()
    keys = {"quantity": quantity, "family": family, "case": case}
    least = taken.number("monitoring_limits", column="value", **keys)
    allowed = taken.number("monitoring_limits", column="deviation", **keys)
    value, planned = values.measured[known], values.planned[known]
    deviation = np.divide(
        value, planned, out=np.full(len(value), np.nan), where=np.isfinite(planned) & (planned > 0)
    )
    deviation -= 1.0
    state = np.select([value < least, deviation < -allowed], [BELOW, DEVIATES], FULFILLED)
    return pd.DataFrame(
        {
            "choice_id": mine["choice_id"].to_numpy(dtype=object),
            "parcel_id": plan["parcel_id"].to_numpy(dtype=object),
            "technology": plan["technology"].to_numpy(dtype=object),
            "family": family,
            "year": mine["year"].to_numpy(dtype=np.int64),
            "measured_kwh": _column(mine, "measured_kwh"),
            "monitor_quantity": quantity,
            "measured_value": value.round(3),
            "planned_value": planned.round(3),
            "least_value": least,
            "deviation_share": deviation.round(3),
            "monitor_state": state.astype(object),
        },
        index=pd.Index(
            [f"{one}/{year}/{quantity}" for one, year in zip(mine["choice_id"], mine["year"], strict=True)],
            name="monitoring_id",
            dtype=object,
        ),
    )


def _column(frame: pd.DataFrame, name: str) -> Numbers:
    """A column as numbers, NaN where it is missing, (n,)."""
    if name not in frame:
        return np.full(len(frame), np.nan)
    return np.asarray(pd.to_numeric(frame[name], errors="coerce").to_numpy(dtype=float))


def _values(quantity: str, case: str, rows: pd.DataFrame, plan: pd.DataFrame) -> _Values:
    """Measured and planned values of a quantity of the table of limits."""

    def over(part: Numbers, whole: Numbers) -> Numbers:
        return np.asarray(np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0))

    unknown = np.full(len(rows), np.nan)
    made = _column(rows, "measured_kwh")
    on_panels = _column(rows, "measured_irradiation_kwh_per_m2") * _column(plan, "panel_m2")
    if quantity == "yield_ratio":
        expected = _column(plan, "kwh_per_year")
        return _Values(over(made, expected), np.where(expected > 0, 1.0, np.nan))
    if quantity == "system_cop":
        only_heat = _column(plan, "cold_kwh_per_year") == 0  # else the electricity of both cannot be parted
        planned = over(_column(plan, "kwh_per_year"), _column(plan, "electricity_kwh_per_year"))
        return _Values(
            over(made, _column(rows, "measured_heat_electricity_kwh")), np.where(only_heat, planned, np.nan)
        )
    if quantity == "system_eer":
        cold = _column(rows, "measured_cold_kwh")
        return _Values(over(cold, _column(rows, "measured_cold_electricity_kwh")), unknown)
    if quantity in ("collector_efficiency", "module_efficiency"):
        return _Values(over(made, on_panels), unknown)
    if quantity == "returned_share":
        return _Values(_column(rows, "measured_returned_share"), np.ones(len(rows)))
    raise KeyError(f"no measured quantity is called {quantity!r} ({case})")


def _unjudged(known: pd.DataFrame, measured: pd.DataFrame, judged: list[pd.DataFrame]) -> pd.DataFrame:
    """Measured rows whose values tell no quantity that has a limit or a plan."""
    said = {(one, year) for part in judged for one, year in zip(part["choice_id"], part["year"], strict=True)}
    silent = [
        (one, year) not in said for one, year in zip(measured["choice_id"], measured["year"], strict=True)
    ]
    rows = measured[silent]
    return _blank(
        known.loc[rows["choice_id"]],
        rows["year"].to_numpy(dtype=np.int64),
        _column(rows, "measured_kwh"),
        NOT_JUDGED,
    )


def _unmeasured(choice: pd.DataFrame, measured: pd.DataFrame) -> pd.DataFrame:
    """Projects without a row of measured values."""
    rows = choice[~choice.index.isin(measured["choice_id"])]
    return _blank(rows, np.zeros(len(rows), dtype=np.int64), np.full(len(rows), np.nan), NOT_MEASURED)


def _blank(projects: pd.DataFrame, year: NDArray[np.int64], made: Numbers, state: str) -> pd.DataFrame:
    """Rows of projects of which no quantity is known."""
    nothing = np.full(len(projects), np.nan)
    said = ["-" if one == 0 else str(one) for one in year]
    return pd.DataFrame(
        {
            "choice_id": projects.index.to_numpy(dtype=object),
            "parcel_id": projects["parcel_id"].to_numpy(dtype=object),
            "technology": projects["technology"].to_numpy(dtype=object),
            "family": projects["family"].to_numpy(dtype=object),
            "year": year,
            "measured_kwh": made,
            "monitor_quantity": "",
            "measured_value": nothing,
            "planned_value": nothing,
            "least_value": nothing,
            "deviation_share": nothing,
            "monitor_state": state,
        },
        index=pd.Index(
            [f"{one}/{when}" for one, when in zip(projects.index, said, strict=True)],
            name="monitoring_id",
            dtype=object,
        ),
    )


def _figures(table: pd.DataFrame, choice: pd.DataFrame) -> Figures:
    def projects(state: str) -> float:
        return float(table.loc[table["monitor_state"] == state, "choice_id"].nunique())

    total = Figure("monitoring.projects", "Projects of the plan", float(len(choice)), "n", origin="choice")
    measured = Figure(
        "monitoring.measured",
        "Projects with measured values",
        float(len(choice)) - projects(NOT_MEASURED),
        "n",
        origin="monitoring.monitor_state",
    )
    return Figures.of(
        [
            total,
            measured,
            Figure(
                "monitoring.below",
                "Projects below a limit",
                projects(BELOW),
                "n",
                origin="monitoring.monitor_state",
            ),
            Figure(
                "monitoring.deviates",
                "Projects that deviate from their plan",
                projects(DEVIATES),
                "n",
                origin="monitoring.monitor_state",
            ),
            Figure(
                "monitoring.dropped",
                "Measured projects that are no longer in the plan",
                float(table.loc[~table["monitor_in_plan"], "choice_id"].nunique()),
                "n",
                origin="monitoring.monitor_in_plan",
            ),
            Figure(
                "monitoring.share",
                "Share of projects with measured values",
                measured.value / total.value if total.value > 0 else float("nan"),
                "%",
                formula="Projects with measured values over all projects.",
                inputs=(measured.key, total.key),
            ),
        ]
    )
