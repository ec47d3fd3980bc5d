"""Light on walls: open walls as pvlib has them, canyons by their closed form, and what must hold for every wall."""

import csv
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.jobs import Job
from sun.sky import lit_from_horizon
from sun.wall_light import Columns, Obstacles, Upright, column_light, hidden_by_far
from tests.sun.greensboro import open_plane, table
from tests.sun.test_far_terrain import ridge_in_the_south

WIDTH, TALL = 20.0, 15.0


@cache
def year():
    """The sky of the year as a whole."""
    return table().whole_year


@cache
def even_sky(bands=90):
    """A sky of even light alone, its bands tested at their middle."""
    sky = table("isotropic", bands=bands, albedo=0.0)
    middle = np.tan(np.radians((np.arange(bands) + 0.5) * 90 / bands))
    return replace(
        sky, beam=np.zeros_like(sky.beam), tan_elevation=np.tile(middle, (sky.azimuth_deg.size, 1))
    ).whole_year


def columns(column, row, facing_deg, *, lowest_m=1.5, storey_m=3.0, levels=1, skipped=0, kind=0):
    """Columns of places on walls; what is given once holds for all."""
    real = np.broadcast_arrays(
        *(np.asarray(one, np.float64) for one in (column, row, facing_deg, lowest_m, storey_m))
    )
    whole = np.broadcast_arrays(real[0], *(np.asarray(one, np.int64) for one in (levels, skipped, kind)))[1:]
    return Columns(*(np.atleast_1d(one).copy() for one in (*real, *whole)))


def light_of(height, sky, place, facing_deg, cell_m=1.0, **options):
    """Light on the places of one column, (levels, months)."""
    upright = Upright.of(sky, np.array([facing_deg]))
    return column_light(Obstacles.of(height, cell_m), sky, upright, place, **options)


def canyon(turn_deg, cells=1200, cell_m=1.0, with_opposite=True):
    """Walls of 15 m, 20 m apart about the middle of a raster; the canyon runs east, turned clockwise."""
    row, column = np.mgrid[:cells, :cells] + 0.5
    turn = np.radians(turn_deg)
    right, up = (column - cells / 2) * cell_m, (cells / 2 - row) * cell_m
    across = right * np.sin(turn) + up * np.cos(turn)  # from the middle, towards the northern wall
    built = across > WIDTH / 2
    if with_opposite:
        built |= across < -WIDTH / 2
    return np.where(built, np.float32(TALL), np.float32(0))


def on_northern_wall(turn_deg, cells=1200, cell_m=1.0, levels=5, spread=30):
    """Columns along the northern wall, which faces south when the canyon runs east."""
    turn = np.radians(turn_deg)
    along = np.linspace(-5.0, 5.0, spread)
    right = WIDTH / 2 * np.sin(turn) + along * np.cos(turn)
    up = WIDTH / 2 * np.cos(turn) - along * np.sin(turn)
    return [
        columns(cells / 2 + x / cell_m, cells / 2 - y / cell_m, 180.0 + turn_deg, levels=levels)
        for x, y in zip(right, up, strict=True)
    ]


@pytest.mark.parametrize(("azimuth", "within"), [(180, 3e-3), (90, 8e-3)])
@pytest.mark.parametrize("model", ["isotropic", "haydavies", "perez"])
def test_an_open_wall_receives_what_pvlib_sums_hour_by_hour(shared, model, azimuth, within):
    """East walls differ more: pvlib takes one sun in the middle of an hour, the table six."""
    with (shared / "reference" / "pvlib_tilt_cases.csv").open(encoding="utf-8") as file:
        rows = {row["case"]: row for row in csv.DictReader(file)}
    reference = float(rows[f"TMY3-Greensboro-90-{azimuth}-{model}"]["poa_global"])
    made = light_of(np.zeros((9, 9), np.float32), table(model), columns(4.5, 4.5, azimuth), azimuth)
    assert made.sum() == pytest.approx(reference, rel=within)


@pytest.mark.parametrize("azimuth", [0, 61, 90, 180, 233])
def test_an_open_wall_receives_the_sum_of_the_table(azimuth):
    made = light_of(np.zeros((9, 9), np.float32), table(), columns(4.5, 4.5, azimuth), azimuth)
    assert made.sum() == pytest.approx(open_plane(table(), 90, azimuth), rel=1e-4)


def test_half_of_an_even_sky_and_half_of_the_reflected_light_fall_on_an_open_wall():
    """Ground light of an open wall is ρ GHI / 2, as pvlib counts it: 156.6 kWh/m² at 0.2."""
    sky = table("isotropic")
    dark = replace(sky, beam=np.zeros_like(sky.beam))
    made = light_of(np.zeros((9, 9), np.float32), dark, columns(4.5, 4.5, 180.0), 180.0).sum()
    assert made == pytest.approx(341.1 + 156.6, rel=1e-3)


