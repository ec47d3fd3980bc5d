"""Limits: public buildings against the constraints of GB/T 51161, use without heating, metered or else modelled."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standards import Taken

Numbers = NDArray[np.float64]
QUANTITY = "non_heating_total"
P90_SIGMAS = 1.2816  # of the normal distribution, one side
ZONES = {"1": "严寒寒冷", "2": "严寒寒冷", "3": "夏热冬冷", "4": "夏热冬暖", "5": "温和"}


def limits(
    buildings: pd.DataFrame, floor: Numbers, modelled: Numbers, metered: Numbers, zone: str, taken: Taken
) -> pd.DataFrame:
    """Use without heating of public buildings by floor area, with the constraint for it and what comes of it.

    Parameters
    ----------
    buildings : DataFrame
        With `use`.
    floor : ndarray, (n,)
        [m²]
    modelled, metered : ndarray, (n,)
        Electricity of a year without what heats; metered is NaN where none is known. [kWh]
    zone : str
        Main climate zone.
    taken : Taken
        Reads and remembers numbers.

    Returns
    -------
    DataFrame
        `non_heating_kwh_per_m2`, `limit_kwh_per_m2`, `guide_kwh_per_m2`, `limit_state` (`over_limit`, `within_limit`,
        `within_guide`, `unclear`; empty where the standard has no value), `limit_basis` (`metered`, `modelled`).

    Notes
    -----
    The standard counts metered use. A modelled one follows from the schedules of design codes, so it is held against
    the standard only with its spread: it must be over or under in nine of ten cases, else it is unclear. Hospitals and
    schools are not in it, and hotels only by stars, which are not known.
    """
    rules = taken.standards.table("gbt51161_uses").set_index("use")
    values = taken.standards.table("gbt51161_use")
    values = values[(values["quantity"] == QUANTITY) & (values["zone"] == ZONES[zone])]
    large = floor >= taken.number("demand_rules", item="class_b", case="floor area")
    limit, guide = np.full(len(floor), np.nan), np.full(len(floor), np.nan)
    use = buildings["use"].to_numpy(dtype=object)
    for name, rule in rules.iterrows():
        for kind, column, here in (("A", "type_a", ~large), ("B", "type_b", large)):
            chosen = here & (use == name)
            rows = values[(values["building_type"] == rule[column]) & (values["class"] == kind)]
            if not chosen.any() or rows.empty:
                continue
            keys = {
                "building_type": rule[column], "class": kind, "zone": ZONES[zone], "quantity": QUANTITY,
            }  # fmt: skip
            limit[chosen] = taken.number("gbt51161_use", column="constraint", **keys)
            guide[chosen] = taken.number("gbt51161_use", column="guide", **keys)
    known = np.isfinite(metered)
    with np.errstate(divide="ignore", invalid="ignore"):
        per_area = np.where(floor > 0, np.where(known, metered, modelled) / floor, np.nan)
    judged = np.isfinite(limit) & np.isfinite(per_area)
    sigma = np.where(known, 0.0, taken.number("demand_rules", item="spread", case="modelled building"))
    least, most = (per_area * (1.0 + sign * P90_SIGMAS * sigma) for sign in (-1.0, 1.0))
    state = np.select(
        [~judged, least > limit, most <= guide, most <= limit],
        ["", "over_limit", "within_guide", "within_limit"],
        "unclear",
    )
    return pd.DataFrame(
        {
            "non_heating_kwh_per_m2": np.where(judged, per_area, np.nan).round(1),
            "limit_kwh_per_m2": limit,
            "guide_kwh_per_m2": guide,
            "limit_state": state,
            "limit_basis": np.select([~judged, known], ["", "metered"], "modelled"),
        },
        index=buildings.index,
    )
