"""Conversion: energy to standard coal on both bases of electricity, to carbon, and what renewable energy replaces."""

from __future__ import annotations

from dataclasses import dataclass, field

from standards import Number, Standards, Taken
from standards.grid import grid_factor

EQUIVALENT = "elec_equivalent"  # 等价: the coal it takes to make the electricity
CALORIFIC = "elec_calorific"  # 当量: the heat in it
BASES = (EQUIVALENT, CALORIFIC)
REPLACED = ("gas", "coal", "electricity")
CHILLERS = ("reference_chiller_lt528", "reference_chiller_528_1163", "reference_chiller_gt1163")
MJ_PER_KWH = 3.6
TJ_PER_MJ = 1e-6
GJ_PER_KWH = 3.6e-3
KG_PER_T = 1000.0
GRID_METHOD = "grid_factor"
COAL_METHOD = "gbt50801"


@dataclass(frozen=True)
class ConversionSettings:
    """How energy is counted.

    Parameters
    ----------
    electricity_basis : str
        Basis on which electricity counts as coal where only one can be printed: `elec_equivalent` or `elec_calorific`.
    coal_region : str
        Row of the table of conversions whose 等价 value is taken, e.g. `national` or `山东`.
    grid_year : int
        Year of the factor of the grid; 0 takes the latest that is published.
    solar_replaces, ground_replaces : str
        What heats where there is no collector, and where there is no heat pump or other source of heat.
    reference_chiller : str
        Row of the table of efficiencies of the chiller that a heat pump replaces.
    """

    electricity_basis: str = field(default=EQUIVALENT, metadata={"choices": BASES, "shared": True})
    coal_region: str = "national"
    grid_year: int = field(default=0, metadata={"low": 0, "high": 2100})
    solar_replaces: str = field(default="gas", metadata={"choices": REPLACED})
    ground_replaces: str = field(default="coal", metadata={"choices": REPLACED})
    reference_chiller: str = field(default=CHILLERS[-1], metadata={"choices": CHILLERS})


@dataclass(frozen=True)
class Carbon:
    """Carbon dioxide counted by one method; amounts of two methods are never added.

    Parameters
    ----------
    tonnes : float
        [tCO2]
    method : str
        `grid_factor`: energy times the factor of its carrier; `gbt50801`: coal saved times one factor of coal.
    """

    tonnes: float
    method: str

    def __add__(self, other: Carbon) -> Carbon:
        """Both together.

        Raises
        ------
        ValueError
            They were counted by different methods.
        """
        if self.method != other.method:
            raise ValueError(f"carbon by {self.method} is never added to carbon by {other.method}")
        return Carbon(self.tonnes + other.tonnes, self.method)


@dataclass(frozen=True)
class Factors:
    """Factors of one city and one year, with their sources.

    Parameters
    ----------
    equivalent, calorific : float
        Coal of electricity on the two bases. [kgce/kWh]
    gas, heat, coal : float
        Coal of natural gas, heat and raw coal. [kgce/m³], [kgce/GJ], [kgce/kg]
    coal_mj : float
        Heat of standard coal. [MJ/kgce]
    grid, gas_volume, gas_energy, heat_carbon, coal_carbon : float
        Carbon of electricity, of gas by volume and by heat, of bought heat and of burnt coal.
        [kgCO2/kWh], [kgCO2/m³], [tCO2/TJ], [tCO2/GJ], [tCO2/TJ]
    replaced : mapping of str to float
        Efficiency of what is replaced, by `REPLACED`.
    chiller : float
        Energy efficiency ratio of the chiller that is replaced.
    coal_co2, coal_so2, coal_dust : float
        Of saved coal, by GB/T 50801. [kg/kgce]
    numbers : mapping of str to Number
        The rows behind all of them, by the name of the factor.
    """

    equivalent: float
    calorific: float
    gas: float
    heat: float
    coal: float
    coal_mj: float
    grid: float
    gas_volume: float
    gas_energy: float
    heat_carbon: float
    coal_carbon: float
    replaced: dict[str, float]
    chiller: float
    coal_co2: float
    coal_so2: float
    coal_dust: float
    numbers: dict[str, Number]

    def kappa(self, basis: str) -> float:
        """Coal of electricity on a basis. [kgce/kWh]"""
        return {EQUIVALENT: self.equivalent, CALORIFIC: self.calorific}[basis]

    def rows(self, *names: str) -> tuple[Number, ...]:
        """The rows of some factors."""
        return tuple(self.numbers[name] for name in names)


