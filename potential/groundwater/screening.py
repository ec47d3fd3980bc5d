"""Screening: where rules forbid groundwater heat pumps, where water or aquifer do not suit, and where data are missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from layers.city import City
from potential import Grade
from potential.groundwater.aquifer import RASTERS, Aquifer
from potential.groundwater.capacity import Capacity, Site
from potential.places import zone_share
from potential.verdicts import Verdicts
from standards import Taken

Bools = NDArray[np.bool_]

ZONES = "protection_zone"
FIRST_LEVELS = (
    "一级",
    "二级",
    "一级保护区",
    "二级保护区",
    "I",
    "II",
    "1",
    "2",
    "",
)  # a level nobody gave may be the first
# Kinds of zone in which no well may stand, levels that are meant, and what is said of a parcel inside with its rule.
FORBIDDING: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("groundwater_ban", (), "groundwater ban zone (State Council Decree 748)"),
    ("groundwater_limit", (), "groundwater limit zone (State Council Decree 748)"),
    ("overexploited", (), "overexploited groundwater (State Council Decree 748)"),
    ("drinking_water", FIRST_LEVELS, "drinking-water protection zone I or II (State Council Decree 748)"),
    ("seawater_intrusion", (), "seawater intrusion zone (State Council Decree 748)"),
    ("hardly_renewed", (), "groundwater that is hardly renewed (State Council Decree 748)"),
    ("subsidence", (), "land subsidence zone (DZ/T 0225)"),
    ("ground_fissure", (), "ground fissure zone (DZ/T 0225)"),
)
# Limits of the water, by the column that is judged: rule, and what is said of what is above it.
WATER: Mapping[str, tuple[str, str]] = {
    "sand_content": ("W22", "water needs treatment: sand"),
    "turbidity_mg_per_l": ("W23", "water needs treatment: turbidity"),
    "dissolved_solids_g_per_l": ("W24", "water needs treatment: dissolved solids"),
    "chloride_mg_per_l": ("W25", "water needs treatment: chloride"),
    "sulfate_mg_per_l": ("W26", "water needs treatment: sulphate"),
    "iron_mg_per_l": ("W27", "water needs treatment: iron"),
    "hydrogen_sulfide_mg_per_l": ("W28", "water needs treatment: hydrogen sulphide"),
}


@dataclass(frozen=True)
class Zone:
    """Zones of one kind: where, what is said, and whether wells are forbidden in them."""

    shapes: NDArray[np.object_]
    reason: str


def forbidding_zones(city: City, taken: Taken) -> list[Zone]:
    """Zones in which no well may stand, each with its reason."""
    zones = city.tables.get(ZONES)
    if zones is None or zones.empty or "kind" not in zones:
        return []
    least_mm = taken.number("geothermal_rules", rule_id="W08")
    kind = zones["kind"].astype(object).to_numpy()
    level = zones.get("zone_level", pd.Series("", index=zones.index)).fillna("").astype(str)
    sunk = pd.to_numeric(zones.get("subsidence_mm", pd.Series(np.nan, index=zones.index)), errors="coerce")
    found = []
    for name, levels, reason in FORBIDDING:
        here = kind == name
        if levels:
            here &= level.isin(levels).to_numpy()
        if name == "subsidence":  # how much it sank decides where it is known
            here &= ~(sunk <= least_mm).to_numpy()
        shapes = np.array(zones.geometry[here].to_numpy(), dtype=object)
        shapes = shapes[~shapely.is_missing(shapes)]
        if len(shapes):
            found.append(Zone(shapes, reason))
    return found


def judge_zones(
    verdicts: Verdicts, city: City, parcels: gpd.GeoDataFrame, zones: list[Zone], taken: Taken
) -> None:
    """Forbid parcels inside zones, and say where a part of one lies in a zone."""
    least = taken.number("groundwater_heat", item="zone", case="share")
    for zone in zones:
        share = _share(parcels, zone.shapes)
        verdicts.judge(share >= least, Grade.FORBIDDEN, zone.reason)
        verdicts.judge((share > 0) & (share < least), Grade.CONDITIONAL, f"in part: {zone.reason}")
    quasi = zone_share(city, parcels, ZONES, ("drinking_water",))
    verdicts.judge(quasi > 0, Grade.CONDITIONAL, "drinking-water zone III or quasi-protection zone")
    sinking = zone_share(city, parcels, ZONES, ("subsidence",))
    verdicts.judge(sinking > 0, Grade.CONDITIONAL, "land subsidence must be watched")


def judge_data(verdicts: Verdicts, city: City, aquifer: Aquifer) -> None:
    """Say what is missing: nothing is counted where the aquifer or its zones are not known."""
    count = len(aquifer.lithology)
    for name in RASTERS:
        verdicts.lack(np.isnan(aquifer.value(name)), name)
    verdicts.lack(aquifer.lithology == "", "lithology")
    unknown = np.isnan(aquifer.ratio) & ~aquifer.takes_none & (aquifer.lithology != "")
    verdicts.lack(unknown, "reinjection_share")
    if city.tables.get(ZONES) is None:
        verdicts.lack(np.ones(count, dtype=bool), ZONES)


def judge_ground(verdicts: Verdicts, aquifer: Aquifer, heats: Bools, taken: Taken) -> None:
    """Grade the aquifer and its water by the rules W10 to W28.

    Parameters
    ----------
    verdicts : Verdicts
        Given the grades.
    aquifer : Aquifer
        Under the parcels.
    heats : ndarray of bool, (parcels,)
        Whether the parcel needs heat in winter.
    taken : Taken
        Numbers.
    """

    def rule(rule_id: str, column: str = "default") -> float:
        return taken.number("geothermal_rules", rule_id=rule_id, column=column)

    def at_least(name: str, least: float, rows: Bools, grade: Grade, reason: str) -> None:
        verdicts.judge((aquifer.value(name) < least) & rows, grade, reason)

    everywhere = np.ones(len(heats), dtype=bool)
    bad, fair = Grade.UNSUITABLE, Grade.FAIRLY_SUITABLE
    at_least("aquifer_thickness_m", rule("W20"), everywhere, bad, "thin aquifer")
    verdicts.judge(aquifer.value("water_table_depth_m") > rule("W19"), bad, "deep water table")
    at_least("ground_temp_c", rule("W21"), heats, bad, "water too cold in winter")
    verdicts.judge(aquifer.takes_none, bad, "the ground takes no water back")
    at_least("specific_yield_m3_per_day_m", rule("W12"), everywhere, bad, "low specific yield")
    at_least("specific_yield_m3_per_day_m", rule("W10"), everywhere, fair, "moderate specific yield")
    percent = 100 * aquifer.ratio
    verdicts.judge((percent < rule("W15")) & ~aquifer.takes_none, bad, "low reinjection share")
    verdicts.judge((percent < rule("W13")) & ~aquifer.takes_none, fair, "moderate reinjection share")
    falls = aquifer.value("water_level_fall_m_per_year") >= rule("W16")
    verdicts.judge(falls, bad, "falling water level")
    for name, (rule_id, reason) in WATER.items():
        verdicts.judge(aquifer.value(name) > rule(rule_id), Grade.CONDITIONAL, reason)
    verdicts.judge(~aquifer.tested, Grade.CONDITIONAL, "pumping and reinjection test missing")


def judge_capacity(verdicts: Verdicts, made: Capacity, site: Site, taken: Taken) -> None:
    """Grade parcels by what they could pump if they were alone."""
    able, bad = verdicts.counts, Grade.UNSUITABLE
    verdicts.judge(able & (site.injection <= 0), bad, "the ground takes no water back")
    verdicts.judge(able & (site.injection > 0) & (site.fits <= 0), bad, "no room for wells")
    able &= site.fits > 0
    verdicts.judge(able & (site.raised <= 0), bad, "injection would raise water to the ground or basements")
    changed = (site.plants.cooled > 0) | (site.plants.warmed > 0)
    verdicts.judge(able & ~changed, bad, "water temperature leaves no difference")
    verdicts.judge(able & (made.through <= 0), bad, "no groundwater flow")
    least = taken.number("groundwater_heat", item="plant", case="least_power")
    power = np.maximum(site.plants.heat_kw(made.own), site.plants.cold_kw(made.own))
    verdicts.judge(able & (power < least), bad, "little water")


def judge_share(verdicts: Verdicts, made: Capacity, site: Site, permitted: Bools, taken: Taken) -> None:
    """Say where the water covers a part of the need only, and what all of them must have."""
    least = taken.number("groundwater_heat", item="plant", case="auxiliary")
    plants = site.plants
    peak = np.maximum(plants.heat_peak, plants.cold_peak)
    given = np.where(plants.heat_peak > 0, plants.heat_kw(made.flow), plants.cold_kw(made.flow))
    asked = np.where(plants.heat_peak > 0, plants.heat_peak, peak)
    verdicts.judge(verdicts.counts & (given < least * asked), Grade.CONDITIONAL, "auxiliary source needed")
    verdicts.judge(
        verdicts.counts & (made.flow <= 0),
        Grade.UNSUITABLE,
        "the share of the aquifer is too small for wells",
    )
    verdicts.judge(verdicts.counts & ~permitted, Grade.SUITABLE, "water permit needed")


def permitted_parcels(parcels: gpd.GeoDataFrame) -> Bools:
    """Where a water permit is recorded, shape (parcels,)."""
    if "groundwater_permit" not in parcels:
        return np.zeros(len(parcels), dtype=bool)
    found: Bools = parcels["groundwater_permit"].eq(True).to_numpy(dtype=bool)
    return found


def _share(parcels: gpd.GeoDataFrame, shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    share = np.zeros(len(parcels))
    area, outlines = shapely.union_all(shapes), parcels.geometry.to_numpy()
    shapely.prepare(area)
    near = shapely.intersects(area, outlines)
    cut = shapely.area(shapely.intersection(outlines[near], area))
    share[near] = cut / np.maximum(shapely.area(outlines[near]), 1e-9)
    return share
