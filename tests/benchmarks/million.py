"""A city of a million buildings opened and moved in a window, in a process of its own; says what it cost as JSON.

Usage: python -m tests.benchmarks.million make|read|open FOLDER
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

BUILDINGS, SIDE_M = 1_000_000, 32_600.0
CRS_OF_XIAN = CRS.from_epsg(4545)
WEST_M, SOUTH_M = 500_000.0, 3_780_000.0
MOVES = 80
REST_S = 0.3
STEP_M = 40.0
WORDS = {
    "use": ("residential", "business_office", "retail", "education", "industrial"),
    "roof_type": ("flat", "pitched"),
    "use_source": ("given",),
    "height_source": ("given", "floors"),
    "floors_source": ("height",),
    "year_source": ("default",),
    "roof_type_source": ("default",),
    "gfa_source": ("footprint",),
}


def million() -> np.ndarray:
    """A million rotated quads of 8 to 24 m."""
    rng = np.random.default_rng(1)
    corners = np.array([[-1.0, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]])
    half, turn = rng.uniform(4, 12, (BUILDINGS, 1, 2)), rng.uniform(0, np.pi, BUILDINGS)
    turned = np.stack(
        [np.stack([np.cos(turn), -np.sin(turn)], -1), np.stack([np.sin(turn), np.cos(turn)], -1)], -2
    )
    places = np.einsum("nij,nkj->nki", turned, corners[None] * half)
    places += rng.uniform(0, SIDE_M, (BUILDINGS, 1, 2))
    shapes: np.ndarray = shapely.polygons(places + np.array([WEST_M, SOUTH_M]))
    return shapes


def buildings() -> gpd.GeoDataFrame:
    """A million buildings with the columns that the check of a city leaves them with."""
    rng = np.random.default_rng(2)
    ids = np.char.add("B", np.arange(BUILDINGS).astype(str)).astype(object)
    columns: dict[str, Any] = {
        "given_id": ids,
        "parcel_id": "P" + pd.Series(np.arange(BUILDINGS) // 5).astype(str),
    }
    columns |= {name: rng.choice(np.array(words, object), BUILDINGS) for name, words in WORDS.items()}
    height = rng.gamma(4, 5, BUILDINGS).round(1)
    columns |= {"height_m": height, "floors_above": np.ceil(height / 3), "year_built": 2000.0}
    columns |= {name: rng.uniform(60, 600, BUILDINGS) for name in ("footprint_m2", "roof_m2", "gfa_m2")}
    index = pd.Index(ids, name="building_id")
    columns["parcel_id"].index = index
    return gpd.GeoDataFrame(columns, geometry=million(), crs=CRS_OF_XIAN, index=index)


def make(folder: Path) -> dict[str, float]:
    """Write a project as it is after its first check."""
    from layers import contents
    from layers.city import City
    from layers.contents import Origin
    from layers.project import Project

    project = Project.create(folder, name="百万楼", crs=CRS_OF_XIAN, facts={"city": "西安"})
    with project.store.transaction() as connection:
        contents.write_source(connection, "building", Origin("建筑.gpkg", "d", contents.now()))
    inputs = project.inputs()
    city = City("百万楼", CRS_OF_XIAN, {"building": buildings()}, {}, None, {}, inputs.standards)
    project.keep(contents.prepare_city(project.store, city, [], stamp=project.stamp(), seconds=1.0))
    project.close()
    return {"bytes": float((folder / "city.gpkg").stat().st_size)}


def read(folder: Path) -> dict[str, float]:
    """What pyogrio alone takes to read the layer."""
    import pyogrio

    before, began = resident_bytes(), time.process_time()
    frame = pyogrio.read_dataframe(folder / "city.gpkg", layer="building")
    spent_s = time.process_time() - began
    return {"cpu_s": spent_s, "rows": float(len(frame)), "grown_bytes": float(resident_bytes() - before)}


def open_(folder: Path) -> dict[str, Any]:
    """Open the project in a window, then move its map."""
    from PySide6.QtCore import QTimer

    from desktop.ui.app import make_application, warm
    from desktop.ui.garbage import spare_libraries
    from desktop.ui.main_window import MainWindow

    application = make_application()
    warm()
    spare_libraries()
    window = MainWindow()
    window.resize(1280, 900)
    window.show()
    application.processEvents()
    said: dict[str, Any] = {"before_bytes": resident_bytes()}
    longest, last = [0.0], [time.thread_time()]

    def beat() -> None:
        now = time.thread_time()
        longest[0] = max(longest[0], now - last[0])
        last[0] = now

    timer = QTimer()
    timer.timeout.connect(beat)
    timer.start(5)
    steps: set[str] = set()
    window.workspace.tasks.progressed.connect(lambda progress: steps.add(progress.step))
    began = time.process_time()
    window.flows.open(folder)
    while window.workspace.city is None or window.workspace.busy or not window.canvas.settled:
        application.processEvents()
        time.sleep(0.001)
    said |= {"open_cpu_s": time.process_time() - began, "longest_s": longest[0], "steps": len(steps)}
    gc.collect()
    said["after_bytes"], said["peak_bytes"] = resident_bytes(), resident_bytes("VmHWM:")
    canvas = window.canvas
    x, y = canvas.view.middle
    frames = []
    for move in range(MOVES):
        began = time.thread_time()
        canvas.move_to(x + STEP_M * move, y + STEP_M * (move % 7))
        application.processEvents()
        frames.append(time.thread_time() - began)
    said["pan_p95_s"] = float(np.percentile(frames, 95))
    while not canvas.settled:
        application.processEvents()
        time.sleep(0.001)
    said["seen"] = int(canvas.layer("building").seen.sum())
    said |= table_and_selection(window, lambda: longest.__setitem__(0, 0.0))
    said["longest_table_s"] = longest[0]
    timer.stop()
    window.close()
    return said


def table_and_selection(window: Any, begin: Callable[[], None]) -> dict[str, Any]:
    """Open the table of the buildings, then select a third of them; `begin` starts the watch."""
    from PySide6.QtWidgets import QApplication

    def rest() -> None:
        until = time.monotonic() + REST_S
        while time.monotonic() < until or window.workspace.busy or not window.canvas.settled:
            QApplication.processEvents()
            time.sleep(0.001)

    rest()
    begin()
    window.workbench.show_table(shown=True)
    rest()
    third = np.zeros(BUILDINGS, dtype=np.bool_)
    third[::3] = True
    window.workspace.select("building", third)
    rest()
    return {"chosen": len(window.workspace.chosen.ids)}


def resident_bytes(which: str = "VmRSS:") -> int:
    """Memory of this process now, or its peak (`VmHWM:`), as Linux says it."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(which)).split()[1]) * 1024


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    way = {"make": make, "read": read, "open": open_}[sys.argv[1]]
    sys.stdout.write(json.dumps(way(Path(sys.argv[2]))))
