"""Balancing: parcels raised to meet shares, and what stays out of reach."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plans.green.green import GivenByOthers, green_plan
from plans.green.scores import promotion_score
from plans.green.settings import GreenSettings
from standards import SHIPPED, Taken
from tests.plans.green.parcels import key_area, parcels, station, targets, units
from tests.plans.green.test_grades import ROWS, said

SETTINGS = GreenSettings(year=2030)


def test_parcels_are_raised_in_the_order_of_their_score_until_the_share_is_met() -> None:
    homes = parcels(*({"gfa_m2": 10_000.0} for _ in range(4)))
    resource = pd.Series([1.0, 4.0, 3.0, 2.0], homes.index)
    wanted = targets(("two_star_share_new", "unit", "U1", 0.5))
    part = green_plan({"parcel": homes}, SHIPPED, SETTINGS, GivenByOthers(wanted, resource=resource))
    grade = part.tables["grade"]
    assert grade["green_grade"].tolist() == ["basic", "two_star", "two_star", "basic"]
    assert grade["voluntary"].tolist() == [False, True, True, False]
    assert grade.loc["P02", "rule_id"] == "G1 + V"
    assert grade.loc["P02", "green_reason"].endswith("raised for the target of the unit")
    assert grade.loc["P02", "ruled_grade"] == "basic"


def test_no_parcel_is_raised_where_the_rules_reach_the_share() -> None:
    city = parcels({"use": "education", "investor": "government"}, {})
    wanted = targets(("two_star_share_new", "city", "", 0.5))
    part = green_plan({"parcel": city}, SHIPPED, SETTINGS, GivenByOthers(wanted))
    assert not part.tables["grade"]["voluntary"].any()


def test_approved_parcels_keep_their_grade_and_the_share_that_is_missed_is_said() -> None:
    city = parcels({"status": "approved", "gfa_m2": 30_000.0}, {})
    wanted = targets(("two_star_share_new", "unit", "U1", 0.5))
    part = green_plan({"parcel": city}, SHIPPED, SETTINGS, GivenByOthers(wanted))
    assert part.tables["grade"]["green_grade"].tolist() == ["basic", "two_star"]
    (problem,) = said(part, "all other parcels are approved or set by hand")
    assert problem.rows == ("U1",)
    assert (problem.values["reached"], problem.values["share"]) == ("25.0%", "50.0%")


def test_a_grade_set_by_hand_is_not_raised() -> None:
    hand = pd.DataFrame({"green_grade": "basic", "manual_by": "a", "manual_reason": "b"}, index=["P01"])
    wanted = targets(("two_star_share_new", "unit", "U1", 1.0))
    part = green_plan({"parcel": parcels({}, {})}, SHIPPED, SETTINGS, GivenByOthers(wanted, hand))
    assert part.tables["grade"]["green_grade"].tolist() == ["basic", "two_star"]


def test_a_unit_without_new_building_is_said_and_has_no_shares() -> None:
    part = green_plan(
        {"parcel": parcels({}), "planning_unit": units(U1="basic", U2="leading")}, SHIPPED, SETTINGS
    )
    assert said(part, "Nothing is built new")[0].rows == ("U2",)
    assert part.tables["unit"].loc["U2", "new_gfa_m2"] == 0
    assert pd.isna(part.tables["unit"].loc["U2", "two_star_share"])


def test_the_city_raises_what_its_units_leave_below_the_target() -> None:
    wanted = targets(("two_star_share_new", "unit", "U1", 0.0), ("two_star_share_new", "city", "", 1.0))
    part = green_plan({"parcel": parcels({}, {})}, SHIPPED, SETTINGS, GivenByOthers(wanted))
    assert part.tables["grade"]["green_reason"].str.endswith("raised for the target of the city").all()


def test_of_contradictory_targets_the_highest_holds_and_that_is_said() -> None:
    wanted = targets(("star_share_new", "city", "", 0.2), ("star_share_new", "city", "", 1.0))
    part = green_plan({"parcel": parcels({}, {})}, SHIPPED, SETTINGS, GivenByOthers(wanted))
    assert part.figures["green.star_share"].value == 1
    assert said(part, "the highest was taken")[0].rows == (0, 1)


def test_a_share_above_one_is_refused_with_its_row() -> None:
    wanted = targets(("star_share_new", "city", "", 80.0))
    part = green_plan({"parcel": parcels({})}, SHIPPED, SETTINGS, GivenByOthers(wanted))
    assert said(part, "no least share between 0 and 1")[0].rows == (0,)


def test_a_score_is_the_mean_of_what_is_known_by_its_weights() -> None:
    """A home beside a station: land use 0.5 (weight 0.25), ratio 1.75 of 3.5 (0.1), size 0.1 (0.15), nearness 1 (0.2)."""
    from plans.green.facts import parcel_facts

    tables = {"parcel": parcels({"far": 1.75, "gfa_m2": 10_000.0}), "metro": station(50.0)}
    facts, _ = parcel_facts(tables, Taken(SHIPPED))
    expected = (0.25 * 0.5 + 0.1 * 0.5 + 0.15 * 0.1 + 0.2 * 1.0) / 0.7
    assert promotion_score(facts, tables, Taken(SHIPPED)).iloc[0] == pytest.approx(expected)


@settings(max_examples=20, deadline=None)
@given(rows=st.lists(ROWS, min_size=1, max_size=14), share=st.floats(0, 1))
def test_units_districts_and_grades_add_up_to_the_city(rows: list[dict[str, object]], share: float) -> None:
    tables = {
        "parcel": parcels(*rows),
        "planning_unit": units(U1="leading", U2="preferred", U3="basic"),
        "key_area": key_area(0, 2),
    }
    wanted = targets(
        ("two_star_share_new", "city", "", share), ("ultra_low_energy_area", "city", "", 20_000.0)
    )
    part = green_plan(tables, SHIPPED, SETTINGS, GivenByOthers(wanted))
    grade, city = part.tables["grade"], part.figures
    area = city["green.new_civil_m2"].value
    assert area == pytest.approx(grade["civil_gfa_m2"].sum())
    for name in ("unit", "district"):
        table = part.tables[name]
        assert table["new_gfa_m2"].sum() == pytest.approx(area)
        assert table["ultra_low_energy_m2"].sum() == pytest.approx(grade["ultra_low_energy_m2"].sum())
        parts = table[["basic_share", "one_star_share", "two_star_only_share", "three_star_share"]].sum(
            axis=1
        )
        assert parts[table["new_gfa_m2"] > 0].to_numpy() == pytest.approx(1.0)
        stars = (table["two_star_share"] * table["new_gfa_m2"]).sum()
        if area > 0:
            assert stars == pytest.approx(city["green.two_star_share"].value * area, abs=1e-6)
    assert (grade["ultra_low_energy_m2"] <= grade["civil_gfa_m2"] + 1e-6).all()
