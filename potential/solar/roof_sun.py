"""Roofs in the sun: the planes of all roofs of a city with what falls on them and what modules on them yield."""

from __future__ import annotations

from dataclasses import astuple, dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.jobs import Job
from layers.city import City, Raster
from layers.rasters import resample
from layers.surface import Surface
from potential.solar.measured_roofs import roofs_of_surface, shown_roofs
from potential.solar.pv_yield import PlaneYear, Sun, plane_year
from potential.solar.roofs import Roofs, roofs_of_footprints
from potential.solar.rooftop_numbers import RooftopNumbers
from potential.solar.rows import row_shading
from potential.solar.typical_days import SAMPLES, sampled_cells
from sun.far_terrain import FarTerrain
from sun.plane_light import Lit, monthly_sums, yearly_light
from sun.site import Site, SolarSettings, once
from sun.sky import SkyTable
from sun.sweep import lit_by_azimuth, plane_irradiation

YIELD_TILT_STEP_DEG = 5.0
YIELD_AZIMUTH_STEP_DEG = 15.0


@dataclass(frozen=True)
class RoofSettings(SolarSettings):
    """What a planner may set where modules lie on roofs.

    Parameters
    ----------
    module_tilt_deg : float, optional
        Tilt of modules on flat roofs; None takes the value of the standards. [°]
    """

    module_tilt_deg: float | None = field(default=None, metadata={"low": 0.0, "high": 60.0})


@dataclass(frozen=True)
class RoofSun:
    """All roofs of a city in the sun.

    Parameters
    ----------
    roofs : Roofs
        Planes and the cells that lie on them.
    planes : DataFrame
        The planes with the columns of `Shone`.
    light : ndarray of bool, one for each cell of the roofs
        Whether it lies above the shade threshold.
    kwh_per_kwp : ndarray, shape (planes, 12)
        Shaded yield of a kilowatt in each month. [kWh/kWp]
    sampled : ndarray of uint8, shape (planes, samples, A)
        Lit bands of a few cells of each plane that carry modules.
    map : Raster
        Yearly irradiation of every roof cell. [kWh/m²]
    """

    roofs: Roofs
    planes: pd.DataFrame
    light: NDArray[np.bool_]
    kwh_per_kwp: NDArray[np.float64]
    sampled: NDArray[np.uint8]
    map: Raster


def roof_sun(city: City, site: Site, settings: RoofSettings, numbers: RooftopNumbers, job: Job) -> RoofSun:
    """All roofs of a city in the sun, made anew only where city or settings differ from the last."""

    def make() -> RoofSun:
        job.say("Finding roofs", 0.0, force=True)
        roofs = roofs_of(city, site, numbers, job)
        shone = shine(
            roofs, site.surface, site.sky, numbers, site.latitude, site.convergence_deg, job, far=site.far
        )
        job.say("Computing yields", 0.0, force=True)
        kwh_per_kwp = yields(shone.planes, Sun(site.weather), numbers, job)
        return RoofSun(roofs, shone.planes, shone.light, kwh_per_kwp, shone.sampled, shone.map)

    shared = {item: getattr(settings, item) for item in RoofSettings.__dataclass_fields__}
    return once("roof_sun", city, astuple(RoofSettings(**shared)), make)


@dataclass(frozen=True)
class Shone:
    """Roof planes with what the sun gives them.

    `planes` has, beside the columns of `Roofs.planes`, `irradiation` (kWh/m² on the roof, shaded), `open`
    (the same unshaded), `lit_share` (share of the usable roof above the shade threshold), `module_tilt_deg`,
    `module_azimuth_deg` and `module_01` to `module_12` (irradiation of the modules in each month, kWh/m²,
    with the shade of surroundings and of the row in front). `light` says of each cell whether it lies above the
    shade threshold; `sampled` holds the lit bands of a few of each plane's cells that do, shape (planes, samples, A).
    """

    planes: pd.DataFrame
    light: NDArray[np.bool_]
    sampled: NDArray[np.uint8]
    map: Raster


