"""Light on buildings: what falls on roofs and walls of eight directions hour by hour, on opaque parts and through glass."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from layers.sun_place import sun_place
from layers.weather import HOURS, Weather

DIRECTIONS_DEG = np.arange(0.0, 360.0, 45.0)  # of walls, clockwise from north
ROOF = len(DIRECTIONS_DEG)  # row of what lies level, in `shade`
GLASS = ROOF + 1  # first column of glass: the same directions once more
SKY = 2 * (ROOF + 1)  # column of the loss to the sky
COLUMNS = SKY + 1


def light(weather: Weather, albedo: float) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Light of a typical year on opaque parts and through glass, and the direction of each column.

    Parameters
    ----------
    weather : Weather
        Typical year.
    albedo : float
        Share of light that the ground reflects.

    Returns
    -------
    sun : ndarray of float32, (COLUMNS, 8760)
        Walls of `DIRECTIONS_DEG`, level; the same through glass; −1 for the loss to the sky. [W/m²]
    direction : ndarray of int64, (COLUMNS,)
        Row of shade for each column, −1 for the loss to the sky.
    """
    tilt = np.append(np.full(ROOF, 90.0), 0.0)
    beam, diffuse, angle = on_planes(weather, tilt, np.append(DIRECTIONS_DEG, 0.0), albedo)
    sun = np.full((COLUMNS, HOURS), -1.0, dtype=np.float32)
    sun[:GLASS] = beam + diffuse
    sun[GLASS:SKY] = beam * glass_by_angle(angle) + diffuse
    rows = np.arange(ROOF + 1)
    return sun, np.concatenate([rows, rows, [-1]]).astype(np.int64)


def on_planes(
    weather: Weather, tilt_deg: ArrayLike, azimuth_deg: ArrayLike, albedo: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Beam and diffuse light on open planes and the angle of the beam to their normal, each (planes, 8760) [1]_.

    Parameters
    ----------
    weather : Weather
        Typical year; the sun is taken at the middle of each hour.
    tilt_deg, azimuth_deg : array_like, (planes,)
        Tilt from level; azimuth from north, clockwise. [°]
    albedo : float
        Share of light that the ground reflects.

    Returns
    -------
    beam, diffuse, angle : ndarray
        [W/m²], [W/m²], [rad]

    References
    ----------
    .. [1] R. Perez et al., "Modeling daylight availability and irradiance components from direct and global
       irradiance," Solar Energy 44(5), 271-289, 1990.
    """
    from pvlib import atmosphere, irradiance  # late: it takes a while to import

    hours = weather.hours
    middle = pd.DatetimeIndex(hours.index) + pd.Timedelta(minutes=30)
    sun = sun_place(middle, weather.latitude, weather.longitude)
    zenith, turn = sun["apparent_zenith"], sun["azimuth"]
    extra = irradiance.get_extra_radiation(middle).to_numpy()
    airmass = atmosphere.get_relative_airmass(np.minimum(zenith, 90.0))
    ghi, dni, dhi = (hours[name].to_numpy(dtype=float) for name in ("ghi", "dni", "dhi"))
    beams, diffuses, angles = [], [], []
    for tilt, azimuth in np.broadcast(tilt_deg, azimuth_deg):
        cosine = irradiance.aoi_projection(tilt, azimuth, zenith, turn)
        beams.append(np.where(zenith < 90.0, dni * np.maximum(cosine, 0.0), 0.0))
        sky = irradiance.perez(tilt, azimuth, dhi, dni, extra, zenith, turn, airmass)
        ground = ghi * albedo * (1.0 - np.cos(np.radians(tilt))) / 2.0
        diffuses.append(np.nan_to_num(sky) + ground)
        angles.append(np.arccos(np.clip(cosine, 0.0, 1.0)))
    return np.array(beams), np.array(diffuses), np.array(angles)


def glass_by_angle(angle: ArrayLike) -> NDArray[np.float64]:
    """Heat that glass lets in of a beam, as share of that at normal incidence [1]_.

    Parameters
    ----------
    angle : array_like
        Between beam and normal. [rad]

    Returns
    -------
    ndarray
        Never below 0.

    References
    ----------
    .. [1] IBPSA Modelica Library, `ThermalZones.ISO13790.Validation.BESTEST`, for the double glazing of ANSI/ASHRAE
       Standard 140.
    """
    x = np.asarray(angle, dtype=np.float64)
    share: NDArray[np.float64] = np.maximum(1.0 - 0.189 * x + 0.644 * x**2 - 0.596 * x**3, 0.0)
    return share
