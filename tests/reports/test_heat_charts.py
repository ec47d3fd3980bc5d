"""Charts of heat: what they show, and that their words keep apart."""

from __future__ import annotations

import itertools
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.texts import speaking
from reports.axes import Key, kept_apart, legend, ticks, width_of, wrapped
from reports.heat_charts import (
    WARM,
    Stage,
    Temperatures,
    cascade,
    demand_and_supply,
    field_temperatures,
    ground_balance,
    produced_temperature,
)
from reports.svg import MM_PER_POINT

SVG = "{http://www.w3.org/2000/svg}"
YEARS = np.arange(1, 26)
THREE = [Stage("Radiators", 60, 45, 1368), Stage("Floors", 45, 35, 912), Stage("Heat pump", 35, 10, 2850)]


def parts(picture, kind):
    drawn = ElementTree.fromstring(picture).iter(f"{SVG}{kind}")
    return [one for one in drawn if not one.get("pointer-events")]  # marks for the mouse are not seen


def words_in(picture):
    return [one.text or "" for one in parts(picture, "text") if one.get("fill") != "none"]


def boxes(picture):
    """Left, top, right and bottom of all words on paper, by their estimated width. [mm]"""
    found = []
    for one in parts(picture, "text"):
        if one.get("fill") == "none":
            continue
        size = float(one.get("font-size"))
        wide = width_of(one.text, size / MM_PER_POINT)
        left = float(one.get("x")) - {"start": 0, "middle": 0.5, "end": 1}[one.get("text-anchor")] * wide
        base = float(one.get("y"))
        found.append((one.text, left, base - 0.7 * size, left + wide, base + 0.1 * size))
    return found


def fit(picture):
    """The words that overlap one another or leave the paper."""
    paper = ElementTree.fromstring(picture).get("viewBox").split()
    wide, high = float(paper[2]), float(paper[3])
    said = boxes(picture)
    wrong = [
        one for one in said if one[1] < -0.5 or one[3] > wide + 0.5 or one[2] < -0.5 or one[4] > high + 0.5
    ]
    for one, other in itertools.combinations(said, 2):
        if (
            min(one[3], other[3]) - max(one[1], other[1]) > 0.2
            and min(one[4], other[4]) - max(one[2], other[2]) > 0.2
        ):
            wrong.append((one[0], other[0]))
    return wrong


def said(english, chinese, language):
    return chinese if language == "zh" else english


def all_charts(language):
    warm, cold = (
        said("Warmest fluid", "年最高流体温度", language),
        said("Coldest fluid", "年最低流体温度", language),
    )
    titles = [
        said("Radiators of old housing", "老旧小区散热器供暖", language),
        said("Floor heating of new housing", "新建住宅地板供暖", language),
        said("Hot water", "生活热水", language),
        said("Greenhouses", "温室", language),
        said("Heat pump", "热泵提温", language),
    ]
    edges = [90, 60, 57, 45, 30, 8]
    stages = [Stage(title, edges[n], edges[n + 1], 10.0 ** (n + 1)) for n, title in enumerate(titles)]
    high, low = 27 + 0.1 * YEARS, 9 - 0.06 * YEARS
    return {
        "balance": ground_balance(
            3.2e6, 1.9e6, remedy=(said("Solar recharge", "太阳能补热", language), 1.3e6)
        ),
        "one-sided": ground_balance(0.0, 9.5e5),
        "field": field_temperatures(
            [Temperatures(warm, high, high - 2, high + 2, WARM), Temperatures(cold, low, low - 2, low + 2)],
            [
                (said("Limit in summer", "夏季限值", language), 35.5),
                (said("Limit in winter", "冬季限值", language), 6.5),
            ],
        ),
        "close curves": field_temperatures(
            [Temperatures(str(n), 10 + 0.01 * n + 0 * YEARS) for n in range(4)]
        ),
        "cascade": cascade(stages),
        "months": demand_and_supply(
            1e6 * np.array([2.1, 1.7, 0.9, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1, 0.2, 1.1, 1.9]),
            {
                said("Ground-source heat pump", "地埋管地源热泵", language): [9e5] * 12,
                said("Air-source heat pump", "空气源热泵", language): [6e5] * 12,
                said("Waste heat of data centres", "数据中心余热", language): [1e5] * 12,
            },
        ),
        "doublet": produced_temperature(
            Temperatures(
                said("Produced water", "采出水温度", language),
                62 - 0.1 * YEARS,
                60 - 0.2 * YEARS,
                62 + 0 * YEARS,
            ),
            (said("Least temperature", "最低可用温度", language), 60.5),
        ),
    }


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", list(all_charts("en")))
def test_words_of_a_chart_keep_apart_and_stay_on_the_paper(name, language):
    with speaking(language):
        assert fit(all_charts(language)[name]) == []


