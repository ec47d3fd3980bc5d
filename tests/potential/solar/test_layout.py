"""Modules drawn one by one: how many fit, how far apart their rows stand, and what they leave free."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import rotate
from shapely.geometry import box

from core.problems import UserError
from layers.city import City
from layers.weather_stations import weather_for
from potential.solar.grids import Grid, fitted, places
from potential.solar.layout import Layout, LayoutRules, LayoutSettings, layout_of
from potential.solar.modules import gap_over_height
from potential.solar.rows import gap_for_loss, light_on_rows
from sun.sky import SkyTable, sky_table
from tests.sun.measured import CRS_M, X, Y

SHANGHAI = 31.2
ROOF = box(X, Y, X + 30, Y + 20)
ROOM = box(X + 1.1, Y + 1.1, X + 28.9, Y + 18.9)  # inside the set-back of 1.1 m
FIELD = City("测试市", CRS_M)
RULES = LayoutRules.of(FIELD, LayoutSettings())


@cache
def sky() -> SkyTable:
    weather = weather_for("上海")
    return sky_table(weather.hours, weather.latitude, weather.longitude, azimuths=36, bands=24)


def laid(
    room: shapely.Geometry = ROOM,
    tilt_deg: float = 0.0,
    azimuth_deg: float = 180.0,
    footprint: shapely.Geometry = ROOF,
    rules: LayoutRules = RULES,
    latitude: float = SHANGHAI,
    **wanted: Any,
) -> Layout:
    index = pd.Index(["B1-1"], name="roof_plane_id")
    columns = {"building_id": ["B1"], "plane_tilt_deg": [tilt_deg], "plane_azimuth_deg": [azimuth_deg]}
    rooms = gpd.GeoDataFrame(columns, geometry=[room], crs=CRS_M, index=index)
    planes = rooms.assign(pv_kwp=50.0, pv_kwh_per_year=50_000.0)
    return layout_of(
        footprint,
        planes,
        rooms,
        sky(),
        (0.757, 0.9),
        LayoutSettings(**wanted),
        rules,
        latitude=latitude,
        convergence_deg=0.0,
    )


def test_a_flat_roof_of_thirty_by_twenty_metres_holds_what_a_count_by_hand_gives() -> None:
    """Upright: length 2.278 m at 15° is 2.200 m deep and 0.590 m high, the gap 1.9402 x 0.590 = 1.144 m, the pitch
    3.344 m: (17.8 - 2.200) / 3.344 + 1 = 5 rows; modules of 1.134 m and 0.02 m between: 27.82 / 1.154 = 24 in a row.
    """
    made = laid(orientation="portrait")
    assert made.planes["row_pitch_m"].iloc[0] == pytest.approx(3.344, abs=1e-3)
    assert len(made.modules) == 5 * 24
    assert made.modules["module_row"].value_counts().tolist() == [24] * 5
    assert made.kwp == pytest.approx(120 * 2.278 * 1.134 * 0.210, abs=0.01)


def test_the_same_roof_across_counted_by_hand() -> None:
    """Across: 1.134 m at 15° is 1.095 m deep and 0.2935 m high, its gap of 0.569 m is less than the aisle of 0.65 m:
    (17.8 - 1.095) / 1.745 + 1 = 10 rows of 27.82 / 2.298 = 12 modules.
    """
    made = laid(orientation="landscape")
    assert made.planes["row_pitch_m"].iloc[0] == pytest.approx(1.095 + 0.65, abs=1e-3)
    assert len(made.modules) == 10 * 12


def test_the_better_orientation_is_kept() -> None:
    counts = [len(laid(orientation=one).modules) for one in ("portrait", "landscape")]
    assert len(laid(orientation="best").modules) == max(counts)


@given(tilt=st.floats(5, 35), latitude=st.floats(18, 50))
def test_the_pitch_of_the_norm_is_that_of_its_formula(tilt: float, latitude: float) -> None:
    """D = L cos b + L sin b (0.707 tan p + 0.4338) / (0.707 - 0.4338 tan p)."""
    slope = np.tan(np.radians(latitude))
    length, angle = 2.278, np.radians(tilt)
    by_hand = length * np.cos(angle) + length * np.sin(angle) * (0.707 * slope + 0.4338) / (
        0.707 - 0.4338 * slope
    )
    assert length * (np.cos(angle) + np.sin(angle) * gap_over_height(latitude)) == pytest.approx(by_hand)


@pytest.mark.parametrize("limit", [0.01, 0.03, 0.06])
def test_the_pitch_by_loss_loses_just_what_is_allowed(limit: float) -> None:
    gap = gap_for_loss(sky(), 15.0, 180.0, limit)
    behind, alone = light_on_rows(sky(), 15.0, 180.0, gap)
    assert 1 - behind.sum() / alone.sum() == pytest.approx(limit, abs=0.002)
    closer, _ = light_on_rows(sky(), 15.0, 180.0, 0.9 * gap)
    assert 1 - closer.sum() / alone.sum() > limit


def test_wide_rows_lose_nothing_and_touching_rows_lose_much() -> None:
    for gap, low, high in ((50.0, 0.0, 0.002), (0.0, 0.15, 0.6)):
        behind, alone = light_on_rows(sky(), 30.0, 180.0, gap)
        assert low <= 1 - behind.sum() / alone.sum() <= high


def test_a_greater_loss_makes_room_for_more_rows_that_yield_less_each() -> None:
    rules = [LayoutRules.of(FIELD, LayoutSettings(most_loss=loss)) for loss in (0.05, 0.01)]
    near, far = (laid(rules=one, pitch="loss") for one in rules)
    assert near.kwp > far.kwp
    assert near.kwh_per_year / near.kwp < far.kwh_per_year / far.kwp


def test_so_far_north_that_the_sun_stays_down_the_norm_gives_no_pitch() -> None:
    with pytest.raises(UserError, match="So far north"):
        laid(latitude=70.0)
    assert len(laid(latitude=70.0, pitch="loss").modules) > 0


def test_flush_modules_are_shorter_in_plan_by_the_cosine_of_the_slope() -> None:
    made = laid(tilt_deg=30.0)
    areas = shapely.area(made.modules.geometry.to_numpy())
    assert areas == pytest.approx(2.278 * 1.134 * np.cos(np.radians(30)))
    assert (made.modules["module_tilt_deg"] == 30.0).all()
    assert made.planes["row_loss"].iloc[0] == 0.0


def test_flush_rows_leave_a_path_after_every_fourth() -> None:
    rows = laid(tilt_deg=0.01, orientation="landscape").modules.geometry.bounds["miny"].unique()
    gaps = np.diff(np.sort(rows)) - 1.134
    assert gaps[:4] == pytest.approx([0.02, 0.02, 0.02, 0.65], abs=1e-3)


def test_blocks_of_at_most_forty_metres_are_parted_by_fire_aisles() -> None:
    """100 m: blocks of 34 modules (39.2 m) with aisles of 1.6 m between: 34 + 34 + 15 = 83 or so in a row."""
    made = laid(box(X, Y, X + 100, Y + 90), orientation="portrait")
    row = made.modules[made.modules["module_row"] == 1].geometry.bounds.sort_values("minx")
    gaps = row["minx"].to_numpy()[1:] - row["maxx"].to_numpy()[:-1]
    assert set(np.round(gaps, 3)) == {0.02, 1.6}
    blocks = np.split(np.arange(len(row)), np.flatnonzero(gaps > 1) + 1)
    spans = [row["maxx"].iloc[one[-1]] - row["minx"].iloc[one[0]] for one in blocks]
    assert max(spans) <= 40.0
    lows = np.sort(made.modules.geometry.bounds["miny"].unique())
    between = np.diff(lows) - 2.278 * np.cos(np.radians(15))
    assert between.max() == pytest.approx(1.6, abs=1e-3)
    assert between.min() == pytest.approx(1.144, abs=1e-3)


@settings(max_examples=40, deadline=None)
@given(
    points=st.lists(st.tuples(st.floats(0, 60), st.floats(0, 60)), min_size=5, max_size=12),
    hole=st.tuples(st.floats(10, 50), st.floats(10, 50), st.floats(1, 8)),
    facing=st.floats(0, 360),
)
def test_no_module_leaves_the_roof_or_lies_on_another(
    points: list[tuple[float, float]], hole: tuple[float, float, float], facing: float
) -> None:
    room = shapely.make_valid(shapely.Polygon(points)).difference(shapely.Point(hole[:2]).buffer(hole[2]))
    room = shapely.MultiPolygon([one for one in shapely.get_parts(room) if one.geom_type == "Polygon"])
    line = places(90.0, 1.134, 0.02, block_m=40, aisle_m=1.6)
    grid = Grid(line, places(90.0, 2.2, 1.1, block_m=40, aisle_m=1.6), 1.134, 2.2)
    modules = shapely.polygons(fitted(room, facing, grid).corners)
    assert shapely.covers(room.buffer(1e-5), modules).all()
    if len(modules):
        assert shapely.area(shapely.union_all(modules)) == pytest.approx(len(modules) * 1.134 * 2.2, rel=1e-6)


def test_a_turned_roof_takes_rows_along_its_axes_where_they_yield_more() -> None:
    """A bar of 60 m by 8 m turned by 20°: rows due south are cut short by its edges."""
    bar = rotate(box(X, Y, X + 60, Y + 8), 20)
    made = laid(bar, footprint=bar)
    assert made.planes["module_azimuth_deg"].iloc[0] == pytest.approx(160.0, abs=0.1)
    square = laid()
    assert square.planes["module_azimuth_deg"].iloc[0] == 180.0


def test_both_figures_are_given_and_differ_by_edges_and_whole_modules() -> None:
    made = laid(orientation="portrait")
    assert made.area_kwp == pytest.approx(27.8 * 17.8 * 0.757 * 0.21, abs=0.01)
    assert made.coefficient_kwp == 50.0
    assert 0.75 < made.kwp / made.area_kwp < 1.05


def test_rows_as_assessed_yield_what_was_assessed() -> None:
    """Facing south at the pitch of the norm a kilowatt gives the 1,000 kWh of the assessment."""
    made = laid(orientation="portrait")
    assert made.kwh_per_year / made.kwp == pytest.approx(1000.0, rel=1e-3)


def test_a_part_too_small_for_a_module_holds_none() -> None:
    made = laid(box(X, Y, X + 1, Y + 1))
    assert (len(made.modules), made.kwp) == (0, 0.0)


def test_modules_of_another_size_are_laid_out_by_their_own() -> None:
    small = laid(rules=replace(RULES, module_m=(1.722, 1.134)), orientation="portrait")
    assert small.kwp == pytest.approx(len(small.modules) * 1.722 * 1.134 * 0.21, abs=0.01)
    assert len(small.modules) > 120
