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
from core.problems import UserError
from desktop.log import log_file
from desktop.session import load_session
from desktop.ui import theme
from desktop.ui.file_dialogs import make_room
from desktop.ui.front_window import FrontWindow
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
    application, front = open_window(folder)
    code = application.exec()
    if front.trouble is not None:
        raise front.trouble
    if front.window_made is not None and front.window_made.workspace.tasks.at_work:
        # What is at work can't be stopped, such as a compiler. Its result is wanted no more, the files of the project are
        # closed, and Qt would end the program as crashed if it took the thread apart.
        logging.getLogger("lutu").warning("ended while a stopped task was still at work")
        logging.shutdown()
        os._exit(code)
    return code


def open_window(
    folder: Path | None = None, then: Callable[[MainWindow], None] = lambda window: None
) -> tuple[QApplication, FrontWindow]:
    """The application and what is seen of it at once: the start page, which gives way to the window.

    The window is made, handed to `then`, and opens the project, as soon as the application runs and all is loaded.
    """
    log_file()
    application = make_application()

    def made(window: MainWindow) -> None:
        sys.excepthook = excepthook_of(window.show_crash, window.workspace.refused.emit)
        threading.Thread(target=_warm_up, args=[window], name="warming", daemon=True).start()
        then(window)
        if folder is not None:
            QTimer.singleShot(0, window, lambda: window.flows.open(folder))

    front = FrontWindow(made)
    front.show()
    application.processEvents()  # seen before anything else takes the processor
    front.load()
    return application, front


def make_application() -> QApplication:
    """The application with its font, colours and language."""
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName(NAME)
    application.setApplicationDisplayName("")
    session = load_session()
    if not os.environ.get("LUTU_LANGUAGE"):
        texts.use(texts.chosen() or session.spoken)
    theme.apply_theme(application, dark=theme.wanted_dark(application, session.dark))
    speak(application)
    if existing is None:
        make_room(application)
    return application


def _warm_up(window: MainWindow) -> None:
    warm()
    window.warmed.emit()


def warm() -> None:
    """Compile what draws the map and import what assesses, while nobody waits for it."""
    try:
        from cartography.warming import warm as warm_map
        from potential.registry import potentials
        from reports.heat_figures import warm as warm_cards

        warm_map()
        warm_cards()
        potentials()
        for name in NEEDED_LATER:
            import_module(name)
    except Exception:
        logging.getLogger("lutu").exception("warming up failed")


def excepthook_of(
    show: Callable[[str, str], None],
    refuse: Callable[[UserError], None],
) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    """What happens to an exception nobody caught: it is logged and shown, and the program goes on.

    What the user can put right, such as a project damaged while it is shown, is refused like anywhere else.
    """

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, UserError):
            refuse(error)
            return
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
