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
from layers.city import City
from layers.weather import Weather
from potential import Assessment, Potential
from potential.solar.collector_heat import hourly_gain, monthly_shares
from potential.solar.heat_numbers import KG_PER_T
from potential.solar.passive_houses import passive_houses
from potential.solar.roof_pv import RoofPv, roof_pv
from potential.solar.safe_grades import with_safety
from potential.solar.safety import Safety
from potential.solar.sharing import RULES, SharingSettings
from potential.solar.spread import P90_SIGMAS
from potential.sums import GRADES, graded, nothing_there, of_most_weight, ratio, summed_by_parcel, totals_of
from standards import Taken

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
    "hot_water_p90_kwh_per_year",
    "hot_water_p10_kwh_per_year",
    *MONTHS,
]
CRITERIA = {"specific_heat": "low yield", "payback": "slow payback"}
FREEZING_C = 0.0
# What is said of what collectors replace.
REPLACED = {
    "gas": "Collectors replace gas boilers.",
    "coal": "Collectors replace coal boilers.",
    "electricity": "Collectors replace electric heaters.",
}


@dataclass(frozen=True)
class SolarThermalSettings(SharingSettings):
    """What a planner may set; as `SharingSettings`."""


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
        options=_options(by_parcel, roofs.heat.water.hot_c),
        details=MappingProxyType({"building": by_building, "passive_house": houses}),
        totals=MappingProxyType(
            {
                "passive_houses": float(houses["passive_suitable"].sum()),
                **totals_of(by_building, by_parcel, names),
            }
        ),
        numbers=(*roofs.numbers.used, *roofs.heat.numbers.used, *roofs.heat.water.numbers, *taken.used),
        remarks=_remarks(by_building, roofs.site.weather, settings),
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
        "pv_roof",
        "roof_planes",
        "pv_safety_rules",
        "safety_conditions",
        "grid_factors",
        "costs",
        "facade",
        "building_defaults",
    ),
    settings=SolarThermalSettings,
    assess=assess,
)


def building_results(city: City, roofs: RoofPv, taken: Taken) -> pd.DataFrame:
    """Collectors and their heat of every building that needs hot water."""

    def number(item: str, case: str) -> float:
        return taken.number("solar_heat", item=item, case=case)

    heat, water = roofs.heat, roofs.heat.water
    replaced = heat.numbers.replaced
    needs = (water.buildings["division"] != "").to_numpy()
    buildings = city.tables["building"][needs]
    on_roof, daily = heat.buildings[needs], water.buildings[needs]
    months = np.round(delivered(roofs, needs))
    year, area = months.sum(axis=1), on_roof["collector_m2"].to_numpy()
    needed = np.round(water.kwh[needs].sum(axis=1))
    low, high = (ratio(daily[end], daily["litres_per_day"]) for end in ("low", "high"))
    norms = (high - low) / (2 * P90_SIGMAS)
    sigma = np.hypot(number("sigma", "heat"), norms * np.nan_to_num(ratio(year, needed)))
    yuan = np.round(area * taken.number("costs", key="solar_dhw", item="capex"))
    life = taken.number("solar_thermal_parameters", parameter="life", case="collector")
    frame = pd.DataFrame(
        {
            "parcel_id": buildings.get("parcel_id", ""),
            "collector_m2": area,
            "heat_roof_m2": on_roof["heat_roof_m2"],
            "solar_heat_kw": np.round(area * number("collector", "power"), 1),
            "solar_heat_kwh_per_year": year,
            "solar_heat_p90_kwh_per_year": np.round(year * np.maximum(0, 1 - P90_SIGMAS * sigma)),
            "solar_heat_p10_kwh_per_year": np.round(np.minimum(year * (1 + P90_SIGMAS * sigma), needed)),
            "hot_water_l_per_day": np.round(daily["litres_per_day"]),
            "hot_water_kwh_per_year": needed,
            "hot_water_p90_kwh_per_year": np.round(needed * low),
            "hot_water_p10_kwh_per_year": np.round(needed * high),
            "hot_water_source": daily["source"],
            "solar_heat_hourly_ratio": ratio(hour_by_hour(roofs, needs).sum(axis=1), year).round(3),
            "solar_fraction": ratio(year, needed),
            "solar_heat_kwh_per_collector_m2": ratio(year, area),
            "solar_heat_saved_kgce_per_year": np.round(year * replaced.kgce_per_kwh),
            "solar_heat_avoided_tco2_per_year": np.round(year * replaced.kgco2_per_kwh / KG_PER_T, 3),
            "solar_heat_capex_yuan": yuan,
            "solar_heat_yuan_per_kwh": ratio(yuan, year * life),
            "solar_heat_payback_years": ratio(yuan, year * replaced.yuan_per_kwh),
            **dict(zip(MONTHS, months.T, strict=True)),
            "safety_state": roofs.states["safety_state"][needs],
            "safety_reason": roofs.states["safety_reason"][needs],
        },
        index=buildings.index,
    )
    return frame.assign(**_grades(frame, on_roof["limit"], city))


