"""The check of documents in the window: every difference is listed and leads to where it lies; it can be stopped."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest
from pytestqt.qtbot import QtBot

from core.fields import field
from core.jobs import Cancelled, Job
from core.problems import Problem
from desktop import plan_check, plan_documents
from desktop.addresses import Address
from desktop.check_places import address_of, row_on_map
from desktop.ui.check_dialog import CheckDialog
from desktop.ui.main_window import MainWindow
from desktop.ui.trace import NumberTraceDialog
from layers.export_workbook import HEAD_ROWS
from layers.project import Project
from tests.desktop.ui.test_compare import PATIENCE_MS
from tests.desktop.ui.test_compare import template as template
from tests.desktop.ui.test_compare import window as window


@pytest.fixture(scope="module")
def written(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report, the workbook and the layers of the plan."""
    room = tmp_path_factory.mktemp("written")
    with closing(Project(Path(shutil.copytree(template, room / "小城")))) as project:
        ready = plan_documents.ready(project)
        plan_documents.write(ready, [plan_documents.ANNUAL], room / "documents", layers=True, job=Job())
    return room / "documents"


@pytest.fixture
def folder(window: MainWindow, written: Path) -> Path:
    """Where the files of the plan lie in the project that is open."""
    project = window.workspace.project
    assert project is not None
    return Path(shutil.copytree(written, project.folder / "documents", dirs_exist_ok=True))


def changed(folder: Path) -> None:
    """One number of the workbook is another one: the capacity of the first choice."""
    path = folder / f"{plan_documents.ANNEX}.xlsx"
    book = openpyxl.load_workbook(path)
    page = book["choice"]
    cells = [cell for row in page.iter_rows(max_row=HEAD_ROWS) for cell in row]
    column = next(one.column for one in cells if str(one.value).startswith(field("planned_kw").title_zh))
    page.cell(HEAD_ROWS + 1, column).value = 123456.0
    book.save(path)


def checked(window: MainWindow, qtbot: QtBot) -> CheckDialog:
    window.actions_by_name["check_documents"].trigger()
    qtbot.waitUntil(lambda: not window.workspace.busy, timeout=PATIENCE_MS)
    return next(one for one in window.findChildren(CheckDialog) if one.isVisible())


def test_files_as_they_were_written_agree(window: MainWindow, folder: Path, qtbot: QtBot) -> None:
    dialog = checked(window, qtbot)
    assert dialog.files.model().rowCount() == len(dialog.found) > 3
    assert "All files agree" in dialog.summary.text()
    assert dialog.list.model().rowCount() == 0
    dialog.close()


def test_a_number_changed_in_the_workbook_is_listed_first_and_leads_to_its_trace_and_parcel(
    window: MainWindow, folder: Path, qtbot: QtBot
) -> None:
    changed(folder)
    dialog = checked(window, qtbot)
    assert dialog.found[0].path.suffix == ".xlsx"
    said = [
        [dialog.list.model().index(row, column).data() for column in range(3)]
        for row in range(dialog.list.model().rowCount())
    ]
    row = next(n for n, one in enumerate(said) if one[1].startswith("123456"))
    assert said[row][0].startswith("choice!")
    dialog.list.setCurrentIndex(dialog.list.model().index(row, 0))
    assert dialog.trace.isEnabled() and dialog.on_map.isEnabled()
    dialog.on_map.click()
    plan = window.workspace.plan
    assert plan is not None
    assert window.workspace.chosen.ids == (str(plan.tables["choice"]["parcel_id"].iloc[0]),)
    dialog.trace.click()
    qtbot.waitUntil(lambda: not window.workspace.busy, timeout=PATIENCE_MS)
    trace = next(one for one in window.findChildren(NumberTraceDialog) if one.isVisible())
    trace.close()
    dialog.close()


def test_a_check_that_is_stopped_lists_nothing(window: MainWindow, folder: Path, qtbot: QtBot) -> None:
    window.actions_by_name["check_documents"].trigger()
    assert window.workspace.tasks.running is not None
    window.workspace.tasks.cancel()
    qtbot.waitUntil(lambda: not window.workspace.busy, timeout=PATIENCE_MS)
    assert not [one for one in window.findChildren(CheckDialog) if one.isVisible()]
    assert window.workspace.tasks.ended[-1].state == "stopped"


def test_a_check_stops_between_two_files(window: MainWindow, folder: Path) -> None:
    project = window.workspace.project
    assert project is not None
    ready, files = plan_documents.ready(project), []
    job = Job(lambda progress: (files.append(progress.share), job.cancel() if len(files) == 3 else None))
    with pytest.raises(Cancelled):
        plan_check.check(ready, [folder], job=job)
    assert len(files) == 3


def test_without_files_the_window_says_what_to_do(window: MainWindow, qtbot: QtBot) -> None:
    refused: list[object] = []
    window.workspace.refused.connect(refused.append)
    window.actions_by_name["check_documents"].trigger()
    qtbot.waitUntil(lambda: not window.workspace.busy, timeout=PATIENCE_MS)
    assert "no files of the plan" in str(refused[0])


def test_places_of_workbooks_and_layers_are_found_and_words_are_not(template: Path, tmp_path: Path) -> None:
    with closing(Project(Path(shutil.copytree(template, tmp_path / "小城")))) as project:
        ready = plan_documents.ready(project)
    choice = ready.plan.tables["choice"]

    def place(where: str) -> Address | None:
        return address_of(Problem("", "", where=where), ready.plan, ready.city)

    first = Address(table="choice", row=str(choice.index[0]), column="planned_kw", planned=True)
    assert place(f"choice!C{HEAD_ROWS + 1} planned_kw") == first
    assert place(f"choice!C{HEAD_ROWS + len(choice) + 1} planned_kw") is None
    assert place("地块 P1 pv_kwp") == Address(table="parcel", row="P1", column="pv_kwp")
    assert place("到 2030 年新增光伏装机") is None
    parcel = str(choice["parcel_id"].iloc[0])
    assert row_on_map(first, ready.plan, ready.city) == ("parcel", parcel)
