"""Map views: places and looks of the map that a planner keeps by name, in a file of the project's folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from cartography.ragged import Bounds
from core.problems import Problem, UserError
from desktop.kept_files import named, read_kept, write_kept
from desktop.layer_look import LayerLook
from desktop.themes import Theme

FILE = "map.json"


@dataclass(frozen=True)
class MapView:
    """A place, a look of all layers, or both.

    Parameters
    ----------
    name : str
        What the planner calls it.
    bounds : west, south, east, north, optional
        The place; None keeps the map where it is. [m]
    looks : Mapping of layer name to LayerLook
        How layers are shown; empty leaves them as they are.
    order : tuple of str
        Layers from below to above.
    scenario : str
        The scenario it shows, for views with looks.
    filters : Mapping of table to condition, optional
        Which rows of which tables pass, for views with looks; None leaves the filters as they are.
    """

    name: str
    bounds: Bounds | None = None
    looks: Mapping[str, LayerLook] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    scenario: str = ""
    filters: Mapping[str, str] | None = None


def kept_views(folder: Path) -> list[MapView]:
    """The views of a project; none where no file was written yet.

    Raises
    ------
    UserError
        If the file cannot be read.
    """
    return read_kept(folder / FILE, lambda record: [view_from(one) for one in record["views"]], [])


def view_named(folder: Path, name: str) -> MapView:
    """A view by its name; UserError where there is none."""
    return named({one.name: one for one in kept_views(folder)}, name)


def keep_view(folder: Path, view: MapView) -> None:
    """Keep a view; one of the same name is replaced."""
    if not view.name.strip():
        raise UserError(Problem("The view has no name.", "Give it a name."))
    if view.bounds is None and not view.looks:
        raise UserError(
            Problem("The view keeps nothing.", "Keep its place, its layers and colours, or both.")
        )
    _write(folder, [*(one for one in kept_views(folder) if one.name != view.name), view])


def drop_view(folder: Path, name: str) -> None:
    """Forget a view."""
    _write(folder, [one for one in kept_views(folder) if one.name != name])


def _write(folder: Path, views: Sequence[MapView]) -> None:
    write_kept(folder / FILE, {"views": [view_record(view) for view in views]})


def view_record(view: MapView) -> dict[str, Any]:
    """A view as it is written to a file."""
    looks = {name: {**asdict(look), "hidden": sorted(look.hidden)} for name, look in view.looks.items()}
    return {**asdict(view), "looks": looks}


def view_from(record: Mapping[str, Any]) -> MapView:
    """A view as it was written; ValueError, KeyError or TypeError where it is not one."""
    bounds, filters = record["bounds"], record.get("filters")  # views of before know of no filters
    return MapView(
        name=str(record["name"]),
        bounds=None
        if bounds is None
        else (float(bounds[0]), float(bounds[1]), float(bounds[2]), float(bounds[3])),
        looks={str(name): _look(look) for name, look in record["looks"].items()},
        order=tuple(str(name) for name in record["order"]),
        scenario=str(record["scenario"]),
        filters=None if filters is None else {str(table): str(words) for table, words in filters.items()},
    )


def _look(record: Mapping[str, Any]) -> LayerLook:
    theme, decimals = record["theme"], record.get("decimals")  # views of before know of no decimals
    return LayerLook(
        **{
            **record,
            "theme": None if theme is None else Theme(**theme),
            "breaks": tuple(float(one) for one in record["breaks"]),
            "hidden": frozenset(int(one) for one in record["hidden"]),
            "decimals": None if decimals is None else int(decimals),
        }
    )
