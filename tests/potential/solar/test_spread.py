"""Spread: what all places share adds up over a city, what each has of its own evens out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from potential.solar.spread import Spread, city_levels, levels, parcel_levels

ROOFS = Spread(common=0.1, own=0.2, shared=0.25)


def test_one_place_has_all_of_its_own() -> None:
    assert ROOFS.one == pytest.approx(np.sqrt(0.01 + 0.04))
    assert ROOFS.of_groups([5.0], np.zeros(1, int), 1) == pytest.approx([ROOFS.one])


def test_many_alike_keep_what_is_common_to_them() -> None:
    """0.1² + 0.25 × 0.2² stay; three quarters of 0.2² are divided by their number."""
    thousand = ROOFS.of_groups(np.ones(1000), np.zeros(1000, int), 1)
    assert thousand == pytest.approx([np.sqrt(0.01 + 0.01 + 0.03 / 1000)])


def test_two_alike_by_drawing_lots() -> None:
    """A hundred thousand cities of two roofs, drawn: the spread of their sums is that of the formula."""
    lots = np.random.default_rng(7)
    common = lots.normal(0, 0.1, 100_000) + lots.normal(0, 0.2 * np.sqrt(0.25), 100_000)
    each = lots.normal(0, 0.2 * np.sqrt(0.75), (100_000, 2))
    drawn = (1 + common[:, None] + each) @ np.array([3.0, 1.0])
    assert drawn.std() / 4 == pytest.approx(ROOFS.of_groups([3.0, 1.0], np.zeros(2, int), 1)[0], rel=0.01)


@given(
    energy=arrays(np.float64, 6, elements=st.integers(0, 1_000_000).map(float)),
    group=arrays(np.int64, 6, elements=st.integers(-1, 1)),
)
def test_a_group_lies_between_its_common_part_and_one_place(energy, group) -> None:  # type: ignore[no-untyped-def]
    sigma = ROOFS.of_groups(energy, group, 2)
    assert (sigma <= ROOFS.one + 1e-12).all()
    assert (sigma >= np.sqrt(0.01 + 0.01) - 1e-12).all()


def test_p90_p50_p10_stand_in_order_and_nothing_is_negative() -> None:
    made = levels("pv", [1000.0, 0.0], [0.2, 0.2])
    assert made["pv_p90_kwh_per_year"].tolist() == [744.0, 0.0]
    assert made["pv_p10_kwh_per_year"].tolist() == [1256.0, 0.0]
    assert levels("pv", [1000.0], [0.9])["pv_p90_kwh_per_year"].tolist() == [0.0]


def test_a_parcel_of_many_buildings_is_surer_than_the_sum_of_them() -> None:
    rows = pd.DataFrame({"parcel_id": ["P1", "P1", None], "pv_kwh_per_year": [600.0, 400.0, 100.0]})
    parcels = pd.DataFrame({"pv_kwh_per_year": [1000.0, 0.0]}, index=pd.Index(["P1", "P2"]))
    made = parcel_levels(rows, parcels, "pv", ROOFS)
    alone = levels("pv", [600.0, 400.0], ROOFS.one)["pv_p90_kwh_per_year"].sum()
    by_hand = 1000 * (1 - 1.2816 * np.sqrt(0.01 + 0.04 * (0.25 + 0.75 * 0.52)))
    assert made["pv_p90_kwh_per_year"].tolist() == [round(by_hand), 0.0]
    assert made["pv_p90_kwh_per_year"][0] > alone


def test_the_city_counts_what_stands_outside_all_parcels() -> None:
    rows = pd.DataFrame({"parcel_id": ["P1", None], "pv_kwh_per_year": [600.0, 400.0]})
    made = city_levels(rows, "pv", ROOFS)
    by_hand = 1.2816 * np.sqrt(0.01 + 0.04 * (0.25 + 0.75 * 0.52))
    assert made == {
        "pv_p90_kwh_per_year": round(1000 * (1 - by_hand)),
        "pv_p10_kwh_per_year": round(1000 * (1 + by_hand)),
    }
