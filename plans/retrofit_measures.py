"""Measures: which package of retrofit fits a building, what it saves of every service and carrier, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.problems import Problem, UserError
from demand.systems import FINAL
from plans.building_energy import BuildingEnergy, Service
from standards import Taken

Numbers = NDArray[np.float64]
PERCENT = 100.0
NETWORK, OWN, ANY = "network", "own", "any"
# What a measure saves of, as the table of measures says it, by the services of `services`.
SAVES = {
    "heating": ("heat",),
    "cooling": ("cold",),
    "heating and cooling": ("heat", "cold"),
    "gas for heating": ("heat",),
    "final energy for heating": ("heat",),
    "total": ("heat", "cold", "hot_water", "cooking", "light", "lifts", "equipment"),
    "lighting": ("light",),
    "lifts": ("lifts",),
}
GAS_ONLY = "gas for heating"


@dataclass(frozen=True)
class Measure:
    """One measure: the share it saves, of what, and its cost.

    Parameters
    ----------
    saving : float
        Share of the energy of `saving_of`.
    saving_of : str
        Key of `SAVES`.
    yuan_per_m2 : float
        By floor area. [yuan/m²]
    """

    saving: float
    saving_of: str
    yuan_per_m2: float


def measure(name: str, taken: Taken, end: str = "default") -> Measure:
    """A measure of the table of measures, as usual (`default`) or at the `low` or `high` end of saving and cost.

    Raises
    ------
    UserError
        It is not in the table, has no numbers, or saves of something unknown.
    """
    table = taken.standards.table("measures_retrofit").set_index("measure_id")
    rows = table.loc[[name]] if name in table.index else table.iloc[:0]
    known = rows[f"saving_{end}"].notna() & rows[f"cost_{end}"].notna() & rows["saving_of"].isin(SAVES)
    if len(rows) != 1 or not known.all():
        raise UserError(
            Problem(
                "The measure {measure} has no saving and cost that can be counted.",
                "Enter both in the table measures_retrofit, or take the measure out of the packages.",
                table="measures_retrofit",
                rows=(name,),
                measure=name,
            )
        )
    return Measure(
        saving=taken.number("measures_retrofit", column=f"saving_{end}", measure_id=name) / PERCENT,
        saving_of=str(rows["saving_of"].iloc[0]),
        yuan_per_m2=taken.number("measures_retrofit", column=f"cost_{end}", measure_id=name),
    )


def services(energy: BuildingEnergy, taken: Taken) -> dict[Service, Numbers]:
    """Energy by service and carrier with electricity parted into light, lifts and equipment, (n,) each. [kWh]"""
    home = energy.counted_as == "residential"

    def by_class(table: str, **keys: str) -> Numbers:
        values = {case: taken.number(table, case=case, **keys) for case in ("residential", "public")}
        return np.where(home, values["residential"], values["public"])

    added = by_class("demand_rules", item="lifts")  # on top of light and equipment
    light = by_class("retrofit_rules", item="light_share")
    found = {key: value for key, value in energy.final.items() if key[0] != "electricity"}
    plain = energy.final[("electricity", "electricity")]
    lifts = plain * added / (1.0 + added)
    found[("lifts", "electricity")] = lifts
    found[("light", "electricity")] = light * (plain - lifts)
    found[("equipment", "electricity")] = (1.0 - light) * (plain - lifts)
    return found


def package_of(energy: BuildingEnergy, year: Numbers, taken: Taken) -> NDArray[np.object_]:
    """Name of the package that fits each building, empty where none does, (n,).

    Parameters
    ----------
    energy : BuildingEnergy
        The buildings.
    year : ndarray, (n,)
        Year of the envelope.
    taken : Taken
        Reads and remembers numbers.
    """
    heating = energy.final.get(("heat", "heat"), np.zeros(len(year))) > 0
    estate = flag(energy.buildings, "old_estate")
    found = np.full(len(year), "", dtype=object)
    for row in taken.standards.table("retrofit_packages").itertuples(index=False):
        fits = (
            (found == "")
            & (energy.counted_as == row.use_class)
            & (energy.zone in str(row.zones).split(";"))
            & (year <= float(str(row.built_to)))
            & (estate if row.old_estate == "yes" else True)
            & {NETWORK: heating, OWN: ~heating, ANY: np.ones(len(year), dtype=bool)}[str(row.heating)]
        )
        found[fits] = row.package
    return found


def saved_by_packages(
    package: NDArray[np.object_], use: dict[Service, Numbers], taken: Taken, end: str = "default"
) -> tuple[dict[str, Numbers], Numbers]:
    """Energy saved by carrier, (n,) each [kWh], and cost by floor area, (n,) [yuan/m²], of a package on each building.

    Measures on the same energy follow one another: each saves its share of what those before have left. `end` says
    whether usual, low or high numbers of measures are taken.
    """
    table = taken.standards.table("retrofit_packages").set_index("package")
    left = {key: np.ones(len(package)) for key in use}
    cost = np.zeros(len(package))
    for name in sorted(set(package) - {""}):
        here = package == name
        for one in str(table.at[name, "measures"]).split(";"):
            found = measure(one, taken, end)
            cost[here] += found.yuan_per_m2
            for service, carrier in use:
                gas = found.saving_of != GAS_ONLY or carrier == "gas"
                if service in SAVES[found.saving_of] and gas:
                    left[(service, carrier)][here] *= 1.0 - found.saving
    saved = {
        carrier: np.zeros(len(package)) for carrier in FINAL
    }  # no heat is bought where no town is heated
    for (service, carrier), energy in use.items():
        saved[carrier] = saved[carrier] + energy * (1.0 - left[(service, carrier)])
    return saved, cost


def flag(frame: pd.DataFrame, name: str) -> NDArray[np.bool_]:
    """A flag of a table, false where it is missing, (n,)."""
    if name not in frame:
        return np.zeros(len(frame), dtype=bool)
    found: NDArray[np.bool_] = frame[name].astype("boolean").fillna(False).to_numpy(dtype=bool)
    return found
