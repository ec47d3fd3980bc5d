"""Demand of whole cities: archetypes, shade, planned parcels, sums, meters, limits and the baseline."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from pyproj import CRS
from shapely.geometry import box

from core.jobs import Job
from core.problems import UserError
from demand import CARRIERS, HOLIDAY, WORKDAY, Demand
from demand.calendar import day_counts, day_kinds, design_temperature, heating_days, typical
from demand.model import DemandSettings, demand_of
from layers.city import City
from layers.weather_stations import weather_for
from potential.building_demand import assessment_of, demand_of_assessment
from standards import SHIPPED, Taken

QINGHE = CRS.from_epsg(4545)
XIAN = weather_for("西安")
FLAT = {"use": "residential", "floors_above": 6, "height_m": 18.0, "year_built": 2015, "structure": "钢混"}
SETTINGS = DemandSettings(cell_m=2.0, azimuths=24, bands=12)


def slab(x: float, y: float = 3_797_000.0, length: float = 60.0) -> Any:
    return box(500_000 + x, y, 500_000 + x + length, y + 14)


def city(
    *rows: dict[str, Any], parcels: list[dict[str, Any]] | None = None, facts: dict[str, Any] | None = None
) -> City:
    """Buildings 200 m apart, each on its own parcel, in Xi'an."""
    shapes = [one.get("geometry", slab(200.0 * n)) for n, one in enumerate(rows)]
    plain = [{name: value for name, value in one.items() if name != "geometry"} for one in rows]
    frame = gpd.GeoDataFrame(plain, geometry=shapes, crs=QINGHE)
    frame.index = pd.Index([f"B{n}" for n in range(len(rows))], name="building_id")
    frame["parcel_id"] = frame.get("parcel_id", pd.Series([f"P{n}" for n in range(len(rows))], frame.index))
    if "gfa_m2" not in frame:
        frame["gfa_m2"] = frame.area * frame["floors_above"]
    plots = [{"status": "existing", "use": "residential"} for _ in rows] if parcels is None else parcels
    land = gpd.GeoDataFrame(
        plots, geometry=[box(500_000 + 200 * n - 20, 3_796_960, 500_150 + 200 * n, 3_797_060) for n in range(len(plots))],
        crs=QINGHE,
    )  # fmt: skip
    land.index = pd.Index([f"P{n}" for n in range(len(plots))], name="parcel_id")
    about = {"climate_zone": "2B", "climate_city": "西安", "province": "陕西"} | (facts or {})
    return City("测试市", QINGHE, {"building": frame, "parcel": land}, weather=XIAN, facts=about)


def demand(*rows: dict[str, Any], wall_shade: str = "open", **given: Any) -> Demand:
    return demand_of(city(*rows, **given), replace(SETTINGS, wall_shade=wall_shade), Job())


# Archetypes


def test_heat_falls_from_code_to_code() -> None:
    years = (1980, 1995, 2005, 2015, 2020, 2023)
    found = demand(*(FLAT | {"year_built": year} for year in years)).buildings["heat_kwh_per_m2"]
    assert (found.diff().dropna() <= 0.05 * found.iloc[0]).all()
    assert found.iloc[-1] < 0.25 * found.iloc[0]


def test_a_new_flat_in_xian_needs_about_what_the_general_code_says() -> None:
    """GB 55015 annex A, 2B: 67 MJ/m² of heat, 18.6 kWh/m²; and 7.1 kWh/m² of electricity for cold."""
    found = demand(FLAT | {"year_built": 2023, "floors_above": 11, "height_m": 33.0}).buildings.iloc[0]
    assert found["heat_kwh_per_m2"] == pytest.approx(67 / 3.6, rel=0.35)
    assert found["cold_kwh_per_m2"] / 3.0 == pytest.approx(7.1, rel=0.5)


