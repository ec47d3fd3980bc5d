"""The dialogs: what they ask, what they refuse, and what they hand over."""

from __future__ import annotations

from dataclasses import fields as settings_of_class
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QWidget

from core import texts
from core.fields import field, setting
from desktop import operations
from desktop.names import EXPORTS
from desktop.own_targets import OwnTarget
from desktop.plan_documents import KINDS
from desktop.plan_words import choices_of
from desktop.ui.dialogs import FORMATS, ExportDialog, ReportDialog
from desktop.ui.form_dialog import FormDialog
from desktop.ui.notices import AboutDialog, CrashDialog
from desktop.ui.own_flows import PlanForm
from desktop.ui.plan_dialogs import DocumentsDialog, TargetDialog
from desktop.ui.project_dialog import ProjectDialog
from desktop.ui.settings_form import SettingsDialog
from potential.registry import potentials
from standards import SHIPPED

ROOFTOP = next(potential for potential in potentials() if potential.name == "rooftop")


def opened(qtbot, dialog):
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def choose(box: QComboBox, value: str) -> None:
    box.setCurrentIndex(box.findData(value))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_rows_and_hints_have_room_before_and_after_an_error(qtbot, tmp_path, language):
    with texts.speaking(language):
        made = [
            ExportDialog(str(tmp_path)),
            ReportDialog([], 3, str(tmp_path)),
        ]
    for dialog in made:
        opened(qtbot, dialog)
        for box in getattr(dialog, "boxes", {}).values():
            box.setChecked(False)
        dialog.read() if isinstance(dialog, ReportDialog) else dialog.try_accept()
        qtbot.wait(50)
        for one in dialog.body.findChildren(QLabel):
            needed = one.heightForWidth(one.width()) if one.wordWrap() else one.sizeHint().height()
            assert not one.isVisible() or one.height() >= needed, one.text()


def test_every_format_of_the_program_is_offered_with_a_line_about_it(qtbot, tmp_path):
    dialog = opened(qtbot, ExportDialog(str(tmp_path)))
    assert tuple(dialog.boxes) == EXPORTS and set(FORMATS) == set(EXPORTS)


