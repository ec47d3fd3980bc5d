"""The commands of `lutu` that bring data in and compute: new, add, check, assess, set; each calls an operation."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from core.problems import Severity
from core.texts import text
from desktop.click_words import Command, argument, json_option, option
from desktop.speaking import Speaker, records

if TYPE_CHECKING:
    from desktop.data_in import TableImport
    from desktop.operations import Work
    from layers.project import Project

# Operations are imported by each command when it runs: `lutu --help` need not wait for them.

PATH = click.Path(path_type=Path)
RASTER = "raster:"
ALL = "all"
OWN = ("statistics", "actual", "measured")  # own data of the planner, which is decided, not given


@click.command(
    cls=Command,
    help="Make a project.",
    examples=(
        "lutu new qinghe --name 青禾市 --city 西安",
        "lutu new lujiazui --name 陆家嘴 --city 上海 --crs EPSG:4549",
    ),
)
@argument("folder", type=PATH, help="Folder for the project; made if it does not exist.")
@option("--name", default="", help="Name of the city; that of the folder where not given.")
@option("--city", default="", help="Nearest city of the climate tables.")
@option(
    "--crs",
    default="",
    help="Reference system; the CGCS2000 3-degree zone of the city where not given.",
)
@option("--province", default="", help="Province, for the emission factor of its grid.")
@json_option
def new(folder: Path, name: str, city: str, crs: str, province: str, as_json: bool) -> None:
    """Make a project."""
    from desktop import operations
    from layers.system_names import system_said

    name = name or folder.resolve().name
    with (
        Speaker(as_json) as speaker,
        closing(operations.new_project(folder, name=name, crs=crs, city=city, province=province)) as project,
    ):
        speaker.result(
            text(
                "Made the project {name} in {folder}, in {crs}.",
                name=project.name,
                folder=folder,
                crs=system_said(project.crs),
            ),
            folder=folder,
            name=project.name,
            crs=project.crs.name,
        )


@click.command(
    cls=Command,
    short_help="Read a file into a project: a table, a raster, or the weather.",
    help="Read a file into a project: a table (building, parcel, water, road, borehole and others), "
    "own data (statistics, actual, measured; see lutu template), "
    "a raster (raster:terrain, raster:surface and others), or the weather.",
    examples=(
        "lutu add qinghe building 建筑.shp --list",
        "lutu add qinghe building 建筑.shp",
        "lutu add qinghe parcel 规划.gpkg --layer 地块",
        "lutu add qinghe parcel 地块.csv --crs EPSG:4490 --column plot_area_m2=面积:亩",
        "lutu add qinghe building buildings.geojson --crs GCJ-02",
        "lutu add qinghe raster:terrain dem.tif",
        "lutu add qinghe weather shanghai.epw",
        "lutu add qinghe statistics 能耗统计.xlsx --list",
        "lutu add qinghe statistics 能耗统计.xlsx --column statistics_amount=用量 --why 统计年鉴",
        "lutu add qinghe weather --city 西安",
    ),
)
@argument("folder", type=PATH, help="Folder of the project.")
@argument("what", help="What the file becomes: building, parcel, raster:terrain, weather and so on.")
@argument("file", type=PATH, required=False, help="The file, folder or archive to read.")
@option("--layer", help="Layer or sheet of the file.")
@option("--encoding", help="Encoding of the text in the file, for instance GB18030.")
@option(
    "--crs",
    default="",
    help="Reference system of the file where it states none or a wrong one; "
    "GCJ-02 or BD-09 for coordinates of web maps.",
)
@option("--swap-axes", "swapped", is_flag=True, help="Exchange north and east of the file.")
@option(
    "--coordinates",
    default="",
    help="Columns of a sheet with longitude and latitude, or easting and northing: X,Y.",
)
@option(
    "--column",
    "columns",
    multiple=True,
    help="A column by hand: ours=theirs, or ours=theirs:unit. May be repeated.",
)
@option("--city", default="", help="City of the climate tables, for a typical year.")
@option("--why", default="", help="Reason, for statistics, actual and measured values; kept in the history.")
@option("--scenario", default="", help="Scenario of measured projects; the base scenario where not given.")
@option(
    "--list",
    "listing",
    is_flag=True,
    help="Only say what the file offers and how columns would be matched.",
)
@json_option
def add(folder: Path, what: str, file: Path | None, listing: bool, as_json: bool, **how: Any) -> None:
    """Read a file into a project."""
    from desktop import operations
    from standards.place_names import place_said

    if file is None and what != "weather":
        raise click.UsageError(text("Name the file to read."))
    with Speaker(as_json) as speaker, closing(operations.open_project(folder)) as project:
        if what in OWN and file is not None:
            said = {name: how[name] for name in ("columns", "encoding", "scenario")} | {"sheet": how["layer"]}
            if listing:
                sentence, facts = operations.described_own(
                    operations.offer_own_data(project, what, file, **said)
                )
                speaker.result(sentence, **facts)
                return
            taken = operations.add_own_data(project, what, file, why=how["why"], **said)
            done = text("Added {what} from {file}: {rows} rows.", what=what, file=file, rows=taken)
            speaker.result(done, what=what, file=str(file), rows=taken)
            return
        if listing and file is not None:
            sentence, facts = _offer(project, what, file, how)
            speaker.result(sentence, **facts)
            return
        pending = speaker.carry_out(project, _import(project, what, file, how))
        speaker.problems(pending.problems)
        origin = project.sources[what]
        rows = origin.details.get("rows")
        done = text("Added {what} from {file}.", what=what, file=place_said(origin.file))
        if rows is not None:
            done = text("Added {what} from {file}: {rows} rows.", what=what, file=origin.file, rows=rows)
        speaker.result(done, what=what, file=origin.file, rows=rows, problems=records(pending.problems))


def _offer(project: Project, what: str, file: Path, how: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """What a file offers."""
    from desktop import operations

    if what == "weather":
        return operations.described_weather(project, file)
    if what.startswith(RASTER):
        return operations.described_raster(file)
    return operations.described(project, _wanted(what, file, how))


def _import(project: Project, what: str, file: Path | None, how: dict[str, Any]) -> Work:
    """The work that takes a file in."""
    from desktop import operations

    if what == "weather":
        return operations.add_weather(project, file, how["city"])
    assert file is not None  # the command has looked
    if what.startswith(RASTER):
        return operations.add_raster(project, file, what.removeprefix(RASTER), how["crs"])
    return operations.add_table(project, _wanted(what, file, how))


def _wanted(what: str, file: Path, how: dict[str, Any]) -> TableImport:
    from desktop.data_in import TableImport

    names = ("layer", "encoding", "crs", "columns", "swapped", "coordinates")
    return TableImport(file, what, **{name: how[name] for name in names})


@click.command(
    cls=Command,
    help="Find every problem of the data before any long run.",
    examples=("lutu check qinghe", "lutu check qinghe --json"),
)
@argument("folder", type=PATH, help="Folder of the project.")
@json_option
def check(folder: Path, as_json: bool) -> None:
    """Find every problem of the data."""
    from desktop import operations

    with Speaker(as_json) as speaker, closing(operations.open_project(folder)) as project:
        problems = speaker.carry_out(project, operations.check(project)).problems
        speaker.problems(problems)
        counts = {str(kind): sum(one.severity is kind for one in problems) for kind in Severity}
        speaker.result(_counted(counts), **counts, problems=records(problems))
    if counts["error"]:
        raise click.exceptions.Exit(1)


@click.command(
    cls=Command,
    help="Assess a potential of every building and parcel.",
    examples=(
        "lutu assess qinghe",
        "lutu assess qinghe all",
        "lutu assess qinghe rooftop --set cell_m=2 --set module_tilt_deg=10",
    ),
)
@argument("folder", type=PATH, help="Folder of the project.")
@argument("names", nargs=-1, help="Potentials; all of them where none is named, or by the word all.")
@option("--set", "settings", multiple=True, help="A setting: name=value. May be repeated.")
@json_option
def assess(folder: Path, names: tuple[str, ...], settings: tuple[str, ...], as_json: bool) -> None:
    """Assess potentials."""
    from desktop import operations
    from desktop.words import settings_by_potential

    every = not names or names == (ALL,)
    chosen = [operations.potential_named(name) for name in (operations.potential_names() if every else names)]
    wanted = settings_by_potential(chosen, settings)
    with Speaker(as_json) as speaker, closing(operations.open_project(folder)) as project:
        if not operations.is_checked(project):
            speaker.carry_out(project, operations.check(project))
        grave = [one for one in project.problems if one.severity is Severity.ERROR]
        speaker.problems(grave)
        totals = {}
        for potential in chosen:
            work = operations.assess(project, potential.name, wanted[potential.name])
            speaker.carry_out(project, work)
            made = operations.assessment(project, potential.name)
            assert made is not None  # it was just kept
            totals[potential.name] = dict(made.totals)
            speaker.say(operations.summary_sentence(made))
        if as_json:
            speaker.result("", totals=totals, problems=records(grave))


@click.command(
    "set",
    cls=Command,
    context_settings={"ignore_unknown_options": True},  # values may begin with a minus
    help="Correct a column of some rows; the given data itself stays as it was.",
    examples=(
        "lutu set qinghe building height_m 24 QH-0312-01 --why 实测",
        "lutu set qinghe building structural_check passed QH-0312-01 QH-0312-02",
        "lutu set qinghe building height_m none QH-0312-01",
    ),
)
@argument("folder", type=PATH, help="Folder of the project.")
@argument("table", help="building, parcel or another table of the project.")
@argument("field", help="Name of the column, as in the dictionary.")
@argument("value", help="The right value; none for no value.")
@argument("rows", nargs=-1, required=True, help="Ids of the rows.")
@option("--why", default="", help="The reason, kept in the history.")
@json_option
def set_value(
    folder: Path, table: str, field: str, value: str, rows: tuple[str, ...], why: str, as_json: bool
) -> None:
    """Correct given data."""
    from desktop import operations
    from desktop.words import parsed_value

    for word in rows:
        if word.startswith("--"):
            raise click.NoSuchOption(word, ctx=click.get_current_context())
    with Speaker(as_json) as speaker, closing(operations.open_project(folder)) as project:
        operations.correctable(project, table, field)
        parsed = parsed_value(field, value)
        before = len(project.history())
        operations.correct(project, table, rows, field, parsed, why)
        made = project.history()[before:]
        said = made[-1].label if made else text("Nothing to change: these rows have this value already.")
        speaker.result(said, rows=rows, field=field, value=parsed, changed=bool(made))


def _counted(counts: dict[str, int]) -> str:
    """How many problems of which kind there are, one sentence."""
    return text(
        "Errors: {error}. Warnings: {warning}. Notes: {note}.",
        error=counts["error"],
        warning=counts["warning"],
        note=counts["note"],
    )
