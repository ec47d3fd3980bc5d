"""Offers: what one technology could give one parcel at its largest size, in energy, area, money, coal and carbon."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.problems import Problem, Severity, UserError
from layers.city import City
from plans.conversion import MJ_PER_KWH, Factors, factors
from plans.options.money import Prices, capital_recovery, prices
from plans.options.settings import ProgrammeSettings
from plans.options.technologies import ELECTRICITY, HEAT, HOT_WATER, offered, technologies
from potential import Assessment
from potential.heat_worth import KG_PER_T, HeatSaving
from standards import Taken

Floats = NDArray[np.float64]
BOTH = "heat and cold"
AMOUNTS = (
    "planned_kw", "kwh_per_year", "cold_kwh_per_year", "electricity_kwh_per_year", "served_m2", "panel_m2",
    "capex_yuan", "opex_yuan_per_year", "cost_yuan_per_year", "saved_kgce_per_year", "avoided_tco2_per_year",
)  # fmt: skip


@dataclass(frozen=True)
class Offers:
    """What is offered to parcels.

    Parameters
    ----------
    frame : DataFrame
        By `parcel_id/technology`: parcel_id, technology, family, service, approved and `AMOUNTS` at the largest size.
    draws : DataFrame
        What offers draw from shared resources at the largest size: offer, resource, resource_id, drawn.
    demand : DataFrame
        By parcel: useful `heat`, `hot_water` and `cold` of a year [kWh], and `gfa_m2`.
    problems : tuple of Problem
        What was left out.
    """

    frame: pd.DataFrame
    draws: pd.DataFrame
    demand: pd.DataFrame
    problems: tuple[Problem, ...] = ()


def offers(
    city: City, assessments: Mapping[str, Assessment], settings: ProgrammeSettings, taken: Taken
) -> Offers:
    """Everything that assessments offer to parcels that will stand.

    Parameters
    ----------
    city : City
        With parcels.
    assessments : Mapping of str to Assessment
        By name; `demand` among them where heat is offered.
    settings : ProgrammeSettings
        What the planner set.
    taken : Taken
        Reads and remembers numbers.

    Raises
    ------
    UserError
        A technology is not known, or the demand is missing.
    """
    table = technologies(city.standards)
    rows = offered(assessments, table)
    if rows.empty:
        raise UserError(
            Problem(
                "There is nothing to choose: no assessment offers anything.",
                "Assess the potentials first.",
            )
        )
    rows = rows.join(table[["family", "service"]], on="technology")
    if "demand" not in assessments and (rows["service"] != ELECTRICITY).any():
        raise UserError(
            Problem(
                "Sources of heat cannot be chosen without the demand of parcels.",
                "Assess the demand first.",
            )
        )
    problems: list[Problem] = []
    rows = _standing(city, rows, problems)
    demand = _demand(city, assessments)
    frame = _one_each(rows, table)
    found = factors(city.standards, str(city.facts.get("province") or ""), settings)
    taken.used.extend(found.numbers.values())
    frame = _energy(city, frame, table, assessments, demand, settings, taken)
    frame = _worth(
        city,
        frame,
        table,
        assessments,
        found,
        prices(taken, settings.ground_replaces, settings.solar_replaces),
        settings,
    )
    return Offers(frame, _draws(rows), demand, tuple(problems))


def _standing(city: City, rows: pd.DataFrame, problems: list[Problem]) -> pd.DataFrame:
    """Offers to parcels of the city that are not to be demolished and are not of the forces."""
    parcels = city.tables["parcel"]
    strange = ~rows["parcel_id"].isin(parcels.index)
    if strange.any():
        problems.append(
            Problem(
                "Assessments offer something to parcels that the city does not have.",
                "Assess anew; these offers are left out.",
                severity=Severity.WARNING,
                table="parcel",
                rows=tuple(rows.loc[strange, "parcel_id"].unique()),
            )
        )
    gone = pd.Series(False, index=parcels.index)
    for name in ("planned_demolition", "military"):
        if name in parcels:
            gone |= parcels[name].fillna(False).astype(bool)
    out = rows["parcel_id"].map(gone).fillna(True).astype(bool)
    dropped = tuple(rows.loc[out & ~strange, "parcel_id"].unique())
    if dropped:
        problems.append(
            Problem(
                "Parcels to be demolished or of the forces get nothing.",
                "Correct the parcels where this is wrong.",
                severity=Severity.NOTE,
                table="parcel",
                rows=dropped,
            )
        )
    return rows[~out].reset_index(drop=True)


def _demand(city: City, assessments: Mapping[str, Assessment]) -> pd.DataFrame:
    """Useful heat, hot water and cold of parcels, and their floor area."""
    index = city.tables["parcel"].index
    names = {"heat": "heat_kwh_per_year", "hot_water": "hot_water_kwh_per_year", "cold": "cold_kwh_per_year"}
    found = pd.DataFrame(0.0, index=index, columns=[*names, "gfa_m2"])
    if "demand" in assessments:
        known = assessments["demand"].parcels.reindex(index)
        for name, column in names.items():
            found[name] = pd.to_numeric(known[column], errors="coerce").fillna(0.0)
        found["gfa_m2"] = pd.to_numeric(known["gfa_m2"], errors="coerce").fillna(0.0)
    return found


def _one_each(rows: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """One row for each parcel and technology; what comes from two sources of one kind is added up."""
    frame = rows.assign(
        offer=rows["parcel_id"].astype(str) + "/" + rows["technology"].astype(str),
        planned_kw=rows["most_kw"].astype(float),
        kwh_per_year=rows["most_kw"].astype(float) * rows["kwh_per_kw"].astype(float),
        approved=rows["approved"].astype(object).where(rows["approved"].notna(), True).astype(bool)
        if "approved" in rows
        else True,
        opex_yuan_per_year=pd.to_numeric(rows["opex_yuan_per_year"], errors="coerce")
        if "opex_yuan_per_year" in rows
        else np.nan,
    )
    first = ["parcel_id", "technology", "family", "service", "assessment"]
    sums = ["planned_kw", "kwh_per_year", "capex_yuan", "avoided_tco2_per_year"]
    grouped = frame.groupby("offer", sort=False)
    found = grouped[first].first()
    for name in sums:
        found[name] = grouped[name].sum()
    found["opex_yuan_per_year"] = grouped["opex_yuan_per_year"].sum(min_count=1)
    found["approved"] = grouped["approved"].all()
    return found[found["planned_kw"] > 0]


def _draws(rows: pd.DataFrame) -> pd.DataFrame:
    """What offers draw from shared resources, added up by offer and resource."""
    if "resource_id" not in rows:
        return pd.DataFrame(columns=["offer", "resource", "resource_id", "drawn"])
    some = rows[rows["resource_id"].fillna("").astype(str) != ""]
    frame = pd.DataFrame(
        {
            "offer": some["parcel_id"].astype(str) + "/" + some["technology"].astype(str),
            "resource": some["resource"].astype(str),
            "resource_id": some["resource_id"].astype(str),
            "drawn": pd.to_numeric(some["resource_drawn"], errors="coerce").fillna(0.0),
        }
    )
    return frame.groupby(["offer", "resource", "resource_id"], sort=False)["drawn"].sum().reset_index()


def _column(
    frame: pd.DataFrame, table: pd.DataFrame, assessments: Mapping[str, Assessment], word: str
) -> Floats:
    """The column of parcels that the row of each technology names, (n,); NaN where it names none."""
    found = np.full(len(frame), np.nan)
    for technology, name, assessed in zip(table.index, table[word], table["assessment"], strict=True):
        here = (frame["technology"] == technology).to_numpy()
        if not name or not here.any():
            continue
        of = assessments[str(assessed)].parcels[str(name)]
        values = frame.loc[here, "parcel_id"].map(of)
        found[here] = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float)
    return found


def _energy(
    city: City,
    frame: pd.DataFrame,
    table: pd.DataFrame,
    assessments: Mapping[str, Assessment],
    demand: pd.DataFrame,
    settings: ProgrammeSettings,
    taken: Taken,
) -> pd.DataFrame:
    """Heat, cold, electricity drawn and areas of offers."""
    frame = frame.copy()
    of = frame["technology"].map
    service = frame["service"]
    heat = service != ELECTRICITY
    # A source that cools alone gives its cold as its energy.
    cools = (_column(frame, table, assessments, "heat_column") == 0.0) & heat.to_numpy()
    cold = np.nan_to_num(_column(frame, table, assessments, "cold_column"))
    rooms = frame["kwh_per_year"].where(service == HEAT, 0.0)
    part = rooms / rooms.groupby([frame["parcel_id"], frame["assessment"]]).transform("sum").replace(
        0.0, np.nan
    )
    cold = cold * part.fillna(0.0).to_numpy()
    frame["cold_kwh_per_year"] = np.where(cools, frame["kwh_per_year"], cold).round()
    frame["kwh_per_year"] = np.where(cools, 0.0, frame["kwh_per_year"]).round()
    saving = HeatSaving.saving_in(city, taken, settings.electricity_basis)
    # The electricity of heat follows from the balance of carbon that every assessment of heat gives with its option.
    kgco2 = frame["kwh_per_year"] * saving.heat_kgco2 - frame["avoided_tco2_per_year"] * KG_PER_T
    draws = (of(table["draws"]) == "yes").to_numpy() & ~cools
    for_heat = np.where(draws, np.maximum(kgco2 / saving.power_kgco2, 0.0), 0.0)
    for_cold = _cold_power(frame, table, assessments, for_heat, taken)
    frame["heat_power_kwh"], frame["cold_power_kwh"] = for_heat, for_cold
    frame["electricity_kwh_per_year"] = np.round(for_heat + for_cold)
    need = demand.reindex(frame["parcel_id"]).set_axis(frame.index)
    shares = {
        HEAT: np.fmax(
            _share(frame["kwh_per_year"], need["heat"]), _share(frame["cold_kwh_per_year"], need["cold"])
        ),
        HOT_WATER: _share(frame["kwh_per_year"], need["hot_water"]),
    }
    served = np.select([service == HEAT, service == HOT_WATER], [shares[HEAT], shares[HOT_WATER]], 0.0)
    frame["served_m2"] = np.round(served * need["gfa_m2"].to_numpy())
    whole = _column(frame, table, assessments, "capacity_column")
    panels = _column(frame, table, assessments, "panel_column")
    density = np.divide(panels, whole, out=np.zeros(len(frame)), where=np.nan_to_num(whole) > 0)
    frame["panel_m2"] = np.round(density * frame["planned_kw"], 1)
    return frame


def _cold_power(
    frame: pd.DataFrame,
    table: pd.DataFrame,
    assessments: Mapping[str, Assessment],
    for_heat: Floats,
    taken: Taken,
) -> Floats:
    """Electricity that cold takes: as the assessment has it, else by the usual efficiency of systems. [kWh]"""
    cold = frame["cold_kwh_per_year"].to_numpy(dtype=float)
    usual = taken.number("heat_source_efficiency", key="gshp_system", quantity="EER_sys")
    said = _column(frame, table, assessments, "cold_electricity_column")
    both = (frame["technology"].map(table["cold_electricity_holds"]) == BOTH).to_numpy()
    said = np.maximum(said - np.where(both, for_heat, 0.0), 0.0)
    return np.where(np.isnan(said), cold / usual, np.where(cold > 0, said, 0.0))


def _share(part: pd.Series, whole: pd.Series) -> Floats:
    over, under = part.to_numpy(dtype=float), whole.to_numpy(dtype=float)
    found: Floats = np.divide(over, under, out=np.zeros(len(over)), where=under > 0)
    return np.clip(found, 0.0, 1.0)


def _worth(
    city: City,
    frame: pd.DataFrame,
    table: pd.DataFrame,
    assessments: Mapping[str, Assessment],
    found: Factors,
    paid: Prices,
    settings: ProgrammeSettings,
) -> pd.DataFrame:
    """Money, coal and carbon of offers; coal by GB/T 50801, carbon as the assessments have it and that of cold."""
    frame = frame.copy()
    service, kwh = frame["service"], frame["kwh_per_year"]
    kappa = found.kappa(settings.electricity_basis)
    electric = (service == ELECTRICITY).to_numpy()
    solar = (frame["family"] == "solar_thermal").to_numpy()
    efficiency = np.where(
        solar, found.replaced[settings.solar_replaces], found.replaced[settings.ground_replaces]
    )
    pumped = frame["heat_power_kwh"].to_numpy()
    chilled = frame["cold_kwh_per_year"].to_numpy() / found.chiller - frame["cold_power_kwh"].to_numpy()
    by_heat = kwh * MJ_PER_KWH / (found.coal_mj * efficiency) - kappa * pumped
    frame["saved_kgce_per_year"] = np.where(electric, kwh * kappa, by_heat + kappa * chilled).round()
    frame["avoided_tco2_per_year"] = (
        frame["avoided_tco2_per_year"] + np.where(electric, 0.0, chilled * found.grid / KG_PER_T)
    ).round(3)
    holds = frame["technology"].map(table["opex_holds"])
    opex = frame["opex_yuan_per_year"].where(holds != "none", frame["capex_yuan"] * paid.upkeep)
    opex = opex.fillna(frame["capex_yuan"] * paid.upkeep)
    opex = opex + np.where(holds == "upkeep", frame["electricity_kwh_per_year"] * paid.drawn, 0.0)
    frame["opex_yuan_per_year"] = opex.round()
    life = frame["technology"].map(pd.to_numeric(table["life_years"]))
    heat_price = np.where(solar, paid.hot_water, paid.heat)
    per_kwh = np.where(electric, _power_price(city, frame, assessments, paid), heat_price)
    worth = kwh * per_kwh + frame["cold_kwh_per_year"] / found.chiller * paid.drawn
    yearly = frame["capex_yuan"] * capital_recovery(paid.interest, life) + frame["opex_yuan_per_year"]
    frame["gross_yuan_per_year"] = yearly.round()
    frame["cost_yuan_per_year"] = (yearly - worth).round()
    return frame


def _power_price(
    city: City, frame: pd.DataFrame, assessments: Mapping[str, Assessment], paid: Prices
) -> Floats:
    """What a kilowatt-hour from panels is worth: bought electricity for what is used at once, else the feed-in price."""
    use = frame["parcel_id"].map(city.tables["parcel"]["use"].astype(object))
    retail = use.map(paid.retail).fillna(paid.feed_in).to_numpy(dtype=float)
    own = np.zeros(len(frame))
    for one in assessments.values():
        if "pv_self_use_share" in one.parcels:
            own = np.fmax(own, frame["parcel_id"].map(one.parcels["pv_self_use_share"]).to_numpy(dtype=float))
    found: Floats = own * retail + (1.0 - own) * paid.feed_in
    return found