def delivered(roofs: RoofPv, rows: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Heat of the collectors of some buildings in each month by f-chart, shape (n, 12). [kWh]"""
    heat, load = roofs.heat, roofs.heat.water.kwh[rows]
    area = heat.buildings["collector_m2"].to_numpy()[rows]
    shares = monthly_shares(area, heat.light[rows], load, heat.water, roofs.site.weather, heat.numbers)
    given: NDArray[np.float64] = load * shares
    return given


def hour_by_hour(roofs: RoofPv, rows: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The same heat from the hours of the typical year, as a check of the f-chart, shape (n, 12). [kWh]

    Less the losses of pipes and store; never more than is needed.
    """
    heat, site = roofs.heat, roofs.site
    area, tilt, turn = (
        heat.buildings[name].to_numpy(dtype=float)[rows]
        for name in ("collector_m2", "collector_tilt_deg", "collector_azimuth_deg")
    )
    gain = hourly_gain(site.weather, heat.water, heat.numbers, tilt, turn, site.albedo)
    kept: NDArray[np.float64] = area[:, None] * gain * heat.kept[rows] * (1 - heat.numbers.loss)
    return np.minimum(kept, heat.water.kwh[rows])


def parcel_results(by_building: pd.DataFrame, parcels: gpd.GeoDataFrame | None) -> pd.DataFrame:
    """Collectors and heat of every parcel, and the grade of most of its collectors."""
    frame = summed_by_parcel(by_building, parcels, [*SUMS, "solar_heat_capex_yuan"])
    inside = by_building[by_building["parcel_id"].isin(frame.index)]
    frame["solar_fraction"] = ratio(frame["solar_heat_kwh_per_year"], frame["hot_water_kwh_per_year"])
    frame["solar_heat_kwh_per_collector_m2"] = ratio(frame["solar_heat_kwh_per_year"], frame["collector_m2"])
    weight = inside["collector_m2"] + 1e-6 * inside["hot_water_kwh_per_year"]
    chosen = of_most_weight(inside, ["grade", "reason"], weight)
    frame["grade"] = chosen["grade"].reindex(frame.index, fill_value="")
    frame["reason"] = (
        chosen["reason"]
        .reindex(frame.index)
        .fillna(nothing_there(parcels, frame.index, "no need of hot water known"))
    )
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
    excluded = (frame["safety_state"] == str(Safety.EXCLUDED)).to_numpy()
    short = (limit == "roof area").to_numpy() & ~none & ~excluded
    reason[short] = [f"{words}; roof area" if words else "roof area" for words in reason[short]]
    return with_safety(rank, reason, frame, none)


def _options(by_parcel: pd.DataFrame, hot_c: float) -> pd.DataFrame:
    able = by_parcel[by_parcel["solar_heat_kw"] > 0]
    power = able["solar_heat_kw"].to_numpy()
    return pd.DataFrame(
        {
            "parcel_id": able.index,
            "technology": "solar_thermal",
            "most_kw": power,
            "kwh_per_kw": able["solar_heat_kwh_per_year"].to_numpy() / power,
            "capex_yuan": able["solar_heat_capex_yuan"].to_numpy(),
            "avoided_tco2_per_year": able["solar_heat_avoided_tco2_per_year"].to_numpy(),
            "temperature_c": hot_c,
        },
        index=pd.RangeIndex(len(able), name="option_id"),
    )


def _remarks(by_building: pd.DataFrame, weather: Weather, settings: SolarThermalSettings) -> tuple[str, ...]:
    said = [
        "Hot water follows from norms; meters would tell. Norms err alike in all buildings, so P90 and P10 add up.",
        RULES[settings.roof_rule],
        REPLACED[settings.replaced_energy],
        "Heat follows from the f-chart; the hours of the typical year check it.",
    ]
    if (by_building["hot_water_source"] == "derived").any():
        said.append("Beds, pupils or households that the data leave out follow from floor areas.")
    if by_building.empty:
        said.append(
            "No building with a need of hot water is known: uses, beds, pupils or households would tell."
        )
    if (weather.hours["temp_air"] < FREEZING_C).any():
        said.append("The air freezes here: collectors need antifreeze or must drain.")
    return tuple(said)
