"""Neighbours that share PV and a battery use more of it, and the battery is as large as it pays."""

from __future__ import annotations

import pandas as pd
import pytest

from core.fields import fields
from plans.battery_size import BatteryRules
from plans.storage import self_use_shares, storage_clusters
from standards import SHIPPED, Taken
from tests.plans.small_city import chosen, city, days, sun_days

NOON = [0.0] * 10 + [100.0] * 4 + [0.0] * 10
EVENING = [0.0] * 18 + [100.0] * 4 + [0.0] * 2
SHARED = {"choice_id", "technology", "family", "capex_yuan"}


def parcels(count: int = 1, **columns) -> pd.DataFrame:
    index = pd.Index([f"P{n}" for n in range(count)], name="parcel_id")
    return pd.DataFrame({"gfa_m2": 1000.0} | columns, index=index)


def town(count: int = 1, use: str = "residential", **land):
    return city([{"use": use}] * count, [{"use": use, "planning_unit": "A"} | land for _ in range(count)])


def test_a_neighbour_that_needs_power_at_noon_joins() -> None:
    here = town(2)
    need = pd.concat([days(["P0"], "electricity", EVENING), days(["P1"], "electricity", NOON)])
    part = storage_clusters(here, parcels(2), need, parcels(2, pv_kwp=[100.0, 0.0]), sun_days(["P0"], NOON))
    assert part.tables["cluster_parcel"]["cluster_id"].tolist() == ["PEDF-001", "PEDF-001"]
    assert part.tables["cluster"].at["PEDF-001", "cluster_self_use_share"] == 1.0


def test_a_neighbour_in_another_unit_stays_out() -> None:
    here = town(2)
    here.tables["parcel"]["planning_unit"] = ["A", "B"]
    need = pd.concat([days(["P0"], "electricity", EVENING), days(["P1"], "electricity", NOON)])
    part = storage_clusters(here, parcels(2), need, parcels(2, pv_kwp=100.0), sun_days(["P0"], NOON))
    assert list(part.tables["cluster_parcel"].index) == ["P0"]


def test_a_battery_costs_an_annuity_and_its_upkeep() -> None:
    """6 % over 12 years is 0.1193, with 2 % of upkeep; 800 yuan/kWh and 300 yuan/kW for two hours."""
    rules = BatteryRules.of(Taken(SHIPPED))
    assert rules.yearly_share == pytest.approx(0.1393, abs=1e-4)
    assert rules.yuan_per_kwh == pytest.approx(950.0)


def test_for_homes_without_a_tariff_of_hours_no_battery_pays() -> None:
    """A kilowatt-hour kept from noon saves 0.9025 x 0.53 less 0.30 = 0.178 yuan, 0.9 / 0.95 times a day and rated kWh:
    61.6 yuan a year against 132."""
    part = storage_clusters(
        town(), parcels(), days(["P0"], "electricity", EVENING), parcels(pv_kwp=100.0), sun_days(["P0"], NOON)
    )
    row = part.tables["cluster"].iloc[0]
    assert row["storage_limit"] == "no size pays"
    assert row["storage_kwh"] == 0
    assert row["storage_worth_yuan_per_kwh"] == pytest.approx(
        (0.9025 * 0.53 - 0.3) * 0.9 / 0.95 * 365, rel=0.01
    )


def test_for_shops_with_a_tariff_of_hours_a_battery_pays_and_lifts_self_use() -> None:
    """In the evening power costs 1.5 x 0.8 yuan."""
    part = storage_clusters(
        town(use="retail"), parcels(), days(["P0"], "electricity", EVENING), parcels(pv_kwp=100.0),
        sun_days(["P0"], NOON),
    )  # fmt: skip
    row = part.tables["cluster"].iloc[0]
    assert row["storage_kwh"] == pytest.approx(200.0)  # the largest looked at: half of the 400 kWh of a day
    assert row["cluster_self_use_share"] == 0.0
    assert row["cluster_self_use_stored_share"] == pytest.approx(200 * 0.9 / 0.95 / 400, abs=0.001)
    assert row["grid_peak_stored_kw"] <= row["grid_peak_kw"]
    assert row["storage_net_yuan_per_year"] > 0


