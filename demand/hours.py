"""Hours: heat and cold of all buildings on all cores, with the typical days and peaks of parcels and city."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.jobs import Job
from demand.calendar import typical
from demand.network import Year, Zones, loads

Numbers = NDArray[np.float64]
BUILDINGS_AT_ONCE = 250  # their parcels' hours are held meanwhile
W_PER_KW = 1000.0


@dataclass(frozen=True)
class Hours:
    """Heat and cold of all buildings and of the sums of parcels and city.

    Parameters
    ----------
    months : ndarray, (n, 2, 12)
        [kWh]
    peak : ndarray, (n, 2)
        [kW]
    peak_hour : ndarray of int64, (n, 2)
    missed : ndarray of int64, (n,)
    days : ndarray of float32, (parcels, 2, 12, 2, 24)
        [kW]
    parcel_peak : ndarray, (parcels, 2)
        [kW]
    city : ndarray, (2, 8760)
        [kW]
    """

    months: Numbers
    peak: Numbers
    peak_hour: NDArray[np.int64]
    missed: NDArray[np.int64]
    days: NDArray[np.float32]
    parcel_peak: Numbers
    city: Numbers


def hours_of(
    zones: Zones, year: Year, parcel: NDArray[np.int64], parcels: int, kinds: NDArray[np.int64], job: Job
) -> Hours:
    """Heat and cold of all zones, parcels whole by whole on all cores."""
    count = len(zones)
    found = Hours(
        np.zeros((count, 2, 12)),
        np.zeros((count, 2)),
        np.zeros((count, 2), dtype=np.int64),
        np.zeros(count, dtype=np.int64),
        np.zeros((parcels, 2, 12, 2, 24), dtype=np.float32),
        np.zeros((parcels, 2)),
        np.zeros((2, 8760)),
    )

    def one(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        here, group = np.unique(parcel[rows], return_inverse=True)
        part = loads(zones.rows(rows), year, group.astype(np.int64), len(here))
        found.months[rows], found.peak[rows], found.peak_hour[rows] = part.months, part.peak, part.peak_hour
        found.missed[rows] = part.missed
        inside = here >= 0
        for which in range(2):
            series = part.series[inside, which]
            found.days[here[inside], which] = typical(series, kinds) / W_PER_KW
            found.parcel_peak[here[inside], which] = series.max(axis=1, initial=0.0) / W_PER_KW
        return np.asarray(part.series.sum(axis=0, dtype=np.float64) / W_PER_KW)

    cores = os.cpu_count() or 1
    parts = _parts(parcel)
    batches = [parts[n : n + cores] for n in range(0, len(parts), cores)]
    with ThreadPoolExecutor(cores) as pool:
        for batch in job.each(batches, "Computing heat and cold"):
            for total in pool.map(one, batch):
                found.city[:] += total
    return found


def _parts(parcel: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Rows in parts of whole parcels with some 250 buildings each."""
    order = np.argsort(parcel, kind="stable")
    edges = np.flatnonzero(np.diff(parcel[order], prepend=-2) != 0)  # where a parcel begins
    begin = np.append(edges, len(order))
    cuts = np.unique(begin[np.searchsorted(begin, np.arange(0, len(order), BUILDINGS_AT_ONCE))])
    return [part for part in np.split(order, cuts[cuts > 0]) if len(part)]
