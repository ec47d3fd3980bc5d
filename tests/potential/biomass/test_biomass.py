"""Heat from residues for villages and parcels outside zones that ban polluting fuels."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from core.fields import fields
from core.jobs import Job
from layers.city import City
from potential import Assessment
from potential.biomass.assessment import BIOMASS, BiomassSettings
from potential.biomass.fuel import heat_of_fuel
from tests.potential.heat_demand import demand_for
from tests.potential.water_town import facility, parcels_at, table, town, water

FEW = BiomassSettings(draws=16)
RURAL = ["rural"]
PARCEL_KWH = 100 * 730 * 3.7  # a peak of 100 kW


def straw(t: float = 1000.0, x: float = 2000.0) -> dict[str, Any]:
    return facility(x, 0, "biomass", residues_t_per_year=t)


def tonnes_for(kwh: float) -> float:
    return kwh / float(heat_of_fuel(np.array(1.0), np.array(0.95), 15.0, 0.825))


def found(city: City, settings: BiomassSettings = FEW, **loads: Any) -> Assessment:
    wanted = {"heat_kw": 100.0, "gfa_m2": 2000.0, **loads}
    return BIOMASS.assess(city, demand_for(city.tables["parcel"].index, **wanted), settings, Job())


def row(made: Assessment, parcel: str = "P0") -> pd.Series[Any]:
    return made.parcels.loc[parcel]


def test_a_tonne_of_straw_gives_3_3_megawatt_hours_of_heat() -> None:
    kwh = heat_of_fuel(np.array(1.0), np.array(0.95), 15.0, 0.825)  # 15 GJ, 0.95 of it burnt at 0.825
    assert kwh == pytest.approx(15_000 / 3.6 * 0.95 * 0.825)


def test_a_village_near_fuel_is_suitable_and_served_in_every_month_of_need() -> None:
    got = row(found(town(parcels_at([0], settlement=RURAL), facility=[straw()])))
    assert (got["grade"], got["reason"]) == ("suitable", "")
    assert got["biomass_heat_kw"] == 100
    assert got["biomass_heat_kwh_per_year"] == pytest.approx(PARCEL_KWH, abs=6)
    assert got["biomass_heat_kwh_month_07"] == 0
    assert got["biomass_electricity_kwh_per_year"] == pytest.approx(0.02 * PARCEL_KWH, abs=1)


def test_a_parcel_in_town_must_meet_limits_of_particulates() -> None:
    got = row(found(town(parcels_at([0], settlement=["urban"]), facility=[straw()])))
    assert (got["grade"], got["reason"]) == ("conditional", "limits of particulates in town")


def test_on_a_parcel_to_be_cleared_fuel_serves_only_what_is_built_anew() -> None:
    parcels = parcels_at([0], settlement=RURAL, planned_demolition=[True])
    got = row(found(town(parcels, facility=[straw()])))
    assert (got["grade"], got["reason"]) == ("conditional", "to be demolished; only for what is built anew")


def test_villages_come_first_then_the_nearest_and_no_fuel_is_burnt_twice() -> None:
    parcels = parcels_at([9000, 5000, 0], settlement=["rural", "urban", "urban"])
    fuel = straw(tonnes_for(1.5 * PARCEL_KWH), x=-100)
    made = found(town(parcels, facility=[fuel]))
    kwh = made.parcels["biomass_heat_kwh_per_year"]
    assert kwh["P0"] == pytest.approx(PARCEL_KWH, abs=6)  # the village, though farthest
    assert kwh["P2"] == pytest.approx(PARCEL_KWH / 2, rel=1e-3)
    assert kwh["P1"] == 0
    assert row(made, "P1")["reason"] == "fuel is given to others"
    source = made.details["fuel_source"].iloc[0]
    assert source["biomass_left_kwh_per_year"] == 0
    assert source["biomass_used_kwh_per_year"] == pytest.approx(kwh.sum(), abs=20)


def test_a_zone_that_bans_polluting_fuels_forbids() -> None:
    zone = water(box(-50, -50, 60, 200), kind="no_burn", name="禁燃区")
    made = found(
        town(parcels_at([0, 300], settlement=["rural"] * 2), facility=[straw()], protection_zone=[zone])
    )
    assert (row(made, "P0")["grade"], row(made, "P0")["reason"]) == (
        "forbidden",
        "zone that bans polluting fuels",
    )
    assert row(made, "P0")["biomass_heat_kwh_per_year"] == 0
    assert row(made, "P1")["grade"] == "suitable"


def test_a_parcel_on_a_heating_network_stays_with_it_unless_the_planner_says_otherwise() -> None:
    house = water(box(0, 0, 20, 20), parcel_id="P0", gfa_m2=500.0, central_heating=True)
    city = town(parcels_at([0], settlement=RURAL), facility=[straw()], building=[house])
    assert row(found(city))["reason"] == "on a heating network"
    assert row(found(city, BiomassSettings(draws=16, spare_district_heat=False)))["grade"] == "suitable"


def test_fuel_beyond_50_kilometres_is_out_of_reach() -> None:
    got = row(found(town(parcels_at([0], settlement=RURAL), facility=[straw(x=50_200)])))
    assert got["reason"] == "no fuel within reach"


def test_no_table_and_no_tonnes_need_a_survey() -> None:
    assert row(found(town(parcels_at([0], settlement=RURAL))))["missing_data"] == "facility"
    unknown = found(town(parcels_at([0], settlement=RURAL), facility=[straw(float("nan"))]))
    assert row(unknown)["missing_data"] == "residues_t_per_year"
    assert row(unknown)["grade"] == "needs_survey"


def test_areas_of_residues_are_collected_in_part() -> None:
    fields_around = water(box(0, 500, 3000, 3000), residues_t_per_year=1000.0)
    city = town(parcels_at([0], settlement=RURAL))
    city = City(
        city.name, city.crs, {**city.tables, "biomass": table("biomass", [fields_around])}, facts=city.facts
    )
    source = found(city).details["fuel_source"].iloc[0]
    assert source["biomass_could_kwh_per_year"] == pytest.approx(1e6 * 0.55 * 15 * 0.825 / 3.6, abs=1)


def test_a_further_source_never_lowers_a_parcel() -> None:
    parcels = parcels_at([0, 3000, 9000, 15_000], settlement=["rural", "urban", "rural", "urban"])
    one, two = straw(tonnes_for(1.2 * PARCEL_KWH)), straw(tonnes_for(0.7 * PARCEL_KWH), x=12_000)
    before = found(town(parcels, facility=[one])).parcels["biomass_heat_kwh_per_year"]
    after = found(town(parcels, facility=[one, two])).parcels["biomass_heat_kwh_per_year"]
    assert (after >= before - 12).all()


def test_totals_are_sums_and_every_column_is_in_the_dictionary() -> None:
    made = found(town(parcels_at([0, 150], settlement=["rural"] * 2), facility=[straw()]))
    parcels = made.parcels
    assert made.totals["biomass_heat_kwh_per_year"] == parcels["biomass_heat_kwh_per_year"].sum()
    assert made.options["most_kw"].sum() == pytest.approx(parcels["biomass_heat_kw"].sum(), abs=0.2)
    frames = [parcels, *made.details.values()]
    assert {column for frame in frames for column in frame.columns} - {"geometry"} <= set(fields())
    assert {frame.index.name for frame in frames} <= set(fields())


def test_no_parcels_give_no_results() -> None:
    made = found(town(parcels_at([], settlement=[]), facility=[straw()]))
    assert made.parcels.empty
    assert made.totals["biomass_heat_kw"] == 0
