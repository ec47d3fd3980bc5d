"""The commands of `lutu`, each a thin caller of an operation."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from core import VERSION
from core.jobs import Job, Progress
from core.problems import Problem, Severity, UserError
from core.texts import LANGUAGES, text
from desktop import operations
from desktop.data_in import TableImport
from desktop.outputs import EXPORTS
from desktop.words import parsed_settings, parsed_value
from layers.contents import Pending
from layers.project import Project

FOLDER = click.Path(path_type=Path, file_okay=False)
FILE = click.Path(path_type=Path, exists=True)


class Bar:
    """Progress on the terminal: one line a step, quiet when the output is for a machine."""

    def __init__(self, silent: bool) -> None:
        self._silent = silent or not click.get_text_stream("stderr").isatty()
        self._open = False

    def __call__(self, progress: Progress) -> None:
        if self._silent:
            return
        done = round(progress.share * 30)
        line = f"\r{progress.step:<36} [{'━' * done}{' ' * (30 - done)}] {progress.share:4.0%} {progress.seconds:5.0f} s"
        click.echo(line, nl=False, err=True)
        self._open = True

    def close(self) -> None:
        """End the line."""
        if self._open:
            click.echo(err=True)


class Speaker:
    """Says results to people or, with `--json`, to machines."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json
        self.bar = Bar(as_json)
        self.job = Job(self.bar)

    def carry_out(self, project: Project, work: operations.Work) -> Pending:
        """Do long work with a progress bar."""
        try:
            return operations.carry_out(project, work, self.job)
        finally:
            self.bar.close()

    def result(self, sentence: str, **facts: Any) -> None:
        """Say what was done."""
        if self.as_json:
            click.echo(json.dumps({"status": "done", **facts}, ensure_ascii=False, default=str))
        else:
            click.echo(sentence)

    def problems(self, problems: Iterable[Problem]) -> None:
        """Say every problem, the gravest first."""
        if self.as_json:
            return
        order = list(Severity)
        for problem in sorted(problems, key=lambda one: order.index(one.severity)):
            click.echo(f"{MARKS[problem.severity]} {problem.said()}")


MARKS = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.NOTE: "·"}