@pytest.mark.parametrize(
    ("use", "low", "high"),
    [
        ("business_office", 45, 75),
        ("education", 45, 80),
        ("health", 33, 75),
        ("hotel", 40, 75),
        ("retail", 40, 80),
    ],
)
def test_heating_indices_of_public_buildings_are_those_of_the_code_for_heat_networks(use, low, high) -> None:
    """CJJ 34 with saving measures: office and school 50-70, hospital 55-70, hotel 50-60, shop 55-70 W/m², network loss
    of 5 % included; Xi'an is milder than most of the north, and here machines of a hospital heat at night."""
    found = demand(FLAT | {"use": use, "year_built": 2010}).buildings["heat_w_per_m2"].iloc[0]
    assert low <= found <= high


def test_a_refitted_building_counts_by_its_refit() -> None:
    found = demand(
        FLAT | {"year_built": 1985, "retrofit_year": 2016.0}, FLAT | {"year_built": 2016}
    ).buildings
    assert found["heat_kwh_per_year"].nunique() == 1
    assert found["vintage_from"].tolist() == [2011, 2011]


def test_a_year_that_is_missing_is_taken_from_what_is_usual_and_marked() -> None:
    found = demand(FLAT | {"year_built": np.nan}, FLAT | {"year_built": 2005}).buildings
    assert found["heat_kwh_per_year"].nunique() == 1
    assert found["demand_source"].tolist() == ["derived", "given"]


def test_housing_south_of_the_heating_line_is_heated_by_room() -> None:
    """Existing housing of hot summers and cold winters: 10 to 25 kWh/m² by the planning defaults."""
    shanghai = replace(
        city(FLAT, facts={"climate_zone": "3A", "climate_city": "上海"}), weather=weather_for("上海")
    )
    found = demand_of(shanghai, replace(SETTINGS, wall_shade="open"), Job()).buildings.iloc[0]
    assert 10 <= found["heat_kwh_per_m2"] <= 25


def test_a_data_centre_counts_its_known_power() -> None:
    plain = city(FLAT | {"use": "data_centre", "gfa_m2": 10_000.0})
    place = gpd.GeoDataFrame(
        {"it_power_kw": [2000.0], "parcel_id": ["P0"]}, geometry=[slab(0).centroid], crs=QINGHE
    )
    known = replace(plain, tables={**plain.tables, "facility": place})
    found = demand_of(known, replace(SETTINGS, wall_shade="open"), Job()).buildings.iloc[0]
    assert found["electricity_kwh_per_year"] == pytest.approx(2000 * 8760 * 1.1 * 1.008, rel=0.01)
    assert found["cold_kwh_per_year"] > 0.9 * 2000 * 8760


# Surroundings


def test_a_tower_to_the_south_costs_heat_and_saves_cold() -> None:
    tower = FLAT | {"height_m": 99.0, "floors_above": 33, "geometry": slab(0, 3_796_970.0)}
    found = demand_of(city(FLAT | {"geometry": slab(0)}, tower), SETTINGS, Job()).buildings
    alone = demand_of(city(FLAT), SETTINGS, Job()).buildings
    assert found["heat_kwh_per_year"].iloc[0] > 1.05 * alone["heat_kwh_per_year"].iloc[0]
    assert found["cold_kwh_per_year"].iloc[0] < 0.95 * alone["cold_kwh_per_year"].iloc[0]


def test_a_party_wall_loses_nothing() -> None:
    row = [FLAT | {"geometry": slab(60.0 * n)} for n in range(3)]
    found = demand(*row).buildings["heat_kwh_per_year"]
    assert found.iloc[1] < min(found.iloc[0], found.iloc[2])


# Sums


def test_parcels_are_the_sums_of_their_buildings_and_their_days_add_up_to_months() -> None:
    plots = [{"status": "existing", "use": "residential"}]
    found = demand(
        FLAT | {"parcel_id": "P0"}, FLAT | {"use": "business_office", "parcel_id": "P0"}, parcels=plots
    )
    counts = day_counts(day_kinds(SHIPPED))
    for carrier in CARRIERS:
        name = f"{carrier}_kwh_per_year"
        assert found.parcels[name].iloc[0] == found.buildings[name].sum()
        summed = (found.days[carrier] * counts[:, :, None]).sum(axis=(2, 3))
        assert summed == pytest.approx(found.months(carrier), rel=1e-5)


