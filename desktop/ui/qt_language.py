"""The language of Qt: what its own buttons and menus say, and how it writes numbers."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from core import texts


def speak(application: QApplication) -> None:
    """Have the buttons that Qt itself labels speak the language of the program."""
    chinese = texts.language() == "zh"
    QLocale.setDefault(QLocale("zh_CN" if chinese else "en"))
    before = application.property("translator")
    if isinstance(before, QTranslator):
        application.removeTranslator(before)
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if chinese and translator.load("qtbase_zh_CN", folder):
        application.installTranslator(translator)
        application.setProperty("translator", translator)
