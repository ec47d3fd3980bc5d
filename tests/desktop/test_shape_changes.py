"""Parcels and zones are drawn, split, merged, reshaped and deleted as edits that are undone bit for bit."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import Polygon, box

from core.jobs import Job
from core.problems import UserError
from desktop import operations
from desktop.data_in import TableImport
from desktop.shape_changes import values_of
from layers.given_shapes import changed_shapes, given_shapes, shapes_near, shapes_now
from layers.project import Project

WEST, SOUTH = 500_000.0, 3_800_000.0
THROUGH = [(WEST + 45, SOUTH - 10), (WEST + 45, SOUTH + 70)]  # parts P0 in the middle


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of three parcels side by side with two houses each, which name their parcel."""
    folder = tmp_path_factory.mktemp("files")
    west = WEST + 10 + 45.0 * np.arange(6)
    blocks = gpd.GeoDataFrame(
        {
            "楼栋编号": [f"B{n}" for n in range(6)],
            "地块编号": [f"P{n // 2}" for n in range(6)],
            "高度": 15.0,
            "用途": "住宅",
        },
        geometry=[box(x, SOUTH + 20, x + 20, SOUTH + 32) for x in west],
        crs=4545,
    )
    plots = gpd.GeoDataFrame(
        {
            "地块编号": [f"P{n}" for n in range(3)],
            "用地代码": "070102",
            "用地面积": 5_400.0,
            "户数": 41,
            "容积率": 1.5,
        },
        geometry=[box(WEST + 90 * n, SOUTH, WEST + 90 * (n + 1), SOUTH + 60) for n in range(3)],
        crs=4545,
    )
    blocks.to_file(folder / "city.gpkg", layer="建筑")
    plots.to_file(folder / "city.gpkg", layer="地块")
    with closing(operations.new_project(folder / "项目", name="小城", city="西安")) as made:
        for table, layer in (("building", "建筑"), ("parcel", "地块")):
            wanted = TableImport(folder / "city.gpkg", table, layer)
            operations.carry_out(made, operations.add_table(made, wanted), Job())
    return folder / "项目"


@pytest.fixture
def project(template: Path, tmp_path: Path) -> Iterator[Project]:
    with closing(Project(Path(shutil.copytree(template, tmp_path / "项目")))) as made:
        yield made


def checked(project: Project):
    operations.carry_out(project, operations.check(project), Job())
    assert project.city is not None
    return project.city


def test_a_split_shares_out_the_ground_and_copies_the_rest(project):
    assert operations.split_shapes(project, "parcel", ["P0"], THROUGH) == ["P0-2"]
    first, second = values_of(project, "parcel", "P0"), values_of(project, "parcel", "P0-2")
    assert first["plot_area_m2"] == second["plot_area_m2"] == 2_700.0
    assert sorted([first["households"], second["households"]]) == [20, 21]
    assert first["far"] == second["far"] == 1.5


def test_buildings_of_a_split_parcel_belong_to_the_piece_they_stand_on(project):
    operations.split_shapes(project, "parcel", ["P0"], THROUGH)
    buildings = checked(project).tables["building"]
    assert set(buildings.loc[["B0", "B1"], "parcel_id"]) == {"P0", "P0-2"}
    assert buildings.loc["B2", "parcel_id"] == "P1"


def test_merged_parcels_add_up_and_take_the_buildings_along(project):
    kept = operations.merge_shapes(project, "parcel", ["P0", "P1"], why="同一权属")
    city = checked(project)
    assert list(city.tables["parcel"].index) == [kept, "P2"]
    assert city.tables["parcel"].loc[kept, "plot_area_m2"] == 10_800.0
    assert values_of(project, "parcel", kept)["households"] == 82
    assert (city.tables["building"].loc[["B0", "B1", "B2", "B3"], "parcel_id"] == kept).all()


def test_every_change_is_undone_and_made_again_bit_for_bit(project):
    before = project.overlay()
    operations.split_shapes(project, "parcel", ["P0"], THROUGH)
    operations.merge_shapes(project, "parcel", ["P1", "P2"])
    operations.reshape(project, "parcel", {"P0": box(WEST, SOUTH, WEST + 40.123456789, SOUTH + 60)})
    operations.draw_shape(
        project, "protection_zone", box(WEST, SOUTH, WEST + 9, SOUTH + 9), {"kind": "ecology"}
    )
    operations.remove_shapes(project, "parcel", ["P0-2"])
    after = project.overlay()
    for _ in range(5):
        assert project.undo()
    assert project.overlay().equals(before)
    for _ in range(5):
        assert project.redo()
    assert project.overlay().equals(after)


def test_given_shapes_stay_as_they_were_and_are_there_to_compare_with(project):
    given = given_shapes(project.store, "parcel", ["P0"])["P0"]
    operations.reshape(project, "parcel", {"P0": box(WEST, SOUTH, WEST + 80, SOUTH + 60)})
    assert given_shapes(project.store, "parcel", ["P0"])["P0"].equals(given)
    assert shapes_now(project.store, "parcel", ["P0"])["P0"].area == pytest.approx(4_800)
    assert changed_shapes(project.store, "parcel").rows == {"P0"}


def test_the_stated_area_follows_a_reshaped_parcel(project):
    operations.reshape(project, "parcel", {"P0": box(WEST, SOUTH, WEST + 45, SOUTH + 60)})
    assert checked(project).tables["parcel"].loc["P0", "plot_area_m2"] == 2_700.0


