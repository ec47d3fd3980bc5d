"""Locks: a project is open in one program at a time, so that none writes over what another wrote."""

from __future__ import annotations

import errno
import os
import sys
import threading
from pathlib import Path

from core.problems import Problem, UserError

NAME = "city.lock"
# What a system says when another program holds the lock.
HELD = (errno.EAGAIN, errno.EACCES, errno.EDEADLK)

_guard = threading.Lock()
_held: dict[Path, tuple[int, int]] = {}  # per folder: file descriptor, and how often this program has it open


def take(folder: Path) -> bool:
    """Hold a project for this program until `release`; a program may hold one several times.

    True says that this is the first time: nobody else is at work in the folder.

    A folder that cannot be written, or a disk without locks, is not held: reading works there all the same.

    Raises
    ------
    UserError
        If another program holds it.
    """
    place = folder.resolve()
    with _guard:
        descriptor, times = _held.get(place, (-1, 0))
        if not times:
            try:
                descriptor = os.open(place / NAME, os.O_RDWR | os.O_CREAT, 0o666)
            except OSError:
                return False
            try:
                _lock(descriptor)
            except OSError as error:
                os.close(descriptor)
                if error.errno not in HELD:
                    return False
                raise UserError(
                    Problem(
                        "The project in {folder} is open in another window or command of Lütu.",
                        "Close it there, or wait until it is done.",
                        folder=folder,
                    )
                ) from error
        _held[place] = (descriptor, times + 1)
        return not times


def release(folder: Path) -> None:
    """Let go of a project once."""
    place = folder.resolve()
    with _guard:
        descriptor, times = _held.pop(place, (-1, 0))
        if times > 1:
            _held[place] = (descriptor, times - 1)
        elif times:
            os.close(descriptor)  # the system ends the lock with it, also when a program is killed


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
