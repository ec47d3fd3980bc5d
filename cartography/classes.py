"""Classes: which colour a value has on the map, and how the legend says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography import colours as palette
from cartography.breaks import METHODS as METHODS
from cartography.breaks import inner_breaks, manual_breaks
from core.texts import text, word
from core.units import NO_BREAK_SPACE, figure, fixed, unit_said
from core.units import count as whole_number

Method = Literal[
    "quantile", "natural_breaks", "equal", "deviation", "pretty", "manual", "continuous", "categories"
]

CONTINUOUS_CLASSES = 256
RAMP_STOPS = 6  # rows of the legend of a continuous ramp
LOOKED_AT = 500_000  # values that the ends of a continuous ramp are found on
OUTLYING = 0.005  # share of values at each end that a histogram gathers in its first and last bar


class LegendEntry(NamedTuple):
    """A row of the legend: its class, -1 for missing values; `outline` is None where the legend draws its own rim."""

    number: int
    label: str
    colour: str
    hatch: str
    features: int
    outline: str | None = None


@dataclass(frozen=True)
class Classes:
    """Classes of values with their colours.

    Parameters
    ----------
    method : str
        How the classes were found: one of `breaks.METHODS`, continuous or categories.
    colours : tuple of str
        One for each class, `#rrggbb`.
    edges : tuple of float
        Borders of the classes of numbers, one more than there are classes, ascending. A class holds its upper
        border; the outer classes also hold what lies beyond.
    keys : tuple of str
        Values of the classes of categories.
    hatches : tuple of str
        Hatch of each class, see `colours.HATCHES`; empty for none at all.
    unit : str
        Unit of the values as in the dictionary of columns.
    missing_colour : str
        Colour of values that are missing or of no category.
    missing_label : str
        What the legend calls them, English with a translation.
    decimals : int, optional
        Of the borders in words; None for as many as it takes to tell them apart.
    sampled : tuple of int
        How many values of how many the breaks were found on; empty if on all.
    """

    method: Method
    colours: tuple[str, ...]
    edges: tuple[float, ...] = ()
    keys: tuple[str, ...] = ()
    hatches: tuple[str, ...] = ()
    unit: str = ""
    missing_colour: str = palette.MISSING
    missing_label: str = "No value"
    decimals: int | None = None
    sampled: tuple[int, ...] = field(default=())

    @property
    def numeric(self) -> bool:
        """Whether the values are numbers."""
        return self.method != "categories"

    @property
    def breaks(self) -> tuple[float, ...]:
        """The borders between classes, without the two ends."""
        return self.edges[1:-1]

    @property
    def labels(self) -> tuple[str, ...]:
        """What each class holds, with figures as on the whole map, in the language of the moment."""
        if not self.numeric:
            return tuple(word(key) for key in self.keys)
        unit = f"{NO_BREAK_SPACE}{unit_said(self.unit)}" if self.unit else ""
        kinds = tuple(dict.fromkeys(self.edges))  # borders set by hand may lie beyond all values, at an end
        written = dict(zip(kinds, self._written(kinds), strict=True))
        beyond = ("≤", *(">" for _ in self.colours[1:]))
        return tuple(
            f"{written[low]} – {written[high]}{unit}" if low < high else f"{sign} {written[high]}{unit}"
            for sign, (low, high) in zip(beyond, pairwise(self.edges), strict=True)
        )

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the legend must add, in the language of the moment."""
        found = []
        if self.sampled:
            taken, whole = self.sampled
            words = text(
                "Natural breaks found on a sample of {taken} of {whole} values.",
                taken=whole_number(taken),
                whole=whole_number(whole),
            )
            found.append(words)
        kinds = tuple(dict.fromkeys(self.edges))
        if self.decimals is not None and len(set(self._written(kinds))) < len(kinds):
            found.append(text("With so few decimals some borders read the same."))
        return tuple(found)

    def _written(self, edges: Sequence[float]) -> list[str]:
        if self.decimals is None:
            return _told_apart(edges)
        return [fixed(edge, self.decimals) for edge in edges]

    def numbers(self, values: Any) -> NDArray[np.int16]:
        """The class of each value, -1 for what is missing or of no category.

        Parameters
        ----------
        values : array_like, shape (n,)
            Numbers, or words for categories.
        """
        if not self.numeric:
            found = pd.Index(self.keys).get_indexer(pd.Index(np.asarray(values, dtype=object)))
            return found.astype(np.int16)
        numbers = _as_numbers(values)
        inner = np.asarray(self.breaks, dtype=np.float64)
        classed = np.searchsorted(inner, numbers, side="left")
        return np.where(np.isfinite(numbers), classed, -1).astype(np.int16)

    def table(self, opacity: float = 1.0) -> NDArray[np.uint32]:
        """Premultiplied colours by class number plus one; entry 0 is that of missing values."""
        return np.array(
            [palette.premultiplied(colour, opacity) for colour in (self.missing_colour, *self.colours)],
            dtype=np.uint32,
        )

    def hatch_table(self) -> NDArray[np.uint8]:
        """Number of the hatch by class number plus one."""
        names = self.hatches or ("",) * len(self.colours)
        return np.array([0, *(palette.HATCHES.index(name) for name in names)], dtype=np.uint8)

    def legend(self, values: Any, shown: NDArray[np.bool_] | None = None) -> list[LegendEntry]:
        """Rows of the legend with the number of features in each class; missing last, if there are any.

        With `shown` only those features are counted, but the rows stay: what a filter leaves empty counts 0. A
        continuous ramp has six rows, evenly along it, each with the values up to it.
        """
        if self.method == "continuous":
            return self._stops(values if shown is None else np.asarray(values)[shown])
        found = self.numbers(values).astype(np.int64) + 1
        there = np.bincount(found, minlength=len(self.colours) + 1)
        counts = there if shown is None else np.bincount(found[shown], minlength=len(there))
        hatches = self.hatches or ("",) * len(self.colours)
        entries = [
            LegendEntry(number, label, self.colours[number], hatches[number], int(counts[number + 1]))
            for number, label in enumerate(self.labels)
            if self.numeric or there[number + 1]
        ]
        if there[0]:
            entries.append(LegendEntry(-1, text(self.missing_label), self.missing_colour, "", int(counts[0])))
        return entries

    def _stops(self, values: Any) -> list[LegendEntry]:
        """Six places along a continuous ramp."""
        places = np.linspace(0, len(self.colours) - 1, RAMP_STOPS).round().astype(int)
        unit = f"{NO_BREAK_SPACE}{unit_said(self.unit)}" if self.unit else ""
        ends = np.searchsorted(places, self.numbers(values))
        counts = np.bincount(ends, minlength=RAMP_STOPS)
        middles = [(self.edges[place] + self.edges[place + 1]) / 2 for place in places]
        return [
            LegendEntry(int(place), f"{figure(middle)}{unit}", self.colours[place], "", int(counts[n]))
            for n, (place, middle) in enumerate(zip(places, middles, strict=True))
        ]

    def recoloured(self, ramp: str | Sequence[str]) -> Classes:
        """The same classes along another ramp."""
        return replace(self, colours=palette.spread(ramp, len(self.colours)))


