"""A city of ten by ten kilometres at one metre, swept whole and strip by strip: memory and ratios are asserted."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

pytestmark = pytest.mark.benchmark

EDGE = 10_000
GIB = 1 << 30
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def surface(tmp_path_factory):
    """Blocks of six to thirty metres with some towers on rolling ground, in a file."""
    if os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") < 6 * GIB:
        pytest.skip("the machine has less than 6 GB of memory")
    rng = np.random.default_rng(0)
    height = np.zeros((EDGE // 25, 25, EDGE // 25, 25), np.float32)
    blocks = rng.uniform(6, 30, height.shape[::2])
    blocks[rng.random(blocks.shape) < 0.02] *= 4
    height[:, 4:21, :, 3:22] = blocks[:, None, :, None]
    height = height.reshape(EDGE, EDGE)
    height += 40 * np.sin(np.arange(EDGE, dtype=np.float32) / 900)[:, None]
    path = tmp_path_factory.mktemp("city") / "dsm.tif"
    with rasterio.open(
        path, "w", driver="GTiff", height=EDGE, width=EDGE, count=1, dtype="float32", crs="EPSG:4547",
        transform=from_origin(500_000.0, 3_400_000.0, 1.0, 1.0),
    ) as file:  # fmt: skip
        file.write(height, 1)
    return path


def told(module, *words):
    """What a program of its own says; its peak of memory is its alone."""
    command = [sys.executable, "-m", f"tests.benchmarks.{module}", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.mark.parametrize(("azimuths", "bands"), [(36, 12), pytest.param(72, 24, marks=pytest.mark.large)])
def test_a_hundred_million_cells_fit_into_six_gigabytes_and_in_strips_into_two(
    surface, benchmark, figures, azimuths, bands
):
    words = "hundred_million", surface, "whole", azimuths, bands
    whole = benchmark.pedantic(told, args=words, rounds=1)
    strips = told("hundred_million", surface, "strips", azimuths, bands)
    for name, run in (("whole", whole), ("strips", strips)):
        figures(f"{name}_cpu_seconds", run["cpu_seconds"])
        figures(f"{name}_peak_gb", run["peak_bytes"] / 1e9)
        figures(f"{name}_cell_azimuths_per_cpu_second", EDGE**2 * azimuths / run["cpu_seconds"])
    assert whole["peak_bytes"] <= 6e9
    assert strips["peak_bytes"] <= 2e9
    assert strips["check"] == whole["check"]
    assert strips["cpu_seconds"] <= 2 * whole["cpu_seconds"]


@pytest.mark.large
def test_the_roofs_of_a_hundred_thousand_buildings_fit_into_six_gigabytes(
    shared, tmp_path, benchmark, figures
):
    """From the file of buildings to the stored results, at cells of one metre."""
    if not (shared / "data" / "us_nyc_buildings").is_dir():
        pytest.skip("the buildings of New York are not among the real data")
    found = benchmark.pedantic(told, args=("new_york", shared, tmp_path / "city"), rounds=1)
    for name in ("seconds", "cpu_seconds", "buildings"):
        figures(name, found[name])
    figures("peak_gb", found["peak_bytes"] / 1e9)
    assert found["buildings"] > 100_000
    assert found["peak_bytes"] <= 6e9
