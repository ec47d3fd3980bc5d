"""Map sheets as drawn and printed: scale, places, legends, words, and what is said of a sheet that cannot be made."""

from __future__ import annotations

import datetime
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import box

from core.fields import fields
from core.problems import UserError
from core.texts import speaking
from layers.weather import Weather
from plans import Part
from potential import Assessment
from reports.sheets.book import preview, write_sheets
from reports.sheets.content import Composer, Imprint, north_said
from reports.sheets.declared import Sheet, SheetLayer, Words, palettes, sheets
from reports.sheets.drawing import Mapper, frame_of
from reports.sheets.furniture import wind_rose
from reports.sheets.labels import Placer
from reports.sheets.material import Missing, Sources
from reports.sheets.paper import Frame
from tests.reports.small_plan import EAST, NORTH, assessments, city, plan

DATE = datetime.date(2026, 11, 26)
IMPRINT = Imprint(plan="青禾市绿色建筑专项规划", author="青禾市住房和城乡建设局", date=DATE)


def sources() -> Sources:
    return Sources(city(), assessments(), plan())


def sheet(key: str) -> Sheet:
    return next(one for one in sheets() if one.key == key)


def words_of(pdf: Path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    said = subprocess.run(
        ["pdftotext", "-raw", str(pdf), "-"], capture_output=True, text=True, check=True
    ).stdout
    return re.sub(r"[\s\u2009\u00a0]+", "", said)


def test_a_city_of_six_kilometres_is_drawn_at_one_to_25_000_on_a3():
    assert Frame.around((0, 0, 6105, 5170), 298, 248).scale == 25_000


def test_a_kilometre_at_one_to_25_000_is_four_centimetres():
    frame = Frame(0, 1000, 298, 248, 25_000)
    assert frame.on_paper(1000, 1000) == (40.0, 0.0)
    assert frame.area_paths(np.array([box(0, 0, 1000, 1000)])) == ["M4000 4000l0 -4000 -4000 0 0 4000z"]


def test_a_hole_is_a_ring_of_its_own():
    ring = box(0, 0, 1000, 1000).difference(box(400, 400, 600, 600))
    (path,) = Frame(0, 1000, 298, 248, 25_000).area_paths(np.array([ring]))
    assert path.count("M") == path.count("z") == 2


def test_what_is_smaller_than_a_printed_dot_does_not_vanish():
    frame = Frame(0, 1000, 298, 248, 100_000)
    assert frame.area_paths(np.array([box(10, 10, 11, 11)]))


def test_shapes_are_cut_just_outside_the_frame():
    frame = Frame(0, 1000, 40, 40, 25_000)
    (cut,) = frame.cut(np.array([box(-5000, -5000, 5000, 5000)]))
    assert shapely.bounds(cut).tolist() == [-75, -75, 1075, 1075]


def test_no_two_labels_lie_over_each_other():
    placer = Placer(Frame(0, 1000, 100, 100, 1000))
    for _ in range(9):
        placer.words(50, 50, ("西北城单元",), points=8, colour="#000000")
    rooms = placer.taken
    assert len(rooms) > 1
    assert not any(a.overlaps(b) for n, a in enumerate(rooms) for b in rooms[n + 1 :])


def test_the_legend_of_a_sheet_adds_up_what_the_map_shows():
    drawn = Mapper(sources()).draw(sheet("green_grades"), frame_of(city(), 298, 248))
    grades, voluntary = drawn.legends[:2]
    with speaking("zh"):
        grades = Mapper(sources()).draw(sheet("green_grades"), frame_of(city(), 298, 248)).legends[0]
    assert [(row.label, row.count, row.amount) for row in grades.rows] == [
        ("三星级", "1", "1.00\u00a0公顷"),
        ("二星级", "2", "2.00\u00a0公顷"),
        ("基本级", "1", "1.00\u00a0公顷"),
    ]
    assert [row.count for row in voluntary.rows] == ["1"]


def test_planned_capacity_stands_before_potential_where_there_is_a_plan():
    with_plan = sources().material(sheet("solar").layers[0])
    assert with_plan.values["QH-0002"] == 170
    drawn = Mapper(Sources(city(), assessments(), Part())).draw(sheet("solar"), frame_of(city(), 298, 248))
    assert drawn.legends[0].title == "PV that roofs can carry (potential) (kWp)"


def test_the_leading_technology_is_that_which_replaces_most():
    (layer, _) = sheet("layout").layers
    assert sources().material(layer).values.dropna().to_dict() == {
        "QH-0001": "shallow_ground",
        "QH-0002": "pv",
        "QH-0004": "air",
    }


def test_a_sheet_without_its_table_says_so_on_its_base_map_and_keeps_its_number(tmp_path):
    files, problems = write_sheets(city(), {}, Part(), tmp_path, imprint=IMPRINT, language="zh")
    with speaking("zh"):
        said = [problem.said() for problem in problems]
    assert any("图 09" in one and "缺少方案的“绿色建筑等级”表" in one for one in said)
    assert len(files) == 1
    assert any(
        one.said().startswith(
            "Map 09 Grades of new green buildings shows no more than the base map: "
            "the plan's table Green building grades is missing"
        )
        for one in problems
    )
    words = words_of(files[0])
    assert all(f"图{one.number}" in words for one in sheets() if one.group == "planning")
    assert "本图资料暂缺缺少方案的“绿色建筑等级”表，待资料补充后编绘。" in words


def test_a_sheet_of_what_was_looked_for_and_not_found_says_that_there_is_none():
    parcels = pd.DataFrame({"ancillary_kwp": 0.0}, index=city().tables["parcel"].index)
    looked = {"ancillary": Assessment("ancillary", parcels, pd.DataFrame(), {}, {})}
    composer = Composer.of(Sources(city(), looked, Part()), IMPRINT)
    with pytest.raises(Missing) as why:
        composer.sheet(sheet("facilities"))
    with speaking("zh"):
        said = composer.blank(sheet("facilities"), why.value)["statement"]
    assert said == ["规划范围内无此项内容", "现有资料与测算结果中没有“附属设施光伏（车棚、连廊等）”。"]


def test_a_city_without_any_content_gives_no_file_of_blank_sheets(tmp_path):
    town = city()
    bare = type(town)(town.name, town.crs, {"water": town.tables["water"]})
    files, problems = write_sheets(bare, {}, Part(), tmp_path, imprint=IMPRINT)
    assert files == []
    assert len(problems) == len([one for one in sheets() if one.group == "planning"])


def test_what_needs_nothing_but_a_missing_table_gives_no_file(tmp_path):
    files, problems = write_sheets(city(), {}, Part(), tmp_path, keys=["phases"], language="en")
    assert files == []
    assert problems[0].said().startswith("Annex map 12 Years of the programme is left out")
    assert not list(tmp_path.iterdir())


def test_a_printed_sheet_says_title_scale_system_and_who_made_it(tmp_path):
    (file,), _ = write_sheets(
        city(), assessments(), plan(), tmp_path, keys=["green_grades"], imprint=IMPRINT, language="zh"
    )
    words = words_of(file)
    for said in (
        "新建民用建筑绿色建筑等级布局图",
        "图09",
        "青禾市绿色建筑专项规划",
        "编制单位青禾市住房和城乡建设局",
        "2026年11月26日",
        "1:1500",
        "CGCS2000",
        "EPSG:4545",
        "审图号",
        "三星级",
        "南岸单元",
        "青川河",
    ):
        assert said in words, said
    assert words.count("南岸单元") == 2  # on the map and in the table by unit beside it


def test_sheets_are_a3_and_one_a_page(tmp_path):
    files, _ = write_sheets(
        city(), assessments(), plan(), tmp_path, keys=["land_use", "units"], imprint=IMPRINT
    )
    if shutil.which("pdfinfo") is None:
        pytest.skip("pdfinfo (poppler-utils) is not installed")
    facts = subprocess.run(["pdfinfo", str(files[0])], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Pages:\s+2\n", facts)
    assert re.search(r"Page size:\s+1190\.55 x 841\.89 pts \(A3\)", facts)


def test_sheets_one_by_one_have_their_number_in_their_name(tmp_path):
    files, _ = write_sheets(
        city(), assessments(), plan(), tmp_path, keys=["land_use", "units"], imprint=IMPRINT, one_file=False
    )
    assert [file.name for file in files] == ["图 02 土地利用规划图.pdf", "图 08 政策单元划分图.pdf"]


def test_the_same_sheet_on_the_same_day_is_the_same_file(tmp_path):
    made = [
        write_sheets(city(), assessments(), plan(), tmp_path / name, keys=["units"], imprint=IMPRINT)[0][
            0
        ].read_bytes()
        for name in ("a", "b")
    ]
    assert made[0] == made[1]


def test_an_unknown_sheet_is_refused():
    with pytest.raises(UserError, match="There is no sheet weather"):
        preview(city(), {}, Part(), "weather", language="en")


def test_names_that_look_like_markup_are_printed_as_they_are(tmp_path):
    town = city()
    town.tables["planning_unit"]["name"] = ["#set $x$ <b>&", "*y* @z"]
    (file,), _ = write_sheets(town, {}, Part(), tmp_path, keys=["units"], imprint=IMPRINT)
    assert "#set$x$<b>&" in words_of(file)


def test_a_declared_layer_that_lacks_its_column_says_so():
    layer = SheetLayer("parcel", Words("价", "Price"), column="land_price_yuan")
    with pytest.raises(Missing, match="land_price_yuan"):
        sources().material(layer)


def test_every_declared_sheet_has_a_key_and_number_of_its_own_and_known_palettes():
    keys = [one.key for one in sheets()]
    assert len(set(keys)) == len(keys)
    for group in ("planning", "implementation"):
        numbers = [one.number for one in sheets() if one.group == group]
        assert len(set(numbers)) == len(numbers)
    assert all(entry.words.zh and entry.words.en for palette in palettes().values() for entry in palette)


def test_words_of_the_sources_stand_in_the_dictionary():
    for one in sheets():
        for layer in one.layers:
            if layer.column and not layer.values.startswith("plan:") and not layer.derive:
                assert any(name in fields() for name in layer.column.split("|")), (one.key, layer.column)


def test_the_frame_of_a_city_holds_all_of_its_units():
    west, south, east, north = frame_of(city(), 298, 248).bounds
    assert west < EAST - 10
    assert south < NORTH - 10
    assert east > EAST + 350
    assert north > NORTH + 310


def test_the_title_block_says_the_angle_to_true_north():
    composer = Composer.of(sources(), IMPRINT)
    content, _ = composer.sheet(sheet("units"))
    block = {row["label"]: row["value"] for row in content["block"]}
    assert block["Grid north"] == "as true north"  # the city lies on the central meridian of its zone


@pytest.mark.parametrize(
    ("angle", "said"), [(1.25, "1.25° east of true north"), (-0.5, "0.50° west of true north")]
)
def test_a_grid_off_its_meridian_is_turned_to_one_side(angle, said):
    assert north_said(angle) == said


def test_a_city_of_buildings_alone_still_has_its_building_sheets(tmp_path):
    town = city()
    town = type(town)(town.name, town.crs, {"building": town.tables["building"]})
    files, problems = write_sheets(town, {}, Part(), tmp_path, keys=["age", "land_use"], imprint=IMPRINT)
    assert len(files) == 1
    assert [one.said().split(":")[0] for one in problems] == ["Map 02 Land use is left out"]


def test_a_rose_shows_the_share_of_the_windiest_direction():
    town = city()
    index = pd.date_range("2023-01-01", periods=100, freq="h", tz="Asia/Shanghai")
    hours = pd.DataFrame({"wind_direction": [45.0] * 60 + [270.0] * 40, "wind_speed": 3.0}, index=index)
    weather = Weather(hours, 34.3, 108.0, 400.0, "", "typical_year", "test")
    assert "60.0%" in wind_rose(weather)
    assert wind_rose(town.weather) == ""


def test_what_another_layer_stands_in_for_is_not_missed():
    drawn = Mapper(Sources(city(), assessments(), Part())).draw(
        sheet("pv_density"), frame_of(city(), 298, 248)
    )
    assert drawn.problems == ()


def test_that_nothing_of_a_kind_is_planned_is_no_lack():
    drawn = Mapper(sources()).draw(sheet("solar"), frame_of(city(), 298, 248))  # no solar heat is chosen
    assert drawn.problems == ()


def test_optional_layers_alone_make_no_sheet():
    with pytest.raises(Missing):
        Mapper(Sources(city(), {}, plan())).draw(sheet("groundwater"), frame_of(city(), 298, 248))
