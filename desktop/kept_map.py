"""The kept map: the map of a project as it was left in the window, or as a view keeps it, with its filters; no Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from cartography.layers import StyledLayer
from cartography.ragged import Bounds
from core.jobs import Job
from core.problems import Problem, UserError
from desktop.expressions import rows_meant
from desktop.left_maps import left_map
from desktop.map_views import MapView, view_named
from desktop.opening import Opened, read_project, with_plan
from desktop.result_tables import frame_of, with_results
from layers.city import City
from layers.project import PLAN
from potential import Assessment


@dataclass(frozen=True, eq=False)
class KeptMap:
    """A map with what it was made of.

    Parameters
    ----------
    opened : Opened
        The project; its layers are filtered.
    city : City
    results : Mapping of str to Assessment
        The plan is one of them.
    filters : Mapping of table to condition
    place : west, south, east, north, optional
        Of the view, where it has one. [m]
    """

    opened: Opened
    city: City
    results: Mapping[str, Assessment]
    filters: Mapping[str, str]
    place: Bounds | None

    def filtered(self, layer: StyledLayer) -> StyledLayer:
        """A layer that shows only the rows that pass the filter of its table."""
        words = self.filters.get(layer.name)
        if words is None or frame_of(self.city, self.results, layer.name) is None:
            return layer
        return replace(layer, shown=rows_meant(with_results(self.city, self.results, layer.name), words))


def kept_map(folder: Path, job: Job, *, view: str = "", scenario: str | None = None) -> KeptMap:
    """The map of a project.

    Parameters
    ----------
    folder : Path
        Of the project.
    view : str
        Name of a kept view; where empty, the map is as it was left in the window, or as a new project shows it.
    scenario : str, optional
        Key of the scenario, in place of that of the view.

    Raises
    ------
    UserError
        There is no such view, or the data was not checked.
    """
    found = _view(folder, view)
    if scenario is not None:
        found = replace(found or MapView(PLAN), scenario=scenario)
    opened = read_project(folder, job, view=found)
    if opened.city is None:
        raise UserError(Problem("The data was not checked yet.", "Check the data first."))
    made = KeptMap(
        opened,
        opened.city,
        with_plan(opened.assessments, opened.plan),
        dict((found.filters if found is not None else None) or {}),
        found.bounds if found is not None and view else None,
    )
    return replace(made, opened=replace(opened, layers=tuple(map(made.filtered, opened.layers))))


def _view(folder: Path, name: str) -> MapView | None:
    """A kept view by its name; the map as it was left where no name is given."""
    if not name:
        left = left_map(folder)
        return left.view if left is not None else None
    return view_named(folder, name)
