"""Two plans are told apart figure by figure and parcel by parcel."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

from core import texts
from plans import Part
from plans.comparison import change_counts, change_said, changed, figure_changes, parcel_changes
from plans.figures import Figure, Figures


def plan(
    *choices: tuple[str, str, str, float, int], grades: dict[str, str] | None = None, **figures: float
) -> Part:
    """A plan of choices (parcel, technology, family, kW, year), grades of new parcels and figures in kW."""
    rows: list[dict[str, Any]] = [
        {
            "parcel_id": parcel,
            "technology": technology,
            "family": family,
            "planned_kw": size,
            "phase_year": year,
            "capex_yuan": 1000 * size,
            "saved_kgce_per_year": 10 * size,
        }
        for parcel, technology, family, size, year in choices
    ]
    given = grades or {}
    grade = pd.DataFrame(
        {"green_grade": list(given.values()), "new_building": True}, index=pd.Index(given, name="parcel_id")
    )
    named = Figures.of(
        Figure(key.replace("__", "."), "Capacity", value, "kW") for key, value in figures.items()
    )
    return Part(tables={"choice": pd.DataFrame(rows), "grade": grade}, figures=named)


ROOF = ("P1", "rooftop_pv", "pv", 100.0, 2027)


def main_change(before: Part, after: Part) -> str:
    return str(parcel_changes(before, after).loc["P1", "plan_change"])


def test_the_same_plan_twice_differs_in_nothing() -> None:
    one = plan(ROOF, choice__total=3.0)
    assert figure_changes(one, one).empty
    assert changed(parcel_changes(one, one)).empty


def test_a_parcel_that_gets_a_second_technology_has_one_added() -> None:
    after = plan(ROOF, ("P1", "waste_heat_pump", "waste_heat", 50.0, 2027))
    row = parcel_changes(plan(ROOF), after).loc["P1"]
    assert row["plan_change"] == "technology_added"
    assert row["heat_change_kw"] == pytest.approx(50)
    assert row["capex_change_yuan"] == pytest.approx(50_000)


def test_another_technology_in_place_of_the_first_is_an_exchange() -> None:
    assert main_change(plan(ROOF), plan(("P1", "canopy_pv", "pv", 100.0, 2027))) == "technology_changed"


def test_size_comes_before_year_and_year_before_grade() -> None:
    before = plan(ROOF, grades={"P1": "basic"})
    larger = plan(("P1", "rooftop_pv", "pv", 120.0, 2026), grades={"P1": "two_star"})
    row = parcel_changes(before, larger).loc["P1"]
    assert row["plan_change"] == "size_larger"
    assert row["plan_change_kinds"] == "size_larger; year_earlier; grade_raised"
    assert (
        main_change(before, plan(("P1", "rooftop_pv", "pv", 100.0, 2029), grades={"P1": "two_star"}))
        == "year_later"
    )
    assert main_change(before, plan(ROOF, grades={"P1": "two_star"})) == "grade_raised"


def test_a_parcel_only_one_plan_speaks_of_is_counted() -> None:
    counts = change_counts(parcel_changes(plan(ROOF), plan(("P2", "rooftop_pv", "pv", 5.0, 2028))))
    assert counts.to_dict() == {"technology_added": 1, "technology_dropped": 1}


def test_totals_of_the_programme_stand_before_what_changes_more() -> None:
    before = plan(ROOF, choice__total__kw=100.0, phase__2026=10.0)
    after = plan(ROOF, choice__total__kw=110.0, phase__2026=90.0)
    assert list(figure_changes(before, after).index) == ["choice.total.kw", "phase.2026"]


def test_a_change_says_its_sign_unit_and_per_cent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "_chosen", "en")
    row = figure_changes(plan(ROOF, choice__total=200.0), plan(ROOF, choice__total=150.0)).iloc[0]
    before, after, change, relative = change_said(row)
    assert (before, after) == ("200.0\u00a0kW", "150.0\u00a0kW")
    assert change == "−50.0\u00a0kW"
    assert relative == "−25.0%"


def test_a_figure_one_plan_lacks_is_listed_without_a_value() -> None:
    found = figure_changes(plan(ROOF, choice__total=1.0), plan(ROOF))
    assert math.isnan(found.loc["choice.total", "after_value"])


def test_words_of_the_dictionary_keep_their_acronyms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "_chosen", "en")
    assert texts.word("pv_capacity_added") == "PV capacity added"
