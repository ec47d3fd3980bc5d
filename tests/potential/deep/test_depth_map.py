"""Maps of temperature at depth: conduction between points, silence where none is near, and honest judgement by gradients."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest

from core.jobs import Job
from core.problems import UserError
from desktop.depth_maps import write_depth_maps
from potential.deep.depth_map import depth_maps
from standards import Standards

KM = 1_000.0


def points(flow: list[float], spacing_m: float = 20 * KM, crs: int = 4545) -> gpd.GeoDataFrame:
    """Heat-flow points in a row, all in rock of 2.5 W/(m K) and with a gradient of 26 K/km."""
    x = 500_000 + spacing_m * np.arange(len(flow))
    return gpd.GeoDataFrame(
        {"heat_flow_mw_per_m2": flow, "ground_conductivity_w_per_mk": 2.5, "gradient_k_per_km": 26.0},
        geometry=gpd.points_from_xy(x, np.full(len(flow), 3_800_000.0)),
        crs=crs,
    )


def made(frame: gpd.GeoDataFrame, depths: tuple[float, ...] = (2_000.0,), cell_m: float = 10 * KM):
    return depth_maps(frame, depths, cell_m=cell_m, standards=Standards(), surface_c=14.0, job=Job())


def test_where_all_points_agree_the_map_is_theirs() -> None:
    raster = made(points([65.0] * 4)).rasters["temperature_2000_m_c"]
    known = raster.values[np.isfinite(raster.values)]
    # 14 + (0.065 × 2000 − 1.2e-6 × 2000²/2) / 2.5
    assert known == pytest.approx(np.full(len(known), 65.04), abs=0.01)


def test_nothing_is_said_far_from_every_point() -> None:
    rasters = made(points([65.0, 65.0], spacing_m=900 * KM)).rasters
    away = rasters["heat_flow_distance_m"].values
    assert np.nanmax(away) <= 200 * KM
    assert (np.isnan(away) == np.isnan(rasters["temperature_2000_m_c"].values)).all()
    assert np.isnan(away).any()


def test_a_point_is_judged_by_its_gradient_and_not_by_itself() -> None:
    judged = made(points([65.0, 65.0, 590.0, 65.0, 65.0])).points
    assert judged["own_temperature_c"].tolist() == pytest.approx([66.0] * 5)  # 14 + 26 × 2
    assert judged["said_temperature_c"].iloc[2] == pytest.approx(65.04, abs=0.01)
    assert judged["temperature_off_k"].iloc[2] == pytest.approx(-0.96, abs=0.01)


def test_degrees_no_heat_flow_and_odd_depths_are_refused_together() -> None:
    with pytest.raises(UserError) as refused:
        made(points([np.nan], crs=4490), depths=(-5.0,), cell_m=0.0)
    assert len(refused.value.problems) == 4


@pytest.mark.slow
def test_the_stations_of_china_are_mapped_and_checked_against_their_own_gradients(
    shared: Path, tmp_path: Path, record_property
) -> None:
    file = shared / "data/heatflow/ghfdb2024_china.csv"
    written = write_depth_maps(file, tmp_path, [1_000.0, 2_000.0], cell_m=20 * KM, job=Job())
    for depth, (known, median, most) in written.agreement.items():
        record_property(f"{depth:g} m: points, median and P90 of the error (K)", [known, median, most])
    known, median, _ = written.agreement[2_000.0]
    assert known > 1_300
    assert median < 9.0
    assert {"temperature_1000_m_c.tif", "temperature_2000_m_c.tif", "temperature_zh.pdf"} <= {
        one.name for one in written.files
    }
