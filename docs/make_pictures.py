"""Makes the pictures of the READMEs and of the manual from the real program, and a parcel report of the sample city.

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
MANUAL = ROOT / "docs" / "manual" / "pictures"
MANUAL_SIZE = (1200, 750)

sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["LUTU_HOME"] = tempfile.mkdtemp()

from PySide6.QtWidgets import QApplication  # noqa: E402

from core import texts  # noqa: E402
from core.jobs import Job  # noqa: E402
from desktop import operations  # noqa: E402
from desktop.demonstration import demonstrate  # noqa: E402
from desktop.ui.app import make_application  # noqa: E402
from desktop.ui.guide import GuideDialog  # noqa: E402
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
            os.environ["LUTU_HOME"] = (
                tempfile.mkdtemp()
            )  # where nobody has left the map of the project as yet
            texts.use(language)
            picture_window(project, language)
            picture_manual(project, language)


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


def picture_manual(folder: Path, language: str) -> None:
    """The pictures of the manual: the start page, the guide, and the window at each step."""
    MANUAL.mkdir(parents=True, exist_ok=True)
    application = make_application()
    window = MainWindow()
    window.resize(*MANUAL_SIZE)
    window.show()
    rest(application, 0.5)
    window.grab().save(str(MANUAL / f"start-{language}.png"))
    guide = GuideDialog(window.flows, "", (), window)
    guide.place.name.setText("青禾市")
    guide.place.search.setText("西安")
    guide.place.search.textEdited.emit("西安")
    guide.show()
    rest(application, 0.5)
    guide.grab().save(str(MANUAL / f"guide-{language}.png"))
    guide.close()
    window.flows.open(folder)
    until(application, lambda: window.workspace.city is not None and window.canvas.settled)
    rest(application, 6.0)  # until messages are gone
    for name, result in (
        ("demand", "demand"),
        ("potential", "rooftop"),
        ("plan", "plan"),
        ("results", "plan"),
    ):
        assert window.workbench is not None  # a window has one
        window.workbench.show_step(name)
        window.workspace.show_result(result)
        rest(application, 0.5)
        until(application, lambda: window.canvas.settled and not window.workspace.busy)
        rest(application, 1.0)
        window.grab().save(str(MANUAL / f"{name}-{language}.png"))
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
