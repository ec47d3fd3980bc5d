"""Municipal PV: sewage and water works, waste stations, depots, public car parks, noise barriers, bridges and the like."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.jobs import Job
from layers.city import City
from potential import Assessment, Potential
from potential.solar.classes import SolarClass
from potential.solar.facilities import BARRIER, capacity, municipal_facilities
from potential.solar.open_air import UPRIGHT_DEG, Places, shine_on_places
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

PREFIX = "municipal"
SOUTH_DEG = 180.0


@dataclass(frozen=True)
class MunicipalSettings(SharingSettings):
    """What a planner may set; as `SharingSettings`."""


def assess(city: City, demand: Any, settings: MunicipalSettings, job: Job) -> Assessment:
    """PV on municipal facilities of a city.

    Parameters
    ----------
    city : City
        With tables `building` and `parcel`, weather, and where known the table `facility`.
    demand : object
        Not needed.
    settings : MunicipalSettings
        What the planner set.
    job : Job
        Reports progress and stops when asked.

    Returns
    -------
    Assessment
        `details` has `building` (buildings on municipal ground) and `facility` (open-air facilities); `parcels` and
        `options`.

    Raises
    ------
    UserError
        Where buildings or weather are missing.
    """
    ground = ground_of(city, settings, job)
    roofs = roofs_of_class(city, ground, SolarClass.MUNICIPAL, PREFIX)
    facilities = _facilities(municipal_facilities(city, ground.taken), ground, job)
    rows = {"building": roofs, "facility": facilities}
    by_parcel = parcel_results(
        pd.concat([frame.reset_index(drop=True) for frame in rows.values()]),
        city.tables.get("parcel"),
        PREFIX,
        ground,
        "no municipal facility known",
    )
    return Assessment(
        name=PREFIX,
        parcels=by_parcel,
        options=option_rows(by_parcel, PREFIX, "municipal_pv", ground.life.opex_yuan_per_kwp),
        details=MappingProxyType({"building": roofs, "facility": facilities}),
        totals=MappingProxyType(structure_totals(rows, by_parcel, PREFIX, ground)),
        numbers=ground.used,
        remarks=_remarks(city),
    )


MUNICIPAL = Potential(
    name=PREFIX,
    title="Municipal PV",
    tables=("building", "parcel"),
    rasters=(),
    standards=("solar_classes", "canopies", "municipal_pv", "facade_grades", *ROOF_STANDARDS),
    settings=MunicipalSettings,
    assess=assess,
)


def _facilities(facilities: gpd.GeoDataFrame, ground: Ground, job: Job) -> pd.DataFrame:
    """Potential of the open-air facilities."""
    taken = ground.taken
    tilt = taken.number("canopies", place="municipal", case="tilt", quantity="tilt")
    height = taken.number("canopies", place="municipal", case="height", quantity="height")
    kwp = capacity(facilities, taken)
    barrier = (facilities["kind"] == BARRIER).to_numpy()
    turned = np.full(len(facilities), SOUTH_DEG)
    above = np.full(len(facilities), height)
    if "azimuth_deg" in facilities:
        given = pd.to_numeric(facilities["azimuth_deg"], errors="coerce").to_numpy(dtype=float)
        turned = np.where(barrier & ~np.isnan(given), _sunnier(given), SOUTH_DEG)
    if "height_m" in facilities:
        tall = pd.to_numeric(facilities["height_m"], errors="coerce").to_numpy(dtype=float)
        above = np.where(barrier & ~np.isnan(tall), tall / 2, height)
    places = Places(facilities.geometry, np.where(barrier, UPRIGHT_DEG, tilt), turned, above)
    shone = shine_on_places(places, ground.site, ground.numbers.chain, job)
    rows = open_air_rows(ground, PREFIX, facilities["parcel_id"], kwp, shone, upright=barrier)
    rows.index.name = "facility_id"
    return rows.assign(kind=facilities["kind"].to_numpy(dtype=object))


def _sunnier(azimuth_deg: NDArray[np.float64]) -> NDArray[np.float64]:
    """The side of a barrier nearer to south: modules stand on one side only."""
    other = (azimuth_deg + 180.0) % 360.0
    return np.where(np.abs(azimuth_deg - SOUTH_DEG) <= np.abs(other - SOUTH_DEG), azimuth_deg, other)


def _remarks(city: City) -> tuple[str, ...]:
    said = [
        "Capacities of plants, yards, bridges and barriers are planning figures by their size, not layouts.",
        "Facilities without a known size carry nothing; flow, area, length and height or lamps would tell it.",
    ]
    if city.tables.get("facility") is None:
        said.append(
            "There is no layer of facilities: works, barriers and bridges would come from it; only buildings and "
            "car parks on municipal ground are counted."
        )
    return tuple(said)
