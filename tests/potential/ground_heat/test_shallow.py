"""Closed loops of a small town: what parcels get, for how long, and why others get nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Point, box

from core.fields import fields
from core.jobs import Cancelled, Job
from layers.city import City
from potential import Assessment
from potential.ground_heat.shallow import SHALLOW, ShallowSettings, assess
from reports.heat_figures import heat_figures
from tests.potential.heat_demand import demand_for
from tests.potential.water_town import QINGHE, X, Y, parcels_at, table

SETTINGS = ShallowSettings(draws=16)
GROUND = {
    "ground_conductivity_w_per_mk": 1.8,
    "ground_capacity_mj_per_m3k": 2.4,
    "ground_temp_c": 16.0,
}


def town(count: int = 2, *, ground: dict[str, float] = GROUND, apart_m: float = 400.0, **tables: Any) -> City:
    """Empty parcels of 100 m by 100 m in a row, far from one another, on the same ground everywhere."""
    parcels = parcels_at([n * apart_m for n in range(count)], status="existing", use="residential")
    earth = table(
        "geology", [{"kind": "plain", "geometry": box(X - 1e4, Y - 1e4, X + 1e4, Y + 1e4), **ground}]
    )
    return City(
        "地埋管镇", QINGHE, {"parcel": parcels, "geology": earth, **tables}, facts={"province": "陕西"}
    )


def found(city: City, settings: ShallowSettings = SETTINGS, **power: Any) -> Assessment:
    needed = {"heat_kw": 200.0, "cold_kw": 200.0, "gfa_m2": 5000.0} | power
    return assess(city, demand_for(city.tables["parcel"].index, **needed), settings, Job())


def on_parcel(number: int, *columns: tuple[str, Any]) -> dict[str, Any]:
    """A thing that lies over a whole parcel of the town."""
    west = X + 400 * number
    return {"geometry": box(west - 20, Y - 20, west + 120, Y + 120), **dict(columns)}


def test_a_parcel_with_room_is_served_whole_within_the_limits_of_its_fluid() -> None:
    row = found(town()).parcels.loc["P0"]
    assert row["ghe_heat_cover"] == pytest.approx(1, abs=0.01)
    assert 6.5 - 0.05 <= row["ghe_fluid_min_c"] < row["ghe_fluid_max_c"] <= 35.5 + 0.05
    assert 0 < row["ghe_holes"] < row["ghe_holes_most"]
    assert row["ghe_length_m"] == pytest.approx(row["ghe_holes"] * (100 - 2))


def test_totals_are_the_sums_of_parcels_and_p90_is_that_of_the_city() -> None:
    made = found(town(3), heat_kw=[100.0, 200.0, 50.0])
    for name in (
        "ghe_heat_kw",
        "ghe_heat_kwh_per_year",
        "ghe_cold_kwh_per_year",
        "ghe_capex_yuan",
        "ghe_length_m",
    ):
        assert made.totals[name] == pytest.approx(made.parcels[name].sum(), abs=1e-6)
    months = [f"ghe_heat_kwh_month_{month:02d}" for month in range(1, 13)]
    assert (made.parcels[months].sum(axis=1) == made.parcels["ghe_heat_kwh_per_year"]).all()
    assert made.totals["ghe_heat_p90_kwh_per_year"] <= made.totals["ghe_heat_kwh_per_year"]
    assert (made.parcels["ghe_heat_p90_kwh_per_year"] <= made.parcels["ghe_heat_kwh_per_year"]).all()


def test_heat_given_draws_less_than_itself_from_the_ground() -> None:
    row = found(town(), cold_kw=0.0, heat_kw=60.0).parcels.loc["P0"]
    extraction = row[[f"ghe_extraction_kwh_month_{month:02d}" for month in range(1, 13)]].sum()
    assert extraction == pytest.approx(row["ghe_heat_kwh_per_year"] * (1 - 1 / 3.4), rel=1e-3)


@pytest.mark.parametrize(
    ("power", "remedy"),
    [
        ({"heat_kw": 400.0, "cold_kw": 0.0}, "another source of heat or solar recharge"),
        ({"heat_kw": 0.0, "cold_kw": 400.0}, "cooling tower or hot water"),
    ],
    ids=["heating only", "cooling only"],
)
def test_a_one_sided_load_is_brought_into_balance_and_says_how(power: dict[str, float], remedy: str) -> None:
    row = found(town(), **power).parcels.loc["P0"]
    assert row["ghe_remedy"] == remedy
    assert row["ghe_remedy_kwh_per_year"] > 0 and row["ghe_remedy_kw"] > 0
    assert abs(row["ghe_drift_k"]) <= 4.0
    assert "needs a remedy for the heat balance" in row["reason"] or row["grade"] == "conditional"


def test_a_load_in_balance_needs_no_remedy_and_suits() -> None:
    # Ground loads are even where heat over cold is (1 + 1/3.9) / (1 − 1/3.4) of their hours 3.7 : 2.7.
    row = found(town(), heat_kw=150.0, cold_kw=150.0 * 3.7 / 2.7 * (1 - 1 / 3.4) / (1 + 1 / 3.9)).parcels.loc[
        "P0"
    ]
    assert row["ghe_remedy"] == "" and row["ghe_remedy_kwh_per_year"] == 0
    assert abs(row["ghe_drift_k"]) < 0.5
    assert row["ghe_extraction_to_injection"] == pytest.approx(1, abs=0.05)
    assert row["grade"] == "suitable"


def test_recharge_by_the_sun_lets_heating_have_all_of_its_heat() -> None:
    with_boiler = found(town(), heat_kw=300.0, cold_kw=50.0).parcels.loc["P0"]
    by_sun = found(
        town(), replace(SETTINGS, remedy="solar_recharge"), heat_kw=300.0, cold_kw=50.0
    ).parcels.loc["P0"]
    assert by_sun["ghe_heat_kwh_per_year"] > with_boiler["ghe_heat_kwh_per_year"]
    assert by_sun["ghe_cold_kwh_per_year"] <= with_boiler["ghe_cold_kwh_per_year"] + 1
    assert by_sun["ghe_remedy_kwh_per_year"] > 0


def test_a_load_too_large_for_its_parcel_is_served_in_part() -> None:
    row = found(town(), heat_kw=20_000.0, cold_kw=20_000.0).parcels.loc["P0"]
    assert row["ghe_holes"] == row["ghe_holes_most"]
    assert 0 < row["ghe_heat_cover"] < 0.9
    assert row["grade"] in ("conditional", "unsuitable") and "field covers a part" in row["reason"]


def test_neighbours_that_heat_alike_take_from_one_another() -> None:
    alone = found(town(2, apart_m=2000.0), heat_kw=300.0, cold_kw=0.0).parcels.loc["P0"]
    beside = found(town(2, apart_m=100.0), heat_kw=300.0, cold_kw=0.0).parcels.loc["P0"]
    assert alone["ghe_neighbours_k"] == pytest.approx(0, abs=1e-6)
    assert beside["ghe_neighbours_k"] < 0
    assert beside["ghe_heat_kwh_per_year"] <= alone["ghe_heat_kwh_per_year"]


def test_a_parcel_wholly_under_a_building_has_no_room() -> None:
    building = gpd.GeoDataFrame(
        {"floors_below": [1], "parcel_id": ["P0"]},
        geometry=[on_parcel(0)["geometry"]],
        crs=QINGHE,
        index=pd.Index(["B0"], name="building_id"),
    )
    parcels = found(town(building=building)).parcels
    assert parcels.loc["P0", "grade"] == "unsuitable"
    assert parcels.loc["P0", "ghe_holes"] == 0 and parcels.loc["P0", "ghe_heat_kw"] == 0
    assert "building" in parcels.loc["P0", "reason"] or "basement" in parcels.loc["P0", "reason"]
    assert parcels.loc["P1", "ghe_holes"] > 0


@pytest.mark.parametrize(
    ("layer", "columns", "reason"),
    [
        ("metro", (("kind", "tunnel"),), "metro protection"),
        (
            "protection_zone",
            (("kind", "drinking_water"), ("zone_level", "一级")),
            "drinking water protection",
        ),
        ("protection_zone", (("kind", "archaeology"),), "buried relics"),
    ],
)
def test_ground_closed_by_law_is_forbidden_with_its_reason(layer: str, columns: Any, reason: str) -> None:
    parcels = found(town(**{layer: table(layer, [on_parcel(0, *columns)])})).parcels
    assert (parcels.loc["P0", "grade"], parcels.loc["P0", "reason"]) == ("forbidden", reason)
    assert parcels.loc["P0", "ghe_heat_kwh_per_year"] == 0
    assert parcels.loc["P1", "grade"] != "forbidden"


def test_a_zone_that_asks_for_consent_is_a_condition() -> None:
    zone = table("protection_zone", [on_parcel(0, ("kind", "heritage_control"))])
    row = found(town(protection_zone=zone)).parcels.loc["P0"]
    assert row["grade"] == "conditional" and "consent of the heritage authority" in row["reason"]
    assert row["ghe_heat_kw"] > 0


@pytest.mark.parametrize("missing", list(GROUND))
def test_ground_that_is_not_known_needs_a_survey_and_gives_no_number(missing: str) -> None:
    without = {name: value for name, value in GROUND.items() if name != missing}
    for ground in (without, {**GROUND, missing: np.nan}):
        row = found(town(ground=ground)).parcels.loc["P0"]
        assert (row["grade"], row["reason"]) == ("needs_survey", "needs survey")
        assert missing in row["missing_data"]
        assert row["ghe_heat_kwh_per_year"] == 0


def test_a_response_test_on_the_parcel_leads_and_is_said() -> None:
    test = {"kind": "thermal_response", "geometry": Point(X + 50, Y + 50), **GROUND}
    hole = table(
        "borehole", [{**test, "ground_conductivity_w_per_mk": 3.0, "borehole_resistance_mk_per_w": 0.08}]
    )
    parcels = found(town(borehole=hole), heat_kw=300.0).parcels
    assert list(parcels["ghe_evidence"]) == ["surveyed", "screening"]
    assert parcels.loc["P0", "ghe_length_m"] < parcels.loc["P1", "ghe_length_m"]


def test_ground_as_cold_as_the_limit_is_refused_and_antifreeze_helps() -> None:
    cold = town(ground={**GROUND, "ground_temp_c": 6.6})
    assert found(cold).parcels.loc["P0", "grade"] == "unsuitable"
    assert found(cold).parcels.loc["P0", "reason"] == "ground temperature too near a limit"
    assert found(cold, replace(SETTINGS, antifreeze=True)).parcels.loc["P0", "ghe_heat_kw"] > 0


def test_duties_follow_the_floor_area_served() -> None:
    areas = [4000.0, 6000.0, 20_000.0, 60_000.0]
    made = found(town(4), heat_kw=30.0, cold_kw=30.0, gfa_m2=areas)
    assert list(made.parcels["ghe_duties"]) == [
        "",
        "thermal response test",
        "thermal response test; two test holes",
        "thermal response test; four test holes; simulation of ten years",
    ]


def test_no_need_and_an_unknown_need_are_told_apart() -> None:
    city = town(2)
    demand = demand_for(["P0"], heat_kw=0.0)
    parcels = assess(city, demand, SETTINGS, Job()).parcels
    assert (parcels.loc["P0", "grade"], parcels.loc["P0", "reason"]) == (
        "unsuitable",
        "no need of heat or cold known",
    )
    assert parcels.loc["P1", "grade"] == "needs_survey"
    assert "heat_kwh_per_year" in parcels.loc["P1", "missing_data"]


def test_every_column_is_in_the_dictionary() -> None:
    made = found(town())
    frames = [
        made.parcels,
        *(frame.drop(columns="geometry", errors="ignore") for frame in made.details.values()),
    ]
    assert not {str(name) for frame in frames for name in frame.columns} - set(fields())
    assert set(SHALLOW.standards) >= {"ground_loops", "drilling_limits"}


def test_a_parcel_has_its_balance_its_years_and_its_months_as_charts() -> None:
    city = town()
    demand = demand_for(city.tables["parcel"].index, heat_kw=200.0, cold_kw=50.0, gfa_m2=5000.0)
    made = assess(city, demand, SETTINGS, Job())
    need = Assessment("demand", demand.parcels, pd.DataFrame(), {}, {})
    drawn = heat_figures(made, "P0", {"demand": need, "shallow": made})
    assert len(drawn) == 3
    assert all(one.picture.startswith("<svg") for one in drawn)


def test_it_can_be_stopped() -> None:
    job = Job()
    job.cancel()
    with pytest.raises(Cancelled):
        assess(town(), demand_for(["P0", "P1"], heat_kw=200.0), SETTINGS, job)
