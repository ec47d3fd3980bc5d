"""Chart traces: which numbers a chart shows, so that each can be traced to where it comes from."""

from __future__ import annotations

from collections.abc import Iterable

from core.fields import field, fields
from core.texts import text, word
from desktop.addresses import Address
from desktop.chart_scope import CITY, PARCEL, Scope
from desktop.charts import GENERATED, NEEDED, Content
from desktop.result_tables import found_in

DEMAND = "demand"
FIGURES = ("choice.total.avoided_tco2_per_year", "choice.total.cost_yuan_per_year", "choice.total.capex_yuan")


def traced(name: str, option: str, content: Content, scope: Scope) -> list[tuple[str, Address]]:
    """Titles and addresses of the numbers of a chart; months and hours by the year or month they are parts of."""
    if name == "targets":
        return _targets(content, scope)
    if name == "carbon_cost":
        known = content.plan.figures if content.plan is not None else {}
        return [(known[key].called, Address(key=key)) for key in FIGURES if key in known]
    wanted = {
        "electricity_months": [(DEMAND, "electricity_kwh_per_year")]
        + [(one, f"{base}_per_year") for one, base, _ in GENERATED],
        "heat_months": [(DEMAND, f"{base}_per_year") for base, _, _ in NEEDED],
        "typical_day": [
            (DEMAND, f"electricity_kwh_month_{int(option or 1):02d}"),
            ("rooftop", f"pv_kwh_month_{int(option or 1):02d}"),
        ],
        "ground_heat": _ground(),
        "ground_years": _ground(),
    }.get(name, [])
    return _sums(wanted, content, scope)


def _ground() -> list[tuple[str, str]]:
    return [("shallow", "ghe_heat_kwh_per_year"), ("shallow", "ghe_cold_kwh_per_year")]


def _sums(wanted: Iterable[tuple[str, str]], content: Content, scope: Scope) -> list[tuple[str, Address]]:
    """Totals of the city, or sums over the rows of a scope."""
    found = []
    for name, column in wanted:
        made = content.assessments.get(name)
        if made is None or column not in fields():
            continue
        frame = found_in(made, scope.table)
        if scope.whole and column in made.totals:
            found.append((field(column).title, Address(table=name, column=column)))
        elif frame is not None and column in frame:
            rows = tuple(str(one) for one in scope.ids)
            found.append((field(column).title, Address(table=scope.table, rows=rows, column=column)))
    return found


def _targets(content: Content, scope: Scope) -> list[tuple[str, Address]]:
    """What the plan reaches of each target of the city."""
    plan = content.plan
    if plan is None or "reached" not in plan.tables or scope.kind != CITY or scope.table != PARCEL:
        return []
    return [
        (
            f"{word(str(row['indicator']))} {int(row['year'])} · {text('Reached')}",
            Address(table="reached", row=str(name), column="indicator_value"),
        )
        for name, row in plan.tables["reached"].iterrows()
    ]
