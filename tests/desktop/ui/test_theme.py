"""The theme: words that can be read on what they stand on, and marks that fit the language."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QFontMetricsF

from core import texts
from core.look import DARK, GRADES, GRADES_DARK, LIGHT
from desktop.ui import theme

READABLE = 4.5  # of the Web Content Accessibility Guidelines, level AA
FAINTLY_READABLE = 4.0  # of small words that say less


def luminance(colour: str) -> float:
    """Relative luminance of a colour by the guidelines."""
    one = QColor(colour)
    channels = (one.redF(), one.greenF(), one.blueF())
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(ink: str, ground: str) -> float:
    """Contrast of two colours by the guidelines, 1 to 21."""
    high, low = sorted((luminance(ink), luminance(ground)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("grades", [GRADES, GRADES_DARK])
def test_the_word_of_every_grade_can_be_read_on_its_chip(grades):
    assert {name: contrast(*pair) for name, pair in grades.items() if contrast(*pair) < READABLE} == {}


@pytest.mark.parametrize("colours", [LIGHT, DARK])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("ink", "panel"),
        ("ink", "ground"),
        ("accent", "panel"),
        ("accent_ink", "accent"),
        ("warning", "warning_soft"),
        ("accent", "accent_soft"),
    ],
)
def test_words_can_be_read_on_what_they_stand_on(colours, ink, ground):
    assert contrast(colours[ink], colours[ground]) >= READABLE


@pytest.mark.parametrize("colours", [LIGHT, DARK])
@pytest.mark.parametrize(("ink", "ground"), [("muted", "panel"), ("muted", "ground"), ("bad", "panel")])
def test_small_words_can_be_read_on_what_they_stand_on(colours, ink, ground):
    assert contrast(colours[ink], colours[ground]) >= FAINTLY_READABLE


def test_chips_of_the_dark_window_are_darker_than_their_words():
    assert all(luminance(ink) > luminance(ground) for ink, ground in GRADES_DARK.values())
    assert theme.mixed(DARK)["grade_suitable_ground"] == GRADES_DARK["suitable"][1]
    assert theme.mixed(LIGHT)["grade_suitable_ground"] == GRADES["suitable"][1]


def test_quotation_marks_are_narrow_in_english_and_as_wide_as_a_character_in_chinese(qapp, monkeypatch):
    widths = {}
    for language in ("en", "zh"):
        monkeypatch.setattr(texts, "_chosen", language)
        metrics = QFontMetricsF(theme.body_font())
        widths[language] = metrics.horizontalAdvance("“") / metrics.horizontalAdvance("绿")
    assert widths["en"] < 0.6
    assert widths["zh"] > 0.9
