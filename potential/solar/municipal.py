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
from potential.solar.classes import SolarClass, is_municipal
from potential.solar.open_air import UPRIGHT_DEG, Places, shine_on_places
from potential.solar.pv_sums import option_rows
from potential.solar.roof_sun import RoofSettings
from potential.solar.structures import (
    Ground,
    ground_of,
    open_air_rows,
    parcel_results,
    roofs_of_class,
    structure_totals,
)

PREFIX = "municipal"
SOUTH_DEG = 180.0
BARRIER = "noise_barrier"


@dataclass(frozen=True)
class MunicipalSettings(RoofSettings):
    """What a planner may set; as `RoofSettings`."""


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
    facilities = _facilities(open_facilities(city), city, ground, job)
    rows = {"building": roofs, "facility": facilities}
    yuan = 1000 * ground.taken.number("costs", key="pv_carport", item="capex")
    by_parcel = parcel_results(
        pd.concat([frame.reset_index(drop=True) for frame in rows.values()]),
        city.tables.get("parcel"),
        PREFIX,
        ground.numbers.spread,
        "no municipal facility known",
    )
    return Assessment(
        name=PREFIX,
        parcels=by_parcel,
        options=option_rows(by_parcel, PREFIX, "municipal_pv", yuan),
        details=MappingProxyType({"building": roofs, "facility": facilities}),
        totals=MappingProxyType(structure_totals(rows, by_parcel, PREFIX, ground.numbers.spread)),
        numbers=ground.used,
        remarks=_remarks(city),
    )


MUNICIPAL = Potential(
    name=PREFIX,
    title="Municipal PV",
    tables=("building", "parcel"),
    rasters=(),
    standards=(
        "solar_classes",
        "municipal_pv",
        "canopies",
        "pv_parameters",
        "pv_roof",
        "pv_safety_rules",
        "rooftop_grades",
        "grid_factors",
        "energy_conversion",
        "costs",
    ),
    settings=MunicipalSettings,
    assess=assess,
)


def open_facilities(city: City) -> gpd.GeoDataFrame:
    """Facilities of kinds that can carry modules in the open air, and public car parks and depots of parcels.

    A parcel counts only where no facility stands on it, so that nothing is taken twice. Noise barriers get
    `barrier_m2`, their length times their height.
    """
    kinds = set(city.standards.table("municipal_pv")["kind"])
    given = city.tables.get("facility")
    columns = ["kind", "parcel_id", "geometry"]
    found = gpd.GeoDataFrame(columns=columns, geometry="geometry", crs=city.crs)
    if given is not None and "kind" in given:
        found = given[given["kind"].isin(kinds)].copy()
        if "parcel_id" not in found:
            found["parcel_id"] = None
        if {"length_m", "height_m"} <= set(found.columns):
            barrier = found["kind"] == BARRIER
            found.loc[barrier, "barrier_m2"] = found["length_m"] * found["height_m"]
    parcels = city.tables.get("parcel")
    if parcels is None or not {"use", "parking_roofless_m2"} <= set(parcels.columns):
        return found
    parked = is_municipal(parcels["use"], city.standards) & (parcels["parking_roofless_m2"] > 0)
    rest = parcels[parked & ~parcels.index.isin(found["parcel_id"].dropna())]
    extra = gpd.GeoDataFrame(
        {
            "kind": "car_park",
            "parcel_id": rest.index.to_numpy(),
            "canopy_area_m2": rest["parking_roofless_m2"].to_numpy(dtype=float),
        },
        geometry=rest.geometry.to_numpy(),
        crs=city.crs,
        index=pd.Index([f"{one}-P" for one in rest.index], name="facility_id"),
    )
    both = pd.concat([found, extra]) if len(found) else extra
    both.index.name = "facility_id"
    return gpd.GeoDataFrame(both, geometry="geometry", crs=city.crs)


def capacity(facilities: gpd.GeoDataFrame, ground: Ground) -> NDArray[np.float64]:
    """Capacity that each facility can carry: the least that the rules of its kind allow; 0 where no size is known. [kWp]"""
    table = ground.taken.standards.table("municipal_pv")
    kwp = np.full(len(facilities), np.inf)
    kind = facilities["kind"].to_numpy(dtype=object)
    for _, row in table.iterrows():
        name, by = str(row["kind"]), str(row["by"])
        here = kind == name
        if not here.any() or by not in facilities:
            continue
        per_unit = ground.taken.number("municipal_pv", kind=name, by=by)
        size = pd.to_numeric(facilities[by], errors="coerce").to_numpy(dtype=float)
        kwp = np.where(here & ~np.isnan(size), np.fmin(kwp, size * per_unit), kwp)
    return np.where(np.isinf(kwp), 0.0, kwp)


def _facilities(facilities: gpd.GeoDataFrame, city: City, ground: Ground, job: Job) -> pd.DataFrame:
    """Potential of the open-air facilities."""
    taken = ground.taken
    tilt = taken.number("canopies", place="municipal", case="tilt", quantity="tilt")
    height = taken.number("canopies", place="municipal", case="height", quantity="height")
    kwp = capacity(facilities, ground)
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
    modules = kwp / ground.numbers.kwp_per_module_m2
    rows = open_air_rows(ground, PREFIX, facilities["parcel_id"], modules, kwp, shone)
    rows.index.name = "facility_id"
    return rows.assign(kind=facilities["kind"].to_numpy(dtype=object))


def _sunnier(azimuth_deg: NDArray[np.float64]) -> NDArray[np.float64]:
    """The side of a barrier nearer to south: modules stand on one side only."""
    other = (azimuth_deg + 180.0) % 360.0
    return np.where(np.abs(azimuth_deg - SOUTH_DEG) <= np.abs(other - SOUTH_DEG), azimuth_deg, other)


def _remarks(city: City) -> tuple[str, ...]:
    said = [
        "Capacities of plants, yards, bridges and barriers are planning figures by their size, not layouts."
    ]
    if city.tables.get("facility") is None:
        said.append(
            "There is no layer of facilities: works, barriers and bridges would come from it; only buildings and "
            "car parks on municipal ground are counted."
        )
    return tuple(said)
