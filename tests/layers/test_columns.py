"""Columns of planning data: names, units and words as planners, surveyors and OSM write them."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, box

import standards
from core.fields import fields
from core.problems import Severity
from layers import columns
from layers.aliases import Aliases
from layers.columns import ColumnMatch, apply, convert, match_columns, signature
from layers.readers import read

SIDE_M = 200.0  # plots of 4 ha


def parcels(crs="EPSG:4549", **data):
    count = len(next(iter(data.values())))
    shapes = [box(5e5 + i * SIDE_M, 3.45e6, 5e5 + (i + 1) * SIDE_M, 3.45e6 + SIDE_M) for i in range(count)]
    return gpd.GeoDataFrame(data, geometry=shapes, crs=crs)


def matched(frame, table="parcel"):
    return {pair.field: pair.column for pair in match_columns(frame, table).pairs}


def values(frame, field, table="parcel"):
    return list(apply(frame, match_columns(frame, table))[field])


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("地块编号", "parcel_id"),
        ("DKBH", "parcel_id"),
        ("ｄｋｂｈ", "parcel_id"),
        ("容积率", "far"),
        ("Far", "far"),
        ("RJL", "far"),
        ("控规单元", "planning_unit"),
        ("plot_area_m2", "plot_area_m2"),
        ("用地面积（㎡）", "plot_area_m2"),
        ("地块 用地面积", "plot_area_m2"),
    ],
)
def test_a_parcel_column_is_known_by_its_names(column, field):
    assert matched(parcels(**{column: [40_000, 40_000]})) == {field: column}


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("building:levels", "floors_above"),
        ("building_l", "floors_above"),
        ("FLOOR", "floors_above"),
        ("H", "height_m"),
        ("建成年", "year_built"),
        ("建筑面积（", "gfa_m2"),
        ("min_height", "min_height_m"),
    ],
)
def test_a_building_column_is_known_by_osm_names_and_when_cut(column, field):
    if column == "建筑面积（":
        assert Aliases().claims("建筑面积(㎡)", "building")[0].field == field
    else:
        assert matched(parcels(**{column: [12, 1998 if field == "year_built" else 6]}), "building")[field]


@pytest.mark.parametrize(("cut", "field"), [("建筑密", "building_density"), ("行政区", "district_name")])
def test_three_characters_are_left_of_a_name_cut_in_utf8(cut, field):
    assert Aliases().claims(cut, "parcel")[0].field == field


def test_a_name_cut_in_gbk_is_told_by_its_values():
    codes = parcels(用地用海分=["0701", "0901"])
    names = parcels(用地用海分=["城镇住宅用地", "商业用地"])
    assert list(matched(codes)) == ["land_use_code"] and list(matched(names)) == ["land_use_name"]


@pytest.mark.parametrize(("unit", "area"), [("m2", 40_000), ("ha", 4.0), ("亩", 60.0)])
def test_the_shapes_tell_the_unit_of_plot_areas(unit, area):
    frame = parcels(用地面积=[area, area])
    match = match_columns(frame, "parcel")
    assert match.pairs[0].unit == unit and match.problems == []
    assert values(frame, "plot_area_m2")[0] == pytest.approx(40_000, rel=0.001)


def test_one_mu_is_666_67_square_metres():
    assert values(parcels(**{"面积(亩)": [60.0]}), "plot_area_m2") == [pytest.approx(40_000.2)]


def test_a_unit_written_in_the_cell_comes_before_all():
    frame = parcels(用地面积=["4公顷", "40,000㎡", "６０亩"])
    assert values(frame, "plot_area_m2") == pytest.approx([40_000, 40_000, 40_000.2])


def test_a_unit_in_the_name_that_the_shapes_contradict_is_asked_about():
    match = match_columns(parcels(**{"用地面积(公顷)": [40_000.0]}), "parcel")
    assert match.ambiguities[0].about == "unit" and match.problems[0].severity is Severity.WARNING


def test_an_area_no_unit_explains_is_asked_about():
    match = match_columns(parcels(用地面积=[7.0]), "parcel")
    assert match.ambiguities[0].options[0] == "ha" and "亩" in match.ambiguities[0].options


@pytest.mark.parametrize(("unit", "floor_area"), [("m2", 100_000.0), ("万m2", 10.0)])
def test_floor_areas_in_ten_thousand_square_metres_are_seen(unit, floor_area):
    frame = parcels(建筑面积=[floor_area])
    assert match_columns(frame, "parcel").pairs[0].unit == unit
    assert values(frame, "gfa_m2") == [100_000]


@pytest.mark.parametrize("given_values", [[35.0, 30.0], [0.35, 0.30], ["35%", "30％"]])
def test_green_ratios_become_shares(given_values):
    assert values(parcels(绿地率=given_values), "green_ratio") == pytest.approx([0.35, 0.30])


def test_square_degrees_are_not_taken_for_a_plot_area():
    frame = parcels(Shape_Area=[4e-6]).to_crs(4490)
    assert matched(frame) == {} and list(apply(frame, match_columns(frame, "parcel")).columns) == [
        "Shape_Area",
        "geometry",
    ]


def test_the_planners_area_comes_before_the_one_a_gis_wrote():
    match = match_columns(parcels(Shape_Area=[40_000.0], YDMJ=[4.0]), "parcel")
    assert match.pairs[0].column == "YDMJ" and match.problems == []


def test_two_columns_of_one_field_are_asked_about_and_both_stay():
    frame = parcels(MJ=[40_000.0], YDMJ=[4.0])
    match = match_columns(frame, "parcel")
    assert "Several columns may be Plot area" in match.problems[0].said()
    assert len(apply(frame, match).columns) == 3


@pytest.mark.parametrize(
    ("word", "use"),
    [
        ("住宅", "residential"),
        ("学校", "education"),
        ("商业", "other_commerce"),
        ("高层住宅", "residential"),
        ("apartments", "residential"),
        ("厂房", "industry"),
    ],
)
def test_words_for_uses_become_our_uses(word, use):
    assert values(parcels(用途=[word]), "use", "building") == [use]


def test_non_residential_is_not_residential():
    frame = parcels(用途=["住宅", "非住宅"])
    done = convert(frame, match_columns(frame, "building"))
    assert done.frame["use"].isna().tolist() == [False, True]
    assert done.problems[0].rows == (1,) and "非住宅" in done.problems[0].said()


def test_a_word_read_by_a_part_of_it_is_said():
    frame = parcels(用途=["高层住宅"])
    note = convert(frame, match_columns(frame, "building")).problems[0]
    assert note.severity is Severity.NOTE and "高层住宅 → residential" in note.said()


def test_words_that_were_not_all_understood_stay_beside_ours():
    for words in (["高层住宅"], ["住宅", "非住宅"]):
        given_words = parcels(用途=words)
        frame = apply(given_words, match_columns(given_words, "building"))
        assert list(frame["用途（原值）"]) == words and "用途" not in frame


def test_words_that_were_all_understood_are_held_by_our_column_alone():
    given_words = parcels(用途=["住宅", "旅馆", None])
    frame = apply(given_words, match_columns(given_words, "building"))
    assert list(frame["use"])[:2] == ["residential", "hotel"]
    assert not [name for name in frame.columns if "用途" in name]


@pytest.mark.parametrize(
    ("column", "table", "words", "field", "expected"),
    [
        ("屋顶", "building", ["平", "坡", "彩钢瓦"], "roof_type", ["flat", "pitched", "metal"]),
        ("roof_shape", "building", ["gabled", "flat"], "roof_type", ["pitched", "flat"]),
        ("开发状态", "parcel", ["现状", "规划", "已批未建"], "status", ["existing", "planned", "approved"]),
        ("投资主体", "parcel", ["国有", "社会投资"], "investor", ["government", "private"]),
        ("结构复核", "building", ["通过", "未通过"], "structural_check", ["passed", "failed"]),
        ("老旧小区", "building", ["是", "否", "1", 0], "old_estate", [True, False, True, False]),
        ("火灾危险性", "building", ["甲类", "丁"], "hazard_class", ["甲", "丁"]),
        ("层数", "building", ["6层", "１８", 3], "floors_above", [6, 18, 3]),
        ("建成年代", "building", ["1998年", "2005-06"], "year_built", [1998, 2005]),
    ],
)
def test_words_of_planners_become_values(column, table, words, field, expected):
    assert values(parcels(**{column: words}), field, table) == expected


def test_a_column_named_kind_is_a_use_only_if_its_words_are_uses():
    assert "use" not in matched(parcels(kind=["building", "building_part"]), "building")
    assert matched(parcels(kind=["park", "residential"]))["use"] == "kind"


def test_values_that_cannot_be_read_name_their_rows_and_stay():
    frame = parcels(层数=["6", "6", "18", "不详吧"])
    done = convert(frame, match_columns(frame, "building"))
    assert done.problems[0].rows == (3,) and np.isnan(done.frame["floors_above"].iloc[3])
    assert list(done.frame["层数（原值）"])[3] == "不详吧"


def test_a_column_of_a_name_that_is_ours_now_gets_a_suffix():
    frame = parcels(DKBH=["a"], height_m=["tall"], 高度=[12.0])
    done = apply(frame, match_columns(frame, "building"))
    assert list(done["height_m"]) == [12.0] and list(done["height_m（原值）"]) == ["tall"]


def test_codes_read_as_decimals_become_text_without_decimals():
    assert values(parcels(DKBH=[101.0, np.nan]), "parcel_id")[0] == "101"


def test_layers_of_the_same_columns_have_the_same_signature():
    a, b = parcels(DKBH=["1"], MJ=[1.0]), parcels(MJ=[2.0, 3.0], DKBH=["x", "y"])
    assert signature(a) == signature(b) != signature(parcels(DKBH=["1"]))


def test_a_remembered_match_holds_for_the_same_columns_only():
    frame = parcels(MJ=[40_000.0], YDMJ=[4.0])
    first = match_columns(frame, "parcel")
    swapped = ColumnMatch("parcel", first.signature, (columns.Pair("plot_area_m2", "YDMJ", "ha", 1e4),))
    kept = json.loads(json.dumps(swapped.to_json()))
    again = match_columns(frame, "parcel", remembered=kept)
    assert again.pairs == swapped.pairs and again.problems == []
    other = match_columns(parcels(YDMJ=[4.0]), "parcel", remembered=kept)
    assert other.signature != swapped.signature


def test_aliases_may_be_given():
    rows = pd.DataFrame([{"table": "parcel", "field": "far", "aliases": "强度", "unit": ""}])
    match = match_columns(parcels(强度=[2.5]), "parcel", aliases=rows)
    assert match.pairs[0].field == "far"


@given(st.sets(st.text("abXY地块面积用途", min_size=1, max_size=6), min_size=1, max_size=6))
def test_no_column_is_ever_lost(names):
    frame = gpd.GeoDataFrame(
        {name: [f"word {i}"] for i, name in enumerate(sorted(names))}, geometry=[Point(0, 0)]
    )
    done = apply(frame, match_columns(frame, "parcel"))
    kept = {str(value) for value in done.drop(columns="geometry").iloc[0] if isinstance(value, str)}
    assert {f"word {i}" for i in range(len(names))} <= kept


def test_every_alias_and_word_is_of_a_field_we_have():
    aliases, words = standards.table("field_aliases"), standards.table("value_words")
    assert set(aliases["field"]) <= set(fields()) and set(words["field"]) <= {*fields(), "flag"}
    for field, value in zip(words["field"], words["value"], strict=True):
        choices = fields()[field].choices if field != "flag" else ("yes", "no")
        assert not choices or value in choices


def test_known_kinds_are_read_as_ours_and_others_stay_as_they_are():
    frame = gpd.GeoDataFrame({"类别": ["地裂缝", "古树", None]}, geometry=[Point(0, 0)] * 3, crs=4545)
    done = convert(frame, match_columns(frame, "protection_zone"))
    assert done.frame["kind"].tolist()[:2] == ["ground_fissure", "古树"]
    assert done.frame["kind"].isna().tolist() == [False, False, True]


def test_a_quantity_by_the_year_is_no_year():
    frame = gpd.GeoDataFrame({"年水位降幅": [0.3, 0.6]}, geometry=[Point(0, 0)] * 2, crs=4545)
    done = convert(frame, match_columns(frame, "geology"))
    assert done.frame["water_level_fall_m_per_year"].tolist() == [0.3, 0.6]


def test_the_tables_of_names_and_words_are_in_order():
    tables = {"field_aliases", "value_words", "unit_words"}
    assert [p.said() for p in standards.check_tables() if p.table in tables] == []


def test_suzhou_has_floors_and_heights(shared):
    frame = read(shared / "data/cn_suzhou_buildings/suzhou_buildings.gpkg").frame
    assert matched(frame, "building") == {"height_m": "height", "floors_above": "Floor"}


def test_land_use_of_hangzhou_from_osm_is_known_for_most_parcels(shared):
    frame = read(shared / "data/cn_hangzhou_osm/hangzhou_landuse.gpkg").frame
    done = convert(frame, match_columns(frame, "parcel"))
    assert done.frame["use"].notna().all() and done.problems == ()


def test_the_area_of_web_mercator_is_not_taken_for_the_footprint(shared):
    frame = read(shared / "data/cn_shanghai_wuhan_osm/shanghai_buildings.gpkg").frame
    found = matched(frame, "building")
    assert found["height_m"] == "height" and found["roof_type"] == "roof_shape"
    assert "footprint_m2" not in found
