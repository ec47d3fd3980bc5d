"""Money of rooftop PV: what every building's PV costs and pays, and the typical days of parcels."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand.electricity import Electricity
from potential.solar.economics import Prices, customer_of, money_columns, used_at_once
from potential.solar.rooftop_numbers import RooftopNumbers


def with_money(
    results: pd.DataFrame,
    days_kwh: NDArray[np.float64],
    use: Electricity,
    buildings: gpd.GeoDataFrame,
    prices: Prices,
    numbers: RooftopNumbers,
) -> pd.DataFrame:
    """Results of every building with the mean yield of the life, self-use, and economics.

    Parameters
    ----------
    results : DataFrame
        Of every building.
    days_kwh : ndarray, shape (buildings, 12, 24)
        Energy of the hours of typical days. [kWh]
    use : Electricity
        What the same buildings use.
    buildings : GeoDataFrame
        With `use`.
    prices : Prices
        In force.
    numbers : RooftopNumbers
        In force.
    """
    kwp, kwh = (results[name].to_numpy(dtype=float) for name in ("pv_kwp", "pv_kwh_per_year"))
    share, covered = used_at_once(days_kwh, use.kwh, use.course)
    customer = customer_of(buildings["use"].to_numpy(dtype=object))
    money = money_columns(
        kwp * numbers.yuan_per_kwp,
        kwp,
        kwh,
        share,
        customer,
        results["module_m2"].to_numpy(dtype=float),
        prices,
    )
    return results.assign(
        pv_mean_kwh_per_year=np.round(kwh * prices.mean_factor),
        pv_self_use_share=share,
        pv_self_sufficiency=covered,
        **money,
    )


def days_of_parcels(
    days_kwh: NDArray[np.float64], parcel_id: pd.Series, parcels: pd.Index
) -> NDArray[np.float64]:
    """Energy of the hours of typical days of parcels: the sums of their buildings, shape (parcels, 12, 24). [kWh]"""
    place = parcels.get_indexer(pd.Index(parcel_id))
    sums = np.zeros((len(parcels), *days_kwh.shape[1:]))
    np.add.at(sums, place[place >= 0], days_kwh[place >= 0])
    return sums
