"""Drilling limits: what the table says of a kind of thing in the ground, with its distance and its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from standards.taken import Taken

TABLE = "drilling_limits"
LAYOUT_NOT_KNOWN = "layout not known"


@dataclass(frozen=True)
class Limit:
    """What holds for a kind: `forbid`, `condition` or `none`, why, and how far from its edge. [m]"""

    effect: str
    reason: str
    distance_m: float


class DrillingLimits:
    """The table of drilling limits, read row by row; numbers that are used are remembered with their sources.

    Parameters
    ----------
    taken : Taken
        Where numbers are read from.
    """

    def __init__(self, taken: Taken) -> None:
        self._taken = taken
        self._known: dict[tuple[str, str, str], Limit] = {}
        self._distances: dict[Any, float] = {}

    @cached_property
    def _rows(self) -> pd.DataFrame:
        table = self._taken.standards.table(TABLE)
        words = ("layer", "kind", "level", "effect", "reason", "rule")
        return table.assign(**{word: table[word].fillna("").astype(str).str.strip() for word in words})

    @cached_property
    def reasons(self) -> Mapping[str, tuple[str, ...]]:
        """Reasons by effect, in the order of the table: the first takes its ground first."""
        rows = self._rows
        found = {
            effect: tuple(
                dict.fromkeys(rows.loc[(rows["effect"] == effect) & (rows["reason"] != ""), "reason"])
            )
            for effect in ("forbid", "condition")
        }
        return {**found, "forbid": (*found["forbid"], LAYOUT_NOT_KNOWN)}

    def closed_kinds(self) -> Mapping[str, str]:
        """Uses and flags of parcels that close the whole parcel, with their reason."""
        rows = self._rows[(self._rows["layer"] == "parcel") & (self._rows["effect"] == "forbid")]
        return dict(zip(rows["kind"], rows["reason"], strict=True))

    def limit(self, layer: str, kind: str = "", level: str = "") -> Limit:
        """What holds for a kind and level of a layer: its own row, else that of the kind, else that of the layer.

        Raises
        ------
        KeyError
            The layer has no row for other kinds.
        """
        asked = (layer, kind, plain_level(level))
        if asked not in self._known:
            self._known[asked] = self._read(*asked)
        return self._known[asked]

    def _read(self, layer: str, kind: str, level: str) -> Limit:
        rows = self._rows[self._rows["layer"] == layer]
        of_kind = rows[rows["kind"] == kind]
        if of_kind.empty:
            of_kind = rows[rows["kind"] == ""]
        levels = of_kind["level"].map(lambda words: level in words.split("|"))
        found = of_kind[levels] if level and levels.any() else of_kind[of_kind["level"] == ""]
        if found.empty:
            raise KeyError(f"table {TABLE} has no row for {layer} {kind} {level}")
        row = found.iloc[0]
        if row.name not in self._distances:  # a number is remembered once, for whatever kinds it holds
            self._distances[row.name] = self._distance(row)
        return Limit(row["effect"], row["reason"], self._distances[row.name])

    def _distance(self, row: pd.Series[Any]) -> float:
        """The distance of a row: its own, else that of the rule it names, else none."""
        if not pd.isna(row["default"]):
            keys = {key: str(row[key]) for key in ("layer", "kind", "level")}
            return self._taken.number(TABLE, **keys)
        rule = self._taken.standards.table("geothermal_rules")
        of_rule = rule[rule["rule_id"] == row["rule"]]
        if of_rule.empty or pd.isna(of_rule.iloc[0]["default"]):
            return 0.0
        return self._taken.number("geothermal_rules", rule_id=row["rule"])


def plain_level(level: str) -> str:
    """A level as the table writes it: without spaces and the words for a protection zone."""
    text = str(level).strip().replace(" ", "")
    return "准" if text.startswith("准") else text.removesuffix("保护区")
