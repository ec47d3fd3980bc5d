"""Labels stand inside their features and never over one another."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from shapely.geometry import Point, Polygon, box

from cartography.labels import LEAST_PX, labels
from cartography.layers import StyledLayer
from cartography.ragged import Ragged
from cartography.view import View

VIEW = View(0.0, 600.0, 1.0, 600, 600)
HIGH = 14.0


def wide(words: str) -> float:
    return 8.0 * len(words)


def placed(layer: StyledLayer, view: View = VIEW, words=lambda row: f"A-{row:02d}"):
    return labels(layer, view, words, wide, HIGH)


def test_no_label_lies_over_another():
    generator = np.random.default_rng(7)
    places = generator.uniform(0, 560, (200, 2))
    found = placed(StyledLayer("some", "", Ragged.of([box(x, y, x + 40, y + 40) for x, y in places])))
    assert len(found) > 20
    for one, other in combinations(found, 2):
        apart_x = abs(one.x - other.x) >= (wide(one.words) + wide(other.words)) / 2
        assert apart_x or abs(one.y - other.y) >= HIGH


def test_a_label_stands_inside_a_bent_feature_and_outside_its_hole():
    bent = Polygon([(100, 100), (400, 100), (400, 150), (150, 150), (150, 400), (100, 400)])
    ring = Polygon(box(400, 400, 560, 560).exterior.coords, [box(440, 420, 540, 540).exterior.coords])
    for shape in (bent, ring):
        (label,) = placed(StyledLayer("one", "", Ragged.of([shape])))
        assert shape.contains(Point(label.x, label.y))


def test_the_larger_feature_has_the_word_where_both_want_it():
    large, small = box(100, 100, 300, 300), box(180, 190, 230, 212)
    (label,) = placed(StyledLayer("two", "", Ragged.of([small, large])))
    assert label.words == "A-01"


def test_features_too_small_to_read_get_none():
    layer = StyledLayer("small", "", Ragged.of([box(100, 100, 100 + LEAST_PX - 1, 110)]))
    assert placed(layer) == []
    assert len(placed(layer, View(0.0, 300.0, 0.2, 1500, 1500))) == 1


def test_what_is_filtered_away_or_has_no_words_gets_none():
    shapes = [box(100, 100, 200, 200), box(300, 300, 400, 400)]
    layer = StyledLayer("two", "", Ragged.of(shapes), shown=np.array([True, False]))
    assert [label.words for label in placed(layer)] == ["A-00"]
    assert placed(layer, words=lambda row: "") == []


def test_the_label_of_a_point_stands_above_it():
    (label,) = placed(StyledLayer("point", "", Ragged.of([Point(300, 300)]), point_px=8.0))
    assert label.x == pytest.approx(300) and label.y > 300 + 8 / 2
