"""Appearance: language and colours of the window, as chosen by hand or as the system has them, for the next start too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QApplication

from core import texts
from desktop.session import load_session, save_session
from desktop.ui import theme
from desktop.ui.qt_language import speak
from desktop.ui.rebuilding import Rebuilding


class Appearance:
    """Language and colours of a window that `made` makes anew in turns; it is given what restyles the program."""

    def __init__(self, rebuilding: Rebuilding, made: Callable[[Callable[[], None]], Iterator[None]]) -> None:
        self._rebuilding, self._made = rebuilding, made
        QApplication.styleHints().colorSchemeChanged.connect(self.follow_system)

    def close(self) -> None:
        """Do not follow the system any more."""
        QApplication.styleHints().colorSchemeChanged.disconnect(self.follow_system)

    def switch_language(self) -> None:
        """The other language."""
        other = "en" if texts.language() == "zh" else "zh"
        texts.use(other)
        application = QApplication.instance()
        save_session(replace(load_session(), language=other))
        if isinstance(application, QApplication):
            speak(application)
            self._rebuilding.begin(self._made(partial(theme.apply_font, application)))

    def switch_theme(self) -> None:
        """Dark or light."""
        self._rebuilding.finish()  # a change before may have only begun
        dark = not theme.is_dark()
        save_session(replace(load_session(), dark=dark))
        self._colour(dark=dark)

    def follow_system(self) -> None:
        """Be dark or light as the system turned, unless one of them was chosen."""
        application = QApplication.instance()
        if isinstance(application, QApplication):
            dark = theme.wanted_dark(application, load_session().dark)
            if dark != theme.is_dark():
                self._colour(dark=dark)

    def _colour(self, *, dark: bool) -> None:
        application = QApplication.instance()
        if isinstance(application, QApplication):
            self._rebuilding.begin(self._made(partial(theme.apply_theme, application, dark=dark)))