@pytest.mark.parametrize("turn", [0.0, 17.0, 30.0, 45.0])
def test_the_foot_of_an_endless_wall_sees_half_the_sky_however_it_lies_on_the_grid(turn):
    """The staircase in which an oblique wall stands on the grid does not shade the wall itself."""
    height = canyon(turn, with_opposite=False)
    sky = even_sky()
    whole = Upright.of(sky, np.array([180.0 + turn])).open[0]
    for place in on_northern_wall(turn, spread=10):
        assert light_of(height, sky, place, 180.0 + turn)[0] == pytest.approx(whole, rel=1e-6)


@pytest.mark.parametrize(("turn", "within"), [(0.0, 4e-3), (17.0, 0.015), (30.0, 0.015), (45.0, 0.015)])
def test_a_wall_of_a_canyon_sees_the_sky_above_the_wall_opposite(turn, within):
    """In closed form (1 − sin θ)/2 at every height z, tan θ = (15 − z)/20."""
    sky = even_sky()
    open_light = Upright.of(sky, np.array([180.0 + turn])).open[0]
    height = canyon(turn)
    seen = np.mean([light_of(height, sky, place, 180.0 + turn) for place in on_northern_wall(turn)], axis=0)
    z = 1.5 + 3.0 * np.arange(5)
    theta = np.arctan((TALL - z) / WIDTH)
    assert seen[:, 0] / open_light / 2 == pytest.approx((1 - np.sin(theta)) / 2, rel=within)


@pytest.mark.parametrize("cell_m", [0.5, 2.5])
def test_coarse_and_fine_cells_see_the_same_canyon(cell_m):
    sky = even_sky()
    cells = int(1000 / cell_m) // 2 * 2  # the walls fall on edges of cells
    place = on_northern_wall(0.0, cells, cell_m, spread=1)[0]
    made = light_of(canyon(0.0, cells, cell_m), sky, place, 180.0, cell_m)[:, 0]
    theta = np.arctan((TALL - 1.5 - 3.0 * np.arange(5)) / WIDTH)
    open_light = Upright.of(sky, np.array([180.0])).open[0]
    assert made / open_light == pytest.approx(1 - np.sin(theta), rel=6e-3)


def blocks(seed, cells=80):
    """Ground with blocks on it."""
    rng = np.random.default_rng(seed)
    height = np.zeros((cells, cells), np.float32)
    for _ in range(25):
        top, left = rng.integers(0, cells - 8, 2)
        height[top : top + rng.integers(3, 12), left : left + rng.integers(3, 12)] = rng.uniform(3, 40)
    return height


@settings(deadline=None)  # the first example compiles
@given(seed=st.integers(0, 50), x=st.floats(5, 75), y=st.floats(5, 75), facing=st.floats(0, 359.9))
def test_no_storey_gets_less_than_the_one_below(seed, x, y, facing):
    made = light_of(blocks(seed), year(), columns(x, y, facing, levels=12), facing)[:, 0]
    assert (np.diff(made) >= -1e-3).all()
    assert made[-1] <= Upright.of(year(), np.array([facing])).open[0] * (1 + 1e-5)


@settings(deadline=None)  # the first example compiles
@given(seed=st.integers(0, 50), x=st.floats(5, 75), y=st.floats(5, 75), facing=st.floats(0, 359.9))
def test_storeys_seen_together_get_what_each_gets_alone(seed, x, y, facing):
    """One ray serves all storeys: what it leaves out for one must not matter to another."""
    height, sky = blocks(seed), year()
    together = light_of(height, sky, columns(x, y, facing, levels=9), facing)
    alone = light_of(height, sky, columns(x, y, facing, lowest_m=1.5 + 3.0 * np.arange(9)), facing)
    assert together == pytest.approx(alone, rel=1e-5)


def test_storeys_that_need_not_be_looked_at_change_no_other():
    height, sky = blocks(3), year()
    whole = light_of(height, sky, columns(40.2, 39.7, 200.0, levels=9), 200.0)
    some = light_of(height, sky, columns(40.2, 39.7, 200.0, levels=9, skipped=4), 200.0)
    assert some[4:] == pytest.approx(whole[4:], rel=1e-6)
    assert some[:4] == pytest.approx(sky.ground[0])


def test_months_add_up_to_the_year():
    height, sky = blocks(1), table()
    place = columns(40.2, 39.7, 160.0, levels=9)
    months, year = light_of(height, sky, place, 160.0), light_of(height, sky.whole_year, place, 160.0)
    assert months.sum(axis=1) == pytest.approx(year[:, 0], rel=1e-5)


