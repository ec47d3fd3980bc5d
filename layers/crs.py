"""Reference systems: which one a city gets, whether a layer's is believable, and the way between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS, Geod, Transformer

from core.jobs import Job
from core.problems import Problem, Severity, UserError

# First EPSG codes of the Gauss-Krüger families of China. A zone with its number before the easting is
# counted from 25 (3°) or 13 (6°); one without it (CM) by its central meridian from 75° E.
FAMILIES = {
    "CGCS2000": {"zone_3": 4513, "meridian_3": 4534, "zone_6": 4491, "meridian_6": 4502},
    "Xian 1980": {"zone_3": 2349, "meridian_3": 2370, "zone_6": 2327, "meridian_6": 2338},
    "Beijing 1954": {"zone_3": 2401, "meridian_3": 2422},
}
OLD_DATUMS = ("Beijing 1954", "Xian 1980")
CHINA_DEG = (73.0, 3.0, 136.0, 54.0)  # west, south, east, north
NORTHING_M = (2.0e6, 5.95e6)  # of China
EASTING_M = (3.3e5, 6.7e5)  # without the zone number
EASTING_WITH_ZONE_M = (25.0e6, 46.0e6)
EASTING_6_DEG_ZONE_M = (13.0e6, 24.0e6)
FARTHEST_FROM_MERIDIAN_M = 300_000.0  # half a 6° zone at 20° N
FARTHEST_FROM_CENTRE_M = 150_000.0
ROWS_A_STEP = 20_000


@dataclass(frozen=True)
class Candidate:
    """A reference system that coordinates without one may be in.

    `distance_m` is from the centre of the coordinates to that of the city, NaN if the city is not known;
    `swapped` says that north and east have to be exchanged first.
    """

    crs: CRS
    distance_m: float
    swapped: bool = False


def suggest_crs(longitude: float, prefix: bool = False, *, latitude: float = 30.0) -> CRS:
    """The reference system for a city: the CGCS2000 3° zone nearest to it.

    Parameters
    ----------
    longitude, latitude : float
        Centre of the city. [°] The latitude matters outside China only.
    prefix : bool
        Whether eastings carry the number of the zone.

    Returns
    -------
    CRS
        EPSG 4534 and following, with zone number 4513 and following; outside China the UTM zone.
    """
    west, south, east, north = CHINA_DEG
    if not (west <= longitude <= east and south <= latitude <= north):
        zone = int((longitude + 180) // 6) % 60 + 1
        return CRS.from_epsg((32600 if latitude >= 0 else 32700) + zone)
    number = min(max(round(longitude / 3), 25), 45)
    return CRS.from_epsg((4513 if prefix else 4534) + number - 25)


def central_meridian(crs: CRS) -> float | None:
    """Longitude on which a transverse Mercator system is centred. [°] None for other systems."""
    return _parameter(crs, "Longitude of natural origin") if _transverse(crs) else None


def is_web_mercator(crs: CRS) -> bool:
    """Whether a system is the Mercator of web maps, in which lengths and areas are inflated."""
    return "Pseudo Mercator" in _method(crs)


def must_measure(crs: CRS) -> None:
    """Refuse a reference system in which nothing can be measured in metres."""
    if is_web_mercator(crs):
        raise UserError(
            Problem(
                "Web Mercator inflates lengths and areas; nothing can be measured in it.",
                "Choose a projected reference system, such as a CGCS2000 3-degree zone.",
            )
        )
    if not crs.is_projected or crs.axis_info[0].unit_name != "metre":
        raise UserError(
            Problem(
                "{crs} does not measure in metres.",
                "Choose a projected reference system, such as a CGCS2000 3-degree zone.",
                crs=crs.name,
            )
        )


def require_metres(crs: CRS | None, table: str = "") -> CRS:
    """The system itself if lengths and areas can be computed in it.

    Raises
    ------
    UserError
        If there is none, or it is in degrees or feet, or the Mercator of web maps.
    """
    if crs is None:
        raise UserError(_missing(table))
    found = CRS.from_user_input(crs)
    if not found.is_projected:
        raise UserError(
            Problem(
                "{crs} is in degrees; lengths and areas need metres.",
                "Convert the layer to the project's reference system.",
                table=table,
                crs=found.name,
            )
        )
    if found.axis_info[0].unit_name not in ("metre", "meter"):
        raise UserError(
            Problem(
                "{crs} is in {unit}; lengths and areas need metres.",
                "Convert the layer to the project's reference system.",
                table=table,
                crs=found.name,
                unit=found.axis_info[0].unit_name,
            )
        )
    if is_web_mercator(found):
        raise UserError(
            Problem(
                "Web Mercator inflates lengths and areas; nothing can be measured in it.",
                "Convert the layer to the project's reference system.",
                table=table,
            )
        )
    return found


def check_crs(frame: gpd.GeoDataFrame, table: str = "") -> list[Problem]:
    """What is doubtful about a layer's reference system and its coordinates, all at once.

    Parameters
    ----------
    frame : GeoDataFrame
        The layer as read.
    table : str
        Name of the table, for the problems.
    """
    if frame.crs is None:
        return [_missing(table)]
    crs = CRS.from_user_input(frame.crs)
    problems = list(_about_system(frame, crs, table))
    bounds = _bounds(frame)
    if bounds is None:
        return problems
    if not np.isfinite(bounds).all():
        far = ~np.isfinite(frame.bounds.to_numpy()).all(axis=1) & ~(frame.geometry.isna() | frame.is_empty)
        problems.append(
            Problem(
                "Some coordinates are infinite.",
                "Correct or remove these features.",
                table=table,
                rows=tuple(frame.index[far]),
            )
        )
        return problems
    check = _about_projected if crs.is_projected else _about_degrees
    return [*problems, *check(bounds, crs, table)]


def swap_axes(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The layer with north and east exchanged, for files written with the axes the wrong way round."""
    swapped = shapely.transform(frame.geometry.array, lambda points: points[:, ::-1])
    return frame.copy().set_geometry(gpd.GeoSeries(swapped, index=frame.index), crs=frame.crs)


