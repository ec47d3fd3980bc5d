"""Values of the indicators: the formulas of 专栏1 and 专栏2, both bases of electricity and both forms of 替代率."""

from __future__ import annotations

from dataclasses import dataclass

from plans.conversion import (
    BASES,
    EQUIVALENT,
    Carbon,
    Energy,
    Factors,
    avoided_by_power,
    emissions_of_coal,
    replaced_by_heat,
    replaced_by_power,
    replaced_by_pumped_cold,
    replaced_by_pumped_heat,
)
from plans.indicator_inputs import GROSS, NET, IndicatorInputs, IndicatorSettings

KG_PER_T = 1000.0


@dataclass(frozen=True)
class Replaced:
    """Coal that renewable energy replaces in a year on one basis of electricity. [kgce]"""

    power: float
    factory_power: float
    solar_heat: float
    ground_heat: float
    ground_cold: float
    deep: float
    air: float
    biomass: float
    waste_heat: float

    def total(self, settings: IndicatorSettings) -> float:
        """What counts by the settings: panels on factories, air, biomass and waste heat only where asked for."""
        counted = self.power + self.solar_heat + self.ground_heat + self.ground_cold + self.deep
        for asked, value in (
            (settings.count_factory_power, self.factory_power),
            (settings.count_air, self.air),
            (settings.count_biomass, self.biomass),
            (settings.count_waste_heat, self.waste_heat),
        ):
            counted += value if asked else 0.0
        return counted


def replaced(
    inputs: IndicatorInputs, found: Factors, settings: IndicatorSettings, basis: str = EQUIVALENT
) -> Replaced:
    """Coal that renewable energy replaces, by GB/T 50801. [kgce]"""
    kappa, coal_mj = found.kappa(basis), found.coal_mj
    efficiency = found.replaced[settings.ground_replaces]

    def pumped(heat: float, power: float) -> float:
        return replaced_by_pumped_heat(heat, power, efficiency, coal_mj, kappa)

    ground, air = inputs.ground, inputs.air
    return Replaced(
        power=replaced_by_power(inputs.power_kwh, kappa),
        factory_power=replaced_by_power(inputs.factory_power_kwh, kappa),
        solar_heat=replaced_by_heat(inputs.solar_heat_kwh, found.replaced[settings.solar_replaces], coal_mj),
        ground_heat=pumped(ground.heat_kwh, ground.heat_power_kwh),
        ground_cold=replaced_by_pumped_cold(ground.cold_kwh, ground.cold_power_kwh, found.chiller, kappa),
        deep=pumped(inputs.deep_heat_kwh, inputs.deep_power_kwh),
        air=pumped(air.heat_kwh, air.heat_power_kwh)
        + replaced_by_pumped_cold(air.cold_kwh, air.cold_power_kwh, found.chiller, kappa),
        biomass=replaced_by_heat(inputs.biomass_heat_kwh, efficiency, coal_mj),
        waste_heat=pumped(inputs.waste_heat_kwh, inputs.waste_heat_power_kwh),
    )


def substitution_rate(replaced_kgce: float, bought_kgce: float, form: str) -> float:
    """替代率: what is replaced over what is bought (net), or over what would be used in all (gross)."""
    whole = bought_kgce + replaced_kgce if form == GROSS else bought_kgce
    return replaced_kgce / whole if whole > 0 else float("nan")


def replaced_for_rate(rate: float, bought_kgce: float, form: str) -> float:
    """Coal that must be replaced for a rate, where so much is bought. [kgce]"""
    return rate * bought_kgce / (1.0 - rate) if form == GROSS else rate * bought_kgce


def electricity_share(energy: Energy, found: Factors, basis: str) -> float:
    """Share of electricity in what is bought, as coal on a basis."""
    whole = energy.coal_kgce(found, basis)
    return energy.electricity_kwh * found.kappa(basis) / whole if whole > 0 else float("nan")


def avoided_carbon(inputs: IndicatorInputs, found: Factors, settings: IndicatorSettings) -> dict[str, Carbon]:
    """Carbon that panels avoid in the grid, and all that counts by GB/T 50801: two methods that are never added."""
    saved = replaced(inputs, found, settings).total(settings)
    return {
        "power": avoided_by_power(inputs.power_kwh, found),
        "coal": emissions_of_coal(saved, found).co2,
    }


def values_of(
    inputs: IndicatorInputs, found: Factors, settings: IndicatorSettings
) -> dict[tuple[str, str], float]:
    """Value of every indicator by its name and basis; NaN where nothing stands below the line.

    The basis is `equivalent` or `calorific` for electricity as coal, with `gross` or `net` for 替代率, else empty.
    """

    def share(part: float, whole: float) -> float:
        return part / whole if whole > 0 else float("nan")

    values: dict[tuple[str, str], float] = {}
    for basis in BASES:
        word = basis.removeprefix("elec_")
        bought = inputs.energy.coal_kgce(found, basis)
        saved = replaced(inputs, found, settings, basis).total(settings)
        values["operation_energy_total", word] = bought + inputs.rural_energy.coal_kgce(found, basis)
        values["electricity_share", word] = electricity_share(inputs.energy, found, basis)
        for form in (GROSS, NET):
            rate = substitution_rate(saved, bought, form)
            values["renewable_substitution_rate", f"{form} {word}"] = rate
    values |= {
        ("new_residential_efficiency_gain", ""): 1.0 - inputs.new_residential_ratio,
        ("new_public_efficiency_gain", ""): 1.0 - inputs.new_public_ratio,
        ("retrofit_area", ""): inputs.retrofit_residential_m2 + inputs.retrofit_public_m2,
        ("retrofit_area_residential", ""): inputs.retrofit_residential_m2,
        ("retrofit_area_public", ""): inputs.retrofit_public_m2,
        ("ultra_low_energy_area", ""): inputs.ultra_low_m2,
        ("prefabricated_share", ""): share(inputs.new_prefabricated_m2, inputs.new_m2),
        ("pv_capacity_added", ""): inputs.power_kw + inputs.factory_power_kw,
        ("geothermal_area_added", ""): inputs.geothermal_m2,
        ("green_building_share_new", ""): share(inputs.new_green_m2, inputs.new_m2),
        ("star_share_new", ""): share(inputs.new_star_m2, inputs.new_m2),
        ("carbon_total", ""): (inputs.energy.carbon(found) + inputs.rural_energy.carbon(found)).tonnes,
        ("carbon_per_m2", ""): share(inputs.energy.carbon(found).tonnes * KG_PER_T, inputs.floor_m2),
    }
    return values


def equivalent_area(inputs: IndicatorInputs, weights: dict[str, float]) -> float:
    """折算应用面积: areas served, each kind with its weight. [m²]"""
    return (
        inputs.solar_water_m2 * weights["solar hot water"]
        + inputs.ground_m2 * weights["ground source"]
        + inputs.solar_heating_m2 * weights["solar heating and cooling"]
        + inputs.solar_ground_m2 * weights["solar with ground source"]
    )
