"""While targets stand moved the map shows the trial, says so, and goes back to the kept plan."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.ui.main_window import MainWindow
from desktop.ui.target_sliders import STEPS, TargetSliders
from layers.project import PLAN
from tests.desktop.ui.small_city import colour_by, quiet
from tests.desktop.ui.test_compare import template, window  # noqa: F401  with plans, for the sliders
from tests.desktop.ui.watching import steadily


def power(window: MainWindow) -> np.ndarray:  # noqa: F811
    layer = window.workspace.layer("parcel")
    assert layer is not None and layer.values is not None
    return np.nan_to_num(np.asarray(layer.values, dtype=float))


def test_the_map_follows_moved_targets_and_goes_back(window: MainWindow, qtbot: QtBot) -> None:  # noqa: F811
    colour_by(window, qtbot, "parcel", "plan_pv_kw")
    kept, layer = power(window), window.workspace.layer("parcel")
    assert layer is not None and layer.classes is not None
    sliders = window.findChild(TargetSliders)
    slider = next(one for name, one in sliders.sliders.items() if name.startswith("pv_"))
    slider.setValue(STEPS)
    quiet(window, qtbot)
    shown = window.workspace.layer("parcel")
    assert shown is not None and shown.title.endswith("(trial)")
    assert shown.classes == layer.classes  # so that both can be compared
    assert sliders.trial is not None and sliders.trial.choice is not None
    choice = sliders.trial.choice.choice
    tried = choice[choice["family"] == "pv"]["planned_kw"].sum()
    assert power(window).sum() == np.float64(tried)
    assert any("not the kept plan" in note for note in window.canvas.notes())
    sliders.reset()
    quiet(window, qtbot)
    assert np.array_equal(power(window), kept)
    back = window.workspace.layer("parcel")
    assert back is not None and back.title == layer.title
    assert not any("not the kept plan" in note for note in window.canvas.notes())


def test_what_the_plan_does_not_colour_stays(window: MainWindow, qtbot: QtBot) -> None:  # noqa: F811
    colour_by(window, qtbot, "parcel", "use")
    before = window.workspace.layer("parcel")
    slider = next(iter(window.findChild(TargetSliders).sliders.values()))
    slider.setValue(STEPS)
    quiet(window, qtbot)
    assert window.workspace.layer("parcel") == before


def test_another_page_of_the_plan_begins_with_the_kept_plan(window: MainWindow, qtbot: QtBot) -> None:  # noqa: F811
    window.workspace.show_result(PLAN)
    quiet(window, qtbot)
    slider = next(iter(window.findChild(TargetSliders).sliders.values()))
    slider.setValue(STEPS)
    quiet(window, qtbot)
    assert window.workspace.trial is not None
    window.workspace.edits_changed.emit()
    qtbot.waitUntil(lambda: window.workspace.trial is None, timeout=5_000)
    QApplication.processEvents()


def test_the_window_answers_while_the_map_follows(window: MainWindow, qtbot: QtBot) -> None:  # noqa: F811
    colour_by(window, qtbot, "parcel", "plan_pv_kw")
    slider = next(iter(window.findChild(TargetSliders).sliders.values()))
    assert steadily(window, qtbot, lambda: slider.setValue(slider.value() - 8)) < 100
