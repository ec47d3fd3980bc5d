"""Need: what urban civil buildings buy without the plan, from the model of demand where no baseline is handed in."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from layers.city import City
from plans.conversion import GJ_PER_KWH, Energy, factors
from plans.options.settings import Bought, ProgrammeSettings
from plans.stock import NOT_CIVIL, civil_of
from potential import Assessment
from standards import Taken


def bought_of(
    city: City, assessments: Mapping[str, Assessment], settings: ProgrammeSettings, taken: Taken
) -> Bought | None:
    """What civil buildings buy by the model of demand; None without it. Rural buildings are in it.

    Parameters
    ----------
    city : City
        Its province says whose factors hold.
    assessments : Mapping of str to Assessment
        `demand` with its detail `baseline`: use, carrier, final_kwh_per_year.
    settings : ProgrammeSettings
        How electricity is counted.
    taken : Taken
        Reads and remembers numbers.
    """
    demand = assessments.get("demand")
    if demand is None or "baseline" not in demand.details or demand.details["baseline"].empty:
        return None
    rows = demand.details["baseline"]
    civil = civil_of(rows["use"].astype(object), city.standards) != NOT_CIVIL
    kwh = (
        pd.to_numeric(rows.loc[civil, "final_kwh_per_year"])
        .groupby(rows.loc[civil, "carrier"].astype(str))
        .sum()
    )
    found = factors(city.standards, str(city.facts.get("province") or ""), settings)
    energy = Energy(
        electricity_kwh=float(kwh.get("electricity", 0.0)),
        gas_kwh=float(kwh.get("gas", 0.0)),
        heat_gj=float(kwh.get("heat", 0.0)) * GJ_PER_KWH,
    )
    return Bought(energy.coal_kgce(found, settings.electricity_basis))
