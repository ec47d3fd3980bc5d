"""Every parcel gets one option, at least cost under the targets of the city, with a proof and the price of each target."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from core.jobs import Cancelled, Job
from core.problems import UserError
from core.texts import speaking
from plans.allocation import Account, Choices, allocate, preview
from plans.allocation.dual import goals_of
from plans.allocation.linear import linear_bound
from plans.allocation.table import Passes, table_of
from tests.benchmarks.synthetic_city import synthetic_city


def choices_of(parcels):
    """Choices from a list of parcels, each a list of options (cost, gain, gain ...)."""
    start = np.cumsum([0, *(len(options) for options in parcels)]).astype(np.int64)
    rows = np.array([option for options in parcels for option in options], dtype=float)
    return Choices(start, rows[:, 0], rows[:, 1:], np.arange(len(parcels), dtype=np.uint64))


def floor(value, ceiling=1e5, name="power", rank=0):
    return Account(name, True, value, ceiling, rank)


def cap(value, ceiling=1e5, name="budget", rank=0):
    return Account(name, False, value, ceiling, rank)


def parcels_costing_their_number(count=1000, copies=1):
    """Parcel 1 gives one unit for 1 yuan, parcel 2 for 2 yuan and so on; or none of them anything."""
    return choices_of([[(0, 0), (i, 1)] for i in range(1, count + 1) for _ in range(copies)])


def sums(choices, found):
    gain = choices.gain.toarray() if hasattr(choices.gain, "toarray") else choices.gain
    return gain[found.chosen].sum(axis=0, dtype=float)


def test_the_three_hundred_cheapest_of_a_thousand_parcels_are_taken():
    choices = parcels_costing_their_number()
    found = allocate(choices, [floor(300)], job=Job())
    assert found.cost == 45_150
    assert (np.flatnonzero(choices.gain[found.chosen, 0]) == np.arange(300)).all()


def test_the_price_lies_between_the_last_parcel_taken_and_the_first_that_is_not():
    found = allocate(parcels_costing_their_number(), [floor(300)], job=Job())
    assert 300 <= found.prices[0] <= 301
    assert 293 <= found.price_low[0] <= 296
    assert 305 <= found.price_high[0] <= 308


def test_of_two_equal_parcels_one_may_be_taken_and_the_other_not():
    found = allocate(parcels_costing_their_number(copies=2), [floor(601)], job=Job())
    assert found.cost == 90_601
    assert found.reached[0] == 601


def test_twenty_thousand_twins_do_not_switch_all_at_once():
    twins = choices_of([[(0, 0), (1, 1)]] * 20_000)
    found = allocate(twins, [floor(7_777)], job=Job())
    assert found.reached[0] == 7_777
    assert found.cost == 7_777
    assert found.gap <= 1e-4


def test_without_targets_every_parcel_takes_its_cheapest_option():
    city, _ = synthetic_city(500, 3)
    free = Choices(city.start, city.cost - 2000.0, city.gain[:, :0], city.key)
    found = allocate(free, [], job=Job())
    assert found.cost == pytest.approx(np.minimum.reduceat(free.cost, free.start[:-1]).sum())
    assert found.gap == 0
    assert not len(found.prices)


def test_a_cap_that_does_not_bind_has_no_price():
    choices = choices_of([[(0, 0, 0), (i, 1, i)] for i in range(1, 1001)])
    found = allocate(choices, [floor(300), cap(60_000)], job=Job())
    assert found.cost == 45_150
    assert found.prices[1] == 0
    assert found.price_low[1] == found.price_high[1] == 0


def test_a_cap_that_binds_takes_the_best_earners_and_its_price_is_the_worth_of_one_more_unit():
    choices = choices_of([[(0, 0), (-i, 1)] for i in range(1, 1001)])  # each may earn its number
    found = allocate(choices, [cap(100, name="grid")], job=Job())
    assert found.cost == -sum(range(901, 1001))
    assert 900 <= found.prices[0] <= 901


def test_a_floor_above_reach_is_met_as_far_as_it_goes_and_leaves_the_others_alone():
    power = [[(0, 0, 0), (i, 1, 0)] for i in range(1, 1001)]
    heat = [[(0, 0, 0), (i, 0, 1)] for i in range(1, 1001)]
    found = allocate(choices_of(power + heat), [floor(2000, 5000), floor(300, 5000, "heat")], job=Job())
    assert found.reached.tolist() == [1000, 300]
    assert found.shortfall.tolist() == [1000, 0]
    assert found.prices[0] == 5000
    assert 300 <= found.prices[1] <= 301
    assert found.limits[0].kind == "reach"
    assert found.limits[0].share == 0.5
    assert found.violation == 0


def test_what_stops_a_target_is_said_in_words():
    found = allocate(parcels_costing_their_number(), [floor(1250, 5000)], job=Job())
    assert found.limits[0].said() == "These parcels alone allow 80.0 % of this target at most."
    with speaking("zh"):
        assert found.limits[0].said() == "即使不计其他约束，现有地块最多只能完成该目标的 80.0 %。"


def test_a_target_gives_way_where_a_unit_costs_more_than_its_ceiling():
    found = allocate(parcels_costing_their_number(), [floor(300, ceiling=200.5)], job=Job())
    assert found.reached[0] == 200
    assert found.prices[0] == 200.5
    assert found.limits[0].kind == "price"


def test_a_budget_outbids_a_target_of_a_larger_rank():
    choices = choices_of([[(0, 0, 0), (i, 1, i)] for i in range(1, 1001)])
    found = allocate(choices, [floor(300, 20_000, rank=1), cap(20_100, 20.0)], job=Job())
    assert found.reached.tolist() == [200, 20_100]
    assert found.limits[0].kind == "together"
    assert found.limits[0].others == ("budget",)
    assert found.limits[0].said() == "Not to be met together with budget."
    assert not found.limits[1].kind


def test_a_target_outbids_a_budget_of_a_larger_rank():
    choices = choices_of([[(0, 0, 0), (i, 1, i)] for i in range(1, 1001)])
    found = allocate(choices, [floor(300, 400), cap(20_100, 2.0, rank=1)], job=Job())
    assert found.reached.tolist() == [300, 45_150]
    assert found.shortfall.tolist() == [0, 25_050]
    assert found.limits[1].others == ("power",)


def test_of_contradictory_targets_the_one_of_the_smaller_rank_is_met():
    choices = choices_of([[(0, 0, 0), (i, 1, 1)] for i in range(1, 1001)])
    above, below = floor(300, 2000, rank=1), cap(100, 2000, name="grid", rank=0)
    assert allocate(choices, [above, below], job=Job()).reached.tolist() == [100, 100]
    turned = [replace(above, rank=0), replace(below, rank=1)]
    assert allocate(choices, turned, job=Job()).reached.tolist() == [300, 300]


def test_without_a_budget_nothing_is_built():
    choices = choices_of([[(0, 0, 0), (i, 1, i)] for i in range(1, 101)])
    found = allocate(choices, [floor(30, 2000, rank=1), cap(0, 2000)], job=Job())
    assert found.cost == 0
    assert found.reached.tolist() == [0, 0]
    assert found.shortfall.tolist() == [30, 0]


def test_what_costs_nothing_is_built_without_a_budget():
    choices = choices_of([[(0, 0, 0), (i % 3, 1, i % 3)] for i in range(300)])
    found = allocate(choices, [floor(30, 2000, rank=1), cap(0, 2000)], job=Job())
    assert found.reached[0] >= 30
    assert found.cost == found.reached[1] == 0


def test_a_target_of_zero_costs_nothing():
    found = allocate(parcels_costing_their_number(), [floor(0)], job=Job())
    assert found.cost == 0
    assert found.prices[0] == 0
    assert found.shortfall[0] == 0


def test_a_share_of_what_is_used_is_a_target_of_zero():
    """Renewable heat must be 30 % of all heat: R - 0.3 (R + E) >= 0; every parcel needs 10."""
    choices = choices_of([[(10, -0.3 * 10), (10 + i, 10 - 0.3 * 10)] for i in range(1, 1001)])
    found = allocate(choices, [floor(0, name="share")], job=Job())
    assert found.cost == 1000 * 10 + sum(range(1, 301))


def test_a_parcel_of_one_option_keeps_it():
    decided = [[(500, 1)]] * 10
    choices = choices_of(decided + [[(0, 0), (i, 1)] for i in range(1, 101)])
    found = allocate(choices, [floor(30)], job=Job())
    assert found.chosen[:10].tolist() == list(range(10))
    assert found.cost == 10 * 500 + sum(range(1, 21))


def test_decided_projects_above_a_cap_are_reported_with_the_least_that_can_be_reached():
    found = allocate(choices_of([[(5, 1)]] * 10), [cap(8, name="grid")], job=Job())
    assert found.shortfall[0] == 2
    assert found.limits[0].kind == "reach"
    assert found.reach[0] == 10


def test_a_parcel_larger_than_the_whole_target_is_left_out_when_small_ones_are_cheaper():
    airport = [[(0, 0), (100_000, 1000)]]
    small = [[(0, 0), (i, 1)] for i in range(1, 1001)]
    assert allocate(choices_of(airport + small), [floor(300)], job=Job()).cost == 45_150


def test_a_parcel_larger_than_the_whole_target_is_taken_when_small_ones_are_dearer():
    airport = [[(0, 0), (40_000, 1000)]]
    small = [[(0, 0), (i, 1)] for i in range(1, 1001)]
    found = allocate(choices_of(airport + small), [floor(300)], job=Job())
    assert found.cost == 40_000
    assert found.gap <= 1e-3


def test_a_target_between_what_large_parcels_can_give_is_passed_by_the_least():
    found = allocate(choices_of([[(0, 0), (7, 7)], [(0, 0), (5, 5)]]), [floor(6)], job=Job())
    assert found.reached[0] == 7


def test_a_floor_and_a_cap_that_only_parts_of_parcels_could_meet_are_said_to_be_too_fine():
    choices = choices_of([[(0, 0, 0), (i, 10, 10)] for i in range(1, 101)])
    found = allocate(choices, [floor(95, 2000, rank=1), cap(99, 2000, name="grid")], job=Job())
    assert found.reached.tolist() == [90, 90]
    assert found.limits[0].kind in {"size", "together"}


def test_cost_and_bound_are_within_a_thousandth_of_the_optimum_of_highs():
    choices, accounts = synthetic_city(2_000, 12)
    found = allocate(choices, accounts, job=Job())
    table = table_of(choices)
    with Passes(table, Job()) as passes:
        goals = goals_of(accounts, *passes.reach())
    highs = linear_bound(table, goals)
    optimum, prices = highs.cost, highs.price
    assert optimum * (1 - 1e-3) <= found.bound <= found.cost
    assert optimum <= found.cost <= optimum * (1 + 1e-3)
    assert found.violation <= 1e-6
    within = (found.price_low - 0.01 <= prices) & (prices <= found.price_high + 0.01)
    assert within.all()


def test_rows_of_every_district_are_met_beside_those_of_the_city():
    """Ten districts, each with a floor of its own that costs more than the city's need."""
    rng = np.random.default_rng(3)
    district = np.arange(2000) % 10
    price = rng.uniform(1, 2, 2000) * (1 + district)
    rows = np.repeat(np.arange(1, 4000, 2), 2)  # every second option gives one unit to city and district
    whose = np.column_stack([np.zeros(2000, int), 1 + district]).ravel()
    gain = csr_array((np.ones(4000), (rows, whose)), shape=(4000, 11))
    cost = np.column_stack([np.zeros(2000), price]).ravel()
    choices = Choices(np.arange(0, 4001, 2), cost, gain, np.arange(2000, dtype=np.uint64))
    accounts = [floor(900), *(floor(50, name=f"district {d}") for d in range(10))]
    found = allocate(choices, accounts, job=Job())
    cheapest = [np.sort(price[district == d]) for d in range(10)]
    must = sum(one[:50].sum() for one in cheapest)
    rest = np.sort(np.concatenate([one[50:] for one in cheapest]))[:400].sum()
    assert found.cost == pytest.approx(must + rest, rel=1e-3)
    assert found.cost >= must + rest - 1e-6
    assert not found.shortfall.any()


