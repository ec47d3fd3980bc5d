"""The city in space: its buildings on the terrain as solids, and where the sun stands at an hour; no Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pyproj import CRS, Transformer

from cartography.frame import Mask
from cartography.layers import StyledLayer, extent_of
from cartography.ragged import Ragged
from cartography.scene import Scene, Sun
from cartography.solids import Solids, feet, flat_ground, ground, raised, together
from layers.city import City

BUILDINGS = "building"
UNDER = ("raster:terrain", "water", "tree", "road", "parcel")  # laid on the ground where they are there
LEAST_RIM_M = 200.0  # of ground around the buildings
RIM = 0.06  # of the size of the city
CLOCK = "Asia/Shanghai"  # one time for the whole country


@dataclass(frozen=True, eq=False)
class CitySolids:
    """Solids of a city and the outlines they were raised from: made anew only where these change."""

    city: City
    ragged: Ragged
    solids: Solids


def has_buildings(layers: Sequence[StyledLayer]) -> bool:
    """Whether there is anything to raise."""
    return any(layer.name == BUILDINGS and layer.ragged is not None for layer in layers)


def city_solids(city: City, layers: Sequence[StyledLayer]) -> CitySolids:
    """Buildings raised to their heights on the terrain; on level ground where none is known.

    Buildings without a height are left out; preparation fills them in and says so.
    """
    layer = _buildings(layers)
    ragged = layer.ragged
    if ragged is None:
        raise ValueError("buildings have outlines")
    table = city.tables[BUILDINGS]
    height = pd.to_numeric(table["height_m"], errors="coerce").to_numpy(dtype=float)
    west, south, east, north = extent_of([layer])
    origin = ((west + east) / 2, (south + north) / 2)
    rim = max(LEAST_RIM_M, RIM * max(east - west, north - south))
    around = (west - rim, south - rim, east + rim, north + rim)
    terrain = city.rasters.get("terrain")
    if terrain is None:
        base = np.zeros(ragged.features)
        below = flat_ground(around, 0.0, origin)
    else:
        base = feet(ragged, terrain)
        below = ground(terrain, around, origin)
    return CitySolids(city, ragged, together(raised(ragged, base, base + height, origin), below))


def city_scene(
    made: CitySolids, layers: Sequence[StyledLayer], selection: Mapping[str, Mask], sun: Sun | None
) -> Scene:
    """What is shown in space: buildings in the colours of their theme, the visible areas on the ground."""
    under = tuple(
        layer
        for layer in layers
        if layer.visible and (layer.name in UNDER or layer.name.startswith("raster:"))
    )
    return Scene(made.solids, _buildings(layers), under, selection.get(BUILDINGS), sun)


def fits(made: CitySolids | None, city: City, layers: Sequence[StyledLayer]) -> bool:
    """Whether solids are those of a city as it is now."""
    return made is not None and made.city is city and made.ragged is _buildings(layers).ragged


def sun_at(crs: CRS, middle: tuple[float, float], year: int, month: int, day: int, hour: float) -> Sun:
    """Where the sun stands at an hour of Beijing time, with refraction.

    Parameters
    ----------
    middle : (x, y)
        Place in the city's system. [m]
    hour : float
        0 to 24.

    Source: NREL SPA as in pvlib.
    """
    from pvlib import solarposition  # late: it takes a while to import

    longitude, latitude = Transformer.from_crs(crs, 4490, always_xy=True).transform(*middle)
    moment = pd.Timestamp(year=year, month=month, day=day, tz=CLOCK) + pd.Timedelta(hours=hour)
    found = solarposition.get_solarposition(
        pd.DatetimeIndex([moment]), latitude, longitude, method="nrel_numpy"
    )
    return Sun(float(found["azimuth"].iloc[0]), float(found["apparent_elevation"].iloc[0]))


def _buildings(layers: Sequence[StyledLayer]) -> StyledLayer:
    return next(layer for layer in layers if layer.name == BUILDINGS)
