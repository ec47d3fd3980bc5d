"""Dressing: classes and colours of a layer are found beside the window, of the kept plan or of one that is only tried."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cartography.layers import StyledLayer
from desktop.layer_look import dressed, switched, tried
from desktop.opening import with_plan
from desktop.plan_map import SHOWN

if TYPE_CHECKING:
    from desktop.ui.workspace import Workspace


class Dressing:
    """Dresses the layers of a workspace as their looks say; of each layer only the newest arrives."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def plan_changed(self) -> None:
        """Another plan is to be seen: dress the layers that show one."""
        for name, look in self._workspace.looks.items():
            if look.theme is not None and look.theme.column in SHOWN:
                self.dress(name)

    def dress(self, name: str) -> None:
        """Find the classes of a layer, and show it so."""
        workspace = self._workspace
        base, look, city, trial = (
            workspace.bases[name],
            workspace.looks[name],
            workspace.city,
            workspace.trial,
        )
        if city is None:
            return
        made, assessments = workspace.results, workspace.assessments

        def work() -> StyledLayer:
            if trial is None or look.theme is None or look.theme.column not in SHOWN:
                return dressed(base, look, city, made)
            return tried(base, look, city, made, with_plan(assessments, trial))

        def take(layer: StyledLayer) -> None:
            now = workspace.looks.get(name)
            if now is not None and workspace.bases.get(name) is base:
                kept = replace(switched(layer, now), shown=workspace.filters.mask(name))
                workspace.change_layer(name, lambda _: kept)

        workspace.later.ask(f"style {name}", work, take)
