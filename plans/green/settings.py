"""Settings of the plan of green buildings, and the rows of published and assumed numbers that hold for a place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import pandas as pd

from standards import Standards, Taken
from standards.grid import NATIONAL

PROMOTION, ZERO_CARBON, LOW_CARBON_DISTRICT = "promotion", "zero_carbon", "low_carbon_district"
WEIGHT = "weight"


@dataclass(frozen=True)
class GreenSettings:
    """What the planner sets for the plan of green buildings.

    Parameters
    ----------
    year : int
        Year of the targets.
    province, city : str
        Whose rules hold, with or without 省, 市 or 自治区; the rules of the city go before those of the province.
    switches : Mapping of str to bool
        Rules switched on or off against their rows, by `rule_id`.
    """

    year: int
    province: str = ""
    city: str = ""
    switches: Mapping[str, bool] = field(default_factory=lambda: MappingProxyType({}))


def places(table: pd.DataFrame, settings: GreenSettings) -> list[str]:
    """Places with rows in a table that hold for a city, from the wide to the narrow; without the whole country."""
    known = [str(place) for place in table["place"].unique() if place != NATIONAL]
    found = [
        place for asked in (settings.province, settings.city) for place in known if asked.startswith(place)
    ]
    return list(dict.fromkeys(found))


def laid_over(table: pd.DataFrame, settings: GreenSettings, keys: list[str]) -> pd.DataFrame:
    """Rows of the whole country with those of the province and then of the city in place of rows of the same keys."""
    order = [NATIONAL, *places(table, settings)]
    kept = table[table["place"].isin(order)]
    kept = kept.assign(rank=kept["place"].map({place: rank for rank, place in enumerate(order)}))
    return kept.sort_values("rank", kind="stable").drop_duplicates(keys, keep="last").sort_index()


def weights(taken: Taken, purpose: str) -> dict[str, float]:
    """Weights of the factors of a score, by factor."""
    table = taken.standards.table("green_score")
    rows = table[(table["purpose"] == purpose) & (table["case"] == WEIGHT)]
    return {
        factor: taken.number("green_score", purpose=purpose, factor=factor, case=WEIGHT)
        for factor in rows["factor"]
    }


def cases(taken: Taken, purpose: str, factor: str) -> dict[str, float]:
    """Scores of the kinds of one factor, by kind."""
    table = taken.standards.table("green_score")
    rows = table[(table["purpose"] == purpose) & (table["factor"] == factor) & (table["case"] != WEIGHT)]
    return {
        case: taken.number("green_score", purpose=purpose, factor=factor, case=case) for case in rows["case"]
    }


def words(standards: Standards, name: str) -> dict[str, str]:
    """What the words of one field of planning data stand for."""
    table = standards.table("green_words")
    rows = table[table["field"] == name]
    return dict(zip(rows["word"], rows["value"], strict=True))
