"""The window keeps its budgets with a million polygons: CPU time of the process, best of some rounds, threefold slack."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

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

pytestmark = pytest.mark.benchmark

POLYGONS, SIDE_M = 1_000_000, 32_600.0
WINDOW = (1280, 900)
SLACK = 3.0
ROUNDS = 5
COLUMNS = 20


def million() -> np.ndarray:
    """A million rotated quads of 8 to 24 m."""
    rng = np.random.default_rng(1)
    corners = np.array([[-1.0, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]])
    half, turn = rng.uniform(4, 12, (POLYGONS, 1, 2)), rng.uniform(0, np.pi, POLYGONS)
    turned = np.stack(
        [np.stack([np.cos(turn), -np.sin(turn)], -1), np.stack([np.sin(turn), np.cos(turn)], -1)], -2
    )
    places = np.einsum("nij,nkj->nki", turned, corners[None] * half) + rng.uniform(
        0, SIDE_M, (POLYGONS, 1, 2)
    )
    shapes: np.ndarray = shapely.polygons(places + np.array([500_000.0, 3_400_000.0]))
    return shapes


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


def test_a_start_takes_three_seconds_of_the_processor_at_most(record_property):
    code = "import sys; from desktop.cli import main; sys.exit(main(['gui', '--once', '--json']))"
    spent = []
    for _ in range(3):
        before = os.times()
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=Path(__file__).parents[2],
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            capture_output=True,
            check=True,
        )
        after = os.times()
        spent.append(
            after.children_user + after.children_system - before.children_user - before.children_system
        )
    kept(record_property, "start", min(spent), 3.0)
