"""Solar thermal: hot water from roofs for hotels, hospitals, schools and homes, and villages' passive solar houses."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.jobs import Job
from demand.hot_water import DAYS
from layers.city import City
from potential import Assessment, Potential
from potential.solar.collector import efficiency, monthly_fraction
from potential.solar.passive_houses import passive_houses
from potential.solar.pv_numbers import Taken
from potential.solar.pv_sums import (
    GRADES,
    graded,
    of_most_weight,
    ratio,
    summed_by_parcel,
    totals_of,
)
from potential.solar.pv_yield import Sun
from potential.solar.roof_pv import RoofPv, roof_pv
from potential.solar.roof_sun import RoofSettings
from potential.solar.safety import Safety
from potential.solar.sharing import open_light, orientation_classes
from potential.solar.spread import P90_SIGMAS

MONTHS = [f"solar_heat_kwh_month_{month:02d}" for month in range(1, 13)]
SUMS = [
    "collector_m2",
    "heat_roof_m2",
    "solar_heat_kw",
    "solar_heat_kwh_per_year",
    "solar_heat_p90_kwh_per_year",
    "solar_heat_p10_kwh_per_year",
    "solar_heat_saved_kgce_per_year",
    "solar_heat_avoided_tco2_per_year",
    "hot_water_kwh_per_year",
    *MONTHS,
]
CRITERIA = {"specific_heat": "low yield", "payback": "slow payback"}
KG_PER_T = 1000.0
TJ_PER_KWH = 3.6e-6


@dataclass(frozen=True)
class SolarThermalSettings(RoofSettings):
    """What a planner may set; as `RoofSettings`."""


def assess(city: City, demand: Any, settings: SolarThermalSettings, job: Job) -> Assessment:
    """Hot water from the sun for every building and parcel of a city.

    Parameters
    ----------
    city : City
        With tables `building` (with `beds`, `pupils`, `households` where known) and `parcel`, and weather.
    demand : object
        Not needed: hot water follows from norms.
    settings : SolarThermalSettings
        What the planner set.
    job : Job
        Reports progress and stops when asked.

    Returns
    -------
    Assessment
        `details` has `building` (those that need hot water) and `passive_house` (houses of villages); `parcels` and
        `options`.

    Raises
    ------
    UserError
        Where buildings or weather are missing.
    """
    roofs = roof_pv(city, settings, job)
    job.say("Heating water", 0.0, force=True)
    taken = Taken(city.standards)
    by_building = building_results(city, roofs, taken)
    by_parcel = parcel_results(by_building, city.tables.get("parcel"))
    houses = passive_houses(city, roofs.site, taken, job)
    names = [name for name in SUMS if name in by_building]
    return Assessment(
        name="solar_thermal",
        parcels=by_parcel,
        options=_options(by_parcel),
        details=MappingProxyType({"building": by_building, "passive_house": houses}),
        totals=MappingProxyType(
            {
                "passive_houses": float(houses["passive_suitable"].sum()),
                **totals_of(by_building, by_parcel, names),
            }
        ),
        numbers=(*roofs.heat.numbers.used, *roofs.heat.water.numbers, *taken.used),
        remarks=_remarks(by_building),
    )


SOLAR_THERMAL = Potential(
    name="solar_thermal",
    title="Solar thermal",
    tables=("building", "parcel"),
    rasters=(),
    standards=(
        "hot_water",
        "hot_water_rules",
        "dhw_norms",
        "solar_heat",
        "solar_heat_grades",
        "solar_thermal_parameters",
        "heat_source_efficiency",
        "energy_conversion",
        "pv_parameters",
        "pv_safety_rules",
        "safety_conditions",
        "costs",
        "facade",
    ),
    settings=SolarThermalSettings,
    assess=assess,
)


def building_results(city: City, roofs: RoofPv, taken: Taken) -> pd.DataFrame:
    """Collectors and their heat of every building that needs hot water."""

    def number(item: str, case: str) -> float:
        return taken.number("solar_heat", item=item, case=case)

    heat, water = roofs.heat, roofs.heat.water
    needs = (water.buildings["division"] != "").to_numpy()
    buildings = city.tables["building"][needs]
    on_roof, load = heat.buildings[needs], water.kwh[needs]
    area = on_roof["collector_m2"].to_numpy()
    above = number("collector", "above_air")
    air, hours = _air_by_day(roofs)
    delivered = load * monthly_fraction(
        area[:, None],
        load,
        heat.light[needs],
        optical=number("collector", "eta0") * number("collector", "incidence"),
        loss_w_per_m2k=number("collector", "a1") + number("collector", "a2") * above,
        air_c=air,
        cold_c=water.cold_c,
        hot_c=water.hot_c,
        hours=hours,
        store_litres_per_m2=number("store", "litres"),
    )
    gain = collector_gain(roofs, taken, on_roof["collector_tilt_deg"], on_roof["collector_azimuth_deg"])
    lit = ratio(heat.light[needs], open_light_of(roofs, on_roof))
    most = area[:, None] * gain * np.nan_to_num(lit) * (1 - heat.numbers.loss)
    months = np.round(np.minimum(delivered, most))
    year = months.sum(axis=1)
    needed_year = np.round(load.sum(axis=1))
    daily = water.buildings[needs]
    norms = ratio(daily["high"] - daily["low"], 2 * daily["litres_per_day"]) / P90_SIGMAS
    sigma = np.hypot(number("sigma", "heat"), np.nan_to_num(norms) * ratio(year, needed_year))
    co2 = taken.number("energy_conversion", item="co2_natural_gas_energy", applies_to="all")
    boiler = taken.number("heat_source_efficiency", key="replaced_gas", quantity="replaced_efficiency")
    yuan = np.round(area * taken.number("costs", key="solar_dhw", item="capex"))
    saved_yuan = year * number("heat_price", "gas")
    life = taken.number("solar_thermal_parameters", parameter="life", case="collector")
    frame = pd.DataFrame(
        {
            "parcel_id": buildings.get("parcel_id", ""),
            "collector_m2": area,
            "heat_roof_m2": on_roof["heat_roof_m2"].round(),
            "solar_heat_kw": np.round(area * number("collector", "power"), 1),
            "solar_heat_kwh_per_year": year,
            "solar_heat_p90_kwh_per_year": np.round(year * np.maximum(0, 1 - P90_SIGMAS * sigma)),
            "solar_heat_p10_kwh_per_year": np.round(np.minimum(year * (1 + P90_SIGMAS * sigma), needed_year)),
            "hot_water_l_per_day": np.round(daily["litres_per_day"]),
            "hot_water_kwh_per_year": needed_year,
            "hot_water_source": daily["source"],
            "solar_fraction": ratio(year, needed_year),
            "solar_heat_kwh_per_collector_m2": ratio(year, area),
            "solar_heat_saved_kgce_per_year": np.round(year * heat.numbers.kgce_per_kwh),
            "solar_heat_avoided_tco2_per_year": np.round(year * TJ_PER_KWH / boiler * co2, 3),
            "solar_heat_capex_yuan": yuan,
            "solar_heat_yuan_per_kwh": ratio(yuan, year * life),
            "solar_heat_payback_years": ratio(yuan, saved_yuan),
            **dict(zip(MONTHS, months.T, strict=True)),
            "safety_state": roofs.states["safety_state"][needs],
            "safety_reason": roofs.states["safety_reason"][needs],
        },
        index=buildings.index,
    )
    return frame.assign(**_grades(frame, on_roof["limit"], city))


def collector_gain(
    roofs: RoofPv, taken: Taken, tilt_deg: pd.Series[float], azimuth_deg: pd.Series[float]
) -> NDArray[np.float64]:
    """Heat that a square metre of unshaded collector gains in each month, hour by hour; shape (n, 12). [kWh/m²]

    The fluid is taken half-way between the month's cold water and the hot. What the f-chart promises can never be
    more than this.
    """
    eta0, a1, a2, incidence = (
        taken.number("solar_heat", item="collector", case=case) for case in ("eta0", "a1", "a2", "incidence")
    )
    sun, water = Sun(roofs.site.weather), roofs.heat.water
    air = roofs.site.weather.hours["temp_air"].to_numpy(dtype=float)
    fluid = (water.cold_c[sun.month] + water.hot_c) / 2
    classes, of_row = orientation_classes(np.asarray(tilt_deg, float), np.asarray(azimuth_deg, float))
    gains = np.zeros((len(classes), 12))
    for number, (tilt, azimuth) in enumerate(classes):
        parts = sun.irradiance(float(tilt), float(azimuth), roofs.site.albedo)
        light = parts["beam"] + parts["sky"] + parts["ground"]
        gains[number] = sun.by_month(efficiency(eta0, a1, a2, light, fluid - air, incidence) * light) / 1000
    gained: NDArray[np.float64] = gains[of_row]
    return gained


def open_light_of(roofs: RoofPv, on_roof: pd.DataFrame) -> NDArray[np.float64]:
    """Unshaded light on the collectors, shape (n, 12). [kWh/m²]"""
    tilt, turn = (on_roof[f"collector_{name}_deg"].to_numpy(dtype=float) for name in ("tilt", "azimuth"))
    return open_light(roofs.site, tilt, turn)


def parcel_results(by_building: pd.DataFrame, parcels: gpd.GeoDataFrame | None) -> pd.DataFrame:
    """Collectors and heat of every parcel, and the grade of most of its collectors."""
    frame = summed_by_parcel(by_building, parcels, [*SUMS, "solar_heat_capex_yuan"])
    inside = by_building[by_building["parcel_id"].isin(frame.index)]
    frame["solar_fraction"] = ratio(frame["solar_heat_kwh_per_year"], frame["hot_water_kwh_per_year"])
    frame["solar_heat_kwh_per_collector_m2"] = ratio(frame["solar_heat_kwh_per_year"], frame["collector_m2"])
    weight = inside["collector_m2"] + 1e-6 * inside["hot_water_kwh_per_year"]
    chosen = of_most_weight(inside, ["grade", "reason"], weight)
    frame["grade"] = chosen["grade"].reindex(frame.index, fill_value="")
    frame["reason"] = chosen["reason"].reindex(frame.index, fill_value="no need of hot water known")
    safe = of_most_weight(inside, ["safety_state"], weight)
    frame["safety_state"] = safe["safety_state"].reindex(frame.index)
    return frame


def _grades(frame: pd.DataFrame, limit: pd.Series[str], city: City) -> dict[str, Any]:
    values = {
        "specific_heat": frame["solar_heat_kwh_per_collector_m2"],
        "payback": frame["solar_heat_payback_years"],
    }
    rank, reason = graded(values, city.standards.table("solar_heat_grades"), CRITERIA)
    none = (frame["collector_m2"] <= 0).to_numpy()
    rank[none], reason[none] = GRADES.index("unsuitable"), limit.to_numpy()[none]
    state = frame["safety_state"].to_numpy()
    excluded = state == str(Safety.EXCLUDED)
    rank[excluded] = GRADES.index("forbidden")
    reason[excluded] = frame["safety_reason"].to_numpy()[excluded]
    short = (limit == "roof area").to_numpy() & ~none & ~excluded
    reason[short] = [f"{words}; roof area" if words else "roof area" for words in reason[short]]
    pending = "structural check missing"
    waiting = (state == str(Safety.TO_CHECK)) & ~none
    reason[waiting] = [f"{words}; {pending}" if words else pending for words in reason[waiting]]
    return {"grade": np.array(GRADES, dtype=object)[rank], "reason": reason}


def _air_by_day(roofs: RoofPv) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Mean temperature of the air while the sun shines, and hours, of each month."""
    hours = roofs.site.weather.hours
    month = pd.DatetimeIndex(hours.index).month.to_numpy() - 1
    sunny = np.maximum(hours["ghi"].to_numpy(dtype=float), 0.0)
    air = np.bincount(month, sunny * hours["temp_air"].to_numpy(dtype=float), 12) / np.maximum(
        np.bincount(month, sunny, 12), 1e-9
    )
    return air, DAYS * 24.0


