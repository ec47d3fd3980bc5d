"""Economics of PV: cost of a kilowatt-hour, payback in three ways of use and trade, and what the owner of a roof gets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from layers.city import City
from potential.solar.pv_numbers import Taken
from potential.solar.pv_sums import ratio

Numbers = NDArray[np.float64]
DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
HOMES = ("residential", "rural_house")
COMMERCE = ("retail", "market", "catering", "hotel", "entertainment", "other_commerce", "utility_outlet")
WORKS = ("industry", "warehouse", "power_plant", "data_centre", "utility", "depot_parking", "transport")
WAYS = ("self use", "surplus to the grid", "all to the grid")  # 自发自用, 余电上网, 全额上网


@dataclass(frozen=True)
class Prices:
    """What economics are computed with.

    Parameters
    ----------
    retail : dict of str to float
        Price of electricity bought, by kind of customer: `home`, `public`, `commerce`, `works`. [yuan/kWh]
    feed_in : float
        Price of electricity given to the grid. [yuan/kWh]
    discount : float
        Real rate of discount.
    years, inverter_year : int
        Life; year in which inverters are replaced.
    opex_yuan_per_kwp, inverter_yuan_per_kwp : float
        Yearly upkeep; replacement of inverters.
    first_loss, yearly_loss : float
        Share of power lost in the first year, and in each that follows, at the limits of GB 55015.
    emc_discount : float
        Share of the price that an investor leaves to the owner for what the owner uses.
    rent_yuan_per_m2 : float
        Rent of roof a year.
    """

    retail: dict[str, float]
    feed_in: float
    discount: float
    years: int
    inverter_year: int
    opex_yuan_per_kwp: float
    inverter_yuan_per_kwp: float
    first_loss: float
    yearly_loss: float
    emc_discount: float
    rent_yuan_per_m2: float

    @classmethod
    def of(
        cls, city: City, taken: Taken, *, retail: float | None, feed_in: float | None, discount: float | None
    ) -> Prices:
        """Prices of the tables, with those that the planner entered in their place."""

        def number(item: str, case: str) -> float:
            return taken.number("pv_economics", item=item, case=case)

        kinds = ("home", "public", "commerce", "works")
        return cls(
            retail={kind: number("retail", kind) if retail is None else retail for kind in kinds},
            feed_in=number("feed_in", "market") if feed_in is None else feed_in,
            discount=number("discount", "rate") if discount is None else discount,
            years=int(number("life", "years")),
            inverter_year=int(number("inverter", "year")),
            opex_yuan_per_kwp=1000 * taken.number("costs", key="pv_om", item="opex"),
            inverter_yuan_per_kwp=1000 * number("inverter", "price"),
            first_loss=taken.parameter("degradation_first_year_max", "mono-Si"),
            yearly_loss=taken.parameter("degradation_annual_max", "all"),
            emc_discount=number("emc", "discount"),
            rent_yuan_per_m2=number("rent", "roof"),
        )

    @property
    def power_left(self) -> Numbers:
        """Share of the nameplate's yield in every year of the life."""
        year = np.arange(1, self.years + 1)
        left: Numbers = 1.0 - self.first_loss - (year - 1).astype(float) * self.yearly_loss
        return left

    @property
    def mean_factor(self) -> float:
        """Mean yield of the life over that of the new modules."""
        return float(self.power_left.mean())


def customer_of(use: NDArray[np.object_]) -> NDArray[np.object_]:
    """Kind of customer of every use: `home`, `public`, `commerce` or `works`."""
    kinds = np.select(
        [np.isin(use, HOMES), np.isin(use, COMMERCE), np.isin(use, WORKS)],
        ["home", "commerce", "works"],
        "public",
    )
    found: NDArray[np.object_] = kinds.astype(object)
    return found


def levelised_cost(capex_yuan: ArrayLike, kwp: ArrayLike, kwh_first: ArrayLike, prices: Prices) -> Numbers:
    """Cost of a kilowatt-hour over the life: discounted costs over discounted energy. [yuan/kWh]

    Parameters
    ----------
    capex_yuan, kwp, kwh_first : array_like
        Investment; capacity; energy of new modules in a year.
    """
    year = np.arange(1, prices.years + 1)
    worth = (1 + prices.discount) ** -year.astype(float)
    size = np.asarray(kwp, dtype=float)
    costs = (
        np.asarray(capex_yuan, dtype=float)
        + size * prices.opex_yuan_per_kwp * worth.sum()
        + size * prices.inverter_yuan_per_kwp * worth[prices.inverter_year - 1]
    )
    return ratio(costs, np.asarray(kwh_first, dtype=float) * (prices.power_left * worth).sum())


