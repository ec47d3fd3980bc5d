"""Projects in use: measured against planned values and against GB/T 50801, and what deviates."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.problems import Problem, UserError
from plans import Part
from plans.figures import Figure, Figures
from standards import Standards, Taken

Numbers = NDArray[np.float64]
# What a row of measured values holds beside `choice_id` and `year`; any may be missing.
MEASURED = (
    "measured_kwh",
    "measured_cold_kwh",
    "measured_heat_electricity_kwh",
    "measured_cold_electricity_kwh",
    "measured_irradiation_kwh_per_m2",
    "measured_returned_share",
)
FULFILLED, BELOW, DEVIATES, NOT_MEASURED = "fulfilled", "below_limit", "deviates", "not_measured"


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
        what is below a limit or deviates stands first. Projects without any row are `not_measured`.

    Raises
    ------
    UserError
        Rows name projects the plan does not have, stand there twice, or hold negative numbers.

    References
    ----------
    GB/T 50801-2013, evaluation of renewable energy in buildings: system COP and EER, efficiency of collectors and PV.
    """
    problems = _wrong(choice, measured)
    if problems:
        raise UserError(*problems)
    taken = Taken(standards)
    found = [
        _rows(str(quantity), str(family), str(case), choice, measured, taken)
        for quantity, family, case in standards.table("monitoring_limits")[
            ["quantity", "family", "case"]
        ].itertuples(index=False)
    ]
    table = pd.concat([*(one for one in found if len(one)), _unmeasured(choice, measured)])
    rank = {BELOW: 0, DEVIATES: 1, FULFILLED: 2, NOT_MEASURED: 3}
    table = table.sort_values("monitor_state", key=lambda words: words.map(rank), kind="stable")
    return Part(
        tables=MappingProxyType({"monitoring": table}),
        figures=_figures(table, choice),
        numbers=tuple(dict.fromkeys(taken.used)),
        remarks=(
            "Measured years are not corrected for weather; a cold or dull year moves what heat and sun give.",
        ),
    )


def _wrong(choice: pd.DataFrame, measured: pd.DataFrame) -> list[Problem]:
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
            ~measured["choice_id"].isin(choice.index),
            "Measured values name projects that the plan does not have.",
            "Correct the ids of these rows.",
        ),
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


def _values(quantity: str, case: str, rows: pd.DataFrame, plan: pd.DataFrame) -> _Values:
    """Measured and planned values of a quantity of the table of limits."""

    def column(frame: pd.DataFrame, name: str) -> Numbers:
        if name not in frame:
            return np.full(len(frame), np.nan)
        return np.asarray(pd.to_numeric(frame[name], errors="coerce").to_numpy(dtype=float))

    def over(part: Numbers, whole: Numbers) -> Numbers:
        return np.asarray(np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0))

    unknown = np.full(len(rows), np.nan)
    made = column(rows, "measured_kwh")
    on_panels = column(rows, "measured_irradiation_kwh_per_m2") * column(plan, "panel_m2")
    if quantity == "yield_ratio":
        expected = column(plan, "kwh_per_year")
        return _Values(over(made, expected), np.where(expected > 0, 1.0, np.nan))
    if quantity == "system_cop":
        only_heat = column(plan, "cold_kwh_per_year") == 0  # else the electricity of both cannot be parted
        planned = over(column(plan, "kwh_per_year"), column(plan, "electricity_kwh_per_year"))
        return _Values(
            over(made, column(rows, "measured_heat_electricity_kwh")), np.where(only_heat, planned, np.nan)
        )
    if quantity == "system_eer":
        cold = column(rows, "measured_cold_kwh")
        return _Values(over(cold, column(rows, "measured_cold_electricity_kwh")), unknown)
    if quantity in ("collector_efficiency", "module_efficiency"):
        return _Values(over(made, on_panels), unknown)
    if quantity == "returned_share":
        return _Values(column(rows, "measured_returned_share"), np.ones(len(rows)))
    raise KeyError(f"no measured quantity is called {quantity!r} ({case})")


def _unmeasured(choice: pd.DataFrame, measured: pd.DataFrame) -> pd.DataFrame:
    """Projects without a row of measured values."""
    rows = choice[~choice.index.isin(measured["choice_id"])]
    nothing = np.full(len(rows), np.nan)
    return pd.DataFrame(
        {
            "choice_id": rows.index.to_numpy(dtype=object),
            "parcel_id": rows["parcel_id"].to_numpy(dtype=object),
            "technology": rows["technology"].to_numpy(dtype=object),
            "family": rows["family"].to_numpy(dtype=object),
            "year": 0,
            "monitor_quantity": "",
            "measured_value": nothing,
            "planned_value": nothing,
            "least_value": nothing,
            "deviation_share": nothing,
            "monitor_state": NOT_MEASURED,
        },
        index=pd.Index([f"{one}/-" for one in rows.index], name="monitoring_id", dtype=object),
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
                "monitoring.share",
                "Share of projects with measured values",
                measured.value / total.value if total.value > 0 else float("nan"),
                "%",
                formula="Projects with measured values over all projects.",
                inputs=(measured.key, total.key),
            ),
        ]
    )
