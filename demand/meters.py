"""Meters of buildings: metered energy of a whole year by building and carrier, and what it says of the model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand.systems import by_carrier
from layers.city import City
from standards import Taken

METERED = "metered"
CARRIERS = ("electricity", "heat")  # metered carriers by which the model is calibrated
WHOLE_YEAR = 12
# What each metered carrier says of: final energy of these services.
SERVICES = {"electricity": ("electricity", "cold", "hot_water", "heat", "cooking"), "heat": ("heat",)}

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Metered:
    """Metered energy of a year, (n,) by carrier, NaN where none; and how many meters lack months. [kWh]"""

    energy: dict[str, Numbers]
    incomplete: int


def metered(city: City, buildings: pd.DataFrame, modelled: dict[str, Numbers], taken: Taken) -> Metered:
    """Metered energy of buildings in the latest year of which all months are known.

    Parameters
    ----------
    city : City
        With the table `metered`, where there is one.
    buildings : DataFrame
        By id, with `parcel_id`, `use` and where they were cut `given_id`.
    modelled : mapping of str to ndarray
        Modelled final energy by carrier, by which a meter of several buildings is shared. [kWh]
    taken : Taken
        Reads and remembers numbers.
    """
    energy = {carrier: np.full(len(buildings), np.nan) for carrier in CARRIERS}
    table = city.tables.get(METERED)
    if table is None or table.empty:
        return Metered(energy, 0)
    rows = pd.DataFrame(table.drop(columns="geometry", errors="ignore"))
    keys = ["place_id", "carrier", "reading_year"]
    by_month = rows.groupby([*keys, "reading_month"])["metered_kwh"].sum()
    years = by_month.groupby(level=keys).agg(["size", "sum"])
    whole = years[years["size"] == WHOLE_YEAR].reset_index().sort_values("reading_year")
    latest = whole.drop_duplicates(["place_id", "carrier"], keep="last")
    least = taken.number("demand_rules", item="metered", case="least_share")
    owner = pd.DataFrame(
        {
            "building": buildings.index.astype(str),
            "given": buildings.get("given_id", pd.Series(buildings.index, index=buildings.index)).astype(str),
            "parcel": buildings["parcel_id"].astype(str),
        }
    )
    places = {name: owner.groupby(name).indices for name in ("building", "given", "parcel")}
    use = buildings["use"].to_numpy(dtype=object)
    for place, carrier, kwh in latest[["place_id", "carrier", "sum"]].itertuples(index=False):
        if carrier not in CARRIERS:
            continue
        here = next((of[str(place)] for of in places.values() if str(place) in of), None)
        if here is None:
            continue
        share = modelled[carrier][here]
        by_use = pd.Series(share).groupby(use[here]).sum()
        if share.sum() > 0 and by_use.max() >= least * share.sum():
            energy[carrier][here] = np.nan_to_num(energy[carrier][here]) + kwh * share / share.sum()
    known = set(map(tuple, latest[["place_id", "carrier"]].to_numpy()))
    begun = set(map(tuple, rows[["place_id", "carrier"]].drop_duplicates().to_numpy()))
    return Metered(energy, len(begun - known))


def calibration(
    buildings: pd.DataFrame,
    final: dict[tuple[str, str], Numbers],
    found: Metered,
    taken: Taken,
) -> pd.DataFrame:
    """Factors by use and carrier: metered over modelled, with whether each may be used.

    A factor is used between its limits and where enough buildings have meters; heat transfer is never changed.
    """
    low, high = (
        taken.number("demand_rules", item="calibration", case="factor", column=end) for end in ("low", "high")
    )
    enough = taken.number("demand_rules", item="calibration", case="least_buildings")
    rows = []
    for carrier in CARRIERS:
        modelled = by_carrier(final, SERVICES[carrier])[carrier]
        here = np.isfinite(found.energy[carrier]) & (modelled > 0)
        frame = pd.DataFrame(
            {
                "use": buildings["use"].to_numpy(dtype=object)[here],
                "metered_kwh_per_year": found.energy[carrier][here],
                "modelled_kwh_per_year": modelled[here],
            }
        )
        sums = frame.groupby("use").sum()
        sums["metered_buildings"] = frame.groupby("use").size()
        rows.append(sums.reset_index().assign(carrier=carrier))
    table = pd.concat(rows, ignore_index=True)
    table["calibration_factor"] = (table["metered_kwh_per_year"] / table["modelled_kwh_per_year"]).round(3)
    few = table["metered_buildings"] < enough
    beyond = (table["calibration_factor"] < low) | (table["calibration_factor"] > high)
    table["calibration_used"] = ~few & ~beyond
    table["reason"] = np.select(
        [beyond, few], ["metered and modelled use are too far apart", "too few metered buildings"], ""
    )
    table.index = pd.Index(table["use"] + "/" + table["carrier"], name="calibration_id", dtype=object)
    return table


def factors(buildings: pd.DataFrame, table: pd.DataFrame, carrier: str) -> Numbers:
    """Factor of every building for a metered carrier; 1 where none is used."""
    used = table[table["calibration_used"].astype(bool) & (table["carrier"] == carrier)]
    by_use = dict(zip(used["use"], used["calibration_factor"], strict=True))
    return np.asarray(buildings["use"].map(by_use).fillna(1.0), dtype=np.float64)
