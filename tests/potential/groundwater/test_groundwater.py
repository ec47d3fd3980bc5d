"""Groundwater heat pumps of parcels on a plain: what they give, what limits them, and where the law or the data say no."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core import texts
from core.fields import fields
from core.jobs import Cancelled, Job
from core.problems import UserError
from potential import Assessment
from potential.groundwater.doublet import WATER_J_PER_M3K
from potential.groundwater.groundwater import GROUNDWATER, GroundwaterSettings, assess
from potential.groundwater.results import MONTHS, SUMS
from potential.groundwater.well_tables import PRODUCED
from potential.records import from_record, to_record
from tests.potential.groundwater.plain import GROUND, X, Y, hole, need, parcel, plain, raster, zones

FEW = GroundwaterSettings(draws=16)
DAY = 86400.0
COP, EER = 3.4, 3.9


def assessed(*shapes: Any, heat_kw: float = 200.0, cold_kw: float = 150.0, **known: Any) -> Assessment:
    settings = known.pop("settings", FEW)
    city = plain(*(shapes or (parcel(0, 0),)), **known)
    return assess(city, need(city, heat_kw, cold_kw), settings, Job())


def row_of(assessment: Assessment, parcel_id: str = "P0") -> pd.Series:
    return assessment.parcels.loc[parcel_id]


@cache
def simple() -> Assessment:
    return assessed()


@cache
def thirsty() -> Assessment:
    """Five parcels, four of them along one flow line, that want far more than flows through."""
    shapes = [parcel(0, 200.0 * number) for number in range(4)] + [parcel(600, 0)]
    return assessed(*shapes, heat_kw=3000.0, cold_kw=500.0)


def test_a_tested_parcel_over_a_good_aquifer_is_suitable_and_serves_its_need() -> None:
    row = row_of(simple())
    assert row[["grade", "reason"]].tolist() == ["suitable", "water permit needed; limited by need"]
    assert row[["gw_heat_kw", "gw_cold_kw"]].tolist() == [200.0, 150.0]
    assert row["gw_heat_kwh_per_year"] == pytest.approx(200 * 1500, abs=12)
    assert row["gw_evidence"] == "surveyed"
    assert row["missing_data"] == ""


def test_design_flow_carries_the_heat_less_the_power_of_the_plant() -> None:
    """Winter needs 200 (1 - 1/3.4) kW at 5 K; summer, where 16 °C may become 20 °C, 150 (1 + 1/3.9) kW at 4 K: the more."""
    row = row_of(simple())
    winter = 200e3 * (1 - 1 / COP) / (WATER_J_PER_M3K * 5)
    summer = 150e3 * (1 + 1 / EER) / (WATER_J_PER_M3K * 4)
    assert summer > winter
    assert row["gw_flow_m3_per_h"] == pytest.approx(summer * 3600, abs=0.01)


def test_mean_flow_follows_from_the_energy_of_the_year() -> None:
    row = row_of(simple())
    winter = row["gw_heat_kwh_per_year"] * 3.6e6 * (1 - 1 / COP) / (WATER_J_PER_M3K * 5)
    summer = row["gw_cold_kwh_per_year"] * 3.6e6 * (1 + 1 / EER) / (WATER_J_PER_M3K * 4)
    assert row["gw_mean_m3_per_day"] == pytest.approx((winter + summer) / 365.25, rel=0.002)


def test_all_water_is_returned_by_more_injection_than_production_wells() -> None:
    frame = thirsty().parcels
    on = frame[frame["gw_flow_m3_per_h"] > 0]
    assert len(on)
    assert (on["gw_return_share"] >= 1).all()
    assert (on["gw_injection_wells"] >= 2 * on["gw_production_wells"]).all()


def test_saved_coal_and_carbon_against_a_gas_boiler() -> None:
    """By hand: 300 MWh; gas 3.6/29.307/0.915 kgce and 55.54e-6 · 3.6/0.915 t, power 0.30/3.4 kgce and 0.6335/3.4 kg."""
    row = row_of(simple())
    kwh = row["gw_heat_kwh_per_year"]
    assert row["gw_saved_kgce_per_year"] == pytest.approx(kwh * (3.6 / 29.307 / 0.915 - 0.3 / 3.4), abs=2)
    tonnes = kwh * (3.6e-6 * 55.54 / 0.915 - 0.6335e-3 / 3.4)
    assert row["gw_avoided_tco2_per_year"] == pytest.approx(tonnes, abs=0.01)


def test_investment_is_wells_by_depth_and_plant_by_floor_area() -> None:
    row = row_of(simple())
    wells = row["gw_production_wells"] + row["gw_injection_wells"]
    assert row["gw_capex_yuan"] == pytest.approx(wells * (12 + 30) * 1750 + 5000 * 275, abs=1)


def test_wells_lie_in_the_parcel_with_injection_downstream() -> None:
    found = simple().details["well"]
    assert found.geometry.within(parcel(0, 0)).all()
    y = found.geometry.y.groupby(found["kind"])
    assert y.min()["injection"] > y.max()["production"] + 50
    flow = found.groupby("kind")["gw_flow_m3_per_h"].sum()
    assert flow["injection"] == pytest.approx(flow["production"], abs=0.02)


@pytest.mark.parametrize("direction", [0.0, 90.0, 180.0, 265.0])
def test_the_direction_of_flow_turns_the_wells(direction: float) -> None:
    found = assessed(ground={"flow_direction_deg": direction})
    wells = found.details["well"]
    turn = np.radians(direction)
    s = wells.geometry.x * np.sin(turn) + wells.geometry.y * np.cos(turn)
    assert s[wells["kind"] == "injection"].min() > s[wells["kind"] == "production"].max()
    assert found.details["doublet"]["gw_angle_deg"].max() < 45
    middle = found.details["plume"].geometry.centroid
    assert (middle.x.iloc[0] - X - 75) * np.sin(turn) + (middle.y.iloc[0] - Y - 75) * np.cos(turn) > 0


def test_a_plume_is_as_wide_as_its_mean_flow_needs_and_as_long_as_heat_moves() -> None:
    """50 m/d · 30 m · 0.005 = 7.5 m²/d; 147 m a year for 25 years."""
    plume = simple().details["plume"].iloc[0]
    assert plume["gw_plume_width_m"] == pytest.approx(row_of(simple())["gw_mean_m3_per_day"] / 7.5, abs=0.1)
    assert plume["gw_plume_length_m"] == pytest.approx(25 * 146.8, rel=0.002)


def test_parcels_along_a_flow_line_never_use_more_than_flows_through() -> None:
    found = thirsty()
    tubes = found.details["aquifer"]
    assert (tubes["gw_given_m3_per_day"] <= tubes["gw_through_m3_per_day"] + 0.1).all()
    assert tubes["gw_through_m3_per_day"].max() == pytest.approx(7.5 * 200, rel=0.01)
    drawn = found.options.groupby("resource_id")["resource_drawn"].sum()
    assert (drawn <= tubes["gw_through_m3_per_day"].reindex(drawn.index) + 0.5).all()
    row = row_of(found)
    assert "limited by the shared aquifer" in row["reason"]
    assert row["gw_unserved_kw"] == pytest.approx(row["gw_own_heat_kw"] - row["gw_heat_kw"], abs=0.1)
    assert found.totals["gw_own_heat_kw"] > found.totals["gw_heat_kw"]


def test_a_parcel_on_another_flow_line_keeps_its_own() -> None:
    found = thirsty().parcels
    assert found["gw_tube"].nunique() == 2
    assert found.loc["P4", "gw_heat_kw"] > 1.5 * found.loc["P1", "gw_heat_kw"]


@pytest.mark.parametrize("rule", ["proportional", "upstream_first", "largest_first"])
def test_whatever_the_order_the_aquifer_is_not_overdrawn(rule: str) -> None:
    shapes = [parcel(0, 200.0 * number) for number in range(4)]
    found = assessed(*shapes, heat_kw=3000.0, settings=replace(FEW, sharing_rule=rule))
    tubes = found.details["aquifer"]
    assert (tubes["gw_given_m3_per_day"] <= tubes["gw_through_m3_per_day"] + 0.1).all()
    if rule == "upstream_first":
        assert found.parcels["gw_heat_kw"].iloc[0] > found.parcels["gw_heat_kw"].iloc[1:].max()


def test_totals_are_the_sums_of_parcels() -> None:
    found = thirsty()
    for name in SUMS:
        assert found.totals[name] == round(float(found.parcels[name].sum()), 3)
    assert (found.parcels[MONTHS].sum(axis=1) == found.parcels["gw_heat_kwh_per_year"]).all()


def test_ninety_percent_levels_lie_around_the_middle_and_those_of_the_city_are_narrower() -> None:
    found = thirsty()
    frame = found.parcels
    low, middle, high = (frame[f"gw_heat{end}_kwh_per_year"] for end in ("_p90", "", "_p10"))
    assert (low <= middle).all()
    assert (middle <= high).all()
    assert low.sum() <= found.totals["gw_heat_p90_kwh_per_year"] <= middle.sum()
    assert middle.sum() <= found.totals["gw_heat_p10_kwh_per_year"] <= high.sum() + 1
    pd.testing.assert_frame_equal(frame, assessed(
        *[parcel(0, 200.0 * number) for number in range(4)], parcel(600, 0), heat_kw=3000.0, cold_kw=500.0
    ).parcels)  # fmt: skip


def test_produced_water_keeps_its_temperature_within_the_rule() -> None:
    """Little gradient: heat returns, and the rule holds it to one kelvin."""
    found = assessed(ground={"hydraulic_gradient": 0.0008}, heat_kw=2000.0, cold_kw=0.0)
    row = found.details["doublet"].iloc[0]
    assert row["gw_winter_shift_k"] <= 1.01
    assert found.parcels["gw_flow_m3_per_h"].iloc[0] > 0
    produced = row[PRODUCED].to_numpy(dtype=float)
    assert (np.diff(produced) <= 0.011).all()
    assert produced[-1] >= 16 - 1.02


def test_no_return_at_all_allows_less_flow_than_a_kelvin() -> None:
    ground = {"hydraulic_gradient": 0.004}
    kelvin = assessed(ground=ground, heat_kw=1500.0)
    none = assessed(ground=ground, heat_kw=1500.0, settings=replace(FEW, heat_rule="no_return"))
    assert 0 < row_of(none)["gw_own_heat_kw"] < row_of(kelvin)["gw_own_heat_kw"]
    assert "limited by returning heat" in row_of(none)["reason"]


def test_a_city_that_only_heats_and_one_that_only_cools() -> None:
    heats, cools = row_of(assessed(cold_kw=0.0)), row_of(assessed(heat_kw=0.0))
    assert heats["gw_heat_kw"] == 200.0
    assert heats["gw_cold_kw"] == heats["gw_cold_kwh_per_year"] == 0.0
    assert cools["gw_cold_kw"] == 150.0
    assert cools["gw_heat_kw"] == cools["gw_heat_kwh_per_year"] == 0.0
    assert cools["grade"] == "suitable"


def test_cold_water_is_no_obstacle_where_nobody_heats() -> None:
    cold = {"ground_temp_c": 9.0}
    assert "water too cold in winter" in row_of(assessed(ground=cold))["reason"]
    assert row_of(assessed(ground=cold, heat_kw=0.0))["grade"] == "suitable"


@pytest.mark.parametrize("name", [*GROUND, "geology", "protection_zone"])
def test_a_missing_layer_needs_a_survey_and_gives_no_number(name: str) -> None:
    known: dict[str, Any] = {"ground": {name: None}} if name in GROUND else {"without": (name,)}
    row = row_of(assessed(borehole=None, **known))
    assert row["grade"] == "needs_survey"
    assert row["gw_heat_kw"] == 0.0
    assert row["missing_data"]


def test_a_hole_in_a_raster_concerns_only_parcels_over_it() -> None:
    values = np.full((60, 60), 50.0)
    values[:, :30] = np.nan
    city = plain(parcel(300, 0), parcel(-400, 0), borehole=None)
    city = replace(city, rasters={**city.rasters, "hydraulic_conductivity_m_per_day": raster(values)})
    found = assess(city, need(city), FEW, Job()).parcels
    assert found["grade"].tolist() == ["conditional", "needs_survey"]
    assert found["missing_data"].tolist() == ["", "hydraulic_conductivity_m_per_day"]


@pytest.mark.parametrize(
    ("kind", "level", "said"),
    [
        ("groundwater_ban", "禁采", "groundwater ban zone"),
        ("groundwater_limit", "限采", "groundwater limit zone"),
        ("overexploited", "", "overexploited groundwater"),
        ("drinking_water", "一级", "drinking-water protection zone I or II"),
        ("drinking_water", "二级", "drinking-water protection zone I or II"),
        ("seawater_intrusion", "", "seawater intrusion zone"),
        ("hardly_renewed", "", "groundwater that is hardly renewed"),
        ("subsidence", "", "land subsidence zone"),
        ("ground_fissure", "", "ground fissure zone"),
    ],
)
def test_zones_forbid_wells_whatever_is_missing(kind: str, level: str, said: str) -> None:
    zone = {"kind": kind, "zone_level": level, "geometry": parcel(-50, -50, 300, 300)}
    row = row_of(assessed(protection_zone=zones(zone), ground={"hydraulic_gradient": None}))
    assert row["grade"] == "forbidden"
    assert said in row["reason"]
    assert row["gw_heat_kw"] == 0.0


def test_quasi_protection_zones_are_a_condition() -> None:
    zone = {"kind": "drinking_water", "zone_level": "准保护区", "geometry": parcel(-50, -50, 300, 300)}
    row = row_of(assessed(protection_zone=zones(zone)))
    assert row["grade"] == "conditional"
    assert row["gw_heat_kw"] > 0


def test_ground_that_sank_less_than_the_limit_is_watched_not_forbidden() -> None:
    zone = {
        "kind": "subsidence",
        "zone_level": "",
        "subsidence_mm": 200.0,
        "geometry": parcel(-50, -50, 300, 300),
    }
    row = row_of(assessed(protection_zone=zones(zone)))
    assert row[["grade"]].tolist() == ["conditional"]
    assert "land subsidence must be watched" in row["reason"]


def test_wells_keep_out_of_a_zone_that_covers_part_of_a_parcel() -> None:
    zone = {"kind": "groundwater_ban", "zone_level": "", "geometry": parcel(-50, -50, 110, 300)}
    found = assessed(protection_zone=zones(zone))
    assert row_of(found)["grade"] == "conditional"
    assert (found.details["well"].geometry.x >= X + 60 - 1e-6).all()


@pytest.mark.parametrize(
    ("known", "grade", "said"),
    [
        ({"ground": {"aquifer_thickness_m": 0.0}}, "unsuitable", "thin aquifer"),
        ({"ground": {"aquifer_thickness_m": 4.9}}, "unsuitable", "thin aquifer"),
        ({"ground": {"water_table_depth_m": 71.0}}, "unsuitable", "deep water table"),
        ({"ground": {"water_table_depth_m": 0.8}}, "unsuitable", "injection would raise water"),
        ({"ground": {"hydraulic_gradient": 0.0}}, "unsuitable", "no groundwater flow"),
        ({"geology": {"lithology": "clay"}}, "unsuitable", "the ground takes no water back"),
        ({"geology": {"specific_yield_m3_per_day_m": 299.0}}, "unsuitable", "low specific yield"),
        ({"geology": {"specific_yield_m3_per_day_m": 400.0}}, "fairly_suitable", "moderate specific yield"),
        ({"borehole": hole(75, 75, reinjection_share=0.49)}, "unsuitable", "low reinjection share"),
        ({"borehole": hole(75, 75, reinjection_share=0.79)}, "fairly_suitable", "moderate reinjection share"),
        ({"borehole": hole(75, 75, reinjection_share=0.0)}, "unsuitable", "low reinjection share"),
        ({"geology": {"water_level_fall_m_per_year": 0.8}}, "unsuitable", "falling water level"),
        ({"geology": {"dissolved_solids_g_per_l": 3.1}}, "conditional", "dissolved solids"),
        ({"geology": {"chloride_mg_per_l": 150.0}}, "conditional", "chloride"),
        ({"geology": {"sand_content": 1e-5}}, "conditional", "sand"),
        ({"geology": {"turbidity_mg_per_l": 21.0}}, "conditional", "turbidity"),
        ({"geology": {"sulfate_mg_per_l": 201.0}}, "conditional", "sulphate"),
        ({"geology": {"iron_mg_per_l": 1.1}}, "conditional", "iron"),
        ({"geology": {"hydrogen_sulfide_mg_per_l": 0.6}}, "conditional", "hydrogen sulphide"),
        ({"borehole": None}, "conditional", "pumping and reinjection test missing"),
        ({"borehole": hole(1200, 75)}, "conditional", "pumping and reinjection test missing"),
        ({"heat_kw": 0.0, "cold_kw": 0.0}, "unsuitable", "no heat or cold needed"),
    ],
)  # fmt: skip
def test_rules_of_water_and_aquifer(known: dict[str, Any], grade: str, said: str) -> None:
    row = row_of(assessed(**known))
    assert row["grade"] == grade
    assert said in row["reason"]
    assert (row["gw_heat_kw"] > 0) == (grade not in ("unsuitable", "needs_survey"))


def test_fissured_rock_without_a_test_needs_a_survey() -> None:
    row = row_of(assessed(borehole=None, geology={"lithology": "limestone", "reinjection_share": np.nan}))
    assert row[["grade", "missing_data"]].tolist() == ["needs_survey", "reinjection_share"]


def test_sand_without_a_test_takes_the_share_of_its_kind() -> None:
    """Medium sand gives back 0.6: two injection wells for each production well."""
    found = assessed(borehole=None, geology={"lithology": "medium_sand", "reinjection_share": np.nan})
    row = row_of(found)
    assert row["gw_injection_wells"] == 2 * row["gw_production_wells"] > 0
    assert any(number.key == "medium_sand" for number in found.numbers)


def test_a_pumping_test_nearby_goes_before_the_map() -> None:
    poor = assessed(borehole=hole(75, 75, hydraulic_conductivity_m_per_day=8.0), heat_kw=900.0)
    assert row_of(poor)["gw_own_heat_kw"] < row_of(assessed(heat_kw=900.0))["gw_own_heat_kw"]


def test_a_recorded_permit_is_approved_evidence() -> None:
    city = plain(parcel(0, 0))
    city.tables["parcel"]["groundwater_permit"] = True
    row = row_of(assess(city, need(city), FEW, Job()))
    assert row[["grade", "reason", "gw_evidence"]].tolist() == ["suitable", "limited by need", "approved"]


def test_a_parcel_wholly_under_a_building_has_no_room() -> None:
    parcels = plain(parcel(0, 0)).tables["parcel"]
    roof = parcels.set_geometry([parcel(-1, -1, 152, 152)]).rename_axis("building_id")
    assert "no room for wells" in row_of(assessed(building=roof))["reason"]


def test_basements_near_injection_wells_limit_the_rise() -> None:
    """Water at 12 m: two storeys below ground leave 12 - 7.8 - 1 = 3.2 m, four stand in the water and allow half a metre."""
    base = (
        plain(parcel(0, 0))
        .tables["parcel"]
        .set_geometry([parcel(60, 110, 20, 20)])
        .rename_axis("building_id")
    )
    rises = [
        assessed(building=base.assign(floors_below=storeys)).details["doublet"]["gw_rise_allowed_m"].iloc[0]
        for storeys in (0, 2, 4)
    ]
    assert rises == pytest.approx([11.0, 3.2, 0.5])


def test_conductivity_in_metres_a_second_is_refused_with_what_to_do() -> None:
    with pytest.raises(UserError, match=r"nowhere above 0\.00058 m/d") as caught:
        assessed(ground={"hydraulic_conductivity_m_per_day": 50 / DAY})
    assert "86,400" in str(caught.value)


def test_a_pumping_test_in_metres_a_second_is_refused_by_its_row() -> None:
    with pytest.raises(UserError, match="Pumping tests") as caught:
        assessed(borehole=hole(75, 75, hydraulic_conductivity_m_per_day=50 / DAY))
    assert caught.value.problems[0].rows == (0,)


def test_a_negative_gradient_is_refused() -> None:
    with pytest.raises(UserError, match="gradient is below zero"):
        assessed(ground={"hydraulic_gradient": -0.002})


def test_tight_ground_gives_little_water_without_complaint() -> None:
    row = row_of(assessed(ground={"hydraulic_conductivity_m_per_day": 0.05}, borehole=None))
    assert row["grade"] == "unsuitable"
    assert "little water" in row["reason"]


def test_a_parcel_too_poor_for_wells_leaves_its_share_to_others() -> None:
    shapes = [parcel(0, 170.0 * number, 150, 160) for number in range(6)]
    found = assessed(*shapes, heat_kw=400.0, cold_kw=0.0, ground={"hydraulic_gradient": 0.0006}).parcels
    given = found["gw_heat_kw"]
    assert ((given == 0) | (given >= 20)).all()
    assert "the share of the aquifer is too small for wells" in set(found.loc[given == 0, "reason"])
    assert (found.loc[given == 0, "gw_unserved_kw"] > 0).all()


def test_a_city_without_parcels_has_no_potential() -> None:
    city = plain()
    found = assess(city, need(city), FEW, Job())
    assert found.parcels.empty
    assert found.options.empty
    assert found.totals["gw_heat_kw"] == 0


def test_a_parcel_the_demand_does_not_know_needs_a_survey() -> None:
    city = plain(parcel(0, 0), parcel(400, 0))
    demand = need(city)
    less = replace(
        demand, parcels=demand.parcels.iloc[:1], days={name: days[:1] for name, days in demand.days.items()}
    )
    found = assess(city, less, FEW, Job()).parcels
    assert found["gw_heat_kw"].tolist() == [200.0, 0.0]
    assert found[["grade", "missing_data"]].iloc[1].tolist() == ["needs_survey", "demand"]


def test_options_say_what_they_draw_and_from_which_tube() -> None:
    option = simple().options.iloc[0]
    row = row_of(simple())
    assert option["technology"] == "groundwater_heat_pump"
    assert option[["resource", "resource_id"]].tolist() == ["aquifer", row["gw_tube"]]
    assert option["resource_drawn"] == row["gw_mean_m3_per_day"]
    assert option["most_kw"] * option["kwh_per_kw"] == pytest.approx(row["gw_heat_kwh_per_year"])


def test_every_column_is_in_the_dictionary_and_within_its_limits() -> None:
    known = fields()
    found = thirsty()
    plain_names = {"grade", "reason", "geometry"}
    for frame in (found.parcels, *found.details.values()):
        assert set(frame.columns) - plain_names <= set(known)
        for name in set(frame.columns) & set(known):
            values = pd.to_numeric(frame[name], errors="coerce")
            assert not (values < (known[name].low if known[name].low is not None else -np.inf)).any()
            assert not (values > (known[name].high if known[name].high is not None else np.inf)).any()


def test_all_that_is_said_has_its_chinese() -> None:
    said: set[str] = set()
    for found in (simple(), thirsty(), assessed(borehole=None, geology={"lithology": "clay"})):
        said |= {word for reason in found.parcels["reason"] for word in reason.split("; ") if word}
        said |= set(found.remarks)
    assert said <= set(texts.catalogue("zh"))


def test_an_assessment_survives_being_kept() -> None:
    kept = from_record(to_record(simple()))
    pd.testing.assert_frame_equal(kept.parcels, simple().parcels)
    assert dict(kept.totals) == dict(simple().totals)


def test_without_a_demand_it_is_asked_for() -> None:
    with pytest.raises(UserError, match="Compute the demand"):
        assess(plain(parcel(0, 0)), None, FEW, Job())


def test_every_number_used_names_its_source() -> None:
    used = simple().numbers
    assert {number.table for number in used} <= set(GROUNDWATER.standards)
    assert all(number.source for number in used)


def test_the_work_can_be_stopped() -> None:
    city = plain(parcel(0, 0))
    job = Job()
    job.cancel()
    with pytest.raises(Cancelled):
        assess(city, need(city), FEW, job)
