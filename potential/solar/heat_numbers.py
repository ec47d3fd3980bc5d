"""The published and assumed numbers of collectors on roofs, gathered from the tables once."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from layers.city import City
from potential.solar.collector import coal_replaced
from potential.solar.pv_numbers import Worth
from standards import Number, Standards, Taken

TJ_PER_KWH = 3.6e-6
KG_PER_T = 1000.0
# Resource classes of the table of PV parameters by the names of the acceptance standard of solar heat.
CLASSES = {"最丰富": "资源极富", "很丰富": "丰富", "较丰富": "较富", "一般": "一般"}
# Carbon of the fuels that collectors may replace; that of electricity is the grid's.
FUEL_CO2 = {"gas": "co2_natural_gas_energy", "coal": "co2_bituminous"}


@dataclass(frozen=True)
class Replaced:
    """What a kilowatt-hour of heat replaces, by the energy that gave it before.

    Parameters
    ----------
    kgce_per_kwh, kgco2_per_kwh, yuan_per_kwh : float
        Coal, carbon dioxide and money.
    """

    kgce_per_kwh: float
    kgco2_per_kwh: float
    yuan_per_kwh: float

    @classmethod
    def of(cls, taken: Taken, energy: str, worth: Worth) -> Replaced:
        """Of gas, coal or electricity."""
        efficiency = taken.number(
            "heat_source_efficiency", key=f"replaced_{energy}", quantity="replaced_efficiency"
        )
        coal_mj = taken.number("energy_conversion", item="standard_coal", applies_to="all")
        if energy in FUEL_CO2:
            tonnes = taken.number("energy_conversion", item=FUEL_CO2[energy], applies_to="all")
            carbon = TJ_PER_KWH / efficiency * tonnes * KG_PER_T
        else:  # the efficiency of the standard counts from coal to heat; the grid's carbon from the plug
            carbon = worth.kgco2_per_kwh / taken.number("solar_heat", item="heater", case="efficiency")
        return cls(
            kgce_per_kwh=float(coal_replaced(1.0, efficiency, coal_mj)),
            kgco2_per_kwh=carbon,
            yuan_per_kwh=taken.number("solar_heat", item="heat_price", case=energy),
        )


@dataclass(frozen=True)
class HeatNumbers:
    """What sizes collectors and what they give; `used` lists each number with its source."""

    replaced: Replaced
    efficiency: float
    loss: float
    fraction: float
    eta0: float
    a1: float
    a2: float
    incidence: float
    beam_incidence: float
    above_air_k: float
    store_litres_per_m2: float
    tilt_deg: float
    flush_cover: float
    least_m2: float
    dead_load_kn_per_m2: float
    used: tuple[Number, ...]

    @classmethod
    def of(cls, city: City, ghi_kwh_per_m2: float, replaced_energy: str, worth: Worth) -> HeatNumbers:
        """The numbers in force in a city with so much sun a year."""
        taken = Taken(city.standards)
        resource = resource_class(city.standards, ghi_kwh_per_m2)

        def parameter(name: str, case: str) -> float:
            return taken.number("solar_thermal_parameters", parameter=name, case=case)

        def collector(case: str) -> float:
            return taken.number("solar_heat", item="collector", case=case)

        return cls(
            replaced=Replaced.of(taken, replaced_energy, worth),
            efficiency=parameter("collector_efficiency_annual", "eta_cd"),
            loss=parameter("system_loss", "eta_L"),
            fraction=parameter("solar_fraction_acceptance", CLASSES[resource]),
            eta0=parameter("collector_eta0", "evacuated tube example"),
            a1=parameter("collector_a1", "evacuated tube example"),
            a2=parameter("collector_a2", "evacuated tube example"),
            incidence=collector("incidence"),
            beam_incidence=collector("beam_incidence"),
            above_air_k=collector("above_air"),
            store_litres_per_m2=taken.number("solar_heat", item="store", case="litres"),
            tilt_deg=collector("tilt"),
            flush_cover=taken.parameter("gcr", "flush metal roof"),
            least_m2=collector("least"),
            dead_load_kn_per_m2=collector("dead_load"),
            used=tuple(taken.used),
        )


def resource_class(standards: Standards, ghi_kwh_per_m2: float) -> str:
    """Name of the class of solar resource of so much light a year."""
    table = standards.table("pv_parameters")
    rows = table[table["parameter"] == "resource_class"]
    lows = pd.to_numeric(rows["low"], errors="coerce").fillna(-float("inf"))
    highs = pd.to_numeric(rows["high"], errors="coerce").fillna(float("inf"))
    return str(rows.loc[(lows <= ghi_kwh_per_m2) & (ghi_kwh_per_m2 < highs), "case"].iloc[0])
