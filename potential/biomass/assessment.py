"""Biomass: heat from boilers that burn residues of fields and woods, villages first, not where fuels are banned."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.jobs import Job
from layers.city import City
from potential import Assessment, Grade, Potential
from potential.biomass.fuel import KG_PER_T, MJ_PER_KWH, FuelNumbers, Fuels, drawn_heat, fuels
from potential.heat_load import HeatLoad
from potential.heat_results import HeatGiven, added, heat_columns, heat_totals
from potential.heat_worth import HeatWorth
from potential.links import links_within
from potential.places import zone_share
from potential.shared_budget import serve_in_turn, turn
from potential.verdicts import Verdicts
from standards import Taken

NAME = PREFIX = "biomass"
NO_BURN = "no_burn"
ALL_OF_IT = 0.999  # share from which a need counts as served
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class BiomassSettings:
    """What a planner may set.

    Parameters
    ----------
    spare_district_heat : bool
        Whether parcels on a heating network stay with it.
    draws : int
        How often uncertain numbers are drawn anew.
    electricity_basis : str
        How electricity is counted as coal.
    """

    spare_district_heat: bool = True
    draws: int = field(default=48, metadata={"low": 16, "high": 256})
    electricity_basis: str = field(
        default="elec_equivalent", metadata={"choices": ("elec_equivalent", "elec_calorific")}
    )


@dataclass(frozen=True)
class Places:
    """What decides who may burn, shape (parcels,) each: banned, on a heating network, in a village."""

    banned: NDArray[np.bool_]
    network: NDArray[np.bool_]
    village: NDArray[np.bool_]


def assess(city: City, demand: Any, settings: BiomassSettings, job: Job) -> Assessment:
    """Heat from biomass for every parcel of a city.

    Parameters
    ----------
    city : City
        With tables `parcel`, and `facility` or `biomass` where known; `protection_zone`, and `building` with
        `central_heating`.
    demand : Demand
        What buildings need.
    settings : BiomassSettings
        What the planner set.
    job : Job
        Reports progress and stops when asked.

    Returns
    -------
    Assessment
        `details` has `fuel_source` (where residues come from, what is used and left).
    """
    job.say("Sharing biomass", 0.0, force=True)
    taken = Taken(city.standards)
    numbers = FuelNumbers.of(taken)
    worth = HeatWorth.of(city, taken, settings.electricity_basis)
    parcels = city.tables["parcel"]
    count = len(parcels)
    fuel = fuels(city)
    load = HeatLoad.of(demand, parcels.index, ("heat", "hot_water"))
    places = places_of(city, parcels, numbers, spare=settings.spare_district_heat)
    links = links_within(parcels, fuel.table.geometry.to_numpy(), numbers.radius_m)
    turned = in_turn(links, load, places, fuel, numbers)
    heat = fuel.heat_kwh(numbers.point_share, numbers.area_share, numbers.mj_per_kg, numbers.efficiency)
    served, left = share_fuel(turned, load, heat, 1.0)
    drawn, factor = drawn_heat(fuel, taken, settings.draws)
    parcel = turned["parcel"].to_numpy(np.int64)
    in_draws = np.array(
        [
            added(parcel, share_fuel(turned, load, drawn[n], factor[n])[0], count)
            for n in job.each(range(settings.draws), "Drawing uncertain biomass")
        ]
    )
    given = added(parcel, served, count)
    need = load.kwh.sum(axis=1)
    cover = np.divide(given, need, out=np.zeros(count), where=need > 0)
    kw = load.peak_kw.max(axis=1, initial=0.0) * cover
    columns = HeatGiven(
        kw=kw,
        kwh=load.kwh * cover[:, None],
        power_kwh=given * numbers.electricity,
        kwh_in_draws=in_draws,
        capex_yuan=kw * numbers.capex_yuan_per_kw,
    )
    known = bool(len(fuel.table)) or "facility" in city.tables or "biomass" in city.tables
    judged = verdicts(load, cover, links, places, fuel, numbers, known=known)
    judged.clear(parcels)
    heat_per_t = KG_PER_T * numbers.mj_per_kg * numbers.efficiency / MJ_PER_KWH
    frame = pd.DataFrame(
        {
            **judged.columns(),
            **heat_columns(PREFIX, columns, worth),
            "biomass_t_per_year": np.round(given / heat_per_t, 1),
            "biomass_cover": np.where(need > 0, cover, np.nan).round(3),
        },
        index=parcels.index,
    )
    return Assessment(
        name=NAME,
        parcels=frame,
        options=option_rows(frame, turned, served, fuel, numbers, worth, heat_per_t),
        details=MappingProxyType({"fuel_source": source_frame(fuel, heat, left, heat_per_t)}),
        totals=MappingProxyType(heat_totals(PREFIX, frame, in_draws)),
        numbers=tuple(taken.used),
        remarks=_remarks(city, fuel, settings),
    )


BIOMASS = Potential(
    name=NAME,
    title="Biomass",
    tables=("parcel",),
    rasters=(),
    standards=(
        "biomass",
        "biomass_rules",
        "heat_supply",
        "heat_source_efficiency",
        "energy_conversion",
        "grid_factors",
    ),
    settings=BiomassSettings,
    assess=assess,
    uses_demand=True,
)


def places_of(city: City, parcels: gpd.GeoDataFrame, numbers: FuelNumbers, *, spare: bool) -> Places:
    """Where parcels stand towards bans, heating networks and villages."""
    buildings = city.tables.get("building")
    network = np.zeros(len(parcels), dtype=bool)
    if spare and buildings is not None and {"central_heating", "parcel_id", "gfa_m2"} <= set(buildings):
        floor = pd.to_numeric(buildings["gfa_m2"], errors="coerce").fillna(0.0)
        heated = floor.where(buildings["central_heating"].fillna(False).astype(bool), 0.0)
        sums = pd.DataFrame({"all": floor, "heated": heated}).groupby(buildings["parcel_id"]).sum()
        sums = sums.reindex(parcels.index, fill_value=0.0)
        network = ((sums["heated"] > numbers.district_share * sums["all"]) & (sums["all"] > 0)).to_numpy()
    village = (
        (parcels["settlement"] == "rural").to_numpy()
        if "settlement" in parcels
        else np.zeros(len(parcels), bool)
    )
    banned = zone_share(city, parcels, "protection_zone", (NO_BURN,)) > numbers.zone_share
    return Places(banned=banned, network=network, village=village)


def in_turn(
    links: pd.DataFrame, load: HeatLoad, places: Places, fuel: Fuels, numbers: FuelNumbers
) -> pd.DataFrame:
    """Links that may be served, villages first, then by nearness to the fuel, then by demand."""
    parcel = links["parcel"].to_numpy()
    may = ~places.banned[parcel] & ~places.network[parcel] & fuel.known[links["source"]]
    able = links[may].reset_index(drop=True)
    parcel = able["parcel"].to_numpy()
    near = turn(able["distance_m"], load.kwh.sum(axis=1)[parcel], numbers.step_m)
    first = np.argsort(~places.village[parcel[near]], kind="stable")
    turned: pd.DataFrame = able.iloc[near[first]].reset_index(drop=True)
    return turned


def share_fuel(links: pd.DataFrame, load: HeatLoad, heat_kwh: Floats, demand: float) -> tuple[Floats, Floats]:
    """Heat of a year that every link serves, and what is left of every source: fuel is stored from season to season."""
    served, _, _, left = serve_in_turn(
        links["parcel"].to_numpy(np.int64),
        links["source"].to_numpy(np.int64),
        np.ones((len(links), 1)),
        load.kwh.sum(axis=1, keepdims=True) * demand,
        heat_kwh,
        np.ones((len(heat_kwh), 1)),
    )
    return served[:, 0], left


def verdicts(
    load: HeatLoad,
    cover: Floats,
    links: pd.DataFrame,
    places: Places,
    fuel: Fuels,
    numbers: FuelNumbers,
    *,
    known: bool,
) -> Verdicts:
    """Grade every parcel: bans first, then what is missing, then what it gets."""
    count = len(cover)
    found = Verdicts(count)
    parcel = links["parcel"].to_numpy()
    of_known = fuel.known[links["source"]]
    found.lack(~load.known, "heat_kwh_per_year")
    found.judge(places.banned, Grade.FORBIDDEN, "zone that bans polluting fuels")
    found.judge(load.known & ~load.wants, Grade.UNSUITABLE, "no need of heat known")
    found.judge(places.network & load.wants, Grade.UNSUITABLE, "on a heating network")
    nothing = load.wants & (cover <= 0) & ~places.network & ~places.banned
    if not known:
        found.lack(nothing, "facility")
    reached = np.bincount(parcel[of_known], minlength=count) > 0
    unknown = np.bincount(parcel[~of_known], minlength=count) > 0
    found.lack(nothing & unknown, "residues_t_per_year")
    found.judge(nothing & ~reached, Grade.UNSUITABLE, "no fuel within reach")
    found.judge(nothing & reached, Grade.UNSUITABLE, "fuel is given to others")
    something = cover > 0
    short = something & (cover < ALL_OF_IT)
    found.judge(short & (cover < numbers.cover_conditional), Grade.CONDITIONAL, "fuel covers a part")
    found.judge(short & (cover >= numbers.cover_conditional), Grade.FAIRLY_SUITABLE, "fuel covers a part")
    found.judge(something & ~places.village, Grade.CONDITIONAL, "limits of particulates in town")
    return found


def source_frame(fuel: Fuels, heat_kwh: Floats, left_kwh: Floats, heat_per_t: float) -> gpd.GeoDataFrame:
    """Where residues come from, with the heat they could give, and what of it is used and left."""
    could, left = np.round(heat_kwh), np.round(left_kwh)
    return gpd.GeoDataFrame(
        {
            "name": fuel.table["name"],
            "kind": fuel.table["kind"],
            "residues_t_per_year": fuel.table["residues_t_per_year"],
            "biomass_could_kwh_per_year": could,
            "biomass_used_kwh_per_year": could - left,
            "biomass_left_kwh_per_year": left,
            "biomass_t_per_year": np.round((could - left) / heat_per_t, 1),
            "missing_data": np.where(fuel.known, "", "residues_t_per_year").astype(object),
        },
        geometry=fuel.table.geometry,
        crs=fuel.table.crs,
        index=fuel.table.index,
    )


def option_rows(
    frame: pd.DataFrame,
    turned: pd.DataFrame,
    served: Floats,
    fuel: Fuels,
    numbers: FuelNumbers,
    worth: HeatWorth,
    heat_per_t: float,
) -> pd.DataFrame:
    """What a plan may choose: one row for every parcel and fuel source that gives it heat."""
    kept = served > 0
    parcel = turned["parcel"].to_numpy()[kept]
    kwh = served[kept]
    of = frame.iloc[parcel]
    part = kwh / np.maximum(of["biomass_heat_kwh_per_year"].to_numpy(), 1.0)
    power = of["biomass_heat_kw"].to_numpy() * part
    capex = of["biomass_capex_yuan"].to_numpy() * part
    electricity = kwh * numbers.electricity
    able = power > 0
    return pd.DataFrame(
        {
            "parcel_id": of.index.to_numpy()[able],
            "technology": "biomass_boiler",
            "most_kw": power[able],
            "kwh_per_kw": (kwh[able] / power[able]),
            "capex_yuan": np.round(capex)[able],
            "opex_yuan_per_year": np.round(
                capex * numbers.upkeep
                + kwh / heat_per_t * numbers.fuel_yuan_per_t
                + electricity * worth.power_yuan
            )[able],
            "avoided_tco2_per_year": np.round(worth.avoided_tco2(kwh, electricity), 3)[able],
            "resource": "fuel_source",
            "resource_id": fuel.table.index.to_numpy()[turned["source"].to_numpy()[kept]][able],
            "resource_drawn": np.round(kwh / heat_per_t, 1)[able],
        },
        index=pd.RangeIndex(int(able.sum()), name="option_id"),
    )


def _remarks(city: City, fuel: Fuels, settings: BiomassSettings) -> tuple[str, ...]:
    said = [
        "Villages come first, then parcels by nearness to the fuel, the larger need first within a step.",
        "Fuel is stored, so a year's residues are shared over the year; boilers must meet local limits of particulates.",
        "Biomass counts as free of CO2; what machines and lorries burn to collect it is not counted.",
    ]
    zones = city.tables.get("protection_zone")
    if zones is None or "kind" not in zones or not (zones["kind"] == NO_BURN).any():
        said.append("No zone that bans polluting fuels is known; the local notice would tell.")
    if settings.spare_district_heat:
        said.append("Parcels on a heating network stay with it.")
    if not fuel.known.all():
        said.append("Fuel sources without residues give nothing until these are entered.")
    return tuple(said)
