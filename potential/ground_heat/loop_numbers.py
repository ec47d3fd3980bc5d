"""The published and assumed numbers of closed loops, gathered from the tables once."""

from __future__ import annotations

from dataclasses import dataclass

from potential.ground_heat.draws import Spreads
from standards import Taken

SECONDS_PER_HOUR = 3600.0


@dataclass(frozen=True)
class LoopNumbers:
    """Numbers of a field of boreholes; see the tables `ground_loops` and `geothermal_rules` for each."""

    resistance: float
    radius_m: float
    head_m: float
    fluid_min_c: float
    fluid_max_c: float
    peak_s: float
    margin_k: float
    drift_warning_k: float
    drift_fail_k: float
    reach_m: float
    spreads: Spreads
    cop: float
    eer: float
    test_m2: float
    two_holes_m2: float
    simulation_m2: float
    test_holes: tuple[float, float]
    quaternary_m: float
    yuan_per_m2: float
    upkeep: float
    cover_fairly: float
    cover_conditional: float

    @classmethod
    def of(cls, taken: Taken, *, u_tube: str, antifreeze: bool) -> LoopNumbers:
        """The numbers in force for a kind of tube, with antifreeze or water in it."""

        def loop(item: str, case: str) -> float:
            return taken.number("ground_loops", item=item, case=case)

        def rule(rule_id: str, column: str = "default") -> float:
            return taken.number("geothermal_rules", rule_id=rule_id, column=column)

        half = loop("loop_spread", "peak") / 2
        return cls(
            resistance=loop("resistance", u_tube),
            radius_m=loop("radius", "borehole"),
            head_m=loop("head", "depth"),
            # Limits of inlet and outlet, moved to the mean fluid.
            fluid_min_c=loop("fluid_min", "antifreeze") if antifreeze else rule("H19") + half,
            fluid_max_c=rule("H18") + half,
            peak_s=loop("peak", "duration") * SECONDS_PER_HOUR,
            margin_k=loop("margin", "near_limit"),
            drift_warning_k=loop("drift", "warning"),
            drift_fail_k=loop("drift", "fail"),
            reach_m=loop("neighbours", "reach"),
            spreads=Spreads(
                conductivity=loop("spread", "conductivity"),
                capacity=loop("spread", "capacity"),
                temperature=loop("spread", "temperature"),
                resistance=loop("spread", "resistance"),
                loads=loop("spread", "loads"),
            ),
            cop=taken.number("heat_source_efficiency", key="gshp_system", quantity="COP_sys"),
            eer=taken.number("heat_source_efficiency", key="gshp_system", quantity="EER_sys"),
            test_m2=rule("H14"),
            two_holes_m2=loop("test", "two_holes"),
            simulation_m2=rule("H12"),
            test_holes=(rule("H16"), rule("H17")),
            quaternary_m=rule("H20"),
            yuan_per_m2=taken.number("costs", key="gshp", item="capex"),
            upkeep=taken.number("heat_supply", item="upkeep", case="share"),
            cover_fairly=taken.number("heat_supply", item="cover", case="fairly_suitable"),
            cover_conditional=taken.number("heat_supply", item="cover", case="conditional"),
        )
