"""Memory: what long work has freed is given back to the system, where the system does not take it by itself."""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from typing import Any


def give_back() -> None:
    """Give memory that was freed back to the system; takes some hundredths of a second, without the GIL.

    The allocator of Linux keeps what lies between pieces that are still in use; after a large city was read that is a
    third of what the program holds. Elsewhere there is nothing to do.
    """
    trim = _trim()
    if trim is not None:
        trim(0)


@cache
def _trim() -> Any:
    """The function of the C library for that; None where it has none."""
    if sys.platform != "linux":
        return None
    return getattr(ctypes.CDLL(None), "malloc_trim", None)