def test_chosen_pv_counts_in_place_of_what_roofs_can_carry() -> None:
    part = storage_clusters(
        town(), parcels(), days(["P0"], "electricity", NOON), parcels(pv_kwp=900.0), sun_days(["P0"], NOON),
        chosen(kwh_per_year=50_000.0),
    )  # fmt: skip
    row = part.tables["cluster"].iloc[0]
    assert row["pv_kwh_per_year"] == pytest.approx(50_000, abs=1)
    assert row["pv_kwp"] == 100.0


def test_five_hundred_kilowatts_make_a_pilot() -> None:
    def pilots(kwp: float) -> float:
        found = storage_clusters(
            town(), parcels(), days(["P0"], "electricity", NOON), parcels(pv_kwp=kwp), sun_days(["P0"], NOON)
        )
        return found.figures["pedf.pilots"].value

    assert pilots(500.0) == 1
    assert pilots(499.0) == 0


def test_of_twelve_large_clusters_the_ten_of_the_highest_score_are_pilots_and_the_others_candidates() -> None:
    names = [f"P{n}" for n in range(12)]
    here = town(12)
    here.tables["parcel"]["planning_unit"] = names  # each a cluster of its own
    need = pd.concat([days([name], "electricity", 5.0 * n) for n, name in enumerate(names)])
    given = (here, parcels(12), need, parcels(12, pv_kwp=600.0), sun_days(names, NOON))
    table = storage_clusters(*given).tables["cluster"]
    assert table["cluster_candidate"].sum() == 12
    assert list(table["cluster_rank"]) == list(range(1, 13))
    assert list(table["cluster_pilot"]) == [True] * 10 + [False] * 2
    assert table["cluster_score"].is_monotonic_decreasing
    three = storage_clusters(*given, most_pilots=3)
    assert three.figures["pedf.pilots"].value == 3
    assert three.figures["pedf.candidates"].value == 12
    assert three.tables["cluster_day"]["cluster_id"].nunique() == 3


def test_typical_days_of_a_pilot_balance_in_every_hour() -> None:
    part = storage_clusters(
        town(use="retail"), parcels(), days(["P0"], "electricity", EVENING), parcels(pv_kwp=600.0),
        sun_days(["P0"], NOON),
    )  # fmt: skip
    table = part.tables["cluster_day"]
    hours = [name for name in table if name.startswith("cluster_kw_hour")]
    sums = {name: rows[hours].to_numpy() for name, rows in table.groupby("cluster_series")}
    left = sums["cluster_load"] - sums["cluster_pv"] + sums["cluster_charge"] - sums["cluster_give"]
    assert left == pytest.approx(sums["cluster_grid"], abs=0.21)


def test_self_use_of_a_parcel_is_what_it_needs_when_the_sun_shines() -> None:
    """100 kW at noon, of which 40 are needed."""
    need = days(["P0"], "electricity", 40.0)
    found = self_use_shares(town(), parcels(), need, parcels(pv_kwp=100.0), sun_days(["P0"], NOON))
    assert found["P0"] == pytest.approx(0.4)


def test_every_column_and_figure_can_be_explained() -> None:
    part = storage_clusters(
        town(), parcels(), days(["P0"], "electricity", NOON), parcels(pv_kwp=600.0), sun_days(["P0"], NOON)
    )
    known = fields()
    for table in part.tables.values():
        assert [name for name in table if name not in known and name not in SHARED] == []
    for key in part.figures:
        part.figures.trace(key)


def test_a_city_without_pv_has_no_clusters_and_says_so() -> None:
    part = storage_clusters(
        city([{}]),
        parcels(),
        days(["P0"], "electricity", NOON),
        parcels(pv_kwp=0.0),
        sun_days(["P0"], [0.0] * 24),
    )
    assert part.tables["cluster"].empty
    assert "storage_kwh" in part.tables["cluster"]
    assert part.figures["pedf.storage"].value == 0
    assert part.problems
