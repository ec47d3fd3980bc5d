"""A raster of a hundred million cells swept in a process of its own; says its CPU seconds, peak memory and result.

Usage: python -m tests.benchmarks.hundred_million FILE whole|strips AZIMUTHS BANDS
"""

from __future__ import annotations

import json
import resource
import sys
import time
import zlib
from pathlib import Path

import numpy as np
import rasterio
from rasterio.windows import Window

from sun.strips import ROWS, irradiate_file
from sun.sweep import irradiate
from tests.sun.greensboro import table


def main(path: Path, way: str, azimuths: int, bands: int) -> None:
    """Sweep the file and print what it cost as JSON."""
    sky = table(azimuths=azimuths, bands=bands)
    irradiate(np.zeros((64, 64), np.float32), 1.0, sky)  # compiles or loads the kernels
    began = time.process_time()
    if way == "whole":
        with rasterio.open(path) as file:
            height = file.read(1)
        began = time.process_time()
        year = irradiate(height, 1.0, sky)
        strips = (year[first : first + ROWS] for first in range(0, len(year), ROWS))
        spent, peak = time.process_time() - began, peak_bytes()
    else:
        target = path.with_name("year.tif")
        irradiate_file(path, target, sky)
        spent, peak = time.process_time() - began, peak_bytes()
        strips = read(target)
    check = 0
    for strip in strips:
        check = zlib.crc32(np.ascontiguousarray(strip), check)
    sys.stdout.write(json.dumps({"cpu_seconds": spent, "peak_bytes": peak, "check": check}))


def peak_bytes() -> int:
    """Peak memory of this process alone: `ru_maxrss` of Linux starts from that of the process that started it."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(one for one in status.read_text().splitlines() if one.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def read(path: Path):
    with rasterio.open(path) as file:
        for first in range(0, file.height, ROWS):
            yield file.read(1, window=Window(0, first, file.width, min(ROWS, file.height - first)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
