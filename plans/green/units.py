"""Units and districts: the control indicators of green building by planning unit and district, as sums over parcels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from plans.green.goals import Goals
from plans.green.grades import BASIC, ONE_STAR, STARS, THREE_STARS, TWO_STARS
from standards import Taken

M2_PER_KM2 = 1e6
PER_CENT = 100.0
SUITABLE = ("suitable", "fairly_suitable")
BY_LEVEL = {
    "basic_share": BASIC,
    "one_star_share": ONE_STAR,
    "two_star_only_share": TWO_STARS,
    "three_star_share": THREE_STARS,
}


def control_indicators(
    parcels: pd.DataFrame,
    column: str,
    areas: pd.DataFrame | None,
    goals: Goals,
    gains: Mapping[str, float],
) -> pd.DataFrame:
    """What the new building of every unit or district is to be, by floor area.

    Parameters
    ----------
    parcels : DataFrame, indexed by parcel_id
        New parcels with facts, `level`, `ruled_level` and indicators.
    column : str
        `planning_unit` or `district_code`; empty for the whole city.
    areas : DataFrame, optional
        The table of units or districts by id, with `name`, `unit_type`, geometry or `plot_area_m2`.
    goals : Goals
        Shares to be reached.
    gains : Mapping of str to float
        By how much new `residential` and `public` building betters the codes of 2016, 0 to 1.

    Returns
    -------
    DataFrame
        One row for each area of the table and each that parcels name; shares are NaN where nothing new is built.
    """
    group = parcels[column] if column else pd.Series("", index=parcels.index, dtype="str")
    kept = parcels[group != ""] if column else parcels
    group = group.loc[kept.index]
    index = pd.Index(sorted({*group.unique(), *(areas.index if areas is not None else ())}), dtype="str")
    out = pd.DataFrame(index=index)
    if areas is not None:
        for name in ("name", "unit_type", "district_code"):
            if name in areas.columns and name != column:
                out[name] = areas[name].reindex(index)
        out["area_km2"] = _area_m2(areas).reindex(index) / M2_PER_KM2

    def total(values: pd.Series[Any]) -> pd.Series[float]:
        return values.groupby(group).sum().reindex(index).fillna(0.0).astype(float)

    area, level = kept["civil_m2"], kept["level"]
    civil = total(area)
    out["new_parcels"] = total(kept["civil"].astype(int)).astype(int)
    out["new_gfa_m2"] = civil
    every = civil.where(civil > 0)
    for name, stars in BY_LEVEL.items():
        out[name] = total(area.where(level == stars, 0.0)) / every
    out["star_share"] = total(area.where(level >= ONE_STAR, 0.0)) / every
    out["two_star_share"] = total(area.where(level >= TWO_STARS, 0.0)) / every
    out["two_star_share_by_rules"] = total(area.where(kept["ruled_level"] >= TWO_STARS, 0.0)) / every
    out["voluntary_m2"] = total(area.where(kept["voluntary"], 0.0))
    out["prefabricated_share"] = total(area.where(kept["prefabricated"], 0.0)) / every
    out["assembly_rate"] = _mean(kept["assembly_rate"], area, total)
    housing = total(kept["residential_m2"])
    fitted = total(kept["residential_m2"].where(kept["fully_fitted"], 0.0))
    out["fully_fitted_share"] = fitted / housing.where(housing > 0)
    out["ultra_low_energy_m2"] = total(kept["ultra_low_energy_m2"])
    out["pv_coverage"] = _mean(kept["pv_coverage"], kept["gfa_m2"].fillna(0.0), total)
    out["pv_required_kwp"] = total(kept["pv_required_kwp"].fillna(0.0))
    out["solar_heat_m2"] = total(area.where(kept["solar_heat"], 0.0))
    out["ground_source_share"] = total(area.where(kept["ground_source"].isin(SUITABLE), 0.0)) / every
    gain = kept["residential_m2"] * gains["residential"] + kept["public_m2"] * gains["public"]
    out["efficiency_gain"] = total(gain) / every
    out["green_materials_share"] = _mean(kept["green_materials_share"], area, total)
    for name in ("star_share", "two_star_share", "prefabricated_share", "fully_fitted_share"):
        out[f"{name}_target"] = goals.of(name, column).reindex(index)
    return out


def efficiency_gains(taken: Taken) -> dict[str, float]:
    """By how much the design energy of new building lies below the codes of 2016 (GB 55015-2021 2.0.1), 0 to 1."""
    found = {}
    for kind in ("residential", "public"):
        row = {"target_set": "14FYP", "scope": "national", "indicator": f"new_{kind}_efficiency_gain"}
        found[kind] = taken.number("targets", column="value", **row) / PER_CENT
    return found


def existing_state(
    facts: pd.DataFrame, buildings: pd.DataFrame | None, column: str, index: pd.Index, taken: Taken
) -> pd.DataFrame:
    """Floor area of the civil buildings that stand today, and the share of it with a star. [m²]

    Parameters
    ----------
    facts : DataFrame, indexed by parcel_id
        `new` and the column of the areas.
    buildings : DataFrame, optional
        `parcel_id`, `use`, `gfa_m2`, `green_star`.
    column : str
        `planning_unit` or `district_code`; empty for the whole city.
    index : Index
        Areas.
    taken : Taken
        Numbers in force.
    """
    out = pd.DataFrame({"existing_gfa_m2": 0.0, "existing_star_share": np.nan}, index=index)
    if buildings is None or "green_star" not in buildings.columns:
        return out
    table = (
        taken.standards.table("land_use_codes").drop_duplicates("building_type").set_index("building_type")
    )
    at = facts.reindex(buildings["parcel_id"]).set_axis(buildings.index)
    civil = buildings["use"].map(table["civil"]).isin(("yes", "station_only"))
    kept = buildings[civil & at["new"].eq(False)]
    group = at.loc[kept.index, column] if column else pd.Series("", index=kept.index, dtype="str")
    area = kept["gfa_m2"].fillna(0.0)
    star = kept["green_star"].astype("string").fillna("none").map(STARS).fillna(-1) >= ONE_STAR
    total = area.groupby(group).sum().reindex(index).fillna(0.0)
    out["existing_gfa_m2"] = total
    out["existing_star_share"] = area.where(star, 0.0).groupby(group).sum().reindex(index).fillna(
        0.0
    ) / total.where(total > 0)
    return out


def _mean(values: pd.Series[float], weight: pd.Series[float], total: Any) -> pd.Series[float]:
    """Mean of the known values of an area by weight; NaN where none is known."""
    known = total(weight.where(values.notna(), 0.0))
    found: pd.Series[float] = total((values * weight).fillna(0.0)) / known.where(known > 0)
    return found


def _area_m2(areas: pd.DataFrame) -> pd.Series[float]:
    """Size of planning units or districts: as given, else of their outline. [m²]"""
    outline = areas.geometry.area if hasattr(areas, "geometry") else pd.Series(np.nan, index=areas.index)
    given = areas["plot_area_m2"].astype(float) if "plot_area_m2" in areas.columns else outline
    return given.fillna(outline)
