"""Retrofit of existing buildings: priority, packages, saving and cost, chosen by priority until the target areas are met."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.problems import Problem, Severity
from core.texts import Phrase
from demand.archetypes import years_of
from layers.city import City
from plans import Part
from plans.building_energy import BuildingEnergy, Weights, building_energy
from plans.retrofit_figures import retrofit_figures
from plans.retrofit_grounds import FULL, grounds, left_out_by_reason, points
from plans.retrofit_measures import flag, package_of, saved_by_packages, services
from potential.solar.prices import CUSTOMERS
from standards import Taken

Numbers = NDArray[np.float64]
CLASSES = ("residential", "public")
INDICATORS = {
    "residential": "retrofit_area_residential",
    "public": "retrofit_area_public",
    "total": "retrofit_area",
}
RURAL_USES = ("rural_house", "rural_community_service")
TARGET_TOLERANCE_M2 = 0.5  # areas are whole square metres


@dataclass(frozen=True)
class RetrofitSettings:
    """What the planner may set.

    Parameters
    ----------
    base_year : int
        Year from which refits count as recent. [a]
    electricity_basis : str
        How electricity counts as coal: 等价 or 当量.
    with_rural : bool
        Whether buildings in the country count too; the targets of the policy are those of towns.
    """

    base_year: int = field(default=2025, metadata={"low": 2000, "high": 2100})
    electricity_basis: str = field(
        default="elec_equivalent", metadata={"choices": ("elec_equivalent", "elec_calorific")}
    )
    with_rural: bool = False


def required_areas(targets: pd.DataFrame, year: int) -> dict[str, float]:
    """Areas of retrofit that the targets of a city ask for until a year, by `residential`, `public`, `total`. [m²]

    Only cumulative targets of the whole city count; of several that are in force by that year the largest holds.
    """
    asked = targets[
        (targets["area_kind"] == "city") & (targets["kind"] == "cumulative") & (targets["year"] <= year)
    ]
    most = asked.groupby("indicator")["value"].max()
    return {name: float(most[key]) for name, key in INDICATORS.items() if key in most}


def retrofit(
    city: City,
    demand: pd.DataFrame,
    required_m2: Mapping[str, float],
    settings: RetrofitSettings = RetrofitSettings(),
    fixed: Mapping[str, bool] = MappingProxyType({}),
    why: Mapping[str, str] = MappingProxyType({}),
) -> Part:
    """The retrofit of the existing buildings of a city.

    Parameters
    ----------
    city : City
        With buildings.
    demand : DataFrame, by building_id
        Detail `building` of the assessment of demand.
    required_m2 : Mapping of str to float
        Floor area to be retrofitted, of `residential`, `public` and in `total`; missing asks for none. [m²]
    settings : RetrofitSettings
        What the planner set.
    fixed : Mapping of building_id to bool
        The planner's own choices: true is retrofitted whatever its priority, false never.
    why : Mapping of building_id to str
        The reasons given for them.

    Returns
    -------
    Part
        Table `retrofit` by building, in the order in which they are taken, those not chosen after them, each with the
        points of its priority and on what ground it is chosen, waits, was declined or is left out; table `retrofit_unit`
        by planning unit with the sums of those chosen, where parcels have units; table `retrofit_left_out` with the
        buildings that are no candidates, by reason.

    Raises
    ------
    UserError
        No building has a demand, or a measure of a package has no numbers.

    Notes
    -----
    The areas of housing and of public buildings are two counters of their own. Demolition is no retrofit; what it
    saves is counted only of buildings that are illegal or dangerous.
    """
    taken = Taken(city.standards)
    energy = building_energy(city, demand, taken)
    frame = _judged(city, energy, demand.loc[energy.buildings.index], settings, taken)
    chosen = _chosen(frame, required_m2, fixed)
    table = frame.assign(retrofit_chosen=chosen).sort_values(
        ["retrofit_chosen", "retrofit_priority", "gfa_m2"], ascending=[False, False, False], kind="stable"
    )
    order = np.where(table["retrofit_chosen"], np.arange(1, len(table) + 1), 0)
    table.insert(0, "retrofit_order", order)
    table["retrofit_ground"] = grounds(table, fixed)
    table["manual_reason"] = np.array([why.get(str(one), "") for one in table.index], dtype=object)
    numbers = tuple(dict.fromkeys(taken.used))
    return Part(
        tables=MappingProxyType(
            {
                "retrofit": table,
                "retrofit_unit": _by_unit(city, table),
                "retrofit_left_out": left_out_by_reason(table),
            }
        ),
        figures=retrofit_figures(table, required_m2, numbers),
        numbers=numbers,
        remarks=_remarks(energy),
        problems=tuple(_problems(table, required_m2, fixed)),
    )


def _judged(
    city: City, energy: BuildingEnergy, demand: pd.DataFrame, settings: RetrofitSettings, taken: Taken
) -> pd.DataFrame:
    """Every building with its priority, package, saving and cost, and why it is left out where it is."""
    buildings = energy.buildings
    year, _ = years_of(buildings, taken)
    area = demand["gfa_m2"].to_numpy(dtype=float)
    use = services(energy, taken)
    package = package_of(energy, year, taken)
    out = _left_out(city, energy, year, package, settings, taken)
    package = np.where(out == "", package, "").astype(object)
    saved, yuan_per_m2 = saved_by_packages(package, use, taken)
    money = np.sum([_prices(energy, taken)[carrier] * saved[carrier] for carrier in saved], axis=0)
    cost = yuan_per_m2 * area
    gone = flag(buildings, "planned_demolition") & (flag(buildings, "illegal") | flag(buildings, "dangerous"))
    weights = Weights.of(city, taken, settings.electricity_basis)
    score = points(energy, demand, year, area, taken)
    (low, low_cost), (high, high_cost) = (
        saved_by_packages(package, use, taken, end) for end in ("low", "high")
    )
    return pd.DataFrame(
        {
            "parcel_id": buildings["parcel_id"].to_numpy(dtype=object),
            "use": buildings["use"].to_numpy(dtype=object),
            "retrofit_class": energy.counted_as,
            "gfa_m2": area,
            "envelope_year": year.astype(np.int64),
            "final_kwh_per_m2": np.divide(energy.total, area, out=np.zeros_like(area), where=area > 0).round(
                1
            ),
            "retrofit_priority": (np.sum(list(score.values()), axis=0) / FULL).round(4),
            "retrofit_points": np.sum(list(score.values()), axis=0).round(2),
            **{f"retrofit_{term}_points": one.round(2) for term, one in score.items()},
            "retrofit_package": package,
            "retrofit_saved_electricity_kwh_per_year": saved["electricity"].round(),
            "retrofit_saved_heat_kwh_per_year": saved["heat"].round(),
            "retrofit_saved_gas_kwh_per_year": saved["gas"].round(),
            "retrofit_saved_share": np.divide(
                sum(saved.values()), energy.total, out=np.zeros_like(area), where=energy.total > 0
            ).round(3),
            "retrofit_saved_kgce_per_year": weights.coal(saved).round(),
            "retrofit_saved_low_kgce_per_year": weights.coal(low).round(),
            "retrofit_saved_high_kgce_per_year": weights.coal(high).round(),
            "retrofit_avoided_tco2_per_year": weights.carbon(saved).round(3),
            "retrofit_capex_yuan": cost.round(),
            "retrofit_capex_low_yuan": (low_cost * area).round(),
            "retrofit_capex_high_yuan": (high_cost * area).round(),
            "retrofit_saved_yuan_per_year": money.round(),
            "retrofit_payback_years": np.divide(
                cost, money, out=np.full(len(cost), np.nan), where=money > 0
            ).round(1),
            "demolition_saved_kwh_per_year": np.where(gone, energy.total, 0.0).round(),
            "reason": out,
        },
        index=buildings.index,
    )


def _by_unit(city: City, table: pd.DataFrame) -> pd.DataFrame:
    """Sums of the buildings chosen in every planning unit; a row without a name where parcels have none."""
    unit = pd.Series("", index=table.index, dtype=object)
    parcels = city.tables.get("parcel")
    if parcels is not None and "planning_unit" in parcels:
        unit = table["parcel_id"].map(parcels["planning_unit"].astype(object)).fillna("")
    chosen = table.assign(planning_unit=unit)[table["retrofit_chosen"]]
    areas = {
        f"retrofit_{name}_m2": chosen["gfa_m2"].where(chosen["retrofit_class"] == name, 0.0)
        for name in CLASSES
    }
    sums = [*areas, "retrofit_saved_kgce_per_year", "retrofit_avoided_tco2_per_year", "retrofit_capex_yuan"]
    grouped = chosen.assign(**areas).groupby("planning_unit", sort=True)
    found = grouped[sums].sum()
    found.insert(0, "retrofit_buildings", grouped.size().astype(np.int64))
    return found


def _left_out(
    city: City,
    energy: BuildingEnergy,
    year: Numbers,
    package: NDArray[np.object_],
    settings: RetrofitSettings,
    taken: Taken,
) -> NDArray[np.object_]:
    """Why a building is no candidate, empty where it is, (n,)."""
    buildings = energy.buildings
    refit = pd.to_numeric(
        buildings.get("retrofit_year", pd.Series(np.nan, index=buildings.index)), errors="coerce"
    ).to_numpy(dtype=float)
    recent = settings.base_year - refit < taken.number("retrofit_rules", item="recent", case="years")
    reasons = [
        (energy.counted_as == "not_civil", "not a civil building"),
        (_rural(city, buildings) & (not settings.with_rural), "in the country, counted apart"),
        (flag(buildings, "illegal"), "illegal building, to be dealt with by law"),
        (flag(buildings, "dangerous"), "dangerous building, made safe or removed first"),
        (flag(buildings, "planned_demolition"), "demolition planned, so its saving does not count"),
        (flag(buildings, "heritage"), "protected building, by a design of its own"),
        (flag(buildings, "ultra_low_energy"), "ultra-low-energy already"),
        (recent, "retrofitted in recent years"),
        (year >= taken.number("retrofit_rules", item="newest_code", case="year"), "built to the newest code"),
        (package == "", "no package fits"),
        (energy.total <= 0, "uses no energy"),
    ]
    return np.select([rule for rule, _ in reasons], [word for _, word in reasons], "").astype(object)


def _rural(city: City, buildings: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether buildings stand in the country, by their parcels and uses, (n,)."""
    by_use = buildings["use"].isin(RURAL_USES).to_numpy()
    parcels = city.tables.get("parcel")
    if parcels is None or "settlement" not in parcels:
        return np.asarray(by_use)
    of_parcel = buildings["parcel_id"].map(parcels["settlement"].astype(object)) == "rural"
    return np.asarray(by_use | of_parcel.to_numpy(dtype=bool))


