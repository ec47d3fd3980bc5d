"""Opening: everything the window shows of a project, read in any thread beside the one that may change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from cartography.layers import StyledLayer
from core.jobs import Job
from desktop import map_layers, operations, scenarios
from desktop.layer_look import LayerLook, dressed, first_look, restyled
from desktop.left_maps import LeftMap, left_map
from desktop.map_views import MapView
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
    scenario : str
        The scenario whose plan it is.
    left : LeftMap, optional
        How the map was left the last time.
    theme_chosen : bool
        Whether it was left with buildings or parcels in other colours than the program itself gives them.
    """

    city: City | None
    computed: Mapping[str, Computed | None]
    bases: tuple[StyledLayer, ...]
    layers: tuple[StyledLayer, ...]
    looks: Mapping[str, LayerLook]
    scenario: str = scenarios.FIRST
    left: LeftMap | None = None
    theme_chosen: bool = False

    @property
    def assessments(self) -> dict[str, Assessment]:
        """The results that were kept, by the name of their potential."""
        return results_of(self.computed)

    @property
    def plan(self) -> Part | None:
        """The plan of the scenario that is shown; None where there is none."""
        return plan_in(self.computed)


def read_project(folder: Path, job: Job, *, view: MapView | None = None) -> Opened:
    """Read a project as it was left, or as another view of it shows it; UserError where there is none.

    The project it opens for that is closed again: a connection belongs to its thread.
    """
    job.say("Opening the project", 0.0, force=True)
    project, left = Project(folder), left_map(folder) if view is None else LeftMap(view)
    try:
        made = {one.key: one for one in scenarios.scenarios(project)}
        shown_last = made[left.view.scenario if left and left.view.scenario in made else scenarios.FIRST]
        names = operations.potential_names()
        prepared = project.store.rows("SELECT 1 FROM lutu_computed WHERE name = ?", [CITY])
        city = contents.read_city(project.inputs(), job) if prepared else None
        computed = {
            name: project.computed(name) for name in job.each([*names, shown_last.plan], "Reading results")
        }
    finally:
        project.close()
    looks, order = (left.view.looks, left.view.order) if left else ({}, ())
    opened = shown(city, computed, looks, job, renewing=False)
    return replace(
        opened,
        layers=ordered(opened.layers, order),
        scenario=shown_last.key,
        left=left,
        theme_chosen=left is not None and _theme_chosen(opened),
    )


def _theme_chosen(opened: Opened) -> bool:
    """Whether buildings or parcels have other themes than at first."""
    if opened.city is None:
        return False
    city, made = opened.city, with_plan(opened.assessments, opened.plan)
    return any(
        opened.looks[base.name].theme != first_look(base, city, made).theme
        for base in opened.bases
        if base.name in ("building", "parcel")
    )


def ordered(layers: tuple[StyledLayer, ...], order: tuple[str, ...]) -> tuple[StyledLayer, ...]:
    """Layers in an order, from below to above; those given themselves where the order is not of just these."""
    known = {layer.name: layer for layer in layers}
    return tuple(known[name] for name in order) if set(order) == set(known) else layers


def shown(
    city: City | None,
    computed: Mapping[str, Computed | None],
    looks: Mapping[str, LayerLook],
    job: Job,
    *,
    renewing: bool = True,
) -> Opened:
    """A city with its results, laid out for the map; layers that were there before keep their looks.

    `renewing` gives buildings in one colour their theme, since there may be results now that were not; not
    over parcels that are shown by a theme.
    """
    job.say("Drawing the map", 0.0, force=True)
    if city is None:
        return Opened(None, computed, (), (), {})
    made = with_plan(results_of(computed), plan_in(computed))
    bases = tuple(map_layers.city_layers(city, made))
    chosen = {}
    parcels = looks.get("parcel")
    renewing = renewing and (parcels is None or parcels.theme is None)
    for base in bases:
        first = first_look(base, city, made)
        before = looks.get(base.name, first)
        renewed = renewing and before.theme is None
        chosen[base.name] = restyled(before, theme=first.theme) if renewed else before
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


class Results:
    """Results with what the plan says of parcels among them, for the map; put together once, as they are asked for often."""

    def __init__(self) -> None:
        self._of: tuple[Mapping[str, Assessment], Part | None] = ({}, None)
        self._found: dict[str, Assessment] = {}

    def of(self, made: Mapping[str, Assessment], plan: Part | None) -> dict[str, Assessment]:
        """The results of a city and a plan."""
        if made is not self._of[0] or plan is not self._of[1]:
            self._of, self._found = (made, plan), with_plan(made, plan)
        return dict(self._found)


def with_plan(made: Mapping[str, Assessment], plan: Part | None) -> dict[str, Assessment]:
    """Results with what the plan says of parcels among them, for the map."""
    return dict(made) if plan is None else {**made, PLAN: plan_as_result(plan)}


def records_of(project: Project, plan: str) -> dict[str, Computed | None]:
    """What a project keeps of its potentials and of one plan, as it was read already."""
    return {name: project.computed(name) for name in (*operations.potential_names(), plan)}
