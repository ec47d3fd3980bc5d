"""What the command line takes as an option, a form of the window takes as well."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.ask import LayoutQuestion
from desktop.ui.assess_question import AssessQuestion
from desktop.ui.import_dialog import ImportDialog
from desktop.ui.main_window import MainWindow
from desktop.ui.plan_dialogs import LAYER_FORMATS, DocumentsDialog, TargetDialog


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def test_a_target_may_be_set_for_a_district_or_a_unit(parent: QWidget) -> None:
    forms = {"pv_capacity_added": (("MW", "kW"), ">=")}
    asked = TargetDialog(parent, forms, 2030, None, [("district", "D2", "城东"), ("unit", "B01", "B01")])
    asked.value.setText("3")
    asked.try_accept()
    assert asked.answer is not None and (asked.answer.area_kind, asked.answer.area_id) == ("city", "")
    asked.area.setCurrentIndex(1)
    asked.try_accept()
    assert (asked.answer.area_kind, asked.answer.area_id) == ("district", "D2")


def test_the_loss_to_the_row_in_front_holds_for_a_pitch_by_loss(parent: QWidget) -> None:
    asked = LayoutQuestion(parent, "B1")
    assert not asked.loss.isEnabled()
    asked.pitch.choose("loss")
    asked.loss.setText("70")
    asked.try_accept()
    assert "70 %" in asked.trouble.text()
    asked.loss.setText("3")
    asked.try_accept()
    assert asked.most_loss == pytest.approx(0.03)


def test_documents_are_asked_for_as_pictures_and_layers_by_format(parent: QWidget, tmp_path: Path) -> None:
    asked = DocumentsDialog(parent, ("实施方案",), str(tmp_path), "")
    assert not asked.spoken.isEnabled()
    asked.layers.setChecked(True)
    for name in LAYER_FORMATS[1:]:
        asked.formats[name].setChecked(False)
    asked.sheets.setChecked(True)
    asked.spoken.setCurrentIndex(asked.spoken.findData("en"))
    asked.pictures.setCurrentIndex(1)
    asked.try_accept()
    wanted = asked.answer
    assert wanted is not None
    assert (wanted.pictures, wanted.language, wanted.formats) == (True, "en", LAYER_FORMATS[:1])
    asked.formats[LAYER_FORMATS[0]].setChecked(False)
    asked.try_accept()
    assert asked.trouble.text()


def test_some_potentials_are_chosen_those_out_of_date_at_first(parent: QWidget) -> None:
    asked = AssessQuestion(parent, ["rooftop"])
    assert asked.chosen == ["rooftop"]
    asked.boxes["rooftop"].setChecked(False)
    asked.try_accept()
    assert asked.trouble.text()


def test_columns_of_the_place_are_said_where_none_is_recognised(
    opened: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "borehole.csv"
    frame = pd.DataFrame(
        {"编号": ["k1", "k2"], "横": [500_010.0, 500_020.0], "纵": [3_800_010.0, 3_800_020.0]}
    )
    frame.to_csv(path, index=False)
    project = opened.workspace.project
    assert project is not None
    dialog = ImportDialog(project, path, str(tmp_path), opened)
    dialog.show()
    qtbot.waitUntil(lambda: not dialog.busy, timeout=20_000)
    assert dialog.form.place.isVisible() and dialog.wanted is None
    dialog.form.place.insert("横,纵")  # as an input method does
    assert dialog.form.place.isModified()
    dialog.form.place.editingFinished.emit()
    qtbot.waitUntil(lambda: not dialog.busy, timeout=20_000)
    assert len(dialog.form.rows.frame) == 2
    dialog.reject()
