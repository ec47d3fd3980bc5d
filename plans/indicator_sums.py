"""Sums for the indicators: what a city, its districts and its units buy, get from renewable energy and build by a year."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from layers.city import City
from plans.baseline import Baseline
from plans.conversion import GJ_PER_KWH, Energy
from plans.energy_path import (
    AIR,
    BIOMASS,
    DEEP,
    GROUND,
    SOLAR,
    WASTE,
    Outlook,
    YearEnergy,
    chosen_retrofit,
    outlook,
    retrofit_years,
    year_energy,
)
from plans.indicator_inputs import CITY, IndicatorInputs, PumpedHeat
from plans.stock import NOT_CIVIL, PUBLIC, RESIDENTIAL, URBAN
from standards import Taken

Numbers = NDArray[np.float64]
DISTRICT, UNIT = "district", "unit"
PLACE = {DISTRICT: "district_name", UNIT: "planning_unit"}
GREEN = ("basic", "one_star", "two_star", "three_star")


def inputs_of(
    city: City,
    base: Baseline,
    choice: pd.DataFrame | None,
    grade: pd.DataFrame | None,
    retrofit: pd.DataFrame | None,
    year: int,
    taken: Taken,
    area_kinds: tuple[str, ...] = (CITY, DISTRICT),
) -> list[IndicatorInputs]:
    """What the indicators of a year are computed from, of the city and of its districts or units.

    Parameters
    ----------
    city : City
        With its parcels and buildings.
    base : Baseline
        The baseline.
    choice, grade, retrofit : DataFrame, optional
        Tables of the plan; missing ones count as nothing chosen.
    year : int
        Year of the indicators. Up to the base year what is new is that of the five years that end with it, after it
        that of the period up to it.
    taken : Taken
        Reads and remembers numbers.
    area_kinds : tuple of str
        `city`, `district`, `unit`.
    """
    plan = outlook(city, base, choice, grade, retrofit, taken)
    return inputs_in(plan, retrofit, year, taken, area_kinds)


def inputs_in(
    plan: Outlook,
    retrofit: pd.DataFrame | None,
    year: int,
    taken: Taken,
    area_kinds: tuple[str, ...] = (CITY, DISTRICT),
) -> list[IndicatorInputs]:
    """The same from a plan that is laid over the stock already."""
    period = plan.period
    length = period.target_year - period.from_year + 1
    since = period.from_year if year > period.base_year else year - length + 1
    energy = year_energy(plan, year)
    frame = plan.base.stock.frame
    found: list[IndicatorInputs] = []
    for kind in area_kinds:
        names = [""] if kind == CITY else sorted(set(frame[PLACE[kind]]) - {""})
        found += [_area(plan, energy, retrofit, (since, year), (kind, name), taken) for name in names]
    return found


def _area(
    plan: Outlook,
    energy: YearEnergy,
    retrofit: pd.DataFrame | None,
    years: tuple[int, int],
    area: tuple[str, str],
    taken: Taken,
) -> IndicatorInputs:
    """The inputs of one area."""
    kind, name = area
    frame = plan.base.stock.frame

    def within(table: pd.DataFrame) -> NDArray[np.bool_]:
        if kind == CITY:
            return np.ones(len(table), dtype=bool)
        return (table[PLACE[kind]] == name).to_numpy()

    here, choice, power = (
        within(frame),
        energy.choice[within(energy.choice)],
        energy.power[within(energy.power)],
    )
    civil = here & plan.base.stock.mask()
    urban = (frame["settlement"] == URBAN).to_numpy()
    civil_power = power[power["civil"] != NOT_CIVIL]
    in_town = civil_power["settlement"] == URBAN
    bought = {}
    for word, mask, rows in (
        (URBAN, civil & urban, civil_power[in_town]),
        ("rural", civil & ~urban, civil_power[~in_town]),
    ):
        made = float(rows.loc[rows["chosen"], "kwh"].sum())
        bought[word] = Energy(
            electricity_kwh=max(float(energy.bought["electricity"][mask].sum()) - made, 0.0),
            gas_kwh=float(energy.bought["gas"][mask].sum()),
            heat_gj=float(energy.bought["heat"][mask].sum()) * GJ_PER_KWH,
        )
    outside = power[power["civil"] == NOT_CIVIL]
    urban_choice = choice[(choice["settlement"] == URBAN) & (choice["civil"] != NOT_CIVIL)]
    inputs = IndicatorInputs(
        year=years[1],
        energy=bought[URBAN],
        rural_energy=bought["rural"],
        power_kwh=float(civil_power.loc[in_town, "kwh"].sum()),
        factory_power_kwh=float(outside["kwh"].sum()),
        power_kw=_added(civil_power, years) + _registered(plan, civil, years),
        factory_power_kw=_added(outside, years) + _registered(plan, here & ~civil, years),
        floor_m2=float(energy.area[civil & urban].sum()),
        area_kind=kind,
        area_id=name,
    )
    inputs = _heat(inputs, urban_choice, taken)
    inputs = _served(inputs, choice, years)
    inputs = _new(inputs, plan, civil, urban, years)
    return _retrofitted(inputs, plan, retrofit, civil, years)


def _added(power: pd.DataFrame, years: tuple[int, int]) -> float:
    """Capacity of chosen panels that begin to work in some years. [kW]"""
    return float(power.loc[power["since"].between(*years), "kw"].sum())


def _registered(plan: Outlook, here: NDArray[np.bool_], years: tuple[int, int]) -> float:
    """Capacity of panels on some rows that began to work in some years up to the base year. [kW]"""
    panels = plan.base.panels
    began = (panels["since"] >= years[0]) & (panels["since"] <= min(years[1], plan.period.base_year))
    return float(panels.loc[began & here[panels["row"]], "kw"].sum())


def _heat(inputs: IndicatorInputs, choice: pd.DataFrame, taken: Taken) -> IndicatorInputs:
    """Heat and cold from renewable sources; electricity for both is shared by the usual efficiencies of each."""

    def efficiency(quantity: str) -> float:
        return taken.number("heat_source_efficiency", key="gshp_system", quantity=quantity)

    cop, eer = efficiency("COP_sys"), efficiency("EER_sys")

    def of(*families: str) -> pd.DataFrame:
        return choice[choice["family"].isin(families)]

    def pumped(*families: str) -> PumpedHeat:
        rows = of(*families)
        heat, cold = float(rows["kwh_per_year"].sum()), float(rows["cold_kwh_per_year"].sum())
        power = float(rows["electricity_kwh_per_year"].sum())
        usual = heat / cop + cold / eer
        for_heat = power * heat / cop / usual if usual > 0 else 0.0
        return PumpedHeat(heat, cold, for_heat, power - for_heat)

    deep, waste = of(DEEP), of(WASTE)
    return replace(
        inputs,
        solar_heat_kwh=float(of(SOLAR)["kwh_per_year"].sum()),
        ground=pumped(*GROUND),
        air=pumped(AIR),
        deep_heat_kwh=float(deep["kwh_per_year"].sum()),
        deep_power_kwh=float(deep["electricity_kwh_per_year"].sum()),
        biomass_heat_kwh=float(of(BIOMASS)["kwh_per_year"].sum()),
        waste_heat_kwh=float(waste["kwh_per_year"].sum()),
        waste_heat_power_kwh=float(waste["electricity_kwh_per_year"].sum()),
    )


def _served(inputs: IndicatorInputs, choice: pd.DataFrame, years: tuple[int, int]) -> IndicatorInputs:
    """Floor areas served by what was added in some years."""
    added = choice[choice["phase_year"].between(*years)]

    def areas(*families: str) -> pd.Series:
        rows = added[added["family"].isin(families)]
        return rows.groupby("parcel_id")["served_m2"].sum()

    ground, sun = areas(*GROUND, DEEP), areas(SOLAR)
    both = pd.concat([ground, sun], axis=1).min(axis=1, skipna=False).fillna(0.0)
    together = float(both.sum())
    return replace(
        inputs,
        geothermal_m2=float(ground.sum()),
        solar_water_m2=float(sun.sum()) - together,
        ground_m2=float(ground.sum()) - together,
        solar_ground_m2=together,
    )


def _new(
    inputs: IndicatorInputs,
    plan: Outlook,
    civil: NDArray[np.bool_],
    urban: NDArray[np.bool_],
    years: tuple[int, int],
) -> IndicatorInputs:
    """What is newly built in some years."""
    built, frame = plan.new_build, plan.base.stock.frame
    area = frame["gfa_m2"].to_numpy(dtype=float)
    lately = civil & (built.finished >= years[0]) & (built.finished <= years[1])
    new = lately & urban

    def summed(mask: NDArray[np.bool_]) -> float:
        return float(area[new & mask].sum())

    def ratio(use_class: str) -> float:
        known = new & (frame["civil"] == use_class).to_numpy()
        whole = float(area[known].sum())
        return float((area[known] * built.design[known]).sum()) / whole if whole > 0 else float("nan")

    return replace(
        inputs,
        new_m2=summed(new),
        new_prefabricated_m2=summed(built.prefabricated),
        new_green_m2=summed(np.isin(built.grade, GREEN)),
        new_star_m2=summed(np.isin(built.grade, GREEN[1:])),
        new_residential_m2=summed((frame["civil"] == RESIDENTIAL).to_numpy()),
        new_public_m2=summed((frame["civil"] == PUBLIC).to_numpy()),
        new_residential_ratio=ratio(RESIDENTIAL),
        new_public_ratio=ratio(PUBLIC),
        ultra_low_m2=float(built.ultra_low_m2[lately].sum()),
    )


def _retrofitted(
    inputs: IndicatorInputs,
    plan: Outlook,
    retrofit: pd.DataFrame | None,
    civil: NDArray[np.bool_],
    years: tuple[int, int],
) -> IndicatorInputs:
    """Floor area retrofitted in some years: as registered, and as the plan has it; no building twice."""
    frame = plan.base.stock.frame
    done = frame["retrofit_year"].to_numpy(dtype=float)
    lately = (done >= years[0]) & (done <= min(years[1], plan.period.base_year))
    if retrofit is not None and not retrofit.empty:
        since = (
            retrofit_years(chosen_retrofit(retrofit), plan.period).reindex(frame.index).to_numpy(dtype=float)
        )
        lately |= (since >= years[0]) & (since <= years[1])
    area = frame["gfa_m2"].to_numpy(dtype=float)

    def summed(use_class: str) -> float:
        return float(area[lately & civil & (frame["civil"] == use_class).to_numpy()].sum())

    return replace(inputs, retrofit_residential_m2=summed(RESIDENTIAL), retrofit_public_m2=summed(PUBLIC))
