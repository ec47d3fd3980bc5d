"""Walls in the sun: what falls on every storey of every wall, and on how much of it enough."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.jobs import Job
from sun.site import Site
from sun.wall_light import Columns, Obstacles, Upright, column_light, hidden_by_far
from sun.walls import Walls

PLACES_AT_ONCE = 250_000
# So near before a wall the cells of a measured surface still show its eaves, or the wall itself where the outline
# is off by a cell; what was built from outlines is exact.
MEASURED_CLEAR_CELLS = 1.5
MONTHS = [f"light_{month:02d}" for month in range(1, 13)]


def storeys_in_the_sun(
    walls: Walls, site: Site, job: Job, *, least_share: float = 0.0, least_kwh_per_m2: float = 0.0
) -> pd.DataFrame:
    """What falls on every storey of every wall.

    Parameters
    ----------
    walls : Walls
        Outer walls.
    site : Site
        Surface and sky.
    job : Job
        Reports progress and stops when asked.
    least_share, least_kwh_per_m2 : float
        Sun that is enough, over a year: share of what the same wall gets in the open, and on its own. [-], [kWh/m²]

    Returns
    -------
    DataFrame
        One row a storey: `wall`, `level` (0 is the lowest), `area_m2` (bare, windows included), `irradiation` of it,
        `open` (the same wall unshaded), `lit_m2` (what gets enough sun), `light_01` to `light_12` (irradiation of
        that part in each month). [kWh/m²]
    """
    table, first = walls.walls, walls.first
    height = site.surface.height
    obstacles = Obstacles.of(height.values, height.cell_m)
    upright = Upright.of(site.sky, table["azimuth_deg"].to_numpy())
    open_year = upright.open.sum(axis=1).astype(float)
    least = np.maximum(least_share * open_year, least_kwh_per_m2)
    begin = np.concatenate([[0], np.cumsum(table["levels"].to_numpy())])
    rows = int(begin[-1])
    width = table["length_m"].to_numpy() / np.bincount(walls.wall, minlength=len(table))  # of a column
    dark = None
    if site.far is not None:
        every = columns_on_grid(walls, site, upright, slice(0, len(walls.wall)))
        shape = height.values.shape
        dark = hidden_by_far(
            site.far, shape, height.cell_m, site.sky, every, job, convergence_deg=site.convergence_deg
        )
    area, shone, enough, light_sum = np.zeros(rows), np.zeros(rows), np.zeros(rows), np.zeros((12, rows))
    for columns in job.each(_parts(first), "Shining on walls"):
        places = slice(first[columns.start], first[columns.stop])
        there = columns_on_grid(walls, site, upright, columns)
        light = column_light(
            obstacles,
            site.sky,
            upright,
            there if dark is None else replace(there, dark=dark[columns]),
            convergence_deg=site.convergence_deg,
            clear_m=MEASURED_CLEAR_CELLS * height.cell_m if site.surface.measured else 0.0,
        )
        year = light.sum(axis=1)
        column = np.repeat(
            np.arange(columns.start, columns.stop), np.diff(first[columns.start : columns.stop + 1])
        )
        wall = walls.wall[column]
        row = begin[wall] + np.arange(places.start, places.stop) - first[column]  # of the storey
        bare = walls.bare[places] * (width * table["storey_m"].to_numpy())[wall]
        lit = bare * (year >= least[wall])
        here = slice(begin[wall[0]], begin[wall[-1] + 1])  # columns follow one another wall by wall
        for sums, values in (
            (area, bare),
            (shone, bare * year),
            (enough, lit),
            *zip(light_sum, (lit[:, None] * light).T, strict=True),
        ):
            sums[here] += np.bincount(row - here.start, weights=values, minlength=here.stop - here.start)
    of_row = np.repeat(np.arange(len(table)), table["levels"].to_numpy())
    return pd.DataFrame(
        {
            "wall": of_row,
            "level": np.arange(rows) - begin[of_row],
            "area_m2": area,
            "irradiation": shone / np.maximum(area, 1e-9),
            "open": open_year[of_row],
            "lit_m2": enough,
            **{
                name: monthly / np.maximum(enough, 1e-9)
                for name, monthly in zip(MONTHS, light_sum, strict=True)
            },
        }
    )


def _parts(first: NDArray[np.int64]) -> list[slice]:
    """Runs of whole columns with about `PLACES_AT_ONCE` places each."""
    edges = np.searchsorted(first, np.arange(0, first[-1], PLACES_AT_ONCE))
    ends = np.unique([*edges, len(first) - 1]).tolist()
    return [slice(start, end) for start, end in pairwise(ends)]


def columns_on_grid(walls: Walls, site: Site, upright: Upright, which: slice) -> Columns:
    """Some columns on the grid of the surface."""
    wall = walls.wall[which]
    table = walls.walls.iloc[wall]
    column, row = ~site.surface.height.transform @ (walls.x[which], walls.y[which])
    storey, levels = table["storey_m"].to_numpy(), table["levels"].to_numpy()
    begin = walls.first[which.start : which.stop + 1]
    bare = walls.bare[begin[0] : begin[-1]] > 0
    # Covered storeys at the foot need no light; every column is at least one storey high.
    level = np.arange(len(bare)) - np.repeat(begin[:-1] - begin[0], levels)
    lowest = np.minimum.reduceat(np.where(bare, level, np.repeat(levels, levels)), begin[:-1] - begin[0])
    return Columns(
        column=column,
        row=row,
        facing_deg=table["azimuth_deg"].to_numpy() - site.convergence_deg,
        lowest_m=table["bottom_m"].to_numpy() + storey / 2,
        storey_m=storey,
        levels=levels,
        skipped=lowest.astype(np.int64),
        kind=upright.kind[wall],
    )