def test_the_peak_of_a_parcel_is_that_of_the_sum_not_the_sum_of_peaks() -> None:
    plots = [{"status": "existing", "use": "residential"}]
    found = demand(FLAT | {"parcel_id": "P0"}, FLAT | {"use": "retail", "parcel_id": "P0"}, parcels=plots)
    for carrier in ("heat", "cold"):
        peak = found.peak(carrier)[0]
        assert found.buildings[f"{carrier}_peak_kw"].max() <= peak + 0.1
        assert peak < found.buildings[f"{carrier}_peak_kw"].sum()


def test_a_planned_parcel_needs_what_its_floor_area_would() -> None:
    plots = [
        {"status": "existing", "use": "residential"},
        {"status": "planned", "use": "residential", "far": 2.0, "plot_area_m2": 10_000.0},
        {"status": "planned", "use": "green", "far": 0.0, "plot_area_m2": 10_000.0},
    ]
    found = demand(FLAT | {"parcel_id": "P0"}, parcels=plots)
    assert found.parcels["gfa_m2"].tolist() == [FLAT["floors_above"] * 840.0, 20_000.0, 0.0]
    assert found.parcels["demand_planned"].tolist() == [False, True, False]
    assert 8 < found.parcels["heat_kwh_per_m2"].iloc[1] < 30
    assert len(found.buildings) == 1
    assert found.parcels["electricity_kwh_per_year"].iloc[2] == 0


def test_a_building_outside_all_parcels_is_in_no_sum() -> None:
    found = demand(FLAT | {"parcel_id": "elsewhere"})
    assert found.buildings["heat_kwh_per_year"].iloc[0] > 0
    assert found.parcels["heat_kwh_per_year"].sum() == 0


def test_without_weather_and_without_buildings_it_says_what_is_missing() -> None:
    with pytest.raises(UserError, match="weather"):
        demand_of(replace(city(FLAT), weather=None), SETTINGS, Job())
    empty = replace(city(FLAT), tables={"parcel": city(FLAT).tables["parcel"]})
    with pytest.raises(UserError, match="buildings"):
        demand_of(empty, SETTINGS, Job())


def test_a_building_without_floor_area_needs_nothing_and_breaks_nothing() -> None:
    found = demand(FLAT | {"gfa_m2": np.nan}, FLAT | {"gfa_m2": 5040.0}).buildings
    assert found["heat_kwh_per_year"].tolist()[1] > 0
    assert found["electricity_kwh_per_year"].tolist()[0] == 0


def test_an_assessment_gives_back_the_demand_it_was_made_of() -> None:
    made = demand(FLAT, FLAT | {"use": "business_office"})
    again = demand_of_assessment(assessment_of(made))
    pd.testing.assert_frame_equal(again.parcels, made.parcels)
    pd.testing.assert_frame_equal(again.buildings, made.buildings)
    assert all((again.days[carrier] == made.days[carrier]).all() for carrier in CARRIERS)
    assert again.city_peaks == made.city_peaks


# Meters, limits, baseline


def with_meters(plain: City, kwh: dict[str, float], months: int = 12, carrier: str = "electricity") -> City:
    rows = [
        {"place_id": place, "carrier": carrier, "reading_year": 2024, "reading_month": month, "metered_kwh": year / 12}
        for place, year in kwh.items()
        for month in range(1, months + 1)
    ]  # fmt: skip
    frame = gpd.GeoDataFrame(rows, geometry=[slab(0).centroid] * len(rows), crs=QINGHE)
    return replace(plain, tables={**plain.tables, "metered": frame})