def test_targets_of_a_city_that_its_budget_forbids_give_way_and_all_others_are_met():
    choices, accounts = synthetic_city(4_000, 8)
    accounts[6] = replace(accounts[6], value=accounts[6].value * 0.3, rank=0)
    accounts[:6] = [replace(account, rank=1) for account in accounts[:6]]
    found = allocate(choices, accounts, job=Job())
    missed = np.flatnonzero(found.shortfall)
    assert set(missed) <= set(range(5))
    assert any("account_6" in found.limits[which].others for which in missed)
    assert all(found.limits[which].kind in {"together", "price"} for which in missed)
    assert (found.prices[missed] == 1000).all()
    assert found.gap <= 1e-3


def test_an_airport_in_a_city_is_decided_both_ways_to_prove_the_plan():
    """Alone it gives twice the target; at 0.9 yuan a unit it is dearer than a part of it would be."""
    choices, accounts = synthetic_city(2_000, 10)
    gain = np.zeros((2, 10), np.float32)
    gain[1, 0] = 2 * accounts[0].value
    city = Choices(
        np.append(choices.start, choices.start[-1] + 2),
        np.append(choices.cost, [0.0, 0.9 * accounts[0].value]),
        np.vstack([choices.gain, gain]),
        np.arange(2_001, dtype=np.uint64),
    )
    with_it, without = (
        allocate(
            Choices(
                np.append(choices.start, choices.start[-1] + 1),
                np.append(choices.cost, city.cost[-2 + taken]),
                np.vstack([choices.gain, gain[taken : taken + 1]]),
                city.key,
            ),
            accounts,
            job=Job(),
        )
        for taken in (1, 0)
    )
    found = allocate(city, accounts, job=Job())
    assert found.gap <= 1e-3
    assert found.cost <= min(with_it.cost, without.cost) * (1 + 1e-3)


