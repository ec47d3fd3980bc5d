"""Limits of the use of energy: guiding and constraining values by kind of public building, and who is over them."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pandas as pd

from core.problems import Problem, Severity
from demand.limits import P90_SIGMAS, ZONES
from layers.city import City
from plans import Part
from plans.building_energy import BuildingEnergy, building_energy
from plans.figures import Figure, Figures
from standards import Number, Taken

STANDARD, QUARTILES, TOO_FEW = "GB/T 51161", "quartiles of the city", "too few buildings"
OVER, UNCLEAR = "over_limit", "unclear"
CENTRAL = ("1", "2")  # zones where heat comes by networks and is no part of these limits


def energy_limits(city: City, demand: pd.DataFrame) -> Part:
    """Limits of the electricity of public buildings without central heating, and those over them.

    Parameters
    ----------
    city : City
        With buildings.
    demand : DataFrame, by building_id
        Detail `building` of the assessment of demand.

    Returns
    -------
    Part
        Table `energy_limit` by use: how many buildings, how many with meters, quartiles, and the values of guidance and
        constraint with their basis: GB/T 51161 where it has the use, else quartiles of enough buildings. Table
        `over_limit` by building above the constraint, the largest excess first: `over_limit` where a meter says so or
        modelled use is above in nine of ten cases, else `unclear`, to be metered first.

    Raises
    ------
    UserError
        No building has a demand.

    Notes
    -----
    GB/T 51161 differs by class of building; the value said of a use is the mean over its floor area. Modelled use
    follows from design schedules, so its quartiles say how far buildings differ in build, not in operation.
    """
    taken = Taken(city.standards)
    energy = building_energy(city, demand, taken)
    rows = _use(energy, demand.loc[energy.buildings.index])
    least = taken.number("energy_limit_rules", item="least_buildings", case="all")
    quantiles = {
        name: taken.number("energy_limit_rules", item="quantile", case=name)
        for name in ("guide", "constraint")
    }
    table = pd.DataFrame(
        [_of_use(str(use), one, quantiles, least) for use, one in rows.groupby("use", sort=True)]
    ).set_index("limit_use")
    spread = taken.number("demand_rules", item="spread", case="modelled building")
    over = _over(rows, table, P90_SIGMAS * spread)
    wanted = taken.number("energy_limit_rules", item="metered_share", case="all")
    numbers = tuple(dict.fromkeys([*taken.used, *_standard_numbers(city, energy)]))
    return Part(
        tables=MappingProxyType({"energy_limit": table, "over_limit": over}),
        figures=_figures(table, over, numbers),
        numbers=numbers,
        remarks=(
            "Limits count electricity without what heats where heat comes by a network; sub-meters would part it.",
        ),
        problems=tuple(_problems(table, wanted)),
    )


def _use(energy: BuildingEnergy, demand: pd.DataFrame) -> pd.DataFrame:
    """Public buildings with their use of electricity by floor area and what GB/T 51161 says of each."""
    services = (
        ("electricity", "cold") if energy.zone in CENTRAL else ("electricity", "cold", "heat", "hot_water")
    )
    used = np.sum(
        [value for (service, carrier), value in energy.final.items() if carrier == "electricity" and service in services],
        axis=0,
    )  # fmt: skip
    area = demand["gfa_m2"].to_numpy(dtype=float)
    found = pd.DataFrame(
        {
            "parcel_id": energy.buildings["parcel_id"].to_numpy(dtype=object),
            "use": energy.buildings["use"].to_numpy(dtype=object),
            "gfa_m2": area,
            "used_kwh_per_m2": np.divide(used, area, out=np.full(len(area), np.nan), where=area > 0),
            "metered": energy.metered,
            "standard": pd.to_numeric(demand["limit_kwh_per_m2"], errors="coerce").to_numpy(dtype=float),
            "standard_guide": pd.to_numeric(demand["guide_kwh_per_m2"], errors="coerce").to_numpy(
                dtype=float
            ),
        },
        index=energy.buildings.index,
    )
    judged: pd.DataFrame = found[
        (energy.counted_as == "public") & found["used_kwh_per_m2"].notna().to_numpy()
    ]
    return judged


def _of_use(use: str, rows: pd.DataFrame, quantiles: dict[str, float], least: float) -> dict[str, object]:
    """One row of the table of limits."""
    per_area = rows["used_kwh_per_m2"]
    low, high = (float(per_area.quantile(quantiles[name])) for name in ("guide", "constraint"))
    known = rows["standard"].notna()
    basis = STANDARD if known.any() else QUARTILES if len(rows) >= least else TOO_FEW
    area = rows.loc[known, "gfa_m2"].to_numpy(dtype=float)
    limits = (high, low) if basis == QUARTILES else (float("nan"), float("nan"))
    if basis == STANDARD:
        limit, guide = (
            float(rows.loc[known, name].to_numpy(dtype=float) @ area / area.sum())
            for name in ("standard", "standard_guide")
        )
        limits = (limit, guide)
    return {
        "limit_use": use,
        "buildings": len(rows),
        "gfa_m2": float(rows["gfa_m2"].sum()),
        "metered_buildings": int(rows["metered"].sum()),
        "used_low_kwh_per_m2": round(low, 1),
        "used_median_kwh_per_m2": round(float(per_area.median()), 1),
        "used_high_kwh_per_m2": round(high, 1),
        "guide_kwh_per_m2": round(limits[1], 1),
        "limit_kwh_per_m2": round(limits[0], 1),
        "limit_origin": basis,
    }


def _over(rows: pd.DataFrame, table: pd.DataFrame, spread: float) -> pd.DataFrame:
    """Buildings above the constraint: of GB/T 51161 for their class, else of their kind in the city."""
    of_kind = rows["use"].map(table["limit_kwh_per_m2"])
    by_standard = rows["standard"].notna()
    limit = rows["standard"].where(by_standard, of_kind)
    used = rows["used_kwh_per_m2"]
    sure = rows["metered"] | (by_standard & (used * (1.0 - spread) > limit))
    found = pd.DataFrame(
        {
            "parcel_id": rows["parcel_id"],
            "use": rows["use"],
            "gfa_m2": rows["gfa_m2"],
            "used_kwh_per_m2": used.round(1),
            "limit_kwh_per_m2": limit.round(1),
            "limit_excess_share": (used / limit - 1.0).round(3),
            "limit_excess_kwh_per_year": ((used - limit) * rows["gfa_m2"]).round(),
            "limit_origin": np.where(by_standard, STANDARD, QUARTILES),
            "limit_basis": np.where(rows["metered"], "metered", "modelled"),
            "limit_state": np.where(sure, OVER, UNCLEAR),
        }
    )[used > limit]
    return found.sort_values(
        ["limit_state", "limit_excess_kwh_per_year"], ascending=[True, False], kind="stable"
    )


def _standard_numbers(city: City, energy: BuildingEnergy) -> list[Number]:
    """The rows of GB/T 51161 for the zone."""
    return [
        number
        for column in ("constraint", "guide")
        for number in city.standards.numbers(
            "gbt51161_use", column=column, zone=ZONES[energy.zone], quantity="non_heating_total"
        )
    ]


def _figures(table: pd.DataFrame, over: pd.DataFrame, numbers: tuple[Number, ...]) -> Figures:
    doubtful = over[over["limit_state"] == UNCLEAR]
    over = over[over["limit_state"] == OVER]
    metered = over["limit_basis"] == "metered"
    return Figures.of(
        [
            Figure(
                "limits.over.count",
                "Public buildings over the limit of energy",
                float(len(over)),
                "n",
                formula="Electricity without central heating by floor area above the constraint.",
                numbers=numbers,
                origin="over_limit.used_kwh_per_m2",
            ),
            Figure(
                "limits.over.metered",
                "Public buildings over the limit by their meters",
                float(metered.sum()),
                "n",
                origin="over_limit.limit_basis",
            ),
            Figure(
                "limits.unclear.count",
                "Public buildings to be metered before they are judged",
                float(len(doubtful)),
                "n",
                formula="Modelled use above the constraint, by no more than models err.",
                numbers=numbers,
                origin="over_limit.limit_state",
            ),
            Figure(
                "limits.over.area",
                "Floor area of public buildings over the limit",
                float(over["gfa_m2"].sum()),
                "m²",
                origin="over_limit.gfa_m2",
            ),
            Figure(
                "limits.over.energy",
                "Electricity used above the limits",
                float(over["limit_excess_kwh_per_year"].sum()),
                "kWh/a",
                origin="over_limit.limit_excess_kwh_per_year",
            ),
            Figure(
                "limits.kinds",
                "Kinds of public buildings with a limit",
                float((table["limit_origin"] != TOO_FEW).sum()),
                "n",
                origin="energy_limit.limit_origin",
            ),
        ]
    )


def _problems(table: pd.DataFrame, wanted: float) -> list[Problem]:
    """Kinds with too few buildings, and limits that rest on models."""
    found = []
    few = table[table["limit_origin"] == TOO_FEW]
    if len(few):
        found.append(
            Problem(
                "{count} kinds of public buildings are too few for a limit.",
                "Take buildings of neighbouring cities or of the province together, or a local standard.",
                severity=Severity.WARNING,
                table="energy_limit",
                rows=tuple(few.index),
                count=len(few),
            )
        )
    drawn = table[table["limit_origin"] == QUARTILES]
    modelled = drawn[drawn["metered_buildings"] < wanted * drawn["buildings"]]
    if len(modelled):
        found.append(
            Problem(
                "Limits of {count} kinds of buildings rest on modelled use.",
                "Import meter readings before such a limit is published.",
                severity=Severity.WARNING,
                table="energy_limit",
                rows=tuple(modelled.index),
                count=len(modelled),
            )
        )
    return found
