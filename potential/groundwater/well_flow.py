"""Flow of wells: what one production well with its injection wells may move, and which of their limits comes first."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.compiled import kernel
from potential.groundwater.doublet import row_distance

Floats = NDArray[np.float64]

DRAWDOWN, RISE, RETURN_SHARE, PUMP = 0, 1, 2, 3  # which limit comes first
HALVINGS = 44


class Units(NamedTuple):
    """Doublets of parcels: one production well and its injection wells, several side by side.

    Parameters
    ----------
    conductivity, thickness : ndarray, (parcels,)
        Of the aquifer. [m/s], [m]
    lowered, raised : ndarray, (parcels,)
        Most drawdown and most rise at the wells. [m]
    ratio : ndarray, (parcels,)
        What a well takes back over what it yields.
    spacing, across : ndarray, (parcels,)
        Between the wells of a doublet, and between doublets. [m]
    doublets, injection : ndarray, (parcels,)
        Doublets, and injection wells of each.
    """

    conductivity: Floats
    thickness: Floats
    lowered: Floats
    raised: Floats
    ratio: Floats
    spacing: Floats
    across: Floats
    doublets: Floats
    injection: Floats


def unit_flow(
    units: Units, *, radius: float, loss: float, beside: float, clogging: float, pump: float, confined: bool
) -> tuple[Floats, NDArray[np.int64]]:
    """Flow of one doublet of each parcel, all of which is returned.

    The drawdown in the production well, loss in the well included, and the rise in the injection wells stay within
    their limits; all doublets of the parcel run, so each is lowered a little by its neighbours. The injection wells
    together take what the production well gives: `injection · ratio · yield >= flow`.

    Parameters
    ----------
    units : Units
        Of the parcels.
    radius, beside : float
        Of the wells, and between injection wells of one doublet. [m]
    loss : float
        Well loss by the square of the flow. [s²/m⁵]
    clogging : float
        By how much clogging lowers the flow of an injection well.
    pump : float
        Most flow of one well. [m³/s]
    confined : bool
        Whether the aquifer stays full; else its thickness falls and rises with the water table.

    Returns
    -------
    flow : ndarray, (parcels,)
        [m³/s]
    limit : ndarray of int, (parcels,)
        `DRAWDOWN`, `RISE`, `RETURN_SHARE` or `PUMP`.
    """
    distance = row_distance(units.spacing, radius, units.doublets, units.across)
    alone = np.log(units.spacing / radius)
    injected = row_distance(units.spacing, radius, units.injection, beside) + units.injection * (
        distance - alone
    )
    given = np.empty(len(distance))
    _yield(units.conductivity, units.thickness, units.lowered, distance, float(loss), bool(confined), given)
    raised = np.maximum(units.raised, 0.0)
    squares = (
        2 * units.thickness * raised if confined else (units.thickness + raised) ** 2 - units.thickness**2
    )
    taken = units.injection * np.pi * units.conductivity * squares / injected / clogging
    back = units.injection * np.clip(units.ratio, 0.0, None) * given
    limits = np.stack([given, taken, back, np.full_like(given, pump)])
    return limits.min(axis=0), limits.argmin(axis=0).astype(np.int64)


@kernel
def _yield(
    conductivity: Floats,
    thickness: Floats,
    lowered: Floats,
    distance: Floats,
    loss: float,
    confined: bool,
    out: Floats,
) -> None:
    """Flow at which drawdown in the aquifer and loss in the well together reach the limit."""
    for one in range(len(out)):
        b, most = thickness[one], lowered[one]
        if not (b > 0 and most > 0 and conductivity[one] > 0):
            out[one] = 0.0
            continue
        scale = np.pi * conductivity[one] / distance[one]
        low, high = 0.0, most  # drawdown in the aquifer
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            flow = scale * (2 * b * middle if confined else b * b - (b - middle) ** 2)
            if middle + loss * flow * flow > most:
                high = middle
            else:
                low = middle
        out[one] = scale * (2 * b * low if confined else b * b - (b - low) ** 2)
