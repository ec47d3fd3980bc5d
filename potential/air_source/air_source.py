"""Air source: heat, hot water and cold from the air for every parcel with a demand, sized for the winter of its city."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.jobs import Job
from core.problems import Problem, UserError
from demand import Demand
from layers.city import City
from potential import Assessment, Grade, Potential
from potential.air_source.air_numbers import LOW_TEMPERATURE, ORDINARY, TABLE, AirNumbers, Worth
from potential.air_source.climate import (
    SEVERE_COLD,
    Air,
    Climate,
    Design,
    Machines,
    admitted,
    climate_of,
    least_of,
    machine_for,
    weather_of,
    wetness_of,
)
from potential.air_source.cycle import Floats
from potential.air_source.load import Load
from potential.air_source.plant import Plant, Wanted, balance_point, plant_of
from potential.air_source.results import bin_frame, design_frame, options_of, parcel_columns, totals_of
from potential.air_source.room import PREVAILING_SHARE, Room, noise_distance, reach, room_of
from potential.air_source.sizing import DESIGN_LOAD, ELECTRIC, GAS_BOILER, LEAST_COST
from potential.air_source.spread import Draws, Served, spread_of
from potential.verdicts import Verdicts
from standards import Taken

BY_ZONE = "by_zone"
FAR_KM = 100.0  # a city of design temperatures that lies farther away is said
CARRIERS = ("heat", "hot_water", "cold")


@dataclass(frozen=True)
class AirSourceSettings:
    """What a planner may set.

    Parameters
    ----------
    air_machine : str
        `by_zone` (what the climate admits), `ordinary` or `low_temperature`.
    air_delivers : str
        Whether machines heat water (`hot_water`) or the air of rooms (`hot_air`).
    supply_c : float
        Temperature of the heated water, or of the condenser in heated air, on the design day. [°C]
    hot_water_c : float
        Temperature at which hot water is made. [°C]
    air_sizing : str
        `least_cost` of a year, or `design_load`: machines cover the whole design load.
    air_auxiliary : str
        What gives the heat that machines do not: `electric` or `gas_boiler`.
    air_cooling : bool
        Whether machines cool as well, and are large enough for it.
    electricity_basis : str
        Row of the table of conversions by which electricity counts as coal.
    """

    air_machine: str = field(default=BY_ZONE, metadata={"choices": (BY_ZONE, ORDINARY, LOW_TEMPERATURE)})
    air_delivers: str = field(default="hot_water", metadata={"choices": ("hot_water", "hot_air")})
    supply_c: float = field(default=45.0, metadata={"low": 30.0, "high": 65.0})
    hot_water_c: float = field(default=55.0, metadata={"low": 45.0, "high": 65.0})
    air_sizing: str = field(default=LEAST_COST, metadata={"choices": (LEAST_COST, DESIGN_LOAD)})
    air_auxiliary: str = field(default=ELECTRIC, metadata={"choices": (ELECTRIC, GAS_BOILER)})
    air_cooling: bool = True
    electricity_basis: str = field(
        default="elec_equivalent", metadata={"choices": ("elec_equivalent", "elec_calorific"), "shared": True}
    )


def assess(city: City, demand: Any, settings: AirSourceSettings, job: Job) -> Assessment:
    """Heat, hot water and cold from the air for every parcel of a city.

    Parameters
    ----------
    city : City
        With table `parcel` and weather; `building` says where machines may stand.
    demand : Demand
        What parcels want.
    settings : AirSourceSettings
        What the planner set.
    job : Job
        Reports progress and stops when asked.

    Returns
    -------
    Assessment
        `details` has `air_bin` (the air of a year in bins of one degree) and `air_design` (the design day).

    Raises
    ------
    UserError
        There is no weather, no table of parcels or no demand.
    """
    parcels = city.tables.get("parcel")
    if parcels is None:
        raise UserError(Problem("There are no parcels.", "Import the parcels of the plan."))
    if not isinstance(demand, Demand):
        raise UserError(
            Problem("The demand of buildings is not known.", "Compute the demand of heat and cold first.")
        )
    weather = weather_of(city)
    taken = Taken(city.standards)
    climate = climate_of(city, taken)
    coldest = float(weather.hours["temp_air"].min())
    machines, design = admitted(
        Machines(
            AirNumbers.of(taken),
            machine_for(taken, climate, coldest, settings.air_machine),
            wetness_of(taken, climate),
        ),
        weather,
        climate,
        least_of(taken, climate, settings.air_delivers),
        settings.supply_c,
        settings.hot_water_c,
        settings.air_delivers,
    )
    numbers = machines.numbers
    air = machines.in_air(weather, design.supply_c, settings.hot_water_c)
    worth = Worth.of(city, taken, settings.electricity_basis)
    room = room_of(city, taken)
    loads = {one: Load.of(demand, parcels.index, one, air.bins) for one in CARRIERS}
    verdicts = Verdicts(len(parcels))
    _judge_before(verdicts, parcels, loads, machines, climate, design, settings)
    wanted = _wanted(loads, verdicts.counts, demand, parcels.index)
    plant = plant_of(
        wanted,
        air,
        design,
        numbers,
        room.area_m2,
        taken,
        worth,
        rule=settings.air_sizing,
        auxiliary=settings.air_auxiliary,
        cooling=settings.air_cooling,
        job=job,
    )
    distance = _judge_after(verdicts, plant, room, taken)
    exposure = _mean(air.frost, plant.given_in_bin)
    spread = spread_of(_served(plant, wanted, settings, worth), Draws.of(taken, numbers, exposure), job)
    balance = balance_point(plant.sizes.share, design, air, numbers.heating_limit_c)
    columns = parcel_columns(
        plant,
        wanted,
        spread,
        balance,
        worth,
        auxiliary=settings.air_auxiliary,
        per_kw_m2=taken.number(TABLE, item="space", case="roof"),
    )
    by_parcel = pd.DataFrame(
        {
            **verdicts.columns(),
            **columns,
            "air_noise_m": distance.round(1),
            "air_central_heating_share": room.central_heating.round(3),
        },
        index=parcels.index,
    )
    totals = totals_of(by_parcel, spread)
    return Assessment(
        name="air_source",
        parcels=by_parcel,
        options=options_of(by_parcel, design.supply_c, settings.hot_water_c),
        details=MappingProxyType(
            {"air_bin": bin_frame(air, plant), "air_design": design_frame(climate, design, machines)}
        ),
        totals=MappingProxyType(totals),
        numbers=tuple(taken.used),
        remarks=_remarks(climate, design, air, settings, room, totals),
    )


AIR_SOURCE = Potential(
    name="air_source",
    title="Air-source heat pumps",
    tables=("parcel",),
    rasters=(),
    standards=(
        "air_source",
        "air_source_cop",
        "cities",
        "climate_zones",
        "costs",
        "energy_conversion",
        "grid_factors",
        "heat_source_efficiency",
        "pv_economics",
        "solar_heat",
    ),
    settings=AirSourceSettings,
    assess=assess,
    uses_demand=True,
)


def _judge_before(
    verdicts: Verdicts,
    parcels: pd.DataFrame,
    loads: dict[str, Load],
    machines: Machines,
    climate: Climate,
    design: Design,
    settings: AirSourceSettings,
) -> None:
    """What is known before machines are sized: demand, climate and the code."""
    known = np.logical_or.reduce([load.known for load in loads.values()])
    heat = loads["heat"].wanted | loads["hot_water"].wanted
    some = heat | (loads["cold"].wanted & settings.air_cooling)
    verdicts.lack(~known, "demand")
    verdicts.judge(known & ~some, Grade.UNSUITABLE, "no demand that air could serve")
    if "planned_demolition" in parcels:
        gone = parcels["planned_demolition"].fillna(False).to_numpy(dtype=bool)
        verdicts.judge(gone, Grade.FORBIDDEN, "to be demolished")
    rooms = known & loads["heat"].wanted
    if design.capacity <= 0:
        verdicts.judge(rooms, Grade.UNSUITABLE, "winter too cold for these machines")
    elif design.cop < design.least_cop - 1e-9:
        verdicts.judge(rooms, Grade.UNSUITABLE, "COP below GB 55015 5.4 at winter design")
    elif design.supply_c < settings.supply_c - 1e-9:
        verdicts.judge(rooms, Grade.CONDITIONAL, "cooler water needed for the COP of GB 55015 5.4")
    elif design.better:
        verdicts.judge(rooms, Grade.FAIRLY_SUITABLE, "machines better than usual for the COP of GB 55015 5.4")
    if climate.zone.startswith(SEVERE_COLD):
        if machines.kind.kind != LOW_TEMPERATURE:
            verdicts.judge(rooms, Grade.UNSUITABLE, "severe cold admits only ultra-low-temperature machines")
        verdicts.judge(rooms, Grade.FAIRLY_SUITABLE, "ultra-low-temperature machines only")


def _judge_after(verdicts: Verdicts, plant: Plant, room: Room, taken: Taken) -> Floats:
    """What the size of machines decides: room and noise; gives how far they must stand from windows. [m]"""

    def sound(case: str) -> float:
        return taken.number(TABLE, item="noise", case=case)

    size = plant.sizes.machines + plant.water_size
    some = size > 0
    asked = plant.sizes.asked
    short = some & ((plant.sizes.machines < asked - 1e-6) & (asked > 0))
    verdicts.judge(short, Grade.CONDITIONAL, "too little room for the machines")
    towers = some & (room.old_tower >= PREVAILING_SHARE)
    verdicts.judge(towers, Grade.CONDITIONAL, "old towers without room and load for machines")
    verdicts.judge(
        some & (room.heritage >= PREVAILING_SHARE), Grade.CONDITIONAL, "machines out of sight of heritage"
    )
    served = (plant.heat_kw > 0) & (room.central_heating >= PREVAILING_SHARE)
    verdicts.judge(served, Grade.FAIRLY_SUITABLE, "central heating at hand")
    limit = np.where(room.quiet, sound("night_homes"), sound("night_mixed"))
    each = size / room.buildings
    level, screen = sound("power_level"), sound("screen")
    distance = noise_distance(each, level, limit)
    far = reach(room.plot_m2, room.buildings)
    loud = some & ~room.tolerant & (distance > far)
    screened = noise_distance(each, level, limit, screen) <= far
    verdicts.judge(loud & screened, Grade.FAIRLY_SUITABLE, "screens against noise at night")
    verdicts.judge(loud & ~screened, Grade.CONDITIONAL, "noise at night even with screens")
    return distance


def _wanted(
    loads: dict[str, Load], counts: NDArray[np.bool_], demand: Demand, parcel_ids: pd.Index
) -> Wanted:
    """Loads of the parcels that get something, and their floor area."""

    floor = np.zeros(len(parcel_ids))
    if "gfa_m2" in demand.parcels:
        floor = np.nan_to_num(demand.parcels["gfa_m2"].reindex(parcel_ids).to_numpy(dtype=float))
    heat, water, cold = (loads[one].where(counts) for one in CARRIERS)
    return Wanted(heat, water, cold, floor)


def _served(plant: Plant, wanted: Wanted, settings: AirSourceSettings, worth: Worth) -> Served:
    return Served(
        heat_by_size=plant.heat_by_size,
        electricity_by_size=plant.electricity_by_size,
        size=plant.sizes.share,
        heat=plant.heat.sum(axis=1),
        electricity=plant.electricity.sum(axis=1),
        wanted=wanted.heat.months.sum(axis=1),
        hot_water=plant.water.sum(axis=1),
        hot_water_electricity=plant.water_electricity.sum(axis=1),
        auxiliary_efficiency=worth.electric if settings.air_auxiliary == ELECTRIC else 0.0,
    )


def _mean(values: Floats, weights: Floats) -> float:
    return float(np.average(values, weights=weights)) if weights.sum() > 0 else float(values.mean())


def _remarks(
    climate: Climate,
    design: Design,
    air: Air,
    settings: AirSourceSettings,
    room: Room,
    totals: Mapping[str, float],
) -> tuple[str, ...]:
    said = [
        "Seasonal performance is summed over the hours of the typical year; the code's least performance is that of "
        "the design day.",
        "The grid's load in the coldest hour adds up all parcels at once; metered peaks would lie lower.",
        "Cold from the air is no renewable heat and counts in no target.",
        "Capacity in cold air, frost, noise and room are planning figures; the maker's data decide.",
    ]
    if settings.air_auxiliary == ELECTRIC:
        said.append(
            "Electric heaters give what machines do not; their electricity counts in performance and carbon."
        )
    else:
        said.append(
            "A gas boiler gives what machines do not; its gas counts in neither performance nor carbon."
        )
    if not air.humidity_known:
        said.append("The weather has no humidity: frost follows the climate zone; an EPW file would tell.")
    if climate.distance_km > FAR_KM:
        said.append("Design temperatures are those of a city more than 100 km away; local ones would decide.")
    if totals["air_avoided_tco2_per_year"] < 0:
        said.append(
            "With the carbon of the grid as it is, heat from the air emits more than a gas boiler; a cleaner grid turns "
            "this round."
        )
    if design.coldest_capacity <= 0:
        said.append("In the coldest hours machines stand still and the auxiliary heats alone.")
    if (room.central_heating >= PREVAILING_SHARE).any():
        said.append("Where central heating is at hand, air is the reserve: the network comes first.")
    return tuple(said)
