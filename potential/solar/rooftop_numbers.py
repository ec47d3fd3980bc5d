"""The published and assumed numbers of rooftop PV, gathered from the tables once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from layers.city import City
from potential.solar.modules import ground_cover_ratio
from potential.solar.pv_yield import Chain
from potential.solar.safety import SafetyRules
from standards import Number, grid_factor

if TYPE_CHECKING:
    from potential.solar.roof_sun import RoofSettings

ROOF_TYPES = ("flat", "pitched", "metal")
SIGMAS = ("year_to_year", "radiation_data", "model", "losses", "roof_use")
# Loss items of the table by pvlib's names.
LOSSES = {
    "soiling": "soiling",
    "mismatch": "mismatch",
    "wiring": "wiring",
    "connections": "connections",
    "light_induced_degradation": "lid",
    "nameplate": "nameplate_rating",
    "availability": "availability",
    "snow": "snow",
}


@dataclass(frozen=True)
class RooftopNumbers:
    """Everything the assessment takes from tables; `used` lists each number with its source."""

    chain: Chain
    safety_rules: SafetyRules
    module_tilt_deg: float
    roof_tilt_deg: dict[str, float]
    setback_m: dict[str, float]
    cover: dict[str, float]
    free_share: dict[tuple[str, str], float]
    kwp_per_module_m2: float
    shade_threshold: float
    least_m2: float
    steepest_deg: float
    north_from_deg: float
    north_to_deg: float
    sigma: float
    kgce_per_kwh: float
    kgco2_per_kwh: float
    yuan_per_kwp: float
    grades: pd.DataFrame
    used: tuple[Number, ...]

    @classmethod
    def of(cls, city: City, settings: RoofSettings) -> RooftopNumbers:
        """The numbers in force in a city."""
        standards = city.standards
        used: list[Number] = []

        def number(table: str, **keys: str) -> float:
            found = standards.number(table, **keys)
            used.append(found)
            return found.value

        def parameter(name: str, case: str) -> float:
            return number("pv_parameters", parameter=name, case=case)

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
        factor = grid_factor(standards, str(city.facts.get("province", "")))
        used.append(factor)
        return cls(
            chain=Chain(
                power_per_k=parameter("temperature_coefficient", "c-Si"),
                heat_loss_w_per_m2k=parameter("faiman_u0", "open rack"),
                wind_heat_loss_ws_per_m3k=parameter("faiman_u1", "open rack"),
                inverter_efficiency=parameter("inverter_efficiency", "nominal"),
                reference_efficiency=parameter("inverter_efficiency", "reference"),
                dc_ac_ratio=parameter("dc_ac_ratio", "nameplate"),
                losses_percent={name: 100 * parameter("hourly_loss", case) for case, name in LOSSES.items()},
                albedo=parameter("ground_reflectance", "built-up area"),
            ),
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
            least_m2=parameter("min_contiguous_area", "roof plane"),
            steepest_deg=parameter("usable_slope_max", "roof"),
            north_from_deg=parameter("azimuth_excluded_low", "tilt > 10 deg"),
            north_to_deg=parameter("azimuth_excluded_high", "tilt > 10 deg"),
            sigma=float(np.sqrt(sum(parameter("sigma", case) ** 2 for case in SIGMAS))),
            kgce_per_kwh=number("energy_conversion", **_basis(settings.electricity_basis)),
            kgco2_per_kwh=factor.value,
            yuan_per_kwp=1000 * number("costs", key="pv_ci_roof", item="capex"),
            grades=standards.table("rooftop_grades"),
            used=tuple(used),
        )


def _basis(basis: str) -> dict[str, str]:
    """Row of the conversion table for a basis of electricity."""
    return {"item": basis, "applies_to": "national" if basis == "elec_equivalent" else "all"}
