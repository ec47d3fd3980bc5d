"""Plan documents: what a plan is written as: documents for Word and print, an annex, map sheets, layers for GIS and CAD."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from core.jobs import Job
from core.problems import Problem, UserError
from core.texts import speaking
from desktop import operations
from desktop.planning import needed_plan
from desktop.scenarios import Scenario, scenario_named
from layers.city import City
from layers.export import Origin, write_xlsx
from layers.export_files import make_folder
from layers.project import Project
from plans import Part
from potential import Assessment
from reports.documents.annual_report import annual_document, annual_material
from reports.documents.blocks import Document
from reports.documents.check import check_workbook
from reports.documents.files import write_document
from reports.documents.goals import goals
from reports.documents.green_plan import green_plan_documents, green_plan_material
from reports.documents.hands import written_by_hand
from reports.documents.low_carbon_city import low_carbon_document, low_carbon_material
from reports.documents.material import Material
from reports.documents.record import Change, Record, beside, compared
from reports.documents.renewable_plan import renewable_plan_document, renewable_plan_material
from reports.documents.sources import source_tables
from reports.plan_layers import write_plan_layers
from reports.sheets.book import write_sheets, write_unit_sheets
from reports.sheets.content import Imprint
from reports.sheets.map_figure import document_maps

CHINESE = "zh"
IMPLEMENTATION, GREEN, LOW_CARBON, ANNUAL = "实施方案", "专项规划", "低碳城市", "年度报告"
KINDS = (IMPLEMENTATION, GREEN, LOW_CARBON, ANNUAL)
ANNEX = "附表"
SHEET_GROUPS = ("planning", "implementation")
FORMATS = ("gpkg", "shp", "geojson", "dxf")


@dataclass(frozen=True)
class Ready:
    """What documents are written from, free of the project; `planned_at` is when its plan was made."""

    city: City
    assessments: dict[str, Assessment]
    plan: Part
    scenario: Scenario
    texts: Path
    planned_at: str = ""


@dataclass(frozen=True)
class Written:
    """Files, what the user should know, and how many numbers were compared with the plan."""

    files: tuple[Path, ...] = ()
    problems: tuple[Problem, ...] = ()
    numbers: int = 0

    def __add__(self, other: Written) -> Written:
        return Written(
            (*self.files, *other.files), (*self.problems, *other.problems), self.numbers + other.numbers
        )


def ready(project: Project, scenario: str = "") -> Ready:
    """What documents of a scenario are written from.

    Raises
    ------
    UserError
        The city was not checked, or there is no plan.
    """
    found = operations.ready(project)
    return ready_with(project, scenario, found.city, dict(found.assessments), needed_plan(project, scenario))


def ready_with(
    project: Project, scenario: str, city: City, assessments: dict[str, Assessment], plan: Part
) -> Ready:
    """The same from what was read of a project already."""
    chosen = scenario_named(project, scenario)
    return Ready(
        city,
        assessments,
        plan,
        chosen,
        project.folder / "documents" / "templates",
        project.made_at(chosen.plan),
    )


def write(
    ready: Ready,
    kinds: Sequence[str],
    folder: Path,
    *,
    sheets: bool = False,
    layers: bool = False,
    author: str = "",
    day: date | None = None,
    pictures: bool = False,
    language: str = CHINESE,
    formats: Sequence[str] = FORMATS,
    job: Job,
) -> Written:
    """Write documents, map sheets and plan layers into a folder.

    What people wrote into the old Word files is kept; every number of the new ones is compared with the plan.
    `pictures` writes every page of the documents as PNG instead of Word and PDF, `language` is that of the sheets,
    `formats` are those of the layers.

    Raises
    ------
    UserError
        There is no such document, a text cannot be filled, or a file cannot be written.
    """
    unknown = [one for one in kinds if one not in KINDS]
    if unknown:
        raise UserError(
            Problem(
                "There is no document {name}.",
                "Choose one of: {names}.",
                name=unknown[0],
                names=", ".join(KINDS),
            )
        )
    make_folder(folder)
    today = day or date.today()
    made = Written()
    if pictures and kinds:
        from desktop.document_pages import write_pictures  # late: it stands on this module

        made = made + Written(tuple(write_pictures(ready, kinds, folder, author=author, job=job)))
    else:
        for kind in job.each(kinds, "Writing documents"):
            made = made + _write(ready, kind, folder, author, today)
        if kinds:
            made = made + _annex(ready, folder, today)
    if sheets:
        made = made + write_map_sheets(ready, folder, author=author, day=today, language=language, job=job)
    if layers:
        made = made + write_layers(ready, folder, formats=formats, job=job)
    return made


def _material(ready: Ready, author: str, today: date) -> Material:
    """What every document is made from."""
    maps = document_maps(ready.city, ready.assessments, ready.plan)
    return Material(
        ready.city, ready.assessments, ready.plan, author, today, maps=maps, folders=(ready.texts,)
    )


def _renewable_material(material: Material) -> Material:
    """The material of the plan for renewable energy, its goals in words among it."""
    zone = str(material.city.facts.get("climate_zone") or "")
    with speaking(CHINESE):
        said = goals(material.plan, material.city.standards, material.period, zone)
    return renewable_plan_material(replace(material, plan=material.plan + said))


_MAKERS: dict[str, tuple[Callable[[Material], Material], Callable[[Material], tuple[Document, ...]]]] = {
    IMPLEMENTATION: (_renewable_material, lambda material: (renewable_plan_document(material),)),
    GREEN: (green_plan_material, green_plan_documents),
    LOW_CARBON: (low_carbon_material, lambda material: (low_carbon_document(material),)),
    ANNUAL: (annual_material, lambda material: (annual_document(material, material.date.year),)),
}


def _write(ready: Ready, kind: str, folder: Path, author: str, today: date) -> Written:
    """The documents of a kind for Word and print; what people wrote before is laid into them."""
    with_tables, compose = _MAKERS[kind]
    whole = with_tables(_material(ready, author, today))
    made = Written()
    for place, document in enumerate(compose(whole)):

        def again(hands: Mapping[str, Sequence[str]], place: int = place) -> Document:
            return compose(replace(whole, hands=hands))[place]

        files = write_document(again, whole.plan, folder, today, name=document.kind)
        made = made + Written(files.files, files.problems, files.checked.numbers)
    return made


def _annex(ready: Ready, folder: Path, today: date) -> Written:
    """All tables of the plan as a workbook whose totals are formulas, with the numbers it stands on."""
    path = folder / f"{ANNEX}.xlsx"
    whole = annex_tables(ready)
    with speaking(CHINESE):
        origin = Origin(ready.city.name, today, scenario=ready.scenario.title)
    write_xlsx(path, whole.tables, origin, totals=True, language=CHINESE)
    checked = check_workbook(path, whole)
    return Written((path,), checked.problems, checked.numbers)


def documents(
    ready: Ready, kind: str, author: str, day: date, folder: Path | None = None
) -> tuple[Document, ...]:
    """The documents of a kind as the plan gives them now, with what people wrote into the files of a folder, if any."""
    with_tables, compose = _MAKERS[kind]
    whole = with_tables(_material(ready, author, day))
    made = compose(whole)
    if folder is None:
        return made
    hands = [written_by_hand(folder / f"{one.kind}.docx").hands for one in made]
    return tuple(
        compose(replace(whole, hands=written))[place] if written else made[place]
        for place, written in enumerate(hands)
    )


def annex_tables(ready: Ready) -> Part:
    """The tables of the workbook: all of the plan, and the numbers it stands on."""
    numbers = [*ready.plan.numbers, *(one for made in ready.assessments.values() for one in made.numbers)]
    with speaking(CHINESE):
        listed = source_tables(numbers, ready.city.standards)
    return Part(tables={name: table for name, table in ready.plan.tables.items() if len(table)}) + listed


def sheet_title(ready: Ready, language: str = CHINESE) -> str:
    """What sheets call the plan they belong to, in a language."""
    with speaking(language):
        return f"{ready.city.name} {ready.scenario.title}".strip()


def compare(old: Path, new: Path) -> list[Change]:
    """What changed from one version of a document to another, by the records beside them.

    Raises
    ------
    UserError
        A record is missing.
    """
    missing = [one.name for one in (old, new) if not beside(one).is_file()]
    if missing:
        raise UserError(
            Problem(
                "There is no record beside {files}.",
                "Compare files that the program wrote.",
                files=", ".join(missing),
            )
        )
    return compared(Record.read(beside(old)), Record.read(beside(new)))


def write_map_sheets(
    ready: Ready,
    folder: Path,
    *,
    author: str = "",
    day: date | None = None,
    language: str = CHINESE,
    job: Job,
) -> Written:
    """All map sheets of the plan, and one sheet a planning unit."""
    today = day or date.today()
    imprint = Imprint(plan=sheet_title(ready, language), author=author, date=today)
    paths: list[Path] = []
    problems: list[Problem] = []
    for group in SHEET_GROUPS:
        made, said = write_sheets(
            ready.city,
            ready.assessments,
            ready.plan,
            folder,
            group=group,
            imprint=imprint,
            language=language,
            job=job,
        )
        paths += made
        problems += said
    made, said = write_unit_sheets(
        ready.city, ready.assessments, ready.plan, folder, imprint=imprint, language=language, job=job
    )
    return Written((*paths, *made), (*problems, *said))


def write_layers(ready: Ready, folder: Path, *, formats: Sequence[str] = FORMATS, job: Job) -> Written:
    """Plan layers for GIS and CAD."""
    made, problems = write_plan_layers(
        ready.city, ready.assessments, ready.plan, folder, tuple(formats), language=CHINESE, job=job
    )
    return Written(tuple(made), tuple(problems))
