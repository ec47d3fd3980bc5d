"""Quiet: what compiled libraries write to standard output on their own is dropped, so that output stays readable."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

STANDARD_OUTPUT = 1
_ALONE = threading.RLock()  # the descriptor is that of the whole program


@contextmanager
def quiet() -> Iterator[None]:
    """Standard output leads nowhere inside; one thread at a time, and what was written before is kept."""
    with _ALONE:
        try:
            kept = os.dup(STANDARD_OUTPUT)
        except OSError:  # a window has no standard output, so there is nothing to keep quiet
            yield
            return
        _flush()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, STANDARD_OUTPUT)
        os.close(nowhere)
        try:
            yield
        finally:
            _flush_compiled()  # else the buffer would be written once the output leads somewhere again
            os.dup2(kept, STANDARD_OUTPUT)
            os.close(kept)


def _flush() -> None:
    if sys.stdout is not None:
        sys.stdout.flush()
    _flush_compiled()


def _flush_compiled() -> None:
    library = ctypes.CDLL("ucrtbase" if sys.platform == "win32" else None)
    library.fflush(None)
