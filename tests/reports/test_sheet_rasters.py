"""Rasters and relief on map sheets: what they show, what they say of themselves, and what happens without them."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import replace

import numpy as np
import pytest
from affine import Affine
from PIL import Image

from core.texts import speaking
from layers.city import City, Raster
from plans import Part
from reports.sheets.content import Composer, Imprint
from reports.sheets.declared import SheetRaster, Words, sheets
from reports.sheets.drawing import Mapper, frame_of
from reports.sheets.material import Missing, Sources
from reports.sheets.paper import Frame
from reports.sheets.raster_layer import relief, values_drawn
from tests.reports.small_plan import assessments, city, plan

FRAME = Frame(0, 1000, 50, 50, 20_000)  # a square kilometre
DECLARED = SheetRaster(
    "heat_flow_mw_per_m2", "heat_flow_mw_per_m2", Words("大地热流", "Heat flow"), area=True
)


def raster(values, cell_m: float, north: float = 1000.0) -> Raster:
    return Raster(np.asarray(values, np.float32), Affine(cell_m, 0, 0, 0, -cell_m, north), None)  # type: ignore[arg-type]


def image_of(part: str) -> Image.Image:
    (data,) = re.findall(r"base64,([^\"]+)", part)
    return Image.open(io.BytesIO(base64.b64decode(data)))


def with_rasters(**rasters: Raster) -> City:
    given = city()
    west, _, _, north = given.tables["parcel"].total_bounds
    placed = {
        name: replace(
            one, transform=Affine(one.cell_m, 0, west - 500, 0, -one.cell_m, north + 500), crs=given.crs
        )
        for name, one in rasters.items()
    }
    return replace(given, rasters=placed)


def test_level_ground_has_no_relief():
    (part,) = relief(raster(np.full((100, 100), 400.0), 10), FRAME)
    assert np.asarray(image_of(part))[..., 1].max() == 0


def test_a_slope_turned_from_the_north_west_lies_in_the_shade_and_one_turned_to_it_in_the_light():
    rows, columns = np.mgrid[0:100, 0:100]
    (shaded,) = relief(raster(-3.0 * (rows + columns), 10), FRAME)
    (lit,) = relief(raster(3.0 * (rows + columns), 10), FRAME)
    grey, cover = np.moveaxis(np.asarray(image_of(shaded))[50:-50, 50:-50], -1, 0)
    assert cover.min() > 0 and grey.max() < 128
    grey, cover = np.moveaxis(np.asarray(image_of(lit))[50:-50, 50:-50], -1, 0)
    assert cover.min() > 0 and grey.min() == 255


def test_a_raster_is_drawn_with_300_dots_an_inch_of_paper():
    (part,), _ = values_drawn(DECLARED, raster(np.linspace(55, 85, 10_000).reshape(100, 100), 10), FRAME)
    assert image_of(part).size == (591, 591)


def test_the_legend_of_a_raster_adds_up_the_area_of_its_cells():
    values = np.full((100, 100), np.nan)
    values[:50] = 60
    values[50:60] = 80
    (_,), legend = values_drawn(replace(DECLARED, breaks=(70,)), raster(values, 10), FRAME)
    assert [row.amount for row in legend.rows] == ["50.0\u00a0ha", "10.0\u00a0ha"]
    assert legend.title == "Heat flow (mW/m²)"


def test_nothing_is_drawn_where_a_raster_has_no_value():
    values = np.full((100, 100), 60.0)
    values[:, :50] = np.nan
    (part,), _ = values_drawn(
        replace(DECLARED, breaks=(50,)), raster(values, 1, 1000), Frame(0, 1000, 50, 50, 2_000)
    )
    index = np.asarray(image_of(part))
    assert (index[:, : index.shape[1] // 2 - 7] == 0).all()
    assert (index[:, index.shape[1] // 2 + 7 :] == 2).all()


def test_coarse_cells_are_joined_between_their_centres():
    (part,), _ = values_drawn(
        replace(DECLARED, breaks=(55, 60, 65)), raster([[50, 70], [50, 70]], 500), FRAME
    )
    middle = np.asarray(image_of(part))[295]
    assert list(np.unique(middle[middle > 0])) == [1, 2, 3, 4]


def test_a_sheet_says_where_its_rasters_come_from_and_how_fine_they_are():
    there = with_rasters(
        terrain=raster(np.full((200, 200), 400.0), 10),
        heat_flow_mw_per_m2=raster(np.linspace(55, 85, 400).reshape(20, 20), 100),
    )
    composer = Composer.of(Sources(there, assessments(), plan()), Imprint())
    wanted = {one.key: one for one in sheets()}
    with speaking("zh"):
        content, _ = composer.sheet(wanted["heat_flow"])
        assert "大地热流：栅格资料（收集），分辨率 100 m。" in content["notes"]
        content, _ = composer.sheet(wanted["land_use"])
        assert "地形晕渲：地面高程栅格（收集资料），分辨率 10 m。" in content["notes"]


def test_a_map_of_the_ground_without_its_raster_is_missing_by_its_name():
    heat_flow = next(one for one in sheets() if one.key == "heat_flow")
    with pytest.raises(Missing) as why, speaking("zh"):
        Mapper(Sources(city(), assessments(), plan())).draw(heat_flow, frame_of(city(), 298, 248))
    with speaking("zh"):
        assert why.value.what.said() == "“大地热流”栅格"
        assert "附图 9-1" in str(Sources(city(), {}, Part()).lacking(heat_flow).said())


def test_a_city_without_terrain_has_no_relief_and_does_not_say_so():
    composer = Composer.of(Sources(city(), assessments(), plan()), Imprint())
    content, _ = composer.sheet(next(one for one in sheets() if one.key == "land_use"))
    assert not any("Relief" in note for note in content["notes"])
