"""Ultra-low-energy building: the city's target shared out to units, and the candidates that fill it."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from core.problems import Problem, Severity
from core.units import quantity
from plans.green.goals import Goals
from plans.green.settings import GreenSettings
from standards import Taken

OTHER = "other"


def ultra_low_energy(
    facts: pd.DataFrame,
    candidates: pd.Series[bool],
    score: pd.Series[float],
    goals: Goals,
    settings: GreenSettings,
    taken: Taken,
) -> tuple[pd.Series[float], pd.Series[float], list[Problem]]:
    """Floor area of ultra-low-energy building in every parcel. [m²]

    The target of the city, else a share of the new civil floor area times the coefficient of the region, is shared
    out to planning units by their new civil floor area and their type. Candidates fill the quota of their unit, the
    best suited first; what a unit cannot hold goes to candidates elsewhere.

    Parameters
    ----------
    facts : DataFrame, indexed by parcel_id
        `civil_m2`, `planning_unit` and flags of the type of unit.
    candidates : Series of bool
        Parcels on which such building is asked for.
    score : Series
        Order of the candidates.
    goals : Goals
        Targets of city and units. [m²]
    settings : GreenSettings
        The place.
    taken : Taken
        Numbers in force.

    Returns
    -------
    Series
        Floor area by parcel; parts of a parcel are not smaller than the least of the table. [m²]
    Series
        Quota by planning unit. [m²]
    list of Problem
        What is short.
    """
    problems: list[Problem] = []
    total = _target(facts, goals, settings, taken, problems)
    least = taken.number("green_rules", item="ultra_low_energy", case="least")
    step = taken.number("green_rules", item="ultra_low_energy", case="step")
    quotas = _quotas(facts, total, goals, taken).map(lambda area: math.ceil(area / step) * step)
    room = facts["civil_m2"].where(candidates & facts["promotable"], 0.0)
    area = _filled(room, score, facts["planning_unit"], quotas, least, step)
    for column, asked in (
        ("district_code", goals.ultra_low_energy_m2.get("district", pd.Series(dtype=float))),
        ("", pd.Series({"": max(total, quotas.sum())})),
    ):
        group = facts[column] if column else pd.Series("", index=facts.index, dtype="str")
        left = asked - area.groupby(group).sum().reindex(asked.index).fillna(0.0)
        area += _filled(room - area, score, group, left[left > 0], least, step)
    if quotas.sum() > total + step * len(quotas):
        problems.append(
            Problem(
                "Targets of units and districts for ultra-low-energy building add up to {sum}, the city’s is {wanted}.",
                "Make the targets agree.",
                severity=Severity.WARNING,
                sum=quantity(quotas.sum(), "m²"),
                wanted=quantity(total, "m²"),
            )
        )
    short = total - area.sum()
    if short > total * 1e-9:
        problems.append(
            Problem(
                "Candidates hold {held} of the {wanted} of ultra-low-energy building that are to be reached.",
                "Widen the rules of candidates, plan more new building, or lower the target.",
                severity=Severity.WARNING,
                held=quantity(area.sum(), "m²"),
                wanted=quantity(total, "m²"),
            )
        )
    return area, quotas, problems


def _target(
    facts: pd.DataFrame, goals: Goals, settings: GreenSettings, taken: Taken, problems: list[Problem]
) -> float:
    """What the city is to reach: its own target, else the starting share of the region. [m²]"""
    given = goals.ultra_low_energy_m2.get("city", pd.Series(dtype=float))
    if len(given):
        return float(given.iloc[0])
    share = taken.number("green_rules", item="ultra_low_energy", case="share")
    table = taken.standards.table("green_rules")
    known = table.loc[table["item"] == "ultra_low_energy_region", "case"]
    region = next((case for case in known if settings.province.startswith(case)), OTHER)
    coefficient = taken.number("green_rules", item="ultra_low_energy_region", case=region)
    total = float(share * coefficient * facts["civil_m2"].sum())
    problems.append(
        Problem(
            "The city has no target of ultra-low-energy building; {area} were taken from its new building.",
            "Enter the target of the city.",
            severity=Severity.NOTE,
            area=quantity(total, "m²"),
        )
    )
    return total


def _quotas(facts: pd.DataFrame, total: float, goals: Goals, taken: Taken) -> pd.Series[float]:
    """The quota of every unit with new civil building; targets of units go before what is shared out. [m²]"""
    weight = pd.Series(0.0, index=facts.index)
    for kind in ("leading", "preferred", "basic"):
        weight += facts[f"unit_{kind}"] * taken.number("green_rules", item="ultra_low_energy_unit", case=kind)
    weighted = (facts["civil_m2"] * weight)[facts["planning_unit"] != ""]
    size = weighted.groupby(facts["planning_unit"]).sum()
    size = size[size > 0]
    found = goals.ultra_low_energy_m2.get("unit", pd.Series(dtype=float)).astype(float)
    district = facts.groupby("planning_unit")["district_code"].first()
    for code, asked in goals.ultra_low_energy_m2.get("district", pd.Series(dtype=float)).items():
        here = size.index[district.reindex(size.index).eq(str(code))]
        left = asked - found.reindex(here).fillna(0.0).sum()
        found = pd.concat([found, _shared(size[here.difference(found.index)], left)])
    rest = _shared(size[size.index.difference(found.index)], total - found.sum())
    return pd.concat([found, rest]).sort_index()


def _shared(weight: pd.Series[float], total: float) -> pd.Series[float]:
    """A total shared out by weight; nothing where the total is used up."""
    return weight / weight.sum() * max(0.0, total) if len(weight) else weight


def _filled(
    room: pd.Series[float],
    score: pd.Series[float],
    group: pd.Series[str],
    quotas: pd.Series[float],
    least: float,
    step: float,
) -> pd.Series[float]:
    """What every parcel takes of the quota of its group, best suited first, in whole steps from the least. [m²]"""
    order = pd.DataFrame({"group": group, "score": -score, "room": room, "at": np.arange(len(room))})
    order = order[(order["room"] > 0) & order["group"].isin(quotas.index)]
    order = order.sort_values(["group", "score", "at"], kind="stable")
    before = order.groupby("group")["room"].cumsum() - order["room"]
    left = quotas.reindex(order["group"]).to_numpy() - before.to_numpy()
    piece = np.minimum(order["room"].to_numpy(), np.maximum(left, 0.0))
    whole = np.ceil(np.maximum(piece, least) / step) * step
    piece = np.where(piece > 0, np.minimum(whole, order["room"].to_numpy()), 0.0)
    found: pd.Series[float] = pd.Series(piece, index=order.index, dtype=float).reindex(room.index).fillna(0.0)
    return found
