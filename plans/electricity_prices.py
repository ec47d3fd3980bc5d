"""Prices of electricity of parcels: by the uses of their buildings, with and without a tariff of hours."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from layers.city import City
from potential.solar.prices import CUSTOMERS
from standards import Taken

Numbers = NDArray[np.float64]
HOME = "home"


def parcel_prices(city: City, parcels: pd.Index, retail: dict[str, float], taken: Taken) -> pd.DataFrame:
    """What electricity costs parcels, and how PV on them is connected.

    Parameters
    ----------
    city : City
        With parcels, and buildings where known.
    parcels : Index
        Their ids.
    retail : dict of str to float
        Price by kind of customer. [yuan/kWh]
    taken : Taken
        Reads and remembers numbers.

    Returns
    -------
    DataFrame
        By parcel: `flat` and `timed`, whose sum is the mean price by floor area of its buildings, the first without and
        the second with a tariff of hours [yuan/kWh]; `connection` of the use of most floor area. Parcels without
        buildings count by their own use, and uses that are not listed as works.
    """
    rows = _uses(city, parcels)
    customers = taken.standards.table("pv_customers").set_index("use")
    listed = rows["use"].map(customers["customer"])
    kind = listed.where(listed.notna(), CUSTOMERS[-1])
    price = kind.map(retail).to_numpy(dtype=float)
    home = (kind == HOME).to_numpy()
    share = rows["share"].to_numpy(dtype=float)
    priced = rows.assign(flat=np.where(home, price, 0.0) * share, timed=np.where(home, 0.0, price) * share)
    found = priced.groupby("parcel_id")[["flat", "timed"]].sum().reindex(parcels)
    most = rows.sort_values("share", kind="stable").drop_duplicates("parcel_id", keep="last")
    connection = most.set_index("parcel_id")["use"].map(customers["connection"]).reindex(parcels)
    return found.assign(connection=connection.where(connection.notna(), "general_business").astype(object))


def retail_prices(taken: Taken) -> dict[str, float]:
    """Price of electricity bought, by kind of customer, as the tables say. [yuan/kWh]"""
    return {kind: taken.number("pv_economics", item="retail", case=kind) for kind in CUSTOMERS}


def hourly(prices: pd.DataFrame, taken: Taken) -> Numbers:
    """Price of every hour of the day, (n, 24). [yuan/kWh]"""
    tariff = np.array([taken.number("tariff_hours", hour=f"h{hour:02d}") for hour in range(24)])
    flat, timed = (prices[name].to_numpy(dtype=float)[:, None] for name in ("flat", "timed"))
    found: Numbers = flat + timed * tariff
    return found


def _uses(city: City, parcels: pd.Index) -> pd.DataFrame:
    """Uses of every parcel with their share of its floor area."""
    own = pd.DataFrame(
        {
            "parcel_id": parcels.to_numpy(dtype=object),
            "use": city.tables["parcel"]["use"].reindex(parcels).to_numpy(dtype=object),
            "share": 1.0,
        }
    )
    buildings = city.tables.get("building")
    if buildings is None:
        return own
    inside = buildings[buildings["parcel_id"].isin(parcels) & (buildings["gfa_m2"] > 0)]
    area = inside.groupby(["parcel_id", "use"], as_index=False)["gfa_m2"].sum()
    whole = area.groupby("parcel_id")["gfa_m2"].transform("sum")
    built = pd.DataFrame(
        {"parcel_id": area["parcel_id"], "use": area["use"], "share": area["gfa_m2"] / whole}
    )
    return pd.concat([built, own[~own["parcel_id"].isin(built["parcel_id"])]], ignore_index=True)
