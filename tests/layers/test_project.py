"""A project keeps what was given, computed and decided, and loses nothing."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from affine import Affine
from pyproj import CRS
from shapely.geometry import box

from core.fields import FieldTitle
from core.jobs import Cancelled, Job
from core.problems import Problem, UserError
from core.texts import Phrase, speaking
from layers import contents, store
from layers.city import Raster
from layers.contents import Computed, Origin
from layers.edits import Edit
from layers.preparation import prepare
from layers.project import Project
from layers.project_copy import save_as

QINGHE = CRS.from_epsg(4545)


def buildings(count: int = 3) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"height_m": np.arange(count, dtype=float) + 10, "name": [f"{n}号楼" for n in range(count)]},
        geometry=[box(500_000 + 20 * n, 3_800_000, 500_010 + 20 * n, 3_800_010) for n in range(count)],
        crs=QINGHE,
        index=pd.Index([f"B{n}" for n in range(count)], name="building_id"),
    )


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project.create(tmp_path / "青禾市", name="青禾市", crs=QINGHE, facts={"province": "陕西"})
    origin = Origin("建筑.gpkg", "d1", contents.now())
    made.keep(contents.prepare_given(made.store, "building", buildings(), origin))
    return made


def height_edit(project: Project, row: str, height: float) -> Edit:
    before = project.table("building").loc[[row], ["height_m"]]
    after = before.assign(height_m=height)
    return Edit("Set height", "building", before, after, "measured")


def raise_height(project: Project, row: str, height: float) -> None:
    project.apply(height_edit(project, row, height))


def prepared(project: Project) -> None:
    inputs = project.inputs()
    city = contents.make_city(inputs, contents.load_given(inputs, Job()), {})
    problem = Problem("{what} is odd.", "Look at it.", rows=("B1",), what="B1")
    project.keep(contents.prepare_city(project.store, city, [problem], stamp=inputs.stamp, seconds=1.0))


def test_a_correction_is_laid_over_the_given_value_which_stays_as_it_was(project: Project) -> None:
    raise_height(project, "B1", 42.0)
    assert project.table("building")["height_m"].tolist() == [10.0, 42.0, 12.0]
    given = project.store.read_layer("given_building", "building_id")
    assert given["height_m"].tolist() == [10.0, 11.0, 12.0]


def test_undo_takes_back_and_redo_makes_again(project: Project) -> None:
    raise_height(project, "B1", 42.0)
    raise_height(project, "B1", 43.0)
    assert project.undo() == "Set height"
    assert project.table("building").loc["B1", "height_m"] == 42.0
    project.undo()
    assert project.table("building").loc["B1", "height_m"] == 11.0
    assert project.overlay().empty
    assert project.undo() is None
    project.redo()
    project.redo()
    assert project.table("building").loc["B1", "height_m"] == 43.0
    assert project.redo() is None


def test_a_new_change_after_an_undo_ends_what_could_be_redone(project: Project) -> None:
    raise_height(project, "B0", 1.0)
    project.undo()
    raise_height(project, "B0", 2.0)
    assert project.redo() is None
    assert [entry.undone for entry in project.history()] == [False]


def test_the_history_says_who_what_when_and_why(project: Project) -> None:
    raise_height(project, "B0", 1.0)
    entry = project.history()[0]
    assert (entry.label, entry.table, entry.why, entry.cells) == ("Set height", "building", "measured", 1)
    assert entry.who and entry.at.startswith("20")


def test_a_decided_table_holds_what_was_decided_and_nothing_else(project: Project) -> None:
    rows = pd.Index(["P1"], name="parcel_id")
    before = pd.DataFrame({"rooftop": [None]}, index=rows, dtype=object)
    project.apply(Edit("Decide", "choice", before, before.assign(rooftop="install")))
    assert project.table("choice")["rooftop"].to_dict() == {"P1": "install"}
    project.undo()
    assert project.table("choice").empty


def test_a_city_is_fresh_until_the_data_is_corrected(project: Project) -> None:
    assert not project.is_fresh("city")
    prepared(project)
    assert project.is_fresh("city")
    raise_height(project, "B1", 42.0)
    assert not project.is_fresh("city")
    project.undo()
    assert project.is_fresh("city")


def test_a_standard_of_the_project_makes_results_stale(project: Project) -> None:
    prepared(project)
    (project.folder / "standards" / "costs.csv").write_text("key,item,default,source\n", encoding="utf-8")
    assert not project.is_fresh("city")


def test_problems_of_the_city_are_kept_with_it(project: Project) -> None:
    prepared(project)
    again = Project(project.folder)
    assert [str(problem) for problem in again.problems] == ["B1 is odd. Look at it. (B1)"]
    assert again.city is not None
    assert again.city.tables["building"].loc["B2", "name"] == "2号楼"


def test_results_come_back_as_they_were_and_open_as_a_layer(project: Project) -> None:
    prepared(project)
    frame = pd.DataFrame(
        {"pv_kwp": [1.5, 2.5, np.nan], "allowed": [True, False, True], "reason": ["", "shade", None]},
        index=buildings().index,
    )
    raster = Raster(
        np.array([[1, np.nan]], dtype=np.float32), Affine(1, 0, 500_000, 0, -1, 3_800_000), QINGHE
    )
    result = Computed("rooftop", {"building": frame}, {"irradiation": raster}, {"totals": {"pv_kwp": 4.0}})
    project.keep(
        contents.prepare_computed(
            project.store, result, stamp=project.stamp("rooftop"), seconds=2.0, spatial={"building"}
        )
    )
    again = Project(project.folder).computed("rooftop")
    assert again is not None
    pd.testing.assert_frame_equal(again.tables["building"], frame, check_dtype=False)
    assert again.tables["building"]["allowed"].dtype == bool
    np.testing.assert_array_equal(again.rasters["irradiation"].values, raster.values)
    assert again.facts["totals"] == {"pv_kwp": 4.0}
    shown = pyogrio.read_dataframe(project.folder / "city.gpkg", layer="rooftop_building_map")
    assert shown.geometry.area.tolist() == [100.0, 100.0, 100.0]
    assert project.is_fresh("rooftop")


def test_numbers_of_which_none_is_known_come_back_as_numbers(project: Project) -> None:
    prepared(project)
    rows = pd.DataFrame(
        {"metered_kwh": [np.nan, np.nan], "kwh": [1.5, np.nan], "floors": [2, 3], "lit": [True, False]},
        index=pd.Index(["B0", "B1"], name="building_id"),
    ).assign(grade=["", None])
    result = Computed("demand", {"building": rows}, {}, {})
    project.keep(contents.prepare_computed(project.store, result, stamp="s", seconds=0.1, spatial=set()))
    read = contents.read_computed(project.store, "demand")
    assert read is not None
    assert read.tables["building"].dtypes.astype(str).tolist()[:4] == ["float64", "float64", "int64", "bool"]
    assert read.tables["building"][["metered_kwh", "floors"]].sum(min_count=1).isna().tolist() == [
        True,
        False,
    ]


@pytest.mark.parametrize("count", [0, 2])
def test_results_with_shapes_of_their_own_come_back_as_layers(project: Project, count: int) -> None:
    prepared(project)
    planes = buildings(count).rename_axis("roof_plane_id")
    result = Computed("rooftop", {"roof_plane": planes}, {}, {})
    pending = contents.prepare_computed(project.store, result, stamp="s", seconds=0.1, spatial={"building"})
    project.keep(pending)
    read = contents.read_computed(project.store, "rooftop")
    assert read is not None
    found = read.tables["roof_plane"]
    assert isinstance(found, gpd.GeoDataFrame)
    assert list(found.index) == list(planes.index)
    assert found.index.name == "roof_plane_id"
    assert found.crs == planes.crs
    assert found.geometry.area.tolist() == planes.geometry.area.tolist()


def test_edits_made_while_a_result_is_written_are_not_lost(project: Project) -> None:
    inputs = project.inputs()
    city = contents.make_city(inputs, contents.load_given(inputs, Job()), {})
    pending = contents.prepare_city(project.store, city, [], stamp=inputs.stamp, seconds=1.0)
    raise_height(project, "B1", 42.0)
    project.keep(pending)
    assert project.table("building").loc["B1", "height_m"] == 42.0
    assert not project.is_fresh("city")
    assert project.undo() == "Set height"


def test_an_edit_waits_while_another_thread_puts_a_result_in_place_and_is_not_lost(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared(project)
    pending = contents.prepare_computed(
        project.store, Computed("rooftop", {}, {}, {}), stamp="s", seconds=0.1, spatial=set()
    )
    pending = replace(pending, edit=height_edit(project, "B2", 7.0))
    slow, edited, replaced = threading.Event(), threading.Event(), Path.replace

    def on_a_slow_disk(path: Path, target: Path) -> Path:
        slow.set()
        assert not edited.wait(0.2)
        return replaced(path, target)

    monkeypatch.setattr(Path, "replace", on_a_slow_disk)
    with ThreadPoolExecutor(1) as pool:
        placed = pool.submit(project.put_in_place, pending)
        slow.wait()
        raise_height(project, "B1", 42.0)
        edited.set()
        placed.result()
    project.take_in(pending)
    assert project.table("building").loc[["B1", "B2"], "height_m"].tolist() == [42.0, 7.0]
    assert project.computed("rooftop") is not None
    assert [project.undo(), project.undo()] == ["Set height", "Set height"]


def test_nothing_is_put_in_place_of_a_closed_project(project: Project) -> None:
    before = project.store.path.read_bytes()
    pending = contents.prepare_given(project.store, "parcel", buildings(), Origin("x", "d", ""))
    project.close()
    with pytest.raises(Cancelled):
        project.put_in_place(pending)
    assert project.store.path.read_bytes() == before
    assert not list(project.folder.glob("*.new.gpkg*"))


@pytest.mark.parametrize("folder", ["增长 30%", "#1 地块?", "a%41b"])
def test_layers_are_read_from_folders_of_any_name(tmp_path: Path, folder: str) -> None:
    made = Project.create(tmp_path / folder, name="青禾市", crs=QINGHE, facts={})
    made.keep(contents.prepare_given(made.store, "building", buildings(), Origin("建筑.gpkg", "d1", "")))
    assert len(contents.read_given(made.store.path, "building")) == 3


def test_a_project_is_read_without_fail_while_changes_are_undone_and_made_again(project: Project) -> None:
    """GDAL and Python bring an SQLite each; the one does not see the locks of the other."""
    prepared(project)
    raise_height(project, "B1", 42.0)
    done = threading.Event()

    def read() -> set[tuple[int, CRS]]:
        found = []
        while not done.is_set() or len(found) < 5:
            given = contents.read_given(project.store.path, "building")
            found.append((len(given), given.crs))
        return set(found)

    with ThreadPoolExecutor(1) as threads:
        reading = threads.submit(read)
        for _ in range(25):
            project.undo()
            project.redo()
        done.set()
        assert reading.result() == {(3, QINGHE)}
    assert project.table("building").loc["B1", "height_m"] == 42.0


def test_an_edit_does_not_wait_until_a_large_project_is_copied(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While layers are written beside the project, each stretch of the copy lets an edit in between."""
    monkeypatch.setattr(store, "PAGES_AT_ONCE", 1)
    edited = []

    class Slow(sqlite3.Connection):
        def backup(self, target: sqlite3.Connection, **how: Any) -> None:
            def between(status: int, remaining: int, total: int) -> None:
                if not edited:
                    edited.append(remaining)
                    raise_height(project, "B1", 42.0)

            super().backup(target, progress=between, **how)

    connect = sqlite3.connect
    monkeypatch.setattr(
        store.sqlite3, "connect", lambda *given, **named: connect(*given, factory=Slow, **named)
    )
    pending = contents.prepare_given(project.store, "parcel", buildings(), Origin("x", "d", ""))
    assert edited[0] > 0
    project.keep(pending)
    assert project.table("building").loc["B1", "height_m"] == 42.0
    assert len(project.store.read_layer("given_parcel", "building_id")) == 3


