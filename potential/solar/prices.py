"""Prices of PV: what a planner entered or the tables say of electricity, upkeep, discount and connection to the grid."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.problems import Problem, UserError
from layers.city import City
from standards import Taken

Numbers = NDArray[np.float64]
CUSTOMERS = ("home", "public", "commerce", "works")
MARKET, BENCHMARK = "market_price", "coal_benchmark"
WATT_PER_KW = 1000.0


@dataclass(frozen=True)
class MoneyWishes:
    """What a planner may enter in place of the tables; None takes those.

    Parameters
    ----------
    retail_yuan_per_kwh, feed_in_yuan_per_kwh : float, optional
        Price of electricity bought, and given to the grid. [yuan/kWh]
    feed_in_basis : str
        Price given to the grid where none is entered: of the market, or the coal benchmark of the province, which holds
        for projects before June 2025.
    capex_yuan_per_kwp, opex_yuan_per_kwp, inverter_yuan_per_kwp : float, optional
        Investment; upkeep of a year; replacement of inverters once in the life. [yuan/kWp]
    life_years : float, optional
        Whole years. [a]
    discount_rate : float, optional
        Real rate of discount.
    """

    retail_yuan_per_kwh: float | None = field(default=None, metadata={"low": 0.0, "high": 5.0})
    feed_in_yuan_per_kwh: float | None = field(default=None, metadata={"low": 0.0, "high": 5.0})
    feed_in_basis: str = field(default=MARKET, metadata={"choices": (MARKET, BENCHMARK)})
    capex_yuan_per_kwp: float | None = field(default=None, metadata={"low": 0.0, "high": 50_000.0})
    opex_yuan_per_kwp: float | None = field(default=None, metadata={"low": 0.0, "high": 1_000.0})
    inverter_yuan_per_kwp: float | None = field(default=None, metadata={"low": 0.0, "high": 5_000.0})
    life_years: float | None = field(default=None, metadata={"low": 15.0, "high": 40.0})
    discount_rate: float | None = field(default=None, metadata={"low": 0.0, "high": 0.3})


TABLES = MoneyWishes()


@dataclass(frozen=True)
class Life:
    """What modules of any kind cost and lose over their life.

    Parameters
    ----------
    discount : float
        Real rate of discount.
    years, inverter_year : int
        Life; year in which inverters are replaced.
    opex_yuan_per_kwp, inverter_yuan_per_kwp : float
        Yearly upkeep; replacement of inverters.
    first_loss, yearly_loss : float
        Share of power lost in the first year, and in each that follows, at the limits of GB 55015.

    Notes
    -----
    The hourly chain already takes off what light does to new modules, so means of the life are cautious.
    """

    discount: float
    years: int
    inverter_year: int
    opex_yuan_per_kwp: float
    inverter_yuan_per_kwp: float
    first_loss: float
    yearly_loss: float

    @property
    def power_left(self) -> Numbers:
        """Share of the first year's yield as computed that modules give in every year of the life."""
        year = np.arange(self.years, dtype=float)
        left: Numbers = 1.0 - self.first_loss - year * self.yearly_loss
        return left

    @property
    def mean_factor(self) -> float:
        """Mean yield of the life over that of new modules."""
        return float(self.power_left.mean())

    @property
    def worth(self) -> Numbers:
        """Present value of a yuan at the end of each year."""
        value: Numbers = (1 + self.discount) ** -np.arange(1, self.years + 1, dtype=float)
        return value

    @property
    def upkeep(self) -> Numbers:
        """Cost of each year of the life, inverters with it. [yuan/kWp]"""
        cost = np.full(self.years, self.opex_yuan_per_kwp)
        cost[self.inverter_year - 1] += self.inverter_yuan_per_kwp
        return cost


