"""Equivalent rectangles: a rectangle stands for a field of any shape without erring much, and hardly ever downwards."""

import numpy as np
import pytest
import shapely
from shapely import box

from core.jobs import Job
from potential.ground_heat.equivalent import equivalent_rectangles
from potential.ground_heat.layout import layout
from potential.ground_heat.pair_sums import field_sums, finite_line_source
from potential.ground_heat.usable import usable_ground
from standards import SHIPPED
from standards.taken import Taken
from tests.potential.ground_heat.fields_of_boreholes import (
    HEAD,
    LATE,
    RADIUS,
    B,
    H,
    g_of,
    g_of_rectangle,
    ten_shapes,
)

YEAR_S = 8760 * 3600.0


def rectangles(*shapes, length=H):
    fields = layout(np.array(shapes, dtype=object), B, Job())
    return fields, equivalent_rectangles(fields, length, Job(), head_m=HEAD, radius_m=RADIUS)


@pytest.mark.parametrize(("distance", "response"), [(25, 0.43527), (50, 0.10131), (100, 0.003106)])
def test_the_finite_line_source_has_its_reference_values(distance, response):
    assert finite_line_source(distance, 25 * YEAR_S, 100, 2, 1e-6) == pytest.approx(response, rel=2e-4)


@pytest.mark.parametrize("distance", [0.075, 5.0, 50.0, 200.0])
@pytest.mark.parametrize("time", [1e6, 1e8, 1e10])
def test_the_finite_line_source_is_that_of_pygfunction(distance, time):
    gt = pytest.importorskip("pygfunction", reason="pygfunction is not installed")
    one = gt.boreholes.Borehole(100.0, 2.0, 0.075, 0.0, 0.0)
    other = one if distance == 0.075 else gt.boreholes.Borehole(100.0, 2.0, 0.075, distance, 0.0)
    expected = float(np.squeeze(gt.heat_transfer.finite_line_source(time, 1e-6, one, other)))
    assert float(finite_line_source(distance, time, 100, 2, 1e-6)) == pytest.approx(expected, abs=1e-12)


def test_the_sum_of_two_holes_is_their_own_and_that_of_the_other():
    responses = np.array([[6.0, 2.0, 1.5, 0.0, 1.0]])
    cells = np.array([[0, 0], [0, 2], [0, 0], [1, 1]], dtype=np.int32)
    assert field_sums(cells, np.array([0, 2, 4]), responses).ravel().tolist() == [7.0, 7.5]


def test_sums_of_large_fields_are_the_same_by_fourier_transform(monkeypatch):
    cells = np.argwhere(np.random.default_rng(0).random((60, 40)) < 0.7).astype(np.int32)
    responses = np.exp(-np.arange(900) / 200)[None, :]
    start = np.array([0, len(cells)])
    square = ((cells[:, None] - cells[None]) ** 2).sum(axis=2)
    expected = np.where(square < 900, np.exp(-square / 200), 0).sum() / len(cells)
    assert len(cells) > 1500
    assert field_sums(cells, start, responses)[0, 0] == pytest.approx(expected, rel=1e-9)
    few = field_sums(cells[:1400], np.array([0, 1400]), responses)[0, 0]
    assert few == pytest.approx(np.where(square < 900, np.exp(-square / 200), 0)[:1400, :1400].sum() / 1400)


@pytest.mark.parametrize("sides", [(1, 1), (2, 1), (7, 1), (3, 3), (10, 10), (20, 5), (12, 9), (40, 40)])
@pytest.mark.parametrize("length", [60.0, 100.0, 150.0])
def test_a_rectangle_stands_for_itself(sides, length):
    long, short = sides
    _, found = rectangles(box(0, 0, (long - 1) * B + 0.1, (short - 1) * B + 0.1), length=length)
    assert (found.long[0], found.short[0]) == pytest.approx((long, short), rel=0.02)
    assert found.spacing_m[0] == pytest.approx(B, rel=0.01)


def test_no_holes_stand_for_no_rectangle():
    _, found = rectangles(shapely.Polygon(), box(0, 0, 1, 1))
    assert found.long.tolist() == [0.0, 1.0]
    assert found.short.tolist() == [0.0, 1.0]