def test_the_first_zone_is_drawn_where_the_project_has_no_zones(project):
    checked(project)
    row = operations.draw_shape(
        project,
        "protection_zone",
        box(WEST, SOUTH, WEST + 50, SOUTH + 50),
        {"kind": "archaeology", "name": "遗址"},
    )
    assert project.city is not None and "protection_zone" not in project.city.tables
    zones = checked(project).tables["protection_zone"]
    assert list(zones.index) == [row] and zones.loc[row, "kind"] == "archaeology"
    folder = project.folder
    project.close()
    again = operations.open_project(folder)
    assert "protection_zone" in again.city.tables
    again.close()


def test_a_drawn_parcel_is_a_row_like_any_other(project):
    shape = box(WEST + 270, SOUTH, WEST + 300, SOUTH + 60)
    row = operations.draw_shape(project, "parcel", shape, {"land_use_code": "0902"})
    operations.correct(project, "parcel", [row], "height_limit_m", 24.0, "控规")
    parcel = checked(project).tables["parcel"].loc[row]
    assert parcel["plot_area_m2"] == 1_800.0 and parcel["height_limit_m"] == 24.0
    assert row in shapes_near(project.store, "parcel", shape.bounds)


def test_a_deleted_parcel_is_gone_and_no_correction_is_called_lost(project):
    operations.correct(project, "parcel", ["P2"], "far", 2.0)
    operations.remove_shapes(project, "parcel", ["P2"], "已并入道路")
    assert "P2" not in checked(project).tables["parcel"].index
    assert not [problem for problem in project.problems if "Corrections of" in problem.message]


def test_results_go_stale_with_a_shape(project):
    checked(project)
    assert operations.is_checked(project)
    operations.reshape(project, "parcel", {"P0": box(WEST, SOUTH, WEST + 45, SOUTH + 60)})
    assert not operations.is_checked(project)
    project.undo()
    assert operations.is_checked(project)


def test_an_overlap_with_a_neighbour_is_said_with_its_area(project):
    assert operations.doubts_about(project, "parcel", ["P0"]) == []
    operations.reshape(project, "parcel", {"P0": box(WEST, SOUTH, WEST + 100, SOUTH + 60)})
    (doubt,) = operations.doubts_about(project, "parcel", ["P0"])
    assert doubt.rows == ("P0", "P1") and doubt.values["area"].startswith("600")


def test_an_outline_that_crosses_itself_is_refused_and_nothing_is_written(project):
    bow_tie = Polygon([(WEST, SOUTH), (WEST + 50, SOUTH + 50), (WEST + 50, SOUTH), (WEST, SOUTH + 50)])
    for change in (
        lambda: operations.draw_shape(project, "parcel", bow_tie, {}),
        lambda: operations.reshape(project, "parcel", {"P0": bow_tie}),
    ):
        with pytest.raises(UserError, match="crosses"):
            change()
    assert not project.history()


@pytest.mark.parametrize(
    "change",
    [
        lambda project: operations.split_shapes(project, "parcel", ["P0"], [(0, 0), (1, 1)]),
        lambda project: operations.split_shapes(project, "parcel", ["P0", "P9"], THROUGH),
        lambda project: operations.merge_shapes(project, "parcel", ["P0", "P2"]),
        lambda project: operations.merge_shapes(project, "parcel", ["P0", "P0"]),
        lambda project: operations.remove_shapes(project, "parcel", ["P9"]),
        lambda project: operations.remove_shapes(project, "building", ["B0"]),
    ],
)
def test_what_cannot_be_done_is_refused_whole(project, change):
    with pytest.raises(UserError):
        change(project)
    assert project.overlay().empty


def test_pieces_of_pieces_get_ids_of_their_own(project):
    operations.split_shapes(project, "parcel", ["P0"], THROUGH)
    across = [(WEST - 10, SOUTH + 20), (WEST + 100, SOUTH + 20)]
    assert operations.split_shapes(project, "parcel", ["P0", "P0-2"], across) == ["P0-3", "P0-2-2"]


def test_the_command_line_draws_splits_merges_and_deletes(project, lutu):
    folder = project.folder
    project.close()
    line = f"{WEST + 50},{SOUTH - 10} {WEST + 50},{SOUTH + 70}"
    answer = lutu("split", folder, "parcel", "P0", "--line", line, "--why", "规划道路", "--json")
    assert answer.code == 0 and answer.json["rows"] == ["P0-2"]
    assert lutu("merge", folder, "parcel", "P0-2", "P1", "--json").json["rows"] == ["P1"]
    assert lutu("delete", folder, "parcel", "P0", "--json").code == 0
    outline = f"{WEST},{SOUTH} {WEST + 30},{SOUTH} {WEST + 30},{SOUTH + 60} {WEST},{SOUTH + 60}"
    drawn = lutu("draw", folder, "parcel", "--outline", outline, "--set", "land_use_code=0902", "--json")
    assert drawn.json["rows"] == ["N-001"] and drawn.json["doubts"] == []
    again = operations.open_project(folder)
    assert len(again.history()) == 4 and again.history()[0].why == "规划道路"
    again.close()


@pytest.mark.parametrize("words", ["1,2 3", "a,b", "1,2 3,4"])
def test_places_that_cannot_be_read_and_lines_that_miss_end_with_a_problem(project, lutu, words):
    folder = project.folder
    project.close()
    assert lutu("split", folder, "parcel", "P0", "--line", words).code == 1


def test_shapes_are_looked_up_by_indexes_and_not_by_reading_the_whole_table(project):
    query = "EXPLAIN QUERY PLAN SELECT geom FROM given_parcel WHERE parcel_id IN ('P0', 'P1')"
    assert all(
        "USING INDEX" in row["detail"] for row in project.store.rows(query) if "given_parcel" in row["detail"]
    )
    near = shapes_near(project.store, "parcel", (WEST + 100, SOUTH, WEST + 110, SOUTH + 10))
    assert list(near) == ["P1"]
