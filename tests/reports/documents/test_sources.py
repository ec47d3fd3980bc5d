"""The list of sources: a document stands once, with the places that numbers were taken from."""

from __future__ import annotations

from core.texts import speaking
from reports.documents.place_words import climate_named, province_named
from reports.documents.sources import source_tables
from standards import Number, Standards


def number(key: str, source: str) -> Number:
    return Number("emission", key, 1.0, None, None, "kg", source, "", assumption=source == "assumption")


def test_a_document_stands_once_with_all_its_places() -> None:
    numbers = [
        number("a", "jianbiao-2022-24 专栏1"),
        number("b", "jianbiao-2022-24 专栏3"),
        number("c", "assumption"),
    ]
    made = source_tables(numbers, Standards())
    title = Standards().citation("jianbiao-2022-24")
    assert list(made.tables["source"]["source_title"]) == [f"{title}（专栏1；专栏3）"]
    assert list(made.tables["published_number"]["number_source"][:2]) == ["[1]", "[1]"]


def test_a_number_of_two_documents_names_both() -> None:
    made = source_tables(
        [number("a", "gbt2589-2020 (conventional value); jianbiao-2022-24 专栏1")], Standards()
    )
    assert list(made.tables["published_number"]["number_source"]) == ["[1][2]"]
    assert "conventional" not in " ".join(made.tables["source"]["source_title"])


def test_a_place_that_the_title_says_is_not_said_again() -> None:
    with speaking("zh"):
        made = source_tables([number("a", "enterprise-ghg default value")], Standards())
    assert list(made.tables["source"]["source_title"]) == [Standards().citation("enterprise-ghg")]


def test_provinces_and_zones_are_named_in_full() -> None:
    assert [province_named(one) for one in ("陕西", "北京", "新疆", "陕西省", "")] == [
        "陕西省",
        "北京市",
        "新疆维吾尔自治区",
        "陕西省",
        "",
    ]
    assert climate_named("2B") == "建筑热工设计寒冷B区（2B区）"
