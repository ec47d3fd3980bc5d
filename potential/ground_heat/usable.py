"""Usable ground: what of every parcel is left for boreholes, and what took the rest, in m² by reason."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from core.jobs import Job
from layers.city import City
from potential.ground_heat.blocks import by_blocks
from potential.ground_heat.drilling_limits import LAYOUT_NOT_KNOWN, DrillingLimits
from potential.ground_heat.obstacles import Shapes, obstacles
from potential.ground_heat.overlay import NOISE_M2, common, covered, less, shrunk, sound
from standards.taken import Taken

BLOCK = 1000  # parcels
WORTH_SAYING = 0.01  # of a parcel; what takes less is in the table of losses only
NO_LAYOUT = ("planned", "granted", "approved")

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class UsableGround:
    """Ground for boreholes of every parcel.

    Parameters
    ----------
    shapes : ndarray of Polygon or MultiPolygon, shape (parcels,)
        Where the middle of a hole may lie: set-backs are taken off; empty where there is none.
    parcels : DataFrame, indexed by parcel_id
        `usable_ground_m2`, `usable_ground_share` (of the shape, and of the holes that fit there; below 1 where the
        layout is not known),
        `slab_depth_m` (under which holes begin), `drilling_reasons` (what took ground, most first) and
        `drilling_conditions`.
    taken_m2 : DataFrame, indexed by parcel_id
        Ground taken by each reason, one column a reason. What two reasons take counts for the first, so that
        a row and the usable ground add up to the parcel.
    conditions_m2 : DataFrame, indexed by parcel_id
        Usable ground that needs a consent, by reason; several may lie on one another.
    missing : tuple of str
        Layers that are not given, of which nothing was taken away.
    """

    shapes: Shapes
    parcels: pd.DataFrame
    taken_m2: pd.DataFrame
    conditions_m2: pd.DataFrame
    missing: tuple[str, ...]

    def losses(self) -> pd.DataFrame:
        """One row per parcel and reason: `parcel_id`, `drilling_effect`, `drilling_reason`, `drilling_m2`."""
        frames = []
        for effect, table in (("forbid", self.taken_m2), ("condition", self.conditions_m2)):
            values = table.to_numpy()
            row, column = np.nonzero(values > NOISE_M2)
            frames.append(
                pd.DataFrame(
                    {
                        "parcel_id": table.index[row],
                        "drilling_effect": effect,
                        "drilling_reason": table.columns[column],
                        "drilling_m2": values[row, column],
                    }
                )
            )
        return pd.concat(frames, ignore_index=True)


def usable_ground(
    city: City, spacing_m: float, taken: Taken, job: Job, *, under_slabs: bool = True
) -> UsableGround:
    """The ground of every parcel that is left for boreholes.

    A parcel less its set-back from the boundary, buildings, basements, tree crowns, metro, underground space, water,
    roads and zones where drilling is forbidden, each grown by its distance.

    Parameters
    ----------
    city : City
        Its table `parcel`, and what else it has.
    spacing_m : float
        Between boreholes; half of it is kept from the boundary and from buildings at the least. [m]
    taken : Taken
        Reads the limits and remembers their sources.
    job : Job
        Reports progress and stops when asked.
    under_slabs : bool
        Whether new buildings may stand on boreholes. On a planned parcel, or one to be cleared, no layout is known:
        what stands there is not taken away, but only a share of its ground counts (rule H07, without slabs H06).
    """
    table = city.tables["parcel"]
    limits = DrillingLimits(taken)
    forbidding, conditional, missing = obstacles(city, limits, spacing_m)
    reasons, conditions = limits.reasons["forbid"], limits.reasons["condition"]
    boundary = limits.limit("boundary")
    setback = max(boundary.distance_m, spacing_m / 2)
    parcels, new, closed = sound(table.geometry.to_numpy()), without_layout(table), closed_by(table, limits)
    trees = shapely.STRtree(forbidding.shapes), shapely.STRtree(conditional.shapes)

    def block(rows: slice) -> tuple[Shapes, Floats, Floats]:
        areas = parcels[rows].copy()
        areas[closed[rows] >= 0] = shapely.Polygon()
        left, lost = less(areas, forbidding, trees[0], new[rows], len(reasons))
        inside = common(left, shrunk(areas, setback))
        lost[:, reasons.index(boundary.reason)] = np.maximum(shapely.area(left) - shapely.area(inside), 0.0)
        return inside, lost, covered(inside, conditional, trees[1], len(conditions))

    found = by_blocks(job, len(table), BLOCK, block, "Finding ground for boreholes")
    shapes = np.concatenate([np.empty(0, dtype=object), *(one[0] for one in found)])
    lost = np.concatenate([np.zeros((0, len(reasons))), *(one[1] for one in found)])
    bound = np.concatenate([np.zeros((0, len(conditions))), *(one[2] for one in found)])
    shut = np.flatnonzero(closed >= 0)
    lost[shut, closed[shut]] = shapely.area(parcels[shut])
    share, slab = np.ones(len(table)), np.zeros(len(table))
    if new.any():
        share[new] = taken.number("geothermal_rules", rule_id="H07" if under_slabs else "H06")
        slab[new] = limits.limit("slab").distance_m if under_slabs else 0.0
    area, whole = shapely.area(shapes), shapely.area(parcels)
    lost[:, reasons.index(LAYOUT_NOT_KNOWN)] = area * (1 - share)
    columns = {
        "usable_ground_m2": area * share,
        "usable_ground_share": share,
        "slab_depth_m": slab,
        "drilling_reasons": said(lost, reasons, WORTH_SAYING * whole),
        "drilling_conditions": said(bound, conditions, WORTH_SAYING * whole),
    }
    return UsableGround(
        shapes,
        pd.DataFrame(columns, index=table.index),
        pd.DataFrame(lost, index=table.index, columns=list(reasons)),
        pd.DataFrame(bound, index=table.index, columns=list(conditions)),
        missing,
    )


def without_layout(parcels: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Parcels whose layout is still to be made: planned ones, and those to be cleared."""
    new = np.zeros(len(parcels), dtype=bool)
    if "status" in parcels:
        new = new | parcels["status"].isin(NO_LAYOUT).to_numpy()
    if "planned_demolition" in parcels:
        new = new | flags(parcels["planned_demolition"])
    return new


def closed_by(parcels: gpd.GeoDataFrame, limits: DrillingLimits) -> NDArray[np.int64]:
    """Number of the reason that closes a whole parcel, by its use or a flag of the same name; -1 where none does."""
    found = np.full(len(parcels), -1, dtype=np.int64)
    for kind, reason in reversed(list(limits.closed_kinds().items())):
        shut = flags(parcels[kind]) if kind in parcels else np.zeros(len(parcels), dtype=bool)
        if "use" in parcels:
            shut = shut | flags(parcels["use"] == kind)
        found[shut] = limits.reasons["forbid"].index(reason)
    return found


def flags(column: pd.Series) -> NDArray[np.bool_]:
    """A column of flags, false where nothing is known."""
    return column.astype(object).map(lambda value: value is True or value == 1).to_numpy(dtype=bool)


def said(values: Floats, words: tuple[str, ...], least: Floats) -> NDArray[np.object_]:
    """The words of all values of some weight in each row, the largest first, joined by `; `."""
    order = np.argsort(-values, axis=1, kind="stable")
    counts = (values > np.maximum(least, NOISE_M2)[:, None]).sum(axis=1)
    found = np.empty(len(values), dtype=object)
    for row, count in enumerate(counts):
        found[row] = "; ".join(words[place] for place in order[row, :count])
    return found
