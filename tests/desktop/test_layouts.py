"""The layout of a building from the command line: both figures, the file of modules, and what is refused."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest

from tests.desktop.conftest import Lutu


@pytest.fixture
def assessed(ready: Path, lutu: Lutu) -> Path:
    assert lutu("assess", ready, "rooftop").code == 0
    return ready


def test_a_layout_is_said_beside_the_coefficients_and_written_as_a_layer(
    assessed: Path, lutu: Lutu, tmp_path: Path
) -> None:
    path = tmp_path / "B0.gpkg"
    answer = lutu("layout", assessed, "B0", "--out", path, "--json")
    assert answer.code == 0, answer.said
    facts = answer.json
    modules = gpd.read_file(path, layer="module")
    assert len(modules) == facts["modules"] > 0
    assert modules["module_kwp"].sum() == pytest.approx(facts["kwp"], rel=2e-3)
    assert facts["area_kwp"] > facts["coefficient_kwp"] > 0
    said = lutu("layout", assessed, "B0", "--out", tmp_path / "B0.geojson", "--language", "en").out
    assert "Coefficients on the same usable area" in said
    assert "Coefficients of the assessment" in said


def test_a_layout_needs_an_assessment_and_a_known_building(ready: Path, lutu: Lutu) -> None:
    before = lutu("layout", ready, "B0", "--language", "en")
    assert (before.code, "was not assessed" in before.said) == (1, True)
    assert lutu("assess", ready, "rooftop").code == 0
    unknown = lutu("layout", ready, "nowhere", "--language", "en")
    assert (unknown.code, "There is no building nowhere." in unknown.said) == (1, True)


def test_a_layout_is_written_in_a_known_format_only(assessed: Path, lutu: Lutu, tmp_path: Path) -> None:
    answer = lutu("layout", assessed, "B0", "--out", tmp_path / "B0.dwg", "--language", "en")
    assert (answer.code, "neither a GeoPackage nor GeoJSON" in answer.said) == (1, True)
