"""Worth of heat: coal, carbon dioxide and money that heat from a renewable source saves against a gas boiler."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from layers.city import City
from standards import Taken
from standards.grid import grid_factor

MJ_PER_KWH = 3.6
TJ_PER_KWH = 3.6e-6
KG_PER_T = 1000.0
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class HeatSaving:
    """Coal and carbon dioxide of a kilowatt-hour of heat from a gas boiler, and of one of electricity.

    Parameters
    ----------
    heat_kgce, heat_kgco2 : float
        Of heat.
    power_kgce, power_kgco2 : float
        Of electricity.
    """

    heat_kgce: float
    heat_kgco2: float
    power_kgce: float
    power_kgco2: float

    @classmethod
    def saving_in(cls, city: City, taken: Taken, electricity_basis: str) -> HeatSaving:
        """In a city, with electricity counted by a basis of the table of conversions."""
        boiler = taken.number("heat_source_efficiency", key="gas_boiler", quantity="efficiency")
        coal_mj = taken.number("energy_conversion", item="standard_coal", applies_to="all")
        carbon = taken.number("energy_conversion", item="co2_natural_gas_energy", applies_to="all")
        applies_to = "national" if electricity_basis == "elec_equivalent" else "all"
        factor = grid_factor(city.standards, str(city.facts.get("province") or ""))
        taken.used.append(factor)
        return HeatSaving(
            heat_kgce=MJ_PER_KWH / boiler / coal_mj,
            heat_kgco2=TJ_PER_KWH / boiler * carbon * KG_PER_T,
            power_kgce=taken.number("energy_conversion", item=electricity_basis, applies_to=applies_to),
            power_kgco2=factor.value,
        )

    def saved_kgce(self, heat_kwh: ArrayLike, power_kwh: ArrayLike) -> Floats:
        """Coal equivalent saved by heat that takes so much electricity; below 0 where it costs more. [kgce]"""
        saved: Floats = np.asarray(heat_kwh) * self.heat_kgce - np.asarray(power_kwh) * self.power_kgce
        return saved

    def avoided_tco2(self, heat_kwh: ArrayLike, power_kwh: ArrayLike) -> Floats:
        """Carbon dioxide avoided by heat that takes so much electricity; below 0 where it emits more. [tCO2]"""
        avoided: Floats = np.asarray(heat_kwh) * self.heat_kgco2 - np.asarray(power_kwh) * self.power_kgco2
        return avoided / KG_PER_T


@dataclass(frozen=True)
class HeatWorth(HeatSaving):
    """The same, with the price of a kilowatt-hour of electricity, `power_yuan`."""

    power_yuan: float

    @classmethod
    def of(cls, city: City, taken: Taken, electricity_basis: str) -> HeatWorth:
        """In a city, with electricity counted by a basis of the table of conversions."""
        saving = cls.saving_in(city, taken, electricity_basis)
        price = taken.number("heat_supply", item="electricity", case="price")
        return cls(**vars(saving), power_yuan=price)
