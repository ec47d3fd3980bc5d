"""Results of facade PV: tables per wall, building and parcel whose sums agree to the last digit."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from potential.solar.economics import levelised_cost, with_costs
from potential.solar.facade_numbers import FacadeNumbers
from potential.solar.pv_sums import pv_columns, summed_names
from potential.solar.safe_grades import with_safety
from potential.solar.safety import Safety
from potential.solar.spread import Spread, city_levels, parcel_levels
from potential.sums import GRADES, graded, nothing_there, of_most_weight, ratio, summed_by_parcel, totals_of
from sun.wall_sun import MONTHS
from sun.walls import Walls

PREFIX = "facade"
SUMS = ["facade_m2", "facade_usable_m2", *summed_names(PREFIX)]
CRITERIA = {
    "specific_yield": "low yield",
    "shading_loss": "shade of neighbours",
    "capacity": "small wall",
}


def wall_results(
    walls: Walls,
    levels: pd.DataFrame,
    performance: NDArray[np.float64],
    buildings: gpd.GeoDataFrame,
    states: pd.DataFrame,
    numbers: FacadeNumbers,
) -> pd.DataFrame:
    """Potential of every wall.

    Parameters
    ----------
    walls : Walls
        Outer walls.
    levels : DataFrame
        What falls on their storeys.
    performance : ndarray, shape (walls, 12)
        Performance ratio of upright modules in each month.
    buildings : GeoDataFrame
        With `use`.
    states : DataFrame
        Safety of each building.
    numbers : FacadeNumbers
        Numbers in force.

    Returns
    -------
    DataFrame
        The columns of `Walls.walls` with `area_m2` (bare, windows included), `irradiation` of it, `open` (the same
        unshaded), `lit_light` (irradiation of the modules), `module_m2`, `kwp` and `kwh_01` to `kwh_12`.
    """
    table = walls.walls
    count = len(table)
    of_level = levels["wall"].to_numpy()

    def total(values: Any) -> NDArray[np.float64]:
        return np.bincount(of_level, weights=np.asarray(values, dtype=float), minlength=count).astype(float)

    azimuth = table["azimuth_deg"].to_numpy()
    owner = table["building"].to_numpy()
    excluded = states["safety_state"].to_numpy()[owner] == str(Safety.EXCLUDED)
    use = buildings["use"].to_numpy(dtype=object)[owner]
    lowest = (levels["level"] == 0).to_numpy() & ~table["hangs"].to_numpy()[of_level]
    windows = numbers.windows(use[of_level], azimuth[of_level], lowest)
    room = levels["lit_m2"].to_numpy() * (1 - windows) * numbers.use_factor  # for modules on every storey
    modules = np.where(numbers.faces_north(azimuth) | excluded, 0.0, total(room))
    modules = np.where(modules >= numbers.least_wall_m2, modules, 0.0)
    kwp = modules * numbers.kwp_per_module_m2
    light = np.column_stack([total(levels[name] * room) for name in MONTHS])
    light /= np.maximum(total(room), 1e-9)[:, None]
    energy = kwp[:, None] * light * performance
    area = total(levels["area_m2"])
    return table.assign(
        area_m2=area,
        irradiation=ratio(total(levels["irradiation"] * levels["area_m2"]), area),
        open=levels.loc[levels["level"] == 0, "open"].to_numpy(),
        lit_light=light.sum(axis=1),
        module_m2=modules,
        kwp=kwp,
        **{f"kwh_{month + 1:02d}": energy[:, month] for month in range(12)},
    )


def building_results(
    buildings: gpd.GeoDataFrame, by_wall: pd.DataFrame, states: pd.DataFrame, numbers: FacadeNumbers
) -> pd.DataFrame:
    """Potential of the walls of every building."""
    owner, count = by_wall["building"].to_numpy(), len(buildings)

    def total(values: Any) -> NDArray[np.float64]:
        return np.bincount(owner, weights=np.asarray(values, dtype=float), minlength=count).astype(float)

    kwp = total(by_wall["kwp"])
    monthly = np.column_stack([total(by_wall[f"kwh_{month:02d}"]) for month in range(1, 13)])
    area, modules = total(by_wall["area_m2"]), total(by_wall["module_m2"])
    shaded = 1 - ratio(total(by_wall["lit_light"] * by_wall["kwp"]), total(by_wall["open"] * by_wall["kwp"]))
    frame = pd.DataFrame(
        {
            "parcel_id": buildings.get("parcel_id", ""),
            "facade_m2": np.round(area),
            "facade_usable_m2": np.round(modules),
            "facade_irradiation_kwh_per_m2": ratio(total(by_wall["irradiation"] * by_wall["area_m2"]), area),
            "facade_shading_loss": np.clip(shaded, 0.0, 1.0),
            **pv_columns(PREFIX, kwp, monthly, numbers.worth, numbers.spread),
            "safety_state": states["safety_state"],
            "safety_reason": states["safety_reason"],
        },
        index=buildings.index,
    )
    frame = with_costs(frame, PREFIX, frame["facade_kwp"] * numbers.yuan_per_kwp, numbers.life)
    return frame.assign(**_grades(frame, states, numbers))


def _grades(frame: pd.DataFrame, states: pd.DataFrame, numbers: FacadeNumbers) -> dict[str, Any]:
    """Grade and reason of every building."""
    values = {
        "specific_yield": frame["facade_yield_kwh_per_kwp"],
        "shading_loss": frame["facade_shading_loss"],
        "capacity": frame["facade_kwp"],
    }
    worst, reason = graded(values, numbers.grades, CRITERIA)
    none = (frame["facade_kwp"] <= 0).to_numpy()
    worst[none], reason[none] = GRADES.index("unsuitable"), "no sunny wall left"
    return with_safety(worst, reason, states, none, tall=states["too_tall"].to_numpy())


def parcel_results(
    by_building: pd.DataFrame, parcels: gpd.GeoDataFrame | None, numbers: FacadeNumbers
) -> pd.DataFrame:
    """Potential of every parcel: the sums of its buildings, and the grade of most of its capacity."""
    frame = summed_by_parcel(by_building, parcels, SUMS)
    frame = frame.assign(**parcel_levels(by_building, frame, PREFIX, numbers.spread))
    inside = by_building[by_building["parcel_id"].isin(frame.index)]
    groups = inside.groupby("parcel_id").size()
    frame.insert(0, "buildings", groups.reindex(frame.index, fill_value=0).astype(int))
    shone = (inside["facade_irradiation_kwh_per_m2"] * inside["facade_m2"]).groupby(inside["parcel_id"]).sum()
    frame["facade_irradiation_kwh_per_m2"] = ratio(shone.reindex(frame.index), frame["facade_m2"])
    frame["facade_yield_kwh_per_kwp"] = ratio(frame["facade_kwh_per_year"], frame["facade_kwp"])
    capex, kwp, kwh = (frame[f"facade_{name}"] for name in ("capex_yuan", "kwp", "kwh_per_year"))
    frame["facade_lcoe_yuan_per_kwh"] = levelised_cost(capex, kwp, kwh, numbers.life)
    weight = inside["facade_kwp"] + 1e-6 * inside["facade_m2"]
    chosen = of_most_weight(inside, ["grade", "reason"], weight)
    frame["grade"] = chosen["grade"].reindex(frame.index, fill_value="")
    frame["reason"] = (
        chosen["reason"].reindex(frame.index).fillna(nothing_there(parcels, frame.index, "no building"))
    )
    safe = of_most_weight(inside, ["safety_state"], weight)
    frame["safety_state"] = safe["safety_state"].reindex(frame.index)
    return frame


def facade_totals(by_building: pd.DataFrame, by_parcel: pd.DataFrame, spread: Spread) -> dict[str, float]:
    """Sums over the city."""
    names = [*summed_names(PREFIX), "facade_m2", "facade_usable_m2"]
    return {
        "buildings": float(len(by_building)),
        **totals_of(by_building, by_parcel, names),
        **city_levels(by_building, PREFIX, spread),
    }


def wall_table(
    by_wall: pd.DataFrame, levels: pd.DataFrame, buildings: gpd.GeoDataFrame, crs: CRS
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """A line for every wall that carries modules, and the storeys of these walls."""
    used = np.flatnonzero(by_wall["kwp"].to_numpy() > 0)
    chosen = by_wall.iloc[used]
    owner = buildings.index.to_numpy()[chosen["building"].to_numpy()]
    number = chosen.groupby("building").cumcount().to_numpy() + 1
    ids = pd.Index([f"{one}-W{n}" for one, n in zip(owner, number, strict=True)], name="wall_id")
    months = [f"kwh_{month:02d}" for month in range(1, 13)]
    year = chosen[months].sum(axis=1).to_numpy()
    ends = chosen[["x0", "y0", "x1", "y1"]].to_numpy().reshape(-1, 2, 2)
    lines = gpd.GeoDataFrame(
        {
            "building_id": owner,
            "wall_azimuth_deg": chosen["azimuth_deg"].round(1).to_numpy(),
            "length_m": chosen["length_m"].round(1).to_numpy(),
            "wall_height_m": (chosen["top_m"] - chosen["bottom_m"]).round(1).to_numpy(),
            "facade_m2": chosen["area_m2"].round(1).to_numpy(),
            "facade_usable_m2": chosen["module_m2"].round(1).to_numpy(),
            "facade_irradiation_kwh_per_m2": chosen["irradiation"].round(1).to_numpy(),
            "facade_kwp": chosen["kwp"].round(2).to_numpy(),
            "facade_kwh_per_year": np.round(year),
        },
        geometry=shapely.linestrings(ends),
        crs=crs,
        index=ids,
    )
    place = np.full(len(by_wall), -1, dtype=np.int64)
    place[used] = np.arange(len(used))
    of_level = place[levels["wall"].to_numpy()]
    storeys = levels[of_level >= 0]
    wall_id, storey = ids.to_numpy()[of_level[of_level >= 0]], storeys["level"].to_numpy() + 1
    plain = pd.DataFrame(
        {
            "wall_id": wall_id,
            "wall_level": storey,
            "facade_m2": storeys["area_m2"].round(1).to_numpy(),
            "facade_lit_m2": storeys["lit_m2"].round(1).to_numpy(),
            "facade_irradiation_kwh_per_m2": storeys["irradiation"].round(1).to_numpy(),
        },
        index=pd.Index([f"{one}-{n}" for one, n in zip(wall_id, storey, strict=True)], name="wall_level_id"),
    )
    return lines, plain
