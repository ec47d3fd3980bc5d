"""Economics of a programme: static payback by technology, how its yearly cost moves with prices, and converted area."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pandas as pd

from plans import Part
from plans.figures import Figure, Figures
from plans.options.money import capital_recovery
from plans.options.technologies import ELECTRICITY, HOT_WATER, technologies
from standards import Standards, Taken

RULES = "plan_sensitivity"
GROUND = ("shallow_ground", "groundwater", "surface_water", "deep_ground")
SOLAR = "solar_thermal"
SWINGS = ("investment_cost", "electricity_price", "heat_price", "energy_yield")
ALONE_TITLES = {
    "converted.solar": "Floor area with solar hot water alone",
    "converted.ground": "Floor area with ground-source heat pumps alone",
    "converted.both": "Floor area with solar hot water and ground-source heat pumps",
}


def economics(choice: pd.DataFrame, standards: Standards, solar_replaces: str, ground_replaces: str) -> Part:
    """Payback, sensitivity and converted area of what was chosen.

    Parameters
    ----------
    choice : DataFrame
        Table `choice`. [kWh/a], [m²], [yuan], [yuan/a]
    standards : Standards
        With the tables of technologies, prices and swings.
    solar_replaces, ground_replaces : str
        What collectors, and other sources of heat, replace: `gas`, `coal` or `electricity`.

    Returns
    -------
    Part
        Tables `payback` (a technology a row: investment, what it brings in a year, static payback [a]) and `sensitivity`
        (what moves a row: yearly cost of the programme where it is lower and higher); figures `economics.*` and
        `converted.*`. Empty where nothing was chosen.

    Notes
    -----
    What works bring in a year is the value of their energy less running cost. Static payback is the investment over it,
    without interest, and is not known where nothing is brought in. What moves the cost is taken as independent, each bound
    as a tenth and nine tenths of cases, so squares of the moves add up.
    """
    if not len(choice):
        return Part()
    taken = Taken(standards)
    money = money_of(choice, standards, taken, solar_replaces, ground_replaces)
    payback = _payback(money)
    cost = float(choice["cost_yuan_per_year"].sum())
    moved = _sensitivity(money, cost, taken)
    figures = Figures.of(
        [*_money_figures(payback, moved, cost), *_converted(choice, standards, taken)],
    )
    tables = {"payback": payback, "sensitivity": moved}
    return Part(MappingProxyType(tables), figures, tuple(dict.fromkeys(taken.used)))


def money_of(
    choice: pd.DataFrame, standards: Standards, taken: Taken, solar_replaces: str, ground_replaces: str
) -> pd.DataFrame:
    """Of every work: its investment and running cost, the yearly share of the investment, and the value of its energy.

    `by_fuel` and `by_electricity` are what of the value follows the price of fuel, and of electricity less what is bought;
    heat that electricity would give otherwise follows the latter. [yuan], [yuan/a]
    """
    known = technologies(standards)
    of = choice["technology"].map
    life = pd.to_numeric(of(known["life_years"]))
    interest = taken.number("pv_economics", item="discount", case="rate")
    drawn = taken.number("heat_supply", item="electricity", case="price")
    solar = taken.number("solar_heat", item="heat_price", case=solar_replaces)
    ground = taken.number("solar_heat", item="heat_price", case=ground_replaces)
    annuity = choice["capex_yuan"] * capital_recovery(interest, life)
    worth = annuity + choice["opex_yuan_per_year"] - choice["cost_yuan_per_year"]
    price = np.where(choice["family"] == SOLAR, solar, ground)
    electric = of(known["service"]) == ELECTRICITY
    heat = (choice["kwh_per_year"] * price).where(~electric, 0.0)
    counted = of(known["opex_holds"]) != "none"  # else its running cost is upkeep alone
    bought = (choice["electricity_kwh_per_year"] * drawn).where(counted & ~electric, 0.0)
    by_power = np.where(choice["family"] == SOLAR, solar_replaces, ground_replaces) == ELECTRICITY
    fuel = heat.where(~by_power, 0.0)
    return choice[["technology", "capex_yuan", "opex_yuan_per_year"]].assign(
        annuity=annuity,
        worth=worth,
        by_fuel=fuel,
        by_electricity=worth - fuel - bought,
    )


def _payback(money: pd.DataFrame) -> pd.DataFrame:
    sums = money.groupby("technology", sort=True)[["capex_yuan", "opex_yuan_per_year", "worth"]].sum()
    earned = sums["worth"] - sums["opex_yuan_per_year"]
    return pd.DataFrame(
        {
            "capex_yuan": sums["capex_yuan"],
            "opex_yuan_per_year": sums["opex_yuan_per_year"],
            "energy_worth_yuan_per_year": sums["worth"],
            "earned_yuan_per_year": earned,
            "payback_years": (sums["capex_yuan"] / earned).where(earned > 0),
        }
    )


def _sensitivity(money: pd.DataFrame, cost: float, taken: Taken) -> pd.DataFrame:
    """Yearly cost where one thing is lower or higher by its swing, all else as it was."""
    slopes = {
        "investment_cost": float(money["annuity"].sum()),
        "electricity_price": -float(money["by_electricity"].sum()),
        "heat_price": -float(money["by_fuel"].sum()),
        "energy_yield": -float(money["worth"].sum()),
    }
    swings = [taken.number(RULES, item="swing", case=one) for one in SWINGS]
    moves = np.array([slopes[one] for one in SWINGS]) * np.array(swings)
    return pd.DataFrame(
        {
            "swing_share": swings,
            "cost_low_yuan_per_year": cost - moves,
            "cost_high_yuan_per_year": cost + moves,
        },
        index=pd.Index(SWINGS, name="sensitivity_of"),
    )


def _money_figures(payback: pd.DataFrame, moved: pd.DataFrame, cost: float) -> list[Figure]:
    capex, earned = float(payback["capex_yuan"].sum()), float(payback["earned_yuan_per_year"].sum())
    half = float(np.hypot.reduce((moved["cost_high_yuan_per_year"] - cost).to_numpy()))
    total, formula = "choice.total.cost_yuan_per_year", "yearly cost ± root of the sum of squared moves"
    return [
        Figure("economics.earned", "What the programme brings in a year", earned, "yuan/a",
               "value of energy less running cost", origin="payback.earned_yuan_per_year"),
        Figure("economics.payback", "Static payback of the programme", capex / earned if earned > 0 else np.nan, "a",
               "investment / what it brings in a year", ("choice.total.capex_yuan", "economics.earned")),
        Figure("economics.cost_p10", "Yearly cost that one of ten cases stays below", cost - half, "yuan/a", formula,
               (total,), origin="sensitivity"),
        Figure("economics.cost_p90", "Yearly cost that nine of ten cases stay below", cost + half, "yuan/a", formula,
               (total,), origin="sensitivity"),
    ]  # fmt: skip


def _converted(choice: pd.DataFrame, standards: Standards, taken: Taken) -> list[Figure]:
    """Converted application area; what a parcel has of both counts as solar and ground together."""
    known = technologies(standards)
    hot = (choice["family"] == SOLAR) & (choice["technology"].map(known["service"]) == HOT_WATER)
    at = choice["parcel_id"]
    solar = choice["served_m2"].where(hot, 0.0).groupby(at).sum()
    ground = choice["served_m2"].where(choice["family"].isin(GROUND), 0.0).groupby(at).sum()
    both = pd.Series(np.minimum(solar, ground), index=solar.index)
    areas = dict(
        zip(ALONE_TITLES, (float((solar - both).sum()), float((ground - both).sum()), float(both.sum())),
            strict=True)
    )  # fmt: skip
    cases = ("solar_hot_water", "ground", "solar_and_ground")
    weights = [taken.number(RULES, item="converted_area", case=case) for case in cases]
    used = tuple(number for number in taken.used if number.table == RULES and "converted_area" in number.key)
    whole = sum(weight * area for weight, area in zip(weights, areas.values(), strict=True))
    given = [
        Figure(key, ALONE_TITLES[key], area, "m²", origin="choice.served_m2") for key, area in areas.items()
    ]
    formula = "solar hot water × 0.5 + ground source × 1 + both together × 1.5"
    title = "Converted application area"
    return [*given, Figure("converted.area", title, whole, "m²", formula, tuple(areas), used)]
