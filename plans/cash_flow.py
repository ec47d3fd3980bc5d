"""Cash flow: what a programme invests and brings in every year, summed up, with what prices and yields may make of it."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from plans import Part
from plans.economics import RULES, SWINGS, money_of
from plans.figures import Figure, Figures
from plans.options.technologies import technologies
from standards import Number, Standards, Taken

Numbers = NDArray[np.float64]
ROUNDING_YUAN = 0.5


def cash_flow(
    choice: pd.DataFrame, standards: Standards, solar_replaces: str, ground_replaces: str, from_year: int
) -> Part:
    """The cash flow of what was chosen, from the first year of the plan on.

    Parameters
    ----------
    choice : DataFrame
        Table `choice` with `phase_year`. [yuan], [yuan/a], [a]
    standards : Standards
        With the tables of technologies, prices and swings, and the number of years.
    solar_replaces, ground_replaces : str
        What collectors, and other sources of heat, replace: `gas`, `coal` or `electricity`.
    from_year : int
        First year of the plan. [a]

    Returns
    -------
    Part
        Table `cash_flow` by year: investment, renewal, running cost, value of energy, what remains, its sum since the first
        year, and the sums that nine of ten and one of ten cases reach; figures `cash.*`. Empty where nothing was chosen.

    Notes
    -----
    Prices are those of today, without interest and subsidies. Works are paid in their year of completion, run from the
    year after, and are renewed at the same price at the end of their life unless the years end with it; what they are
    still worth then is not counted. The factors of the sensitivity hold alike in all years and do not depend on each
    other, each bound as a tenth and nine tenths of cases, so squares of the moves of a sum add up.
    """
    if not len(choice):
        return Part()
    taken = Taken(standards)
    count = int(taken.number(RULES, item="cash_flow", case="years"))
    first = min(from_year, int(choice["phase_year"].min()))
    years = np.arange(first, first + count)
    flows = _flows(choice, standards, taken, solar_replaces, ground_replaces, years)
    net = flows["worth"] - flows["running"] - flows["investment"] - flows["renewal"]
    half = _half(flows, taken)
    table = pd.DataFrame(
        {
            "cash_invested_yuan": flows["investment"],
            "cash_renewed_yuan": flows["renewal"],
            "cash_running_yuan": flows["running"],
            "cash_worth_yuan": flows["worth"],
            "cash_net_yuan": net,
            "cash_total_yuan": np.cumsum(net),
            "cash_total_p90_yuan": np.cumsum(net) - half,
            "cash_total_p10_yuan": np.cumsum(net) + half,
        },
        index=pd.Index(years, name="cash_year"),
    )
    interest = taken.number("pv_economics", item="discount", case="rate")
    figures = _figures(table, interest, tuple(dict.fromkeys(taken.used)))
    return Part(MappingProxyType({"cash_flow": table}), figures, tuple(dict.fromkeys(taken.used)))


def _flows(
    choice: pd.DataFrame,
    standards: Standards,
    taken: Taken,
    solar_replaces: str,
    ground_replaces: str,
    years: NDArray[np.int_],
) -> dict[str, Numbers]:
    """Sums of all works by year: what is paid, and what comes in by heat, electricity and in all, (years,) each. [yuan]"""
    money = money_of(choice, standards, taken, solar_replaces, ground_replaces)
    built = choice["phase_year"].to_numpy(dtype=int)[:, None]
    life = pd.to_numeric(choice["technology"].map(technologies(standards)["life_years"])).to_numpy(dtype=int)
    age = years - built
    runs = age > 0
    renewed = runs & (age % life[:, None] == 0) & (years < years[-1])

    def spread(column: str, when: NDArray[np.bool_]) -> Numbers:
        return np.asarray((money[column].to_numpy(dtype=float)[:, None] * when).sum(axis=0))

    return {
        "investment": spread("capex_yuan", age == 0),
        "renewal": spread("capex_yuan", renewed),
        "running": spread("opex_yuan_per_year", runs),
        "worth": spread("worth", runs),
        "heat": spread("by_fuel", runs),
        "power": spread("by_electricity", runs),
    }


def _half(flows: dict[str, Numbers], taken: Taken) -> Numbers:
    """How far the sum of each year lies from its bound at a tenth of cases, (years,). [yuan]"""
    moved = {
        "investment_cost": flows["investment"] + flows["renewal"],
        "electricity_price": flows["power"],
        "heat_price": flows["heat"],
        "energy_yield": flows["worth"],
    }
    moves = [taken.number(RULES, item="swing", case=one) * np.cumsum(moved[one]) for one in SWINGS]
    return np.asarray(np.sqrt(np.sum(np.square(moves), axis=0)))


def _figures(table: pd.DataFrame, interest: float, numbers: tuple[Number, ...]) -> Figures:
    total = table["cash_total_yuan"]
    earned = total.index[(total >= -ROUNDING_YUAN)[::-1].cummin()[::-1]]
    discounted = float((table["cash_net_yuan"] * (1 + interest) ** -np.arange(len(table), dtype=float)).sum())
    last = table.iloc[-1]
    origin = "cash_flow.cash_total_yuan"
    return Figures.of(
        [
            Figure("cash.from_year", "First year of the cash flow", float(table.index[0]), "year", origin="cash_flow"),
            Figure("cash.to_year", "Last year of the cash flow", float(table.index[-1]), "year", origin="cash_flow"),
            Figure("cash.years", "Years of the cash flow", float(len(table)), "n", numbers=numbers),
            Figure("cash.invested", "Investment of all years", float(table["cash_invested_yuan"].sum()), "yuan",
                   origin="cash_flow.cash_invested_yuan"),
            Figure("cash.renewed", "Renewal of all years", float(table["cash_renewed_yuan"].sum()), "yuan",
                   origin="cash_flow.cash_renewed_yuan"),
            Figure("cash.running", "Running cost of all years", float(table["cash_running_yuan"].sum()), "yuan",
                   origin="cash_flow.cash_running_yuan"),
            Figure("cash.worth", "Value of the energy of all years", float(table["cash_worth_yuan"].sum()), "yuan",
                   origin="cash_flow.cash_worth_yuan"),
            Figure("cash.total", "Net cash flow of all years", float(last["cash_total_yuan"]), "yuan",
                   "value of energy less running cost, investment and renewal",
                   ("cash.worth", "cash.running", "cash.invested", "cash.renewed")),
            Figure("cash.total_p90", "Net cash flow of all years that nine of ten cases reach",
                   float(last["cash_total_p90_yuan"]), "yuan", "net cash flow ± root of the sum of squared moves",
                   ("cash.total",), numbers, "cash_flow.cash_total_p90_yuan"),
            Figure("cash.total_p10", "Net cash flow of all years that one of ten cases reaches",
                   float(last["cash_total_p10_yuan"]), "yuan", "net cash flow ± root of the sum of squared moves",
                   ("cash.total",), numbers, "cash_flow.cash_total_p10_yuan"),
            Figure("cash.even_year", "Year from which the programme has paid for itself",
                   float(earned[0]) if len(earned) else np.nan, "year", origin=origin),
            Figure("cash.deepest", "Largest sum that has to be advanced", float(-min(total.min(), 0.0)), "yuan",
                   origin=origin),
            Figure("cash.present", "Present value of the net cash flow", discounted, "yuan",
                   "net cash flow of each year, discounted to the first", ("cash.interest",),
                   origin="cash_flow.cash_net_yuan"),
            Figure("cash.interest", "Rate of discount", interest, "%",
                   numbers=tuple(one for one in numbers if one.table == "pv_economics")),
        ]
    )  # fmt: skip
