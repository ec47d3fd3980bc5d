"""Items beside the map of a sheet: words with fields, pictures and charts, and that they never leave the page."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace

import pytest
from PIL import Image

from core.problems import UserError
from core.texts import speaking
from reports.pdf_text import elements
from reports.sheets.composition import (
    ITEMS,
    Composition,
    Compositor,
    FreeItem,
    composed_preview,
    declared_of,
    write_composed,
)
from reports.sheets.content import Imprint
from reports.sheets.free_items import LEAST_DPI, MOST_DPI, PICTURE_SHAPE, Surroundings, problems_of, too_small
from reports.sheets.wanted import CHART, PICTURE, TEXT
from tests.reports.small_plan import assessments, city, plan

USE = Composition("land_use")
DOT = '<svg xmlns="http://www.w3.org/2000/svg" width="40mm" height="40mm"><rect width="40mm" height="40mm"/></svg>'


@dataclass(frozen=True)
class Drawing:
    title: str
    note: str = ""

    @property
    def picture(self):
        return None if self.note else lambda width, height: DOT.replace("</svg>", "<text>tCO₂</text></svg>")


AROUND = Surroundings(
    "高目标",
    {"months": ("1", "2")},
    lambda name, option, atlas, place: Drawing("逐月", "" if place != "QH-0002" else "没有数据"),
)


def printed(path) -> str:
    return " ".join(" ".join(one.words for one in elements(path)).split())


def words(said: str) -> FreeItem:
    return FreeItem(TEXT, said)


def added(wanted: Composition, place: str = "") -> list[dict]:
    with speaking("zh"):
        return Compositor(city(), assessments(), plan(), wanted, AROUND).page(place)[0]["added"]


def refused(*items: FreeItem) -> list[str]:
    with pytest.raises(UserError) as why:
        declared_of(replace(USE, added=items), AROUND)
    return [str(one) for one in why.value.problems]


def saved(image: Image.Image, path) -> FreeItem:
    image.save(path)
    return FreeItem(PICTURE, str(path))


def test_fields_are_filled_in_for_the_whole_city():
    said = "{title}|{number}|{scenario}|{page}/{pages}|{place}|{author}|{{x}}"
    made = added(replace(USE, added=(words(said),), imprint=Imprint(author="规划局"), number="A-7"))
    assert made[0]["words"] == "土地利用规划图|A-7|高目标|1/1||规划局|{x}"


def test_each_page_of_an_atlas_says_its_own_place_and_number():
    wanted = replace(USE, atlas="parcel", added=(words("{place} {page}/{pages}"),))
    assert added(wanted, "QH-0002")[0]["words"] == "QH-0002 市民中心 2/6"


def test_all_that_is_wrong_with_items_is_said_at_once(tmp_path):
    broken = tmp_path / "x.png"
    broken.write_bytes(b"no picture")
    said = refused(
        words("{capital}"),
        words("{title!r} {title.upper}"),
        words("{title"),
        words("  "),
        FreeItem(PICTURE, str(tmp_path / "gone.png")),
        FreeItem(PICTURE, str(broken)),
        FreeItem(PICTURE, str(tmp_path / "x.doc"), "1"),
        FreeItem(CHART, "years"),
        FreeItem(CHART, "months", "13"),
        FreeItem("film", "x"),
    )
    assert len(said) == 12  # two fields of the second, width and name of the third picture
    assert any("gone.png" in one for one in said) and any("{capital}" in one for one in said)


@pytest.mark.parametrize(
    "content", ["no drawing", "<p/>", '<svg xmlns="http://www.w3.org/2000/svg" width="0"/>']
)
def test_a_drawing_that_cannot_be_set_is_refused(tmp_path, content):
    (tmp_path / "x.svg").write_text(content, encoding="utf-8")
    assert "x.svg" in refused(FreeItem(PICTURE, str(tmp_path / "x.svg")))[0]


def test_words_are_printed_as_they_are_and_never_read_as_markup(tmp_path):
    said = "#import *x* $y$ @z <w> \\ _u_"
    write_composed(
        city(), assessments(), plan(), replace(USE, added=(words(said),)), tmp_path / "x.pdf", around=AROUND
    )
    assert said in printed(tmp_path / "x.pdf")


def test_a_picture_keeps_its_proportions_and_is_neither_blown_up_nor_finer_than_paper(tmp_path):
    small = saved(Image.new("RGB", (100, 50), "red"), tmp_path / "small.png")
    large = saved(Image.new("RGB", (4000, 1000), "red"), tmp_path / "large.jpg")
    column = USE.item_mm
    first, second = added(replace(USE, added=(small, large)))
    assert first["width"] == pytest.approx(100 * 25.4 / LEAST_DPI)
    assert second["width"] == column and second["most"] == column * PICTURE_SHAPE
    assert len(second["picture"]) < 4 * column / 25.4 * MOST_DPI * column / 100 * MOST_DPI
    half = added(replace(USE, added=(replace(large, option="50"),)))[0]
    assert half["width"] == pytest.approx(column / 2)


def test_a_photo_is_shown_the_way_up_it_was_taken(tmp_path):
    photo = Image.new("RGB", (300, 100))
    turned = Image.Exif()
    turned[0x0112] = 6  # to be turned by a quarter
    photo.save(tmp_path / "x.jpg", exif=turned)
    made = added(replace(USE, added=(FreeItem(PICTURE, str(tmp_path / "x.jpg")),)))[0]
    assert made["width"] == pytest.approx(100 * 25.4 / LEAST_DPI, abs=0.1)


def test_of_a_large_photo_no_more_than_its_head_is_read_where_it_is_asked_for(tmp_path, monkeypatch):
    photo = saved(Image.new("RGB", (400, 300)), tmp_path / "x.jpg")
    monkeypatch.setattr(Image.Image, "load", lambda _: pytest.fail("it was read"))
    assert problems_of((photo,), AROUND, whole=False) == []


def test_pages_that_follow_each_other_are_said_as_one():
    said = str(too_small([(1, 0.9), (2, 0.5), (3, 0.4), (4, 0.5), (6, 0.5)])[0])
    assert "2–4" in said and "6" in said and "40" in said


def test_a_picture_that_changed_is_read_again(tmp_path):
    item = saved(Image.new("RGB", (100, 50), "red"), tmp_path / "x.png")
    first = added(replace(USE, added=(item,)))[0]
    saved(Image.new("RGB", (50, 50), "blue"), tmp_path / "x.png")
    assert added(replace(USE, added=(item,)))[0] != first


def test_items_stand_in_the_order_in_which_they_were_given(tmp_path):
    items = (words("{city}"), FreeItem(CHART, "months"), words("{date}"))
    made = added(replace(USE, added=items))
    assert [one["title"] for one in made] == ["", "逐月", ""] and made[1]["picture"]


def test_a_chart_that_a_place_does_not_have_is_left_out_and_said_once():
    wanted = replace(USE, atlas="parcel", added=(FreeItem(CHART, "months", "2"),))
    with speaking("zh"):
        compositor = Compositor(city(), assessments(), plan(), wanted, AROUND)
        content, problems = compositor.page("QH-0002")
    assert content["added"] == [] and "没有数据" in str(problems[-1])
    assert len(added(wanted, "QH-0001")) == 1


@pytest.mark.parametrize("landscape", [True, False])
@pytest.mark.parametrize("paper", ["a4", "a1"])
def test_items_stay_on_the_page_however_many_there_are(paper, landscape, tmp_path):
    many = tuple(words("一二三四五六七八九十 " * 12) for _ in range(60))
    last = words("END")
    wanted = replace(USE, paper=paper, landscape=landscape, added=(*many, last))
    _, problems = write_composed(
        city(), assessments(), plan(), wanted, tmp_path / "x.pdf", around=AROUND, language="en"
    )
    assert "END" in printed(tmp_path / "x.pdf")
    assert any("of their size on page 1" in str(one) for one in problems)
    picture, pages, *_ = composed_preview(
        city(), assessments(), plan(), wanted, dots_per_inch=50, around=AROUND
    )
    page = Image.open(io.BytesIO(picture)).convert("L")
    edge = round(9 / 25.4 * 50)  # of the margin of 10 mm
    wide, high = page.size
    strips = [(0, 0, wide, edge), (0, high - edge, wide, high), (wide - edge, 0, wide, high)]
    assert pages == 1 and all(min(page.crop(strip).getextrema()) == 255 for strip in strips)


def test_a_few_items_are_set_in_their_size_and_nothing_is_said(tmp_path):
    wanted = replace(USE, added=(words("{city}"),))
    assert not composed_preview(city(), assessments(), plan(), wanted, around=AROUND).problems


def test_items_alone_keep_their_room_beside_the_map():
    assert replace(USE, without=ITEMS, added=(words("x"),)).side_mm == 83
    assert replace(USE, without=ITEMS).side_mm == 0 and replace(USE, without=ITEMS).item_mm == 0
