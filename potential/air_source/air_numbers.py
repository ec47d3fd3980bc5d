"""The published and assumed numbers of air-source machines, gathered from the tables once."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from layers.city import City
from potential.air_source.cycle import Floats, Frost
from potential.heat_worth import HeatSaving
from standards import Number, Standards, Taken

TABLE = "air_source"
ORDINARY, LOW_TEMPERATURE = "ordinary", "low_temperature"
AT = "at "  # how cases of the capacity curve begin
# Words of the table of least performance for the water or air that machines heat.
DELIVERED = {"hot_water": "hot_water 冷热水", "hot_air": "hot_air 冷热风"}


@dataclass(frozen=True)
class Machine:
    """One kind of machine.

    Parameters
    ----------
    kind : str
        `ordinary` or `low_temperature`.
    lowest_air : float
        Coldest air in which it runs. [°C]
    points, shares : ndarray
        Air temperatures and heating capacity over that at 7 °C. [°C], [-]
    """

    kind: str
    lowest_air: float
    points: Floats
    shares: Floats


@dataclass(frozen=True)
class AirNumbers:
    """Numbers of the cycle and of loads; temperatures in °C, shares from 0 to 1."""

    share: float
    share_low: float
    share_high: float
    approach_k: float
    most_cop: float
    running: float
    frost_counted: float
    lowest_supply_c: float
    frost: Frost
    frost_low: float
    frost_high: float
    cooling_share: float
    cooling_approach_k: float
    chilled_c: float
    most_eer: float
    rated_air_c: float
    cooling_to_heating: float
    cooling_loss_per_k: float
    heating_limit_c: float
    cooling_limit_c: float
    hot_water_hours: float

    @classmethod
    def of(cls, taken: Taken) -> AirNumbers:
        """The numbers in force."""

        def number(item: str, case: str) -> float:
            return taken.number(TABLE, item=item, case=case)

        share = taken.number("air_source_cop", key="carnot_fraction", zone="all")
        ends = ends_of(taken.used[-1])
        most_loss = number("frost", "most_loss")
        frost_ends = ends_of(taken.used[-1])
        return cls(
            share=share,
            share_low=ends[0],
            share_high=ends[1],
            approach_k=number("heating", "approach"),
            most_cop=number("heating", "most_cop"),
            running=number("heating", "running"),
            frost_counted=number("heating", "frost_counted"),
            lowest_supply_c=number("heating", "lowest_supply"),
            frost=Frost(
                warmest=number("frost", "warmest"),
                worst_from=number("frost", "worst_from"),
                worst_to=number("frost", "worst_to"),
                coldest=number("frost", "coldest"),
                most_loss=most_loss,
                dry=number("frost", "dry_humidity"),
                wet=number("frost", "wet_humidity"),
            ),
            frost_low=frost_ends[0],
            frost_high=frost_ends[1],
            cooling_share=number("cooling", "share"),
            cooling_approach_k=number("cooling", "approach"),
            chilled_c=number("cooling", "chilled"),
            most_eer=number("cooling", "most_eer"),
            rated_air_c=number("cooling", "rated_air"),
            cooling_to_heating=number("cooling", "to_heating"),
            cooling_loss_per_k=number("cooling", "loss_per_k"),
            heating_limit_c=number("load", "heating_limit"),
            cooling_limit_c=number("load", "cooling_limit"),
            hot_water_hours=number("hot_water", "hours"),
        )

    @property
    def dry_share(self) -> float:
        """Share of the ideal cycle without frost: the published one counts the frost of a mean season."""
        return self.share / (1 - self.frost_counted)

    def with_share(self, share: float) -> AirNumbers:
        """The same numbers for machines that are at least as good as a share of the ideal cycle."""
        return replace(self, share=share, share_low=share, share_high=max(share, self.share_high))


def ends_of(number: Number) -> tuple[float, float]:
    """Low and high end of a number, itself where it has none."""
    low, high = (number.value if end is None else end for end in (number.low, number.high))
    return low, high


def machine(taken: Taken, kind: str) -> Machine:
    """A kind of machine as the table has it."""
    table = taken.standards.table(TABLE)
    cases = table.loc[(table["item"] == kind) & table["case"].str.startswith(AT), "case"]
    points = np.sort([float(case.removeprefix(AT)) for case in cases])
    shares = np.array([taken.number(TABLE, item=kind, case=f"{AT}{point:g}") for point in points])
    return Machine(kind, taken.number(TABLE, item=kind, case="lowest_air"), points, shares)


def least_cop(taken: Taken, zone_words: str, delivered: str) -> float:
    """Least performance at winter design that GB 55015 asks for in a climate zone; NaN where it asks for none."""
    table: pd.DataFrame = taken.standards.table("air_source_cop")
    kind = DELIVERED[delivered]
    asked = (table["key"] == "minimum") & (table["zone"] == zone_words) & (table["type"] == kind)
    if not asked.any():
        return np.nan
    return taken.number("air_source_cop", key="minimum", zone=zone_words, type=kind)


def zone_words(standards: Standards, zone: str) -> str:
    """Chinese name of the main climate zone without 地区, as the table of least performance has it."""
    zones = standards.table("climate_zones")
    names = zones.loc[zones["zone"].astype(str) == zone[:1], "name_zh"]
    return str(names.iloc[0]).removesuffix("地区") if len(names) else ""


@dataclass(frozen=True)
class Worth(HeatSaving):
    """What a kilowatt-hour is worth against a gas boiler, and what machines cost.

    Parameters
    ----------
    heat_kgce, heat_kgco2, heat_yuan : float
        Coal, carbon dioxide and money of a kilowatt-hour of heat from a gas boiler.
    power_kgce, power_kgco2, power_yuan : float
        Those of a kilowatt-hour of electricity.
    machine_least : float
        Least share of the design load that machines carry. [-]
    machine_yuan_per_m2, boiler_yuan_per_m2 : float
        Investment for a square metre of floor area whose whole design load machines or a gas boiler cover.
    hot_water_yuan_per_kw, electric_yuan_per_kw : float
        Investment in machines for hot water and in electric auxiliary heat.
    upkeep, yearly : float
        Yearly upkeep, and the yearly payment of a loan over the life, over investment. [1/a]
    electric : float
        Efficiency of electric auxiliary heat. [-]
    """

    heat_yuan: float
    power_yuan: float
    machine_least: float
    machine_yuan_per_m2: float
    boiler_yuan_per_m2: float
    hot_water_yuan_per_kw: float
    electric_yuan_per_kw: float
    upkeep: float
    yearly: float
    electric: float

    @classmethod
    def of(cls, city: City, taken: Taken, electricity_basis: str) -> Worth:
        """In a city, with electricity counted by a basis of the table of conversions."""
        saving = HeatSaving.saving_in(city, taken, electricity_basis)
        life = taken.number(TABLE, item="cost", case="life")
        rate = taken.number("pv_economics", item="discount", case="rate")
        return cls(
            **vars(saving),
            heat_yuan=taken.number("solar_heat", item="heat_price", case="gas"),
            power_yuan=taken.number("pv_economics", item="retail", case="public"),
            machine_least=taken.number(TABLE, item="auxiliary", case="machine_least"),
            machine_yuan_per_m2=taken.number("costs", key="ashp", item="capex"),
            boiler_yuan_per_m2=taken.number("costs", key="gas_boiler", item="capex"),
            hot_water_yuan_per_kw=taken.number(TABLE, item="cost", case="hot_water_per_kw"),
            electric_yuan_per_kw=taken.number(TABLE, item="cost", case="electric_per_kw"),
            upkeep=taken.number(TABLE, item="cost", case="upkeep"),
            yearly=1 / life if rate == 0 else rate / (1 - (1 + rate) ** -life),
            electric=taken.number(TABLE, item="auxiliary", case="electric"),
        )