def _prices(energy: BuildingEnergy, taken: Taken) -> dict[str, Numbers]:
    """Price of a bought kilowatt-hour by carrier, (n,) each. [yuan/kWh]"""
    customers = taken.standards.table("pv_customers").set_index("use")["customer"]
    retail = {kind: taken.number("pv_economics", item="retail", case=kind) for kind in CUSTOMERS}
    kind = energy.buildings["use"].map(customers).fillna(CUSTOMERS[-1])
    count = len(energy.buildings)
    return {
        "electricity": kind.map(retail).to_numpy(dtype=float),
        "gas": np.full(count, taken.number("retrofit_rules", item="price", case="gas")),
        "heat": np.full(count, taken.number("retrofit_rules", item="price", case="heat")),
    }


def _chosen(
    frame: pd.DataFrame, required_m2: Mapping[str, float], fixed: Mapping[str, bool]
) -> NDArray[np.bool_]:
    """Which buildings are retrofitted: the planner's own, then by priority until every counter is full."""
    own = pd.Series(dict(fixed), dtype=object).reindex(frame.index)
    candidate = ((frame["reason"] == "") & (own != False)).to_numpy()  # noqa: E712
    chosen = (own == True).to_numpy() & (frame["retrofit_class"] != "not_civil").to_numpy()  # noqa: E712
    area = frame["gfa_m2"].to_numpy(dtype=float)
    rank = frame["retrofit_priority"].to_numpy(dtype=float)
    of = frame["retrofit_class"].to_numpy(dtype=object)
    for name in (*CLASSES, "total"):
        mine = np.isin(of, CLASSES) if name == "total" else of == name
        wanted = float(required_m2.get(name, 0.0)) - area[chosen & mine].sum()
        waiting = np.flatnonzero(candidate & mine & ~chosen)
        waiting = waiting[np.lexsort((-area[waiting], -rank[waiting]))]
        before = np.concatenate([[0.0], np.cumsum(area[waiting])[:-1]]) if len(waiting) else np.zeros(0)
        chosen[waiting[before < wanted - TARGET_TOLERANCE_M2]] = True
    return chosen


