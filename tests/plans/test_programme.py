"""Works get a year they can be built in, projects say all that the register asks, and sources meet loads in order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.jobs import Job
from core.problems import UserError
from layers.city import City
from plans.options import Bought, ProgrammeSettings, choose
from plans.phasing import phased
from plans.projects import projects
from plans.regional import Load, dispatched, regional
from tests.plans.small_town import demand, heat_source, rooftop, targets, town, typical_days

YEARS = range(2026, 2031)
TEN = [f"P{place}" for place in range(10)]


def works(city: City, kw: float = 100.0, yuan_per_kw: float = 1000.0) -> pd.DataFrame:
    """All roofs of a city, every one of which earns."""
    roof = rooftop(city, {str(name): kw for name in city.tables["parcel"].index}, yuan_per_kw=yuan_per_kw)
    return choose(city, {"rooftop": roof}, targets(), None, ProgrammeSettings(), Job()).tables["choice"]


def test_the_years_add_up_to_the_choice() -> None:
    city = town({name: {} for name in TEN})
    choice, part = phased(
        city, works(city), targets(), ProgrammeSettings(yearly_budget_yuan=250_000.0), Job()
    )
    table = part.tables["phase"]
    assert table["phase_capex_yuan"].sum() == choice["capex_yuan"].sum() == 1_000_000
    assert table["pv_total_kw"].iloc[-1] == choice["planned_kw"].sum()
    assert table["phase_works"].sum() == len(choice)
    assert part.figures["phase.total.capex_yuan"].value == 1_000_000


def test_no_year_spends_more_than_its_budget_and_what_earns_comes_first() -> None:
    city = town({name: {} for name in TEN})
    _, part = phased(city, works(city), targets(), ProgrammeSettings(yearly_budget_yuan=250_000.0), Job())
    assert list(part.tables["phase"]["phase_capex_yuan"]) == [200_000, 200_000, 200_000, 200_000, 200_000]


def test_capacities_never_fall_from_year_to_year() -> None:
    city = town({name: {} for name in TEN})
    _, part = phased(city, works(city), targets(), ProgrammeSettings(yearly_budget_yuan=300_000.0), Job())
    for name in ("pv_total_kw", "phase_saved_kgce_per_year"):
        assert (part.tables["phase"][name].diff().dropna() >= 0).all()


def test_a_budget_that_no_order_keeps_is_said() -> None:
    city = town({name: {} for name in TEN})
    _, part = phased(city, works(city), targets(), ProgrammeSettings(yearly_budget_yuan=100_000.0), Job())
    assert any("budget/" in str(row) for problem in part.problems for row in problem.rows)
    assert part.tables["phase"]["phase_capex_yuan"].sum() == 1_000_000


def test_a_target_between_the_years_is_kept_where_waiting_would_be_cheaper() -> None:
    city = town({name: {} for name in TEN})
    roof = rooftop(city, dict.fromkeys(TEN, 100.0), yuan_per_kw=6000)
    goal = targets(("pv_capacity_added", 1000.0))
    choice = choose(city, {"rooftop": roof}, goal, None, ProgrammeSettings(), Job()).tables["choice"]
    between = targets(("pv_capacity_added", 400.0), year=2027)
    _, part = phased(city, choice, pd.concat([goal, between]), ProgrammeSettings(), Job())
    assert part.tables["phase"].loc[2027, "pv_total_kw"] >= 400.0


def test_a_new_building_gets_its_work_in_the_year_it_is_finished() -> None:
    city = town({"A": {"status": "granted"}, "B": {"status": "planned"}, "C": {}})
    choice, _ = phased(city, works(city), targets(), ProgrammeSettings(), Job())
    assert choice.loc["A/rooftop_pv", "phase_year"] == 2027  # two years after the base year
    assert choice.loc["B/rooftop_pv", "phase_year"] == 2030


def test_a_building_to_be_renewed_gets_its_work_in_that_year() -> None:
    buildings = pd.DataFrame(
        {"parcel_id": ["A", "A"], "gfa_m2": [9_000.0, 500.0], "retrofit_year": [2028, 2026]},
        index=["A-1", "A-2"],
    )
    city = town({"A": {}, "B": {}}, building=buildings)
    choice, _ = phased(city, works(city), targets(), ProgrammeSettings(), Job())
    assert choice.loc["A/rooftop_pv", "phase_year"] == 2028


def test_what_was_built_keeps_its_year_when_the_rest_is_ordered_anew() -> None:
    city = town({name: {} for name in TEN})
    choice = works(city)
    choice.loc[["P0/rooftop_pv", "P1/rooftop_pv"], "phase_year"] = 2026.0
    anew, part = phased(city, choice, targets(), ProgrammeSettings(), Job(), started=2028)
    assert (anew.loc[["P0/rooftop_pv", "P1/rooftop_pv"], "phase_year"] == 2026).all()
    assert (anew.drop(index=["P0/rooftop_pv", "P1/rooftop_pv"])["phase_year"] >= 2028).all()
    assert part.tables["phase"].loc[2027, "phase_works"] == 0


def test_a_programme_that_ends_before_it_begins_is_refused() -> None:
    city = town({"A": {}})
    with pytest.raises(UserError, match="before its first open year"):
        phased(city, works(city), targets(), ProgrammeSettings(target_year=2027), Job(), started=2029)


def test_the_rate_of_a_year_is_that_of_all_works_that_stand_by_then() -> None:
    city = town({"A": {}})
    _, part = phased(city, works(city), targets(), ProgrammeSettings(), Job(), bought=Bought(300_000.0))
    assert part.tables["phase"].loc[2030, "phase_substitution_share"] == pytest.approx(30_000 / 300_000)


def test_a_programme_without_works_is_a_row_of_zeros_a_year() -> None:
    city = town({"A": {}})
    empty = works(city, yuan_per_kw=9000.0)
    _, part = phased(city, empty, targets(), ProgrammeSettings(), Job())
    assert list(part.tables["phase"].index) == list(YEARS)
    assert part.tables["phase"]["phase_works"].sum() == 0
    assert projects(city, empty, targets(), ProgrammeSettings()).tables["project"].empty


def test_small_works_of_one_unit_and_year_are_one_project_and_a_large_one_stands_alone() -> None:
    city = town({"A": {"name": "一中"}, "B": {}, "C": {"name": "市医院"}})
    roof = rooftop(city, {"A": 100.0, "B": 100.0, "C": 2000.0}, yuan_per_kw=1000)
    choice = choose(city, {"rooftop": roof}, targets(), None, ProgrammeSettings(), Job()).tables["choice"]
    table = projects(city, choice.assign(phase_year=2026.0), targets(), ProgrammeSettings()).tables["project"]
    assert list(table["project_parcels"]) == [1, 2]
    assert list(table["project_name"]) == ["市医院屋顶光伏", "U1屋顶光伏"]
    assert table["capex_yuan"].sum() == choice["capex_yuan"].sum()
    assert table["planned_kw"].sum() == choice["planned_kw"].sum()


def test_an_existing_roof_is_to_be_checked_and_a_new_one_is_designed_for_it() -> None:
    buildings = pd.DataFrame(
        {
            "parcel_id": ["A", "B"],
            "structural_check": ["passed", ""],
            "gfa_m2": [1.0, 1.0],
            "retrofit_year": [np.nan] * 2,
        },
        index=["A-1", "B-1"],
    )
    city = town({"A": {}, "B": {}, "C": {"status": "granted"}}, building=buildings)
    choice = works(city, kw=2000.0).assign(phase_year=2027.0)
    table = projects(city, choice, targets(), ProgrammeSettings()).tables["project"].set_index("parcel_ids")
    assert dict(table["structural_state"]) == {"A": "passed", "B": "unknown", "C": "by_design"}
    assert (table["rapid_shutdown"] == "unknown").all()


def test_the_gap_of_a_target_stands_beside_what_projects_give() -> None:
    city = town({"A": {}})
    goal = targets(("pv_capacity_added", 400.0))
    choice = works(city).assign(phase_year=2028.0)
    part = projects(city, choice, goal, ProgrammeSettings())
    row = part.tables["cover"].iloc[0]
    assert (row["covered"], row["cover_gap"], row["cover_share"]) == (100.0, 300.0, 0.25)
    assert part.problems


def test_sources_run_in_order_and_never_above_the_load() -> None:
    load = Load(np.array([10.0, 4.0, 1.0]), np.array([100.0, 200.0, 300.0]))
    given = dispatched(load, np.array([3.0, 5.0]), np.array([1e9, 1e9]))
    assert given.tolist() == [[3.0, 3.0, 1.0], [5.0, 1.0, 0.0]]
    assert (given.sum(axis=0) <= load.kw).all()


def test_a_source_that_runs_out_gives_exactly_what_it_has() -> None:
    load = Load(np.array([10.0, 4.0, 1.0]), np.array([100.0, 200.0, 300.0]))
    given = dispatched(load, np.array([8.0]), np.array([1_100.0]))
    # At 3 kW: 300 + 600 + 300 = 1,200; the rest of 100 kWh less is a third of a kilowatt in 300 hours.
    assert float(given[0] @ load.weight) == pytest.approx(1_100.0)
    assert given[0].tolist() == pytest.approx([8 / 3, 8 / 3, 1.0])


def test_a_unit_is_covered_by_what_its_sources_give_over_the_year() -> None:
    city = town({"A": {}, "B": {}})
    days = typical_days(city, 100.0)  # 1,752,000 kWh of both parcels
    heat = heat_source(city, "waste_heat", "waste_heat_direct", {"A": 50.0}, yuan_per_kw=100, hours=8760.0)
    found = {"demand": demand(city, days=days), "waste_heat": heat}
    choice = choose(city, found, targets(), None, ProgrammeSettings(), Job()).tables["choice"]
    part = regional(city, found, choice)
    row = part.tables["regional"].loc["U1"]
    assert row["heat_load_kwh_per_year"] == 1_752_000
    assert row["supplied_kwh_per_year"] == 438_000
    assert row["supply_share"] == pytest.approx(0.25)
    assert row["rest_peak_kw"] == 150.0
    assert (
        part.tables["regional_duration"]["supplied_kw"] <= part.tables["regional_duration"]["heat_load_kw"]
    ).all()


def test_units_without_sources_are_left_to_others() -> None:
    city = town({"A": {}})
    found = {"demand": demand(city, days=typical_days(city, 100.0))}
    part = regional(city, found, works(city).iloc[:0])
    assert part.tables["regional"].loc["U1", "supply_share"] == 0.0
    with pytest.raises(UserError, match="typical days"):
        regional(city, {"demand": replace(found["demand"], details={})}, works(city))


def test_every_year_sees_the_least_share_of_the_investment_though_all_works_would_rather_be_early() -> None:
    """Ten works of 100,000 yuan that earn: the least tenth of a year is one of them, the most of a year three."""
    city = town({name: {} for name in TEN})
    _, part = phased(city, works(city), targets(), ProgrammeSettings(), Job())
    assert list(part.tables["phase"]["phase_works"]) == [3, 3, 2, 1, 1]
    assert not part.problems


def test_the_least_share_of_a_year_can_be_set_and_turned_off() -> None:
    city = town({name: {} for name in TEN})

    def by_year(share: float) -> list[int]:
        found = phased(city, works(city), targets(), ProgrammeSettings(least_yearly_share=share), Job())[1]
        return list(found.tables["phase"]["phase_works"])

    assert by_year(0.0) == [3, 3, 3, 1, 0]
    assert by_year(0.2) == [2, 2, 2, 2, 2]


def test_a_target_of_an_early_year_goes_before_the_least_share_of_later_years() -> None:
    city = town({name: {} for name in TEN})
    early = targets(("pv_capacity_added", 900.0), year=2028)
    _, part = phased(city, works(city), early, ProgrammeSettings(least_yearly_share=0.2), Job())
    assert part.tables["phase"].loc[2028, "pv_total_kw"] >= 900.0
    assert part.tables["phase"]["phase_capex_yuan"].max() <= 300_000
    assert {row for problem in part.problems for row in problem.rows} <= {"2029", "2030"}
    assert part.problems
