"""The model of demand: heat, cold, hot water and electricity of every building and parcel through the typical year."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.jobs import Job
from core.problems import Problem, UserError
from demand import Demand
from demand.archetypes import RESIDENTIAL, archetypes_of, climate_zone, years_of
from demand.baseline import baseline
from demand.calendar import DAYS, day_counts, day_kinds, design_temperature, heating_days
from demand.envelopes import Envelopes, envelopes_of, planned_envelopes, together
from demand.hot_water import hot_water
from demand.hours import W_PER_KW, hours_of
from demand.light import light
from demand.limits import limits
from demand.meters import Metered, calibration, factors, metered
from demand.network import Zones
from demand.schedules import HEATED_WHOLE, Schedules, kinds_of, schedules_of, under
from demand.stock import Stock, it_power, stock_of
from demand.systems import by_carrier, final_energy
from demand.tables import building_table, by_parcel, exact_days, power_days, water_days
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
    calibrate : str
        `by_use`: heat, cold and electricity are scaled to meters, use by use, where enough of them are read; `off`.
    """

    wall_shade: str = field(default="computed", metadata={"choices": ("computed", "open")})
    calibrate: str = field(default="by_use", metadata={"choices": ("by_use", "off")})


def demand_of(city: City, settings: DemandSettings, job: Job) -> Demand:
    """What the buildings of a city need of heat, cold, hot water and electricity.

    Parameters
    ----------
    city : City
        With weather and buildings or planned parcels; `metered` where meters were read.
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
    if not len(stock.buildings):
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
    it_kw = it_power(city, stock.buildings)
    design = design_temperature(city, taken)
    types = archetypes_of(stock.buildings, forms, kind, schedules, zone, design, taken, it_kw)
    hours = hours_of(types.zones, year, stock.parcel, len(stock.parcels), kinds, job)
    courses, scale = electric_courses(stock.buildings, schedules, types.zones.floor, taken)
    water, drawn = _hot_water(city, stock, taken)
    cooking = np.round(forms.floor * _cooking(stock.buildings["use"], taken))
    counts = day_counts(kinds)
    per_kind = (courses * counts[:, :, None]).sum(axis=(2, 3))  # (kinds, 12)

    def useful() -> dict[str, Numbers]:
        return {
            "heat": hours.months[:, 0],
            "cold": hours.months[:, 1],
            "hot_water": water,
            "electricity": per_kind[kind] * scale[:, None],
        }

    final = _final(stock, useful(), cooking, zone, taken)
    standing = stock.buildings.iloc[: stock.count]
    meters = metered(city, standing, by_carrier(final), taken)
    table = calibration(standing, final, meters, taken)
    if settings.calibrate == "by_use" and table["calibration_used"].any():
        zones, by_use = _calibrated(types.zones, stock.buildings, table, zone)
        scale = scale * by_use
        hours = hours_of(zones, year, stock.parcel, len(stock.parcels), kinds, job)
        final = _final(stock, useful(), cooking, zone, taken)
    job.say("Summing demand", 0.0, force=True)
    months = {carrier: np.round(value) for carrier, value in useful().items()}
    peak = {
        "heat": hours.peak[:, 0],
        "cold": hours.peak[:, 1],
        "hot_water": (water / DAYS).max(axis=1, initial=0.0) * drawn.max(axis=1, initial=0.0),
        "electricity": courses.max(axis=(1, 2, 3))[kind] * scale,
    }
    frame = building_table(stock, forms.floor, months, peak, hours, types.table)
    frame["cooking_kwh_per_year"] = cooking
    loss = taken.number("demand_rules", item="circulation_loss", case="central")
    central = stock.buildings["use"].isin(CENTRAL_HOT_WATER).to_numpy()
    frame["hot_water_loss_kwh_per_year"] = np.round(months["hot_water"].sum(axis=1) * loss * central)
    days = {
        "heat": hours.days[:, 0],
        "cold": hours.days[:, 1],
        "hot_water": water_days(water, drawn, stock.parcel, len(stock.parcels)),
        "electricity": power_days(courses, kind, scale, stock.parcel, len(stock.parcels)),
    }
    parcels = by_parcel(frame, days, hours.parcel_peak, stock)
    buildings = frame.iloc[: stock.count].rename_axis("building_id")
    judged = _judged(standing, buildings, final, meters, zone, taken)
    return Demand(
        buildings=buildings.join(judged),
        parcels=parcels,
        days={carrier: exact_days(one, parcels, carrier, counts) for carrier, one in days.items()},
        calibration=table,
        baseline=baseline(city, buildings, standing, final, meters.energy, taken),
        numbers=tuple(dict.fromkeys(taken.used)),
        remarks=_remarks(stock, forms, frame, guessed_zone, meters, table),
        city_peaks={
            f"{carrier}_city_peak_kw": float(round(value, 1))
            for carrier, value in zip(("heat", "cold"), hours.city.max(axis=1), strict=True)
        },
    )


def _final(
    stock: Stock, useful: dict[str, Numbers], cooking: Numbers, zone: str, taken: Taken
) -> dict[tuple[str, str], Numbers]:
    """Energy that standing buildings buy in a year, by service and carrier. [kWh]"""
    year = {carrier: months[: stock.count].sum(axis=1) for carrier, months in useful.items()}
    year["cooking"] = cooking[: stock.count]
    return final_energy(stock.buildings.iloc[: stock.count], year, zone[:1], taken)


def _calibrated(
    zones: Zones, buildings: pd.DataFrame, table: pd.DataFrame, zone: str
) -> tuple[Zones, Numbers]:
    """Zones whose heat and cold are counted as meters say, and the factor of electricity."""
    electric = factors(buildings, table, "electricity")
    heat = factors(buildings, table, "heat") if zone[:1] in HEATED_WHOLE else electric
    changed = replace(zones, heat_scale=zones.heat_scale * heat, cold_scale=zones.cold_scale * electric)
    return changed, electric


def _judged(
    standing: pd.DataFrame,
    frame: pd.DataFrame,
    final: dict[tuple[str, str], Numbers],
    meters: Metered,
    zone: str,
    taken: Taken,
) -> pd.DataFrame:
    """Metered energy of buildings, and what the standard of energy use says of them."""
    services = ("electricity", "cold") if zone[:1] in HEATED_WHOLE else ("electricity", "cold", "heat")
    modelled = by_carrier(final, services)["electricity"]
    found = limits(
        standing, frame["gfa_m2"].to_numpy(), modelled, meters.energy["electricity"], zone[:1], taken
    )
    return found.assign(
        **{f"metered_{carrier}_kwh_per_year": energy for carrier, energy in meters.energy.items()}
    )


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


def _remarks(
    stock: Stock,
    forms: Envelopes,
    frame: pd.DataFrame,
    guessed_zone: bool,
    meters: Metered,
    table: pd.DataFrame,
) -> tuple[str, ...]:
    """What was assumed."""
    said = [
        "Demand follows from archetypes of use, year and climate zone; meters would tell.",
        "A building is one zone: deep plans that heat and cool at once, and moist air, are not seen; peaks of cold of"
        " heavy buildings come out 10 to 25 % low.",
        "Behaviour and set points differ from building to building more than walls do.",
        "Set points are those of the codes; rooms kept warmer and aired more take well more heat, as meters often show.",
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
    if table["calibration_used"].any():
        said.append("Demand of uses with enough meters was scaled to them; the factors are listed.")
    if meters.incomplete:
        said.append("Meters that lack months of a year were left out.")
    return tuple(said)
