"""Operations: everything a user can do, one function each; window and command line are thin callers.

Long operations give back work: a function that takes a job, may run in any thread, and returns what
`Project.keep` takes in. `carry_out` does both where one thread is enough.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.jobs import Job
from core.problems import Problem, UserError
from desktop import offers, planning
from desktop.adding import add_raster as add_raster
from desktop.adding import add_table as add_table
from desktop.adding import add_weather as add_weather
from desktop.calculating import calculable as calculable
from desktop.calculating import calculate as calculate
from desktop.calculating import calculated as calculated
from desktop.changes import choose as choose
from desktop.changes import correct as correct
from desktop.changes import correctable as correctable
from desktop.changes import given_id as given_id
from desktop.changes import potential_named as potential_named
from desktop.changes import set_settings as set_settings
from desktop.changes import settings_edit as settings_edit
from desktop.changes import settings_of as settings_of
from desktop.chart_scope import parcels_meant as parcels_meant
from desktop.copies import copies_of as copies_of
from desktop.copies import copy_named as copy_named
from desktop.copies import make_copy as make_copy
from desktop.copies import restore_copy as restore_copy
from desktop.data_in import TableImport, existing, reference_system
from desktop.names import LAYER_EXPORTS, RASTER_EXPORTS
from desktop.own_choices import fix_choice as fix_choice
from desktop.own_choices import set_grade as set_grade
from desktop.own_choices import set_plan_settings as set_plan_settings
from desktop.own_choices import set_retrofit as set_retrofit
from desktop.own_data import add_own_data as add_own_data
from desktop.own_data import described_own as described_own
from desktop.own_data import offer_own_data as offer_own_data
from desktop.own_data import write_template as write_template
from desktop.places import centre_of as centre_of
from desktop.places import climate_city as climate_city
from desktop.session import copies_folder as copies_folder
from desktop.shape_changes import crossed_by as crossed_by
from desktop.shape_changes import doubts_about as doubts_about
from desktop.shape_changes import draw_shape as draw_shape
from desktop.shape_changes import merge_shapes as merge_shapes
from desktop.shape_changes import remove_shapes as remove_shapes
from desktop.shape_changes import reshape as reshape
from desktop.shape_changes import sharing as sharing
from desktop.shape_changes import split_shapes as split_shapes
from desktop.standard_numbers import override as override
from desktop.standard_numbers import take_back as take_back
from layers import contents
from layers.city import City
from layers.contents import Pending
from layers.crs import suggest_crs
from layers.preparation import prepare
from layers.project import Project
from layers.project_copy import save_as as save_as
from layers.pv_assets import Register, register
from layers.readers import inspect
from layers.sources import Source
from potential import Assessment
from potential.records import from_record, to_record
from potential.registry import potentials

if TYPE_CHECKING:
    from demand import Demand
    from desktop.outputs import Results
    from potential.solar.layout import Layout

Work = Callable[[Job], Pending]

DEMAND = "demand"  # the result that potentials serve


def carry_out(project: Project, work: Work, job: Job) -> Pending:
    """Do the work of a long operation here and now, and take its result in."""
    pending = work(job)
    if job.cancelled:
        project.discard(pending)
    job.check()
    project.keep(pending)
    return pending


# Projects


def new_project(
    folder: Path,
    *,
    name: str,
    crs: str = "",
    city: str = "",
    longitude: float | None = None,
    province: str = "",
) -> Project:
    """Make a project.

    Parameters
    ----------
    folder : Path
        Where it will lie.
    name : str
        Name of the city.
    crs : str
        Reference system as an EPSG code or text; empty takes the CGCS2000 3-degree zone of the longitude.
    city : str
        Nearest city of the climate tables, for climate zone, province and typical weather.
    longitude : float, optional
        Of the city, where no `city` is named. [°]
    province : str
        For the emission factor of the grid; that of `city` where empty.
    """
    facts: dict[str, Any] = {"climate_city": city, "province": province}
    if city:
        row = climate_city(city)
        facts["province"] = province or str(row["province_zh"])
        facts["climate_zone"] = str(row["zone"])
        longitude = float(row["lon"]) if longitude is None else longitude
    if crs:
        chosen = reference_system(crs)
    elif longitude is not None:
        chosen = suggest_crs(longitude)
    else:
        raise UserError(
            Problem(
                "The reference system of the project is not known.",
                "Name one, for instance EPSG:4545, or name the nearest city.",
            )
        )
    return Project.create(folder, name=name, crs=chosen, facts=facts)


def open_project(folder: Path) -> Project:
    """Open a project."""
    return Project(folder)


# Data in


def offered(path: Path, encoding: str | None = None, job: Job | None = None) -> list[Source]:
    """What a file offers, its text read in a certain encoding where one is named."""
    return inspect(path, encoding=encoding, job=job)


def described(project: Project, wanted: TableImport) -> tuple[str, dict[str, Any]]:
    """What a file offers and how its columns would be matched, in words and as facts."""
    return offers.of_table(wanted, project.store.meta("matches", {}), centre_of(project))


def described_raster(path: Path) -> tuple[str, dict[str, Any]]:
    """What a raster file holds."""
    return offers.of_raster(existing(path))


def described_weather(project: Project, path: Path) -> tuple[str, dict[str, Any]]:
    """What a weather file holds."""
    return offers.of_weather(existing(path), project.standards)


# Checking and assessing


def check(project: Project) -> Work:
    """Prepare the city from the given data and find every problem before any long run."""
    inputs = project.inputs()
    store = project.store

    def work(job: Job) -> Pending:
        began = time.monotonic()
        city, problems = prepare(inputs, job)
        pending = contents.prepare_city(
            store, city, problems, stamp=inputs.stamp, seconds=time.monotonic() - began
        )
        return replace(pending, problems=tuple(problems))

    return work


def assess(project: Project, name: str, values: Mapping[str, Any] | None = None) -> Work:
    """Assess one potential of the checked city.

    `values` are settings that are kept with the result, and only with it: work that is stopped changes nothing. A
    potential that serves demand gets that of the project, which is computed and kept first where it is missing or
    stale.
    """
    potential = potential_named(name)
    settings = replace(settings_of(project, potential), **(values or {}))
    edit = settings_edit(project, name, values) if values else None
    inputs = project.inputs()
    also = (DEMAND,) if potential.uses_demand else ()
    stamp = project.stamp(name, edit, also)
    serve = _demand(project) if potential.uses_demand else None
    ready = project.city if project.is_fresh(contents.CITY) else None
    store = project.store

    def work(job: Job) -> Pending:
        if ready is None:
            raise UserError(
                Problem("The data was changed since it was checked.", "Check the data, then assess again.")
            )
        demand, before = (None, ()) if serve is None else serve(ready, job)
        began = time.monotonic()
        assessment = potential.assess(ready, demand, settings, job)
        job.say("Writing to the project", 0.0, force=True)
        pending = contents.prepare_computed(
            store,
            to_record(assessment),
            stamp=stamp,
            seconds=time.monotonic() - began,
            spatial=set(inputs.tables),
            also=also,
            before=before,
        )
        return replace(pending, edit=edit)

    return work


def _demand(project: Project) -> Callable[[City, Job], tuple[Demand, tuple[contents.Made, ...]]]:
    """What gives the demand of the project's buildings, and the result to be kept where it had to be computed."""
    from potential import building_demand  # late: the kernels take a while to import

    name = DEMAND
    kept = assessment(project, name) if project.is_fresh(name) else None
    settings = settings_of(project, potential_named(name))
    stamp = project.stamp(name)

    def serve(city: City, job: Job) -> tuple[Demand, tuple[contents.Made, ...]]:
        if kept is not None:
            return building_demand.demand_of_assessment(kept), ()
        began = time.monotonic()
        made = building_demand.assess(city, None, settings, job)
        computed = contents.Made(to_record(made), stamp, time.monotonic() - began)
        return building_demand.demand_of_assessment(made), (computed,)

    return serve


