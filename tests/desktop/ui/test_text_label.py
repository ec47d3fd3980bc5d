"""No line of a label ends within a number."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from core.units import count
from desktop.ui.text_label import TextLabel


def test_a_number_stays_on_one_line_where_there_is_room_only_for_its_first_figures(qtbot: QtBot):
    shown = TextLabel(count(1_800_000))
    shown.setWordWrap(True)
    qtbot.addWidget(shown)
    metrics = shown.fontMetrics()
    assert shown.heightForWidth(metrics.horizontalAdvance("1800")) < 2 * metrics.height()


def test_a_label_gives_its_words_back_as_they_were_set(qtbot: QtBot):
    words = f"{count(2890)} t"
    shown = TextLabel("")
    qtbot.addWidget(shown)
    shown.setText(words)
    assert shown.text() == words


def test_no_line_ends_within_a_unit(qtbot: QtBot):
    for words, fits in (("51.8\xa0万kWh/a", "51.8\xa0万"), ("(kWh/m²)", "(kWh/")):
        shown = TextLabel(words)
        shown.setWordWrap(True)
        qtbot.addWidget(shown)
        metrics = shown.fontMetrics()
        assert shown.heightForWidth(metrics.horizontalAdvance(fits) + 4) < 2 * metrics.height()
        assert shown.text() == words


def test_a_path_may_end_its_line_at_a_folder(qtbot: QtBot):
    shown = TextLabel("/home/user/kWh/projects/documents")
    shown.setWordWrap(True)
    qtbot.addWidget(shown)
    metrics = shown.fontMetrics()
    assert shown.heightForWidth(metrics.horizontalAdvance("/home/user/kWh/") + 4) >= 2 * metrics.height()
