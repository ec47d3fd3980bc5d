"""Reference systems are called what planners call them."""

from __future__ import annotations

import pytest
from pyproj import CRS

from core.texts import speaking
from layers.system_names import system_said


@pytest.mark.parametrize(
    ("code", "chinese", "english"),
    [
        (4545, "CGCS2000 / 3 度带 108°E", "CGCS2000 / 3-degree zone 108°E"),
        (4524, "CGCS2000 / 3 度带（带号 36） 108°E", "CGCS2000 / 3-degree zone 36 108°E"),
        (2360, "西安80 / 3 度带（带号 36） 108°E", "Xian 1980 / 3-degree zone 36 108°E"),
        (2332, "西安80 / 6 度带（带号 18） 105°E", "Xian 1980 / 6-degree zone 18 105°E"),
        (2433, "北京54 / 3 度带 108°E", "Beijing 1954 / 3-degree zone 108°E"),
        (4490, "CGCS2000 经纬度", "CGCS2000, degrees"),
        (4610, "西安80 经纬度", "Xian 1980, degrees"),
        (32649, "WGS 84 / UTM zone 49N", "WGS 84 / UTM zone 49N"),
    ],
)
def test_a_system_has_its_usual_name_and_its_code(code: int, chinese: str, english: str) -> None:
    system = CRS.from_epsg(code)
    with speaking("zh"):
        assert system_said(system) == f"{chinese} (EPSG:{code})"
    with speaking("en"):
        assert system_said(system) == f"{english} (EPSG:{code})"
