"""Corrections: cells, shapes and whole rows that people changed, laid over a given table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from layers.completion import GIVEN, SOURCE_OF

GEOMETRY = "geometry"  # a cell of the overlay that holds a shape, as its text
ROW = "row_state"  # a cell of the overlay that says of a whole row that it was added or removed
ADDED, REMOVED = "added", "removed"


def shape_text(shape: Any) -> str:
    """A shape as the text that a cell holds; reading it gives the same coordinates, bit for bit."""
    return str(shapely.to_wkt(shape, rounding_precision=-1, output_dimension=2))


def shape_of(words: str) -> Any:
    """The shape that a cell holds."""
    return shapely.from_wkt(words)


def row_states(overlay: pd.DataFrame) -> dict[str, str]:
    """Rows of one table that were added or removed, in the order of their ids."""
    cells = overlay[overlay["field"] == ROW]
    return {
        str(row): str(json.loads(value)) for row, value in zip(cells["row_id"], cells["value"], strict=True)
    }


def drawn_tables(overlay: pd.DataFrame, decided: Iterable[str]) -> list[str]:
    """Given tables to which people added rows."""
    added = overlay[(overlay["field"] == ROW) & (overlay["value"] == json.dumps(ADDED))]
    return sorted(set(added["table_name"]) - set(decided))


def edited_overlay(overlay: pd.DataFrame, table: str, changes: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """The overlay after the changes of an edit, in its order."""
    keys = ["table_name", "row_id", "field"]
    made = pd.DataFrame(
        [(table, cell["row"], cell["field"], cell["after"]) for cell in changes],
        columns=[*keys, "value"],
        dtype=str,
    )
    return pd.concat([overlay, made]).drop_duplicates(keys, keep="last").sort_values(keys, ignore_index=True)


def empty_table(table: str, crs: CRS) -> gpd.GeoDataFrame:
    """A given table without rows, for the first that is drawn."""
    index = pd.Index([], name=f"{table}_id", dtype=object)
    return gpd.GeoDataFrame({"name": pd.Series(dtype=object)}, geometry=[], index=index, crs=crs)


def lay_over(frame: gpd.GeoDataFrame, overlay: pd.DataFrame) -> gpd.GeoDataFrame:
    """A table with corrected cells in place of the given ones, with added rows and without removed ones.

    Where the given data say that a value was derived or a default, a correction of it says `given`.
    """
    states = row_states(overlay)
    added = [row for row, state in states.items() if state == ADDED and row not in frame.index]
    corrected = _with_rows(frame, added) if added else frame.copy()
    for name, cells in overlay[overlay["field"] != ROW].groupby("field"):
        rows = cells.set_index("row_id")["value"].map(json.loads)
        rows = rows[rows.index.isin(corrected.index)]
        if name == GEOMETRY:
            corrected = _with_shapes(corrected, rows)
            continue
        if name not in corrected.columns:
            corrected[name] = pd.Series(None, index=corrected.index, dtype=object)
        column = corrected[name].astype(object)
        column.loc[rows.index] = rows
        corrected[name] = column.infer_objects()
        source = SOURCE_OF.get(str(name), "")
        if source in corrected.columns:
            corrected.loc[rows.index, source] = GIVEN
    removed = [row for row, state in states.items() if state == REMOVED]
    return corrected[~corrected.index.isin(removed)] if removed else corrected


def _with_rows(frame: gpd.GeoDataFrame, added: list[str]) -> gpd.GeoDataFrame:
    """A table with further rows that hold nothing yet."""
    index = pd.Index([*frame.index, *added], name=frame.index.name)
    longer = gpd.GeoDataFrame(frame.reindex(index), geometry=frame.geometry.name, crs=frame.crs)
    if "given_id" in longer.columns:
        longer.loc[added, "given_id"] = added
    return longer


def _with_shapes(frame: gpd.GeoDataFrame, cells: pd.Series[Any]) -> gpd.GeoDataFrame:
    """A table with other shapes in some rows."""
    shapes = frame.geometry.astype(object)
    for row, words in cells.items():
        shapes.at[row] = shape_of(str(words))
    return gpd.GeoDataFrame(
        frame.assign(**{frame.geometry.name: gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs)}),
        geometry=frame.geometry.name,
        crs=frame.crs,
    )


def let_go_of_parcels(
    tables: Mapping[str, gpd.GeoDataFrame], overlay: pd.DataFrame
) -> dict[str, gpd.GeoDataFrame]:
    """Tables whose rows no longer name a parcel that people reshaped: there the place says which parcel it is.

    A parcel that was named by a correction holds, and so does the given one of what lies on no parcel at all.
    """
    found = dict(tables)
    parcels = tables.get("parcel")
    if parcels is None:
        return found
    shaped = overlay[(overlay["table_name"] == "parcel") & overlay["field"].isin([GEOMETRY, ROW])]
    touched = set(shaped["row_id"])
    for table, frame in tables.items() if touched else ():
        if table == "parcel" or "parcel_id" not in frame.columns:
            continue
        own = overlay[(overlay["table_name"] == table) & (overlay["field"] == "parcel_id")]
        named = frame["parcel_id"].isin(touched) & ~frame.index.isin(own["row_id"])
        rows = frame.index[named & ~frame.geometry.is_empty & frame.geometry.notna()]
        places = shapely.point_on_surface(frame.geometry.loc[rows].to_numpy())
        somewhere = np.unique(parcels.sindex.query(places, predicate="intersects")[0])
        free = rows[somewhere].union(frame.index[named & ~frame["parcel_id"].isin(parcels.index)])
        found[table] = frame.assign(
            parcel_id=frame["parcel_id"].astype(object).where(~frame.index.isin(free), None)
        )
    return found
