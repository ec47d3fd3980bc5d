"""What a look says of outlines and decimals is what the layer has on the map."""

from __future__ import annotations

import pytest

from desktop.layer_look import NO_OUTLINE, LayerLook, dressed, restyled
from desktop.map_layers import city_layers
from desktop.themes import Theme
from tests.reports.small_plan import assessments, city

FAR = Theme("parcel", "far")


def made(name: str, **look):
    base = next(one for one in city_layers(city(), assessments()) if one.name == name)
    return base, dressed(base, LayerLook(True, 1.0, **look), city(), assessments())


@pytest.mark.parametrize(("outline", "drawn"), [("#ab12cd", "#ab12cd"), (NO_OUTLINE, "")])
@pytest.mark.parametrize("column", ["far", "use"])
def test_coloured_areas_have_the_outline_that_was_chosen_on_map_and_legend(outline, drawn, column):
    _, layer = made("parcel", theme=Theme("parcel", column), outline=outline)
    assert layer.outline == drawn
    assert {entry.outline for entry in layer.legend()} == {drawn}


def test_without_a_choice_the_outline_is_as_before_and_the_legend_has_its_own_rim():
    base, layer = made("parcel", theme=FAR)
    assert layer.outline == base.outline
    assert {entry.outline for entry in layer.legend()} == {None}


def test_a_layer_of_one_colour_keeps_its_outline():
    base, layer = made("parcel", outline=NO_OUTLINE)
    assert layer.outline == base.outline


def test_decimals_are_those_of_the_classes_of_numbers_only():
    assert made("parcel", theme=FAR, decimals=3)[1].classes.decimals == 3
    assert made("parcel", theme=Theme("parcel", "use", "never"), decimals=3)[1].classes.decimals is None


@pytest.mark.parametrize(
    ("column", "kept"), [("pv_kwh_per_year", 2), ("pv_kwh_month_03", 2), ("pv_kwp", None), ("use", None)]
)
def test_decimals_stay_with_the_unit_they_were_chosen_for(column, kept):
    look = LayerLook(True, 1.0, Theme("parcel", "pv_kwh_per_year"), decimals=2)
    assert restyled(look, theme=Theme("parcel", column)).decimals == kept
    assert restyled(look, theme=Theme("parcel", column), decimals=1).decimals == 1
    assert restyled(look, opacity=0.5).decimals == 2
