"""The published and assumed numbers of groundwater heat pumps, gathered from the tables once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from standards import Taken

YEAR_S = 365.25 * 86400.0
DAY_S = 86400.0


@dataclass(frozen=True)
class WellNumbers:
    """Wells, limits and heat pumps in SI units; years, shares and ratios as they are.

    Parameters
    ----------
    radius, boundary, building, beside, spacing, across : float
        Of wells, and least distances of wells to things and to each other. [m]
    loss : float
        Well loss by the square of the flow. [s²/m⁵]
    most_flow : float
        Of one well. [m³/s]
    drawdown_share : float
        Most drawdown over saturated thickness.
    freeboard, basement_distance, storey, wet_basement : float
        What limits the rise at injection wells. [m]
    clogging : float
        By how much clogging lowers the flow of an injection well.
    coldest, warmest : float
        Of the water given back. [°C]
    difference, least_difference : float
        By which the plant changes the water, and least worth a plant. [K]
    life, shift, season : float
        For how long the produced water may shift by how much; length of a season. [s], [K], [s]
    cop, eer : float
        Of the system, with its pumps.
    """

    radius: float
    loss: float
    most_flow: float
    boundary: float
    building: float
    beside: float
    spacing: float
    across: float
    drawdown_share: float
    freeboard: float
    basement_distance: float
    storey: float
    wet_basement: float
    clogging: float
    coldest: float
    warmest: float
    difference: float
    least_difference: float
    life: float
    shift: float
    season: float
    cop: float
    eer: float

    @classmethod
    def of(cls, taken: Taken, difference_k: float | None, life_years: float | None) -> WellNumbers:
        """The numbers in force, with what the planner set in place of the tables' where it is not None."""

        def number(item: str, case: str) -> float:
            return taken.number("groundwater_heat", item=item, case=case)

        def rule(rule_id: str) -> float:
            return taken.number("geothermal_rules", rule_id=rule_id)

        most = rule("W18")
        difference = rule("W17") if difference_k is None else difference_k
        return cls(
            radius=number("well", "radius"),
            loss=number("well", "loss"),
            most_flow=number("well", "most_flow") / 3600,
            boundary=number("well", "boundary"),
            building=number("well", "building"),
            beside=number("well", "beside"),
            spacing=number("well", "spacing"),
            across=number("well", "across"),
            drawdown_share=rule("W29"),
            freeboard=number("rise", "freeboard"),
            basement_distance=number("rise", "basement_distance"),
            storey=number("rise", "storey"),
            wet_basement=number("rise", "wet_basement"),
            clogging=number("rise", "clogging"),
            coldest=number("water", "coldest"),
            warmest=number("water", "warmest"),
            difference=min(difference, most),
            least_difference=number("water", "least_difference"),
            life=YEAR_S * (number("heat_return", "life") if life_years is None else life_years),
            shift=number("heat_return", "shift"),
            season=DAY_S * number("heat_return", "season"),
            cop=taken.number("heat_source_efficiency", key="gshp_system", quantity="COP_sys"),
            eer=taken.number("heat_source_efficiency", key="gshp_system", quantity="EER_sys"),
        )

    def differences(self, water_c: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Kelvin by which water of some temperatures may be cooled in winter and warmed in summer, zero below the least."""
        cooled = np.minimum(self.difference, water_c - self.coldest)
        warmed = np.minimum(self.difference, self.warmest - water_c)
        least = self.least_difference
        return np.where(cooled >= least, cooled, 0.0), np.where(warmed >= least, warmed, 0.0)
