"""The commands of `lutu` that write plans: document, sheets, layers; each calls an operation."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.problems import Problem, UserError
from core.texts import LANGUAGES, text
from desktop.click_words import Command, argument, json_option, option
from desktop.plan_commands import scenario_option
from desktop.speaking import Speaker, records

if TYPE_CHECKING:
    from desktop.plan_check import FileChecked
    from desktop.plan_documents import Written

PATH = click.Path(path_type=Path)
ALL = "all"


@click.command(
    cls=Command,
    short_help="Write the documents of a plan for Word and print, check or compare them.",
    help="Write the documents of a plan for Word and print with an annex of tables: 实施方案, 专项规划, 低碳城市, 年度报告. "
    "What people wrote into "
    "the old files is kept. With --check read all files back, sheets and layers too, and compare them "
    "with the plan, with --compare two versions.",
    examples=(
        "lutu document qinghe 实施方案 --to 文件",
        "lutu document qinghe all --to 文件 --author 青禾市住房和城乡建设局",
        "lutu document qinghe 专项规划 --to 图片 --png",
        "lutu document qinghe --check --to 文件",
        "lutu document qinghe --compare 旧/实施方案.docx 新/实施方案.docx",
    ),
)
@argument("folder", type=PATH, help="Folder of the project.")
@argument("kinds", nargs=-1, help="Documents, or the word all.")
@option("--to", "out", type=PATH, help="Where to write; the documents of the project where not given.")
@option("--author", default="", help="Who made it, as printed on the title page.")
@option(
    "--check",
    "checking",
    is_flag=True,
    help="Read documents, workbook, map sheets and plan layers back and compare every number with the plan; write nothing.",
)
@option("--png", "as_pictures", is_flag=True, help="Write every page as a PNG picture instead.")
@option("--compare", "versions", nargs=2, type=PATH, help="Say what changed from one version to another.")
@scenario_option
@json_option
def document(
    folder: Path,
    kinds: tuple[str, ...],
    out: Path | None,
    author: str,
    checking: bool,
    as_pictures: bool,
    versions: tuple[Path, Path] | None,
    scenario: str,
    as_json: bool,
) -> None:
    """Write the documents of a plan."""
    from desktop import operations, plan_check, plan_documents

    with Speaker(as_json) as speaker:
        if versions:
            changes = plan_documents.compare(*versions)
            for one in changes:
                speaker.say(f"  {one.where}\n    - {one.before}\n    + {one.after}")
            speaker.result(
                text("{count} changes.", count=len(changes)), changes=[vars(one) for one in changes]
            )
            return
        with closing(operations.open_project(folder)) as project:
            ready = plan_documents.ready(project, scenario)
            given, out = out is not None, out or project.folder / "documents"
        if checking:
            folders = [out] if given else [out, project.folder / "exports"]
            _checked(plan_check.check(ready, folders, author, job=speaker.job), speaker)
            return
        if not kinds:
            raise UserError(
                Problem(
                    "It is not said which document is written.",
                    "Choose among: {names}.",
                    names=", ".join((*plan_documents.KINDS, ALL)),
                )
            )
        chosen = plan_documents.KINDS if ALL in kinds else kinds
        if as_pictures:
            from desktop.document_pages import write_pictures

            files = write_pictures(ready, chosen, out, author=author, job=speaker.job)
            _said(plan_documents.Written(tuple(files)), out, speaker)
            return
        _said(plan_documents.write(ready, chosen, out, author=author, job=speaker.job), out, speaker)


def _checked(found: list[FileChecked], speaker: Speaker) -> None:
    """Say what the check found of each file; it ends with an error where a file differs or is stale."""
    from desktop import plan_check

    problems = [problem for one in found for problem in one.said()]
    speaker.problems(problems)
    for line in plan_check.table(found):
        speaker.say("  " + line)
    numbers, wrong = sum(one.numbers for one in found), sum(len(one.problems) for one in found)
    speaker.result(
        text("{count} numbers were compared: {wrong} differ.", count=numbers, wrong=wrong),
        numbers=numbers,
        differences=wrong,
        files=[
            {
                "kind": one.kind,
                "file": str(one.path),
                "numbers": one.numbers,
                "differences": len(one.problems),
                "state": one.state,
            }
            for one in found
        ],
        problems=records(problems),
    )
    if problems:
        raise click.exceptions.Exit(1)


def _said(made: Written, out: Path, speaker: Speaker) -> None:
    speaker.problems(made.problems)
    words = text("Wrote {count} files to {folder}.", count=len(made.files), folder=out)
    if made.numbers:
        words += " " + text("{count} numbers were compared with the plan.", count=made.numbers)
    speaker.result(
        words, files=[str(one) for one in made.files], numbers=made.numbers, problems=records(made.problems)
    )


@click.command(
    cls=Command,
    short_help="Print the map sheets of a plan.",
    help="Print the map sheets of a plan as A3 PDF: the atlas of the plan, maps of the programme, one sheet a planning "
    "unit.",
    examples=("lutu sheets qinghe --to 图集", "lutu sheets qinghe --to sheets --in en"),
)
@argument("folder", type=PATH, help="Folder of the project.")
@option("--to", "out", type=PATH, help="Where to write; the documents of the project where not given.")
@option("--author", default="", help="Who made it, as printed in the title block.")
@option("--in", "spoken", type=click.Choice(LANGUAGES), default="zh", help="Language of the sheets.")
@scenario_option
@json_option
def sheets(folder: Path, out: Path | None, author: str, spoken: str, scenario: str, as_json: bool) -> None:
    """Print the map sheets of a plan."""
    from desktop import operations, plan_documents
    from layers.export_files import make_folder

    with Speaker(as_json) as speaker:
        with closing(operations.open_project(folder)) as project:
            ready = plan_documents.ready(project, scenario)
            out = out or project.folder / "documents"
        make_folder(out)
        made = plan_documents.write_map_sheets(ready, out, author=author, language=spoken, job=speaker.job)
        _said(made, out, speaker)


@click.command(
    cls=Command,
    short_help="Write the layers of a plan for GIS and CAD.",
    help="Write the layers of a plan for GIS and CAD: choices, phases, projects, grades, control indicators, potentials and "
    "exclusions, as styled GeoPackage, Shapefile, GeoJSON and DXF.",
    examples=("lutu layers qinghe --to 图层", "lutu layers qinghe --as gpkg --as dxf"),
)
@argument("folder", type=PATH, help="Folder of the project.")
@option("--to", "out", type=PATH, help="Where to write; the exports of the project where not given.")
@option(
    "--as",
    "formats",
    multiple=True,
    type=click.Choice(("gpkg", "shp", "geojson", "dxf")),
    help="Formats; all where not given.",
)
@scenario_option
@json_option
def layers(folder: Path, out: Path | None, formats: tuple[str, ...], scenario: str, as_json: bool) -> None:
    """Write the layers of a plan."""
    from desktop import operations, plan_documents
    from layers.export_files import make_folder

    with Speaker(as_json) as speaker:
        with closing(operations.open_project(folder)) as project:
            ready = plan_documents.ready(project, scenario)
            out = out or project.folder / "exports"
        make_folder(out)
        made = plan_documents.write_layers(
            ready, out, formats=formats or plan_documents.FORMATS, job=speaker.job
        )
        _said(made, out, speaker)
