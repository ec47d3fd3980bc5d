"""The preview shows the pages of the printed report, turns through parcels, and writes what it shows."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from pytestqt.qtbot import QtBot

from core.jobs import Job
from core.problems import UserError
from desktop import operations, report_pages
from desktop.ui.dialogs import ReportsWanted
from desktop.ui.main_window import MainWindow
from desktop.ui.printing import suit_printer
from desktop.ui.report_preview import PAPER, ReportPreview
from tests.desktop.conftest import Lutu
from tests.desktop.ui.small_city import quiet, select


@pytest.fixture
def preview(small_window: MainWindow, qtbot: QtBot) -> Iterator[ReportPreview]:
    """The preview of two parcels that are selected."""
    select(small_window, qtbot, "parcel", "P1", "P2")
    small_window.actions_by_name["preview"].trigger()
    made = small_window.findChild(ReportPreview)
    assert isinstance(made, ReportPreview)
    drawn(made, qtbot)
    yield made
    made.close()


def drawn(preview: ReportPreview, qtbot: QtBot) -> None:
    qtbot.wait(250)
    qtbot.waitUntil(lambda: not preview.workspace.later.busy and bool(preview.pages), timeout=30_000)
    qtbot.wait(20)


def test_the_pages_are_those_of_the_report(preview: ReportPreview) -> None:
    dots = Image.open(BytesIO(preview.pages[0])).size[0] / 210 * 25.4
    same = report_pages.pages_of(preview.results, "P1", language="en", dots_per_inch=dots)
    assert len(same) == len(preview.pages)
    assert preview.ids == ("P1", "P2")
    assert f"Page 1 of {len(same)}" in preview.caption.text()


def test_after_the_last_page_of_a_parcel_comes_the_first_of_the_next(
    preview: ReportPreview, qtbot: QtBot
) -> None:
    for _ in range(len(preview.pages)):
        qtbot.keyClick(preview, Qt.Key.Key_PageDown)
    drawn(preview, qtbot)
    assert (preview.parcel, preview.page) == ("P2", 0)
    assert "parcel 2 of 2" in preview.caption.text()
    preview.before.click()
    drawn(preview, qtbot)
    assert (preview.parcel, preview.page) == ("P1", len(preview.pages) - 1)


def test_the_page_is_drawn_anew_as_fine_as_it_is_large(preview: ReportPreview, qtbot: QtBot) -> None:
    before = Image.open(BytesIO(preview.pages[0])).size
    preview.larger.click()
    preview.larger.click()
    drawn(preview, qtbot)
    after = Image.open(BytesIO(preview.pages[0])).size
    assert after[0] == pytest.approx(1.5 * before[0], rel=0.01)
    assert preview.scale.text() == "150%"


def test_another_language_is_that_of_the_pages(preview: ReportPreview, qtbot: QtBot) -> None:
    before = preview.pages[0]
    preview.spoken.setCurrentIndex(preview.spoken.findData("zh"))
    drawn(preview, qtbot)
    assert preview.pages[0] != before


def test_what_is_saved_and_printed_are_all_pages_of_all_parcels(
    preview: ReportPreview, small_window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    many = sum(
        len(report_pages.pages_of(preview.results, one, language="en", dots_per_inch=20))
        for one in preview.ids
    )
    preview.write_pictures(tmp_path / "图")
    quiet(small_window, qtbot)
    assert len(list((tmp_path / "图").glob("*.png"))) == many
    assert (tmp_path / "图" / "P1-1.png").is_file()
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "p.pdf"))
    suit_printer(printer, PAPER, landscape=False)
    preview.print_to(printer)
    quiet(small_window, qtbot)
    assert (tmp_path / "p.pdf").read_bytes().count(b"/Type /Page\n") == many


def test_a_page_that_cannot_be_written_whole_leaves_the_one_before(
    preview: ReportPreview, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "P1-1.png").write_bytes(b"before")

    def full(path: Path, data: bytes) -> int:
        with path.open("wb") as file:
            file.write(data[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(UserError):
        report_pages.write_pictures(preview.results, ["P1"], tmp_path, language="en", job=Job())
    assert (tmp_path / "P1-1.png").read_bytes() == b"before"
    assert [path.name for path in tmp_path.glob("*P1*")] == ["P1-1.png"]


def test_several_parcels_are_saved_in_one_pdf(preview: ReportPreview) -> None:
    asked: list[ReportsWanted] = []
    preview._write = asked.append
    preview.pdf.click()
    assert asked[0].parcel_ids == ("P1", "P2") and asked[0].one_file


def test_without_a_selection_all_parcels_that_pass_the_filter_are_shown(
    small_window: MainWindow, qtbot: QtBot
) -> None:
    assert small_window.workbench is not None
    small_window.workspace.activate("parcel")
    small_window.workbench.show_table(shown=True)
    quiet(small_window, qtbot)
    small_window.workbench.drawer.table.set_filter("P3")
    quiet(small_window, qtbot)
    small_window.actions_by_name["preview"].trigger()
    made = small_window.findChild(ReportPreview)
    assert isinstance(made, ReportPreview) and made.ids == ("P3",)
    drawn(made, qtbot)
    made.close()
    small_window.workbench.drawer.table.set_filter("")


def test_the_command_writes_pages_as_pictures(small_city: Path, lutu: Lutu, tmp_path: Path) -> None:
    files = lutu("report", small_city, "P0", "--as", "png", "--out", tmp_path / "图", "--json").json["files"]
    with_operations = operations.open_project(small_city)
    expected = report_pages.pages_of(operations.ready(with_operations), "P0", language="zh", dots_per_inch=20)
    with_operations.close()
    assert len(files) == len(expected)
