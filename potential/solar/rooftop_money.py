"""Money of rooftop PV: what the PV of every building, parcel and of the city costs and pays."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand.electricity import Electricity
from potential.solar.economics import flows, flows_by_group, money
from potential.solar.prices import Prices
from potential.solar.self_use import used_at_once
from standards import Taken

PREFIX = "pv"
# Of a parcel these are the sums of its buildings; the rest is computed from its own flows.
ADDED_UP = [
    f"{PREFIX}_{name}" for name in ("capex_yuan", "emc_saving_yuan_per_year", "roof_rent_yuan_per_year")
]
OF_CITY = [f"{PREFIX}_{name}" for name in ("self_use_share", "self_sufficiency", "lcoe_yuan_per_kwh")]


@dataclass(frozen=True)
class RooftopMoney:
    """Flows of every building, and the prices in force."""

    flows: pd.DataFrame
    prices: Prices

    @classmethod
    def of(
        cls,
        results: pd.DataFrame,
        days_wh: NDArray[np.int32],
        use: Electricity,
        buildings: gpd.GeoDataFrame,
        prices: Prices,
        taken: Taken,
    ) -> RooftopMoney:
        """From the results and typical days of all buildings; each uses the power of its own roof."""
        kwp, kwh, modules = (
            results[name].to_numpy(dtype=float) for name in ("pv_kwp", "pv_kwh_per_year", "module_m2")
        )
        used = used_at_once(days_wh, use)
        uses = buildings["use"].to_numpy(dtype=object)
        rows = flows(kwp, kwh, used, use.kwh, modules, uses, prices, taken)
        return cls(rows.set_index(results.index), prices)

    def on_buildings(self, results: pd.DataFrame) -> pd.DataFrame:
        """Results of some buildings with the mean yield of the life and their economics."""
        mean = np.round(results["pv_kwh_per_year"] * self.prices.life.mean_factor)
        own = money(self.flows.loc[results.index], self.prices, PREFIX)
        return results.assign(pv_mean_kwh_per_year=mean, **own)

    def on_parcels(self, by_parcel: pd.DataFrame, by_building: pd.DataFrame) -> pd.DataFrame:
        """Results of parcels with the economics of their buildings together."""
        rows = self.flows.loc[by_building.index]
        together = flows_by_group(rows, by_building["parcel_id"], by_parcel.index)
        return by_parcel.assign(**money(together, self.prices, PREFIX).drop(columns=ADDED_UP))

    def of_city(self, by_building: pd.DataFrame) -> dict[str, float]:
        """Self-use and levelised cost of the whole city."""
        rows = self.flows.loc[by_building.index]
        whole = money(flows_by_group(rows, np.zeros(len(rows), int), pd.Index([0])), self.prices, PREFIX)
        return {name: float(whole[name].iloc[0]) for name in OF_CITY}
