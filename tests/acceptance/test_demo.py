"""The demonstration leaves everything it promises, and its figures agree everywhere to the last digit."""

from __future__ import annotations

import csv
import json
import math
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyogrio
import pytest

from desktop.cli import main
from potential.registry import potentials
from tests.demonstration import demonstration

pytestmark = [pytest.mark.slow, pytest.mark.demo]

ROOT = Path(__file__).resolve().parents[2]
SUMS = ("pv_kwp", "pv_kwh_per_year", "saved_kgce_per_year", "avoided_tco2_per_year")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demonstration(tmp_path_factory)


@pytest.fixture(scope="module")
def summary(out: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    return found


def sums(frame: pd.DataFrame) -> dict[str, float]:
    """Exact sums of columns that are kept to three decimals at most; rows of other classes hold nothing."""
    return {name: round(math.fsum(frame[name].dropna()), 3) for name in SUMS}


def totals(summary: dict[str, Any]) -> dict[str, float]:
    return {name: summary["totals"]["rooftop"][name] for name in SUMS}


def test_every_file_of_the_summary_is_there(out: Path, summary: dict[str, Any]) -> None:
    files = summary["files"]
    listed = [
        *files["data"],
        *files["reports"],
        *files["exports"],
        *files["documents"],
        f"{files['project']}/city.gpkg",
    ]
    assert [one for one in listed if not (out / one).is_file()] == []
    assert {Path(one).suffix for one in files["exports"]} == {".gpkg", ".html", ".xlsx"}
    assert len(files["reports"]) == 3
    documents = {Path(one).name for one in files["documents"]}
    assert {"实施方案.docx", "专项规划文本.pdf", "低碳城市.docx", "附表.xlsx"} <= documents


def test_the_sums_of_the_exported_buildings_are_the_summary(out: Path, summary: dict[str, Any]) -> None:
    buildings = pyogrio.read_dataframe(out / "exports" / "青禾市.gpkg", layer="建筑")
    assert len(buildings) == summary["buildings"]
    assert sums(buildings) == totals(summary)


def test_the_sums_of_the_exported_parcels_are_the_summary(out: Path, summary: dict[str, Any]) -> None:
    """Every building of the sample city stands on a parcel, so nothing is lost between the two."""
    parcels = pyogrio.read_dataframe(out / "exports" / "青禾市.gpkg", layer="地块")
    assert len(parcels) == summary["parcels"]
    assert sums(parcels) == totals(summary)


def test_the_project_holds_the_same_figures(out: Path, summary: dict[str, Any]) -> None:
    with closing(sqlite3.connect(out / "project" / "city.gpkg")) as connection:
        kept = pd.read_sql_query("SELECT * FROM rooftop_building", connection)
    assert sums(kept) == totals(summary)


@pytest.mark.parametrize("name", ["rooftop", "facade", "ancillary", "municipal", "solar_thermal"])
def test_every_potential_adds_up_from_parcels_and_what_lies_outside(
    out: Path, summary: dict[str, Any], name: str
) -> None:
    found = summary["totals"][name]
    with closing(sqlite3.connect(out / "project" / "city.gpkg")) as connection:
        parcels = pd.read_sql_query(f"SELECT * FROM {name}_parcel", connection)
    added = [one for one in found if one in parcels and f"outside_{one}" in found]
    assert added
    for column in added:
        whole = math.fsum(parcels[column].dropna()) + found[f"outside_{column}"]
        assert whole == pytest.approx(found[column], abs=1e-3), column


def test_the_city_has_all_four_classes_of_pv_and_heat(summary: dict[str, Any]) -> None:
    totals = summary["totals"]
    energies = [
        totals["rooftop"]["pv_kwh_per_year"],
        *(totals[name][f"{name}_kwh_per_year"] for name in ("facade", "ancillary", "municipal")),
        totals["solar_thermal"]["solar_heat_kwh_per_year"],
    ]
    assert min(energies) > 1e6
    assert len(summary["sentences"]) == len(totals) == len(potentials())


# Of every source of heat: what is suitable, what is so under a condition, and what is not, each with its reason.
HEAT = {
    "shallow": ("field covers a part", "drinking water protection"),
    "groundwater": ("pumping and reinjection test missing", "groundwater ban zone"),
    "surface_water": ("water too cold in the coldest months", "water in a protected zone"),
    "deep": ("potential, not approved", "heritage protection"),
    "air_source": ("machines out of sight of heritage", "to be demolished"),
    "waste_heat": ("waste heat covers a part", "pipe too dear for its need"),
    "biomass": ("limits of particulates in town", "zone that bans polluting fuels"),
}


@pytest.mark.parametrize("name", list(HEAT))
def test_every_source_of_heat_is_suitable_conditional_and_excluded_somewhere_for_its_reason(
    out: Path, name: str
) -> None:
    with closing(sqlite3.connect(out / "project" / "city.gpkg")) as connection:
        parcels = pd.read_sql_query(f"SELECT grade, reason FROM {name}_parcel", connection)
    condition, exclusion = HEAT[name]
    assert (parcels["grade"] == "suitable").any()
    conditional = parcels.loc[parcels["grade"] == "conditional", "reason"]
    assert conditional.str.contains(condition, regex=False).any()
    out_of_question = parcels.loc[parcels["grade"].isin(["forbidden", "unsuitable"]), "reason"]
    assert out_of_question.str.contains(exclusion, regex=False).any()


def test_the_exported_layers_open_styled(out: Path) -> None:
    with closing(sqlite3.connect(out / "exports" / "青禾市.gpkg")) as connection:
        styles = dict(connection.execute("SELECT f_table_name, styleQML FROM layer_styles").fetchall())
    assert {"建筑", "地块"} <= set(styles)
    assert all(style.lstrip().startswith("<") and "renderer-v2" in style for style in styles.values())


def test_the_map_stands_alone_and_the_workbook_names_its_sources(out: Path, summary: dict[str, Any]) -> None:
    page = (out / "exports" / "青禾市.html").read_text(encoding="utf-8")
    assert "青禾市" in page
    assert re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="https?:', page) == []
    book = openpyxl.load_workbook(out / "exports" / "青禾市.xlsx", read_only=True)
    assert len(book.sheetnames) >= 3


def test_the_reports_are_pdf(out: Path, summary: dict[str, Any]) -> None:
    assert all((out / one).read_bytes().startswith(b"%PDF") for one in summary["files"]["reports"])


def test_the_figures_are_plausible_for_a_city_in_the_guanzhong_plain(summary: dict[str, Any]) -> None:
    rooftop = totals(summary)
    assert 950 < rooftop["pv_kwh_per_year"] / rooftop["pv_kwp"] < 1200  # kWh a kWp, module plane included
    assert 20 < rooftop["pv_kwp"] / summary["buildings"] < 100


def test_a_folder_that_is_not_empty_is_not_written_over(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (out / "summary.json").read_bytes()
    assert main(["demo", "--out", str(out)]) == 1
    assert "is not empty" in capsys.readouterr().err
    assert (out / "summary.json").read_bytes() == before


def test_every_table_that_the_manual_names_for_the_national_plan_is_made(out: Path) -> None:
    with (ROOT / "docs" / "manual" / "source" / "policy.csv").open(encoding="utf-8", newline="") as file:
        tokens = {one.strip() for row in csv.DictReader(file) for one in row["shown_by"].split(";")}
    named = {f"plan_{one.removeprefix('plan:')}" for one in tokens if one.startswith("plan:")}
    with closing(sqlite3.connect(out / "project" / "city.gpkg")) as connection:
        made = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert sorted(named - made) == []