def factors(standards: Standards, province: str, settings: ConversionSettings) -> Factors:
    """The factors of a city.

    Parameters
    ----------
    standards : Standards
        Tables `energy_conversion`, `heat_source_efficiency` and `grid_factors`.
    province : str
        Chinese name, for the grid; empty for the country.
    settings : ConversionSettings
        What the planner set.
    """
    taken = Taken(standards)

    def of(item: str, applies_to: str = "all") -> float:
        return taken.number("energy_conversion", item=item, applies_to=applies_to)

    def efficiency(key: str, quantity: str = "replaced_efficiency") -> float:
        return taken.number("heat_source_efficiency", key=key, quantity=quantity)

    values = {
        "equivalent": of(EQUIVALENT, settings.coal_region),
        "calorific": of(CALORIFIC),
        "gas": of("natural_gas"),
        "heat": of("heat"),
        "coal": of("raw_coal"),
        "coal_mj": of("standard_coal"),
        "gas_volume": of("co2_natural_gas_volume"),
        "gas_energy": of("co2_natural_gas_energy"),
        "heat_carbon": of("co2_purchased_heat", "coal heat"),
        "coal_carbon": of("co2_bituminous"),
        "coal_co2": of("co2_standard_coal", "GB/T 50801 method"),
        "coal_so2": of("so2_standard_coal", "GB/T 50801 method"),
        "coal_dust": of("dust_standard_coal", "GB/T 50801 method"),
        "chiller": efficiency(settings.reference_chiller, "EER_t"),
    }
    names = [*values, *(f"replaced_{one}" for one in REPLACED)]
    replaced = {one: efficiency(f"replaced_{one}") for one in REPLACED}
    numbers = dict(zip(names, taken.used, strict=True))
    grid = grid_factor(standards, province, settings.grid_year or None)
    return Factors(**values, grid=grid.value, replaced=replaced, numbers={**numbers, "grid": grid})


@dataclass(frozen=True)
class Energy:
    """Energy that is bought in a year, by carrier as it is measured.

    Parameters
    ----------
    electricity_kwh, gas_m3, gas_kwh, heat_gj, coal_kg, biomass_kgce : float
        Of a year. Gas stands in cubic metres where it is measured and in kilowatt-hours where it is modelled, each part
        once; biomass is that which is traded.
    """

    electricity_kwh: float = 0.0
    gas_m3: float = 0.0
    gas_kwh: float = 0.0
    heat_gj: float = 0.0
    coal_kg: float = 0.0
    biomass_kgce: float = 0.0

    def coal_kgce(self, found: Factors, basis: str) -> float:
        """As standard coal, electricity on a basis. [kgce]"""
        return self.electricity_kwh * found.kappa(basis) + self.fuel_kgce(found)

    def fuel_kgce(self, found: Factors) -> float:
        """What is not electricity as standard coal. [kgce]"""
        return (
            self.gas_m3 * found.gas
            + self.gas_kwh * MJ_PER_KWH / found.coal_mj
            + self.heat_gj * found.heat
            + self.coal_kg * found.coal
            + self.biomass_kgce
        )

    def carbon(self, found: Factors) -> Carbon:
        """Carbon of operation: every carrier times its factor; traded biomass counts as none."""
        burnt_tj = self.coal_kg * found.coal * found.coal_mj * TJ_PER_MJ
        kg = self.electricity_kwh * found.grid + self.gas_m3 * found.gas_volume
        tonnes = (
            kg / KG_PER_T
            + self.gas_kwh * MJ_PER_KWH * TJ_PER_MJ * found.gas_energy
            + self.heat_gj * found.heat_carbon
            + burnt_tj * found.coal_carbon
        )
        return Carbon(tonnes, GRID_METHOD)


def replaced_by_power(kwh: float, kappa: float) -> float:
    """Coal that electricity from the sun replaces (GB/T 50801: Q_td = κ·E). [kgce]"""
    return kwh * kappa


def replaced_by_heat(heat_kwh: float, efficiency: float, coal_mj: float) -> float:
    """Coal that useful heat replaces (GB/T 50801: Q_tr = Q / (q·η_t)). [kgce]

    Parameters
    ----------
    heat_kwh : float
        Useful heat. [kWh]
    efficiency : float
        Of the source it replaces.
    coal_mj : float
        Heat of standard coal. [MJ/kgce]
    """
    return heat_kwh * MJ_PER_KWH / (coal_mj * efficiency)


def replaced_by_pumped_heat(
    heat_kwh: float, power_kwh: float, efficiency: float, coal_mj: float, kappa: float
) -> float:
    """Coal that heat from heat pumps replaces, less that of the electricity they take. [kgce]"""
    return replaced_by_heat(heat_kwh, efficiency, coal_mj) - kappa * power_kwh


def replaced_by_pumped_cold(cold_kwh: float, power_kwh: float, chiller: float, kappa: float) -> float:
    """Coal that cold from heat pumps replaces: what a usual chiller would take more of electricity. [kgce]"""
    return kappa * (cold_kwh / chiller - power_kwh)


def avoided_by_power(kwh: float, found: Factors) -> Carbon:
    """Carbon that electricity from the sun avoids in the grid."""
    return Carbon(kwh * found.grid / KG_PER_T, GRID_METHOD)


def avoided_by_heat(heat_kwh: float, efficiency: float, found: Factors) -> Carbon:
    """Carbon of the gas that useful heat replaces."""
    return Carbon(heat_kwh * MJ_PER_KWH * TJ_PER_MJ / efficiency * found.gas_energy, GRID_METHOD)


@dataclass(frozen=True)
class Emissions:
    """Emissions of saved coal by the factors of GB/T 50801, beside the method of carriers and never added to it.

    Parameters
    ----------
    co2 : Carbon
        Carbon dioxide.
    so2_t, dust_t : float
        Sulphur dioxide and dust. [t]
    """

    co2: Carbon
    so2_t: float
    dust_t: float


def emissions_of_coal(kgce: float, found: Factors) -> Emissions:
    """What saved coal would have emitted, by GB/T 50801."""
    tonnes = kgce / KG_PER_T
    return Emissions(
        Carbon(tonnes * found.coal_co2, COAL_METHOD), tonnes * found.coal_so2, tonnes * found.coal_dust
    )
