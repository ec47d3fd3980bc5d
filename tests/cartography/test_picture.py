"""Pictures show what the layers say: colours, outlines, hatches, cells, rasters and relief."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from affine import Affine
from PIL import Image
from pyproj import CRS
from shapely.geometry import Point, box

from cartography import frame
from cartography.aggregate import cell_at, gathered, is_gathered
from cartography.classes import categories, continuous, grades, graduated
from cartography.colours import rgb
from cartography.layers import StyledLayer, extent_of
from cartography.picture import draw, png
from cartography.ragged import Ragged
from cartography.raster_picture import hillshade
from cartography.view import View
from core import look
from layers.city import Raster

SQUARE = (0.0, 0.0, 10.0, 10.0)
TWO = Ragged.of([box(0, 0, 5, 10), box(5, 0, 10, 10)])


def raster(values, cell: float = 1.0) -> Raster:
    values = np.asarray(values, dtype=np.float32)
    return Raster(values, Affine(cell, 0, 0, 0, -cell, len(values) * cell), CRS.from_epsg(4513))


def test_each_feature_has_the_colour_of_its_class():
    classes = graduated([0.0, 9.0], method="manual", breaks=(5,))
    picture = draw(
        [StyledLayer("l", "", TWO, values=np.array([1.0, 9.0]), classes=classes)], SQUARE, (20, 20)
    )
    assert tuple(picture[10, 2]) == (*rgb(classes.colours[0]), 255)
    assert tuple(picture[10, 17]) == (*rgb(classes.colours[1]), 255)


def test_where_nothing_lies_the_ground_shows():
    layer = StyledLayer("l", "", Ragged.of([box(0, 0, 1, 1)]))
    assert tuple(draw([layer], SQUARE, (20, 20))[2, 10]) == (*rgb(look.MAP_GROUND), 255)
    assert draw([layer], SQUARE, (20, 20), ground="")[2, 10, 3] == 0


def test_a_layer_that_is_not_visible_is_not_drawn():
    layer = StyledLayer("l", "", TWO, colour="#000000", visible=False)
    assert (draw([layer], SQUARE, (8, 8))[..., :3] == rgb(look.MAP_GROUND)).all()


def test_filtered_features_and_classes_switched_off_show_neither_fill_nor_outline():
    classes = categories(["a", "b"])
    layer = StyledLayer("l", "", TWO, values=np.array(["a", "b"], object), classes=classes, outline="#000000")
    for hidden in (
        replace(layer, shown=np.array([True, False])),
        replace(layer, hidden_classes=frozenset({1})),
    ):
        picture = draw([hidden], SQUARE, (40, 40), ground="")
        assert not picture[:, 20:, 3].any()
        assert picture[:, :18, 3].all()
        assert hidden.at(7, 5).size == 0
        assert hidden.at(2, 5).tolist() == [0]


def test_outlines_lie_between_neighbours_and_not_along_the_rim_of_the_picture():
    layer = StyledLayer("l", "", TWO, colour="#ffffff", outline="#000000", outline_px=1.0)
    picture = draw([layer], SQUARE, (40, 40))
    dark = (picture[..., :3] < 128).all(axis=2)
    assert dark[:, 19:21].all()
    assert not dark[:, [0, 5, 39]].any()


def test_small_features_are_drawn_without_outlines():
    layer = StyledLayer("l", "", TWO, colour="#ffffff", outline="#000000")
    assert (draw([layer], (-20.0, -20.0, 30.0, 30.0), (25, 25))[..., :3] > 128).all()


def test_an_unfilled_layer_shows_its_outlines_only():
    layer = StyledLayer(
        "l", "", Ragged.of([box(2, 2, 8, 8)]), filled=False, outline="#ff0000", outline_px=1.0
    )
    picture = draw([layer], SQUARE, (40, 40), ground="")
    assert picture[20, 20, 3] <= 1
    assert picture[20, 8, 3] == 255


def test_selected_features_are_outlined_in_the_accent():
    layer = StyledLayer("l", "", Ragged.of([box(2, 2, 8, 8)]), colour="#ffffff")
    picture = draw([layer], SQUARE, (60, 60), selected={"l": np.array([True])})
    assert tuple(picture[30, 12, :3]) == rgb(look.LIGHT["accent"])
    assert tuple(picture[30, 30, :3]) == (255, 255, 255)


def test_forbidden_is_hatched_and_suitable_is_not():
    values = np.array(["suitable", "forbidden"], object)
    picture = draw([StyledLayer("l", "", TWO, values=values, classes=grades())], SQUARE, (80, 80))
    assert len(np.unique(picture[:, 4:36].reshape(-1, 4), axis=0)) == 1
    assert len(np.unique(picture[:, 44:76].reshape(-1, 4), axis=0)) > 1


def test_hatches_stay_still_on_the_ground_while_the_map_moves():
    layer = StyledLayer("l", "", Ragged.of([box(-100, -100, 100, 100)]), hatch="forbidden")
    here = draw([layer], (0, 0, 40, 40), (40, 40))
    moved = draw([layer], (5, -3, 45, 37), (40, 40))
    assert np.array_equal(here[3:, 5:], moved[:-3, :-5])


def test_opacity_mixes_with_what_lies_below():
    layers = [
        StyledLayer("a", "", TWO, colour="#000000"),
        StyledLayer("b", "", TWO, colour="#ffffff", opacity=0.5),
    ]
    assert abs(int(draw(layers, SQUARE, (8, 8))[4, 4, 0]) - 128) <= 1


def test_a_new_style_of_the_same_geometry_draws_nothing_anew(monkeypatch):
    view = View.fitting(SQUARE, 20, 20)
    layer = StyledLayer("l", "", TWO, colour="#ff0000")
    first = frame.drawn(layer, view, frame.never())
    monkeypatch.setattr(frame, "rasterised", lambda *_: pytest.fail("the geometry was drawn again"))
    second = frame.drawn(replace(layer, colour="#0000ff"), view, frame.never(), before=first)
    assert second.ids.buffer is first.ids.buffer
    assert (second.image == 0xFF0000FF).all()


def test_a_picture_for_paper_has_lines_and_points_as_wide_in_millimetres():
    layer = StyledLayer("l", "", Ragged.of([Point(5, 5)]), colour="#000000", point_px=8.0)
    small = (draw([layer], SQUARE, (60, 60))[..., 0] < 128).sum()
    large = (draw([layer], SQUARE, (180, 180), px_ratio=3.0)[..., 0] < 128).sum()
    assert large == pytest.approx(9 * small, rel=0.1)


def many(n: int = 400) -> Ragged:
    return Ragged.of(
        [box(10 * (i % 20), 10 * (i // 20), 10 * (i % 20) + 5, 10 * (i // 20) + 5) for i in range(n)]
    )


def test_features_too_small_to_be_told_apart_are_gathered_into_cells():
    layer = StyledLayer("l", "", many())
    assert not is_gathered(layer, 5.0)
    assert is_gathered(layer, 10.0)
    assert not is_gathered(replace(layer, gathered="never"), 10.0)


def test_cells_are_four_to_eight_pixels_wide():
    for m_per_px in (0.7, 3.0, 36.0):
        assert 4 <= cell_at(m_per_px) / m_per_px < 8


def test_a_cell_shows_the_mean_by_the_classes_of_the_layer():
    ragged = many()
    values = np.where(np.arange(400) % 20 < 10, 10.0, 50.0)
    classes = graduated(values, method="manual", breaks=(30,))
    done = gathered(
        StyledLayer("l", "", ragged, values=values, classes=classes), View.fitting((0, 0, 200, 200), 20, 20)
    )
    assert done.classes is classes
    colours = {tuple(rgb(colour)) for colour in classes.colours}
    opaque = replace(StyledLayer("l", "", ragged, values=values, classes=classes))
    picture = draw([opaque], (0, 0, 200, 200), (20, 20), ground="")
    found = {tuple(int(c) for c in pixel[:3]) for pixel in picture.reshape(-1, 4) if pixel[3]}
    assert all(
        min(max(abs(a - b) for a, b in zip(one, two, strict=True)) for two in colours) <= 4 for one in found
    )


def test_sums_of_cells_get_classes_of_their_own():
    values = np.full(400, 2.0)
    values[:200] = 4.0
    classes = graduated(values, unit="MWh")
    layer = StyledLayer("l", "", many(), values=values, classes=classes, gathered="sum")
    done = gathered(layer, View.fitting((0, 0, 200, 200), 20, 20))
    assert done.classes.edges[-1] > classes.edges[-1]
    assert done.classes.unit == "MWh"


def test_a_raster_is_coloured_by_its_classes_and_clear_where_nothing_is_known():
    values = raster([[0.0, 1.0], [np.nan, 1.0]])
    classes = continuous([0.0, 1.0], ramp=("#000000", "#ffffff"))
    picture = draw([StyledLayer("r", "", raster=values, classes=classes)], (0, 0, 2, 2), (2, 2), ground="")
    assert picture[0, 0, 0] == 0 and picture[0, 1, 0] == 255
    assert picture[1, 0, 3] == 0


def test_a_pixel_over_many_cells_shows_their_mean():
    values = raster(np.indices((8, 8)).sum(axis=0) % 2)
    classes = continuous(values.values, ramp=("#000000", "#ffffff"))
    picture = draw([StyledLayer("r", "", raster=values, classes=classes)], (0, 0, 8, 8), (2, 2))
    assert np.abs(picture[..., 0].astype(int) - 127).max() <= 2


def test_a_slope_to_the_north_west_is_light_and_one_to_the_south_east_dark():
    rows, columns = np.indices((9, 9))
    flat = hillshade(raster(np.zeros((9, 9))))[4, 4]
    up_to_south_east = hillshade(raster(0.3 * (rows + columns)))[4, 4]
    assert up_to_south_east > flat > hillshade(raster(-0.3 * (rows + columns)))[4, 4]
    assert flat == pytest.approx(np.sin(np.radians(45)))


def test_the_value_of_a_raster_is_read_at_a_point():
    layer = StyledLayer("r", "", raster=raster([[1.0, 2.0], [3.0, 4.0]]))
    assert layer.value_at(1.5, 0.5) == 4.0
    assert np.isnan(layer.value_at(5, 5))


def test_a_png_file_reads_back_as_the_picture():
    picture = draw([StyledLayer("l", "", TWO, colour="#12345680")], SQUARE, (13, 7), ground="")
    assert np.array_equal(np.asarray(Image.open(BytesIO(png(picture, dpi=300)))), picture)


def test_a_layer_needs_geometry_or_a_raster_and_values_for_every_feature():
    with pytest.raises(ValueError, match="either"):
        StyledLayer("l", "")
    with pytest.raises(ValueError, match="2 features, but 3 values"):
        StyledLayer("l", "", TWO, values=np.zeros(3))


def test_the_extent_of_layers_leaves_out_those_that_hold_nothing():
    layers = [StyledLayer("a", "", Ragged.of([None])), StyledLayer("b", "", TWO)]
    assert extent_of(layers) == SQUARE


def test_a_view_shows_the_whole_extent_in_its_middle():
    view = View.fitting((0, 0, 100, 20), 200, 100)
    assert view.bounds == (0, -15, 100, 35)
    assert view.to_px(50, 10) == (100, 50)
    assert view.to_world(100, 50) == (50, 10)