def graduated(
    values: Any,
    *,
    method: str = "quantile",
    count: int = 6,
    ramp: str | Sequence[str] = "irradiation",
    breaks: Sequence[float] = (),
    unit: str = "",
) -> Classes:
    """Classes of numbers.

    A border is what the legend says; see `breaks.inner_breaks`. Fewer classes come out where many values are equal.

    Parameters
    ----------
    values : array_like
        Numbers; missing and infinite ones are left out.
    method : str
        One of `METHODS`. Natural breaks of more than 20 000 values are found on a seeded sample, and the legend
        says so.
    count : int
        Most classes; not looked at for `manual`.
    ramp : str or sequence of str
        See `colours.spread`.
    breaks : sequence of float
        For `manual`: the borders between classes, ascending.
    unit : str
        Unit of the values.

    Raises
    ------
    UserError
        Manual borders that do not ascend.
    """
    numbers = _as_numbers(values)
    numbers = numbers[np.isfinite(numbers)]
    low, high = (float(numbers.min()), float(numbers.max())) if numbers.size else (0.0, 0.0)
    sampled: tuple[int, ...] = ()
    inner = np.zeros(0)
    if method == "manual":
        inner = manual_breaks(breaks)
    elif low < high:
        inner, sampled = inner_breaks(numbers, method, count)
    low = min(low, *inner) if inner.size else low
    high = max(high, *inner) if inner.size else high
    edges = (low, *(float(border) for border in inner), high)
    return Classes(
        method=method,  # type: ignore[arg-type]
        colours=palette.spread(ramp, len(edges) - 1),
        edges=edges,
        unit=unit,
        sampled=sampled,
    )


