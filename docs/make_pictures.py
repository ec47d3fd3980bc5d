"""Makes the pictures of the READMEs from the real program: the window on the sample city, and a parcel report.

    python docs/make_pictures.py

works without a display. Takes about a minute.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
PARCEL = "QH-0312"
SIZE = (1440, 900)

sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["LUTU_HOME"] = tempfile.mkdtemp()

from PySide6.QtWidgets import QApplication  # noqa: E402

from core import texts  # noqa: E402
from core.jobs import Job  # noqa: E402
from desktop import operations  # noqa: E402
from desktop.demonstration import demonstrate  # noqa: E402
from desktop.ui.app import make_application  # noqa: E402
from desktop.ui.main_window import MainWindow  # noqa: E402
from layers.project import Project  # noqa: E402
from reports.parcel import preview  # noqa: E402


def main() -> None:
    """Make all pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)  # the window shows where a project lies; no picture shows a path of this machine
        demonstrate(Path("青禾市"), reports=1, job=Job())
        project = Path("青禾市/project")
        for language in texts.LANGUAGES:
            picture_report(project, language)
        for language in texts.LANGUAGES:
            texts.use(language)
            picture_window(project, language)


def picture_report(folder: Path, language: str) -> None:
    """The first page of a parcel report."""
    project = Project(folder)
    results = operations.ready(project)
    page = preview(results.city, results.assessments, PARCEL, language=language, dots_per_inch=80)[0]
    (PICTURES / f"report-{language}.png").write_bytes(page)
    project.close()


def picture_window(folder: Path, language: str) -> None:
    """The window on a project, a parcel chosen."""
    application = make_application()
    window = MainWindow()
    window.resize(*SIZE)
    window.show()
    window.flows.open(folder)
    until(application, lambda: window.workspace.city is not None and window.canvas.settled)
    rest(application, 1.0)
    city = window.workspace.city
    assert city is not None  # it was waited for
    row = int(city.tables["parcel"].index.get_loc(PARCEL))
    window.canvas.zoom_to_features("parcel", [row])
    window.canvas.zoom_by(0.3)
    window.workspace.select_ids("parcel", [PARCEL])
    until(application, lambda: window.canvas.settled)
    rest(application, 1.5)
    window.grab().save(str(PICTURES / f"window-{language}.png"))
    window.close()


def until(application: QApplication, done: Callable[[], bool], seconds: float = 60.0) -> None:
    """Let the window work until something is done."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise TimeoutError("the window did not get ready")
        application.processEvents()
        time.sleep(0.01)


def rest(application: QApplication, seconds: float) -> None:
    """Let the window settle."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        application.processEvents()
        time.sleep(0.01)


if __name__ == "__main__":
    main()
