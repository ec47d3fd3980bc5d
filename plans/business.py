"""Business modes: own investment, energy contract, roof lease, all to the grid; what each brings owner and investor."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.problems import Problem, Severity
from layers.city import City
from plans import Part
from plans.electricity_prices import parcel_prices, retail_prices
from plans.figures import Figure, Figures
from potential.solar.economics import money
from potential.solar.prices import TABLES, MoneyWishes, Prices, looked_up
from standards import Number, Taken

Numbers = NDArray[np.float64]
PV = "pv"
MODES = ("own_investment", "energy_contract", "roof_lease", "all_to_grid")
TITLES = {
    "own_investment": ("Projects advised for own investment", "Investment advised by owners themselves"),
    "energy_contract": ("Projects advised for energy contracts", "Investment advised by energy contracts"),
    "roof_lease": ("Projects advised for lease of roofs", "Investment advised by lease of roofs"),
    "all_to_grid": ("Projects advised to give all to the grid", "Investment advised for all to the grid"),
}
CLOSED = "all to the grid is not open to this class of connection"
UNKNOWN = "self-use is not known"
LATE = "pays back too late"
NO_MODE = "not used for heat"


def business_modes(
    city: City, choice: pd.DataFrame, self_use: pd.Series, wishes: MoneyWishes = TABLES
) -> Part:
    """What every project of a plan brings under each business mode.

    Parameters
    ----------
    city : City
        With the use of parcels.
    choice : DataFrame, by choice_id
        What a plan has chosen.
    self_use : Series, by parcel_id
        Share of all PV of a parcel that is used in the hour it comes, 0 to 1.
    wishes : MoneyWishes
        Prices of PV that the planner entered.

    Returns
    -------
    Part
        Table `business` by project and mode: whether the class of connection allows it, payback of who invests, yearly
        gain of investor and owner, and the mode advised; table `business_mode` with the sums of the advised modes.

    Notes
    -----
    Owners are advised to invest alone where it pays back soon, else to let others invest where that pays back in time.
    Heat is sold at the price of what it replaces; who lives by a network pays that network.
    """
    taken = Taken(city.standards)
    parts = []
    rows = choice[choice["planned_kw"] > 0]
    sun = rows[rows["family"] == PV]
    if len(sun):
        parts.append(_of_pv(city, sun, self_use, Prices.of(city, taken, wishes), taken))
    if len(rows) > len(sun):
        parts.append(_of_heat(city, rows[rows["family"] != PV], taken))
    columns = [
        "choice_id", "parcel_id", "technology", "business_mode", "business_open", "capex_yuan", "investor_yuan_per_year",
        "owner_yuan_per_year", "payback_years", "reason",
    ]  # fmt: skip
    table = pd.concat(parts) if parts else pd.DataFrame(columns=columns)
    table = _advised(table, taken)
    summary = _summary(table, rows)
    numbers = tuple(dict.fromkeys(taken.used))
    return Part(
        tables=MappingProxyType({"business": table, "business_mode": summary}),
        figures=_figures(summary, numbers),
        numbers=numbers,
        remarks=(
            "Prices of electricity and heat are those of the tables unless entered; contracts and the market decide.",
            "Payback of heat counts the whole investment; boilers and chillers that it replaces are not deducted.",
        ),
        problems=_problems(sun, self_use),
    )


def _of_pv(city: City, rows: pd.DataFrame, self_use: pd.Series, prices: Prices, taken: Taken) -> pd.DataFrame:
    """The four modes of PV."""
    places = pd.Index(rows["parcel_id"].unique())
    electricity = parcel_prices(city, places, prices.retail, taken).loc[rows["parcel_id"]]
    share = self_use.reindex(rows["parcel_id"]).to_numpy(dtype=float)
    known = np.isfinite(share)
    kwh = rows["kwh_per_year"].to_numpy(dtype=float)
    used = kwh * np.where(known, share, 0.0)
    of = pd.DataFrame(
        {
            "kwp": rows["planned_kw"].to_numpy(dtype=float),
            "kwh": kwh,
            "used_kwh": used,
            "load_kwh": np.zeros(len(rows)),
            "module_m2": rows["panel_m2"].to_numpy(dtype=float),
            "capex_yuan": rows["capex_yuan"].to_numpy(dtype=float),
            "bill_yuan": used * electricity[["flat", "timed"]].sum(axis=1).to_numpy(dtype=float),
            "connection": electricity["connection"].to_numpy(dtype=object),
        },
        index=rows.index,
    )
    found = money(of, prices, PV)
    opens = looked_up(found["pv_connection_class"].to_numpy(dtype=object), prices.connection["grid"]) == 1
    upkeep = float(prices.life.upkeep.mean()) * of["kwp"].to_numpy(dtype=float)
    left_over = (of["kwh"] - of["used_kwh"]).to_numpy(dtype=float) * prices.feed_in
    bill, saved, rent = (
        one.to_numpy(dtype=float)
        for one in (
            of["bill_yuan"],
            found["pv_emc_saving_yuan_per_year"],
            found["pv_roof_rent_yuan_per_year"],
        )
    )
    sold = kwh * prices.feed_in
    own = bill + left_over - upkeep
    gains = {
        "own_investment": (own, own, found["pv_payback_surplus_years"], known, UNKNOWN),
        "energy_contract": (own - saved, saved, found["pv_payback_emc_years"], known, UNKNOWN),
        "roof_lease": (sold - upkeep - rent, rent, found["pv_payback_lease_years"], opens, CLOSED),
        "all_to_grid": (sold - upkeep, sold - upkeep, found["pv_payback_grid_years"], opens, CLOSED),
    }
    return pd.concat([_mode(rows, mode, *gain) for mode, gain in gains.items()])


def _of_heat(city: City, rows: pd.DataFrame, taken: Taken) -> pd.DataFrame:
    """Own investment and energy contract of heat and cold."""
    places = pd.Index(rows["parcel_id"].unique())
    electricity = parcel_prices(city, places, retail_prices(taken), taken).loc[rows["parcel_id"]]
    price = electricity[["flat", "timed"]].sum(axis=1).to_numpy(dtype=float)
    heat, cold, drawn, upkeep, capex = (
        rows[name].fillna(0.0).to_numpy(dtype=float)
        for name in (
            "kwh_per_year", "cold_kwh_per_year", "electricity_kwh_per_year", "opex_yuan_per_year", "capex_yuan"
        )
    )  # fmt: skip
    sold = heat * taken.number("business_rules", item="heat_price", case="replaced")
    sold += cold * taken.number("business_rules", item="cold_price", case="replaced")
    costs = drawn * price + upkeep
    given = sold * taken.number("business_rules", item="emc", case="heat_discount")
    every = np.ones(len(rows), dtype=bool)
    parts = []
    for mode, investor, owner in (
        ("own_investment", sold - costs, sold - costs),
        ("energy_contract", sold - given - costs, given),
    ):
        years = np.divide(capex, investor, out=np.full(len(capex), np.nan), where=investor > 0)
        parts.append(_mode(rows, mode, investor, owner, pd.Series(years, index=rows.index), every, NO_MODE))
    return pd.concat(parts)


def _mode(
    rows: pd.DataFrame,
    mode: str,
    investor: Numbers,
    owner: Numbers,
    years: pd.Series,
    opens: NDArray[np.bool_],
    why_not: str,
) -> pd.DataFrame:
    """One mode of some projects."""
    return pd.DataFrame(
        {
            "choice_id": rows.index.to_numpy(dtype=object),
            "parcel_id": rows["parcel_id"].to_numpy(dtype=object),
            "technology": rows["technology"].to_numpy(dtype=object),
            "business_mode": mode,
            "business_open": opens,
            "capex_yuan": rows["capex_yuan"].to_numpy(dtype=float),
            "investor_yuan_per_year": np.where(opens, investor, np.nan).round(),
            "owner_yuan_per_year": np.where(opens, owner, np.nan).round(),
            "payback_years": np.where(opens, years.to_numpy(dtype=float), np.nan).round(1),
            "reason": np.where(opens, "", why_not).astype(object),
        },
        index=pd.Index([f"{one}/{mode}" for one in rows.index], name="business_id", dtype=object),
    )


def _advised(table: pd.DataFrame, taken: Taken) -> pd.DataFrame:
    """The mode advised for every project: the owner's own where it pays soon, else the first of the others in time."""
    soon = taken.number("business_rules", item="accept", case="owner_years")
    late = taken.number("business_rules", item="accept", case="most_years")
    if table.empty:
        return table.assign(business_advised=np.zeros(0, dtype=bool))
    limit = np.where(table["business_mode"] == "own_investment", soon, late)
    pays = table["payback_years"].to_numpy(dtype=float) <= limit
    place = table["business_mode"].map({mode: rank for rank, mode in enumerate(MODES)})
    first = place.where(pd.Series(pays, index=table.index)).groupby(table["choice_id"]).transform("min")
    reason = table["reason"].where(pd.Series(pays, index=table.index) | (table["reason"] != ""), LATE)
    return table.assign(business_advised=pays & (place == first).to_numpy(), reason=reason)


