"""Natural breaks are the best classes there are, and the same as the usual program finds."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from cartography.natural_breaks import natural_breaks


def spread(values: NDArray[np.float64], inner: NDArray[np.float64]) -> float:
    """Sum over the classes of squared differences from their means."""
    numbers = np.searchsorted(inner, values, side="left")
    parts = [values[numbers == number] for number in np.unique(numbers)]
    return float(sum(((part - part.mean()) ** 2).sum() for part in parts))


def test_two_clusters_are_parted_between_them() -> None:
    assert natural_breaks(np.array([9.0, 1.0, 2.0, 8.0, 1.5]), 2).tolist() == [2.0]


@given(st.lists(st.integers(0, 60), min_size=6, max_size=12, unique=True), st.integers(2, 4))
def test_no_other_classes_differ_less_within(whole: list[int], count: int) -> None:
    values = np.array(whole, dtype=float)
    found = spread(values, natural_breaks(values, count))
    others = combinations(np.sort(values)[:-1], count - 1)
    assert found == pytest.approx(min(spread(values, np.array(inner)) for inner in others))


def test_values_far_from_zero_are_parted_like_those_near_it() -> None:
    values = np.random.default_rng(7).gamma(3.0, 20.0, 400).round(2)
    far = natural_breaks(values + 4.0e6, 5)
    assert far - 4.0e6 == pytest.approx(natural_breaks(values, 5), abs=1e-6)


def test_mapclassify_finds_no_better_breaks() -> None:
    peer = pytest.importorskip("mapclassify")
    for seed in range(3):
        values = np.random.default_rng(seed).gamma(3.0, 20.0, 1500)
        theirs = spread(values, peer.FisherJenks(values, k=6).bins[:-1])
        assert spread(values, natural_breaks(values, 6)) <= theirs * (1 + 1e-9)
