"""Parts: rows shared out over the processors, with progress, and stopped when asked."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from core.jobs import Job


def in_parts(work: Callable[[int, int], None], count: int, size: int, job: Job, step: str) -> None:
    """Do some rows part by part on all processors.

    Parameters
    ----------
    work : callable
        Does the rows from a first to before a last; it runs without the GIL.
    count, size : int
        Number of rows, and of rows in a part.
    job, step
        Reports and stops; what is being done, in words.
    """
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        parts = [pool.submit(work, first, min(first + size, count)) for first in range(0, count, size)]
        try:
            for part in job.each(parts, step):
                part.result()
        finally:
            for part in parts:
                part.cancel()
