"""Heat and cold from rivers, lakes and sewage for the parcels of a small town."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, box

from core.fields import fields
from core.jobs import Cancelled, Job
from layers.city import City
from potential import Assessment
from potential.surface_water.assessment import SURFACE_WATER, SurfaceWaterSettings
from tests.potential.heat_demand import demand_for
from tests.potential.water_town import MILD, NORTHERN, facility, parcels_at, town, water

BAND = box(-2000, 300, 3000, 360)  # a river 200 m north of the parcels
FEW = SurfaceWaterSettings(draws=16, peak_share=1.0)
SEWAGE = {"sewage_m3_per_day": 24_000.0, "waste_heat_c": 19.0, "waste_heat_winter_c": 13.0}


def found(city: City, settings: SurfaceWaterSettings = FEW, **loads: Any) -> Assessment:
    wanted = {"heat_kw": 100.0, "gfa_m2": 2000.0, **loads}
    return SURFACE_WATER.assess(city, demand_for(city.tables["parcel"].index, **wanted), settings, Job())


def row(made: Assessment, parcel: str = "P0") -> pd.Series[Any]:
    return made.parcels.loc[parcel]


def test_a_parcel_by_a_mild_river_gets_all_its_heat_and_needs_an_assessment_of_the_water() -> None:
    made = found(town(parcels_at([0]), water=[water(BAND)], facility=[]), cold_kw=80.0)
    got = row(made)
    assert got["water_heat_kw"] == 100
    assert got["water_cold_kw"] == 80
    assert got["water_heat_kwh_per_year"] == pytest.approx(100 * 730 * 3.7, rel=1e-3)
    assert (got["grade"], got["reason"]) == ("fairly_suitable", "assessment of the water needed")
    assert got["water_distance_m"] == 200
    assert got["water_lift_m"] == 5


def test_on_a_parcel_to_be_cleared_water_serves_only_what_is_built_anew() -> None:
    parcels = parcels_at([0, 300], planned_demolition=[True, False])
    made = found(town(parcels, water=[water(BAND)], facility=[]))
    assert made.parcels["grade"].tolist() == ["conditional", "fairly_suitable"]
    assert row(made)["reason"] == "to be demolished; only for what is built anew"


def test_a_river_gives_a_tenth_of_its_low_flow_cooled_by_5_kelvin() -> None:
    made = found(town(parcels_at([0]), water=[water(BAND)], facility=[]))
    source = made.details["water_source"].iloc[0]
    assert source["water_heat_budget_kw"] == pytest.approx(0.1 * 5 * 4187, abs=0.1)
    assert source["water_cold_budget_kw"] == pytest.approx(0.1 * 5 * 4187, abs=0.1)


def test_a_northern_river_drops_out_in_winter() -> None:
    made = found(town(parcels_at([0]), water=[water(BAND, warmth=NORTHERN)], facility=[]))
    got = row(made)
    months = [got[f"water_heat_kwh_month_{month:02d}"] for month in (12, 1, 2, 3, 11)]
    assert months[:3] == [0, 0, 0]
    assert min(months[3:]) > 0
    assert got["water_firm_heat_kw"] == 0
    assert (got["grade"], got["reason"]) == ("conditional", "water too cold in the coldest months")


def test_users_of_one_river_share_one_budget_the_nearest_first() -> None:
    parcels = parcels_at([0, 0, 0], [0, -200, -400])
    made = found(town(parcels, water=[water(BAND)], facility=[]), heat_kw=[2000.0, 6000.0, 2000.0])
    kw = made.parcels["water_heat_kw"]
    assert kw["P0"] == 2000
    assert 0 < kw["P1"] < 6000
    assert kw["P2"] == 0
    assert row(made, "P2")["reason"] == "water is given to others"
    source = made.details["water_source"].iloc[0]
    assert source["water_used_kw_month_01"] == source["water_budget_kw_month_01"]


def test_a_river_drawn_in_pieces_of_one_name_has_one_flow() -> None:
    pieces = [water(box(-2000, 300, 0, 360)), water(box(0, 300, 3000, 360))]
    made = found(town(parcels_at([0]), water=pieces, facility=[]))
    assert list(made.details["water_source"]["water_heat_budget_kw"]) == pytest.approx([2093.5])


def test_a_long_river_has_reaches_of_half_a_budget() -> None:
    long = water(box(-18_000, 300, 18_000, 340))
    made = found(town(parcels_at([0]), water=[long], facility=[]))
    reach = made.details["water_source"]
    assert list(reach["water_reach"]) == [1, 2, 3]
    assert list(reach["water_heat_budget_kw"]) == pytest.approx([1046.8] * 3, abs=0.1)
    assert "Long rivers are cut into reaches with half a budget each." in made.remarks


@pytest.mark.parametrize("fall", [1.0, -1.0])
def test_reaches_count_from_upstream_as_the_ground_falls(fall: float) -> None:
    city = town(parcels_at([0]), water=[water(box(-18_000, 300, 18_000, 340))], facility=[])
    sloping = city.rasters["terrain"].values + fall * np.linspace(20, -20, 400, dtype=np.float32)
    terrain = replace(city.rasters["terrain"], values=sloping)
    reach = found(replace(city, rasters={"terrain": terrain})).details["water_source"]
    assert list(reach["water_reach"]) == [1, 2, 3]
    assert (np.diff(reach.geometry.centroid.x) * fall > 0).all()
    assert reach.geometry.area.sum() == pytest.approx(36_000 * 40)


@pytest.mark.parametrize("name", ["low_flow_m3_per_s", "water_temp_c_month_01"])
def test_a_river_without_flow_or_temperature_needs_a_survey(name: str) -> None:
    unknown = water(BAND) | {name: np.nan}
    got = row(found(town(parcels_at([0]), water=[unknown], facility=[])))
    assert (got["grade"], got["reason"], got["missing_data"]) == ("needs_survey", "needs survey", name)


def test_a_city_without_tables_of_sources_needs_a_survey_not_a_zero() -> None:
    got = row(found(town(parcels_at([0]))))
    assert got["grade"] == "needs_survey"
    assert got["missing_data"] == "water; facility"


def test_without_a_table_of_facilities_a_parcel_far_from_water_may_still_have_sewage() -> None:
    city = town(parcels_at([0, 9000]), water=[water(BAND)])
    made = found(city)
    assert row(made, "P0")["grade"] == "fairly_suitable"
    assert row(made, "P1")["missing_data"] == "facility"


def test_far_from_all_water_nothing_is_within_reach() -> None:
    got = row(found(town(parcels_at([0]), water=[water(box(0, 1200, 500, 1260))], facility=[])))
    assert (got["grade"], got["reason"]) == ("unsuitable", "no water within reach")


def test_between_500_and_1000_metres_the_pipe_is_long() -> None:
    got = row(found(town(parcels_at([0]), water=[water(box(-2000, 900, 3000, 960))], facility=[])))
    assert "long pipe" in got["reason"]


@pytest.mark.parametrize(("level", "grade", "words"), [(360.0, "fairly_suitable", "high lift"),
                                                       (340.0, "unsuitable", "lift too high")])  # fmt: skip
def test_a_parcel_high_above_the_water_is_worse_and_then_out(level: float, grade: str, words: str) -> None:
    got = row(found(town(parcels_at([0]), water=[water(BAND, surface_level_m=level)], facility=[])))
    assert got["grade"] == grade
    assert words in got["reason"]


def test_without_terrain_the_lift_must_be_surveyed() -> None:
    got = row(found(town(parcels_at([0]), terrain_m=None, water=[water(BAND)], facility=[])))
    assert (got["grade"], got["missing_data"]) == ("needs_survey", "terrain")


def test_without_a_water_level_the_lift_must_be_surveyed() -> None:
    got = row(found(town(parcels_at([0]), water=[water(BAND, surface_level_m=np.nan)], facility=[])))
    assert (got["grade"], got["missing_data"]) == ("needs_survey", "surface_level_m")


def test_water_in_an_ecology_zone_is_forbidden_and_its_free_part_is_not() -> None:
    def zones(west: float) -> list[dict[str, Any]]:
        return [water(box(west, 200, 9000, 460), kind="ecology", name="生态保护红线")]

    closed = row(found(town(parcels_at([0]), water=[water(BAND)], facility=[], protection_zone=zones(-9000))))
    assert (closed["grade"], closed["reason"]) == ("forbidden", "water in a protected zone")
    assert closed["water_heat_kwh_per_year"] == 0
    part = row(found(town(parcels_at([0]), water=[water(BAND)], facility=[], protection_zone=zones(-300))))
    assert part["water_distance_m"] == pytest.approx(np.hypot(300, 200), abs=1)
    assert part["water_heat_kw"] == 100


def test_a_navigable_river_needs_a_permit() -> None:
    got = row(found(town(parcels_at([0]), water=[water(BAND, navigable=True)], facility=[])))
    assert (got["grade"], got["reason"]) == ("conditional", "permit of the waterway needed")


def test_sewage_gives_5_8_kilowatts_for_a_cubic_metre_an_hour_and_alone_is_suitable() -> None:
    made = found(town(parcels_at([0]), water=[], facility=[facility(500, 50, "sewage_works", **SEWAGE)]))
    assert made.details["water_source"].iloc[0]["water_heat_budget_kw"] == pytest.approx(
        5.8 * 1000, rel=0.005
    )
    assert (row(made)["grade"], row(made)["reason"]) == ("suitable", "")
    assert set(made.options["technology"]) == {"sewage_heat_pump"}


def test_reclaimed_water_is_not_counted_a_second_time_at_the_works() -> None:
    both = [facility(500, 50, "sewage_works", **SEWAGE),
            facility(900, 50, "reclaimed_water", **SEWAGE | {"sewage_m3_per_day": 6_000.0})]  # fmt: skip
    made = found(town(parcels_at([0]), water=[], facility=both))
    assert made.details["water_source"]["water_heat_budget_kw"].sum() == pytest.approx(5.8 * 1000, rel=0.005)


def test_a_lake_without_depth_gives_the_mean_of_its_surface() -> None:
    lake = water(box(0, 300, 500, 700), kind="lake", low_flow_m3_per_s=np.nan)
    made = found(town(parcels_at([0]), water=[lake], facility=[]))
    source = made.details["water_source"].iloc[0]
    assert source["water_cold_budget_kw"] == pytest.approx(200_000 * 30 / 1000)
    assert source["water_heat_budget_kw"] == pytest.approx(200_000 * 60 / 1000)


def test_a_parcel_without_any_need_is_unsuitable_and_one_unknown_needs_a_survey() -> None:
    city = town(parcels_at([0, 150]), water=[water(BAND)], facility=[])
    demand = demand_for(["P0"], heat_kw=0.0)
    made = SURFACE_WATER.assess(city, demand, FEW, Job())
    assert row(made, "P0")["reason"] == "no need of heat or cold known"
    assert row(made, "P1")["missing_data"] == "heat_kwh_per_year"


def test_pumps_that_carry_half_the_peak_cover_more_than_half_the_heat() -> None:
    city = town(parcels_at([0]), water=[water(BAND)], facility=[])
    half = row(found(city, SurfaceWaterSettings(draws=16, peak_share=0.5), night=0.5))
    whole = row(found(city, night=0.5))
    assert half["water_heat_kw"] == whole["water_heat_kw"] / 2
    assert half["water_heat_kwh_per_year"] == pytest.approx(
        whole["water_heat_kwh_per_year"] * 2 / 3, rel=1e-3
    )
    assert half["grade"] == "fairly_suitable"


def test_totals_are_the_sums_of_parcels_and_p90_is_not_the_sum_of_p90() -> None:
    city = town(parcels_at([0, 150, 300, 450]), water=[water(BAND)], facility=[])
    made = found(city, heat_kw=[900.0, 700.0, 800.0, 950.0], night=0.6)
    parcels, totals = made.parcels, made.totals
    for name in ("water_heat_kwh_per_year", "water_capex_yuan", "water_saved_kgce_per_year"):
        assert totals[name] == parcels[name].sum()
    months = [f"water_heat_kwh_month_{month:02d}" for month in range(1, 13)]
    assert (parcels[months].sum(axis=1) == parcels["water_heat_kwh_per_year"]).all()
    assert totals["water_heat_p90_kwh_per_year"] >= parcels["water_heat_p90_kwh_per_year"].sum()
    low, middle, high = (f"water_heat_{part}kwh_per_year" for part in ("p90_", "", "p10_"))
    assert (parcels[low] <= parcels[middle]).all()
    assert (parcels[middle] <= parcels[high]).all()
    assert made.options["most_kw"].sum() == pytest.approx(parcels["water_heat_kw"].sum(), abs=0.5)


def test_every_column_is_in_the_dictionary_and_every_number_has_a_source() -> None:
    made = found(town(parcels_at([0]), water=[water(BAND)], facility=[]))
    frames = [made.parcels, *made.details.values()]
    assert {column for frame in frames for column in frame.columns} - {"geometry"} <= set(fields())
    assert {frame.index.name for frame in frames} <= set(fields())
    assert {"surface_water_grade", "surface_water_reason", "surface_water_missing_data"} <= set(fields())
    assert all(number.source for number in made.numbers)


@pytest.mark.parametrize("parcels", [parcels_at([]), parcels_at([0])])
def test_empty_tables_give_empty_results(parcels: Any) -> None:
    made = found(town(parcels, water=[], facility=[facility(0, 0, "car_park")]))
    assert len(made.parcels) == len(parcels)
    assert made.totals["water_heat_kwh_per_year"] == 0


def test_tables_as_people_give_them_are_read() -> None:
    """A river as a line, numbers as text, a flag that is empty, a facility without a place or kind."""
    river = water(LineString([(-500, 330), (3000, 330)]), low_flow_m3_per_s="1.0", navigable=None)
    odd = [facility(0, 0, "sewage_works", **SEWAGE) | {"geometry": None, "kind": None},
           facility(0, 0, "sewage_works", **SEWAGE) | {"geometry": None}]  # fmt: skip
    got = row(found(town(parcels_at([0]), water=[river], facility=odd)))
    assert got["water_heat_kw"] == 100
    assert got["water_source_id"] == "W0"


def test_a_parcel_away_from_all_facilities_of_an_unknown_need_is_not_guessed() -> None:
    demand = demand_for(["P0"], heat_kw=np.nan)
    made = SURFACE_WATER.assess(town(parcels_at([0]), water=[water(BAND)], facility=[]), demand, FEW, Job())
    assert row(made)["missing_data"] == "heat_kwh_per_year"


def test_the_options_of_all_parcels_draw_no_more_than_a_source_has() -> None:
    parcels = parcels_at([0, 150, 300, 450])
    made = found(
        town(parcels, water=[water(BAND)], facility=[]), heat_kw=900.0, hot_water_kw=[5.0, 90.0, 9.0, 2.0]
    )
    drawn = made.options.groupby("resource_id")["resource_drawn"].sum()
    budget = made.details["water_source"]["water_heat_budget_kw"]
    assert (drawn <= budget[drawn.index] + 0.5).all()


def test_a_job_that_is_stopped_gives_nothing() -> None:
    job = Job()
    job.cancel()
    city = town(parcels_at([0]), water=[water(BAND)], facility=[])
    with pytest.raises(Cancelled):
        SURFACE_WATER.assess(city, demand_for(["P0"], heat_kw=1.0), FEW, job)


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_a_further_source_never_lowers_a_parcel_and_no_budget_is_exceeded(seed: int) -> None:
    rng = np.random.default_rng(seed)
    parcels = parcels_at(list(rng.uniform(0, 1500, 6)))
    waters = [
        water(
            box(x, 300, x + 80, 360),
            name=f"{n}河",
            low_flow_m3_per_s=float(flow),
            warmth=list(np.array(MILD) - cold),
        )
        for n, (x, flow, cold) in enumerate(
            zip(rng.uniform(0, 1500, 3), rng.uniform(0.05, 0.5, 3), (0, 3, 0), strict=True)
        )
    ]
    kw = rng.uniform(50, 800, 6)
    before = found(town(parcels, water=waters[:2], facility=[]), heat_kw=kw).parcels
    made = found(town(parcels, water=waters, facility=[]), heat_kw=kw)
    names = ["water_heat_kwh_per_year", "water_heat_kw"]
    assert (made.parcels[names] >= before[names] - 12).all(axis=None)  # months are rounded
    source = made.details["water_source"]
    for month in range(1, 13):
        assert (
            source[f"water_used_kw_month_{month:02d}"] <= source[f"water_budget_kw_month_{month:02d}"]
        ).all()
    links = made.details["water_link"].groupby("parcel_id")["water_heat_kw"].max()
    assert (links <= pd.Series(kw, index=parcels.index)[links.index] + 0.1).all()