def life_of(taken: Taken, wishes: MoneyWishes = TABLES) -> Life:
    """Life of the tables, with what the planner entered in its place."""

    def number(entered: float | None, item: str, case: str, unit: float = 1.0) -> float:
        return unit * taken.number("pv_economics", item=item, case=case) if entered is None else entered

    opex = wishes.opex_yuan_per_kwp
    return Life(
        discount=number(wishes.discount_rate, "discount", "rate"),
        years=int(number(wishes.life_years, "life", "years")),
        inverter_year=int(number(None, "inverter", "year")),
        opex_yuan_per_kwp=(
            WATT_PER_KW * taken.number("costs", key="pv_om", item="opex") if opex is None else opex
        ),
        inverter_yuan_per_kwp=number(wishes.inverter_yuan_per_kwp, "inverter", "price", WATT_PER_KW),
        first_loss=taken.parameter("degradation_first_year_max", "mono-Si"),
        yearly_loss=taken.parameter("degradation_annual_max", "all"),
    )


@dataclass(frozen=True)
class Prices:
    """What electricity costs and brings, and who may sell it how.

    Parameters
    ----------
    life : Life
        Of the modules.
    capex_yuan_per_kwp : float, optional
        Investment that the planner entered; by use of the tables without it.
    retail : dict of str to float
        Price of electricity bought, by kind of customer. [yuan/kWh]
    feed_in : float
        Price of electricity given to the grid. [yuan/kWh]
    emc_discount : float
        Share of the price that an investor leaves to the owner for what the owner uses.
    rent_yuan_per_m2 : float
        Rent of a square metre covered, a year.
    customers : DataFrame
        By use: `customer`, `connection`, `cost` (key of the table of costs).
    connection : DataFrame
        By class: `high` [kW], `beyond` (class above that), and `self`, `surplus`, `grid`: 1 where it may.
    """

    life: Life
    capex_yuan_per_kwp: float | None
    retail: dict[str, float]
    feed_in: float
    emc_discount: float
    rent_yuan_per_m2: float
    customers: pd.DataFrame
    connection: pd.DataFrame

    @classmethod
    def of(cls, city: City, taken: Taken, wishes: MoneyWishes) -> Prices:
        """Prices of the tables, with those that the planner entered in their place."""

        def number(item: str, case: str) -> float:
            return taken.number("pv_economics", item=item, case=case)

        connection = city.standards.table("pv_connection").set_index("class")
        for name in connection.index[connection["high"].notna()]:
            taken.number("pv_connection", column="high", **{"class": str(name)})
        retail, feed_in = wishes.retail_yuan_per_kwh, wishes.feed_in_yuan_per_kwh
        return cls(
            life=life_of(taken, wishes),
            capex_yuan_per_kwp=wishes.capex_yuan_per_kwp,
            retail={kind: number("retail", kind) if retail is None else retail for kind in CUSTOMERS},
            feed_in=_feed_in(city, taken, wishes.feed_in_basis) if feed_in is None else feed_in,
            emc_discount=number("emc", "discount"),
            rent_yuan_per_m2=number("rent", "roof"),
            customers=city.standards.table("pv_customers").set_index("use"),
            connection=connection,
        )

    def connection_of(self, base: NDArray[np.object_], kwp: Numbers) -> NDArray[np.object_]:
        """Class of connection: that of the kind of owner, or the one beyond where it is too large."""
        most = looked_up(base, self.connection["high"]).astype(float)
        beyond = looked_up(base, self.connection["beyond"])
        found: NDArray[np.object_] = np.where(kwp > np.where(np.isnan(most), np.inf, most), beyond, base)
        return found


def looked_up(keys: NDArray[np.object_], column: pd.Series[Any]) -> NDArray[np.object_]:
    """Values of a column of a table at some keys."""
    found: NDArray[np.object_] = column.reindex(pd.Index(keys)).to_numpy()
    return found


def _feed_in(city: City, taken: Taken, basis: str) -> float:
    """Price given to the grid: of the market, or the coal benchmark of the province. [yuan/kWh]"""
    if basis == MARKET:
        return taken.number("pv_economics", item="feed_in", case=MARKET)
    province = str(city.facts.get("province", ""))
    costs = city.standards.table("costs")
    listed = costs.loc[costs["key"] == f"{BENCHMARK}_price", "name_zh"]
    name = next((one for one in listed if province and province.startswith(str(one).split()[-1])), None)
    if name is None:
        raise UserError(
            Problem(
                "No coal benchmark price of “{province}” is among the numbers.",
                "Enter the price of electricity to the grid, or take the market price.",
                province=province,
            )
        )
    return taken.number("costs", key=f"{BENCHMARK}_price", name_zh=str(name))
