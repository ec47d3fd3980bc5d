"""Left maps: how a person left map and tables of each project, to find them so again; kept in the person's own folder."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cartography.classes import METHODS
from cartography.colours import RAMPS, REVERSED
from core.fields import fields
from desktop.layer_look import LayerLook
from desktop.map_views import MapView, view_from, view_record
from desktop.session import session_file, write_record
from desktop.table_looks import TableLook, look_from, look_record

FILE = "maps.json"
MOST_PROJECTS = 30


@dataclass(frozen=True)
class LeftMap:
    """What was shown of a project when it was left.

    Parameters
    ----------
    view : MapView
        Extent, looks and order of the layers, and the scenario.
    active : str
        The layer that legend and selecting were about.
    step : str
        The step of the work.
    tables : Mapping of table to TableLook
        Columns of attribute tables that were hidden, widened or moved.
    """

    view: MapView
    active: str = ""
    step: str = ""
    tables: Mapping[str, TableLook] = field(default_factory=dict)


def left_map(folder: Path) -> LeftMap | None:
    """How the map of a project was left; None where that is not known or cannot be read."""
    record = _kept().get(_key(folder))
    try:
        return None if record is None else _read(record)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return None


def keep_left_map(folder: Path, left: LeftMap) -> None:
    """Keep how the map of a project is left; a folder that cannot be written is no reason to stop."""
    kept = {key: one for key, one in _kept().items() if key != _key(folder)}
    kept[_key(folder)] = {
        "view": view_record(left.view),
        "active": left.active,
        "step": left.step,
        "tables": {table: look_record(look) for table, look in left.tables.items()},
    }
    path = session_file().parent / FILE
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_record(path, dict(list(kept.items())[-MOST_PROJECTS:]))
    except OSError as error:
        logging.getLogger("lutu").warning("how the map was left is not kept: %s", error)


def _key(folder: Path) -> str:
    return str(folder.resolve())


def _kept() -> dict[str, Any]:
    try:
        found = json.loads((session_file().parent / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _read(record: Mapping[str, Any]) -> LeftMap:
    view = view_from(record["view"])
    looks = {name: _known(look) for name, look in view.looks.items()}
    tables = {str(table): look_from(look) for table, look in record.get("tables", {}).items()}
    return LeftMap(replace(view, looks=looks), str(record["active"]), str(record["step"]), tables)


def _known(look: LayerLook) -> LayerLook:
    """A look with only what this version of the program can show."""
    theme = look.theme if look.theme is not None and look.theme.column in fields() else None
    return replace(
        look,
        theme=theme,
        method=look.method if look.method in METHODS else "",
        ramp=look.ramp if look.ramp.removesuffix(REVERSED) in RAMPS else "",
    )
