"""A target that is moved is solved from the last prices, and says what changes."""

from __future__ import annotations

import pandas as pd
import pytest

from core.jobs import Job
from core.problems import UserError
from plans.options import ProgrammeSettings
from plans.options.choose import Question, account_table, choice_table, question, solved
from plans.options.moving import Moved, moved
from plans.options.settings import Bought
from tests.plans.small_town import rooftop, targets, town

CITY = town({name: {} for name in "ABCDEFGH"})
ROOF = rooftop(CITY, dict.fromkeys("ABCDEFGH", 100.0), yuan_per_kw=20_000)


def asked(*wanted: tuple[str, float]) -> Question:
    return question(
        CITY, {"rooftop": ROOF}, targets(*wanted), None, ProgrammeSettings(), Job(), bought=Bought(1e6)
    )


def last(first: Question) -> tuple[pd.DataFrame, dict[str, float]]:
    found = solved(first, None, Job(), [])
    prices = account_table(first.book, found)["price_yuan"]
    return choice_table(first, found), {str(name): float(price) for name, price in prices.items()}


def after(first: Question, **values: float) -> Moved:
    choice, prices = last(first)
    return moved(first, values, choice, prices, CITY.standards, Job())


def test_a_target_that_is_raised_by_200_kilowatts_takes_200_kilowatts_more() -> None:
    found = after(asked(("pv_capacity_added", 300.0)), pv_capacity_added=500.0)
    assert found.accounts.loc["pv_capacity_added", "reached"] == pytest.approx(500.0)
    assert found.change.loc["pv", "planned_kw"] == pytest.approx(200.0)
    assert found.change.loc["pv", "capex_yuan"] == pytest.approx(200.0 * 20_000)
    assert len(found.parcels) >= 2


def test_a_target_that_stays_changes_nothing() -> None:
    found = after(asked(("pv_capacity_added", 300.0)), pv_capacity_added=300.0)
    assert found.parcels == ()
    assert (found.change == 0.0).all(axis=None)


def test_a_target_beyond_all_roofs_reaches_all_roofs_and_says_so() -> None:
    row = after(asked(("pv_capacity_added", 300.0)), pv_capacity_added=1000.0).accounts.iloc[0]
    assert (row["reached"], row["shortfall"], row["limit"]) == (800.0, 200.0, "out_of_reach")


def test_a_moved_rate_asks_for_its_share_of_the_energy_bought() -> None:
    found = after(asked(("renewable_substitution_rate", 0.05)), renewable_substitution_rate=0.1)
    assert found.accounts.loc["renewable_substitution_rate", "required"] == pytest.approx(100_000.0)


def test_what_is_no_target_of_the_plan_cannot_be_moved() -> None:
    with pytest.raises(UserError, match="carbon_avoided"):
        after(asked(("pv_capacity_added", 300.0)), carbon_avoided=5.0)


def test_prices_of_the_last_choice_lead_to_the_same_cost_as_none() -> None:
    first = asked(("pv_capacity_added", 350.0))
    cold = solved(first, None, Job(), [])
    warm = solved(first, last(first)[1], Job(), [])
    assert warm.cost == pytest.approx(cold.cost, rel=1e-3)
