"""A planner's own sheet: its columns are matched, can be changed, and its rows are seen before they are taken in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from core import texts
from core.fields import field
from core.problems import UserError
from desktop import operations, own_data
from desktop.ui.own_data_dialog import OwnDataDialog
from layers.project import Project
from tests.desktop.conftest import Lutu

ROWS = pd.DataFrame(
    {
        "来源": ["统计", "统计"],
        "区域层级": ["城市", "城市"],
        "能源品种": ["电力", "天然气"],
        "统计年份": [2024, 2024],
        "用量": [1.5e9, 2.0e8],
        "单位": ["kWh", "m3"],
        "备注": ["年鉴", "年鉴"],
    }
)
BY_HAND = {
    "energy_source": "来源",
    "area_kind": "区域层级",
    "carrier": "能源品种",
    "statistics_year": "统计年份",
    "statistics_amount": "用量",
    "statistics_unit": "单位",
}


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """A workbook whose heads are the planner's own, with a second sheet."""
    frame = ROWS.copy()
    with texts.speaking("zh"):
        frame["来源"] = field("energy_source").shown("statistics")
        frame["区域层级"] = field("area_kind").shown("city")
        frame["能源品种"] = [field("carrier").shown("electricity"), field("carrier").shown("gas")]
    path = tmp_path / "能耗.xlsx"
    with pd.ExcelWriter(path) as book:
        pd.DataFrame({"目录": ["见次页"]}).to_excel(book, sheet_name="目录", index=False)
        frame.to_excel(book, sheet_name="能耗", index=False)
    return path


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    monkeypatch.setenv("LUTU_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(texts, "_chosen", "en")
    with closing(operations.new_project(tmp_path / "城", name="城", city="西安")) as made:
        yield made


@pytest.fixture
def dialog(project: Project, qtbot: QtBot, tmp_path: Path) -> Iterator[OwnDataDialog]:
    parent = QWidget()
    parent.resize(1200, 800)
    qtbot.addWidget(parent)
    made = OwnDataDialog(project, "", str(tmp_path), parent)
    made.show()
    yield made
    made.close()


def read(dialog: OwnDataDialog, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not dialog.busy, timeout=20_000)
    qtbot.wait(30)


def choose(dialog: OwnDataDialog, qtbot: QtBot, ours: str, theirs: str) -> None:
    box = dialog.columns[ours]
    place = box.findData(theirs)
    box.setCurrentIndex(place)
    box.activated.emit(place)
    read(dialog, qtbot)


def matched(dialog: OwnDataDialog, qtbot: QtBot, sheet: Path) -> None:
    """The file, its second sheet, and every column as it is."""
    dialog.file.setText(str(sheet))
    read(dialog, qtbot)
    dialog.sheet.setCurrentIndex(1)
    dialog.sheet.activated.emit(1)
    read(dialog, qtbot)
    for ours, theirs in BY_HAND.items():
        choose(dialog, qtbot, ours, theirs)


def test_columns_with_other_heads_are_asked_for_and_matched_by_hand(
    dialog: OwnDataDialog, sheet: Path, qtbot: QtBot
) -> None:
    dialog.file.setText(str(sheet))
    read(dialog, qtbot)
    assert [dialog.sheet.itemText(n) for n in range(dialog.sheet.count())] == ["目录", "能耗"]
    assert "lacks the columns" in dialog.doubts.text()
    dialog.try_accept()
    assert dialog.isVisible()
    matched(dialog, qtbot, sheet)
    assert not dialog.doubts.text()
    assert "2 rows would be taken in" in dialog.summary.text()


def test_the_rows_are_shown_as_they_will_be_read(dialog: OwnDataDialog, sheet: Path, qtbot: QtBot) -> None:
    matched(dialog, qtbot, sheet)
    model = dialog.rows.model()
    said = [model.index(1, n).data() for n in range(model.columnCount())]
    assert model.rowCount() == 2
    assert field("carrier").shown("gas") in said


def test_what_cannot_be_read_is_said_with_its_rows(dialog: OwnDataDialog, sheet: Path, qtbot: QtBot) -> None:
    matched(dialog, qtbot, sheet)
    choose(dialog, qtbot, "statistics_amount", "备注")
    assert "in rows 2, 3" in dialog.doubts.text()
    assert dialog.rows.isHidden()


def test_no_column_is_two_of_ours(dialog: OwnDataDialog, sheet: Path, qtbot: QtBot) -> None:
    matched(dialog, qtbot, sheet)
    choose(dialog, qtbot, "use", "单位")
    assert dialog.columns["statistics_unit"].currentData() == ""


def test_columns_set_by_hand_are_remembered_for_files_of_the_same_heads(
    dialog: OwnDataDialog, project: Project, sheet: Path, qtbot: QtBot
) -> None:
    matched(dialog, qtbot, sheet)
    dialog.try_accept()
    assert dialog.offer is not None and not dialog.isVisible()
    own_data.take_offer(project, dialog.offer, sheet.name, remember=True)
    assert len(project.table("statistics")) == 2
    again = operations.offer_own_data(project, "statistics", sheet, sheet="能耗")
    assert again.pairs == BY_HAND and again.replaced == 2


def test_a_template_of_the_program_needs_no_matching(
    dialog: OwnDataDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    path = own_data.write_template("actual", tmp_path / "完成值.csv")
    path.write_text(
        path.read_text(encoding="utf-8-sig") + "pv_capacity_added,city,,2026,1000\n", encoding="utf-8-sig"
    )
    dialog.kind.setCurrentIndex(dialog.kind.findData("actual"))
    dialog.file.setText(str(path))
    read(dialog, qtbot)
    assert not dialog.doubts.text() and "1 row would be taken in" in dialog.summary.text()


def test_the_command_lists_what_a_sheet_offers_and_takes_nothing_in(
    project: Project, sheet: Path, lutu: Lutu
) -> None:
    folder = project.folder
    project.close()
    listed = lutu("add", folder, "statistics", sheet, "--layer", "能耗", "--list", "--json").json
    assert listed["rows"] == 2 and listed["sheets"] == ["目录", "能耗"]
    assert listed["problems"] and "备注" in listed["left"]
    columns = [word for ours, theirs in BY_HAND.items() for word in ("--column", f"{ours}={theirs}")]
    offered = lutu("add", folder, "statistics", sheet, "--layer", "能耗", *columns, "--list")
    assert offered.code == 0 and "2" in offered.out
    with closing(Project(folder)) as again:
        assert again.table("statistics").empty
    assert lutu("add", folder, "statistics", sheet, "--layer", "能耗", *columns).code == 0
    assert lutu("add", folder, "statistics", sheet, "--layer", "三月", "--list").code == 1


def test_an_unknown_column_is_refused(project: Project, sheet: Path) -> None:
    with pytest.raises(UserError, match="names no column"):
        operations.offer_own_data(project, "statistics", sheet, columns=["use=nothing"])
