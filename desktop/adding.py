"""Adding: files are read into a project as its tables, rasters and weather; each function gives back the work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.jobs import Job
from core.problems import Problem, UserError
from desktop.data_in import TableImport, existing, raster_name, read_table, reference_system, replacing
from desktop.names import TABLES
from desktop.places import centre_of
from layers import contents, meter_readings
from layers.contents import Origin, Pending
from layers.datum_check import shifted_problems
from layers.project import Project
from layers.rasters import read_raster, warp
from layers.weather_files import read_epw, read_tmy_csv
from layers.weather_stations import weather_for

Work = Callable[[Job], Pending]


def add_table(project: Project, wanted: TableImport) -> Work:
    """Read a file into the project as one of its tables."""
    if wanted.table not in TABLES:
        raise UserError(
            Problem(
                "There is no table {name}.",
                "Choose one of: {tables}.",
                name=wanted.table,
                tables=", ".join(TABLES),
            )
        )
    crs, store = project.crs, project.store
    replaced = replacing(project.sources, wanted.table)
    remembered = store.meta("matches", {})
    near = centre_of(project)
    other = {"building": "parcel", "parcel": "building"}.get(wanted.table)
    other = other if other in project.sources else None

    if wanted.table == meter_readings.TABLE:
        return _add_readings(project, wanted, replaced)

    def work(job: Job) -> Pending:
        made = read_table(wanted, crs, remembered, job, near=near)
        doubts: list[Problem] = []
        if other is not None:
            beside = contents.read_given(store.path, other)
            doubts = shifted_problems(wanted.table, made.frame, beside)
        job.say("Writing to the project", 0.0, force=True)
        pending = contents.prepare_given(store, wanted.table, made.frame, made.origin)
        return replace(
            pending,
            problems=(*replaced, *made.problems, *doubts),
            memory={made.match.signature: made.match.to_json()},
        )

    return work


def _add_readings(project: Project, wanted: TableImport, replaced: tuple[Problem, ...]) -> Work:
    """Read monthly meter readings of buildings and parcels that are in the project."""
    store, path = project.store, existing(wanted.path)
    known = [name for name in ("building", "parcel") if name in project.sources]
    if not known:
        raise UserError(
            Problem(
                "The project has no data.", "Import building footprints and parcels before meter readings."
            )
        )

    def work(job: Job) -> Pending:
        job.say("Reading the file", 0.0, force=True)
        places: dict[str, Any] = {name: contents.read_given(store.path, name) for name in known}
        made = meter_readings.read_readings(path, places, job, encoding=wanted.encoding)
        digest = contents.digest_of(contents.digest_of_file(path), wanted.encoding)
        origin = Origin(str(path), digest, contents.now(), {"rows": len(made.frame)})
        job.say("Writing to the project", 0.0, force=True)
        pending = contents.prepare_given(store, wanted.table, made.frame, origin)
        return replace(pending, problems=(*replaced, *made.problems))

    return work


def add_raster(project: Project, path: Path, name: str, crs: str = "", cell_m: float | None = None) -> Work:
    """Read a raster into the project, in its reference system."""
    stated = reference_system(crs) if crs else None
    target, name, path = project.crs, raster_name(name), existing(path)
    replaced = replacing(project.sources, f"raster:{name}")

    def work(job: Job) -> Pending:
        job.say("Reading the raster", 0.0, force=True)
        raster, problems = read_raster(path, crs=stated, job=job)
        if raster.crs != target:
            raster = warp(raster, target, cell_m, job=job)
        origin = Origin(str(path), contents.digest_of_file(path), contents.now(), {"cell_m": raster.cell_m})
        pending = contents.prepare_raster(project.store, name, raster, origin)
        return replace(pending, problems=(*replaced, *problems))

    return work


def add_weather(project: Project, path: Path | None = None, city: str = "") -> Work:
    """Take the weather from an EPW or TMY file, or build a typical year for a city of the climate tables."""
    standards = project.standards
    place = city or str(project.facts.get("climate_city", ""))
    if path is None and not place:
        raise UserError(
            Problem("It is not said where the weather comes from.", "Name an EPW or TMY file, or a city.")
        )
    if path is not None:
        existing(path)
    replaced = replacing(project.sources, "weather")

    def work(job: Job) -> Pending:
        job.say("Reading the weather", 0.0, force=True)
        if path is not None:
            read_file = read_epw if path.suffix.lower() == ".epw" else read_tmy_csv
            weather = read_file(path, standards)
            file, digest = str(path), contents.digest_of_file(path)
        else:
            weather = weather_for(place, standards)
            file, digest = place, contents.digest_of(weather.source, float(weather.hours["ghi"].sum()))
        pending = contents.prepare_weather(project.store, weather, Origin(file, digest, contents.now()))
        return replace(pending, problems=(*replaced, *weather.notes))

    return work
