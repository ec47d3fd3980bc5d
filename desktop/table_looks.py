"""Table looks: which columns of a layer's table a person hid, widened or moved, by name; kept with the map that was left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class TableLook:
    """What a person chose of the columns of one table.

    Parameters
    ----------
    hidden : frozenset of str
        Columns that are not shown.
    widths : Mapping of column to int
        Widths given by hand; all others follow from what the columns hold. [px]
    order : tuple of str
        Columns from left to right; empty for the order of the data.
    """

    hidden: frozenset[str] = frozenset()
    widths: Mapping[str, int] = field(default_factory=dict)
    order: tuple[str, ...] = ()

    def ordered(self, names: Iterable[str]) -> list[str]:
        """Columns of a table from left to right; those that came since stand last."""
        place = {name: number for number, name in enumerate(self.order)}
        return sorted(names, key=lambda name: place.get(name, len(place)))


def look_record(look: TableLook) -> dict[str, Any]:
    """A look as it is written to a file."""
    return {"hidden": sorted(look.hidden), "widths": dict(look.widths), "order": list(look.order)}


def look_from(record: Mapping[str, Any]) -> TableLook:
    """A look as it was written; ValueError, KeyError, TypeError or AttributeError where it is not one."""
    return TableLook(
        frozenset(str(name) for name in record["hidden"]),
        {str(name): int(width) for name, width in record["widths"].items()},
        tuple(str(name) for name in record["order"]),
    )
