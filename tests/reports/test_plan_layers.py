"""Plan layers: what other GIS and CAD programs read back is what the plan says."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import ezdxf
import geopandas as gpd
import pandas as pd
import pytest

from core.fields import fields
from core.jobs import Cancelled, Job
from core.problems import UserError
from layers.export_dxf import attached_values
from plans import Part
from reports.plan_layers import FORMATS, by_parcel, plan_layers, write_plan_layers
from tests.reports.small_plan import assessments, city, plan

PV_KW = {"QH-0001": 80.0, "QH-0002": 170.0, "QH-0004": 0.0}


def written(folder: Path, *formats: str, language: str = "en") -> list[Path]:
    files, _ = write_plan_layers(city(), assessments(), plan(), folder, formats, language=language)
    return files


def test_choices_of_a_parcel_add_up_by_family():
    found = by_parcel(plan().tables["choice"])
    assert found["plan_pv_kw"].to_dict() == PV_KW
    assert found.loc["QH-0001", "plan_capex_yuan"] == 1_220_000
    assert found["plan_leading_family"].to_dict() == {
        "QH-0001": "shallow_ground",
        "QH-0002": "pv",
        "QH-0004": "air",
    }
    assert found["plan_first_year"].to_dict() == {"QH-0001": 2026, "QH-0002": 2026, "QH-0004": 2028}
    assert set(found.columns) <= set(fields())


def test_a_geopackage_holds_every_table_of_the_plan_with_its_numbers(tmp_path):
    (file,) = written(tmp_path, "gpkg")
    choice = gpd.read_file(file, layer="Choices").set_index("choice_id")
    pd.testing.assert_series_equal(choice["planned_kw"], plan().tables["choice"]["planned_kw"])
    grade = gpd.read_file(file, layer="Green building grades").set_index("parcel_id")
    assert grade["green_grade"].to_dict() == plan().tables["grade"]["green_grade"].to_dict()
    assert gpd.read_file(file, layer="Programme by year")["capex_yuan"].sum() == 3_430_000
    unit = gpd.read_file(file, layer="Control indicators of units")
    assert unit.geometry.area.tolist() == pytest.approx([360 * 140] * 2)


def test_choices_stand_as_points_in_their_parcels(tmp_path):
    (file,) = written(tmp_path, "gpkg")
    choice = gpd.read_file(file, layer="Choices")
    shapes = city().tables["parcel"].geometry.reindex(choice["parcel_id"])
    assert shapes.reset_index(drop=True).contains(choice.geometry).all()


def test_a_geopackage_opens_styled_by_grade_and_technology(tmp_path):
    (file,) = written(tmp_path, "gpkg", language="zh")
    with sqlite3.connect(file) as store:
        styles = dict(store.execute("SELECT f_table_name, styleQML FROM layer_styles").fetchall())
    assert 'label="三星级"' in styles["绿色建筑等级"]
    assert 'label="太阳能光伏"' in styles["技术分配"]
    assert "LinePatternFill" in styles["禁限采与保护区"]


def test_shapefiles_and_geojson_read_back_to_the_same_sums(tmp_path):
    files = written(tmp_path, "shp", "geojson")
    (shape,) = [file for file in files if file.suffix == ".shp" and file.stem.endswith("Choices by parcel")]
    assert gpd.read_file(shape)["PL_PV_KW"].sum() == 250
    (web,) = [file for file in files if file.suffix == ".geojson" and file.stem.endswith("Choices by parcel")]
    frame = gpd.read_file(web)
    assert frame["plan_pv_kw"].sum() == 250
    assert frame.crs.to_epsg() == 4326


def test_a_drawing_holds_grades_on_layers_and_numbers_at_the_parcels(tmp_path):
    (file,) = written(tmp_path, "dxf", language="zh")
    space = ezdxf.readfile(file).modelspace()
    found = [attached_values(one) for one in space.query('LWPOLYLINE[layer ? "地块技术汇总.*"]')]
    assert {one["parcel_id"]: one["plan_pv_kw"] for one in found if one} == PV_KW
    assert len(space.query('LWPOLYLINE[layer=="绿色建筑等级_二星级"]')) == 2
    assert {one.dxf.text for one in space.query('TEXT[layer=="绿色建筑等级_注记"]')} >= {"QH-0001"}


def test_what_potentials_found_comes_with_their_grade(tmp_path):
    layers = {layer.name: layer for layer in plan_layers(city(), assessments(), Part())}
    frame = layers["potential_rooftop"].frame
    assert frame["pv_kwp"].sum() == 1000
    assert frame["rooftop_grade"].tolist()[4] == "forbidden"
    assert layers["potential_rooftop"].style is not None


def test_all_files_take_their_places_together_or_none_does(tmp_path, monkeypatch):
    (before,) = written(tmp_path, "gpkg")
    old = before.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("reports.plan_layers.write_dxf", full)
    with pytest.raises(UserError, match="no room left"):
        written(tmp_path, "gpkg", "dxf")
    assert before.read_bytes() == old
    assert [path.name for path in tmp_path.iterdir()] == [before.name]


def test_a_stopped_job_leaves_nothing(tmp_path):
    job = Job()
    job.cancel()
    with pytest.raises(Cancelled):
        write_plan_layers(city(), assessments(), plan(), tmp_path, FORMATS, job=job)
    assert not [path for path in tmp_path.iterdir() if not path.name.startswith(".")]


def test_only_one_format_takes_only_its_own_place(tmp_path):
    written(tmp_path, "gpkg")
    written(tmp_path, "dxf")
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".dxf", ".gpkg"]


def test_an_unknown_format_is_refused(tmp_path):
    with pytest.raises(UserError, match="dwg is not a format"):
        written(tmp_path, "dwg")
