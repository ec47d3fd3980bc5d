"""The registry of potentials: those of the program and those that plug-ins declare."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points

from potential import Potential

PLUG_INS = "lutu.potentials"  # entry point group; each entry point names a Potential


@cache
def potentials() -> tuple[Potential, ...]:
    """All potentials, in the order in which they are shown."""
    from potential.air_source.air_source import AIR_SOURCE  # late: the kernels take a while to import
    from potential.biomass.assessment import BIOMASS
    from potential.building_demand import DEMAND
    from potential.deep.deep import DEEP
    from potential.ground_heat.shallow import SHALLOW
    from potential.groundwater.groundwater import GROUNDWATER
    from potential.solar.ancillary import ANCILLARY
    from potential.solar.facade import FACADE
    from potential.solar.municipal import MUNICIPAL
    from potential.solar.rooftop import ROOFTOP
    from potential.solar.solar_thermal import SOLAR_THERMAL
    from potential.surface_water.assessment import SURFACE_WATER
    from potential.waste_heat.assessment import WASTE_HEAT

    return (
        DEMAND,
        ROOFTOP,
        FACADE,
        ANCILLARY,
        MUNICIPAL,
        SOLAR_THERMAL,
        SHALLOW,
        GROUNDWATER,
        SURFACE_WATER,
        DEEP,
        AIR_SOURCE,
        WASTE_HEAT,
        BIOMASS,
        *(point.load() for point in entry_points(group=PLUG_INS)),
    )
