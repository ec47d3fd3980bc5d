"""Numbers of PV that all kinds of place share: the chain from light to power, what a kilowatt-hour is worth, its spread."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from layers.city import City
from potential.solar.pv_yield import Chain
from potential.solar.spread import Spread
from standards import Taken, grid_factor

SIGMAS = ("year_to_year", "radiation_data", "model", "losses")
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
class Worth:
    """What a kilowatt-hour replaces and avoids, and how uncertain the yield of a module is.

    Parameters
    ----------
    kgce_per_kwh, kgco2_per_kwh : float
        Coal replaced, carbon dioxide avoided.
    sigma : float
        Standard deviation over mean of the yield of given modules: radiation, model and losses.
    shared : float
        Share of the variance of usable areas that all places of a city have in common.
    """

    kgce_per_kwh: float
    kgco2_per_kwh: float
    sigma: float
    shared: float

    def spread(self, own: float) -> Spread:
        """Spread of places whose usable area has a standard deviation over mean of its own."""
        return Spread(self.sigma, own, self.shared)


def chain_of(taken: Taken) -> Chain:
    """The chain from irradiation to power."""
    return Chain(
        power_per_k=taken.parameter("temperature_coefficient", "c-Si"),
        heat_loss_w_per_m2k=taken.parameter("faiman_u0", "open rack"),
        wind_heat_loss_ws_per_m3k=taken.parameter("faiman_u1", "open rack"),
        inverter_efficiency=taken.parameter("inverter_efficiency", "nominal"),
        reference_efficiency=taken.parameter("inverter_efficiency", "reference"),
        dc_ac_ratio=taken.parameter("dc_ac_ratio", "nameplate"),
        losses_percent={name: 100 * taken.parameter("hourly_loss", case) for case, name in LOSSES.items()},
        albedo=taken.parameter("ground_reflectance", "built-up area"),
    )


def worth_of(taken: Taken, city: City, electricity_basis: str) -> Worth:
    """What a kilowatt-hour is worth in a city, on a basis of electricity as coal."""
    factor = grid_factor(city.standards, str(city.facts.get("province", "")))
    taken.used.append(factor)
    applies = "national" if electricity_basis == "elec_equivalent" else "all"
    return Worth(
        kgce_per_kwh=taken.number("energy_conversion", item=electricity_basis, applies_to=applies),
        kgco2_per_kwh=factor.value,
        sigma=float(np.sqrt(sum(taken.parameter("sigma", case) ** 2 for case in SIGMAS))),
        shared=taken.parameter("sigma", "shared"),
    )
