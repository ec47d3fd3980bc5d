"""The check of all files of a plan: a number changed in any of them is found, and nothing else is a difference."""

from __future__ import annotations

import dataclasses
import shutil
import sqlite3
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import ezdxf
import openpyxl
import pandas as pd
import pyogrio
import pytest

from core.jobs import Job
from core.problems import UserError
from desktop import plan_check, plan_documents
from desktop.plan_documents import Ready
from layers.project import Project
from reports.documents.pdf import write_pdf
from tests.desktop.test_planning import planned_template, template  # noqa: F401

LATER = "2099-01-01T00:00:00+00:00"


@pytest.fixture(scope="module")
def ready(
    planned_template: Path,  # noqa: F811
    tmp_path_factory: pytest.TempPathFactory,
) -> Ready:
    """A planned small city, free of its project."""
    copied = Path(shutil.copytree(planned_template, tmp_path_factory.mktemp("planned") / "小城"))
    with closing(Project(copied)) as project:
        return dataclasses.replace(plan_documents.ready(project), planned_at="")


def moved(ready: Ready) -> Ready:
    """The same with another plan: one choice is a thousand kilowatts larger."""
    choice = ready.plan.tables["choice"].copy()
    choice.loc[choice.index[0], "planned_kw"] += 1000.0
    return dataclasses.replace(
        ready, plan=dataclasses.replace(ready.plan, tables={**ready.plan.tables, "choice": choice})
    )


