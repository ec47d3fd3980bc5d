"""Speed of light on walls against the plain ray march of the same places, sky and directions, in CPU seconds.

The march looks for the horizon of every storey by itself, in steps of a quarter cell, and stops as soon as no height of
the raster can be seen above what a ray has met.
"""

import numpy as np
import pytest

from core.jobs import Job
from layers.surface import burn_surface
from standards import Standards
from sun.wall_light import Obstacles, column_light
from tests.benchmarks.test_sweep_speed import cpu_seconds
from tests.sun.ray_march import marched_walls
from tests.sun.test_walls_in_real_quarters import Quarter, ccny_outlines

pytestmark = pytest.mark.benchmark


@pytest.fixture(scope="module")
def quarter(shared):
    buildings = ccny_outlines(shared)
    return Quarter(
        buildings, burn_surface(buildings, None, Standards(), Job(), crs=buildings.crs, cell_m=1.0)
    )


def test_storeys_seen_together_are_found_five_times_faster_than_by_marching_for_each(
    quarter, benchmark, figures
):
    height, columns = quarter.surface.height, quarter.columns
    obstacles = Obstacles.of(height.values, 1.0)
    places = np.column_stack([quarter.on_grid, quarter.z, quarter.outward * [1, -1]])

    def cast():
        column_light(obstacles, quarter.sky, quarter.upright, columns, workers=1)

    def march():
        marched_walls(height.values, 1.0, quarter.sky.azimuth_deg, places, clear_cells=0.0, bilinear=False)

    benchmark.pedantic(cast, rounds=3, warmup_rounds=1)
    ours = cpu_seconds(cast) / columns.levels.sum()
    marched = cpu_seconds(march, 1) / len(places)
    figures("ratio", marched / ours)
    assert marched >= 5 * ours


def test_walls_on_lines_of_the_grid_take_no_longer_than_walls_beside_them(quarter):
    """Rays along an axis that start on the edge between two cells must not creep along it."""
    obstacles = Obstacles.of(quarter.surface.height.values, 1.0)
    columns = quarter.columns

    def seconds(shift):
        moved = type(columns)(
            **{
                **vars(columns),
                "column": np.floor(columns.column) + shift,
                "row": np.floor(columns.row) + shift,
            }
        )
        return cpu_seconds(lambda: column_light(obstacles, quarter.sky, quarter.upright, moved, workers=1))

    assert seconds(0.0) <= 2 * seconds(0.3)
