"""PV systems that exist: what a city's register would hold, with some stopped, some removed and one overdue."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

MOST = 40
KWP_PER_M2 = {"flat": 0.04, "metal": 0.10, "pitched": 0.025}  # of the footprint, as such systems are built
LARGEST_KWP = 1_200.0
FIRST_YEAR, LAST_YEAR = 2014, 2025
SHUTDOWN_YEAR = 2020  # before it inverters seldom came with rapid shutdown


def pv_assets(rng: np.random.Generator, buildings: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Systems on roofs whose structural check was passed, as points."""
    able = buildings[(buildings["structural_check"] == "passed") & ~buildings["planned_demolition"]]
    chosen = able.iloc[np.sort(rng.choice(len(able), min(MOST, len(able)), replace=False))]
    count = len(chosen)
    share = rng.uniform(0.4, 0.9, count) * chosen["roof_type"].map(KWP_PER_M2).to_numpy()
    built = chosen["year_built"].to_numpy().astype(int)
    year = rng.integers(np.maximum(built, FIRST_YEAR), LAST_YEAR + 1)
    state = np.full(count, "operating", dtype=object)
    state[3::13] = "stopped"
    state[8::17] = "removed"
    chance = rng.random((3, count))
    answers = {
        "rapid_shutdown": np.where(year < SHUTDOWN_YEAR, np.where(chance[0] < 0.5, "no", "unknown"), "yes"),
        "firm_fixing": np.where(chance[1] < 0.9, "yes", "unknown"),
        "waterproof": np.select([chance[2] < 0.85, chance[2] < 0.95], ["yes", "unknown"], "no"),
    }
    gone = state == "removed"
    due = np.full(count, None, dtype=object)
    removed = due.copy()
    removed[gone] = "2024-08-15"
    due[gone] = "2024-09-30"
    due[np.flatnonzero(state == "stopped")[:1]] = "2025-06-30"
    data = {
        "name": [f"{name}光伏" for name in chosen["name"]],
        "building_id": chosen.index.to_numpy(),
        "parcel_id": chosen["parcel_id"].to_numpy(),
        "installed_kwp": np.round(np.minimum(share * chosen["footprint_m2"].to_numpy(), LARGEST_KWP), 1),
        "commissioned_year": year,
        "asset_state": state,
        "removal_due": due,
        "removed_on": removed,
        **answers,
    }
    ids = pd.Index([f"GF-{n + 1:03d}" for n in range(count)], name="pv_asset_id")
    places = shapely.point_on_surface(chosen.geometry.to_numpy())
    return gpd.GeoDataFrame(data, geometry=places, index=ids)