@pytest.fixture(scope="module")
def written(ready: Ready, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report, the workbook, the sheets and the layers of the plan."""
    folder = tmp_path_factory.mktemp("written")
    plan_documents.write(
        ready, [plan_documents.ANNUAL], folder, sheets=True, layers=True, author="规划局", job=Job()
    )
    return folder


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(written, tmp_path / "文件"))


@pytest.fixture
def layers(written: Path, tmp_path: Path) -> Path:
    """The plan layers alone: every file is checked by itself, and here only these are changed."""
    others = shutil.ignore_patterns("*.docx", "*.pdf", "*.json", "*.xlsx")
    return Path(shutil.copytree(written, tmp_path / "图层", ignore=others))


def states(found: list[plan_check.FileChecked]) -> dict[str, str]:
    return {one.path.name: one.state for one in found}


def wrong(folder: Path, ready: Ready) -> list[plan_check.FileChecked]:
    return [one for one in plan_check.check(ready, [folder]) if one.state != "agrees"]


def test_files_as_they_were_written_agree_and_all_kinds_are_read(ready: Ready, folder: Path) -> None:
    found = plan_check.check(ready, [folder])
    assert set(states(found).values()) == {"agrees"}
    assert {one.kind for one in found} == {"Word", "PDF", "Workbook", "Map sheets", "Plan layers"}
    assert {one.path.suffix for one in found} == {
        ".docx", ".pdf", ".xlsx", ".gpkg", ".shp", ".geojson", ".dxf",
    }  # fmt: skip
    assert all(one.numbers for one in found if one.kind != "Plan layers")


def test_a_changed_cell_is_found_with_its_total(ready: Ready, folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "附表.xlsx")
    names = [cell.value for cell in book["choice"][1]]
    column = names.index(next(one for one in names if one and "规划" in str(one))) + 1
    cell = book["choice"].cell(row=3, column=column)
    before, cell.value = cell.value, 987_654.0
    book.save(folder / "附表.xlsx")
    (file,) = wrong(folder, ready)
    assert file.kind == "Workbook"
    assert {str(one.values["found"]) for one in file.problems} & {"987654", "987654.0"}
    assert str(float(before)) in {str(one.values["wanted"]) for one in file.problems}
    assert any("=SUM" in str(one.values["found"]) for one in file.problems)


def test_a_total_that_leaves_a_row_out_is_found(ready: Ready, folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "附表.xlsx")
    sheet = book["choice"]
    total = next(one for one in sheet[sheet.max_row] if str(one.value).startswith("=SUM"))
    total.value = str(total.value).replace("3:", "4:")
    book.save(folder / "附表.xlsx")
    (file,) = wrong(folder, ready)
    assert [one.values["where"] for one in file.problems] == [f"choice!{total.coordinate}"]


def test_a_report_printed_from_other_numbers_is_found(ready: Ready, folder: Path) -> None:
    today = datetime.now().date()
    (document,) = plan_documents.documents(ready, plan_documents.ANNUAL, "规划局", today)
    table, place = next(
        (block, n)
        for n, block in enumerate(document.blocks)
        if hasattr(block, "rows")
        and any(any(c.isdigit() for c in cell) for row in block.rows for cell in row)
    )
    row = next(n for n, one in enumerate(table.rows) if any(c.isdigit() for cell in one for c in cell))
    cell = next(n for n, one in enumerate(table.rows[row]) if any(c.isdigit() for c in one))
    cells = [list(one) for one in table.rows]
    cells[row][cell] = "9" + cells[row][cell]
    blocks = list(document.blocks)
    blocks[place] = dataclasses.replace(table, rows=tuple(map(tuple, cells)))
    write_pdf(dataclasses.replace(document, blocks=tuple(blocks)), folder / "年度报告.pdf", today)
    (file,) = wrong(folder, ready)
    assert (file.kind, file.path.name, len(file.problems)) == ("PDF", "年度报告.pdf", 1)
    assert str(file.problems[0].values["where"]).startswith(f"{table.number} {table.title}, {row + 1}")


def test_sheets_layers_and_workbook_of_another_plan_differ(ready: Ready, folder: Path) -> None:
    found = states(plan_check.check(moved(ready), [folder]))
    differing = {name for name, state in found.items() if state == "differs"}
    assert "附表.xlsx" in differing
    assert any(name.endswith(".pdf") for name in differing)
    assert {Path(name).suffix for name in differing} >= {".gpkg", ".shp", ".geojson", ".dxf"}


def test_a_plan_made_after_the_files_makes_them_stale_not_wrong(ready: Ready, folder: Path) -> None:
    later = dataclasses.replace(moved(ready), planned_at=LATER)
    found = plan_check.check(later, [folder])
    assert "differs" not in states(found).values()
    stale = next(one for one in found if one.path.name == "附表.xlsx")
    assert stale.state == "stale"
    assert [one.values["count"] for one in stale.said()] == [len(stale.problems)]
    same = dataclasses.replace(ready, planned_at=LATER)
    assert set(states(plan_check.check(same, [folder])).values()) == {"agrees"}


def test_a_changed_attribute_of_a_geopackage_is_found(ready: Ready, layers: Path) -> None:
    (file,) = layers.glob("*.gpkg")
    with sqlite3.connect(file) as store:
        for function in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):  # its triggers name them
            store.create_function(function, 1, lambda _: 0)
        store.execute('UPDATE "技术分配" SET planned_kw = planned_kw + 1e-6 WHERE fid = 1')
    (found,) = wrong(layers, ready)
    (problem,) = found.problems
    assert "planned_kw" in str(problem.values["where"])
    assert float(str(problem.values["found"])) - float(str(problem.values["wanted"])) == pytest.approx(1e-6)


@pytest.mark.parametrize("ending", ["shp", "geojson"])
def test_a_changed_attribute_and_a_lost_row_of_a_file_are_found(
    ready: Ready, layers: Path, ending: str
) -> None:
    (file,) = layers.glob(f"*_技术分配.{ending}")
    frame = pyogrio.read_dataframe(file)
    column = next(one for one in frame.columns if pd.api.types.is_float_dtype(frame[one].dtype))
    pyogrio.write_dataframe(frame.assign(**{column: frame[column] + 1}), file)
    (found,) = wrong(layers, ready)
    assert len(found.problems) == len(frame)
    pyogrio.write_dataframe(frame.iloc[1:], file)
    (found,) = wrong(layers, ready)
    assert len(found.problems) == 1


def test_a_changed_value_of_a_drawing_is_found(ready: Ready, layers: Path) -> None:
    (file,) = layers.glob("*.dxf")
    drawing = ezdxf.readfile(file)
    shape = next(one for one in drawing.modelspace() if one.has_xdata("LUTU"))
    tags = [(tag.code, 4711.0 if tag.code == 1040 else tag.value) for tag in shape.get_xdata("LUTU")]
    shape.set_xdata("LUTU", tags)
    drawing.saveas(file)
    (found,) = wrong(layers, ready)
    assert {str(one.values["found"]) for one in found.problems} == {"4711"}


@pytest.mark.parametrize(
    "pattern", ["年度报告.docx", "年度报告.pdf", "附表.xlsx", "*.gpkg", "*.dxf", "*_技术分配.geojson"]
)
def test_a_file_that_cannot_be_read_is_a_problem_of_that_file_alone(
    ready: Ready, folder: Path, pattern: str
) -> None:
    (broken,) = folder.glob(pattern)
    broken.write_bytes(b"nothing")
    (found,) = wrong(folder, ready)
    assert found.path == broken


def test_a_folder_without_files_is_refused(ready: Ready, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no files"):
        plan_check.check(ready, [tmp_path])


def test_a_file_is_compared_as_of_the_day_it_was_written(ready: Ready, folder: Path) -> None:
    before = date(2026, 1, 5)
    plan_documents.write(ready, [plan_documents.ANNUAL], folder, author="规划局", day=before, job=Job())
    found = [one for one in plan_check.check(ready, [folder]) if one.kind in ("Word", "PDF")]
    assert {one.state for one in found} == {"agrees"}
