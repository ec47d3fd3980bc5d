"""Search for doublets on lines along the flow: the first free place for production, the last free ones for injection."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.compiled import kernel

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@kernel
def _free(place: float, towards: int, starts: Floats, ends: Floats) -> float:
    """The first place from here on, down (1) or up (-1) the flow, that no interval blocks."""
    moved = True
    while moved:
        moved = False
        for one in range(len(starts)):
            if starts[one] < place < ends[one]:
                place = ends[one] if towards > 0 else starts[one]
                moved = True
    return place


@kernel
def _site(
    place: float,
    towards: int,
    free_starts: Floats,
    free_ends: Floats,
    starts: Floats,
    ends: Floats,
) -> float:
    """The first place from here on that is inside the parcel and not blocked; NaN where there is none."""
    for _ in range(2 * len(free_starts) + 2):
        inside = False
        nearest = np.inf
        for one in range(len(free_starts)):
            if free_starts[one] <= place <= free_ends[one]:
                inside = True
            elif towards > 0 and free_starts[one] > place:
                nearest = min(nearest, free_starts[one])
            elif towards < 0 and free_ends[one] < place:
                nearest = min(nearest, -free_ends[one])
        if not inside:
            if nearest == np.inf:
                return np.nan
            place = nearest if towards > 0 else -nearest
        before = place
        place = _free(place, towards, starts, ends)
        if place == before:
            return place
    return np.nan


@kernel
def doublets_on_lines(
    first_line: Counts,
    offset: Floats,
    step: Floats,
    free_first: Counts,
    free_start: Floats,
    free_end: Floats,
    blocked_first: Counts,
    blocked_start: Floats,
    blocked_end: Floats,
    injection: Counts,
    beside: float,
    least: float,
    across: float,
) -> tuple[Counts, Floats, Floats, Counts, Counts, NDArray[np.bool_], Floats, Floats]:
    """Doublets of parcels from lines along the flow, cut into what is inside and what is blocked.

    Gives for each parcel the number of doublets, the sums of their lengths along and aside, and how many lines each
    takes; for each well its parcel, doublet, whether it produces, and its place along and aside.
    """
    parcels, lines = len(first_line) - 1, len(offset)
    most = 1
    for parcel in range(parcels):
        most = max(most, injection[parcel])
    up = np.full(lines, np.nan)
    sites = np.full((lines, most), np.nan)  # for injection, the most downstream first
    for line in range(lines):
        a, b = free_first[line], free_first[line + 1]
        c, d = blocked_first[line], blocked_first[line + 1]
        inside, until, starts, ends = free_start[a:b], free_end[a:b], blocked_start[c:d], blocked_end[c:d]
        up[line] = _site(-np.inf, 1, inside, until, starts, ends)
        place = np.inf
        for number in range(most):
            place = _site(place, -1, inside, until, starts, ends)
            sites[line, number] = place
            if np.isnan(place):
                break
            place -= beside
    units, sums, width = np.zeros(parcels, np.int64), np.zeros((parcels, 2)), np.zeros(parcels)
    room = lines * (most + 1) + 2 * parcels * (most + 1)
    owner, doublet = np.empty(room, np.int64), np.empty(room, np.int64)
    production, s, n = np.zeros(room, np.bool_), np.empty(room), np.empty(room)
    wells = 0
    chosen_line, chosen_site = np.empty(most, np.int64), np.empty(most, np.int64)
    for parcel in range(parcels):
        first, last, need = first_line[parcel], first_line[parcel + 1], injection[parcel]
        if last == first:
            continue
        group = max(need, int(np.ceil(across / step[parcel] - 1e-9)))
        width[parcel] = group
        start = first
        while start == first or start + group <= last:
            stop = min(start + group, last)
            best, score = -1, 0.0
            for line in range(start, stop):
                found = _choose(
                    line, start, stop, need, up, sites, offset, least, True, chosen_line, chosen_site
                )
                if found > score:
                    best, score = line, found
            if best < 0:
                start += 1
                if start + group > last:
                    break
                continue
            _choose(best, start, stop, need, up, sites, offset, least, True, chosen_line, chosen_site)
            wells = _keep(
                best, need, parcel, units, sums, up, sites, offset, chosen_line, chosen_site, owner, doublet,
                production, s, n, wells,
            )  # fmt: skip
            start = stop
        if units[parcel] > 0:
            continue
        best, score = -1, 0.0  # none along the flow: one doublet turned across it
        for line in range(first, last):
            found = _choose(
                line, first, last, need, up, sites, offset, least, False, chosen_line, chosen_site
            )
            if found > score:
                best, score = line, found
        if best >= 0:
            _choose(best, first, last, need, up, sites, offset, least, False, chosen_line, chosen_site)
            wells = _keep(
                best, need, parcel, units, sums, up, sites, offset, chosen_line, chosen_site, owner, doublet,
                production, s, n, wells,
            )  # fmt: skip
    return units, sums, width, owner[:wells], doublet[:wells], production[:wells], s[:wells], n[:wells]


@kernel
def _choose(
    line: int,
    start: int,
    stop: int,
    need: int,
    up: Floats,
    sites: Floats,
    offset: Floats,
    least: float,
    straight: bool,
    chosen_line: Counts,
    chosen_site: Counts,
) -> float:
    """Choose the injection wells of a production well; gives how good the doublet is, 0 where it has too few.

    Straight along the flow, the lines nearest to the production well come first, and the most downstream site of each
    before the second of any; turned across it, the furthest sites.
    """
    if np.isnan(up[line]):
        return 0.0
    chosen, total_along, total_aside = 0, 0.0, 0.0
    for number in range(sites.shape[1]):
        for rank in range(2 * (stop - start)):
            if chosen == need:
                break
            if straight:  # 0, 1, -1, 2, -2 ... lines away
                other = line + ((rank + 1) // 2 if rank % 2 else -(rank // 2))
            else:  # from the end that is further away
                if rank >= stop - start:
                    break
                other = stop - 1 - rank if stop - 1 - line >= line - start else start + rank
            if other < start or other >= stop:
                continue
            ahead = sites[other, number] - up[line]
            beside = abs(offset[other] - offset[line])
            if (
                np.isnan(ahead)
                or ahead < 0
                or (ahead < least if straight else np.hypot(ahead, beside) < least)
            ):
                continue
            chosen_line[chosen], chosen_site[chosen] = other, number
            chosen += 1
            total_along += ahead
            total_aside += beside
    if chosen < need:
        return 0.0
    length = np.hypot(total_along, total_aside) / need
    good: float = length * (1 + total_along / need / max(length, 1e-9)) / 2
    return good


@kernel
def _keep(
    line: int,
    need: int,
    parcel: int,
    units: Counts,
    sums: Floats,
    up: Floats,
    sites: Floats,
    offset: Floats,
    chosen_line: Counts,
    chosen_site: Counts,
    owner: Counts,
    doublet: Counts,
    production: NDArray[np.bool_],
    s: Floats,
    n: Floats,
    wells: int,
) -> int:
    """Write down a doublet; gives the number of wells written."""
    ahead, aside, number = 0.0, 0.0, units[parcel]
    owner[wells], doublet[wells], production[wells] = parcel, number, True
    s[wells], n[wells] = up[line], offset[line]
    wells += 1
    for one in range(need):
        place = sites[chosen_line[one], chosen_site[one]]
        owner[wells], doublet[wells], production[wells] = parcel, number, False
        s[wells], n[wells] = place, offset[chosen_line[one]]
        ahead += place - up[line]
        aside += offset[chosen_line[one]] - offset[line]
        wells += 1
    units[parcel] += 1
    sums[parcel, 0] += ahead / need
    sums[parcel, 1] += abs(aside) / need
    return wells
