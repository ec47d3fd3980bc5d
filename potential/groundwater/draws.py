"""Draws of an aquifer that is not known exactly, always the same ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potential.groundwater.capacity import Ground
from potential.groundwater.doublet import WATER_J_PER_M3K
from standards import Taken

Floats = NDArray[np.float64]

SEED = 748
LEAST = 0.2  # no draw takes less than this share of a thickness, porosity or ratio


@dataclass(frozen=True)
class GroundSpread:
    """How uncertain the aquifer is: standard deviations, of logarithms for conductivity and gradient, else as shares.

    Parameters
    ----------
    conductivity : ndarray, (parcels,)
        Smaller near pumping tests.
    gradient, thickness, porosity, ratio : float
        The same everywhere.
    shared : float
        Share of the variance that all parcels have in common.
    """

    conductivity: Floats
    gradient: float
    thickness: float
    porosity: float
    ratio: float
    shared: float

    @classmethod
    def of(cls, taken: Taken, tested: NDArray[np.bool_]) -> GroundSpread:
        """The spread in force."""

        def number(case: str) -> float:
            return taken.number("groundwater_heat", item="spread", case=case)

        return cls(
            conductivity=np.where(tested, number("conductivity_tested"), number("conductivity")),
            gradient=number("gradient"),
            thickness=number("thickness"),
            porosity=number("porosity"),
            ratio=number("reinjection"),
            shared=number("shared"),
        )

    def drawn(self, ground: Ground, porosity: Floats, draw: int) -> Ground:
        """One draw of the aquifer; the same number gives the same draw.

        The heat of the aquifer follows its porosity: grains keep theirs.
        """
        chance = np.random.default_rng((SEED, draw))
        count = len(ground.conductivity)
        common = chance.standard_normal(5)
        own = chance.standard_normal((5, count))
        normal = np.sqrt(self.shared) * common[:, None] + np.sqrt(1 - self.shared) * own
        pores = np.clip(porosity * np.maximum(1 + self.porosity * normal[3], LEAST), 0.0, 0.95)
        grains = (ground.capacity - porosity * WATER_J_PER_M3K) / np.maximum(1 - porosity, 0.05)
        return Ground(
            conductivity=ground.conductivity * np.exp(self.conductivity * normal[0]),
            thickness=ground.thickness * np.maximum(1 + self.thickness * normal[2], LEAST),
            gradient=ground.gradient * np.exp(self.gradient * normal[1]),
            capacity=np.maximum(grains, 0.0) * (1 - pores) + pores * WATER_J_PER_M3K,
            ratio=ground.ratio * np.maximum(1 + self.ratio * normal[4], LEAST),
        )
