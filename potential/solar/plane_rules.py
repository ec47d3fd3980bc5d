"""Rules of roof planes: the numbers by which planes are found in a measured surface and their cells are judged."""

from __future__ import annotations

from dataclasses import dataclass

from standards import Taken


@dataclass(frozen=True)
class PlaneRules:
    """The table `roof_planes`, and what of modules and roofs the planes are measured against.

    Parameters
    ----------
    coarsest_cell_m : float
        Largest cell in which planes are looked for. [m]
    least_seen : float
        Least share of a roof's cells with heights.
    residual_m, angle_deg : float
        Most distance of a cell, and most turn of its normal, from its plane. [m], [°]
    spread, noise_m : float
        Neighbouring planes are one if their joint spread is at most `spread` times theirs, or `noise_m`. [-], [m]
    plane_error_m, compactness : float
        Most mean residual, least 4πA/P² of a plane. [m], [-]
    edge_turn_deg, edge_m : float
        A plane faces an edge of at least this length within this angle. [°], [m]
    flat_below_deg : dict of str to float
        Slope below which a plane is flat, by roof type. [°]
    obstruction_m, clearance_m : float
        Height from which something is in the way, and distance to keep from it. [m]
    left_by_obstructions : float
        Share of the roof inside set-backs that obstructions leave on average.
    least_m2, steepest_deg : float
        Least area of a plane and of a usable piece, along the slope; most slope. [m²], [°]
    module_m : tuple of float
        Length and width of a module. [m]
    """

    coarsest_cell_m: float
    least_seen: float
    residual_m: float
    angle_deg: float
    spread: float
    noise_m: float
    plane_error_m: float
    compactness: float
    edge_turn_deg: float
    edge_m: float
    flat_below_deg: dict[str, float]
    obstruction_m: float
    clearance_m: float
    left_by_obstructions: float
    least_m2: float
    steepest_deg: float
    module_m: tuple[float, float]

    @classmethod
    def of(cls, taken: Taken) -> PlaneRules:
        """The rules in force, remembered among the numbers taken."""

        def rule(name: str, case: str) -> float:
            return taken.number("roof_planes", rule=name, case=case)

        return cls(
            coarsest_cell_m=rule("coarsest_cell", "measured surface"),
            least_seen=rule("least_seen", "share of a roof with heights"),
            residual_m=rule("residual", "cell on its plane"),
            angle_deg=rule("angle", "normal of a cell against its plane"),
            spread=rule("spread", "joined planes over parted planes"),
            noise_m=rule("noise", "height"),
            plane_error_m=rule("plane_error", "mean absolute residual"),
            compactness=rule("compactness", "4 pi area / perimeter squared"),
            edge_turn_deg=rule("edge_turn", "azimuth to the nearest edge of the footprint"),
            edge_m=rule("edge_length", "edge that turns a plane"),
            flat_below_deg={kind: rule("flat_below", kind) for kind in ("flat", "pitched", "metal")},
            obstruction_m=rule("obstruction", "height over the plane"),
            clearance_m=rule("clearance", "around an obstruction"),
            left_by_obstructions=rule("left_by_obstructions", "share of the roof inside set-backs"),
            least_m2=taken.parameter("min_contiguous_area", "roof plane"),
            steepest_deg=taken.parameter("usable_slope_max", "roof"),
            module_m=(
                taken.parameter("module_length", "72 cells"),
                taken.parameter("module_width", "72 cells"),
            ),
        )
