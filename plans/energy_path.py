"""Energy of the stock in any year: what stands by then, retrofitted by then, and served by what was chosen until then."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.problems import Problem, Severity
from demand.systems import FINAL
from layers.city import City
from plans.baseline import Baseline
from plans.new_build import NewBuild, new_build_of
from plans.period import Period, period_of
from plans.stock import EXISTING, NEW, NOT_CIVIL, URBAN, civil_of
from standards import Taken

Numbers = NDArray[np.float64]
POWER, SOLAR, AIR, BIOMASS, WASTE = "pv", "solar_thermal", "air", "biomass", "waste_heat"
GROUND = ("shallow_ground", "groundwater", "surface_water")
DEEP = "deep_ground"
FAMILIES = (POWER, SOLAR, *GROUND, DEEP, AIR, WASTE, BIOMASS)
AMOUNTS = (
    "planned_kw", "kwh_per_year", "cold_kwh_per_year", "electricity_kwh_per_year", "served_m2", "panel_m2",
)  # fmt: skip


@dataclass(frozen=True)
class Outlook:
    """A plan laid over the stock, from which the energy of any year follows.

    Parameters
    ----------
    base : Baseline
        The stock and its energy in the base year.
    period : Period
        Years of the plan.
    choice : DataFrame
        What counts of the choices: by choice, with `parcel_id`, `family`, `phase_year`, amounts, and of its parcel
        `civil`, `settlement`, `district_name` and `planning_unit`.
    saved : mapping of str to ndarray
        Energy saved by retrofit by carrier, (n,). [kWh]
    saved_from : ndarray
        First year of that saving, (n,); NaN where none.
    new_build : NewBuild
        When new buildings are finished and how their energy compares with the code of today.
    use_growth, stock_growth : float
        Yearly growth of use per area of what stands, and of floor area after the last planned parcel.
    problems : tuple of Problem
        What could not be used.
    """

    base: Baseline
    period: Period
    choice: pd.DataFrame
    saved: dict[str, Numbers]
    saved_from: Numbers
    new_build: NewBuild
    use_growth: float
    stock_growth: float
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class YearEnergy:
    """Energy of the stock in one year.

    Parameters
    ----------
    area : ndarray
        Floor area of every row that stands, (n,). [m²]
    bought : mapping of str to ndarray
        Bought by carrier, (n,), before the electricity of panels is taken off. [kWh]
    choice : DataFrame
        Choices that work by then.
    power : DataFrame
        Panels that work, by choice and by building that has some already (`existing/…`): `kwh`, `kw`, `chosen`, `since`
        and the columns of places. [kWh], [kW]
    """

    area: Numbers
    bought: dict[str, Numbers]
    choice: pd.DataFrame
    power: pd.DataFrame


def outlook(
    city: City,
    base: Baseline,
    choice: pd.DataFrame | None,
    grade: pd.DataFrame | None,
    retrofit: pd.DataFrame | None,
    taken: Taken,
) -> Outlook:
    """A plan laid over the stock.

    Parameters
    ----------
    city : City
        With parcels, and panels that stand (`pv_asset`) where known.
    base : Baseline
        The baseline.
    choice, grade, retrofit : DataFrame, optional
        Tables of the plan; missing ones count as nothing chosen. Choices of a year up to the base year are projects that
        work already: they serve from then on and are new in no later period.
    taken : Taken
        Reads and remembers numbers.
    """
    period = period_of(taken, base.year)
    problems: list[Problem] = []
    chosen = _chosen(city, choice, period, problems)
    saved, since = _saved(base, retrofit, period)
    return Outlook(
        base=base,
        period=period,
        choice=chosen,
        saved=saved,
        saved_from=since,
        new_build=new_build_of(city, base.stock, grade, period, taken),
        use_growth=taken.number("energy_plan_rules", item="growth", case="use per area per year"),
        stock_growth=taken.number("energy_plan_rules", item="growth", case="new build after the plan"),
        problems=tuple(problems),
    )


def year_energy(plan: Outlook, year: int) -> YearEnergy:
    """The energy of the stock in a year, with what stands, is retrofitted and was chosen until then."""
    stock, merged = plan.base.stock, plan.base.merged
    frame = stock.frame
    weight = _standing(plan, year)
    growth = (1.0 + plan.use_growth) ** (year - plan.base.year)
    grown = np.where(frame["stock_kind"] == EXISTING, growth, 1.0)
    working = plan.choice[plan.choice["phase_year"] <= year]
    served = _served(plan, working)
    heat_ratio = plan.new_build.ratio(year)
    later = plan.saved_from <= year
    bought = {}
    for carrier in FINAL:
        energy = merged.energy[carrier]
        whole = stock.bought(carrier)
        with np.errstate(divide="ignore", invalid="ignore"):
            scale = np.where(whole > 0, energy / whole, 0.0)
        left = np.where(whole > 0, 0.0, energy)
        for (service, name), part in stock.final.items():
            if name == carrier:
                ratio = heat_ratio if service in ("heat", "cold") else 1.0
                left = left + part * scale * ratio * (1.0 - served.get(service, 0.0))
        left = left * grown - np.where(later, plan.saved[carrier], 0.0)
        bought[carrier] = np.maximum(left, 0.0) * weight
    bought["electricity"] = bought["electricity"] + _drawn(frame, working) * np.minimum(weight, 1.0)
    return YearEnergy(
        area=frame["gfa_m2"].to_numpy(dtype=float) * weight,
        bought=bought,
        choice=working,
        power=_power(plan, working),
    )


def _standing(plan: Outlook, year: int) -> Numbers:
    """How often every row stands in a year: 0 before it is built, 1 after, more than 1 where growth goes on like it."""
    frame = plan.base.stock.frame
    stands: Numbers = (plan.new_build.finished <= year).astype(float)
    last = plan.new_build.last
    if year <= last:
        return stands
    more = (1.0 + plan.stock_growth) ** (year - last) - 1.0
    civil = (frame["civil"] != NOT_CIVIL).to_numpy()
    area = frame["gfa_m2"].to_numpy(dtype=float)
    like = civil & (frame["stock_kind"] == NEW).to_numpy()
    if not area[like].sum() > 0:
        like = civil
    extra = more * float(area[civil].sum()) / float(area[like].sum()) if area[like].sum() > 0 else 0.0
    return np.where(like, stands * (1.0 + extra), stands)


def _chosen(city: City, choice: pd.DataFrame | None, period: Period, problems: list[Problem]) -> pd.DataFrame:
    """The choices that count, with the class and places of their parcels."""
    names = [
        "parcel_id",
        "family",
        *AMOUNTS,
        "phase_year",
        "civil",
        "settlement",
        "district_name",
        "planning_unit",
    ]
    if choice is None or choice.empty:
        return pd.DataFrame(
            {name: pd.Series(dtype=float if name in AMOUNTS else object) for name in names}
        ).astype({"phase_year": float})
    found = choice.copy()
    strange = ~found["family"].isin(FAMILIES)
    if strange.any():
        problems.append(
            Problem(
                "Choices belong to families of technologies that the indicators do not know.",
                "Correct the family of these choices; they are left out.",
                severity=Severity.WARNING,
                table="choice",
                rows=tuple(found.index[strange]),
            )
        )
    counted = found["approved"].astype(bool) if "approved" in found else pd.Series(True, index=found.index)
    found = found[~strange & counted]
    dated = found["phase_year"] if "phase_year" in found else pd.Series(np.nan, index=found.index)
    found["phase_year"] = pd.to_numeric(dated, errors="coerce").fillna(period.target_year).astype(float)
    for name in AMOUNTS:
        found[name] = pd.to_numeric(found[name], errors="coerce").fillna(0.0) if name in found else 0.0
    parcels = city.tables.get("parcel")
    of = found["parcel_id"]
    for name in ("settlement", "district_name", "planning_unit", "use"):
        known = parcels[name] if parcels is not None and name in parcels else None
        found[name] = (
            "" if known is None else of.map(known.astype(object)).fillna("").astype(str).astype(object)
        )
    found["civil"] = civil_of(found["use"].where(found["use"] != "", "unknown"), city.standards)
    found["settlement"] = found["settlement"].where(found["settlement"] != "", URBAN)
    return found[names]


def _saved(
    base: Baseline, retrofit: pd.DataFrame | None, period: Period
) -> tuple[dict[str, Numbers], Numbers]:
    """Energy that retrofit saves in every row by carrier, and from which year on."""
    index = base.stock.frame.index
    if retrofit is None or retrofit.empty:
        return {one: np.zeros(len(index)) for one in FINAL}, np.full(len(index), np.nan)
    rows = chosen_retrofit(retrofit)
    saved = {
        one: rows[f"retrofit_saved_{one}_kwh_per_year"].reindex(index).fillna(0.0).to_numpy(dtype=float)
        for one in FINAL
    }
    since = retrofit_years(rows, period).reindex(index).to_numpy(dtype=float)
    return saved, since


def chosen_retrofit(retrofit: pd.DataFrame) -> pd.DataFrame:
    """The buildings that the plan retrofits."""
    return retrofit[retrofit["retrofit_chosen"].astype(bool)] if "retrofit_chosen" in retrofit else retrofit


def retrofit_years(rows: pd.DataFrame, period: Period) -> pd.Series:
    """Year in which each building is retrofitted; the last of the period where no phase says it."""
    if "phase_year" not in rows:
        return pd.Series(float(period.target_year), index=rows.index)
    return pd.to_numeric(rows["phase_year"], errors="coerce").fillna(period.target_year).astype(float)


def _served(plan: Outlook, working: pd.DataFrame) -> dict[str, Numbers]:
    """Share of heat, hot water and cold of every row that the choices serve, by service, (n,)."""
    frame = plan.base.stock.frame
    parcel = frame["parcel_id"].astype(str)

    def per_parcel(rows: pd.DataFrame, column: str) -> Numbers:
        sums = rows.groupby(rows["parcel_id"].astype(str))[column].sum()
        return np.asarray(np.nan_to_num(parcel.map(sums).to_numpy(dtype=float)), dtype=np.float64)

    def need(name: str) -> Numbers:
        return frame.groupby(parcel)[name].transform("sum").to_numpy(dtype=float)

    def share(part: Numbers, whole: Numbers) -> Numbers:
        return np.clip(np.divide(part, whole, out=np.zeros_like(part), where=whole > 0), 0.0, 1.0)

    solar = working[working["family"] == SOLAR]
    others = working[~working["family"].isin([SOLAR, POWER])]
    heat, water, cold = need("heat"), need("hot_water"), need("cold")
    given, from_sun = per_parcel(others, "kwh_per_year"), per_parcel(solar, "kwh_per_year")
    left = np.maximum(given - heat, 0.0)
    return {
        "heat": share(given, heat),
        "hot_water": share(from_sun + left, water),
        "cold": share(per_parcel(others, "cold_kwh_per_year"), cold),
    }


def _drawn(frame: pd.DataFrame, working: pd.DataFrame) -> Numbers:
    """Electricity that choices draw, shared among the rows of a parcel by floor area. [kWh]"""
    parcel = frame["parcel_id"].astype(str)
    drawn = (
        working[working["family"] != POWER]
        .groupby(working["parcel_id"].astype(str))["electricity_kwh_per_year"]
        .sum()
    )
    area = frame["gfa_m2"].astype(float)
    share = (area / area.groupby(parcel).transform("sum")).fillna(0.0)
    shared: Numbers = (parcel.map(drawn).fillna(0.0) * share).to_numpy(dtype=float)
    return shared


def _power(plan: Outlook, working: pd.DataFrame) -> pd.DataFrame:
    """Panels that work, chosen and standing already, with the class and places of where they are."""
    places = ["civil", "settlement", "district_name", "planning_unit"]
    chosen = working[working["family"] == POWER]
    new = chosen[places].assign(
        kwh=chosen["kwh_per_year"], kw=chosen["planned_kw"], chosen=True, since=chosen["phase_year"]
    )
    frame = plan.base.stock.frame
    here = plan.base.panels_kw > 0
    old = frame.loc[here, places].assign(
        kwh=plan.base.panels_kwh[here], kw=plan.base.panels_kw[here], chosen=False, since=np.nan
    )
    old.index = pd.Index([f"existing/{name}" for name in old.index], dtype=object)
    return pd.concat([new, old])
