"""Free items of a sheet: words with fields, pictures and charts that a planner adds beside the map."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any, Protocol, TypeVar
from xml.etree import ElementTree

import typst
from PIL import Image, ImageOps, UnidentifiedImageError

from core.problems import Problem, Severity, UserError
from core.units import percent
from reports import svg
from reports.sheets.declared import Sheet
from reports.sheets.wanted import CHART, KINDS, PICTURE, TEXT, FreeItem
from reports.typesetting import picture
from reports.wording import listed

# What words may hold in braces.
FIELDS = ("title", "number", "city", "scenario", "date", "scale", "page", "pages", "place", "author")
LEAST_WIDTH = 5  # of a picture in its column [%]
FORMATS = ("PNG", "JPEG")
SUFFIXES = (".png", ".jpg", ".jpeg", ".svg")
MM_PER_INCH = 25.4
MOST_DPI, LEAST_DPI = 300, 100  # finer is not seen on paper; a picture is not blown up beyond the coarser
JPEG_QUALITY = 90
ORIENTATION, FIRST_ON_ITS_SIDE = 0x0112, 5  # of the facts in a photo
CHART_SHAPE = 0.62  # height of a chart by its width
LINE_MM, SPACE_MM, HEAD_MM = 4.2, 2.8, 6.0
PICTURE_SHAPE = 0.75  # most height of a picture by the width of its column
LOWERED = '<tspan baseline-shift="sub" font-size="70%">2</tspan>'  # the font has no lowered digits
LEAST_SHARE = 0.6  # of its size at which an item can be read well

Read = TypeVar("Read")


class Charted(Protocol):
    """A chart of some rows: what draws it into a width and height [mm], or why there is nothing to draw."""

    @property
    def title(self) -> str:
        """What the chart is called."""

    @property
    def picture(self) -> Callable[[float, float], str] | None:
        """Draws the chart as SVG; None where there is nothing."""

    @property
    def note(self) -> str:
        """What has to be said of it, or why there is none."""


# Gives the chart of a name, an option, an atlas and a place of it; the whole city where the place is empty.
Charter = Callable[[str, str, str, str], Charted]


@dataclass(frozen=True)
class Surroundings:
    """What free items know beside the sheet.

    Parameters
    ----------
    scenario : str
        What the scenario is called.
    charts : Mapping of str to tuple of str
        Charts there are, each with its options.
    charter : callable, optional
        Makes charts; needed where `charts` holds any.
    own : Sheet, optional
        A sheet that is not declared, as the map of the window.
    """

    scenario: str = ""
    charts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    charter: Charter | None = None
    own: Sheet | None = None


def problems_of(items: Sequence[FreeItem], around: Surroundings, *, whole: bool = True) -> list[Problem]:
    """All that keeps items from being printed; of pictures no more than their head is read where not `whole`."""
    problems: list[Problem] = []
    for one in items:
        if one.kind == TEXT:
            problems += _of_words(one.value)
        elif one.kind == PICTURE:
            problems += _of_picture(one, whole=whole)
        elif one.kind == CHART:
            problems += _of_chart(one, around)
        else:
            problems.append(_unknown(one.kind, KINDS))
    return problems


def drawn(
    item: FreeItem, values: Mapping[str, str], around: Surroundings, width_mm: float, place: tuple[str, str]
) -> tuple[dict[str, Any] | None, list[Problem]]:
    """What the template takes for an item, None where it has nothing to show, and why.

    Parameters
    ----------
    item : FreeItem
        One that `problems_of` finds nothing wrong with.
    values : Mapping of str to str
        What stands for each of `FIELDS`.
    around : Surroundings
    width_mm : float
        Width of the column. [mm]
    place : (str, str)
        The atlas and the id of its page; empty for the whole city.
    """
    blank = {"title": "", "picture": "", "width": width_mm, "most": 0.0, "words": "", "alt": ""}
    if item.kind == TEXT:
        return {**blank, "words": Formatter().vformat(item.value, (), values)}, []
    if item.kind == PICTURE:
        path = Path(item.value)
        made, wide = _picture(path, width_mm * int(item.option or 100) / 100)
        most = PICTURE_SHAPE * width_mm
        return {**blank, "picture": made, "width": wide, "most": most, "alt": path.stem}, []
    if around.charter is None:
        raise ValueError("charts are offered, but nobody makes them")
    chart = around.charter(item.value, item.option, *place)
    if chart.picture is None:
        return None, [
            Problem(
                "The chart “{title}” is left out: {cause}",
                "Compute what is missing, or take the chart off the sheet.",
                severity=Severity.WARNING,
                title=chart.title,
                cause=chart.note,
            )
        ]
    made = chart.picture(width_mm, CHART_SHAPE * width_mm).replace("₂", LOWERED)
    return {**blank, "title": chart.title, "picture": made, "words": chart.note, "alt": chart.title}, []


def height_mm(items: Sequence[FreeItem], width_mm: float) -> float:
    """About how high items are in a column of a width, as if the paper were A3. [mm]"""
    high = 0.0
    for one in items:
        if one.kind == TEXT:
            letters = max(1, int(width_mm / 3))  # of Chinese, the widest
            high += sum(1 + len(line) // letters for line in one.value.splitlines()) * LINE_MM
        else:
            high += HEAD_MM + (CHART_SHAPE if one.kind == CHART else PICTURE_SHAPE) * width_mm
        high += SPACE_MM
    return high


def too_small(shares: Sequence[tuple[int, float]]) -> list[Problem]:
    """What is said of pages on which items, and what stands above them, had to be set too small to be read well.

    Parameters
    ----------
    shares : sequence of (int, float)
        Page, and the share of its size at which its column with items is printed.
    """
    small = [(page, share) for page, share in shares if share < LEAST_SHARE]
    if not small:
        return []
    return [
        Problem(
            "Items, legend and tables are printed at {share} of their size on page {pages}.",
            "Take larger paper, leave out tables or notes, or add fewer items.",
            severity=Severity.WARNING,
            share=percent(min(share for _, share in small)),
            pages=listed(_runs([page for page, _ in small])),
        )
    ]


def _runs(pages: Sequence[int]) -> list[str]:
    """Ascending numbers of pages, those that follow each other as one."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    return [str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs]