def test_the_number_of_threads_changes_no_digit():
    height, sky = blocks(2), year()
    rng = np.random.default_rng(5)
    many = 400
    x, y, levels = rng.uniform(5, 75, many), rng.uniform(5, 75, many), rng.integers(1, 9, many)
    places = columns(x, y, 170.0, levels=levels)
    one, two = (light_of(height, sky, places, 170.0, workers=workers) for workers in (1, 2))
    assert np.array_equal(one, two)


def test_what_is_unknown_obstructs_nothing():
    height = canyon(0.0, 400)
    height[height > 0] = np.nan
    place = on_northern_wall(0.0, 400, spread=1)[0]
    sky = year()
    whole = Upright.of(sky, np.array([180.0])).open[0, 0]
    assert light_of(height, sky, place, 180.0) == pytest.approx(np.full((5, 1), whole), rel=1e-6)


def test_true_south_is_turned_with_the_grid():
    """A wall that faces grid south where the grid is turned by 10° faces 190°, and its canyon turns with it."""
    sky = year()
    height = canyon(0.0)
    place = on_northern_wall(0.0, spread=1)[0]
    upright = Upright.of(sky, np.array([190.0]))
    turned = column_light(Obstacles.of(height, 1.0), sky, upright, place, convergence_deg=10.0)
    again = canyon(10.0)
    there = np.mean([light_of(again, sky, one, 190.0) for one in on_northern_wall(10.0)], axis=0)
    assert turned == pytest.approx(there, rel=0.02)


@pytest.mark.parametrize("facing", [180.0, 135.0, 90.0])
def test_a_far_ridge_hides_from_a_wall_what_stands_below_it(facing):
    """A ridge of 1,000 m, 5 km to the south: in azimuth φ its horizon is tan h = 0.2 |cos φ|, less the curvature."""
    sky, height = year(), np.zeros((200, 300), np.float32)
    place = columns(150.0, 100.0, facing, lowest_m=1.5, levels=3)
    far = ridge_in_the_south(5_000.0, 1_000.0)
    dark = hidden_by_far(far, height.shape, 1.0, sky, place, Job())
    behind = light_of(height, sky, replace(place, dark=dark), facing)
    drop = (1 - 0.13) * 5_000.0**2 / (2 * 6_371_000)
    south = -np.cos(np.radians(sky.azimuth_deg))
    horizon = np.degrees(np.arctan(np.maximum(0.0, (1_000.0 - drop) / 5_000.0 * south)))
    # At 20 km to either side the ridge of the table ends.
    horizon[south < np.sin(np.arctan(5 / 20))] = 0.0
    expected = Upright.of(sky, np.array([facing])).behind(lit_from_horizon(horizon[None], sky))
    assert behind == pytest.approx(np.repeat(expected, 3, axis=0), rel=5e-3)
    assert behind[0, 0] < 0.98 * Upright.of(sky, np.array([facing])).open[0, 0]


def test_a_wall_at_the_very_edge_of_the_surface_sees_the_mountains_too():
    sky = year()
    far = ridge_in_the_south(5_000.0, 1_000.0)
    edge = columns([0.0, 300.0, 150.0], [100.0, 200.0, 200.4], 180.0)
    dark = hidden_by_far(far, (200, 300), 1.0, sky, edge, Job())
    south = int(np.argmin(np.abs(sky.azimuth_deg - 180.0)))
    assert (dark[:, south] == dark[0, south]).all() and dark[0, south] > 0


def test_a_measured_wall_is_not_shaded_by_its_own_eaves():
    """Cells of the roof up to 1.5 cells before the outline obstruct nothing if so much is kept clear."""
    height = canyon(0.0, 400, with_opposite=False)
    height[190:191] = TALL  # the roof stands one cell over its outline
    place = on_northern_wall(0.0, 400, spread=1)[0]
    sky = year()
    whole = Upright.of(sky, np.array([180.0])).open[0]
    assert light_of(height, sky, place, 180.0, clear_m=1.5)[0] == pytest.approx(whole, rel=1e-6)
    assert light_of(height, sky, place, 180.0)[0] < 0.4 * whole


def test_a_tower_of_six_hundred_metres_is_lit_from_its_foot_to_its_top():
    """150 storeys; a neighbour of 300 m, 30 m to the south, darkens those below its roof."""
    height = np.zeros((900, 300), np.float32)
    height[400:430, 100:200] = 600.0
    height[460:490, 100:200] = 300.0
    made = light_of(
        height,
        year(),
        columns(150.0, 430.0, 180.0, lowest_m=2.0, storey_m=4.0, levels=150),
        180.0,
    )
    whole = Upright.of(year(), np.array([180.0])).open[0]
    assert made[75:, 0] == pytest.approx(np.full(75, whole), rel=1e-6)
    assert made[0, 0] < 0.65 * whole
