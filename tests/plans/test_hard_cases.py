"""Targets that contradict each other, no money, no options: a plan is made all the same, and says what stops it."""

from __future__ import annotations

import pandas as pd
import pytest

from core.jobs import Job
from core.problems import UserError
from plans import Part
from plans.options import ProgrammeSettings, choose
from tests.plans.small_town import rooftop, targets, town

CITY = town({"A": {}, "B": {}, "C": {}})
ROOF = rooftop(CITY, dict.fromkeys("ABC", 100.0), yuan_per_kw=20_000)


def plan(wanted: pd.DataFrame, fixed: pd.DataFrame | None = None, **settings: object) -> Part:
    return choose(
        CITY,
        {"rooftop": ROOF},
        wanted,
        fixed,
        ProgrammeSettings(**settings),
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
