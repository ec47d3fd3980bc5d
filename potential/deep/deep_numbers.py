"""The published and assumed numbers of deep heat, gathered from the tables once, in SI units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.city import City
from potential.deep.coaxial import CoaxialWell
from potential.heat_worth import HeatSaving
from standards import Taken

TABLE = "deep_geothermal"
PER_HOUR = 1 / 3600.0  # m³/h to m³/s
MJ, LITRES_PER_M3 = 1e6, 1000.0
SEED, DRAWS = 20_260, 32
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Range:
    """A number with the ends between which it is drawn, most often near the middle."""

    low: float
    middle: float
    high: float

    def at(self, chance: Floats) -> Floats:
        """Values of a triangular distribution at some chances between 0 and 1."""
        width = self.high - self.low
        if width <= 0:
            return np.full_like(chance, self.middle)
        top = (self.middle - self.low) / width
        rising = self.low + np.sqrt(chance * width * (self.middle - self.low))
        falling = self.high - np.sqrt((1 - chance) * width * (self.high - self.middle))
        return np.asarray(np.where(chance < top, rising, falling))


def chances(name: str) -> Floats:
    """The fixed chances of one uncertain number in all draws, shape (DRAWS,); one stratum each, in random order.

    All places share them, so that maps stay comparable and totals of draws can be formed.
    """
    rng = np.random.default_rng([SEED, *name.encode()])
    return np.asarray((rng.permutation(DRAWS) + rng.random(DRAWS)) / DRAWS)


@dataclass(frozen=True)
class ReservoirNumbers:
    """Rock and water of a reservoir, and what lies above; heat capacities in J/(m³ K), the rest in SI units."""

    net_share: float
    rock: float
    water: float
    density: float
    recovery: Range
    tight_recovery: Range
    porous_from: float
    conductivity: float
    production: float
    diffusivity: float
    surface_c: float
    survey_reach_m: float

    def recovery_at(self, porosity: Floats) -> Floats:
        """Recoverable share by porosity, as it stands in the table."""
        return np.where(porosity >= self.porous_from, self.recovery.middle, self.tight_recovery.middle)


@dataclass(frozen=True)
class DoubletNumbers:
    """What sizes and places doublets; lengths in metres, shares without unit."""

    years: float
    well_radius: float
    least_spacing: float
    most_spacing: float
    between: float
    site_m2: float
    design_share: float
    least_load: float
    least_c: float
    loss_seconds: float
    pump_head: float
    lift: float
    most_drawdown: float
    pump_efficiency: float
    reach: float
    network_loss: float


@dataclass(frozen=True)
class CascadeNumbers:
    """Temperatures of the stages (°C), pinch (K) and COP of the last."""

    tail: float
    pinch: float
    supply: Floats
    back: Floats
    cop: float
    floor_heating_from: float


@dataclass(frozen=True)
class ClosedNumbers:
    """Closed wells: the well as it stands in the tables, and what rates and limits it."""

    well: CoaxialWell
    conductivity: Range
    capacity: Range
    inlet_c: float
    season_days: float
    year: int
    cop: float
    pump_share: float
    spacing_m: float
    least_load: float


@dataclass(frozen=True)
class Ranges:
    """Factors on what the layers say: flow, excess of temperature, porosity; narrower beside a measured well."""

    flow: Range
    flow_measured: Range
    temperature: Range
    temperature_measured: Range
    porosity: Range


@dataclass(frozen=True)
class Money:
    """Investment and prices. [yuan]"""

    well_per_m: float
    closed_well: float
    plant_per_kw: float
    upkeep: float
    electricity_per_kwh: float


@dataclass(frozen=True)
class DeepNumbers:
    """All numbers of deep heat."""

    reservoir: ReservoirNumbers
    doublet: DoubletNumbers
    cascade: CascadeNumbers
    closed: ClosedNumbers
    ranges: Ranges
    money: Money
    worth: HeatSaving
    fault_m: float


def deep_numbers(
    city: City,
    taken: Taken,
    *,
    rock: str,
    electricity_basis: str,
    years: float | None,
    reach: float | None,
) -> DeepNumbers:
    """The numbers in force in a city; `years` and `reach` replace those of the tables where given."""

    def number(item: str, case: str) -> float:
        return taken.number(TABLE, item=item, case=case)

    def ranged(item: str, case: str) -> Range:
        middle = number(item, case)
        row = taken.used[-1]
        return Range(middle if row.low is None else row.low, middle, middle if row.high is None else row.high)

    def rule(rule_id: str) -> float:
        return taken.number("geothermal_rules", rule_id=rule_id)

    density = rule("D09") * LITRES_PER_M3
    recovery = ranged("recovery", rock)
    return DeepNumbers(
        reservoir=ReservoirNumbers(
            net_share=number("reservoir", "net_share"),
            rock=number("reservoir", "rock_capacity") * MJ,
            water=number("water", "specific_heat") * density * 1000,
            density=density,
            recovery=recovery,
            tight_recovery=ranged("recovery", "sandstone_tight") if rock == "sandstone" else recovery,
            porous_from=number("recovery", "porous_from"),
            conductivity=number("column", "conductivity"),
            production=number("column", "production") * 1e-6,
            diffusivity=number("column", "diffusivity") * 1e-6,
            surface_c=number("column", "surface"),
            survey_reach_m=number("survey", "reach"),
        ),
        doublet=DoubletNumbers(
            years=number("life", "doublet") if years is None else years,
            well_radius=number("doublet", "well_radius"),
            least_spacing=number("doublet", "least_spacing"),
            most_spacing=number("doublet", "most_spacing"),
            between=number("doublet", "between"),
            site_m2=number("doublet", "site_area"),
            design_share=number("doublet", "design_share"),
            least_load=number("doublet", "least_load"),
            least_c=number("doublet", "least_temperature"),
            loss_seconds=number("doublet", "loss_years") * 8760 * 3600,
            pump_head=number("doublet", "pump_head"),
            lift=number("doublet", "lift"),
            most_drawdown=number("doublet", "most_drawdown"),
            pump_efficiency=number("doublet", "pump_efficiency"),
            reach=number("network", "reach") if reach is None else reach,
            network_loss=number("network", "loss"),
        ),
        cascade=CascadeNumbers(
            tail=number("cascade", "tail"),
            pinch=number("cascade", "pinch"),
            supply=np.array(
                [number("cascade", f"{use}_supply") for use in ("radiator", "floor", "hot_water")]
            ),
            back=np.array(
                [number("cascade", case) for case in ("radiator_return", "floor_return", "cold_water")]
            ),
            cop=number("cascade", "cop"),
            floor_heating_from=number("cascade", "floor_heating_from"),
        ),
        closed=_closed(rule, number, ranged),
        ranges=Ranges(
            **{
                name: ranged("range", name)
                for name in ("flow", "flow_measured", "temperature", "temperature_measured", "porosity")
            }
        ),
        money=Money(
            well_per_m=taken.number("costs", key="deep_well", item="capex"),
            closed_well=taken.number("costs", key="deep_closed_loop_well", item="capex") * 1e6,
            plant_per_kw=number("cost", "plant"),
            upkeep=number("cost", "upkeep"),
            electricity_per_kwh=number("cost", "electricity"),
        ),
        worth=HeatSaving.saving_in(city, taken, electricity_basis),
        fault_m=rule("D14"),
    )


def _closed(
    rule: Callable[[str], float],
    number: Callable[[str, str], float],
    ranged: Callable[[str, str], Range],
) -> ClosedNumbers:
    conductivity, capacity = ranged("closed", "rock_conductivity"), ranged("closed", "rock_capacity")
    well = CoaxialWell(
        depth=rule("D05"),
        bore_radius=number("closed", "bore_radius"),
        casing_radius=number("closed", "casing_radius"),
        casing_wall=number("closed", "casing_wall"),
        inner_outer_radius=number("closed", "inner_outer_radius"),
        inner_inner_radius=number("closed", "inner_inner_radius"),
        inner_conductivity=number("closed", "inner_conductivity"),
        grout_conductivity=number("closed", "grout"),
        steel_conductivity=number("closed", "steel"),
        rock_conductivity=conductivity.middle,
        rock_capacity=capacity.middle * MJ,
        flow=number("closed", "flow") * PER_HOUR,
        density=number("closed", "water_density"),
        specific_heat=number("closed", "water_heat") * 1000,
        viscosity=number("closed", "viscosity") / 1000,
        water_conductivity=number("closed", "water_conductivity"),
    )
    return ClosedNumbers(
        well=well,
        conductivity=conductivity,
        capacity=Range(capacity.low * MJ, capacity.middle * MJ, capacity.high * MJ),
        inlet_c=number("closed", "inlet"),
        season_days=number("closed", "season"),
        year=int(number("closed", "years")),
        cop=number("closed", "cop"),
        pump_share=number("closed", "pump_share"),
        spacing_m=rule("D08"),
        least_load=number("closed", "least_load"),
    )
