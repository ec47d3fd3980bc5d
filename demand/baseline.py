"""The baseline: energy bought and carbon of the stock by use, district and carrier, with how well each is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand.systems import FINAL, by_carrier
from layers.city import City
from standards import Taken
from standards.grid import grid_factor

Numbers = NDArray[np.float64]
KWH_PER_TJ = 1e12 / 3.6e6
KWH_PER_GJ = 1e9 / 3.6e6
KG_PER_T = 1000.0
P90_SIGMAS = 1.2816  # of the normal distribution, one side


def baseline(
    city: City,
    frame: pd.DataFrame,
    buildings: pd.DataFrame,
    final: dict[tuple[str, str], Numbers],
    metered: dict[str, Numbers],
    taken: Taken,
) -> pd.DataFrame:
    """Energy and carbon of the stock.

    Parameters
    ----------
    city : City
        With `province`, and districts where known.
    frame, buildings : DataFrame
        Buildings with `gfa_m2` and `demand_source`; the same with `use` and where known their district.
    final : mapping
        Modelled energy that is bought, by service and carrier. [kWh]
    metered : mapping of str to ndarray
        Metered energy by carrier, NaN where none; it goes before the model. [kWh]
    taken : Taken
        Reads and remembers numbers.

    Returns
    -------
    DataFrame
        One row by use, district and carrier: `buildings`, `gfa_m2`, `final_kwh_per_year` with its P90 and P10 (more and
        less than which it is in nine of ten cases), `carbon_tco2_per_year`, `given_share` and `metered_share` of the
        floor area.

    Notes
    -----
    Modelled buildings of a use err alike and each on its own; meters err little. Both parts add up as variances.
    """
    carbon = carbon_factors(city, taken)
    alike = taken.number("demand_rules", item="spread", case="modelled use")
    own = taken.number("demand_rules", item="spread", case="modelled building")
    read = taken.number("demand_rules", item="spread", case="metered")
    modelled = by_carrier(final)
    frames = []
    for carrier in FINAL:
        known = metered.get(carrier, np.full(len(frame), np.nan))
        has = np.isfinite(known)
        energy = np.where(has, known, modelled[carrier])
        guessed = np.where(has, 0.0, energy)
        frames.append(
            pd.DataFrame(
                {
                    "use": buildings["use"].to_numpy(dtype=object),
                    "district_name": districts_of(city, buildings),
                    "carrier": carrier,
                    "buildings": 1,
                    "gfa_m2": frame["gfa_m2"].to_numpy(),
                    "final_kwh_per_year": energy,
                    "guessed": guessed,
                    "own": (own * guessed) ** 2,
                    "read": (read * np.where(has, energy, 0.0)) ** 2,
                    "given": frame["gfa_m2"].to_numpy() * (frame["demand_source"] == "given").to_numpy(),
                    "metered": frame["gfa_m2"].to_numpy() * has,
                }
            )
        )
    rows = pd.concat(frames)
    sums = rows.groupby(["use", "district_name", "carrier"], as_index=False).sum()
    sums = sums[sums["final_kwh_per_year"] > 0]
    sigma = np.sqrt((alike * sums["guessed"]) ** 2 + sums["own"] + sums["read"])
    bought = sums["final_kwh_per_year"].round()
    found = pd.DataFrame(
        {
            **{name: sums[name] for name in ("use", "district_name", "carrier", "buildings", "gfa_m2")},
            "final_kwh_per_year": bought,
            "final_p90_kwh_per_year": np.maximum(bought - P90_SIGMAS * sigma, 0.0).round(),
            "final_p10_kwh_per_year": (bought + P90_SIGMAS * sigma).round(),
            "carbon_tco2_per_year": (bought * sums["carrier"].map(carbon) / KG_PER_T).round(3),
            "given_share": (sums["given"] / sums["gfa_m2"]).round(3),
            "metered_share": (sums["metered"] / sums["gfa_m2"]).round(3),
        }
    )
    ids = [
        f"{use}/{district}/{carrier}" for use, district, carrier in found.iloc[:, :3].itertuples(index=False)
    ]
    found.index = pd.Index(ids, name="baseline_id", dtype=object)
    return found


def carbon_factors(city: City, taken: Taken) -> dict[str, float]:
    """Carbon of a kilowatt-hour that is bought, by carrier. [kg]"""
    grid = grid_factor(city.standards, str(city.facts.get("province") or ""))
    taken.used.append(grid)
    gas = taken.number("energy_conversion", item="co2_natural_gas_energy", applies_to="all")
    heat = taken.number("energy_conversion", item="co2_purchased_heat", applies_to="coal heat")
    return {
        "electricity": grid.value,
        "gas": gas * KG_PER_T / KWH_PER_TJ,
        "heat": heat * KG_PER_T / KWH_PER_GJ,
    }


def districts_of(city: City, buildings: pd.DataFrame) -> NDArray[np.object_]:
    """Name of the district of every building: its own, else of its parcel, else empty."""
    parcels = city.tables.get("parcel")
    for name in ("district_name", "district_code"):
        found = pd.Series(np.nan, index=buildings.index, dtype=object)
        if name in buildings:
            found = buildings[name].astype(object)
        if parcels is not None and name in parcels:
            of_parcel = buildings["parcel_id"].map(parcels[name].astype(object))
            found = found.where(found.notna(), of_parcel)
        if found.notna().any():
            said: NDArray[np.object_] = found.fillna("").astype(str).to_numpy(dtype=object)
            return said
    return np.full(len(buildings), "", dtype=object)
