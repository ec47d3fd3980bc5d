"""Results of groundwater heat pumps: rows of parcels and options, and totals that equal the sums of parcels."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand import Demand
from potential.groundwater.aquifer import Aquifer
from potential.groundwater.capacity import LIMITS, Capacity, Ground, Site
from potential.groundwater.costs import WellCosts
from potential.groundwater.loads import Load
from potential.groundwater.screening import permitted_parcels
from potential.groundwater.sharing import ORDERS
from potential.groundwater.well_numbers import DAY_S, WellNumbers
from potential.groundwater.wells import WellPlaces
from potential.heat_worth import HeatWorth
from potential.sums import ratio
from potential.verdicts import Verdicts

Floats = NDArray[np.float64]

MONTHS = [f"gw_heat_kwh_month_{month:02d}" for month in range(1, 13)]
SUMS = (
    "gw_heat_kw",
    "gw_cold_kw",
    "gw_heat_kwh_per_year",
    "gw_cold_kwh_per_year",
    "gw_electricity_kwh_per_year",
    "gw_own_heat_kw",
    "gw_unserved_kw",
    "gw_production_wells",
    "gw_injection_wells",
    "gw_mean_m3_per_day",
    "gw_capex_yuan",
    "gw_avoided_tco2_per_year",
    "gw_saved_kgce_per_year",
    *MONTHS,
)
TECHNOLOGY, RESOURCE = "groundwater_heat_pump", "aquifer"
# What is said of the rules a planner chose.
HEAT_RULES = {
    "produced_temperature": "The yearly mean flow is as large as keeps the produced water within its shift for the life "
    "of the wells; conduction and dispersion are left out, so early arrivals are some percent too strong.",
    "no_return": "Flows are so small that no water given back comes back to the production wells.",
}
KINDS = {
    "unconfined": "The aquifer is taken as unconfined; drill logs tell.",
    "confined": "The aquifer is taken as confined; drill logs tell.",
}


@dataclass(frozen=True)
class Found:
    """Everything that was found of the parcels, from which the tables are made.

    Parameters
    ----------
    parcels : GeoDataFrame
        Of the city.
    demand : Demand
        Of the parcels.
    aquifer, ground : Aquifer, Ground
        Under them.
    site, places : Site, WellPlaces
        Wells that fit.
    made : Capacity
        With the middle values of the aquifer.
    heat, cold : Load
        Need.
    drawn : ndarray, (draws, parcels)
        Heat of the year in each draw. [kWh]
    numbers, worth, costs : WellNumbers, HeatWorth, WellCosts
        In force.
    """

    parcels: gpd.GeoDataFrame
    demand: Demand
    aquifer: Aquifer
    ground: Ground
    site: Site
    places: WellPlaces
    made: Capacity
    heat: Load
    cold: Load
    drawn: Floats
    numbers: WellNumbers
    worth: HeatWorth
    costs: WellCosts

    @property
    def gives(self) -> NDArray[np.bool_]:
        """Where wells give anything, shape (parcels,)."""
        return self.made.flow > 0


def tube_ids(found: Found) -> NDArray[np.object_]:
    """Id of the flow tube of each parcel, empty where it has none."""
    tube = found.site.tubes.tube
    names = np.array([f"T-{number + 1:04d}" for number in range(len(found.site.tubes))] + [""], dtype=object)
    return names[tube]


def parcel_rows(found: Found, verdicts: Verdicts) -> pd.DataFrame:
    """The row of every parcel."""
    made, plants, worth = found.made, found.site.plants, found.worth
    heat_kw, cold_kw = np.round(plants.heat_kw(made.flow), 1), np.round(plants.cold_kw(made.flow), 1)
    own_kw = np.maximum(np.round(plants.heat_kw(made.own), 1), heat_kw)
    months = np.round(found.heat.given(plants.heat_kw(made.flow)))
    year = months.sum(axis=1)
    cold_year = np.round(found.cold.given(plants.cold_kw(made.flow)).sum(axis=1))
    power = np.round(year / found.numbers.cop)
    production = made.doublets
    injection = production * found.site.injection
    low, high = _ends(found.drawn, year)
    columns = verdicts.columns()
    limit = np.where(found.gives, np.array(LIMITS, dtype=object)[made.limit], "")
    reasons = [
        "; ".join(part for part in (reason, said) if part)
        for reason, said in zip(columns["reason"], limit, strict=True)
    ]
    return pd.DataFrame(
        {
            **columns,
            "reason": np.array(reasons, dtype=object),
            "gw_limit": limit,
            "gw_evidence": np.select(
                [permitted_parcels(found.parcels), found.aquifer.tested],
                ["approved", "surveyed"],
                "screening",
            ).astype(object),
            "gw_heat_kw": heat_kw,
            "gw_cold_kw": cold_kw,
            "gw_heat_kwh_per_year": year,
            "gw_heat_p90_kwh_per_year": low,
            "gw_heat_p10_kwh_per_year": high,
            "gw_cold_kwh_per_year": cold_year,
            "gw_heat_share": np.minimum(ratio(year, found.heat.year), 1.0),
            "gw_own_heat_kw": own_kw,
            "gw_unserved_kw": np.round(own_kw - heat_kw, 1),
            "gw_flow_m3_per_h": np.round(made.flow * 3600, 2),
            "gw_mean_m3_per_day": np.round(made.mean * DAY_S, 1),
            "gw_production_wells": production,
            "gw_injection_wells": injection,
            "gw_return_share": _return_share(found),
            "gw_tube": tube_ids(found),
            "gw_capex_yuan": np.round(_capex(found, heat_kw, cold_kw, production + injection)),
            "gw_electricity_kwh_per_year": power + np.round(cold_year / found.numbers.eer),
            "gw_avoided_tco2_per_year": np.round(worth.avoided_tco2(year, power), 3),
            "gw_saved_kgce_per_year": np.round(worth.saved_kgce(year, power)),
            **dict(zip(MONTHS, months.T, strict=True)),
        },
        index=found.parcels.index,
    )


def option_rows(rows: pd.DataFrame, found: Found) -> pd.DataFrame:
    """What a plan may choose; the water an option draws from its flow tube stands beside it, so that parcels may trade."""
    able = rows[(rows["gw_heat_kw"] > 0) | (rows["gw_cold_kw"] > 0)]
    power = np.where(able["gw_heat_kw"] > 0, able["gw_heat_kw"], able["gw_cold_kw"])
    energy = np.where(able["gw_heat_kw"] > 0, able["gw_heat_kwh_per_year"], able["gw_cold_kwh_per_year"])
    water_c = pd.Series(found.aquifer.value("ground_temp_c"), index=rows.index)
    return pd.DataFrame(
        {
            "parcel_id": able.index,
            "technology": TECHNOLOGY,
            "most_kw": power,
            "kwh_per_kw": energy / power,
            "capex_yuan": able["gw_capex_yuan"].to_numpy(),
            "opex_yuan_per_year": np.round(
                able["gw_capex_yuan"].to_numpy() * found.costs.upkeep
                + able["gw_electricity_kwh_per_year"].to_numpy() * found.worth.power_yuan
            ),
            "avoided_tco2_per_year": able["gw_avoided_tco2_per_year"].to_numpy(),
            "temperature_c": water_c[able.index].round(1).to_numpy(),
            "resource": RESOURCE,
            "resource_id": able["gw_tube"].to_numpy(),
            "resource_drawn": able["gw_mean_m3_per_day"].to_numpy(),
        },
        index=pd.RangeIndex(len(able), name="option_id"),
    )


def totals_of_rows(rows: pd.DataFrame, drawn: Floats) -> dict[str, float]:
    """Sums over the city; P90 and P10 are those of the total of each draw."""
    totals = {name: round(float(rows[name].sum()), 3) for name in SUMS}
    whole = np.array([rows["gw_heat_kwh_per_year"].sum()], dtype=float)
    low, high = _ends(drawn.sum(axis=1)[:, None], whole)
    return {
        **totals,
        "gw_heat_p90_kwh_per_year": float(low[0]),
        "gw_heat_p10_kwh_per_year": float(high[0]),
    }


def remarks_of(found: Found, order: str, heat_rule: str, kind: str) -> tuple[str, ...]:
    """What was assumed, and what data would decide it."""
    said = [
        "Counted only where all water goes back to the same aquifer; each plant needs a water-resource report, a permit "
        "and meters.",
        ORDERS[order],
        "Along a flow tube the mean flow of the year stays below what flows through the aquifer; more could be pumped only "
        "where winter and summer balance.",
        HEAT_RULES[heat_rule],
        KINDS[kind],
        "P90 and P10 follow from draws of conductivity, gradient, thickness, porosity and reinjection; pumping and "
        "reinjection tests narrow them.",
        "Heat for rooms and cold are served, hot water is not; saved coal and carbon count heat against a gas boiler.",
    ]
    water = found.aquifer.values
    if water["chloride_mg_per_l"].isna().all() and water["iron_mg_per_l"].isna().all():
        said.append(
            "Chloride, sulphate, iron, hydrogen sulphide and sand of the water are not known; an analysis tells."
        )
    if water["specific_yield_m3_per_day_m"].isna().any():
        said.append("Where the specific yield of wells is not given, it is not judged.")
    if not found.aquifer.tested.all():
        said.append("Parcels without a pumping test nearby are screened from maps only.")
    return tuple(said)


def _ends(drawn: Floats, middle: Floats) -> tuple[Floats, Floats]:
    """P90 and P10 of draws, which the middle value lies between."""
    if not len(middle):
        return middle, middle
    low, high = np.percentile(drawn, [10, 90], axis=0)
    return np.round(np.minimum(low, middle)), np.round(np.maximum(high, middle))


def _return_share(found: Found) -> Floats:
    """What injection wells take over what is pumped: at least 1 where anything is counted."""
    made, site = found.made, found.site
    yields = site.injection * np.nan_to_num(found.ground.ratio) * made.unit * made.doublets
    return np.round(ratio(np.where(found.gives, yields, 0.0), made.flow), 3)


def _capex(found: Found, heat_kw: Floats, cold_kw: Floats, wells: NDArray[np.int64]) -> Floats:
    """Wells by their depth, and the plant by the floor area it serves."""
    depth = found.aquifer.value("water_table_depth_m") + found.ground.thickness
    area = found.demand.parcels["gfa_m2"].reindex(found.parcels.index).fillna(0.0).to_numpy(dtype=float)
    served = np.fmax(ratio(heat_kw, found.heat.peak), ratio(cold_kw, found.cold.peak))
    plant = area * np.nan_to_num(np.minimum(served, 1.0)) * found.costs.yuan_per_m2
    found_yuan: Floats = np.where(
        found.gives, plant + np.nan_to_num(wells * np.maximum(depth, 0.0)) * found.costs.yuan_per_m, 0.0
    )
    return found_yuan
