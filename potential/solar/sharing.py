"""Sharing of roofs: how much of each roof goes to collectors for hot water, and is then not there for modules."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand.hot_water import FIRST, HotWater
from layers.city import City
from potential.solar.collector import area_for
from potential.solar.modules import ground_cover_ratio
from potential.solar.pv_numbers import Taken
from potential.solar.safety import Safety
from potential.solar.site import Site
from potential.solar.sweep import plane_irradiation
from standards import Number

TILT_STEP_DEG, AZIMUTH_STEP_DEG = 5.0, 15.0
SOUTH_DEG = 180.0
KJ_PER_KWH, MJ_PER_KWH = 3600.0, 3.6
# Resource classes of the table of PV parameters by the names of the acceptance standard of solar heat.
CLASSES = {"最丰富": "资源极富", "很丰富": "丰富", "较丰富": "较富", "一般": "一般"}


@dataclass(frozen=True)
class HeatNumbers:
    """What sizes collectors, from tables; `used` lists each number with its source."""

    efficiency: float
    loss: float
    fraction: float
    tilt_deg: float
    flush_cover: float
    least_m2: float
    dead_load_kn_per_m2: float
    kgce_per_kwh: float
    used: tuple[Number, ...]

    @classmethod
    def of(cls, city: City, ghi_kwh_per_m2: float) -> HeatNumbers:
        """The numbers in force in a city with so much sun a year."""
        taken = Taken(city.standards)
        replaced = taken.number("heat_source_efficiency", key="replaced_gas", quantity="replaced_efficiency")
        coal_mj = taken.number("energy_conversion", item="standard_coal", applies_to="all")
        resource = _resource_class(city, ghi_kwh_per_m2)
        return cls(
            efficiency=taken.number(
                "solar_thermal_parameters", parameter="collector_efficiency_annual", case="eta_cd"
            ),
            loss=taken.number("solar_thermal_parameters", parameter="system_loss", case="eta_L"),
            fraction=taken.number(
                "solar_thermal_parameters", parameter="solar_fraction_acceptance", case=CLASSES[resource]
            ),
            tilt_deg=taken.number("solar_heat", item="collector", case="tilt"),
            flush_cover=taken.parameter("gcr", "flush metal roof"),
            least_m2=taken.number("solar_heat", item="collector", case="least"),
            dead_load_kn_per_m2=taken.number("solar_heat", item="collector", case="dead_load"),
            kgce_per_kwh=MJ_PER_KWH / coal_mj / replaced,
            used=tuple(taken.used),
        )


@dataclass(frozen=True)
class HeatOnRoofs:
    """Collectors on the roofs of a city.

    Parameters
    ----------
    buildings : DataFrame
        By building: `collector_m2`, `heat_roof_m2` (roof that they and their spacing take), `heat_share` (of the usable
        roof), `collector_tilt_deg`, `collector_azimuth_deg`, `limit` (what decided: `hot water need`, `roof area`, `load
        of the roof`, `power is worth more`, `small need`; empty where no hot water is needed).
    light : ndarray, shape (buildings, 12)
        On the collectors, shaded. [kWh/m²]
    water : HotWater
        The need.
    numbers : HeatNumbers
        What sized them.
    """

    buildings: pd.DataFrame
    light: NDArray[np.float64]
    water: HotWater
    numbers: HeatNumbers


def heat_on_roofs(
    city: City, site: Site, roofs: pd.DataFrame, water: HotWater, kgce_per_kwh: float
) -> HeatOnRoofs:
    """Divide every usable roof between heat and power.

    Where the policy names a use (`first` in the table `hot_water_rules`), its hot water comes first: collectors as GB
    50364 sizes them, as far as the roof goes; modules get the rest. Elsewhere (`value`) collectors come only where a
    square metre of roof saves more coal with them than with modules. No square metre is given twice.

    Parameters
    ----------
    city : City
        With buildings.
    site : Site
        Sky of the city.
    roofs : DataFrame
        Results of rooftop PV on whole roofs: `roof_usable_m2`, `module_tilt_deg`, `shading_loss` and others.
    water : HotWater
        Need of the same buildings.
    kgce_per_kwh : float
        Coal that a kilowatt-hour of electricity replaces.
    """
    buildings = city.tables["building"]
    numbers = HeatNumbers.of(city, site.sky.ghi_year)
    flat = (buildings["roof_type"] == "flat").to_numpy()
    tilt = np.where(flat, numbers.tilt_deg, np.nan_to_num(roofs["module_tilt_deg"].to_numpy(), nan=0.0))
    turn = np.where(flat, SOUTH_DEG, np.nan_to_num(roofs["module_azimuth_deg"].to_numpy(), nan=SOUTH_DEG))
    kept = 1 - np.nan_to_num(roofs["shading_loss"].to_numpy(), nan=0.0)
    light = open_light(site, tilt, turn) * kept[:, None]
    in_rows = float(ground_cover_ratio(numbers.tilt_deg, site.latitude))
    roof_of_one = 1 / np.where(flat, in_rows, numbers.flush_cover)

    need = water.buildings
    cold = float(np.mean(water.cold_c))
    wanted = area_for(
        need["litres_per_day"].to_numpy(),
        water.hot_c - cold,
        numbers.fraction,
        light.sum(axis=1) / 365 * KJ_PER_KWH,
        efficiency=numbers.efficiency,
        loss=numbers.loss,
    )
    usable = roofs["roof_usable_m2"].to_numpy()
    area = np.minimum(wanted, usable / roof_of_one)
    limit = np.where(wanted > area + 1e-9, "roof area", "hot water need").astype(object)
    by_value = (need["division"] != FIRST).to_numpy()
    heat_kgce = (
        light.sum(axis=1) * numbers.efficiency * (1 - numbers.loss) * numbers.kgce_per_kwh / roof_of_one
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        power_kgce = roofs["pv_kwh_per_year"].to_numpy() * kgce_per_kwh / usable
    outdone = by_value & ~(heat_kgce > power_kgce)
    for rows, words in (
        (area < numbers.least_m2, "small need"),
        (outdone, "power is worth more"),
        (_too_weak(buildings, numbers.dead_load_kn_per_m2), "load of the roof"),
        ((roofs["safety_state"] == str(Safety.EXCLUDED)).to_numpy(), "roof excluded"),
    ):
        area, limit = np.where(rows, 0.0, area), np.where(rows, words, limit)
    limit = np.where(need["litres_per_day"].to_numpy() > 0, limit, "")
    area = np.floor(area * 10) / 10  # never more than there is room
    frame = pd.DataFrame(
        {
            "collector_m2": area,
            "heat_roof_m2": area * roof_of_one,
            "heat_share": np.divide(area * roof_of_one, usable, out=np.zeros(len(area)), where=usable > 0),
            "collector_tilt_deg": tilt,
            "collector_azimuth_deg": turn,
            "limit": limit,
        },
        index=buildings.index,
    )
    return HeatOnRoofs(frame, light, water, numbers)


def open_light(
    site: Site, tilt_deg: NDArray[np.float64], azimuth_deg: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Light of each month on unshaded planes, by classes of tilt and azimuth, shape (n, 12). [kWh/m²]"""
    classes, of_plane = orientation_classes(tilt_deg, azimuth_deg)
    fall, phi = np.tan(np.radians(classes[:, 0])), np.radians(classes[:, 1])
    sky = site.sky
    full = np.full((len(classes), len(sky.azimuth_deg)), sky.tan_elevation.shape[1], np.uint8)
    light = plane_irradiation(full, sky, -fall * np.sin(phi), -fall * np.cos(phi))
    found: NDArray[np.float64] = light[of_plane].astype(float)
    return found


