"""Months and planned years are steps of a theme, coloured alike."""

from __future__ import annotations

from types import MappingProxyType

import geopandas as gpd
import pandas as pd
import pytest
from pyproj import CRS
from shapely import box

from cartography.layers import StyledLayer
from cartography.ragged import Ragged
from desktop.layer_look import UNPLANNED, LayerLook, dressed
from desktop.map_time import month_column, step_shown, steps_of
from desktop.plan_map import plan_as_result, until_year
from desktop.themes import Theme
from layers.city import City
from plans import Part

CHOICE = pd.DataFrame(
    {
        "parcel_id": ["A", "A", "B"],
        "family": ["pv", "ground", "pv"],
        "planned_kw": [10.0, 30.0, 5.0],
        "capex_yuan": [1.0, 2.0, 3.0],
        "phase_year": [2026, 2030, 2028],
    },
    index=pd.Index(["a", "b", "c"], name="choice_id"),
)


def plan():
    return plan_as_result(Part(tables=MappingProxyType({"choice": CHOICE})))


def test_a_theme_per_year_has_twelve_months():
    steps = steps_of(LayerLook(True, 1.0, Theme("building", "pv_kwh_per_year", "sum")), {})
    assert steps.kind == "month" and steps.numbers == tuple(range(1, 13))
    assert month_column("pv_kwh_per_year", 6) == "pv_kwh_month_06"


def test_a_month_knows_its_year_and_its_number():
    look = LayerLook(True, 1.0, Theme("building", "pv_kwh_month_06", "sum"))
    assert steps_of(look, {}).theme == Theme("building", "pv_kwh_per_year", "sum")
    assert step_shown(look) == 6


def test_heights_have_no_time():
    assert steps_of(LayerLook(True, 1.0, Theme("building", "height_m")), {}).kind == ""


def test_a_theme_of_the_plan_goes_through_the_years_something_is_built_in():
    steps = steps_of(LayerLook(True, 1.0, Theme("parcel", "plan_pv_kw", "sum")), {"plan": plan()})
    assert (steps.kind, steps.numbers) == ("year", (2026, 2028, 2030))


def test_what_is_built_later_is_not_there_yet():
    early, late = until_year(plan(), 2028).parcels, until_year(plan(), 2030).parcels
    assert early["plan_pv_kw"].sum() == 15 and early["plan_heat_kw"].sum() == 0
    assert late["plan_heat_kw"].sum() == 30
    assert pd.isna(early["plan_heat_family"]).all() and late.loc["A", "plan_heat_family"] == "ground"


def test_before_the_first_year_nothing_is_built():
    assert until_year(plan(), 2020).parcels.get("plan_pv_kw", pd.Series(dtype=float)).sum() == pytest.approx(
        0
    )


@pytest.mark.parametrize("column", ["plan_heat_family", "phase_year"])
def test_a_parcel_on_which_nothing_is_planned_lacks_no_data(column: str) -> None:
    crs = CRS(4545)
    shapes = [box(0, 0, 10, 10), box(20, 0, 30, 10), box(40, 0, 50, 10)]
    parcels = gpd.GeoDataFrame(geometry=shapes, crs=crs, index=pd.Index(list("ABC"), name="parcel_id"))
    base = StyledLayer("parcel", "", Ragged.of(shapes))
    look = LayerLook(True, 1.0, Theme("parcel", column, "never"))
    shown = dressed(base, look, City("test", crs, {"parcel": parcels}), {"plan": plan()})
    assert shown.classes is not None and shown.classes.missing_label == UNPLANNED
