"""Sharing of roofs: how much of each roof goes to collectors for hot water, and is then not there for modules."""

from __future__ import annotations

from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand.hot_water import FIRST, HotWater
from layers.city import City
from potential.solar.collector import area_for, useful_heat
from potential.solar.collector_heat import area_within_fraction, orientation_classes
from potential.solar.heat_numbers import HeatNumbers
from potential.solar.modules import ground_cover_ratio
from potential.solar.pv_numbers import Worth
from potential.solar.roof_sun import RoofSettings
from potential.solar.rows import row_shading
from potential.solar.safety import Safety
from potential.sums import ratio
from sun.site import Site
from sun.sweep import plane_irradiation

SOUTH_DEG = 180.0
KJ_PER_KWH = 3600.0
DAYS_OF_YEAR = 365.0
# Rules by which a roof is divided between heat and power; the setting `roof_rule`.
HOT_WATER_FIRST, BY_VALUE, POWER_ONLY = "hot_water_first", "value", "power_only"
# What is said of each.
RULES = {
    HOT_WATER_FIRST: "Collectors take their roof before modules where the policy names the use, else where they save "
    "more coal.",
    BY_VALUE: "Collectors take their roof where they save more coal than modules.",
    POWER_ONLY: "All roofs are kept for power: no collectors are placed.",
}


@dataclass(frozen=True)
class SharingSettings(RoofSettings):
    """What a planner may set where roofs are shared by heat and power; the same for all who take part.

    Parameters
    ----------
    roof_rule : str
        Rule by which a roof is divided: `hot_water_first`, `value` or `power_only`; see `heat_on_roofs`.
    replaced_energy : str
        What heats the water without collectors: `gas`, `coal` or `electricity`.
    """

    roof_rule: str = field(
        default=HOT_WATER_FIRST,
        metadata={"choices": (HOT_WATER_FIRST, BY_VALUE, POWER_ONLY), "shared": True},
    )
    replaced_energy: str = field(
        default="gas", metadata={"choices": ("gas", "coal", "electricity"), "shared": True}
    )


@dataclass(frozen=True)
class HeatOnRoofs:
    """Collectors on the roofs of a city.

    Parameters
    ----------
    buildings : DataFrame
        By building: `collector_m2`, `heat_roof_m2` (roof that they and their spacing take), `heat_share` (of the usable
        roof), `collector_tilt_deg`, `collector_azimuth_deg`, `limit` (what decided: `hot water need`, `roof area`, `load
        of the roof`, `power is worth more`, `small need`, `roof excluded`, `roofs kept for power`; empty where no hot
        water is needed).
    light, kept : ndarray, shape (buildings, 12)
        On the collectors, shaded; the share of open light that shade leaves. [kWh/m²], [-]
    water : HotWater
        The need.
    numbers : HeatNumbers
        What sized them.
    """

    buildings: pd.DataFrame
    light: NDArray[np.float64]
    kept: NDArray[np.float64]
    water: HotWater
    numbers: HeatNumbers


