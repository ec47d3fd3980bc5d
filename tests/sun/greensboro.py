"""A measured typical year that needs no file of ours: TMY3 of Greensboro, which pvlib carries."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pvlib
from numpy.typing import NDArray

from sun.sky import SkyTable, sky_table

LATITUDE, LONGITUDE = 36.1, -79.95


@cache
def hours() -> pd.DataFrame:
    """Hours by their end, missing values as zero."""
    path = Path(pvlib.__file__).parent / "data" / "723170TYA.CSV"
    frame, _ = pvlib.iotools.read_tmy3(path, coerce_year=1990, map_variables=True)
    return pd.DataFrame(frame[["ghi", "dni", "dhi"]].fillna(0))


@cache
def table(model: str = "perez", azimuths: int = 72, bands: int = 24, albedo: float = 0.2) -> SkyTable:
    """Its sky."""
    return sky_table(hours(), LATITUDE, LONGITUDE, azimuths, bands, model=model, albedo=albedo, stamp="end")


def open_plane(sky: SkyTable, tilt_deg: float, azimuth_deg: float) -> float:
    """Yearly irradiation of a plane that nothing obstructs, straight from the table's definition."""
    tilt, azimuth = np.radians(tilt_deg), np.radians(azimuth_deg)
    normal = np.array([np.sin(tilt) * np.sin(azimuth), np.sin(tilt) * np.cos(azimuth), np.cos(tilt)])
    beam, diffuse = sky.beam_year @ normal, sky.diffuse_year @ normal
    split = np.arange(beam.shape[1]) < sky.split_bands[:, None]
    apart = np.maximum(beam, 0) + np.where(sky.centres @ normal > 0, diffuse, 0)
    light: NDArray[np.float64] = np.where(split, apart, np.maximum(beam + diffuse, 0))
    return float(light.sum() + sky.ground.sum())
