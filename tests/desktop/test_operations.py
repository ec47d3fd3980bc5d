"""Long work leaves a project as it was unless it comes to its end, however it is ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core import texts
from core.jobs import Cancelled, Job, Progress
from core.problems import UserError
from desktop import operations
from desktop.data_in import TableImport
from layers import contents
from layers.project import Project
from tests.desktop.conftest import Lutu, buildings, write

ROOT = Path(__file__).resolve().parents[2]


def state(folder: Path) -> dict[str, Any]:
    """Everything of a project that a stopped command must not have changed."""
    project = operations.open_project(folder)
    try:
        made = operations.assessment(project, "rooftop")
        return {
            "sources": {name: origin.digest for name, origin in project.sources.items()},
            "history": project.history(),
            "totals": dict(made.totals) if made else None,
            "heights": project.table("building")["height_m"].tolist(),
            "fresh": [project.is_fresh(name) for name in (contents.CITY, "rooftop")],
            "files": sorted(str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file()),
        }
    finally:
        project.close()


def started(*words: object) -> subprocess.Popen[str]:
    """A command in a process of its own."""
    code = "import sys; from desktop.cli import main; sys.exit(main(sys.argv[1:]))"
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, words)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(happened: Callable[[], bool], process: subprocess.Popen[str]) -> bool:
    """Wait until something happened; False if the process ended before."""
    end = time.monotonic() + 60
    while not happened():
        if process.poll() is not None or time.monotonic() > end:
            return False
        time.sleep(0.002)
    return True


def stopping_at(step: str) -> Job:
    """A job that is asked to stop when it comes to a step."""

    def report(progress: Progress) -> None:
        if progress.step == step:
            job.cancel()

    job = Job(report, interval_s=0.0)
    return job


@pytest.mark.parametrize(
    "step", ["Building the surface", "Finding roofs", "Computing yields", "Writing to the project"]
)
def test_an_assessment_stopped_at_any_step_leaves_the_project_as_it_was(
    step: str, ready: Path, lutu: Lutu
) -> None:
    lutu("check", ready)
    before = state(ready)
    project = operations.open_project(ready)
    with pytest.raises(Cancelled):
        work = operations.assess(project, "rooftop", {"cell_m": 2.0})
        operations.carry_out(project, work, stopping_at(step))
    project.close()
    assert state(ready) == before


def test_an_import_stopped_before_its_end_leaves_the_project_as_it_was(given: Path, files: Path) -> None:
    before = state(given)
    project = operations.open_project(given)
    work = operations.add_table(project, TableImport(files / "city.gpkg", "building", "建筑"))
    with pytest.raises(Cancelled):
        operations.carry_out(project, work, stopping_at("Writing to the project"))
    project.close()
    assert state(given) == before


def test_work_stopped_when_it_was_all_but_kept_is_not_kept(given: Path) -> None:
    project = operations.open_project(given)
    job = Job()

    def work(inner: Job) -> contents.Pending:
        pending = operations.check(project)(inner)
        inner.cancel()
        return pending

    with pytest.raises(Cancelled):
        operations.carry_out(project, work, job)
    assert not operations.is_checked(project)
    assert list(given.glob("*.new.*")) == []
    project.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for another process")
def test_ctrl_c_during_an_assessment_ends_with_130_and_keeps_nothing(ready: Path, lutu: Lutu) -> None:
    assert lutu("assess", ready, "rooftop", "--set", "cell_m=2").code == 0
    before = state(ready)
    lock = ready / "city.lock"
    lock.unlink(missing_ok=True)
    process = started(
        "assess", ready, "rooftop", "--set", "cell_m=0.2", "--set", "azimuths=720", "--set", "bands=180"
    )
    assert wait_for(lock.exists, process)  # the project is open and the work begins
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Stopped." in err and "Traceback" not in err
    assert state(ready) == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("what", ["add", "assess"])
def test_a_command_killed_while_it_writes_leaves_a_project_that_opens_as_it_was(
    what: str, ready: Path, lutu: Lutu, tmp_path: Path
) -> None:
    lutu("set", ready, "building", "height_m", "24", "B0", "--why", "实测")
    assert lutu("assess", ready, "rooftop", "--set", "cell_m=2").code == 0
    before = state(ready)
    many = write(buildings(3_000), tmp_path / "many.gpkg")
    words = (
        ("add", ready, "building", many)
        if what == "add"
        else ("assess", ready, "rooftop", "--set", "cell_m=1")
    )
    process = started(*words)
    there = wait_for((ready / "city.new.gpkg").exists, process)
    process.kill()
    process.communicate()
    after = state(ready)
    if there and process.returncode == -signal.SIGKILL:
        assert after == before
    assert lutu("check", ready).code == 0


def test_a_crash_between_the_store_and_its_rasters_is_finished_at_the_next_start(
    ready: Path, lutu: Lutu, monkeypatch: pytest.MonkeyPatch
) -> None:
    lutu("check", ready)
    project = operations.open_project(ready)
    operations.set_settings(project, "rooftop", {"cell_m": 2.0})
    pending = operations.assess(project, "rooftop")(Job())
    with monkeypatch.context() as patched:
        patched.setattr("layers.store.Store._finish", killed)
        with pytest.raises(KeyboardInterrupt):
            project.keep(pending)
    project.close()
    assert list((ready / "rasters").glob("*.new.tif"))
    again = operations.open_project(ready)
    made = operations.assessment(again, "rooftop")
    assert made is not None and "irradiation_kwh_per_m2" in made.rasters
    assert not list((ready / "rasters").glob("*.new.tif"))
    again.close()


def killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_project_open_in_another_program_is_refused_until_it_is_closed(ready: Path, lutu: Lutu) -> None:
    code = (
        "import sys; from pathlib import Path; from layers.project import Project\n"
        "project = Project(Path(sys.argv[1])); print('open', flush=True); sys.stdin.read()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(ready)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    answer = lutu("check", ready)
    assert answer.code == 1
    assert "open in another window or command" in answer.err
    process.kill()
    process.communicate()
    assert lutu("check", ready).code == 0


def test_one_program_may_open_a_project_twice(ready: Path) -> None:
    first, second = Project(ready), Project(ready)
    second.close()
    assert first.name == Project(ready).name


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="an administrator may write anywhere"
)
def test_a_folder_that_may_not_be_written_can_be_read(ready: Path, lutu: Lutu) -> None:
    assert lutu("assess", ready, "rooftop", "--set", "cell_m=2").code == 0
    ready.chmod(0o500)
    try:
        assert lutu("export", ready, "--as", "csv", "--out", ready.parent / "out").code == 0
        assert lutu("check", ready).code == 1
    finally:
        ready.chmod(0o700)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("layers.store._write_layer", ("add", "{project}", "building", "{file}", "--layer", "建筑")),
        ("layers.contents.write_geotiff", ("assess", "{project}", "rooftop", "--set", "cell_m=2")),
        ("layers.store._write_layer", ("check", "{project}")),
    ],
)
def test_a_full_disk_is_said_and_leaves_the_project_as_it_was(
    place: str, words: tuple[str, ...], ready: Path, files: Path, lutu: Lutu, monkeypatch: pytest.MonkeyPatch
) -> None:
    if words[0] == "assess":
        lutu("check", ready)
    before = state(ready)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(place, full)
        answer = lutu(*(word.format(project=ready, file=files / "city.gpkg") for word in words))
    assert answer.code == 1
    assert "No space left on device" in answer.err
    assert state(ready) == before


def test_a_project_folder_holds_nothing_half_written_after_the_whole_way(ready: Path, lutu: Lutu) -> None:
    lutu("assess", ready, "rooftop", "--set", "cell_m=2")
    assert [one for one in ready.rglob("*") if ".new." in one.name] == []


# Corrections


def test_a_correction_names_rows_tables_and_columns_that_are_not_there(given: Path) -> None:
    project = operations.open_project(given)
    with pytest.raises(UserError, match=r"\(B7, B8\)"):
        operations.correct(project, "building", ["B0", "B7", "B8"], "height_m", 9.0)
    assert project.history() == []
    with pytest.raises(UserError, match="no table house"):
        operations.correctable(project, "house", "height_m")
    with pytest.raises(UserError, match="Did you mean one of these: height_m"):
        operations.correctable(project, "building", "hieght_m")
    project.close()


def test_a_piece_of_a_building_is_corrected_as_the_building(given: Path) -> None:
    project = operations.open_project(given)
    operations.correct(project, "building", ["B0#1", "B0#2"], "height_m", 9.0)
    assert project.table("building").loc["B0", "height_m"] == 9.0
    assert project.history()[-1].cells == 1
    project.close()


def test_history_says_which_value_became_which(given: Path) -> None:
    project = operations.open_project(given)
    operations.correct(project, "building", ["B1"], "height_m", 22.5, "measured")
    operations.correct(project, "building", ["B1"], "year_built", 1998)
    operations.correct(project, "building", ["B1"], "structural_check", "failed")
    operations.correct(project, "building", ["B0", "B2"], "height_m", 9.0)
    assert [entry.label for entry in project.history()] == [
        "B1: Height 15 → 22.5 m",
        "B1: Year built 2005 → 1998",
        "B1: Structural check — → Failed",
        "Height: 2 rows",
    ]
    with texts.speaking("zh"):
        assert project.history()[0].label == "B1：高度 15 → 22.5 m"
        assert project.history()[3].label == "高度：2 行"
    project.close()


def test_settings_are_kept_with_the_result_they_led_to(ready: Path, lutu: Lutu) -> None:
    lutu("check", ready)
    project = operations.open_project(ready)
    rooftop = operations.potential_named("rooftop")
    operations.carry_out(project, operations.assess(project, "rooftop", {"cell_m": 2.0}), Job())
    assert project.is_fresh("rooftop")
    assert operations.settings_of(project, rooftop).cell_m == 2.0
    assert [entry.label for entry in project.history()] == ["Set how rooftop is assessed"]
    project.undo()
    assert not project.is_fresh("rooftop")
    assert operations.settings_of(project, rooftop).cell_m == 1.0
    project.close()


def test_a_rule_for_roofs_is_set_for_all_who_share_them_and_undone_at_once(ready: Path) -> None:
    project = operations.open_project(ready)
    sharing = [
        operations.potential_named(name) for name in ("rooftop", "ancillary", "municipal", "solar_thermal")
    ]

    def rules() -> list[str]:
        return [operations.settings_of(project, one).roof_rule for one in sharing]

    operations.set_settings(project, "rooftop", {"roof_rule": "value", "cell_m": 2.0})
    assert rules() == ["value"] * 4
    assert [operations.settings_of(project, one).cell_m for one in sharing] == [2.0, 1.0, 1.0, 1.0]
    operations.set_settings(project, "solar_thermal", {"roof_rule": "power_only"})
    assert rules() == ["power_only"] * 4
    project.undo()
    assert rules() == ["value"] * 4
    project.undo()
    assert rules() == ["hot_water_first"] * 4
    project.close()


def test_the_place_of_a_project_is_that_of_its_city_until_it_holds_data(empty: Path, files: Path) -> None:
    project = operations.open_project(empty)
    city = operations.centre_of(project)
    assert city == pytest.approx((108.9, 34.3), abs=0.3)
    work = operations.add_table(project, TableImport(files / "city.gpkg", "building", "建筑"))
    operations.carry_out(project, work, Job())
    assert operations.centre_of(project) == pytest.approx((108.0, 34.32), abs=0.05)
    project.close()
