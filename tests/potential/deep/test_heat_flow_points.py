"""Temperature at depth at the heat-flow points of China, each judged without its neighbourhood, beside its own gradient."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.spatial import KDTree

from potential.deep.heat_flow import interpolated
from potential.deep.temperature import conductive_temperature

APART = 5_000.0  # m: nearer points are often the same hole, and would make the judgement too kind
DEPTH = 2_000.0
SURFACE = 14.0
PRODUCTION = 1.2e-6
Floats = NDArray[np.float64]


@pytest.fixture(scope="module")
def points(shared: Path) -> pd.DataFrame:
    frame = pd.read_csv(shared / "data/heatflow/ghfdb2024_china.csv")
    return frame[frame["q"].notna()].reset_index(drop=True)


def on_the_globe(longitude: pd.Series, latitude: pd.Series) -> Floats:
    """Places on the globe as points in space, so that distances are true near and far. [m]"""
    east, north = np.radians(longitude), np.radians(latitude)
    return 6_371_000.0 * np.column_stack(
        [np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)]
    )


def left_out(points: pd.DataFrame, judge: Callable[[Floats, Floats, Floats], float]) -> tuple[Floats, Floats]:
    """What a rule says at every point from the points that are at least `APART` away, and how far the nearest is."""
    places = on_the_globe(points["long_EW"], points["lat_NS"])
    flow = points["q"].to_numpy()
    said, away = np.empty(len(flow)), np.empty(len(flow))
    tree = KDTree(places)
    for row, near in enumerate(tree.query_ball_point(places, APART)):
        others = np.setdiff1d(np.arange(len(flow)), near)
        said[row] = judge(places[row], places[others], flow[others])
        away[row] = np.linalg.norm(places[others] - places[row], axis=1).min()
    return said, away


def by_median(at: Floats, points: Floats, flow: Floats) -> float:
    return float(interpolated(at[None], points, flow)[0][0])


def by_mean(at: Floats, points: Floats, flow: Floats) -> float:
    away = np.linalg.norm(points - at, axis=1)
    nearest = np.argsort(away)[:12]
    weight = 1 / np.maximum(away[nearest], 1_000.0) ** 2
    return float((flow[nearest] * weight).sum() / weight.sum())


def temperatures(flow: Floats, conductivity: Floats) -> Floats:
    return np.array(
        [
            float(
                conductive_temperature(
                    DEPTH,
                    surface=SURFACE,
                    heat_flow=q / 1000,
                    thickness=[1],
                    conductivity=[k],
                    production=[PRODUCTION],
                )
            )
            for q, k in zip(flow, conductivity, strict=True)
        ]
    )


@pytest.mark.slow
def test_heat_flow_between_points_is_better_said_by_the_median_of_neighbours_than_by_their_mean(
    points, record_property
):
    flow = points["q"].to_numpy()
    median, away = left_out(points, by_median)
    mean, _ = left_out(points, by_mean)
    errors = {
        "median": np.abs(median - flow),
        "mean": np.abs(mean - flow),
        "one value": np.abs(np.median(flow) - flow),
    }
    for name, error in errors.items():
        record_property(f"heat flow by {name}: median error (mW/m²)", float(np.median(error)))
        record_property(f"heat flow by {name}: mean error (mW/m²)", float(error.mean()))
    record_property("nearest point used: median distance (km)", float(np.median(away)) / 1000)
    assert errors["median"].mean() < errors["mean"].mean()
    assert errors["median"].mean() < 0.8 * errors["one value"].mean()
    assert np.median(errors["median"]) < 8.0


@pytest.mark.slow
def test_temperature_at_two_kilometres_agrees_with_the_points_own_gradients(points, record_property):
    known = points["tc_mean"].between(0.5, 8) & (points["T_grad_mean"] > 0)
    conductivity = points.loc[known, "tc_mean"].to_numpy()
    measured = SURFACE + points.loc[known, "T_grad_mean"].to_numpy() * DEPTH / 1000
    own = temperatures(points.loc[known, "q"].to_numpy(), conductivity) - measured
    interpolated_flow, _ = left_out(points, by_median)
    between = temperatures(interpolated_flow[known.to_numpy()], conductivity) - measured
    record_property("points with conductivity and gradient", int(known.sum()))
    for name, error in (("own heat flow", own), ("interpolated heat flow", between)):
        record_property(f"temperature at 2 km by {name}: median (K)", float(np.median(error)))
        record_property(f"temperature at 2 km by {name}: median error (K)", float(np.median(np.abs(error))))
        record_property(
            f"temperature at 2 km by {name}: P90 error (K)", float(np.quantile(np.abs(error), 0.9))
        )
    assert np.median(np.abs(own)) < 1.5  # what the layer makes itself: 1.2e-6 × 2000² / (2 × 2.3) = 1.0 K
    assert np.median(np.abs(between)) < 9.0