def _json_option(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--json", "as_json", is_flag=True, help=text("Write the result as JSON."))(function)


def _examples(*lines: str) -> str:
    """Examples as they stand at the end of a command's help."""
    return text("Examples:") + "\n\n\b\n" + "\n".join(f"  {line}" for line in lines)


def _records(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    return [
        {
            "severity": str(problem.severity),
            "text": problem.said(),
            "table": problem.table,
            "rows": [str(row) for row in problem.rows],
        }
        for problem in problems
    ]


@click.group(
    help=text("Lütu finds what sun, ground, water and air can give a city's buildings and parcels."),
    epilog=_examples("lutu demo --out qinghe", "lutu check qinghe/project", "lutu gui qinghe/project"),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("--language", type=click.Choice(LANGUAGES), help=text("Language of messages, zh or en."))
@click.version_option(VERSION, prog_name="lutu")
def lutu(language: str | None) -> None:
    """Group of all commands."""


@lutu.command(
    help=text("Make a project."),
    epilog=_examples(
        "lutu new qinghe --name 青禾市 --city 西安",
        "lutu new lujiazui --name 陆家嘴 --city 上海 --crs EPSG:4549",
    ),
)
@click.argument("folder", type=FOLDER)
@click.option("--name", default="", help=text("Name of the city; that of the folder where not given."))
@click.option("--city", default="", help=text("Nearest city of the climate tables."))
@click.option(
    "--crs",
    default="",
    help=text("Reference system; the CGCS2000 3-degree zone of the city where not given."),
)
@click.option("--province", default="", help=text("Province, for the emission factor of its grid."))
@_json_option
def new(folder: Path, name: str, city: str, crs: str, province: str, as_json: bool) -> None:
    """Make a project."""
    project = operations.new_project(folder, name=name or folder.name, crs=crs, city=city, province=province)
    Speaker(as_json).result(
        text(
            "Made the project {name} in {folder}, in {crs}.",
            name=project.name,
            folder=folder,
            crs=project.crs.name,
        ),
        folder=folder,
        name=project.name,
        crs=project.crs.name,
    )
    project.close()


@lutu.command(
    help=text("Read a file into a project: a table, a raster, or the weather."),
    epilog=_examples(
        "lutu add qinghe building 建筑.shp",
        "lutu add qinghe parcel 规划.gpkg --layer 地块",
        "lutu add qinghe building buildings.geojson --crs GCJ-02",
        "lutu add qinghe raster:terrain dem.tif",
        "lutu add qinghe weather shanghai.epw",
        "lutu add qinghe weather --city 西安",
        "lutu add qinghe building 建筑.shp --list",
    ),
)
@click.argument("folder", type=FOLDER)
@click.argument("what")
@click.argument("file", type=FILE, required=False)
@click.option("--layer", help=text("Layer or sheet of the file."))
@click.option("--encoding", help=text("Encoding of the text in the file, for instance GB18030."))
@click.option(
    "--crs",
    default="",
    help=text(
        "Reference system of the file where it states none, or GCJ-02 or BD-09 for web-map coordinates."
    ),
)
@click.option(
    "--column", "columns", multiple=True, help=text("A column by hand: ours=theirs, or ours=theirs:unit.")
)
@click.option("--city", default="", help=text("City of the climate tables, for a typical year."))
@click.option(
    "--list",
    "listing",
    is_flag=True,
    help=text("Only say what the file offers and how columns would be matched."),
)
@_json_option
def add(
    folder: Path,
    what: str,
    file: Path | None,
    layer: str | None,
    encoding: str | None,
    crs: str,
    columns: tuple[str, ...],
    city: str,
    listing: bool,
    as_json: bool,
) -> None:
    """Read a file into a project."""
    speaker = Speaker(as_json)
    project = operations.open_project(folder)
    if what == "weather":
        work = operations.add_weather(project, file, city)
    elif file is None:
        raise click.UsageError(text("A file is needed."))
    elif what.startswith("raster:"):
        work = operations.add_raster(project, file, what.removeprefix("raster:"), crs)
    else:
        wanted = TableImport(file, what, layer, encoding, crs, columns=columns)
        if listing:
            sentence, facts = operations.described(project, wanted)
            speaker.result(sentence, **facts)
            return
        work = operations.add_table(project, wanted)
    pending = speaker.carry_out(project, work)
    speaker.problems(pending.problems)
    origin = project.sources[what]
    rows = origin.details.get("rows", "")
    speaker.result(
        text("Added {what} from {file}.", what=what, file=origin.file),
        what=what,
        file=origin.file,
        rows=rows,
        problems=_records(pending.problems),
    )
    project.close()


@lutu.command(
    help=text("Find every problem of the data before any long run."),
    epilog=_examples("lutu check qinghe", "lutu check qinghe --json"),
)
@click.argument("folder", type=FOLDER)
@_json_option
def check(folder: Path, as_json: bool) -> None:
    """Find every problem of the data."""
    speaker = Speaker(as_json)
    project = operations.open_project(folder)
    problems = speaker.carry_out(project, operations.check(project)).problems
    speaker.problems(problems)
    counts = {str(kind): sum(one.severity is kind for one in problems) for kind in Severity}
    speaker.result(
        text(
            "{error} errors, {warning} warnings, {note} notes.",
            error=counts["error"],
            warning=counts["warning"],
            note=counts["note"],
        ),
        **counts,
        problems=_records(problems),
    )
    project.close()
    if counts["error"]:
        raise click.exceptions.Exit(1)


@lutu.command(
    help=text("Assess a potential of every building and parcel."),
    epilog=_examples(
        "lutu assess qinghe", "lutu assess qinghe rooftop --set cell_m=2 --set module_tilt_deg=10"
    ),
)
@click.argument("folder", type=FOLDER)
@click.argument("names", nargs=-1)
@click.option("--set", "settings", multiple=True, help=text("A setting: name=value."))
@_json_option
def assess(folder: Path, names: tuple[str, ...], settings: tuple[str, ...], as_json: bool) -> None:
    """Assess potentials."""
    speaker = Speaker(as_json)
    project = operations.open_project(folder)
    if not operations.is_checked(project):
        speaker.carry_out(project, operations.check(project))
    results = {}
    for name in names or operations.potential_names():
        if settings:
            operations.set_settings(
                project, name, parsed_settings(operations.potential_named(name), settings)
            )
        speaker.carry_out(project, operations.assess(project, name))
        made = operations.assessment(project, name)
        assert made is not None  # it was just kept
        results[name] = dict(made.totals)
        if not as_json:
            click.echo(operations.summary_sentence(made))
    if as_json:
        speaker.result("", totals=results)
    project.close()


@lutu.command(
    help=text("Write the suitability reports of parcels as PDF."),
    epilog=_examples("lutu report qinghe QH-0312", "lutu report qinghe --all --out reports --language en"),
)
@click.argument("folder", type=FOLDER)
@click.argument("parcels", nargs=-1)
@click.option("--all", "everything", is_flag=True, help=text("All parcels."))
@click.option(
    "--out", type=FOLDER, help=text("Where to write; the documents of the project where not given.")
)
@click.option("--one-file", is_flag=True, help=text("All parcels in one file."))
@click.option("--author", default="", help=text("Who made the report, as printed in its head."))
@click.option(
    "--in",
    "spoken",
    type=click.Choice(LANGUAGES),
    help=text("Language of the report; Chinese where not given."),
)
@_json_option
def report(
    folder: Path,
    parcels: tuple[str, ...],
    everything: bool,
    out: Path | None,
    one_file: bool,
    author: str,
    spoken: str | None,
    as_json: bool,
) -> None:
    """Write parcel reports."""
    speaker = Speaker(as_json)
    project = operations.open_project(folder)
    if everything == bool(parcels):
        raise click.UsageError(text("Name parcels, or say --all."))
    try:
        files = operations.report(
            project,
            None if everything else parcels,
            out or project.folder / "documents",
            language=spoken or "zh",
            author=author,
            one_file=one_file,
            job=speaker.job,
        )
    finally:
        speaker.bar.close()
    speaker.result(
        text(
            "Wrote {count} reports to {folder}.", count=len(files), folder=files[0].parent if files else out
        ),
        files=files,
    )
    project.close()


@lutu.command(
    help=text("Write results for other programs."),
    epilog=_examples("lutu export qinghe", "lutu export qinghe --as gpkg --as html --out results"),
)
@click.argument("folder", type=FOLDER)
@click.option(
    "--as",
    "forms",
    multiple=True,
    type=click.Choice(EXPORTS),
    help=text("Formats; all where not given."),
)
@click.option(
    "--out", type=FOLDER, help=text("Where to write; the folder exports of the project where not given.")
)
@click.option(
    "--encoding", type=click.Choice(["UTF-8", "GBK"]), default="UTF-8", help=text("Encoding of Shapefiles.")
)
@_json_option
def export(folder: Path, forms: tuple[str, ...], out: Path | None, encoding: str, as_json: bool) -> None:
    """Write results for other programs."""
    speaker = Speaker(as_json)
    project = operations.open_project(folder)
    try:
        files, problems = operations.export(
            project,
            forms or EXPORTS,
            out or project.folder / "exports",
            encoding=encoding,
            job=speaker.job,
        )
    finally:
        speaker.bar.close()
    speaker.problems(problems)
    speaker.result(
        text("Wrote {count} files to {folder}.", count=len(files), folder=out or project.folder / "exports"),
        files=files,
        problems=_records(problems),
    )
    project.close()


@lutu.command(
    help=text("Make the sample city and do the whole work on it: check, assess, report, export."),
    epilog=_examples("lutu demo --out qinghe"),
)
@click.option(
    "--out", type=FOLDER, required=True, help=text("Folder for everything; made if it does not exist.")
)
@click.option("--reports", default=12, show_default=True, help=text("How many parcel reports to print."))
@_json_option
def demo(out: Path, reports: int, as_json: bool) -> None:
    """Do the whole work on the sample city."""
    from desktop import demonstration

    speaker = Speaker(as_json)
    try:
        summary = demonstration.demonstrate(out, reports=reports, job=speaker.job)
    finally:
        speaker.bar.close()
    speaker.result(
        text(
            "{name}: {buildings} buildings on {parcels} parcels, {mwp} MWp on roofs, {gwh} GWh a year. See {folder}.",
            name=summary["name"],
            buildings=summary["buildings"],
            parcels=summary["parcels"],
            mwp=f"{summary['pv_kwp'] / 1e3:.1f}",
            gwh=f"{summary['pv_kwh_per_year'] / 1e6:.1f}",
            folder=out,
        ),
        **summary,
    )


@lutu.command(help=text("Undo the last change of a project."), epilog=_examples("lutu undo qinghe"))
@click.argument("folder", type=FOLDER)
@click.option("--redo", is_flag=True, help=text("Make the last undone change again."))
@_json_option
def undo(folder: Path, redo: bool, as_json: bool) -> None:
    """Undo or redo a change."""
    project = operations.open_project(folder)
    label = project.redo() if redo else project.undo()
    Speaker(as_json).result(label or text("There is nothing to undo."), label=label)
    project.close()


@lutu.command(
    "set",
    help=text("Correct a column of some rows; the given data itself stays as it was."),
    epilog=_examples(
        "lutu set qinghe building height_m 24 QH-0312-01 --why 实测",
        "lutu set qinghe building structural_check passed QH-0312-01 QH-0312-02",
    ),
)
@click.argument("folder", type=FOLDER)
@click.argument("table")
@click.argument("field")
@click.argument("value")
@click.argument("rows", nargs=-1, required=True)
@click.option("--why", default="", help=text("The reason, kept in the history."))
@_json_option
def set_value(
    folder: Path, table: str, field: str, value: str, rows: tuple[str, ...], why: str, as_json: bool
) -> None:
    """Correct given data."""
    project = operations.open_project(folder)
    operations.correct(project, table, rows, field, parsed_value(field, value), why)
    Speaker(as_json).result(project.history()[-1].label, rows=rows, field=field, value=value)
    project.close()


@lutu.command(help=text("Say what is missing on this machine."), epilog=_examples("lutu doctor"))
@_json_option
def doctor(as_json: bool) -> None:
    """Say what is missing on this machine."""
    from desktop import machine

    findings = machine.examine()
    if as_json:
        click.echo(json.dumps([finding.record() for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            click.echo(f"{'✓' if finding.sound else '✗'} {finding.said()}")
    if not all(finding.sound or finding.optional for finding in findings):
        raise click.exceptions.Exit(1)


@lutu.command(help=text("Open the window."), epilog=_examples("lutu gui", "lutu gui qinghe"))
@click.argument("folder", type=FOLDER, required=False)
def gui(folder: Path | None) -> None:
    """Open the window."""
    from desktop import machine

    if not machine.has_display():
        raise UserError(
            Problem("There is no display for a window.", "Work without one: lutu --help lists the commands.")
        )
    from desktop.ui.app import run_window

    raise click.exceptions.Exit(run_window(folder))


@lutu.command(
    "run", hidden=True, help=text("The window on the sample city; without a display the same work headless.")
)
@click.option("--out", type=FOLDER, default=Path("results"), show_default=True)
@click.pass_context
def run(context: click.Context, out: Path) -> None:
    """What `make run` does."""
    from desktop import demonstration, machine

    if machine.has_display():
        from desktop.ui.app import run_window

        project = out / "project"
        if not (project / "city.gpkg").is_file():
            demonstration.demonstrate(out, reports=3, job=Speaker(False).job)
        raise click.exceptions.Exit(run_window(project))
    click.echo(text("There is no display: the same work is done without a window."))
    context.invoke(demo, out=demonstration.fresh_folder(out), reports=12, as_json=False)
