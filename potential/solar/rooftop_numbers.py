"""The published and assumed numbers of rooftop PV, gathered from the tables once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from layers.city import City
from potential.solar.modules import ground_cover_ratio
from potential.solar.plane_rules import PlaneRules
from potential.solar.pv_numbers import Worth, chain_of, worth_of
from potential.solar.pv_yield import Chain
from potential.solar.safety import SafetyRules
from potential.solar.spread import Spread
from standards import Number, Taken

if TYPE_CHECKING:
    from potential.solar.roof_sun import RoofSettings

ROOF_TYPES = ("flat", "pitched", "metal")


@dataclass(frozen=True)
class RooftopNumbers:
    """Everything the assessment takes from tables; `used` lists each number with its source."""

    chain: Chain
    worth: Worth
    safety_rules: SafetyRules
    module_tilt_deg: float
    roof_tilt_deg: dict[str, float]
    setback_m: dict[str, float]
    cover: dict[str, float]
    free_share: dict[tuple[str, str], float]
    kwp_per_module_m2: float
    shade_threshold: float
    plane_rules: PlaneRules
    north_from_deg: float
    north_to_deg: float
    spread: Spread
    grades: pd.DataFrame
    used: tuple[Number, ...]

    @classmethod
    def of(cls, city: City, settings: RoofSettings) -> RooftopNumbers:
        """The numbers in force in a city."""
        standards = city.standards
        taken = Taken(standards)
        number, parameter, used = taken.number, taken.parameter, taken.used
        tilt = settings.module_tilt_deg
        module_tilt = parameter("module_tilt", "flat roof") if tilt is None else tilt
        latitude = city.place.latitude
        flush = parameter("gcr", "flush metal roof")
        rules = SafetyRules.of(standards)
        used.extend(rules.numbers)
        buildings = city.tables["building"]
        free = {
            (use, kind): number("pv_roof", use=use, roof_type=kind, quantity="free_share")
            for use, kind in sorted(set(zip(buildings["use"], buildings["roof_type"], strict=True)))
        }
        worth = worth_of(taken, city, settings.electricity_basis)
        return cls(
            chain=chain_of(taken),
            worth=worth,
            safety_rules=rules,
            module_tilt_deg=module_tilt,
            roof_tilt_deg={kind: parameter("roof_tilt", kind) for kind in ROOF_TYPES},
            setback_m={
                "flat": (flat := parameter("setback_flat", "flat roof edge")),
                "metal": flat,
                "pitched": parameter("setback_pitched", "pitched roof edge"),
            },
            cover={
                "flat": float(ground_cover_ratio(module_tilt, latitude)),
                "pitched": flush,
                "metal": flush,
            },
            free_share=free,
            kwp_per_module_m2=parameter("module_power_density", "per m2 module") / 1000,
            shade_threshold=parameter("shade_threshold", "annual plane irradiation / unshaded"),
            plane_rules=PlaneRules.of(taken),
            north_from_deg=parameter("azimuth_excluded_low", "tilt > 10 deg"),
            north_to_deg=parameter("azimuth_excluded_high", "tilt > 10 deg"),
            spread=worth.spread(parameter("sigma", "roof_use")),
            grades=standards.table("rooftop_grades"),
            used=tuple(used),
        )
