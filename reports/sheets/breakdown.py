"""Breakdown: what a map shows, added up by planning unit or district, as the table beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from core.fields import fields
from core.texts import text
from core.units import MISSING, count, figure, scale, share_of_whole, unit_said
from layers.city import City, Raster
from reports.sheets.classing import weights_of
from reports.sheets.declared import SheetRaster
from reports.sheets.labels import column_mm, named
from reports.sheets.layer_drawing import Shown
from reports.sheets.material import M2_PER_HECTARE

SIDE_MM = 83.0  # of the column beside a map
MOST_CLASSES = 6  # columns of a table beside the map; smaller classes share the last
LEAST_AREAS = 2
JOINER = "\u2060"  # keeps a unit on one line
WORDED_METHODS = ("single", "years", "uses", "grades", "categories")
Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Areas:
    """The area of every shape of a layer, by its place among the names; -1 for shapes in none of them."""

    names: tuple[str, ...]
    of: NDArray[np.int64]
    title: str

    def sums(self, values: Numbers) -> Numbers:
        """The sum in each area, in the order of the names, and at the end that of all shapes."""
        inside = self.of >= 0
        added = np.bincount(self.of[inside], weights=values[inside], minlength=len(self.names))
        return np.append(added, values.sum())


@dataclass(frozen=True, eq=False)
class Column:
    """A column of the table: its head, and what stands in each area and at the end in all."""

    head: str
    cells: tuple[str, ...]


def breakdown(city: City, shown: Shown, most: int) -> dict[str, Any] | None:
    """The table of a layer by area, for the template; None where the shapes lie in fewer than two areas or too many.

    Parameters
    ----------
    city : City
    shown : Shown
        The layer as it was drawn.
    most : int
        Rows there is room for; districts stand in for planning units where there are more of these.
    """
    if shown.layer.shape == "district":  # each is a row of the legend already
        return None
    drawn = shown.numbers >= 0
    frame = shown.material.frame[drawn]
    found = areas_of(city, frame, most)
    if found is None:
        return None
    if shown.found.classes.numeric and shown.layer.classes not in WORDED_METHODS:
        return _table(shown.layer.title.said(), found, _by_value(shown, found, drawn))
    columns: list[Column] = []
    for classes in range(MOST_CLASSES, 1, -1):
        columns = _by_class(shown, found, drawn, classes)
        if sum(_widths(found, columns)) <= SIDE_MM:
            break
    return _table(shown.layer.title.said(), found, columns)


def breakdown_of_raster(
    city: City, raster: Raster, declared: SheetRaster, most: int
) -> dict[str, Any] | None:
    """The table of a raster by area: its values at the parcels, weighted by their area; None as of `breakdown`."""
    parcels = city.tables.get("parcel")
    if parcels is None or parcels.empty:
        return None
    values = _values_at(
        raster, shapely.get_coordinates(shapely.point_on_surface(parcels.geometry.to_numpy()))
    )
    known = np.isfinite(values)
    found = areas_of(city, parcels[known], most) if known.any() else None
    if found is None:
        return None
    values, area = values[known], parcels.geometry.area.to_numpy(float)[known]
    unit = unit_said(declared.unit or fields()[declared.column].unit)
    mean = found.sums(values * area) / found.sums(area)
    ends = [
        [*(pick(values[found.of == place]) for place in range(len(found.names))), pick(values)]
        for pick in (np.min, np.max)
    ]
    columns = [
        Column(_with_unit(title, unit), tuple(figure(float(value)) for value in those))
        for title, those in ((text("Mean"), mean), (text("Lowest"), ends[0]), (text("Highest"), ends[1]))
    ]
    return _table(declared.title.said(), found, columns)


def areas_of(city: City, frame: pd.DataFrame, most: int) -> Areas | None:
    """The planning units of some shapes, or their districts where those are too many; None where neither divides them."""
    parcels = city.tables.get("parcel")
    for column, table, title in (
        ("planning_unit", "planning_unit", text("Policy unit")),
        ("district_name", "district", text("District")),
    ):
        if column in frame:
            said = frame[column]
        elif "parcel_id" in frame and parcels is not None and column in parcels:
            said = frame["parcel_id"].map(parcels[column])
        else:
            continue
        words = said.astype(object).where(said.notna(), "").astype(str)
        keys = sorted(set(words) - {""})
        if not LEAST_AREAS <= len(keys) <= most:
            continue
        names = dict(zip(keys, keys, strict=True))
        if table == "planning_unit" and table in city.tables:
            units = city.tables[table]
            names |= dict(zip(units.index.astype(str), named(units), strict=True))
        return Areas(tuple(names[key] for key in keys), pd.Index(keys).get_indexer(pd.Index(words)), title)
    return None


def _by_class(shown: Shown, areas: Areas, drawn: NDArray[np.bool_], most: int) -> list[Column]:
    """A column for each of the largest classes, one for what is left, so many at most, and one for all."""
    numbers = shown.numbers[drawn]
    weights, unit = _weights(shown, drawn)
    whole = np.bincount(numbers, weights=weights, minlength=len(shown.found.labels))
    order = [int(number) for number in np.argsort(-whole, kind="stable") if whole[number] > 0]
    kept = order if len(order) <= most else order[: most - 1]
    factor, said = _unit(float(areas.sums(weights)[:-1].max()), unit)
    columns = [
        _amounts(
            shown.found.labels[number], areas.sums(np.where(numbers == number, weights, 0.0)), factor, unit
        )
        for number in sorted(kept)
    ]
    if len(order) > len(kept):
        rest = areas.sums(np.where(np.isin(numbers, kept), 0.0, weights))
        columns.append(_amounts(text("Other"), rest, factor, unit))
    if len(columns) > 1:
        columns.append(_amounts(text("In all"), areas.sums(weights), factor, unit))
    if said:
        return [*columns[:-1], Column(_with_unit(columns[-1].head, said), columns[-1].cells)]
    return columns


def _by_value(shown: Shown, areas: Areas, drawn: NDArray[np.bool_]) -> list[Column]:
    """How many there are in each area, what they add up to, and their mean."""
    layer, values = shown.layer, shown.material.values.to_numpy(float)[drawn]
    columns = [Column(text("How many"), tuple(map(count, areas.sums(np.ones(len(values))))))]
    known = fields().get(shown.material.column)
    unit = layer.unit or (known.unit if known else "")
    if layer.by_hectare:  # a density: what it stands for is added up
        hectares = shown.material.frame.geometry.area.to_numpy(float)[drawn] / M2_PER_HECTARE
        added, room = areas.sums(values * hectares), areas.sums(hectares)
        columns.append(_scaled(text("In all"), added, unit.partition("/")[0]))
        return [*columns, _means(added / room, unit, layer.plain)]
    weights, weight_unit = _weights(shown, drawn)
    if layer.count == "value":
        added = areas.sums(values)
        shares = tuple(share_of_whole(float(share)) if share else MISSING for share in added / added[-1])
        return [*columns, _scaled(text("In all"), added, unit), Column(text("Share"), shares)]
    added = areas.sums(weights)
    if weight_unit:
        title = text("Land area") if layer.count == "area" else fields()[layer.count].title
        factor, said = _unit(float(added[:-1].max()), weight_unit)
        columns.append(_amounts(_with_unit(title, said), added, factor, weight_unit))
    with np.errstate(invalid="ignore", divide="ignore"):
        return [*columns, _means(areas.sums(values * weights) / added, unit, layer.plain)]


def _weights(shown: Shown, drawn: NDArray[np.bool_]) -> tuple[Numbers, str]:
    """What counts of each shape, and its unit; one for each shape where the layer counts nothing else."""
    held = weights_of(shown.layer, shown.material) if shown.layer.count else None
    if held is None:
        return np.ones(int(drawn.sum())), ""
    return held[0][drawn], held[1]


def _unit(largest: float, unit: str) -> tuple[float, str]:
    """The factor and the name of the unit; land is measured in hectares."""
    if unit == "ha":
        return 1.0, unit_said(unit)
    return scale(largest, unit)


def _amounts(head: str, sums: Numbers, factor: float, unit: str) -> Column:
    write = figure if unit else count
    return Column(head, tuple(write(float(value) * factor) if value else MISSING for value in sums))


def _scaled(title: str, sums: Numbers, unit: str) -> Column:
    factor, said = _unit(float(sums[:-1].max()), unit)
    return _amounts(_with_unit(title, said), sums, factor, unit)


def _means(means: Numbers, unit: str, plain: bool) -> Column:
    """The column of means; those of years are years."""
    if plain:
        return Column(text("Mean"), tuple(f"{mean:.0f}" if np.isfinite(mean) else MISSING for mean in means))
    return Column(_with_unit(text("Mean"), unit_said(unit)), tuple(figure(float(mean)) for mean in means))


def _with_unit(title: str, unit: str) -> str:
    return f"{title} ({JOINER.join(unit)})" if unit else title


def _values_at(raster: Raster, places: NDArray[np.float64]) -> Numbers:
    """The values of the cells that hold some places; NaN outside."""
    across, down = ~raster.transform @ (places[:, 0], places[:, 1])
    column, row = np.floor(across).astype(np.int64), np.floor(down).astype(np.int64)
    high, wide = raster.values.shape
    inside = (row >= 0) & (row < high) & (column >= 0) & (column < wide)
    found = np.full(len(places), np.nan)
    found[inside] = raster.values[row[inside], column[inside]]
    return found


def _widths(areas: Areas, columns: Sequence[Column]) -> list[float]:
    """How wide the columns have to be, that of the names first. [mm]"""
    first = column_mm(areas.title, [*areas.names, text("In all")])
    return [first, *(column_mm(one.head, one.cells) for one in columns)]


def _table(title: str, areas: Areas, columns: list[Column]) -> dict[str, Any]:
    """The table for the template; its last row is that of all areas."""
    names = [*areas.names, text("In all")]
    return {
        "title": text("{title}, by {area}", title=title, area=areas.title.lower()),
        "heads": [areas.title, *(one.head for one in columns)],
        "aligns": ["left", *("right" for _ in columns)],
        "widths": _widths(areas, columns),
        "rows": [list(row) for row in zip(names, *(one.cells for one in columns), strict=True)],
        "left-out": "",
        "summed": True,
    }