def _options(by_parcel: pd.DataFrame) -> pd.DataFrame:
    able = by_parcel[by_parcel["collector_m2"] > 0]
    power = able["solar_heat_kw"].to_numpy()
    return pd.DataFrame(
        {
            "parcel_id": able.index,
            "technology": "solar_thermal",
            "most_kw": power,
            "kwh_per_kw": able["solar_heat_kwh_per_year"].to_numpy() / np.maximum(power, 1e-9),
            "capex_yuan": able["solar_heat_capex_yuan"].to_numpy(),
            "avoided_tco2_per_year": able["solar_heat_avoided_tco2_per_year"].to_numpy(),
            "temperature_c": 60.0,
        },
        index=pd.RangeIndex(len(able), name="option_id"),
    )


def _remarks(by_building: pd.DataFrame) -> tuple[str, ...]:
    said = [
        "Hot water follows from norms; meters would tell.",
        "Collectors take their roof before modules where the policy names the use, else where they save more coal.",
        "Collectors replace gas boilers.",
    ]
    if (by_building["hot_water_source"] == "derived").any():
        said.append("Beds, pupils or households that the data leave out follow from floor areas.")
    if by_building.empty:
        said.append(
            "No building with a need of hot water is known: uses, beds, pupils or households would tell."
        )
    return tuple(said)
