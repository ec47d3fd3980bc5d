"""Layouts: the modules drawn on the roof of one building, beside the coefficients, and the file they are written to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.jobs import Job
from core.problems import Problem, UserError
from core.texts import text
from core.units import quantity
from desktop.changes import given_id, potential_named, settings_of
from layers.export_files import make_folder
from layers.project import Project
from potential.records import from_record
from potential.solar.layout import Layout, LayoutRules, layout_of
from potential.solar.layout import LayoutSettings as LayoutSettings
from potential.solar.modules import ground_cover_ratio
from reports.parcel import file_names
from sun.site import sky_of

ROOFTOP = "rooftop"


def laying_out(project: Project, building_id: str, settings: LayoutSettings) -> Callable[[Job], Layout]:
    """Prepare to lay out modules on the roof of a building that was assessed; the work may run in any thread.

    Parameters
    ----------
    project : Project
        With a fresh assessment of rooftop PV.
    building_id : str
        Id of the building.
    settings : LayoutSettings
        Pitch and orientation; the tilt of rows is that of the assessment.

    Raises
    ------
    UserError
        Rooftop PV was not assessed, the building is not known, or nothing of its roof is usable.
    """
    record, city = project.computed(ROOFTOP), project.city
    if record is None or city is None or not project.is_fresh(ROOFTOP):
        raise UserError(
            Problem(
                "Rooftop PV was not assessed on the data as it is now.", "Check and assess it, then lay out."
            )
        )
    made = from_record(record)
    buildings = city.tables["building"]
    if building_id not in buildings.index:
        raise UserError(
            Problem(
                "There is no building {building}.",
                "Take an id from the table of buildings.",
                building=given_id(building_id),
            )
        )
    planes, rooms = made.details["roof_plane"], made.details["roof_usable"]
    rooms = rooms[rooms["building_id"] == building_id]
    if rooms.empty:
        raise UserError(
            Problem(
                "The roof of building {building} has no usable part: {reason}.",
                "Choose another building, or see its safety and grade.",
                building=given_id(building_id),
                reason=text(str(made.details["building"].loc[building_id, "reason"])),
            )
        )
    assessed = settings_of(project, potential_named(ROOFTOP))
    rules = LayoutRules.of(city, settings, assessed.module_tilt_deg)
    flush = city.standards.number("pv_parameters", parameter="gcr", case="flush metal roof").value

    def work(job: Job) -> Layout:
        job.say("Laying out modules", 0.0, force=True)
        place = city.place
        return layout_of(
            buildings.geometry.loc[building_id],
            planes[planes["building_id"] == building_id],
            rooms,
            sky_of(city, assessed)[0],
            (float(ground_cover_ratio(rules.module_tilt_deg, place.latitude)), flush),
            settings,
            rules,
            latitude=place.latitude,
            convergence_deg=place.convergence_deg,
        )

    return work


def said(made: Layout, building_id: str) -> list[str]:
    """Both figures and by how much they differ, one sentence each."""
    return [
        text(
            "Layout of building {building}: {count} modules, {kwp}, {kwh} in the first year.",
            building=building_id,
            count=len(made.modules),
            kwp=quantity(made.kwp, "kWp"),
            kwh=quantity(made.kwh_per_year, "kWh"),
        ),
        text(
            "Coefficients on the same usable area: {kwp}; the layout has {change} %.",
            kwp=quantity(made.area_kwp, "kWp"),
            change=_change(made.kwp, made.area_kwp),
        ),
        text(
            "Coefficients of the assessment, with a share kept for other uses: {kwp}, {kwh}; the layout has {change} %.",
            kwp=quantity(made.coefficient_kwp, "kWp"),
            kwh=quantity(made.coefficient_kwh_per_year, "kWh"),
            change=_change(made.kwp, made.coefficient_kwp),
        ),
        text("Keep clear exits, rescue openings, smoke vents and skylights that the data do not show."),
    ]


def facts(made: Layout) -> dict[str, Any]:
    """Figures of a layout for machines."""
    return {
        "modules": len(made.modules),
        "kwp": made.kwp,
        "kwh_per_year": made.kwh_per_year,
        "area_kwp": made.area_kwp,
        "coefficient_kwp": made.coefficient_kwp,
        "coefficient_kwh_per_year": made.coefficient_kwh_per_year,
        "planes": made.planes.reset_index().to_dict(orient="records"),
    }


def file_stem(building_id: str) -> str:
    """Name of the file of a building's layout, safe on all systems."""
    return file_names([f"layout_{building_id}"])[0].removesuffix(".pdf")


def write_layout(made: Layout, path: Path) -> list[Problem]:
    """Write the modules as a layer: a GeoPackage, or GeoJSON by the ending of the name."""
    from layers.export import write_geojson, write_geopackage  # late: it takes a while to import

    make_folder(path.parent)
    if path.suffix.lower() == ".geojson":
        return write_geojson(path, made.modules)
    if path.suffix.lower() == ".gpkg":
        return write_geopackage(path, {"module": made.modules})
    raise UserError(
        Problem(
            "{file} is neither a GeoPackage nor GeoJSON.",
            "Let the name end in .gpkg or .geojson.",
            file=path.name,
        )
    )


def _change(value: float, against: float) -> str:
    """By how many per cent a value lies above or below another, with its sign."""
    return f"{100 * (value / against - 1):+.0f}" if against > 0 else "—"
