"""The view: which piece of the world a picture shows, and at which scale."""

from __future__ import annotations

from dataclasses import dataclass

from cartography.ragged import Bounds

PX_PER_INCH = 96.0  # how many pixels of a screen without enlargement make an inch, by convention
M_PER_INCH = 0.0254


@dataclass(frozen=True)
class View:
    """A picture's place in the world.

    Parameters
    ----------
    west, north : float
        Coordinates of the upper left corner. [m]
    m_per_px : float
        Size of a pixel on the ground. [m]
    width_px, height_px : int
        Size of the picture.
    """

    west: float
    north: float
    m_per_px: float
    width_px: int
    height_px: int

    @classmethod
    def fitting(cls, extent: Bounds, width_px: int, height_px: int, *, margin: float = 0.0) -> View:
        """The view that shows a whole extent in its middle.

        Parameters
        ----------
        extent : west, south, east, north
            What must be seen; a point gets 1 m per pixel. [m]
        width_px, height_px : int
            Size of the picture.
        margin : float
            Share of the picture left free on each side.
        """
        west, south, east, north = extent
        room = max(1.0 - 2.0 * margin, 0.1)
        m_per_px = max((east - west) / (width_px * room), (north - south) / (height_px * room))
        m_per_px = m_per_px if m_per_px > 0 else 1.0
        middle = ((west + east) / 2, (south + north) / 2)
        return cls.around(middle, m_per_px, width_px, height_px)

    @classmethod
    def around(cls, middle: tuple[float, float], m_per_px: float, width_px: int, height_px: int) -> View:
        """The view with a point in its middle. [m]"""
        west = middle[0] - width_px * m_per_px / 2
        north = middle[1] + height_px * m_per_px / 2
        return cls(west, north, m_per_px, width_px, height_px)

    @property
    def bounds(self) -> Bounds:
        """West, south, east, north. [m]"""
        east = self.west + self.width_px * self.m_per_px
        south = self.north - self.height_px * self.m_per_px
        return self.west, south, east, self.north

    @property
    def middle(self) -> tuple[float, float]:
        """Coordinates of the centre. [m]"""
        west, south, east, north = self.bounds
        return (west + east) / 2, (south + north) / 2

    @property
    def scale_number(self) -> float:
        """The 5 000 of 1:5 000, for a screen of 96 pixels an inch."""
        return self.m_per_px * PX_PER_INCH / M_PER_INCH

    def grown(self, px: int, py: int) -> View:
        """This view with so many pixels more on the left and right, and on top and bottom."""
        return View(
            self.west - px * self.m_per_px,
            self.north + py * self.m_per_px,
            self.m_per_px,
            self.width_px + 2 * px,
            self.height_px + 2 * py,
        )

    def to_px(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the world is in the picture. [px]"""
        return (x - self.west) / self.m_per_px, (self.north - y) / self.m_per_px

    def to_world(self, px: float, py: float) -> tuple[float, float]:
        """Which point of the world is at a place in the picture. [m]"""
        return self.west + px * self.m_per_px, self.north - py * self.m_per_px
