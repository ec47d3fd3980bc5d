"""Units: how a number is written for people, the same in window, tables, maps and documents."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from core.texts import THIN_SPACE
from core.texts import language as language_of_the_moment

NO_BREAK_SPACE = "\u00a0"  # between number and unit
DEGREES = "°"
MINUS = "\u2212"
MISSING = "—"
LEAST_OF_WHOLE = 0.0005  # half of a tenth of a per cent
LEAST_PERCENT = Decimal("0.0001")  # a share below it is nothing but rounding


class Step(NamedTuple):
    """A unit to write a quantity in: from which value on, what to multiply by, and its name."""

    least: float
    factor: float
    unit: str


# Ladders of units, per unit of the dictionary and language; the last step whose `least` is reached holds.
_POWER = (Step(1e3, 1e-3, "M"), Step(1e6, 1e-6, "G"))
_LADDERS: dict[str, dict[str, tuple[Step, ...]]] = {
    "W": {"": (Step(1e3, 1e-3, "kW"), Step(1e6, 1e-6, "MW"))},
    "kW": {"": tuple(Step(s.least, s.factor, f"{s.unit}W") for s in _POWER)},
    "kWp": {"": tuple(Step(s.least, s.factor, f"{s.unit}Wp") for s in _POWER)},
    "kWh": {
        "zh": (
            Step(1e4, 1e-4, "万kWh"),
            Step(1e8, 1e-8, "亿kWh"),
        ),  # as power companies and statistics write it
        "en": (*(Step(s.least, s.factor, f"{s.unit}Wh") for s in _POWER), Step(1e9, 1e-9, "TWh")),
    },
    "kgce": {
        "zh": (Step(1e3, 1e-3, "tce"), Step(1e7, 1e-7, "万tce")),
        "en": (Step(1e3, 1e-3, "tce"), Step(1e6, 1e-6, "ktce")),
    },
    "tCO2": {"zh": (Step(1e4, 1e-4, "万tCO2"),), "en": (Step(1e4, 1e-3, "ktCO2"),)},
    "kgCO2": {
        "zh": (Step(1e3, 1e-3, "tCO2"), Step(1e7, 1e-7, "万tCO2")),
        "en": (Step(1e3, 1e-3, "tCO2"), Step(1e7, 1e-6, "ktCO2")),
    },
    "m²": {"zh": (Step(1e4, 1e-4, "万㎡"), Step(1e8, 1e-8, "亿㎡")), "en": (Step(1e6, 1e-6, "km²"),)},
    "m³": {"zh": (Step(1e4, 1e-4, "万m³"),), "en": (Step(1e6, 1e-6, "million m³"),)},
    "m": {"": (Step(1e4, 1e-3, "km"),)},
    "yuan": {
        "zh": (Step(1e4, 1e-4, "万元"), Step(1e8, 1e-8, "亿元")),
        "en": (Step(1e6, 1e-6, "million CNY"),),
    },
}
_SAID = {
    "zh": {
        " served": "（服务面积）", " collector": "（集热面积）", " drilled": "（钻孔）", "M CNY": "百万元", "yuan": "元",
        "CNY": "元", "CO2": "CO₂", "degC": "°C", "℃": "°C", "MWh_th": "MWh（热）", "household": "户", "well": "口",
        "stall": "车位", "lamp": "灯", "/ha": "/公顷",
    },
    "en": {"yuan": "CNY", "CO2": "CO₂", "degC": "°C", "℃": "°C"},
}  # fmt: skip
# Units that are said otherwise as a whole, most of them words.
_WORDS = {
    "zh": {
        "a": "年",
        "ha": "公顷", "count": "个", "month": "月", "year": "年", "storeys": "层", "bed": "床", "person": "人", "rows": "行",
        "day of the year": "年积日", "ratio": "比值", "n": "个", "L/(unit d)": "L/(人·d)",
        "L/(unit d) at 60 degC": "L/(人·d)（60 °C）", "percentage points": "百分点", "kW per m3/h": "kW/(m³/h)",
        "kW per m3/h per K": "kW/(m³/h·K)", "kWp per 1000 m3/d": "kWp/(1000 m³/d)", "by audit": "按审计",
        "by roof area": "按屋面面积", "length x height": "长×高", "basic": "基本级", "preferred": "优先", "leading": "引领",
    },
    "en": {"n": ""},
}  # fmt: skip
_POWERS = {"2": "²", "3": "³", "5": "⁵"}
_POWER_OF_UNIT = re.compile(r"(?<=[mKs])([235])(?!\d)")
_SQUARE_METRE = re.compile(r"(?<![A-Za-z])m²")
_PRODUCT = {  # a space between units is their product; in English it also stands between words
    "zh": re.compile(r"(?<=[\w²³°Ω₂㎡]) (?=[\w°㎡])"),
    "en": re.compile(r"(?<=[\w²³°Ω₂])(?<!per) (?=(?:a|d|h|s|K|D|m|km)\b)"),
}


def figure(value: float | None, digits: int = 3) -> str:
    """A number to so many significant figures, with thin spaces between thousands.

    Parameters
    ----------
    value : float or None
        None and NaN give a dash.
    digits : int
        Significant figures; whole numbers are rounded to them too (1 312 is written 1 310).
    """
    if value is None or math.isnan(value):
        return MISSING
    if math.isinf(value):
        return MINUS + "∞" if value < 0 else "∞"
    if value == 0:
        return "0"
    exact = Decimal(repr(float(value)))
    place = exact.adjusted() - digits + 1
    rounded = exact.quantize(Decimal(1).scaleb(place), ROUND_HALF_UP)
    if rounded.adjusted() > exact.adjusted():  # 9.996 became 10.00: one figure too many
        rounded = rounded.quantize(Decimal(1).scaleb(place + 1), ROUND_HALF_UP)
    return _grouped(f"{rounded:f}")


def count(value: float | None) -> str:
    """A whole number, with thin spaces between thousands and no rounding to significant figures."""
    if value is None or math.isnan(value):
        return MISSING
    return _grouped(f"{Decimal(repr(float(value))).quantize(Decimal(1), ROUND_HALF_UP):f}")


def fixed(value: float | None, decimals: int) -> str:
    """A number with exactly so many decimals, with thin spaces between thousands; halves are rounded away from 0."""
    if value is None or math.isnan(value):
        return MISSING
    place = Decimal(1).scaleb(-decimals)
    return _grouped(f"{Decimal(repr(float(value))).quantize(place, ROUND_HALF_UP):f}")


def given(value: float | None) -> str:
    """A number as somebody gave it, e.g. in a standard: never rounded, without trailing zeros."""
    if value is None or math.isnan(value):
        return MISSING
    return _grouped(f"{Decimal(f'{value:.12g}'):f}")


def percent(share: float | None, digits: int = 3) -> str:
    """A share (0 to 1) in per cent, to so many figures but never finer than 0.1 %, unless nothing would be left of it."""
    if share is None or math.isnan(share):
        return MISSING
    hundredth = Decimal(repr(float(share))) * 100
    if LEAST_PERCENT <= abs(hundredth) < Decimal("0.05"):
        return f"{figure(float(hundredth))}%"
    tenths = max(0, min(1, digits - 1 - hundredth.adjusted())) if hundredth else 0
    return f"{_grouped(f'{round(hundredth, tenths):f}')}%"


def share_of_whole(share: float) -> str:
    """A share of what adds up to a whole, in per cent; what is there is never 0 %."""
    return "<0.1%" if 0 < share < LEAST_OF_WHOLE else percent(share)


def quantity(value: float | None, unit: str, language: str | None = None, digits: int = 3) -> str:
    """A number with its unit, in the step of the unit that reads best.

    Parameters
    ----------
    value : float or None
        In `unit`.
    unit : str
        As in `core/fields.csv`, e.g. `kWh/a`; empty for counts and shares.
    language : str, optional
        `zh` or `en`; the language of the moment where not given.
    """
    if value is None or math.isnan(value):
        return MISSING
    factor, said = scale(abs(value), unit, language, digits)
    number = figure(value * factor, digits)
    space = (
        NO_BREAK_SPACE if said and said != DEGREES else ""
    )  # the sign of an angle stands close (SI brochure 5.4.3)
    return f"{number}{space}{said}"


def land_area(area_m2: float | None, language: str | None = None, digits: int = 3) -> str:
    """An area of land in hectares (公顷)."""
    return quantity(None if area_m2 is None else area_m2 / 1e4, "ha", language, digits)


def scale(largest: float, unit: str, language: str | None = None, digits: int = 3) -> tuple[float, str]:
    """The factor and the name of the unit in which values up to `largest` are written.

    A column of a table takes one unit for all its rows: that of its largest value.
    """
    language = language or language_of_the_moment()
    base, slash, per = unit.partition("/")
    ladders = _LADDERS.get(base, {})
    ladder = ladders.get(language, ladders.get("", ()))
    if slash and per != "a":  # only quantities and their yearly flows are scaled, not rates
        ladder = ()
    best = Step(0.0, 1.0, base)
    for step in ladder:
        if _rounded(largest, digits) >= step.least:
            best = step
    return best.factor, unit_said(f"{best.unit}{slash}{per}", language)


def unit_said(unit: str, language: str | None = None) -> str:
    """A unit of the dictionary as it is printed, e.g. `m²` as ㎡ in Chinese."""
    language = language or language_of_the_moment()
    if unit == "deg":
        return DEGREES
    if unit in _WORDS[language]:
        return _WORDS[language][unit]
    for word, said in _SAID[language].items():
        unit = unit.replace(word, said)
    unit = _POWER_OF_UNIT.sub(lambda found: _POWERS[found[1]], unit)
    return _PRODUCT[language].sub("·", _SQUARE_METRE.sub("㎡", unit) if language == "zh" else unit)


def _rounded(value: float, digits: int) -> float:
    """The value that `figure` would print."""
    return float(f"{value:.{digits - 1}e}") if math.isfinite(value) else 0.0


def _grouped(number: str) -> str:
    """Decimal digits with thin spaces between thousands and a true minus."""
    whole, point, decimals = number.partition(".")
    sign = MINUS if whole.startswith("-") and number.strip("-0.") else ""
    digits = whole.lstrip("-")
    parts = [digits[max(0, end - 3) : end] for end in range(len(digits), 0, -3)]
    return sign + THIN_SPACE.join(reversed(parts)) + point + decimals
