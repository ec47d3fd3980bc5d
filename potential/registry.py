"""The registry of potentials: those of the program and those that plug-ins declare."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points

from potential import Potential

PLUG_INS = "lutu.potentials"  # entry point group; each entry point names a Potential


@cache
def potentials() -> tuple[Potential, ...]:
    """All potentials, in the order in which they are shown."""
    from potential.groundwater.groundwater import GROUNDWATER  # late: the kernels take a while to import
    from potential.solar.ancillary import ANCILLARY
    from potential.solar.facade import FACADE
    from potential.solar.municipal import MUNICIPAL
    from potential.solar.rooftop import ROOFTOP
    from potential.solar.solar_thermal import SOLAR_THERMAL

    return (
        ROOFTOP,
        FACADE,
        ANCILLARY,
        MUNICIPAL,
        SOLAR_THERMAL,
        GROUNDWATER,
        *(point.load() for point in entry_points(group=PLUG_INS)),
    )