def orientation_classes(
    tilt_deg: NDArray[np.float64], azimuth_deg: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Tilt and azimuth of the classes into which planes fall, shape (classes, 2), and the class of each. [°]"""
    tilt = np.round(tilt_deg / TILT_STEP_DEG) * TILT_STEP_DEG
    turn = np.round(azimuth_deg / AZIMUTH_STEP_DEG) * AZIMUTH_STEP_DEG % 360.0
    classes, of_plane = np.unique(np.column_stack([tilt, turn]), axis=0, return_inverse=True)
    return classes, of_plane.ravel()


def _too_weak(buildings: gpd.GeoDataFrame, dead_load: float) -> NDArray[np.bool_]:
    """Roofs whose remaining load is known and is less than that of filled collectors."""
    if "roof_load_kn_per_m2" not in buildings:
        return np.zeros(len(buildings), dtype=bool)
    left = pd.to_numeric(buildings["roof_load_kn_per_m2"], errors="coerce").to_numpy(dtype=float)
    weak: NDArray[np.bool_] = left < dead_load
    return weak


def _resource_class(city: City, ghi: float) -> str:
    """Name of the class of solar resource of so much light a year."""
    table = city.standards.table("pv_parameters")
    rows = table[table["parameter"] == "resource_class"]
    lows = pd.to_numeric(rows["low"], errors="coerce").fillna(-np.inf)
    highs = pd.to_numeric(rows["high"], errors="coerce").fillna(np.inf)
    return str(rows.loc[(lows <= ghi) & (ghi < highs), "case"].iloc[0])