def assessment(project: Project, name: str) -> Assessment | None:
    """An assessment as it was kept last; None if there is none."""
    record = project.computed(name)
    return from_record(record) if record else None


def assessments(project: Project) -> dict[str, Assessment]:
    """All assessments that were made, by name."""
    found = {potential.name: assessment(project, potential.name) for potential in potentials()}
    return {name: made for name, made in found.items() if made is not None}


# What was done, and what comes out


def is_checked(project: Project) -> bool:
    """Whether the city was prepared from the data as it is now."""
    return project.is_fresh(contents.CITY)


def pv_register(project: Project) -> Register:
    """The register of PV systems of the checked city, as of today."""
    if project.city is None or not is_checked(project):
        raise UserError(Problem("The data was changed since it was checked.", "Check the data first."))
    return register(project.city, date.today())


def potential_names() -> list[str]:
    """Names of all potentials."""
    return [potential.name for potential in potentials()]


def summary_sentence(made: Assessment) -> str:
    """One sentence about an assessment."""
    from desktop import outputs  # late: it brings reports and maps, which most commands do not need

    return outputs.summary_sentence(made)


def summary(made: Assessment) -> str:
    """The same without what the potential is called."""
    from desktop import outputs  # late, as above

    return outputs.summary(made)


def report(
    project: Project,
    parcel_ids: Sequence[str] | None,
    folder: Path,
    *,
    language: str = "zh",
    author: str = "",
    one_file: bool = False,
    pictures: bool = False,
    job: Job,
    warn: Callable[[Problem], None] | None = None,
) -> list[Path]:
    """Write the suitability reports of some parcels, or of all; `warn` takes what the user should know.

    `pictures` writes every page as PNG instead of PDF.
    """
    from desktop import outputs, report_pages

    results = with_plan(ready(project), project)
    if pictures:
        return report_pages.write_pictures(
            results, parcel_ids, folder, language=language, author=author, job=job
        )
    return outputs.report(
        results,
        parcel_ids,
        folder,
        language=language,
        author=author,
        one_file=one_file,
        job=job,
        warn=warn,
    )


