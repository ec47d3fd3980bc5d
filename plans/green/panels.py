"""Panels: the roof that planned buildings will have, and the capacity on it that the demanded coverage means."""

from __future__ import annotations

import numpy as np
import pandas as pd

from standards import Taken

METAL = "metal"
CASES = {METAL: "flush metal"}  # of kwp_per_covered_roof, by type of roof
OTHER_CASE = "flat tilted"


def required_panels(facts: pd.DataFrame, coverage: pd.Series[float], taken: Taken) -> pd.DataFrame:
    """Roof and capacity of panels that the demanded coverage means for every parcel.

    Parameters
    ----------
    facts : DataFrame, indexed by parcel_id
        `plot_area_m2`, `building_density` (0 to 1) and `use`, by which the type of roof is known.
    coverage : Series
        Share of the roof that is to be covered, NaN where none is demanded.
    taken : Taken
        Numbers in force.

    Returns
    -------
    DataFrame
        `planned_roof_m2` (plot times building density) and `pv_required_kwp`, NaN where they are not known. [m²], [kWp]
    """
    table = taken.standards.table("roof_type_defaults")
    types = {use: str(row["roof_type"]) for _, row in table.iterrows() for use in str(row["uses"]).split(";")}
    case = facts["use"].map(types).map(CASES).fillna(OTHER_CASE)
    demanded = coverage.notna() & (coverage > 0)
    density = {name: taken.parameter("kwp_per_covered_roof", name) for name in sorted(set(case[demanded]))}
    roof = facts["plot_area_m2"] * facts["building_density"]
    kwp = (roof * coverage * case.map(density).astype(float)).where(demanded, np.nan)
    return pd.DataFrame({"planned_roof_m2": roof, "pv_required_kwp": kwp}, index=facts.index)