def test_listeners_hear_which_tables_changed(project: Project) -> None:
    heard: list[tuple[str, ...]] = []
    project.listeners.append(heard.append)
    raise_height(project, "B1", 42.0)
    project.undo()
    assert heard == [("building",), ("building",)]


def test_a_killed_program_loses_no_committed_edit(project: Project) -> None:
    """The program is killed while it edits without end; every edit it reported is there afterwards."""
    project.close()
    script = (
        "import sys; from pathlib import Path\n"
        "import pandas as pd\n"
        "from layers.project import Project\n"
        "from layers.edits import Edit\n"
        "project = Project(Path(sys.argv[1]))\n"
        "number = 0\n"
        "while True:\n"
        "    before = project.table('building').loc[['B0'], ['height_m']]\n"
        "    project.apply(Edit('Set height', 'building', before, before.assign(height_m=100.0 + number)))\n"
        "    sys.stdout.write(f'{number}\\n'); sys.stdout.flush()\n"
        "    number += 1\n"
    )
    root = Path(__file__).resolve().parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(project.folder)],
        stdout=subprocess.PIPE,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        text=True,
    )
    assert process.stdout is not None
    reported = -1
    for line in process.stdout:
        reported = int(line)
        if reported >= 7:
            process.send_signal(signal.SIGKILL)
            break
    reported = max([reported, *(int(line) for line in process.stdout.read().split())])
    process.wait()
    again = Project(project.folder)
    assert len(again.history()) >= reported + 1
    assert again.table("building").loc["B0", "height_m"] >= 100.0 + reported
    again.undo()
    assert again.table("building").loc["B0", "height_m"] == 100.0 + len(again.history()) - 2


