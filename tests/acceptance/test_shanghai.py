"""Real buildings, land use, water and weather of Shanghai through the whole work of the command line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyogrio
import pytest

from desktop.cli import main

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Run:
    """A project of Lujiazui and the Bund that was assessed, exported and reported."""

    folder: Path
    answers: dict[str, dict[str, Any]]

    @property
    def totals(self) -> dict[str, float]:
        """Totals of the assessment."""
        found: dict[str, float] = self.answers["assess"]["totals"]["rooftop"]
        return found


@pytest.fixture(scope="module")
def run(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    osm = shared / "data" / "cn_shanghai_wuhan_osm"
    weather = shared / "data" / "weather_china" / "Shanghai-Hongqiao_1956_2023_TMYx.epw"
    districts = shared / "data" / "cn_gbk_shapefiles" / "shanghai_districts_gbk.zip"
    if not all(one.exists() for one in (osm, weather, districts)):
        pytest.skip("the data of Shanghai is not among the real data")
    folder = tmp_path_factory.mktemp("shanghai") / "陆家嘴"
    answers = {}
    capture = pytest.MonkeyPatch()
    said: list[str] = []
    capture.setattr("desktop.speaking.click.echo", lambda words="", **_: said.append(str(words)))
    steps: dict[str, tuple[Any, ...]] = {
        "new": (folder, "--name", "陆家嘴", "--city", "上海"),
        "add building": (folder, "building", osm / "shanghai_buildings.gpkg"),
        "add parcel": (folder, "parcel", osm / "shanghai_landuse.gpkg"),
        "add water": (folder, "water", osm / "shanghai_water.gpkg"),
        "add district": (folder, "district", districts),
        "add weather": (folder, "weather", weather),
        "check": (folder,),
        "assess": (folder, "--set", "cell_m=2"),
        "export": (folder, "--as", "gpkg", "--as", "xlsx", "--as", "html"),
        "report": (folder, "164958530"),
    }
    try:
        for name, words in steps.items():
            said.clear()
            code = main([name.split()[0], *map(str, words), "--json", "--language", "en"])
            assert code == 0, (name, said)
            answers[name] = json.loads(said[-1])
    finally:
        capture.undo()
    return Run(folder, answers)


def layer(run: Run, name: str) -> Any:
    return pyogrio.read_dataframe(run.folder / "exports" / "陆家嘴.gpkg", layer=name)


def test_all_rows_of_the_files_came_in(run: Run) -> None:
    rows = {name.split()[1]: answer.get("rows") for name, answer in run.answers.items() if "add" in name}
    assert (rows["building"], rows["parcel"], rows["water"], rows["district"]) == (1572, 261, 39, 17)


def test_districts_in_gbk_are_read_with_their_names(run: Run) -> None:
    assert "浦东新区" in set(layer(run, "Districts")["name"])


def test_the_check_names_what_is_wrong_with_the_data(run: Run) -> None:
    said = " ".join(one["text"] for one in run.answers["check"]["problems"])
    for words in ("overlap", "Height", "no parcel"):
        assert words in said


def test_a_kwp_gives_what_is_measured_on_roofs_of_shanghai(run: Run) -> None:
    """Specific yields of plants in Shanghai lie between some 950 and 1250 kWh a kWp; towers shade much here."""
    assert 950 < run.totals["pv_kwh_per_year"] / run.totals["pv_kwp"] < 1300


def test_roofs_are_used_in_part(run: Run) -> None:
    assert 0.1 < run.totals["roof_usable_m2"] / run.totals["roof_m2"] < 0.6


def test_the_months_add_up_to_the_year(run: Run) -> None:
    months = sum(run.totals[f"pv_kwh_month_{month:02}"] for month in range(1, 13))
    assert months == pytest.approx(run.totals["pv_kwh_per_year"], abs=12)
    assert run.totals["pv_kwh_month_12"] < run.totals["pv_kwh_month_07"]


def test_exported_buildings_add_up_to_the_totals(run: Run) -> None:
    buildings = layer(run, "Buildings")
    for name in ("pv_kwp", "pv_kwh_per_year", "avoided_tco2_per_year"):
        assert buildings[name].sum() == pytest.approx(run.totals[name], rel=1e-12)


def test_parcels_and_what_stands_outside_add_up_to_the_totals(run: Run) -> None:
    parcels = layer(run, "Parcels")
    outside = run.totals["outside_pv_kwh_per_year"]
    assert parcels["pv_kwh_per_year"].sum() + outside == pytest.approx(
        run.totals["pv_kwh_per_year"], rel=1e-12
    )


def test_towers_take_a_noticeable_share_of_the_sun(run: Run) -> None:
    losses = layer(run, "Buildings")["shading_loss"].dropna()
    assert losses.between(0, 1).all()
    assert 0.03 < losses.mean() < 0.3


def test_the_plan_goes_as_far_as_the_layers_reach_and_says_what_is_missing(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No planned parcel, no planning unit, no network heat: a plan all the same, and documents that agree with it."""
    folder, documents = str(run.folder), str(tmp_path)
    assert main(["plan", folder, "--json", "--language", "en"]) == 0
    said = " ".join(one["text"] for one in json.loads(capsys.readouterr().out.splitlines()[-1])["problems"])
    for words in ("whether it is planned", "planning_unit"):
        assert words in said
    assert main(["document", folder, "all", "--to", documents]) == 0
    assert main(["document", folder, "--check", "--to", documents]) == 0
    assert main(["sheets", folder, "--to", documents]) == 0
    assert {"实施方案.docx", "专项规划文本.pdf", "低碳城市.docx"} <= {one.name for one in tmp_path.iterdir()}
