"""Overrides of published numbers as cells of a project: their row's id, and the way to and from the overlay."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pandas as pd

from standards.overrides import Override

STANDARD = "standard"  # the table of overrides among those of a project
SOURCE, REASON = "source", "note"


def row_id(table: str, keys: Sequence[str]) -> str:
    """Id under which the project keeps an override."""
    return json.dumps([table, *keys], ensure_ascii=False)


def overrides_in(overlay: pd.DataFrame) -> tuple[Override, ...]:
    """The overrides among the cells of a project, in the order of their ids; those taken back are left out.

    Parameters
    ----------
    overlay : DataFrame
        `table_name`, `row_id`, `field`, `value` as JSON.
    """
    mine = overlay[overlay["table_name"] == STANDARD]
    rows: dict[str, dict[str, str]] = {}
    for row, field, value in zip(mine["row_id"], mine["field"], mine["value"], strict=True):
        said = json.loads(value)
        if said is not None:
            rows.setdefault(row, {})[field] = str(said)
    found = []
    for row, cells in rows.items():
        table, *keys = json.loads(row)
        source, reason = cells.pop(SOURCE, ""), cells.pop(REASON, "")
        found.append(Override(table, tuple(keys), tuple(sorted(cells.items())), source, reason))
    return tuple(found)
