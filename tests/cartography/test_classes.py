"""Classes say what they show: borders, colours, labels and what is missing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartography.classes import categories, continuous, grades, graduated, histogram, uses
from cartography.colours import CATEGORIES, GRADES, RAMPS, USES, hatch_patterns, premultiplied, spread
from core.fields import field
from core.look import IRRADIATION
from core.problems import UserError


def test_quantiles_hold_equally_many():
    values = np.arange(1.0, 601.0)  # borders are rounded to three figures: one more or less moves across
    assert [e.features for e in graduated(values, count=6).legend(values)] == pytest.approx([100] * 6, abs=1)


def test_equal_intervals_are_equally_wide():
    assert graduated([0.0, 3.0, 60.0], method="equal", count=6).edges == (0, 10, 20, 30, 40, 50, 60)


def test_natural_breaks_fall_into_the_gaps():
    values = np.concatenate([np.linspace(1, 2, 50), np.linspace(10, 12, 50), np.linspace(50, 55, 50)])
    low, high = graduated(values, method="natural_breaks", count=3).breaks
    assert 2 <= low < 10 and 12 <= high < 50


def test_natural_breaks_of_many_values_are_found_on_a_sample_and_say_so():
    values = np.random.default_rng(0).normal(size=30_000)
    once, again = (graduated(values, method="natural_breaks", count=3) for _ in range(2))
    assert once.breaks == again.breaks
    assert once.remarks == ("Natural breaks found on a sample of 20\u2009000 of 30\u2009000 values.",)


def test_a_class_holds_its_upper_border():
    classes = graduated([0.0, 30.0], method="manual", breaks=(10, 20))
    assert classes.numbers([10.0, 10.1, 20.0, 20.1]).tolist() == [0, 1, 1, 2]


def test_values_beyond_the_ends_belong_to_the_outer_classes():
    classes = graduated([0.0, 30.0], method="manual", breaks=(10, 20))
    assert classes.numbers([-5.0, 99.0]).tolist() == [0, 2]


def test_borders_that_do_not_ascend_are_refused():
    with pytest.raises(UserError, match="do not ascend"):
        graduated([1.0], method="manual", breaks=(20, 10))


def test_missing_values_have_a_class_and_a_colour_of_their_own():
    classes = graduated([1.0, 2.0, 3.0])
    values = pd.Series([1.0, None, np.inf, 3.0])
    assert classes.numbers(values)[1:3].tolist() == [-1, -1]
    assert classes.legend(values)[-1][:3] == (-1, "No value", classes.missing_colour)
    assert classes.table()[0] == premultiplied(classes.missing_colour)


def test_equal_values_make_a_single_class():
    classes = graduated([5.0] * 9)
    assert classes.edges == (5.0, 5.0)
    assert classes.numbers([5.0]).tolist() == [0]


def test_nothing_known_makes_a_single_class():
    assert len(graduated([np.nan, np.nan]).colours) == 1


def test_a_border_is_what_the_legend_says():
    classes = graduated(np.random.default_rng(0).uniform(0, 12_345, 500), count=4, unit="kWh")
    assert all(border == float(f"{border:.3g}") for border in classes.breaks)
    assert classes.labels[1].endswith("\u00a0kWh")
    assert "\u2009" in classes.labels[-1]


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=60), st.sampled_from(["quantile", "equal"]))
def test_every_value_lies_between_the_borders_of_its_class(values, method):
    classes = graduated(values, method=method)
    for value, number in zip(values, classes.numbers(values), strict=True):
        assert classes.edges[number] <= value <= classes.edges[number + 1]
    assert list(classes.edges) == sorted(classes.edges)


def test_grades_on_the_map_are_those_of_the_dictionary_and_forbidden_is_hatched():
    classes = grades()
    assert classes.keys == tuple(GRADES)
    assert [entry.hatch for entry in classes.legend(list(GRADES))] == ["", "", "", "", "forbidden", ""]
    assert hatch_patterns()[classes.hatch_table()[5]].any()
    assert not hatch_patterns()[0].any()


def test_every_use_of_the_dictionary_has_a_colour():
    assert set(field("use").choices) == set(USES)
    assert uses().numbers(["residential", "nonsense", None]).tolist() == [0, -1, -1]


def test_categories_without_a_palette_come_by_frequency():
    classes = categories(["b", "a", "b", None])
    assert classes.keys == ("b", "a")
    assert classes.colours == CATEGORIES[:2]


def test_categories_that_do_not_occur_are_left_out_of_the_legend():
    assert [entry.label for entry in uses().legend(["retail", "retail"])] == ["Retail"]


def test_a_ramp_keeps_its_own_colours_and_its_ends():
    assert spread("irradiation", 6) == IRRADIATION
    assert spread("irradiation_reversed", 2) == (IRRADIATION[-1], IRRADIATION[0])
    for name in RAMPS:
        assert spread(name, 9)[0] == RAMPS[name][0]


def test_classes_recoloured_keep_their_borders():
    classes = graduated(np.arange(100.0))
    assert classes.recoloured("viridis").edges == classes.edges
    assert classes.recoloured("viridis").colours == RAMPS["viridis"]


def test_colours_in_tables_are_multiplied_by_their_opacity():
    assert premultiplied("#ff8000") == 0xFFFF8000
    assert premultiplied("#ff8000", 0.5) == 0x80804000
    assert premultiplied("#ffffff80") == 0x80808080


def test_a_continuous_ramp_has_six_rows_in_the_legend():
    values = np.linspace(0, 100, 1000)
    legend = continuous(values).legend(values)
    assert len(legend) == 6
    assert sum(entry.features for entry in legend) == 1000


def test_a_histogram_counts_every_value_and_says_what_lies_outside():
    values = np.concatenate([np.linspace(0, 100, 1000), [1e6, np.nan]])
    found = histogram(values, bars=10)
    assert found.counts.sum() == 1001
    assert found.missing == 1
    assert found.above >= 1
    assert found.edges[-1] < 200


def test_a_histogram_of_nothing_is_empty():
    assert histogram([None, np.nan]).counts.sum() == 0


def test_a_border_beyond_all_values_leaves_the_other_classes_readable():
    classes = graduated([5.0, 40.0], method="manual", breaks=(10.0, 100.0), unit="kW")
    assert [label.replace("\u00a0", " ") for label in classes.labels] == [
        "5.00 – 10.0 kW",
        "10.0 – 100 kW",
        "> 100 kW",
    ]


@pytest.mark.parametrize(
    ("decimals", "labels"),
    [
        (None, ["0.500 – 1.25 kW", "1.25 – 2 000 kW"]),
        (0, ["1 – 1 kW", "1 – 2 000 kW"]),
        (1, ["0.5 – 1.3 kW", "1.3 – 2 000.0 kW"]),
    ],
)
def test_borders_are_written_with_the_decimals_chosen_and_what_reads_the_same_is_said(decimals, labels):
    classes = graduated([0.5, 2000.0], method="manual", breaks=(1.25,), unit="kW")
    classes = replace(classes, decimals=decimals)
    assert [label.replace("\u00a0", " ").replace("\u2009", " ") for label in classes.labels] == labels
    assert len(classes.remarks) == (1 if decimals == 0 else 0)
    assert classes.breaks == (1.25,)


def test_a_filter_empties_classes_but_takes_no_row_away():
    classes = graduated([1.0, 2.0, 3.0, np.nan], method="manual", breaks=[1.5, 2.5])
    shown = np.array([True, False, True, False])
    assert [row.features for row in classes.legend([1.0, 2.0, 3.0, np.nan], shown)] == [1, 0, 1, 0]


def test_bars_of_filtered_values_stand_where_those_of_all_do():
    values = np.arange(100.0)
    whole, some = histogram(values, bars=10), histogram(values, bars=10, shown=values < 50)
    assert np.array_equal(whole.edges, some.edges)
    assert some.counts.tolist() == [*whole.counts[:5].tolist(), 0, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("count", "breaks"), [(6, (7.0, 10.0, 13.0)), (5, (5.5, 8.5, 11.5, 14.5)), (2, (10.0,))]
)
def test_standard_deviations_are_counted_from_the_mean(count, breaks):
    values = np.array(
        [10.0 + 3 * np.sqrt(4.0), 10.0 - 3 * np.sqrt(4.0), *[10.0] * 6]
    )  # mean 10, deviation 3, from 4 to 16
    assert graduated(values, method="deviation", count=count).breaks == pytest.approx(breaks)


@pytest.mark.parametrize(
    ("low", "high", "count", "breaks"),
    [
        (0.0, 60.0, 6, (10, 20, 30, 40, 50)),
        (1953, 2021, 6, (1960, 1980, 2000, 2020)),
        (0.013, 0.049, 4, (0.02, 0.03, 0.04)),
        (-7.0, 7.0, 4, (-5, 0, 5)),
        (1983, 1988, 2, (1985,)),
    ],
)
def test_pretty_breaks_are_round_and_no_more_than_asked_for(low, high, count, breaks):
    assert graduated([low, high], method="pretty", count=count).breaks == pytest.approx(breaks, rel=1e-12)


@given(
    low=st.floats(-1e6, 1e6),
    span=st.floats(1e-3, 1e6),
    count=st.integers(2, 9),
    method=st.sampled_from(["pretty", "deviation"]),
)
def test_there_are_never_more_classes_than_asked_for(low, span, count, method):
    classes = graduated(low + span * np.linspace(0, 1, 50) ** 2, method=method, count=count)
    assert 1 <= len(classes.colours) <= count
    assert list(classes.breaks) == sorted(set(classes.breaks))
