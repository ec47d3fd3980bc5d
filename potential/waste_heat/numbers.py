"""The published and assumed numbers of waste heat, gathered from the tables once, and drawn anew."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potential.draws import Draws
from potential.given import winter_months
from potential.heat_pumps import HeatPumpNumbers
from standards import Taken

M_PER_KM = 1000.0
KINDS = ("power_plant", "industrial_heat", "data_centre", "waste_incinerator")
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class WasteNumbers:
    """What is recoverable, how far it goes and what it costs; see `waste_heat`, `waste_heat_rules`, `heat_supply`."""

    it_share: float
    computers_c: float
    kwh_per_t_waste: float
    recoverable: float
    low_c: float
    high_c: float
    near_m: Floats  # of lukewarm, middling and hot sources
    far_m: Floats
    detour: float
    network_c: float
    pinch_k: float
    difference_k: float
    winter_drop_k: float
    loss_yuan_per_kwh_m: float
    other_yuan_per_kwh: float
    power_yuan_per_kwh: float
    direct_yuan_per_kw: float
    pump_yuan_per_kw: float
    pipe_yuan_per_m: float
    annuity: float
    upkeep: float
    cover_fairly: float
    cover_conditional: float
    hours: dict[str, float]
    winter: NDArray[np.bool_]
    pump: HeatPumpNumbers

    @classmethod
    def of(cls, taken: Taken) -> WasteNumbers:
        """The numbers in force."""

        def rule(item: str, case: str, column: str = "default") -> float:
            return taken.number("waste_heat_rules", item=item, case=case, column=column)

        def published(source_key: str, quantity: str, column: str = "default") -> float:
            return taken.number("waste_heat", source_key=source_key, quantity=quantity, column=column)

        def supply(item: str, case: str) -> float:
            return taken.number("heat_supply", item=item, case=case)

        def reach(column: str) -> Floats:
            return M_PER_KM * np.array(
                [
                    published("distance_low", "distance maximum", column),
                    rule("distance", "middle", column),
                    published("distance_high", "trunk distance maximum", column),
                ]
            )

        return cls(
            it_share=published("data_centre", "recoverable share of IT power"),
            computers_c=published("data_centre", "temperature"),
            kwh_per_t_waste=1000.0 * published("waste_incineration", "heat"),
            recoverable=rule("recoverable", "given"),
            low_c=rule("temperature", "low"),
            high_c=rule("temperature", "high"),
            near_m=reach("low"),
            far_m=reach("high"),
            detour=rule("distance", "detour"),
            network_c=rule("network", "supply"),
            pinch_k=rule("network", "pinch"),
            difference_k=rule("source", "difference"),
            winter_drop_k=rule("temperature_drop", "winter"),
            loss_yuan_per_kwh_m=rule("network", "loss_cost") / M_PER_KM,
            other_yuan_per_kwh=rule("network", "other_heat"),
            power_yuan_per_kwh=supply("electricity", "price"),
            direct_yuan_per_kw=rule("capex", "direct"),
            pump_yuan_per_kw=rule("capex", "heat_pump"),
            pipe_yuan_per_m=supply("pipe", "capex") * rule("pipe", "trunk_share"),
            annuity=rule("pipe", "annuity"),
            upkeep=supply("upkeep", "share"),
            cover_fairly=supply("cover", "fairly_suitable"),
            cover_conditional=supply("cover", "conditional"),
            hours={kind: rule("hours", kind) for kind in (*KINDS, "other")},
            winter=winter_months(taken),
            pump=HeatPumpNumbers.of(taken),
        )


@dataclass(frozen=True)
class WasteState:
    """What is recoverable of each source, and what heat pumps and buildings do: as the numbers stand, or in one draw."""

    recoverable: Floats  # over the figure that stands, shape (sources,)
    carnot: float
    demand: float

    @classmethod
    def as_given(cls, numbers: WasteNumbers, sources: int) -> WasteState:
        """With every number as it stands."""
        return cls(np.ones(sources), numbers.pump.share, 1.0)

    @classmethod
    def drawn(cls, taken: Taken, numbers: WasteNumbers, sources: int, count: int) -> list[WasteState]:
        """Several draws; what is recoverable differs from source to source, all else is shared by all."""
        draws = Draws(taken, count)
        share = draws.number("waste_heat_rules", item="recoverable", case="given", each=max(sources, 1))
        carnot = draws.number("heat_supply", item="heat_pump", case="carnot_share")
        demand = draws.number("heat_supply", item="demand", case="factor")
        return [
            cls(share[n, :sources] / numbers.recoverable, float(carnot[n]), float(demand[n]))
            for n in range(count)
        ]
