"""Blocks: work on many parcels, some thousand at a time on all processors, with progress and stop."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from core.jobs import Job

Result = TypeVar("Result")


def by_blocks(job: Job, count: int, size: int, work: Callable[[slice], Result], step: str) -> list[Result]:
    """Results of some work on all blocks of rows, in their order.

    Parameters
    ----------
    job : Job
        Reports progress and stops when asked.
    count, size : int
        Rows in all, and in a block.
    work : callable
        Takes the rows of a block; runs in several threads, so it should release the GIL.
    step : str
        What is being done, an English phrase with a translation.
    """
    blocks = [slice(first, min(first + size, count)) for first in range(0, count, size)]
    with ThreadPoolExecutor(max(1, min(os.cpu_count() or 1, len(blocks)))) as pool:
        waiting = [pool.submit(work, block) for block in blocks]
        try:
            return job.map(lambda done: done.result(), waiting, step)
        finally:
            for one in waiting:
                one.cancel()
