"""Typical days: the mean course of a day of each month, hour by hour, with the shade that falls on every roof itself."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numba import njit
from numpy.typing import NDArray

from core.jobs import Job
from potential.solar.pv_yield import Chain, Sun, hourly_power
from potential.solar.sky import SkyTable, sky_integrals

SAMPLES = 12  # cells of each plane whose horizons stand for all of it
PLANES_AT_ONCE = 20_000
HOURS = 24
DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
TILT_STEP_DEG, AZIMUTH_STEP_DEG = 5.0, 15.0
HOUR_COLUMNS = [f"pv_wh_hour_{hour:02d}" for hour in range(HOURS)]


def sampled_cells(plane: NDArray[np.integer], count: int) -> NDArray[np.int64]:
    """Cells that stand for each plane, evenly along the order of its cells, shape (count, SAMPLES); −1 without any."""
    order = np.argsort(plane, kind="stable")
    begin = np.searchsorted(plane[order], np.arange(count + 1))
    size = np.diff(begin)
    step = (np.arange(SAMPLES) + 0.5) / SAMPLES
    place = begin[:-1, None] + np.floor(step[None] * size[:, None]).astype(np.int64)
    cells: NDArray[np.int64] = np.where(
        size[:, None] > 0, order[np.minimum(place, max(len(order) - 1, 0))], -1
    )
    return cells


def day_shares(
    lit: NDArray[np.uint8],
    tilt_deg: NDArray[np.float64],
    azimuth_deg: NDArray[np.float64],
    sky: SkyTable,
    sun: Sun,
    chain: Chain,
    job: Job,
) -> NDArray[np.float32]:
    """How the energy of each month is spread over the hours of its typical day.

    Parameters
    ----------
    lit : ndarray of uint8, (planes, SAMPLES, A)
        Lit bands of cells of each plane.
    tilt_deg, azimuth_deg : ndarray, (planes,)
        Of the modules. [°]
    sky : SkyTable
        The azimuths and bands of `lit`.
    sun : Sun
        The hours of the year.
    chain : Chain
        From light to power.

    Returns
    -------
    ndarray of float32, (planes, 12, 24)
        Adds up to 1 in every month with any light; hours by the clock of the weather, the first from midnight.

    Notes
    -----
    In every hour the beam reaches the share of the plane's cells that see the sun's band, the sky's light the share
    of the sky they see. The conversion to power is that of the unshaded hour of the plane's class.
    """
    if not len(tilt_deg):
        return np.zeros((0, 12, HOURS), np.float32)
    tilt = np.round(tilt_deg / TILT_STEP_DEG) * TILT_STEP_DEG
    turn = np.round(azimuth_deg / AZIMUTH_STEP_DEG) * AZIMUTH_STEP_DEG % 360.0
    classes, of_plane = np.unique(np.column_stack([tilt, turn]), axis=0, return_inverse=True)
    kinds = job.map(
        lambda kind: _class_hours(sun, chain, float(kind[0]), float(kind[1])),
        list(classes),
        "Computing yields",
    )
    beam = np.array([kind[0] for kind in kinds], np.float32).reshape(len(classes), -1)
    diffuse = np.array([kind[1] for kind in kinds], np.float32).reshape(len(classes), -1)
    share_of_sky = np.array([_sky_weights(sky, *kind) for kind in classes], np.float32)
    azimuths, bands = sky.tan_elevation.shape
    elevation = np.radians(90.0 - sun.zenith)
    band = np.clip((elevation / (np.pi / 2 / bands)).astype(np.int64), 0, bands - 1)
    place = sun.azimuth / (360.0 / azimuths)
    left = np.floor(place).astype(np.int64)
    hours = np.flatnonzero(elevation > 0)
    clock = pd.DatetimeIndex(sun.weather.hours.index).hour.to_numpy()
    slot = (sun.month * HOURS + clock)[hours]
    path = (
        left[hours] % azimuths,
        (left[hours] + 1) % azimuths,
        (place - left)[hours].astype(np.float32),
        band[hours],
    )
    shares = np.zeros((len(tilt_deg), 12 * HOURS), np.float32)
    parts = [slice(n, n + PLANES_AT_ONCE) for n in range(0, len(shares), PLANES_AT_ONCE)]
    for part in job.each(parts, "Finding typical days"):
        _course(
            lit[part], of_plane.ravel()[part], beam[:, hours], diffuse[:, hours], share_of_sky,
            *path, slot, shares[part],
        )  # fmt: skip
    by_month = shares.reshape(-1, 12, HOURS)
    total = by_month.sum(axis=2, keepdims=True)
    spread: NDArray[np.float32] = np.divide(by_month, total, out=np.zeros_like(by_month), where=total > 0)
    return spread


def typical_days(
    owner: NDArray[np.int64],
    plane_kwh: NDArray[np.float64],
    shares: NDArray[np.float32],
    month_kwh: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Energy of every hour of the typical days of owners of planes, shape (owners, 12, 24). [kWh]

    Parameters
    ----------
    owner : ndarray of int, (planes,)
        Row of the owner of each plane.
    plane_kwh : ndarray, (planes, 12)
        What weighs the planes of one owner: their energy of each month.
    shares : ndarray, (planes, 12, 24)
        From `day_shares`.
    month_kwh : ndarray, (owners, 12)
        Energy of each month; hours times days add up to it.
    """
    count = len(month_kwh)
    days = np.zeros((count, 12, HOURS))
    for month in range(12):
        for hour in range(HOURS):
            days[:, month, hour] = np.bincount(
                owner, weights=plane_kwh[:, month] * shares[:, month, hour], minlength=count
            )
    total = days.sum(axis=2)
    scale = np.divide(month_kwh / DAYS, total, out=np.zeros_like(total), where=total > 0)
    scaled: NDArray[np.float64] = days * scale[:, :, None]
    return scaled


