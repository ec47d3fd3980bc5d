"""Compiled kernels: how a numba kernel is declared, and where its machine code is kept between runs.

Import this module instead of numba: the folder of the cache must be known before numba is imported.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

import platformdirs

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

INSTALLED_IN = Path(__file__).resolve().parents[1]

if not os.access(INSTALLED_IN, os.W_OK):  # an installed program cannot write beside its code
    os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(platformdirs.user_cache_dir("lutu")) / "kernels"))

from numba import njit  # noqa: E402  the environment is set first


def kept_in() -> Path:
    """Folder of the machine code: beside the code, where the user wants it, or, of a frozen program, numba's own."""
    if getattr(sys, "frozen", False):
        return Path(platformdirs.user_cache_dir("numba", appauthor=False))
    return Path(os.environ.get("NUMBA_CACHE_DIR") or INSTALLED_IN)


def kernel(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Compile a function at its first call; it runs without the GIL and is cached on disk.

    Floating point keeps its rules (no `fastmath`), so NaN may enter and neighbours compute the same bits.
    """
    return cast(Callable[Arguments, Result], njit(nogil=True, cache=True)(function))


def inlined(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """A small function that kernels call in their innermost loops."""
    return cast(Callable[Arguments, Result], njit(nogil=True, cache=True, inline="always")(function))
