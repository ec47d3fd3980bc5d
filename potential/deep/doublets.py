"""Doublets of a city: what one would give below every parcel, and where they are placed without cooling each other."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry import Point

from core.jobs import Job
from layers.city import City
from potential.deep.deep_numbers import PER_HOUR, DeepNumbers
from potential.deep.doublet import (
    doublet_drawdown,
    doublet_power,
    pumping_power,
    spacing_for_life,
    well_loss,
)
from potential.deep.heat_in_place import YEAR_S, heat_in_place, recoverable_rate, volumetric_heat
from potential.deep.reservoir import Reservoir
from potential.deep.sites import Sites, well_point

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Design:
    """One doublet below every parcel; NaN where the reservoir is not known or has no thickness. Arrays (parcels,).

    Parameters
    ----------
    flow : ndarray
        Cut to the greatest drawdown where the transmissivity is known. [m³/s]
    produced_c : ndarray
        At the well head. [°C]
    power_kw, delivered_kw : ndarray
        Heat of the water down to the tail, and what a cascade delivers of it with its heat pump. [kW]
    spacing_m, separation_m : ndarray
        Between the two wells, and to the next doublet.
    drawdown_m, pump_kw : ndarray
        Fall of the head (NaN where the transmissivity is not known), and power of the pumps.
    able : ndarray of bool
        Whether a reservoir worth a doublet is there.
    lasts : ndarray of bool
        Whether wells can stand far enough apart for the set life at the use the load asks for; else use is cut.
    """

    flow: Floats
    produced_c: Floats
    power_kw: Floats
    delivered_kw: Floats
    spacing_m: Floats
    separation_m: Floats
    drawdown_m: Floats
    pump_kw: Floats
    able: Bools
    lasts: Bools


@dataclass(frozen=True)
class Placed:
    """Doublets that were allotted, in the order in which they were.

    Parameters
    ----------
    parcel, group : ndarray of int, shape (doublets,)
        Row of the parcel the wells stand on, and group it serves.
    points : ndarray, shape (doublets, 2)
        Where. [m]
    wanting : ndarray, shape (groups,)
        Power that each group still lacks. [kW]
    """

    parcel: NDArray[np.int64]
    group: NDArray[np.int64]
    points: Floats
    wanting: Floats


def design(reservoir: Reservoir, use_share: Floats, numbers: DeepNumbers) -> Design:
    """What a doublet below every parcel would give.

    Parameters
    ----------
    reservoir : Reservoir
        What lies below.
    use_share : ndarray, shape (parcels,)
        Mean flow of the year over the full flow.
    numbers : DeepNumbers
        As published and assumed.

    Notes
    -----
    The spacing lasts for the set life; the separation leaves every doublet the rock whose recoverable heat it uses in
    that life, so that the heat in place is never promised twice.
    """
    rock, use, cascade = numbers.reservoir, numbers.doublet, numbers.cascade
    flow = np.where(reservoir.flow_m3_per_h > 0, reservoir.flow_m3_per_h, np.nan) * PER_HOUR
    known = reservoir.transmissivity
    full = doublet_drawdown(flow, known, use.most_spacing, use.well_radius)
    flow = flow * np.where(full > use.most_drawdown, use.most_drawdown / full, 1.0)
    loss = well_loss(
        reservoir.depth_m,
        (reservoir.temp_c - reservoir.surface_c) / np.where(reservoir.depth_m > 0, reservoir.depth_m, np.nan),
        flow * rock.water,
        conductivity=rock.conductivity,
        diffusivity=rock.diffusivity,
        radius=use.well_radius,
        seconds=use.loss_seconds,
    )
    produced = reservoir.temp_c - loss
    power = doublet_power(flow, rock.water, produced, cascade.tail)
    net = np.where(reservoir.net_m > 0, reservoir.net_m, np.nan)
    mean_flow = flow * np.clip(use_share, 0.01, 1.0)
    asked = spacing_for_life(use.years, net, reservoir.porosity, mean_flow, rock.rock, rock.water)
    spacing = np.clip(asked, use.least_spacing, use.most_spacing)
    of_one_m2 = recoverable_rate(
        held_per_m2(reservoir, numbers), rock.recovery_at(reservoir.porosity), use.years
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        own_area = power * np.clip(use_share, 0.01, 1.0) / of_one_m2
    separation = np.maximum(use.between * spacing, np.sqrt(own_area))
    drawdown = doublet_drawdown(flow, known, spacing, use.well_radius)
    head = np.where(np.isnan(drawdown), use.pump_head, use.lift + 2 * drawdown)
    able = (
        np.isfinite(separation)
        & (power > 0)
        & (reservoir.temp_c >= use.least_c)
        & (produced > cascade.tail + cascade.pinch)
    )
    low = np.clip((np.minimum(produced, cascade.back[1] + cascade.pinch) - cascade.tail), 0, None)
    with np.errstate(divide="ignore", invalid="ignore"):
        by_pump = np.where(power > 0, low / (produced - cascade.tail), 0.0)
    return Design(
        flow=flow,
        produced_c=produced,
        power_kw=power / 1000,
        delivered_kw=power / 1000 * (1 + by_pump / (cascade.cop - 1)),
        spacing_m=spacing,
        separation_m=separation,
        drawdown_m=drawdown,
        pump_kw=pumping_power(flow, rock.density, head, use.pump_efficiency) / 1000,
        able=able,
        lasts=asked <= use.most_spacing,
    )


def held_per_m2(reservoir: Reservoir, numbers: DeepNumbers) -> Floats:
    """Heat in place below each square metre, above the temperature of the surface. [J/m²]"""
    rock = numbers.reservoir
    volumetric = volumetric_heat(reservoir.porosity, rock.rock, rock.water)
    return heat_in_place(1.0, reservoir.net_m, volumetric, reservoir.temp_c, reservoir.surface_c)


def place(
    city: City,
    parcels: gpd.GeoDataFrame,
    group: NDArray[np.int64],
    wanted_kw: Floats,
    centre: Floats,
    designs: Design,
    sites: Sites,
    first: Bools,
    numbers: DeepNumbers,
    job: Job,
) -> Placed:
    """Allot doublets to groups of parcels until their load is met or no site is left.

    Parameters
    ----------
    city : City
        Its buildings.
    parcels : GeoDataFrame
        Where wells may stand.
    group : ndarray of int, shape (parcels,)
        Group of every parcel, -1 for none.
    wanted_kw, centre : ndarray, shape (groups,), (groups, 2)
        Power that doublets shall give, and middle of the load of each group.
    designs, sites
        Doublets below the parcels, and open ground.
    first : ndarray of bool, shape (parcels,)
        Parcels that come first, e.g. since their resource is assessed.
    numbers : DeepNumbers
        As published and assumed.
    job : Job
        Reports progress and stops when asked.

    Notes
    -----
    Greedy and stable: sites that come first, then groups by their load, within a group by nearness to its load.
    """
    use = numbers.doublet
    middle = parcels.geometry.representative_point()
    at = np.column_stack([middle.x.to_numpy(), middle.y.to_numpy()])
    candidates = np.flatnonzero(designs.able & (group >= 0) & (sites.doublet_room >= use.site_m2))
    away = np.hypot(*(at[candidates] - centre[group[candidates]]).T)
    order = np.lexsort((away, group[candidates], -wanted_kw[group[candidates]], ~first[candidates]))
    bounds = shapely.bounds(parcels.geometry.to_numpy())
    widest = np.hypot(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
    standing = _buildings(city)
    wanting = wanted_kw.copy()
    taken: list[int] = []
    points = np.empty((0, 2))
    blocked = np.zeros(len(parcels), dtype=bool)  # parcels that lie as a whole too near a doublet
    for row in job.each(list(candidates[order]), "Placing doublets"):
        own = wanting[group[row]]
        if blocked[row] or own < use.least_load * designs.delivered_kw[row]:
            continue
        apart = np.maximum(designs.separation_m[row], designs.separation_m[taken])
        found = well_point(
            parcels.geometry.iloc[row],
            standing.get(str(parcels.index[row]), _NONE),
            sites.doublet_ban,
            use.site_m2,
        )
        if found is None or _too_near(found, points, apart):
            continue
        taken.append(int(row))
        points = np.vstack([points, [found.x, found.y]])
        reach = np.fmax(designs.separation_m, designs.separation_m[row])
        blocked |= np.hypot(at[:, 0] - found.x, at[:, 1] - found.y) + widest < reach
        wanting[group[row]] = own - designs.delivered_kw[row]
    rows = np.array(taken, dtype=np.int64)
    return Placed(rows, group[rows], points, np.maximum(wanting, 0.0))


_NONE: NDArray[np.object_] = np.empty(0, dtype=object)


def _too_near(point: Point, points: Floats, apart: Floats) -> bool:
    return bool(len(points)) and bool((np.hypot(*(points - [point.x, point.y]).T) < apart).any())


def _buildings(city: City) -> dict[str, NDArray[np.object_]]:
    buildings = city.tables.get("building")
    if buildings is None or "parcel_id" not in buildings or buildings.empty:
        return {}
    shapes = buildings.geometry.to_numpy()
    rows = pd.Series(np.arange(len(buildings))).groupby(buildings["parcel_id"].to_numpy()).indices
    return {str(parcel): shapes[places] for parcel, places in rows.items()}


def mean_recoverable_kw(
    reservoir: Reservoir, rows: NDArray[np.int64], area: Floats, numbers: DeepNumbers
) -> Floats:
    """Mean power of a life that the rock of some doublets gives, with the recovery as it stands. [kW]"""
    held = held_per_m2(reservoir, numbers)[rows] * area
    recovery = numbers.reservoir.recovery_at(reservoir.porosity[rows])
    return np.asarray(held * recovery / (numbers.doublet.years * YEAR_S) / 1000)
