"""Rooftop PV: what the roofs of every building and parcel can give, with true shading."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pandas as pd

from core.jobs import Job
from demand.electricity import Electricity, electricity
from layers.city import City
from layers.surface import Surface
from potential import Assessment, Potential
from potential.solar.classes import SolarClass, of_class, solar_classes
from potential.solar.existing import with_existing
from potential.solar.measured_roofs import shown_roofs
from potential.solar.plane_results import plane_results
from potential.solar.prices import MoneyWishes, Prices
from potential.solar.roof_pv import roof_pv
from potential.solar.rooftop_money import RooftopMoney
from potential.solar.rooftop_numbers import RooftopNumbers
from potential.solar.rooftop_results import parcel_results, rooftop_options, totals_of
from potential.solar.sharing import RULES, SharingSettings
from potential.solar.spread import ABOUT_P90
from potential.solar.typical_days import HOUR_COLUMNS, day_sums, day_table
from standards import Taken
from sun.site import needed


@dataclass(frozen=True)
class RooftopSettings(MoneyWishes, SharingSettings):
    """What a planner may set of rooftop PV: as `SharingSettings`, and money as `MoneyWishes`."""


def assess(city: City, demand: Any, settings: RooftopSettings, job: Job) -> Assessment:
    """Rooftop PV of every building and parcel of a city.

    Parameters
    ----------
    city : City
        With tables `building` and `parcel`, weather, and where known rasters `terrain` and `surface`.
    demand : Electricity, optional
        What the buildings use, row by row; estimated from floor areas where it is not given. It weighs what of the power
        is used at once, and changes nothing of what the roofs can give.
    settings : RooftopSettings
        What the planner set.
    job : Job
        Reports progress and stops when asked.

    Returns
    -------
    Assessment
        `details` has `building`, typical days as `building_day` and `parcel_day`, the layers `roof_plane` and
        `roof_usable`; `parcels`, `options` and the raster `irradiation_kwh_per_m2`.

    Raises
    ------
    UserError
        Where buildings or weather are missing, or the coal benchmark is asked for and the province has none.
    """
    needed(city)
    taken = Taken(city.standards)
    prices = Prices.of(city, taken, settings)
    roofs = roof_pv(city, settings, job)
    buildings, numbers = city.tables["building"], roofs.numbers
    ids = of_class(buildings, solar_classes(city), SolarClass.ROOF)
    rows = buildings.index.get_indexer(ids)
    use = demand if isinstance(demand, Electricity) else electricity(city)
    economy = RooftopMoney.of(roofs.buildings, roofs.days_wh, use, buildings, prices, taken)
    by_building = with_existing(economy.on_buildings(roofs.buildings.loc[ids]), city)
    job.say("Drawing roof planes", 0.0, force=True)
    layers = plane_results(buildings, roofs.site.surface, roofs.sun, roofs.states, roofs.buildings, numbers)
    planes = {name: layer[layer["building_id"].isin(ids)] for name, layer in layers.items()}
    by_parcel = parcel_results(by_building, city.tables.get("parcel"), numbers)
    by_parcel = economy.on_parcels(by_parcel, by_building)
    days = roofs.days_wh[rows]
    place = by_parcel.index.get_indexer(pd.Index(by_building["parcel_id"]))
    return Assessment(
        name="rooftop",
        parcels=by_parcel,
        options=rooftop_options(by_parcel, prices.life.opex_yuan_per_kwp),
        details=MappingProxyType(
            {
                "building": by_building,
                "building_day": day_table(days, by_building.index, HOUR_COLUMNS),
                "parcel_day": day_table(day_sums(days, place, len(by_parcel)), by_parcel.index, HOUR_COLUMNS),
                **planes,
            }
        ),
        totals=MappingProxyType(
            {**totals_of(by_building, by_parcel, numbers), **economy.of_city(by_building)}
        ),
        rasters=MappingProxyType({"irradiation_kwh_per_m2": roofs.sun.map}),
        numbers=(
            *numbers.used,
            *roofs.heat.numbers.used,
            *roofs.heat.water.numbers,
            *taken.used,
            *use.numbers,
        ),
        remarks=remarks(city, roofs.site.surface, numbers, settings.roof_rule),
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
        "safety_conditions",
        "solar_classes",
        "hot_water",
        "hot_water_rules",
        "dhw_norms",
        "solar_heat",
        "solar_thermal_parameters",
        "heat_source_efficiency",
        "rooftop_grades",
        "grid_factors",
        "energy_conversion",
        "costs",
        "pv_economics",
        "pv_customers",
        "pv_connection",
        "use_profiles",
        "schedules",
        "internal_conditions",
    ),
    settings=RooftopSettings,
    assess=assess,
)


def remarks(city: City, surface: Surface, numbers: RooftopNumbers, rule: str) -> tuple[str, ...]:
    """What was assumed, and what data would decide it."""
    said = [
        "Existing roofs count as to be checked until a structural check is entered.",
        ABOUT_P90,
        "Mean yields of the life count with the degradation that GB 55015 allows at most.",
        "What is used at once is estimated from floor areas and schedules; meters or a demand model would tell.",
        "Prices of electricity are planning figures until they are entered in the settings; taxes are left out.",
        "Systems in use are taken from the register of PV; roofs it does not name count as free.",
        RULES[rule],
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
