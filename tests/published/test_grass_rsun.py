"""Beam on measured roofs against GRASS r.sun: twelve clear days over the old town of Göteborg.

r.sun sums the beam of twelve representative days under ESRA's clear sky of Linke turbidity 3, with shadows cast by
itself; its horizon maps disagree with its own shadows. Slopes must reach the edge of the raster (`-e`): a ray that ends on
a cell without slope leaves r.sun blind to shadows for the rest of that day, a tenth more beam here. Both read heights as
cells; r.sun measures to the centre of each cell, so in one comparison walls are not moved to their faces.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
from numpy.typing import NDArray
from pvlib import solarposition
from pyproj import Proj, Transformer
from rasterio.features import rasterize

from sun.sky import SUB_STEPS, SkyTable, sky_table
from sun.slopes import horn
from sun.sweep import irradiate

pytestmark = pytest.mark.slow

DAYS = (17, 47, 75, 105, 135, 162, 198, 228, 258, 288, 318, 344)  # one for each month, after Klein
STEP_H = 0.5
LINKE = 3.0
SOLAR_CONSTANT = 1367.0
ROOF_ABOVE_M = 2.5  # what stands higher above the ground than this is roof

Grid = NDArray[np.float64]


def esra_beam(day: NDArray[np.int64], elevation: Grid) -> Grid:
    """Clear beam at sea level normal to the sun, the model that r.sun documents. [W/m²]"""
    extra = SOLAR_CONSTANT * (1 + 0.03344 * np.cos(2 * np.pi * day / 365.25 - 0.048869))
    up = np.maximum(elevation, 1e-4)
    lifted = up + 0.061359 * (0.1594 + up * (1.123 + 0.065656 * up)) / (1 + up * (28.9344 + 277.3971 * up))
    mass = 1 / (np.sin(lifted) + 0.50572 * (np.degrees(lifted) + 6.07995) ** -1.6364)
    thick = 6.6296 + mass * (1.7513 + mass * (-0.1202 + mass * (0.0065 - mass * 0.00013)))
    rayleigh = np.where(mass <= 20, 1 / thick, 1 / (10.4 + 0.718 * mass))
    return np.where(elevation > 0, extra * np.exp(-0.8662 * LINKE * mass * rayleigh), 0.0)


def clear_days(longitude: float, latitude: float) -> SkyTable:
    """The sky of the twelve days, with nothing in it but the beam."""
    begins = [pd.Timestamp("2023-01-01", tz="UTC") + pd.Timedelta(days=day - 1) for day in DAYS]
    hours = pd.DatetimeIndex([begin + pd.Timedelta(hours=hour) for begin in begins for hour in range(24)])
    parts = [hours + pd.Timedelta(hours=(step + 0.5) / SUB_STEPS) for step in range(SUB_STEPS)]
    beam = np.zeros(len(hours))
    for middle in parts:
        sun = np.radians(solarposition.get_solarposition(middle, latitude, longitude)["elevation"].to_numpy())
        beam += esra_beam(middle.day_of_year.to_numpy(), sun) * np.maximum(np.sin(sun), 0) / SUB_STEPS
    weather = pd.DataFrame({"ghi": beam, "dni": 0.0, "dhi": 0.0}, index=hours)
    return sky_table(weather, latitude, longitude, model="isotropic", albedo=0.0)


def grass_beam(surface: Path, folder: Path) -> Grid:
    """Sum of the beam of the twelve days as r.sun gives it. [kWh/m²]"""
    given = f"elevation=dsm slope=slope aspect=aspect linke_value={LINKE} step={STEP_H}"
    lines = [
        "set -e",
        f"r.in.gdal -o --quiet input='{surface}' output=dsm",
        "g.region raster=dsm",
        "r.slope.aspect -e --quiet elevation=dsm slope=slope aspect=aspect",
        *(f"r.sun --quiet {given} day={day} beam_rad=beam_{day}" for day in DAYS),
        f"r.series --quiet input={','.join(f'beam_{day}' for day in DAYS)} output=total method=sum",
        f"r.out.gdal --quiet -c input=total output='{folder / 'total.tif'}' type=Float64 nodata=-9999",
    ]
    script = folder / "run.sh"
    script.write_text("\n".join(lines) + "\n", encoding="utf-8")
    command = ["grass", "--tmp-location", str(surface), "--exec", "sh", str(script)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    with rasterio.open(folder / "total.tif") as source:
        total = source.read(1).astype(float)
    return np.where(total > -9990, total, np.nan) / 1000


@dataclass(frozen=True)
class Compared:
    """Beam of the twelve days on roof cells less steep than 45°, by r.sun and by the sweep. [kWh/m²]"""

    grass: Grid
    swept: Grid

    @property
    def factor(self) -> float:
        return float(self.grass.sum() / self.swept.sum())

    @property
    def correlation(self) -> float:
        return float(np.corrcoef(self.grass, self.swept)[0, 1])

    @property
    def mean_error(self) -> float:
        """Mean absolute difference after one factor, over the mean."""
        return float(np.abs(self.factor * self.swept - self.grass).mean() / self.grass.mean())


@pytest.fixture(scope="module")
def compared(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Compared]:
    """By how walls are read: at the centres of cells, as r.sun does, and at their faces, as maps are made."""
    if shutil.which("grass") is None:
        pytest.skip("GRASS GIS is not installed (grass-core)")
    lidar = shared / "data" / "lidar"
    surface = lidar / "goteborg_kronenhuset_dsm_1m.tif"
    if not surface.exists():
        pytest.skip("the measured surface of Göteborg is not among the real data")
    with rasterio.open(surface) as source:
        height, transform, crs = source.read(1).astype(np.float32), source.transform, source.crs
    with rasterio.open(lidar / "goteborg_kronenhuset_dtm_1m.tif") as source:
        above = height - source.read(1)
    middle = transform @ (height.shape[1] / 2, height.shape[0] / 2)
    longitude, latitude = Transformer.from_crs(crs, 4326, always_xy=True).transform(*middle)
    convergence = Proj(crs).get_factors(longitude, latitude).meridian_convergence

    grass = grass_beam(surface, tmp_path_factory.mktemp("grass"))
    shapes = gpd.read_file(lidar / "goteborg_kronenhuset_buildings.gpkg").geometry.make_valid()
    east, north = horn(height, 1.0)
    roof = rasterize(shapes, height.shape, transform=transform).astype(bool) & (above > ROOF_ABOVE_M)
    roof &= (np.hypot(east, north) < np.tan(np.radians(45))) & np.isfinite(grass)
    sky = clear_days(longitude, latitude)
    swept = {
        "centres": irradiate(height, 1.0, sky, convergence_deg=convergence, break_m=np.inf),
        "faces": irradiate(height, 1.0, sky, convergence_deg=convergence),
    }
    return {name: Compared(grass[roof], values[roof].astype(float)) for name, values in swept.items()}


def test_measured_to_centres_roofs_receive_what_rsun_gives_them(compared: dict[str, Compared]) -> None:
    """Before any factor; found 0.7 % apart."""
    assert compared["centres"].factor == pytest.approx(1.0, abs=0.02)


def test_measured_to_centres_roofs_agree_cell_by_cell(compared: dict[str, Compared]) -> None:
    """Found r = 0.995 and a mean error of 1.1 %."""
    assert compared["centres"].correlation >= 0.99
    assert compared["centres"].mean_error <= 0.02


def test_with_walls_at_their_faces_roofs_agree_hardly_less(compared: dict[str, Compared]) -> None:
    """Found r = 0.995 and a mean error of 1.5 %."""
    assert compared["faces"].correlation >= 0.985
    assert compared["faces"].mean_error <= 0.025
