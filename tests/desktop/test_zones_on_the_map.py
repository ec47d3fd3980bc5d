"""Zones on the map: each kind in its colour with its own row of the legend, small ones over large ones, under a click."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import box

from cartography.frame import never, rasterised
from cartography.layers import StyledLayer
from cartography.ragged import Ragged
from cartography.view import View
from core.texts import speaking
from desktop.map_layers import base_layers
from desktop.themes import Theme, classes_of
from layers.city import City
from tests.reports.small_plan import city


def test_each_kind_has_its_colour_and_its_row_of_the_legend():
    kinds = pd.Series(["no_burn", "heritage_core", "古树", "no_burn"])
    classes = classes_of(Theme("protection_zone", "kind", "never"), kinds)
    with speaking("zh"):
        rows = {row.label: (row.colour, row.features) for row in classes.legend(kinds) if row.features}
    assert {name: features for name, (_, features) in rows.items()} == {
        "高污染燃料禁燃区": 2, "文物保护范围": 1, "古树": 1
    }  # fmt: skip
    assert len({colour for colour, _ in rows.values()}) == 3


def test_a_zone_within_another_is_seen_and_found_first():
    shapes = gpd.GeoSeries([box(40, 40, 60, 60), box(0, 0, 100, 100)])
    layer = StyledLayer("protection_zone", "", ragged=Ragged.of(shapes), yields=True)
    assert layer.at(50, 50).tolist() == [0, 1]
    ids = rasterised(layer, View(0.0, 100.0, 1.0, 100, 100), 1, never())
    assert ids is not None
    assert np.unique(ids.buffer[45:55, 45:55]).tolist() == [1] and ids.buffer[10, 10] == 2


def test_zones_and_areas_of_the_city_yield_to_parcels():
    made: City = city()
    yielding = {layer.name: layer.yields for layer in base_layers(made)}
    assert yielding["protection_zone"] and not yielding["parcel"] and not yielding["building"]
