"""Classes of buildings for PV: roofs, ancillary structures and municipal facilities; no building is in two of them."""

from __future__ import annotations

from enum import StrEnum

import geopandas as gpd
import numpy as np
import pandas as pd

from layers.city import City
from standards import Standards


class SolarClass(StrEnum):
    """Under which heading of the plan a building's PV counts."""

    ROOF = "roof"  # 屋顶
    ANCILLARY = "ancillary"  # 附属设施
    MUNICIPAL = "municipal"  # 市政公用设施


def solar_classes(city: City) -> pd.Series[str]:
    """Class of every building, by its use, the use of its parcel, and the words of its name.

    What stands on municipal ground is municipal, whatever it is called; a guard house elsewhere is ancillary.
    """
    buildings = city.tables["building"]
    use = buildings["use"].astype(object)
    municipal = is_municipal(use, city.standards) | is_municipal(use_of_parcel(city), city.standards)
    ancillary = pd.Series(False, index=buildings.index)
    if "name" in buildings:
        name = buildings["name"].astype(object).where(buildings["name"].notna(), "").astype(str)
        for word in _words(city.standards, "name", SolarClass.ANCILLARY):
            ancillary |= name.str.contains(word, regex=False)
    chosen = np.select([municipal, ancillary], [SolarClass.MUNICIPAL, SolarClass.ANCILLARY], SolarClass.ROOF)
    return pd.Series(chosen.astype(str), index=buildings.index)


def is_municipal(use: pd.Series[str], standards: Standards) -> pd.Series[bool]:
    """Which uses are municipal facilities."""
    found: pd.Series[bool] = use.isin(_words(standards, "use", SolarClass.MUNICIPAL))
    return found


def kinds_of_parking(standards: Standards) -> list[str]:
    """Kinds of facilities whose stalls count as municipal, whatever parcel they stand on."""
    return _words(standards, "facility", SolarClass.MUNICIPAL)


def use_of_parcel(city: City) -> pd.Series[str]:
    """Use of the parcel on which each building stands; empty where it stands on none."""
    buildings, parcels = city.tables["building"], city.tables.get("parcel")
    if parcels is None or "use" not in parcels or "parcel_id" not in buildings:
        return pd.Series("", index=buildings.index)
    found: pd.Series[str] = buildings["parcel_id"].map(pd.Series(parcels["use"])).fillna("")
    return found


def of_class(buildings: gpd.GeoDataFrame, classes: pd.Series[str], chosen: SolarClass) -> pd.Index:
    """Ids of the buildings of a class."""
    ids: pd.Index = buildings.index[(classes == str(chosen)).to_numpy()]
    return ids


def _words(standards: Standards, by: str, chosen: SolarClass) -> list[str]:
    table = standards.table("solar_classes")
    return [str(word) for word in table.loc[(table["by"] == by) & (table["class"] == str(chosen)), "word"]]