def shine(
    roofs: Roofs,
    surface: Surface,
    sky: SkyTable,
    numbers: RooftopNumbers,
    latitude: float,
    convergence_deg: float,
    job: Job,
    *,
    far: FarTerrain | None = None,
) -> Shone:
    """Irradiation of every roof cell and plane, with true shading.

    Shadows are cast twice: once to see which cells are worth a module, once to sum the months of those that are. So
    a city needs a few bytes for each cell of its roofs, not one for each direction.
    """
    planes = with_modules(roofs.planes, numbers)
    count = len(planes)
    flat = planes["tilt_deg"].to_numpy() == 0.0
    fall = np.tan(np.radians(planes["module_tilt_deg"].to_numpy()))
    grid = np.radians(planes["module_azimuth_deg"].to_numpy() - convergence_deg)
    of_modules = -fall * np.sin(grid), -fall * np.cos(grid)
    of_roofs = np.where(flat, 0.0, of_modules[0]), np.where(flat, 0.0, of_modules[1])
    unshaded = np.full((count, len(sky.azimuth_deg)), sky.tan_elevation.shape[1], np.uint8)
    open_year, open_roof = (
        plane_irradiation(unshaded, sky.whole_year, *slopes, convergence_deg=convergence_deg)[:, 0]
        for slopes in (of_modules, of_roofs)
    )

    def swept(step: str) -> Lit:
        where = surface.height.values, surface.height.cell_m, sky, roofs.rows, roofs.columns
        return lit_by_azimuth(*where, convergence_deg=convergence_deg, far=far, job=job, step=step)

    casting = swept("Casting shadows")
    slopes = of_modules, of_roofs
    year, on_roof = yearly_light(casting, sky, roofs.plane, *slopes, convergence_deg=convergence_deg)
    light = year >= numbers.shade_threshold * open_year[roofs.plane]
    usable = (light * roofs.share).astype(np.float32)
    sampled = np.repeat(unshaded[:, None], SAMPLES, axis=1)
    chosen = sampled_cells(roofs.plane, count, usable > 0)
    there = chosen >= 0

    def sampling(lit: Lit) -> Lit:
        for azimuth, counts in lit:
            sampled[there, azimuth] = counts[chosen[there]]
            yield azimuth, counts

    shining = sampling(swept("Shining on roofs"))
    module_sum = monthly_sums(shining, sky, roofs.plane, usable, of_modules, convergence_deg=convergence_deg)
    good = np.bincount(roofs.plane, usable, count)
    room = np.bincount(roofs.plane, roofs.share, count)
    cells = np.bincount(roofs.plane, minlength=count).astype(float)
    roof_sum = np.bincount(roofs.plane, on_roof, count)
    shown = np.full(surface.height.values.shape, np.nan, dtype=np.float32)
    shown[roofs.rows, roofs.columns] = on_roof

    received = module_sum / np.where(good > 0, good, 1.0)[:, None]
    received[flat] *= row_shading(sky, numbers.module_tilt_deg, latitude)
    for month in range(12):
        planes[f"module_{month + 1:02d}"] = received[:, month]
    planes["irradiation"] = roof_sum / np.maximum(cells, 1)
    planes["open"] = open_roof
    planes["cells"] = cells
    planes["lit_share"] = good / np.where(room > 0, room, 1.0)
    return Shone(planes, light, sampled, Raster(shown, surface.height.transform, surface.height.crs))


def with_modules(planes: pd.DataFrame, numbers: RooftopNumbers) -> pd.DataFrame:
    """The planes with tilt and azimuth of their modules: in rows facing south on level roofs, else flush."""
    flat = planes["tilt_deg"].to_numpy() == 0.0
    return planes.assign(
        module_tilt_deg=np.where(flat, numbers.module_tilt_deg, planes["tilt_deg"].to_numpy()),
        module_azimuth_deg=np.where(flat, 180.0, planes["azimuth_deg"].to_numpy()),
    )


def yields(planes: pd.DataFrame, sun: Sun, numbers: RooftopNumbers, job: Job) -> NDArray[np.float64]:
    """Monthly yield of a kilowatt on every plane, shaded; shape (planes, 12). [kWh/kWp]

    The hourly chain runs once for each class of tilt and azimuth and gives the performance ratio of each
    month; a plane takes that of its class and its own irradiation.
    """
    tilt = np.round(planes["module_tilt_deg"].to_numpy() / YIELD_TILT_STEP_DEG) * YIELD_TILT_STEP_DEG
    turn = np.round(planes["module_azimuth_deg"].to_numpy() / YIELD_AZIMUTH_STEP_DEG) * YIELD_AZIMUTH_STEP_DEG
    classes, of_plane = np.unique(np.column_stack([tilt, turn % 360.0]), axis=0, return_inverse=True)
    years: list[PlaneYear] = job.map(
        lambda orientation: plane_year(sun, numbers.chain, float(orientation[0]), float(orientation[1])),
        list(classes),
        "Computing yields",
    )
    ratio = np.array([year.performance_ratio for year in years]).reshape(-1, 12)[of_plane.ravel()]
    received = planes[[f"module_{month:02d}" for month in range(1, 13)]].to_numpy()
    given: NDArray[np.float64] = received * ratio
    return given


def roofs_of(city: City, site: Site, numbers: RooftopNumbers, job: Job) -> Roofs:
    """Planes of all roofs: as measured where the surface shows them finely enough, else from footprint and type."""
    buildings, surface, rules = city.tables["building"], site.surface, numbers.plane_rules
    shown = shown_roofs(surface, len(buildings), rules)
    drawn = roofs_of_footprints(
        buildings,
        surface,
        roof_tilt_deg=numbers.roof_tilt_deg,
        setback_m=numbers.setback_m,
        least_m2=rules.least_m2,
        convergence_deg=site.convergence_deg,
    ).only(~shown)
    if not shown.any():
        return drawn
    canopy = city.rasters.get("canopy_m")
    grid = surface.height
    measured = roofs_of_surface(
        buildings,
        surface,
        shown,
        rules=rules,
        setback_m=numbers.setback_m,
        convergence_deg=site.convergence_deg,
        canopy_m=None if canopy is None else resample(canopy, grid.transform, grid.values.shape).values,
        job=job,
    )
    return measured.with_others(drawn)
