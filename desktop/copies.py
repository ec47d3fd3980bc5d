"""Timed copies: a project's file as it was some minutes ago, kept in the user's folder, and put back when it is damaged."""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from core.jobs import Job
from core.problems import Problem, Severity, UserError
from core.units import quantity
from desktop.drafts import DRAFT, SESSION, end_session
from desktop.session import Session, copies_folder
from layers import lock
from layers.project import Project
from layers.store import Unreadable
from layers.store_copy import state_of, write_copy

STORE = "city.gpkg"
NEW = "city.new.gpkg"  # removed at the next opening where a restoring was cut short
NAMED = "%Y%m%dT%H%M%SZ"  # in world time: it never runs back
BESIDE = (
    "",
    "-journal",
    "-wal",
    "-shm",
)  # of a database: its file, and what must not be read with another one
MOST_NAME = 40
GB = 1e9
SPARE_BYTES = 100e6  # left free on the disk for everybody else


@dataclass(frozen=True)
class Copy:
    """A copy of a project: where it lies, and when it was made."""

    path: Path
    made: datetime

    @property
    def name(self) -> str:
        """By which the command line calls it."""
        return self.path.stem

    @property
    def moment(self) -> str:
        """When it was made, by the clock of this place."""
        return self.made.astimezone().strftime("%Y-%m-%d %H:%M")

    @property
    def bytes(self) -> int:
        """What it takes on the disk; nothing where it is gone."""
        return self.path.stat().st_size if self.path.is_file() else 0

    @property
    def size(self) -> str:
        """What it takes on the disk, in words."""
        return _said(self.bytes)


def copies_of(folder: Path) -> list[Copy]:
    """The copies of a project, the newest first."""
    return _in(_place(folder))


def make_copy(folder: Path, session: Session, job: Job) -> Copy | None:
    """Copy a project that changed since its last copy, and let go of copies that are too many.

    Parameters
    ----------
    folder : Path
        Of the project; it may be open and be changed meanwhile.
    session : Session
        How many copies are kept and how much room they may take.

    Returns
    -------
    Copy or None
        None where nothing changed.

    Raises
    ------
    UserError
        If there is no room for it.
    Unreadable
        If the project is damaged; the copies before stay as they are.
    """
    place, store = _place(folder), folder / STORE
    before = copies_of(folder)
    if before and _state(before[0].path) == state_of(store, (DRAFT, SESSION)):
        return None
    now = datetime.now(UTC)
    made = Copy(place / f"{now.strftime(NAMED)}.gpkg", now)
    try:
        place.mkdir(parents=True, exist_ok=True)
        _make_room(folder, store.stat().st_size, session, before[:1])
        write_copy(store, made.path, job)
        for old in copies_of(folder)[session.copies_kept :]:
            old.path.unlink(missing_ok=True)
    except OSError as error:
        raise UserError(
            Problem(
                "No copy of the project was kept in {folder}: {cause}.",
                "Free some space there; the project itself is kept.",
                folder=place,
                cause=error.strerror or error,
            )
        ) from error
    return made


def restore_copy(folder: Path, copy: Copy) -> Path:
    """Put a copy in the place of a project's file, which is kept beside it; gives the path it has now.

    Raises UserError where the project is open elsewhere or the folder cannot be written; all is then as it was.
    """
    store, new = folder / STORE, folder / NEW
    aside = folder / f"city.before-{datetime.now().strftime('%Y%m%d-%H%M%S')}.gpkg"
    lock.take(folder)
    try:
        shutil.copyfile(copy.path, new)
        with new.open("rb+") as written:
            os.fsync(written.fileno())
        _rename(store, aside)
        new.replace(store)
    except OSError as error:
        new.unlink(missing_ok=True)
        if aside.exists() and not store.exists():
            _rename(aside, store)
        raise UserError(
            Problem(
                "The copy cannot be put back into {folder}: {cause}.",
                "Close other programs that have it open, and check free space and permissions.",
                folder=folder,
                cause=error.strerror or error,
            )
        ) from error
    finally:
        lock.release(folder)
    with closing(Project(folder)) as project:
        end_session(project)  # the window that was at work when it was copied is no longer
    return aside


