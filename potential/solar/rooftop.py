"""Rooftop PV: what the roofs of every building and parcel can give, with true shading."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from core.jobs import Job
from layers.city import City
from layers.surface import Surface
from potential import Assessment, Potential
from potential.solar.roof_sun import RoofSettings, roof_sun
from potential.solar.rooftop_numbers import RooftopNumbers
from potential.solar.rooftop_results import building_results, parcel_results, rooftop_options, totals_of
from potential.solar.safety import safety
from potential.solar.site import needed, site_of


@dataclass(frozen=True)
class RooftopSettings(RoofSettings):
    """What a planner may set; as `RoofSettings`."""


def assess(city: City, demand: Any, settings: RooftopSettings, job: Job) -> Assessment:
    """Rooftop PV of every building and parcel of a city.

    Parameters
    ----------
    city : City
        With tables `building` and `parcel`, weather, and where known rasters `terrain` and `surface`.
    demand : object
        Not needed: a potential is what the roof can give, not what the building uses.
    settings : RooftopSettings
        What the planner set.
    job : Job
        Reports progress and stops when asked.

    Returns
    -------
    Assessment
        `details["building"]`, `parcels`, `options` and the raster `irradiation_kwh_per_m2`.

    Raises
    ------
    UserError
        Where buildings or weather are missing.
    """
    needed(city)
    buildings = city.tables["building"]
    numbers = RooftopNumbers.of(city, settings)
    site = site_of(city, settings, job)
    sun = roof_sun(city, site, settings, numbers, job)
    states = safety(buildings, numbers.safety_rules, settings.year)
    by_building = building_results(buildings, sun.planes, sun.kwh_per_kwp, states, numbers)
    by_parcel = parcel_results(by_building, city.tables.get("parcel"), numbers)
    return Assessment(
        name="rooftop",
        parcels=by_parcel,
        options=rooftop_options(by_parcel, numbers),
        details=MappingProxyType({"building": by_building}),
        totals=MappingProxyType(totals_of(by_building, by_parcel)),
        rasters=MappingProxyType({"irradiation_kwh_per_m2": sun.map}),
        numbers=numbers.used,
        remarks=remarks(city, site.surface),
    )


ROOFTOP = Potential(
    name="rooftop",
    title="Rooftop PV",
    tables=("building", "parcel"),
    rasters=(),
    standards=(
        "pv_parameters",
        "pv_roof",
        "roof_planes",
        "pv_safety_rules",
        "rooftop_grades",
        "grid_factors",
        "energy_conversion",
        "costs",
    ),
    settings=RooftopSettings,
    assess=assess,
)


def remarks(city: City, surface: Surface) -> tuple[str, ...]:
    """What was assumed, and what data would decide it."""
    said = [
        "Existing roofs count as to be checked until a structural check is entered.",
        "Yields are of the first year; P10 and P90 move together in all buildings.",
    ]
    if not surface.measured:
        said.append("Roof shapes follow from footprint, height and type; a surface model would show them.")
    if "terrain" not in city.rasters and not surface.measured:
        said.append("Without terrain the ground is taken as level.")
    if city.weather is not None and city.weather.kind == "typical_year_from_monthly_means":
        said.append("The typical year is built from monthly means; measured hours would narrow the range.")
    return tuple(said)