def test_meters_of_a_use_scale_electricity_and_cold_of_all_its_buildings() -> None:
    plain = city(*([FLAT | {"use": "business_office"}] * 6))
    quick = replace(SETTINGS, wall_shade="open")
    first = demand_of(plain, quick, Job())
    bought = first.baseline.query("carrier == 'electricity'")["final_kwh_per_year"].sum() / 6
    found = demand_of(with_meters(plain, {f"B{n}": 1.2 * bought for n in range(5)}), quick, Job())
    assert found.calibration["calibration_factor"].tolist() == pytest.approx([1.2], rel=0.01)
    for name in ("electricity_kwh_per_year", "cold_kwh_per_year"):
        assert (found.buildings[name] / first.buildings[name]).to_numpy() == pytest.approx(1.2, rel=0.01)
    assert (found.buildings["heat_kwh_per_year"] == first.buildings["heat_kwh_per_year"]).all()
    assert found.parcels["cold_peak_kw"].iloc[0] == pytest.approx(
        1.2 * first.parcels["cold_peak_kw"].iloc[0], rel=0.01
    )


@pytest.mark.parametrize(
    ("share", "buildings", "reason"),
    [(3.0, 5, "metered and modelled use are too far apart"), (1.2, 2, "too few metered buildings")],
)
def test_a_factor_that_cannot_be_believed_is_shown_and_not_used(share, buildings, reason) -> None:
    plain = city(*([FLAT | {"use": "business_office"}] * 5))
    quick = replace(SETTINGS, wall_shade="open")
    first = demand_of(plain, quick, Job())
    bought = first.baseline.query("carrier == 'electricity'")["final_kwh_per_year"].sum() / 5
    found = demand_of(with_meters(plain, {f"B{n}": share * bought for n in range(buildings)}), quick, Job())
    assert found.calibration["reason"].tolist() == [reason]
    assert not found.calibration["calibration_used"].any()
    assert (found.buildings["cold_kwh_per_year"] == first.buildings["cold_kwh_per_year"]).all()


def test_meters_that_lack_a_month_are_left_out_and_said() -> None:
    found = demand_of(
        with_meters(city(FLAT), {"B0": 1e5}, months=11), replace(SETTINGS, wall_shade="open"), Job()
    )
    assert found.buildings["metered_electricity_kwh_per_year"].isna().all()
    assert "Meters that lack months of a year were left out." in found.remarks


def test_an_office_metered_above_the_constraint_is_over_it() -> None:
    """GB/T 51161, office of class A in the north: 65, guide 55 kWh/m²."""
    office = FLAT | {"use": "business_office", "gfa_m2": 10_000.0}
    plain = city(office, office, office, FLAT)
    meters = with_meters(plain, {"B0": 700_000.0, "B1": 600_000.0, "B2": 500_000.0})
    found = demand_of(meters, replace(SETTINGS, wall_shade="open"), Job()).buildings
    assert found["limit_state"].tolist() == ["over_limit", "within_limit", "within_guide", ""]
    assert found["limit_basis"].tolist() == ["metered", "metered", "metered", ""]
    assert found["limit_kwh_per_m2"].iloc[0] == 65


def test_a_modelled_office_is_called_over_the_constraint_only_where_the_model_is_sure_of_it() -> None:
    """Of a standard deviation of 35 %, nine of ten lie above 0.55 of the modelled use."""
    office = FLAT | {"use": "business_office"}
    found = demand(office, office | {"use": "catering"}).buildings
    sure = found["non_heating_kwh_per_m2"] * (1 - 1.2816 * 0.35) > found["limit_kwh_per_m2"]
    assert (found["limit_state"].eq("over_limit") == sure).all()
    assert found["limit_state"].iloc[0] == "unclear"
    assert (found["limit_basis"] == "modelled").all()


def test_a_school_is_not_held_against_a_standard_that_has_no_schools() -> None:
    found = demand(FLAT | {"use": "education"}).buildings.iloc[0]
    assert (found["limit_state"], found["limit_basis"]) == ("", "")


