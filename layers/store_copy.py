"""Copies of a store: the file as it stands at one moment, whole and looked through, taken while others write to it."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from core.jobs import Job
from core.problems import Problem, UserError
from layers.store import MOVES, PAGES_AT_ONCE, damaged, open_file, refusal

# What tells one state of a project from another: given data, results, the last change in force, and single values.
STATE = (
    "SELECT table_name, digest, imported_at FROM lutu_source ORDER BY table_name",
    "SELECT name, stamp, made_at FROM lutu_computed ORDER BY name",
    "SELECT count(*), max(number), sum(undone * number) FROM lutu_history",
)
VALUES = "SELECT key, value FROM lutu_meta ORDER BY key"
SOUND = "ok"  # what SQLite says of a file in which it finds nothing wrong
LOOKED_AFTER = 100_000  # steps of SQLite between two looks whether the job is to stop
PARTS = ("", "-journal")  # a file and what SQLite keeps beside it while it writes


def state_of(path: Path, apart: Sequence[str] = ()) -> str:
    """A word for what a store or a copy holds: the same as long as nothing in it changed.

    `apart` names single values that do not count. Raises `Unreadable` where the file is damaged.
    """
    with _reading(path), closing(open_file(path)) as connection:
        found = [tuple(row) for query in STATE for row in connection.execute(query)]
        kept = [tuple(row) for row in connection.execute(VALUES) if row["key"] not in (MOVES, *apart)]
    return hashlib.sha256(repr((found, kept)).encode()).hexdigest()


def write_copy(path: Path, target: Path, job: Job) -> None:
    """Copy a store under another name; it has that name only once it is whole and nothing is wrong in it.

    Raises
    ------
    UserError
        If the copy cannot be written, for instance on a full disk.
    Unreadable
        If the store itself is damaged.
    """
    half = target.with_name(f"{target.name}.new")

    def move_on(_: int, left: int, total: int) -> None:
        job.say("Copying the project", 1 - left / max(total, 1))

    _remove(half)
    try:
        with closing(open_file(path)) as source, closing(open_file(half)) as made:
            source.backup(made, pages=PAGES_AT_ONCE, progress=move_on, sleep=0.01)
        _look_through(path, half, job)
        half.replace(target)
    except (OSError, sqlite3.OperationalError) as error:
        raise UserError(
            Problem(
                "No copy of the project was kept in {folder}: {cause}.",
                "Free some space there; the project itself is kept.",
                folder=target.parent,
                cause=error,
            )
        ) from error
    except sqlite3.DatabaseError as error:
        raise damaged(path, error) from error
    finally:
        _remove(half)


def _look_through(path: Path, half: Path, job: Job) -> None:
    """Refuse a copy in which anything is wrong: sound ones are not to give way to it."""
    with closing(open_file(half)) as connection:
        connection.set_progress_handler(lambda: int(job.cancelled), LOOKED_AFTER)
        try:
            said = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
        except sqlite3.OperationalError:
            job.check()
            raise
    if said != SOUND:
        raise damaged(path, said.splitlines()[-1])


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise refusal(path, error) from error


def _remove(path: Path) -> None:
    for part in PARTS:
        path.with_name(f"{path.name}{part}").unlink(missing_ok=True)
