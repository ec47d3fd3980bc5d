"""Groundwater heat pumps: what wells of every parcel give within law, aquifer, need and the shares of neighbours."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from core.jobs import Job
from core.problems import Problem, UserError
from demand import Demand
from layers.city import City
from potential import Assessment, Grade, Potential
from potential.groundwater.aquifer import Aquifer, aquifer_under
from potential.groundwater.capacity import Ground, Rules, Site, capacity_of, without_small
from potential.groundwater.costs import WellCosts
from potential.groundwater.draws import GroundSpread
from potential.groundwater.heat_limit import Plants
from potential.groundwater.loads import Load, load_of
from potential.groundwater.obstacles import obstacles_of, rise_allowed
from potential.groundwater.results import Found, option_rows, parcel_rows, remarks_of, totals_of_rows
from potential.groundwater.screening import (
    Zone,
    forbidding_zones,
    judge_capacity,
    judge_data,
    judge_ground,
    judge_share,
    judge_zones,
    permitted_parcels,
)
from potential.groundwater.sharing import LARGEST_FIRST, PROPORTIONAL, UPSTREAM_FIRST, flow_tubes
from potential.groundwater.well_numbers import WellNumbers
from potential.groundwater.well_tables import details_of
from potential.groundwater.wells import Spacing, WellPlaces, well_places
from potential.heat_worth import HeatWorth
from potential.verdicts import Verdicts
from standards import Taken

LEAST_WELLS = 2  # of injection for one of production: rule W02 asks for more of them


@dataclass(frozen=True)
class GroundwaterSettings:
    """What a planner may set.

    Parameters
    ----------
    aquifer_kind : str
        `unconfined`: the thickness falls with the water table; `confined`: it stays.
    heat_rule : str
        `produced_temperature`: the produced water keeps its temperature for the life; `no_return`: no water that was
        given back may come back.
    sharing_rule : str
        Order in which parcels get the water of a flow tube.
    difference_k : float, optional
        By how much plants change the water; rule W17 where None. [K]
    life_years : float, optional
        For how long the produced water keeps its temperature; that of the tables where None. [a]
    electricity_basis : str
        Electricity as coal: `elec_equivalent` or `elec_calorific`.
    draws : int
        Draws of the aquifer for P10 and P90.
    """

    aquifer_kind: str = field(default="unconfined", metadata={"choices": ("unconfined", "confined")})
    heat_rule: str = field(
        default="produced_temperature", metadata={"choices": ("produced_temperature", "no_return")}
    )
    sharing_rule: str = field(
        default=PROPORTIONAL, metadata={"choices": (PROPORTIONAL, UPSTREAM_FIRST, LARGEST_FIRST)}
    )
    difference_k: float | None = field(default=None, metadata={"low": 2.0, "high": 10.0})
    life_years: float | None = field(default=None, metadata={"low": 15.0, "high": 40.0})
    electricity_basis: str = field(
        default="elec_equivalent", metadata={"choices": ("elec_equivalent", "elec_calorific"), "shared": True}
    )
    draws: int = field(default=32, metadata={"low": 16, "high": 256})


def assess(city: City, demand: Demand | None, settings: GroundwaterSettings, job: Job) -> Assessment:
    """Groundwater heat pumps of every parcel of a city.

    Parameters
    ----------
    city : City
        With table `parcel`; rasters and tables of the ground as far as they are known: where one is missing the parcels
        need a survey and get no number.
    demand : Demand
        Heat and cold of the parcels.
    settings : GroundwaterSettings
        What the planner set.
    job : Job
        Reports progress and stops when asked.

    Returns
    -------
    Assessment
        `parcels`, `options`; `details` has `doublet` (by parcel), `well` (points), `plume` (areas) and `aquifer` (flow
        tubes with what flows through them, what was wanted and what was given).

    Raises
    ------
    UserError
        Where no demand is given, or a raster cannot be in its unit.
    """
    if demand is None:
        raise UserError(
            Problem(
                "The demand of buildings is not known.",
                "Compute the demand of heat and cold first.",
            )
        )
    taken = Taken(city.standards)
    parcels = parcels_of(city)
    numbers = WellNumbers.of(taken, settings.difference_k, settings.life_years)
    job.say("Looking at the groundwater", 0.0, force=True)
    aquifer = aquifer_under(city, parcels, taken)
    heat, cold = (load_of(demand, carrier, parcels.index) for carrier in ("heat", "cold"))
    zones = forbidding_zones(city, taken)
    verdicts = Verdicts(len(parcels))
    verdicts.clear(parcels)
    judge_zones(verdicts, city, parcels, zones, taken)
    judge_data(verdicts, city, aquifer)
    judge_ground(verdicts, aquifer, heat.year > 0, taken)
    verdicts.lack(~heat.known, "demand")
    none = heat.known & (heat.year <= 0) & (cold.year <= 0)
    verdicts.judge(none, Grade.UNSUITABLE, "no heat or cold needed")
    site, places = _site(city, parcels, aquifer, (heat, cold), zones, verdicts, numbers, taken, job)
    ground = Ground(
        aquifer.conductivity,
        aquifer.value("aquifer_thickness_m"),
        aquifer.value("hydraulic_gradient"),
        aquifer.capacity,
        aquifer.ratio,
    )
    rules = Rules(
        settings.aquifer_kind == "confined", settings.heat_rule == "no_return", settings.sharing_rule
    )
    made = capacity_of(ground, site, numbers, rules)
    judge_capacity(verdicts, made, site, taken)
    alone, able = made, verdicts.counts
    site = replace(site, fits=np.where(able, site.fits, 0))
    least = taken.number("groundwater_heat", item="plant", case="least_power")
    site, made = without_small(ground, site, numbers, rules, least)
    made = replace(
        made, own=np.where(able, alone.own, 0.0), own_mean=np.where(able, alone.own_mean, 0.0)
    )  # what those who gave up their shares could use is unserved
    judge_share(verdicts, made, site, permitted_parcels(parcels), taken)
    spread, porosity = GroundSpread.of(taken, aquifer.tested), aquifer.value("porosity")
    drawn = np.zeros((settings.draws, len(parcels)))
    for draw in job.each(range(settings.draws), "Drawing aquifers"):
        other = capacity_of(spread.drawn(ground, porosity, draw), site, numbers, rules)
        drawn[draw] = heat.at(site.plants.heat_kw(other.flow))
    worth, costs = HeatWorth.of(city, taken, settings.electricity_basis), WellCosts.of(taken)
    found = Found(
        parcels, demand, aquifer, ground, site, places, made, heat, cold, drawn, numbers, worth, costs
    )
    rows = parcel_rows(found, verdicts)
    return Assessment(
        name="groundwater",
        parcels=rows,
        options=option_rows(rows, found),
        details=MappingProxyType(details_of(found)),
        totals=MappingProxyType(totals_of_rows(rows, drawn)),
        numbers=tuple(taken.used),
        remarks=remarks_of(found, settings.sharing_rule, settings.heat_rule, settings.aquifer_kind),
    )


GROUNDWATER = Potential(
    name="groundwater",
    title="Groundwater heat pumps",
    tables=("parcel",),
    rasters=(),
    standards=(
        "groundwater_heat",
        "groundwater_lithology",
        "groundwater_reinjection",
        "geothermal_rules",
        "ground_properties",
        "heat_source_efficiency",
        "energy_conversion",
        "grid_factors",
        "heat_supply",
        "costs",
    ),
    settings=GroundwaterSettings,
    assess=assess,
    uses_demand=True,
)


def parcels_of(city: City) -> gpd.GeoDataFrame:
    """The parcels of a city, none where it has no such table."""
    parcels = city.tables.get("parcel")
    if parcels is not None:
        return parcels
    return gpd.GeoDataFrame({"geometry": []}, geometry="geometry", crs=city.crs).rename_axis("parcel_id")


def _site(
    city: City,
    parcels: gpd.GeoDataFrame,
    aquifer: Aquifer,
    loads: tuple[Load, Load],
    zones: list[Zone],
    verdicts: Verdicts,
    numbers: WellNumbers,
    taken: Taken,
    job: Job,
) -> tuple[Site, WellPlaces]:
    """Wells, need and flow tubes of the parcels that may have any."""
    job.say("Placing wells", 0.0, force=True)
    able, (heat, cold) = verdicts.counts, loads
    injection = _injection_wells(aquifer, able)
    places = well_places(
        parcels.geometry,
        obstacles_of(city, zones, numbers),
        np.where(able, aquifer.value("flow_direction_deg"), np.nan),
        injection,
        Spacing(numbers.boundary, numbers.beside, numbers.spacing, numbers.across),
    )
    raised = rise_allowed(city, aquifer.value("water_table_depth_m"), places, numbers)
    middle = parcels.geometry.representative_point()
    tubes = flow_tubes(
        middle.x.to_numpy(),
        middle.y.to_numpy(),
        able & (places.count > 0),
        city.rasters.get("flow_direction_deg"),
        taken.number("groundwater_heat", item="sharing", case="tube_width"),
        job,
    )
    cooled, warmed = numbers.differences(np.nan_to_num(aquifer.value("ground_temp_c"), nan=numbers.coldest))
    plants = Plants(
        heat.peak, cold.peak, heat.curve, cold.curve, cooled, warmed, 1 - 1 / numbers.cop, 1 + 1 / numbers.eer
    )
    site = Site(places.count, injection, places.spacing, places.across, places.angle, raised, plants, tubes)
    return site, places


def _injection_wells(aquifer: Aquifer, able: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Injection wells for each production well, so that all water is returned; 0 where none takes any."""
    takes = able & (aquifer.ratio > 0)
    needed = np.ceil(1 / np.where(takes, aquifer.ratio, 1.0) - 1e-9)
    found: NDArray[np.int64] = np.where(takes, np.maximum(needed, LEAST_WELLS), 0).astype(np.int64)
    return found
