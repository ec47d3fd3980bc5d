"""The stock of a plan: every standing building and planned parcel with its area, class, age and modelled energy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.problems import Problem, Severity, UserError
from demand.archetypes import climate_zone
from demand.baseline import districts_of
from demand.envelopes import column
from demand.systems import FINAL, final_energy
from layers.city import City
from potential import Assessment
from standards import Standards, Taken

Numbers = NDArray[np.float64]
RESIDENTIAL, PUBLIC, NOT_CIVIL = "residential", "public", "none"
URBAN, RURAL = "urban", "rural"
EXISTING, NEW = "existing", "new"
USEFUL = ("heat", "cold", "hot_water", "electricity", "cooking")
PLACES = ("planning_unit", "district_code", "settlement")


@dataclass(frozen=True)
class Stock:
    """Standing buildings and planned parcels, one row each.

    Parameters
    ----------
    frame : DataFrame
        By building id, planned ones by parcel id: `parcel_id`, `use`, `civil` (residential, public, none),
        `settlement`, `stock_kind` (existing, new), `district_name`, `district_code`, `planning_unit`, `year_built`,
        `retrofit_year`, `vintage_from`, `gfa_m2`, `demand_source`, the useful `heat`, `cold` and `hot_water` [kWh] and
        what is metered, `metered_<carrier>` [kWh], NaN where nothing is.
    final : mapping
        Modelled energy that is bought, by service and carrier, (n,) each. [kWh]
    problems : tuple of Problem
        What had to be assumed of places and uses.
    """

    frame: pd.DataFrame
    final: dict[tuple[str, str], Numbers]
    problems: tuple[Problem, ...] = ()

    def bought(self, carrier: str) -> Numbers:
        """Modelled energy of a carrier over all services, (n,). [kWh]"""
        total = np.zeros(len(self.frame))
        for (_, name), energy in self.final.items():
            if name == carrier:
                total = total + energy
        return total

    def mask(self, *, civil: bool = True, urban: bool = False, kind: str = "") -> NDArray[np.bool_]:
        """Which rows are civil, urban and of a kind."""
        here = np.ones(len(self.frame), dtype=bool)
        if civil:
            here &= (self.frame["civil"] != NOT_CIVIL).to_numpy()
        if urban:
            here &= (self.frame["settlement"] == URBAN).to_numpy()
        if kind:
            here &= (self.frame["stock_kind"] == kind).to_numpy()
        return here


def stock_of(city: City, demand: Assessment, taken: Taken) -> Stock:
    """The stock of a city with the energy its demand asks for.

    Parameters
    ----------
    city : City
        With buildings or planned parcels.
    demand : Assessment
        The assessment `demand`.
    taken : Taken
        Reads and remembers numbers.

    Raises
    ------
    UserError
        The assessment knows none of the buildings: it belongs to other data.
    """
    standing, problems = _standing(city, demand)
    planned = _planned(city, demand)
    frame = pd.concat([standing, planned])
    if frame.empty:
        raise UserError(
            Problem(
                "There are neither buildings nor planned parcels whose energy is known.",
                "Import buildings and assess the demand.",
            )
        )
    frame["civil"] = civil_of(frame["use"], city.standards)
    useful = {name: frame[name].to_numpy(dtype=float) for name in USEFUL}
    zone, _ = climate_zone(city)
    return Stock(frame, final_energy(frame, useful, zone[:1], taken), problems)


def civil_of(use: pd.Series, standards: Standards) -> pd.Series:
    """Whether each use is housing, a public building or neither, by the table `civil_uses`."""
    known = standards.table("civil_uses").set_index("use")["civil"]
    return use.map(known).fillna(known["unknown"]).astype(object)


def _standing(city: City, demand: Assessment) -> tuple[pd.DataFrame, tuple[Problem, ...]]:
    """Buildings that stand, and what is wrong with them."""
    found = demand.details.get("building", pd.DataFrame())
    buildings = city.tables.get("building")
    if buildings is None or buildings.empty or found.empty:
        return pd.DataFrame(), ()
    both = buildings.index.intersection(found.index)
    if both.empty:
        raise UserError(
            Problem(
                "The demand knows none of the buildings of the city.",
                "Assess the demand anew, then the plan.",
                table="building",
            )
        )
    given = pd.DataFrame(buildings.loc[both].drop(columns="geometry"))
    rows = found.loc[both]
    frame = pd.DataFrame(
        {
            "parcel_id": rows["parcel_id"].astype(object),
            "use": given["use"].astype(object),
            "stock_kind": EXISTING,
            "district_name": districts_of(city, given),
            "year_built": column(given, "year_built"),
            "retrofit_year": column(given, "retrofit_year"),
            "vintage_from": column(rows, "vintage_from"),
            "gfa_m2": column(rows, "gfa_m2"),
            "demand_source": rows["demand_source"].astype(object),
            **{name: column(rows, f"{name}_kwh_per_year") for name in USEFUL},
            **{f"metered_{one}": column(rows, f"metered_{one}_kwh_per_year") for one in FINAL},
        },
        index=both,
    )
    if "central_heating" in given:
        frame["central_heating"] = given["central_heating"]
    frame = frame.join(_places(city, frame["parcel_id"], frame["use"]))
    problems = []
    lost = buildings.index.difference(found.index)
    if len(lost):
        problems.append(
            Problem(
                "The energy of {count} buildings is not known.",
                "Assess the demand anew, so that the plan counts them.",
                severity=Severity.WARNING,
                table="building",
                rows=tuple(lost),
                count=len(lost),
            )
        )
    return frame, tuple(problems)


def _planned(city: City, demand: Assessment) -> pd.DataFrame:
    """Planned parcels without buildings, as one building each."""
    parcels, found = city.tables.get("parcel"), demand.parcels
    if parcels is None or "demand_planned" not in found:
        return pd.DataFrame()
    chosen = found.index[found["demand_planned"].fillna(False).astype(bool)].intersection(parcels.index)
    if chosen.empty:
        return pd.DataFrame()
    given, rows = pd.DataFrame(parcels.loc[chosen].drop(columns="geometry")), found.loc[chosen]
    name = next((one for one in ("district_name", "district_code") if one in given), "")
    frame = pd.DataFrame(
        {
            "parcel_id": pd.Series(chosen, index=chosen, dtype=object),
            "use": given["use"].astype(object),
            "stock_kind": NEW,
            "district_name": given[name].fillna("").astype(str).astype(object) if name else "",
            "year_built": np.nan,
            "retrofit_year": np.nan,
            "vintage_from": np.nan,
            "gfa_m2": column(rows, "gfa_m2"),
            "demand_source": "given",
            **{one: column(rows, f"{one}_kwh_per_year") for one in USEFUL},
            **{f"metered_{one}": np.nan for one in FINAL},
        },
        index=chosen,
    )
    return frame.join(_places(city, frame["parcel_id"], frame["use"]))


def _places(city: City, parcel: pd.Series, use: pd.Series) -> pd.DataFrame:
    """Unit, district and settlement of every row: those of its parcel; settlement by use where no parcel says it."""
    found = pd.DataFrame("", index=parcel.index, columns=list(PLACES), dtype=object)
    parcels = city.tables.get("parcel")
    for name in PLACES:
        if parcels is not None and name in parcels:
            found[name] = parcel.map(parcels[name].astype(object)).fillna("").astype(str).astype(object)
    rural = use.astype(str).str.startswith(RURAL)
    unsaid = found["settlement"] == ""
    found.loc[unsaid, "settlement"] = np.where(rural[unsaid], RURAL, URBAN)
    return found
