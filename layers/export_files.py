"""Files put in their places all at once: what cannot be written whole leaves the old files as they were."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lxml.etree import LxmlError
from pyogrio.errors import DataSourceError, FeatureError
from rasterio._err import CPLE_BaseError  # what GDAL's own copying raises; rasterio.errors does not hold it
from rasterio.errors import RasterioError

from core.problems import Problem, UserError

# What the libraries raise when the disk refuses; they often keep the cause to themselves.
REFUSALS = (OSError, sqlite3.Error, DataSourceError, FeatureError, RasterioError, CPLE_BaseError, LxmlError)
FULL = {errno.ENOSPC, errno.EDQUOT}
BARRED = {errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.ETXTBSY}
LEAST_FREE_BYTES = 1 << 20
WRITE_AHEAD_LOG = "-wal"


@contextmanager
def replacing(path: Path, *, overwrite: bool = True, stale: tuple[str, ...] = ()) -> Iterator[Path]:
    """A place to write a file and those that belong to it; they take their real places together at the end.

    Parameters
    ----------
    path : Path
        The file to be written.
    overwrite : bool
        Whether a file that is there already may be replaced.
    stale : tuple of str
        Endings of files beside the old one that are wrong for the new one, e.g. `.qix`; they go with it.

    Yields
    ------
    Path
        Where to write the file: in a hidden folder beside its place, so that moving it costs nothing. All
        other files written into that folder are moved too. Nothing is moved when the block raises.

    Raises
    ------
    UserError
        If the folder is missing, the file may not be replaced or is in use, or the disk refuses.
    """
    _refuse_early(path, overwrite)
    folder: Path | None = None
    try:
        folder = Path(tempfile.mkdtemp(prefix=f".{path.stem}-", suffix=".part", dir=path.parent))
        new = folder / "new"
        new.mkdir()
        yield new / path.name
        _exchange(new, folder / "old", path, stale)
    except REFUSALS as error:
        raise UserError(cannot_write(path, error)) from error
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)


def make_folder(folder: Path) -> None:
    """Make a folder where it is not there; UserError where that cannot be done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            Problem(
                "{folder} cannot be made: {cause}.",
                "Choose another folder.",
                folder=folder,
                cause=error.strerror or error,
            )
        ) from error


def cannot_write(path: Path, error: Exception) -> Problem:
    """Why a file could not be written, and what to do, from what a library raised."""
    number = error.errno if isinstance(error, OSError) else None
    if isinstance(error, LxmlError):  # says the system's number by its name, as IO_ENOSPC
        number = getattr(errno, str(error).removeprefix("IO_"), None)
    said = str(error).lower()
    if number in FULL or "no space left" in said or "disk is full" in said or _is_full(path.parent):
        return Problem(
            "The disk has no room left for {file}.",
            "Free some space, or choose a folder on another disk.",
            file=path.name,
        )
    if number == errno.EFBIG or "file too large" in said:
        return Problem(
            "{file} is larger than this disk allows a file to be.",
            "Choose a folder on another disk, or write fewer layers.",
            file=path.name,
        )
    if number in BARRED or "permission denied" in said or "read-only" in said or "is locked" in said:
        return Problem(
            "{file} may not be written: it is open in another program, or its folder is protected.",
            "Close it there, or choose another name or folder.",
            file=path.name,
        )
    return Problem(
        "{file} could not be written: {cause}.",
        "Check the disk's free space and your rights to the folder, or choose another folder.",
        file=path.name,
        cause=str(error).rstrip("."),
    )


def _refuse_early(path: Path, overwrite: bool) -> None:
    """Say what would fail at the end before any work is done."""
    if not path.parent.is_dir():
        raise UserError(
            Problem(
                "The folder {folder} does not exist.",
                "Make it first, or choose another folder.",
                folder=path.parent,
            )
        )
    if path.is_dir():
        raise UserError(Problem("{file} is a folder.", "Choose another name for the file.", file=path.name))
    if path.exists() and not overwrite:
        raise UserError(
            Problem(
                "{file} is there already.",
                "Allow it to be replaced, or choose another name.",
                file=path.name,
            )
        )
    if path.exists() and not os.access(path, os.W_OK):
        raise UserError(cannot_write(path, PermissionError(errno.EACCES, "Permission denied")))
    if path.with_name(path.name + WRITE_AHEAD_LOG).exists() and _in_use(path):
        raise UserError(cannot_write(path, PermissionError(errno.EBUSY, "in use")))


def _in_use(path: Path) -> bool:
    """Whether another program has a GeoPackage open; a log left behind by a crash is taken into the file."""
    try:
        connection = sqlite3.connect(path, timeout=0)
        try:
            connection.execute("PRAGMA journal_mode = DELETE")  # refused while anybody else is connected
        finally:
            connection.close()
    except sqlite3.OperationalError:
        return True
    except sqlite3.DatabaseError:  # not a database: nobody can have it open as one
        return False
    return False


def _exchange(new: Path, old: Path, path: Path, stale: tuple[str, ...]) -> None:
    """Move the old files away and the new ones in; when one move fails, put everything back."""
    written = sorted(new.iterdir())
    for file in written:
        _flush(file)
    old.mkdir()
    if [file.name for file in written] == [path.name] and not stale:
        written[0].replace(path)
        return
    leaving = {file.name for file in written} | {path.stem + ending for ending in stale}
    moved: list[tuple[Path, Path]] = []
    try:
        for name in sorted(leaving):
            if (path.parent / name).exists():
                _move(path.parent / name, old / name, moved)
        for file in written:
            _move(file, path.parent / file.name, moved)
    except OSError:
        for source, target in reversed(moved):
            with suppress(OSError):  # the refusal that is already on its way says it
                target.replace(source)
        raise


def _move(source: Path, target: Path, moved: list[tuple[Path, Path]]) -> None:
    source.replace(target)
    moved.append((source, target))


def _flush(file: Path) -> None:
    """Wait until the disk really holds the file; some only now say that they are full."""
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < LEAST_FREE_BYTES
    except OSError:
        return False
