"""Clusters: parcels that share doublets, the heat they get through a cascade matched to their load, and its range."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from potential.deep.cascade import DIRECT, cascade_at, cascade_year
from potential.deep.deep_numbers import DRAWS, DeepNumbers, Range, chances
from potential.deep.doublet import thermal_life
from potential.deep.doublets import Design, Placed, mean_recoverable_kw
from potential.deep.loads import Loads, place_hours
from potential.deep.reservoir import Reservoir

HOURS = 8760.0
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ClusterHeat:
    """What the doublets of every cluster give.

    Parameters
    ----------
    group : ndarray of int, shape (parcels,)
        Cluster that serves each parcel, -1 for none.
    kw : ndarray, shape (clusters,)
        Delivered at the peak of the load.
    stage_kwh : ndarray, shape (clusters, 4, 12)
        Delivered by each stage in each month.
    stage_kw, steps_c : ndarray, shape (clusters, 4), (clusters, 5)
        Heat of the stages and temperatures between them at the peak of the load.
    source_kwh, electricity_kwh, full_hours : ndarray, shape (clusters,)
        Drawn from the water, and by heat pumps and well pumps, in a year; hours at full flow.
    kwh_in_draws : ndarray, shape (DRAWS, clusters)
        Heat of a year in every draw.
    life_years, mean_kw, most_kw : ndarray, shape (doublets,)
        Years until the cold front arrives; mean heat drawn, and what the rock of the doublet can give in the set life.
    """

    group: NDArray[np.int64]
    kw: Floats
    stage_kwh: Floats
    stage_kw: Floats
    steps_c: Floats
    source_kwh: Floats
    electricity_kwh: Floats
    full_hours: Floats
    kwh_in_draws: Floats
    life_years: Floats
    mean_kw: Floats
    most_kw: Floats

    @property
    def months(self) -> Floats:
        """Heat of every month, shape (clusters, 12). [kWh]"""
        return np.asarray(self.stage_kwh.sum(axis=1))


@dataclass(frozen=True)
class Clusters:
    """Doublets of a city with what they serve.

    Parameters
    ----------
    units : list of str
        Names of the groups of parcels.
    group : ndarray of int, shape (parcels,)
        Group of every parcel.
    designs, placed, heat
        Doublets below the parcels, those that were allotted, and what they give; `heat` has one row a group.
    small : ndarray of bool, shape (parcels,)
        Whether the load of the group is too small for a doublet below the parcel.
    """

    units: list[str]
    group: NDArray[np.int64]
    designs: Design
    placed: Placed
    heat: ClusterHeat
    small: NDArray[np.bool_]

    @property
    def names(self) -> NDArray[np.object_]:
        """Name of the cluster that serves each parcel, empty for none."""
        return np.array([self.units[one] if one >= 0 else "" for one in self.heat.group], dtype=object)


def groups_of(parcels: gpd.GeoDataFrame, edge_m: float) -> tuple[NDArray[np.int64], list[str]]:
    """Planning unit of every parcel as a number, and the names of the units.

    Parcels that name no unit are taken together by squares of `edge_m`.
    """
    middle = parcels.geometry.representative_point()
    names = np.array(
        [f"{int(x // edge_m)}-{int(y // edge_m)}" for x, y in zip(middle.x, middle.y, strict=True)],
        dtype=object,
    )
    if "planning_unit" in parcels:
        given = parcels["planning_unit"].astype(object)
        known = (given.notna() & (given.astype(str) != "")).to_numpy()
        names[known] = given.astype(str).to_numpy()[known]
    codes, units = pd.factorize(names, sort=True)
    return np.asarray(codes, dtype=np.int64), [str(unit) for unit in units]


def served(
    parcels: gpd.GeoDataFrame, group: NDArray[np.int64], load: Floats, placed: Placed, reach_m: float
) -> NDArray[np.int64]:
    """Cluster of every parcel that needs heat and lies in reach of one of its doublets, -1 for the others."""
    middle = parcels.geometry.representative_point()
    at = np.column_stack([middle.x.to_numpy(), middle.y.to_numpy()])
    found = np.full(len(parcels), -1)
    for number in np.unique(placed.group):
        rows = np.flatnonzero((group == number) & (load > 0))
        wells = placed.points[placed.group == number]
        away = np.hypot(*(at[rows, None] - wells[None]).transpose(2, 0, 1)).min(axis=1)
        found[rows[away <= reach_m]] = number
    return found


def cluster_heat(
    group: NDArray[np.int64],
    count: int,
    loads: Loads,
    reservoir: Reservoir,
    designs: Design,
    placed: Placed,
    numbers: DeepNumbers,
) -> ClusterHeat:
    """Heat of all clusters, through a cascade in every typical hour, as it stands and in every draw."""
    rock, use, cascade = numbers.reservoir, numbers.doublet, numbers.cascade
    kept = 1 - use.network_loss
    load, hours = loads.of_groups(group, count) / kept, place_hours()
    rows, of = placed.parcel, placed.group
    flow = designs.flow[rows]
    loss = reservoir.temp_c[rows] - designs.produced_c[rows]
    excess = reservoir.temp_c[rows] - reservoir.surface_c[rows]
    area = designs.separation_m[rows] ** 2
    most = mean_recoverable_kw(reservoir, rows, area, numbers)

    def mixed(flows: Floats, excesses: Floats) -> tuple[Floats, Floats]:
        """Capacity flow (kW/K) and temperature of the waters of each cluster together."""
        capacity = np.bincount(of, weights=flows, minlength=count) * rock.water / 1000
        warm = np.bincount(of, weights=flows * (reservoir.surface_c[rows] + excesses - loss), minlength=count)
        whole = np.bincount(of, weights=flows, minlength=count)
        return capacity, np.where(whole > 0, warm / np.where(whole > 0, whole, 1.0), cascade.tail)

    def year(
        flows: Floats, excesses: Floats, porosity: Floats, able: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """Heat of stages and months within what rock and life allow, hours at full flow, and lives."""
        given, full = cascade_year(
            load,
            hours,
            *mixed(flows, excesses),
            tail=cascade.tail,
            pinch=cascade.pinch,
            supply=cascade.supply,
            back=cascade.back,
            cop=cascade.cop,
        )
        mean = flows * full[of] / HOURS
        lives = thermal_life(
            designs.spacing_m[rows], reservoir.net_m[rows], porosity, mean, rock.rock, rock.water
        )
        source = _source(given, cascade.cop).sum(axis=1) / HOURS
        rock_kw = np.bincount(of, weights=able, minlength=count)
        share = np.where(source > rock_kw, rock_kw / np.where(source > 0, source, 1.0), 1.0)
        lasting = np.bincount(of, weights=flows * np.minimum(lives / use.years, 1.0), minlength=count)
        whole = np.bincount(of, weights=flows, minlength=count)
        share = np.minimum(share, lasting / np.where(whole > 0, whole, 1.0))
        return given * share[:, None, None], full * share, lives / np.maximum(share[of], 1e-9)

    given, full, lives = year(flow, excess, reservoir.porosity[rows], most)
    peak = loads.peaks_of_groups(group, count) / kept
    at_peak, steps = cascade_at(
        peak,
        *mixed(flow, excess),
        tail=cascade.tail,
        pinch=cascade.pinch,
        supply=cascade.supply,
        back=cascade.back,
        cop=cascade.cop,
    )
    in_draws = np.zeros((DRAWS, count))
    for draw, (flows, excesses, porosity, able) in enumerate(
        _draws(reservoir, rows, flow, excess, most, numbers)
    ):
        in_draws[draw] = year(flows, excesses, porosity, able)[0].sum(axis=(1, 2)) * kept
    pumps = np.bincount(of, weights=designs.pump_kw[rows], minlength=count) * full
    source = np.bincount(of, weights=designs.power_kw[rows], minlength=count)
    drawn = _source(given, cascade.cop).sum(axis=1)
    return ClusterHeat(
        group=group,
        kw=at_peak.sum(axis=1) * kept,
        stage_kwh=given * kept,
        stage_kw=at_peak * kept,
        steps_c=steps,
        source_kwh=drawn,
        electricity_kwh=pumps + given[:, DIRECT].sum(axis=1) / cascade.cop,
        full_hours=full,
        kwh_in_draws=in_draws,
        life_years=lives,
        mean_kw=drawn[of] / HOURS * designs.power_kw[rows] / np.where(source[of] > 0, source[of], 1.0),
        most_kw=most,
    )


def _source(given: Floats, cop: float) -> Floats:
    """Heat drawn from the water, by month: that of the heat pump without its electricity."""
    return np.asarray(given[:, :DIRECT].sum(axis=1) + given[:, DIRECT] * (1 - 1 / cop))


def _draws(
    reservoir: Reservoir,
    rows: NDArray[np.int64],
    flow: Floats,
    excess: Floats,
    most: Floats,
    numbers: DeepNumbers,
) -> Iterator[tuple[Floats, Floats, Floats, Floats]]:
    """Flow, excess of temperature, porosity and power of the rock of all doublets, draw by draw."""
    ranges, rock = numbers.ranges, numbers.reservoir
    measured = reservoir.measured[rows]
    porous = reservoir.porosity[rows] >= rock.porous_from

    def by(name: str, there: Range, elsewhere: Range, where: NDArray[np.bool_]) -> Floats:
        chance = chances(name)
        return np.where(where, there.at(chance)[:, None], elsewhere.at(chance)[:, None])

    flows = by("flow", ranges.flow_measured, ranges.flow, measured)
    warmer = by("temperature", ranges.temperature_measured, ranges.temperature, measured)
    pores = ranges.porosity.at(chances("porosity"))
    recovered = by("recovery", rock.recovery, rock.tight_recovery, porous) / np.where(
        porous, rock.recovery.middle, rock.tight_recovery.middle
    )
    for draw in range(DRAWS):
        porosity = np.clip(reservoir.porosity[rows] * pores[draw], 0.0, 1.0)
        yield (
            flow * flows[draw],
            excess * warmer[draw],
            porosity,
            most * recovered[draw] * warmer[draw],
        )
