"""Results of deep heat: what each parcel gets from doublets or closed wells, approved or not, in whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from potential.deep.closed_wells import ClosedWells
from potential.deep.clusters import ClusterHeat
from potential.deep.deep_numbers import DeepNumbers
from potential.deep.doublets import Design, Placed
from potential.deep.loads import Loads
from potential.deep.reservoir import Reservoir

PREFIX = "deep"
DOUBLET, CLOSED = "deep_doublet", "deep_closed_well"
MONTHS = [f"deep_heat_kwh_month_{month:02d}" for month in range(1, 13)]
SUMS = [
    "deep_heat_kw",
    "deep_heat_kwh_per_year",
    "deep_electricity_kwh_per_year",
    "deep_capex_yuan",
    "deep_opex_yuan_per_year",
    "deep_avoided_tco2_per_year",
    "deep_saved_kgce_per_year",
    "deep_approved_heat_kw",
    "deep_approved_heat_kwh_per_year",
    "deep_unapproved_heat_kw",
    "deep_unapproved_heat_kwh_per_year",
    *MONTHS,
]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def rounded(values: Any, digits: int = 0) -> Floats:
    """Values with so many digits behind the point, so that sums agree to the last."""
    return np.asarray(np.round(np.asarray(values, dtype=float), digits))


@dataclass(frozen=True)
class Heat:
    """Heat of one technology in every parcel.

    Parameters
    ----------
    kw, electricity_kwh, capex_yuan, approved : ndarray, shape (parcels,)
        Capacity, electricity of a year, investment, and share that is approved.
    months : ndarray, shape (parcels, 12)
        Whole kilowatt-hours.
    kwh_in_draws : ndarray, shape (DRAWS, parcels)
        Heat of a year in every draw.
    """

    kw: Floats
    electricity_kwh: Floats
    capex_yuan: Floats
    approved: Floats
    months: Floats
    kwh_in_draws: Floats


def doublet_shares(
    heat: ClusterHeat,
    placed: Placed,
    designs: Design,
    reservoir: Reservoir,
    loads: Loads,
    approved: Bools,
    numbers: DeepNumbers,
) -> Heat:
    """What every parcel gets of its cluster: months by its need in them, money and electricity by its heat."""
    group, count = heat.group, len(heat.kw)
    inside = group >= 0
    of = np.where(inside, group, 0)

    def share(values: Floats) -> Floats:
        kept = np.where(inside, values, 0.0)
        whole = np.bincount(of, weights=kept, minlength=max(count, 1))
        return np.asarray(kept / np.where(whole[of] > 0, whole[of], 1.0))

    parcels = len(group)
    if not count:
        none = np.zeros(parcels)
        return Heat(
            none, none, none, none, np.zeros((parcels, 12)), np.zeros((len(heat.kwh_in_draws), parcels))
        )
    months = np.column_stack([share(loads.months[:, month]) for month in range(12)]) * heat.months[of]
    months = rounded(np.where(inside[:, None], months, 0.0))
    of_year = share(months.sum(axis=1))
    rows = placed.parcel
    wells = 2 * reservoir.depth_m[rows] * numbers.money.well_per_m
    capex = np.bincount(placed.group, weights=wells, minlength=count) + heat.kw * numbers.money.plant_per_kw
    power = np.bincount(placed.group, weights=designs.power_kw[rows], minlength=count)
    passed = np.bincount(placed.group, weights=designs.power_kw[rows] * approved[rows], minlength=count)
    approved_share = np.divide(passed, power, out=np.zeros(count), where=power > 0)
    return Heat(
        kw=rounded(share(loads.peak) * heat.kw[of], 1),
        electricity_kwh=rounded(of_year * heat.electricity_kwh[of]),
        capex_yuan=rounded(of_year * capex[of]),
        approved=np.where(inside, approved_share[of], 0.0),
        months=months,
        kwh_in_draws=of_year * heat.kwh_in_draws[:, of],
    )


def closed_shares(wells: ClosedWells, able: Bools, approved: Bools, numbers: DeepNumbers) -> Heat:
    """What closed wells give the parcels in which they may stand."""
    kw = np.where(able, wells.kw, 0.0)
    capex = wells.wells * numbers.money.closed_well + wells.kw * numbers.money.plant_per_kw
    return Heat(
        kw=rounded(kw, 1),
        electricity_kwh=rounded(np.where(able, wells.electricity_kwh, 0.0)),
        capex_yuan=rounded(np.where(able, capex, 0.0)),
        approved=np.where(able, approved, False).astype(float),
        months=rounded(np.where(able[:, None], wells.months, 0.0)),
        kwh_in_draws=np.where(able, wells.kwh_in_draws, 0.0),
    )


def better(doublet: Heat, closed: Heat, on_doublet: Bools) -> Heat:
    """The doublet where it serves a parcel, else closed wells: both would use the same load."""
    one = np.where(on_doublet, True, False)
    return Heat(
        kw=np.where(one, doublet.kw, closed.kw),
        electricity_kwh=np.where(one, doublet.electricity_kwh, closed.electricity_kwh),
        capex_yuan=np.where(one, doublet.capex_yuan, closed.capex_yuan),
        approved=np.where(one, doublet.approved, closed.approved),
        months=np.where(one[:, None], doublet.months, closed.months),
        kwh_in_draws=np.where(one, doublet.kwh_in_draws, closed.kwh_in_draws),
    )


def heat_columns(heat: Heat, unknown: Bools, numbers: DeepNumbers) -> dict[str, Any]:
    """Columns of every parcel; nothing is said where the layers are missing."""
    year = heat.months.sum(axis=1)
    approved_kw = rounded(heat.kw * heat.approved, 1)
    approved_kwh = rounded(year * heat.approved)
    saved = rounded(numbers.worth.saved_kgce(year, heat.electricity_kwh))
    avoided = rounded(numbers.worth.avoided_tco2(year, heat.electricity_kwh), 3)
    columns: dict[str, Any] = {
        "deep_heat_kw": heat.kw,
        "deep_heat_kwh_per_year": year,
        **ends_of(year, heat.kwh_in_draws),
        "deep_electricity_kwh_per_year": heat.electricity_kwh,
        "deep_capex_yuan": heat.capex_yuan,
        "deep_opex_yuan_per_year": rounded(
            heat.capex_yuan * numbers.money.upkeep + heat.electricity_kwh * numbers.money.electricity_per_kwh
        ),
        "deep_avoided_tco2_per_year": avoided,
        "deep_saved_kgce_per_year": saved,
        "deep_approved_heat_kw": approved_kw,
        "deep_approved_heat_kwh_per_year": approved_kwh,
        "deep_unapproved_heat_kw": rounded(heat.kw - approved_kw, 1),
        "deep_unapproved_heat_kwh_per_year": year - approved_kwh,
        **dict(zip(MONTHS, heat.months.T, strict=True)),
    }
    return {name: np.where(unknown, np.nan, values) for name, values in columns.items()}


def ends_of(year: Any, in_draws: Floats) -> dict[str, Any]:
    """P90, P50 and P10 of draws along the first axis; the value itself lies between P90 and P10."""
    p90, p50, p10 = np.percentile(in_draws, [10, 50, 90], axis=0)
    return {
        "deep_heat_p90_kwh_per_year": np.minimum(rounded(p90), year),
        "deep_heat_p50_kwh_per_year": rounded(p50),
        "deep_heat_p10_kwh_per_year": np.maximum(rounded(p10), year),
    }


def totals(parcels: pd.DataFrame, heat: Heat, unknown: Bools, doublets: int, wells: int) -> dict[str, float]:
    """Sums over the city; P90, P50 and P10 are those of the sum of each draw."""
    sums = {name: round(float(parcels[name].sum()), 3) for name in SUMS}
    ends = ends_of(sums["deep_heat_kwh_per_year"], heat.kwh_in_draws[:, ~unknown].sum(axis=1))
    return {
        **sums,
        **{name: float(value) for name, value in ends.items()},
        "deep_doublets": float(doublets),
        "deep_closed_wells": float(wells),
    }


def option_rows(
    index: pd.Index,
    doublet: Heat,
    closed: Heat,
    cluster: NDArray[np.object_],
    drawn_kwh: Floats,
    temperature_c: tuple[float, float],
    numbers: DeepNumbers,
) -> pd.DataFrame:
    """One row per parcel and technology that gives something; `approved` says whether a plan may count it."""
    frames = []
    for technology, heat, warm in zip((DOUBLET, CLOSED), (doublet, closed), temperature_c, strict=True):
        able = heat.kw > 0
        year = heat.months.sum(axis=1)
        opex = (
            heat.capex_yuan * numbers.money.upkeep + heat.electricity_kwh * numbers.money.electricity_per_kwh
        )
        shared = technology == DOUBLET
        frames.append(
            pd.DataFrame(
                {
                    "parcel_id": index[able],
                    "technology": technology,
                    "most_kw": heat.kw[able],
                    "kwh_per_kw": year[able] / heat.kw[able],
                    "capex_yuan": heat.capex_yuan[able],
                    "opex_yuan_per_year": rounded(opex[able]),
                    "avoided_tco2_per_year": rounded(
                        numbers.worth.avoided_tco2(year[able], heat.electricity_kwh[able]), 3
                    ),
                    "temperature_c": warm,
                    "resource": "deep_reservoir" if shared else "",
                    "resource_id": cluster[able] if shared else "",
                    "resource_drawn": rounded(drawn_kwh[able]) if shared else np.nan,
                    "approved": heat.approved[able] >= 1.0,
                }
            )
        )
    rows = pd.concat(frames, ignore_index=True)
    rows.index = pd.RangeIndex(len(rows), name="option_id")
    return rows
