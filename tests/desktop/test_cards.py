"""The card of a city says where it lies, in the language of whoever reads it."""

from __future__ import annotations

import pytest
from pyproj import CRS

from core.texts import speaking
from desktop.cards import city_card
from layers.city import City

PLACES = [
    ("zh", "西安", ["陕西", "西安"]),
    ("en", "西安", ["Xi'an"]),
    ("en", "小城", ["小城"]),
    ("en", "", ["陕西"]),
]


@pytest.mark.parametrize(("language", "nearest", "said"), PLACES)
def test_a_city_is_placed_by_names_of_the_language_where_the_tables_have_them(language, nearest, said):
    city = City("青禾市", CRS.from_epsg(4545), facts={"province": "陕西", "climate_city": nearest})
    with speaking(language):
        line = city_card(city, {}).line
    assert [name for name in ("陕西", "西安", "小城", "Xi'an") if name in line] == said
