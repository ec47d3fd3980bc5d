"""The published and assumed numbers of surface water and sewage, gathered from the tables once, and drawn anew."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potential.draws import Draws
from potential.given import winter_months
from potential.heat_pumps import HeatPumpNumbers
from standards import Taken

SECONDS_PER_DAY = 86_400.0
M_PER_KM = 1000.0
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class WaterNumbers:
    """Limits of water and of plants on it; see the tables `geothermal_rules` and `surface_water` for each."""

    most_rise_k: float
    most_fall_k: float
    least_source_c: float
    most_source_c: float
    least_after_c: float
    near_m: float
    far_m: float
    low_lift_m: float
    most_lift_m: float
    withdrawal_share: float
    recovery_m: float
    sewage_near_m: float
    sewage_far_m: float
    sewage_k: float
    difference_k: float
    exchange: float
    peak_to_mean: float
    spell_s: float
    winter: NDArray[np.bool_]
    step_m: float
    cover_fairly: float
    cover_conditional: float
    pump: HeatPumpNumbers

    @classmethod
    def of(cls, taken: Taken) -> WaterNumbers:
        """The numbers in force."""

        def rule(rule_id: str, column: str = "default") -> float:
            return taken.number("geothermal_rules", rule_id=rule_id, column=column)

        def water(item: str, case: str) -> float:
            return taken.number("surface_water", item=item, case=case)

        def supply(item: str, case: str) -> float:
            return taken.number("heat_supply", item=item, case=case)

        def lukewarm(column: str) -> float:
            return M_PER_KM * taken.number(
                "waste_heat", source_key="distance_low", quantity="distance maximum", column=column
            )

        return cls(
            most_rise_k=rule("R01"),
            most_fall_k=rule("R02"),
            least_source_c=rule("R03"),
            most_source_c=rule("R04"),
            near_m=rule("R05", "low"),
            far_m=rule("R05", "high"),
            withdrawal_share=rule("R06"),
            least_after_c=rule("R08"),
            low_lift_m=rule("R09", "low"),
            most_lift_m=rule("R09", "high"),
            recovery_m=M_PER_KM * rule("R11", "high"),
            sewage_near_m=lukewarm("low"),
            sewage_far_m=lukewarm("high"),
            sewage_k=rule("E02"),
            difference_k=water("water", "difference"),
            exchange=water("lake", "exchange"),
            peak_to_mean=water("lake", "peak_to_mean"),
            spell_s=water("lake", "spell") * SECONDS_PER_DAY,
            winter=winter_months(taken),
            step_m=supply("turn", "step"),
            cover_fairly=supply("cover", "fairly_suitable"),
            cover_conditional=supply("cover", "conditional"),
            pump=HeatPumpNumbers.of(taken),
        )


@dataclass(frozen=True)
class WaterState:
    """How wet and warm it is, and what plants and buildings do: as the numbers stand, or in one draw.

    Parameters
    ----------
    river, sewage : ndarray, shape (sources,)
        Flow over the figure given.
    shift_k : float
        Water warmer than the figures given. [K]
    exchange, carnot, demand : float
        Exchange of lakes [W/(m² K)], share of the ideal cycle, and need over what was computed.
    """

    river: Floats
    sewage: Floats
    shift_k: float
    exchange: float
    carnot: float
    demand: float

    @classmethod
    def as_given(cls, numbers: WaterNumbers, sources: int) -> WaterState:
        """With every number as it stands."""
        one = np.ones(sources)
        return cls(one, one, 0.0, numbers.exchange, numbers.pump.share, 1.0)

    @classmethod
    def drawn(cls, taken: Taken, sources: int, count: int) -> list[WaterState]:
        """Several draws; flows differ from source to source, all else is shared by all."""
        draws = Draws(taken, count)
        each = max(sources, 1)
        river = draws.number("surface_water", item="river", case="flow_factor", each=each)[:, :sources]
        sewage = draws.number("surface_water", item="sewage", case="flow_factor", each=each)[:, :sources]
        shift = draws.number("surface_water", item="water", case="temperature_shift")
        exchange = draws.number("surface_water", item="lake", case="exchange")
        carnot = draws.number("heat_supply", item="heat_pump", case="carnot_share")
        demand = draws.number("heat_supply", item="demand", case="factor")
        return [
            cls(river[n], sewage[n], float(shift[n]), float(exchange[n]), float(carnot[n]), float(demand[n]))
            for n in range(count)
        ]
