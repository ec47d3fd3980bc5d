"""Loads on the ground: what heating and cooling take from and give to boreholes, month by month and at peaks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]

MONTHS = 12


@dataclass(frozen=True)
class Loads:
    """Loads on the ground of some parcels; none is negative.

    Parameters
    ----------
    extraction, injection : ndarray, (parcels, 12)
        Mean power of each month out of and into the ground, January first. [W]
    extraction_peak, injection_peak : ndarray, (parcels, 12)
        Peaks of each month. [W]
    """

    extraction: Numbers
    injection: Numbers
    extraction_peak: Numbers
    injection_peak: Numbers

    @property
    def net(self) -> Numbers:
        """Mean power into the ground of each month, (parcels, 12). [W]"""
        return self.injection - self.extraction

    @property
    def yearly_extraction(self) -> Numbers:
        """Mean power of the year out of the ground, (parcels,). [W]"""
        return np.asarray(self.extraction.mean(axis=1))

    @property
    def yearly_injection(self) -> Numbers:
        """Mean power of the year into the ground, (parcels,). [W]"""
        return np.asarray(self.injection.mean(axis=1))

    def __len__(self) -> int:
        return len(self.extraction)

    def times(self, share: ArrayLike) -> Loads:
        """All loads times a share of each parcel, (parcels,)."""
        factor = np.asarray(share, float).reshape(-1, 1)
        return Loads(
            self.extraction * factor,
            self.injection * factor,
            self.extraction_peak * factor,
            self.injection_peak * factor,
        )

    @classmethod
    def of_months(
        cls,
        extraction: ArrayLike,
        injection: ArrayLike,
        extraction_peak: ArrayLike,
        injection_peak: ArrayLike,
    ) -> Loads:
        """Loads from monthly powers and from peaks of each month or of the year.

        Parameters
        ----------
        extraction, injection : array_like, (parcels, 12)
            Mean power of each month. [W]
        extraction_peak, injection_peak : array_like, (parcels, 12) or (parcels,)
            Peaks of each month, or of the year. [W]
        """
        means = [np.atleast_2d(np.asarray(each, float)) for each in (extraction, injection)]
        peaks = [
            _peaks(mean, np.asarray(peak, float))
            for mean, peak in zip(means, (extraction_peak, injection_peak), strict=True)
        ]
        return cls(*(np.ascontiguousarray(each) for each in (*means, *peaks)))

    @classmethod
    def of_building(
        cls,
        heat: ArrayLike,
        cold: ArrayLike,
        heat_peak: ArrayLike,
        cold_peak: ArrayLike,
        *,
        cop: ArrayLike,
        eer: ArrayLike,
    ) -> Loads:
        """Loads on the ground of the heat and cold that heat pumps give to buildings.

        A unit of heat takes 1 − 1/COP from the ground, one of cold brings 1 + 1/EER into it.

        Parameters
        ----------
        heat, cold : array_like, (parcels, 12)
            Mean power of each month. [W]
        heat_peak, cold_peak : array_like, (parcels, 12) or (parcels,)
            Peaks of each month, or of the year. [W]
        cop, eer : array_like, (parcels,) or scalar
            Seasonal performance in heating and in cooling.
        """
        out, into = extracted_share(cop), injected_share(eer)
        return cls.of_months(
            np.asarray(heat, float) * out[..., None],
            np.asarray(cold, float) * into[..., None],
            np.asarray(heat_peak, float) * _beside(out, heat_peak),
            np.asarray(cold_peak, float) * _beside(into, cold_peak),
        )


def extracted_share(cop: ArrayLike) -> Numbers:
    """Heat taken from the ground for a unit of heat delivered."""
    return np.asarray(1 - 1 / np.asarray(cop, float))


def injected_share(eer: ArrayLike) -> Numbers:
    """Heat given to the ground for a unit of cold delivered."""
    return np.asarray(1 + 1 / np.asarray(eer, float))


def _beside(share: Numbers, peak: ArrayLike) -> Numbers:
    return share[..., None] if np.ndim(peak) == 2 else share


def _peaks(mean: Numbers, peak: Numbers) -> Numbers:
    """Peaks of each month, at least the mean; a yearly peak is shared out as the months' means are."""
    if peak.ndim < 2:
        most = mean.max(axis=1, keepdims=True)
        share = np.divide(mean, most, out=np.zeros_like(mean), where=most > 0)
        peak = np.broadcast_to(peak, len(mean))[:, None] * share
    return np.maximum(np.broadcast_to(peak, mean.shape), mean)
