"""Figures of the choice: sums over what was chosen, accounts, and the proof, each with how it was found."""

from __future__ import annotations

import pandas as pd

from plans.figures import Figure, Figures
from plans.options.settings import Bought
from standards import Number

BOUGHT, REPLACED = "choice.bought", "choice.replaced"
SUMS = {
    "planned_kw": ("Capacity chosen: {family}", "kW"),
    "kwh_per_year": ("Energy of a year: {family}", "kWh/a"),
    "served_m2": ("Floor area served: {family}", "m²"),
    "panel_m2": ("Area of panels and collectors: {family}", "m²"),
    "capex_yuan": ("Investment: {family}", "yuan"),
    "saved_kgce_per_year": ("Coal replaced: {family}", "kgce/a"),
    "avoided_tco2_per_year": ("Carbon dioxide avoided: {family}", "tCO2/a"),
}
TOTALS = {
    "capex_yuan": ("Investment of the programme", "yuan"),
    "cost_yuan_per_year": ("Yearly cost of the programme less the value of the energy", "yuan/a"),
    "saved_kgce_per_year": ("Coal replaced by the programme", "kgce/a"),
    "avoided_tco2_per_year": ("Carbon dioxide avoided by the programme", "tCO2/a"),
}


def figures_of(
    choice: pd.DataFrame,
    accounts: pd.DataFrame,
    gap: float,
    bought: Bought | None,
    numbers: tuple[Number, ...],
) -> Figures:
    """Sums by family and over all, each account, and the gap.

    Parameters
    ----------
    choice, accounts : DataFrame
        Tables `choice` and `account`.
    gap : float
        How far from the best the choice is at most.
    bought : Bought or None
        Energy of urban civil buildings in the target year without the choice.
    numbers : tuple of Number
        Rows that were used; they stand with the totals.
    """
    figures: list[Figure] = []
    families = sorted(choice["family"].unique())
    for name, (title, unit) in SUMS.items():
        for family in families:
            rows = choice[choice["family"] == family]
            figures.append(
                Figure(
                    f"choice.{family}.{name}", title, float(rows[name].sum()), unit,
                    origin=f"choice.{name}", values={"family": family},
                )
            )  # fmt: skip
    for name, (title, unit) in TOTALS.items():
        keys = tuple(f"choice.{family}.{name}" for family in families) if name in SUMS else ()
        formula = "sum over the technologies" if keys else ""
        figures.append(
            Figure(
                f"choice.total.{name}", title, float(choice[name].sum()), unit, formula, keys, numbers,
                origin=f"choice.{name}",
            )
        )  # fmt: skip
    figures += [
        Figure("choice.total.choices", "Choices: a technology on a parcel", float(len(choice)), "n", origin="choice"),
        Figure(
            "choice.gap", "Largest distance from the best choice there is", gap, "%",
            "(cost - bound) / |bound|, the bound from the prices of all accounts", digits=2,
        ),
    ]  # fmt: skip
    if bought is not None:
        figures += [
            Figure(
                BOUGHT,
                "Energy that urban civil buildings buy without the programme",
                bought.bought_kgce,
                "kgce/a",
            ),
            Figure(
                REPLACED,
                "Energy that renewable sources replace there already",
                bought.replaced_kgce,
                "kgce/a",
            ),
        ]
    for account, row in accounts.iterrows():
        values = {"account": str(account)}
        figures += [
            Figure(f"account.{account}.required", "Required: {account}", float(row["required"]), row["account_unit"],
                   origin="account.required", values=values),
            Figure(f"account.{account}.reached", "Reached: {account}", float(row["reached"]), row["account_unit"],
                   origin="account.reached", values=values),
            Figure(f"account.{account}.shortfall", "Short of it: {account}", float(row["shortfall"]), row["account_unit"],
                   "what is required less what is reached, where it is missed",
                   (f"account.{account}.required", f"account.{account}.reached"), values=values),
        ]  # fmt: skip
    return Figures.of(figures)
