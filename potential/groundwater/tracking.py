"""Tracking of water particles around wells, and the script that makes the table of arrival times from it.

`python -m potential.groundwater.tracking` writes `doublet_times.csv` anew.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.compiled import kernel
from potential.groundwater.doublet import returned

Floats = NDArray[np.float64]

TABLE = Path(__file__).with_name("doublet_times.csv")
NEAR = 1e-4  # where tracks begin and end around a well, as a share of the spacing
SHARES = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0)
ANGLES = tuple(range(0, 166, 15))
PARTS = (0.0, 0.01, 0.02, 0.05, 0.1, 0.15, *(n / 100 for n in range(20, 90, 5)), 0.88, 0.91, 0.94, 0.97, 0.99)
TUBES = 4000


def tracked(
    x: Floats, y: Floats, flow: Floats, drift: Floats, start: int, tubes: int
) -> tuple[Floats, NDArray[np.int64]]:
    """Where the water of one injection well goes, tube by tube of equal flow, and how long it takes.

    Parameters
    ----------
    x, y : ndarray, (wells,)
        Places, in spacings.
    flow : ndarray, (wells,)
        Given to the aquifer above zero, taken below; by porosity and thickness.
    drift : ndarray, (2,)
        Velocity of the undisturbed groundwater. [spacings per unit of time]
    start : int
        The injection well.
    tubes : int
        Number of stream tubes; the well must outweigh the drift at a distance of `NEAR`.

    Returns
    -------
    time : ndarray, (tubes,)
        Infinite where the water does not return.
    well : ndarray of int, (tubes,)
        The well that takes it; -1 where none does.
    """
    turn = (np.arange(tubes) + 0.5) / tubes * 2 * np.pi
    return tracked_from(x, y, flow, drift, start, turn)


def tracked_from(
    x: Floats, y: Floats, flow: Floats, drift: Floats, start: int, turn: Floats
) -> tuple[Floats, NDArray[np.int64]]:
    """As `tracked`, of tubes that leave the well in given directions. [rad]"""
    time, well = np.full(len(turn), np.inf), np.full(len(turn), -1, dtype=np.int64)
    wells = np.ascontiguousarray(x) + 1j * np.ascontiguousarray(y)
    extent = float(np.ptp(x) + np.ptp(y) + 1.0)
    speed = complex(drift[0], drift[1])
    reach = 40 * extent
    if abs(speed) > 0:
        reach = extent * 10 + 2 * float(np.abs(flow).sum()) / abs(speed)
    _track(
        wells, np.ascontiguousarray(flow, dtype=np.float64), speed, start, turn, min(reach, 1e6), time, well
    )
    return time, well


def of_doublet(beta: float, angle: float) -> tuple[float, Floats]:
    """Share of a doublet's water that returns, and the times of `PARTS` of it over the first at rest.

    Parameters
    ----------
    beta : float
        Flow over critical flow. [-]
    angle : float
        Of injection to the flow of the groundwater. [°]
    """
    if beta == np.inf:  # at rest every tube returns in the end; the time of each is known
        leaving = np.pi * np.maximum(np.array(PARTS), 1e-6)
        return 1.0, 3 * (1 - leaving / np.tan(leaving)) / np.sin(leaving) ** 2
    phi = np.radians(angle)
    x, y, flow = np.array([0.0, np.cos(phi)]), np.array([0.0, np.sin(phi)]), np.array([-1.0, 1.0])
    drift = np.array([2 / (np.pi * beta), 0.0])
    times, _ = tracked(x, y, flow, drift, 1, TUBES)
    back = np.isfinite(times)
    share = float(back.mean())
    if not back.any():
        return 0.0, np.full(len(PARTS), np.nan)
    if share < 0.5:  # fewer tubes return: once more with all of them where they do
        kept = np.flatnonzero(np.roll(back, -int(np.flatnonzero(~back)[0])))
        first = int(np.flatnonzero(~back)[0])
        edges = (np.array([kept[0] - 1, kept[-1] + 2]) + first) / TUBES * 2 * np.pi
        turn = np.linspace(edges[0], edges[1], TUBES)
        times, _ = tracked_from(x, y, flow, drift, 1, turn)
    found = np.sort(times[np.isfinite(times)]) / (np.pi / 3)
    return share, np.quantile(found, PARTS)


def beta_of(share: float, angle: float) -> float:
    """Flow over critical flow at which a share of the water returns; the share grows with it."""
    if share >= 1:
        return np.inf
    low, high = np.log(1e-6), np.log(1e12)
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if returned(float(np.exp(middle)), float(angle)) < share else (low, middle)
    return float(np.exp((low + high) / 2))


def table() -> pd.DataFrame:
    """The table of arrival times, one row per angle and share that returns."""
    names = [f"part_{round(100 * part):02d}" for part in PARTS]
    rows = []
    for angle in ANGLES:
        for share in SHARES:
            beta = beta_of(share, angle)
            _, times = of_doublet(beta, angle)
            rows.append([angle, share, *np.round(times, 5)])
    return pd.DataFrame(rows, columns=["angle_deg", "share", *names])


@kernel
def _track(
    wells: NDArray[np.complex128],
    flow: Floats,
    drift: complex,
    start: int,
    turn: Floats,
    reach: float,
    time: Floats,
    well: NDArray[np.int64],
) -> None:
    for tube in range(len(turn)):
        place = wells[start] + NEAR * complex(np.cos(turn[tube]), np.sin(turn[tube]))
        clock = np.pi * NEAR * NEAR / flow[start]
        for _ in range(20_000):
            nearest, away = -1, np.inf
            for one in range(len(wells)):
                distance = abs(place - wells[one])
                if distance < away:
                    nearest, away = one, distance
            if away < 0.999 * NEAR and flow[nearest] < 0:
                time[tube], well[tube] = clock, nearest
                break
            if away > reach:
                break
            speed = _velocity(place, wells, flow, drift)
            step = 0.03 * away / abs(speed)
            second = _velocity(place + step / 2 * speed, wells, flow, drift)
            third = _velocity(place + step / 2 * second, wells, flow, drift)
            fourth = _velocity(place + step * third, wells, flow, drift)
            place += step / 6 * (speed + 2 * second + 2 * third + fourth)
            clock += step


@kernel
def _velocity(place: complex, wells: NDArray[np.complex128], flow: Floats, drift: complex) -> complex:
    total = drift
    for one in range(len(wells)):
        away = place - wells[one]
        total += flow[one] / (2 * np.pi) * away / (away.real**2 + away.imag**2)
    return total


if __name__ == "__main__":
    table().to_csv(TABLE, index=False)
