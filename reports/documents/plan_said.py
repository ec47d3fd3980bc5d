"""Plans in words: limits of the grid by district, what targets cost at the margin, what technology suits which use."""

from __future__ import annotations

import pandas as pd

from core.fields import field
from core.texts import speaking, text, word
from core.units import MINUS, MISSING, percent, quantity
from layers.city import City
from plans import Part
from plans.figures import Figure, Figures

CHINESE = "zh"
GRID = "grid/"  # begins the names of the accounts of the grid
VERDICTS = {
    "priority": "priority_uses",
    "recommended": "recommended_uses",
    "restricted": "restricted_uses",
    "prohibited": "prohibited_uses",
}
AMOUNTS = ("m²", "kW")  # base units of what is divided; rates are the same everywhere
FEW = 3  # uses that are always named
AREAS = ("city", "district")
UNITS = {"m2": "m²"}  # as accounts write them: as the dictionary of fields does


def plan_said(city: City, plan: Part) -> Part:
    """Tables of a plan in the words of a document.

    Parameters
    ----------
    city : City
        With the names of its districts in table `district`.
    plan : Part
        Tables `account`, `suitability` and `decomposition`; each may be missing.

    Returns
    -------
    Part
        Tables `grid_limit` (a district a row), `marginal_cost` (a target of the allocation a row), `suitable_uses` (city or
        district and technology a row: uses by verdict, and the conditions), `district_goal` (an amount that the city is to
        reach a row, with the part of every district), `reach_said` (from what was found to what is reached); figures
        `survey.grid_limits` and `survey.grid_binding`.
    """
    with speaking(CHINESE):
        tables, figures = _accounts(city, plan.tables.get("account"), plan.tables.get("target"))
        tables["suitable_uses"] = _uses(city, plan.tables.get("suitability"))
        tables["district_goal"] = _divided(city, plan.tables.get("decomposition"))
        tables["reach_said"] = _reach(plan.tables.get("reach"))
    return Part({name: table for name, table in tables.items() if len(table)}, Figures.of(figures))


def _accounts(
    city: City, accounts: pd.DataFrame | None, targets: pd.DataFrame | None
) -> tuple[dict[str, pd.DataFrame], list[Figure]]:
    if accounts is None:
        return {}, []
    limits = accounts[accounts.index.str.startswith(GRID)]
    goals = accounts[accounts["at_least"].astype(bool)]
    grid = pd.DataFrame(
        {
            "grid_limit_kw": limits["required"],
            "grid_planned_kw": limits["reached"],
            "price_yuan": limits["price_yuan"],
        }
    )
    grid.index = pd.Index(limits.index.str.removeprefix(GRID), name="district_code")
    grid.insert(0, "district_name", _districts(city, grid.index))
    rates = _rates(targets)
    said = {name: _price(row, rates.get(str(name))) for name, row in goals.iterrows()}
    columns = ["indicator", "account_required_said", "account_reached_said", "account_price_said",
               "account_price_range_said"]  # fmt: skip
    costs = pd.DataFrame.from_dict(said, orient="index", columns=columns).rename_axis("account")
    binding = float((grid["price_yuan"] > 0).sum())
    figures = [
        Figure("survey.grid_limits", "Limits of the grid", float(len(grid)), "n", origin="account"),
        Figure("survey.grid_binding", "Limits of the grid that hold back", binding, "n", origin="account"),
    ]
    return {"grid_limit": grid, "marginal_cost": costs}, figures


def _districts(city: City, codes: pd.Index) -> list[str]:
    """Names of districts; their codes where they have none."""
    table = city.tables.get("district")
    names = (
        {}
        if table is None or "name" not in table
        else dict(zip(table.index.map(str), table["name"], strict=True))
    )
    return [str(names.get(code) or code) for code in codes]


def _rates(targets: pd.DataFrame | None) -> dict[str, float]:
    """Targets of the city that are shares, by indicator: their accounts count what must be replaced for them."""
    if targets is None:
        return {}
    city = targets[(targets["area_kind"] == "city") & targets["value"].between(0.0, 1.0, inclusive="right")]
    return {str(name): float(value) for name, value in city.groupby("indicator")["value"].max().items()}


