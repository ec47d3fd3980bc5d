"""Worth of heat from groundwater: coal and carbon saved against a gas boiler, and what wells and plant cost."""

from __future__ import annotations

from dataclasses import dataclass

from layers.city import City
from standards import Taken, grid_factor

MJ_PER_KWH = 3.6
TJ_PER_KWH = 3.6e-6
KG_PER_T = 1000.0


@dataclass(frozen=True)
class HeatWorth:
    """What a kilowatt-hour of heat saves, and what things cost.

    Parameters
    ----------
    kgce_per_kwh, tco2_per_kwh : float
        Saved by a kilowatt-hour of heat against a gas boiler, the plant's own electricity taken off.
    yuan_per_m, yuan_per_m2 : float
        Of wells by depth, and of the plant by floor area served.
    upkeep : float
        Of a year as a share of the investment.
    """

    kgce_per_kwh: float
    tco2_per_kwh: float
    yuan_per_m: float
    yuan_per_m2: float
    upkeep: float

    @classmethod
    def of(cls, taken: Taken, city: City, cop: float, electricity_basis: str) -> HeatWorth:
        """The worth in a city, with electricity as coal on some basis."""
        factor = grid_factor(city.standards, str(city.facts.get("province", "")))
        taken.used.append(factor)
        applies = "national" if electricity_basis == "elec_equivalent" else "all"
        power_kgce = taken.number("energy_conversion", item=electricity_basis, applies_to=applies)
        boiler = taken.number("heat_source_efficiency", key="gas_boiler", quantity="efficiency")
        coal_mj = taken.number("energy_conversion", item="standard_coal", applies_to="all")
        gas_t = taken.number("energy_conversion", item="co2_natural_gas_energy", applies_to="all")
        return cls(
            kgce_per_kwh=MJ_PER_KWH / coal_mj / boiler - power_kgce / cop,
            tco2_per_kwh=TJ_PER_KWH * gas_t / boiler - factor.value / cop / KG_PER_T,
            yuan_per_m=taken.number("costs", key="groundwater_well", item="capex"),
            yuan_per_m2=taken.number("costs", key="groundwater_hp", item="capex"),
            upkeep=taken.number("groundwater_heat", item="plant", case="upkeep"),
        )
