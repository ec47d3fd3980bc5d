"""The card of a city says where it lies, in the language of whoever reads it."""

from __future__ import annotations

import pandas as pd
import pytest
from pyproj import CRS

from core.texts import speaking
from desktop.cards import city_card, row_card
from desktop.plan_totals import plan_lines
from layers.city import City
from plans import Part
from plans.figures import Figure, Figures

PLACES = [
    ("zh", "西安", ["陕西", "西安"]),
    ("en", "西安", ["Xi'an"]),
    ("en", "小城", ["小城"]),
    ("en", "", ["陕西"]),
]


@pytest.mark.parametrize(("language", "nearest", "said"), PLACES)
def test_a_city_is_placed_by_names_of_the_language_where_the_tables_have_them(language, nearest, said):
    city = City("青禾市", CRS.from_epsg(4545), facts={"province": "陕西", "climate_city": nearest})
    with speaking(language):
        line = city_card(city, {}).line
    assert [name for name in ("陕西", "西安", "小城", "Xi'an") if name in line] == said


@pytest.mark.parametrize(("language", "said"), [("en", "PV system"), ("zh", "既有光伏")])
def test_one_row_of_a_table_is_called_as_one(language, said):
    systems = pd.DataFrame({"installed_kwp": [3.3]}, index=pd.Index(["GF-004"], name="pv_asset_id"))
    city = City("青禾市", CRS.from_epsg(4545), tables={"pv_asset": systems})
    with speaking(language):
        card = row_card(city, {}, "pv_asset", "GF-004")
    assert (card.title, card.name) == (f"{said} GF-004", said)


def plan(shortfall: float) -> Part:
    """A plan with a target of 200 MW, a grid it keeps within, and what it costs."""
    accounts = pd.DataFrame(
        {
            "indicator": ["", "pv_capacity_added"],
            "required": [28_300.0, 200_000.0],
            "reached": [28_000.0, 200_000.0 - shortfall],
            "at_least": [False, True],
            "shortfall": [0.0, shortfall],
            "account_unit": "kW",
        },
        index=pd.Index(["grid/1", "pv_capacity_added"], name="account"),
    )
    cost = Figure("choice.total.capex_yuan", "Investment", 9.98e8, "yuan")
    return Part(tables={"account": accounts}, figures=Figures.from_records([vars(cost)]))


def test_the_card_of_a_city_leads_with_whether_its_plan_holds_all_targets():
    city = City("青禾市", CRS.from_epsg(4545))
    with speaking("zh"):
        assert city_card(city, {}).planned == ()
        assert [one.words for one in city_card(city, {}, plan(0.0)).chips] == ["各项目标与限制均满足"]
        late = city_card(city, {}, plan(5_000.0), plan_fresh=False).chips
    assert [one.words for one in late] == ["1 项目标或限制未满足", "方案已过期"]


def test_a_missed_target_stands_first_with_its_gap_and_every_line_is_traced():
    with speaking("en"):
        lines = plan_lines(plan(5_000.0))
    assert lines[0].value == "195\xa0MW, required ≥ 200\xa0MW\nMissed by 5.00\xa0MW"
    assert lines[-1].value == "998\xa0million CNY"
    assert [one.address.key or one.address.row for one in lines if one.address] == [
        "pv_capacity_added",
        "grid/1",
        "choice.total.capex_yuan",
    ]
