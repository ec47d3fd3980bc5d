"""Place names: cities and weather stations of the climate tables, said in the language of the moment."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from core.texts import Phrase, language
from standards import SHIPPED


class PlaceName(Phrase):
    """A Chinese place name as a value of a sentence, said in the language in which it is read."""

    def said(self) -> str:
        """The name in the language of the moment."""
        return place_said(str(self))


def place_said(name: str) -> str:
    """A Chinese name of a city or a station in the language of the moment; as it is where the tables do not know it."""
    return name if language() == "zh" else english_names().get(name.removesuffix("市"), name)


def places_said(words: str) -> str:
    """Words about weather with all cities and stations in them in the language of the moment."""
    if language() != "zh":
        for chinese, english in english_names().items():
            words = words.replace(chinese, english)
    return words


@cache
def english_names() -> Mapping[str, str]:
    """English names by Chinese ones, the longest first: a station is often called after its city."""
    table = SHIPPED.table("cities")
    cities = dict(zip(table["city_zh"].astype(str), table["city_en"].astype(str), strict=True))
    names = dict(cities)
    stations = SHIPPED.table("climate_monthly").drop_duplicates("name_zh")
    for chinese, english in zip(stations["name_zh"].astype(str), stations["name"].astype(str), strict=True):
        city = next((one for one in cities if chinese.startswith(one)), "")
        _, dash, quarter = english.partition("-")
        names[chinese] = f"{cities[city]}{dash}{quarter}" if city else english
    return dict(sorted(names.items(), key=lambda one: -len(one[0])))
