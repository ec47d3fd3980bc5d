"""Groups of layers: under which head each layer of the map stands in the list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from desktop.map_layers import RASTER, RELIEF
from layers.city import City

BASE, CITY, RESULTS, LIMITS = "base", "city", "results", "limits"
TITLES = {
    LIMITS: "Ground, limits and facilities",
    RESULTS: "Results",
    CITY: "Buildings and parcels",
    BASE: "Base layers",
}
TABLES = {
    **dict.fromkeys(("district", "planning_unit", "water", "tree", "road"), BASE),
    **dict.fromkeys(("parcel", "building"), CITY),
}


def group_of(name: str, city: City | None) -> str:
    """The group of a layer: what the city holds by its kind, everything else is a result."""
    if city is not None and name.startswith(RASTER):
        raster = name.removeprefix(RASTER)
        if raster in city.rasters:
            return BASE if raster in RELIEF else CITY
        return RESULTS
    if name in TABLES:
        return TABLES[name]
    return LIMITS if city is not None and name in city.tables else RESULTS


def gathered(names: Iterable[str], city: City | None) -> list[str]:
    """Layers from below to above with those of a group beside each other; the order within a group stays.

    Groups stand in the order of their highest layers, so that dragging a layer to the top of the list takes its group along.
    """
    order = list(names)
    groups = {name: group_of(name, city) for name in order}
    ranks = ranked([groups[name] for name in order])
    return sorted(order, key=lambda name: ranks.index(groups[name]))


def ranked(groups: Sequence[str]) -> list[str]:
    """Groups from below to above, each where its highest layer stands."""
    return list(dict.fromkeys(reversed(groups)))[::-1]


def moved(names: Sequence[str], group: str, step: int, city: City | None) -> list[str]:
    """The layers, from below to above, with a whole group one place higher (1) or lower (-1)."""
    order = gathered(names, city)
    groups = [group_of(name, city) for name in order]
    ranks = ranked(groups)
    place = ranks.index(group)
    if not 0 <= place + step < len(ranks):
        return order
    ranks[place], ranks[place + step] = ranks[place + step], ranks[place]
    return sorted(order, key=lambda name: ranks.index(group_of(name, city)))