def heat_on_roofs(
    city: City, site: Site, roofs: pd.DataFrame, water: HotWater, worth: Worth, settings: SharingSettings
) -> HeatOnRoofs:
    """Divide every usable roof between heat and power.

    By the rule `hot_water_first` the hot water of the uses that the policy names (`first` in the table
    `hot_water_rules`) comes first: collectors as GB 50364 sizes them, as far as the roof goes; modules get the rest.
    On roofs of other uses, and by the rule `value` on all, collectors come only where a square metre of roof replaces
    more coal with them than with modules. By `power_only` there are none. Collectors never give more than the solar
    fraction of the city's class, and no square metre is given twice.

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
    worth : Worth
        What a kilowatt-hour of electricity replaces.
    settings : SharingSettings
        The rule, and the energy that heat replaces.
    """
    buildings, need = city.tables["building"], water.buildings
    numbers = HeatNumbers.of(city, site.sky.ghi_year, settings.replaced_energy, worth)
    placed = _placed(buildings, site, roofs, numbers)
    light, roof_of_one = placed.light, placed.roof_of_one
    year = light.sum(axis=1)
    wanted = area_for(
        need["litres_per_day"].to_numpy(),
        water.hot_c - float(np.mean(water.cold_c)),
        numbers.fraction,
        year / DAYS_OF_YEAR * KJ_PER_KWH,
        efficiency=numbers.efficiency,
        loss=numbers.loss,
    )
    wanted = area_within_fraction(wanted, light, water.kwh, water, site.weather, numbers)
    usable = roofs["roof_usable_m2"].to_numpy()
    area = np.minimum(wanted, usable / roof_of_one)
    heat = useful_heat(year, efficiency=numbers.efficiency, loss=numbers.loss) / roof_of_one
    power = ratio(roofs["pv_kwh_per_year"], usable)
    outdone = ~(heat * numbers.replaced.kgce_per_kwh > power * worth.kgce_per_kwh)
    if settings.roof_rule == HOT_WATER_FIRST:
        outdone &= (need["division"] != FIRST).to_numpy()
    limit = np.where(wanted > area + 1e-9, "roof area", "hot water need").astype(object)
    for rows, words in (
        (area < numbers.least_m2, "roof area"),
        (wanted < numbers.least_m2, "small need"),
        (outdone, "power is worth more"),
        (_too_weak(buildings, numbers.dead_load_kn_per_m2), "load of the roof"),
        ((roofs["safety_state"] == str(Safety.EXCLUDED)).to_numpy(), "roof excluded"),
        (np.full(len(buildings), settings.roof_rule == POWER_ONLY), "roofs kept for power"),
    ):
        area, limit = np.where(rows, 0.0, area), np.where(rows, words, limit)
    area = np.floor(area * 10) / 10  # never more than there is room
    taken = np.ceil(area * roof_of_one - 1e-9)  # whole metres, as the usable roof
    frame = pd.DataFrame(
        {
            "collector_m2": area,
            "heat_roof_m2": taken,
            "heat_share": np.nan_to_num(ratio(taken, usable)),
            "collector_tilt_deg": placed.tilt_deg,
            "collector_azimuth_deg": placed.azimuth_deg,
            "limit": np.where(need["litres_per_day"].to_numpy() > 0, limit, ""),
        },
        index=buildings.index,
    )
    return HeatOnRoofs(frame, light, placed.kept, water, numbers)


@dataclass(frozen=True)
class _Placed:
    """Collectors as they would stand on each roof; `kept` is the share of open light that shade leaves."""

    tilt_deg: NDArray[np.float64]
    azimuth_deg: NDArray[np.float64]
    roof_of_one: NDArray[np.float64]  # that a square metre of collector takes
    light: NDArray[np.float64]
    kept: NDArray[np.float64]


def _placed(buildings: gpd.GeoDataFrame, site: Site, roofs: pd.DataFrame, numbers: HeatNumbers) -> _Placed:
    """On level roofs in rows facing south at the spacing of GB 50797, else flush on the plane that modules prefer."""
    flat = (buildings["roof_type"] == "flat").to_numpy()
    tilt = np.where(flat, numbers.tilt_deg, np.nan_to_num(roofs["module_tilt_deg"].to_numpy(), nan=0.0))
    turn = np.where(flat, SOUTH_DEG, np.nan_to_num(roofs["module_azimuth_deg"].to_numpy(), nan=SOUTH_DEG))
    kept = np.repeat(1 - np.nan_to_num(roofs["shading_loss"].to_numpy(), nan=0.0)[:, None], 12, axis=1)
    kept[flat] *= row_shading(site.sky, numbers.tilt_deg, site.latitude)
    cover = np.where(flat, float(ground_cover_ratio(numbers.tilt_deg, site.latitude)), numbers.flush_cover)
    return _Placed(tilt, turn, 1 / cover, open_light(site, tilt, turn) * kept, kept)


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


def _too_weak(buildings: gpd.GeoDataFrame, dead_load: float) -> NDArray[np.bool_]:
    """Roofs whose remaining load is known and is less than that of filled collectors."""
    if "roof_load_kn_per_m2" not in buildings:
        return np.zeros(len(buildings), dtype=bool)
    left = pd.to_numeric(buildings["roof_load_kn_per_m2"], errors="coerce").to_numpy(dtype=float)
    weak: NDArray[np.bool_] = left < dead_load
    return weak