def export(
    project: Project, forms: Sequence[str], folder: Path, *, encoding: str = "UTF-8", job: Job
) -> tuple[list[Path], list[Problem]]:
    """Write results for other programs, in the formats of `EXPORTS`."""
    from desktop import outputs

    return outputs.export(ready(project), forms, folder, encoding=encoding, job=job)


def export_layer(
    project: Project,
    table: str,
    forms: Sequence[str],
    folder: Path,
    *,
    ids: Sequence[str] | None = None,
    where: str = "",
    encoding: str = "UTF-8",
    job: Job,
) -> tuple[list[Path], list[Problem]]:
    """Write one layer in the given formats, or all it can be written in where none is given.

    A layer of shapes is written with all results, all rows or those by id or condition, in formats of `LAYER_EXPORTS`;
    a raster, named with or without `raster:`, in those of `RASTER_EXPORTS`.
    """
    from desktop import layer_export

    found = checked(project)
    raster = layer_export.raster_named(found, table)
    if raster is not None:
        if ids or where:
            raise UserError(
                Problem(
                    "A raster has no rows to choose from.", "Leave out rows and condition, or name a table."
                )
            )
        return layer_export.export_raster(found, raster, forms or RASTER_EXPORTS, folder, job=job)
    results, rows = with_plan(found, project), layer_export.Rows(ids, where)
    return layer_export.export_layer(
        results, table, forms or LAYER_EXPORTS, folder, rows, encoding=encoding, job=job
    )


def layout(
    project: Project,
    building_id: str,
    *,
    pitch: str = "gb50797",
    most_loss: float | None = None,
    orientation: str = "best",
    job: Job | None = None,
) -> Layout:
    """Lay out modules on the roof of a building that was assessed; the words are those of `LayoutSettings`."""
    from desktop import layouts

    settings = layouts.LayoutSettings(pitch, most_loss, orientation)
    return layouts.laying_out(project, building_id, settings)(job or Job())


def ready(project: Project) -> Results:
    """City and assessments to print or export; UserError if nothing was assessed yet."""
    if project.city is None or not assessments(project):
        raise UserError(Problem("Nothing was assessed yet.", "Assess a potential first: lutu assess."))
    return checked(project)


def checked(project: Project) -> Results:
    """The checked city with whatever was assessed; UserError if the data was never checked."""
    from desktop import outputs

    made = assessments(project)
    if project.city is None:
        raise UserError(Problem("The data was not checked yet.", "Check the data first."))
    stale = [name for name in made if not project.is_fresh(name)]
    return outputs.Results(project.city, made, tuple(stale), project.name, project.sources)


def with_plan(results: Results, project: Project, scenario: str = "") -> Results:
    """The same with the plan of a scenario, whose choices reports of parcels say; reads it, which takes a moment."""
    plan = planning.plan_of(project, scenario)
    return replace(
        results, plan=plan, plan_stale=plan is not None and not planning.is_fresh(project, scenario)
    )
