"""Energy that standing buildings buy, by service and carrier, metered where a meter is known and modelled elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.problems import Problem, UserError
from demand.archetypes import RESIDENTIAL, climate_zone
from demand.baseline import carbon_factors
from demand.systems import FINAL, by_carrier, final_energy
from layers.city import City
from standards import Taken

Numbers = NDArray[np.float64]
Service = tuple[str, str]  # service and carrier
YEARLY = ("heat", "cold", "hot_water", "electricity", "cooking")
METERED = {"electricity": "metered_electricity_kwh_per_year", "heat": "metered_heat_kwh_per_year"}
MJ_PER_KWH = 3.6
GJ_PER_KWH = 3.6e-3
KG_PER_T = 1000.0
RESIDENTIAL_CLASS, PUBLIC_CLASS, OTHER_CLASS = "residential", "public", "not_civil"


@dataclass(frozen=True)
class BuildingEnergy:
    """Energy that standing buildings buy in a year.

    Parameters
    ----------
    buildings : GeoDataFrame
        Buildings of the city that have a demand, in its order.
    final : dict of (service, carrier) to ndarray, (n,)
        Heat, cold, hot water, cooking and electricity of light and equipment. [kWh]
    metered : ndarray of bool, (n,)
        Whether the electricity of a building follows its meter.
    counted_as : ndarray of str, (n,)
        `residential`, `public`, or `not_civil` for works, stores and what else is not civil.
    zone : str
        Main climate zone, `1` to `5`.
    """

    buildings: pd.DataFrame
    final: dict[Service, Numbers]
    metered: NDArray[np.bool_]
    counted_as: NDArray[np.object_]
    zone: str

    @property
    def carriers(self) -> dict[str, Numbers]:
        """By carrier, (n,) each. [kWh]"""
        return by_carrier(self.final)

    @property
    def total(self) -> Numbers:
        """Of all carriers, (n,). [kWh]"""
        return np.asarray(np.sum(list(self.carriers.values()), axis=0))


@dataclass(frozen=True)
class Weights:
    """Coal equivalent and carbon of a bought kilowatt-hour, by carrier."""

    kgce: dict[str, float]
    kgco2: dict[str, float]

    @classmethod
    def of(cls, city: City, taken: Taken, electricity_basis: str) -> Weights:
        """In a city, with electricity counted by `elec_equivalent` (等价) or `elec_calorific` (当量)."""
        where = "national" if electricity_basis == "elec_equivalent" else "all"
        coal_mj = taken.number("energy_conversion", item="standard_coal", applies_to="all")
        return cls(
            kgce={
                "electricity": taken.number("energy_conversion", item=electricity_basis, applies_to=where),
                "gas": MJ_PER_KWH / coal_mj,
                "heat": GJ_PER_KWH * taken.number("energy_conversion", item="heat", applies_to="all"),
            },
            kgco2=carbon_factors(city, taken),
        )

    def coal(self, by: dict[str, Numbers]) -> Numbers:
        """Coal equivalent of energy by carrier. [kgce]"""
        return np.asarray(np.sum([self.kgce[carrier] * energy for carrier, energy in by.items()], axis=0))

    def carbon(self, by: dict[str, Numbers]) -> Numbers:
        """Carbon dioxide of energy by carrier. [t]"""
        emitted = np.sum([self.kgco2[carrier] * energy for carrier, energy in by.items()], axis=0)
        return np.asarray(emitted / KG_PER_T)


def civil_uses(taken: Taken) -> frozenset[str]:
    """Uses that the land use codes call civil, in town or country; works, stores and utilities are not."""
    codes = taken.standards.table("land_use_codes")
    civil = set(codes.loc[codes["civil"].isin(["yes", "rural"]), "building_type"])
    return frozenset(civil - set(codes.loc[codes["civil"] == "no", "building_type"]))


def building_energy(city: City, demand: pd.DataFrame, taken: Taken) -> BuildingEnergy:
    """Energy of the standing buildings of a city.

    Parameters
    ----------
    city : City
        With buildings.
    demand : DataFrame, by building_id
        Of the assessment of demand: useful energy of a year by carrier, and where known what meters say.
    taken : Taken
        Reads and remembers numbers.

    Raises
    ------
    UserError
        The city has no buildings, or none of them has a demand.
    """
    buildings = city.tables.get("building")
    if buildings is None or not buildings.index.isin(demand.index).any():
        raise UserError(
            Problem(
                "No building has a demand.",
                "Load buildings and compute the demand of buildings first.",
                table="building",
            )
        )
    buildings = buildings[buildings.index.isin(demand.index)]
    rows = demand.loc[buildings.index]
    zone = climate_zone(city)[0][:1]
    useful = {name: rows[f"{name}_kwh_per_year"].to_numpy(dtype=float) for name in YEARLY}
    final = final_energy(buildings, useful, zone, taken)
    known = {
        carrier: pd.to_numeric(rows[column], errors="coerce").to_numpy(dtype=float)
        for carrier, column in METERED.items()
        if column in rows
    }
    use = buildings["use"].astype(object)
    home = use.isin(RESIDENTIAL).to_numpy()
    civil = use.isin(civil_uses(taken)).to_numpy()
    return BuildingEnergy(
        buildings=buildings,
        final=as_metered(final, known),
        metered=np.isfinite(known.get("electricity", np.full(len(rows), np.nan))),
        counted_as=np.select([home, civil], [RESIDENTIAL_CLASS, PUBLIC_CLASS], OTHER_CLASS).astype(object),
        zone=zone,
    )


def as_metered(final: dict[Service, Numbers], metered: dict[str, Numbers]) -> dict[Service, Numbers]:
    """Energy by service, scaled so that a carrier sums up to its meter where one is known. [kWh]"""
    modelled = by_carrier(final)
    factor = {carrier: np.ones(len(modelled[carrier])) for carrier in FINAL}
    for carrier, energy in metered.items():
        known = np.isfinite(energy) & (modelled[carrier] > 0)
        factor[carrier][known] = energy[known] / modelled[carrier][known]
    return {(service, carrier): energy * factor[carrier] for (service, carrier), energy in final.items()}
