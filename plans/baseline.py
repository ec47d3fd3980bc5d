"""The baseline of a plan: energy and carbon of the stock by use, age, place and carrier, with how well each is known."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.problems import Problem, Severity
from demand.envelopes import column
from demand.systems import FINAL
from layers.city import City
from plans import Part
from plans.baseline_figures import figures_of
from plans.conversion import (
    CALORIFIC,
    EQUIVALENT,
    GJ_PER_KWH,
    KG_PER_T,
    MJ_PER_KWH,
    TJ_PER_MJ,
    ConversionSettings,
    Factors,
    factors,
)
from plans.energy_sources import AUDIT, METER, MODEL, STATISTICS, Merged, merged
from plans.stock import EXISTING, NEW, Stock, stock_of
from potential import Assessment
from standards import Taken

Numbers = NDArray[np.float64]
P90_SIGMAS = 1.2816  # of the normal distribution, one side
ALL = "all"
OPERATING = "operating"
UNCODED, OUTSIDE = "before energy codes", "outside all areas"


@dataclass(frozen=True)
class BaselineSettings(ConversionSettings):
    """How the baseline is drawn up; the rest as `ConversionSettings`.

    Parameters
    ----------
    base_year : int
        Year the baseline is of; 0 takes that of the table of rules.
    """

    base_year: int = field(default=0, metadata={"low": 0, "high": 2100})


@dataclass(frozen=True)
class Baseline:
    """What the other parts of a plan take from the baseline.

    Parameters
    ----------
    stock : Stock
        Buildings and planned parcels.
    merged : Merged
        Energy of each by carrier, from the best source.
    factors : Factors
        Conversions of the city.
    year : int
        Base year.
    panels : DataFrame
        Panels that work already, a row each: `row` (place of its building in the stock), `kw` and `since` (year, NaN where
        it is not registered).
    panels_kw, panels_kwh : ndarray
        Capacity and yearly electricity of panels that stand on buildings already, (n,). [kW], [kWh]
    part : Part
        Tables and figures.
    """

    stock: Stock
    merged: Merged
    factors: Factors
    year: int
    panels: pd.DataFrame
    panels_kw: Numbers
    panels_kwh: Numbers
    part: Part


def baseline(
    city: City,
    demand: Assessment,
    settings: BaselineSettings | None = None,
    statistics: pd.DataFrame | None = None,
) -> Baseline:
    """Energy and carbon of the stock in the base year.

    Parameters
    ----------
    city : City
        With buildings; the fact `province` says whose grid feeds it.
    demand : Assessment
        The assessment `demand`.
    settings : BaselineSettings, optional
        What the planner set.
    statistics : DataFrame, optional
        Audits of buildings and totals of statistics, as `plans.energy_sources.merged` takes them.

    Returns
    -------
    Baseline
        Its part holds the table `baseline`, a row by group of a breakdown: city (urban civil, all civil and all
        buildings), use, use_class, vintage, district, planning_unit, settlement_stock (urban and rural by existing and
        new) and source.

    Raises
    ------
    UserError
        There is nothing whose energy is known.
    """
    settings = settings or BaselineSettings()
    taken = Taken(city.standards)
    year = settings.base_year or int(taken.number("energy_plan_rules", item="period", case="base"))
    province = str(city.facts.get("province") or "")
    found = factors(city.standards, province, settings)
    stock = stock_of(city, demand, taken)
    panels = _standing_panels(city, stock)
    counts = np.bincount(panels["row"], panels["kw"], minlength=len(stock.frame))
    panels_kw = np.asarray(counts, dtype=np.float64)
    panels_kwh = panels_kw * taken.number("energy_plan_rules", item="existing_pv", case="yield")
    best = _less_panels(merged(stock, statistics, year, found, taken), panels_kwh)
    table = _table(stock, best, found, taken)
    figures = figures_of(table, found)
    problems = [*stock.problems, *best.problems]
    if not province:
        problems.append(
            Problem(
                "The province of the city is not known.",
                "Enter it; until then the grid of the whole country is taken.",
                severity=Severity.WARNING,
            )
        )
    remarks = [
        "What was metered goes before audits, audits before statistics, statistics before the model; the order is a table.",
        "Shares of urban indicators leave out rural buildings and what is no civil building.",
    ]
    if panels_kw.any():
        remarks.append(
            "The electricity of panels that stand already is taken off what the model says is bought."
        )
    if _share(stock, best, MODEL) > 0:
        remarks.append("Energy without meter, audit or statistics is that of the model of demand.")
    numbers = tuple(dict.fromkeys((*taken.used, *found.numbers.values())))
    part = Part({"baseline": table}, figures, numbers, tuple(remarks), tuple(problems))
    return Baseline(stock, best, found, year, panels, panels_kw, panels_kwh, part)


def _standing_panels(city: City, stock: Stock) -> pd.DataFrame:
    """Panels that work already: the building each is on, its capacity and since when; what stands still is left out."""
    assets = city.tables.get("pv_asset")
    none = pd.DataFrame({"row": np.zeros(0, dtype=np.int64), "kw": np.zeros(0), "since": np.zeros(0)})
    if assets is None or "installed_kwp" not in assets or "building_id" not in assets:
        return none
    rows = assets[assets["asset_state"] == OPERATING] if "asset_state" in assets else assets
    found = pd.DataFrame(
        {
            "row": stock.frame.index.astype(str).get_indexer(rows["building_id"].astype(str)),
            "kw": column(rows, "installed_kwp"),
            "since": column(rows, "commissioned_year"),
        }
    )
    return found[(found["row"] >= 0) & (found["kw"] > 0)].reset_index(drop=True)


def _less_panels(best: Merged, panels_kwh: Numbers) -> Merged:
    """What is bought where the model, which does not know of panels, said it; meters and statistics know of them."""
    modelled = best.source["electricity"] == MODEL
    power = np.where(
        modelled, np.maximum(best.energy["electricity"] - panels_kwh, 0.0), best.energy["electricity"]
    )
    return replace(best, energy={**best.energy, "electricity": power})


def carbon_of(energy: dict[str, Numbers], found: Factors) -> Numbers:
    """Carbon of operation by row. [tCO2]"""
    gas = MJ_PER_KWH * TJ_PER_MJ * found.gas_energy
    heat = GJ_PER_KWH * found.heat_carbon
    carbon: Numbers = (
        energy["electricity"] * found.grid / KG_PER_T + energy["gas"] * gas + energy["heat"] * heat
    )
    return carbon


def coal_of(energy: dict[str, Numbers], found: Factors, basis: str) -> Numbers:
    """Standard coal by row, electricity on a basis. [kgce]"""
    coal: Numbers = (
        energy["electricity"] * found.kappa(basis)
        + energy["gas"] * MJ_PER_KWH / found.coal_mj
        + energy["heat"] * GJ_PER_KWH * found.heat
    )
    return coal


def _share(stock: Stock, best: Merged, source: str) -> float:
    """Share of the energy of standing civil buildings that comes from a source."""
    here = stock.mask(kind=EXISTING)
    total = sum(float(best.energy[one][here].sum()) for one in FINAL)
    mine = sum(float(best.energy[one][here & (best.source[one] == source)].sum()) for one in FINAL)
    return mine / total if total > 0 else 0.0


def _table(stock: Stock, best: Merged, found: Factors, taken: Taken) -> pd.DataFrame:
    """One row by group of each breakdown."""
    frame = stock.frame
    standing, civil = stock.mask(civil=False, kind=EXISTING), stock.mask(kind=EXISTING)
    spread = {
        "alike": taken.number("demand_rules", item="spread", case="modelled use"),
        MODEL: taken.number("demand_rules", item="spread", case="modelled building"),
        METER: taken.number("demand_rules", item="spread", case="metered"),
        AUDIT: taken.number("energy_plan_rules", item="spread", case=AUDIT),
        STATISTICS: taken.number("energy_plan_rules", item="spread", case=STATISTICS),
    }
    vintage = frame["vintage_from"].map(lambda year: f"{year:.0f}" if year > 0 else UNCODED)
    settled = frame["settlement"].astype(str) + "_" + frame["stock_kind"].astype(str)
    groups: list[tuple[str, str, NDArray[np.bool_]]] = [
        ("city", "urban_civil", stock.mask(urban=True, kind=EXISTING)),
        ("city", "civil", civil),
        ("city", ALL, standing),
    ]
    for breakdown, values, here in (
        ("use", frame["use"], standing),
        ("use_class", frame["civil"], civil),
        ("vintage", vintage, civil),
        ("district", frame["district_name"], civil),
        ("planning_unit", frame["planning_unit"], civil),
        ("settlement_stock", settled, stock.mask()),
    ):
        words = values.astype(str).replace("", OUTSIDE).to_numpy()
        groups += [(breakdown, word, here & (words == word)) for word in sorted(set(words[here]))]
    table = pd.DataFrame([_row(stock, best, found, spread, group) for group in groups])
    table.index = pd.Index(
        table["breakdown"] + "/" + table["baseline_group"], name="baseline_id", dtype=object
    )
    return table


def _row(
    stock: Stock,
    best: Merged,
    found: Factors,
    spread: dict[str, float],
    group: tuple[str, str, NDArray[np.bool_]],
) -> dict[str, object]:
    """What one group buys, emits and how well that is known."""
    breakdown, name, here = group
    frame = stock.frame[here]
    energy = {carrier: best.energy[carrier][here] for carrier in FINAL}
    total = sum(float(one.sum()) for one in energy.values())
    area = float(frame["gfa_m2"].sum())
    sigma = _sigma(frame["use"].to_numpy(dtype=object), here, best, spread)
    carbon = float(carbon_of(energy, found).sum())
    by_source = {
        source: sum(float(energy[one][best.source[one][here] == source].sum()) for one in FINAL)
        for source in (METER, AUDIT, STATISTICS, MODEL)
    }
    given = float(frame.loc[frame["demand_source"] == "given", "gfa_m2"].sum())

    def share(part: float, whole: float) -> float:
        return part / whole if whole > 0 else float("nan")

    return {
        "breakdown": breakdown,
        "baseline_group": name,
        "buildings": int((frame["stock_kind"] == EXISTING).sum()) or int((frame["stock_kind"] == NEW).sum()),
        "gfa_m2": area,
        **{f"bought_{carrier}_kwh_per_year": float(energy[carrier].sum()) for carrier in FINAL},
        "final_kwh_per_year": total,
        "final_p90_kwh_per_year": max(total - P90_SIGMAS * sigma, 0.0),
        "final_p10_kwh_per_year": total + P90_SIGMAS * sigma,
        "bought_kwh_per_m2": share(total, area),
        "coal_equivalent_kgce_per_year": float(coal_of(energy, found, EQUIVALENT).sum()),
        "coal_calorific_kgce_per_year": float(coal_of(energy, found, CALORIFIC).sum()),
        "carbon_tco2_per_year": carbon,
        "carbon_kg_per_m2": share(carbon * KG_PER_T, area),
        "given_share": share(given, area),
        **{f"{source}_energy_share": share(part, total) for source, part in by_source.items()},
    }


def _sigma(
    use: NDArray[np.object_], here: NDArray[np.bool_], best: Merged, spread: dict[str, float]
) -> float:
    """Standard deviation of the energy of a group. [kWh]

    Modelled buildings of a use err alike and each on its own, whatever the carrier; buildings under one statistical total
    err as it does; meters and audits err each on its own. The parts add up as variances.
    """
    own, alike, totals = 0.0, np.zeros(len(use)), 0.0
    for carrier in FINAL:
        energy, source = best.energy[carrier][here], best.source[carrier][here]
        for name in (METER, AUDIT, MODEL):
            own += float(((spread[name] * energy[source == name]) ** 2).sum())
        alike += np.where(source == MODEL, energy, 0.0)
        scaled = (
            pd.Series(np.where(source == STATISTICS, energy, 0.0)).groupby(best.group[carrier][here]).sum()
        )
        totals += float(((spread[STATISTICS] * scaled) ** 2).sum())
    shared = float(((spread["alike"] * pd.Series(alike).groupby(use).sum()) ** 2).sum())
    return float(np.sqrt(own + shared + totals))