def candidates(
    bounds: tuple[float, float, float, float], centre: tuple[float, float] | None = None
) -> list[Candidate]:
    """Reference systems that coordinates without one may be in, the nearest to the city first.

    Parameters
    ----------
    bounds : tuple
        West, south, east, north of the coordinates, in their unknown unit.
    centre : tuple, optional
        Longitude and latitude of the city. [°] Six-digit eastings fit every zone: without it all are given.
    """
    found: list[Candidate] = []
    for swapped in (False, True):
        west, south, east, north = bounds
        x, y = (west + east) / 2, (south + north) / 2
        if swapped:
            x, y = y, x
        for crs in _fitting(x, y, centre):
            lon, lat = _to_degrees(crs).transform(x, y)
            if not _in_box(lon, lat, CHINA_DEG):
                continue
            distance = float(Geod(ellps="GRS80").inv(lon, lat, *centre)[2]) if centre else np.nan
            if not centre or distance <= FARTHEST_FROM_CENTRE_M:
                found.append(Candidate(crs, distance, swapped))
    return sorted(found, key=lambda c: (0.0 if np.isnan(c.distance_m) else c.distance_m // 2000, c.swapped))


def to_project_crs(frame: gpd.GeoDataFrame, crs: CRS, job: Job | None = None) -> gpd.GeoDataFrame:
    """The layer in the project's reference system.

    Parameters
    ----------
    frame : GeoDataFrame
        A layer whose system is known.
    crs : CRS
        The project's system, in metres.
    job : Job, optional
        Reports progress and can be stopped.

    Raises
    ------
    UserError
        If the layer has no system, the project's is not in metres, or a point has no place in it.
    """
    target = require_metres(crs)
    if frame.crs is None:
        raise UserError(_missing(""))
    if CRS.from_user_input(frame.crs) == target:
        return frame
    steps = range(0, len(frame), ROWS_A_STEP)
    parts = [
        frame.geometry.iloc[start : start + ROWS_A_STEP].to_crs(target)
        for start in (job or Job()).each(steps, "Converting coordinates")
    ]
    moved = gpd.GeoSeries(pd.concat(parts) if parts else [], index=frame.index, crs=target)
    there = ~(moved.isna() | moved.is_empty)
    lost = there & ~np.isfinite(moved.bounds.to_numpy()).all(axis=1)
    if lost.any():
        raise UserError(
            Problem(
                "Some features have no place in {crs}.",
                "Check the reference system of the layer.",
                rows=tuple(frame.index[lost]),
                crs=target.name,
            )
        )
    return frame.copy().set_geometry(moved)


def _missing(table: str) -> Problem:
    return Problem(
        "The layer does not say which reference system its coordinates are in.",
        "Choose the system; ask whoever made the data if you do not know it.",
        table=table,
    )


def _about_system(frame: gpd.GeoDataFrame, crs: CRS, table: str) -> Iterator[Problem]:
    """What is doubtful about the system itself."""
    datum = crs.datum.name if crs.datum else ""
    if datum in OLD_DATUMS:
        yield Problem(
            "{datum} converts to CGCS2000 with an error of some 50 to 100 m without local parameters.",
            "Ask the surveying office for the layer in CGCS2000.",
            severity=Severity.WARNING,
            table=table,
            datum=datum,
        )
    if crs.is_projected and crs.axis_info[0].unit_name not in ("metre", "meter"):
        yield Problem(
            "The coordinates are in {unit}.",
            "They are converted to metres with the project's reference system.",
            severity=Severity.NOTE,
            table=table,
            unit=crs.axis_info[0].unit_name,
        )
    bounds = _bounds(frame)
    if is_web_mercator(crs) and bounds is not None and np.isfinite(bounds).all():
        middle = float((bounds[1] + bounds[3]) / 2)
        factor = float(np.cosh(middle / 6378137.0)) ** 2
        yield Problem(
            "The layer is in Web Mercator, which inflates areas here by {factor}.",
            "Convert it to the project's reference system before anything is measured.",
            severity=Severity.WARNING,
            table=table,
            factor=f"{factor:.2f}",
        )


def _about_projected(bounds: tuple[float, ...], crs: CRS, table: str) -> Iterator[Problem]:
    """What is doubtful about coordinates that should be metres."""
    west, south, east, north = bounds
    if _in_box(west, south, (-180, -90, 180, 90)) and _in_box(east, north, (-180, -90, 180, 90)):
        yield Problem(
            "The reference system {crs} is in metres, but the coordinates look like degrees.",
            "Choose the system of degrees the layer is in.",
            table=table,
            crs=crs.name,
        )
        return
    if not _transverse(crs):
        return
    if _within(bounds[::2], NORTHING_M) and _is_easting(south) and _is_easting(north):
        yield Problem(
            "North and east look exchanged: {x} cannot be an easting.",
            "Exchange the axes.",
            table=table,
            x=f"{west:.0f}",
        )
        return
    said = int(_parameter(crs, "False easting") // 1_000_000)
    given = int(west // 1_000_000)
    if west > 0 and said != given:
        yield _wrong_zone_number(given, said, crs.name, table)
        return
    far = max(abs(west - _parameter(crs, "False easting")), abs(east - _parameter(crs, "False easting")))
    if far > FARTHEST_FROM_MERIDIAN_M:
        yield Problem(
            "The coordinates lie {far} km from the central meridian of {crs}.",
            "Check whether this is the right zone.",
            severity=Severity.WARNING,
            table=table,
            far=f"{far / 1000:.0f}",
            crs=crs.name,
        )


def _wrong_zone_number(given: int, said: int, crs: str, table: str) -> Problem:
    if said and given:
        return Problem(
            "The eastings begin with zone number {given}, but {crs} has {said}.",
            "Choose the system with the zone number of the coordinates.",
            table=table,
            given=given,
            said=said,
            crs=crs,
        )
    if given:
        return Problem(
            "The eastings begin with {given}, as with a zone number, but {crs} has none.",
            "Choose the system with the zone number of the coordinates.",
            table=table,
            given=given,
            crs=crs,
        )
    return Problem(
        "The eastings carry no zone number, but {crs} has {said}.",
        "Choose the system with the zone number of the coordinates.",
        table=table,
        said=said,
        crs=crs,
    )


def _about_degrees(bounds: tuple[float, ...], crs: CRS, table: str) -> Iterator[Problem]:
    """What is doubtful about coordinates that should be degrees."""
    west, south, east, north = bounds
    if not (_in_box(west, south, (-360, -360, 360, 360)) and _in_box(east, north, (-360, -360, 360, 360))):
        yield Problem(
            "The reference system {crs} is in degrees, but the coordinates look like metres.",
            "Choose the projected system the layer is in.",
            table=table,
            crs=crs.name,
        )
        return
    swapped = _in_box(south, west, CHINA_DEG) and _in_box(north, east, CHINA_DEG)
    if swapped or not (_within((south, north), (-90, 90)) and _within((west, east), (-180, 180))):
        yield Problem(
            "Longitude and latitude look exchanged: {x} stands where the longitude should.",
            "Exchange the axes.",
            table=table,
            x=f"{west:.4f}",
        )


def _fitting(x: float, y: float, centre: tuple[float, float] | None) -> Iterator[CRS]:
    """Systems whose coordinates look like this, CGCS2000 before the older ones."""
    if _in_box(x, y, CHINA_DEG):
        yield from (CRS.from_epsg(4490), CRS.from_epsg(4326))
        return
    if not _within((y,), NORTHING_M) and not _within((y,), (3.0e5, 7.5e6)):
        return
    zone = int(x // 1_000_000)
    for codes in FAMILIES.values():
        if 25 <= zone <= 45:
            yield CRS.from_epsg(codes["zone_3"] + zone - 25)
        elif 13 <= zone <= 23 and "zone_6" in codes:
            yield CRS.from_epsg(codes["zone_6"] + zone - 13)
        elif zone == 0 and x > 0:
            yield from (CRS.from_epsg(codes["meridian_3"] + step) for step in range(21))
            if "meridian_6" in codes:
                yield from (CRS.from_epsg(codes["meridian_6"] + step) for step in range(11))
    if zone == 0 and x > 0:
        zones = range(43, 54) if centre is None else (int((centre[0] + 180) // 6) + 1,)
        yield from (CRS.from_epsg(32600 + number) for number in zones)
    if 8 <= zone <= 15:
        yield CRS.from_epsg(3857)


@lru_cache(maxsize=256)
def _to_degrees(crs: CRS) -> Transformer:
    return Transformer.from_crs(crs, crs.geodetic_crs or crs, always_xy=True)


def _bounds(frame: gpd.GeoDataFrame) -> tuple[float, float, float, float] | None:
    there = ~(frame.geometry.isna() | frame.is_empty)
    if not there.any():
        return None
    west, south, east, north = (float(value) for value in frame.total_bounds)
    return west, south, east, north


def _method(crs: CRS) -> str:
    return crs.coordinate_operation.method_name if crs.coordinate_operation else ""


def _transverse(crs: CRS) -> bool:
    return _method(crs) in ("Transverse Mercator", "Gauss-Kruger")


def _parameter(crs: CRS, name: str) -> float:
    values = {p.name: p.value for p in crs.coordinate_operation.params} if crs.coordinate_operation else {}
    return float(values.get(name, 0.0))


def _is_easting(value: float) -> bool:
    return any(_within((value,), limits) for limits in (EASTING_M, EASTING_WITH_ZONE_M, EASTING_6_DEG_ZONE_M))


def _within(values: tuple[float, ...], limits: tuple[float, float]) -> bool:
    return all(limits[0] <= value <= limits[1] for value in values)


def _in_box(x: float, y: float, box: tuple[float, float, float, float]) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]
