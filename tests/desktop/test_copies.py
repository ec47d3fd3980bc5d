"""Copies of a project are made when it changed, stay few, and bring it back when its file is damaged."""

from __future__ import annotations

import shutil
import sqlite3
from collections import namedtuple
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from core.jobs import Cancelled, Job
from core.problems import UserError
from desktop import copies, operations
from desktop.copies import Copy
from desktop.drafts import Draft, begin_session, keep_draft
from desktop.session import Session, copies_folder
from layers import store, store_copy
from layers.store import Unreadable
from tests.desktop.conftest import Lutu

ALL = Session()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder."""
    monkeypatch.setenv("LUTU_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that goes on by five minutes each time it is looked at."""
    moments = iter(datetime(2026, 3, 15, 8, tzinfo=copies.UTC) + timedelta(minutes=5 * n) for n in range(99))

    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return next(moments)

    monkeypatch.setattr(copies, "datetime", Clock)


def edit(folder: Path, height_m: float) -> None:
    with closing(operations.open_project(folder)) as project:
        operations.correct(project, "building", ["B0"], "height_m", height_m, "")


def copied(folder: Path, session: Session = ALL) -> Copy | None:
    return operations.make_copy(folder, session, Job())


def needed(made: Copy | None) -> Copy:
    assert made is not None
    return made


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def zeroed(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def gone(path: Path) -> None:
    path.unlink()


def everything(folder: Path) -> list[Path]:
    return sorted(copies_folder().rglob("*.*"))


def test_a_copy_lies_in_the_folder_of_the_user_and_is_a_whole_project(given: Path, home: Path) -> None:
    made = needed(copied(given))
    assert made.path.is_relative_to(home / "copies")
    assert made.name == "20260315T080000Z"
    again = given.with_name("again")
    again.mkdir()
    shutil.copy(made.path, again / "city.gpkg")
    with closing(operations.open_project(given)) as one, closing(operations.open_project(again)) as other:
        assert one.table("building").equals(other.table("building"))


def test_a_copy_is_made_after_an_edit_and_none_where_nothing_changed(given: Path) -> None:
    assert copied(given) is not None
    assert copied(given) is None
    edit(given, 42.0)
    assert copied(given) is not None
    assert copied(given) is None
    assert len(operations.copies_of(given)) == 2


def test_undoing_and_making_again_is_a_change_each(given: Path) -> None:
    edit(given, 42.0)
    copied(given)
    for change in ("undo", "redo"):
        with closing(operations.open_project(given)) as project:
            getattr(project, change)()
        assert copied(given) is not None, change


def test_opening_a_window_and_a_half_drawn_shape_are_no_change(given: Path) -> None:
    copied(given)
    with closing(operations.open_project(given)) as project:
        begin_session(project)
        keep_draft(project, Draft("parcel", "draw", ((1.0, 2.0),)))
        assert copied(given) is None


def test_a_project_is_copied_while_it_is_open_and_edited(given: Path) -> None:
    with closing(operations.open_project(given)) as project:
        operations.correct(project, "building", ["B0"], "height_m", 42.0, "")
        made = needed(copied(given))
        operations.correct(project, "building", ["B0"], "height_m", 43.0, "")
    with closing(sqlite3.connect(made.path)) as connection:
        assert connection.execute("SELECT value FROM lutu_overlay WHERE field = 'height_m'").fetchall() == [
            ("42.0",)
        ]


def test_of_one_project_the_oldest_copies_go(given: Path) -> None:
    made = []
    for height_m in (10.0, 20.0, 30.0, 40.0):
        edit(given, height_m)
        made.append(needed(copied(given, Session(copies_kept=2))))
    assert operations.copies_of(given) == [made[3], made[2]]


def test_copies_of_all_projects_never_take_more_than_their_room(given: Path) -> None:
    size = (given / "city.gpkg").stat().st_size
    other = Path(shutil.copytree(given, given.with_name("其他"), ignore=shutil.ignore_patterns("city.lock")))
    session = Session(copies_gb=2.5 * size / copies.GB)
    first = needed(copied(other, session))
    for height_m in (10.0, 20.0, 30.0):
        edit(given, height_m)
        assert copied(given, session) is not None
        assert sum(path.stat().st_size for path in everything(given)) <= 2.5 * size
    assert not first.path.exists()
    assert len(operations.copies_of(given)) == 2


def test_a_project_too_large_for_the_room_is_said_and_keeps_the_copy_it_has(given: Path) -> None:
    before = needed(copied(given))
    edit(given, 42.0)
    with pytest.raises(UserError, match=r"all copies together may take .* --room"):
        copied(given, Session(copies_gb=1.5 * (given / "city.gpkg").stat().st_size / copies.GB))
    assert operations.copies_of(given) == [before]


def test_a_full_disk_is_said_before_anything_is_written(given: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(copies.shutil, "disk_usage", lambda _: usage(10**9, 10**9, 1000))
    with pytest.raises(UserError, match="No copy of the project was kept"):
        copied(given)
    assert everything(given) == []


def test_a_disk_that_fills_up_while_a_copy_is_written_leaves_no_half_file(
    given: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = needed(copied(given))
    edit(given, 42.0)

    def small(path: Path) -> sqlite3.Connection:
        connection = store.open_file(path)
        if path.suffix == ".new":
            connection.execute("PRAGMA max_page_count = 5")  # a disk of five pages
        return connection

    monkeypatch.setattr(store_copy, "open_file", small)
    with pytest.raises(UserError, match=r"database or disk is full.*Free some space"):
        copied(given)
    assert everything(given) == [before.path]


def test_a_copy_that_is_stopped_leaves_nothing(given: Path) -> None:
    job = Job()
    job.cancel()
    with pytest.raises(Cancelled):
        operations.make_copy(given, ALL, job)
    assert everything(given) == []


def test_a_damaged_project_never_takes_the_place_of_its_sound_copy(given: Path) -> None:
    before = needed(copied(given, Session(copies_kept=1)))
    edit(given, 42.0)
    whole = bytearray((given / "city.gpkg").read_bytes())
    whole[20 * 4096 : 60 * 4096] = bytes(40 * 4096)  # pages of layers, which a start does not read
    (given / "city.gpkg").write_bytes(whole)
    with pytest.raises(Unreadable, match="is damaged"):
        copied(given, Session(copies_kept=1))
    assert everything(given) == [before.path]


@pytest.mark.parametrize("damage", [cut_off, zeroed, emptied, gone])
def test_a_damaged_project_comes_back_with_the_same_arrays(
    given: Path, lutu: Lutu, damage: Callable[[Path], None]
) -> None:
    edit(given, 42.0)
    with closing(operations.open_project(given)) as project:
        before = {name: project.table(name) for name in ("building", "parcel")}
        history = project.history()
    copied(given)
    damage(given / "city.gpkg")
    answer = lutu("--language", "en", "check", given)
    assert answer.code == 1
    assert "A copy of 2026-03-15" in answer.err
    assert "--restore" in answer.err
    assert lutu("copies", given, "--restore").code == 0
    with closing(operations.open_project(given)) as project:
        for name, table in before.items():
            now = project.table(name)
            assert now.drop(columns="geometry").equals(table.drop(columns="geometry"))
            assert np.array_equal(now.geometry.to_wkb(), table.geometry.to_wkb())
        assert project.history() == history


def test_the_damaged_file_is_kept_beside_with_the_journal_that_belongs_to_it(given: Path) -> None:
    made = needed(copied(given))
    cut_off(given / "city.gpkg")
    damaged = (given / "city.gpkg").read_bytes()
    (given / "city.gpkg-journal").write_bytes(b"of the damaged file")
    aside = operations.restore_copy(given, made)
    assert aside.read_bytes() == damaged
    assert aside.with_name(f"{aside.name}-journal").read_bytes() == b"of the damaged file"
    assert not (given / "city.gpkg-journal").exists()


def test_a_copy_that_cannot_be_put_back_leaves_everything_as_it_was(
    given: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = needed(copied(given))
    cut_off(given / "city.gpkg")
    before = {path.name: path.read_bytes() for path in given.glob("city*") if path.is_file()}

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(copies.os, "fsync", full)
    with pytest.raises(UserError, match="No space left on device"):
        operations.restore_copy(given, made)
    assert {path.name: path.read_bytes() for path in given.glob("city*") if path.is_file()} == before


def test_an_earlier_copy_can_be_put_back_by_its_name(given: Path, lutu: Lutu) -> None:
    first = needed(copied(given))
    edit(given, 42.0)
    copied(given)
    assert lutu("copies", given, "--restore", "--copy", first.name).code == 0
    with closing(operations.open_project(given)) as project:
        assert project.history() == []


def test_no_crash_is_seen_in_a_project_that_was_put_back(given: Path) -> None:
    with closing(operations.open_project(given)) as project:
        begin_session(project)
        operations.correct(project, "building", ["B0"], "height_m", 42.0, "")
        made = needed(copied(given))
    operations.restore_copy(given, made)
    with closing(operations.open_project(given)) as project:
        assert begin_session(project) is None


def test_a_project_without_copies_is_refused_as_before(given: Path, lutu: Lutu) -> None:
    cut_off(given / "city.gpkg")
    answer = lutu("--language", "en", "check", given)
    assert answer.code == 1
    assert "is damaged" in answer.err
    assert "A copy of" not in answer.err
    answer = lutu("--language", "en", "copies", given, "--restore")
    assert answer.code == 1
    assert "No copy of" in answer.err


def test_the_command_lists_and_makes_copies_and_sets_how_many_are_kept(given: Path, lutu: Lutu) -> None:
    answer = lutu("copies", given, "--make", "--keep", "3", "--every", "10", "--room", "8", "--json")
    assert answer.json["made"] == answer.json["copies"][0]
    said = lutu("--language", "en", "copies", given, "--make").out
    assert "Nothing changed since the last copy." in said
    assert "Every 10 minutes, at most 3 of a project and 8 GB in all" in said