def _problems(
    table: pd.DataFrame, required_m2: Mapping[str, float], fixed: Mapping[str, bool]
) -> list[Problem]:
    """What the user should know: targets out of reach, demolition of sound buildings, choices that cannot be."""
    found = []
    taken = table[table["retrofit_chosen"]]
    for name in (*CLASSES, "total"):
        wanted = float(required_m2.get(name, 0.0))
        rows = taken if name == "total" else taken[taken["retrofit_class"] == name]
        lacking = wanted - float(rows["gfa_m2"].sum())
        if lacking > TARGET_TOLERANCE_M2:
            found.append(
                Problem(
                    "The target of retrofit ({counter}) is missed by {area} m².",
                    "Lower the target, add packages for more buildings, or correct their years and uses.",
                    severity=Severity.WARNING,
                    table="retrofit",
                    counter=Phrase("both together" if name == "total" else name),
                    area=f"{lacking:,.0f}",
                )
            )
    sound = table[table["reason"] == "demolition planned, so its saving does not count"]
    if len(sound):
        found.append(
            Problem(
                "{count} buildings to be demolished are neither illegal nor dangerous.",
                "Check them: sound buildings are not demolished in large numbers; their saving is not counted.",
                severity=Severity.WARNING,
                table="building",
                rows=tuple(sound.index),
                count=len(sound),
            )
        )
    wrong = [one for one in fixed if one not in table.index or (fixed[one] and table.at[one, "reason"] != "")]
    if wrong:
        found.append(
            Problem(
                "Buildings chosen by hand for retrofit are unknown or cannot be retrofitted.",
                "Take them out of the choices, or correct the buildings.",
                severity=Severity.WARNING,
                table="building",
                rows=tuple(wrong),
            )
        )
    return found


def _remarks(energy: BuildingEnergy) -> tuple[str, ...]:
    """What was assumed."""
    said = [
        "Savings and costs of retrofit are shares and prices by floor area for screening; an energy audit of each"
        " building decides.",
        "Measures on the same energy follow one another: each saves its share of what those before have left.",
    ]
    if not energy.metered.all():
        said.append("Use of buildings without meters is modelled; meters would tell which use too much.")
    return tuple(said)
