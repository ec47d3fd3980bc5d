"""Clusters of PV, storage, direct current and flexible load (光储直柔): self-use, peak, size of the battery, and pilots."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.jobs import Job
from core.problems import Problem, Severity
from demand import HOLIDAY, WORKDAY
from layers.city import City
from plans import Part
from plans.battery_size import BatteryRules, SizedBattery, sized_battery
from plans.clusters import Growth, clusters, used_at_once
from plans.electric_load import ElectricLoad, electric_load
from plans.electricity_prices import hourly, parcel_prices, retail_prices
from plans.figures import Figure, Figures
from potential.building_demand import DAY_KINDS
from standards import Number, Taken

Numbers = NDArray[np.float64]
PV = "pv"
PV_HOURS = [f"pv_wh_hour_{hour:02d}" for hour in range(24)]
WATT = 1000.0
CLUSTER_HOURS = [f"cluster_kw_hour_{hour:02d}" for hour in range(24)]
CLUSTER_COLUMNS = [
    "planning_unit", "parcels", "gfa_m2", "public_share", "pv_kwp", "pv_kwh_per_year", "load_kwh_per_year",
    "cluster_self_use_share", "cluster_self_use_stored_share", "cluster_self_sufficiency",
    "cluster_self_sufficiency_stored", "load_peak_kw", "grid_peak_kw", "grid_peak_stored_kw", "feed_in_peak_kw",
    "feed_in_peak_stored_kw", "storage_kwh", "storage_kw", "storage_limit", "storage_worth_yuan_per_kwh",
    "storage_capex_yuan", "storage_saved_yuan_per_year", "storage_net_yuan_per_year", "flexible_kw", "cluster_score",
    "cluster_candidate", "cluster_pilot", "cluster_rank",
]  # fmt: skip
SERIES = ("cluster_load", "cluster_pv", "cluster_charge", "cluster_give", "cluster_grid")


def storage_clusters(
    city: City,
    demand: pd.DataFrame,
    parcel_day: pd.DataFrame,
    pv_parcels: pd.DataFrame,
    pv_day: pd.DataFrame,
    choice: pd.DataFrame | None = None,
    flexible: pd.DataFrame | None = None,
    job: Job | None = None,
    *,
    most_pilots: int = 0,
) -> Part:
    """Clusters of parcels that share PV and a battery.

    Parameters
    ----------
    city : City
        With parcels.
    demand, parcel_day : DataFrame
        Parcels of the assessment of demand, and its detail of typical days.
    pv_parcels, pv_day : DataFrame
        Parcels of the assessment of roofs (`pv_kwp`, `pv_kwh_per_year`), and its detail of typical days.
    choice : DataFrame, optional
        What a plan has chosen: only PV of it counts, of roofs and all else, and its heat pumps are part of the load.
        Without it all roofs carry what they can.
    flexible : DataFrame, optional
        Table `flexible`; with it controllable power counts in the rank of pilots.
    job : Job, optional
        Reports progress and stops when asked.
    most_pilots : int
        How many candidates become pilots at most; 0 takes that of the table of rules.

    Returns
    -------
    Part
        Table `cluster`, the best candidate first; `cluster_parcel`, the cluster of parcels; `cluster_day`, the typical
        days of pilots hour by hour.

    Raises
    ------
    UserError
        There are no typical days of demand.

    Notes
    -----
    A battery is enlarged as long as a further step saves more in a year than it costs in a year: energy of the sun
    kept for later, and cheap hours of the tariff used in dear ones. On typical days the sun is smoother than on real
    ones and every day of a month is alike. PV of walls and canopies follows the course of the parcel's roofs.
    """
    taken = Taken(city.standards)
    load = electric_load(city, demand, parcel_day, taken, choice)
    kwp, pv = _pv(load, pv_parcels, pv_day, choice)
    parcels = city.tables["parcel"].loc[load.parcels]
    unit = parcels.get("planning_unit", pd.Series("", index=parcels.index)).astype(object).fillna("")

    def rule(case: str) -> float:
        return taken.number("storage_rules", item="cluster", case=case)

    growth = Growth(rule("gap"), int(rule("most_parcels")), rule("least_gain"))
    total = load.total
    number = clusters(parcels, unit.to_numpy(dtype=object), pv, total, load.days, growth)
    battery = BatteryRules.of(taken)
    price = hourly(parcel_prices(city, load.parcels, retail_prices(taken), taken), taken)
    sold = taken.number("pv_economics", item="feed_in", case="market_price")
    rows, days = [], []
    job = job or Job()
    for one in job.each(range(number.max(initial=-1) + 1), "Sizing batteries of clusters"):
        here = np.flatnonzero(number == one)
        sun, need = pv[here].sum(axis=0), total[here].sum(axis=0, dtype=np.float64)
        sized = sized_battery(
            sun, need, _mean_price(price[here], load.yearly(total[here])), sold, load.days, battery
        )
        about = {
            "planning_unit": unit.iloc[here[0]],
            "parcels": len(here),
            "gfa_m2": float(demand["gfa_m2"].iloc[here].sum()),
            "public_share": _public_share(load, demand, here),
            "pv_kwp": float(kwp[here].sum()),
        }
        rows.append(about | _row(sun, need, sized, load, battery))
        days.append(_days(sun, need, sized))
    ids = [f"PEDF-{one + 1:03d}" for one in range(len(rows))]
    table = _ranked(
        pd.DataFrame(rows, index=pd.Index(ids, name="cluster_id")), number, load, flexible, rule, most_pilots
    )
    numbers = tuple(dict.fromkeys(taken.used))
    return Part(
        tables=MappingProxyType(
            {
                "cluster": table,
                "cluster_parcel": _members(load, number, ids),
                "cluster_day": _day_table(table, ids, days),
            }
        ),
        figures=_figures(table, numbers),
        numbers=numbers,
        remarks=(
            "Batteries are sized on typical days with the tariff of the table of hours; the tariff in force and metered"
            " days decide.",
        ),
        problems=_problems(table),
    )


def _pv(
    load: ElectricLoad, parcels: pd.DataFrame, days: pd.DataFrame, choice: pd.DataFrame | None
) -> tuple[Numbers, Numbers]:
    """Capacity of PV (n,) and its power on typical days (n, 12, 24). [kW]"""
    power = np.zeros((len(load.parcels), 12, 24))
    rows = days[days.index.isin(load.parcels)]
    place = load.parcels.get_indexer(rows.index)
    power[place, rows["month"].to_numpy(dtype=np.int64) - 1] = rows[PV_HOURS].to_numpy(dtype=float) / WATT
    if choice is None:
        return parcels["pv_kwp"].reindex(load.parcels, fill_value=0.0).to_numpy(dtype=float), power
    chosen = choice[choice["family"] == PV].groupby("parcel_id")[["planned_kw", "kwh_per_year"]].sum()
    chosen = chosen.reindex(load.parcels, fill_value=0.0)
    per_month = load.days.sum(axis=1)
    yearly = np.einsum("nmh,m->n", power, per_month)
    usual = power.sum(axis=0) / max(float(yearly.sum()), 1.0)  # where a parcel has no roof of its own
    shape = np.divide(
        power,
        yearly[:, None, None],
        out=np.broadcast_to(usual, power.shape).copy(),
        where=yearly[:, None, None] > 0,
    )
    return chosen["planned_kw"].to_numpy(dtype=float), shape * chosen["kwh_per_year"].to_numpy(dtype=float)[
        :, None, None
    ]


def _mean_price(price: Numbers, weight: Numbers) -> Numbers:
    """Price of each hour for parcels together, by what they use, (24,). [yuan/kWh]"""
    if weight.sum() <= 0:
        return np.asarray(price.mean(axis=0))
    return np.asarray(weight @ price / weight.sum())


def _row(
    sun: Numbers, need: Numbers, sized: SizedBattery, load: ElectricLoad, battery: BatteryRules
) -> dict[str, float | str]:
    """Energy, peaks and battery of one cluster."""
    made = float(np.einsum("mh,m->", sun, load.days.sum(axis=1)))
    needed = float(load.yearly(need))
    used = float(used_at_once(sun, need, load.days))
    kept, given, grid = (one.reshape(12, 2, 24) / WATT for one in (
        sized.course.from_surplus, sized.course.given, sized.course.from_grid,
    ))  # fmt: skip
    without = need - sun[:, None, :]
    after = without + kept + grid - given
    self_use = used + float(load.yearly(kept))
    # what the battery took from the grid and gave back is not the sun's
    own = used + battery.efficiency**2 * float(load.yearly(kept))
    capex = sized.kwh * battery.yuan_per_kwh
    yearly = capex * battery.yearly_share
    return {
        "pv_kwh_per_year": round(made),
        "load_kwh_per_year": round(needed),
        "cluster_self_use_share": _share(used, made),
        "cluster_self_use_stored_share": _share(self_use, made),
        "cluster_self_sufficiency": _share(used, needed),
        "cluster_self_sufficiency_stored": _share(own, needed),
        "load_peak_kw": round(float(need.max()), 1),
        "grid_peak_kw": round(float(max(without.max(), 0.0)), 1),
        "grid_peak_stored_kw": round(float(max(after.max(), 0.0)), 1),
        "feed_in_peak_kw": round(float(max(-without.min(), 0.0)), 1),
        "feed_in_peak_stored_kw": round(float(max(-after.min(), 0.0)), 1),
        "storage_kwh": round(sized.kwh, 1),
        "storage_kw": round(sized.kwh / battery.hours, 1),
        "storage_limit": sized.limit,
        "storage_worth_yuan_per_kwh": round(sized.first, 1),
        "storage_capex_yuan": round(capex),
        "storage_saved_yuan_per_year": round(sized.saving),
        "storage_net_yuan_per_year": round(sized.saving - yearly),
    }


def _share(part: float, whole: float) -> float:
    return round(part / whole, 3) if whole > 0 else float("nan")


def _public_share(load: ElectricLoad, demand: pd.DataFrame, here: NDArray[np.int64]) -> float:
    """Share of public buildings in the floor area of a cluster."""
    area = demand["gfa_m2"].to_numpy(dtype=float)[here]
    return _share(float(area[load.counted_as[here] == "public"].sum()), float(area.sum()))


def _days(sun: Numbers, need: Numbers, sized: SizedBattery) -> dict[str, Numbers]:
    """Courses of the typical days of one cluster, (12, 2, 24) each. [kW]"""
    kept, given, grid = (one.reshape(12, 2, 24) / WATT for one in (
        sized.course.from_surplus, sized.course.given, sized.course.from_grid,
    ))  # fmt: skip
    made = np.broadcast_to(sun[:, None, :], need.shape)
    return {
        "cluster_load": need,
        "cluster_pv": made,
        "cluster_charge": kept + grid,
        "cluster_give": given,
        "cluster_grid": need - made + kept + grid - given,
    }


def _ranked(
    table: pd.DataFrame,
    number: NDArray[np.int64],
    load: ElectricLoad,
    flexible: pd.DataFrame | None,
    rule: Callable[[str], float],
    most_pilots: int,
) -> pd.DataFrame:
    """Clusters with their score: those large enough are candidates, best first, and the first of them pilots."""
    if table.empty:
        return pd.DataFrame(columns=CLUSTER_COLUMNS, index=table.index)
    power = np.zeros(len(table))
    if flexible is not None:
        stronger = flexible[["flexible_summer_kw", "flexible_winter_kw"]].max(axis=1)
        each = stronger.reindex(load.parcels, fill_value=0.0).to_numpy(dtype=float)
        np.add.at(power, number[number >= 0], each[number >= 0])
    peak = table["load_peak_kw"].to_numpy(dtype=float)
    share = np.divide(power, peak, out=np.zeros(len(power)), where=peak > 0).clip(0.0, 1.0)
    terms = {
        "weight_self_use": table["cluster_self_use_stored_share"].fillna(0.0).to_numpy(dtype=float),
        "weight_self_sufficiency": table["cluster_self_sufficiency_stored"].fillna(0.0).to_numpy(dtype=float),
        "weight_flexible": share,
        "weight_public": table["public_share"].fillna(0.0).to_numpy(dtype=float),
    }
    weight = {name: rule(name) for name in terms}
    score = np.sum([weight[name] * terms[name] for name in terms], axis=0) / sum(weight.values())
    large = (table["pv_kwp"] >= rule("least_pv_kw")) & (table["parcels"] >= rule("least_parcels"))
    found = table.assign(flexible_kw=power.round(1), cluster_score=score.round(4), cluster_candidate=large)
    found = found.sort_values(
        ["cluster_candidate", "cluster_score", "pv_kwp"], ascending=[False, False, False], kind="stable"
    )
    rank = np.where(found["cluster_candidate"], np.arange(1, len(found) + 1), 0)
    most = most_pilots or int(rule("most_pilots"))
    found = found.assign(cluster_rank=rank, cluster_pilot=(rank > 0) & (rank <= most))
    return found[CLUSTER_COLUMNS]


def _members(load: ElectricLoad, number: NDArray[np.int64], ids: list[str]) -> pd.DataFrame:
    """The cluster of every parcel that is in one."""
    inside = number >= 0
    return pd.DataFrame(
        {"cluster_id": [ids[one] for one in number[inside]]}, index=load.parcels[inside], dtype=object
    )


def _day_table(table: pd.DataFrame, ids: list[str], days: list[dict[str, Numbers]]) -> pd.DataFrame:
    """Typical days of the pilots, hour by hour."""
    pilots = set(table.index[table["cluster_pilot"]]) if len(table) else set()
    rows: list[list[object]] = [
        [name, series, month + 1, DAY_KINDS[kind], *course[series][month, kind].round(1)]
        for name, course in zip(ids, days, strict=True)
        if name in pilots
        for series in SERIES
        for month in range(12)
        for kind in (WORKDAY, HOLIDAY)
    ]
    columns = ["cluster_id", "cluster_series", "month", "day_kind", *CLUSTER_HOURS]
    found = pd.DataFrame(rows, columns=columns)
    found.index = pd.Index(
        [
            f"{one}/{series}/{month:02d}/{kind}"
            for one, series, month, kind in found.iloc[:, :4].itertuples(index=False)
        ],
        name="cluster_day_id",
        dtype=object,
    )
    return found


def _figures(table: pd.DataFrame, numbers: tuple[Number, ...]) -> Figures:
    """Sums over the pilots."""
    pilots = table[table["cluster_pilot"]] if len(table) else table

    def total(key: str, title: str, column: str, unit: str) -> Figure:
        value = float(pilots[column].sum()) if len(pilots) else 0.0
        return Figure(f"pedf.{key}", title, value, unit, numbers=numbers, origin=f"cluster.{column}")

    sums = [
        total("parcels", "Parcels in pilot clusters of PV, storage, direct current and flexible load", "parcels", "n"),
        total("pv", "PV of pilot clusters", "pv_kwp", "kWp"),
        total("storage", "Batteries of pilot clusters", "storage_kwh", "kWh"),
        total("storage_power", "Power of the batteries of pilot clusters", "storage_kw", "kW"),
        total("capex", "Investment in batteries of pilot clusters", "storage_capex_yuan", "yuan"),
        total("saving", "Energy cost saved by batteries of pilot clusters", "storage_saved_yuan_per_year", "yuan/a"),
        total("made", "Electricity made by PV of pilot clusters", "pv_kwh_per_year", "kWh/a"),
        total("load", "Electricity used in pilot clusters", "load_kwh_per_year", "kWh/a"),
    ]  # fmt: skip
    known = {one.key: one for one in sums}
    made, needed = known["pedf.made"], known["pedf.load"]
    shares = []
    for key, title, column, whole in (
        ("self_use", "Self-use of PV in pilot clusters, without batteries", "cluster_self_use_share", made),
        ("self_use_stored", "Self-use of PV in pilot clusters, with batteries", "cluster_self_use_stored_share", made),
        ("self_sufficiency", "Self-sufficiency of pilot clusters, with batteries", "cluster_self_sufficiency_stored",
         needed),
    ):  # fmt: skip
        weight = "pv_kwh_per_year" if whole is made else "load_kwh_per_year"
        part = float((pilots[column] * pilots[weight]).sum()) if len(pilots) else 0.0
        shares.append(
            Figure(
                f"pedf.{key}",
                title,
                part / whole.value if whole.value > 0 else float("nan"),
                "%",
                formula="Mean of the clusters by their energy.",
                inputs=(whole.key,),
                origin=f"cluster.{column}",
            )
        )
    count = Figure(
        "pedf.pilots",
        "Pilot clusters of PV, storage, direct current and flexible load",
        float(len(pilots)),
        "n",
        numbers=numbers,
        formula="Candidates of the highest score, as many as the settings or the table of rules allow.",
        inputs=("pedf.candidates",),
        origin="cluster.cluster_pilot",
    )
    candidates = Figure(
        "pedf.candidates",
        "Clusters of PV, storage, direct current and flexible load that could be pilots",
        float(table["cluster_candidate"].sum()) if len(table) else 0.0,
        "n",
        numbers=numbers,
        formula="Clusters with the least PV and parcels of a pilot.",
        origin="cluster.cluster_candidate",
    )
    return Figures.of([candidates, count, *sums, *shares])


def _problems(table: pd.DataFrame) -> tuple[Problem, ...]:
    if len(table) and table["cluster_pilot"].any():
        return ()
    return (
        Problem(
            "No cluster has enough PV to be a pilot of PV, storage, direct current and flexible load.",
            "Compute the roofs, choose PV on more parcels, or lower the least PV of a pilot in the table storage_rules.",
            severity=Severity.WARNING,
            table="cluster",
        ),
    )


def self_use_shares(
    city: City,
    demand: pd.DataFrame,
    parcel_day: pd.DataFrame,
    pv_parcels: pd.DataFrame,
    pv_day: pd.DataFrame,
    choice: pd.DataFrame | None = None,
) -> pd.Series:
    """Share of the PV of every parcel that it uses itself in the hour it comes, missing where it has none.

    Parameters as in `storage_clusters`.
    """
    taken = Taken(city.standards)
    load = electric_load(city, demand, parcel_day, taken, choice)
    _, pv = _pv(load, pv_parcels, pv_day, choice)
    made = np.einsum("nmh,m->n", pv, load.days.sum(axis=1))
    used = used_at_once(pv, load.total, load.days)
    share = np.divide(used, made, out=np.full(len(made), np.nan), where=made > 0)
    return pd.Series(share, index=load.parcels, name="self_use_share")
