"""Opening: everything the window shows of a project, read in any thread beside the one that may change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from cartography.layers import StyledLayer
from core.jobs import Job
from desktop import map_layers, operations
from desktop.layer_look import LayerLook, dressed, first_look
from desktop.plan_map import plan_as_result
from desktop.planning import from_plan_record
from layers import contents
from layers.city import City
from layers.contents import CITY, Computed
from layers.project import PLAN, Project
from plans import Part
from potential import Assessment
from potential.records import from_record


@dataclass(frozen=True, eq=False)
class Opened:
    """What was read of a project.

    Parameters
    ----------
    city : City, optional
        None before the data was first checked.
    computed : Mapping of str to Computed
        What was kept of each potential; None where it was never assessed.
    bases, layers : tuple of StyledLayer
        Layers of the map from below to above, without themes and as they are shown.
    looks : Mapping of str to LayerLook
        How each layer is shown.
    """

    city: City | None
    computed: Mapping[str, Computed | None]
    bases: tuple[StyledLayer, ...]
    layers: tuple[StyledLayer, ...]
    looks: Mapping[str, LayerLook]

    @property
    def assessments(self) -> dict[str, Assessment]:
        """The results that were kept, by the name of their potential."""
        return results_of(self.computed)

    @property
    def plan(self) -> Part | None:
        """The plan of the scenario that is shown; None where there is none."""
        return plan_in(self.computed)


def read_project(folder: Path, job: Job) -> Opened:
    """Read a project; UserError where there is none.

    The project it opens for that is closed again: a connection belongs to its thread.
    """
    job.say("Opening the project", 0.0, force=True)
    project = Project(folder)
    try:
        names = operations.potential_names()
        prepared = project.store.rows("SELECT 1 FROM lutu_computed WHERE name = ?", [CITY])
        city = contents.read_city(project.inputs(), job) if prepared else None
        computed = {name: project.computed(name) for name in job.each([*names, PLAN], "Reading results")}
    finally:
        project.close()
    return shown(city, computed, {}, job)


def shown(
    city: City | None,
    computed: Mapping[str, Computed | None],
    looks: Mapping[str, LayerLook],
    job: Job,
) -> Opened:
    """A city with its results, laid out for the map; layers that were there before keep their looks."""
    job.say("Drawing the map", 0.0, force=True)
    if city is None:
        return Opened(None, computed, (), (), {})
    made = with_plan(results_of(computed), plan_in(computed))
    bases = tuple(map_layers.city_layers(city, made))
    chosen = {}
    for base in bases:
        first = first_look(base, city, made)
        before = looks.get(base.name, first)
        chosen[base.name] = replace(before, theme=first.theme) if before.theme is None else before
    layers = tuple(dressed(base, chosen[base.name], city, made) for base in bases)
    return Opened(city, computed, bases, layers, chosen)


def results_of(computed: Mapping[str, Computed | None]) -> dict[str, Assessment]:
    """Assessments in what a project keeps, by name."""
    return {
        name: from_record(record)
        for name, record in computed.items()
        if record is not None and not name.startswith(PLAN)
    }


def plan_in(computed: Mapping[str, Computed | None]) -> Part | None:
    """The plan among what a project keeps."""
    found = next((one for name, one in computed.items() if name.startswith(PLAN) and one is not None), None)
    return from_plan_record(found) if found is not None else None


def with_plan(made: Mapping[str, Assessment], plan: Part | None) -> dict[str, Assessment]:
    """Results with what the plan says of parcels among them, for the map."""
    return dict(made) if plan is None else {**made, PLAN: plan_as_result(plan)}
