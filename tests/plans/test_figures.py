"""Figures: one key, one number, and the way back to what it was computed from."""

from __future__ import annotations

import pytest

from plans import Part
from plans.figures import Figure, Figures

SUN = Figure("pv.kwh", "Yield of panels", 2.0e6, "kWh/a", origin="choice.kwh_per_year")
NEED = Figure(
    "need.kwh", "Electricity of buildings", 8.0e6, "kWh/a", origin="demand.electricity_kwh_per_year"
)
SHARE = Figure("pv.share", "Share of panels", 0.25, "%", "yield / electricity", ("pv.kwh", "need.kwh"))


def test_a_figure_is_traced_to_what_it_was_computed_from() -> None:
    found = Figures.of([SUN, NEED, SHARE]).trace("pv.share")
    assert [(depth, one.key) for depth, one in found] == [(0, "pv.share"), (1, "pv.kwh"), (1, "need.kwh")]


def test_two_numbers_never_have_one_key() -> None:
    with pytest.raises(ValueError, match=r"pv\.kwh"):
        Figures.of([SUN]) + Figures.of([SUN])


def test_an_input_that_is_missing_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        Figures.of([SHARE]).trace("pv.share")


def test_figures_come_back_from_their_records() -> None:
    figures = Figures.of([SUN, NEED, SHARE])
    assert Figures.from_records(figures.records()) == figures


def test_a_share_is_printed_in_per_cent_and_energy_in_the_unit_that_reads_best() -> None:
    assert (SHARE.said(), SUN.said("en")) == ("25.0%", "2.00\u00a0GWh/a")


def test_two_parts_of_a_plan_never_give_the_same_table() -> None:
    with pytest.raises(ValueError, match="choice"):
        Part(tables={"choice": None}) + Part(tables={"choice": None})  # type: ignore[dict-item]
