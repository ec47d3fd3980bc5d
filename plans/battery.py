"""Batteries: the best course of a simple battery on days that repeat, exactly, as a flow of least cost through the hours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.compiled import kernel

Numbers = NDArray[np.float64]
HOUR_S = 3600.0
TOLERANCE = 1e-9  # of the largest energy of a day, and of the highest price
PARTS = 6  # arcs of an hour, each with its reverse


@dataclass(frozen=True)
class Course:
    """What a battery does on days that repeat, each for itself.

    Parameters
    ----------
    from_surplus, from_grid, given : ndarray, (days, 24)
        Power taken from what the sun has over, taken from the grid, and given to the load. [W]
    saving : ndarray, (days,)
        Money saved in a day. [yuan]
    """

    from_surplus: Numbers
    from_grid: Numbers
    given: Numbers
    saving: Numbers


def best_course(
    surplus: Numbers,
    deficit: Numbers,
    spare: Numbers,
    price: Numbers,
    sold: float,
    *,
    energy: float,
    power: float,
    efficiency: float,
) -> Course:
    """The course of a battery that saves most.

    Every hour has a node for what is stored, one for what is charged and one for what is given. Energy flows from the
    sun or the grid through the hours to the load; among all such flows that of least cost is found by augmenting along
    the cheapest path as long as one saves money [1]_. A day ends as it began.

    Parameters
    ----------
    surplus, deficit : ndarray, (days, 24)
        Power of the sun beyond the load, and of the load beyond the sun; at most one of both in an hour. [W]
    spare : ndarray, (days, 24)
        Power that may be taken from the grid for the battery. [W]
    price : ndarray, (days, 24)
        Of energy bought, above zero. [yuan/J]
    sold : float
        Price of energy sold. [yuan/J]
    energy, power : float
        Usable energy; most power of charging and of giving, both at the connection. [J], [W]
    efficiency : float
        Of charging, and again of giving.

    Returns
    -------
    Course
        Power hour by hour and the saving of every day.

    References
    ----------
    .. [1] R. Ahuja, T. Magnanti and J. Orlin, "Network Flows," Prentice Hall, 1993, section 9.7.
    """  # fmt: skip
    shape = surplus.shape
    course = Course(np.zeros(shape), np.zeros(shape), np.zeros(shape), np.zeros(shape[0]))
    if energy > 0 and power > 0:
        _days(
            surplus, deficit, spare, price, sold, energy, power, efficiency,
            course.from_surplus, course.from_grid, course.given, course.saving,
        )  # fmt: skip
    return course


@kernel
def _days(
    surplus: Numbers, deficit: Numbers, spare: Numbers, price: Numbers, sold: float,
    energy: float, power: float, efficiency: float,
    from_surplus: Numbers, from_grid: Numbers, given: Numbers, saving: Numbers,
) -> None:  # fmt: skip
    hours = surplus.shape[1]
    for day in range(surplus.shape[0]):
        tail, head, room, cost = _network(
            surplus[day] * HOUR_S,
            deficit[day] * HOUR_S,
            spare[day] * HOUR_S,
            price[day],
            sold,
            energy,
            power * HOUR_S,
            efficiency,
        )
        _augment(tail, head, room, cost, 3 * hours, energy)
        money = 0.0
        for hour in range(hours):
            arc = 2 * PARTS * hour
            sun, grid, load = room[arc + 1], room[arc + 3], room[arc + 11]
            from_surplus[day, hour] = sun / efficiency / HOUR_S
            from_grid[day, hour] = grid / efficiency / HOUR_S
            given[day, hour] = load * efficiency / HOUR_S
            money -= sun * cost[arc] + grid * cost[arc + 2] + load * cost[arc + 10]
        saving[day] = money


@kernel
def _network(
    surplus: Numbers, deficit: Numbers, spare: Numbers, price: Numbers, sold: float,
    energy: float, power: float, efficiency: float,
) -> tuple[NDArray[np.int64], NDArray[np.int64], Numbers, Numbers]:  # fmt: skip
    """Arcs from sun and grid through the hours to the load, in stored energy; every second arc is a reverse."""
    hours = len(surplus)
    source, sink = 3 * hours, 3 * hours + 1
    count = 2 * PARTS * hours
    tail, head = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    room, cost = np.zeros(count), np.zeros(count)
    for hour in range(hours):
        charged, gave = hours + hour, 2 * hours + hour
        for part in range(PARTS):
            arc = 2 * (PARTS * hour + part)
            if part == 0:  # from the sun
                ends, most, yuan = (source, charged), efficiency * surplus[hour], sold / efficiency
            elif part == 1:  # from the grid
                ends, most, yuan = (source, charged), efficiency * spare[hour], price[hour] / efficiency
            elif part == 2:  # into the store
                ends, most, yuan = (charged, hour), efficiency * power, 0.0
            elif part == 3:  # on to the next hour
                ends, most, yuan = (hour, (hour + 1) % hours), energy, 0.0
            elif part == 4:  # out of the store
                ends, most, yuan = (hour, gave), power / efficiency, 0.0
            else:  # to the load
                ends, most, yuan = (gave, sink), deficit[hour] / efficiency, -price[hour] * efficiency
            tail[arc], head[arc] = ends
            head[arc + 1], tail[arc + 1] = ends
            room[arc] = most
            cost[arc], cost[arc + 1] = yuan, -yuan
    return tail, head, room, cost


@kernel
def _augment(
    tail: NDArray[np.int64], head: NDArray[np.int64], room: Numbers, cost: Numbers, source: int, energy: float
) -> None:
    """Send flow along the cheapest path as long as it saves money."""
    nodes = source + 2
    sink = source + 1
    least_room = TOLERANCE * max(energy, 1.0)
    least_cost = TOLERANCE * np.abs(cost).max()
    away, by = np.empty(nodes), np.empty(nodes, dtype=np.int64)
    while True:
        away[:] = np.inf
        away[source] = 0.0
        by[:] = -1
        for _ in range(nodes):
            changed = False
            for arc in range(len(tail)):
                if room[arc] > least_room and away[tail[arc]] + cost[arc] < away[head[arc]] - least_cost:
                    away[head[arc]] = away[tail[arc]] + cost[arc]
                    by[head[arc]] = arc
                    changed = True
            if not changed:
                break
        if not away[sink] < -least_cost:
            return
        flow = np.inf
        node = sink
        while node != source:
            flow = min(flow, room[by[node]])
            node = tail[by[node]]
        node = sink
        while node != source:
            room[by[node]] -= flow
            room[by[node] ^ 1] += flow
            node = tail[by[node]]
