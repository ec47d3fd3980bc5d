"""Sources: what a reader finds in a file, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from core.problems import Problem, UserError
from layers.encodings import EncodingChoice

SAMPLE_ROWS = 5


@dataclass(frozen=True)
class Coordinates:
    """The columns of a table that say where a row lies: `x` and `y`, or `wkt`.

    `x` is the longitude or easting, `y` the latitude or northing, whatever the columns are called.
    """

    x: str = ""
    y: str = ""
    wkt: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The columns, in order."""
        return tuple(name for name in (self.x, self.y, self.wkt) if name)


@dataclass(frozen=True)
class Source:
    """One layer that a file offers.

    Parameters
    ----------
    path : Path
        The file the user chose.
    layer : str
        Name to give to `read`; unique in the file.
    form : str
        The kind of file: `Shapefile`, `GeoPackage`, `GeoJSON`, `FileGDB`, `KML`, `DXF`, `CSV`, `XLSX`.
    geometry_type : str
        `Polygon`, `MultiPolygon`, `Point` …; empty for a layer without geometry.
    features : int
        Number of rows.
    crs : CRS, optional
        The reference system the file states.
    columns : tuple of str
        Names of the columns, geometry left out.
    encodings : EncodingChoice, optional
        For files that hold bytes of text: how they were read, and how else they might be.
    sample : DataFrame
        The first rows.
    coordinates : Coordinates, optional
        For tables: the columns that hold the place.
    problems : tuple of Problem
        What stands against reading this layer, or is worth knowing before.
    """

    path: Path
    layer: str
    form: str
    geometry_type: str
    features: int
    crs: CRS | None
    columns: tuple[str, ...]
    encodings: EncodingChoice | None = None
    sample: pd.DataFrame = field(default_factory=pd.DataFrame)
    coordinates: Coordinates | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Given:
    """A layer as the file gives it: its rows under their own column names.

    `frame` has no reference system if none is stated; `problems` then say so.
    """

    frame: gpd.GeoDataFrame
    problems: tuple[Problem, ...]
    source: Source


def unreadable(name: str, reason: Any) -> UserError:
    """The refusal of a file that is broken or in use."""
    return UserError(
        Problem(
            "{name} cannot be read: {reason}.",
            "Close it in other programs, or open it there and save it again.",
            name=name,
            reason=str(reason).strip().rstrip("."),
        )
    )
