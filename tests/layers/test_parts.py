"""The floor area of an outline counts once, whether its parts cover it or not."""

from __future__ import annotations

import geopandas as gpd
import pytest
from pyproj import CRS
from shapely.geometry import box

from layers.checks import fit_city
from layers.city import City

ZONE = CRS.from_epsg(4549)
EAST, NORTH = 500_000.0, 3_450_000.0


def fitted(second_part_m: float) -> gpd.GeoDataFrame:
    """An office of 40 m by 30 m and 9,000 m² with a part of 40 m and one of 12 m height and some width."""
    shapes = [
        box(EAST + west, NORTH, EAST + east, NORTH + 30)
        for west, east in ((0, 40), (0, 20), (20, 20 + second_part_m))
    ]
    rows = gpd.GeoDataFrame(
        {
            "building_id": ["O", "A", "B"],
            "kind": ["building", "building_part", "building_part"],
            "root_id": ["", "O", "O"],
            "height_m": [40.0, 40.0, 12.0],
            "gfa_m2": [9000.0, None, None],
            "footprint_m2": [1200.0, None, None],
        },
        geometry=shapes,
        crs=ZONE,
    )
    return fit_city(City("x", ZONE, {"building": rows}))[0]["building"]


def test_the_floor_area_of_an_outline_goes_to_the_parts_that_replace_it_by_volume():
    rows = fitted(20)
    assert rows["gfa_m2"].to_dict() == pytest.approx({"A": 9000 * 40 / 52, "B": 9000 * 12 / 52})
    assert set(rows["gfa_source"]) == {"derived"}


def test_an_outline_cut_by_its_parts_shares_its_floor_area_and_footprint_with_them():
    rows = fitted(2)
    assert rows["gfa_m2"].sum() == pytest.approx(9000)
    assert rows["footprint_m2"].to_dict() == pytest.approx({"O": 540, "A": 600, "B": 60})
