"""Charts of months, days, carbon and targets: what is drawn, and what a mouse that rests on it reads."""

from __future__ import annotations

import re

import pytest

from core import texts
from core.look import DARK, LIGHT
from reports import plots, svg

MARK = re.compile(r"<title>([^<]*)</title>")


@pytest.fixture(autouse=True)
def english():
    with texts.speaking("en"):
        yield


def words(picture: str) -> list[str]:
    return MARK.findall(picture)


def rectangles(picture: str, colour: str) -> list[tuple[float, ...]]:
    found = re.findall(
        r'<rect x="([\d.-]+)" y="([\d.-]+)" width="([\d.-]+)" height="([\d.-]+)" [^>]*' + colour, picture
    )
    return [tuple(map(float, one)) for one in found]


def test_steps_stand_from_the_cheapest_to_the_dearest_as_wide_as_what_they_avoid():
    steps = [plots.Step("dear", 100.0, 300.0, "#aa0000"), plots.Step("earns", 300.0, -200.0, "#00aa00")]
    picture = plots.abatement(steps, keys=(plots.Key("x", "#123456"),))
    (earns,), (dear,) = rectangles(picture, "#00aa00"), rectangles(picture, "#aa0000")
    assert earns[0] < dear[0]
    assert (earns[2] + 0.15) / (dear[2] + 0.15) == pytest.approx(3, abs=0.02)
    assert earns[3] / dear[3] == pytest.approx(200 / 300, abs=0.01)
    assert dear[1] + dear[3] == pytest.approx(earns[1], abs=0.02)  # one above, the other below nothing


def test_a_step_says_what_it_costs_and_what_all_up_to_it_avoid():
    steps = [plots.Step("dear", 100.0, 300.0, "#aa0000"), plots.Step("earns", 300.0, -200.0, "#00aa00")]
    first, second = words(plots.abatement(steps))
    assert first.startswith("earns")
    assert "300 CNY per tonne" in second
    assert "together 400" in second


def test_a_cost_curve_without_steps_is_refused():
    with pytest.raises(ValueError, match="steps"):
        plots.abatement([])


def test_every_month_says_the_values_of_all_columns():
    picture = plots.month_columns([plots.Series("Heat", [1000.0 * n for n in range(12)], "#aa0000")], "kWh")
    assert len(words(picture)) == 12
    assert words(picture)[11] == "Month 12\nHeat 11.0 MWh"
    tall = [one[3] for one in rectangles(picture, "#aa0000")][1:]  # behind the mark of the legend
    assert len(tall) == 11  # January has nothing to draw
    assert tall[-1] / tall[0] == pytest.approx(11, rel=0.02)


def test_a_day_says_its_hours():
    picture = plots.day_curves([plots.Series("Load", [5.0] * 24, "#aa0000")], "kW")
    assert words(picture)[0] == "00:00–01:00\nLoad 5.00 kW"
    assert words(picture)[23].startswith("23:00–24:00")


def test_a_gauge_ends_where_the_share_is_and_its_line_stands_at_what_is_asked_for():
    rows = [
        plots.Gauge("A", 0.5, "5", "10", "short by 5", met=False),
        plots.Gauge("B", 1.0, "10", "10", "0", met=True),
    ]
    picture = plots.gauges(rows)
    (short,), (full,) = rectangles(picture, LIGHT["bad"]), rectangles(picture, LIGHT["accent"])
    assert full[2] / short[2] == pytest.approx(2, abs=0.01)
    lines = re.findall(r'<line x1="([\d.]+)"', picture)
    assert float(lines[0]) == pytest.approx(full[0] + full[2], abs=0.02)


def test_dark_pictures_hold_no_colour_of_the_light_look():
    picture = plots.month_columns([plots.Series("Heat", [1.0] * 12, LIGHT["bad"])], "kWh")
    dark = svg.recoloured(picture, DARK)
    assert LIGHT["ink"] not in dark
    assert DARK["ink"] in dark
    assert DARK["bad"] in dark
    assert svg.recoloured(picture, LIGHT) == picture
