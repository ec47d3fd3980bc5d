"""Where the sun stands: computed once for the same moments over the same place, which many parts of the work ask for."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
KEPT = 8  # the moments that the whole work on one city asks for


def sun_place(
    times: pd.DatetimeIndex, latitude: float, longitude: float, altitude: float | None = None
) -> dict[str, Floats]:
    """Where the sun stands at moments.

    Parameters
    ----------
    times : DatetimeIndex
        With a time zone.
    latitude, longitude : float
        [°]
    altitude : float, optional
        Above sea level; the air above it bends the light. That of the sea by default. [m]

    Returns
    -------
    dict of ndarray
        `elevation`, `apparent_elevation` (with refraction), `apparent_zenith`, `azimuth` [°] and
        `equation_of_time` [min], each the caller's own.

    Notes
    -----
    NREL SPA as in pvlib, with its mean temperature of the air and the pressure of the altitude.
    """
    moments = times.tz_convert("UTC").as_unit("ns").asi8
    found = _found(moments.tobytes(), float(latitude), float(longitude), altitude)
    return {name: values.copy() for name, values in found.items()}


@lru_cache(maxsize=KEPT)
def _found(moments: bytes, latitude: float, longitude: float, altitude: float | None) -> dict[str, Floats]:
    from pvlib import solarposition  # late: it takes a while to import

    times = pd.DatetimeIndex(np.frombuffer(moments, dtype="datetime64[ns]"), tz="UTC")
    found = solarposition.get_solarposition(times, latitude, longitude, altitude=altitude)
    names = ("elevation", "apparent_elevation", "apparent_zenith", "azimuth", "equation_of_time")
    return {name: found[name].to_numpy(dtype=np.float64) for name in names}