def test_the_baseline_buys_what_is_needed_through_its_systems() -> None:
    """Heat through a network of 0.9; the model of all buildings of a use errs by 20 %, of each by 35 %."""
    made = demand(FLAT)
    heat = made.baseline.loc["residential//heat"]
    needed = made.buildings["heat_kwh_per_year"].iloc[0]
    assert heat["final_kwh_per_year"] == pytest.approx(needed / 0.9, rel=1e-3)
    assert heat["carbon_tco2_per_year"] == pytest.approx(needed / 0.9 * 3.6e-3 * 0.11, rel=1e-3)
    sigma = np.hypot(0.2, 0.35)
    assert heat["final_p90_kwh_per_year"] == pytest.approx(needed / 0.9 * (1 - 1.2816 * sigma), rel=1e-3)


def test_meters_go_before_the_model_and_narrow_the_range() -> None:
    plain = city(FLAT)
    found = demand_of(with_meters(plain, {"B0": 123_456.0}), replace(SETTINGS, wall_shade="open"), Job())
    row = found.baseline.loc["residential//electricity"]
    assert row["final_kwh_per_year"] == 123_456
    assert row["metered_share"] == 1
    assert row["final_p90_kwh_per_year"] > 0.95 * 123_456


# Calendar


def test_the_year_has_its_holidays_and_the_days_made_up_for_them() -> None:
    """2023: New Year is a Sunday, 27 January is in the Spring Festival, 28 January a working Saturday."""
    kinds = day_kinds(SHIPPED)
    assert kinds[[0, 1, 2, 26, 27]].tolist() == [HOLIDAY, HOLIDAY, WORKDAY, HOLIDAY, WORKDAY]
    assert (kinds == WORKDAY).sum() == 249
    assert day_counts(kinds).sum() == 365


def test_typical_days_are_the_means_of_their_days() -> None:
    kinds = day_kinds(SHIPPED)
    series = np.repeat(np.where(kinds == HOLIDAY, 2.0, 5.0), 24)[None].astype(np.float32)
    found = typical(series, kinds)[0]
    assert (found[:, WORKDAY] == 5.0).all()
    assert (found[:, HOLIDAY] == 2.0).all()


def test_the_season_of_xian_is_that_of_its_network_and_else_follows_from_the_weather() -> None:
    season = heating_days(city(FLAT), Taken(SHIPPED))
    assert season.sum() == 121
    assert season[0] and season[364] and not season[180]
    other = heating_days(city(FLAT, facts={"climate_city": ""}), Taken(SHIPPED))
    assert 85 <= other.sum() <= 140
    assert (np.diff(other.astype(int)) != 0).sum() == 2


def test_heating_is_designed_for_its_own_temperature_not_that_of_air_conditioning() -> None:
    assert design_temperature(city(FLAT, facts={"climate_city": "青岛"}), Taken(SHIPPED)) == -5.0


def test_a_city_without_parcels_has_the_demand_of_its_buildings() -> None:
    plain = city(FLAT)
    alone = replace(plain, tables={"building": plain.tables["building"]})
    found = demand_of(alone, replace(SETTINGS, wall_shade="open"), Job())
    assert found.buildings["heat_kwh_per_year"].iloc[0] > 0
    assert len(found.parcels) == 0
    again = demand_of_assessment(assessment_of(found))
    assert again.days["heat"].shape == (0, 12, 2, 24)


def test_a_city_with_nothing_but_plans_has_the_demand_of_the_plans() -> None:
    plots = [{"status": "planned", "use": "business_office", "far": 2.0, "plot_area_m2": 10_000.0}]
    empty = city(FLAT, parcels=plots)
    planned = replace(empty, tables={"parcel": empty.tables["parcel"]})
    found = demand_of(planned, SETTINGS, Job())
    assert found.parcels["gfa_m2"].tolist() == [20_000.0]
    assert found.parcels["cold_kwh_per_year"].iloc[0] > 0
    assert len(found.buildings) == 0
    assert len(assessment_of(found).parcels) == 1


def test_a_building_without_height_has_walls_estimated_from_its_outline() -> None:
    found = demand(FLAT | {"height_m": np.nan}, FLAT)
    assert found.buildings["heat_kwh_per_year"].to_numpy() == pytest.approx(
        found.buildings["heat_kwh_per_year"].iloc[1], rel=0.3
    )
    assert "Walls of some buildings were estimated from their outlines." in found.remarks
