"""Coordinates: a place as people write it, in metres with or without zone number or in degrees, and how it is said."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import lru_cache

from pyproj import CRS, Transformer

from core.problems import Problem, UserError
from core.texts import THIN_SPACE
from core.units import MISSING, NO_BREAK_SPACE
from layers.crs import EASTING_6_DEG_ZONE_M, EASTING_M, EASTING_WITH_ZONE_M, FAMILIES, central_meridian

FORMS = ("project", "zone", "degrees", "minutes")
NARROW_SPACE = "\u202f"  # between thousands as other programs set it
ZONE_M = 1_000_000.0  # what one zone number adds to an easting
FARTHEST_M = 300_000.0  # from the middle of the city; farther is a slip of the pen
CGCS2000_DEGREES = 4490
ANGLE = re.compile(
    r"(?P<before>[NSEW])?\s*(?P<degrees>[+-]?\d+(?:\.\d+)?)"
    r"(?:\s*[°度]\s*(?:(?P<minutes>\d+(?:\.\d+)?)\s*['′分]\s*)?(?:(?P<seconds>\d+(?:\.\d+)?)\s*[\"″秒]\s*)?)?"
    r"(?(before)|\s*(?P<after>[NSEW])?)",
    re.IGNORECASE,
)
PLAIN = str.maketrans("，、；：’”　", ",,;:'\" ")
BETWEEN_THOUSANDS = re.compile(rf"(?<=\d)[{THIN_SPACE}{NARROW_SPACE}{NO_BREAK_SPACE}](?=\d{{3}}(?!\d))")
BESIDE_NUMBERS = re.compile(r"[\s,;:xy=]*", re.IGNORECASE)
LONGITUDE, LATITUDE = "lon", "lat"


def place_meant(words: str, crs: CRS, near: tuple[float, float]) -> tuple[float, float]:
    """The place that two written numbers mean, in the project's system.

    Degrees are of CGCS2000, which WGS 84 differs from by less than a metre. Which number is which is told by letters
    (N, E), by size, and where both would do by nearness to the city.

    Parameters
    ----------
    words : str
        `108.94, 34.26`, `34°15'36"N 108°56'24"E`, `500123.4 3800456.7` or `36500123.4, 3800456.7`, in either order.
    crs : CRS
        System of the project, in metres.
    near : (x, y)
        Middle of the city. [m]

    Returns
    -------
    (x, y)
        [m]

    Raises
    ------
    UserError
        If it cannot be read, or lies far from the city.
    """
    numbers = _numbers(words)
    found = [place for place in _places(numbers, crs) if all(math.isfinite(value) for value in place)]
    if not found:
        raise _unread(words)
    best = min(found, key=lambda place: math.dist(place, near))
    distance_m = math.dist(best, near)
    if distance_m > FARTHEST_M:
        raise UserError(
            Problem(
                "This place lies {distance} km from the city.",
                "Check the order of the numbers and the number of the zone.",
                distance=f"{distance_m / 1000:,.0f}",
            )
        )
    return best


def place_said(x: float, y: float, crs: CRS, form: str) -> str:
    """A place as it is said in a form of `FORMS`; `zone` is with its number where the project has none, else without."""
    if form in ("degrees", "minutes"):
        longitude, latitude = _to_degrees(crs).transform(x, y)
        if not (math.isfinite(longitude) and math.isfinite(latitude)):
            return MISSING  # far beyond where the system holds
        if form == "degrees":
            return f"{longitude:.6f}°E  {latitude:.6f}°N"
        return f"{_angle_said(longitude)}E  {_angle_said(latitude)}N"
    if form == "zone" and (other := _other_twin(crs)) is not None:
        x, y = Transformer.from_crs(crs, other, always_xy=True).transform(x, y)
    return f"E {_metres(x)}  N {_metres(y)}"


def place_copied(x: float, y: float, crs: CRS, form: str) -> str:
    """A place in a form of `FORMS` as any program reads it: east before north, plain figures and signs."""
    said = place_said(x, y, crs, form)
    if form == "minutes" or said == MISSING:
        return "  ".join(said.replace("′", "'").replace("″", '"').split())
    values = [BETWEEN_THOUSANDS.sub("", one) for one in re.findall(rf"-?[\d.{THIN_SPACE}]+", said)]
    return ", ".join(values)


def is_place(words: str) -> bool:
    """Whether words are two numbers and what belongs to them, and nothing else."""
    plain = _plain(words)
    found = [one for one in ANGLE.finditer(plain) if one["degrees"]]
    return len(found) == 2 and BESIDE_NUMBERS.fullmatch(ANGLE.sub("", plain)) is not None


def _plain(words: str) -> str:
    """Words with plain signs, and numbers without spaces between their thousands, as this program writes them."""
    return BETWEEN_THOUSANDS.sub("", words).translate(PLAIN).strip()


def has_twin(crs: CRS) -> bool:
    """Whether a system has a twin with, or without, the number of its zone."""
    return _other_twin(crs) is not None


def _numbers(words: str) -> list[tuple[float, str]]:
    """Two numbers, each with what its letter says it is."""
    found = [one for one in ANGLE.finditer(_plain(words)) if one["degrees"]]
    if len(found) != 2:
        raise _unread(words)
    read = []
    for one in found:
        value = float(one["degrees"])
        rest = float(one["minutes"] or 0) / 60 + float(one["seconds"] or 0) / 3600
        letter = (one["after"] or one["before"] or "").upper()
        value = math.copysign(abs(value) + rest, value) * (-1 if letter in ("S", "W") else 1)
        read.append((value, LATITUDE if letter in ("N", "S") else LONGITUDE if letter else ""))
    return read


def _places(numbers: list[tuple[float, str]], crs: CRS) -> Iterator[tuple[float, float]]:
    """All places that two numbers may mean."""
    for (first, says), (second, other) in (numbers, numbers[::-1]):
        if says == LATITUDE or other == LONGITUDE:
            continue
        if abs(first) <= 180 and abs(second) <= 90:
            yield _from_degrees(crs).transform(first, second)
        elif abs(first) > 180 and abs(second) > 180:
            yield from _in_metres(first, second, crs)


def _in_metres(x: float, y: float, crs: CRS) -> Iterator[tuple[float, float]]:
    """Places of an easting and a northing: by its zone number, or in the project's own zone."""
    own, zoned = _has_number(crs), _is_in(x, EASTING_WITH_ZONE_M) or _is_in(x, EASTING_6_DEG_ZONE_M)
    if zoned == own or central_meridian(crs) is None:
        yield x, y
    other = _other_twin(crs)
    if other is not None and not zoned and own and _is_in(x, EASTING_M):
        yield Transformer.from_crs(other, crs, always_xy=True).transform(x, y)
    if zoned:
        number, family = int(x // ZONE_M), FAMILIES["CGCS2000"]
        code = (
            family["zone_3"] + number - 25
            if _is_in(x, EASTING_WITH_ZONE_M)
            else family["zone_6"] + number - 13
        )
        yield Transformer.from_crs(CRS.from_epsg(code), crs, always_xy=True).transform(x, y)


def _is_in(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]


def _has_number(crs: CRS) -> bool:
    """Whether the eastings of a system carry the number of the zone."""
    operation = crs.coordinate_operation
    values = {one.name: one.value for one in operation.params} if operation else {}
    return float(values.get("False easting", 0.0)) > ZONE_M


@lru_cache(maxsize=8)
def _other_twin(crs: CRS) -> CRS | None:
    """The same CGCS2000 zone with its number where the system has none, and without where it has one."""
    code, family = crs.to_epsg() or 0, FAMILIES["CGCS2000"]
    for zoned, plain, count in (("zone_3", "meridian_3", 21), ("zone_6", "meridian_6", 11)):
        for one, other in ((zoned, plain), (plain, zoned)):
            if 0 <= code - family[one] < count:
                return CRS.from_epsg(family[other] + code - family[one])
    return None


@lru_cache(maxsize=8)
def _to_degrees(crs: CRS) -> Transformer:
    return Transformer.from_crs(crs, CGCS2000_DEGREES, always_xy=True)


@lru_cache(maxsize=8)
def _from_degrees(crs: CRS) -> Transformer:
    return Transformer.from_crs(CGCS2000_DEGREES, crs, always_xy=True)


def _angle_said(angle: float) -> str:
    """Degrees, minutes and seconds to a hundredth, carried over where they round up."""
    hundredths = round(abs(angle) * 360_000)
    degrees, rest = divmod(hundredths, 360_000)
    minutes, seconds = divmod(rest, 6_000)
    return f"{'-' if angle < 0 else ''}{degrees}°{minutes:02d}′{seconds / 100:05.2f}″"


def _metres(value: float) -> str:
    """A coordinate to a tenth of a metre, with thin spaces between thousands."""
    return f"{value:,.1f}".replace(",", THIN_SPACE)


def _unread(words: str) -> UserError:
    return UserError(
        Problem(
            "{words} is not read as a place.",
            "Write two numbers, such as 108.94, 34.26 or 36500123.4, 3800456.7.",
            words=words.strip() or "—",
        )
    )