def test_an_english_window_offers_the_documents_by_english_names(qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(texts, "_chosen", "en")
    parent = QWidget()
    qtbot.addWidget(parent)
    asked = DocumentsDialog(parent, KINDS, str(tmp_path), "")
    assert [box.text() for box in asked.kinds.values() if not box.text().isascii()] == []
    asked.kinds[KINDS[0]].setChecked(False)
    asked.try_accept()
    assert asked.answer.kinds == KINDS[1:]


def test_units_and_direction_of_a_target_follow_its_indicator(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    forms = {"operation_energy_total": (("万tce", "tce"), "<="), "pv_capacity_added": (("MW", "kW"), ">=")}
    asked = opened(qtbot, TargetDialog(parent, forms, 2030))

    def offered() -> list[str]:
        return [str(asked.unit.itemData(place)) for place in range(asked.unit.count())]

    assert offered() == ["万tce", "tce"] and asked.operator.currentData() == "<="
    choose(asked.indicator, "pv_capacity_added")
    assert offered() == ["MW", "kW"] and asked.operator.currentData() == ">="
    asked.value.setText("3")
    asked.try_accept()
    assert (asked.answer.value, asked.answer.unit, asked.answer.operator) == (3.0, "MW", ">=")


def test_a_target_that_is_set_begins_with_what_it_is_and_stays_that_of_its_place(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    forms = {"operation_energy_total": (("万tce", "tce"), "<="), "pv_capacity_added": (("MW", "kW"), ">=")}
    kept = OwnTarget(
        "pv_capacity_added", 2028, ">=", 12.5, "MW", "district", "D2", "市政府", "装机 2028", "≥ 12.5 MW"
    )
    asked = opened(qtbot, TargetDialog(parent, forms, 2030, kept))
    assert (asked.year.value(), asked.value.text(), asked.source.text()) == (2028, "12.5", "市政府")
    assert not asked.indicator.isEnabled() and not asked.year.isEnabled()
    asked.value.setText("20")
    asked.try_accept()
    wanted = asked.answer
    assert (wanted.indicator, wanted.year, wanted.value, wanted.unit) == (
        "pv_capacity_added",
        2028,
        20.0,
        "MW",
    )
    assert (wanted.area_kind, wanted.area_id) == ("district", "D2")


def test_the_encoding_matters_to_shapefiles_alone(qtbot, tmp_path):
    dialog = opened(qtbot, ExportDialog(str(tmp_path)))
    assert not dialog.encoding.isEnabled()
    dialog.boxes["shp"].setChecked(True)
    assert dialog.encoding.isEnabled()
    dialog.encoding.setCurrentText("GBK")
    dialog.try_accept()
    assert dialog.answer.forms == ("gpkg", "shp", "xlsx") and dialog.answer.encoding == "GBK"


def test_an_export_needs_a_format(qtbot, tmp_path):
    dialog = opened(qtbot, ExportDialog(str(tmp_path)))
    for box in dialog.boxes.values():
        box.setChecked(False)
    dialog.try_accept()
    assert dialog.answer is None and "No format" in dialog.trouble.text()


def test_reports_are_of_the_selected_parcels_first(qtbot, tmp_path):
    dialog = opened(qtbot, ReportDialog(["QH-0312"], 612, str(tmp_path)))
    choose(dialog.language, "zh")
    dialog.one_file.setChecked(True)
    dialog.try_accept()
    assert dialog.answer.parcel_ids == ("QH-0312",)
    assert (dialog.answer.language, dialog.answer.one_file) == ("zh", True)


def test_without_a_selection_all_parcels_are_reported(qtbot, tmp_path):
    dialog = opened(qtbot, ReportDialog([], 612, str(tmp_path)))
    assert not dialog.some.isEnabled()
    dialog.try_accept()
    assert dialog.answer.parcel_ids is None


def test_every_setting_of_every_potential_has_an_input_with_title_and_limits():
    for potential in potentials():
        for item in settings_of_class(potential.settings):
            known = field(item.name)
            assert known.title_zh and known.title_en


def test_only_settings_that_differ_are_handed_over(qtbot):
    dialog = opened(qtbot, SettingsDialog(ROOFTOP, ROOFTOP.settings()))
    dialog.inputs["cell_m"].setText("2")
    dialog.inputs["module_tilt_deg"].setText("15")
    choose(dialog.inputs["electricity_basis"], "elec_calorific")
    dialog.try_accept()
    assert dialog.answer == {"cell_m": 2.0, "module_tilt_deg": 15.0, "electricity_basis": "elec_calorific"}


def test_a_setting_outside_its_limits_is_refused_with_the_limits(qtbot):
    dialog = opened(qtbot, SettingsDialog(ROOFTOP, ROOFTOP.settings()))
    dialog.inputs["cell_m"].setText("99")
    dialog.inputs["azimuths"].setText("7.5")
    dialog.try_accept()
    assert dialog.answer == {} and "0.25 to 10" in dialog.trouble.text()
    assert len(dialog.trouble.text().splitlines()) == 2


def test_the_defaults_come_back(qtbot):
    dialog = opened(qtbot, SettingsDialog(ROOFTOP, ROOFTOP.settings(cell_m=2.0, module_tilt_deg=20.0)))
    qtbot.mouseClick(dialog.back, Qt.MouseButton.LeftButton)
    dialog.try_accept()
    assert dialog.answer == {"cell_m": 1.0, "module_tilt_deg": None}


def test_the_crash_notice_copies_message_and_trace(qtbot, tmp_path):
    log = tmp_path / "lutu.log"
    log.write_text("the last thing that was done", encoding="utf-8")
    dialog = opened(qtbot, CrashDialog("KeyError: 'pv_kwp'", "Traceback …", log))
    assert not dialog.trace.isVisible()
    qtbot.mouseClick(dialog.details, Qt.MouseButton.LeftButton)
    assert dialog.trace.isVisible()
    qtbot.mouseClick(dialog.copying, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert "KeyError: 'pv_kwp'" in copied and "Traceback …" in copied
    assert "the last thing that was done" in copied


def all_dialogs(folder: Path) -> list:
    return [
        ExportDialog(str(folder)),
        ReportDialog([], 3, str(folder)),
        SettingsDialog(ROOFTOP, ROOFTOP.settings()),
        AboutDialog(),
        CrashDialog("a", "b", folder / "lutu.log"),
    ]


@pytest.mark.parametrize("place", range(5))
def test_every_input_has_a_name_for_those_who_cannot_see_it(qtbot, tmp_path, place):
    dialog = opened(qtbot, all_dialogs(tmp_path)[place])
    for kind in (QLineEdit, QComboBox, QPlainTextEdit, QAbstractButton):
        for one in dialog.findChildren(kind):
            inside_another = isinstance(one.parent(), QComboBox)
            assert inside_another or one.accessibleName() or getattr(one, "text", str)(), one


@pytest.mark.parametrize("place", range(3))
def test_tab_goes_through_the_inputs_and_ends_at_the_main_button(qtbot, tmp_path, place):
    dialog: FormDialog = opened(qtbot, all_dialogs(tmp_path)[place])
    dialog.activateWindow()
    first = dialog.focusWidget()
    assert first is not None and dialog.body.isAncestorOf(first)
    seen = []
    for _ in range(40):
        seen.append(dialog.focusWidget())
        if dialog.focusWidget() is dialog.go:
            break
        qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
    assert seen[-1] is dialog.go and seen[-2] is dialog.cancel


def test_dialogs_speak_chinese(qtbot, tmp_path):
    with texts.speaking("zh"):
        titles = [dialog.windowTitle() for dialog in all_dialogs(tmp_path)]
    assert titles == ["导出结果", "生成地块报告", "屋顶光伏设置", "绿图 0.1.0", "绿图出现错误"]


def test_every_setting_says_what_it_means_and_numbers_their_limits():
    settings = {item.name for one in (*potentials(), PlanForm()) for item in settings_of_class(one.settings)}
    for name in settings:
        known = setting(name)
        assert known.meaning_zh and known.meaning_en, name
        if known.type in ("number", "count"):
            assert known.low is not None and known.high is not None, name


def test_target_sets_and_rules_are_ticked_and_switched_not_typed(qtbot):
    defaults = PlanForm().settings()
    dialog = opened(qtbot, SettingsDialog(PlanForm(), defaults, offered=choices_of(SHIPPED)))
    assert dialog.inputs["target_sets"].value == ("14FYP", "peak_53", "local")
    dialog.inputs["target_sets"].boxes["peak_53"].setChecked(False)
    rules = dialog.inputs["switches"].boxes
    rules["G0"].setCurrentIndex(rules["G0"].findData("no"))
    dialog.try_accept()
    assert dialog.answer == {"target_sets": ("14FYP", "local"), "switches": {"G0": False}}


def test_an_unchanged_form_of_the_plan_changes_nothing(qtbot):
    dialog = opened(qtbot, SettingsDialog(PlanForm(), PlanForm().settings(), offered=choices_of(SHIPPED)))
    dialog.try_accept()
    assert dialog.answer == {} and not dialog.trouble.text()


def test_the_form_of_the_project_hands_over_what_changed(qtbot, tmp_path):
    project = operations.new_project(tmp_path / "城", name="城", city="西安")
    dialog = opened(qtbot, ProjectDialog(project))
    dialog.inputs["climate_city"].write("上海")
    dialog.crs.setText("EPSG:4549")
    dialog.try_accept()
    assert dialog.answer == {"climate_city": "上海"} and dialog.system == "EPSG:4549"
    project.close()
