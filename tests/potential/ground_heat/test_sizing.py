"""Fields are as long as an exact superposition of every month asks, and carry what they were sized for."""

from dataclasses import fields as parts_of
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from potential.ground_heat.course import course
from potential.ground_heat.fields import Limit, Run
from potential.ground_heat.flags import WORDS, Flag, words
from potential.ground_heat.loads import Loads
from potential.ground_heat.sizing import capacity, holes, lengths
from tests.potential.ground_heat.cases import HEAT, cases, exact_length, field, library, loads, run

BOUNDS = {"shortest": 15.0, "longest": 600.0}


def length_of(case):
    return lengths(case.fields, case.loads, case.run, **BOUNDS)


def test_lengths_of_all_reference_cases(shared):
    off = []
    for case in cases(shared).values():
        found = length_of(case)
        off.append(abs(found.length[0] / case.row.h_exact_m - 1))
        assert found.flags[0] == 0
    assert np.mean(off) < 0.007
    assert np.max(off) < 0.015


@pytest.mark.parametrize(("name", "length"), [("S07", 160.03), ("S09", 335.28)])
def test_losing_balance_doubles_the_length(shared, name, length):
    assert length_of(cases(shared)[name]).length[0] == pytest.approx(length, rel=0.015)


def test_the_limit_and_the_year_that_govern_are_those_of_the_reference(shared):
    for case in cases(shared).values():
        quadrant, found = case.row.limiting_quadrant, length_of(case)
        assert found.limit[0] == (Limit.WARM if quadrant <= 2 else Limit.COLD)
        if abs(case.row.wall_mean_last_year_c - case.row.ground_temp_c) > 0.5:  # else all years are alike
            assert (found.limit_year[0] == case.row.years) == (quadrant in (2, 4)), case.row.id


def test_the_wall_of_the_last_year_is_that_of_the_reference(shared):
    for case in cases(shared).values():
        given = replace(case.fields, length=case.row.h_exact_m)
        drift = capacity(given, case.loads, case.run).drift_last[0]
        known = case.row.wall_mean_last_year_c - case.row.ground_temp_c
        assert drift == pytest.approx(known, rel=0.02, abs=0.05)


def test_extremes_of_an_unbalanced_field(shared):
    case = cases(shared)["S09"]
    found = capacity(replace(case.fields, length=335.28), case.loads, case.run)
    assert found.fluid_min[0] == pytest.approx(6.50, abs=0.1)
    assert (found.coldest_year[0], found.coldest_month[0]) == (25, 1)
    assert found.fluid_max[0] == pytest.approx(16.94, abs=0.1)
    assert (found.warmest_year[0], found.warmest_month[0]) == (1, 8)


@pytest.mark.parametrize("name", ["S03", "S07", "S09", "S17"])
def test_every_month_of_the_reference_is_met(shared, name):
    case = cases(shared)[name]
    table = pd.read_csv(shared / "reference" / "ground" / "sizing_monthly.csv").query("id == @name")
    given = replace(case.fields, length=table["h_m"].iloc[0])
    found = course(given, case.loads, case.run)
    rows = (12 * (table["year"] - 1) + table["month"] - 1).to_numpy()
    assert case.loads.net[0][rows % 12] == pytest.approx(table["ground_load_w"].to_numpy(), abs=0.1)
    assert found.wall[rows] == pytest.approx(table["wall_c"].to_numpy(), abs=0.1)
    for ours, theirs in (
        (found.after_injection, "fluid_after_injection_peak_c"),
        (found.after_extraction, "fluid_after_extraction_peak_c"),
    ):
        assert ours[rows] == pytest.approx(table[theirs].to_numpy(), abs=0.1)


@pytest.mark.parametrize("years", [3, 10, 25, 50])
def test_the_short_way_over_the_years_meets_the_long_way(years):
    """The tail is known by mean and first moment alone; both ways share one table."""
    load = loads([90.0, 200.0], [200.0, 60.0], [70.0, 110.0], [120.0, 70.0])
    found = capacity(field(length=90.0), load, run(years))
    for parcel in range(2):
        one = Loads(*(getattr(load, part.name)[[parcel]] for part in parts_of(Loads)))
        every = course(field(length=90.0), one, run(years))
        assert found.fluid_max[parcel] == pytest.approx(every.after_injection.max(), abs=0.03)
        assert found.fluid_min[parcel] == pytest.approx(every.after_extraction.min(), abs=0.03)
        assert found.drift_last[parcel] == pytest.approx(every.wall[-12:].mean() - 15.0, abs=0.02)