def _summary(table: pd.DataFrame, choice: pd.DataFrame) -> pd.DataFrame:
    """Projects, power, investment and gain of the advised modes."""
    advised = table[table["business_advised"]]
    power = choice["planned_kw"].reindex(advised["choice_id"]).to_numpy(dtype=float)
    grouped = advised.assign(power=power).groupby("business_mode")
    found = pd.DataFrame(
        {
            "business_projects": grouped.size(),
            "business_kw": grouped["power"].sum().round(1),
            "business_capex_yuan": grouped["capex_yuan"].sum().round(),
            "owner_yuan_per_year": grouped["owner_yuan_per_year"].sum().round(),
            "investor_yuan_per_year": grouped["investor_yuan_per_year"].sum().round(),
        }
    ).reindex(list(MODES), fill_value=0)
    found.index.name = "business_mode"
    return found.astype({"business_projects": "int64"})


def _figures(summary: pd.DataFrame, numbers: tuple[Number, ...]) -> Figures:
    found = []
    for mode, (count, capex) in TITLES.items():
        for key, title, column, unit in (
            ("projects", count, "business_projects", "n"),
            ("capex", capex, "business_capex_yuan", "yuan"),
        ):
            found.append(
                Figure(
                    f"business.{mode}.{key}",
                    title,
                    float(str(summary.at[mode, column])),
                    unit,
                    numbers=numbers,
                    origin=f"business_mode.{column}",
                )
            )
    return Figures.of(found)


def _problems(sun: pd.DataFrame, self_use: pd.Series) -> tuple[Problem, ...]:
    unknown = sun.index[~np.isfinite(self_use.reindex(sun["parcel_id"]).to_numpy(dtype=float))]
    if not len(unknown):
        return ()
    return (
        Problem(
            "Self-use of {count} PV projects is not known, so only giving all to the grid is judged.",
            "Compute demand and roofs of their parcels.",
            severity=Severity.WARNING,
            table="choice",
            rows=tuple(unknown),
            count=len(unknown),
        ),
    )
