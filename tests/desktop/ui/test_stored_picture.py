"""One theme looks as the picture that was stored of it: what is drawn, and what is written."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from shapely.geometry import Polygon, box

from cartography.classes import graduated
from cartography.layers import StyledLayer
from cartography.ragged import Ragged
from cartography.view import View
from core import look, texts
from desktop.ui import theme
from desktop.ui.map_picture import MapShown, map_picture

STORED = Path(__file__).parent / "stored" / "theme.png"
ANEW = "LUTU_STORE_PICTURES"  # set, the picture is stored anew: for a change that is meant
MOST_DIFFERING, DIFFERS_BY = 0.002, 24  # share of pixels; of 255


@pytest.fixture(autouse=True)
def chinese(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fonts of the window, and its first language."""
    monkeypatch.setattr(texts, "_chosen", "zh")
    theme.apply_theme(qapp)


def picture(ramp: str = "viridis") -> QImage:
    """A river and blocks by height."""
    river = Polygon([(0, 40), (130, 70), (260, 50), (260, 74), (130, 96), (0, 66)])
    blocks = [
        box(12 + 30 * (n % 8), 4 + 78 * (n // 8), 34 + 30 * (n % 8), 26 + 78 * (n // 8)) for n in range(16)
    ]
    heights = np.array([*np.linspace(9.0, 99.0, 15), np.nan])
    classes = graduated(heights, method="manual", breaks=(24, 50, 80), ramp=ramp, unit="m")
    layers = (
        StyledLayer("water", "河流湖泊", Ragged.of([river]), colour=look.MAP_WATER),
        StyledLayer(
            "building",
            "建筑 · 高度",
            Ragged.of(blocks),
            values=heights,
            classes=classes,
            outline=look.MAP_EDGE,
            gathered="never",
        ),
    )
    titles = {"water": "河流湖泊", "building": "建筑 · 高度 (m)"}
    view = View(-10.0, 130.0, 0.7, 400, 230)
    return map_picture(MapShown(layers, titles, frozenset({"building"}), view, {}, source="底图：天地图"))


def pixels(image: QImage) -> np.ndarray:
    plain = image.convertToFormat(QImage.Format.Format_RGBA8888)
    found = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return found[:, : 4 * plain.width()].reshape(plain.height(), plain.width(), 4).astype(int)


def differing(one: np.ndarray, other: np.ndarray) -> float:
    """Share of pixels that differ by more than can be seen."""
    return float((np.abs(one - other).max(axis=2) > DIFFERS_BY).mean())


def test_a_theme_looks_as_it_was_stored() -> None:
    made = picture()
    if ANEW in os.environ:
        made.save(str(STORED))
    stored, drawn = pixels(QImage(str(STORED))), pixels(made)
    assert stored.shape == drawn.shape
    assert differing(stored, drawn) <= MOST_DIFFERING


def test_other_colours_and_other_words_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = pixels(QImage(str(STORED)))
    assert differing(stored, pixels(picture("cividis"))) > MOST_DIFFERING
    monkeypatch.setattr(theme, "family", lambda: "DejaVu Sans")  # has no Han
    assert differing(stored, pixels(picture())) > MOST_DIFFERING
