"""Details of deep heat: wells and doublets as shapes, stages of every cascade, and figures of closed wells."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from layers.city import City
from potential.deep.cascade import STAGES, stage_shares
from potential.deep.closed_wells import ClosedWells
from potential.deep.clusters import ClusterHeat
from potential.deep.deep_numbers import PER_HOUR, CascadeNumbers
from potential.deep.doublets import Design, Placed
from potential.deep.reservoir import Reservoir

GAP_M = 10.0  # between the two heads of a doublet drilled from one site, on the map
WATER_WEIGHT = 9.80665e-3  # MPa for each metre of head at 1000 kg/m³
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def doublet_rows(
    city: City,
    parcels: gpd.GeoDataFrame,
    units: list[str],
    placed: Placed,
    heat: ClusterHeat,
    designs: Design,
    reservoir: Reservoir,
    approved: Bools,
) -> gpd.GeoDataFrame:
    """Doublets with the circle of rock that each has for itself."""
    rows = placed.parcel
    points = shapely.points(placed.points)
    pressed = designs.drawdown_m[rows] * WATER_WEIGHT
    frame = pd.DataFrame(
        {
            "parcel_id": parcels.index[rows],
            "deep_cluster_id": _named(units, placed.group),
            "deep_reservoir_depth_m": np.round(reservoir.depth_m[rows]),
            "deep_reservoir_temp_c": np.round(reservoir.temp_c[rows], 1),
            "deep_produced_c": np.round(designs.produced_c[rows], 1),
            "deep_well_flow_m3_per_h": np.round(designs.flow[rows] / PER_HOUR, 1),
            "deep_source_kw": np.round(designs.power_kw[rows], 1),
            "deep_delivered_kw": np.round(designs.delivered_kw[rows], 1),
            "deep_pump_kw": np.round(designs.pump_kw[rows], 1),
            "deep_injection_mpa": np.round(pressed, 2),
            "deep_spacing_m": np.round(designs.spacing_m[rows]),
            "deep_separation_m": np.round(designs.separation_m[rows]),
            "deep_full_hours": np.round(heat.full_hours[placed.group]),
            "deep_life_years": np.round(heat.life_years, 1),
            "deep_mean_kw": np.round(heat.mean_kw, 1),
            "deep_rock_kw": np.round(heat.most_kw, 1),
            "deep_approved": approved[rows],
        },
        index=pd.Index([f"DW-{n + 1:03d}" for n in range(len(rows))], name="doublet_id"),
    )
    circles = shapely.buffer(points, designs.separation_m[rows] / 2)
    return gpd.GeoDataFrame(frame, geometry=list(circles), crs=city.crs)


def well_rows(
    city: City,
    parcels: gpd.GeoDataFrame,
    doublets: gpd.GeoDataFrame,
    placed: Placed,
    wells: ClosedWells,
    chosen: Bools,
    depth_m: float,
) -> gpd.GeoDataFrame:
    """Heads of the wells of all doublets, and of the closed wells where they are what serves a parcel."""
    names: list[str] = []
    kinds: list[str] = []
    parcel: list[str] = []
    count: list[int] = []
    depth: list[float] = []
    points: list[shapely.Point] = []
    for doublet, row, (x, y) in zip(doublets.index, placed.parcel, placed.points, strict=True):
        for kind, side in (("production", -1), ("injection", 1)):
            names.append(f"{doublet}-{kind[0].upper()}")
            kinds.append(kind)
            parcel.append(str(parcels.index[row]))
            count.append(1)
            depth.append(float(doublets.at[doublet, "deep_reservoir_depth_m"]))
            points.append(shapely.Point(x + side * GAP_M / 2, y))
    middles = parcels.geometry.representative_point()
    for row in np.flatnonzero(chosen & (wells.wells > 0)):
        names.append(f"{parcels.index[row]}-W")
        kinds.append("closed")
        parcel.append(str(parcels.index[row]))
        count.append(int(wells.wells[row]))
        depth.append(depth_m)
        points.append(middles.iloc[row])
    frame = pd.DataFrame(
        {"kind": kinds, "parcel_id": parcel, "deep_wells": count, "borehole_depth_m": depth},
        index=pd.Index(names, name="deep_well_id", dtype=object),
    )
    return gpd.GeoDataFrame(frame, geometry=points, crs=city.crs)


def cascade_rows(units: list[str], heat: ClusterHeat, used: Bools, cascade: CascadeNumbers) -> pd.DataFrame:
    """Stages of every cluster at the peak of its load; with what goes back unused, shares add up to 1."""
    frames = []
    for cluster in np.flatnonzero(used):
        steps, kw = heat.steps_c[cluster], heat.stage_kw[cluster]
        into, out = [*steps[:-1], steps[-1]], [*steps[1:], cascade.tail]
        frames.append(
            pd.DataFrame(
                {
                    "deep_cluster_id": units[cluster],
                    "stage": [*STAGES, "returned unused"],
                    "stage_in_c": np.round(into, 2),
                    "stage_out_c": np.round(out, 2),
                    "stage_share": stage_shares([*steps, cascade.tail]),
                    "stage_heat_kw": np.round([*kw, 0.0], 1),
                    "stage_heat_kwh_per_year": np.round([*heat.stage_kwh[cluster].sum(axis=1), 0.0]),
                },
                index=[f"{units[cluster]}-{number + 1}" for number in range(len(STAGES) + 1)],
            )
        )
    if not frames:
        return _no_stages()
    rows = pd.concat(frames)
    rows.index.name = "cascade_id"
    return rows


def _no_stages() -> pd.DataFrame:
    words = {name: pd.Series(dtype=object) for name in ("deep_cluster_id", "stage")}
    numbers = ("stage_in_c", "stage_out_c", "stage_share", "stage_heat_kw", "stage_heat_kwh_per_year")
    frame = pd.DataFrame({**words, **{name: pd.Series(dtype=float) for name in numbers}})
    frame.index = pd.Index([], name="cascade_id", dtype=object)
    return frame


def closed_rows(parcels: gpd.GeoDataFrame, wells: ClosedWells) -> pd.DataFrame:
    """One closed well below every parcel whose temperature at depth is known."""
    known = ~np.isnan(wells.ground_kw)
    frame = pd.DataFrame(
        {
            "closed_well_kw": np.round(wells.ground_kw, 1),
            "closed_well_day3_kw": np.round(wells.test_kw, 1),
            "closed_well_season_kw": np.round(wells.season_kw, 1),
            "closed_well_season_end_kw": np.round(wells.first_kw, 1),
            "closed_well_outlet_c": np.round(wells.outlet_c, 2),
            "closed_well_inlet_at_power_c": np.round(wells.inlet_c, 2),
            "closed_wells_room": wells.room,
            "closed_wells": wells.wells,
        },
        index=parcels.index,
    )
    return frame[known]


def _named(units: list[str], group: NDArray[np.int64]) -> NDArray[np.object_]:
    return np.array([units[number] if number >= 0 else "" for number in group], dtype=object)
