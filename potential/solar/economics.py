"""Economics of PV: cost of a kilowatt-hour, payback by way of use and trade, and what the owner of a place gets."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from potential.solar.prices import WATT_PER_KW, Life, Prices, looked_up
from potential.sums import ratio
from standards import Taken

Numbers = NDArray[np.float64]
WAYS = ("self use", "surplus to the grid", "all to the grid")  # 自发自用, 余电上网, 全额上网


def levelised_cost(capex_yuan: ArrayLike, kwp: ArrayLike, kwh_first: ArrayLike, life: Life) -> Numbers:
    """Cost of a kilowatt-hour over the life: discounted costs over discounted energy. [yuan/kWh]

    Parameters
    ----------
    capex_yuan, kwp, kwh_first : array_like
        Investment; capacity; energy of new modules in a year.
    """
    upkeep = float(life.upkeep @ life.worth)
    costs = np.asarray(capex_yuan, dtype=float) + np.asarray(kwp, dtype=float) * upkeep
    return ratio(costs, np.asarray(kwh_first, dtype=float) * float(life.power_left @ life.worth))


def payback_years(
    capex_yuan: ArrayLike,
    income_yuan: ArrayLike,
    kwp: ArrayLike,
    life: Life,
    *,
    discounted: bool = False,
    rent_yuan: ArrayLike = 0.0,
) -> Numbers:
    """Years until income less upkeep has paid the investment, with the power modules lose; missing where it never does.

    Parameters
    ----------
    capex_yuan, income_yuan, kwp : array_like, (n,)
        Investment; income of a year with new modules; capacity.
    discounted : bool
        Whether later yuan count at their present value.
    rent_yuan : array_like
        Paid every year.
    """
    capex, income, size = (np.asarray(each, dtype=float) for each in (capex_yuan, income_yuan, kwp))
    worth = life.worth if discounted else np.ones(life.years)
    yearly = np.outer(income, life.power_left * worth) - np.outer(size, life.upkeep * worth)
    yearly -= np.outer(np.broadcast_to(rent_yuan, capex.shape), worth)
    paid = np.cumsum(yearly, axis=1)
    done = paid >= capex[:, None]
    first = np.argmax(done, axis=1)
    rows = np.arange(len(capex))
    before = np.where(first > 0, paid[rows, first - 1], 0.0)
    years: Numbers = np.where(
        done.any(axis=1) & (capex > 0), first + ratio(capex - before, yearly[rows, first]), np.nan
    )
    return years


def net_present_value(capex_yuan: ArrayLike, income_yuan: ArrayLike, kwp: ArrayLike, life: Life) -> Numbers:
    """Present value of income less upkeep over the life, less the investment. [yuan]"""
    earned = np.asarray(income_yuan, dtype=float) * float(life.power_left @ life.worth)
    spent = np.asarray(kwp, dtype=float) * float(life.upkeep @ life.worth)
    value: Numbers = earned - spent - np.asarray(capex_yuan, dtype=float)
    return value


def flows(
    kwp: Numbers,
    kwh: Numbers,
    used_kwh: Numbers,
    load_kwh: Numbers,
    module_m2: Numbers,
    use: NDArray[np.object_],
    prices: Prices,
    taken: Taken,
    cost: str | None = None,
) -> pd.DataFrame:
    """What goes into the economics of some places; all but `connection` add up.

    Parameters
    ----------
    kwp, kwh, used_kwh, load_kwh, module_m2 : ndarray, (n,)
        Capacity; energy of the first year, and what of it is used at once; use of electricity; area covered.
    use : ndarray of str, (n,)
        Use of the building or parcel.
    prices : Prices
        In force.
    taken : Taken
        Reads and remembers the costs.
    cost : str, optional
        Key of the table of costs; by use without it.
    """
    if prices.capex_yuan_per_kwp is None:
        keys = looked_up(use, prices.customers["cost"]) if cost is None else np.full(len(use), cost, object)
        costs = {
            str(key): WATT_PER_KW * taken.number("costs", key=str(key), item="capex", unit="CNY/W")
            for key in sorted(set(keys))
        }
        capex = kwp * np.array([costs[str(key)] for key in keys], dtype=float)
    else:
        capex = kwp * prices.capex_yuan_per_kwp
    retail = pd.Series(prices.retail).reindex(pd.Index(looked_up(use, prices.customers["customer"])))
    return pd.DataFrame(
        {
            "kwp": kwp,
            "kwh": kwh,
            "used_kwh": used_kwh,
            "load_kwh": load_kwh,
            "module_m2": module_m2,
            "capex_yuan": capex,
            "bill_yuan": used_kwh * retail.to_numpy(dtype=float),
            "connection": looked_up(use, prices.customers["connection"]),
        }
    )


def with_costs(rows: pd.DataFrame, prefix: str, capex_yuan: ArrayLike, life: Life) -> pd.DataFrame:
    """Rows of PV of any kind with the mean yield of their life, their investment, and their levelised cost."""
    kwp, kwh = (rows[f"{prefix}_{name}"].to_numpy(dtype=float) for name in ("kwp", "kwh_per_year"))
    capex = np.round(np.asarray(capex_yuan, dtype=float))
    found = {
        "mean_kwh_per_year": np.round(kwh * life.mean_factor),
        "capex_yuan": capex,
        "lcoe_yuan_per_kwh": levelised_cost(capex, kwp, kwh, life),
    }
    return rows.assign(**{f"{prefix}_{name}": column for name, column in found.items()})


def flows_by_group(of: pd.DataFrame, group: ArrayLike, index: pd.Index) -> pd.DataFrame:
    """Flows of groups: sums, and the kind of connection of most capacity."""
    key = pd.Series(np.asarray(group), index=of.index)
    sums = of.drop(columns="connection").groupby(key).sum().reindex(index, fill_value=0.0)
    heaviest = of.assign(group=key).sort_values("kwp", kind="stable").drop_duplicates("group", keep="last")
    most = heaviest.set_index("group")["connection"].reindex(index)
    return sums.assign(connection=most.where(most.notna(), "general_business"))


def money(of: pd.DataFrame, prices: Prices, prefix: str) -> pd.DataFrame:
    """Economics of some rows of flows, on the same index.

    Returns
    -------
    DataFrame
        Names begin with the prefix: investment, levelised cost, share of self-use and of the use covered, class of
        connection, payback by way of use and trade, the quickest way that the class allows (`best_way`) with its
        discounted payback and its present value per yuan; payback of an investor who sells to the owner (`emc`) and of
        one who rents the place and gives all to the grid (`lease`), and what the owner saves and earns by that.
    """
    kwp, kwh, used, capex, bill = (
        of[name].to_numpy(dtype=float) for name in ("kwp", "kwh", "used_kwh", "capex_yuan", "bill_yuan")
    )
    rent = np.round(of["module_m2"].to_numpy(dtype=float) * prices.rent_yuan_per_m2)
    left_over = (kwh - used) * prices.feed_in
    incomes = np.column_stack([bill, bill + left_over, kwh * prices.feed_in])
    years = np.column_stack(
        [payback_years(capex, incomes[:, way], kwp, prices.life) for way in range(len(WAYS))]
    )
    group = prices.connection_of(of["connection"].to_numpy(dtype=object), kwp)
    may = np.column_stack(
        [looked_up(group, prices.connection[name]) == 1 for name in ("self", "surplus", "grid")]
    )
    open_years = np.where(may & ~np.isnan(years), years, np.inf)
    best = np.argmin(open_years, axis=1)
    rows = np.arange(len(of))
    pays = np.isfinite(open_years[rows, best])
    income = incomes[rows, best]
    value = ratio(net_present_value(capex, income, kwp, prices.life), capex)
    found = {
        "capex_yuan": np.round(capex),
        "lcoe_yuan_per_kwh": levelised_cost(capex, kwp, kwh, prices.life),
        "self_use_share": np.minimum(ratio(used, kwh), 1.0),
        "self_sufficiency": ratio(used, of["load_kwh"]),
        "connection_class": np.where(kwp > 0, group, "").astype(object),
        "payback_self_years": years[:, 0],
        "payback_surplus_years": years[:, 1],
        "payback_grid_years": years[:, 2],
        "best_way": np.where(pays, np.array(WAYS, dtype=object)[best], "").astype(object),
        "discounted_payback_years": np.where(
            pays, payback_years(capex, income, kwp, prices.life, discounted=True), np.nan
        ),
        "npv_per_yuan": np.where(pays, value, np.nan),
        "payback_emc_years": payback_years(
            capex, bill * (1 - prices.emc_discount) + left_over, kwp, prices.life
        ),
        "payback_lease_years": payback_years(capex, incomes[:, 2], kwp, prices.life, rent_yuan=rent),
        "emc_saving_yuan_per_year": np.round(bill * prices.emc_discount),
        "roof_rent_yuan_per_year": rent,
    }
    return pd.DataFrame({f"{prefix}_{name}": column for name, column in found.items()}, index=of.index)
