"""Costs of groundwater heat pumps: wells by their depth, the plant by the floor area it serves, and upkeep."""

from __future__ import annotations

from dataclasses import dataclass

from standards import Taken


@dataclass(frozen=True)
class WellCosts:
    """What things cost.

    Parameters
    ----------
    yuan_per_m, yuan_per_m2 : float
        Of wells by depth, and of the plant by floor area served.
    upkeep : float
        Of a year as a share of the investment.
    """

    yuan_per_m: float
    yuan_per_m2: float
    upkeep: float

    @classmethod
    def of(cls, taken: Taken) -> WellCosts:
        """The costs in force."""
        return cls(
            yuan_per_m=taken.number("costs", key="groundwater_well", item="capex"),
            yuan_per_m2=taken.number("costs", key="groundwater_hp", item="capex"),
            upkeep=taken.number("groundwater_heat", item="plant", case="upkeep"),
        )
