"""Thumbnails: a small picture of a project's map, kept in its folder for the list of recent projects."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cartography.layers import StyledLayer

NAME = "thumbnail.png"
SIZE_PX = (288, 184)
MARGIN = 0.03
GROUNDS = ("parcel", "building")  # the city is what these cover, not rivers and roads that run on


def write_thumbnail(folder: Path, layers: Sequence[StyledLayer]) -> Path | None:
    """Draw the map of a project as it is shown into its folder.

    Parameters
    ----------
    folder : Path
        Folder of the project.
    layers : sequence of StyledLayer
        From below to above.

    Returns
    -------
    Path or None
        The picture; None where nothing is on the map.
    """
    from cartography.layers import extent_of  # late: a start page that shows pictures need not wait for it
    from cartography.picture import draw, png

    shown = [one for one in layers if one.visible]
    core = [one for one in layers if one.name in GROUNDS] or shown
    if not core:
        return None
    picture = draw(shown, extent_of(core), SIZE_PX, margin=MARGIN)
    new = folder / f"{NAME}.new"
    new.write_bytes(png(picture))
    return new.replace(folder / NAME)


def thumbnail_of(folder: Path) -> Path | None:
    """The picture of a project; None where there is none."""
    path = folder / NAME
    return path if path.is_file() else None
