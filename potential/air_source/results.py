"""Results of air-source machines: columns of parcels, options, totals and frames for charts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from potential.air_source.air_numbers import Worth
from potential.air_source.climate import Air, Climate, Design, Machines
from potential.air_source.cycle import Floats
from potential.air_source.plant import Plant, Wanted
from potential.air_source.sizing import ELECTRIC
from potential.air_source.spread import Spread

MONTHS = [f"air_heat_kwh_month_{month:02d}" for month in range(1, 13)]
# Columns that add up to those of the city.
SUMS = [
    "air_heat_kw",
    "air_hot_water_kw",
    "air_cold_kw",
    "air_auxiliary_kw",
    "air_machine_kw",
    "air_peak_electric_kw",
    "air_heat_kwh_per_year",
    "air_hot_water_kwh_per_year",
    "air_auxiliary_kwh_per_year",
    "air_cold_kwh_per_year",
    "air_electricity_kwh_per_year",
    "air_cooling_electricity_kwh_per_year",
    "air_capex_yuan",
    "air_opex_yuan_per_year",
    "air_avoided_tco2_per_year",
    "air_saved_kgce_per_year",
    "air_space_m2",
    *MONTHS,
]


def parcel_columns(
    plant: Plant,
    wanted: Wanted,
    spread: Spread,
    balance: Floats,
    worth: Worth,
    *,
    auxiliary: str,
    per_kw_m2: float,
) -> dict[str, Any]:
    """Columns of every parcel, rounded once so that the city's are their sums.

    Energies are whole kilowatt-hours: the year is the sum of its rounded months. Avoided carbon and saved coal count
    what the auxiliary costs as well.
    """
    months = np.round(plant.heat) + np.round(plant.water)
    heat, water = months.sum(axis=1), np.round(plant.water).sum(axis=1)
    rest = np.round(plant.auxiliary.sum(axis=1))
    cold, chilling = np.round(plant.cold.sum(axis=1)), np.round(plant.cold_electricity.sum(axis=1))
    rooms_kwh, rooms_power = plant.heat.sum(axis=1), plant.electricity.sum(axis=1)
    water_kwh, water_power = plant.water.sum(axis=1), plant.water_electricity.sum(axis=1)
    own = auxiliary == ELECTRIC
    helped = rest if own else np.zeros_like(rest)
    power = np.round(rooms_power + water_power + helped / worth.electric)
    useful = heat + helped
    seasonal = _over(useful, power)
    capex = np.round(_invested(plant, wanted, worth))
    opex = np.round(capex * worth.upkeep + (power + chilling) * worth.power_yuan)
    return {
        "air_heat_kw": np.round(plant.heat_kw + plant.water_kw, 1),
        "air_hot_water_kw": np.round(plant.water_kw, 1),
        "air_cold_kw": np.round(plant.cold_kw, 1),
        "air_auxiliary_kw": np.round(plant.auxiliary_kw, 1),
        "air_machine_kw": np.round(plant.sizes.machines + plant.water_size, 1),
        "air_peak_electric_kw": np.round(plant.peak_kw, 1),
        "air_heat_kwh_per_year": heat,
        "air_heat_p90_kwh_per_year": np.minimum(np.round(spread.heat_p90), heat),
        "air_heat_p10_kwh_per_year": np.maximum(np.round(spread.heat_p10), heat),
        "air_hot_water_kwh_per_year": water,
        "air_auxiliary_kwh_per_year": rest,
        "air_cold_kwh_per_year": cold,
        "air_electricity_kwh_per_year": power,
        "air_cooling_electricity_kwh_per_year": chilling,
        "air_seasonal_cop": seasonal,
        "air_p90_seasonal_cop": np.minimum(spread.cop_p90.round(3), seasonal),
        "air_p10_seasonal_cop": np.maximum(spread.cop_p10.round(3), seasonal),
        "air_room_cop": _over(rooms_kwh, rooms_power),
        "air_hot_water_cop": _over(water_kwh, water_power),
        "air_seasonal_eer": _over(cold, chilling),
        "air_balance_c": balance,
        "air_space_m2": np.round((plant.sizes.machines + plant.water_size) * per_kw_m2, 1),
        "air_capex_yuan": capex,
        "air_opex_yuan_per_year": opex,
        "air_avoided_tco2_per_year": np.round(worth.avoided_tco2(useful, power), 3),
        "air_saved_kgce_per_year": np.round(worth.saved_kgce(useful, power)),
        **dict(zip(MONTHS, months.T, strict=True)),
    }


def _invested(plant: Plant, wanted: Wanted, worth: Worth) -> Floats:
    rooms = worth.machine_yuan_per_m2 * wanted.floor_m2 * plant.sizes.cost_share
    found: Floats = rooms + worth.hot_water_yuan_per_kw * plant.water_kw
    return found


def _over(above: Floats, below: Floats) -> Floats:
    found: Floats = np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0).round(3)
    return found


def options_of(parcels: pd.DataFrame, supply_c: float, hot_water_c: float) -> pd.DataFrame:
    """What a plan may choose: heat of rooms and hot water from the air, each where machines give some.

    Cold is not among them: it is a use of the same machines and no renewable heat.
    """
    water = parcels["air_hot_water_kw"]
    kinds = {
        "air_source": (
            parcels["air_heat_kw"] - water,
            parcels["air_heat_kwh_per_year"] - parcels["air_hot_water_kwh_per_year"],
            supply_c,
        ),
        "air_source_hot_water": (water, parcels["air_hot_water_kwh_per_year"], hot_water_c),
    }
    rows = []
    for technology, (power, energy, temperature) in kinds.items():
        able = ((power > 0) & (energy > 0)).to_numpy()
        # Money and carbon follow the heat: both are made by machines of much the same price.
        part = (energy / parcels["air_heat_kwh_per_year"].where(lambda heat: heat > 0))[able].to_numpy(
            dtype=float
        )
        rows.append(
            pd.DataFrame(
                {
                    "parcel_id": parcels.index[able],
                    "technology": technology,
                    "most_kw": power[able].round(1).to_numpy(),
                    "kwh_per_kw": (energy[able] / power[able]).to_numpy(),
                    "capex_yuan": (parcels["air_capex_yuan"][able].to_numpy() * part).round(),
                    "opex_yuan_per_year": (parcels["air_opex_yuan_per_year"][able].to_numpy() * part).round(),
                    "avoided_tco2_per_year": (
                        parcels["air_avoided_tco2_per_year"][able].to_numpy() * part
                    ).round(3),
                    "temperature_c": temperature,
                }
            )
        )
    found = pd.concat(rows, ignore_index=True)
    found.index.name = "option_id"
    return found


def totals_of(parcels: pd.DataFrame, spread: Spread) -> dict[str, float]:
    """Sums of the parcels; P90 and P10 are those of the sum of each draw."""
    totals = {name: round(float(parcels[name].sum()), 3) for name in SUMS}
    year = totals["air_heat_kwh_per_year"]
    return {
        **totals,
        "air_heat_p90_kwh_per_year": min(float(round(spread.city_p90)), year),
        "air_heat_p10_kwh_per_year": max(float(round(spread.city_p10)), year),
    }


def bin_frame(air: Air, plant: Plant) -> pd.DataFrame:
    """Bins of the air of a year, coldest first: hours, performance, capacity, and heat and cold of the city."""
    return pd.DataFrame(
        {
            "air_temp_c": air.bins.middle,
            "air_hours": air.bins.hours,
            "air_cop": air.cop.round(3),
            "air_hot_water_cop": air.hot_water_cop.round(3),
            "air_eer": air.eer.round(3),
            "air_capacity_share": air.capacity.round(4),
            "air_cold_capacity_share": air.cold_capacity.round(4),
            "air_frost_share": air.frost.round(4),
            "air_needed_kwh": np.round(plant.needed_in_bin),
            "air_given_kwh": np.round(plant.given_in_bin),
            "air_cold_given_kwh": np.round(plant.cold_in_bin),
        },
        index=pd.Index([f"{middle:+.1f}" for middle in air.bins.middle], name="air_bin_id"),
    )


def design_frame(climate: Climate, design: Design, machines: Machines) -> pd.DataFrame:
    """One row: what machines do on the design day of the city, and what the code asks for."""
    return pd.DataFrame(
        {
            "nearest_city": climate.city_zh,
            "climate_zone": climate.zone,
            "air_machine": machines.kind.kind,
            "air_design_c": design.air_c,
            "air_supply_c": round(design.supply_c, 2),
            "air_design_cop": round(design.cop, 3),
            "air_least_cop": design.least_cop,
            "air_supply_most_c": round(design.supply_most_c, 2),
            "air_capacity_share": round(design.capacity, 4),
            "air_coldest_c": design.coldest_c,
            "air_coldest_cop": round(design.coldest_cop, 3),
        },
        index=pd.Index(["city"], name="air_design_id"),
    )
