"""The map for a picture without a window: as it was left there, or with one layer coloured as it is asked for; no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cartography.layers import StyledLayer
from core.jobs import Job
from core.problems import Problem, UserError
from desktop import opening, operations, planning, scenarios
from desktop.layer_look import LayerLook, dressed
from desktop.opening import Opened
from desktop.themes import Theme, themes_of

CALM = ("building", "parcel")  # of these only one is coloured at a time


@dataclass(frozen=True, eq=False)
class MapAsked:
    """Layers from below to above as they are drawn, with their looks."""

    layers: tuple[StyledLayer, ...]
    looks: dict[str, LayerLook]


def map_asked(
    folder: Path,
    *,
    layer: str = "",
    by: str = "",
    hidden: Sequence[str] = (),
    scenario: str = "",
    job: Job,
) -> MapAsked:
    """The map of a project as it was left in the window.

    Parameters
    ----------
    folder : Path
        The project.
    layer, by : str
        A layer that is shown, and the column that colours it; one colour where no column is given.
    hidden : sequence of str
        Layers that are left out.
    scenario : str
        Whose plan is shown; as the window was left where not given.

    Raises
    ------
    UserError
        The data was never checked, there is no such layer, or it cannot be coloured by this column.
    """
    opened = opening.read_project(folder, job)
    city = opened.city
    if city is None:
        raise UserError(
            Problem("The data was never checked, so there is no map.", "Check it first: lutu check PROJECT.")
        )
    if scenario:
        opened = _of_scenario(folder, scenario, opened, job)
    looks, bases = dict(opened.looks), {base.name: base for base in opened.bases}
    unknown = [name for name in (*([layer] if layer else ()), *hidden) if name not in bases]
    if unknown:
        raise UserError(
            Problem(
                "There is no layer {name}.",
                "Choose one of: {names}.",
                name=", ".join(unknown),
                names=", ".join(bases),
            )
        )
    changed: set[str] = set()
    if layer:
        theme = _theme(opened, layer, by) if by else None
        for other in CALM:
            if other in looks and theme is not None and layer in CALM:
                looks[other], changed = replace(looks[other], theme=None), changed | {other}
        looks[layer] = replace(looks[layer], visible=True, theme=theme, hidden=frozenset(), method="")
        changed.add(layer)
    for name in hidden:
        looks[name] = replace(looks[name], visible=False)
        changed.add(name)
    made = opening.with_plan(opened.assessments, opened.plan)
    layers = tuple(
        dressed(bases[one.name], looks[one.name], city, made) if one.name in changed else one
        for one in opened.layers
    )
    return MapAsked(layers, looks)


def _of_scenario(folder: Path, scenario: str, before: Opened, job: Job) -> Opened:
    """The map with the plan of another scenario."""
    project = operations.open_project(folder)
    try:
        key = scenarios.scenario_named(project, scenario).key
        records = opening.records_of(project, planning.plan_name(project, key))
    finally:
        project.close()
    return opening.shown(before.city, records, before.looks, job, renewing=False)


def _theme(opened: Opened, layer: str, by: str) -> Theme:
    """The theme of a layer by the column it shows."""
    assert opened.city is not None
    offered = themes_of(opened.city, opening.with_plan(opened.assessments, opened.plan), layer)
    found = next((one for one in offered if one.column == by), None)
    if found is None:
        raise UserError(
            Problem(
                "The layer {layer} is not coloured by {by}.",
                "Choose one of: {names}.",
                layer=layer,
                by=by,
                names=", ".join(dict.fromkeys(one.column for one in offered)) or "—",
            )
        )
    return found
