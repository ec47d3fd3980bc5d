"""Cascade: geothermal water cooled stage by stage, direct use first and a heat pump last; no kelvin counts twice."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.compiled import kernel

STAGES = ("radiators", "floor heating", "hot water", "heat pump")
DIRECT = 3  # stages that need no heat pump
Floats = NDArray[np.float64]


def stage_shares(temperatures: ArrayLike) -> Floats:
    """Share of every stage in the heat of the water; shares add up to 1.

    Parameters
    ----------
    temperatures : array_like, shape (..., stages + 1)
        Of the water before the first stage, between stages, and after the last. [°C]

    Returns
    -------
    ndarray, shape (..., stages)
        NaN where the water is not cooled at all.
    """
    steps = np.asarray(temperatures, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(-np.diff(steps, axis=-1) / (steps[..., :1] - steps[..., -1:]))


def delivered_by_heat_pump(source: ArrayLike, cop: ArrayLike) -> Floats:
    """What a heat pump delivers of heat drawn from its source: COP/(COP - 1) of it."""
    performance = np.asarray(cop, dtype=float)
    return np.asarray(np.asarray(source) * performance / (performance - 1))


@kernel
def _cooled(
    load: Floats,
    place: int,
    flow: float,
    produced: float,
    tail: float,
    pinch: float,
    supply: Floats,
    back: Floats,
    cop: float,
    given: Floats,
    steps: Floats,
) -> float:  # pragma: no cover
    """Heat of the stages at one moment into `given`, temperatures between them into `steps`; gives the share of flow."""
    at = produced
    steps[0] = at
    lowest = produced
    left = 0.0
    for stage in range(DIRECT):
        wanted = load[stage, place]
        foot = max(back[stage] + pinch, tail)
        reach = (at - pinch - back[stage]) / (supply[stage] - back[stage])
        heat = 0.0
        if flow > 0 and wanted > 0 and at > foot and reach > 0:
            heat = min(flow * (at - foot), wanted * min(reach, 1.0))
            lowest = min(lowest, foot)
            at -= heat / flow
        given[stage] = heat
        left += wanted - heat
        steps[stage + 1] = at
    drawn = 0.0
    if flow > 0 and at > tail and left > 0:
        drawn = min(flow * (at - tail), left * (1 - 1 / cop))
        at -= drawn / flow
    given[DIRECT] = drawn * cop / (cop - 1)
    steps[DIRECT + 1] = at
    if flow <= 0 or at >= produced:
        return 0.0
    if drawn > 0:
        return 1.0
    return min((produced - at) / (produced - lowest), 1.0)


@kernel
def cascade_at(
    load: Floats,
    flow: Floats,
    produced: Floats,
    tail: float,
    pinch: float,
    supply: Floats,
    back: Floats,
    cop: float,
) -> tuple[Floats, Floats]:  # pragma: no cover
    """Heat of every stage of some cascades at one load, and the temperatures between them.

    Parameters
    ----------
    load : ndarray, shape (cascades, 3)
        Heat wanted by radiators, floor heating and hot water. [W]
    flow : ndarray, shape (cascades,)
        Capacity flow of the water. [W/K]
    produced : ndarray, shape (cascades,)
        Temperature at the well head. [°C]
    tail, pinch : float
        Lowest temperature of return, and what an exchanger needs between its sides. [°C], [K]
    supply, back : ndarray, shape (3,)
        To and from the consumers of each direct stage. [°C]
    cop : float
        Of the heat pump of the last stage.

    Returns
    -------
    given : ndarray, shape (cascades, 4)
        Heat delivered by each stage; that of the heat pump with its electricity. [W]
    steps : ndarray, shape (cascades, 5)
        Temperature of the water before, between and after the stages. [°C]

    Notes
    -----
    Every direct stage warms its consumers' return as far as the water allows, `(T - pinch - back)/(supply - back)` of
    the load at most; what is left goes to the heat pump. One that has no load cools nothing.
    """
    count = len(flow)
    given = np.zeros((count, DIRECT + 1))
    steps = np.zeros((count, DIRECT + 2))
    moment = np.zeros((DIRECT, 1))
    for one in range(count):
        moment[:, 0] = load[one]
        _cooled(moment, 0, flow[one], produced[one], tail, pinch, supply, back, cop, given[one], steps[one])
    return given, steps


@kernel
def cascade_year(
    load: Floats,
    hours: Floats,
    flow: Floats,
    produced: Floats,
    tail: float,
    pinch: float,
    supply: Floats,
    back: Floats,
    cop: float,
) -> tuple[Floats, Floats]:  # pragma: no cover
    """Heat of every stage of some cascades in each month, and the hours at full flow.

    Parameters
    ----------
    load : ndarray of float32 or float64, shape (cascades, 3, places)
        As in `cascade_at`, in typical hours of the year. [W]
    hours : ndarray, shape (places, 2)
        Month (0 to 11) and number of hours that each place stands for.
    flow, produced, tail, pinch, supply, back, cop
        As in `cascade_at`.

    Returns
    -------
    given : ndarray, shape (cascades, 4, 12)
        [W h]
    full : ndarray, shape (cascades,)
        Hours at full flow that the year's flow comes to; between stages of direct use alone pumps run slower. [h]
    """
    count, places = load.shape[0], load.shape[2]
    given = np.zeros((count, DIRECT + 1, 12))
    full = np.zeros(count)
    now = np.zeros(DIRECT + 1)
    steps = np.zeros(DIRECT + 2)
    for one in range(count):
        for place in range(places):
            share = _cooled(
                load[one], place, flow[one], produced[one], tail, pinch, supply, back, cop, now, steps
            )
            month = int(hours[place, 0])
            full[one] += share * hours[place, 1]
            for stage in range(DIRECT + 1):
                given[one, stage, month] += now[stage] * hours[place, 1]
    return given, full
