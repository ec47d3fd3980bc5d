"""Speed of the band sweep against the ways it replaces, on the same raster, in CPU seconds of the same run.

The ray march runs on a sample of cells and is scaled to all; it stops as soon as no height of the raster can be seen
above what a ray has met, so it is a quick peer rather than a slow one. GRASS measures twelve days, the sweep a year.
"""

import shutil
import subprocess
import time

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from sun.slopes import horn
from sun.sweep import irradiate, plane_irradiation
from tests.benchmarks.shadow_casting import cast_year
from tests.conftest import SHARED
from tests.sun.greensboro import table
from tests.sun.ray_march import marched_lit

pytestmark = pytest.mark.benchmark
SAMPLE = 4000


DAYS = (17, 47, 75, 105, 135, 162, 198, 228, 258, 288, 318, 344)  # one for each month, after Klein


def towers_and_blocks():
    """A town made up, of the size and the heights of the measured one."""
    rng = np.random.default_rng(1)
    height = np.zeros((651, 601), np.float32)
    for top in range(0, 640, 24):
        for left in range(0, 590, 24):
            tower = rng.random() < 0.02
            height[top : top + 16, left : left + 18] = rng.uniform(80, 140) if tower else rng.uniform(6, 30)
    return height


@pytest.fixture(scope="module")
def height():
    path = SHARED / "data" / "lidar" / "london_barbican_dsm_1m.tif"
    if not path.exists():
        return towers_and_blocks()
    with rasterio.open(path) as source:
        return source.read(1).astype(np.float32)


def cpu_seconds(work, repeat=3):
    work()
    best = np.inf
    for _ in range(repeat):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best


def test_the_band_sweep_is_a_hundred_times_faster_than_the_ray_march(height, benchmark, figures):
    sky = table()
    cells = np.random.default_rng(0).permutation(height.size)[:SAMPLE]
    rows, columns = np.unravel_index(cells, height.shape)

    def march():
        lit = marched_lit(height, 1.0, sky.azimuth_deg, sky.tan_elevation, rows, columns, bilinear=False)
        plane_irradiation(lit, sky, np.zeros(SAMPLE), np.zeros(SAMPLE))

    benchmark.pedantic(irradiate, args=(height, 1.0, sky), rounds=3, warmup_rounds=1)
    swept = cpu_seconds(lambda: irradiate(height, 1.0, sky))
    marched = cpu_seconds(march, 1) * height.size / SAMPLE
    figures("ratio", marched / swept)
    assert marched >= 100 * swept


def test_the_band_sweep_is_a_hundred_times_faster_than_casting_145_shadows(height, benchmark, figures):
    """The peer reads heights in double precision, as numpy and SEBE do."""
    sky, slopes = table(), horn(height, 1.0)
    benchmark.pedantic(irradiate, args=(height, 1.0, sky), rounds=3, warmup_rounds=1)
    swept = cpu_seconds(lambda: irradiate(height, 1.0, sky))
    began = time.process_time()
    cast = cast_year(height.astype(float), 1.0, sky, *(slope.astype(float) for slope in slopes))
    casting = time.process_time() - began
    cast_year(height, 1.0, sky, *slopes)
    figures("ratio", casting / swept)
    figures("ratio_to_single_precision", (time.process_time() - began - casting) / swept)
    assert casting >= 100 * swept
    year = irradiate(height, 1.0, sky)  # patches twelve degrees wide are coarse, but it is the same year
    assert abs(cast.mean() / year.mean() - 1) < 0.1
    assert np.corrcoef(cast.ravel(), year.ravel())[0, 1] > 0.9


def test_the_band_sweep_is_three_hundred_times_faster_than_twelve_days_of_grass(
    height, benchmark, figures, tmp_path
):
    if not shutil.which("grass"):
        pytest.skip("GRASS is not installed")
    sky = table()
    benchmark.pedantic(irradiate, args=(height, 1.0, sky), rounds=3, warmup_rounds=1)
    swept = cpu_seconds(lambda: irradiate(height, 1.0, sky))
    spent = grass_seconds(height, tmp_path)
    figures("ratio", spent / swept)
    assert spent >= 300 * swept


def grass_seconds(height, folder):
    """CPU seconds of r.horizon every five degrees and r.sun with these horizons on twelve days.

    It works on four of them, one a season, and is taken to need as long for each of the others.
    """
    surface = folder / "dsm.tif"
    with rasterio.open(
        surface, "w", driver="GTiff", height=height.shape[0], width=height.shape[1], count=1, dtype="float32",
        crs="EPSG:27700", transform=from_origin(532_000.0, 182_000.0, 1.0, 1.0),
    ) as file:  # fmt: skip
        file.write(height, 1)
    given = "elevation=dsm slope=slope aspect=aspect horizon_basename=far horizon_step=5"
    lines = [
        "set -e",
        f"r.in.gdal -o --quiet input='{surface}' output=dsm",
        "g.region raster=dsm",
        "r.slope.aspect -e --quiet elevation=dsm slope=slope aspect=aspect",
        "times > before",
        "r.horizon --quiet elevation=dsm step=5 output=far",
        "times > horizons",
        *(f"r.sun --quiet {given} day={day} glob_rad=year_{day}" for day in DAYS[1::3]),
        "times > after",
    ]
    script = folder / "run.sh"
    script.write_text("\n".join(lines) + "\n", encoding="utf-8")
    command = ["grass", "--tmp-location", str(surface), "--exec", "sh", str(script)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stderr[-2000:]
    before, horizons, after = (children_seconds(folder / name) for name in ("before", "horizons", "after"))
    return horizons - before + (after - horizons) * len(DAYS) / len(DAYS[1::3])


def children_seconds(times):
    """User and system seconds of all that a shell has run, from what its `times` says: 1m2.5s 0m0.25s."""
    parts = times.read_text(encoding="utf-8").split()[-2:]
    return sum(60 * float(part.split("m")[0]) + float(part.split("m")[1].rstrip("s")) for part in parts)


@pytest.mark.parametrize(("azimuths", "bands"), [(72, 24), (36, 12)])
def test_a_city_of_sixteen_million_cells_is_swept_at_the_rate_of_a_block(
    height, benchmark, figures, azimuths, bands
):
    sky = table(azimuths=azimuths, bands=bands)
    city = np.tile(height, (7, 7))[:4000, :4000].copy()
    benchmark.pedantic(irradiate, args=(height, 1.0, sky), rounds=3, warmup_rounds=1)
    block = height.size * azimuths / cpu_seconds(lambda: irradiate(height, 1.0, sky))
    whole = city.size * azimuths / cpu_seconds(lambda: irradiate(city, 1.0, sky), 1)
    figures("cell_azimuths_per_cpu_second", whole)
    assert whole >= 0.5 * block
