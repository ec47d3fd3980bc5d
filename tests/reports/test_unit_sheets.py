"""Sheets of policy units, the atlas of parcel reports, and maps as figures of documents."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pandas as pd
import pytest

from core.problems import UserError
from core.texts import speaking
from plans import Part
from reports.printed import picture_texts
from reports.sheets.atlas import write_parcel_atlas
from reports.sheets.book import sheet_called, sheets_ready, write_unit_sheets
from reports.sheets.content import Composer, Imprint
from reports.sheets.declared import unit_sheet
from reports.sheets.map_figure import document_maps, map_figure
from reports.sheets.material import Sources
from reports.sheets.unit_sheets import UnitComposer
from reports.sheets.unit_tables import energy_table, indicator_tables, without_prefix
from reports.typesetting import pages
from tests.reports.small_plan import assessments, city, plan
from tests.reports.test_sheets import words_of

IMPRINT = Imprint(author="青禾市住房和城乡建设局", date=datetime.date(2026, 11, 26))


def composer(made: Part | None = None) -> UnitComposer:
    return UnitComposer(Composer.of(Sources(city(), assessments(), made or plan()), IMPRINT))


def column(content: dict, name: str) -> list[str]:
    return [row[content["heads"].index(name)] for row in content["rows"]]


def test_the_table_of_a_unit_lists_its_graded_parcels_and_no_others():
    content, _ = composer().sheet("A01", 1)
    assert column(content, "Parcel id") == ["QH-0001", "QH-0002", "QH-0003"]
    assert column(content, "Land-use code") == ["080403", "0801", "0806"]
    assert column(content, "PV capacity (k\u2060W\u2060p)") == ["100", "200", "300"]


def test_the_map_of_a_unit_colours_its_own_parcels_alone():
    content, _ = composer().sheet("A02", 2)
    grades = content["legends"][0]
    assert [(row["label"], row["count"]) for row in grades["rows"]] == [("Basic", "1")]
    assert content["number"] == "Sheet 18-02"
    assert content["title"] == "A02 北岸单元"


def test_technologies_of_a_parcel_are_said_in_words():
    with speaking("zh"):
        content, _ = composer().sheet("A01", 1)
    assert column(content, "采用技术") == ["太阳能光伏、浅层地埋管", "太阳能光伏", "—"]


def test_a_unit_without_new_parcels_lists_what_is_there():
    made = plan()
    grades = made.tables["grade"].drop(index="QH-0004")
    content, _ = composer(Part(tables={"grade": grades})).sheet("A02", 2)
    assert content["parcel-title"] == "Existing parcels (3); the unit has no new parcels of civil building"
    assert len(content["rows"]) == 3


def test_without_a_plan_a_unit_shows_the_use_of_its_land():
    content, _ = composer(Part()).sheet("A01", 1)
    assert content["legends"][0]["title"] == "Use of land"
    assert len(content["rows"]) == 3


def test_indicators_of_a_unit_come_from_the_plan_before_the_city():
    made = Part(
        tables={
            "unit": pd.DataFrame({"plot_area_m2": [48_000.0]}, index=pd.Index(["A01"], name="planning_unit"))
        }
    )
    unit = city().tables["planning_unit"].loc[["A01"]]
    (table,) = indicator_tables(Sources(city(), {}, made), unit, unit_sheet().groups)
    listed = {row[0]: row[1] for row in table["rows"]}
    assert listed["Plot area"] == "48\u2009000\u00a0m²"
    assert listed["Type of planning unit"] == "Leading unit"


def test_an_indicator_stands_with_its_target_and_whether_it_binds():
    unit = pd.DataFrame(
        {"star_share": [0.85], "star_share_target": [0.8], "new_gfa_m2": [90_000.0]},
        index=pd.Index(["A01"], name="planning_unit"),
    )
    control = pd.DataFrame({"control_kind": ["binding"]}, index=pd.Index(["star_share"], name="indicator"))
    sources = Sources(city(), {}, Part(tables={"unit": unit, "control": control}))
    state, controls = indicator_tables(
        sources, city().tables["planning_unit"].loc[["A01"]], unit_sheet().groups
    )
    assert state["heads"] == ["Indicator", "Value"]
    assert [row[1:] for row in controls["rows"]] == [["85.0%", "80.0%", "binding indicator"]]


def test_a_unit_says_what_each_source_could_give_and_what_the_plan_takes():
    roofs = assessments()["rooftop"]
    options = pd.DataFrame({"parcel_id": ["QH-0001"], "technology": ["rooftop_pv"]})
    made = {"rooftop": replace(roofs, options=options)}
    choice = pd.DataFrame(
        {
            "parcel_id": ["QH-0001", "QH-0004"],
            "technology": "rooftop_pv",
            "planned_kw": 50.0,
            "kwh_per_year": 55e3,
        }
    )
    parcels = city().tables["parcel"].loc[["QH-0001", "QH-0002", "QH-0003"]]
    table = energy_table(Sources(city(), made, Part(tables={"choice": choice})), parcels)
    assert [cell.replace("\u00a0", " ") for cell in table["rows"][0]] == [
        "Rooftop PV",
        "2",
        "600 kWp",
        "660 MWh/a",
        "50.0 kWp",
        "55.0 MWh/a",
    ]


def test_ids_lose_what_all_of_them_begin_with_and_nothing_else():
    assert without_prefix(["QH-0001", "QH-0002"]) == (["0001", "0002"], "QH-")
    assert without_prefix(["QH-1", "XC-1"]) == (["QH-1", "XC-1"], "")
    assert without_prefix(["QH-0001"]) == (["QH-0001"], "")
    assert without_prefix([101, 102]) == (["101", "102"], "")


def test_a_table_longer_than_the_sheet_goes_on_on_the_next(tmp_path):
    town = city()
    many = pd.concat([town.tables["parcel"].iloc[:1]] * 90)
    many.index = pd.Index([f"QH-{n:04d}" for n in range(90)], name="parcel_id")
    town = type(town)(town.name, town.crs, {**town.tables, "parcel": many})
    grades = pd.DataFrame({"green_grade": "one_star"}, index=many.index)
    made = UnitComposer(Composer.of(Sources(town, {}, Part(tables={"grade": grades})), IMPRINT))
    content, _ = made.sheet("A01", 1)
    from reports.sheets.content import template_data

    assert len(pages("unit_sheet.typ", template_data([content], "x", ""), dots_per_inch=20)) > 1


def test_all_units_are_bound_into_one_file_or_lie_one_by_one(tmp_path):
    (bound,), problems = write_unit_sheets(city(), assessments(), plan(), tmp_path, imprint=IMPRINT)
    assert bound.name == "青禾市政策单元分图则.pdf"
    assert [one for one in problems if "key" not in one.said().lower()] == []
    files, _ = write_unit_sheets(
        city(), assessments(), plan(), tmp_path, ["A02"], imprint=IMPRINT, one_file=False
    )
    assert [file.name for file in files] == ["图 18-02 A02 北岸单元.pdf"]


def test_a_unit_sheet_can_be_searched_for_a_parcel(tmp_path):
    (file,), _ = write_unit_sheets(city(), assessments(), plan(), tmp_path, imprint=IMPRINT)
    words = words_of(file)
    assert "A01南岸单元" in words
    assert "QH-0003" in words
    assert "三星级" in words


def test_a_city_without_units_has_no_unit_sheets_and_says_so(tmp_path):
    town = city()
    town = type(town)(
        town.name, town.crs, {name: table for name, table in town.tables.items() if name != "planning_unit"}
    )
    written, problems = write_unit_sheets(town, {}, plan(), tmp_path, language="en")
    assert written == []
    assert ["the layer Planning units is missing" in one.said() for one in problems] == [True]
    with pytest.raises(UserError, match="the layer Planning units is missing"):
        write_unit_sheets(town, {}, plan(), tmp_path, ["U1"], language="en")


def test_an_unknown_unit_is_named(tmp_path):
    with pytest.raises(UserError, match="policy units Z99"):
        write_unit_sheets(city(), {}, plan(), tmp_path, ["A01", "Z99"])


def test_columns_of_the_unit_sheet_are_of_the_city_the_plan_or_an_assessment():
    assert {one.values.partition(":")[0] for one in unit_sheet().columns} == {"city", "plan", "assessment"}


def test_an_atlas_of_parcels_holds_an_index_and_every_report(tmp_path):
    (file,), problems = write_parcel_atlas(
        city(), assessments(), ["QH-0002", "QH-0001"], tmp_path, imprint=IMPRINT
    )
    assert problems == []
    assert file.name == "青禾市地块报告图集.pdf"
    words = words_of(file)
    assert words.index("市民中心") < words.index("地块可再生能源适宜性报告")
    assert words.count("地块可再生能源适宜性报告") >= 2


def test_an_atlas_of_unknown_parcels_is_refused(tmp_path):
    with pytest.raises(UserError, match="Some parcels are not in the city"):
        write_parcel_atlas(city(), {}, ["QH-9999"], tmp_path)


def test_a_figure_of_a_document_holds_map_scale_and_legend():
    made = map_figure(
        city(), assessments(), plan(), sheet_called("green_grades"), width_mm=156, language="zh"
    )
    assert made.title == "新建民用建筑绿色建筑等级布局图"
    assert "三星级 1.00\u00a0公顷" in made.picture
    assert "比例尺 1 : 2\u2009500" in made.picture
    assert made.height_mm > 120
    assert made.png(50)[:4] == b"\x89PNG"


def test_a_figure_of_a_document_adds_up_its_map_by_area():
    with speaking("zh"):
        figure = map_figure(city(), assessments(), plan(), sheet_called("green_grades"))
    words = picture_texts(figure.picture)
    assert "绿色建筑等级 · 按政策单元统计" in words
    assert words[words.index("合计") :] == ["合计", "1.00", "2.00", "1.00", "4.00"]


def test_documents_are_offered_the_maps_that_can_be_drawn():
    maps = document_maps(city(), {}, Part())
    assert "land_use" in maps and "phases" not in maps
    assert maps["land_use"]().startswith("<svg")


def test_a_list_of_sheets_says_what_each_lacks():
    ready = {one.key: problem for one, problem in sheets_ready(city(), {}, Part(), "planning")}
    assert ready["land_use"] is None
    assert "the plan's table Green building grades is missing" in ready["green_grades"].said()
    assert "implementation" not in {one.group for one, _ in sheets_ready(city(), {}, Part(), "planning")}


def test_units_whose_parcels_have_no_use_and_no_grade_are_left_out_and_said(tmp_path):
    town = city()
    bare = town.tables["parcel"].drop(columns="use")
    town = type(town)(town.name, town.crs, {**town.tables, "parcel": bare})
    files, problems = write_unit_sheets(town, {}, Part(), tmp_path)
    assert files == []
    assert len(problems) == 1
