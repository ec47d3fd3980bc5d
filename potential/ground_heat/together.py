"""Together: what the fields of a city carry when each feels what the others leave in the ground."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.jobs import Job
from potential.ground_heat.fields import Fields, Found, Numbers, Run
from potential.ground_heat.loads import MONTHS, Loads
from potential.ground_heat.neighbours import shifts, worsened
from potential.ground_heat.sizing import capacity

PASSES = 2  # more change nothing that could be told


def capacity_together(
    fields: Fields, loads: Loads, run: Run, points: Numbers, *, reach: float, job: Job | None = None
) -> tuple[Found, Numbers, Fields]:
    """The share of its load that each field carries beside all others, none more than it is asked for.

    Parameters
    ----------
    fields, loads, run
        As in `sizing.capacity`.
    points : ndarray, (parcels, 9, 2)
        Points that stand for the holes, from `neighbours`; NaN where there is no field. [m]
    reach : float
        Distance beyond which nothing is felt. [m]
    job : Job, optional
        Reports and stops.

    Returns
    -------
    found : Found
        Of the fields with their neighbours; temperatures are of the field as if alone, `rise` comes on top.
    rise : ndarray, (parcels,)
        What the neighbours add to the ground by the last year. [K]
    charged : Fields
        The fields with limits drawn closer by what worsens, for draws.
    """
    found, charged, rise = capacity(fields, loads, run, job=job), fields, np.zeros(len(loads))
    for _ in range(PASSES):
        carried = np.minimum(np.nan_to_num(found.share), 1.0) * loads.net.mean(axis=1)
        rise = shifts(
            points, carried, length=fields.length, head=fields.head, conductivity=fields.conductivity,
            capacity=fields.capacity, time=run.years * MONTHS * run.month_s, reach=reach, job=job,
        )  # fmt: skip
        fluid_min, fluid_max = worsened(fields.fluid_min, fields.fluid_max, rise)
        charged = replace(fields, fluid_min=fluid_min, fluid_max=fluid_max)
        found = capacity(charged, loads, run, job=job)
    return found, rise, charged
