"""Pilots: candidates for zero-carbon and ultra-low-energy building, and units for green low-carbon districts."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from plans.green.grades import THREE_STARS
from plans.green.scores import relative, weighted
from plans.green.settings import LOW_CARBON_DISTRICT, ZERO_CARBON, cases, weights
from plans.green.units import SUITABLE
from standards import Taken

ULTRA_LOW_ENERGY = "ultra_low_energy"
COLUMNS = ["pilot_kind", "parcel_id", "planning_unit", "gfa_m2", "pilot_score", "green_reason"]


def pilots(
    parcels: pd.DataFrame, units: pd.DataFrame, taken: Taken, resource: pd.Series[Any] | None
) -> pd.DataFrame:
    """Candidates for pilots, best first within each kind.

    Parameters
    ----------
    parcels : DataFrame, indexed by parcel_id
        New parcels with facts, `level`, `promotion_score` and indicators.
    units : DataFrame, indexed by planning unit
        Control indicators of units.
    taken : Taken
        Weights, scales and lengths of the lists, of the table `green_score`.
    resource : Series, optional
        Renewable energy of every parcel.

    Returns
    -------
    DataFrame, indexed by pilot_id
        `pilot_kind`, `parcel_id` (empty for units), `planning_unit`, `gfa_m2` (of the pilot), `pilot_score` (0 to
        1) and `green_reason`.
    """
    found = pd.concat(
        [
            _ultra_low_energy(parcels),
            _zero_carbon(parcels, taken, resource),
            _districts(parcels, units, taken),
        ],
        ignore_index=True,
    )
    number = found.groupby("pilot_kind").cumcount() + 1
    index = [f"{kind}-{at:02d}" for kind, at in zip(found["pilot_kind"], number, strict=True)]
    return found.set_axis(pd.Index(index, dtype="str", name="pilot_id"))


def _ultra_low_energy(parcels: pd.DataFrame) -> pd.DataFrame:
    """Every parcel that fills the quota."""
    kept = parcels[parcels["ultra_low_energy_m2"] > 0].sort_values(
        "promotion_score", ascending=False, kind="stable"
    )
    return _rows(
        ULTRA_LOW_ENERGY,
        kept,
        kept["ultra_low_energy_m2"],
        kept["promotion_score"],
        "candidate for ultra-low-energy building",
    )


def _zero_carbon(parcels: pd.DataFrame, taken: Taken, resource: pd.Series[Any] | None) -> pd.DataFrame:
    """Civil parcels on suitable ground or with much of the renewable resource, small ones first."""
    civil = parcels[parcels["civil"] & (parcels["civil_m2"] > 0) & (parcels["level"] >= 0)]
    none = taken.number("green_score", purpose=ZERO_CARBON, factor="small", case="none")
    known = relative(None if resource is None else resource / civil["civil_m2"], civil.index)
    parts = {
        "grade": civil["level"] / THREE_STARS,
        "resource": known.where(known.notna(), civil["ground_source"].isin(SUITABLE).astype(float)),
        "pv_coverage": civil["pv_coverage"].fillna(0.0),
        "small": 1 - civil["civil_m2"] / none,
    }
    score = weighted(parts, weights(taken, ZERO_CARBON), civil.index).sort_values(
        ascending=False, kind="stable"
    )
    share = taken.number("green_score", purpose=ZERO_CARBON, factor="list", case="share")
    best = score.iloc[: math.ceil(share * len(score))]
    kept = civil.loc[best.index]
    return _rows(
        ZERO_CARBON,
        kept,
        kept["civil_m2"],
        best,
        "high grade, renewable energy on site, of a size to begin with",
    )


def _districts(parcels: pd.DataFrame, units: pd.DataFrame, taken: Taken) -> pd.DataFrame:
    """Units with much new building of high grade."""

    def scale(case: str) -> float:
        return taken.number("green_score", purpose=LOW_CARBON_DISTRICT, factor="new_building", case=case)

    kept = units[units["new_gfa_m2"] >= scale("least")]
    in_area = parcels["civil_m2"].where(parcels["key_area"], 0.0).groupby(parcels["planning_unit"]).sum()
    types = cases(taken, LOW_CARBON_DISTRICT, "unit_type")
    named = kept["unit_type"] if "unit_type" in kept else pd.Series(np.nan, index=kept.index)
    parts = {
        "unit_type": named.map(types),
        "new_building": kept["new_gfa_m2"] / scale("full"),
        "star": kept["two_star_share"],
        "key_area": in_area.reindex(kept.index).fillna(0.0) / kept["new_gfa_m2"],
    }
    score = weighted(parts, weights(taken, LOW_CARBON_DISTRICT), kept.index).sort_values(
        ascending=False, kind="stable"
    )
    share = taken.number("green_score", purpose=LOW_CARBON_DISTRICT, factor="list", case="share")
    best = score.iloc[: math.ceil(share * len(units))]
    rows = kept.loc[best.index].assign(planning_unit=best.index)
    return _rows(
        LOW_CARBON_DISTRICT,
        rows,
        rows["new_gfa_m2"],
        best,
        "much new building of high grade in one unit",
        unit=True,
    )


def _rows(
    kind: str,
    rows: pd.DataFrame,
    area_m2: pd.Series[float],
    score: pd.Series[float],
    reason: str,
    unit: bool = False,
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "pilot_kind": kind,
            "parcel_id": "" if unit else rows.index.astype("str"),
            "planning_unit": rows["planning_unit"].to_numpy(),
            "gfa_m2": area_m2.to_numpy(),
            "pilot_score": score.to_numpy(),
            "green_reason": reason,
        },
        columns=COLUMNS,
    )