def test_bars_of_extraction_and_injection_are_as_long_as_their_heat():
    bars = [float(one.get("width")) for one in parts(ground_balance(3e6, 1.5e6), "rect") if one.get("rx")]
    assert bars[0] == pytest.approx(2 * bars[1], abs=0.02)


def test_the_balance_says_its_ratio_and_which_way_it_is_taken():
    assert "Extraction over injection: 1.25" in words_in(ground_balance(5e5, 4e5))
    with speaking("zh"):
        assert "取热量与排热量之比：1.25" in words_in(ground_balance(5e5, 4e5))
    assert "Extraction over injection: —" in words_in(ground_balance(5e5, 0.0))


def test_a_remedy_is_hatched_at_the_end_of_the_larger_bar():
    picture = ground_balance(3e6, 1e6, remedy=("Recharge", 2e6))
    bar, hatched = (
        one for one in parts(picture, "rect") if float(one.get("height")) > 3 and float(one.get("y")) < 5
    )
    ends = [float(one.get("x")) + float(one.get("width")) for one in (bar, hatched)]
    assert ends[0] == pytest.approx(ends[1], abs=0.02)
    assert float(hatched.get("width")) == pytest.approx(float(bar.get("width")) * 2 / 3, abs=0.02)


def test_a_balance_of_nothing_is_drawn():
    assert words_in(ground_balance(np.nan, 0.0))[1::2] == ["—", "0 kWh/a"]


def test_a_field_shows_a_line_and_a_band_for_each_curve_and_each_limit():
    picture = all_charts("en")["field"]
    filled = [one.get("fill") for one in parts(picture, "path")]
    assert filled.count("none") == 2 and len(filled) == 4
    assert {
        "Limit in summer 35.5 °C",
        "Limit in winter 6.5 °C",
        "29.5",
        "7.50",
        "P90 to P10",
        "Year of use",
    } <= set(words_in(picture))
    dashed = [one for one in parts(picture, "line") if one.get("stroke-dasharray")]
    assert len(dashed) == 2


def test_a_hotter_curve_lies_higher_on_the_paper():
    picture = field_temperatures([Temperatures("warm", [30.0, 31.0]), Temperatures("cold", [8.0, 7.0])])
    starts = [float(one.get("d").split("L")[0].split()[1]) for one in parts(picture, "path")]
    assert starts[0] < starts[1]


def test_a_missing_year_breaks_the_line():
    (line,) = parts(field_temperatures([Temperatures("warm", [30.0, np.nan, 31.0, 32.0])]), "path")
    assert line.get("d").count("M") == 2


def test_temperatures_of_one_year_and_of_no_known_year_are_drawn_and_of_none_refused():
    field_temperatures([Temperatures("warm", [30.0])])
    field_temperatures([Temperatures("warm", [np.nan, np.nan])])
    with pytest.raises(ValueError, match="at least one year"):
        field_temperatures([])


def test_a_doublet_says_the_first_year_in_which_it_is_too_cool():
    water = Temperatures("Produced water", [62.0, 61.0, 60.0, 59.0])
    assert "below from year 3" in words_in(produced_temperature(water, ("Least", 60.5)))
    assert not any("below" in word for word in words_in(produced_temperature(water, ("Least", 50.0))))
    assert produced_temperature(water)