options = st.lists(
    st.tuples(st.integers(-50, 500), st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=5
)


@given(st.lists(options, min_size=1, max_size=40), st.integers(0, 500), st.integers(0, 500))
@settings(max_examples=60, deadline=None)
def test_any_result_is_one_feasible_option_a_parcel_with_its_own_sums_and_a_bound_below_its_cost(
    parcels, least, most
):
    choices = choices_of(parcels)
    accounts = [floor(least, 5000, rank=1), cap(most, 5000)]
    found = allocate(choices, accounts, job=Job())
    assert (choices.start[:-1] <= found.chosen).all()
    assert (found.chosen < choices.start[1:]).all()
    assert found.bound <= found.cost
    assert found.cost == pytest.approx(choices.cost[found.chosen].sum())
    assert sums(choices, found).tolist() == found.reached.tolist()
    assert found.shortfall[0] == max(0, least - found.reached[0])
    assert found.shortfall[1] == max(0, found.reached[1] - most)
    assert (found.price_low <= found.prices).all()
    assert (found.prices <= found.price_high).all()
    assert all(limit.kind for limit, short in zip(found.limits, found.shortfall, strict=True) if short)


@pytest.fixture(scope="module")
def city():
    return synthetic_city(3_000, 12)


@pytest.fixture(scope="module")
def solved(city):
    return allocate(*city, job=Job())


def test_money_in_other_units_gives_the_same_plan(city, solved):
    choices, accounts = city
    coins = replace(choices, cost=choices.cost * 1024)
    dearer = [replace(account, price_ceiling=account.price_ceiling * 1024) for account in accounts]
    assert (allocate(coins, dearer, job=Job()).chosen == solved.chosen).all()


def test_an_account_in_other_units_gives_the_same_plan(city, solved):
    choices, accounts = city
    gain = choices.gain.copy()
    gain[:, 2] *= 1024
    first = accounts[2]
    changed = [*accounts]
    changed[2] = replace(first, value=first.value * 1024, price_ceiling=first.price_ceiling / 1024)
    assert (allocate(replace(choices, gain=gain), changed, job=Job()).chosen == solved.chosen).all()


def test_parcels_in_another_order_get_the_same_plan(city, solved):
    choices, accounts = city
    order = np.random.default_rng(5).permutation(len(choices))
    rows = np.concatenate([np.arange(choices.start[i], choices.start[i + 1]) for i in order])
    start = np.concatenate([[0], np.cumsum(np.diff(choices.start)[order])])
    turned = Choices(start, choices.cost[rows], choices.gain[rows], choices.key[order])
    again = allocate(turned, accounts, job=Job())
    assert (rows[again.chosen] == solved.chosen[order]).all()
    assert again.cost == solved.cost


def test_sparse_gains_give_the_same_plan_as_full_ones(city, solved):
    choices, accounts = city
    sparse = replace(choices, gain=csr_array(choices.gain))
    assert (allocate(sparse, accounts, job=Job()).chosen == solved.chosen).all()


def test_the_plan_is_the_same_bit_for_bit_on_one_processor_and_on_five():
    choices, accounts = synthetic_city(9_000, 8)
    one = allocate(choices, accounts, job=Job(), threads=1)
    five = allocate(choices, accounts, job=Job(), threads=5)
    assert (one.chosen == five.chosen).all()
    assert (one.prices == five.prices).all()
    assert (one.cost, one.bound) == (five.cost, five.bound)


def test_raising_a_floor_lowers_neither_bound_nor_price_and_the_cost_by_no_more_than_the_gap(city, solved):
    choices, accounts = city
    before = solved
    for factor in (1.02, 1.05, 1.1):
        raised = [replace(accounts[0], value=accounts[0].value * factor), *accounts[1:]]
        after = allocate(choices, raised, job=Job())
        assert after.bound >= before.bound * (1 - 1e-5)
        assert after.prices[0] >= before.prices[0] - 0.01
        assert after.cost >= before.cost * (1 - before.gap)
        before = after


def test_a_warm_start_costs_the_same_within_the_gaps(city, solved):
    choices, accounts = city
    moved = [replace(accounts[0], value=accounts[0].value * 1.05), *accounts[1:]]
    warm = allocate(choices, moved, warm=solved.warm, job=Job())
    cold = allocate(choices, moved, job=Job())
    assert abs(warm.cost - cold.cost) <= max(warm.gap, cold.gap) * cold.cost
    assert warm.calls < cold.calls
    assert warm.violation <= 1e-6


def test_prices_of_known_accounts_are_kept_when_an_account_is_added(city, solved):
    choices, accounts = city
    wider = replace(choices, gain=np.column_stack([choices.gain, choices.gain[:, :1]]))
    more = [*accounts, floor(1.0, 1000.0, "another")]
    found = allocate(wider, more, warm=solved.warm, job=Job())
    assert found.cost == pytest.approx(solved.cost, rel=1e-3)


def test_a_sample_says_at_once_what_a_moved_target_will_cost(city, solved):
    choices, accounts = city
    moved = [replace(accounts[0], value=accounts[0].value * 1.05), *accounts[1:]]
    stratum = (np.arange(len(choices)) % 4).astype(np.int64)
    seen = preview(choices, moved, warm=solved.warm, stratum=stratum, job=Job())
    found = allocate(choices, moved, warm=solved.warm, job=Job())
    assert seen.share < 0.2
    assert seen.cost - solved.cost == pytest.approx(found.cost - solved.cost, rel=0.2)
    assert seen.reached[0] == pytest.approx(moved[0].value, rel=1e-3)


def test_a_ceiling_or_value_that_is_no_number_is_refused_with_the_names_of_all_accounts():
    accounts = [floor(np.nan), cap(3, np.inf), cap(5)]
    choices = choices_of([[(0, 0, 0, 0)]])
    with pytest.raises(UserError) as refused:
        allocate(choices, accounts, job=Job())
    assert [problem.rows for problem in refused.value.problems] == [("power",), ("budget",), ("budget",)]


def test_a_parcel_without_any_option_is_refused():
    with pytest.raises(ValueError, match="at least one option"):
        Choices(np.array([0, 1, 1]), np.zeros(1), np.zeros((1, 1)), np.arange(2, dtype=np.uint64))


def test_a_solution_can_be_stopped(city):
    job = Job()
    job.cancel()
    with pytest.raises(Cancelled):
        allocate(*city, job=job)
