"""Medium-deep geothermal: doublets for groups of parcels, closed wells elsewhere, potential until it is approved."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.jobs import Job
from core.problems import Problem, UserError
from demand import Demand
from layers.city import City
from potential import Assessment, Potential
from potential.deep.closed_wells import closed_wells
from potential.deep.clusters import Clusters, cluster_heat, groups_of, served
from potential.deep.deep_judgement import Judged, approvals, judge
from potential.deep.deep_numbers import TABLE, DeepNumbers, deep_numbers
from potential.deep.details import cascade_rows, closed_rows, doublet_rows, well_rows
from potential.deep.doublets import design, place
from potential.deep.loads import Loads, loads_of, place_hours, use_share
from potential.deep.reservoir import Reservoir, reservoir_of
from potential.deep.results import (
    CLOSED,
    DOUBLET,
    better,
    closed_shares,
    doublet_shares,
    heat_columns,
    option_rows,
    totals,
)
from potential.deep.sites import Sites, well_sites
from standards import Taken

SQUARE_M = 1_000.0  # edge of the squares that stand for planning units where there are none
ROCKS = ("sandstone", "carbonate", "granite")
BASES = ("elec_equivalent", "elec_calorific")
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class DeepSettings:
    """What a planner may set.

    Parameters
    ----------
    reservoir_rock : str
        Rock of the reservoir, which decides what share of its heat can be brought up.
    reservoir_years : float, optional
        Years for which doublets must last; empty takes that of the standards. [a]
    network_reach_m : float, optional
        How far a doublet serves; empty takes that of the standards. [m]
    electricity_basis : str
        How electricity is counted as coal.
    """

    reservoir_rock: str = field(default="sandstone", metadata={"choices": ROCKS})
    reservoir_years: float | None = field(default=None, metadata={"low": 20.0, "high": 100.0})
    network_reach_m: float | None = field(default=None, metadata={"low": 300.0, "high": 5_000.0})
    electricity_basis: str = field(default="elec_equivalent", metadata={"choices": BASES, "shared": True})


def assess(city: City, demand: Demand | None, settings: DeepSettings, job: Job) -> Assessment:
    """Medium-deep geothermal heat for the parcels of a city.

    Parameters
    ----------
    city : City
        With table `parcel`; rasters of the reservoir and of heat flow, deep boreholes, zones, buildings where known.
    demand : Demand, optional
        Heat and hot water that are served; without it a survey is needed everywhere.
    settings : DeepSettings
        What the planner set.
    job : Job
        Reports progress and stops when asked.

    Returns
    -------
    Assessment
        `details` has `deep_well`, `deep_doublet`, `cascade` and `closed_well`. Only what is approved, with assessments
        of resource and environment, counts to targets: `deep_approved_...`.

    Raises
    ------
    UserError
        Where there are no parcels.
    """
    parcels = city.tables.get("parcel")
    if parcels is None:
        raise UserError(
            Problem(
                "Deep heat is assessed by parcel, and no parcels are given.", "Import a layer of parcels."
            )
        )
    job.say("Looking at the deep reservoir", 0.0, force=True)
    taken = Taken(city.standards)
    numbers = deep_numbers(
        city,
        taken,
        rock=settings.reservoir_rock,
        electricity_basis=settings.electricity_basis,
        years=settings.reservoir_years,
        reach=settings.network_reach_m,
    )
    reservoir = reservoir_of(city, parcels, numbers.reservoir)
    loads = loads_of(city, demand, parcels, numbers.cascade.floor_heating_from)
    sites = well_sites(city, parcels, numbers.fault_m)
    approval = approvals(parcels)
    clusters = _clusters(city, parcels, reservoir, loads, sites, approval.both, numbers, job)
    job.say("Rating closed wells", 0.0, force=True)
    closed = closed_wells(reservoir, loads, sites.closed_room, numbers)
    heat = clusters.heat
    doublet = doublet_shares(
        heat, clusters.placed, clusters.designs, reservoir, loads, approval.both, numbers
    )
    judged = judge(city, parcels, reservoir, loads, sites, approval, clusters, closed, numbers)
    single = closed_shares(closed, judged.closed_counts & (closed.kw > 0), approval.both, numbers)
    on_doublet = judged.doublet_counts & (doublet.kw > 0)
    chosen = better(doublet, single, on_doublet)
    alone = ~on_doublet & (single.kw > 0)
    by_parcel = pd.DataFrame(
        {
            **judged.columns(on_doublet, alone),
            **heat_columns(chosen, judged.unknown, numbers),
            "deep_technology": np.select([on_doublet, alone], [DOUBLET, CLOSED], ""),
            "deep_cluster_id": clusters.names,
            "deep_produced_c": np.round(clusters.designs.produced_c, 1),
            "deep_gradient_k_per_km": np.round(reservoir.gradient * 1000, 2),
            "deep_heat_flow_distance_m": np.round(reservoir.heat_flow_distance_m),
            "deep_room_m2": np.round(sites.doublet_room),
            "deep_closed_heat_kw": np.where(judged.closed_unknown, np.nan, single.kw),
            "deep_closed_wells": np.where(single.kw > 0, closed.wells, 0),
        },
        index=parcels.index,
    )
    doublets = doublet_rows(
        city, parcels, clusters.units, clusters.placed, heat, clusters.designs, reservoir, approval.both
    )
    used = np.zeros(len(clusters.units), dtype=bool)
    used[np.unique(clusters.placed.group)] = True
    return Assessment(
        name="deep",
        parcels=by_parcel,
        options=option_rows(
            parcels.index,
            doublet,
            single,
            clusters.names,
            _drawn(clusters, doublet.months.sum(axis=1)),
            (float(numbers.cascade.supply[0]), float(numbers.cascade.supply[1])),
            numbers,
        ),
        details=MappingProxyType(
            {
                "deep_well": well_rows(
                    city, parcels, doublets, clusters.placed, closed, alone, numbers.closed.well.depth
                ),
                "deep_doublet": doublets,
                "cascade": cascade_rows(clusters.units, heat, used, numbers.cascade),
                "closed_well": closed_rows(parcels, closed),
            }
        ),
        totals=MappingProxyType(
            totals(
                by_parcel,
                chosen,
                judged.unknown,
                len(doublets),
                int(by_parcel["deep_closed_wells"][alone].sum()),
            )
        ),
        numbers=tuple(taken.used),
        remarks=_remarks(city, reservoir, judged, "planning_unit" in parcels),
    )


DEEP = Potential(
    name="deep",
    title="Medium-deep geothermal",
    tables=("parcel",),
    rasters=(),
    standards=(
        TABLE,
        "geothermal_rules",
        "costs",
        "heat_source_efficiency",
        "energy_conversion",
        "grid_factors",
    ),
    settings=DeepSettings,
    assess=assess,
    uses_demand=True,
)


def _clusters(
    city: City,
    parcels: gpd.GeoDataFrame,
    reservoir: Reservoir,
    loads: Loads,
    sites: Sites,
    first: NDArray[np.bool_],
    numbers: DeepNumbers,
    job: Job,
) -> Clusters:
    """Doublets placed for the load of every planning unit, and the heat they give it."""
    group, units = groups_of(parcels, SQUARE_M)
    count = len(units)
    peak = loads.peaks_of_groups(group, count).sum(axis=1)
    wanted = numbers.doublet.design_share * peak / (1 - numbers.doublet.network_loss)
    share = use_share(loads.of_groups(group, count), place_hours(), numbers.doublet.design_share * peak)
    designs = design(reservoir, share[group], numbers)
    small = designs.able & (wanted[group] < numbers.doublet.least_load * designs.delivered_kw)
    placed = place(
        city,
        parcels,
        group,
        wanted,
        _centres(parcels, group, loads.peak, count),
        designs,
        sites,
        first,
        numbers,
        job,
    )
    job.say("Matching cascades to the load", 0.0, force=True)
    serves = served(parcels, group, loads.peak, placed, numbers.doublet.reach)
    heat = cluster_heat(serves, count, loads, reservoir, designs, placed, numbers)
    return Clusters(units, group, designs, placed, heat, small)


def _centres(parcels: gpd.GeoDataFrame, group: NDArray[np.int64], load: Floats, count: int) -> Floats:
    """Middle of the load of every group, of its parcels where they need nothing."""
    middle = parcels.geometry.representative_point()
    weight = load + 1e-9
    whole = np.bincount(group, weights=weight, minlength=count)
    return np.column_stack(
        [
            np.bincount(group, weights=weight * one.to_numpy(), minlength=count) / whole
            for one in (middle.x, middle.y)
        ]
    )


def _drawn(clusters: Clusters, year: Floats) -> Floats:
    """What is drawn from the water for the heat of a year of every parcel. [kWh]"""
    heat = clusters.heat
    if not len(heat.kw):
        return np.zeros(len(year))
    whole = heat.months.sum(axis=1)
    per_heat = heat.source_kwh / np.where(whole > 0, whole, 1.0)
    return np.where(heat.group >= 0, year * per_heat[heat.group], 0.0)


def _remarks(city: City, reservoir: Reservoir, judged: Judged, units: bool) -> tuple[str, ...]:
    said = [
        "Deep heat counts to targets only where assessments of resource and environment are recorded; the rest is "
        "potential, not approved.",
        "A doublet counts as approved by the parcel on which its wells stand.",
        "All water goes back into the reservoir; whether sandstone takes it back, a reinjection test would tell.",
        "Doublets are sized for a share of the peak load; peak boilers or stores cover the rest.",
        "Doublets are used in a year no more than their rock sustains for the set life.",
        "Where heating is by radiators or floors follows from the year of buildings.",
        "Closed wells stand for themselves where no doublet serves; their yield was never checked against a measured "
        "well, and tests of three days overstate it by more than half.",
        "Ranges come from 32 draws of flow, temperature, porosity and recovery that all parcels share.",
    ]
    if not units:
        said.append("Without planning units, squares of one kilometre stand for them.")
    if "protection_zone" not in city.tables:
        said.append("Zones of protection are not given, so no well is placed.")
    if reservoir.measured.any():
        said.append("Deep wells correct temperature and flow of the map around them.")
    if np.isnan(reservoir.transmissivity).all() and len(reservoir.transmissivity):
        said.append("The transmissivity of the reservoir is not known: pumping is by a usual head.")
    if judged.unknown.any():
        said.append(
            "Maps of the reservoir are missing in part: a survey of depth, temperature and flow would tell."
        )
    return tuple(said)