def test_random_fields_are_as_long_as_the_exact_solve_asks():
    library()
    rng = np.random.default_rng(11)
    off = []
    for _ in range(5):
        n1, n2 = rng.integers(2, 9, 2)
        per_hole = rng.uniform(5, 9)
        energy = n1 * n2 * per_hole
        load = loads(energy, energy * rng.uniform(0.6, 1.4), energy * 0.6, energy * 0.7)
        given = field(
            n1=float(n1), n2=float(n2), holes=float(n1 * n2), spacing=rng.uniform(4, 6),
            conductivity=rng.uniform(1.5, 2.8), capacity=rng.uniform(2e6, 2.6e6), temperature=rng.uniform(13, 18),
        )  # fmt: skip
        found = lengths(given, load, run(), **BOUNDS).length[0]
        off.append(abs(found / exact_length(given, load, run()) - 1))
    assert np.max(off) < 0.015


def test_capacity_gives_back_the_load_a_field_was_sized_for():
    load = loads(300, 240, 160, 170)
    sized = lengths(field(), load, run(), **BOUNDS)
    assert capacity(field(length=sized.length), load, run()).share[0] == pytest.approx(1, abs=1e-3)
    assert sized.share[0] == pytest.approx(1, abs=1e-3)


def test_a_field_sized_for_the_load_it_carries_has_its_own_length():
    load = loads(300, 240, 160, 170)
    carried = load.times(capacity(field(length=110.0), load, run()).share)
    assert lengths(field(), carried, run(), **BOUNDS).length[0] == pytest.approx(110.0, rel=1e-3)


def test_holes_of_a_length_and_length_of_holes_agree():
    load = loads(300, 240, 160, 170)
    given = field(n1=12.0, n2=6.0, holes=72.0)
    length = lengths(given, load, run(), **BOUNDS).length[0]
    found = holes(replace(given, length=length, holes=10.0), load, run(), most=2500)
    assert found.holes[0] == pytest.approx(72, rel=2e-3)
    assert found.length[0] == length


def test_half_the_load_needs_fewer_holes_but_more_than_half_is_saved_in_crowded_fields():
    load = loads(300, 100, 160, 80)
    whole = holes(field(length=120.0), load, run(), most=2500).holes[0]
    half = holes(field(length=120.0), load.times(0.5), run(), most=2500).holes[0]
    assert half < whole / 2


def test_heat_and_cold_alone_are_told_apart():
    load = loads(300, 240, 160, 170)
    both = capacity(field(), load, run())
    nothing = np.zeros((1, 12))
    heat = capacity(field(), replace(load, injection=nothing, injection_peak=nothing), run())
    cold = capacity(field(), replace(load, extraction=nothing, extraction_peak=nothing), run())
    assert both.heat_share[0] == pytest.approx(heat.share[0])
    assert both.cold_share[0] == pytest.approx(cold.share[0])
    assert heat.heat_share[0] == heat.share[0]
    assert np.isnan(heat.cold_share[0])


def test_temperatures_are_linear_in_the_load():
    load = loads(300, 150, 160, 120)
    once, twice = (capacity(field(), load.times(factor), run()) for factor in (1, 2))
    assert twice.fluid_min - 15 == pytest.approx(2 * (once.fluid_min - 15))
    assert twice.drift_last == pytest.approx(2 * once.drift_last)
    assert twice.share == pytest.approx(once.share / 2)


def test_heating_and_cooling_mirror_each_other_about_the_ground():
    load = loads(300, 120, 160, 100)
    mirrored = Loads(load.injection, load.extraction, load.injection_peak, load.extraction_peak)
    plain = capacity(field(fluid_min=5.0, fluid_max=25.0), load, run())
    turned = capacity(field(fluid_min=5.0, fluid_max=25.0), mirrored, run())
    assert turned.fluid_max - 15 == pytest.approx(15 - plain.fluid_min)
    assert turned.share == pytest.approx(plain.share)
    assert (plain.limit[0], turned.limit[0]) == (Limit.COLD, Limit.WARM)


def test_sides_can_be_exchanged():
    load = loads(200, 150, 100, 90)
    one, other = (
        lengths(field(n1=a, n2=b, holes=40.0), load, run(), **BOUNDS).length[0]
        for a, b in ((8.0, 5.0), (5.0, 8.0))
    )
    assert one == pytest.approx(other)


@pytest.mark.parametrize(
    "worse", [{"conductivity": 1.6}, {"resistance": 0.16}, {"spacing": 4.0}, {"temperature": 13.0}]
)
def test_worse_ground_needs_longer_holes(worse):
    load = loads(300, 240, 160, 170)
    assert (
        lengths(field(**worse), load, run(), **BOUNDS).length > lengths(field(), load, run(), **BOUNDS).length
    )


