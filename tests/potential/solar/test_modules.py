"""Rows of modules on flat roofs stand so far apart that they do not shade each other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from potential.solar.modules import gap_over_height, ground_cover_ratio, row_horizon, shadow_over_height


def cases(shared: Path, quantity: str) -> pd.DataFrame:
    table = pd.read_csv(shared / "reference" / "solar_geometry_cases.csv")
    rows = table[(table["kind"] == "row_spacing") & (table["quantity"] == quantity)]
    words = rows["inputs"].str.extractall(r"(\w+)=(-?[\d.]+)").reset_index()
    inputs = words.pivot(index="level_0", columns=0, values=1).astype(float)
    return rows.join(inputs)


def test_the_gap_agrees_with_the_formula_of_the_norm(shared: Path) -> None:
    rows = cases(shared, "gap_over_height_gb50797")
    assert len(rows) == 6
    np.testing.assert_allclose(gap_over_height(rows["lat"]), rows["expected"].astype(float), atol=1e-3)


def test_the_sun_itself_gives_the_exact_gap(shared: Path) -> None:
    rows = cases(shared, "gap_over_height_exact")
    assert len(rows) == 6
    np.testing.assert_allclose(
        shadow_over_height(rows["lat"], 180.0), rows["expected"].astype(float), atol=1e-3
    )


def test_the_ground_cover_ratio_agrees_with_the_reference(shared: Path) -> None:
    rows = cases(shared, "ground_cover_ratio")
    assert len(rows) == 24
    np.testing.assert_allclose(
        ground_cover_ratio(rows["tilt"], rows["lat"]), rows["expected"].astype(float), atol=1e-3
    )


def test_modules_laid_flat_cover_the_whole_roof() -> None:
    assert ground_cover_ratio(0.0, 34.3) == pytest.approx(1.0)


def test_beyond_55_degrees_the_sun_itself_is_taken() -> None:
    assert gap_over_height(56.0) == pytest.approx(shadow_over_height(56.0, 180.0))
    assert np.isinf(gap_over_height(70.0))


def test_rows_turned_from_south_need_the_longer_gap_of_morning_and_afternoon() -> None:
    assert shadow_over_height(35.0, 200.0) == pytest.approx(shadow_over_height(35.0, 160.0))
    assert shadow_over_height(35.0, 200.0) > shadow_over_height(35.0, 180.0)


@given(tilt=st.floats(1, 40), latitude=st.floats(18, 54))
def test_steeper_or_farther_north_never_covers_more(tilt: float, latitude: float) -> None:
    cover = ground_cover_ratio(tilt, latitude)
    assert 0 < cover <= 1
    assert ground_cover_ratio(tilt + 1, latitude) <= cover
    assert ground_cover_ratio(tilt, latitude + 1) <= cover


def test_the_row_in_front_hides_most_from_the_lower_edge_and_nothing_behind() -> None:
    azimuth = np.array([0.0, 90.0, 180.0])
    lower = row_horizon(azimuth, 15.0, float(gap_over_height(34.3)), 0.0)
    upper = row_horizon(azimuth, 15.0, float(gap_over_height(34.3)), 1.0)
    assert lower[2] == pytest.approx(1 / gap_over_height(34.3))
    assert upper[2] == pytest.approx(0.0)
    np.testing.assert_allclose(lower[:2], 0.0, atol=1e-12)
