"""Climate of an air-source machine: zone, design temperatures and wetness of a city, and what machines do in its air."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from core.problems import Problem, UserError
from layers.city import City
from layers.weather import Weather
from potential.air_source.air_numbers import (
    LOW_TEMPERATURE,
    ORDINARY,
    TABLE,
    AirNumbers,
    Machine,
    least_cop,
    machine,
    zone_words,
)
from potential.air_source.bins import Bins, Places
from potential.air_source.cycle import Floats, capacity, cooling_eer, heating_cop, highest_supply
from standards import Taken

EARTH_KM = 6371.0
SEVERE_COLD = "1"  # main zone in which only machines for very cold air are admitted
LEAST_DEGREES = 1.0  # a load that is there has a weight, however warm the air
COLD_TAIL = 0.02  # coldest share of the hours, whose humidity is that of the design day


@dataclass(frozen=True)
class Climate:
    """Where a city lies.

    Parameters
    ----------
    city_zh : str
        City of the table of design temperatures.
    distance_km : float
        How far it lies from the city; 0 where it was named.
    zone, zone_words : str
        Climate zone, e.g. `2B`, and the Chinese name of its main zone.
    heating_c, winter_c, summer_c : float
        Design temperature of heating, of air conditioning in winter, and of summer (dry bulb). [°C]
    """

    city_zh: str
    distance_km: float
    zone: str
    zone_words: str
    heating_c: float
    winter_c: float
    summer_c: float


def climate_of(city: City, taken: Taken) -> Climate:
    """Climate of a city from the city of the tables that it names, else from the nearest one."""
    table = city.standards.table("cities")
    row, away = _row_of(city, table)
    name = str(row["city_zh"])
    heating, winter, summer = (
        taken.number("cities", column=column, city_zh=name)
        for column in ("t_heating_c", "t_winter_ac_c", "t_summer_db_c")
    )
    zone = str(city.facts.get("climate_zone") or row["zone"])
    return Climate(name, away, zone, zone_words(city.standards, zone), heating, winter, summer)


def _row_of(city: City, table: pd.DataFrame) -> tuple[pd.Series[Any], float]:
    for fact in ("climate_city", "nearest_city"):
        named = str(city.facts.get(fact) or "").removesuffix("市")
        found = table[table["city_zh"] == named]
        if named and len(found):
            return found.iloc[0], 0.0
    place = city.place
    north, east = np.radians(table["lat"].to_numpy(float)), np.radians(table["lon"].to_numpy(float))
    lat, lon = np.radians(place.latitude), np.radians(place.longitude)
    half = np.sin((north - lat) / 2) ** 2 + np.cos(north) * np.cos(lat) * np.sin((east - lon) / 2) ** 2
    away = 2 * EARTH_KM * np.arcsin(np.sqrt(half))
    return table.iloc[int(away.argmin())], float(away.min())


def weather_of(city: City) -> Weather:
    """The weather of a city, with a temperature in every hour.

    Raises
    ------
    UserError
        There is no weather, or its air temperature has gaps.
    """
    if city.weather is None:
        raise UserError(
            Problem(
                "There is no weather.", "Import an EPW or TMY file, or name the nearest city of the tables."
            )
        )
    hours = city.weather.hours
    gaps = len(hours) if "temp_air" not in hours else int(hours["temp_air"].isna().sum())
    if gaps or not len(hours):
        raise UserError(
            Problem(
                "The weather has no air temperature in {count} hours.",
                "Fill these hours, or import another EPW or TMY file.",
                count=gaps,
            )
        )
    return city.weather


@dataclass(frozen=True)
class Air:
    """What machines do in the air of a city.

    Parameters
    ----------
    bins : Bins
        Hours of the year by air temperature.
    heating, cooling, level : Places
        Where the hours of each month and hour of the day lie, with loads that grow with cold, with warmth, and with
        neither (hot water).
    frost : ndarray, shape (bins,)
        Mean share of the worst loss by frost. [-]
    capacity, cop, hot_water_cop : ndarray, shape (bins,)
        Heating capacity over that at 7 °C, and performance for rooms and for hot water, with frost. [-]
    cold_capacity, eer : ndarray, shape (bins,)
        Cooling capacity over heating capacity at 7 °C, and performance of cooling. [-]
    humidity_known : bool
        Whether the weather has humidity.
    """

    bins: Bins
    heating: Places
    cooling: Places
    level: Places
    frost: Floats
    capacity: Floats
    cop: Floats
    hot_water_cop: Floats
    cold_capacity: Floats
    eer: Floats
    humidity_known: bool


@dataclass(frozen=True)
class Design:
    """What a machine does on the design day, and whether the code admits it.

    Parameters
    ----------
    air_c, supply_c : float
        Design temperature of the air, and of the water that is heated then. [°C]
    capacity, cop : float
        Heating capacity over that at 7 °C, and performance. [-]
    least_cop : float
        What GB 55015 5.4 asks for; NaN where it asks for nothing. [-]
    supply_most_c : float
        Hottest water at which the machine reaches it; NaN where nothing is asked for. [°C]
    cold_capacity : float
        Cooling capacity at summer design over heating capacity at 7 °C. [-]
    coldest_c : float
        Coldest hour of the year. [°C]
    coldest_capacity, coldest_cop, coldest_hot_water_cop : float
        Heating capacity over that at 7 °C and performance in the coldest hour. [-]
    better : bool
        Whether only machines better than usual reach the least performance.
    """

    air_c: float
    supply_c: float
    capacity: float
    cop: float
    least_cop: float
    supply_most_c: float
    cold_capacity: float
    coldest_c: float
    coldest_capacity: float
    coldest_cop: float
    coldest_hot_water_cop: float
    better: bool = False


class Machines:
    """Machines of one kind in the air of one city.

    Parameters
    ----------
    numbers : AirNumbers
        Numbers of the cycle.
    kind : Machine
        Which machine.
    wetness : float
        Wetness of the air in the frost zone where humidity is not known. [-]
    """

    def __init__(self, numbers: AirNumbers, kind: Machine, wetness: float) -> None:
        self.numbers, self.kind, self._wetness = numbers, kind, wetness

    def with_share(self, share: float) -> Machines:
        """The same machines, at least as good as a share of the ideal cycle."""
        return Machines(self.numbers.with_share(share), self.kind, self._wetness)

    def wetness(self, weather: Weather) -> Floats:
        """Wetness of every hour, from humidity where it is known, else that of the climate zone."""
        hours = weather.hours
        if "relative_humidity" not in hours:
            return np.full(len(hours), self._wetness)
        known = hours["relative_humidity"].to_numpy(dtype=float)
        return np.where(np.isnan(known), self._wetness, self.numbers.frost.wetness(known))

    def cop(self, air: Floats | float, exposure: Floats | float, supply_c: float) -> Floats:
        """Performance with frost; 1 (an electric heater) where the machine stands still."""
        one = self.numbers
        kept = 1 - one.frost.most_loss * np.asarray(exposure)
        cop = kept * heating_cop(
            air, supply_c, share=one.dry_share, approach=one.approach_k, most=one.most_cop
        )
        found: Floats = np.where(np.asarray(air) < self.kind.lowest_air, 1.0, cop)
        return found

    def capacity(self, air: Floats | float, exposure: Floats | float) -> Floats:
        """Heating capacity over that at 7 °C, with frost."""
        kept = 1 - self.numbers.frost.most_loss * np.asarray(exposure)
        found: Floats = kept * capacity(air, self.kind.points, self.kind.shares, self.kind.lowest_air)
        return found

    def cold_capacity(self, air: Floats | float) -> Floats:
        """Cooling capacity over heating capacity at 7 °C."""
        one = self.numbers
        falling = 1 - one.cooling_loss_per_k * (np.asarray(air, dtype=float) - one.rated_air_c)
        # Cool air does not make a machine larger without end: no more than at the cooling limit.
        most = 1 - one.cooling_loss_per_k * (one.cooling_limit_c - one.rated_air_c)
        found: Floats = one.cooling_to_heating * np.clip(falling, 0.0, most)
        return found

    def in_air(self, weather: Weather, supply_c: float, hot_water_c: float) -> Air:
        """What they do in every bin of a typical year."""
        one = self.numbers
        time = pd.DatetimeIndex(weather.hours.index)
        air = weather.hours["temp_air"].to_numpy(dtype=float)
        bins = Bins.of(air, time.month, time.hour)
        frost = bins.mean(one.frost.exposure(air, self.wetness(weather)))
        middle = bins.middle
        return Air(
            bins=bins,
            heating=bins.places(np.maximum(one.heating_limit_c - air, LEAST_DEGREES)),
            cooling=bins.places(np.maximum(air - one.cooling_limit_c, LEAST_DEGREES)),
            level=bins.places(np.ones(len(air))),
            frost=frost,
            capacity=self.capacity(middle, frost),
            cop=self.cop(middle, frost, supply_c),
            hot_water_cop=self.cop(middle, frost, hot_water_c),
            cold_capacity=self.cold_capacity(middle),
            eer=cooling_eer(
                middle,
                one.chilled_c,
                share=one.cooling_share,
                approach=one.cooling_approach_k,
                most=one.most_eer,
            ),
            humidity_known="relative_humidity" in weather.hours,
        )

    def design(
        self,
        weather: Weather,
        climate: Climate,
        least: float,
        supply_c: float,
        hot_water_c: float,
        delivered: str,
    ) -> Design:
        """What they do on the design day; the water is no hotter than the code's least performance allows.

        Heated air is judged at the winter design temperature of air conditioning, heated water at that of heating
        (GB 50736 8.3).
        """
        one = self.numbers
        design_c = climate.winter_c if delivered == "hot_air" else climate.heating_c
        air = weather.hours["temp_air"].to_numpy(dtype=float)
        cold = air <= np.quantile(air, COLD_TAIL)
        wet = float(self.wetness(weather)[cold].mean())
        exposure = float(one.frost.exposure(design_c, wet))
        share = one.dry_share * (1 - one.frost.most_loss * exposure)
        most_c = float(highest_supply(design_c, least, share=share, approach=one.approach_k))
        runs = design_c >= self.kind.lowest_air
        supply = (
            supply_c
            if np.isnan(most_c)
            else float(np.clip(most_c, min(one.lowest_supply_c, supply_c), supply_c))
        )
        coldest = float(air.min())
        at_coldest = float(one.frost.exposure(coldest, wet))
        return Design(
            air_c=design_c,
            supply_c=supply,
            capacity=float(self.capacity(design_c, exposure)),
            cop=float(self.cop(design_c, exposure, supply)) if runs else np.nan,
            least_cop=least,
            supply_most_c=most_c,
            cold_capacity=float(self.cold_capacity(climate.summer_c)),
            coldest_c=coldest,
            coldest_capacity=float(self.capacity(coldest, at_coldest)),
            coldest_cop=float(self.cop(coldest, at_coldest, supply)),
            coldest_hot_water_cop=float(self.cop(coldest, at_coldest, hot_water_c)),
        )


def admitted(
    machines: Machines,
    weather: Weather,
    climate: Climate,
    least: float,
    supply_c: float,
    hot_water_c: float,
    delivered: str,
) -> tuple[Machines, Design]:
    """Machines as good as the code asks for, and their design day.

    Where usual machines fall short at the water that was asked for, better ones are taken, up to the best of the
    table; where these fall short too, the water is made cooler, down to what still heats a room.
    """
    usual = machines.design(weather, climate, np.nan, supply_c, hot_water_c, delivered)
    if not usual.cop < least:
        return machines, machines.design(weather, climate, least, supply_c, hot_water_c, delivered)
    needed = machines.numbers.share * least / usual.cop
    best = max(machines.numbers.share_high, machines.numbers.share)
    chosen = machines.with_share(min(needed * (1 + 1e-9), best))
    design = chosen.design(weather, climate, least, supply_c, hot_water_c, delivered)
    return chosen, replace(design, better=True)


def machine_for(taken: Taken, climate: Climate, coldest_c: float, asked: str) -> Machine:
    """The machine that was asked for, or the one that the climate admits.

    In the severe cold zone only machines for very cold air are admitted; they are also taken where the coldest hour
    is colder than ordinary machines run in.
    """
    ordinary = machine(taken, ORDINARY)
    if asked == ORDINARY:
        return ordinary
    coldest = min(climate.heating_c, climate.winter_c, coldest_c)
    severe = climate.zone.startswith(SEVERE_COLD) or coldest < ordinary.lowest_air
    return machine(taken, LOW_TEMPERATURE) if severe or asked == LOW_TEMPERATURE else ordinary


def wetness_of(taken: Taken, climate: Climate) -> float:
    """Wetness of the air in the frost zone where the weather has no humidity, by the main climate zone."""
    zone = climate.zone[:1]
    return taken.number(TABLE, item="wetness", case=zone if zone in set("12345") else "2")


def least_of(taken: Taken, climate: Climate, delivered: str) -> float:
    """Least performance at winter design in the climate zone; NaN where none is asked for."""
    return least_cop(taken, climate.zone_words, delivered)
