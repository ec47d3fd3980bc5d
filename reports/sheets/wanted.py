"""What a planner wants printed: sheet, paper, scale, layers, items and words, and the room its parts take on the page."""

from __future__ import annotations

from dataclasses import dataclass, field

from reports.sheets.content import Imprint
from reports.sheets.furniture import BAND_MM

PAPERS_MM = {"a4": (210, 297), "a3": (297, 420), "a2": (420, 594), "a1": (594, 841), "a0": (841, 1189)}
ITEMS = ("legend", "tables", "notes", "scale_bar", "wind_rose", "north_arrow", "title_block")
BESIDE = ("legend", "tables", "notes", "scale_bar", "wind_rose", "title_block")  # at the right, or below
ATLASES = ("", "planning_unit", "parcel")
TEXT, PICTURE, CHART = "text", "picture", "chart"
KINDS = (TEXT, PICTURE, CHART)  # of items a planner adds
COLUMNS, GUTTER_MM = 3, 6  # below an upright map, with the gap between them as on A3
MARGIN_MM, BETWEEN_MM, HEAD_MM, FOOT_MM = 10, 3, 16, 3
SIDES_MM = {"a4": 58, "a3": 83, "a2": 108, "a1": 141, "a0": 183}
ZOOMS = {
    "a4": 0.8,
    "a3": 1.0,
    "a2": 1.3,
    "a1": 1.7,
    "a0": 2.2,
}  # of type beside the map: large sheets are read from afar
BELOW = 0.36  # of the height of an upright sheet, for what stands below its map
COLUMNS_BELOW = 1.9  # heights of what stands below a map make up a column as it stands beside one


@dataclass(frozen=True)
class FreeItem:
    """An item that a planner adds beside the map.

    Parameters
    ----------
    kind : {"text", "picture", "chart"}
    value : str
        Words with fields in braces, the path of a picture, or the name of a chart.
    option : str
        Which part of a chart, as the month of a typical day, the first one where empty; of a picture how wide it
        may be at most, in per cent of its column.
    """

    kind: str
    value: str
    option: str = ""


@dataclass(frozen=True)
class Composition:
    """What is printed.

    Parameters
    ----------
    key : str
        Declared sheet whose map it is.
    paper : str
        `a4` to `a0`.
    landscape : bool
    scale : int
        Denominator of a fixed scale; 0 takes the largest round one that shows everything.
    centre : tuple of float, optional
        Middle of the map; that of the city where not given. [m]
    without : tuple of str
        Items left out, of `ITEMS`.
    layers : tuple of int, optional
        Places of the layers of the sheet that are shown; all where not given.
    base : tuple of str, optional
        Parts of the base map; as declared where not given.
    title, number : str
        In place of those of the sheet (图名, 图号).
    atlas : str
        A page for each `planning_unit` or `parcel`; empty for one page.
    places : tuple of str
        Ids of the pages of an atlas; all where empty.
    imprint : Imprint
        What the title block says.
    added : tuple of FreeItem
        Items beside the map, from above to below.
    """

    key: str
    paper: str = "a3"
    landscape: bool = True
    scale: int = 0
    centre: tuple[float, float] | None = None
    without: tuple[str, ...] = ()
    layers: tuple[int, ...] | None = None
    base: tuple[str, ...] | None = None
    title: str = ""
    number: str = ""
    atlas: str = ""
    places: tuple[str, ...] = ()
    imprint: Imprint = field(default_factory=Imprint)
    added: tuple[FreeItem, ...] = ()

    @property
    def paper_mm(self) -> tuple[int, int]:
        """Width and height of the paper. [mm]"""
        short, long = PAPERS_MM[self.paper]
        return (long, short) if self.landscape else (short, long)

    @property
    def side_mm(self) -> int:
        """Width of what stands beside the map; 0 where nothing does, as on upright sheets. [mm]"""
        return SIDES_MM[self.paper] if self.landscape and self._furnished else 0

    @property
    def below_mm(self) -> int:
        """Height of what stands below the map of an upright sheet; 0 where nothing does. [mm]"""
        return 0 if self.landscape or not self._furnished else round(self.room_mm[1] * BELOW)

    @property
    def column_mm(self) -> float:
        """How high a column beside an A3 map would be that takes as much. [mm]"""
        high = self.below_mm * COLUMNS_BELOW if self.below_mm else self.room_mm[1]
        return high / ZOOMS[self.paper]

    @property
    def item_mm(self) -> float:
        """Width of an item beside or below the map, as if the paper were A3; 0 where nothing stands there. [mm]"""
        if self.side_mm:
            return self.side_mm / ZOOMS[self.paper]
        if not self.below_mm:
            return 0.0
        whole = (self.room_mm[0] - 2 * BETWEEN_MM) / ZOOMS[self.paper]
        return (whole - (COLUMNS - 1) * GUTTER_MM) / COLUMNS

    @property
    def _furnished(self) -> bool:
        """Whether anything stands beside or below the map."""
        return bool(set(BESIDE) - set(self.without)) or bool(self.added)

    @property
    def room_mm(self) -> tuple[int, int]:
        """Width and height inside the margins. [mm]"""
        wide, high = self.paper_mm
        return wide - 2 * MARGIN_MM, high - 2 * MARGIN_MM

    @property
    def map_mm(self) -> tuple[float, float]:
        """Width and height of the map without its band of coordinates. [mm]"""
        wide, high = self.room_mm
        beside = self.side_mm + BETWEEN_MM if self.side_mm else 0
        below = self.below_mm + BETWEEN_MM if self.below_mm else 0
        return wide - 2 * BETWEEN_MM - beside - 2 * BAND_MM, high - HEAD_MM - FOOT_MM - below - 2 * BAND_MM
