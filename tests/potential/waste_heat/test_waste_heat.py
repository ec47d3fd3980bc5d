"""Waste heat of facilities for the parcels of a small town."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.fields import fields
from core.jobs import Job
from layers.city import City
from potential import Assessment
from potential.waste_heat.assessment import WASTE_HEAT, WasteHeatSettings
from potential.waste_heat.numbers import WasteNumbers
from potential.waste_heat.sources import recoverable_kw
from standards import Standards, Taken
from tests.potential.heat_demand import demand_for
from tests.potential.water_town import facility, parcels_at, town

FEW = WasteHeatSettings(draws=16)
HOT = {"waste_heat_kw": 1000.0, "waste_heat_c": 85.0, "waste_heat_winter_c": 82.0, "operating_hours": 8760.0}
LUKEWARM = HOT | {"waste_heat_c": 32.0, "waste_heat_winter_c": 30.0}
NUMBERS = WasteNumbers.of(Taken(Standards()))


def found(city: City, **loads: Any) -> Assessment:
    wanted = {"heat_kw": 500.0, "gfa_m2": 10_000.0, **loads}
    return WASTE_HEAT.assess(city, demand_for(city.tables["parcel"].index, **wanted), FEW, Job())


def row(made: Assessment, parcel: str = "P0") -> pd.Series[Any]:
    return made.parcels.loc[parcel]


def test_hot_waste_heat_nearby_is_used_directly_and_is_suitable() -> None:
    made = found(town(parcels_at([0]), facility=[facility(600, 50, "industrial_heat", **HOT)]))
    got = row(made)
    assert (got["grade"], got["reason"]) == ("suitable", "")
    assert got["waste_heat_kw"] == pytest.approx(500 * 730 / 744, abs=0.1)  # the mean of January
    assert got["waste_electricity_kwh_per_year"] == 0
    assert got["waste_heat_kwh_month_01"] == 500 * 730
    assert got["waste_heat_kwh_month_07"] == 0
    link = made.details["heat_link"].iloc[0]
    assert link["length_m"] == pytest.approx(500 * 1.3)
    assert link["waste_direct"]


def test_on_a_parcel_to_be_cleared_waste_heat_serves_only_what_is_built_anew() -> None:
    parcels = parcels_at([0], planned_demolition=[True])
    got = row(found(town(parcels, facility=[facility(600, 50, "industrial_heat", **HOT)])))
    assert (got["grade"], got["reason"]) == ("conditional", "to be demolished; only for what is built anew")


def test_a_lukewarm_source_delivers_more_than_it_gives_by_the_power_of_its_heat_pump() -> None:
    made = found(
        town(parcels_at([0]), facility=[facility(600, 50, "data_centre", **LUKEWARM)]), heat_kw=5000.0
    )
    cop = 0.45 * (55 + 273.15) / (55 - (30 - 5 - 2))  # worked by hand for January
    delivered = 1000 * 0.9 * cop / (cop - 1)
    assert row(made)["waste_heat_kwh_month_01"] == pytest.approx(delivered * 744, rel=1e-4)
    assert "heat pump needed" in row(made)["reason"] or row(made)["grade"] == "conditional"
    link = made.details["heat_link"].iloc[0]
    assert link["waste_drawn_kw"] == pytest.approx(900, rel=0.02)


@pytest.mark.parametrize(("warm", "reach_km"), [(30.0, 3.0), (50.0, 8.0), (85.0, 20.0)])
def test_warmer_sources_reach_farther(warm: float, reach_km: float) -> None:
    """Along streets, 1.3 times the straight line; the parcel needs enough to bear a long pipe."""
    source = HOT | {"waste_heat_c": warm, "waste_heat_winter_c": warm, "waste_heat_kw": 1e6}
    edge = reach_km * 1000 / 1.3
    xs = [0.0, 300.0]
    city = town(parcels_at(xs), facility=[facility(200 - edge, 50, "industrial_heat", **source)])
    made = found(city, heat_kw=20_000.0)
    assert row(made, "P0")["waste_heat_kw"] > 0
    assert row(made, "P1")["reason"] == "no waste heat within reach"


def test_a_year_round_source_serves_no_summer_but_hot_water() -> None:
    city = town(parcels_at([0]), facility=[facility(600, 50, "industrial_heat", **HOT)])
    made = found(city, hot_water_kw=20.0)
    assert row(made)["waste_heat_kwh_month_07"] == 20 * 730
    source = made.details["heat_source"].iloc[0]
    assert source["waste_left_kwh_month_07"] == pytest.approx(900 * 744 - 20 * 730)
    assert source["waste_used_kwh_per_year"] == row(made)["waste_heat_kwh_per_year"]


def test_hours_of_operation_count() -> None:
    half = HOT | {"operating_hours": 4380.0}
    made = found(
        town(parcels_at([0]), facility=[facility(600, 50, "industrial_heat", **half)]), heat_kw=5000.0
    )
    assert row(made)["waste_heat_kwh_month_01"] == pytest.approx(450 * 744)
    assert row(made)["waste_heat_kw"] == pytest.approx(900)  # while it runs


def test_sewage_and_biomass_are_not_given_out_here() -> None:
    rows = [facility(600, 50, kind, **HOT) for kind in ("sewage_works", "reclaimed_water", "biomass")]
    made = found(town(parcels_at([0]), facility=rows))
    assert made.details["heat_source"].empty
    assert row(made)["reason"] == "no waste heat within reach"


def test_no_table_of_facilities_needs_a_survey_and_an_empty_one_does_not() -> None:
    assert row(found(town(parcels_at([0]))))["missing_data"] == "facility"
    assert row(found(town(parcels_at([0]), facility=[])))["reason"] == "no waste heat within reach"


@pytest.mark.parametrize("name", ["waste_heat_kw", "waste_heat_c"])
def test_a_facility_without_heat_or_temperature_needs_a_survey(name: str) -> None:
    known = {
        key: value
        for key, value in HOT.items()
        if key != name and not (name == "waste_heat_c" and "_c" in key)
    }
    got = row(found(town(parcels_at([0]), facility=[facility(600, 50, "industrial_heat", **known)])))
    assert (got["grade"], got["missing_data"]) == ("needs_survey", name)


def test_a_small_need_far_away_does_not_bear_its_pipe() -> None:
    city = town(parcels_at([0]), facility=[facility(4000, 50, "industrial_heat", **HOT)])
    assert row(found(city, heat_kw=5.0))["reason"] == "pipe too dear for its need"


def test_what_others_took_is_said() -> None:
    city = town(parcels_at([0, 900]), facility=[facility(-500, 50, "industrial_heat", **HOT)])
    made = found(city, heat_kw=[20_000.0, 5000.0])
    assert row(made, "P1")["reason"] == "waste heat is given to others"
    assert row(made, "P0")["reason"] == "waste heat covers a part"


@pytest.mark.parametrize(
    ("kind", "heat", "it", "waste", "kw"),
    [
        ("data_centre", 11_400.0, 12_000.0, np.nan, 9_600.0),  # 0.8 of the power of the computers
        ("data_centre", np.nan, 10_000.0, np.nan, 8_000.0),
        ("waste_incinerator", np.nan, np.nan, 720.0, 0.9 * 15_000.0),  # 0.5 MWh a tonne
        ("industrial_heat", 1000.0, np.nan, np.nan, 900.0),
        ("power_plant", np.nan, np.nan, np.nan, np.nan),
    ],
)
def test_what_is_recoverable_follows_from_what_is_known(
    kind: str, heat: float, it: float, waste: float, kw: float
) -> None:
    ends = (np.array([value]) for value in (heat, it, waste))
    assert recoverable_kw(np.array([kind], dtype=object), *ends, NUMBERS)[0] == pytest.approx(kw, nan_ok=True)


def test_totals_are_sums_and_every_column_is_in_the_dictionary() -> None:
    rows = [facility(600, 50, "industrial_heat", **HOT), facility(-900, 50, "data_centre", **LUKEWARM)]
    made = found(town(parcels_at([0, 150, 300]), facility=rows), hot_water_kw=30.0)
    parcels = made.parcels
    for name in ("waste_heat_kwh_per_year", "waste_capex_yuan", "waste_heat_kw"):
        assert made.totals[name] == pytest.approx(parcels[name].sum(), abs=1e-6)
    source = made.details["heat_source"]
    assert source["waste_used_kwh_per_year"].sum() == pytest.approx(
        parcels["waste_heat_kwh_per_year"].sum(), abs=40
    )
    assert (source["waste_left_kwh_per_year"] >= 0).all()
    frames = [parcels, *made.details.values()]
    assert {column for frame in frames for column in frame.columns} - {"geometry"} <= set(fields())
    assert {frame.index.name for frame in frames} <= set(fields())
    assert (parcels["waste_heat_p90_kwh_per_year"] <= parcels["waste_heat_kwh_per_year"]).all()
    assert (parcels["waste_heat_p10_kwh_per_year"] >= parcels["waste_heat_kwh_per_year"]).all()


def test_parcels_together_draw_no_more_power_than_a_source_has() -> None:
    """Also where some need heat in winter and others hot water all the year."""
    city = town(parcels_at([0, 150, 300]), facility=[facility(600, 50, "industrial_heat", **HOT)])
    made = found(city, heat_kw=[500.0, 0.0, 700.0], hot_water_kw=[0.0, 400.0, 100.0])
    assert made.options["resource_drawn"].sum() <= 900 + 0.2
    assert made.parcels["waste_heat_kw"].sum() == pytest.approx(900, abs=0.2)


def test_no_parcels_and_no_need_are_said() -> None:
    city = town(parcels_at([]), facility=[facility(600, 50, "industrial_heat", **HOT)])
    assert found(city).totals["waste_heat_kwh_per_year"] == 0
    city = town(parcels_at([0]), facility=[facility(600, 50, "industrial_heat", **HOT)])
    assert row(found(city, heat_kw=0.0))["reason"] == "no need of heat known"


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_a_further_source_never_lowers_a_parcel_and_nothing_is_given_twice(seed: int) -> None:
    """Parcels do not overlap: where two are reached at the same cost, either may have what there is."""
    rng = np.random.default_rng(seed)
    parcels = parcels_at(list(150.0 * rng.permutation(20)[:6] + rng.uniform(0, 50, 6)))
    rows = [
        facility(
            x,
            50,
            "industrial_heat",
            **HOT | {"waste_heat_kw": kw, "waste_heat_c": c, "waste_heat_winter_c": c},
        )
        for x, kw, c in zip(rng.uniform(0, 3000, 3), rng.uniform(50, 900, 3), (85.0, 30.0, 55.0), strict=True)
    ]
    kw = rng.uniform(50, 800, 6)
    before = found(town(parcels, facility=rows[:2]), heat_kw=kw).parcels["waste_heat_kwh_per_year"]
    made = found(town(parcels, facility=rows), heat_kw=kw)
    after = made.parcels["waste_heat_kwh_per_year"]
    assert (after >= before - 12).all()
    assert (after <= kw * 730 * 3.7 + 12).all()
    source = made.details["heat_source"]
    assert (source["waste_used_kwh_per_year"] <= source["waste_could_kwh_per_year"]).all()
