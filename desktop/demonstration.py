"""The demonstration: the sample city through the whole work, from its files to maps and reports."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from core.fields import fields
from core.jobs import Job
from core.problems import Problem, UserError
from desktop import operations, own_targets, plan_documents, planning
from desktop.data_in import TABLES, TableImport
from desktop.planning import needed_plan
from layers.project import Project
from sample_city import write
from sample_city.city import EPSG, FACTS
from sample_city.files import GEOPACKAGE
from sample_city.goals import GOALS, SOURCE, YEAR
from sample_city.words import LAYERS

MARK = "summary.json"  # what tells a folder of results from a folder of somebody's own


def demonstrate(out: Path, *, reports: int, documents: bool = True, job: Job) -> dict[str, Any]:
    """Make the sample city in a folder and do the whole work on it.

    Parameters
    ----------
    out : Path
        Gets `data` (the planner's files), `project`, `reports`, `exports`, `documents` and `summary.json`.
    reports : int
        How many parcel reports to print: those of the parcels with most capacity.
    documents : bool
        Whether the documents and map sheets of the plan are written too.
    job : Job
        Reports progress and stops when asked.

    Returns
    -------
    dict
        What stands in `summary.json`: buildings, parcels, the totals of every potential, and the files.
    """
    began = time.monotonic()
    if out.exists() and any(out.iterdir()):
        raise UserError(
            Problem("{folder} is not empty.", "Choose a new folder for the demonstration.", folder=out)
        )
    out.mkdir(parents=True, exist_ok=True)
    files = write(out / "data", job=job)
    project = import_sample(out / "data", out / "project", job)
    problems = operations.carry_out(project, operations.check(project), job).problems
    for name in operations.potential_names():
        operations.carry_out(project, operations.assess(project, name), job)
    made = operations.assessments(project)
    best = made["rooftop"].parcels["pv_kwp"].sort_values(ascending=False, kind="stable").index[:reports]
    printed = operations.report(project, [str(one) for one in best], out / "reports", job=job)
    exported, _ = operations.export(project, ("gpkg", "html", "xlsx"), out / "exports", job=job)
    plan_sample(project, job)
    written: tuple[Path, ...] = ()
    if documents:
        ready = plan_documents.ready(project)
        written = plan_documents.write(
            ready, plan_documents.KINDS, out / "documents", sheets=True, job=job
        ).files
    summary = {
        "name": project.name,
        "buildings": len(project.city.tables["building"]) if project.city else 0,
        "parcels": len(project.city.tables["parcel"]) if project.city else 0,
        "totals": {name: dict(one.totals) for name, one in made.items()},
        "sentences": [operations.summary_sentence(one) for one in made.values()],
        "plan": {key: one.value for key, one in needed_plan(project).figures.items()},
        "problems": len(problems),
        "seconds": round(time.monotonic() - began, 1),
        "files": {
            "data": [str(path.relative_to(out)) for path in files],
            "project": "project",
            "reports": [str(path.relative_to(out)) for path in printed],
            "exports": [str(path.relative_to(out)) for path in exported],
            "documents": [str(path.relative_to(out)) for path in written],
        },
    }
    project.close()
    (out / MARK).write_text(json.dumps(summary, ensure_ascii=False, indent=2), encoding="utf-8")
    return summary


def plan_sample(project: Project, job: Job) -> None:
    """The plan of the sample city under goals of its own."""
    for indicator, value, unit in GOALS:
        own_targets.set_target(project, indicator, YEAR, value, unit=unit, source=SOURCE)
    operations.carry_out(project, planning.plan(project), job)


def import_sample(data: Path, folder: Path, job: Job) -> Project:
    """A project of the sample city's files, read as any planner's files are."""
    project = operations.new_project(
        folder, name=str(FACTS["name"]), crs=f"EPSG:{EPSG}", city=str(FACTS["nearest_city"])
    )
    tables = [(table, layer) for table, (layer, _) in LAYERS.items() if table in TABLES]
    for table, layer in job.each(tables, "Importing the sample city"):
        wanted = TableImport(data / GEOPACKAGE, table, layer)
        operations.carry_out(project, operations.add_table(project, wanted), Job())
    for path in job.each(sorted(data.glob("*.tif")), "Importing rasters of the sample city"):
        name = next(one.name for one in fields().values() if one.title_zh == path.stem)
        operations.carry_out(project, operations.add_raster(project, path, name), Job())
    operations.carry_out(project, operations.add_weather(project), Job())
    return project


def fresh_folder(out: Path) -> Path:
    """The folder for new results; one that holds an earlier demonstration gets a number."""
    if not out.exists() or not any(out.iterdir()):
        return out
    number = 2
    while (numbered := out.with_name(f"{out.name}-{number}")).exists():
        number += 1
    return numbered
