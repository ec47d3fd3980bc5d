"""Ancillary PV: car parks under canopies, corridors, guard houses and equipment rooms, as a class of their own."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from core.jobs import Job
from layers.city import City
from potential import Assessment, Potential
from potential.solar.classes import SolarClass
from potential.solar.facilities import ancillary_car_parks
from potential.solar.open_air import Places, shine_on_places
from potential.solar.pv_sums import option_rows
from potential.solar.sharing import SharingSettings
from potential.solar.structures import (
    ROOF_STANDARDS,
    Ground,
    ground_of,
    open_air_rows,
    parcel_results,
    roofs_of_class,
    structure_totals,
)

PREFIX = "ancillary"
SOUTH_DEG = 180.0


@dataclass(frozen=True)
class AncillarySettings(SharingSettings):
    """What a planner may set; as `SharingSettings`."""


def assess(city: City, demand: Any, settings: AncillarySettings, job: Job) -> Assessment:
    """PV on ancillary structures of every parcel of a city.

    Parameters
    ----------
    city : City
        With tables `building` and `parcel` (with `parking_stalls` or `parking_roofless_m2`), and weather.
    demand : object
        Not needed.
    settings : AncillarySettings
        What the planner set.
    job : Job
        Reports progress and stops when asked.

    Returns
    -------
    Assessment
        `details` has `building` (ancillary buildings) and `canopy` (the open ground of parcels with car parks);
        `parcels` and `options`.

    Raises
    ------
    UserError
        Where buildings or weather are missing.
    """
    ground = ground_of(city, settings, job)
    roofs = roofs_of_class(city, ground, SolarClass.ANCILLARY, PREFIX)
    canopies = _canopies(ancillary_car_parks(city, ground.taken), city, ground, job)
    rows = {"building": roofs, "canopy": pd.DataFrame(canopies.drop(columns="geometry"))}
    nothing = "no ancillary structure known"
    by_parcel = parcel_results(
        pd.concat([frame.reset_index(drop=True) for frame in rows.values()]),
        city.tables.get("parcel"),
        PREFIX,
        ground,
        nothing,
    )
    return Assessment(
        name=PREFIX,
        parcels=by_parcel,
        options=option_rows(by_parcel, PREFIX, "canopy_pv", ground.life.opex_yuan_per_kwp),
        details=MappingProxyType({"building": roofs, "canopy": canopies}),
        totals=MappingProxyType(structure_totals(rows, by_parcel, PREFIX, ground)),
        numbers=ground.used,
        remarks=_remarks(city),
    )


ANCILLARY = Potential(
    name=PREFIX,
    title="Ancillary PV",
    tables=("building", "parcel"),
    rasters=(),
    standards=("solar_classes", "canopies", "municipal_pv", *ROOF_STANDARDS),
    settings=AncillarySettings,
    assess=assess,
)


def _canopies(parks: gpd.GeoDataFrame, city: City, ground: Ground, job: Job) -> gpd.GeoDataFrame:
    """Potential of the canopies over open car parks."""
    taken = ground.taken
    stall_m2 = taken.number("canopies", place="canopy", case="stall", quantity="area")
    cover = taken.number("canopies", place="canopy", case="cover", quantity="share")
    tilt = taken.number("canopies", place="canopy", case="tilt", quantity="tilt")
    height = taken.number("canopies", place="canopy", case="height", quantity="height")
    count = len(parks)
    places = Places(parks.geometry, np.full(count, tilt), np.full(count, SOUTH_DEG), np.full(count, height))
    shone = shine_on_places(places, ground.site, ground.numbers.chain, job)
    kwp = parks["stalls"].to_numpy() * stall_m2 * cover * ground.numbers.kwp_per_module_m2
    parcel_id = pd.Series(parks.index.to_numpy(), index=parks.index)
    rows = open_air_rows(ground, PREFIX, parcel_id, kwp, shone)
    rows.index = pd.Index([f"{one}-C" for one in parks.index], name="canopy_id")
    return gpd.GeoDataFrame(
        rows.assign(parking_stalls=parks["stalls"].to_numpy()),
        geometry=parks.geometry.to_numpy(),
        crs=city.crs,
    )


def _remarks(city: City) -> tuple[str, ...]:
    parcels = city.tables.get("parcel")
    known = parcels is not None and any(name in parcels for name in ("parking_stalls", "parking_roofless_m2"))
    said = ["Guard houses, sheds, corridors and equipment rooms are told by their names."]
    if known:
        said.append(
            "Where on a parcel its car park lies is not known: canopies see the mean of its open ground."
        )
    else:
        said.append(
            "Nothing is known of car parks: stalls or open parking area of parcels would tell of canopies."
        )
    return tuple(said)
