"""The model of demand: heat, cold, hot water and electricity of every building and parcel through the typical year."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.jobs import Job
from core.problems import Problem, UserError
from demand import CARRIERS, Demand
from demand.archetypes import RESIDENTIAL, Archetypes, archetypes_of, climate_zone, years_of
from demand.calendar import DAYS, day_counts, day_kinds, design_temperature, heating_days
from demand.envelopes import Envelopes, envelopes_of, planned_envelopes, together
from demand.hot_water import hot_water
from demand.hours import W_PER_KW, Hours, hours_of
from demand.light import light
from demand.schedules import Schedules, kinds_of, schedules_of, under
from demand.stock import Stock, it_power, stock_of
from layers.city import City
from standards import Taken
from sun.site import SolarSettings, needed

Numbers = NDArray[np.float64]
CENTRAL_HOT_WATER = ("hotel", "health", "welfare", "education")


@dataclass(frozen=True)
class DemandSettings(SolarSettings):
    """What a planner may set of demand; the rest as `SolarSettings`.

    Parameters
    ----------
    wall_shade : str
        `computed`: walls lose the sun that neighbours and terrain take; `open`: they stand in the open, which is
        quicker.
    """

    wall_shade: str = field(default="computed", metadata={"choices": ("computed", "open")})


def demand_of(city: City, settings: DemandSettings, job: Job) -> Demand:
    """What the buildings of a city need of heat, cold, hot water and electricity.

    Parameters
    ----------
    city : City
        With weather and buildings or planned parcels.
    settings : DemandSettings
        What the planner set.
    job : Job
        Reports progress and stops when asked.

    Returns
    -------
    Demand
        Useful energy. Months of buildings are whole kWh, and parcels are their sums.

    Raises
    ------
    UserError
        Where weather is missing, or buildings and planned parcels both.
    """
    stock = stock_of(city, settings.year)
    weather = city.weather
    if weather is None or not len(stock.buildings):
        needed(city)
    if weather is None:
        raise UserError(
            Problem(
                "There is no weather.", "Import an EPW or TMY file, or name the nearest city of the tables."
            )
        )
    taken = Taken(city.standards)
    zone, guessed_zone = climate_zone(city)
    kinds = day_kinds(city.standards)
    forms = _forms(city, stock, settings, taken, job)
    job.say("Describing buildings", 0.0, force=True)
    built, _ = years_of(stock.buildings, taken)
    used, kind = kinds_of(stock.buildings["use"].to_numpy(dtype=object), built, city.standards)
    schedules = schedules_of(used, kinds, heating_days(city, taken), zone[:1], taken)
    albedo = taken.number("pv_parameters", parameter="ground_reflectance", case="built-up area")
    year = under(schedules, weather.hours["temp_air"].to_numpy(dtype=float), *light(weather, albedo))
    design = design_temperature(city, taken)
    types = archetypes_of(
        stock.buildings, forms, kind, schedules, zone, design, taken, it_power(city, stock.buildings)
    )
    hours = hours_of(types.zones, year, stock.parcel, len(stock.parcels), kinds, job)
    job.say("Summing demand", 0.0, force=True)
    power = electric_courses(stock.buildings, schedules, types.zones.floor, taken)
    water, drawn = _hot_water(city, stock, taken)
    return _gathered(stock, types, forms, hours, power, water, drawn, kinds, taken, guessed_zone)


def electric_courses(
    buildings: pd.DataFrame, schedules: Schedules, floor: Numbers, taken: Taken
) -> tuple[Numbers, Numbers]:
    """Power of light, equipment and lifts: course of each kind of schedule (kinds, 12, 2, 24), and its scale. [kW]"""
    home = buildings["use"].isin(RESIDENTIAL).to_numpy()
    lifts = np.where(
        home,
        taken.number("demand_rules", item="lifts", case="residential"),
        taken.number("demand_rules", item="lifts", case="public"),
    )
    return schedules.electricity, floor * (1.0 + lifts) / W_PER_KW


def _forms(city: City, stock: Stock, settings: DemandSettings, taken: Taken, job: Job) -> Envelopes:
    planned = planned_envelopes(stock.buildings.iloc[stock.count :], taken)
    if stock.count == 0:
        return planned
    shaded = settings.wall_shade == "computed"
    standing = envelopes_of(city, city.tables["building"], settings, taken, job, shaded=shaded)
    return together(standing, planned)


def _hot_water(city: City, stock: Stock, taken: Taken) -> tuple[Numbers, Numbers]:
    """Heat for hot water of every building in each month (n, 12), and the course of a day by building (n, 24). [kWh]"""
    water = hot_water(replace(city, tables={"building": stock.buildings}))
    taken.used.extend(water.numbers)
    profiles = taken.standards.table("hot_water_profiles")
    clock = [f"h{hour:02d}" for hour in range(24)]
    course = np.full((len(stock.buildings), 24), 1.0 / 24.0)
    for _, row in profiles.iterrows():
        here = stock.buildings["use"].isin(str(row["uses"]).split(";")).to_numpy()
        hours = row[clock].to_numpy(dtype=float)
        course[here] = hours / hours.sum()
    return water.kwh, course


def _gathered(
    stock: Stock,
    types: Archetypes,
    forms: Envelopes,
    hours: Hours,
    power: tuple[Numbers, Numbers],
    water: Numbers,
    drawn: Numbers,
    kinds: NDArray[np.int64],
    taken: Taken,
    guessed_zone: bool,
) -> Demand:
    """Tables of buildings and parcels, and the typical days of parcels."""
    kind, parcel = types.zones.gain, stock.parcel
    counts = day_counts(kinds)
    courses, scale = power
    per_kind = (courses * counts[:, :, None]).sum(axis=(2, 3))  # (kinds, 12)
    months = {
        "heat": hours.months[:, 0],
        "cold": hours.months[:, 1],
        "hot_water": water,
        "electricity": per_kind[kind] * scale[:, None],
    }
    months = {carrier: np.round(value) for carrier, value in months.items()}
    peak = {
        "heat": hours.peak[:, 0],
        "cold": hours.peak[:, 1],
        "hot_water": (water / DAYS).max(axis=1, initial=0.0) * drawn.max(axis=1, initial=0.0),
        "electricity": courses.max(axis=(1, 2, 3))[kind] * scale,
    }
    buildings, floor = stock.buildings, forms.floor
    frame = _carried(months, peak).set_index(buildings.index)
    frame.insert(0, "parcel_id", buildings["parcel_id"].to_numpy())
    frame.insert(1, "gfa_m2", floor)
    cooking = np.round(floor * _cooking(buildings["use"], taken))
    loss = taken.number("demand_rules", item="circulation_loss", case="central")
    central = buildings["use"].isin(CENTRAL_HOT_WATER).to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        own = {
            "hot_water_loss_kwh_per_year": np.round(months["hot_water"].sum(axis=1) * loss * central),
            "cooking_kwh_per_year": cooking,
            "heat_w_per_m2": (peak["heat"] * W_PER_KW / floor).round(1),
            "cold_w_per_m2": (peak["cold"] * W_PER_KW / floor).round(1),
            "heat_kwh_per_m2": (months["heat"].sum(axis=1) / floor).round(1),
            "cold_kwh_per_m2": (months["cold"].sum(axis=1) / floor).round(1),
            "heat_peak_hour": hours.peak_hour[:, 0],
            "cold_peak_hour": hours.peak_hour[:, 1],
            "missed_hours": hours.missed,
        }
    frame = frame.assign(**own, **{str(name): types.table[name].to_numpy() for name in types.table})
    days = {
        "heat": hours.days[:, 0],
        "cold": hours.days[:, 1],
        "hot_water": _water_days(water, drawn, parcel, len(stock.parcels)),
        "electricity": _power_days(courses, kind, scale, parcel, len(stock.parcels)),
    }
    by_parcel = _by_parcel(frame, days, hours.parcel_peak, stock)
    days = {carrier: _exact(one, by_parcel, carrier, counts) for carrier, one in days.items()}
    city_peak = {
        f"{carrier}_city_peak_kw": float(round(value, 1))
        for carrier, value in zip(("heat", "cold"), hours.city.max(axis=1), strict=True)
    }
    return Demand(
        frame.iloc[: stock.count].rename_axis("building_id"),
        by_parcel,
        days,
        tuple(taken.used),
        _remarks(stock, forms, frame, guessed_zone),
        city_peak,
    )


def _carried(months: dict[str, Numbers], peak: dict[str, Numbers]) -> pd.DataFrame:
    """Columns of all carriers."""
    found: dict[str, Any] = {}
    for carrier in CARRIERS:
        found[f"{carrier}_kwh_per_year"] = months[carrier].sum(axis=1)
        found |= {f"{carrier}_kwh_month_{n + 1:02d}": months[carrier][:, n] for n in range(12)}
        found[f"{carrier}_peak_kw"] = peak[carrier].round(1)
    return pd.DataFrame(found)


def _by_parcel(
    frame: pd.DataFrame, days: dict[str, NDArray[np.float32]], peak: Numbers, stock: Stock
) -> pd.DataFrame:
    """Sums of the buildings of every parcel, and the peaks of the sums."""
    sums = ["gfa_m2", "hot_water_loss_kwh_per_year", "cooking_kwh_per_year"]
    for carrier in CARRIERS:
        sums += [f"{carrier}_kwh_per_year", *(f"{carrier}_kwh_month_{n:02d}" for n in range(1, 13))]
    found = frame.groupby("parcel_id")[sums].sum().reindex(stock.parcels, fill_value=0.0)
    found = found.rename_axis("parcel_id")
    found["heat_peak_kw"], found["cold_peak_kw"] = peak.round(1).T
    for carrier in ("hot_water", "electricity"):
        found[f"{carrier}_peak_kw"] = days[carrier].max(axis=(1, 2, 3), initial=0.0).astype(float).round(1)
    floor = found["gfa_m2"].where(found["gfa_m2"] > 0)
    for carrier in ("heat", "cold"):
        found[f"{carrier}_w_per_m2"] = (found[f"{carrier}_peak_kw"] * W_PER_KW / floor).round(1)
        found[f"{carrier}_kwh_per_m2"] = (found[f"{carrier}_kwh_per_year"] / floor).round(1)
    planned = stock.buildings["parcel_id"].iloc[stock.count :]
    found["demand_planned"] = found.index.isin(planned)
    return found


def _water_days(
    water: Numbers, drawn: Numbers, parcel: NDArray[np.int64], parcels: int
) -> NDArray[np.float32]:
    """Hot water of parcels in typical days, the same on all days of a month. [kW]"""
    inside = parcel >= 0
    sums = np.zeros((parcels, 12, 24))
    daily = (water / DAYS)[inside]
    for hour in range(24):
        np.add.at(sums[:, :, hour], parcel[inside], daily * drawn[inside, hour, None])
    days: NDArray[np.float32] = np.repeat(sums[:, :, None, :], 2, axis=2).astype(np.float32)
    return days


def _power_days(
    courses: Numbers, kind: NDArray[np.int64], scale: Numbers, parcel: NDArray[np.int64], parcels: int
) -> NDArray[np.float32]:
    """Electricity of parcels in typical days: the courses of its kinds of use, scaled. [kW]"""
    inside = parcel >= 0
    weight = np.zeros((parcels, len(courses)))
    np.add.at(weight, (parcel[inside], kind[inside]), scale[inside])
    days: NDArray[np.float32] = np.tensordot(weight, courses, axes=1).astype(np.float32)
    return days


def _exact(
    days: NDArray[np.float32], parcels: pd.DataFrame, carrier: str, counts: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Typical days that add up to the months of the table."""
    told = parcels[[f"{carrier}_kwh_month_{n:02d}" for n in range(1, 13)]].to_numpy(dtype=float)
    summed = (days * counts[:, :, None]).sum(axis=(2, 3))
    scale = np.divide(told, summed, out=np.zeros_like(told), where=summed > 0)
    exact: NDArray[np.float32] = (days * scale[:, :, None, None]).astype(np.float32)
    return exact


