"""What the data leave out follows from what they say, and says so."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from core.fields import field
from core.jobs import Job
from layers.completion import complete
from layers.geometry import repair
from layers.parcel_uses import parcel_uses, use_shares
from standards import SHIPPED


def buildings(**columns: Any) -> gpd.GeoDataFrame:
    count = len(next(iter(columns.values())))
    shapes = [shapely.box(500_000 + 40 * n, 3_450_000, 500_020 + 40 * n, 3_450_010) for n in range(count)]
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=4549)
    return repair(frame, "building", Job())[0]


def parcels(**columns: Any) -> gpd.GeoDataFrame:
    count = len(next(iter(columns.values())))
    shapes = [shapely.box(500_000 + 100 * n, 3_450_000, 500_100 + 100 * n, 3_450_100) for n in range(count)]
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=4549)
    return repair(frame, "parcel", Job())[0]


NO_PARCELS = parcels(name=["x"]).iloc[:0]


def completed(frame: gpd.GeoDataFrame, plots: gpd.GeoDataFrame = NO_PARCELS, **facts: Any) -> pd.Series:
    """The first building, completed."""
    return complete(frame, plots, facts, SHIPPED)[0].iloc[0]


def test_six_storeys_of_housing_are_eighteen_metres():
    row = completed(buildings(use=["residential"], floors_above=[6]))
    assert (row["height_m"], row["height_source"]) == (18.0, "derived")
    assert (row["floors_above"], row["floors_source"]) == (6, "given")


def test_a_hall_of_one_storey_is_eight_metres_high():
    assert completed(buildings(use=["industry"], floors_above=[1]))["height_m"] == 8.0


def test_an_office_of_forty_metres_has_ten_storeys():
    row = completed(buildings(use=["business_office"], height_m=[40.0]))
    assert (row["floors_above"], row["floors_source"]) == (10, "derived")


def test_a_bridge_between_30_and_38_metres_has_two_storeys():
    row = completed(buildings(use=["business_office"], height_m=[38.0], min_height_m=[30.0]))
    assert row["floors_above"] == 2


def test_a_height_of_zero_is_missing_and_named():
    out, _, problems = complete(
        buildings(use=["residential"] * 2, height_m=[0.0, 24.0]), NO_PARCELS, {}, SHIPPED
    )
    assert out["height_m"].to_list() == [18.0, 24.0]
    assert out["height_source"].to_list() == ["default", "given"]
    assert problems[0].rows == ("1",)


def test_floor_area_is_footprint_times_storeys():
    row = completed(buildings(use=["residential"], floors_above=[6]))
    assert (row["gfa_m2"], row["gfa_source"]) == (pytest.approx(1200.0), "derived")


def test_a_given_floor_area_stays():
    row = completed(buildings(use=["residential"], floors_above=[6], gfa_m2=[1000.0]))
    assert (row["gfa_m2"], row["gfa_source"]) == (1000.0, "given")


def test_the_year_the_city_states_comes_before_the_usual_one():
    row = completed(buildings(use=["residential"]), year_built=1998)
    assert (row["year_built"], row["year_source"]) == (1998, "default")


def test_halls_have_metal_roofs_rural_houses_pitched_and_others_flat():
    out, _, _ = complete(
        buildings(use=["industry", "warehouse", "rural_house", "education"]), NO_PARCELS, {}, SHIPPED
    )
    assert out["roof_type"].to_list() == ["metal", "metal", "pitched", "flat"]
    assert set(out["roof_type_source"]) == {"default"}


def test_a_building_without_use_takes_that_of_its_parcel():
    row = completed(
        buildings(height_m=[20.0], parcel_id=["P"]), parcels(parcel_id=["P"], land_use_code=["M1"])
    )
    assert (row["use"], row["use_source"]) == ("industry", "derived")


def test_its_own_use_comes_before_that_of_the_parcel():
    row = completed(buildings(use=["hotel"], parcel_id=["P"]), parcels(parcel_id=["P"], land_use_code=["M1"]))
    assert (row["use"], row["use_source"]) == ("hotel", "given")


def test_a_word_nobody_knows_is_named_and_the_parcel_decides():
    out, _, problems = complete(
        buildings(use=["qwertz"], parcel_id=["P"]),
        parcels(parcel_id=["P"], land_use_code=["R2"]),
        {},
        SHIPPED,
    )
    assert out["use"].to_list() == ["residential"]
    assert "qwertz" in problems[0].said()


def test_the_kind_of_openstreetmap_is_a_use():
    assert completed(buildings(kind=["building"], kind_detail=["apartments"]))["use"] == "residential"


def test_a_house_in_a_garden_is_no_garden():
    assert completed(buildings(kind=["building"], landuse_kind=["garden"]))["use"] == "unknown"


def test_a_building_without_any_hint_is_of_unknown_use_and_no_value_is_missing():
    row = completed(buildings(name=["?"]))
    assert (row["use"], row["use_source"]) == ("unknown", "default")
    assert row[["height_m", "floors_above", "year_built", "roof_type", "gfa_m2"]].notna().all()


def test_completing_twice_changes_nothing():
    once, plots, _ = complete(
        buildings(use=["residential", None], height_m=[0.0, 12.0], parcel_id=["P", "P"]),
        parcels(parcel_id=["P"], land_use_code=["R2/B1"]),
        {},
        SHIPPED,
    )
    twice, _, _ = complete(once, plots, {}, SHIPPED)
    pd.testing.assert_frame_equal(pd.DataFrame(twice), pd.DataFrame(once))


MAYBE_HEIGHT = st.one_of(st.just(np.nan), st.floats(0.5, 400))
MAYBE_FLOORS = st.one_of(st.just(np.nan), st.integers(1, 90).map(float))
MAYBE_USE = st.sampled_from(["", "residential", "industry", "hotel", "住宅", "?"])


@settings(deadline=None, max_examples=40)
@given(rows=st.lists(st.tuples(MAYBE_HEIGHT, MAYBE_FLOORS, MAYBE_USE), min_size=1, max_size=6))
def test_completion_never_overwrites_what_is_given_and_leaves_nothing_missing(rows):
    heights, floors, uses = (list(column) for column in zip(*rows, strict=True))
    frame = buildings(height_m=heights, floors_above=floors, use=uses)
    out, _, _ = complete(frame, NO_PARCELS, {}, SHIPPED)
    for name in ("height_m", "floors_above"):
        kept = frame[name].notna()
        assert out.loc[kept, name].to_list() == frame.loc[kept, name].to_list()
        assert out[name].notna().all()
    known = frame["use"].isin(field("use").choices)
    assert out.loc[known, "use"].to_list() == frame.loc[known, "use"].to_list()
    assert (out["gfa_m2"] > 0).all()


# Uses of parcels


def use_of(code: str = "", name: str = "", system: str = "", ratio: str = "", **columns: Any) -> Any:
    frame = pd.DataFrame(
        {"land_use_code": [code], "land_use_name": [name], "mix_ratio": [ratio], **columns}, index=["P"]
    )
    found, problems = parcel_uses(frame, SHIPPED, system)
    return found.iloc[0], problems


@pytest.mark.parametrize(
    ("code", "use"),
    [
        ("070102", "residential"),
        ("0804", "education"),
        ("080403", "education"),
        ("17", "water"),
        ("1701", "water"),  # by its beginning
        ("R2", "residential"),
        ("R21", "residential"),
        ("r2", "residential"),
        ("Ｒ２", "residential"),  # full width
        ("A33", "education"),
        ("A5", "health"),
        ("B1", "retail"),
        ("M2", "industry"),
        ("U12", "utility"),  # U11-U39
        ("701", "residential"),  # the leading zero was lost in a workbook
        ("08H1", "government_office"),  # survey
    ],
)
def test_a_code_stands_for_a_use(code, use):
    assert use_of(code)[0]["use"] == use


def test_0601_is_industry_in_the_survey_and_no_building_land_in_the_planning_guide():
    assert use_of("0601", system="survey3")[0]["use"] == "industry"
    assert use_of("0601", system="plan2023")[0]["use"] == "unknown"


def test_1001_is_railway_in_the_survey_and_industry_in_the_planning_guide():
    assert use_of("1001", system="survey3")[0]["use"] == "transport"
    assert use_of("1001", system="plan2023")[0]["use"] == "industry"


def test_a_code_with_two_meanings_is_named_where_nothing_tells_the_system():
    found, problems = use_of("1001")
    assert found["use"] == "industry"
    assert "1001" in problems[0].said()


def test_the_name_beside_a_code_tells_the_system():
    found, problems = use_of("1001", name="铁路用地")
    assert (found["use"], found["land_use_system"]) == ("transport", "survey3")
    assert problems == []


def test_codes_with_the_letter_h_in_the_same_table_tell_the_system():
    frame = pd.DataFrame({"land_use_code": ["1001", "08H1"]})
    assert parcel_uses(frame, SHIPPED)[0]["use"].to_list() == ["transport", "government_office"]


@pytest.mark.parametrize(
    ("code", "ratio", "mix"),
    [
        ("R2/B1", "6:4", "residential:0.6;retail:0.4"),
        ("R2/B1", "60%", "residential:0.6;retail:0.4"),
        ("A3+R2", "", "education:0.7;residential:0.3"),
        ("0701/0901", "1:3", "retail:0.75;residential:0.25"),
        ("B1B2", "", "retail:0.7;business_office:0.3"),
        ("B1/R2", "", "retail:0.7;residential:0.3"),
        ("R2B1", "", "residential:0.7;retail:0.3"),
    ],
)
def test_a_mixed_code_is_split_by_its_ratio_else_seven_to_three(code, ratio, mix):
    found, problems = use_of(code, ratio=ratio)
    assert found["use_mix"] == mix
    assert bool(problems) == (ratio == "")


def test_the_shares_of_uses_of_a_parcel_add_up_to_one():
    frame = pd.DataFrame({"land_use_code": ["R2/B1", "R2", "A1/B1/R2"]}, index=["a", "b", "c"])
    found, _ = parcel_uses(frame, SHIPPED)
    shares = use_shares(found["use_mix"], found["use"])
    assert shares.groupby("row")["share"].sum().to_dict() == pytest.approx({"a": 1.0, "b": 1.0, "c": 1.0})


@pytest.mark.parametrize(
    ("name", "use"),
    [
        ("二类居住用地", "residential"),
        ("城镇住宅用地", "residential"),
        ("工业用地", "industry"),
        ("医院用地", "health"),
    ],
)
def test_a_name_alone_is_enough(name, use):
    assert use_of(name=name)[0]["use"] == use


def test_an_unknown_use_is_named_in_plain_words():
    found, problems = use_of("ZZ9")
    assert found["use"] == "unknown"
    assert problems[0].said().startswith("The use “ZZ9” is not known")


def test_a_class_of_two_digits_takes_its_first_member_and_says_so():
    found, problems = use_of("09")
    assert found["use"] == "retail"
    assert "several uses" in problems[0].said()


@pytest.mark.parametrize(
    ("kind", "use"), [("industrial", "industry"), ("park", "green"), ("school", "education")]
)
def test_kinds_of_openstreetmap_are_uses_of_parcels(kind, use):
    assert use_of(fclass=[kind])[0]["use"] == use


def test_every_kind_of_openstreetmap_has_a_use_the_dictionary_knows():
    assert set(SHIPPED.table("osm_land_use")["use"]) <= set(field("use").choices)


def test_every_use_has_a_storey_height_a_storey_number_a_year_and_a_roof():
    choices = set(field("use").choices)
    for name, column in (("building_defaults", "quantity"), ("roof_type_defaults", "")):
        table = SHIPPED.table(name)
        for _, rows in table.groupby(column) if column else [("", table)]:
            assert {use for uses in rows["uses"] for use in uses.split(";")} == choices