def test_a_run_killed_while_writing_leaves_the_project_as_it_was(project: Project) -> None:
    leftover = project.folder / "city.new.gpkg"
    leftover.write_bytes(b"half a file")
    before = (project.folder / "city.gpkg").read_bytes()
    project.close()
    again = Project(project.folder)
    assert not leftover.exists()
    assert (project.folder / "city.gpkg").read_bytes() == before
    assert len(again.table("building")) == 3


def test_a_full_disk_is_said_and_leaves_the_project_as_it_was(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "_write_layer", full)
    with pytest.raises(UserError, match=r"No space left on device.*Close other programs"):
        contents.prepare_given(project.store, "parcel", buildings(), Origin("x", "d", ""))
    assert list(project.sources) == ["building"]
    assert not (project.folder / "city.new.gpkg").exists()


def test_a_project_is_not_made_over_another(project: Project) -> None:
    with pytest.raises(UserError, match="already a project"):
        Project.create(project.folder, name="x", crs=QINGHE, facts={})


def test_degrees_are_refused_as_the_system_of_a_project(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not measure in metres"):
        Project.create(tmp_path / "p", name="x", crs=CRS.from_epsg(4490), facts={})


def test_a_folder_without_a_project_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no project"):
        Project(tmp_path)


def test_a_store_of_a_newer_program_is_refused(project: Project) -> None:
    project.store.set_meta("store_version", store.STORE_VERSION + 1)
    project.close()
    with pytest.raises(UserError, match="newer version"):
        Project(project.folder)


def test_an_older_store_is_brought_up_and_a_copy_of_it_kept(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.close()

    def add_table(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE lutu_later (note TEXT)")

    monkeypatch.setattr(store, "STORE_VERSION", store.STORE_VERSION + 1)
    monkeypatch.setitem(store.MIGRATIONS, store.STORE_VERSION - 1, add_table)
    again = Project(project.folder)
    assert again.store.has("lutu_later")
    assert again.store.meta("store_version") == store.STORE_VERSION
    assert (project.folder / f"city.version{store.STORE_VERSION - 1}.gpkg").is_file()


def test_save_as_makes_a_copy_that_stands_alone(project: Project, tmp_path: Path) -> None:
    save_as(project.folder, tmp_path / "copy", Job())
    copy = Project(tmp_path / "copy")
    raise_height(copy, "B0", 99.0)
    assert project.table("building").loc["B0", "height_m"] == 10.0
    assert copy.table("building").loc["B0", "height_m"] == 99.0


def test_the_project_goes_to_any_change_of_its_history_and_back(project: Project) -> None:
    heard: list[tuple[str, ...]] = []
    for height in (20.0, 30.0, 40.0):
        raise_height(project, "B1", height)
    numbers = [one.number for one in project.history()]
    project.listeners.append(heard.append)

    def height() -> float:
        return float(project.table("building").loc["B1", "height_m"])

    assert project.go_to(numbers[0]) == 2 and height() == 20.0
    assert project.last_change == numbers[0]
    assert project.go_to(0) == 1 and height() == 11.0
    assert project.go_to(numbers[1]) == 2 and height() == 30.0
    assert project.go_to(numbers[1]) == 0
    assert [one.undone for one in project.history()] == [False, False, True]
    assert heard == [("building",)] * 3
    assert project.redo() is not None and height() == 40.0


def test_a_copy_that_is_stopped_or_cannot_be_written_leaves_nothing(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project.folder / "documents" / "plan.docx").write_text("x")
    stopped = Job()
    stopped.cancel()
    with pytest.raises(Cancelled):
        save_as(project.folder, tmp_path / "stopped", stopped)
    full = OSError(28, "No space left on device")
    monkeypatch.setattr("layers.project_copy.shutil.copy2", Mock(side_effect=full))
    with pytest.raises(UserError, match="cannot be copied"):
        save_as(project.folder, tmp_path / "full", Job())
    for folder in (tmp_path / "stopped", tmp_path / "full"):
        assert not folder.exists()
    with pytest.raises(UserError, match="not empty"):
        save_as(project.folder, project.folder, Job())
    with pytest.raises(UserError, match="within the project"):
        save_as(project.folder, project.folder / "documents" / "again", Job())


def test_cells_of_rows_carry_their_corrections_and_leave_out_rows_that_are_not_there(
    project: Project,
) -> None:
    raise_height(project, "B1", 30.0)
    assert project.cells("building", ["B1", "B0", "nowhere"], "height_m").to_dict() == {
        "B1": 30.0,
        "B0": 10.0,
    }
    assert project.cells("building", ["B2"], "structural_check").to_dict() == {"B2": None}
    assert project.cells("parcel", ["P1"], "far").empty


def test_a_result_is_at_hand_as_soon_as_it_is_kept(project: Project) -> None:
    prepared(project)
    result = Computed("rooftop", {"building": pd.DataFrame(index=buildings().index)}, {}, {"totals": {}})
    project.keep(
        contents.prepare_computed(
            project.store, result, stamp=project.stamp("rooftop"), seconds=1.0, spatial=set()
        )
    )
    assert project.computed("rooftop") is result


def test_a_correction_of_a_value_that_was_a_default_holds(project: Project) -> None:
    guessed = buildings().assign(height_source=["default", "derived", "default"])
    project.keep(contents.prepare_given(project.store, "building", guessed, Origin("x", "d2", "")))
    raise_height(project, "B0", 42.0)
    assert project.table("building")["height_source"].tolist() == ["given", "derived", "default"]
    city, _ = prepare(project.inputs(), Job())
    assert city.tables["building"].loc["B0", "height_m"] == 42.0


def test_a_table_of_standards_under_another_name_is_another_table(tmp_path: Path) -> None:
    (tmp_path / "costs.csv").write_text("key,source\n")
    before = contents.digest_of_file(tmp_path)
    (tmp_path / "costs.csv").rename(tmp_path / "pv_roof.csv")
    assert contents.digest_of_file(tmp_path) != before


def test_a_project_from_elsewhere_moves_no_file_out_of_its_folder(project: Project, tmp_path: Path) -> None:
    (project.folder / "rasters" / "terrain.new.tif").write_bytes(b"x")
    moves = [["rasters/terrain.new.tif", "../elsewhere.tif"], ["../outside.txt", "rasters/inside.tif"]]
    (tmp_path / "outside.txt").write_text("mine")
    project.store.set_meta(store.MOVES, moves)
    project.close()
    Project(project.folder).close()
    assert not (tmp_path / "elsewhere.tif").exists()
    assert (tmp_path / "outside.txt").read_text() == "mine"


def test_documents_go_with_a_copy_whatever_they_are_called(project: Project, tmp_path: Path) -> None:
    (project.folder / "documents" / "plan.new.docx").write_text("x")
    save_as(project.folder, tmp_path / "copy", Job())
    copy = Project(tmp_path / "copy")
    assert (copy.folder / "documents" / "plan.new.docx").is_file()


def test_corrections_of_rows_that_a_new_file_does_not_hold_are_said(project: Project) -> None:
    raise_height(project, "B2", 42.0)
    project.keep(contents.prepare_given(project.store, "building", buildings(2), Origin("x", "d2", "")))
    _, problems = prepare(project.inputs(), Job())
    assert [problem.rows for problem in problems if "any more" in problem.message] == [("B2",)]


def test_problems_found_in_one_language_are_read_in_another(project: Project) -> None:
    inputs = project.inputs()
    city = contents.make_city(inputs, contents.load_given(inputs, Job()), {})
    with speaking("zh"):
        problem = Problem(
            "“{title}” of “{layer}”.", "", title=FieldTitle("height_m"), layer=Phrase("Buildings")
        )
        assert problem.said() == "“高度” of “建筑”."
        project.keep(contents.prepare_city(project.store, city, [problem], stamp=inputs.stamp, seconds=1.0))
    assert project.problems[0].said().strip() == "“Height” of “Buildings”."


@pytest.mark.parametrize("missing", [KeyError("uid not found"), ImportError("pwd"), OSError("no user")])
def test_a_machine_that_knows_no_user_still_keeps_history(
    project: Project, monkeypatch: pytest.MonkeyPatch, missing: Exception
) -> None:
    def nobody() -> str:
        raise missing

    monkeypatch.setattr("getpass.getuser", nobody)
    raise_height(project, "B1", 42.0)
    assert project.history()[-1].who == "?"
