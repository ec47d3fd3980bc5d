"""Composed sheets: the paper, the scale, what is left out, and one page for each place of an atlas."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image

from core.problems import UserError
from core.texts import speaking
from reports.sheets.book import preview
from reports.sheets.composition import (
    ITEMS,
    Composition,
    Compositor,
    composed_preview,
    declared_of,
    write_composed,
)
from reports.sheets.content import Imprint
from tests.reports.small_plan import assessments, city, plan

USE = Composition("land_use")


def page(wanted: Composition, place: str = ""):
    with speaking("zh"):
        content, _ = Compositor(city(), assessments(), plan(), wanted).page(place)
    return content


def picture(wanted: Composition, number: int = 0, dots: float = 25.4) -> Image.Image:
    made, *_ = composed_preview(
        city(), assessments(), plan(), wanted, page=number, dots_per_inch=dots, language="zh"
    )
    return Image.open(io.BytesIO(made))


def test_an_a3_sheet_as_declared_is_the_sheet_of_the_book_to_the_pixel():
    book = preview(city(), assessments(), plan(), "land_use", language="zh", dots_per_inch=50)
    made, *_ = composed_preview(city(), assessments(), plan(), USE, language="zh", dots_per_inch=50)
    assert made == book


@pytest.mark.parametrize(
    ("paper", "landscape", "size"),
    [("a4", True, (297, 210)), ("a4", False, (210, 297)), ("a3", True, (420, 297)), ("a2", True, (594, 420))],
)
def test_a_page_is_as_large_as_its_paper(paper, landscape, size):
    assert picture(replace(USE, paper=paper, landscape=landscape)).size == size


def test_a_fixed_scale_holds_and_its_middle_is_where_it_was_wanted():
    frame = Compositor(city(), assessments(), plan(), replace(USE, scale=5_000, centre=(100.0, 200.0))).frame(
        ""
    )
    west, south, east, north = frame.bounds
    assert frame.scale == 5_000
    assert ((west + east) / 2, (south + north) / 2) == pytest.approx((100, 200))
    assert (east - west) == pytest.approx(frame.width_mm * 5)


def test_what_is_left_out_is_not_on_the_page_and_the_map_takes_its_room():
    bare = page(replace(USE, without=ITEMS))
    assert (bare["legends"], bare["tables"], bare["block"], bare["bar"], bare["rose"]) == ([], [], [], "", "")
    assert bare["map-width"] > page(USE)["map-width"] + 80


@pytest.mark.parametrize("landscape", [True, False])
@pytest.mark.parametrize(
    "kept", [(), ("title_block",), ("scale_bar", "north_arrow"), ("notes",), ("tables",), ("legend",)]
)
def test_a_sheet_is_set_with_whatever_parts_are_left(kept, landscape):
    without = tuple(one for one in ITEMS if one not in kept)
    made = picture(replace(USE, without=without, landscape=landscape))
    assert made.size == ((420, 297) if landscape else (297, 420))


def test_an_upright_sheet_has_its_legend_below_so_that_the_map_is_as_wide_as_the_paper():
    upright = replace(USE, paper="a3", landscape=False)
    assert upright.side_mm == 0
    assert upright.map_mm[0] == 297 - 2 * 10 - 2 * 3 - 2 * 5
    assert page(upright)["room"] == [277, 400, 0, 144, 1.0]
    assert replace(upright, without=ITEMS).below_mm == 0


def test_type_beside_the_map_of_a_large_sheet_is_larger():
    assert page(replace(USE, paper="a1"))["room"] == [821, 574, 141, 0, 1.7]


def test_title_number_and_names_stand_where_the_planner_wrote_them():
    imprint = Imprint(author="规划局", drawn="甲", checked="乙")
    content = page(replace(USE, title="用地现状", number="A-7", imprint=imprint))
    values = [one["value"] for one in content["block"]]
    assert (content["title"], content["number"]) == ("用地现状", "A-7")
    assert {"规划局", "甲", "乙", "A-7"} <= set(values)


def test_an_atlas_has_a_page_for_each_unit_in_the_order_of_their_ids():
    wanted = replace(USE, atlas="planning_unit")
    places = Compositor(city(), assessments(), plan(), wanted).places()
    assert places == sorted(city().tables["planning_unit"].index.astype(str))
    assert places[0] in page(wanted, places[0])["title"]
    assert page(wanted, places[-1])["number"].endswith(f"-{len(places):02d}")


def test_an_atlas_in_pictures_is_a_file_a_page(tmp_path):
    ids = tuple(sorted(map(str, city().tables["parcel"].index))[:2])
    wanted = replace(USE, paper="a4", atlas="parcel", places=ids)
    files, _ = write_composed(city(), assessments(), plan(), wanted, tmp_path / "x.png")
    assert [one.name for one in files] == ["x-01.png", "x-02.png"] and all(one.is_file() for one in files)


def test_a_layer_that_is_switched_off_is_not_in_the_legend():
    declared = declared_of(replace(USE, layers=()))
    assert declared.layers == () and len(declared_of(USE).layers) == 1


def test_all_that_is_wrong_is_said_at_once():
    wrong = replace(USE, paper="b5", scale=3, without=("frame",), layers=(9,), base=("sea",), atlas="street")
    with pytest.raises(UserError) as refused:
        declared_of(wrong)
    assert len(refused.value.problems) == 6


def test_an_atlas_of_places_that_are_not_there_names_them():
    with pytest.raises(UserError) as refused:
        Compositor(city(), assessments(), plan(), replace(USE, atlas="parcel", places=("nowhere",))).places()
    assert refused.value.problems[0].rows == ("nowhere",)


def test_another_kind_of_file_is_refused(tmp_path):
    with pytest.raises(UserError):
        write_composed(city(), assessments(), plan(), USE, tmp_path / "x.doc")