def _price(row: pd.Series, rate: float | None) -> dict[str, str]:
    unit = UNITS.get(row["account_unit"], row["account_unit"])
    each = f"yuan/({unit} a)"
    low, high = row["price_low_yuan"], row["price_high_yuan"]
    required = quantity(row["required"], unit)
    if rate is not None:
        required = text("{rate}, that is {amount} more", rate=percent(rate), amount=required)
    return {
        "indicator": row["indicator"],
        "account_required_said": required,
        "account_reached_said": quantity(row["reached"], unit),
        "account_price_said": quantity(row["price_yuan"], each),
        "account_price_range_said": _range(quantity(low, each), quantity(high, each)),
    }


def _range(low: str, high: str) -> str:
    return low if low == high else f"{low}{text(' to ')}{high}"


def _reach(steps: pd.DataFrame | None) -> pd.DataFrame:
    """Steps from what was found to what the plan reaches, each target in its own unit."""
    if steps is None or steps.empty:
        return pd.DataFrame()
    found = {}
    for name, row in steps.iterrows():
        unit = UNITS.get(row["account_unit"], row["account_unit"])
        found[name] = {
            "indicator": row["indicator"],
            "reach_step": row["reach_step"],
            **{
                f"{column}_said": _signed(float(row[column]), unit)
                for column in ("reach_change", "reach_left")
            },
        }
    return pd.DataFrame.from_dict(found, orient="index").rename_axis("reach_id")


def _signed(value: float, unit: str) -> str:
    """An amount, below zero with its sign; nothing is a dash."""
    return MISSING if value == 0 else (MINUS if value < 0 else "") + quantity(abs(value), unit)


def _divided(city: City, parts: pd.DataFrame | None) -> pd.DataFrame:
    """Amounts that are divided among districts, a row a target."""
    if parts is None:
        return pd.DataFrame()
    amounts = parts[parts["target_unit"].isin(AMOUNTS)]
    found = {}
    for target, rows in amounts.groupby("target_id", sort=False, observed=True):
        whole, each = rows[rows["area_kind"] == "city"], rows[rows["area_kind"] == "district"]
        if len(whole) != 1 or each.empty:
            continue
        city_row, unit = whole.iloc[0], str(whole["target_unit"].iloc[0])
        found[target] = {
            "indicator": city_row["indicator"],
            "year": city_row["year"],
            "target_said": quantity(float(city_row["value"]), unit),
            "decomposition_method": each["decomposition_method"].iloc[0],
            "district_goals_said": "；".join(
                f"{name} {quantity(float(value), unit)}"
                for name, value in zip(
                    _districts(city, pd.Index(each["area_id"])), each["value"], strict=True
                )
            ),
        }
    return pd.DataFrame.from_dict(found, orient="index").rename_axis("target_id")


def _uses(city: City, suitability: pd.DataFrame | None) -> pd.DataFrame:
    """Uses of buildings by verdict, a row an area and technology."""
    if suitability is None:
        return pd.DataFrame()
    codes = pd.Index(suitability["area_id"].astype(str).unique())
    names = dict(zip(codes, _districts(city, codes), strict=True))
    rows = suitability[suitability["area_kind"].isin(AREAS)]
    found = {}
    for (kind, area, technology), group in rows.groupby(
        ["area_kind", "area_id", "technology"], sort=False, observed=True
    ):
        conditions = dict.fromkeys(
            one for said in group["condition"].fillna("") for one in str(said).split("; ") if one
        )
        found["/".join((str(kind), str(area), str(technology)))] = {
            "technology": technology,
            "area_kind": kind,
            "area_id": area,
            "district_name": names.get(str(area), ""),
            **_by_verdict(group),
            "suitability_conditions": field("condition").shown("; ".join(conditions))
            if conditions
            else MISSING,
        }
    return pd.DataFrame.from_dict(found, orient="index").rename_axis("suitable_uses_id")


def _by_verdict(group: pd.DataFrame) -> dict[str, str]:
    """Uses of each verdict; the verdict of most uses is said as that of all others."""
    uses = {verdict: list(group.loc[group["verdict"] == verdict, "use"]) for verdict in VERDICTS}
    most = max(uses, key=lambda verdict: len(uses[verdict]))
    alone = len(uses[most]) == len(group)
    said = {
        column: text(", ").join(word(str(use)) for use in uses[verdict])
        for verdict, column in VERDICTS.items()
    }
    if len(uses[most]) > FEW:
        said[VERDICTS[most]] = (
            text("all kinds of buildings") if alone else text("all other kinds of buildings")
        )
    return said
