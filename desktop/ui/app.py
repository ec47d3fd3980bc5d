"""The application: fonts, colours, language, log and the window; `main` is what the desktop entry starts."""

from __future__ import annotations

import logging
import os
import sys
import threading
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from core import texts
from desktop.log import log_file
from desktop.session import load_session
from desktop.ui import theme
from desktop.ui.qt_language import speak

if TYPE_CHECKING:
    from desktop.ui.main_window import MainWindow

NAME = "Lütu"
NEEDED_LATER = (
    "plans.plan",
    "desktop.outputs",
    "desktop.plan_documents",
)  # imported where used: they take a while


def run_window(folder: Path | None = None) -> int:
    """Open the window, on a project or on the start page, and stay until it is closed."""
    application, _ = open_window(folder)
    return application.exec()


def open_window(folder: Path | None = None) -> tuple[QApplication, MainWindow]:
    """The application and its window, shown; the project opens as soon as the application runs."""
    log_file()
    application = make_application()
    from desktop.ui.main_window import MainWindow  # late: the parts of the window take a while to import

    window = MainWindow()
    sys.excepthook = excepthook_of(window.show_crash)
    window.show()
    threading.Thread(target=warm, name="warming", daemon=True).start()
    if folder is not None:
        QTimer.singleShot(0, lambda: window.flows.open(folder))
    return application, window


def make_application() -> QApplication:
    """The application with its font, colours and language."""
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName(NAME)
    application.setApplicationDisplayName("")
    session = load_session()
    if not os.environ.get("LUTU_LANGUAGE"):
        texts.use(texts.chosen() or session.spoken)
    theme.apply_theme(application, dark=session.dark)
    speak(application)
    return application


def warm() -> None:
    """Compile what draws the map and import what assesses, while nobody waits for it."""
    try:
        from cartography.warming import warm as warm_map
        from potential.registry import potentials

        warm_map()
        potentials()
        for name in NEEDED_LATER:
            import_module(name)
    except Exception:
        logging.getLogger("lutu").exception("warming up failed")


def excepthook_of(
    show: Callable[[str, str], None],
) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    """What happens to an exception nobody caught: it is logged and shown, and the program goes on."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        words = "".join(traceback.format_exception(kind, error, trace))
        logging.getLogger("lutu").error("crash\n%s", words)
        if not issubclass(kind, KeyboardInterrupt):
            show(str(error) or kind.__name__, words)

    return hook


def main() -> int:
    """Start the window; an argument is the folder of a project."""
    return run_window(Path(sys.argv[1]) if len(sys.argv) > 1 else None)


if __name__ == "__main__":
    sys.exit(main())
