"""PV in the open air: modules on canopies, over pools and yards and on barriers, with the shade of what stands around."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.jobs import Job
from potential.solar.pv_yield import Chain, Sun, plane_year
from sun.sensors import points_in, sensor_lit
from sun.site import Site
from sun.sweep import plane_irradiation
from sun.wall_light import Upright

SENSORS = 16  # points in each place
AZIMUTH_STEP_DEG = 15.0
UPRIGHT_DEG = 90.0


@dataclass(frozen=True)
class Places:
    """Places for modules that are no roof.

    Parameters
    ----------
    shapes : GeoSeries
        Where they may stand: ground, or a point.
    tilt_deg, azimuth_deg : ndarray, shape (n,)
        Of their modules; 90° is upright, azimuth from true north. [°]
    height_m : ndarray, shape (n,)
        Of their modules above the ground. [m]
    """

    shapes: gpd.GeoSeries
    tilt_deg: NDArray[np.float64]
    azimuth_deg: NDArray[np.float64]
    height_m: NDArray[np.float64]


def shine_on_places(places: Places, site: Site, chain: Chain, job: Job) -> pd.DataFrame:
    """Light and yield of the modules of some places.

    Returns
    -------
    DataFrame
        On the index of the shapes: `irradiation` of the modules' plane (kWh/m² a year), `open` (the same unshaded) and
        `kwh_01` to `kwh_12` (yield of a kilowatt in each month). Places outside the surface are taken as unshaded.
    """
    x, y, owner = points_in(places.shapes, SENSORS)
    lit = sensor_lit(
        site.surface.height,
        x,
        y,
        places.height_m[owner],
        site.sky,
        convergence_deg=site.convergence_deg,
        job=job,
    )
    full = np.full((len(places.tilt_deg), lit.shape[1]), site.sky.tan_elevation.shape[1], np.uint8)
    light = _light(lit, places, owner, site)
    count = np.maximum(np.bincount(owner, minlength=len(full)), 1.0)
    mean = np.column_stack(
        [np.bincount(owner, weights=light[:, month], minlength=len(full)) / count for month in range(12)]
    )
    ratio = _performance(places, Sun(site.weather), chain, job)
    frame = pd.DataFrame(
        {
            "irradiation": mean.sum(axis=1),
            "open": _light(full, places, np.arange(len(full)), site).sum(axis=1),
        },
        index=places.shapes.index,
    )
    for month in range(12):
        frame[f"kwh_{month + 1:02d}"] = mean[:, month] * ratio[:, month]
    return frame


def _light(
    lit: NDArray[np.uint8], places: Places, owner: NDArray[np.int64], site: Site
) -> NDArray[np.float64]:
    """Light on the planes of places behind known horizons, month by month."""
    light = np.zeros((len(owner), 12))
    tilt, azimuth = places.tilt_deg[owner], places.azimuth_deg[owner]
    upright = tilt >= UPRIGHT_DEG
    fall = np.tan(np.radians(np.where(upright, 0.0, tilt)))
    grid = np.radians(azimuth - site.convergence_deg)
    lying = ~upright
    if lying.any():
        light[lying] = plane_irradiation(
            lit[lying],
            site.sky,
            (-fall * np.sin(grid))[lying],
            (-fall * np.cos(grid))[lying],
            convergence_deg=site.convergence_deg,
        )
    if upright.any():
        light[upright] = Upright.of(site.sky, azimuth[upright]).behind(lit[upright])
    return light


def _performance(places: Places, sun: Sun, chain: Chain, job: Job) -> NDArray[np.float64]:
    """Performance ratio of each place's modules in each month by the hourly chain."""
    turn = np.round(places.azimuth_deg / AZIMUTH_STEP_DEG) * AZIMUTH_STEP_DEG % 360.0
    classes, of_place = np.unique(np.column_stack([places.tilt_deg, turn]), axis=0, return_inverse=True)
    years = job.map(
        lambda kind: plane_year(sun, chain, float(kind[0]), float(kind[1])), list(classes), "Computing yields"
    )
    ratio: NDArray[np.float64] = np.array([year.performance_ratio for year in years]).reshape(-1, 12)[
        of_place.ravel()
    ]
    return ratio
