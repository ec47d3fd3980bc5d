"""Electric load of parcels in the hours of typical days: light and equipment, cooling, heat, hot water, charging."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.problems import Problem, UserError
from demand.archetypes import RESIDENTIAL, climate_zone
from demand.calendar import day_counts, day_kinds
from layers.city import City
from plans.building_energy import OTHER_CLASS, PUBLIC_CLASS, RESIDENTIAL_CLASS, civil_uses
from potential.building_demand import days_of
from standards import Taken

Numbers = NDArray[np.float64]
Courses = NDArray[np.float32]
ELECTRICITY = "electricity"
ELECTRIC_FAMILIES = ("shallow_ground", "groundwater", "surface_water", "deep_ground", "air", "waste_heat")


@dataclass(frozen=True)
class ElectricLoad:
    """Electric load of parcels on typical days.

    Parameters
    ----------
    parcels : Index
        Their ids.
    kw : dict of str to ndarray of float32, (n, 12, 2, 24)
        Mean power by service: `equipment` (light, equipment, lifts), `cooling`, `heating`, `hot_water`; hours of a
        working day and of a holiday of each month. [kW]
    days : ndarray, (12, 2)
        Number of such days in a year.
    home : ndarray of bool, (n,)
        Whether a parcel is mostly housing.
    counted_as : ndarray of str, (n,)
        `residential`, `public`, or `not_civil` for what is not civil.
    """

    parcels: pd.Index
    kw: dict[str, Courses]
    days: Numbers
    home: NDArray[np.bool_]
    counted_as: NDArray[np.object_]

    @property
    def total(self) -> Courses:
        """Of all services, (n, 12, 2, 24). [kW]"""
        return np.asarray(np.sum(list(self.kw.values()), axis=0))

    def yearly(self, kw: Numbers | Courses) -> Numbers:
        """Energy of a year of courses (..., 12, 2, 24). [kWh]"""
        found: Numbers = np.einsum("...mdh,md->...", kw, self.days, dtype=np.float64)
        return found


def electric_load(
    city: City,
    demand: pd.DataFrame,
    parcel_day: pd.DataFrame,
    taken: Taken,
    choice: pd.DataFrame | None = None,
) -> ElectricLoad:
    """Electric load of the parcels of a city.

    Parameters
    ----------
    city : City
        With parcels.
    demand, parcel_day : DataFrame
        Parcels of the assessment of demand, and its detail of typical days.
    taken : Taken
        Reads and remembers numbers.
    choice : DataFrame, optional
        What a plan has chosen, by `choice_id`: heat pumps of it add the electricity they draw to heating, in the hours
        in which heat is needed.

    Raises
    ------
    UserError
        There are no typical days.

    Notes
    -----
    Cold takes electricity by the coefficient of usual machines, at all hours alike. Hot water takes it in the share
    of the rules that is not heated by gas.
    """
    if parcel_day.empty:
        raise UserError(
            Problem(
                "There are no typical days of demand.",
                "Compute the demand of buildings again; its typical days are needed here.",
                table="parcel",
            )
        )
    parcels = demand.index
    days = days_of(parcel_day, parcels)
    use = city.tables["parcel"]["use"].reindex(parcels)
    home = use.isin(RESIDENTIAL).to_numpy()
    zone = climate_zone(city)[0][:1]

    def by_class(values: dict[str, float]) -> Courses:
        of_each = np.where(home, values["residential"], values["public"])
        return of_each.astype(np.float32)[:, None, None, None]

    def system(column: str) -> Courses:
        values = {
            name: taken.number("systems", column=column, zone=zone, use_class=name)
            for name in ("residential", "public")
        }
        return by_class(values)

    def rule(item: str) -> Courses:
        values = {
            name: taken.number("flexible_rules", item=item, case=name) for name in ("residential", "public")
        }
        return by_class(values)

    heated = _heated_by_electricity(taken, zone, home)[:, None, None, None]
    kw = {
        "equipment": days["electricity"],
        "cooling": days["cold"] / system("cooling_cop"),
        "heating": np.where(heated, days["heat"] / system("heating_efficiency"), np.float32(0.0)),
        "hot_water": days["hot_water"] * rule("electric_hot_water"),
    }
    counts = day_counts(day_kinds(city.standards)).astype(float)
    civil = use.isin(civil_uses(taken)).to_numpy()
    counted_as = np.select([home, civil], [RESIDENTIAL_CLASS, PUBLIC_CLASS], OTHER_CLASS).astype(object)
    load = ElectricLoad(parcels, kw, counts, home, counted_as)
    if choice is not None:
        kw["heating"] = kw["heating"] + _pumps(load, days["heat"] + days["hot_water"], choice)
    return load


def _heated_by_electricity(taken: Taken, zone: str, home: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether heat usually comes by electricity, as the first carrier of the table of systems says, (n,)."""
    table = taken.standards.table("systems")
    rows = table[table["zone"].astype(str) == zone].set_index("use_class")["heating_carrier"].astype(str)
    by = {name: rows[name].split("/")[0] == ELECTRICITY for name in ("residential", "public")}
    return np.where(home, by["residential"], by["public"])


def _pumps(load: ElectricLoad, heat: Courses, choice: pd.DataFrame) -> Courses:
    """Power of chosen heat pumps: their electricity of a year, spread as heat is needed, (n, 12, 2, 24). [kW]"""
    rows = choice[choice["family"].isin(ELECTRIC_FAMILIES)]
    drawn = rows.groupby("parcel_id")["electricity_kwh_per_year"].sum().reindex(load.parcels, fill_value=0.0)
    needed = load.yearly(heat)
    share = np.divide(drawn.to_numpy(dtype=float), needed, out=np.zeros(len(needed)), where=needed > 0)
    power: Courses = heat * share.astype(np.float32)[:, None, None, None]
    return power