def day_table(days: NDArray[np.float64], index: pd.Index) -> pd.DataFrame:
    """Typical days as a table: twelve rows for each id, whole watt-hours in each hour; ids without energy left out."""
    some = days.sum(axis=(1, 2)) > 0
    hours = np.round(days[some] * 1000).astype(np.int64).reshape(-1, HOURS)
    frame = pd.DataFrame(hours, columns=HOUR_COLUMNS, index=index[some].repeat(12))
    frame.insert(0, "month", np.tile(np.arange(1, 13), int(some.sum())))
    return frame


def _class_hours(
    sun: Sun, chain: Chain, tilt_deg: float, azimuth_deg: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Power of a kilowatt of unshaded modules from the beam, and from sky and ground, in every hour."""
    parts = sun.irradiance(tilt_deg, azimuth_deg, chain.albedo)
    power = hourly_power(sun, chain, tilt_deg, parts)
    whole = parts["beam"] + parts["sky"] + parts["ground"]
    per_light = np.divide(power, whole, out=np.zeros_like(power), where=whole > 0)
    return parts["beam"] * per_light, (parts["sky"] + parts["ground"]) * per_light


def _sky_weights(sky: SkyTable, tilt_deg: float, azimuth_deg: float) -> NDArray[np.float64]:
    """Share of an even sky's light on a plane that comes from each azimuth and band, (A, K)."""
    bands = sky.tan_elevation.shape[1]
    outward, up = sky_integrals(np.linspace(0.0, 90.0, bands + 1))
    tilt, turn = np.radians(tilt_deg), np.radians(azimuth_deg)
    facing = np.cos(np.radians(sky.azimuth_deg) - turn)[:, None]
    light = (
        np.cos(tilt) * (up[:-1] - up[1:])[None] + np.sin(tilt) * facing * (outward[:-1] - outward[1:])[None]
    )
    seen = np.maximum(light, 0.0)
    shares: NDArray[np.float64] = seen / seen.sum()
    return shares


@njit(nogil=True, cache=True)  # type: ignore[untyped-decorator]
def _course(
    lit: NDArray[np.uint8], kind: NDArray[np.int64], beam: NDArray[np.float32], diffuse: NDArray[np.float32],
    sky_share: NDArray[np.float32], left: NDArray[np.int64], right: NDArray[np.int64],
    weight: NDArray[np.float32], band: NDArray[np.int64], slot: NDArray[np.int64], shares: NDArray[np.float32],
) -> None:  # fmt: skip
    planes, samples, azimuths = lit.shape
    bands = sky_share.shape[2]
    seen = np.empty((azimuths, bands), np.float32)
    for plane in range(planes):
        seen[:] = 0
        for sample in range(samples):
            for azimuth in range(azimuths):
                for one in range(bands - lit[plane, sample, azimuth], bands):
                    seen[azimuth, one] += np.float32(1) / np.float32(samples)
        open_sky = np.float32(0)
        for azimuth in range(azimuths):
            for one in range(bands):
                open_sky += seen[azimuth, one] * sky_share[kind[plane], azimuth, one]
        for hour in range(slot.size):
            view = (1 - weight[hour]) * seen[left[hour], band[hour]] + weight[hour] * seen[
                right[hour], band[hour]
            ]
            shares[plane, slot[hour]] += (
                beam[kind[plane], hour] * view + diffuse[kind[plane], hour] * open_sky
            )