def test_stages_of_a_cascade_fall_from_one_temperature_to_the_next():
    rects = [(float(one.get("y")), float(one.get("height"))) for one in parts(cascade(THREE), "rect")]
    for (top, high), (below, _) in itertools.pairwise(rects):
        assert top + high == pytest.approx(below, abs=0.02)
    assert rects[2][1] == pytest.approx(rects[1][1] * 2.5, rel=0.01)


def test_a_cascade_of_the_reference_has_its_shares_and_heat():
    words = words_in(cascade(THREE))
    assert {"30.0%", "20.0%", "50.0%", "1.37 MW".replace(" ", "\u00a0"), "60 °C", "10 °C"} <= set(words)


@pytest.mark.parametrize(
    "stages", [[], [Stage("up", 40, 50, 1)], [Stage("a", 60, 50, 1), Stage("gap", 45, 40, 1)]]
)
def test_what_is_no_cascade_is_refused(stages):
    with pytest.raises(ValueError, match="cascade"):
        cascade(stages)


def test_supply_is_drawn_one_upon_the_other_before_the_demand():
    picture = demand_and_supply([100.0] * 12, {"a": [40.0] * 12, "b": [20.0] * 12})
    january = [one for one in parts(picture, "rect") if float(one.get("height")) > 2][:3]
    heights = [float(one.get("height")) for one in january]
    assert heights[1] == pytest.approx(0.4 * heights[0], abs=0.02)
    assert heights[2] == pytest.approx(0.2 * heights[0], abs=0.02)
    assert float(january[2].get("y")) + heights[2] == pytest.approx(float(january[1].get("y")), abs=0.02)


def test_summer_surplus_covers_no_winter_demand():
    picture = demand_and_supply([100.0] * 6 + [0.0] * 6, {"a": [50.0] * 6 + [999.0] * 6})
    assert "Covered month by month: 50.0%" in words_in(picture)


def test_months_without_demand_or_supply_are_drawn():
    assert "Covered month by month: —" in words_in(demand_and_supply([np.nan] * 12, {}))
    with pytest.raises(ValueError, match="twelve"):
        demand_and_supply([1.0] * 11, {})


@given(low=st.floats(-1e6, 1e6), span=st.floats(0, 1e6), most=st.integers(3, 9))
def test_ticks_are_round_few_and_enclose_the_range(low, span, most):
    found = ticks(low, low + span, most)
    assert 2 <= len(found) <= most
    slack = 1e-6 * max(abs(low), span, 1.0)
    assert found[0] <= low + slack and found[-1] >= low + span - slack


@given(places=st.lists(st.floats(0, 50), min_size=1, max_size=6))
def test_labels_are_moved_apart_and_keep_their_order(places):
    moved = kept_apart(places, 3.0, 0.0, 50.0)
    order = np.argsort(places, kind="stable")
    gaps = np.diff(np.asarray(moved)[order])
    assert (gaps >= 3.0 - 0.05).all()
    assert min(moved) >= -1e-9 and max(moved) <= 50 + 1e-9


def test_labels_far_apart_stay_where_they_are():
    assert kept_apart([10.0, 30.0], 3.0, 0.0, 50.0) == [10.0, 30.0]


def test_words_wrap_between_latin_words_and_between_chinese_characters():
    assert wrapped("Radiators of old housing", 15) == ["Radiators of", "old housing"]
    assert wrapped("老旧小区散热器", 10) == ["老旧小区", "散热器"]
    assert wrapped("", 10) == []


def test_a_legend_takes_a_row_more_where_the_paper_is_narrow():
    keys = [Key("Ground-source heat pump", "#000000"), Key("Air-source heat pump", "#000000", "line")]
    assert legend(keys, 0, 0, 120)[1] < legend(keys, 0, 0, 50)[1]
