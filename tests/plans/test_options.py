"""What is chosen is what the parcels can bear, what the planner decided, and what the targets ask for at least cost."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.jobs import Job
from core.problems import UserError
from layers.city import City
from plans import Part
from plans.options import CARBON, SAVING, Bought, ProgrammeSettings, choose
from plans.options.accounts import needed_kgce
from plans.options.choose import chosen
from plans.options.money import capital_recovery
from plans.options.offers import offers
from plans.options.pruning import undominated
from plans.options.suitability import suitability
from potential import Assessment
from standards import Taken
from tests.plans.small_town import assessment, demand, graded, heat_source, rooftop, targets, town

NONE = targets()
TWO = {"A": {}, "B": {}}


def made(city: City, *found: Assessment, **more: object) -> Part:
    wanted = more.pop("targets", NONE)
    fixed = more.pop("fixed", None)
    bought, planned = more.pop("bought", None), more.pop("planned_kwp", None)
    return choose(
        city, {one.name: one for one in found}, wanted, fixed, ProgrammeSettings(**more), Job(),
        bought=bought, planned_kwp=planned,
    )  # type: ignore[arg-type]  # fmt: skip


def test_an_investment_of_25_years_at_six_percent_costs_7_82_percent_a_year() -> None:
    assert capital_recovery(0.06, 25) == pytest.approx(0.0782267, abs=1e-7)
    assert capital_recovery(0.0, 25) == pytest.approx(0.04)


def test_the_yearly_cost_of_panels_is_their_share_of_investment_and_upkeep_less_what_the_power_is_worth() -> (
    None
):
    city = town(TWO)
    found = offers(city, {"rooftop": rooftop(city, {"A": 100.0})}, ProgrammeSettings(), Taken(city.standards))
    row = found.frame.loc["A/rooftop_pv"]
    # 300,000 yuan, 5,000 a year, 100,000 kWh at a feed-in price of 0.30.
    assert row["cost_yuan_per_year"] == pytest.approx(300_000 * 0.0782267 + 5_000 - 30_000, abs=1)
    assert row["saved_kgce_per_year"] == 100_000 * 0.30
    assert row["panel_m2"] == 500.0


def test_the_electricity_of_heat_follows_from_the_carbon_it_avoids() -> None:
    city = town(TWO)
    power = 50_000.0
    given_heat = heat_source(city, "waste_heat", "waste_heat_pump", {"A": 100.0})
    grid = offers(
        city, {"demand": demand(city), "waste_heat": given_heat}, ProgrammeSettings(), Taken(city.standards)
    )
    taken = Taken(city.standards)
    assert grid.frame.loc["A/waste_heat_pump", "electricity_kwh_per_year"] == 0
    from standards.grid import grid_factor

    factor = grid_factor(taken.standards, "陕西").value
    options = given_heat.options.assign(
        avoided_tco2_per_year=given_heat.options["avoided_tco2_per_year"] - power * factor / 1000
    )
    drawn = assessment("waste_heat", given_heat.parcels, options.to_dict("records"))
    found = offers(city, {"demand": demand(city), "waste_heat": drawn}, ProgrammeSettings(), taken)
    assert found.frame.loc["A/waste_heat_pump", "electricity_kwh_per_year"] == pytest.approx(power, abs=1)


def test_floor_area_is_served_by_the_share_of_heat() -> None:
    city = town(TWO)
    source = heat_source(
        city, "waste_heat", "waste_heat_direct", {"A": 250.0}
    )  # half a million of a million kWh
    found = offers(
        city, {"demand": demand(city), "waste_heat": source}, ProgrammeSettings(), Taken(city.standards)
    )
    assert found.frame.loc["A/waste_heat_direct", "served_m2"] == 5_000


def test_a_technology_without_a_row_is_refused() -> None:
    city = town(TWO)
    strange = heat_source(city, "waste_heat", "cold_fusion", {"A": 100.0})
    with pytest.raises(UserError, match="cold_fusion"):
        made(city, demand(city), strange)


def test_heat_cannot_be_chosen_without_the_demand() -> None:
    city = town(TWO)
    with pytest.raises(UserError, match="demand"):
        made(city, heat_source(city, "waste_heat", "waste_heat_direct", {"A": 100.0}))


def test_a_parcel_never_has_two_sources_of_heat() -> None:
    city = town(TWO)
    both = [
        heat_source(city, "waste_heat", "waste_heat_direct", {"A": 500.0}, yuan_per_kw=500),
        heat_source(city, "shallow", "closed_loop_heat_pump", {"A": 500.0}, yuan_per_kw=600),
    ]
    choice = made(city, demand(city), *both, objective=CARBON).tables["choice"]
    assert list(choice["technology"]) == ["waste_heat_direct"]


def test_hot_water_from_the_sun_stands_beside_a_source_only_while_both_are_needed() -> None:
    city = town(TWO)
    sun = heat_source(city, "solar_thermal", "solar_thermal", {"A": 100.0, "B": 100.0}, hours=1000.0)
    # 1.2 million kWh are needed: A gets 1.0 from waste heat and 0.1 from the sun; at B waste heat gives all.
    source = heat_source(city, "waste_heat", "waste_heat_direct", {"A": 500.0, "B": 600.0}, yuan_per_kw=100)
    choice = made(city, demand(city), sun, source, objective=CARBON).tables["choice"]
    assert {"A/solar_thermal", "A/waste_heat_direct", "B/waste_heat_direct"} == set(choice.index)
    given_heat = choice.groupby("parcel_id")["kwh_per_year"].sum()
    assert (given_heat <= 1.2e6).all()


def test_what_earns_is_chosen_and_what_costs_is_not_where_nothing_asks_for_it() -> None:
    city = town(TWO)
    cheap = made(city, rooftop(city, {"A": 100.0}, yuan_per_kw=1000))
    dear = made(city, rooftop(city, {"A": 100.0}, yuan_per_kw=9000))
    assert list(cheap.tables["choice"].index) == ["A/rooftop_pv"]
    assert dear.tables["choice"].empty
    assert cheap.figures["choice.gap"].value == pytest.approx(0.0, abs=1e-9)


def test_a_target_is_met_by_the_cheaper_parcel_first_and_its_price_is_the_cost_of_one_more_unit() -> None:
    parcels: dict[str, dict[str, object]] = {f"P{place:02d}": {} for place in range(30)}
    city = town(parcels)
    roof = rooftop(city, dict.fromkeys(parcels, 90.0), yuan_per_kw=6000)
    options = roof.options.assign(capex_yuan=roof.options["capex_yuan"] + np.arange(30) * 90.0)
    part = made(
        city, assessment("rooftop", roof.parcels, options.to_dict("records")),
        targets=targets(("pv_capacity_added", 900.0)),
    )  # fmt: skip
    account = part.tables["account"].loc["pv_capacity_added"]
    assert account["reached"] == pytest.approx(900.0)
    assert sorted(part.tables["choice"]["parcel_id"]) == [f"P{place:02d}" for place in range(10)]
    # A kilowatt at the tenth parcel: 6,009 yuan, 50 a year, 1,000 kWh at 0.30.
    assert account["price_yuan"] == pytest.approx(6009 * 0.0782267 + 50 - 300, abs=0.2)


def test_a_target_above_what_parcels_could_give_is_missed_by_the_rest_and_said_so() -> None:
    city = town(TWO)
    part = made(city, rooftop(city, {"A": 100.0}), targets=targets(("pv_capacity_added", 250.0)))
    account = part.tables["account"].loc["pv_capacity_added"]
    assert account["reached"] == pytest.approx(100.0)
    assert account["shortfall"] == pytest.approx(150.0)
    assert account["limit"] == "out_of_reach"
    assert any("pv_capacity_added" in problem.rows for problem in part.problems)


def test_contradictory_targets_still_give_a_plan() -> None:
    city = town(TWO)
    wanted = pd.concat(
        [targets(("pv_capacity_added", 90.0)), targets(("pv_capacity_added", 30.0), operator="<=", year=2030)]
    )
    wanted.index = pd.Index(["low", "high"])
    part = made(city, rooftop(city, {"A": 100.0}, yuan_per_kw=1000), targets=wanted)
    assert (part.tables["account"]["shortfall"] > 0).any()


def test_without_money_nothing_that_costs_any_is_chosen() -> None:
    city = town(TWO)
    part = made(city, rooftop(city, {"A": 100.0}, yuan_per_kw=1000), budget_yuan=0.0)
    assert part.tables["choice"].empty
    assert part.tables["account"].loc["budget", "reached"] == 0.0


def test_what_lacks_a_permit_is_not_chosen_and_counts_in_no_target_where_it_is() -> None:
    city = town(TWO)
    deep = heat_source(city, "deep", "deep_doublet", {"A": 500.0}, yuan_per_kw=100, approved=False)
    goal = targets(("geothermal_area_added", 5_000.0))
    with pytest.raises(UserError, match="nothing to choose"):
        made(city, demand(city), deep, targets=goal)
    allowed = made(city, demand(city), deep, targets=goal, allow_unapproved=True)
    assert not allowed.tables["choice"].loc["A/deep_doublet", "approved"]
    assert allowed.tables["account"].loc["geothermal_area_added", "reached"] == 0.0


def test_parcels_to_be_demolished_get_nothing() -> None:
    city = town({"A": {"planned_demolition": True}, "B": {}})
    part = made(city, rooftop(city, {"A": 100.0, "B": 100.0}, yuan_per_kw=1000))
    assert list(part.tables["choice"]["parcel_id"]) == ["B"]


def test_new_public_buildings_have_panels_even_where_they_cost() -> None:
    city = town({"A": {"status": "granted"}, "B": {}})
    roof = rooftop(city, {"A": 100.0, "B": 100.0}, yuan_per_kw=9000)
    choice = made(city, roof).tables["choice"]
    assert list(choice.index) == ["A/rooftop_pv"]
    assert choice.loc["A/rooftop_pv", "planned_kw"] == pytest.approx(33.3)  # the least that is open
    assert choice.loc["A/rooftop_pv", "reason"] == "new public building"
    assert made(city, roof, new_public_power=False).tables["choice"].empty


def test_a_planned_roof_gives_what_a_kilowatt_gives_in_the_mean_of_the_city() -> None:
    city = town({"A": {"status": "planned"}, "B": {}})
    part = made(city, rooftop(city, {"B": 100.0}, hours=1100.0), planned_kwp=pd.Series({"A": 60.0}))
    assert part.tables["choice"].loc["A/new_roof_pv", "kwh_per_year"] == pytest.approx(60.0 * 1100)


def test_planned_roofs_stand_apart_from_what_was_found_on_standing_ones() -> None:
    city = town({"A": {"status": "planned"}, "B": {}})
    tables = made(city, rooftop(city, {"B": 100.0}), planned_kwp=pd.Series({"A": 60.0})).tables
    assert tables["planned_roof"]["resource_kw"].to_dict() == {"A/new_roof_pv": 60.0}
    assert tables["choice"].groupby("technology")["planned_kw"].sum().to_dict() == {
        "new_roof_pv": 60.0,
        "rooftop_pv": 100.0,
    }


def test_the_planners_own_choice_keeps_its_size_and_never_means_never() -> None:
    city = town(TWO)
    roof = rooftop(city, {"A": 100.0, "B": 100.0}, yuan_per_kw=1000)
    own = pd.DataFrame(
        {
            "parcel_id": ["A", "B"],
            "technology": "rooftop_pv",
            "planned_kw": [41.7, 0.0],
            "reason": ["school roof", ""],
        }
    )
    choice = made(city, roof, fixed=own).tables["choice"]
    assert list(choice.index) == ["A/rooftop_pv"]
    assert choice.loc["A/rooftop_pv", "planned_kw"] == 41.7
    assert choice.loc["A/rooftop_pv", "fixed"]
    assert choice.loc["A/rooftop_pv", "reason"] == "school roof"


@pytest.mark.parametrize("kw", [250.0, -1.0])
def test_a_choice_beyond_what_is_offered_is_refused(kw: float) -> None:
    city = town(TWO)
    own = pd.DataFrame({"parcel_id": ["A"], "technology": "rooftop_pv", "planned_kw": [kw]})
    with pytest.raises(UserError, match="larger"):
        made(city, rooftop(city, {"A": 100.0}), fixed=own)


def test_choices_that_nothing_offers_and_choices_made_twice_are_said_at_once() -> None:
    city = town(TWO)
    own = pd.DataFrame({"parcel_id": ["B", "B"], "technology": "rooftop_pv", "planned_kw": [10.0, 10.0]})
    with pytest.raises(UserError) as raised:
        made(city, rooftop(city, {"A": 100.0}), fixed=own)
    assert len(raised.value.problems) == 2


def test_two_decided_sources_of_heat_on_one_parcel_cannot_stand() -> None:
    city = town(TWO)
    both = [
        heat_source(city, "waste_heat", "waste_heat_direct", {"A": 300.0}),
        heat_source(city, "shallow", "closed_loop_heat_pump", {"A": 300.0}),
    ]
    own = pd.DataFrame(
        {
            "parcel_id": "A",
            "technology": ["waste_heat_direct", "closed_loop_heat_pump"],
            "planned_kw": [300.0, 300.0],
        }
    )
    with pytest.raises(UserError, match="cannot stand together"):
        made(city, demand(city), *both, fixed=own)


def test_panels_stay_below_what_the_grid_of_their_district_can_take() -> None:
    districts = pd.DataFrame(
        {"district_code": ["D1"], "transformer_kva": [200.0], "pv_connected_kw": [52.0]}, index=["D1"]
    )
    city = town(TWO, district=districts)
    part = made(city, rooftop(city, {"A": 90.0, "B": 90.0}, yuan_per_kw=1000))
    # 200 kVA x 0.95 x 0.8 less 52 kW that are connected leave 100 kW.
    assert part.tables["account"].loc["grid/D1", "required"] == pytest.approx(100.0)
    assert part.tables["choice"]["planned_kw"].sum() <= 100.0


def test_a_shared_source_gives_no_more_than_it_has() -> None:
    city = town(TWO)
    source = heat_source(
        city, "waste_heat", "waste_heat_direct", {"A": 300.0, "B": 300.0}, yuan_per_kw=100,
        resource="heat_source", resource_id="S1", resource_drawn=300.0,
    )  # fmt: skip
    there = pd.DataFrame({"waste_source_kw": [400.0]}, index=["S1"])
    source = assessment(
        "waste_heat", source.parcels, source.options.to_dict("records"), {"heat_source": there}
    )
    part = made(city, demand(city), source, objective=CARBON)
    assert part.tables["account"].loc["heat_source/S1", "required"] == pytest.approx(400.1)
    assert part.tables["choice"]["planned_kw"].sum() == pytest.approx(400.0)


def test_the_substitution_rate_counts_urban_civil_buildings_alone() -> None:
    city = town({"A": {}, "B": {"use": "industry"}, "C": {"settlement": "rural"}})
    roof = rooftop(city, {"A": 100.0, "B": 100.0, "C": 100.0}, yuan_per_kw=1000)
    part = made(
        city,
        roof,
        targets=targets(("renewable_substitution_rate", 0.08)),
        bought=Bought(bought_kgce=500_000.0),
    )
    account = part.tables["account"].loc["renewable_substitution_rate"]
    assert account["required"] == pytest.approx(40_000.0)
    assert account["reached"] == pytest.approx(30_000.0)  # 100 MWh at 0.30 kgce


def test_a_rate_without_a_baseline_is_left_out_with_a_problem() -> None:
    city = town(TWO)
    part = made(city, rooftop(city, {"A": 100.0}), targets=targets(("renewable_substitution_rate", 0.08)))
    assert part.tables["account"].empty
    assert any("replaced" in problem.message for problem in part.problems)


@given(rate=st.floats(0.01, 0.5), bought=st.floats(1e3, 1e9), done=st.floats(0, 1e8))
def test_what_is_needed_for_a_rate_gives_that_rate(rate: float, bought: float, done: float) -> None:
    whole = bought + done
    gross = needed_kgce(rate, Bought(bought, done), "gross")
    net = needed_kgce(rate, Bought(bought, done), "net")
    assert gross / whole == pytest.approx(rate)
    assert net / (whole - net) == pytest.approx(rate)


def test_carbon_is_most_where_carbon_is_the_aim_and_money_is_least_where_money_is() -> None:
    city = town({name: {} for name in "ABCDEF"})
    roof = rooftop(city, dict.fromkeys("ABCDEF", 100.0), yuan_per_kw=4500)
    cheap = made(city, roof, targets=targets(("pv_capacity_added", 200.0)))
    green = made(
        city, roof, targets=targets(("pv_capacity_added", 200.0)), objective=CARBON, budget_yuan=1.5e6
    )
    assert cheap.tables["choice"]["planned_kw"].sum() == pytest.approx(200.0, abs=0.2)
    assert green.tables["choice"]["planned_kw"].sum() == pytest.approx(1.5e6 / 4500, abs=0.2)


def test_most_savings_per_yuan_takes_the_parcel_that_yields_most_for_its_money() -> None:
    city = town(TWO)
    roof = rooftop(city, {"A": 100.0, "B": 100.0}, yuan_per_kw=5000)
    options = roof.options.assign(kwh_per_kw=[900.0, 1300.0])
    part = made(
        city, assessment("rooftop", roof.parcels, options.to_dict("records")),
        targets=targets(("pv_capacity_added", 60.0)), objective=SAVING,
    )  # fmt: skip
    assert set(part.tables["choice"]["parcel_id"]) == {"B"}


def test_figures_of_the_choice_are_the_sums_of_its_table() -> None:
    city = town(TWO)
    part = made(city, rooftop(city, {"A": 100.0, "B": 50.0}, yuan_per_kw=1000))
    choice = part.tables["choice"]
    assert part.figures["choice.pv.planned_kw"].value == choice["planned_kw"].sum() == 150.0
    assert part.figures["choice.total.capex_yuan"].value == choice["capex_yuan"].sum()
    assert [figure.key for _, figure in part.figures.trace("choice.total.capex_yuan")][
        1
    ] == "choice.pv.capex_yuan"


def test_accounts_recomputed_from_the_choice_are_those_reported() -> None:
    city = town(TWO)
    part, found = chosen(
        city, {"rooftop": rooftop(city, {"A": 100.0, "B": 77.7}, yuan_per_kw=1000)},
        targets(("pv_capacity_added", 50.0)), None, ProgrammeSettings(), Job(),
    )  # fmt: skip
    assert part.tables["account"].loc["pv_capacity_added", "reached"] == pytest.approx(
        part.tables["choice"]["planned_kw"].sum()
    )
    assert found.bound <= found.cost + 1e-9


def test_an_option_that_another_beats_in_everything_is_left_out_and_of_two_alike_the_first_stays() -> None:
    good = np.array([[1.0, 1.0], [2.0, 1.0], [2.0, 1.0], [0.0, 3.0]])
    kept = undominated(np.array([0, 4]), good, np.zeros(4, np.int64))
    assert list(kept) == [False, True, False, True]
    drawing = undominated(np.array([0, 2]), good[:2], np.array([0, 7]))
    assert list(drawing) == [True, True]  # the better one draws from a shared source


def test_why_a_parcel_is_offered_nothing_is_kept() -> None:
    city = town(TWO)
    roof = rooftop(city, {"A": 100.0})
    parcels = roof.parcels.assign(grade=["suitable", "unsuitable"], reason=["", "small roof"])
    part = made(city, assessment("rooftop", parcels, roof.options.to_dict("records")))
    row = part.tables["refusal"].loc["B/rooftop"]
    assert (row["grade"], row["reason"], bool(row["offered"])) == ("unsuitable", "small roof", False)
    assert "A/rooftop" not in part.tables["refusal"].index


@pytest.mark.parametrize(
    ("grades", "verdict"),
    [
        (("suitable", "suitable", "unsuitable"), "priority"),
        (("fairly_suitable", "suitable", "unsuitable"), "recommended"),
        (("unsuitable", "unsuitable", "suitable"), "restricted"),
        (("forbidden", "forbidden", "forbidden"), "prohibited"),
        (("needs_survey", "needs_survey", "suitable"), "needs_survey"),
    ],
)
def test_a_technology_is_judged_by_the_floor_area_of_each_grade(
    grades: tuple[str, ...], verdict: str
) -> None:
    city = town({"A": {}, "B": {}, "C": {}})
    parcels = graded(city.tables["parcel"].index).assign(grade=grades, reason=["", "", "small roof"])
    table = suitability(city, {"rooftop": assessment("rooftop", parcels, [])}).tables["suitability"]
    row = table.loc["rooftop_pv/city//business_office"]
    assert row["verdict"] == verdict
    assert row["condition"] == "small roof"
    shares = row[
        [
            "suitable_share",
            "fairly_suitable_share",
            "conditional_share",
            "unsuitable_share",
            "forbidden_share",
        ]
    ]
    assert shares.sum() <= 1.0001


def test_large_parcels_weigh_more_in_the_matrix() -> None:
    city = town({"A": {"gfa_m2": 90_000.0}, "B": {"gfa_m2": 10_000.0}})
    parcels = graded(city.tables["parcel"].index).assign(grade=["suitable", "forbidden"])
    table = suitability(city, {"rooftop": assessment("rooftop", parcels, [])}).tables["suitability"]
    assert table.loc["rooftop_pv/unit/U1/business_office", "suitable_share"] == pytest.approx(0.9)
    assert table.loc["rooftop_pv/unit/U1/business_office", "verdict"] == "priority"
