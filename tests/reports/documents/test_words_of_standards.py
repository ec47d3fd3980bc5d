"""A Chinese document says names of tables, keys, units, notes and places of every published number in Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pandas as pd
import pytest

from core.texts import speaking
from core.units import unit_said
from reports.documents.sources import source_tables
from standards import SHIPPED, Number

WORD = re.compile(r"[A-Za-z]{3,}")
# Names that stand in Chinese sentences as they are: of standards and institutes, quantities, grades and units.
NAMES = {
    *("JGJ", "ISO", "NREL", "HDD", "CDD", "COP", "EER", "BIPV", "LED", "AAA", "cos"),
    *("kWh", "kWp", "MWh", "kgce", "tce", "kgCO", "tCO", "mPa"),
}
ASIDE = ("source", "note", "unit", "local")


@cache
def numbers() -> tuple[Number, ...]:
    """Every number of every table, under the key of its row and under that of its row and column."""
    found: list[Number] = []
    for name in SHIPPED.names():
        table = SHIPPED.table(name)
        for column in table.columns:
            if column in ASIDE or column in SHIPPED.keys(name) or "source" not in table:
                continue
            if pd.to_numeric(table[column], errors="coerce").notna().any():
                for one in SHIPPED.numbers(name, column=column):
                    found += [one, replace(one, key=f"{one.key} / {column}")]
    return tuple(found)


def foreign(said: str) -> set[str]:
    """English words of three letters or more that are no names."""
    return set(WORD.findall(said)) - NAMES


@pytest.mark.parametrize("column", ["number_table", "number_key", "number_unit", "number_note"])
def test_no_published_number_is_described_in_english_in_a_chinese_document(column: str) -> None:
    with speaking("zh"):
        table = source_tables(numbers(), SHIPPED).tables["published_number"]
    wrong = sorted({str(said) for said in table[column] if foreign(str(said))})
    assert not wrong, "\n".join(wrong)


def cited() -> Iterator[str]:
    """The place in a document that every row of every table names, one at a time."""
    for name in SHIPPED.names():
        table = SHIPPED.table(name)
        if "source" in table and name != "osm_land_use":  # its places are tags of the map, which are names
            for source in table["source"].unique():
                yield from str(source).split(";")


def test_no_place_in_a_document_is_named_in_english_in_a_chinese_document() -> None:
    with speaking("zh"):
        wrong = []
        for one in sorted({one.strip() for one in cited() if one.strip()}):
            key = one.split(maxsplit=1)[0]
            said = SHIPPED.citation(one).removeprefix(SHIPPED.citation(key))
            if foreign(said):
                wrong.append(f"{one}: {said}")
    assert not wrong, "\n".join(wrong)


def test_no_two_tables_have_the_same_name() -> None:
    with speaking("zh"):
        said = [one.table_said for one in {one.table: one for one in numbers()}.values()]
    assert len(set(said)) == len(said), sorted(one for one in set(said) if said.count(one) > 1)


def test_a_word_is_said_as_it_is_meant_in_its_table() -> None:
    energy = SHIPPED.number("energy_plan_rules", item="conflict", case="total")
    swing = SHIPPED.number("weather_defaults", quantity="daily_swing", case="least")
    with speaking("zh"):
        assert energy.key_said == "冲突 / 总量"
        assert swing.key_said == "日较差 / 最小值"
    with speaking("en"):
        assert swing.key_said == "daily swing / least"


def test_a_unit_in_a_key_is_written_as_the_unit_itself() -> None:
    household = next(
        one for one in numbers() if one.table == "gbt51161_use" and "kWh/(household a)" in one.key
    )
    with speaking("zh"):
        assert household.key_said.endswith("kWh/(户·a)")


def test_products_of_units_have_a_dot_between_them_in_chinese() -> None:
    with speaking("zh"):
        wrong = sorted(
            {one.unit_said for one in numbers() if re.search(r"[A-Za-z²³°℃] [A-Za-z㎡]", one.unit_said)}
        )
    assert not wrong
    assert unit_said("kWh/(m2 a)", "zh") == "kWh/(㎡·a)"
    assert unit_said("℃·d", "zh") == "°C·d"
