"""The commands of `lutu` that give results and start the program: assets, report, export, demo, doctor, gui, run."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from core import texts
from core.problems import Problem, UserError
from core.texts import LANGUAGES, text
from desktop.click_words import Command, argument, json_option, option
from desktop.names import EXPORTS
from desktop.speaking import Speaker, records, say_json

if TYPE_CHECKING:
    from core.jobs import Job

PATH = click.Path(path_type=Path)


@click.command(
    cls=Command,
    help="Sum up the register of PV systems: what is in use, what blocks acceptance, what is overdue.",
    examples=("lutu assets qinghe", "lutu assets qinghe --json"),
)
@argument("folder", type=PATH, help="Folder of the project.")
@json_option
def assets(folder: Path, as_json: bool) -> None:
    """Sum up the register of PV systems."""
    from core.fields import field
    from desktop import operations
    from desktop.asset_words import register_said

    with Speaker(as_json) as speaker, closing(operations.open_project(folder)) as project:
        if not operations.is_checked(project):
            speaker.carry_out(project, operations.check(project))
        made = operations.pv_register(project)
        waiting = made.assets["acceptance_blocked"]
        waiting = waiting[waiting != ""]
        for name, blocked in waiting.items():
            speaker.say(f"{name}  {field('acceptance_blocked').shown(blocked)}")
        late = made.assets.index[made.assets["removal_overdue"]]
        if len(late):
            speaker.say(text("Removal overdue: {systems}.", systems=text(", ").join(map(str, late))))
        speaker.result(
            register_said(made),
            totals=dict(made.totals),
            parcels=made.parcels["pv_existing_kwp"].to_dict(),
            blocked=waiting.to_dict(),
            overdue=list(late),
        )


@click.command(
    cls=Command,
    help="Write the suitability reports of parcels as PDF, or every page as a picture.",
    examples=(
        "lutu report qinghe QH-0312",
        "lutu report qinghe --all --out reports --in en",
        "lutu report qinghe --all --one-file --author 规划一所",
        "lutu report qinghe QH-0312 --as png",
        "lutu report qinghe --where 'planning_unit == \"B01\"'",
    ),
)
@argument("folder", type=PATH, help="Folder of the project.")
@argument("parcels", nargs=-1, help="Ids of the parcels.")
@option("--all", "everything", is_flag=True, help="All parcels.")
@option("--where", default="", help="The parcels that meet this condition.")
@option("--out", type=PATH, help="Where to write; the documents of the project where not given.")
@option("--one-file", is_flag=True, help="All parcels in one file.")
@option(
    "--as", "form", type=click.Choice(("pdf", "png")), default="pdf", help="PDF, or a picture of every page."
)
@option("--author", default="", help="Who made the report, as printed in its head.")
@option(
    "--in",
    "spoken",
    type=click.Choice(LANGUAGES),
    default="zh",
    help="Language of the report; Chinese where not given.",
)
@json_option
def report(
    folder: Path,
    parcels: tuple[str, ...],
    everything: bool,
    where: str,
    out: Path | None,
    one_file: bool,
    form: str,
    author: str,
    spoken: str,
    as_json: bool,
) -> None:
    """Write parcel reports."""
    from desktop import operations

    if sum((everything, bool(parcels), bool(where))) != 1:
        raise click.UsageError(text("Name parcels, or say --all."))
    with Speaker(as_json) as speaker, closing(operations.open_project(folder)) as project:
        found: list[Problem] = []
        named = list(dict.fromkeys(parcels))
        if where:
            results = operations.ready(project)
            named = operations.parcels_meant(results.city, results.assessments, where)
        files = operations.report(
            project,
            None if everything else named,
            out or project.folder / "documents",
            language=spoken,
            author=author,
            one_file=one_file,
            pictures=form == "png",
            job=speaker.job,
            warn=found.append,
        )
        problems = list({problem.said(): problem for problem in found}.values())
        speaker.problems(problems)
        place = out or project.folder / "documents"
        speaker.result(_written(files, place), files=files, problems=records(problems))


@click.command(
    cls=Command,
    help="Write results for other programs.",
    examples=(
        "lutu export qinghe",
        "lutu export qinghe --as gpkg --as html --out results",
        "lutu export qinghe --layer building --as shp --where 'height_m > 24'",
        "lutu export qinghe --layer parcel --rows P0012 --rows P0013 --as geojson",
        "lutu export qinghe --layer terrain --out rasters",
    ),
)
@argument("folder", type=PATH, help="Folder of the project.")
@option("--as", "forms", multiple=True, type=click.Choice(EXPORTS), help="Formats; all where not given.")
@option("--out", type=PATH, help="Where to write; the folder exports of the project where not given.")
@option("--encoding", type=click.Choice(["UTF-8", "GBK"]), default="UTF-8", help="Encoding of Shapefiles.")
@option(
    "--layer",
    default="",
    help="Only this layer: building, parcel or another table, all its rows; or a raster, by its name such as terrain.",
)
@option("--rows", multiple=True, help="Of the layer, only these rows, by their ids.")
@option("--where", default="", help="Of the layer, only the rows that meet this condition.")
@json_option
def export(
    folder: Path,
    forms: tuple[str, ...],
    out: Path | None,
    encoding: str,
    layer: str,
    rows: tuple[str, ...],
    where: str,
    as_json: bool,
) -> None:
    """Write results for other programs."""
    from desktop import operations

    if (rows or where) and not layer:
        raise click.UsageError(text("Rows are chosen of one layer: name it with --layer."))
    with Speaker(as_json) as speaker, closing(operations.open_project(folder)) as project:
        place = out or project.folder / "exports"
        wanted = tuple(dict.fromkeys(forms))
        if layer:
            files, problems = operations.export_layer(
                project,
                layer,
                wanted,
                place,
                ids=rows or None,
                where=where,
                encoding=encoding,
                job=speaker.job,
            )
        else:
            files, problems = operations.export(
                project, wanted or EXPORTS, place, encoding=encoding, job=speaker.job
            )
        speaker.problems(problems)
        speaker.result(_written(files, place), files=files, problems=records(problems))


@click.command(
    cls=Command,
    help="Lay out modules on the roof of a building and compare them with the coefficients.",
    examples=(
        "lutu layout qinghe B0123",
        "lutu layout qinghe B0123 --pitch loss --loss-limit 0.03 --orientation landscape",
        "lutu layout qinghe B0123 --out B0123.geojson",
    ),
)
@argument("folder", type=PATH, help="Folder of the project.")
@argument("building", help="Id of the building.")
@option(
    "--pitch",
    type=click.Choice(["gb50797", "loss"]),
    default="gb50797",
    help="Pitch of rows on level roofs: of GB 50797, or by the yearly loss to the row in front.",
)
@option(
    "--loss-limit",
    type=click.FloatRange(0.001, 0.5),
    help="Most yearly loss to the row in front as a share; that of the tables where not given.",
)
@option(
    "--orientation",
    type=click.Choice(["portrait", "landscape", "best"]),
    default="best",
    help="Long side up the slope, along the row, or whichever yields more.",
)
@option("--out", type=PATH, help="File to write, .gpkg or .geojson; in the folder exports where not given.")
@json_option
def layout(
    folder: Path,
    building: str,
    pitch: str,
    loss_limit: float | None,
    orientation: str,
    out: Path | None,
    as_json: bool,
) -> None:
    """Lay out modules on a roof."""
    from desktop import layouts, operations

    with Speaker(as_json) as speaker, closing(operations.open_project(folder)) as project:
        made = operations.layout(
            project, building, pitch=pitch, most_loss=loss_limit, orientation=orientation, job=speaker.job
        )
        path = out or project.folder / "exports" / f"{layouts.file_stem(building)}.gpkg"
        problems = layouts.write_layout(made, path)
        speaker.problems(problems)
        sentences = [*layouts.said(made, building), text("Wrote {file}.", file=path)]
        speaker.result("\n".join(sentences), file=path, **layouts.facts(made), problems=records(problems))


@click.command(
    cls=Command,
    help="Make the sample city and do the whole work on it: check, assess, report, export.",
    examples=("lutu demo --out qinghe", "lutu demo --out qinghe --reports 3"),
)
@option("--out", type=PATH, required=True, help="Folder for everything; made if it does not exist.")
@option(
    "--reports",
    type=click.IntRange(min=0),
    default=12,
    help="How many parcel reports to print; 12 if not said.",
)
@json_option
def demo(out: Path, reports: int, as_json: bool) -> None:
    """Do the whole work on the sample city."""
    with Speaker(as_json) as speaker:
        summary = _demonstrated(out, reports, speaker.job)
        speaker.result(_summary(summary, out), **summary)


@click.command(cls=Command, help="Say what is missing on this machine.", examples=("lutu doctor",))
@json_option
def doctor(as_json: bool) -> None:
    """Say what is missing on this machine."""
    from desktop import machine

    findings = machine.examine()
    sound = all(finding.sound or finding.optional for finding in findings)
    if as_json:
        say_json({"status": "done" if sound else "problem", "findings": [one.record() for one in findings]})
    else:
        for finding in findings:
            click.echo(f"{finding.mark} {finding.said()}")
        click.echo(
            text("Lütu can work on this machine.")
            if sound
            else text("Lütu cannot work on this machine until what is marked ✗ is put right.")
        )
    if not sound:
        raise click.exceptions.Exit(1)


@click.command(cls=Command, help="Open the window.", examples=("lutu gui", "lutu gui qinghe"))
@argument("folder", type=PATH, required=False, help="Folder of the project; none for an empty window.")
@option("--once", is_flag=True, help="Close the window once it is shown, and say how long that took.")
@json_option
def gui(folder: Path | None, once: bool, as_json: bool) -> None:
    """Open the window."""
    from desktop import machine

    if once:
        _first_sight(folder, as_json)
        return
    if not machine.has_display():
        raise UserError(
            Problem("There is no display for a window.", "Work without one: lutu --help lists the commands.")
        )
    raise click.exceptions.Exit(_window()(folder))


@click.command(
    cls=Command,
    hidden=True,
    help="The window on the sample city; without a display the same work headless.",
    examples=("lutu run", "lutu run --out results"),
)
@option("--out", type=PATH, default=Path("results"), help="Folder for everything; results if not said.")
@json_option
def run(out: Path, as_json: bool) -> None:
    """What `make run` does."""
    from desktop import demonstration, machine

    with Speaker(as_json) as speaker:
        if machine.has_display():
            project = out / "project"
            if not (out / demonstration.MARK).is_file():
                out = demonstration.fresh_folder(out)
                project = out / "project"
                _demonstrated(out, 3, speaker.job)
                speaker.bar.close()
            raise click.exceptions.Exit(_window()(project))
        speaker.say(text("There is no display: the same work is done without a window."))
        out = demonstration.fresh_folder(out)
        summary = _demonstrated(out, 12, speaker.job)
        speaker.result(_summary(summary, out), folder=out, **summary)


def _window() -> Callable[[Path | None], int]:
    """What opens the window, in the language of this command."""
    from desktop.ui.app import run_window

    texts.use(texts.language())  # the window has threads, which know nothing of the command's language
    opened: Callable[[Path | None], int] = run_window
    return opened


def _first_sight(folder: Path | None, as_json: bool) -> None:
    """Open the window, close it, and say how long its start took; works without a display, too."""
    from desktop.ui.first_sight import first_sight

    texts.use(texts.language())
    seen = first_sight(folder)
    with Speaker(as_json) as speaker:
        speaker.result(seen.said(), seen_s=round(seen.seen_s, 3), ready_s=round(seen.ready_s, 3))


def _demonstrated(out: Path, reports: int, job: Job) -> dict[str, Any]:
    from desktop import demonstration

    return demonstration.demonstrate(out, reports=reports, job=job)


def _summary(summary: dict[str, Any], out: Path) -> str:
    """What the demonstration found and where everything lies, one line each."""
    found = text(
        "{name}: {buildings} buildings on {parcels} parcels.",
        name=summary["name"],
        buildings=summary["buildings"],
        parcels=summary["parcels"],
    )
    files = summary["files"]
    place = out.resolve()
    lines = [
        (text("Project"), place / files["project"]),
        (text("Reports"), place / "reports"),
        *((text("Export"), place / one) for one in files["exports"]),
        *([(text("Documents"), place / "documents")] if files["documents"] else []),
        (text("Summary"), place / "summary.json"),
    ]
    return "\n".join([found, *summary["sentences"], *(f"  {title}  {path}" for title, path in lines)])


def _written(files: list[Path], folder: Path) -> str:
    return text("Wrote {count} files to {folder}.", count=len(files), folder=folder)
