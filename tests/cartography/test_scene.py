"""A city in space: solids close around their volume, the nearest face is seen, and shadows are as long as they must be."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import shapely
from affine import Affine
from pyproj import CRS
from shapely.geometry import MultiPolygon, Polygon, box

from cartography.camera import Camera
from cartography.depth_buffer import fill_triangles
from cartography.frame import never
from cartography.layers import StyledLayer
from cartography.ragged import Ragged
from cartography.scene import NO_SHADOW, Scene, Sun, cast, draped, draw_scene, opaque, whole
from cartography.solids import feet, flat_ground, ground, raised, together
from layers.city import Raster

ORIGIN = (39_500_000.0, 3_800_000.0)
SIZE = (400, 300)


def moved(shape: shapely.Geometry) -> shapely.Geometry:
    return shapely.transform(shape, lambda xy: xy + np.array(ORIGIN))


def tower(side_m: float = 20.0, height_m: float = 50.0, ground_m: float = 400.0) -> Scene:
    """A tower in the middle of level ground."""
    ragged = Ragged.of([moved(box(-side_m / 2, -side_m / 2, side_m / 2, side_m / 2))])
    solids = raised(ragged, np.array([0.0]), np.array([height_m]), ORIGIN)
    west, south = ORIGIN[0] - ground_m / 2, ORIGIN[1] - ground_m / 2
    below = flat_ground((west, south, west + ground_m, south + ground_m), 0.0, ORIGIN)
    layer = StyledLayer("building", "", ragged, colour="#d65f12")
    return Scene(together(solids, below), layer)


def flux(solids, field) -> float:
    """Flow of a field out of all faces: by the theorem of Gauss that of the volume within."""
    points = solids.vertices[solids.triangles].astype(float)
    areas = np.linalg.norm(np.cross(points[:, 1] - points[:, 0], points[:, 2] - points[:, 0]), axis=1) / 2
    return float((areas[:, None] * solids.normals * field(points.mean(axis=1))).sum())


SHAPES = {
    "a square": box(0, 0, 10, 10),
    "a square the other way round": Polygon([(0, 0), (0, 10), (10, 10), (10, 0)]),
    "an L": Polygon([(0, 0), (30, 0), (30, 10), (10, 10), (10, 25), (0, 25)]),
    "a court": Polygon(box(0, 0, 40, 30).exterior, [box(10, 10, 30, 20).exterior]),
    "a dart of four corners": Polygon([(0, 0), (10, 4), (20, 0), (10, 20)]),
    "two houses": MultiPolygon([box(0, 0, 10, 10), box(20, 0, 25, 9)]),
}


@pytest.mark.parametrize("name", SHAPES)
def test_walls_and_roof_close_around_the_volume_whichever_way_the_ring_runs(name):
    shape, height = SHAPES[name], 12.0
    solids = raised(Ragged.of([moved(shape)]), np.array([0.0]), np.array([height]), ORIGIN)
    volume = shape.area * height
    assert flux(solids, lambda at: np.column_stack([0 * at[:, 0], 0 * at[:, 0], at[:, 2]])) == pytest.approx(
        volume
    )
    assert flux(solids, lambda at: at * np.array([0.5, 0.5, 0.0])) == pytest.approx(volume, rel=1e-6)


def test_a_feature_without_height_or_geometry_is_left_out_and_the_others_keep_their_rows():
    ragged = Ragged.of([moved(box(0, 0, 5, 5)), None, moved(box(10, 0, 15, 5)), moved(box(20, 0, 25, 5))])
    solids = raised(ragged, np.zeros(4), np.array([np.nan, 9.0, 9.0, 0.0]), ORIGIN)
    assert set(solids.owner) == {3}


def test_nothing_to_raise_gives_no_triangles():
    solids = raised(Ragged.of([]), np.zeros(0), np.zeros(0), ORIGIN)
    assert len(solids.triangles) == 0
    assert solids.extent == (0, 0, 0, 0)


def test_a_building_on_a_slope_stands_on_its_lowest_corner():
    heights = np.tile(np.arange(100.0), (100, 1)).astype(np.float32)  # a metre up for each metre to the east
    raster = Raster(heights, Affine(1, 0, ORIGIN[0], 0, -1, ORIGIN[1] + 100), CRS.from_epsg(4527))
    ragged = Ragged.of([moved(box(20.5, 20.5, 30.5, 30.5)), None])
    low = feet(ragged, raster)
    assert low[0] == 20.0
    assert np.isnan(low[1])


def test_the_ground_follows_the_terrain_and_fills_what_is_not_known():
    heights = np.full((50, 50), 7.0, dtype=np.float32)
    heights[10:20] = np.nan
    raster = Raster(heights, Affine(1, 0, ORIGIN[0], 0, -1, ORIGIN[1] + 50), CRS.from_epsg(4527))
    sheet = ground(raster, (*ORIGIN, ORIGIN[0] + 50, ORIGIN[1] + 50), ORIGIN)
    assert np.allclose(sheet.vertices[:, 2], 7.0)
    assert np.allclose(sheet.normals, [0, 0, 1])


def test_at_every_pixel_the_nearest_triangle_stays_as_tested_one_by_one():
    rng = np.random.default_rng(3)
    points = np.column_stack([rng.uniform(-5, 45, 90), rng.uniform(-5, 35, 90), rng.uniform(0.1, 1, 90)])
    triangles = np.arange(90, dtype=np.int32).reshape(-1, 3)
    a, b, c = (points[triangles[:, n]] for n in range(3))
    twice = (c[:, 0] - a[:, 0]) * (b[:, 1] - a[:, 1]) - (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1])
    triangles[twice < 0] = triangles[twice < 0][:, [0, 2, 1]]
    nearest, which = np.zeros((30, 40), np.float32), np.full((30, 40), -1, np.int32)
    assert fill_triangles(
        points, triangles, np.zeros(30, np.int32), np.ones(1, bool), nearest, which, never()
    )
    for row in range(30):
        for column in range(40):
            best, at = 0.0, -1
            for t, corners in enumerate(triangles):
                matrix = np.vstack([points[corners, :2].T, np.ones(3)])
                shares = np.linalg.solve(matrix, [column + 0.5, row + 0.5, 1.0])
                if (shares > 0).all() and shares @ points[corners, 2] > best:
                    best, at = shares @ points[corners, 2], t
            assert which[row, column] == at
            assert nearest[row, column] == pytest.approx(best, rel=1e-5)


def test_a_stopped_picture_is_no_picture():
    stop = np.ones(1, dtype=np.uint8)
    assert draw_scene(tower(), Camera((0, 0, 0)), SIZE, stop=stop) is None
    scene = replace(tower(), sun=Sun(180, 45))
    assert cast(scene, Camera((0, 0, 0)), SIZE, stop) is None


def test_the_tower_is_seen_in_its_colour_before_the_ground_and_is_found_by_a_click():
    scene = tower()
    frame = draw_scene(scene, whole(scene), SIZE)
    row = frame.which.shape[0] // 2
    assert frame.feature_at(SIZE[0] / 2, row) == 0
    assert frame.feature_at(5, SIZE[1] - 5) is None
    red, green, blue = ((frame.image[row, SIZE[0] // 2] >> shift) & 255 for shift in (16, 8, 0))
    assert red > 1.8 * green > 1.8 * blue
    point = frame.point_at(SIZE[0] / 2, row)
    assert -10.01 <= point[0] <= 10.01
    assert 0 <= point[2] <= 50.01


def test_a_feature_that_the_filter_hides_does_not_hide_the_ground():
    scene = tower()
    hidden = replace(scene, layer=replace(scene.layer, shown=np.array([False])))
    frame = draw_scene(hidden, whole(scene), SIZE)
    assert frame.feature_at(SIZE[0] / 2, SIZE[1] / 2) is None


def test_selection_and_theme_change_colours_and_nothing_else():
    scene = tower()
    plain = draw_scene(scene, whole(scene), SIZE)
    chosen = draw_scene(replace(scene, selected=np.array([True])), whole(scene), SIZE)
    assert (plain.which == chosen.which).all()
    assert (plain.image != chosen.image).any()


@pytest.mark.parametrize(("azimuth", "elevation"), [(180.0, 45.0), (135.0, 30.0), (240.0, 60.0)])
def test_a_shadow_points_away_from_the_sun_and_is_as_long_as_the_height_over_its_tangent(azimuth, elevation):
    scene = replace(tower(side_m=4.0, height_m=40.0), sun=Sun(azimuth, elevation))
    camera = Camera((0.0, 0.0, 0.0), 0.0, 89.0, 600.0)
    shadow = cast(scene, camera, SIZE, never())
    lit = draw_scene(scene, camera, SIZE).image
    dark = draw_scene(scene, camera, SIZE, shadow=shadow).image
    length = 40.0 / math.tan(math.radians(elevation))
    away = math.radians(azimuth + 180.0)
    for share, expected in ((0.6, True), (0.9, True), (1.15, False)):
        east, north = share * length * math.sin(away), share * length * math.cos(away)
        px, py = camera.to_px(np.array([east, north, 0.0]), *SIZE)
        assert (dark[int(py), int(px)] != lit[int(py), int(px)]) == expected


def test_by_night_there_are_no_shadows_but_all_is_dark():
    scene = replace(tower(), sun=Sun(0.0, -20.0))
    assert cast(scene, whole(scene), SIZE, never()) is NO_SHADOW
    night, day = (draw_scene(one, whole(scene), SIZE).image for one in (scene, tower()))
    assert (night[-10, 200] & 255) < (day[-10, 200] & 255)


def test_level_ground_without_a_building_lies_in_no_shadow_of_its_own():
    scene = replace(tower(), sun=Sun(200.0, 12.0))
    empty = replace(scene, layer=replace(scene.layer, shown=np.array([False])))
    camera = whole(scene)
    shadow = cast(empty, camera, SIZE, never())
    assert (
        draw_scene(empty, camera, SIZE, shadow=shadow).image == draw_scene(empty, camera, SIZE).image
    ).all()


def test_the_map_lies_on_the_ground_where_it_is():
    park = StyledLayer("tree", "", Ragged.of([moved(box(50, 50, 150, 150))]), colour="#2e8b57")
    scene = replace(tower(), under=(park,))
    drape = draped(scene, scene.solids.extent, never())
    camera = Camera((0.0, 0.0, 0.0), 0.0, 89.0, 700.0)
    image = draw_scene(scene, camera, SIZE, coarse=drape).image

    def green_at(east: float, north: float) -> bool:
        px, py = camera.to_px(np.array([east, north, 0.0]), *SIZE)
        colour = int(image[int(py), int(px)])
        return (colour >> 8) & 255 > ((colour >> 16) & 255) + 40

    assert green_at(100, 100)
    assert not green_at(-100, 100)
    assert not green_at(100, -100)


def test_colours_that_could_be_seen_through_are_laid_over_the_colour_of_buildings():
    assert (opaque(np.array([0, 0x80404040], dtype=np.uint32)) >> np.uint32(24) == 255).all()


class TestCamera:
    def test_zooming_keeps_the_ground_under_the_hand(self):
        camera = Camera((10.0, 20.0, 0.0), 30.0, 40.0, 500.0)
        under = camera.on_level(100, 200, *SIZE)
        px, py = camera.nearer(2.0, under).to_px(under, *SIZE)
        assert (px, py) == pytest.approx((100, 200), abs=1e-6)

    def test_a_ray_through_a_pixel_meets_what_is_drawn_there(self):
        camera = Camera((10.0, 20.0, 5.0), 200.0, 25.0, 800.0)
        point = camera.on_level(250, 180, *SIZE)
        assert camera.to_px(point, *SIZE) == pytest.approx((250, 180), abs=1e-6)

    def test_it_neither_dives_under_the_ground_nor_tips_over(self):
        camera = Camera((0.0, 0.0, 0.0))
        assert camera.orbited(0, -500).elevation_deg > 0
        assert camera.orbited(0, 500).elevation_deg < 90

    def test_above_the_horizon_there_is_no_ground(self):
        assert Camera((0, 0, 0), 0, 10, 500).on_level(200, 0, *SIZE) is None

    def test_moving_up_goes_where_it_looks(self):
        x, y, _ = Camera((0.0, 0.0, 0.0), 90.0, 45.0, 500.0).moved(0, 100, 300).target
        assert x > 0
        assert y == pytest.approx(0, abs=1e-9)
