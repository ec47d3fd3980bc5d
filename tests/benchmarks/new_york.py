"""The roofs of New York assessed in a process of its own, from the file of buildings to the stored results.

Usage: python -m tests.benchmarks.new_york SHARED FOLDER
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from core.jobs import Job
from desktop.data_in import TableImport
from desktop.operations import add_table, add_weather, assess, carry_out, check, new_project

BUILDINGS = "data/us_nyc_buildings/nyc_buildings.gpkg.zip"
WEATHER = (
    "data/weather_china/Shanghai-Hongqiao_1956_2023_TMYx.epw"  # its sun is not theirs; the work is the same
)


def main(shared: Path, folder: Path) -> None:
    """Assess the roofs at cells of one metre and say what it cost as JSON."""
    job = Job()
    began = time.monotonic()
    project = new_project(folder, name="New York", crs="EPSG:32618")
    carry_out(project, add_table(project, TableImport(shared / BUILDINGS, "building")), job)
    carry_out(project, add_weather(project, shared / WEATHER), job)
    carry_out(project, check(project), job)
    carry_out(project, assess(project, "rooftop", {"cell_m": 1.0}), job)
    buildings = project.city.tables["building"]
    said = {
        "seconds": time.monotonic() - began,
        "cpu_seconds": time.process_time(),
        "peak_bytes": peak_bytes(),
        "buildings": len(buildings),
    }
    sys.stdout.write(json.dumps(said))


def peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
