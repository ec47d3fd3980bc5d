"""Planned roofs: panels on new buildings whose roofs are not drawn yet, by the capacity that is asked of each parcel."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pandas as pd

from core.problems import Problem, Severity
from plans import Part
from plans.options.offers import AMOUNTS, Offers
from plans.options.technologies import technologies
from standards import Standards

OFFERED = {
    "planned_kw": "resource_kw",
    "kwh_per_year": "resource_kwh_per_year",
    "capex_yuan": "resource_capex_yuan",
    "avoided_tco2_per_year": "resource_avoided_tco2_per_year",
}


def planned_kinds(standards: Standards) -> dict[str, str]:
    """What stands on roofs of new buildings, by the technology of standing buildings whose yield and cost it has."""
    table = technologies(standards)
    kinds = table["planned_roofs"].astype(str)
    return {str(name): kind for name, kind in kinds.items() if kind in table.index}


def planned_roofs(offers: Offers, standards: Standards) -> Part:
    """What new buildings could carry, apart from what was found on standing ones.

    Returns
    -------
    Part
        Table `planned_roof` by `parcel_id/technology`: parcel_id, technology, resource_kw, resource_kwh_per_year,
        resource_capex_yuan and resource_avoided_tco2_per_year; no table where there is none.
    """
    frame = offers.frame
    rows = frame[frame["technology"].isin(list(planned_kinds(standards).values()))]
    if rows.empty:
        return Part()
    table = rows[["parcel_id", "technology", *OFFERED]].rename(columns=OFFERED)
    table.index = pd.Index(table.index.astype(str), name="planned_roof_id", dtype=object)
    return Part(MappingProxyType({"planned_roof": table}))


def with_planned_roofs(offers: Offers, planned_kwp: pd.Series | None, standards: Standards) -> Offers:
    """Offers with those of new buildings among them: a kilowatt gives and costs what it does in the mean of the city.

    Parameters
    ----------
    offers : Offers
        What assessments offer.
    planned_kwp : Series or None
        Capacity by parcel id that rules ask of new buildings; parcels with roofs of their own keep what was assessed.
        [kWp]
    standards : Standards
        Its table of technologies says what stands on planned roofs: a technology of its own, so that no number of standing
        roofs holds them.
    """
    if planned_kwp is None:
        return offers
    names = planned_kinds(standards)
    frame = offers.frame
    has = set(frame.loc[frame["technology"].isin(names), "parcel_id"])
    wanted = planned_kwp[
        (planned_kwp > 0) & planned_kwp.index.isin(offers.demand.index) & ~planned_kwp.index.isin(has)
    ]
    known = frame[frame["technology"].isin(names)]
    if wanted.empty:
        return offers
    if known.empty:
        problem = Problem(
            "Nothing is known of the yield of panels in this city, so planned roofs get none.",
            "Assess the roofs of standing buildings first.",
            severity=Severity.WARNING,
            table="parcel",
            rows=tuple(wanted.index),
        )
        return replace(offers, problems=(*offers.problems, problem))
    first = known.iloc[0]
    technology = names[str(first["technology"])]
    amounts = (*AMOUNTS, "gross_yuan_per_year", "heat_power_kwh", "cold_power_kwh")
    per_kw = known[list(amounts)].sum() / float(known["planned_kw"].sum())
    more = pd.DataFrame(
        {name: wanted.to_numpy(dtype=float) * float(per_kw[name]) for name in amounts},
        index=pd.Index([f"{parcel}/{technology}" for parcel in wanted.index], name=frame.index.name),
    )
    more["planned_kw"] = wanted.round(1).to_numpy(dtype=float)
    more["parcel_id"] = wanted.index.to_numpy()
    more["technology"] = technology
    for name in ("family", "service", "assessment"):
        more[name] = first[name]
    more["approved"] = True
    return replace(offers, frame=pd.concat([frame, more[frame.columns]]))
