"""Sizing: how large the machines of every parcel are, by the least yearly cost or for the whole design load."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from potential.air_source.air_numbers import Worth
from potential.air_source.cycle import Floats
from potential.air_source.service import at_size, node_sizes

ELECTRIC, GAS_BOILER = "electric", "gas_boiler"
LEAST_COST, DESIGN_LOAD = "least_cost", "design_load"


@dataclass(frozen=True)
class Sizes:
    """Size of the machines of every parcel, as heating capacity at 7 °C.

    Parameters
    ----------
    full : ndarray, shape (parcels,)
        Size that covers the whole design load of heat. [kW]
    cold : ndarray, shape (parcels,)
        Size that covers the whole design load of cold. [kW]
    asked : ndarray, shape (parcels,)
        Size by the rule of sizing. [kW]
    machines : ndarray, shape (parcels,)
        Size that is taken: that by the rule, as far as there is room. [kW]
    """

    full: Floats
    cold: Floats
    asked: Floats
    machines: Floats

    @property
    def share(self) -> Floats:
        """Size taken over the one that covers the design load of heat; 0 where no heat is wanted."""
        return np.divide(self.machines, self.full, out=np.zeros_like(self.full), where=self.full > 0)

    @property
    def cost_share(self) -> Floats:
        """Size taken over the one that covers both design loads."""
        both = np.maximum(self.full, self.cold)
        return np.divide(self.machines, both, out=np.zeros_like(both), where=both > 0)


def sizes_of(
    full: Floats,
    cold: Floats,
    most: Floats,
    heat: Floats,
    electricity: Floats,
    floor_m2: Floats,
    *,
    wanted_kwh: Floats,
    peak_kw: Floats,
    rule: str,
    auxiliary: str,
    worth: Worth,
) -> Sizes:
    """Size of the machines of every parcel.

    Parameters
    ----------
    full, cold : ndarray, shape (parcels,)
        As in `Sizes`; machines are never smaller than cold asks for.
    most : ndarray, shape (parcels,)
        Size for which there is room. [kW]
    heat, electricity : ndarray, shape (parcels, NODES)
        What machines of each size give and take, see `given_by_size`. [kWh]
    floor_m2, wanted_kwh, peak_kw : ndarray, shape (parcels,)
        Floor area that is served, heat that is wanted, and its peak.
    rule : str
        `least_cost` or `design_load`.
    auxiliary : str
        `electric` or `gas_boiler`: what gives the heat that machines do not.
    worth : Worth
        Prices.

    Notes
    -----
    The yearly cost is that of the loan and upkeep of machines and auxiliary heat, and of the energy of both. Sizes go
    in eighths of a doubling, from the least share of the one that covers the design load to the whole.
    """

    def cost(node: float) -> Floats:
        """Yearly cost of machines of a share of the full size, or as large as cold asks for."""
        sized = np.maximum(node * full, cold)
        over = np.divide(sized, full, out=np.zeros_like(full), where=full > 0)
        rest_kwh = np.maximum(wanted_kwh - at_size(heat, over), 0.0)
        rest = np.maximum(1 - over, 0.0)
        if auxiliary == GAS_BOILER:
            invested = worth.boiler_yuan_per_m2 * floor_m2 * rest
            fuel = rest_kwh * worth.heat_yuan
        else:
            invested = worth.electric_yuan_per_kw * peak_kw * rest
            fuel = rest_kwh / worth.electric * worth.power_yuan
        both = np.maximum(full, cold)
        part = np.divide(sized, both, out=np.zeros_like(both), where=both > 0)
        invested = invested + worth.machine_yuan_per_m2 * floor_m2 * part
        found: Floats = (
            invested * (worth.yearly + worth.upkeep) + fuel + at_size(electricity, over) * worth.power_yuan
        )
        return found

    if rule == DESIGN_LOAD:
        share = np.ones(len(full))
    else:
        nodes = node_sizes()
        nodes = nodes[(nodes >= worth.machine_least - 1e-9) & (nodes <= 1 + 1e-9)]
        yearly = np.column_stack([cost(node) for node in nodes])
        share = nodes[np.argmin(yearly, axis=1)]
    asked = np.maximum(share * full, cold)
    return Sizes(full, cold, asked, np.minimum(asked, most))
