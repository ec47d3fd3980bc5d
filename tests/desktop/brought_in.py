"""Projects of tests are filled from a file with the layers 建筑 and 地块, as `lutu add`, `check` and `assess` do it."""

from __future__ import annotations

from pathlib import Path

from core.jobs import Job
from desktop import operations
from desktop.data_in import TableImport
from layers.project import Project

LAYERS = (("building", "建筑"), ("parcel", "地块"))


def bring_in(project: Project, file: Path) -> None:
    """Import buildings and parcels."""
    for table, layer in LAYERS:
        wanted = TableImport(file, table, layer)
        operations.carry_out(project, operations.add_table(project, wanted), Job())


def bring_in_and_assess(project: Project, file: Path, *potentials: str) -> None:
    """Import buildings and parcels, take the weather of the city, check, and assess."""
    bring_in(project, file)
    operations.carry_out(project, operations.add_weather(project), Job())
    operations.carry_out(project, operations.check(project), Job())
    for name in potentials:
        operations.carry_out(project, operations.assess(project, name), Job())
