"""A tiny made city as a planner's files, and the command line called in the same process."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
from shapely.geometry import box

from desktop.cli import main

EPSG = 4545
WEST, SOUTH = 500_000.0, 3_800_000.0  # in Xi'an


@dataclass(frozen=True)
class Answer:
    """What a command gave: exit code, standard output and standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON object on standard output."""
        found: dict[str, Any] = json.loads(self.out, parse_constant=_refuse)
        return found

    @property
    def said(self) -> str:
        """Everything that people read."""
        return self.out + self.err


Lutu = Callable[..., Answer]


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


@pytest.fixture
def lutu(capsys: pytest.CaptureFixture[str]) -> Lutu:
    """The command line: words in, an answer out."""

    def run(*words: object) -> Answer:
        capsys.readouterr()
        code = main([str(word) for word in words])
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return run


def buildings(count: int = 6) -> gpd.GeoDataFrame:
    """Blocks of 20 m by 12 m in a row, 30 m apart, each 15 m high."""
    west = WEST + 10 + 30.0 * np.arange(count)
    return gpd.GeoDataFrame(
        {
            "楼栋编号": [f"B{number}" for number in range(count)],
            "高度": np.full(count, 15.0),
            "层数": np.full(count, 5),
            "建成年代": np.full(count, 2005),
            "用途": ["住宅"] * count,
        },
        geometry=[box(x, SOUTH + 20, x + 20, SOUTH + 32) for x in west],
        crs=EPSG,
    )


def parcels() -> gpd.GeoDataFrame:
    """Two parcels side by side, 90 m by 60 m each, that hold three of the blocks each."""
    return gpd.GeoDataFrame(
        {
            "地块编号": ["P0", "P1"],
            "用地代码": ["070102", "070102"],
            "容积率": [1.2, 1.4],
            "用地面积": [5_400.0, 5_400.0],
        },
        geometry=[box(WEST + 90 * n, SOUTH, WEST + 90 * (n + 1), SOUTH + 60) for n in range(2)],
        crs=EPSG,
    )


def write(frame: gpd.GeoDataFrame, path: Path, layer: str | None = None, **options: Any) -> Path:
    """A layer in a file of whatever kind its name says."""
    pyogrio.write_dataframe(frame, path, layer=layer or path.stem, **options)
    return path


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with `city.gpkg` of the layers 建筑 and 地块."""
    folder = tmp_path / "数据"
    folder.mkdir()
    write(buildings(), folder / "city.gpkg", "建筑")
    write(parcels(), folder / "city.gpkg", "地块")
    return folder


@pytest.fixture
def empty(tmp_path: Path, lutu: Lutu) -> Path:
    """A new project near Xi'an without data."""
    folder = tmp_path / "项目"
    assert lutu("new", folder, "--city", "西安").code == 0
    return folder


@pytest.fixture
def given(empty: Path, files: Path, lutu: Lutu) -> Path:
    """The project with its buildings and parcels."""
    assert lutu("add", empty, "building", files / "city.gpkg", "--layer", "建筑").code == 0
    assert lutu("add", empty, "parcel", files / "city.gpkg", "--layer", "地块").code == 0
    return empty


@pytest.fixture
def ready(given: Path, lutu: Lutu) -> Path:
    """The project with weather, too."""
    assert lutu("add", given, "weather").code == 0
    return given