def test_more_holes_on_more_ground_never_carry_less():
    load = loads(300, 240, 160, 170)
    counts = np.array([1.0, 1.7, 3, 5, 8, 14, 22, 35])
    many = Loads(*(np.repeat(getattr(load, part.name), len(counts), axis=0) for part in parts_of(Loads)))
    share = capacity(field(n1=counts, n2=counts, holes=counts**2), many, run()).share
    assert (np.diff(share) > 0).all()


def test_ground_near_a_limit_is_refused_not_given_a_length_out_of_bounds():
    load = loads(300, 240, 160, 170)
    found = lengths(field(temperature=7.0), load, run(), **BOUNDS)
    assert found.flags[0] == Flag.NEAR_LIMIT
    assert np.isnan(found.length[0])
    assert found.limit[0] == Limit.NONE


def test_a_load_beyond_all_length_is_said_to_be_so():
    found = lengths(field(), loads(3000, 1000, 1600, 1000), run(), **BOUNDS)
    assert found.flags[0] & Flag.CANNOT_BE_MET
    assert found.length[0] == pytest.approx(600)
    assert found.ratio[0] > 1


def test_a_small_load_takes_the_shortest_holes():
    found = lengths(field(), loads(3, 2, 1, 1), run(), **BOUNDS)
    assert found.flags[0] & Flag.LOWER_BOUND
    assert found.length[0] == pytest.approx(15)
    assert found.ratio[0] < 1


def test_no_load_and_missing_ground_are_said():
    load = loads([0, 300], [0, 200], [0, 100], [0, 100])
    found = capacity(field(conductivity=np.array([2.0, np.nan])), load, run())
    assert found.flags.tolist() == [Flag.NO_LOAD, Flag.MISSING]
    assert np.isnan(found.share).all()


def test_parcels_without_room_carry_nothing():
    nowhere = field(n1=np.array([0.0, 10.0]), n2=np.array([0.0, 10.0]), holes=np.array([0.0, 100.0]))
    found = capacity(nowhere, loads([300, 300], 200, 100, 100), run())
    assert found.flags.tolist() == [Flag.NO_HOLES, 0]
    assert found.share[0] == found.heat_share[0] == 0
    assert found.share[1] > 0


def test_conductivity_of_nothing_is_missing_data():
    assert capacity(field(conductivity=0.0), loads(300, 200, 100, 100), run()).flags[0] == Flag.MISSING


def test_no_parcels_give_no_rows():
    empty = Loads(*(np.empty((0, 12)) for _ in range(4)))
    assert len(capacity(field(), empty, run()).share) == 0


def test_two_years_are_too_few():
    with pytest.raises(ValueError, match="three years"):
        Run(2, 21600.0, 1.0)


def test_heating_alone_cools_the_ground_from_year_to_year():
    found = capacity(field(), loads(200, 0, 100, 0), run())
    assert found.limit_year[0] == 25
    assert found.drift_last[0] < found.drift_first[0] < 0


def test_a_balanced_field_is_coldest_before_the_first_summer():
    found = capacity(field(), loads(200, 200, 100, 110), run())
    assert found.coldest_year[0] == 1 or found.coldest_year[0] == 2


def test_several_flags_are_said_together():
    said = words(Flag.CLIPPED_COUNT | Flag.CANNOT_BE_MET)
    assert said == f"{WORDS[Flag.CLIPPED_COUNT]}; {WORDS[Flag.CANNOT_BE_MET]}"
    assert words(0) == ""


def test_a_yearly_peak_is_shared_out_as_the_months_are():
    load = loads(120, 0, 60, 0)
    assert load.extraction_peak[0, 0] == pytest.approx(60e3)
    assert load.extraction_peak[0, 1] == pytest.approx(60e3 * HEAT[1] / HEAT[0])
    assert (load.extraction_peak >= load.extraction).all()


def test_heat_delivered_takes_less_from_the_ground_and_cold_brings_more():
    heat, cold = np.full((1, 12), 1000.0), np.full((1, 12), 1000.0)
    load = Loads.of_building(heat, cold, [2000.0], np.full((1, 12), 3000.0), cop=4.0, eer=5.0)
    assert load.extraction[0, 0] == pytest.approx(750)
    assert load.injection[0, 0] == pytest.approx(1200)
    assert load.extraction_peak[0, 0] == pytest.approx(1500)
    assert load.injection_peak[0, 0] == pytest.approx(3600)
