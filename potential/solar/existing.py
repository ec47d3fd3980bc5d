"""PV that roofs carry already: what is in use, and how much of the potential that leaves."""

from __future__ import annotations

import pandas as pd

from layers.city import City
from layers.pv_assets import in_use_by_building

COLUMNS = ("pv_existing_kwp", "pv_remaining_kwp")


def with_existing(by_building: pd.DataFrame, city: City) -> pd.DataFrame:
    """Results of buildings with the capacity in use and what is left of the potential, not below none."""
    existing = in_use_by_building(city.tables).reindex(by_building.index).fillna(0.0).round(1)
    left = (by_building["pv_kwp"] - existing).clip(lower=0.0).round(1)
    return by_building.assign(pv_existing_kwp=existing, pv_remaining_kwp=left)
