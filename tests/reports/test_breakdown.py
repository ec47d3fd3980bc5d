"""Tables by area, key figures and round classes beside maps, added up by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st

from core.texts import speaking
from layers.city import Raster
from plans import Part
from reports.sheets.breakdown import areas_of, breakdown, breakdown_of_raster
from reports.sheets.classing import class_numbers, classed, round_breaks
from reports.sheets.content import Composer, Imprint
from reports.sheets.declared import Sheet, SheetFigure, SheetLayer, SheetTable, Words, sheets
from reports.sheets.key_figures import key_figures
from reports.sheets.layer_drawing import Shown
from reports.sheets.material import Missing, Sources
from tests.reports.small_plan import EAST, NORTH, assessments, city, plan

TEN = 10


def sources() -> Sources:
    return Sources(city(), assessments(), plan())


def sheet(key: str) -> Sheet:
    return next(one for one in sheets() if one.key == key)


def shown(layer: SheetLayer) -> Shown:
    material = sources().material(layer)
    found = classed(layer, material)
    return Shown(layer, material, found, class_numbers(layer, material, found.classes))


def rows(table: dict) -> dict[str, list[str]]:
    return {row[0]: row[1:] for row in table["rows"]}


def test_capacity_adds_up_by_unit_and_in_all():
    layer = SheetLayer("parcel", Words("光伏", "PV"), "assessment:rooftop", "pv_kwp", "round", count="value")
    table = breakdown(city(), shown(layer), TEN)
    assert [head.replace("\u2060", "") for head in table["heads"]] == [
        "Policy unit",
        "How many",
        "In all (kWp)",
        "Share",
    ]
    assert rows(table) == {
        "南岸单元": ["3", "600", "60.0%"],
        "北岸单元": ["3", "400", "40.0%"],
        "In all": ["6", "1\u2009000", "100%"],
    }


def test_grades_stand_in_columns_of_hectares_in_the_order_of_the_legend():
    layer = SheetLayer(
        "parcel", Words("适宜性", "Suitability"), "assessment:rooftop", "grade", "grades", count="area"
    )
    table = breakdown(city(), shown(layer), TEN)
    assert [head.replace("\u2060", "") for head in table["heads"]] == [
        "Policy unit",
        "Suitable",
        "Fairly suitable",
        "Conditional",
        "Forbidden",
        "In all (ha)",
    ]
    assert rows(table)["南岸单元"] == ["2.00", "—", "1.00", "—", "3.00"]
    assert rows(table)["北岸单元"] == ["—", "1.00", "—", "1.00", "2.00"]


def test_classes_beyond_the_columns_share_the_last():
    layer = SheetLayer("parcel", Words("用途", "Use"), "", "use", "uses", count="area")
    table = breakdown(city(), shown(layer), TEN)
    assert 5 <= len(table["heads"]) < 1 + 6 + 1  # as many as there is room for
    assert "Other" in table["heads"]
    assert rows(table)["In all"][-1] == "6.00"


def test_a_mean_is_weighted_by_floor_area():
    layer = SheetLayer(
        "building",
        Words("年代", "Year"),
        "",
        "year_built",
        "manual",
        breaks=(2000.0,),
        plain=True,
        count="gfa_m2",
    )
    table = breakdown(city(), shown(layer), TEN)
    assert rows(table)["南岸单元"][-1] == f"{(1975 + 1995 + 2003) / 3:.0f}"


def test_districts_stand_in_for_units_where_there_is_no_room_for_these():
    town = city()
    parcels = town.tables["parcel"].assign(
        planning_unit=[f"A{n}" for n in range(6)], district_name=["甲", "乙"] * 3
    )
    assert areas_of(town, parcels, 6).title == "Policy unit"
    assert areas_of(town, parcels, 5).names == ("乙", "甲")
    assert areas_of(town, parcels, 1) is None


def test_what_lies_in_one_area_alone_has_no_table_by_area():
    town = city()
    assert areas_of(town, town.tables["parcel"].iloc[:3], TEN) is None


def test_a_raster_is_averaged_over_the_parcels_of_each_unit():
    values = np.array([[10.0, 10.0], [20.0, 20.0]], dtype=np.float32)  # north, south
    raster = Raster(values, Affine(200, 0, EAST, 0, -150, NORTH + 300), city().crs)
    declared = sheet("ground_temperature").rasters[0]
    table = breakdown_of_raster(city(), raster, declared, TEN)
    assert rows(table)["北岸单元"] == ["10.0", "10.0", "10.0"]
    assert rows(table)["南岸单元"] == ["20.0", "20.0", "20.0"]
    assert rows(table)["In all"] == ["15.0", "10.0", "20.0"]


def test_key_figures_come_from_city_and_plan_and_only_where_they_are_there():
    wanted = [
        SheetFigure("count:parcel", Words("地块", "Parcels")),
        SheetFigure("land:parcel", Words("面积", "Land")),
        SheetFigure("sum:building.gfa_m2"),
        SheetFigure("plan:nothing.of.this"),
        SheetFigure("deep:deep_heat_kw"),
    ]
    with speaking("zh"):
        assert key_figures(sources(), wanted) == [
            {"title": "地块", "value": "6"},
            {"title": "面积", "value": "6.00\xa0公顷"},
            {"title": "建筑面积", "value": "2.50\xa0万㎡"},
        ]


def test_every_declared_figure_of_the_city_names_a_table():
    for one in sheets():
        for wanted in one.figures:
            owner, _, name = wanted.key.partition(":")
            assert owner and name, wanted.key
            assert wanted.title is not None or owner not in ("count", "land"), wanted.key


@pytest.mark.parametrize(
    ("breaks", "told"),
    [
        ((262.3, 633.0, 1293.0, 2190.0, 3181.0), (250, 600, 1200, 2000, 3000)),
        ((510.2, 555.1, 588.4, 615.0, 644.9), (520, 560, 580, 620, 640)),
    ],
)
def test_borders_of_classes_become_numbers_that_people_remember(breaks, told):
    assert round_breaks(breaks, np.array([1.0, 5000.0])) == told


@given(st.lists(st.floats(0.001, 1e7), min_size=2, max_size=8, unique=True))
def test_round_borders_ascend_and_lie_within_the_values(values):
    told = round_breaks(sorted(values)[:-1], np.array(values))
    assert list(told) == sorted(set(told))
    assert all(min(values) <= border < max(values) for border in told)


def test_shares_of_a_legend_add_up_to_the_whole():
    composer = Composer.of(sources(), Imprint())
    content, _ = composer.sheet(sheet("land_use"))
    shares = [float(row["share"].rstrip("%")) for row in content["legends"][0]["rows"]]
    assert sum(shares) == pytest.approx(100, abs=0.5)


def test_a_map_says_what_was_given_and_what_is_of_the_plan():
    content, _ = Composer.of(sources(), Imprint()).sheet(sheet("green_grades"))
    assert content["notes"][-1] == (
        "Sources: given: Parcels, Buildings, Planning units, Roads, Rivers and lakes; of the plan: Green building grades."
    )


def test_without_a_plan_the_figures_of_a_sheet_are_those_of_the_potential():
    content, _ = Composer.of(Sources(city(), assessments(), Part()), Imprint()).sheet(sheet("pv_density"))
    assert content["figures"] == []
    assert isinstance(content["tables"][0]["rows"], list)
    assert pd.Series([row[0] for row in content["tables"][0]["rows"]]).is_unique


def test_a_table_of_names_alone_is_not_printed():
    wanted = SheetTable(Words("人口", "People"), shape="planning_unit", columns=("name", "population"))
    with pytest.raises(Missing, match="population"):
        sources().rows_beside(wanted)
