"""Legends: the classes of all layers on the map with how many features each holds, counted once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from cartography.classes import LegendEntry
from cartography.layers import StyledLayer
from core.texts import language
from desktop.ui.workspace import Workspace

COUNTED_AT_ONCE = 200_000  # features; of larger layers they are counted beside the window


@dataclass(frozen=True, eq=False)
class Kept:
    """The classes of a layer, and what they were counted from."""

    classes: object
    values: object
    passing: object
    language: str
    outline: tuple[str, bool]
    entries: Sequence[LegendEntry]

    def holds(self, layer: StyledLayer) -> bool:
        """Whether they are still those of a layer."""
        same = self.values is layer.values and self.passing is layer.shown and self.outline == _outline(layer)
        return same and self.classes == layer.classes and self.language == language()


class Legends(QObject):
    """Keeps the classes of layers as long as classes and values stay the same.

    Signals
    -------
    changed()
        The features of a large layer were counted.
    """

    changed = Signal()

    def __init__(self, workspace: Workspace, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._kept: dict[str, Kept] = {}

    def of(self, layers: Iterable[StyledLayer]) -> dict[str, Sequence[LegendEntry]]:
        """The classes of the layers that are switched on, by name; empty while they are being counted."""
        return {layer.name: self._entries(layer) for layer in layers if layer.visible and _has_classes(layer)}

    def _entries(self, layer: StyledLayer) -> Sequence[LegendEntry]:
        kept = self._kept.get(layer.name)
        if kept is not None and kept.holds(layer):
            return kept.entries
        features = 0 if layer.ragged is None else layer.ragged.features
        if features <= COUNTED_AT_ONCE:
            return self._keep(layer, layer.legend())
        before = kept.entries if kept is not None and kept.classes == layer.classes else ()

        def take(entries: Sequence[LegendEntry]) -> None:
            now = self._kept.get(layer.name)
            if now is not None and now.holds(layer):
                self._keep(layer, entries)
                self.changed.emit()

        self._workspace.later.ask(f"legend {layer.name}", layer.legend, take)
        return self._keep(layer, before)

    def _keep(self, layer: StyledLayer, entries: Sequence[LegendEntry]) -> Sequence[LegendEntry]:
        self._kept[layer.name] = Kept(
            layer.classes, layer.values, layer.shown, language(), _outline(layer), entries
        )
        return entries


def _outline(layer: StyledLayer) -> tuple[str, bool]:
    return layer.outline, layer.outline_chosen


def _has_classes(layer: StyledLayer) -> bool:
    return layer.classes is not None and not layer.relief