def payback_years(capex_yuan: ArrayLike, income_yuan: ArrayLike, kwp: ArrayLike, prices: Prices) -> Numbers:
    """Years until income less upkeep has paid the investment, with the power modules lose; missing where it never does.

    Parameters
    ----------
    capex_yuan, income_yuan, kwp : array_like, (n,)
        Investment; income of a year with new modules; capacity.
    """
    capex, income = np.asarray(capex_yuan, dtype=float), np.asarray(income_yuan, dtype=float)
    yearly = (
        income[:, None] * prices.power_left - np.asarray(kwp, dtype=float)[:, None] * prices.opex_yuan_per_kwp
    )
    yearly[:, prices.inverter_year - 1] -= np.asarray(kwp, dtype=float) * prices.inverter_yuan_per_kwp
    paid = np.cumsum(yearly, axis=1)
    done = paid >= capex[:, None]
    first = np.argmax(done, axis=1)
    rows = np.arange(len(capex))
    before = np.where(first > 0, paid[rows, first - 1], 0.0)
    part = ratio(capex - before, yearly[rows, first])
    years: Numbers = np.where(done.any(axis=1) & (capex > 0), first + part, np.nan)
    return years


def used_at_once(days_kwh: Numbers, load_kwh_per_year: Numbers, course: Numbers) -> tuple[Numbers, Numbers]:
    """Share of the yield that is used in the hour it comes, and share of the use that it covers.

    Parameters
    ----------
    days_kwh : ndarray, (n, 12, 24)
        Energy of the hours of typical days.
    load_kwh_per_year : ndarray, (n,)
        Use of electricity.
    course : ndarray, (n, 24)
        Share of a day's use in each hour.

    Notes
    -----
    On a typical day sun and use are smoother than on real ones, so the shares are somewhat too high.
    """
    load = (load_kwh_per_year / 365.0)[:, None] * course
    used = np.minimum(days_kwh, load[:, None, :]).sum(axis=2) @ DAYS
    whole = days_kwh.sum(axis=2) @ DAYS
    return ratio(used, whole), ratio(used, load_kwh_per_year)


def money_columns(
    capex_yuan: Numbers,
    kwp: Numbers,
    kwh: Numbers,
    used_share: Numbers,
    customer: NDArray[np.object_],
    roof_m2: Numbers,
    prices: Prices,
) -> dict[str, Numbers | NDArray[np.object_]]:
    """Economics of some rows.

    Returns
    -------
    dict
        `pv_capex_yuan`, `pv_lcoe_yuan_per_kwh`, payback by way of use and trade, `pv_best_way` (the quickest), what the
        owner saves under an energy contract and earns by rent in the first year.
    """
    retail = np.array([prices.retail[kind] for kind in customer], dtype=float)
    share = np.nan_to_num(used_share)
    used, given = kwh * share, kwh * (1 - share)
    incomes = (used * retail, used * retail + given * prices.feed_in, kwh * prices.feed_in)
    years = np.column_stack([payback_years(capex_yuan, income, kwp, prices) for income in incomes])
    best = np.argmin(np.where(np.isnan(years), np.inf, years), axis=1)
    way = np.where(np.isnan(years).all(axis=1), "", np.array(WAYS, dtype=object)[best])
    return {
        "pv_capex_yuan": np.round(capex_yuan),
        "pv_lcoe_yuan_per_kwh": levelised_cost(capex_yuan, kwp, kwh, prices),
        "pv_payback_self_years": years[:, 0],
        "pv_payback_surplus_years": years[:, 1],
        "pv_payback_grid_years": years[:, 2],
        "pv_best_way": way.astype(object),
        "pv_emc_saving_yuan_per_year": np.round(used * retail * prices.emc_discount),
        "pv_roof_rent_yuan_per_year": np.round(roof_m2 * prices.rent_yuan_per_m2),
    }
