"""Pilots of electrification: full-electric new buildings, charging under PV canopies, and the share of electricity."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand.archetypes import climate_zone
from layers.city import City
from plans import Part
from plans.building_energy import PUBLIC_CLASS, RESIDENTIAL_CLASS, Weights, building_energy, civil_uses
from plans.figures import Figure, Figures
from standards import Number, Taken

Numbers = NDArray[np.float64]
NEW = ("planned", "approved", "granted")
PLACES = ("bus_depot", "car_park", "swap_station")
BASES = {
    "elec_equivalent": "Share of electricity in the energy of civil buildings, by coal of power stations",
    "elec_calorific": "Share of electricity in the energy of civil buildings, by heat",
}


def full_electric_pilots(city: City, demand: pd.DataFrame) -> Part:
    """New public buildings that can be designed for electricity alone.

    Parameters
    ----------
    city : City
        With the use and status of parcels.
    demand : DataFrame, by parcel_id
        Parcels of the assessment of demand.

    Returns
    -------
    Part
        Table `full_electric` by parcel, the largest first: electric peak of cooling, what storage of cold moves into
        the night, and heat that heat pumps must give.
    """
    taken = Taken(city.standards)
    parcels = city.tables["parcel"].reindex(demand.index)
    use = parcels["use"].astype(object)
    least = taken.number("flexible_rules", item="full_electric", case="least_m2")
    public = use.isin(civil_uses(taken)) & ~use.isin(["residential", "rural_house"])
    here = (public & parcels["status"].isin(NEW) & (demand["gfa_m2"] >= least)).to_numpy(dtype=bool)
    rows = demand[here]
    cop = taken.number("systems", column="cooling_cop", zone=climate_zone(city)[0][:1], use_class="public")
    peak = rows["cold_peak_kw"].to_numpy(dtype=float) / cop
    shift = taken.number("flexible_rules", item="full_electric", case="peak_shift")
    table = pd.DataFrame(
        {
            "use": use[here].to_numpy(dtype=object),
            "status": parcels["status"][here].to_numpy(dtype=object),
            "gfa_m2": rows["gfa_m2"].to_numpy(dtype=float),
            "heat_kwh_per_year": rows["heat_kwh_per_year"].to_numpy(dtype=float),
            "hot_water_kwh_per_year": rows["hot_water_kwh_per_year"].to_numpy(dtype=float),
            "cooling_peak_kw": peak.round(1),
            "peak_shift_kw": (shift * peak).round(1),
        },
        index=rows.index,
    ).sort_values("gfa_m2", ascending=False, kind="stable")
    numbers = tuple(dict.fromkeys(taken.used))
    return Part(
        tables=MappingProxyType({"full_electric": table}),
        figures=Figures.of(
            [
                _counted("full_electric.count", "Full-electric pilots of new public buildings", table, "full_electric"),
                _summed("full_electric.area", "Floor area of full-electric pilots", table, "gfa_m2", "m²", ()),
                _summed(
                    "full_electric.peak_shift",
                    "Peak of cooling that storage of cold moves into the night",
                    table,
                    "peak_shift_kw",
                    "kW",
                    numbers,
                ),
            ]
        ),
        numbers=numbers,
    )  # fmt: skip


def charging_canopies(city: City, canopies: pd.DataFrame, municipal: pd.DataFrame | None = None) -> Part:
    """Places where charging and PV canopies are planned together.

    Parameters
    ----------
    city : City
        With stalls of parcels, and facilities where known.
    canopies : DataFrame, by parcel_id
        Parcels of the assessment of PV beside buildings (`ancillary_kwp`, `ancillary_kwh_per_year`).
    municipal : DataFrame, by parcel_id, optional
        Parcels of the assessment of municipal PV; that of depots, car parks and swap stations counts.

    Returns
    -------
    Part
        Table `charging_canopy` by parcel, the most PV first: stalls, chargers and the power that runs at the same time,
        PV of the canopies, and the facility that stands there.
    """
    taken = Taken(city.standards)
    parcels = city.tables["parcel"]
    empty = pd.Series(0.0, index=parcels.index)
    stalls = pd.to_numeric(parcels.get("parking_stalls", empty), errors="coerce").fillna(0.0)
    home = parcels["use"].isin(["residential", "rural_house"]).to_numpy()

    def rule(name: str) -> Numbers:
        values = [
            taken.number("flexible_rules", item="charging", case=f"{kind}_{name}")
            for kind in ("residential", "public")
        ]
        return np.where(home, *values)

    facility = _facilities(city)
    kind = facility.reindex(parcels.index).fillna("")
    kwp, kwh = (
        canopies[f"ancillary_{name}"].reindex(parcels.index).fillna(0.0) for name in ("kwp", "kwh_per_year")
    )
    if municipal is not None:
        more = municipal.reindex(parcels.index).where(kind != "")
        kwp, kwh = kwp + more["municipal_kwp"].fillna(0.0), kwh + more["municipal_kwh_per_year"].fillna(0.0)
    chargers = np.floor(stalls * rule("stalls"))
    table = pd.DataFrame(
        {
            "use": parcels["use"].astype(object),
            "kind": kind,
            "parking_stalls": stalls.astype(np.int64),
            "chargers": chargers.astype(np.int64),
            "charging_kw": (chargers * rule("kw") * rule("together")).round(1),
            "canopy_kwp": kwp.round(1),
            "canopy_kwh_per_year": kwh.round(),
        },
        index=parcels.index,
    )
    least = taken.number("flexible_rules", item="canopy", case="least_stalls")
    table = table[((stalls >= least) | (table["kind"] != "")) & (kwp > 0)]
    table = table.sort_values("canopy_kwp", ascending=False, kind="stable")
    numbers = tuple(dict.fromkeys(taken.used))
    return Part(
        tables=MappingProxyType({"charging_canopy": table}),
        figures=Figures.of(
            [
                _counted("charging.places", "Places of charging under PV canopies", table, "charging_canopy"),
                _summed("charging.chargers", "Chargers under PV canopies", table, "chargers", "n", numbers),
                _summed("charging.power", "Charging power at the same time", table, "charging_kw", "kW", numbers),
                _summed("charging.pv", "PV of canopies at chargers", table, "canopy_kwp", "kWp", ()),
            ]
        ),
        numbers=numbers,
    )  # fmt: skip


def electricity_shares(city: City, demand: pd.DataFrame) -> Part:
    """Share of electricity in the energy that civil buildings buy, on both bases of conversion.

    Parameters
    ----------
    city : City
        With buildings.
    demand : DataFrame, by building_id
        Detail `building` of the assessment of demand.

    Raises
    ------
    UserError
        No building has a demand.
    """
    taken = Taken(city.standards)
    energy = building_energy(city, demand, taken)
    civil = np.isin(energy.counted_as, [RESIDENTIAL_CLASS, PUBLIC_CLASS])
    used = {carrier: float(value[civil].sum()) for carrier, value in energy.carriers.items()}
    found = []
    for basis, title in BASES.items():
        own = Taken(city.standards)
        weight = Weights.of(city, own, basis)
        coal = {carrier: weight.kgce[carrier] * value for carrier, value in used.items()}
        total = sum(coal.values())
        found.append(
            Figure(
                f"electrification.share.{basis}",
                title,
                coal["electricity"] / total if total > 0 else float("nan"),
                "%",
                formula="Electricity over electricity, gas and heat, each as coal equivalent.",
                numbers=tuple(own.used),
                origin="demand.building",
            )
        )
        taken.used.extend(own.used)
    return Part(figures=Figures.of(found), numbers=tuple(dict.fromkeys(taken.used)))


def _facilities(city: City) -> pd.Series:
    """Kind of the depot, car park or swap station of parcels."""
    facility = city.tables.get("facility")
    if facility is None or "parcel_id" not in facility:
        return pd.Series(dtype=object)
    rows = facility[facility["kind"].isin(PLACES) & facility["parcel_id"].notna()]
    kinds: pd.Series = rows.drop_duplicates("parcel_id").set_index("parcel_id")["kind"].astype(object)
    return kinds


def _counted(key: str, title: str, table: pd.DataFrame, name: str) -> Figure:
    return Figure(key, title, float(len(table)), "n", origin=name)


def _summed(
    key: str, title: str, table: pd.DataFrame, column: str, unit: str, numbers: tuple[Number, ...]
) -> Figure:
    name = key.split(".")[0]
    return Figure(key, title, float(table[column].sum()), unit, numbers=numbers, origin=f"{name}.{column}")
