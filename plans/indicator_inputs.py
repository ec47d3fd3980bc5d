"""Inputs of the indicators: everything they are computed from, in one place, and how they are counted."""

from __future__ import annotations

from dataclasses import dataclass, field

from plans.conversion import ConversionSettings, Energy

GROSS, NET = "gross", "net"
CITY = "city"


@dataclass(frozen=True)
class IndicatorSettings(ConversionSettings):
    """How indicators are counted; the rest as `ConversionSettings`.

    Parameters
    ----------
    rate_form : str
        Form of 替代率 that is compared with targets: `gross` R / (E + R) or `net` R / E.
    count_factory_power : bool
        Whether panels on factories count in 替代率; factories are no civil buildings.
    count_air, count_biomass, count_waste_heat : bool
        Whether the province counts air-source heat pumps, biomass and waste heat as renewable.
    """

    rate_form: str = field(default=GROSS, metadata={"choices": (GROSS, NET)})
    count_factory_power: bool = False
    count_air: bool = False
    count_biomass: bool = False
    count_waste_heat: bool = False


@dataclass(frozen=True)
class PumpedHeat:
    """Heat and cold from heat pumps of one family in a year, and the electricity they take. [kWh]"""

    heat_kwh: float = 0.0
    cold_kwh: float = 0.0
    heat_power_kwh: float = 0.0
    cold_power_kwh: float = 0.0


@dataclass(frozen=True)
class IndicatorInputs:
    """Everything the indicators of one area and year are computed from.

    Parameters
    ----------
    year : int
        Year the indicators are of.
    energy : Energy
        What urban civil buildings buy in that year, after savings and renewable energy.
    rural_energy : Energy
        The same of rural civil buildings.
    power_kwh, factory_power_kwh : float
        Electricity from panels on civil buildings and their grounds, and on factories. [kWh]
    power_kw, factory_power_kw : float
        Capacity added on civil buildings and on others, direct current, in the period. [kW]
    solar_heat_kwh : float
        Useful heat from collectors. [kWh]
    ground : PumpedHeat
        Shallow ground, groundwater, surface and waste water.
    air : PumpedHeat
        Air-source heat pumps.
    deep_heat_kwh, deep_power_kwh : float
        Heat from deep wells and the electricity of pumps. [kWh]
    biomass_heat_kwh, waste_heat_kwh, waste_heat_power_kwh : float
        Heat of biomass boilers; waste heat and its electricity. [kWh]
    geothermal_m2 : float
        Floor area that ground, groundwater, surface water and deep wells serve newly in the period. [m²]
    solar_water_m2, ground_m2, solar_heating_m2, solar_ground_m2 : float
        Floor areas by kind for the equivalent area (折算应用面积). [m²]
    retrofit_residential_m2, retrofit_public_m2 : float
        Retrofitted in the period. [m²]
    ultra_low_m2 : float
        Ultra-low and nearly zero energy buildings of the period. [m²]
    new_m2, new_prefabricated_m2, new_green_m2, new_star_m2 : float
        Urban civil buildings finished in the period; which of them are prefabricated, green and with stars. [m²]
    new_residential_m2, new_public_m2 : float
        Of the new, housing and public. [m²]
    new_residential_ratio, new_public_ratio : float
        Design energy of new buildings over that of the 2016 standards, by area; NaN where nothing is built.
    floor_m2 : float
        Urban civil floor area of the year. [m²]
    area_kind, area_id : str
        Which area: city, district or unit.
    """

    year: int
    energy: Energy
    rural_energy: Energy = field(default_factory=Energy)
    power_kwh: float = 0.0
    factory_power_kwh: float = 0.0
    power_kw: float = 0.0
    factory_power_kw: float = 0.0
    solar_heat_kwh: float = 0.0
    ground: PumpedHeat = field(default_factory=PumpedHeat)
    air: PumpedHeat = field(default_factory=PumpedHeat)
    deep_heat_kwh: float = 0.0
    deep_power_kwh: float = 0.0
    biomass_heat_kwh: float = 0.0
    waste_heat_kwh: float = 0.0
    waste_heat_power_kwh: float = 0.0
    geothermal_m2: float = 0.0
    solar_water_m2: float = 0.0
    ground_m2: float = 0.0
    solar_heating_m2: float = 0.0
    solar_ground_m2: float = 0.0
    retrofit_residential_m2: float = 0.0
    retrofit_public_m2: float = 0.0
    ultra_low_m2: float = 0.0
    new_m2: float = 0.0
    new_prefabricated_m2: float = 0.0
    new_green_m2: float = 0.0
    new_star_m2: float = 0.0
    new_residential_m2: float = 0.0
    new_public_m2: float = 0.0
    new_residential_ratio: float = float("nan")
    new_public_ratio: float = float("nan")
    floor_m2: float = 0.0
    area_kind: str = CITY
    area_id: str = ""
