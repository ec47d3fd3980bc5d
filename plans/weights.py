"""Weights by which targets are divided: stock, new building, population or GDP, and potential, by district and unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from layers.city import City
from plans.baseline import Baseline
from plans.stock import EXISTING, NEW, PUBLIC, RESIDENTIAL
from standards import Standards

Numbers = NDArray[np.float64]
GIVEN, STOCK, BUILD = "handed_down", "stock_area", "new_build"
PEOPLE, POTENTIAL, SAME = "population_or_gdp", "potential", "same"
METHODS = (GIVEN, STOCK, BUILD, PEOPLE, POTENTIAL)
PARTS = "sum_of_parts"
OLD = {  # of which old stock the retrofit of an indicator is
    "retrofit_area_residential": ("old_residential_m2",),
    "retrofit_area_public": ("old_public_m2",),
    "retrofit_area": ("old_residential_m2", "old_public_m2"),
}


@dataclass(frozen=True)
class Weights:
    """By what targets are divided, a row for every policy unit of every district; the unit is empty outside all units.

    Parameters
    ----------
    table : DataFrame
        Index (district, unit) with urban civil `stock_m2`, `housing_m2`, the old stock `old_residential_m2` and
        `old_public_m2`, `new_m2` and `people`.
    potential : DataFrame
        The same index; a column for each indicator whose potential is known, in its base unit.
    """

    table: pd.DataFrame
    potential: pd.DataFrame

    def of(self, indicator: str, method: str) -> pd.Series:
        """The weights of an indicator by a method."""
        if method == POTENTIAL:
            if indicator not in self.potential:
                return pd.Series(0.0, index=self.table.index)
            return self.potential[indicator]
        if method == STOCK and indicator in OLD:
            return self.table[list(OLD[indicator])].sum(axis=1)
        return self.table[{STOCK: "stock_m2", BUILD: "new_m2", PEOPLE: "people"}[method]]


def weights_of(
    city: City, base: Baseline, potential: Mapping[str, pd.Series], people: str = "population"
) -> Weights:
    """Weights of the districts and units of a city.

    Parameters
    ----------
    city : City
        With districts and their `population` (or another column, e.g. of GDP) where known.
    base : Baseline
        The stock.
    potential : Mapping of str to Series, by parcel_id
        What each parcel can give of an indicator, in its base unit.
    people : str
        Column of the districts for the method by population or GDP; units of a district share it by housing.
    """
    frame = base.stock.frame
    keys = [frame["district_name"].astype(str), frame["planning_unit"].astype(str)]
    civil = base.stock.mask()
    urban = (frame["settlement"] == "urban").to_numpy()
    area = frame["gfa_m2"].astype(float)
    standing = civil & (frame["stock_kind"] == EXISTING).to_numpy()

    def summed(mask: NDArray[np.bool_]) -> pd.Series:
        return area.where(mask, 0.0).groupby(keys).sum()

    build_year = frame["vintage_from"].to_numpy(dtype=float)
    old = {
        one: standing & urban & (frame["civil"] == one).to_numpy() & (build_year < before)
        for one, before in old_before(city.standards).items()
    }
    table = pd.DataFrame(
        {
            "stock_m2": summed(standing & urban),
            "housing_m2": summed(standing & (frame["civil"] == RESIDENTIAL).to_numpy()),
            **{f"old_{one}_m2": summed(here) for one, here in old.items()},
            "new_m2": summed(civil & urban & (frame["stock_kind"] == NEW).to_numpy()),
        }
    )
    sums = {name: _by_unit(city, series) for name, series in potential.items()}
    places = table.index.union(_all_units(city))
    for one in sums.values():
        places = places.union(one.index)
    table = table.reindex(places.sort_values()).fillna(0.0)
    table.index.names = ["district", "unit"]
    table["people"] = _people(city, table, people)
    found = pd.DataFrame(
        {name: one.reindex(table.index).fillna(0.0) for name, one in sums.items()}, index=table.index
    )
    return Weights(table, found)


def old_before(standards: Standards) -> dict[str, float]:
    """First code year of housing and of public buildings that no longer counts as old."""
    return {
        one: standards.number("energy_plan_rules", item="old_stock", case=one).value
        for one in (RESIDENTIAL, PUBLIC)
    }


def _all_units(city: City) -> pd.MultiIndex:
    """Units of the city with the district each belongs to, those without buildings too."""
    units = city.tables.get("planning_unit")
    if units is None:
        return pd.MultiIndex.from_tuples([], names=["district", "unit"])
    of = (
        units["district_name"].fillna("").astype(str)
        if "district_name" in units
        else pd.Series("", index=units.index)
    )
    return pd.MultiIndex.from_arrays([of.to_numpy(), units.index.astype(str)], names=["district", "unit"])


def _by_unit(city: City, series: pd.Series) -> pd.Series:
    """A quantity of parcels summed by district and unit."""
    parcels = city.tables["parcel"]
    places = [
        (parcels[name].astype(object) if name in parcels else pd.Series("", index=parcels.index))
        .reindex(series.index).fillna("").astype(str)
        for name in ("district_name", "planning_unit")
    ]  # fmt: skip
    return series.astype(float).groupby(places).sum()


def _people(city: City, table: pd.DataFrame, people: str) -> Numbers:
    """Population or GDP of a district, shared among its units by housing."""
    districts = city.tables.get("district")
    if districts is None or people not in districts:
        return np.zeros(len(table))
    name = "district_name" if "district_name" in districts else "name"
    known = pd.to_numeric(districts[people], errors="coerce").groupby(districts[name].astype(str)).sum()
    district = table.index.get_level_values(0)
    homes = table["housing_m2"]
    whole = homes.groupby(level=0).transform("sum")
    even = 1.0 / homes.groupby(level=0).transform("size")
    share = (homes / whole.where(whole > 0)).fillna(even)
    of = np.nan_to_num(known.reindex(district).to_numpy(dtype=float))
    return np.asarray(of * share.to_numpy(dtype=float), dtype=np.float64)
