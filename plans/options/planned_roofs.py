"""Planned roofs: panels on new buildings whose roofs are not drawn yet, by the capacity that is asked of each parcel."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from core.problems import Problem, Severity
from plans.options.offers import AMOUNTS, Offers
from plans.options.technologies import technologies
from standards import Standards


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
        Its table of technologies says what stands on planned roofs.
    """
    if planned_kwp is None:
        return offers
    table = technologies(standards)
    names = table.index[table["planned_roofs"] == "yes"]
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
    amounts = (*AMOUNTS, "gross_yuan_per_year", "heat_power_kwh", "cold_power_kwh")
    per_kw = known[list(amounts)].sum() / float(known["planned_kw"].sum())
    more = pd.DataFrame(
        {name: wanted.to_numpy(dtype=float) * float(per_kw[name]) for name in amounts},
        index=pd.Index([f"{parcel}/{first['technology']}" for parcel in wanted.index], name=frame.index.name),
    )
    more["planned_kw"] = wanted.round(1).to_numpy(dtype=float)
    more["parcel_id"] = wanted.index.to_numpy()
    for name in ("technology", "family", "service", "assessment"):
        more[name] = first[name]
    more["approved"] = True
    return replace(offers, frame=pd.concat([frame, more[frame.columns]]))
