"""A tiny made city as a planner's files, and the command line called in the same process."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
from shapely.geometry import box

from core.jobs import Job
from desktop import operations
from desktop.cli import main
from layers.project import Project
from tests.desktop.brought_in import bring_in
from tests.once import made_once

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


def made_ready(folder: Path) -> None:
    """The files in `数据`, and a project of them twice: `given` without weather, `ready` with it."""
    data = folder / "数据"
    data.mkdir()
    write(buildings(), data / "city.gpkg", "建筑")
    write(parcels(), data / "city.gpkg", "地块")
    with closing(operations.new_project(folder / "given", name="项目", city="西安")) as project:
        bring_in(project, data / "city.gpkg")
    shutil.copytree(folder / "given", folder / "ready")
    with closing(Project(folder / "ready")) as project:
        operations.carry_out(project, operations.add_weather(project), Job())


@pytest.fixture(scope="session")
def tiny_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of `made_ready`, which tests only copy."""
    return made_once(tmp_path_factory, "tiny-city", made_ready)


@pytest.fixture
def files(tiny_city: Path, tmp_path: Path) -> Path:
    """A folder with `city.gpkg` of the layers 建筑 and 地块."""
    return Path(shutil.copytree(tiny_city / "数据", tmp_path / "数据"))


@pytest.fixture
def empty(tmp_path: Path, lutu: Lutu) -> Path:
    """A new project near Xi'an without data."""
    folder = tmp_path / "项目"
    assert lutu("new", folder, "--city", "西安").code == 0
    return folder


@pytest.fixture
def given(tiny_city: Path, files: Path, tmp_path: Path) -> Path:
    """The project with its buildings and parcels."""
    return Path(shutil.copytree(tiny_city / "given", tmp_path / "项目"))


@pytest.fixture
def ready(tiny_city: Path, files: Path, tmp_path: Path) -> Path:
    """The project with weather, too."""
    return Path(shutil.copytree(tiny_city / "ready", tmp_path / "项目"))
