"""PV yield: what a kilowatt of unshaded modules gives in each month, hour by hour through pvlib's chain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from layers.sun_place import sun_place
from layers.weather import Weather

HALF_AN_HOUR = pd.Timedelta(minutes=30)


@dataclass(frozen=True)
class Chain:
    """What turns irradiation into power, all from the tables of standards.

    Parameters
    ----------
    power_per_k : float
        Temperature coefficient of power. [1/K]
    heat_loss_w_per_m2k, wind_heat_loss_ws_per_m3k : float
        Heat loss of the module after Faiman: still air, and per wind speed.
    inverter_efficiency, reference_efficiency : float
        Nominal efficiency of the inverter, and that at which the shape of its curve was measured. [-]
    dc_ac_ratio : float
        Nameplate power of the modules over that of the inverter. [-]
    losses_percent : Mapping of str to float
        Loss items of PVWatts, without shading, which is computed. [%]
    albedo : float
        Reflectance of the surroundings. [-]
    """

    power_per_k: float
    heat_loss_w_per_m2k: float
    wind_heat_loss_ws_per_m3k: float
    inverter_efficiency: float
    reference_efficiency: float
    dc_ac_ratio: float
    losses_percent: dict[str, float]
    albedo: float = 0.2


@dataclass(frozen=True)
class PlaneYear:
    """A plane's year without shade: irradiation and yield of each month.

    `poa_kwh_per_m2` and `kwh_per_kwp` have shape (12,).
    """

    poa_kwh_per_m2: NDArray[np.float64]
    kwh_per_kwp: NDArray[np.float64]

    @property
    def performance_ratio(self) -> NDArray[np.float64]:
        """Yield over irradiation of each month, kWh per kWp over kWh/m² at 1 kW/m²; shape (12,)."""
        ratio: NDArray[np.float64] = self.kwh_per_kwp / np.maximum(self.poa_kwh_per_m2, 1e-9)
        return ratio


class Sun:
    """Sun and irradiance of every hour of a typical year, found once and used for many planes."""

    def __init__(self, weather: Weather, model: str = "perez") -> None:
        from pvlib import atmosphere, irradiance

        self.weather = weather
        self.model = model
        starts = pd.DatetimeIndex(weather.hours.index)
        middle = starts + HALF_AN_HOUR
        position = sun_place(middle, weather.latitude, weather.longitude, weather.altitude)
        self.zenith, self.azimuth = position["apparent_zenith"], position["azimuth"]
        self.extra = np.asarray(irradiance.get_extra_radiation(middle))
        self.airmass = np.asarray(atmosphere.get_relative_airmass(self.zenith))
        self.month = starts.month.to_numpy() - 1

    def irradiance(
        self, tilt_deg: float, azimuth_deg: float, albedo: float
    ) -> dict[str, NDArray[np.float64]]:
        """Irradiance of a plane: `beam`, `sky`, `ground`, `aoi`. [W/m²], [°]; shape (8760,)."""
        from pvlib import irradiance

        hours = self.weather.hours
        total = irradiance.get_total_irradiance(
            tilt_deg,
            azimuth_deg,
            self.zenith,
            self.azimuth,
            hours["dni"].to_numpy(),
            hours["ghi"].to_numpy(),
            hours["dhi"].to_numpy(),
            dni_extra=self.extra,
            airmass=self.airmass,
            albedo=albedo,
            model=self.model,
        )
        aoi = irradiance.aoi(tilt_deg, azimuth_deg, self.zenith, self.azimuth)
        return {
            "beam": np.nan_to_num(np.asarray(total["poa_direct"], dtype=float)),
            "sky": np.nan_to_num(np.asarray(total["poa_sky_diffuse"], dtype=float)),
            "ground": np.nan_to_num(np.asarray(total["poa_ground_diffuse"], dtype=float)),
            "aoi": np.asarray(aoi, dtype=float),
        }

    def circumsolar(self, tilt_deg: float, azimuth_deg: float) -> NDArray[np.float64]:
        """Light of the sky on a plane that comes from around the sun, part of `sky` of `irradiance`. [W/m²]"""
        from pvlib import irradiance

        hours = self.weather.hours
        angles = tilt_deg, azimuth_deg
        light = hours["dhi"].to_numpy(), hours["dni"].to_numpy(), self.extra
        if self.model == "perez":
            parts = irradiance.perez(
                *angles, *light, self.zenith, self.azimuth, self.airmass, return_components=True
            )
        elif self.model == "haydavies":
            parts = irradiance.haydavies(*angles, *light, self.zenith, self.azimuth, return_components=True)
        else:
            return np.zeros(len(hours))
        light_around: NDArray[np.float64] = np.nan_to_num(np.asarray(parts["poa_circumsolar"], dtype=float))
        return light_around

    def by_month(self, hourly: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sums of an hourly series over the months; shape (12,)."""
        return np.bincount(self.month, weights=hourly, minlength=12).astype(float)


def plane_year(sun: Sun, chain: Chain, tilt_deg: float, azimuth_deg: float) -> PlaneYear:
    """Irradiation and yield of an unshaded plane, month by month.

    Parameters
    ----------
    sun : Sun
        Sun and irradiance of every hour.
    chain : Chain
        Module, inverter and losses.
    tilt_deg, azimuth_deg : float
        The plane; azimuth clockwise from true north. [°]

    References
    ----------
    A. P. Dobos, "PVWatts version 5 manual," NREL/TP-6A20-62641, 2014. D. Faiman, "Assessing the outdoor
    operating temperature of photovoltaic modules," Prog. Photovoltaics 16(4), 2008.
    """
    parts = sun.irradiance(tilt_deg, azimuth_deg, chain.albedo)
    poa = parts["beam"] + parts["sky"] + parts["ground"]
    return PlaneYear(sun.by_month(poa) / 1000, sun.by_month(hourly_power(sun, chain, tilt_deg, parts)))


def hourly_power(
    sun: Sun, chain: Chain, tilt_deg: float, parts: dict[str, NDArray[np.float64]]
) -> NDArray[np.float64]:
    """Power of a kilowatt of modules in every hour, from the parts of the light that `Sun.irradiance` gives. [kW]"""
    from pvlib import iam, inverter, pvsystem, temperature

    poa = parts["beam"] + parts["sky"] + parts["ground"]
    diffuse_iam = iam.marion_diffuse("physical", tilt_deg)
    effective = (
        parts["beam"] * iam.physical(parts["aoi"])
        + parts["sky"] * diffuse_iam["sky"]
        + parts["ground"] * np.nan_to_num(diffuse_iam["ground"])
    )
    cell = temperature.faiman(
        poa,
        sun.weather.hours["temp_air"].to_numpy(),
        sun.weather.hours["wind_speed"].to_numpy(),
        chain.heat_loss_w_per_m2k,
        chain.wind_heat_loss_ws_per_m3k,
    )
    dc = pvsystem.pvwatts_dc(effective, cell, 1.0, chain.power_per_k)
    loss = pvsystem.pvwatts_losses(**(dict.fromkeys(PVWATTS_ITEMS, 0.0) | chain.losses_percent)) / 100
    rated = 1.0 / chain.dc_ac_ratio / chain.inverter_efficiency
    ac = inverter.pvwatts(
        np.maximum(dc * (1 - loss), 0.0), rated, chain.inverter_efficiency, chain.reference_efficiency
    )
    return np.asarray(ac, dtype=float)


PVWATTS_ITEMS = (
    "soiling",
    "shading",
    "snow",
    "mismatch",
    "wiring",
    "connections",
    "lid",
    "nameplate_rating",
    "age",
    "availability",
)
