"""Judgement of deep heat: grade and reasons of every parcel for doublets and closed wells, and whether it is approved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from layers.city import City
from potential import Grade
from potential.deep.closed_wells import ClosedWells
from potential.deep.clusters import Clusters
from potential.deep.deep_numbers import DeepNumbers
from potential.deep.loads import Loads
from potential.deep.reservoir import Reservoir
from potential.deep.sites import BANS, CONDITIONS, WHOLE, Sites
from potential.verdicts import ORDER, Verdicts

NO_RESOURCE = "potential, not approved: resource assessment missing"
NO_ENVIRONMENT = "potential, not approved: environmental assessment missing"
RANKS = {str(grade): rank for rank, grade in enumerate(ORDER)}
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Approval:
    """Which assessments are recorded for every parcel."""

    resource: Bools
    environment: Bools

    @property
    def both(self) -> Bools:
        """Where deep heat counts."""
        return self.resource & self.environment


@dataclass(frozen=True)
class Judged:
    """Verdicts on both technologies.

    Parameters
    ----------
    doublet, closed : dict
        `grade`, `reason` and `missing_data` of every parcel.
    evidence : ndarray of str
        `screening`, `surveyed` or `assessed`.
    """

    doublet: dict[str, Any]
    closed: dict[str, Any]
    evidence: NDArray[np.object_]

    @property
    def doublet_counts(self) -> Bools:
        """Where a doublet may give something."""
        return _counts(self.doublet)

    @property
    def closed_counts(self) -> Bools:
        """Where closed wells may give something."""
        return _counts(self.closed)

    @property
    def closed_unknown(self) -> Bools:
        """Where layers for closed wells are missing."""
        return np.asarray(self.closed["grade"] == str(Grade.NEEDS_SURVEY))

    @property
    def unknown(self) -> Bools:
        """Where neither technology gives anything and a layer is missing: no quantity is said."""
        lacking = (self.doublet["grade"] == str(Grade.NEEDS_SURVEY)) | self.closed_unknown
        forbidden = (self.doublet["grade"] == str(Grade.FORBIDDEN)) & (
            self.closed["grade"] == str(Grade.FORBIDDEN)
        )
        return np.asarray(lacking & ~self.doublet_counts & ~self.closed_counts & ~forbidden)

    def columns(self, on_doublet: Bools, alone: Bools) -> dict[str, Any]:
        """Grade and reason of the technology that serves, else of the better one; both beside it."""
        rank = [
            np.array([RANKS[grade] for grade in side["grade"]], dtype=np.int64)
            for side in (self.doublet, self.closed)
        ]
        idle = ~on_doublet & ~alone
        survey = RANKS[str(Grade.NEEDS_SURVEY)]
        # Nothing is called unsuitable while a layer that might say otherwise is missing.
        asked = [idle & (one == survey) & (other != survey) for one, other in (rank, rank[::-1])]
        first = on_doublet | (idle & (rank[0] <= rank[1]) & ~asked[1]) | asked[0]
        grade = np.where(first, self.doublet["grade"], self.closed["grade"])
        reason = np.where(first, self.doublet["reason"], self.closed["reason"])
        both = [_joined(pair) for pair in zip(self.doublet["reason"], self.closed["reason"], strict=True)]
        reason = np.where(idle & ~asked[0] & ~asked[1], np.array(both, dtype=object), reason)
        missing = [
            _joined(pair)
            for pair in zip(self.doublet["missing_data"], self.closed["missing_data"], strict=True)
        ]
        return {
            "grade": grade,
            "reason": reason,
            "missing_data": np.array(missing, dtype=object),
            "deep_evidence": self.evidence,
            "deep_doublet_grade": self.doublet["grade"],
            "deep_doublet_reason": self.doublet["reason"],
            "deep_closed_grade": self.closed["grade"],
            "deep_closed_reason": self.closed["reason"],
        }


def approvals(parcels: gpd.GeoDataFrame) -> Approval:
    """Assessments recorded for every parcel; what is not recorded is not there."""

    def recorded(name: str) -> Bools:
        if name not in parcels:
            return np.zeros(len(parcels), dtype=bool)
        values = parcels[name].astype(object)
        return np.asarray(values.where(values.notna(), False).astype(bool).to_numpy())

    return Approval(recorded("deep_resource_assessed"), recorded("deep_environment_assessed"))


def judge(
    city: City,
    parcels: gpd.GeoDataFrame,
    reservoir: Reservoir,
    loads: Loads,
    sites: Sites,
    approval: Approval,
    clusters: Clusters,
    closed: ClosedWells,
    numbers: DeepNumbers,
) -> Judged:
    """Grades of every parcel of a city."""
    lacking = np.full(len(parcels), city.tables.get("protection_zone") is None)
    return Judged(
        doublet=_doublets(parcels, reservoir, loads, sites, approval, clusters, numbers, lacking),
        closed=_closed(parcels, loads, sites, approval, closed, lacking),
        evidence=_evidence(reservoir, approval, clusters),
    )


def _evidence(reservoir: Reservoir, approval: Approval, clusters: Clusters) -> NDArray[np.object_]:
    """What the figures of every parcel rest on: of its doublets where it is served, else its own."""
    group, placed = clusters.heat.group, clusters.placed
    on = group >= 0
    found = []
    for own in (approval.both, reservoir.measured):
        whole = np.ones(len(clusters.units) + 1, dtype=bool)
        whole[placed.group[~own[placed.parcel]]] = False
        found.append(np.where(on, whole[group], own))
    return np.select(found, ["assessed", "surveyed"], "screening").astype(object)


def _doublets(
    parcels: gpd.GeoDataFrame,
    reservoir: Reservoir,
    loads: Loads,
    sites: Sites,
    approval: Approval,
    clusters: Clusters,
    numbers: DeepNumbers,
    lacking: Bools,
) -> dict[str, Any]:
    heat, placed, designs = clusters.heat, clusters.placed, clusters.designs
    count = len(loads.peak)
    verdicts = Verdicts(count)
    verdicts.clear(parcels)
    on = heat.group >= 0
    need = loads.peak > 0
    near = np.isin(clusters.group, placed.group)
    missing = reservoir.missing()
    known = ~np.column_stack(list(missing.values())).any(axis=1)
    for ban in BANS:
        inside = sites.banned[ban.reason] >= WHOLE
        verdicts.judge(inside & ~on, Grade.FORBIDDEN, ban.reason)
        verdicts.judge(inside & on, Grade.FAIRLY_SUITABLE, "wells only on other parcels")
    asked = need | ~loads.known
    for name, where in missing.items():
        verdicts.lack(where & ~on & asked, name)
    verdicts.lack(lacking & asked, "protection_zone")
    verdicts.judge(loads.known & ~need, Grade.UNSUITABLE, "no heat demand")
    verdicts.lack(~loads.known, "heat demand")
    nothing = known & ((reservoir.net_m <= 0) | (reservoir.flow_m3_per_h <= 0))
    verdicts.judge(nothing & ~on, Grade.UNSUITABLE, "no reservoir")
    cool = known & ~nothing & ~designs.able
    verdicts.judge(cool & ~on, Grade.UNSUITABLE, "reservoir too cool")
    left = known & need & designs.able & ~on
    verdicts.judge(left & clusters.small & ~near, Grade.UNSUITABLE, "heat demand too small for a doublet")
    verdicts.judge(left & near, Grade.UNSUITABLE, "beyond the reach of a doublet")
    verdicts.judge(left & ~near & ~clusters.small, Grade.UNSUITABLE, "no site for a doublet")
    short = ~designs.lasts[placed.parcel]
    verdicts.judge(on & _of_any(clusters, short), Grade.CONDITIONAL, "use cut to what the reservoir sustains")
    at_site = {
        **{condition.reason: sites.conditions[condition.reason] for condition in CONDITIONS},
        NO_RESOURCE: ~approval.resource,
        NO_ENVIRONMENT: ~approval.environment,
    }
    for reason, where in at_site.items():
        verdicts.judge(on & _of_any(clusters, where[placed.parcel]), Grade.CONDITIONAL, reason)
    return verdicts.columns()


def _of_any(clusters: Clusters, doublets: Bools) -> Bools:
    """Parcels that some of these doublets serve."""
    found = np.zeros(len(clusters.units) + 1, dtype=bool)
    found[clusters.placed.group[doublets]] = True
    return np.asarray(found[clusters.heat.group])


def _closed(
    parcels: gpd.GeoDataFrame,
    loads: Loads,
    sites: Sites,
    approval: Approval,
    closed: ClosedWells,
    lacking: Bools,
) -> dict[str, Any]:
    count = len(loads.peak)
    verdicts = Verdicts(count)
    verdicts.clear(parcels)
    need = loads.heat_peak > 0
    unknown = np.isnan(closed.ground_kw)
    for ban in BANS:
        if ban.closed:
            verdicts.judge(sites.banned[ban.reason] >= WHOLE, Grade.FORBIDDEN, ban.reason)
    asked = need | ~loads.known
    verdicts.lack(unknown & asked, "heat_flow_mw_per_m2")
    verdicts.lack(lacking & asked, "protection_zone")
    verdicts.lack(~loads.known, "heat demand")
    verdicts.judge(loads.known & ~need, Grade.UNSUITABLE, "no heat demand")
    verdicts.judge(
        need & ~unknown & (closed.ground_kw <= 0), Grade.UNSUITABLE, "ground too cool for a closed well"
    )
    verdicts.judge(
        need & (closed.ground_kw > 0) & ~closed.wanted,
        Grade.UNSUITABLE,
        "heat demand too small for a closed well",
    )
    verdicts.judge(need & closed.wanted & (closed.room < 1), Grade.UNSUITABLE, "no room for wells")
    able = closed.wells > 0
    verdicts.judge(able, Grade.FAIRLY_SUITABLE, "yield of closed wells unproven")
    for condition in CONDITIONS:
        if condition.closed:
            verdicts.judge(able & sites.conditions[condition.reason], Grade.CONDITIONAL, condition.reason)
    for reason, passed in ((NO_RESOURCE, approval.resource), (NO_ENVIRONMENT, approval.environment)):
        verdicts.judge(able & ~passed, Grade.CONDITIONAL, reason)
    return verdicts.columns()


def _joined(parts: tuple[str, str]) -> str:
    """Reasons of both technologies, each said once."""
    return "; ".join(dict.fromkeys(filter(None, "; ".join(parts).split("; "))))


def _counts(side: dict[str, Any]) -> Bools:
    good = [str(Grade.SUITABLE), str(Grade.FAIRLY_SUITABLE), str(Grade.CONDITIONAL)]
    return np.asarray(pd.Series(side["grade"], dtype=object).isin(good).to_numpy())
