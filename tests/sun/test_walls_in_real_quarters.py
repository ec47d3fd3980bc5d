"""Walls of real quarters against two plain ways to their horizons, under the same sky.

Built from outlines, the truth is known: prisms, whose sides every ray is cut with. On a measured surface it is a ray
march in steps of a quarter cell, which can read the raster as blocks or as bilinear between the middles of cells.
"""

from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from rasterio.features import rasterize

from core.jobs import Job
from layers.city import Raster
from layers.geometry import shapes_of
from layers.surface import burn_surface, settle_surface
from standards import Standards
from sun.sky import lit_from_horizon
from sun.wall_light import Obstacles, Upright, column_light
from sun.wall_sun import MEASURED_CLEAR_CELLS, columns_on_grid
from sun.walls import walls_of
from tests.sun.greensboro import table
from tests.sun.prisms import seen_horizons
from tests.sun.ray_march import marched_walls

PLACES = 1500  # of each quarter and height
HEIGHTS = ("lowest", "middle", "top")
AGREED = {1.0: 0.01, 2.5: 0.02}  # mean error by size of cells; three per cent are asked for


class Quarter:
    """A sample of places on the walls of a quarter at three heights, and what falls on them in a year."""

    def __init__(self, buildings, surface):
        self.buildings, self.surface, self.sky = buildings, surface, table()
        self.walls = walls_of(
            buildings, surface, storey_m=np.full(len(buildings), 3.3), spacing_m=3.0, least_length_m=2.0,
            simplify_m=0.3, touching_m=0.5, convergence_deg=0.0,
        )  # fmt: skip
        walls, first = self.walls, self.walls.first
        azimuth = walls.walls["azimuth_deg"].to_numpy()
        self.upright = Upright.of(self.sky.whole_year, azimuth)
        site = SimpleNamespace(surface=surface, convergence_deg=0.0)
        columns = self.columns = columns_on_grid(walls, site, self.upright, slice(0, len(walls.wall)))
        cell = surface.height.cell_m
        self.clear_cells = MEASURED_CLEAR_CELLS if surface.measured else 0.0
        light = column_light(
            Obstacles.of(surface.height.values, cell), self.sky, self.upright, columns,
            clear_m=self.clear_cells * cell,
        )[:, 0]  # fmt: skip
        levels = np.diff(first)
        # No storey covered, and not within an outline by what simplifying moved the wall.
        seen = np.minimum.reduceat(walls.bare, first[:-1]) > 0.99
        facing = np.radians(azimuth[walls.wall])
        just_before = shapely.points(walls.x + 0.02 * np.sin(facing), walls.y + 0.02 * np.cos(facing))
        seen[shapely.STRtree(shapes_of(buildings)).query(just_before, predicate="intersects")[0]] = False
        whole = np.flatnonzero(seen)
        chosen = np.random.default_rng(1).permutation(whole)[:PLACES]
        level = np.stack([np.zeros(len(chosen), int), levels[chosen] // 2, levels[chosen] - 1])
        self.column = np.tile(chosen, 3)
        self.made = light[(first[chosen] + level).ravel()].astype(float)
        self.z = columns.lowest_m[self.column] + level.ravel() * columns.storey_m[self.column]
        facing = np.radians(azimuth[walls.wall[self.column]])
        self.outward = np.column_stack([np.sin(facing), np.cos(facing)])
        self.on_grid = np.column_stack([columns.column, columns.row])[self.column]
        self.kind = columns.kind[self.column]

    def behind(self, tangent):
        """Light on the places behind known horizons."""
        azimuth = np.radians(self.sky.azimuth_deg)
        ahead = self.outward @ np.stack([np.sin(azimuth), np.cos(azimuth)]) > 1e-9
        lowest = self.sky.tan_elevation.shape[1] - lit_from_horizon(np.degrees(np.arctan(tangent)), self.sky)
        each = self.upright.above[self.kind[:, None], np.arange(azimuth.size), lowest, 0]
        return (each * ahead).sum(axis=1) + self.upright.ground[0]

    def by_prisms(self):
        ground = np.nanmin(self.surface.ground.values)
        xy = np.column_stack([self.walls.x, self.walls.y])[self.column] + 0.02 * self.outward
        height = self.buildings["height_m"].to_numpy()
        return self.behind(
            seen_horizons(shapes_of(self.buildings), height, xy, self.z - ground, self.sky.azimuth_deg)
        )

    def by_march(self, bilinear):
        places = np.column_stack([self.on_grid, self.z, self.outward * [1, -1]])
        height = self.surface.height
        return self.behind(
            marched_walls(
                height.values, height.cell_m, self.sky.azimuth_deg, places,
                clear_cells=self.clear_cells, bilinear=bilinear,
            )
        )  # fmt: skip


def outlines(frame, height_m):
    """One outline a building, those of more than two metres."""
    frame = gpd.GeoDataFrame(
        {"height_m": np.asarray(height_m, float)}, geometry=frame.geometry.make_valid().array, crs=frame.crs
    )
    frame = frame[frame["height_m"] > 2].explode(ignore_index=True)
    return frame[frame.geometry.geom_type == "Polygon"].reset_index(drop=True)


def raster(shared, name):
    with rasterio.open(shared / "data" / "lidar" / f"{name}.tif") as source:
        return Raster(source.read(1).astype(np.float32), source.transform, source.crs)


def goteborg_outlines(shared):
    frame = gpd.read_file(shared / "data" / "lidar" / "goteborg_kronenhuset_buildings.gpkg")
    roof, ground = (
        raster(shared, "goteborg_kronenhuset_dsm_1m"),
        raster(shared, "goteborg_kronenhuset_dtm_1m"),
    )
    label = rasterize(
        ((shape, number + 1) for number, shape in enumerate(frame.geometry)),
        roof.values.shape,
        transform=roof.transform,
    )
    above = pd.Series((roof.values - ground.values).ravel()).groupby(label.ravel()).median()
    return outlines(frame, above.reindex(range(1, len(frame) + 1), fill_value=0.0))


def ccny_outlines(shared):
    frame = gpd.read_file(shared / "data" / "lidar" / "nyc_ccny_buildings_osm.gpkg")
    return outlines(frame, frame["height"].astype(float))


def suzhou_outlines(shared):
    frame = gpd.read_file(shared / "data" / "cn_suzhou_buildings" / "suzhou_buildings.gpkg").to_crs(4549)
    middle = frame.geometry.centroid
    near = (middle.x - middle.x.median()).abs().lt(250) & (middle.y - middle.y.median()).abs().lt(250)
    return outlines(frame[near], frame.loc[near, "height"].astype(float))


QUARTERS = {"goteborg": goteborg_outlines, "ccny": ccny_outlines, "suzhou": suzhou_outlines}


def mean_error(made, truth):
    return np.abs(made - truth).mean() / truth.mean()


@pytest.mark.parametrize("cell_m", [1.0, 2.5])
@pytest.mark.parametrize("name", list(QUARTERS))
def test_walls_between_prisms_get_what_exact_rays_give_them_at_every_height(shared, name, cell_m):
    buildings = QUARTERS[name](shared)
    surface = burn_surface(buildings, None, Standards(), Job(), crs=buildings.crs, cell_m=cell_m)
    quarter = Quarter(buildings, surface)
    made, truth = (one.reshape(3, -1) for one in (quarter.made, quarter.by_prisms()))
    for height, got, true in zip(HEIGHTS, made, truth, strict=True):
        assert mean_error(got, true) <= AGREED[cell_m], height
        assert abs((got - true).mean() / true.mean()) <= 0.01, height


@pytest.mark.parametrize("bilinear", [False, True])
@pytest.mark.parametrize("name", ["goteborg_kronenhuset", "nyc_ccny"])
def test_walls_on_a_measured_surface_are_within_two_percent_of_both_readings_of_a_ray_march(
    shared, name, bilinear
):
    buildings = {"goteborg_kronenhuset": goteborg_outlines, "nyc_ccny": ccny_outlines}[name](shared)
    terrain = raster(shared, f"{name}_dtm_1m")
    surface = settle_surface(buildings, raster(shared, f"{name}_dsm_1m"), terrain, Standards(), Job())
    quarter = Quarter(buildings, surface)
    made, truth = (one.reshape(3, -1) for one in (quarter.made, quarter.by_march(bilinear)))
    for height, got, true in zip(HEIGHTS, made, truth, strict=True):
        assert mean_error(got, true) <= AGREED[2.5], height
