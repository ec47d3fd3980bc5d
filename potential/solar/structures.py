"""Structures with PV that are no ordinary roof: their buildings' roofs and their open-air places, summed together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.jobs import Job
from layers.city import City
from potential.solar.classes import SolarClass, of_class, solar_classes
from potential.solar.economics import levelised_cost, with_costs
from potential.solar.prices import WATT_PER_KW, Life, life_of
from potential.solar.pv_numbers import Worth, worth_of
from potential.solar.pv_sums import pv_columns, summed_names
from potential.solar.roof_pv import roof_pv
from potential.solar.rooftop_numbers import RooftopNumbers
from potential.solar.sharing import HeatOnRoofs, SharingSettings
from potential.solar.spread import city_levels, parcel_levels
from potential.sums import GRADES, graded, of_most_weight, ratio, summed_by_parcel, totals_of
from standards import Number, Taken
from sun.site import Site

CRITERIA = {
    "specific_yield": "low yield",
    "shading_loss": "shade of neighbours",
    "capacity": "small structure",
}
# Tables behind the roofs of both classes, and behind what a kilowatt-hour is worth.
ROOF_STANDARDS = (
    "pv_parameters",
    "pv_roof",
    "roof_planes",
    "pv_safety_rules",
    "safety_conditions",
    "hot_water",
    "hot_water_rules",
    "dhw_norms",
    "solar_heat",
    "solar_thermal_parameters",
    "heat_source_efficiency",
    "rooftop_grades",
    "grid_factors",
    "energy_conversion",
    "costs",
    "pv_economics",
)
MONTHS = [f"kwh_{month:02d}" for month in range(1, 13)]


@dataclass(frozen=True)
class Ground:
    """What structures of a city are computed from: site, numbers, roofs of all buildings, and their classes."""

    site: Site
    numbers: RooftopNumbers
    worth: Worth
    taken: Taken
    heat: HeatOnRoofs
    roofs: pd.DataFrame
    classes: pd.Series[str]
    life: Life

    @property
    def used(self) -> tuple[Number, ...]:
        """Every number used, with its source."""
        heat = (*self.heat.numbers.used, *self.heat.water.numbers)
        return tuple(dict.fromkeys((*self.numbers.used, *heat, *self.taken.used)))


def ground_of(city: City, settings: SharingSettings, job: Job) -> Ground:
    """Site, roofs and classes of a city; roofs as rooftop PV finds them.

    Raises
    ------
    UserError
        Where buildings or weather are missing.
    """
    roofs = roof_pv(city, settings, job)
    taken = Taken(city.standards)
    worth = worth_of(taken, city, settings.electricity_basis)
    classes = solar_classes(city)
    return Ground(
        roofs.site, roofs.numbers, worth, taken, roofs.heat, roofs.buildings, classes, life_of(taken)
    )


def roofs_of_class(city: City, ground: Ground, chosen: SolarClass, prefix: str) -> pd.DataFrame:
    """Roofs of the buildings of a class, in the columns of the class."""
    ids = of_class(city.tables["building"], ground.classes, chosen)
    roofs = ground.roofs.loc[ids]
    own = ["kwp", "kwh_per_year", "p90_kwh_per_year", "p10_kwh_per_year", "yield_kwh_per_kwp"]
    own += [f"kwh_month_{month:02d}" for month in range(1, 13)]
    names = {"module_m2": f"{prefix}_m2"} | {f"pv_{name}": f"{prefix}_{name}" for name in own}
    names |= {name: f"{prefix}_{name}" for name in ("saved_kgce_per_year", "avoided_tco2_per_year")}
    kept = ["parcel_id", *names, "safety_state", "safety_reason", "safety_checks", "grade", "reason"]
    return priced(roofs[kept].rename(columns=names), ground, prefix, "pv_ci_roof")


def priced(rows: pd.DataFrame, ground: Ground, prefix: str, cost: str) -> pd.DataFrame:
    """Rows with what they cost, by a row of the table of costs."""
    per_watt = ground.taken.number("costs", key=cost, item="capex", unit="CNY/W")
    return with_costs(rows, prefix, rows[f"{prefix}_kwp"] * WATT_PER_KW * per_watt, ground.life)


def open_air_rows(
    ground: Ground,
    prefix: str,
    parcel_id: pd.Series[Any],
    kwp: NDArray[np.float64],
    shone: pd.DataFrame,
    upright: NDArray[np.bool_] | None = None,
) -> pd.DataFrame:
    """Potential of open-air places, in the columns of the class; new structures, so each awaits its design check.

    Where the capacity is not known (NaN) there is none, and no grade. Upright modules are graded as those on walls.
    """
    known = np.nan_to_num(kwp)
    monthly = shone[MONTHS].to_numpy() * known[:, None]
    frame = pd.DataFrame(
        {
            "parcel_id": parcel_id,
            f"{prefix}_m2": np.round(known / ground.numbers.kwp_per_module_m2),
            **pv_columns(prefix, known, monthly, ground.worth, ground.numbers.spread),
            "safety_state": "to_check",
            "safety_reason": "a new structure; to be checked in design",
        },
        index=shone.index,
    )
    lost = 1 - shone["irradiation"].to_numpy() / np.maximum(shone["open"].to_numpy(), 1e-9)
    values = {
        "specific_yield": frame[f"{prefix}_yield_kwh_per_kwp"],
        "shading_loss": np.clip(lost, 0, 1),
        "capacity": frame[f"{prefix}_kwp"],
    }
    rank, reason = graded(values, ground.numbers.grades, CRITERIA)
    if upright is not None and upright.any():
        walls = graded(values, ground.taken.standards.table("facade_grades"), CRITERIA)
        rank, reason = np.where(upright, walls[0], rank), np.where(upright, walls[1], reason)
    none = (frame[f"{prefix}_kwp"] <= 0).to_numpy()
    rank[none], reason[none] = GRADES.index("unsuitable"), "no room for modules"
    grade = np.array(GRADES, dtype=object)[rank]
    grade[np.isnan(kwp)], reason[np.isnan(kwp)] = "", "size not known"
    return priced(frame.assign(grade=grade, reason=reason), ground, prefix, "pv_carport")


def parcel_results(
    rows: pd.DataFrame, parcels: gpd.GeoDataFrame | None, prefix: str, ground: Ground, nothing: str
) -> pd.DataFrame:
    """Potential of every parcel: sums of its structures, and the grade of most of their capacity.

    A parcel without any has no grade; `nothing` says why.
    """
    frame = summed_by_parcel(rows, parcels, [f"{prefix}_m2", *summed_names(prefix)])
    frame = frame.assign(**parcel_levels(rows, frame, prefix, ground.numbers.spread))
    inside = rows[rows["parcel_id"].isin(frame.index)]
    frame[f"{prefix}_yield_kwh_per_kwp"] = ratio(frame[f"{prefix}_kwh_per_year"], frame[f"{prefix}_kwp"])
    capex, kwp, kwh = (frame[f"{prefix}_{name}"] for name in ("capex_yuan", "kwp", "kwh_per_year"))
    frame[f"{prefix}_lcoe_yuan_per_kwh"] = levelised_cost(capex, kwp, kwh, ground.life)
    weight = inside[f"{prefix}_kwp"] + 1e-6
    chosen = of_most_weight(inside, ["grade", "reason"], weight)
    frame["grade"] = chosen["grade"].reindex(frame.index, fill_value="")
    frame["reason"] = chosen["reason"].reindex(frame.index, fill_value=nothing)
    safe = of_most_weight(inside, ["safety_state"], weight)
    frame["safety_state"] = safe["safety_state"].reindex(frame.index)
    return frame


def structure_totals(
    rows: Mapping[str, pd.DataFrame], by_parcel: pd.DataFrame, prefix: str, ground: Ground
) -> dict[str, float]:
    """Sums over the city, of all kinds of rows together, and how many there are of each kind."""
    whole = pd.concat([frame.reset_index(drop=True) for frame in rows.values()])
    names = [*summed_names(prefix), f"{prefix}_m2"]
    counts = {f"{prefix}_{kind}": float(len(frame)) for kind, frame in rows.items()}
    spread = ground.numbers.spread
    return {**counts, **totals_of(whole, by_parcel, names), **city_levels(whole, prefix, spread)}
