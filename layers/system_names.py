"""Names of reference systems as planners say them: datum, width of the zone, number or meridian, and the code."""

from __future__ import annotations

import re
from functools import lru_cache

from pyproj import CRS

from core.texts import text
from layers.crs import central_meridian

ZONES = re.compile(r"(?P<datum>[^/]+) / (?:3-degree )?Gauss-Kruger (?:CM \d+E|zone (?P<number>\d+))")
DATUMS = {"CGCS2000": "CGCS2000", "Xian 1980": "Xian 1980", "Beijing 1954": "Beijing 1954"}
DEGREES = {**DATUMS, "China Geodetic Coordinate System 2000": "CGCS2000", "WGS 84": "WGS 84"}


def system_said(crs: CRS) -> str:
    """Name of a reference system with its code; Chinese zones and datums as planners call them."""
    code = _epsg(crs)
    return f"{_named(crs)} (EPSG:{code})" if code else _named(crs)


def _named(crs: CRS) -> str:
    zone, meridian = ZONES.fullmatch(crs.name), central_meridian(crs)
    if zone is not None and meridian is not None and zone["datum"] in DATUMS:
        wide = "3-degree" in crs.name
        if zone["number"]:
            words = (
                text("3-degree zone {number}", number=zone["number"])
                if wide
                else text("6-degree zone {number}", number=zone["number"])
            )
        else:
            words = text("3-degree zone") if wide else text("6-degree zone")
        return f"{text(DATUMS[zone['datum']])} / {words} {meridian:g}°E"
    if crs.is_geographic and crs.name in DEGREES:
        return text("{datum}, degrees", datum=text(DEGREES[crs.name]))
    return crs.name


@lru_cache(maxsize=64)
def _epsg(crs: CRS) -> int | None:
    """The code of a system; looking it up takes a while."""
    return crs.to_epsg()