def _cooking(use: pd.Series, taken: Taken) -> Numbers:
    """Heat for cooking by use, a line of its own. [kWh/(m² a)]"""
    known = taken.standards.table("demand_rules")
    cases = set(known.loc[known["item"] == "cooking", "case"])
    of = {
        str(one): "residential" if one in RESIDENTIAL else str(one) if one in cases else "other"
        for one in use.unique()
    }
    value = {
        case: taken.number("demand_rules", item="cooking", case=case) for case in sorted(set(of.values()))
    }
    return np.asarray(use.map({one: value[case] for one, case in of.items()}), dtype=np.float64)


def _remarks(stock: Stock, forms: Envelopes, frame: pd.DataFrame, guessed_zone: bool) -> tuple[str, ...]:
    """What was assumed."""
    said = [
        "Demand follows from archetypes of use, year and climate zone; meters would tell.",
        "A building is one zone: deep plans that heat and cool at once, and moist air, are not seen; peaks of cold of"
        " heavy buildings come out 10 to 25 % low.",
        "Behaviour and set points differ from building to building more than walls do.",
    ]
    if (frame["demand_source"] == "derived").any():
        said.append("Uses or years of some buildings are not given; they were taken from what is usual.")
    if forms.derived[: stock.count].any():
        said.append("Walls of some buildings were estimated from their outlines.")
    if len(stock.buildings) > stock.count:
        said.append("Planned parcels count as slabs of the newest code with the planned floor area.")
    if (stock.parcel < 0).any():
        said.append("Buildings outside all parcels are in the table of buildings only.")
    if guessed_zone:
        said.append("The climate zone is that of the nearest city of the tables.")
    return tuple(said)
