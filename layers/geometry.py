"""Given shapes made fit for computing: what was mended, what is kept out and why, row by row."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from core.jobs import Job
from core.problems import Problem, Severity
from core.texts import Phrase, text
from layers.spikes import without_spikes

TITLES = {
    "building": "buildings",
    "parcel": "parcels",
    "district": "districts",
    "water": "water areas",
    "land_use": "land use",
    "pv_asset": "PV systems",
    "tree": "parks and trees",
    "road": "roads",
    "metro": "metro lines",
    "underground_space": "planned underground space",
    "protection_zone": "protection zones",
    "key_area": "key functional areas",
    "planning_unit": "planning units",
    "geology": "ground layers",
    "borehole": "boreholes",
    "facility": "facilities",
}
AREA_TABLES = frozenset({"building", "parcel", "district", "water", "land_use"})
VERTEX_M = 0.001  # vertices nearer than this are one: no survey tells them apart
CLOSING_M = 0.01  # an outline drawn as a line closes over a gap of this size
THIN = 0.02  # 4 pi area / perimeter² of a strip some 150 times as long as wide
SLIVER_M2 = 1.0
BUILDING_PART = "building_part"
MOST_PASSES = 8  # a mended shape is looked at again until nothing changes

Shapes = NDArray[np.object_]

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
_SAID = {
    "no crs": (
        _ERROR,
        "The table “{layer}” has no reference system.",
        "Choose the one it was drawn in; it is not guessed.",
    ),
    "degrees": (
        _ERROR,
        "The table “{layer}” is in degrees, not in metres.",
        "Convert it to a projected reference system, e.g. the CGCS2000 3-degree zone of the city.",
    ),
    "mercator": (
        _ERROR,
        "The table “{layer}” is in Web Mercator, whose areas are 1.1 to 2 times too large in China.",
        "Convert it to the CGCS2000 3-degree zone of the city.",
    ),
    "degrees as metres": (
        _ERROR,
        "The table “{layer}” is said to be in metres, but its coordinates look like degrees.",
        "Set its reference system to longitude and latitude and convert it.",
    ),
    "empty": (_ERROR, "The table “{layer}” is empty.", "Choose a layer with features."),
    "nothing left": (
        _ERROR,
        "No row of the table “{layer}” has a usable shape.",
        "Check that the right layer was chosen.",
    ),
    "no id": (
        _NOTE,
        "{count} rows of the table “{layer}” have no id; they got their row number.",
        "Add ids if the rows are to be found again.",
    ),
    "no ids": (
        _NOTE,
        "The table “{layer}” has no ids; rows are numbered.",
        "Name the column of ids if there is one.",
    ),
    "z": (
        _NOTE,
        "{count} shapes of the table “{layer}” carry heights in their coordinates; they were left out.",
        "If they are roof heights, give them as a column.",
    ),
    "no shape": (
        _WARNING,
        "{count} rows of the table “{layer}” have no shape and were kept out.",
        "Draw them or remove them.",
    ),
    "no numbers": (
        _WARNING,
        "{count} rows of the table “{layer}” have coordinates that are not numbers and were kept out.",
        "Draw them again.",
    ),
    "closed": (
        _NOTE,
        "{count} closed lines of the table “{layer}” were taken as areas.",
        "Remove those that are not outlines.",
    ),
    "not an area": (
        _WARNING,
        "{count} rows of the table “{layer}” are points or open lines and were kept out.",
        "Close the lines or move these rows to another layer.",
    ),
    "repeated": (
        _NOTE,
        "{count} shapes of the table “{layer}” had vertices on one spot; one of each was kept.",
        "Nothing needs to be done.",
    ),
    "spikes": (
        _NOTE,
        "{count} shapes of the table “{layer}” had spikes; they were removed.",
        "Nothing needs to be done.",
    ),
    "invalid": (
        _WARNING,
        "{count} shapes of the table “{layer}” were invalid ({reasons}) and were mended.",
        "Look at them on the map.",
    ),
    "collapsed": (
        _WARNING,
        "{count} shapes of the table “{layer}” enclose no area and were kept out.",
        "Draw them again or remove them.",
    ),
    "copies": (
        _WARNING,
        "{count} rows of the table “{layer}” repeat another row, id and shape, and were kept out.",
        "Nothing needs to be done; the first of each counts.",
    ),
    "same shape": (
        _WARNING,
        "{count} rows of the table “{layer}” have the same shape as another row of another id.",
        "Remove the copies, or the same ground counts twice.",
    ),
    "same id": (
        _WARNING,
        "{count} ids of the table “{layer}” were there before; they got a suffix.",
        "Give each row its own id.",
    ),
    "sliver": (
        _WARNING,
        "{count} shapes of the table “{layer}” are thin slivers or smaller than 1 m².",
        "Remove them or join them with their neighbours.",
    ),
}


COUNTED = ("building", "parcel")  # tables whose areas are added up


def repair(frame: gpd.GeoDataFrame, table: str, job: Job) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    """The rows of a given table with sound shapes, indexed by unique ids.

    Nothing is dropped in silence: rows without a usable shape are kept out and listed, every other
    row stays. The given table is not changed.

    Parameters
    ----------
    frame : GeoDataFrame
        A given table in a projected reference system in metres. Its ids are the index named
        `<table>_id`, else the column of that name, else they are made from the row numbers.
    table : str
        Name of the table, e.g. `building`.
    job : Job
        Reports progress and can stop the work.

    Returns
    -------
    GeoDataFrame
        Indexed by `<table>_id`; areas are valid polygons or multipolygons without Z. `given_id` holds
        the id in the data. The table itself, unchanged, where its reference system is unfit.
    list of Problem
        What was mended (notes), what should be looked at (warnings), what stops the work (errors).
    """
    problems = reference_problems(frame, table)
    if problems:
        return frame, problems
    if frame.empty:
        return _with_ids(frame, table)[0], [_problem("empty", table)]
    job.say("Checking shapes", 0.0, force=True)
    frame, problems = _with_ids(frame, table)
    shapes, found = _usable_shapes(frame, table)
    problems += found
    problems += _mend(frame, shapes, table, job)
    keep = np.array([shape is not None for shape in shapes], dtype=bool)
    frame = frame[keep].set_geometry(gpd.GeoSeries(shapes[keep], index=frame.index[keep], crs=frame.crs))
    frame, found = _without_copies(frame, table)
    problems += found
    frame, found = _unique_ids(frame, table)
    problems += found
    if frame.empty:
        problems.append(_problem("nothing left", table))
    elif table in COUNTED and is_area_table(frame, table):  # rivers and tunnels are thin by nature
        problems += _slivers(frame, table)
    job.say("Checking shapes", 1.0, force=True)
    return frame, problems


def unique_ids(frame: gpd.GeoDataFrame, table: str) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    """The rows of a table under ids that each row has for itself; `given_id` holds the id in the data."""
    named, problems = _with_ids(frame, table)
    single, found = _unique_ids(named, table)
    return single, problems + found


def reference_problems(frame: gpd.GeoDataFrame, table: str) -> list[Problem]:
    """Why lengths and areas cannot be taken from a table as it is; empty if they can."""
    if frame.crs is None:
        return [_problem("no crs", table)]
    if frame.crs.is_geographic:
        return [_problem("degrees", table)]
    if frame.crs.to_epsg() == 3857:
        return [_problem("mercator", table)]
    bounds = frame.total_bounds
    if len(frame) and np.isfinite(bounds).all():
        west, south, east, north = bounds
        if west >= -180 and east <= 180 and south >= -90 and north <= 90 and (east > 60 or north > 15):
            return [_problem("degrees as metres", table)]
    return []


def layer_title(table: str) -> str:
    """What a table is called; said in the language in which it is read."""
    return Phrase(TITLES[table]) if table in TITLES else table


def shapes_of(frame: gpd.GeoDataFrame) -> Shapes:
    """A copy of the shapes of a table as an array, None where missing."""
    return np.array(frame.geometry.to_numpy(), dtype=object)


def is_area_table(frame: gpd.GeoDataFrame, table: str) -> bool:
    """Whether the rows of a table are areas: by its name, else because most shapes are polygons."""
    if table in AREA_TABLES:
        return True
    areas = np.isin(shapely.get_type_id(shapes_of(frame)), (3, 6))
    return bool(len(areas) and areas.mean() > 0.5)


def _with_ids(frame: gpd.GeoDataFrame, table: str) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    """The table with its ids as text in the index, and as `given_id` beside it."""
    name = f"{table}_id"
    if frame.index.name == name:
        given = frame.index.to_series()
    elif name in frame.columns:
        given = frame[name]
        frame = frame.drop(columns=name)
    else:
        given = pd.Series(None, index=frame.index, dtype="object")
    ids = np.array(as_ids(given), dtype=object)
    missing = np.array([not word for word in ids], dtype=bool)
    numbers = np.array([str(number) for number in range(1, len(frame) + 1)], dtype=object)
    taken = set(ids[~missing])
    ids[missing] = [f"r{number}" if number in taken else number for number in numbers[missing]]
    out = frame.copy()
    out.index = pd.Index(ids, name=name, dtype=object)
    if "given_id" not in out.columns:
        out["given_id"] = ids
    if missing.any() and not missing.all():
        return out, [_problem("no id", table, out.index[missing])]
    return out, [_problem("no ids", table)] if len(out) and missing.all() else []


def as_ids(values: pd.Series[Any]) -> pd.Series[Any]:
    """Ids as text: whole numbers without a decimal point, missing as an empty text."""
    numbers = pd.to_numeric(values, errors="coerce") if values.dtype.kind == "f" else None
    if numbers is not None and (numbers.dropna() % 1 == 0).all():
        whole = numbers.astype("Int64").astype("string")
        return whole.fillna("").astype(object)
    return values.astype("string").str.strip().fillna("").astype(object)


def _usable_shapes(frame: gpd.GeoDataFrame, table: str) -> tuple[Shapes, list[Problem]]:
    """Shapes without Z, None where there is none that can be used."""
    shapes = shapes_of(frame)
    rows = frame.index
    problems = []
    absent = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    wild = np.zeros(len(shapes), dtype=bool)
    wild[owner[~np.isfinite(coordinates).all(axis=1)]] = True
    high = shapely.has_z(shapes) & ~wild & ~absent
    shapes[high] = shapely.force_2d(shapes[high])
    shapes[absent | wild] = None
    if high.any():
        problems.append(_problem("z", table, rows[high]))
    if absent.any():
        problems.append(_problem("no shape", table, rows[absent]))
    if wild.any():
        problems.append(_problem("no numbers", table, rows[wild]))
    if is_area_table(frame, table):
        lines = np.isin(shapely.get_type_id(shapes), (1, 2, 5))
        shapes[lines] = [_closed(shape) for shape in shapes[lines]]
        closed = lines & ~shapely.is_missing(shapes)
        other = ~shapely.is_missing(shapes) & np.isin(shapely.get_type_id(shapes), (0, 4))
        shapes[other] = None
        if closed.any():
            problems.append(_problem("closed", table, rows[closed]))
        if (other | (lines & ~closed)).any():
            problems.append(_problem("not an area", table, rows[other | (lines & ~closed)]))
    return shapes, problems


def _closed(line: Any) -> Any:
    """The area inside a line that ends where it began, None where it does not."""
    parts = shapely.get_parts(line)
    rings = []
    for part in parts:
        points = shapely.get_coordinates(part)
        if len(points) < 4 or np.hypot(*(points[0] - points[-1])) > CLOSING_M:
            return None
        points[-1] = points[0]
        rings.append(shapely.Polygon(points))
    return rings[0] if len(rings) == 1 else shapely.MultiPolygon(rings)


def _mend(frame: gpd.GeoDataFrame, shapes: Shapes, table: str, job: Job) -> list[Problem]:
    """Mend shapes in place until they are sound; says which and why."""
    rows = frame.index
    areas = is_area_table(frame, table)
    repeated = np.zeros(len(shapes), dtype=bool)
    spiky = np.zeros(len(shapes), dtype=bool)
    broken = np.zeros(len(shapes), dtype=bool)
    reasons: dict[str, int] = {}
    look = np.flatnonzero(~shapely.is_missing(shapes))
    for _ in range(MOST_PASSES):
        job.check()
        before = shapes[look]
        after = shapely.remove_repeated_points(before, VERTEX_M)
        repeated[look] |= shapely.get_num_coordinates(after) != shapely.get_num_coordinates(before)
        if areas:
            after, with_spikes = without_spikes(after)
            spiky[look] |= with_spikes
            invalid = ~shapely.is_valid(after)
            broken[look] |= invalid
            for reason in shapely.is_valid_reason(after[invalid]):
                what = reason.split("[")[0].strip().lower()
                reasons[what] = reasons.get(what, 0) + 1
            after[invalid] = areas_of(shapely.make_valid(after[invalid], method="structure"))
        shapes[look] = after
        look = look[~shapely.is_missing(after) & ~shapely.equals_exact(before, after, 0.0)]
        if not len(look):
            break
    problems = []
    for which, kind in ((repeated, "repeated"), (spiky, "spikes")):
        if which.any():
            problems.append(_problem(kind, table, rows[which]))
    if broken.any():
        said = ", ".join(f"{text(what)} ×{count}" for what, count in sorted(reasons.items()))
        problems.append(_problem("invalid", table, rows[broken], reasons=said))
    collapsed = (broken | spiky | repeated) & shapely.is_missing(shapes)
    if collapsed.any():
        problems.append(_problem("collapsed", table, rows[collapsed]))
    return problems


def areas_of(shapes: Shapes) -> Shapes:
    """Only the polygons of mended shapes; None where no area is left."""
    out = np.empty(len(shapes), dtype=object)
    for number, shape in enumerate(shapes):
        parts = [part for part in shapely.get_parts(shape) if part.geom_type in ("Polygon", "MultiPolygon")]
        polygons = [one for part in parts for one in shapely.get_parts(part) if one.area > 0]
        if polygons:
            out[number] = polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)
    return out


def _without_copies(frame: gpd.GeoDataFrame, table: str) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    """One row where the same id has the same shape more than once; equal shapes of other ids are said."""
    shape = pd.Series(shapely.to_wkb(shapely.normalize(shapes_of(frame))), index=frame.index)
    keys = pd.DataFrame({"id": frame["given_id"].to_numpy(), "shape": shape.to_numpy()})
    copies = keys.duplicated().to_numpy()
    problems = []
    if copies.any():
        problems.append(_problem("copies", table, frame.index[copies]))
    frame, keys = frame[~copies], keys[~copies]
    same = keys.duplicated("shape", keep=False).to_numpy()
    if "kind" in frame.columns:
        same = same & ~frame["kind"].eq(BUILDING_PART).to_numpy(dtype=bool)  # parts may stand on each other
    if same.any():
        problems.append(_problem("same shape", table, frame.index[same]))
    return frame, problems


def _unique_ids(frame: gpd.GeoDataFrame, table: str) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    """The table with a suffix at every id that was there before."""
    ids = frame.index.to_series().reset_index(drop=True)
    again = ids.duplicated().to_numpy()
    if not again.any():
        return frame, []
    taken = set(ids)
    names = ids.to_list()
    number: dict[str, int] = {}
    for place in np.flatnonzero(again):
        given = names[place]
        count = number.get(given, 1) + 1
        while f"{given}_{count}" in taken:
            count += 1
        number[given] = count
        names[place] = f"{given}_{count}"
        taken.add(names[place])
    out = frame.copy()
    out.index = pd.Index(names, name=frame.index.name, dtype=object)
    return out, [_problem("same id", table, out.index[again])]


def _slivers(frame: gpd.GeoDataFrame, table: str) -> list[Problem]:
    """A warning for shapes too thin or too small to be meant."""
    shapes = shapes_of(frame)
    area, around = shapely.area(shapes), shapely.length(shapes)
    thinness = np.divide(4 * np.pi * area, around**2, out=np.zeros_like(area), where=around > 0)
    thin = (thinness < THIN) | (area < SLIVER_M2)
    return [_problem("sliver", table, frame.index[thin])] if thin.any() else []


def _problem(kind: str, table: str, rows: Any = (), **values: Any) -> Problem:
    """One of the problems of shapes, with its rows."""
    severity, message, remedy = _SAID[kind]
    return Problem(
        message,
        remedy,
        severity=severity,
        table=table,
        rows=tuple(rows),
        count=len(rows),
        layer=layer_title(table),
        **values,
    )
