"""How numbers are written for people."""

import math

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from core.units import (
    count,
    figure,
    fixed,
    given,
    land_area,
    percent,
    quantity,
    scale,
    share_of_whole,
    unit_said,
)

THIN = "\u2009"
GAP = "\u00a0"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1312, f"1{THIN}310"),
        (403.2, "403"),
        (1.2, "1.20"),
        (0.06191, "0.0619"),
        (9.996, "10.0"),
        (999.6, f"1{THIN}000"),
        (1234567, f"1{THIN}230{THIN}000"),
        (-42.37, "−42.4"),
        (0.125, "0.125"),
        (0, "0"),
        (None, "—"),
        (math.nan, "—"),
        (math.inf, "∞"),
    ],
)
def test_a_figure_has_three_significant_digits_and_thin_spaces(value, written):
    assert figure(value) == written


@for_all(st.floats(1e-6, 1e12))
def test_a_figure_is_never_off_by_more_than_half_a_percent(value):
    assert float(figure(value).replace(THIN, "")) == pytest.approx(value, rel=0.0051)


def test_a_count_keeps_every_digit():
    assert count(14231) == f"14{THIN}231"
    assert count(None) == "—"


@pytest.mark.parametrize(
    ("value", "decimals", "words"),
    [(1234.5, 0, "1\u2009235"), (0.125, 2, "0.13"), (-0.2, 0, "0"), (-2.5, 1, "\u22122.5"), (None, 1, "—")],
)
def test_a_number_of_fixed_decimals_has_exactly_those(value, decimals, words):
    assert fixed(value, decimals) == words


def test_a_given_number_is_printed_as_given():
    assert given(0.6191) == "0.6191"
    assert given(1200.0) == f"1{THIN}200"
    assert given(1e-7) == "0.0000001"


@pytest.mark.parametrize(
    ("share", "written"),
    [
        (0.0712, "7.1%"),
        (0.5, "50.0%"),
        (1, "100%"),
        (0, "0%"),
        (None, "—"),
        (0.0007, "0.1%"),
        (1e-12, "0.0%"),
    ],
)
def test_a_share_is_written_in_percent_to_a_tenth_at_most(share, written):
    assert percent(share) == written


@pytest.mark.parametrize(
    ("value", "unit", "chinese", "english"),
    [
        (403.2, "kWp", "403 kWp", "403 kWp"),
        (2494.8, "kWp", "2.49 MWp", "2.49 MWp"),
        (999.6, "kW", "1.00 MW", "1.00 MW"),
        (498_500, "kWh/a", "49.9 万kWh/a", "499 MWh/a"),
        (680_340_000, "kWh/a", "6.80 亿kWh/a", "680 GWh/a"),
        (149_550, "kgce/a", "150 tce/a", "150 tce/a"),
        (152_000_000, "kgce/a", "15.2 万tce/a", "152 ktce/a"),
        (308.7, "tCO2/a", "309 tCO₂/a", "309 tCO₂/a"),
        (40_000, "m²", "4.00 万㎡", "40 000 m²"),
        (8_000, "m²", "8 000 ㎡", "8 000 m²"),
        (1312, "kWh/m²", "1 310 kWh/㎡", "1 310 kWh/m²"),
        (25_000, "yuan", "2.50 万元", "25 000 CNY"),
        (1.33, "", "1.33", "1.33"),
    ],
)
def test_a_quantity_is_written_in_the_unit_that_reads_best(value, unit, chinese, english):
    def plain(text):
        return text.replace(THIN, " ").replace(GAP, " ")

    assert plain(quantity(value, unit, "zh")) == chinese
    assert plain(quantity(value, unit, "en")) == english


def test_land_is_written_in_hectares():
    assert land_area(30_000, "zh") == f"3.00{GAP}公顷"
    assert land_area(30_000, "en") == f"3.00{GAP}ha"


def test_a_column_takes_the_unit_of_its_largest_value():
    assert scale(2_500_000, "kWh/a", "zh") == (1e-4, "万kWh/a")
    assert scale(900, "kWh/a", "zh") == (1.0, "kWh/a")


def test_units_of_standards_are_printed_as_those_of_the_dictionary():
    assert unit_said("W/(m2 K)", "en") == "W/(m²·K)"
    assert unit_said("Wp/m2", "zh") == "Wp/㎡"
    assert unit_said("deg", "zh") == "°"


def test_a_share_too_small_for_a_tenth_of_a_percent_keeps_its_figures():
    assert percent(0.0003638) == "0.0364%"


@pytest.mark.parametrize(
    ("unit", "english"),
    [("kWh/(m² a)", "kWh/(m²·a)"), ("L/(unit d)", "L/(unit·d)"), ("kW per m3/h per K", "kW per m³/h per K")],
)
def test_a_product_of_units_is_spelled_with_a_dot_in_english_too(unit, english):
    assert unit_said(unit, "en") == english


def test_rates_are_not_scaled():
    assert scale(1_240, "kWh/kWp", "en") == (1.0, "kWh/kWp")


def test_the_sign_of_an_angle_stands_close_to_its_number() -> None:
    assert quantity(28.0, "°", "zh", 2) == "28°"
    assert quantity(28.0, "°C", "zh", 2) == "28\u00a0°C"


def test_a_small_share_of_a_whole_is_never_said_to_be_nothing():
    assert share_of_whole(0.0004) == "<0.1%"
    assert share_of_whole(0.0) == "0%"
    assert share_of_whole(0.5) == "50.0%"
