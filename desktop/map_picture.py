"""The map for a picture without a window: as it was kept, or with one layer coloured as it is asked for; no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cartography.layers import StyledLayer
from cartography.ragged import Bounds
from core.jobs import Job
from core.problems import Problem, UserError
from desktop.kept_map import KeptMap, kept_map
from desktop.layer_look import LayerLook, dressed, restyled
from desktop.themes import Theme, themes_of

CALM = ("building", "parcel")  # of these only one is coloured at a time


@dataclass(frozen=True, eq=False)
class MapAsked:
    """Layers from below to above as they are drawn, with their looks, and the place of the view, where it has one."""

    layers: tuple[StyledLayer, ...]
    looks: dict[str, LayerLook]
    place: Bounds | None


def map_asked(
    folder: Path,
    *,
    view: str = "",
    layer: str = "",
    by: str = "",
    hidden: Sequence[str] = (),
    scenario: str | None = None,
    job: Job,
) -> MapAsked:
    """The map of a project as it was left in the window or as a view keeps it, with its filters.

    Parameters
    ----------
    folder : Path
        The project.
    view : str
        Name of a kept view.
    layer, by : str
        A layer that is shown, and the column that colours it; one colour where no column is given.
    hidden : sequence of str
        Layers that are left out.
    scenario : str, optional
        Key of the scenario whose plan is shown; that of the view, or the one the window was left with, where not given.

    Raises
    ------
    UserError
        The data was never checked, there is no such view or layer, or it cannot be coloured by this column.
    """
    kept = kept_map(folder, job, view=view, scenario=scenario)
    looks, bases = dict(kept.opened.looks), {base.name: base for base in kept.opened.bases}
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
        theme = _theme(kept, layer, by) if by else None
        for other in CALM:
            if other in looks and theme is not None and layer in CALM:
                looks[other], changed = replace(looks[other], theme=None), changed | {other}
        looks[layer] = restyled(looks[layer], visible=True, theme=theme, hidden=frozenset(), method="")
        changed.add(layer)
    for name in hidden:
        looks[name] = replace(looks[name], visible=False)
        changed.add(name)
    layers = tuple(
        kept.filtered(dressed(bases[one.name], looks[one.name], kept.city, kept.results))
        if one.name in changed
        else one
        for one in kept.opened.layers
    )
    return MapAsked(layers, looks, kept.place)


def _theme(kept: KeptMap, layer: str, by: str) -> Theme:
    """The theme of a layer by the column it shows."""
    offered = themes_of(kept.city, kept.results, layer)
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
