"""Safety of panels on roofs: structure, fire, heritage and demolition; an existing roof never passes unchecked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import geopandas as gpd
import numpy as np
import pandas as pd

from standards import Number, Standards


class Safety(StrEnum):
    """State of a roof before panels may be installed."""

    PASSED = "passed"  # 通过
    TO_CHECK = "to_check"  # 待复核
    EXCLUDED = "excluded"  # 排除


# Flags of a building that exclude it, with the rule they answer to and the reason.
EXCLUDING_FLAGS = {
    "dangerous": ("S25", "dangerous building (grade D)"),
    "heritage": ("S26", "heritage or historic building"),
    "illegal": ("S27", "illegal construction"),
    "military": ("S28", "military site"),
    "planned_demolition": ("S29", "to be demolished"),
    "asbestos_roof": ("S30", "asbestos roof"),
}
HAZARD_CLASSES = ("甲", "乙")


@dataclass(frozen=True)
class SafetyRules:
    """Limits of the rules, from the table `pv_safety_rules`."""

    oldest_metal_roof: Number
    tallest: Number

    @classmethod
    def of(cls, standards: Standards) -> SafetyRules:
        """The rules in force."""
        return cls(
            oldest_metal_roof=standards.number("pv_safety_rules", rule_id="S30"),
            tallest=standards.number("pv_safety_rules", rule_id="S31"),
        )

    @property
    def numbers(self) -> tuple[Number, ...]:
        """The numbers that were used."""
        return self.oldest_metal_roof, self.tallest


def safety(buildings: gpd.GeoDataFrame, rules: SafetyRules, year: int) -> pd.DataFrame:
    """State of every roof and the reason for it.

    Parameters
    ----------
    buildings : GeoDataFrame
        With what is known of `structural_check`, `hazard_class`, `roof_type`, `roof_year`, `year_built`,
        `height_m` and the flags of `EXCLUDING_FLAGS`; columns may be missing.
    rules : SafetyRules
        Limits in force.
    year : int
        The year for which the age of roofs is counted.

    Returns
    -------
    DataFrame
        `safety_state`, `safety_reason` (the first that holds, by its weight) and the flag `too_tall`,
        on the index of the buildings.
    """
    index = buildings.index
    state = pd.Series(str(Safety.TO_CHECK), index=index)
    reason = pd.Series("structural check missing", index=index)

    check = _words(buildings, "structural_check")
    state[check == "passed"], reason[check == "passed"] = str(Safety.PASSED), "structural check passed"

    renewed = _numbers(buildings, "roof_year").fillna(_numbers(buildings, "year_built"))
    old_metal = (_words(buildings, "roof_type") == "metal") & (year - renewed > rules.oldest_metal_roof.value)
    excluded = [
        (check == "failed", "structural check failed"),
        (old_metal, "profiled metal roof beyond its age limit"),
        (_words(buildings, "hazard_class").isin(HAZARD_CLASSES), "fire hazard class A or B"),
    ]
    excluded += [(_flags(buildings, flag), words) for flag, (_, words) in reversed(EXCLUDING_FLAGS.items())]
    for rows, words in excluded:
        state[rows], reason[rows] = str(Safety.EXCLUDED), words

    tall = _numbers(buildings, "height_m") > rules.tallest.value
    return pd.DataFrame({"safety_state": state, "safety_reason": reason, "too_tall": tall.fillna(False)})


def _words(frame: gpd.GeoDataFrame, name: str) -> pd.Series:
    if name not in frame.columns:
        return pd.Series("", index=frame.index)
    words: pd.Series[str] = frame[name].astype(object).where(frame[name].notna(), "").astype(str)
    return words


def _numbers(frame: gpd.GeoDataFrame, name: str) -> pd.Series:
    if name not in frame.columns:
        return pd.Series(np.nan, index=frame.index)
    numbers: pd.Series[float] = pd.to_numeric(frame[name], errors="coerce")
    return numbers


def _flags(frame: gpd.GeoDataFrame, name: str) -> pd.Series:
    if name not in frame.columns:
        return pd.Series(False, index=frame.index)
    values = frame[name].astype(object)
    flags: pd.Series[bool] = values.where(values.notna(), False).astype(bool)
    return flags
