"""The language of Qt: what its own buttons and menus say, and how it writes numbers."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QTranslator
from PySide6.QtWidgets import QApplication

from core import texts
from core.texts import text

KEPT = ("translator", "what the translator lacks")


class Lacking(QTranslator):
    """What the catalogue that comes with Qt lacks: labels that got a letter to press since then, and words of ours."""

    def __init__(self, catalogue: QTranslator, parent: QObject) -> None:
        super().__init__(parent)
        self._catalogue = catalogue

    def isEmpty(self) -> bool:
        """It has something to say."""
        return False

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        """The label without its letter, else one of our own words, else as it is."""
        plain = source.replace("&", "")
        found = self._catalogue.translate(context, plain, disambiguation, n) if plain != source else ""
        return found or text(source)


def speak(application: QApplication) -> None:
    """Have the buttons that Qt itself labels speak the language of the program."""
    chinese = texts.language() == "zh"
    QLocale.setDefault(QLocale("zh_CN" if chinese else "en"))
    for name in KEPT:
        before = application.property(name)
        if isinstance(before, QTranslator):
            application.removeTranslator(before)
        application.setProperty(name, None)
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if not chinese or not translator.load("qtbase_zh_CN", folder):
        return
    # Qt asks the one installed last first.
    for name, one in zip(reversed(KEPT), (Lacking(translator, application), translator), strict=True):
        application.installTranslator(one)
        application.setProperty(name, one)
