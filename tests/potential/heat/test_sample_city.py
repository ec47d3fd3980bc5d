"""The made-up city by its rivers, works and fields: every parcel has a grade for a reason."""

from __future__ import annotations

import pytest

import sample_city
from core.jobs import Job
from layers.city import City
from potential import Assessment, Grade
from potential.biomass.assessment import BIOMASS
from potential.surface_water.assessment import SURFACE_WATER
from potential.waste_heat.assessment import WASTE_HEAT
from tests.potential.heat_demand import demand_by_floor

pytestmark = pytest.mark.slow
UNHEATED = ("green", "square", "reserve", "industry", "warehouse", "utility", "depot_parking", "power_plant")
PREFIX = {"surface_water": "water", "waste_heat": "waste", "biomass": "biomass"}


@pytest.fixture(scope="module")
def city() -> City:
    made = sample_city.generate()
    crs = made.tables["parcel"].crs
    return City(made.facts["name"], crs, made.tables, made.rasters, None, made.facts)


@pytest.fixture(scope="module")
def found(city: City) -> dict[str, Assessment]:
    parcels = city.tables["parcel"]
    demand = demand_by_floor(parcels, heated=~parcels["use"].isin(UNHEATED).to_numpy())
    return {
        one.name: one.assess(city, demand, one.settings(), Job())
        for one in (SURFACE_WATER, WASTE_HEAT, BIOMASS)
    }


@pytest.mark.parametrize("name", list(PREFIX))
def test_every_parcel_has_a_grade_and_one_that_is_not_the_best_a_reason(
    found: dict[str, Assessment], city: City, name: str
) -> None:
    parcels = found[name].parcels
    assert parcels.index.equals(city.tables["parcel"].index)
    assert set(parcels["grade"]) <= {str(grade) for grade in Grade}
    assert (parcels.loc[parcels["grade"] != "suitable", "reason"] != "").all()
    heat = parcels[f"{PREFIX[name]}_heat_kwh_per_year"]
    cold = parcels.get("water_cold_kwh_per_year", 0 * heat) if name == "surface_water" else 0 * heat
    gives = parcels["grade"].isin(["suitable", "fairly_suitable", "conditional"])
    assert ((heat + cold > 0) == gives).all()


def test_the_river_drops_out_in_winter_and_sewage_does_not(found: dict[str, Assessment]) -> None:
    source = found["surface_water"].details["water_source"].set_index("kind")
    assert (source.loc["river", "water_budget_kw_month_01"] == 0).all()
    assert source.loc["sewage_works", "water_budget_kw_month_01"] == pytest.approx(
        55_000 / 24 * 5 * 1.163, rel=1e-3
    )


def test_the_bans_of_the_middle_of_town_forbid_biomass_there(
    found: dict[str, Assessment], city: City
) -> None:
    grade = found["biomass"].parcels["grade"]
    assert (grade == "forbidden").sum() > 400
    rural = (city.tables["parcel"]["settlement"] == "rural") & (grade != "forbidden")
    assert (grade[rural] == "suitable").mean() > 0.5


def test_sources_of_waste_heat_give_no_more_than_they_have(found: dict[str, Assessment]) -> None:
    made = found["waste_heat"]
    drawn = made.options.groupby("resource_id")["resource_drawn"].sum()
    assert (drawn <= made.details["heat_source"]["waste_source_kw"][drawn.index] * 1.001).all()
    assert not made.details["heat_source"]["kind"].isin(["sewage_works", "reclaimed_water", "biomass"]).any()
