"""Results of rooftop PV: tables per building and parcel whose sums agree to the last digit."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from potential.solar.existing import COLUMNS as EXISTING
from potential.solar.roof_sun import RoofSun
from potential.solar.roofs import seen_from_above
from potential.solar.rooftop_numbers import RooftopNumbers
from potential.solar.safe_grades import with_safety
from potential.solar.safety import Safety
from potential.solar.spread import city_levels, levels, parcel_levels
from potential.sums import GRADES, graded, nothing_there, of_most_weight, ratio

MONTHS = [f"pv_kwh_month_{month:02d}" for month in range(1, 13)]

# What is added up over parcels and the city. Whole kWh, tenths of kW, square metres: their sums are exact.
SUMS = [
    "roof_m2",
    "roof_usable_m2",
    "heat_roof_m2",
    "module_m2",
    "pv_kwp",
    *EXISTING,
    "pv_kwh_per_year",
    "pv_mean_kwh_per_year",
    "pv_capex_yuan",
    "pv_emc_saving_yuan_per_year",
    "pv_roof_rent_yuan_per_year",
    "saved_kgce_per_year",
    *MONTHS,
]
DECIMALS = {"pv_kwp": 1, **dict.fromkeys(EXISTING, 1), "avoided_tco2_per_year": 3}
# Why a grade is not better, by the criterion that decides.
CRITERIA = {
    "specific_yield": "low yield",
    "shading_loss": "shade of neighbours",
    "capacity": "small roof",
}


def building_results(
    buildings: gpd.GeoDataFrame,
    sun: RoofSun,
    states: pd.DataFrame,
    numbers: RooftopNumbers,
    heat_share: NDArray[np.float64] | None = None,
) -> pd.DataFrame:
    """Potential of every building.

    Parameters
    ----------
    buildings : GeoDataFrame
        With `use`, `roof_type` and `parcel_id`.
    sun : RoofSun
        Roof planes with what the sun gives them and modules on them yield.
    states : DataFrame
        Safety of each building.
    numbers : RooftopNumbers
        Numbers in force.
    heat_share : ndarray, shape (buildings,), optional
        Share of the usable roof that collectors for hot water take; none without it.
    """
    planes, kwh_per_kwp = sun.planes, sun.kwh_per_kwp
    owner = planes["building"].to_numpy()
    count = len(buildings)
    placed = on_planes(buildings, planes, states, numbers)
    usable = placed["usable_m2"].to_numpy()
    left = 1.0 if heat_share is None else 1.0 - heat_share[owner]
    modules, kwp = placed["module_m2"].to_numpy() * left, placed["kwp"].to_numpy() * left

    def total(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(owner, weights=values, minlength=count).astype(float)

    plan = planes["plan_m2"].to_numpy()
    area = seen_from_above(buildings)
    # The plane that gives most speaks for the roof; of a roof without modules, the sunniest.
    best = _largest(owner, kwp * kwh_per_kwp.sum(axis=1) + planes["open"].to_numpy() * 1e-9, count)
    capacity = np.round(total(kwp), 1)
    monthly = np.column_stack([total(kwp * kwh_per_kwp[:, month]) for month in range(12)])
    monthly = np.round(monthly * (capacity / np.maximum(total(kwp), 1e-9))[:, None])
    year = monthly.sum(axis=1)
    frame = pd.DataFrame(
        {
            "parcel_id": buildings.get("parcel_id", ""),
            "roof_m2": np.round(area),
            "roof_usable_m2": np.round(total(usable)),
            "roof_usable_share": ratio(total(usable), area),
            "module_m2": np.round(total(modules)),
            "module_tilt_deg": _at(planes["module_tilt_deg"].to_numpy(), best),
            "module_azimuth_deg": _at(planes["module_azimuth_deg"].to_numpy(), best),
            "irradiation_kwh_per_m2": ratio(total(planes["irradiation"].to_numpy() * plan), total(plan)),
            "shading_loss": 1
            - ratio(total(planes["irradiation"].to_numpy() * plan), total(planes["open"].to_numpy() * plan)),
            "pv_kwp": capacity,
            "pv_kwh_per_year": year,
            **levels("pv", year, numbers.spread.one),
            "pv_yield_kwh_per_kwp": ratio(year, capacity),
            "pv_kwh_per_roof_m2": ratio(year, area),
            "saved_kgce_per_year": np.round(year * numbers.worth.kgce_per_kwh),
            "avoided_tco2_per_year": np.round(year * numbers.worth.kgco2_per_kwh / 1000, 3),
            **{name: monthly[:, month] for month, name in enumerate(MONTHS)},
            "safety_state": states["safety_state"],
            "safety_reason": states["safety_reason"],
            "safety_checks": states["safety_checks"],
        },
        index=buildings.index,
    )
    frame["shading_loss"] = frame["shading_loss"].clip(0.0, 1.0)
    graded = grades_of(frame, states, numbers)
    return frame.assign(grade=graded["grade"], reason=graded["reason"])


def on_planes(
    buildings: gpd.GeoDataFrame, planes: pd.DataFrame, states: pd.DataFrame, numbers: RooftopNumbers
) -> pd.DataFrame:
    """What each plane can carry: `usable_m2` and `module_m2` (along the slope), `kwp`; parameters as above.

    The free share of the tables holds obstructions and what else takes a roof: other equipment, terraces, owners who
    do not join. On a measured roof the obstructions are cut out already, so it is taken less their part.
    """
    owner = planes["building"].to_numpy()
    kind = buildings["roof_type"].to_numpy(dtype=object)
    use = buildings["use"].to_numpy(dtype=object)
    free = np.array([numbers.free_share[pair] for pair in zip(use, kind, strict=True)])[owner]
    beside_obstructions = np.minimum(free / numbers.plane_rules.left_by_obstructions, 1.0)
    tilt = planes["tilt_deg"].to_numpy()
    lit = planes["lit_share"].to_numpy() * allowed(planes, kind[owner], numbers)
    room = planes["usable_m2"].to_numpy() / np.cos(np.radians(tilt)) * lit
    usable = np.where(room >= numbers.plane_rules.least_m2, room, 0.0)
    usable *= np.where(planes["measured"].to_numpy(), beside_obstructions, free)
    usable[states["safety_state"].to_numpy()[owner] == str(Safety.EXCLUDED)] = 0.0
    modules = usable * np.where(tilt == 0.0, numbers.cover["flat"], numbers.cover["pitched"])
    return pd.DataFrame(
        {"usable_m2": usable, "module_m2": modules, "kwp": modules * numbers.kwp_per_module_m2},
        index=planes.index,
    )


def allowed(planes: pd.DataFrame, kind: NDArray[np.object_], numbers: RooftopNumbers) -> NDArray[np.float64]:
    """1 for planes that may carry modules, 0 for those that face north or are too steep.

    Of the two halves of a pitched roof drawn from a footprint only the sunnier carries modules: which half
    is free of chimneys, heaters and dormers is not known. On a measured roof it is.
    """
    tilt, azimuth = planes["tilt_deg"].to_numpy(), planes["azimuth_deg"].to_numpy()
    north = (tilt > 10.0) & ((azimuth >= numbers.north_from_deg) | (azimuth <= numbers.north_to_deg))
    good = ~north & (tilt <= numbers.plane_rules.steepest_deg)
    pitched = (kind == "pitched") & (tilt > 0) & ~planes["measured"].to_numpy()
    owner = planes["building"].to_numpy()
    best = _largest(owner, planes["open"].to_numpy(), int(owner.max(initial=-1)) + 1)
    sunnier = np.zeros(len(planes), dtype=bool)
    sunnier[best[best >= 0]] = True
    carried: NDArray[np.float64] = (good & (~pitched | sunnier)).astype(float)
    return carried


def grades_of(frame: pd.DataFrame, states: pd.DataFrame, numbers: RooftopNumbers) -> pd.DataFrame:
    """Grade of each building and the criterion that keeps it from a better one.

    The grade is the worst of the criteria of the table `rooftop_grades`; an excluded roof is forbidden, a
    building taller than the limit is conditional at best.
    """
    values = {
        "specific_yield": frame["pv_yield_kwh_per_kwp"],
        "shading_loss": frame["shading_loss"],
        "capacity": frame["pv_kwp"],
    }
    worst, reason = graded(values, numbers.grades, CRITERIA)
    none = (frame["pv_kwp"] <= 0).to_numpy()
    worst[none], reason[none] = GRADES.index("unsuitable"), "no usable roof left"
    graded_safely = with_safety(worst, reason, frame, none, tall=states["too_tall"].to_numpy())
    return pd.DataFrame(graded_safely, index=frame.index)


def parcel_results(
    by_building: pd.DataFrame, parcels: gpd.GeoDataFrame | None, numbers: RooftopNumbers
) -> pd.DataFrame:
    """Potential of every parcel: the sums of its buildings, and the grade of most of its capacity.

    A parcel without buildings has no grade: nothing on it could be judged.
    """
    index = pd.Index([], name="parcel_id") if parcels is None else parcels.index
    inside = by_building[by_building["parcel_id"].isin(index)]
    groups = inside.groupby("parcel_id")
    frame = groups[[*SUMS, "avoided_tco2_per_year"]].sum().reindex(index, fill_value=0.0)
    for name, digits in DECIMALS.items():
        frame[name] = frame[name].round(digits)
    frame = frame.assign(**parcel_levels(by_building, frame, "pv", numbers.spread))
    frame.insert(0, "buildings", groups.size().reindex(index, fill_value=0).astype(int))
    weighted = {
        name: (inside[name] * inside["roof_m2"]).groupby(inside["parcel_id"]).sum().reindex(index)
        / frame["roof_m2"].where(frame["roof_m2"] > 0)
        for name in ("irradiation_kwh_per_m2", "shading_loss")
    }
    frame = frame.assign(**weighted)
    frame["roof_usable_share"] = ratio(frame["roof_usable_m2"], frame["roof_m2"])
    frame["pv_yield_kwh_per_kwp"] = ratio(frame["pv_kwh_per_year"], frame["pv_kwp"])
    frame["pv_kwh_per_roof_m2"] = ratio(frame["pv_kwh_per_year"], frame["roof_m2"])
    chosen = of_most_weight(inside, ["grade", "reason"], inside["pv_kwp"] + 1e-6 * inside["roof_m2"])
    frame["grade"] = chosen["grade"].reindex(index, fill_value="")  # nothing there to grade
    frame["reason"] = chosen["reason"].reindex(index).fillna(nothing_there(parcels, index, "no building"))
    safe = of_most_weight(inside, ["safety_state"], inside["pv_kwp"] + 1e-6 * inside["roof_m2"])
    frame["safety_state"] = safe["safety_state"].reindex(index)
    return frame


def rooftop_options(by_parcel: pd.DataFrame, opex_yuan_per_kwp: float) -> pd.DataFrame:
    """The option of each parcel that has one: rooftop PV up to what the systems in use leave of its capacity."""
    able = by_parcel[by_parcel["pv_remaining_kwp"] > 0]
    left = (able["pv_remaining_kwp"] / able["pv_kwp"]).to_numpy()
    return pd.DataFrame(
        {
            "parcel_id": able.index,
            "technology": "rooftop_pv",
            "most_kw": able["pv_remaining_kwp"].to_numpy(),
            "kwh_per_kw": able["pv_yield_kwh_per_kwp"].to_numpy(),
            "capex_yuan": np.round(able["pv_capex_yuan"].to_numpy() * left),
            "opex_yuan_per_year": np.round(able["pv_remaining_kwp"].to_numpy() * opex_yuan_per_kwp),
            "lcoe_yuan_per_kwh": able["pv_lcoe_yuan_per_kwh"].to_numpy(),
            "avoided_tco2_per_year": np.round(able["avoided_tco2_per_year"].to_numpy() * left, 3),
        },
        index=pd.RangeIndex(len(able), name="option_id"),
    )


def totals_of(
    by_building: pd.DataFrame, by_parcel: pd.DataFrame, numbers: RooftopNumbers
) -> dict[str, float]:
    """Sums over the city, and of them what lies outside all parcels."""
    outside = by_building[~by_building["parcel_id"].isin(by_parcel.index)]
    names = [*SUMS, "avoided_tco2_per_year"]
    whole = {name: round(float(by_building[name].sum()), DECIMALS.get(name, 0)) for name in names}
    beyond = {
        f"outside_{name}": round(float(outside[name].sum()), DECIMALS.get(name, 0))
        for name in ("pv_kwp", "pv_kwh_per_year")
    }
    return {
        "buildings": float(len(by_building)),
        "parcels": float(len(by_parcel)),
        **whole,
        **city_levels(by_building, "pv", numbers.spread),
        "outside_buildings": float(len(outside)),
        **beyond,
    }


def _largest(group: NDArray[np.int64], values: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """Row of the largest value in each group, −1 for groups without rows."""
    order = np.lexsort((values, group))
    found = np.full(count, -1, dtype=np.int64)
    found[group[order]] = order
    return found


def _at(values: NDArray[np.float64], rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Values of some rows, missing for row −1."""
    found = np.full(len(rows), np.nan)
    found[rows >= 0] = values[rows[rows >= 0]]
    return found
