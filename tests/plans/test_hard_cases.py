"""Targets that contradict each other, no money, no options: a plan is made all the same, and says what stops it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.jobs import Job
from core.problems import UserError
from plans import Part
from plans.allocation import Account, Choices, allocate
from plans.options import ProgrammeSettings, choose
from tests.plans.small_town import rooftop, targets, town

CITY = town({"A": {}, "B": {}, "C": {}})
ROOF = rooftop(CITY, dict.fromkeys("ABC", 100.0), yuan_per_kw=20_000)


def plan(wanted: pd.DataFrame, fixed: pd.DataFrame | None = None, **chosen: object) -> Part:
    return choose(
        CITY,
        {"rooftop": ROOF},
        wanted,
        fixed,
        ProgrammeSettings(**chosen),
        Job(),  # type: ignore[arg-type]
    )


def rows(*wanted: tuple[str, str, str, float]) -> pd.DataFrame:
    """Targets of panels: operator, kind and id of the area, and kilowatts."""
    frames = [targets(("pv_capacity_added", value)).assign(operator=operator, area_kind=kind, area_id=area)
              for operator, kind, area, value in wanted]  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def test_at_least_200_and_at_most_100_kilowatts_name_each_other() -> None:
    account = plan(rows((">=", "city", "", 200.0), ("<=", "city", "", 100.0))).tables["account"]
    missed = account[account["shortfall"] > 0]
    assert list(missed["limit"]) == ["in_conflict"]
    assert set(missed.index) | set(missed["limit_with"]) == {"pv_capacity_added", "pv_capacity_added/most"}


def test_a_district_that_asks_more_than_the_city_may_have_is_named_with_the_cap_of_the_city() -> None:
    part = plan(rows((">=", "district", "D1", 250.0), ("<=", "city", "", 100.0)))
    account = part.tables["account"]
    assert (account["limit"] == "in_conflict").sum() == 1
    assert part.problems[0].rows


def test_a_district_that_asks_more_than_the_city_carries_the_city_along() -> None:
    account = plan(rows((">=", "district", "D1", 250.0), (">=", "city", "", 100.0))).tables["account"]
    assert (account["shortfall"] == 0).all()
    assert account.loc["pv_capacity_added", "reached"] >= 250.0


def test_no_money_buys_nothing_and_the_target_names_the_budget() -> None:
    part = plan(rows((">=", "city", "", 100.0)), budget_yuan=0.0)
    assert part.figures["choice.total.capex_yuan"].value == 0.0
    assert part.tables["account"].loc["pv_capacity_added", "limit_with"] == "budget"


def test_a_target_of_an_area_without_parcels_is_out_of_reach() -> None:
    row = plan(rows((">=", "unit", "U9", 100.0))).tables["account"].loc["pv_capacity_added/U9"]
    assert (row["reach"], row["limit"]) == (0.0, "out_of_reach")


def test_where_every_choice_is_declined_nothing_is_chosen_and_the_target_is_out_of_reach() -> None:
    never = pd.DataFrame({"parcel_id": list("ABC"), "technology": "rooftop_pv", "planned_kw": 0.0})
    part = plan(rows((">=", "city", "", 100.0)), never)
    assert part.tables["choice"].empty
    assert part.tables["account"].loc["pv_capacity_added", "limit"] == "out_of_reach"


def test_where_nothing_is_offered_the_planner_is_told_to_assess() -> None:
    none = rooftop(CITY, {}, yuan_per_kw=20_000)
    with pytest.raises(UserError, match="nothing to choose"):
        choose(CITY, {"rooftop": none}, targets(), None, ProgrammeSettings(), Job())


def test_a_city_without_parcels_has_nothing_to_choose_and_says_so() -> None:
    nobody = town({})
    with pytest.raises(UserError, match="nothing to choose"):
        choose(nobody, {"rooftop": rooftop(nobody, {})}, targets(), None, ProgrammeSettings(), Job())


def test_without_any_parcel_every_target_is_out_of_reach_and_every_cap_kept() -> None:
    nobody = Choices(np.zeros(1, np.int64), np.zeros(0), np.zeros((0, 2)), np.zeros(0, np.uint64))
    accounts = [Account("power", True, 5.0, 100.0), Account("budget", False, 3.0, 100.0)]
    found = allocate(nobody, accounts, job=Job())
    assert len(found.chosen) == 0
    assert found.shortfall.tolist() == [5.0, 0.0]
    assert [limit.kind for limit in found.limits] == ["reach", ""]
    assert allocate(nobody, accounts, warm=found.warm, job=Job()).cost == 0.0


def test_a_single_parcel_takes_what_the_target_asks_or_all_it_has() -> None:
    one = town({"A": {}})
    roof = {"rooftop": rooftop(one, {"A": 100.0}, yuan_per_kw=20_000)}
    for asked, reached in ((0.0, 0.0), (30.0, 33.3), (100.0, 100.0), (500.0, 100.0)):
        part = choose(one, roof, targets(("pv_capacity_added", asked)), None, ProgrammeSettings(), Job())
        assert part.tables["account"].loc["pv_capacity_added", "reached"] == pytest.approx(reached, abs=0.1)


@given(
    least=st.floats(0, 500), most=st.floats(0, 500), here=st.floats(0, 500),
    budget=st.one_of(st.none(), st.floats(0, 1e7)),
)  # fmt: skip
@settings(max_examples=25, deadline=None)
def test_whatever_targets_ask_money_and_caps_hold_and_what_is_missed_is_explained(
    least, most, here, budget
) -> None:
    wanted = rows((">=", "city", "", least), ("<=", "city", "", most), (">=", "district", "D1", here))
    part = plan(wanted, budget_yuan=budget)
    account = part.tables["account"]
    missed = account[account["shortfall"] > 0]
    assert (missed["limit"] != "").all()
    assert bool(part.problems) == bool(len(missed))
    assert part.tables["choice"]["planned_kw"].sum() == pytest.approx(
        account.loc["pv_capacity_added", "reached"]
    )
    if budget is not None and "budget" not in missed.index:
        assert part.figures["choice.total.capex_yuan"].value <= budget + 1
