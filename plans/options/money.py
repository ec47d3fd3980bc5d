"""Money of options: yearly cost of an investment, and what the energy they save was worth; subsidies stand in neither."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from standards import Taken

Floats = NDArray[np.float64]


def capital_recovery(rate: float, years: ArrayLike) -> Floats:
    """Share of an investment that is paid every year over its life, r / (1 - (1 + r)^-n); 1 / n without interest.

    Parameters
    ----------
    rate : float
        Interest of a year.
    years : array_like
        Life. [a]
    """
    life = np.asarray(years, dtype=float)
    if rate == 0:
        return np.asarray(1.0 / life)
    return np.asarray(rate / (1.0 - (1.0 + rate) ** -life))


@dataclass(frozen=True)
class Prices:
    """Prices of energy, none of which holds a subsidy for renewable energy.

    Parameters
    ----------
    interest : float
        Of a year.
    retail : Series
        Electricity bought, by use of a parcel. [yuan/kWh]
    feed_in : float
        Electricity given to the grid. [yuan/kWh]
    drawn : float
        Electricity that heat pumps draw, and that chillers would. [yuan/kWh]
    heat, hot_water : float
        Heat that is replaced. [yuan/kWh]
    upkeep : float
        Of a year over the investment, where an assessment says none.
    """

    interest: float
    retail: pd.Series
    feed_in: float
    drawn: float
    heat: float
    hot_water: float
    upkeep: float


def prices(taken: Taken, ground_replaces: str, solar_replaces: str) -> Prices:
    """Prices of the tables `pv_economics`, `pv_customers`, `heat_supply` and `solar_heat`.

    Parameters
    ----------
    taken : Taken
        Reads and remembers numbers.
    ground_replaces, solar_replaces : str
        What other sources, and collectors, replace: `gas`, `coal` or `electricity`.
    """
    customer = taken.standards.table("pv_customers").set_index("use")["customer"]
    paid = {one: taken.number("pv_economics", item="retail", case=one) for one in sorted(set(customer))}
    return Prices(
        interest=taken.number("pv_economics", item="discount", case="rate"),
        retail=customer.map(paid),
        feed_in=taken.number("pv_economics", item="feed_in", case="market_price"),
        drawn=taken.number("heat_supply", item="electricity", case="price"),
        heat=taken.number("solar_heat", item="heat_price", case=ground_replaces),
        hot_water=taken.number("solar_heat", item="heat_price", case=solar_replaces),
        upkeep=taken.number("heat_supply", item="upkeep", case="share"),
    )