def continuous(values: Any, *, ramp: str | Sequence[str] = "irradiation", unit: str = "") -> Classes:
    """A ramp in 256 steps over all values but the outlying half per cent at each end, for rasters.

    Parameters
    ----------
    values : array_like of numbers
        Missing ones are NaN; of many only some are looked at.
    ramp : str or sequence of str
        See `colours.spread`.
    unit : str
        Unit of the values.
    """
    numbers = _as_numbers(np.asarray(values).ravel())
    numbers = numbers[:: max(1, numbers.size // LOOKED_AT)]
    numbers = numbers[np.isfinite(numbers)]
    low, high = (
        (float(end) for end in np.quantile(numbers, (OUTLYING, 1 - OUTLYING))) if numbers.size else (0.0, 1.0)
    )
    high = high if high > low else low + 1.0
    edges = np.linspace(low, high, CONTINUOUS_CLASSES + 1)
    return Classes("continuous", palette.spread(ramp, CONTINUOUS_CLASSES), tuple(edges.tolist()), unit=unit)


def categories(values: Any, colours: Mapping[str, str] | None = None) -> Classes:
    """Classes of words, in the order of the palette, else by how often they occur.

    Parameters
    ----------
    values : array_like of str
        Words; missing ones are None or NaN.
    colours : Mapping, optional
        Palette: colour by word. Without it the colours of `colours.CATEGORIES` are dealt out, and what is left
        beyond them shares the last.
    """
    if colours is not None:
        return Classes("categories", tuple(colours.values()), keys=tuple(colours))
    found = pd.Series(np.asarray(values, dtype=object)).dropna().value_counts()
    keys = tuple(str(key) for key in found.index)
    dealt = palette.CATEGORIES
    return Classes("categories", tuple(dealt[min(n, len(dealt) - 1)] for n in range(len(keys))), keys=keys)


def grades() -> Classes:
    """The grades of suitability; forbidden is hatched, so that no meaning hangs on red against green."""
    keys = tuple(palette.GRADES)
    return Classes(
        "categories",
        tuple(palette.GRADES.values()),
        keys=keys,
        hatches=tuple("forbidden" if key == "forbidden" else "" for key in keys),
    )


def uses() -> Classes:
    """Kinds of use of buildings and parcels, in colours customary on land-use plans."""
    return Classes("categories", tuple(palette.USES.values()), keys=tuple(palette.USES))


@dataclass(frozen=True, eq=False)
class Histogram:
    """How values are spread.

    Parameters
    ----------
    counts : ndarray of int64, shape (bars)
        Values in each bar; the first and last also hold what lies beyond the ends.
    edges : ndarray of float64, shape (bars + 1)
        Borders of the bars.
    missing, below, above : int
        Missing values; values below the first and above the last border.
    """

    counts: NDArray[np.int64]
    edges: NDArray[np.float64]
    missing: int
    below: int
    above: int


def histogram(values: Any, bars: int = 24, shown: NDArray[np.bool_] | None = None) -> Histogram:
    """How values are spread, with the outlying half per cent at each end gathered in the outer bars.

    With `shown` only those values are counted, in the bars of all.
    """
    numbers = _as_numbers(values)
    finite = numbers[np.isfinite(numbers)]
    low, high = 0.0, 1.0
    if finite.size:
        low, high = (float(end) for end in np.quantile(finite, (OUTLYING, 1 - OUTLYING)))
        if low == high:
            low, high = float(finite.min()), float(finite.max())
        if low == high:
            high = low + 1.0
    if shown is not None:
        numbers = numbers[shown]
        finite = numbers[np.isfinite(numbers)]
    missing = int(numbers.size - finite.size)
    counts, edges = np.histogram(np.clip(finite, low, high), bins=bars, range=(low, high))
    below, above = int((finite < low).sum()), int((finite > high).sum())
    return Histogram(counts.astype(np.int64), edges, missing, below, above)


def _as_numbers(values: Any) -> NDArray[np.float64]:
    """Values as float64; pandas' missing values become NaN."""
    if isinstance(values, np.ndarray) and values.dtype.kind in "fiub":
        return values.astype(np.float64)
    return pd.to_numeric(pd.Series(np.asarray(values)), errors="coerce").to_numpy(np.float64, na_value=np.nan)


def _told_apart(edges: Sequence[float]) -> list[str]:
    """Edges as figures, with as many digits as it takes to tell neighbours apart."""
    written: list[str] = []
    for digits in range(3, 13):
        written = [figure(edge, digits) for edge in edges]
        if all(a != b for a, b in pairwise(written)):
            break
    return written