def test_sides_of_a_rectangle_hold_as_many_holes_as_the_field():
    fields, found = rectangles(*ten_shapes().values())
    assert found.long * found.short == pytest.approx(fields.count)
    assert (found.long >= found.short - 1e-9).all()
    assert (found.short >= 1 - 1e-9).all()


def test_lengths_of_each_field_are_heeded():
    shape = ten_shapes()["U"]
    _, both = rectangles(shape, shape, length=[60.0, 150.0])
    _, one = rectangles(shape, length=60.0)
    _, other = rectangles(shape, length=150.0)
    assert both.short.tolist() == [one.short[0], other.short[0]]


def test_two_holes_far_apart_stand_as_wide_apart():
    _, found = rectangles(box(0, 0, 0.2, 0.2) | box(25, 0, 25.2, 0.2))
    assert (found.long[0], found.short[0]) == (2.0, 1.0)
    assert found.spacing_m[0] == pytest.approx(25.0, rel=0.02)


@pytest.mark.slow
@pytest.mark.parametrize("name", list(ten_shapes()))
def test_the_rectangle_of_each_shape_warms_like_it(name):
    """By pygfunction on both sides: from some years to a life, within 5 % and no more than 3 % too cool."""
    fields, found = rectangles(ten_shapes()[name])
    field = g_of(fields.points)
    error = g_of_rectangle(found.long[0], found.short[0], float(found.spacing_m[0])) / field - 1
    assert error.max() < 0.05
    assert error.min() > -0.03


def suzhou_grounds(shared):
    """Usable grounds of old Suzhou: blocks of a grid over its footprints, as no parcels of it are published."""
    import geopandas as gpd

    from layers.city import City

    buildings = gpd.read_file(shared / "data" / "cn_suzhou_buildings" / "suzhou_buildings.gpkg").to_crs(4549)
    buildings = gpd.GeoDataFrame(geometry=buildings.geometry.make_valid(), crs=4549)
    west, south, east, north = buildings.total_bounds
    blocks = [
        box(x, y, x + 90, y + 70)
        for x in np.arange(west, east - 90, 130)
        for y in np.arange(south, north - 70, 130)
    ]
    city = City(
        "苏州", buildings.crs, {"parcel": gpd.GeoDataFrame(geometry=blocks, crs=4549), "building": buildings}
    )
    return usable_ground(city, B, Taken(SHIPPED), Job()).shapes


def sample_grounds():
    import sample_city
    from layers.city import City

    made = sample_city.generate()
    city = City("青禾", made.tables["parcel"].crs, made.tables)
    return usable_ground(city, B, Taken(SHIPPED), Job()).shapes


def errors_of(grounds, count):
    """Errors of g of some of the grounds with 8 to 120 holes, evenly over all, shape (count, times)."""
    fields, found = rectangles(*grounds)
    fit = np.flatnonzero((fields.count >= 8) & (fields.count <= 120))
    errors = []
    for one in fit[np.linspace(0, len(fit) - 1, count).astype(int)]:
        field = g_of(fields.points[fields.start[one] : fields.start[one + 1]], method="equivalent")
        sides = float(found.long[one]), float(found.short[one]), float(found.spacing_m[one])
        errors.append(g_of_rectangle(*sides, method="equivalent") / field - 1)
    return np.array(errors)


@pytest.mark.slow
def test_rectangles_of_the_grounds_of_the_sample_city_warm_like_them():
    errors = errors_of(sample_grounds(), 20)[:, LATE]
    assert errors.max() < 0.10
    assert errors.min() > -0.03


@pytest.mark.slow
def test_rectangles_of_the_grounds_between_the_houses_of_suzhou_warm_like_them(shared):
    """Blocks cut from old town: a dense block with outlying holes is up to 13 % too warm, which is the safe side."""
    errors = errors_of(suzhou_grounds(shared), 20)[:, LATE]
    assert np.quantile(errors.max(axis=1), 0.9) < 0.10
    assert errors.max() < 0.13
    assert errors.min() > -0.03
