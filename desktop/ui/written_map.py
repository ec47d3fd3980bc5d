"""The written map: the picture of a map without a window, as the window writes it."""

from __future__ import annotations

import os
from pathlib import Path

from core import texts
from core.problems import Problem, UserError
from desktop.map_picture import MapAsked


def write_map(
    asked: MapAsked, path: Path, size_px: tuple[int, int], extent: tuple[float, float, float, float] | None
) -> None:
    """Draw a map with legend, scale bar and north arrow and write it as PNG, at twice its size.

    Parameters
    ----------
    size_px : tuple of int
        Width and height of the map without its legend.
    extent : tuple of float, optional
        West, south, east, north; all layers where not given. [m]

    Raises
    ------
    UserError
        The file cannot be written.
    """
    spoken = texts.language()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # nothing is shown
    from cartography.view import View
    from desktop.ui.app import make_application
    from desktop.ui.map_picture import MapShown, explained, map_picture
    from layers.export_files import make_folder, replacing

    application = make_application()
    with texts.speaking(spoken):
        titles, coloured = explained(asked.layers, asked.looks)
        shown = MapShown(
            layers=asked.layers,
            titles=titles,
            coloured=coloured,
            view=View.fitting(extent or _all(asked), *size_px, margin=0.03),
            selected={},
        )
        make_folder(path.parent)
        image = map_picture(shown)
        with replacing(path) as place:
            if not image.save(str(place)):
                raise UserError(
                    Problem("The picture could not be written to {path}.", "Choose another place.", path=path)
                )
    del application


def _all(asked: MapAsked) -> tuple[float, float, float, float]:
    """Around buildings and parcels, else around everything."""
    from cartography.layers import extent_of

    some = tuple(one for one in asked.layers if one.name in ("building", "parcel"))
    return extent_of(some or asked.layers)
