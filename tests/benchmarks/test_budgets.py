"""The window keeps its budgets with a million polygons: CPU time of the process, best of some rounds, threefold slack."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from cartography.classes import graduated
from cartography.frame import drawn, never
from cartography.layers import StyledLayer
from cartography.ragged import Ragged
from cartography.view import View
from cartography.warming import warm
from tests.benchmarks.million import million

pytestmark = pytest.mark.benchmark

POLYGONS = 1_000_000
SHEET_POLYGONS = 10_000
ROOT = Path(__file__).parents[2]
WINDOW = (1280, 900)
SLACK = 3.0
ROUNDS = 5
COLUMNS = 20
DATE = datetime.date(2026, 11, 27)


@pytest.fixture(scope="module")
def shapes() -> np.ndarray:
    """The polygons."""
    warm()
    return million()


@pytest.fixture(scope="module")
def layer(shapes: np.ndarray) -> StyledLayer:
    """The polygons coloured by a value."""
    values = np.random.default_rng(2).gamma(4, 30, POLYGONS)
    return StyledLayer("building", "", Ragged.of(shapes), values=values, classes=graduated(values))


def cpu_s(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Process CPU time of the best of some rounds. [s]"""
    times = []
    for _ in range(rounds):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return min(times)


def kept(record_property, name: str, spent_s: float, budget_s: float) -> None:
    """Record a figure beside its budget, and hold it to that."""
    record_property(f"{name}_cpu_ms", 1000 * spent_s)
    record_property(f"{name}_budget_ms", 1000 * budget_s)
    assert spent_s < SLACK * budget_s


def test_the_first_picture_of_a_million_polygons_comes_within_a_second_and_a_half(shapes, record_property):
    values = np.random.default_rng(2).gamma(4, 30, POLYGONS)

    def first() -> None:
        made = StyledLayer("building", "", Ragged.of(shapes), values=values, classes=graduated(values))
        drawn(made, View.fitting(made.extent, *WINDOW), never())

    kept(record_property, "first_picture", cpu_s(first, 2), 1.5)


@pytest.mark.parametrize(("name", "share"), [("city", 1.0), ("district", 0.1), ("street", 0.02)])
def test_a_million_polygons_settle_within_a_tenth_of_a_second(layer, record_property, name, share):
    west, south, east, north = layer.extent
    half_x, half_y = (east - west) * share / 2, (north - south) * share / 2
    x, y = (west + east) / 2, (south + north) / 2
    view = View.fitting((x - half_x, y - half_y, x + half_x, y + half_y), *WINDOW)
    drawn(layer, view, never())
    kept(record_property, f"settled_{name}", cpu_s(lambda: drawn(layer, view, never())), 0.1)


def test_a_million_polygons_take_new_classes_within_150_milliseconds(layer, record_property):
    view = View.fitting(layer.extent, *WINDOW)
    first = drawn(layer, view, never())
    others = np.random.default_rng(3).gamma(4, 30, POLYGONS)

    def again() -> None:
        changed = replace(layer, values=others, classes=graduated(others, method="quantile"))
        drawn(changed, view, never(), before=first)

    kept(record_property, "recolour", cpu_s(again), 0.15)


def test_what_lies_at_a_point_of_a_million_polygons_is_known_within_a_millisecond(layer, record_property):
    view = View.fitting(layer.extent, *WINDOW)
    kept(
        record_property,
        "identify",
        cpu_s(lambda: [layer.at(*view.middle) for _ in range(100)]) / 100,
        0.001,
    )


def test_a_table_of_a_million_rows_opens_and_sorts_while_one_waits(qapp, record_property):
    from desktop.ui.table_model import TableModel, order_of

    rng = np.random.default_rng(4)
    frame = pd.DataFrame({f"column_{n}": rng.random(POLYGONS) for n in range(COLUMNS)})
    model = TableModel()
    kept(record_property, "table_open", cpu_s(lambda: model.set_frame(frame), 3), 0.3)
    kept(
        record_property,
        "table_sort",
        cpu_s(lambda: order_of(frame["column_3"], None, descending=True), 3),
        1.0,
    )
    model.close()


