"""Plan totals: the main figures of a plan, the same on its page, on the card of the city and in the table of scenarios."""

from __future__ import annotations

import pandas as pd

from core.texts import text
from core.units import count, percent, quantity
from desktop.addresses import Address
from desktop.card_results import Line
from desktop.card_words import account_said
from plans import Part
from plans.figures import Figure

TOTALS = (
    ("choice.pv.planned_kw", "Photovoltaics"),
    ("choice.total.capex_yuan", "Investment"),
    ("choice.total.saved_kgce_per_year", "Coal replaced"),
    ("choice.total.avoided_tco2_per_year", "Carbon dioxide avoided"),
    ("retrofit.area.total", "Retrofit"),
    ("green.two_star_share", "Two stars and more, of new buildings"),
)
RATE = "indicator.renewable_substitution_rate.gross."


def main_figures(plan: Part) -> dict[str, tuple[str, Figure]]:
    """Title and figure by key: what planners look at first in a plan, and the substitution rate of its last year."""
    years = [key for key in plan.figures if key.startswith(RATE) and key.removeprefix(RATE).isdigit()]
    wanted = [*TOTALS, *((key, "Substitution rate") for key in sorted(years)[-1:])]
    return {key: (text(title), plan.figures[key]) for key, title in wanted if key in plan.figures}


def missed(plan: Part) -> int:
    """How many of its targets and limits a plan does not hold."""
    return int((plan.tables["account"]["shortfall"].astype(float) > 0).sum())


def standing_said(plan: Part) -> str:
    """Whether a plan holds all its targets and limits, in words."""
    gaps = missed(plan)
    if not gaps:
        return text("All targets and limits are met")
    return text("{count} targets or limits are missed", count=count(gaps))


def share_of(made: Part, indicator: str) -> tuple[float, float] | None:
    """What is reached and asked for of an indicator whose target is a share; None for all others."""
    reached, targets = made.tables.get("reached"), made.tables.get("target")
    if not indicator or reached is None or targets is None:
        return None
    mine = reached["indicator"].eq(indicator) & reached["area_kind"].isin(("city", "national"))
    rows = reached[mine].sort_values("year")
    units = targets.loc[targets["indicator"] == indicator, "target_unit"]
    if rows.empty or not units.eq("%").any():
        return None
    last = rows.iloc[-1]
    return float(last["indicator_value"]), float(last["value"])


def asked_said(reached: str, required: str, *, at_least: bool) -> str:
    """What is reached of what was asked for: at least so much, or at most."""
    if at_least:
        return text("{reached}, required ≥ {required}", reached=reached, required=required)
    return text("{reached}, at most {required}", reached=reached, required=required)


def plan_lines(plan: Part, districts: pd.DataFrame | None = None) -> tuple[Line, ...]:
    """Targets and limits with what is reached, those that are missed first; then the main figures; each with its trace."""
    accounts = plan.tables["account"]
    order = (accounts["shortfall"].astype(float) <= 0).sort_values(kind="stable").index
    lines = [_account(plan, str(name), accounts.loc[name], districts) for name in order]
    totals = [
        Line(title, figure.said(), address=Address(key=key))
        for key, (title, figure) in main_figures(plan).items()
    ]
    return (*lines, *totals)


def _account(plan: Part, name: str, row: pd.Series, districts: pd.DataFrame | None) -> Line:
    """One target or limit: reached, and what was asked for or by how much it is missed; rates as rates."""
    unit, indicator = str(row["account_unit"]), str(row["indicator"] or "")
    share = share_of(plan, indicator)
    amounts = [quantity(float(row[one]), unit) for one in ("reached", "required")]
    reached, required = amounts if share is None else [percent(one) for one in share]
    said = asked_said(reached, required, at_least=bool(row["at_least"]))
    if float(row["shortfall"]) > 0:
        said = f"{said}\n{text('Missed by {amount}', amount=quantity(float(row['shortfall']), unit))}"
    title = account_said(name, indicator, districts)
    return Line(title, said, address=Address(table="account", row=name, column="reached", planned=True))
