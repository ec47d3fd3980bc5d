"""Medium-deep heat of a whole town: gates, exclusions, doublets that do not cool each other, closed wells, totals."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely.geometry import Point, box

from core.fields import fields
from core.jobs import Cancelled, Job
from core.problems import UserError
from core.texts import catalogue
from layers.city import City
from potential import Assessment
from potential.deep.deep import DEEP, DeepSettings, assess
from potential.deep.deep_numbers import Range, chances
from potential.deep.results import SUMS
from potential.records import from_record, to_record
from tests.potential.deep.deep_town import QINGHE, RESERVOIR, X, Y, demand_of, raster, town

EVERYWHERE = box(X - 500, Y - 500, X + 3_000, Y + 3_000)


def found(city: City, **floor) -> Assessment:
    return assess(city, demand_of(city.tables["parcel"], **floor), DeepSettings(), Job())


@pytest.fixture(scope="module")
def approved() -> Assessment:
    return found(town())


@pytest.fixture(scope="module")
def large() -> Assessment:
    """Two kilometres and more each way, so that several doublets find room."""
    return found(town(columns=14, rows=12))


# Gates


def test_what_is_assessed_for_resource_and_environment_is_suitable_and_counts(approved):
    assert set(approved.parcels["grade"]) == {"suitable"}
    assert approved.totals["deep_approved_heat_kwh_per_year"] == approved.totals["deep_heat_kwh_per_year"] > 0
    assert approved.totals["deep_unapproved_heat_kwh_per_year"] == 0
    assert set(approved.parcels["deep_evidence"]) == {"assessed"}


def test_without_assessments_it_is_potential_and_counts_for_nothing():
    made = found(town(approved=False))
    assert set(made.parcels["grade"]) == {"conditional"}
    assert made.parcels["reason"].str.contains("potential, not approved: resource assessment missing").all()
    assert (
        made.parcels["reason"].str.contains("potential, not approved: environmental assessment missing").all()
    )
    assert made.totals["deep_heat_kwh_per_year"] > 0
    assert made.totals["deep_approved_heat_kwh_per_year"] == 0
    assert made.totals["deep_approved_heat_kw"] == 0
    assert not made.options["approved"].any()


def test_one_assessment_of_two_is_not_enough():
    city = town()
    parcels = city.tables["parcel"].assign(deep_environment_assessed=False)
    made = found(replace(city, tables={**city.tables, "parcel": parcels}))
    assert set(made.parcels["reason"]) == {"potential, not approved: environmental assessment missing"}
    assert made.totals["deep_approved_heat_kw"] == 0


def test_parcels_without_the_flags_are_not_approved():
    city = town()
    bare = city.tables["parcel"].drop(columns=["deep_resource_assessed", "deep_environment_assessed"])
    made = found(replace(city, tables={**city.tables, "parcel": bare}))
    assert made.totals["deep_approved_heat_kw"] == 0 < made.totals["deep_heat_kw"]


def test_wells_are_placed_on_approved_parcels_first():
    city = town(approved=False)
    parcels = city.tables["parcel"].copy()
    parcels.loc["P0000", ["deep_resource_assessed", "deep_environment_assessed"]] = True
    made = found(replace(city, tables={**city.tables, "parcel": parcels}))
    assert made.details["deep_doublet"]["parcel_id"].iloc[0] == "P0000"
    assert made.totals["deep_approved_heat_kw"] > 0


# Layers that are missing, or hold nothing


@pytest.mark.parametrize(
    "name", [name for name in RESERVOIR if name.startswith("deep_") and "temp" not in name]
)
def test_a_missing_map_of_the_reservoir_leaves_closed_wells_and_says_what_is_missing(name):
    made = found(town(without=(name,)))
    assert set(made.parcels["deep_doublet_grade"]) == {"needs_survey"}
    assert made.parcels["missing_data"].str.contains(name).all()
    assert set(made.parcels["deep_technology"]) == {"deep_closed_well"}


def test_without_any_map_a_survey_is_needed_and_no_number_is_said():
    made = found(town(without=tuple(RESERVOIR)))
    assert set(made.parcels["grade"]) == {"needs_survey"}
    assert made.parcels["deep_heat_kw"].isna().all()
    assert made.totals["deep_heat_kw"] == 0
    assert made.options.empty


def test_temperature_follows_from_heat_flow_where_no_map_of_it_is_given():
    made = found(town(without=("deep_reservoir_temp_c",)))
    # 15 + 0.066 × 2400 / 2.3 - 1.2e-6 × 2400² / (2 × 2.3) = 82.4 °C
    assert made.details["deep_doublet"]["deep_reservoir_temp_c"].iloc[0] == pytest.approx(82.4, abs=0.05)


def test_without_zones_of_protection_nothing_is_called_suitable():
    made = found(town(without=("protection_zone",)))
    assert set(made.parcels["grade"]) == {"needs_survey"}
    assert made.parcels["missing_data"].str.contains("protection_zone").all()
    assert made.details["deep_doublet"].empty


def test_a_reservoir_of_no_thickness_is_no_reservoir():
    made = found(town(deep_reservoir_thickness_m=0.0))
    assert set(made.parcels["deep_doublet_reason"]) == {"no reservoir"}
    assert made.details["deep_doublet"].empty


def test_a_cool_reservoir_is_no_reservoir_for_doublets():
    made = found(town(deep_reservoir_temp_c=35.0))
    assert set(made.parcels["deep_doublet_reason"]) == {"reservoir too cool"}


def test_no_well_stands_where_the_map_has_no_value_and_neighbours_serve_such_parcels():
    city = town()
    hole = raster(RESERVOIR["deep_reservoir_porosity"])
    hole.values[:, :11] = np.nan  # west of X + 600
    made = found(replace(city, rasters={**city.rasters, "deep_reservoir_porosity": hole}))
    assert (made.details["deep_well"].geometry.x > X + 600).all()
    assert set(made.parcels["grade"]) == {"suitable"}


def test_parcels_out_of_reach_of_any_known_reservoir_need_a_survey():
    city = town(columns=14, rows=2)
    hole = raster(RESERVOIR["deep_reservoir_porosity"])
    hole.values[:, :20] = np.nan
    demand = demand_of(city.tables["parcel"])
    part = replace(city, rasters={**city.rasters, "deep_reservoir_porosity": hole})
    made = assess(part, demand, DeepSettings(network_reach_m=600.0), Job())
    lacking = made.parcels["missing_data"] == "deep_reservoir_porosity"
    assert 0 < lacking.sum() < len(lacking)
    assert (made.parcels.loc[lacking, "deep_doublet_grade"] == "needs_survey").all()
    assert (made.parcels.loc[~lacking, "deep_doublet_grade"] != "needs_survey").all()


def test_parcels_without_demand_are_unsuitable_whatever_lies_below():
    city = town()
    parcels = city.tables["parcel"].copy()
    parcels.loc["P0101", "use"] = "green"
    made = found(replace(city, tables={**city.tables, "parcel": parcels}))
    assert made.parcels.loc["P0101", "grade"] == "unsuitable"
    assert made.parcels.loc["P0101", "reason"] == "no heat demand"
    assert made.parcels.loc["P0101", "deep_heat_kw"] == 0


def test_a_city_without_parcels_is_refused_and_an_empty_table_gives_nothing():
    city = town()
    with pytest.raises(UserError, match="no parcels are given"):
        assess(replace(city, tables={}), demand_of(city.tables["parcel"]), DeepSettings(), Job())
    empty = city.tables["parcel"].iloc[:0]
    made = found(replace(city, tables={**city.tables, "parcel": empty}))
    assert made.parcels.empty and made.totals["deep_heat_kw"] == 0


def test_without_a_demand_a_survey_is_needed_everywhere():
    made = assess(town(), None, DeepSettings(), Job())
    assert set(made.parcels["grade"]) == {"needs_survey"}
    assert set(made.parcels["missing_data"]) == {"heat demand"}
    assert made.totals["deep_heat_kw"] == 0


def test_without_planning_units_squares_stand_for_them():
    city = town()
    bare = city.tables["parcel"].drop(columns="planning_unit")
    made = found(replace(city, tables={**city.tables, "parcel": bare}))
    assert made.totals["deep_doublets"] > 0
    assert "Without planning units, squares of one kilometre stand for them." in made.remarks


# Zones


@pytest.mark.parametrize(
    ("kind", "level", "closed_too"),
    [
        ("ground_fissure", "", True),
        ("drinking_water", "一级", True),
        ("drinking_water", "二级", True),
        ("heritage_core", "", True),
        ("subsidence", "", False),
        ("groundwater_ban", "", False),
    ],
)
def test_no_doublet_stands_in_a_forbidden_zone(kind, level, closed_too):
    made = found(town(zones=[{"kind": kind, "level": level, "geometry": EVERYWHERE}]))
    assert set(made.parcels["deep_doublet_grade"]) == {"forbidden"}
    assert made.details["deep_doublet"].empty
    assert (made.totals["deep_heat_kw"] == 0) == closed_too
    assert set(made.parcels["grade"]) == ({"forbidden"} if closed_too else {"fairly_suitable"})


def test_the_outer_zone_of_drinking_water_is_a_condition():
    made = found(town(zones=[{"kind": "drinking_water", "level": "准保护区", "geometry": EVERYWHERE}]))
    assert set(made.parcels["grade"]) == {"conditional"}
    assert set(made.parcels["reason"]) == {"outer drinking water protection zone"}
    assert made.totals["deep_heat_kw"] > 0


def test_wells_keep_their_distance_from_faults():
    line = shapely.LineString([(X + 650, Y - 500), (X + 650, Y + 3_000)]).buffer(1.0)
    made = found(town(zones=[{"kind": "fault", "geometry": line}]))
    heads = made.details["deep_well"]
    assert len(heads) > 0
    assert (heads.distance(line) >= 200 - 6).all()  # the two heads stand 5 m beside the middle of their site


def test_an_exclusion_never_raises_the_potential(approved):
    half = box(X - 500, Y - 500, X + 660, Y + 3_000)
    made = found(town(zones=[{"kind": "heritage_core", "geometry": half}]))
    assert made.totals["deep_heat_kwh_per_year"] <= approved.totals["deep_heat_kwh_per_year"]


# Doublets


def test_doublets_keep_the_distance_that_each_of_them_needs(large):
    doublets = large.details["deep_doublet"]
    assert len(doublets) >= 3
    middles = doublets.geometry.centroid
    needed = doublets["deep_separation_m"].to_numpy()
    for one in range(len(doublets)):
        away = middles.distance(middles.iloc[one]).to_numpy()
        apart = np.maximum(needed, needed[one])
        assert (np.delete(away, one) >= np.delete(apart, one) - 2.0).all()


def test_doublets_last_for_the_set_life_and_leave_the_rock_what_it_can_give(large):
    doublets = large.details["deep_doublet"]
    assert (doublets["deep_life_years"] >= 50 * 0.999).all()
    assert (doublets["deep_mean_kw"] <= doublets["deep_rock_kw"] * 1.001).all()
    assert (doublets["deep_spacing_m"] < doublets["deep_separation_m"]).all()


def test_a_thin_reservoir_is_used_only_as_far_as_it_lasts():
    made = found(town(deep_reservoir_thickness_m=8.0))
    assert made.parcels["reason"].str.contains("use cut to what the reservoir sustains").all()
    assert (made.details["deep_doublet"]["deep_life_years"] >= 50 * 0.999).all()


def test_a_longer_life_asks_for_more_spacing():
    city = town()
    demand = demand_of(city.tables["parcel"])
    years = [
        assess(city, demand, DeepSettings(reservoir_years=life), Job())
        .details["deep_doublet"]["deep_spacing_m"]
        .min()
        for life in (50.0, 100.0)
    ]
    assert years[1] == pytest.approx(years[0] * np.sqrt(2), rel=0.01)


def test_a_well_stands_on_open_ground_of_its_parcel():
    city = town()
    shapes = [box(*shape.buffer(-60).bounds) for shape in city.tables["parcel"].geometry]
    buildings = gpd.GeoDataFrame(
        {"parcel_id": city.tables["parcel"].index, "gfa_m2": 40_000.0, "year_built": 1995},
        geometry=shapes,
        crs=QINGHE,
        index=pd.Index([f"B{n}" for n in range(len(shapes))], name="building_id"),
    )
    built = replace(city, tables={**city.tables, "building": buildings})
    made = assess(built, demand_of(city.tables["parcel"], buildings), DeepSettings(), Job())
    heads = made.details["deep_well"]
    assert len(heads) > 0
    assert buildings.distance(shapely.union_all(heads.geometry.to_numpy())).min() > 0
    assert heads.within(city.tables["parcel"].union_all()).all()


def test_a_small_load_is_not_worth_a_doublet():
    made = found(town(columns=2, rows=1), heat_w_per_m2=12.0)
    assert set(made.parcels["deep_doublet_reason"]) == {"heat demand too small for a doublet"}
    assert set(made.parcels["deep_technology"]) == {"deep_closed_well"}


def test_low_transmissivity_cuts_the_flow_to_the_drawdown_that_is_allowed():
    city = town()
    poor = replace(city, rasters={**city.rasters, "deep_transmissivity_m2_per_day": raster(10.0)})
    doublets = found(poor).details["deep_doublet"]
    # 120 m = Q ln(1000 / 0.108) / (2π 10 m²/d), hence 825.6 m³/d = 34.4 m³/h
    assert doublets["deep_well_flow_m3_per_h"].iloc[0] == pytest.approx(34.4, abs=0.1)
    assert doublets["deep_injection_mpa"].iloc[0] <= 120 * 9.80665e-3


def test_a_measured_well_corrects_the_map_around_it():
    city = town()
    well = gpd.GeoDataFrame(
        {"kind": ["deep"], "deep_reservoir_temp_c": [82.5], "deep_well_flow_m3_per_h": [60.0]},
        geometry=[Point(X + 600, Y + 500)],
        crs=QINGHE,
        index=pd.Index(["ZK1"], name="borehole_id"),
    )
    made = found(replace(town(approved=False), tables={**town(approved=False).tables, "borehole": well}))
    doublets = made.details["deep_doublet"]
    assert doublets["deep_well_flow_m3_per_h"].iloc[0] == pytest.approx(60.0)
    assert doublets["deep_reservoir_temp_c"].iloc[0] == pytest.approx(82.5)
    assert set(made.parcels["deep_evidence"]) == {"surveyed"}
    far = made.parcels["deep_heat_p10_kwh_per_year"] - made.parcels["deep_heat_p90_kwh_per_year"]
    free = found(city).parcels
    assert far.sum() < (free["deep_heat_p10_kwh_per_year"] - free["deep_heat_p90_kwh_per_year"]).sum()


# Cascade


def test_stages_of_a_cascade_add_up_to_one(large):
    stages = large.details["cascade"]
    assert len(stages) > 0
    assert stages.groupby("deep_cluster_id")["stage_share"].sum().to_numpy() == pytest.approx(1.0)
    assert (stages["stage_in_c"] >= stages["stage_out_c"]).all()
    assert (stages["stage_out_c"] >= 20 - 1e-9).all()


def test_the_heat_of_the_stages_is_that_of_the_parcels(large):
    stages = large.details["cascade"]["stage_heat_kwh_per_year"].sum()
    on = large.parcels["deep_technology"] == "deep_doublet"
    assert large.parcels.loc[on, "deep_heat_kwh_per_year"].sum() == pytest.approx(stages, rel=1e-4)


def test_old_buildings_get_radiators_and_new_ones_floors():
    city = town()
    shapes = city.tables["parcel"].geometry.buffer(-80)
    buildings = gpd.GeoDataFrame(
        {"parcel_id": city.tables["parcel"].index, "gfa_m2": 40_000.0, "year_built": 1990},
        geometry=shapes.to_numpy(),
        crs=QINGHE,
        index=pd.Index([f"B{n}" for n in range(len(shapes))], name="building_id"),
    )
    demand = demand_of(city.tables["parcel"], buildings)
    made = assess(replace(city, tables={**city.tables, "building": buildings}), demand, DeepSettings(), Job())
    stage = made.details["cascade"].set_index("stage")["stage_heat_kw"]
    assert stage["radiators"] > 0 == stage["floor heating"]


# Closed wells


def test_figures_of_a_closed_well_below_the_town(approved):
    well = approved.details["closed_well"].iloc[0]
    # gradient 75 K / 2400 m; the reference well at 30 K/km gives 265.9 kW from ground at 14 °C
    assert well["closed_well_kw"] == pytest.approx(282.0, abs=3.0)
    assert well["closed_well_day3_kw"] > 1.5 * well["closed_well_kw"]
    assert well["closed_well_kw"] < well["closed_well_season_end_kw"] < well["closed_well_season_kw"]
    assert well["closed_well_inlet_at_power_c"] < 15


def test_closed_wells_stand_thirty_metres_apart():
    made = found(town(without=("deep_reservoir_porosity",)), heat_w_per_m2=2_000.0)
    assert (made.details["closed_well"]["closed_wells"] == 200 * 200 // 900).all()


def test_closed_wells_give_no_more_than_the_heating_load_and_nothing_in_summer():
    city = town(without=("deep_reservoir_porosity",))
    demand = demand_of(city.tables["parcel"])
    made = assess(city, demand, DeepSettings(), Job())
    assert (made.parcels["deep_heat_kwh_per_year"] <= demand.parcels["heat_kwh_per_year"]).all()
    assert (made.parcels["deep_heat_kwh_month_07"] == 0).all()


# Range, totals, columns


def test_totals_are_sums_of_parcels_and_of_months(large):
    for name in SUMS:
        assert large.totals[name] == pytest.approx(large.parcels[name].sum(), abs=5e-4), name
    months = [f"deep_heat_kwh_month_{month:02d}" for month in range(1, 13)]
    assert (large.parcels[months].sum(axis=1) == large.parcels["deep_heat_kwh_per_year"]).all()
    whole = (
        large.parcels["deep_approved_heat_kwh_per_year"] + large.parcels["deep_unapproved_heat_kwh_per_year"]
    )
    assert (whole == large.parcels["deep_heat_kwh_per_year"]).all()


def test_ranges_are_in_order_and_the_city_is_never_the_sum_of_its_p90(large):
    names = [f"deep_heat_{end}kwh_per_year" for end in ("p90_", "", "p10_")]
    low, middle, high = (large.parcels[name] for name in names)
    assert (low <= middle).all() and (middle <= high).all()
    assert (large.parcels["deep_heat_p50_kwh_per_year"].between(low, high)).all()
    assert large.totals[names[0]] >= low.sum() - len(low)


def test_draws_come_from_the_same_seed_every_time(approved):
    again = found(town())
    pd.testing.assert_frame_equal(again.parcels, approved.parcels)
    assert chances("flow") == pytest.approx(chances("flow"))
    assert not np.allclose(chances("flow"), chances("temperature"))


def test_draws_of_a_range_stay_within_it_and_lie_about_its_middle():
    drawn = Range(0.7, 1.0, 1.15).at(chances("flow"))
    assert drawn.min() >= 0.7 and drawn.max() <= 1.15
    assert drawn.mean() == pytest.approx((0.7 + 1.0 + 1.15) / 3, abs=0.01)
    assert Range(1.0, 1.0, 1.0).at(chances("flow")) == pytest.approx(1.0)


def test_heat_never_exceeds_demand(large):
    demand = demand_of(town(columns=14, rows=12).tables["parcel"]).parcels
    need = demand["heat_kwh_per_year"] + demand["hot_water_kwh_per_year"]
    assert (large.parcels["deep_heat_kwh_per_year"] <= need + 12).all()


def test_options_name_the_reservoir_that_parcels_share(large):
    rows = large.options
    doublets = rows[rows["technology"] == "deep_doublet"]
    assert set(doublets["resource"]) == {"deep_reservoir"}
    assert set(doublets["resource_id"]) == {"U1"}
    heat = doublets["most_kw"] * doublets["kwh_per_kw"]
    assert (doublets["resource_drawn"] <= heat / 0.95 + 1).all()  # the network loses a twentieth on the way
    assert (rows["most_kw"] > 0).all() and (rows["capex_yuan"] > 0).all()


def test_every_column_is_in_the_dictionary_and_every_word_has_its_chinese(large):
    known, chinese = fields(), catalogue("zh")
    frames = [large.parcels, *large.details.values()]
    columns = {
        str(name) for frame in frames for name in [*frame.columns, frame.index.name] if name != "geometry"
    }
    assert not columns - set(known)
    words = {
        word
        for frame in (
            large.parcels,
            found(town(approved=False, without=("deep_reservoir_porosity",))).parcels,
        )
        for name in ("reason", "deep_doublet_reason", "deep_closed_reason", "missing_data")
        for cell in frame[name]
        for word in cell.split("; ")
        if word
    }
    assert not words - set(chinese)
    assert not set(large.remarks) - set(chinese)
    assert DEEP.title in chinese


def test_a_kept_assessment_comes_back_as_it_was(approved):
    again = from_record(to_record(approved))
    pd.testing.assert_frame_equal(again.parcels, approved.parcels)
    assert dict(again.totals) == dict(approved.totals)


def test_numbers_are_listed_with_their_sources(approved):
    keys = {number.key for number in approved.numbers}
    assert {"cascade / pinch", "range / flow", "closed / flow"} <= keys
    assert all(number.source for number in approved.numbers)


def test_the_work_stops_when_asked():
    job = Job()
    job.cancel()
    city = town()
    with pytest.raises(Cancelled):
        assess(city, demand_of(city.tables["parcel"]), DeepSettings(), job)
