"""Movable targets: what of a plan can be set otherwise by a slider: targets, caps, and shares of new building."""

from __future__ import annotations

from dataclasses import dataclass

from plans import Part
from plans.green.goals import INDICATORS
from plans.options.accounts import BUDGET, SHARE, account_rules
from standards import Standards

SPENT = "choice.total.capex_yuan"
REACH = 2.0  # a target can be moved up to so many times what is asked for or reached
SHARES = {indicator: column for column, indicator in INDICATORS.items()}


@dataclass(frozen=True)
class Movable:
    """A target that can be moved.

    Parameters
    ----------
    account : str
        Its name among the accounts of the plan; of a share of new building, its indicator.
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
    """What a preview can move: targets and caps in the order of the accounts, shares of new building, and the money last."""
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
    return [*found, *movable_shares(plan), *_money(plan)]


def figure_of_share(indicator: str) -> str:
    """Key of the figure that says what a plan reaches of a share of new building."""
    return f"green.{SHARES[indicator]}"


def share_reached(plan: Part, indicator: str) -> float:
    """What a plan reaches of a share of new building, 0 to 1."""
    return float(plan.figures[figure_of_share(indicator)].value)


def movable_shares(plan: Part) -> list[Movable]:
    """Shares of new building that the city is to reach, of the year that the plan grades for."""
    targets = plan.tables["target"]
    city = targets[targets["area_kind"] == "city"]
    keys = {indicator: f"{figure_of_share(indicator)}_target" for indicator in SHARES}
    values = {name: float(plan.figures[key].value) for name, key in keys.items() if key in plan.figures}
    rows = {
        name: (city["indicator"] == name) & (city["value"].astype(float) == values[name]) for name in values
    }
    years = [set(city.loc[row, "year"].astype(int)) for row in rows.values()]
    common = set.intersection(*years) if years else set()
    return [Movable(name, name, value, 1.0, "", max(common)) for name, value in values.items() if common]


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
