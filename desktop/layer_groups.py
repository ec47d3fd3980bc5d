"""Groups of layers: under which head each layer of the map stands in the list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from desktop.map_layers import RASTER, RELIEF
from layers.city import City

BASE, GROUND, CITY, RESULTS, LIMITS = "base", "ground", "city", "results", "limits"
SUN, GROUND_HEAT, WATER_AND_WASTE = "sun", "ground_heat", "water_and_waste"
TITLES = {
    LIMITS: "Geology, limits and facilities",
    WATER_AND_WASTE: "Results: heat of water, waste heat, biomass",
    GROUND_HEAT: "Results: heat of the ground",
    SUN: "Results: sun",
    RESULTS: "Results",
    CITY: "Buildings",
    GROUND: "Below ground: rock, water, temperature",
    BASE: "Parcels and base layers",
}
# Maps of the ground lie over the parcels and under the buildings, and so stand between them in the list.
TABLES = {
    **dict.fromkeys(("district", "planning_unit", "water", "tree", "road", "parcel"), BASE),
    "building": CITY,
    **dict.fromkeys(("roof_plane", "roof_usable", "wall", "canopy", "module"), SUN),
    **dict.fromkeys(
        ("borefield", "usable_ground", "well", "plume", "deep_well", "deep_doublet"), GROUND_HEAT
    ),
    **dict.fromkeys(
        ("water_source", "water_link", "heat_source", "heat_link", "fuel_source"), WATER_AND_WASTE
    ),
}


def group_of(name: str, city: City | None) -> str:
    """The group of a layer: what the city holds by its kind, results by where the energy comes from."""
    if city is not None and name.startswith(RASTER):
        raster = name.removeprefix(RASTER)
        if raster in city.rasters:
            return BASE if raster in RELIEF else GROUND
        return SUN if raster.startswith("irradiation") else RESULTS
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