def told(way: str, folder: Path) -> dict[str, Any]:
    """What a program of its own says of a city of a million buildings."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.million", way, str(folder)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "LUTU_HOME": str(folder.parent / "home")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, Any]]:
    """What it costs pyogrio to read a million buildings, and the window to open them and move their map."""
    if not Path("/proc/self/status").exists():
        pytest.skip("the memory of a process is read as Linux says it")
    folder = tmp_path_factory.mktemp("million") / "city"
    told("make", folder)
    return told("read", folder), told("open", folder)


def test_a_million_buildings_open_in_little_more_time_than_pyogrio_takes_to_read_them(
    opened, record_property
):
    """Reading alone took 3.8 s where 10 s were allowed for all: the budget as a ratio."""
    theirs, ours = opened
    record_property("open_cpu_s", ours["open_cpu_s"])
    record_property("ratio", ours["open_cpu_s"] / theirs["cpu_s"])
    assert ours["seen"] == POLYGONS
    assert ours["steps"] > 3  # what is being done is said meanwhile
    assert ours["open_cpu_s"] < 10 / 3.8 * theirs["cpu_s"]


def test_the_window_answers_while_a_million_buildings_are_opened(opened, record_property):
    kept(record_property, "longest_turn", opened[1]["longest_s"], 0.1)


def test_the_window_answers_while_the_table_of_a_million_opens_and_a_third_is_selected(
    opened, record_property
):
    assert opened[1]["chosen"] == -(-POLYGONS // 3)
    kept(record_property, "longest_table_turn", opened[1]["longest_table_s"], 0.1)


def test_moving_the_map_of_a_million_buildings_is_smooth(opened, record_property):
    kept(record_property, "pan_p95", opened[1]["pan_p95_s"], 0.016)


def test_an_open_city_of_a_million_takes_less_than_half_the_room_of_its_table_read_by_pyogrio(
    opened, record_property
):
    """The table of all columns, its shapes and the map together; the program itself comes on top."""
    theirs, ours = opened
    grown = ours["after_bytes"] - ours["before_bytes"]
    record_property("resident_gb", ours["after_bytes"] / 1e9)
    record_property("ratio", grown / theirs["grown_bytes"])
    assert grown < 1 / 2 * theirs["grown_bytes"]
    assert ours["after_bytes"] < 1.2e9


def test_an_a3_sheet_of_ten_thousand_polygons_is_printed_within_two_seconds(tmp_path, record_property):
    from reports.sheets.composition import Composition, write_composed
    from tests.reports.small_plan import assessments, city, plan

    small = city()
    west, south, east, north = small.tables["parcel"].total_bounds
    corners = shapely.get_coordinates(million()[:SHEET_POLYGONS]).reshape(SHEET_POLYGONS, -1, 2)
    corners -= corners[:, :1]
    rounds = iter(range(ROUNDS))

    def print_() -> None:
        rng = np.random.default_rng(
            next(rounds)
        )  # another city each time: Typst knows pages it has set before
        places = rng.uniform((west, south), (east, north), (SHEET_POLYGONS, 2))
        buildings = gpd.GeoDataFrame(
            {
                "parcel_id": "QH-0001",
                "use": "residential",
                "gfa_m2": 900.0,
                "green_star": "none",
                "year_built": rng.integers(1960, 2026, SHEET_POLYGONS),
            },
            geometry=shapely.polygons(corners + places[:, None]),
            crs=small.crs,
            index=pd.Index(np.arange(SHEET_POLYGONS).astype(str), name="building_id"),
        )
        many = replace(small, tables={**small.tables, "building": buildings})
        write_composed(many, assessments(), plan(), Composition("age", paper="a3"), tmp_path / "a.pdf")

    kept(record_property, "sheet", cpu_s(print_, ROUNDS), 2.0)
    assert (tmp_path / "a.pdf").stat().st_size > 10 * SHEET_POLYGONS  # vectors, not a picture


def test_a_parcel_report_is_printed_within_half_a_second(tmp_path, record_property):
    from reports.parcel import parcel_reports
    from tests.reports.conftest import town

    parcels = iter([f"QH-{number:04d}" for number in range(9001, 9001 + ROUNDS)])

    def print_() -> None:
        parcel = next(parcels)
        city, made = town(20, parcel_id=parcel)
        parcel_reports(city, made, [parcel], tmp_path, date=DATE)

    kept(record_property, "parcel_report", cpu_s(print_, ROUNDS), 0.5)


def test_the_start_page_is_seen_in_little_more_time_than_a_bare_window(record_property):
    """A bare window of Qt, with what reads a table imported, against the start page of the program."""
    bare = (
        "import PySide6.QtWidgets as q, PySide6.QtSvg, pandas, sys, time\n"
        "application = q.QApplication([]); window = q.QWidget(); window.show(); application.processEvents()\n"
        "sys.stdout.write(str(time.process_time()))"
    )
    page = (
        "import sys, time\n"
        "from desktop.cli import main\n"
        "from desktop.ui.app import make_application\n"
        "from desktop.ui.front_window import FrontWindow\n"
        "application = make_application(); front = FrontWindow(print); front.show()\n"
        "application.processEvents()\n"
        "sys.stdout.write(str(time.process_time()))"
    )
    theirs, ours = (min(said_s(code) for _ in range(3)) for code in (bare, page))
    record_property("ratio", ours / theirs)
    kept(record_property, "seen", ours, 1.0)
    assert ours < 1.5 * theirs


def said_s(code: str) -> float:
    """The seconds that a program of its own says."""
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def test_a_start_takes_three_seconds_of_the_processor_at_most(record_property):
    code = "import sys; from desktop.cli import main; sys.exit(main(['gui', '--once', '--json']))"
    spent = []
    for _ in range(3):
        before = os.times()
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            capture_output=True,
            check=True,
        )
        after = os.times()
        spent.append(
            after.children_user + after.children_system - before.children_user - before.children_system
        )
    kept(record_property, "start", min(spent), 3.0)
