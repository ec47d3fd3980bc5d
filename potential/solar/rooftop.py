"""Rooftop PV: what the roofs of every building and parcel can give, with true shading."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from core.jobs import Job
from layers.city import City
from layers.surface import Surface
from potential import Assessment, Potential
from potential.solar.measured_roofs import shown_roofs
from potential.solar.plane_results import plane_results
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
        `details["building"]`, the layers `roof_plane` and `roof_usable`, `parcels`, `options` and the raster
        `irradiation_kwh_per_m2`.

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
    job.say("Drawing roof planes", 0.0, force=True)
    planes = plane_results(buildings, site.surface, sun, states, by_building, numbers)
    by_parcel = parcel_results(by_building, city.tables.get("parcel"), numbers)
    return Assessment(
        name="rooftop",
        parcels=by_parcel,
        options=rooftop_options(by_parcel, numbers),
        details=MappingProxyType({"building": by_building, **planes}),
        totals=MappingProxyType(totals_of(by_building, by_parcel)),
        rasters=MappingProxyType({"irradiation_kwh_per_m2": sun.map}),
        numbers=numbers.used,
        remarks=remarks(city, site.surface, numbers),
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


def remarks(city: City, surface: Surface, numbers: RooftopNumbers) -> tuple[str, ...]:
    """What was assumed, and what data would decide it."""
    said = [
        "Existing roofs count as to be checked until a structural check is entered.",
        "Yields are of the first year; P10 and P90 move together in all buildings.",
    ]
    shown = shown_roofs(surface, len(city.tables["building"]), numbers.plane_rules)
    if not surface.measured:
        said.append("Roof shapes follow from footprint, height and type; a surface model would show them.")
    elif not shown.any():
        said.append(
            "The measured surface is too coarse for roof planes: shapes follow from footprint and type."
        )
    elif not shown.all():
        said.append("Roofs that the measured surface does not show follow from footprint, height and type.")
    if surface.measured and shown.any() and "canopy_m" not in city.rasters:
        said.append("Crowns over roofs are known only as far as the measured surface shows them.")
    if not shown.all():
        said.append("Parapets are not drawn: the set-back from the edge stands for them.")
    if "terrain" not in city.rasters and not surface.measured:
        said.append("Without terrain the ground is taken as level.")
    if city.weather is not None and city.weather.kind == "typical_year_from_monthly_means":
        said.append("The typical year is built from monthly means; measured hours would narrow the range.")
    return tuple(said)
