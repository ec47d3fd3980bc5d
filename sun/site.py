"""The site of the sun: a city's surface under its sky, which all solar potentials of the city share."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from core.jobs import Job
from core.problems import Problem, UserError
from layers.city import City
from layers.surface import Surface, surface_of
from layers.weather import Weather
from sun.far_terrain import FarTerrain
from sun.sky import SkyTable, sky_table

Made = TypeVar("Made")

# A surface of more cells is not kept for the next potential: it would hold gigabytes of a window's memory.
MOST_CELLS_KEPT = 60_000_000


@dataclass(frozen=True)
class SolarSettings:
    """What a planner may set of every solar potential.

    Parameters
    ----------
    cell_m : float
        Cell size of the surface. [m]
    azimuths, bands : int
        Directions and elevation bands in which the sky is seen.
    year : int
        Year for which the age of roofs is counted.
    electricity_basis : str
        Basis on which electricity counts as coal: `elec_equivalent` (等价) or `elec_calorific` (当量).

    Notes
    -----
    The metadata of a setting says its limits (`low`, `high`) or the words allowed (`choices`), and whether it must be
    the same for all potentials that have it (`shared`), for their results stand side by side.
    """

    cell_m: float = field(default=1.0, metadata={"low": 0.1, "high": 20.0})
    azimuths: int = field(default=72, metadata={"low": 8, "high": 720})
    bands: int = field(default=24, metadata={"low": 4, "high": 180})
    year: int = field(default=2026, metadata={"low": 1990, "high": 2100})
    electricity_basis: str = field(
        default="elec_equivalent", metadata={"choices": ("elec_equivalent", "elec_calorific")}
    )


@dataclass(frozen=True)
class Site:
    """Surface and sky of a city.

    Parameters
    ----------
    surface : Surface
        Ground and roofs on one grid.
    sky : SkyTable
        Light of the typical year by direction.
    weather : Weather
        The hours behind the sky.
    latitude, convergence_deg : float
        Of the middle of the city; true azimuth less grid azimuth. [°]
    albedo : float
        Share of light that ground and obstacles reflect.
    far : FarTerrain, optional
        Terrain around the surface, where the city has some.
    """

    surface: Surface
    sky: SkyTable
    weather: Weather
    latitude: float
    convergence_deg: float
    albedo: float
    far: FarTerrain | None = None


def site_of(city: City, settings: SolarSettings, job: Job) -> Site:
    """Surface and sky of a city, made anew only where city or settings differ from the last.

    Raises
    ------
    UserError
        Where buildings or weather are missing.
    """
    needed(city)
    weather = city.weather
    assert weather is not None  # `needed` has looked

    def make() -> Site:
        job.say("Building the surface", 0.0, force=True)
        surface = surface_of(city, cell_m=settings.cell_m, job=job)
        _, latitude, convergence = city.place
        sky, albedo = sky_of(city, settings)
        terrain = city.rasters.get("terrain")
        far = None if terrain is None else FarTerrain.around(terrain, surface.height)
        return Site(surface, sky, weather, latitude, convergence, albedo, far)

    key = (settings.cell_m, settings.azimuths, settings.bands, _albedo(city))
    return once("site", city, key, make, keep=lambda site: site.surface.building.size <= MOST_CELLS_KEPT)


def sky_of(city: City, settings: SolarSettings) -> tuple[SkyTable, float]:
    """Sky of a city with weather, and the share of light that ground and obstacles reflect."""
    weather, albedo = city.weather, _albedo(city)
    assert weather is not None, "the caller has looked for weather"
    sky = sky_table(
        weather.hours,
        weather.latitude,  # the hours belong to the sun of the station
        weather.longitude,
        azimuths=settings.azimuths,
        bands=settings.bands,
        albedo=albedo,
        altitude=weather.altitude,
    )
    return sky, albedo


def _albedo(city: City) -> float:
    found = city.standards.number("pv_parameters", parameter="ground_reflectance", case="built-up area")
    return found.value


def needed(city: City) -> None:
    """Raise with everything that is missing for the sun on a city."""
    problems = []
    buildings = city.tables.get("building")
    if buildings is None or buildings.empty:
        problems.append(
            Problem("There are no buildings.", "Import building footprints with heights or storeys.")
        )
    if city.weather is None:
        problems.append(
            Problem(
                "There is no weather.", "Import an EPW or TMY file, or name the nearest city of the tables."
            )
        )
    if problems:
        raise UserError(*problems)


_LAST: dict[str, tuple[weakref.ref[City], tuple[Any, ...], Any]] = {}


def once(
    kind: str,
    city: City,
    key: tuple[Any, ...],
    make: Callable[[], Made],
    keep: Callable[[Made], bool] = lambda made: True,
) -> Made:
    """What was last made of a kind from the same city with the same key, or made now.

    Potentials are assessed one after another on the same frozen city and stand on the same steps; the last of each
    kind is kept until another takes its place or the city is gone.
    """
    last = _LAST.get(kind)
    if last is not None and last[0]() is city and last[1] == key:
        found: Made = last[2]
        return found
    _LAST.pop(kind, None)  # free it before the next is made
    made = make()
    if keep(made):
        _LAST[kind] = (weakref.ref(city, lambda _: _LAST.pop(kind, None)), key, made)
    return made
