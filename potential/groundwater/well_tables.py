"""Tables of wells: places and flows of wells, doublets with their temperature over the years, plumes and flow tubes."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from potential.groundwater.arrivals import first_arrival, produced_shift
from potential.groundwater.doublet import (
    arrival_at_rest,
    drawdown,
    plume_length,
    plume_width,
    retardation,
    row_distance,
)
from potential.groundwater.heat_limit import returned_of_row, shifts
from potential.groundwater.results import RESOURCE, Found, tube_ids
from potential.groundwater.well_numbers import DAY_S, YEAR_S

Floats = NDArray[np.float64]

YEARS = 25
PRODUCED = [f"gw_produced_c_year_{year:02d}" for year in range(1, YEARS + 1)]


def details_of(found: Found) -> dict[str, pd.DataFrame]:
    """All tables of the details, by name."""
    return {
        "doublet": doublet_rows(found),
        "well": well_rows(found),
        "plume": plume_rows(found),
        RESOURCE: tube_rows(found),
    }


def doublet_rows(found: Found) -> pd.DataFrame:
    """What is known of the doublets of every parcel that gives something."""
    here = found.gives
    made, ground, site, numbers = found.made, found.ground, found.site, found.numbers
    index = found.parcels.index[here]
    count = made.doublets[here].astype(float)
    flow, spacing = made.flow[here] / np.maximum(count, 1), site.spacing[here]
    reach = row_distance(spacing, numbers.radius, count, site.across[here])
    lowered = drawdown(flow, ground.conductivity[here] * ground.thickness[here], 1.0, np.exp(-reach))
    change = shifts(made.flow, site.plants, made.rows, life=numbers.life, season=numbers.season)[here]
    winter, summer, net, beta, first = change.T
    angle = site.angle[here]
    years = np.arange(1, YEARS + 1) * YEAR_S
    shares = returned_of_row(
        beta[:, None], angle[:, None], made.rows.beside[here][:, None], years[None, :] / first[:, None]
    )
    water_c = found.aquifer.value("ground_temp_c")[here]
    produced = water_c[:, None] - produced_shift(shares, net)
    porosity = found.aquifer.value("porosity")[here]
    mean = made.mean[here] / np.maximum(count, 1)
    at_rest = arrival_at_rest(mean, ground.thickness[here], spacing, porosity)
    arrival = at_rest * first_arrival(beta, angle)
    slower = retardation(ground.capacity[here], porosity)
    return pd.DataFrame(
        {
            "gw_doublets": made.doublets[here],
            "gw_spacing_m": np.round(spacing, 1),
            "gw_angle_deg": np.round(angle, 1),
            "gw_drawdown_m": np.round(_thinned(lowered, ground.thickness[here]), 2),
            "gw_rise_allowed_m": np.round(site.raised[here], 2),
            "gw_beta": np.round(beta, 3),
            "gw_returned_share": np.round(shares[:, -1], 4),
            "gw_water_arrival_days": _days(arrival),
            "gw_heat_arrival_days": _days(arrival * slower),
            "gw_winter_shift_k": np.round(winter, 2),
            "gw_summer_shift_k": np.round(summer, 2),
            "gw_net_shift_k": np.round(net, 2),
            **dict(zip(PRODUCED, np.round(produced, 2).T, strict=True)),
        },
        index=index,
    )


def well_rows(found: Found) -> gpd.GeoDataFrame:
    """All wells that are built, as points."""
    places, made = found.places, found.made
    built = places.doublet < made.doublets[places.parcel]
    parcel, production = places.parcel[built], places.production[built]
    each = made.flow[parcel] / np.maximum(made.doublets[parcel], 1) * 3600
    flow = np.where(production, each, each / np.maximum(found.site.injection[parcel], 1))
    ids = pd.Index([f"W-{number + 1:05d}" for number in range(len(parcel))], name="well_id")
    return gpd.GeoDataFrame(
        {
            "parcel_id": found.parcels.index.to_numpy()[parcel],
            "kind": np.where(production, "production", "injection").astype(object),
            "gw_flow_m3_per_h": np.round(flow, 2),
        },
        geometry=gpd.points_from_xy(places.x[built], places.y[built]),
        index=ids,
        crs=found.parcels.crs,
    )


def plume_rows(found: Found) -> gpd.GeoDataFrame:
    """What the water given back cools or warms downstream in the life of the wells, as strips along the flow."""
    places, made, ground = found.places, found.made, found.ground
    here = np.flatnonzero(found.gives)
    width = plume_width(made.mean[here], made.through[here])
    length = plume_length(
        ground.conductivity[here] * ground.gradient[here], ground.capacity[here], found.numbers.life
    )
    built = ~places.production & (places.doublet < made.doublets[places.parcel])
    size = len(found.parcels)
    wells = np.maximum(np.bincount(places.parcel[built], minlength=size)[here], 1)
    x, y = (
        np.bincount(places.parcel[built], value[built], minlength=size)[here] / wells
        for value in (places.x, places.y)
    )
    turn = np.radians(found.aquifer.value("flow_direction_deg")[here])
    along = np.stack([np.sin(turn), np.cos(turn)], axis=1)
    aside = np.stack([along[:, 1], -along[:, 0]], axis=1)
    start = np.stack([x, y], axis=1)
    half, far = (width / 2)[:, None] * aside, length[:, None] * along
    corners = np.stack([start - half, start + half, start + half + far, start - half + far], axis=1)
    return gpd.GeoDataFrame(
        {
            "parcel_id": found.parcels.index.to_numpy()[here],
            "gw_tube": tube_ids(found)[here],
            "gw_plume_width_m": np.round(width, 1),
            "gw_plume_length_m": np.round(length, 1),
        },
        geometry=shapely.polygons(corners) if len(here) else [],
        index=pd.Index([f"{one}-P" for one in found.parcels.index[here]], name="plume_id"),
        crs=found.parcels.crs,
    )


def tube_rows(found: Found) -> pd.DataFrame:
    """Flow tubes: what flows through at the most downstream parcel, what parcels wanted, and what they were given."""
    tubes, made = found.site.tubes, found.made
    number = len(tubes)
    last = tubes.order[tubes.first[1:] - 1] if number else np.empty(0, dtype=np.int64)
    tube, through = tubes.tube[tubes.order], made.through[last] * tubes.width[last]
    wanted, given = (
        np.bincount(tube, mean[tubes.order], minlength=number) for mean in (made.own_mean, made.mean)
    )
    ids = pd.Index([f"T-{one + 1:04d}" for one in range(number)], name="gw_tube")
    return pd.DataFrame(
        {
            "gw_through_m3_per_day": np.round(through * DAY_S, 1),
            "gw_wanted_m3_per_day": np.round(wanted * DAY_S, 1),
            "gw_given_m3_per_day": np.round(given * DAY_S, 1),
            "gw_rest_m3_per_day": np.round((wanted - given) * DAY_S, 1),
            "gw_parcels": np.bincount(tube[made.flow[tubes.order] > 0], minlength=number),
        },
        index=ids,
    )


def _thinned(confined: Floats, thickness: Floats) -> Floats:
    """Drawdown of an unconfined aquifer from that of one that stays full (Jacob): s' = s - s²/2b."""
    inside = np.maximum(1 - 2 * confined / np.maximum(thickness, 1e-9), 0.0)
    found: Floats = thickness * (1 - np.sqrt(inside))
    return found


def _days(seconds: Floats) -> Floats:
    """Whole days; missing where the water never returns."""
    found: Floats = np.where(np.isfinite(seconds), np.round(seconds / DAY_S), np.nan)
    return found
