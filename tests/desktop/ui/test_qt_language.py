"""What Qt itself says is in the language of the program."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from core import texts
from desktop.ui.qt_language import speak

LETTER = re.compile(r"\(&?\w\)|&")  # what is pressed with Alt
LATIN = re.compile(r"[A-Za-z]{3,}")


@pytest.fixture
def chinese(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[QApplication]:
    monkeypatch.setattr(texts, "_chosen", "zh")
    speak(qapp)
    yield qapp
    monkeypatch.setattr(texts, "_chosen", "en")
    speak(qapp)


def labels(asked: QWidget) -> list[str]:
    """Words of labels and buttons that are no paths."""
    words = [one.text() for kind in (QLabel, QAbstractButton) for one in asked.findChildren(kind)]
    return [LETTER.sub("", said) for said in words if said]


def test_no_label_of_the_file_dialog_is_english_in_a_chinese_window(chinese, qtbot: QtBot):
    asked = QFileDialog()
    asked.setOption(QFileDialog.Option.DontUseNativeDialog)
    qtbot.addWidget(asked)
    said = labels(asked)
    assert "查找范围：" in said
    assert [words for words in said if LATIN.search(words)] == []


def test_no_label_of_the_print_dialog_is_english_in_a_chinese_window(chinese, qtbot: QtBot):
    asked = QPrintDialog(QPrinter())
    qtbot.addWidget(asked)
    said = labels(asked)
    assert "输出文件：" in said
    assert [words for words in said if LATIN.search(words)] == []


def test_a_folder_is_called_so_in_the_list_of_files(chinese):
    said = QApplication.translate("QAbstractFileIconProvider", "Folder", "All other platforms")
    assert said == "文件夹"


def test_an_english_window_asks_no_catalogue(chinese, monkeypatch):
    monkeypatch.setattr(texts, "_chosen", "en")
    speak(chinese)
    assert QApplication.translate("QFileDialog", "&Look in:") == "&Look in:"
