"""Safety of panels on roofs: structure, fire, heritage and demolition; an existing roof never passes unchecked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standards import Number, Standards

EXCLUDE, CHECK, DESIGN = "EXCLUDE", "CHECK", "DESIGN"  # effects of conditions
YES = "yes"


class Safety(StrEnum):
    """State of a roof before panels may be installed."""

    PASSED = "passed"  # 通过
    TO_CHECK = "to_check"  # 待复核
    EXCLUDED = "excluded"  # 排除


@dataclass(frozen=True)
class SafetyRules:
    """Limits of the rules, from the table `pv_safety_rules`, and the `conditions` that words of the data fulfil."""

    oldest_metal_roof: Number
    tallest: Number
    oldest_building: Number
    flush_load: Number
    ballasted_load: Number
    conditions: pd.DataFrame

    @classmethod
    def of(cls, standards: Standards) -> SafetyRules:
        """The rules in force."""

        def rule(number: str) -> Number:
            return standards.number("pv_safety_rules", rule_id=number)

        return cls(
            oldest_metal_roof=rule("S30"),
            tallest=rule("S31"),
            oldest_building=rule("S32"),
            flush_load=rule("S02"),
            ballasted_load=rule("S03"),
            conditions=standards.table("safety_conditions"),
        )

    @property
    def numbers(self) -> tuple[Number, ...]:
        """The numbers that were used."""
        return (
            self.oldest_metal_roof,
            self.tallest,
            self.oldest_building,
            self.flush_load,
            self.ballasted_load,
        )


@dataclass(frozen=True)
class _Finding:
    """One thing found of some buildings: what it means for their state, and how it is said."""

    state: Safety
    said: str
    rows: NDArray[np.bool_]


def safety(buildings: gpd.GeoDataFrame, rules: SafetyRules, year: int) -> pd.DataFrame:
    """State of every roof, the reason for it, and all that is to be looked at.

    A roof passes by an entered structural check alone, never for want of doubts; and not even then where the fire
    check is open or the load that is left does not bear the system.

    Parameters
    ----------
    buildings : GeoDataFrame
        With what is known of `structural_check`, `fire_check`, `roof_load_kn_per_m2`, `roof_type`, `roof_year`,
        `year_built`, `height_m` and the columns of the table `safety_conditions`; columns may be missing.
    rules : SafetyRules
        Limits in force.
    year : int
        The year for which the age of buildings and roofs is counted.

    Returns
    -------
    DataFrame
        `safety_state`, `safety_reason` (the first that holds, by its weight), `safety_checks` (all that hold, also
        those that only need to be looked at) and the flag `too_tall`, on the index of the buildings.
    """
    tall = (_numbers(buildings, "height_m") > rules.tallest.value).to_numpy()
    found = [
        *_excluded(buildings, rules, year),
        *_to_check(buildings, rules, year),
        _Finding(Safety.PASSED, "taller than the limit", tall),
    ]
    state = np.full(len(buildings), str(Safety.PASSED), dtype=object)
    reason = np.full(len(buildings), "structural check passed", dtype=object)
    checks = np.full(len(buildings), "", dtype=object)
    for one in found:
        checks[one.rows] = [f"{said}; {one.said}" if said else one.said for said in checks[one.rows]]
        first = one.rows & (state == str(Safety.PASSED)) & (one.state != Safety.PASSED)
        state[first], reason[first] = str(one.state), one.said
    return pd.DataFrame(
        {"safety_state": state, "safety_reason": reason, "safety_checks": checks, "too_tall": tall},
        index=buildings.index,
    )


def building_flags(standards: Standards) -> dict[str, str]:
    """Flags that exclude a whole building, not only its roof, each with its reason; heaviest first."""
    table = standards.table("safety_conditions")
    kept = table[(table["effect"] == EXCLUDE) & (table["part"] == "building") & (table["word"] == YES)]
    return dict(zip(kept["column"], kept["reason"], strict=True))


def _excluded(buildings: gpd.GeoDataFrame, rules: SafetyRules, year: int) -> list[_Finding]:
    """What excludes buildings, heaviest first."""
    renewed = _numbers(buildings, "roof_year").fillna(_numbers(buildings, "year_built"))
    metal = _words(buildings, "roof_type") == "metal"
    old_metal = metal & (year - renewed > rules.oldest_metal_roof.value)
    light = rules.flush_load.low if rules.flush_load.low is not None else rules.flush_load.value
    weak = _numbers(buildings, "roof_load_kn_per_m2") < light
    return [
        *_of_words(buildings, rules, EXCLUDE),
        _Finding(Safety.EXCLUDED, "profiled metal roof beyond its age limit", old_metal.to_numpy()),
        _Finding(Safety.EXCLUDED, "the roof bears no panels", weak.to_numpy()),
    ]


def _to_check(buildings: gpd.GeoDataFrame, rules: SafetyRules, year: int) -> list[_Finding]:
    """What is to be checked before a building passes, heaviest first."""
    checked = (_words(buildings, "structural_check") != "").to_numpy()
    load = _numbers(buildings, "roof_load_kn_per_m2")
    level = _words(buildings, "roof_type") == "flat"
    no_ballast = level & (load < rules.ballasted_load.value) & (load >= rules.flush_load.value)
    scarce = load.between(rules.flush_load.low or 0.0, rules.flush_load.value, inclusive="left")
    old = year - _numbers(buildings, "year_built") > rules.oldest_building.value
    new = _of_words(buildings, rules, DESIGN)
    planned = np.logical_or.reduce([one.rows for one in new])
    return [
        *new,
        _Finding(Safety.TO_CHECK, "structural check missing", ~checked & ~planned),
        _Finding(Safety.TO_CHECK, "load left is hardly that of panels", scarce.to_numpy()),
        _Finding(
            Safety.TO_CHECK,
            "ballast is too heavy; panels to be fixed to the structure",
            no_ballast.to_numpy(),
        ),
        *_of_words(buildings, rules, CHECK),
        _Finding(Safety.TO_CHECK, "older than its design life", old.to_numpy() & ~checked),
    ]


def _of_words(buildings: gpd.GeoDataFrame, rules: SafetyRules, effect: str) -> list[_Finding]:
    """What words of the data mean, by the table of conditions; what a check has passed is settled."""
    table = rules.conditions[rules.conditions["effect"] == effect]
    state = Safety.EXCLUDED if effect == EXCLUDE else Safety.TO_CHECK
    found: dict[str, NDArray[np.bool_]] = {}
    for column, word, check, said in zip(
        table["column"], table["word"], table["settled_by"], table["reason"], strict=True
    ):
        rows = _flags(buildings, column) if word == YES else _words(buildings, column) == word
        if check:
            rows &= _words(buildings, check) != "passed"
        found[str(said)] = found.get(str(said), np.zeros(len(buildings), bool)) | rows.to_numpy()
    return [_Finding(state, said, rows) for said, rows in found.items()]


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