def copy_named(folder: Path, name: str) -> Copy:
    """A copy by its name, the newest where none is named; UserError where there is none."""
    found = copies_of(folder)
    named = [one for one in found if name in ("", one.name)]
    if named:
        return named[0]
    raise UserError(
        Problem("There is no copy {name} of {folder}.", "See: lutu copies {folder}", name=name, folder=folder)
        if found
        else Problem(
            "No copy of {folder} is kept.",
            "The window makes one every few minutes while a project is open.",
            folder=folder,
        )
    )


def offered(error: UserError) -> Copy | None:
    """The newest copy of a project that cannot be read."""
    return next(iter(copies_of(error.folder)), None) if isinstance(error, Unreadable) else None


def with_offer(error: UserError) -> tuple[Problem, ...]:
    """What is wrong, and that a copy can be restored where one is kept."""
    copy = offered(error)
    if copy is None or not isinstance(error, Unreadable):
        return error.problems
    offer = Problem(
        "A copy of {moment} is kept.",
        "Restore it: lutu copies {folder} --restore",
        severity=Severity.NOTE,
        moment=copy.moment,
        folder=error.folder,
    )
    return (*error.problems, offer)


def _place(folder: Path) -> Path:
    """Where copies of a project lie: a folder called like its own, and told apart by where that lies."""
    whole = folder.resolve()
    digest = hashlib.sha256(os.fsencode(os.path.normcase(whole))).hexdigest()[:8]
    return copies_folder() / f"{whole.name[:MOST_NAME]}-{digest}"


def _in(place: Path) -> list[Copy]:
    found = []
    for path in place.glob("*.gpkg"):
        try:
            found.append(Copy(path, datetime.strptime(path.stem, NAMED).replace(tzinfo=UTC)))
        except ValueError:
            continue  # a file of somebody else
    return sorted(found, key=lambda one: one.made, reverse=True)


def _state(path: Path) -> str:
    """What a copy holds; nothing where it cannot be read any more."""
    try:
        return state_of(path, (DRAFT, SESSION))
    except Unreadable:
        return ""


def _make_room(folder: Path, size: int, session: Session, spared: list[Copy]) -> None:
    """Remove the oldest copies of all projects until another fits; the newest of this one stays until then."""
    place = _place(folder)
    free = shutil.disk_usage(place).free
    if free < size + SPARE_BYTES:
        raise UserError(
            Problem(
                "No copy of the project was kept in {folder}: {free} are free, {size} are needed.",
                "Free some space there; the project itself is kept.",
                folder=place,
                free=_said(free),
                size=_said(size + SPARE_BYTES),
            )
        )
    for leftover in place.glob("*.new*"):
        leftover.unlink()
    all_copies = [one for other in copies_folder().iterdir() if other.is_dir() for one in _in(other)]
    taken = sum(one.bytes for one in all_copies)
    removable = sorted((one for one in all_copies if one not in spared), key=lambda one: one.made)
    most = session.copies_gb * GB
    if size + sum(one.bytes for one in spared) > most:
        raise UserError(
            Problem(
                "A copy of the project takes {size}; all copies together may take {most}.",
                "Allow them more room: lutu copies {folder} --room {room}",
                size=_said(size),
                most=_said(most),
                folder=folder,
                room=f"{2.5 * size / GB:.0f}",
            )
        )
    for old in removable:
        if taken + size <= most:
            break
        taken -= old.bytes
        old.path.unlink(missing_ok=True)


def _rename(path: Path, other: Path) -> None:
    """Give a database another name, with what lies beside it."""
    for part in BESIDE:
        old = path.with_name(f"{path.name}{part}")
        if old.exists():
            old.replace(other.with_name(f"{other.name}{part}"))


def _said(size: float) -> str:
    """A size on the disk as people read it."""
    return quantity(size / GB, "GB") if size >= GB else quantity(size / 1e6, "MB")
