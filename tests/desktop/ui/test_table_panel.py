"""The attribute table: rows, selection, filter and figures as a planner expects them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester

from core import texts
from core.problems import UserError
from desktop.expressions import rows_meant
from desktop.ui import theme
from desktop.ui.table_model import Show, TableModel
from desktop.ui.table_panel import TablePanel


@pytest.fixture
def buildings() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "use": ["hotel", "residential", "hotel", None],
            "height_m": [24.0, 18.0, np.nan, 6.0],
            "year_built": [1998, 2009, 2015, 1985],
            "pv_kwp": [403.44, 61.2, 1312.0, np.nan],
            "shading_loss": [0.12, 0.3, 0.05, 0.0],
            "grade": ["conditional", "suitable", "forbidden", "suitable"],
            "note": ["roof\tnew", "", "old", "x"],
        },
        index=pd.Index(["B-1", "B-2", "B-3", "B-4"], name="building_id"),
    )


@pytest.fixture
def panel(qtbot, buildings) -> TablePanel:
    made = TablePanel()
    qtbot.addWidget(made)
    made.set_table("building", buildings)
    made.mask_changed.connect(made.set_mask)  # as the owner of the selection does
    made.resize(900, 300)
    made.show()
    return made


def shown(panel: TablePanel, column: str) -> list[str]:
    model = panel.model
    place = [model.column(n).name for n in range(model.columnCount())].index(column)
    return [model.index(row, place).data() for row in range(model.rowCount())]


def place_of(panel: TablePanel, column: str) -> int:
    return [panel.model.column(n).name for n in range(panel.model.columnCount())].index(column)


def click(qtbot, panel: TablePanel, row: int, held=Qt.KeyboardModifier.NoModifier) -> None:
    where = panel.view.visualRect(panel.model.index(row, 0)).center()
    qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, held, where)


def test_qt_finds_no_fault_in_the_model_while_rows_move(qtbot, buildings):
    model = TableModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_frame(buildings)
    model.sort(2)
    model.set_selected(np.array([True, False, True, False]))
    model.set_show(Show.SELECTED)
    model.set_selection_first(True)
    model.set_show(Show.ALL)
    model.set_frame(buildings.head(0))
    model.set_frame(buildings)
    assert model.rowCount() == 4


def test_numbers_have_three_figures_years_none_too_few_and_missing_values_a_dash(panel):
    assert shown(panel, "pv_kwp") == ["403", "61.2", "1\u2009310", "—"]
    assert shown(panel, "year_built") == ["1998", "2009", "2015", "1985"]
    assert shown(panel, "shading_loss") == ["12.0%", "30.0%", "5.0%", "0%"]


def test_numbers_stand_right_and_words_left(panel):
    index = panel.model.index(0, place_of(panel, "pv_kwp"))
    assert index.data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight
    index = panel.model.index(0, place_of(panel, "use"))
    assert index.data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignLeft


def test_heads_bear_title_unit_and_meaning_in_the_language_of_the_moment(panel):
    place = place_of(panel, "height_m")
    head = panel.model.headerData(place, Qt.Orientation.Horizontal)
    assert head == "Height (m)"
    with texts.speaking("zh"):
        panel.retranslate()
        assert panel.model.headerData(place, Qt.Orientation.Horizontal) == "高度 (m)"
        assert "旅馆" in shown(panel, "use")
        assert panel.shows.itemText(0) == "全部行"
    panel.retranslate()
    assert "height_m" in panel.model.headerData(place, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)


def test_missing_values_come_last_in_both_directions(panel):
    place = place_of(panel, "height_m")
    panel.view.sortByColumn(place, Qt.SortOrder.AscendingOrder)
    assert shown(panel, "height_m") == ["6.00", "18.0", "24.0", "—"]
    panel.view.sortByColumn(place, Qt.SortOrder.DescendingOrder)
    assert shown(panel, "height_m") == ["24.0", "18.0", "6.00", "—"]


def test_grades_are_sorted_from_best_to_worst_and_equal_ones_keep_their_order(panel):
    panel.view.sortByColumn(place_of(panel, "grade"), Qt.SortOrder.AscendingOrder)
    assert shown(panel, "building_id") == ["B-2", "B-4", "B-1", "B-3"]


def test_clicks_with_shift_and_ctrl_write_the_selection(qtbot, panel):
    click(qtbot, panel, 1)
    assert panel.model.selected.tolist() == [False, True, False, False]
    click(qtbot, panel, 3, Qt.KeyboardModifier.ShiftModifier)
    assert panel.model.selected.tolist() == [False, True, True, True]
    click(qtbot, panel, 2, Qt.KeyboardModifier.ControlModifier)
    assert panel.model.selected.tolist() == [False, True, False, True]


def test_nothing_is_selected_here_until_the_owner_of_the_selection_says_so(qtbot, buildings):
    panel = TablePanel()
    qtbot.addWidget(panel)
    panel.set_table("building", buildings)
    panel.resize(900, 300)
    panel.show()
    with qtbot.waitSignal(panel.mask_changed) as said:
        click(qtbot, panel, 0)
    assert said.args[0].tolist() == [True, False, False, False]
    assert not panel.model.selected.any()


def test_ranges_follow_the_order_on_screen(qtbot, panel):
    panel.view.sortByColumn(place_of(panel, "year_built"), Qt.SortOrder.AscendingOrder)  # B-4, B-1, B-2, B-3
    click(qtbot, panel, 0)
    click(qtbot, panel, 1, Qt.KeyboardModifier.ShiftModifier)
    assert panel.model.selected.tolist() == [True, False, False, True]


def test_selected_rows_are_painted(panel):
    panel.set_mask(np.array([False, True, False, False]))
    ground = panel.model.index(1, 0).data(Qt.ItemDataRole.BackgroundRole)
    assert ground == QColor(theme.tokens()["accent_soft"])
    assert panel.model.index(0, 0).data(Qt.ItemDataRole.BackgroundRole) is None


def test_keys_pick_rows_and_enter_goes_to_the_feature(qtbot, panel):
    panel.view.setFocus()
    panel.view.setCurrentIndex(panel.model.index(0, 0))
    qtbot.keyClick(panel.view, Qt.Key.Key_Space)
    qtbot.keyClick(panel.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert panel.model.selected.tolist() == [True, True, False, False]
    with qtbot.waitSignal(panel.row_activated) as said:
        qtbot.keyClick(panel.view, Qt.Key.Key_Return)
    assert said.args == ["B-2"]
    qtbot.keyClick(panel.view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert panel.model.selected.all()
    qtbot.keyClick(panel.view, Qt.Key.Key_Escape)
    assert not panel.model.selected.any()


def test_a_double_click_goes_to_the_feature(qtbot, panel):
    where = panel.view.visualRect(panel.model.index(2, 0)).center()
    with qtbot.waitSignal(panel.row_activated) as said:
        qtbot.mouseDClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert said.args == ["B-3"]


def test_raw_values_are_copied_parted_by_tabs(panel):
    panel.set_mask(np.array([True, False, True, False]))
    panel.view.copy()
    lines = QGuiApplication.clipboard().text().split("\n")
    assert len(lines) == 3
    assert lines[1].split("\t") == [
        "B-1",
        "hotel",
        "24.0",
        "1998",
        "403.44",
        "0.12",
        "conditional",
        "roof new",
    ]
    assert lines[2].split("\t")[2] == ""


def test_selected_visible_and_filtered_rows_are_shown_on_demand(panel):
    panel.set_mask(np.array([False, False, True, True]))
    panel.set_show(Show.SELECTED)
    assert shown(panel, "building_id") == ["B-3", "B-4"]
    panel.set_visible_mask(np.array([True, False, False, False]))
    panel.set_show(Show.VISIBLE)
    assert shown(panel, "building_id") == ["B-1"]
    panel.set_show(Show.ALL)
    panel.set_filter("height_m > 20")
    assert shown(panel, "building_id") == ["B-1"]
    panel.set_filter("")
    assert len(shown(panel, "building_id")) == 4


def test_selected_rows_move_to_the_top_and_back(panel):
    panel.set_mask(np.array([False, False, True, False]))
    panel.first.setChecked(True)
    assert shown(panel, "building_id") == ["B-3", "B-1", "B-2", "B-4"]
    panel.first.setChecked(False)
    assert shown(panel, "building_id") == ["B-1", "B-2", "B-3", "B-4"]


def test_a_filter_tells_the_map_which_rows_pass(qtbot, panel):
    with qtbot.waitSignal(panel.filter_changed) as said:
        panel.set_filter('pv_kwp > 100 and use == "hotel"')
    assert said.args[0].tolist() == [True, False, True, False]
    with qtbot.waitSignal(panel.filter_changed) as said:
        panel.set_filter("")
    assert said.args[0] is None


def test_a_filter_that_cannot_be_read_changes_nothing_and_says_why(qtbot, panel):
    with qtbot.assertNotEmitted(panel.filter_changed):
        panel.set_filter("heigt_m > 3")
    assert panel.trouble.isVisible() and "heigt_m" in panel.trouble.text()
    assert panel.model.rowCount() == 4


def test_conditions_take_titles_and_words_as_shown(buildings):
    with texts.speaking("zh"):
        assert rows_meant(buildings, "用途 == “旅馆” and 高度 > 10").tolist() == [True, False, False, False]
        assert rows_meant(buildings, "旅馆").tolist() == [True, False, True, False]


def test_a_title_means_our_column_and_not_one_of_the_planner_of_that_name(buildings):
    buildings = buildings.assign(用途="R2")
    with texts.speaking("zh"):
        for words in (
            '高度 > 10 and 用途 == "旅馆"',
            '高度＞10 and 用途 = "旅馆"',
            "use='旅馆' and 高度 > 10",
        ):
            assert rows_meant(buildings, words).tolist() == [True, False, False, False]


def test_plain_text_is_looked_for_in_ids_and_words(buildings):
    assert rows_meant(buildings, "b-3").tolist() == [False, False, True, False]
    assert rows_meant(buildings, 'use in ["hotel"]').tolist() == [True, False, True, False]


@pytest.mark.parametrize(
    "words",
    [
        "@pd.eval('1') > 0",
        "height_m.__class__ == 1",
        "__import__('os').system('true') == 0",
        "height_m.values > 3",
        "(lambda: 1)() == 1",
        "[x for x in height_m] == 1",
        "height_m > ",
        "height_m >",
        "height_m + 1 in use and",
    ],
)
def test_a_condition_cannot_reach_beyond_the_table(buildings, words):
    with pytest.raises(UserError):
        rows_meant(buildings, words)


def test_rows_are_found_in_slices_as_in_one_go(buildings, monkeypatch):
    whole = rows_meant(buildings, 'height_m > 10 and use == "hotel"').tolist()
    monkeypatch.setattr("desktop.expressions.SLICE", 3)
    assert rows_meant(buildings, 'height_m > 10 and use == "hotel"').tolist() == whole
    assert rows_meant(buildings, "hotel").tolist() == [True, False, True, False]


def test_the_footer_sums_what_adds_up_over_the_rows_shown(panel):
    panel.view.setCurrentIndex(panel.model.index(0, place_of(panel, "pv_kwp")))
    assert "3 values" in panel.figures.text()
    assert "sum 1\u2009777" in panel.figures.text()
    panel.set_filter("pv_kwp < 1000")
    assert "sum 464.6" in panel.figures.text()
    panel.view.setCurrentIndex(panel.model.index(0, place_of(panel, "height_m")))
    assert "sum" not in panel.figures.text() and "highest 24" in panel.figures.text()
    panel.view.setCurrentIndex(panel.model.index(0, place_of(panel, "year_built")))
    assert "highest 2009" in panel.figures.text() and "mean" not in panel.figures.text()


def test_the_table_is_not_copied(panel, buildings):
    assert panel.model.frame is buildings
    assert np.shares_memory(
        panel.model.column(place_of(panel, "pv_kwp")).to_numpy(), buildings["pv_kwp"].to_numpy()
    )


def test_every_control_has_a_name_for_those_who_cannot_see_it(panel):
    for control in (panel.view, panel.filter, panel.shows, panel.first, panel.copies):
        assert control.accessibleName() or control.text()


def test_rows_have_no_rows_of_their_own(panel):
    assert panel.model.rowCount(panel.model.index(0, 0)) == 0
    assert panel.model.rowCount(QModelIndex()) == 4