def _of_words(words: str) -> list[Problem]:
    """What is wrong with words and their fields."""
    if not words.strip():
        return [Problem("A text item has no words.", "Write some, or take the item away.")]
    try:
        parts = list(Formatter().parse(words))
    except ValueError:
        return [
            Problem(
                "The braces in “{words}” do not belong together.",
                "Write fields as {example}, and braces that are to be printed twice.",
                words=words,
                example="{title}",
            )
        ]
    wrong = [
        name + (f"!{turned}" if turned else "") + (f":{form}" if form else "")
        for _, name, form, turned in parts
        if name is not None and (name not in FIELDS or turned or form)
    ]
    known = listed([f"{{{one}}}" for one in FIELDS])
    return [
        Problem(
            "There is no field {name} for words on a sheet.",
            "Choose from: {known}.",
            name=f"{{{name}}}",
            known=known,
        )
        for name in dict.fromkeys(wrong)
    ]


def _of_chart(item: FreeItem, around: Surroundings) -> list[Problem]:
    if item.value not in around.charts:
        return [_unknown(item.value, tuple(around.charts))]
    options = around.charts[item.value]
    if item.option and item.option not in options:
        return [_unknown(item.option, options)]
    return []


def _of_picture(item: FreeItem, *, whole: bool) -> list[Problem]:
    problems = []
    if item.option and not (item.option.isdecimal() and LEAST_WIDTH <= int(item.option) <= 100):
        problems.append(
            Problem(
                "A picture cannot be {width} % as wide as its column.",
                "Choose between {least} and 100 %.",
                width=item.option,
                least=LEAST_WIDTH,
            )
        )
    try:
        if whole:
            _picture(Path(item.value), 1.0)
        else:
            _looked_at(Path(item.value))
    except UserError as error:
        problems += error.problems
    return problems


def _unknown(word: str, known: Sequence[str]) -> Problem:
    return Problem(
        "{words} is not known here.", "Choose from: {known}.", words=word, known=", ".join(known) or "—"
    )


def _picture(path: Path, width_mm: float) -> tuple[str, float]:
    """A picture file as SVG and how wide it is at most in a column of a width; UserError where it cannot be read."""

    def whole() -> tuple[str, float]:
        known = path.stat()
        return _made(path, known.st_mtime_ns, known.st_size, width_mm)

    return _read(path, whole)


def _looked_at(path: Path) -> None:
    """Look at the head of a picture file; UserError where it cannot be read."""

    def head() -> None:
        if path.suffix.lower() == ".svg":
            path.stat()
        else:
            Image.open(path, formats=FORMATS).close()

    _read(path, head)


def _read(path: Path, read: Callable[[], Read]) -> Read:
    """What is read of a picture file; UserError where it cannot be."""
    if path.suffix.lower() not in SUFFIXES:
        raise _unreadable(path, "Give a picture whose name ends in {suffixes}.", suffixes=", ".join(SUFFIXES))
    try:
        return read()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, typst.TypstError) as error:
        hint = "See that the file is there, whole, and a picture."
        raise _unreadable(path, hint) from error


def _unreadable(path: Path, hint: str, **values: Any) -> UserError:
    return UserError(Problem("The picture {file} cannot be read.", hint, file=path.name or "—", **values))


@lru_cache(maxsize=16)
def _made(path: Path, _changed: int, _size: int, width_mm: float) -> tuple[str, float]:
    """A picture as SVG; kept while the file is the same, as each page of an atlas shows it."""
    if path.suffix.lower() == ".svg":
        data = path.read_bytes()
        if not ElementTree.fromstring(data).tag.endswith("svg"):
            raise UnidentifiedImageError(path)
        drawing = data.decode("utf-8-sig")
        picture(drawing, dots_per_inch=20)  # the typesetter is the judge of what it can draw
        return drawing, width_mm
    dots = max(1, round(width_mm / MM_PER_INCH * MOST_DPI))
    with Image.open(path, formats=FORMATS) as opened:
        wide = min(width_mm, _width(opened) * MM_PER_INCH / LEAST_DPI)
        kind = opened.format
        opened.draft("RGB", (dots, dots))  # photos are much finer than paper
        upright = ImageOps.exif_transpose(opened)
        clear = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
        whole = upright.convert("RGBA" if clear else "RGB")
    most = max(1, round(wide / MM_PER_INCH * MOST_DPI))
    if whole.width > most:
        whole = whole.resize((most, max(1, round(whole.height * most / whole.width))))
    out = io.BytesIO()
    whole.save(out, kind or "PNG", **({"quality": JPEG_QUALITY} if kind == "JPEG" else {}))
    high = wide * whole.height / whole.width
    address = f"data:image/{str(kind).lower()};base64,{base64.b64encode(out.getvalue()).decode('ascii')}"
    shape = f'<image width="{wide:.2f}" height="{high:.2f}" preserveAspectRatio="none" href="{address}"/>'
    return svg.picture(wide, high, [shape]), wide


def _width(opened: Image.Image) -> int:
    """Width of a picture the way up it was taken. [dots]"""
    turned = opened.getexif().get(ORIENTATION, 1) >= FIRST_ON_ITS_SIDE
    return opened.height if turned else opened.width
